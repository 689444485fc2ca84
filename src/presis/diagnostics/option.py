"""Options for treatment: the words in which actionability answers.

Sources: AMP/ASCO/CAP 2017 (Li 2017, PMC5707196, table 3); ESCAT (Mateo 2018, PMC6158764).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from presis.knowledge import NorwayAccess, Relation
from presis.methods.reasons import Reason
from presis.methods.rules import Truth

Direction = Literal["sensitivity", "resistance"]
#: what another test than the panel would settle
OTHER_TESTS = frozenset({"settle.other-test", "settle.marker-again"})


@dataclass(frozen=True, slots=True, order=True)
class AmpTier:
    """A tier and level of AMP/ASCO/CAP 2017; tiers III and IV have no level."""

    tier: str
    level: str | None = None

    def __str__(self) -> str:
        return f"AMP {self.tier}-{self.level}" if self.level else f"AMP {self.tier}"


LEVELS = {"A": AmpTier("I", "A"), "B": AmpTier("I", "B"), "C": AmpTier("II", "C"), "D": AmpTier("II", "D")}


@dataclass(frozen=True, slots=True)
class EscatTier:
    """A curated ESCAT tier with the version that it belongs to."""

    tier: str
    version_date: str
    row: str
    source: str

    def __str__(self) -> str:
        return f"ESCAT {self.tier}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One row of a curated table that speaks for an option, with the conditions that it names."""

    row: str
    kind: str
    authority: str
    text: str
    tumour: str
    line: str
    conditions: str | None
    date: date | None
    address: str | None
    status: str
    confirmed: bool
    relation: Relation
    holds: Truth = Truth.UNKNOWN


@dataclass(frozen=True, slots=True)
class Option:
    """A drug that a finding speaks for or against, in this tumour type.

    `amp` holds every tier that is possible: one, or several where the tumour is coded too coarsely;
    none where the label excludes this tumour, a row isn't confirmed, or an approval is gone (`note`).
    `truth` unknown: the finding may not be what the label asks (`settled_by`). `open_conditions`:
    what the label asks beside the finding and this test can't show. `access`: national decisions on
    the drug, each for its own indication; approved is not available, and they change no tier.
    """

    drug: str
    direction: Direction
    findings: tuple[str, ...]
    truth: Truth
    relation: Relation
    amp: tuple[AmpTier, ...]
    escat: tuple[EscatTier, ...]
    escat_unconfirmed: tuple[str, ...]
    note: Reason | None
    reasons: tuple[Reason, ...]
    settled_by: tuple[Reason, ...]
    open_conditions: tuple[Reason, ...]
    statements: tuple[Statement, ...]
    conflicts: tuple[str, ...] = ()
    access: tuple[NorwayAccess, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An option of this tumour type that hangs on something not tested: what, why, and what settles it."""

    drug: str
    biomarker: str
    rows: tuple[str, ...]
    reasons: tuple[Reason, ...]
    settled_by: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Actionability:
    """Options by the strength of their evidence, what testing more would open, and what was ruled out.

    `not_found`: (gene, method) that an approval for this tumour type asks for, tested and not found.
    """

    options: tuple[Option, ...]
    unsettled: tuple[Unsettled, ...]
    not_found: tuple[tuple[str, str], ...] = ()
