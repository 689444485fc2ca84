"""Drugs by generic name, with what else they are called and what they act on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from presis.knowledge.approvals import CONFIDENCES, Counts
from presis.knowledge.lines import Line

COLUMNS = ("id", "generic", "synonyms", "class", "targets", "type", "source", "read_fields", "confidence")
BACKBONE_COLUMNS = ("name", "meaning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """A drug. `read_fields` says which of its fields were seen in a source; the others are recalled."""

    row: str
    generic: str
    synonyms: tuple[str, ...]
    drug_class: str
    targets: tuple[str, ...]
    type: str
    source: str | None
    read_fields: tuple[str, ...]
    confidence: str
    counts: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The generic name first, then brands and development codes."""
        return (self.generic, *self.synonyms)

    @classmethod
    def read(cls, line: Line, counts: Counts) -> Drug:
        """The drug of one line."""
        confidence = line.one_of("confidence", CONFIDENCES)
        return cls(
            row=line["id"],
            generic=line["generic"],
            synonyms=line.codes("synonyms"),
            drug_class=line["class"],
            targets=line.codes("targets"),
            type=line["type"],
            source=line.text("source"),
            read_fields=line.codes("read_fields"),
            confidence=confidence,
            counts=counts(line["id"], confidence),
        )

    def is_in(self, class_words: str) -> bool:
        """Whether the drug's class holds every word: `PD-1 inhibitors` holds for `PD-1/PD-L1 inhibitor`."""
        return _words(class_words) <= _words(self.drug_class)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """The words of a class in singular; a slash and `and` only join."""
    words = (word.casefold() for word in re.split(r"[\s,;/()]+", text) if word)
    return frozenset(_singular(word) for word in words if word not in {"and", "or"})


def _singular(word: str) -> str:
    if word.endswith("bodies"):
        return word.removesuffix("ies") + "y"
    return (
        word.removesuffix("s") if word.endswith(("inhibitors", "agents", "conjugates", "degraders")) else word
    )


def parts(text: str) -> tuple[str, ...]:
    """The drugs of a cell that joins partners by ` + ` or alternatives by `; `."""
    return tuple(part.strip() for part in re.split(r" \+ |; ", text) if part.strip())
