"""What other tests than the panel say of a specimen, and where two methods don't agree.

Values only: how they are read, what they settle and when they disagree is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from presis.methods.reasons import Reason

#: the score of a test that gave no answer: it settles nothing, and replaces nothing
NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathologyMarker:
    """One result of immunohistochemistry, in situ hybridisation, PCR or another test than the panel.

    `marker`, `method` and `score` are codes of the vocabulary; `name` is what people call the marker.
    A numeric score has bounds: `low` = `high` for 60, 0 and 1 with `high_open` for `<1`. `threshold`
    is the laboratory's own limit as written. `specimen` is the id that joins it to the panel,
    `block` pathology's own. `date` is a day, a month or a year.
    """

    marker: str
    name: str
    method: str
    score: str
    low: float | None = None
    high: float | None = None
    high_open: bool = False
    unit: str | None = None
    assay: str | None = None
    threshold: str | None = None
    date: str | None = None
    specimen: str | None = None
    block: str | None = None
    file: str = ""
    line: int = 0

    @property
    def assessable(self) -> bool:
        """Whether the test gave an answer."""
        return self.score != NOT_ASSESSABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A picture that lies with the panel's files: what it shows by its name, and the hash of its bytes."""

    name: str
    kind: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What lies beside a panel's findings in a molecular profile."""

    markers: tuple[PathologyMarker, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InRna:
    """A small variant of DNA in the specimen's RNA, where the file tells: reads and fraction."""

    rna_depth: int | None = None
    rna_allele_fraction: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one method says: the result in words, when, and of which specimen; None is "not reported"."""

    method: str
    result: Reason
    date: str | None = None
    specimen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two methods that can't both be right of one thing; neither overrules the other.

    `unsettles` names the biomarkers that are unknown by it; those of `beside` stand, since their
    approval names one of the two tests, and are shown with it. `findings` are the ids it is about.
    """

    id: str
    subject: str
    sides: tuple[Side, ...]
    unsettles: frozenset[str]
    beside: frozenset[str]
    findings: tuple[str, ...]
    settled_by: Reason
