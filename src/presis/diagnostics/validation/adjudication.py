"""Who was right where the two differ: a table that a person fills in and hands back.

An adjudication is of one difference with both its sides; if either says something else since, it doesn't
count any more and is listed. It explains a difference, and changes no figure of agreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from presis.diagnostics.readers.text import read_text
from presis.diagnostics.validation.expected import csv_rows
from presis.diagnostics.validation.outcome import Comparison
from presis.documents.cells import cell_told
from presis.errors import BadInput, Problem, Where

COLUMNS = {
    "difference": "the difference's id; leave it as it is",
    "case": "the case",
    "kind": "the kind of finding",
    "subject": "what it is about",
    "field": "which field differs",
    "laboratory": "what the laboratory stated",
    "presis": "what Presis says",
    "why": "the reasons that Presis gives",
    "right": "you fill in: laboratory, presis, both (another convention, both hold) or neither",
    "explanation": "you fill in: why",
    "by": "you fill in: who judged",
    "on": "you fill in: when",
}
RIGHT = ("laboratory", "presis", "both", "neither")


@dataclass(frozen=True, slots=True)
class Adjudication:
    """A person's judgement of one difference."""

    difference: str
    right: str
    explanation: str
    by: str
    on: str


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """Each difference with its judgement, if any, and judgements of what isn't there any more."""

    differences: tuple[tuple[Comparison, Adjudication | None], ...]
    stale: tuple[Adjudication, ...]

    @property
    def unexplained(self) -> tuple[Comparison, ...]:
        """Differences that nobody has judged."""
        return tuple(each for each, judged in self.differences if judged is None)


def read_adjudications(path: Path) -> tuple[str, tuple[Adjudication, ...]]:
    """The file's hash and the rows that are filled in.

    Raises:
        BadInput: with every fault, each with its line and column.

    """
    file = read_text(path)
    problems: list[Problem] = []
    found: dict[str, Adjudication] = {}
    for line, cells in csv_rows(file.name, file.lines, COLUMNS, ("difference", "right")):
        told = {name: cell_told(cells.get(name, "")) for name in COLUMNS}
        if not told["right"]:
            continue
        right = told["right"].lower()
        if right not in RIGHT:
            message, field = f"{told['right']!r} can't be read; write one of {', '.join(RIGHT)}", "right"
        elif not told["explanation"]:
            message, field = "is empty; write why, since somebody will ask", "explanation"
        elif not told["by"]:
            message, field = "is empty; write who judged", "by"
        elif told["difference"] in found:
            message, field = f"{told['difference']!r} is judged twice; keep one of the two", "difference"
        else:
            found[told["difference"]] = Adjudication(
                told["difference"], right, told["explanation"], told["by"], told["on"]
            )
            continue
        problems.append(Problem("adjudication.cell", message, Where(file.name, line, None, field)))
    if problems:
        raise BadInput(*problems)
    return file.sha256, tuple(found.values())


def adjudicate(differences: Sequence[Comparison], judged: Sequence[Adjudication]) -> Adjudicated:
    """Put judgements beside the differences that they are of."""
    by_id = {each.difference: each for each in judged}
    there = {each.id for each in differences}
    stale = tuple(each for each in judged if each.difference not in there)
    return Adjudicated(tuple((each, by_id.get(each.id)) for each in differences), stale)
