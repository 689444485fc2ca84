"""What a fact of a requisition says, as a line of its history; with the words that a person gave to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from presis.diagnostics import facts as recorded
from presis.record import Fact

if TYPE_CHECKING:
    from presis.web.page import Visit


def fact_line(
    visit: Visit, fact: Fact[Any], *, whole: bool = False, told: frozenset[str] | None = None
) -> str:
    """The fact in words, and what was said with it; the interpretation's text only where `whole` is asked.

    `told`: the findings that the patient lets be told, where some aren't: of another's judgement it says
    no more than that there was one.
    """
    name = fact.kind.partition("/")[0].partition(".")[2]
    if isinstance(fact.payload, recorded.RequisitionReceived) and fact.version > 1:
        name = "requisition-put-right"
    said = [each for each in _said(visit, fact.payload, told, whole=whole) if each]
    return ": ".join(filter(None, (visit.say.term("fact", name), ", ".join(said))))


def _said(visit: Visit, payload: Any, told_of: frozenset[str] | None, *, whole: bool) -> list[str | None]:
    say = visit.say
    match payload:
        case recorded.MaterialAssessed(adequate=adequate, cells=cells, note=note):
            state = say.say("at.adequate" if adequate else "at.inadequate")
            return [state, None if cells is None else say.percent(cells), _quoted(visit, note)]
        case recorded.StepDone(step=step):
            return [say.say(f"way.{step}")]
        case recorded.RepeatAsked(what=what, note=note):
            return [say.say(f"repeat.{what}"), _quoted(visit, note)]
        case recorded.FindingJudged(verdict=verdict, oncogenicity=named, judgement=sealed):
            told = json.loads(visit.application.open_content(sealed))
            if told_of is not None and (told["label"] not in told_of or verdict == "germline"):
                return []
            now = say.say(f"class.{named}" if named else f"verdict.{verdict}")
            return [told["label"], now, f"“{told['why']}”" if told["why"] else None]
        case recorded.MismatchAccepted(check=check, told=sealed):
            told = json.loads(visit.application.open_content(sealed))
            return [say.say(f"identity-check.{check}"), f"“{told['why']}”"]
        case recorded.InterpretationWritten(text=text):
            return [_quoted(visit, text)] if whole else []
        case recorded.ReviewReopened(reason=reason) | recorded.RequisitionCancelled(reason=reason):
            return [_quoted(visit, reason)]
        case _:
            return []


def _quoted(visit: Visit, sealed: str | None) -> str | None:
    return f"“{visit.application.open_content(sealed).decode()}”" if sealed else None
