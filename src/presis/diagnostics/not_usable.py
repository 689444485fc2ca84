"""Why no finding was made of something in a file, as a code with values, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presis.diagnostics.profile import NotUsable
from presis.documents.language import Language, Words, words
from presis.methods.reasons import Reason

if TYPE_CHECKING:
    from presis.diagnostics.report_model import NotUsableJson

#: The value of a reason that is itself a code: what is wrong with a cell, inside the words of its line.
PART = "error"


def not_usable(file: str, line: int, why: Reason, found: str, severity: str = "lost") -> NotUsable:
    """Something that no finding was made of, and why; its `reason` is the English of the code."""
    return NotUsable(
        file=file,
        line=line,
        reason=in_english(why),
        found=found,
        severity=severity,
        code=why.code,
        values=why.values,
    )


def in_english(why: Reason) -> str:
    """A reason as data and the command line write it."""
    return in_words(why, words(Language.EN))


def in_words(why: Reason, say: Words) -> str:
    """A reason in a language; the part that is a code itself is said first."""
    part = why.values.get(PART)
    values = why.values if part is None else {**why.values, PART: say.say(str(part), why.values)}
    return say.say(why.code, values)


def reason_of(each: NotUsable | NotUsableJson, say: Words) -> str:
    """Why in a language; what was kept before reasons were codes says it in the words it has."""
    return each.reason if each.code is None else in_words(Reason(each.code, each.values), say)
