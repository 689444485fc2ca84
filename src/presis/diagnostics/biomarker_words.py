"""What the approvals' table calls a biomarker (`EGFR exon19 inframe_del OR EGFR p.L858R`), in a language."""

from __future__ import annotations

import re

from presis.documents.language import Language, Words

_NUMBERED = re.compile(r"(exon|codon)(\d+)")


def biomarker_words(text: str, say: Words) -> str:
    """Word by word by the table of this language; in English the table's own words, which they are."""
    if say.language is Language.EN:
        return text
    return " ".join(_word(word, say) for word in text.split(" "))


def _word(word: str, say: Words) -> str:
    numbered = _NUMBERED.fullmatch(word)
    if numbered is not None:
        return f"{say.term('hotspot-word', numbered[1])} {numbered[2]}"
    return say.term("biomarker-word", word)
