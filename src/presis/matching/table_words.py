"""The words of the approvals' and national decisions' tables as people read them, in their language.

They are closed lists: in `rules/label_words.yaml`, and of a tumour with its setting in the catalogue. What
isn't there is shown as the table has it, so that nothing is lost. English needs the biomarkers alone.
"""

from __future__ import annotations

from functools import cache

from presis.documents.language import Language, words
from presis.programme.files import load_yaml

FILE = "rules/label_words.yaml"
_OR = {Language.EN: " or ", Language.NB: " eller "}
_AND = {Language.EN: " and ", Language.NB: " og "}


@cache
def _words(part: str, language: Language) -> dict[str, str]:
    return {row["words"]: row[language.value] for row in load_yaml(FILE)[part] if language.value in row}


def biomarker_text(biomarker: str, language: Language) -> str:
    """A biomarker of the table as a name: `EGFR exon19 inframe_del` is an EGFR exon 19 deletion."""
    said = _words("biomarkers", language)
    parts = (
        _OR[language].join(said.get(term, term) for term in either.split(" OR "))
        for either in biomarker.split(" AND ")
    )
    return ", ".join(parts) if " OR " in biomarker else _AND[language].join(parts)


def tumour_words(text: str, language: Language) -> str:
    """An approval's tumour with its setting, part for part."""
    return words(language).phrase("setting", text)


def label_words(text: str, language: Language) -> str:
    """Words of a label that a person compares."""
    return _words("open", language).get(text) or tumour_words(text, language)


def decision_words(text: str, language: Language) -> str:
    """The indication of a national decision."""
    return _words("decisions", language).get(text, text)


def test_words(text: str, language: Language) -> str:
    """Another laboratory's test."""
    return _words("tests", language).get(text, text)


def list_words(text: str, language: Language) -> str:
    """A list of a label or its test."""
    return _words("lists", language).get(text, text)


def class_words(text: str, language: Language) -> str:
    """A class of drugs, or several of them; the name of a drug stays as it is."""
    said = _words("classes", language)
    if text in said or language is Language.EN:
        return said.get(text, text)
    endings = _words("endings", language)
    for ending in sorted(endings, key=len, reverse=True):
        if text.endswith(ending):
            stem = text.removesuffix(ending).replace(", ", "-, ").replace(" and ", "- og ")
            return f"{stem}{endings[ending]}"
    return text
