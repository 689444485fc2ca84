"""Oncogenicity of a small variant by the ClinGen/CGC/VICC standard (Horak 2022, PMC9081216).

Seventeen criteria give points; some exclude others; the total is a range where data lacks, and the
class then a set. What nobody assessed stays outside the range and is listed with what it could add.
Records: `programme/rules/oncogenicity.yaml`. Decisions: `oncogenicity_criteria`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import product

from presis.diagnostics.oncogenicity_answer import Criterion, Record, Setting, State
from presis.diagnostics.oncogenicity_criteria import DECISIONS
from presis.diagnostics.variant_facts import VariantFacts
from presis.knowledge import Library
from presis.programme.files import load_yaml

#: From the most benign to the most oncogenic.
CLASSES = ("benign", "likely_benign", "vus", "likely_oncogenic", "oncogenic")
ONCOGENIC = frozenset({"likely_oncogenic", "oncogenic"})
BENIGN = frozenset({"likely_benign", "benign"})


@dataclass(frozen=True, slots=True)
class Standard:
    """The standard as data: criteria in order, what excludes what, and the lowest total of each class."""

    id: str
    version: int
    source: str
    records: tuple[Record, ...]
    exclusions: tuple[tuple[str, str], ...]
    floors: tuple[tuple[int, str], ...]
    populations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Oncogenicity:
    """What the standard says of one change: total from `low` to `high`, the classes that this spans.

    `classes` run from the most benign; `unless_common` says that no population frequency was given,
    so that the benign criteria could not be asked; `overruled` that a person gave the class.
    """

    low: int
    high: int
    classes: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    unless_common: bool
    overruled: bool = False

    @property
    def could_act(self) -> bool:
        """Whether rows that wait for confirmation show that it acts, or would make it likely oncogenic."""
        if self.overruled:
            return False
        waiting = {c.code: c.could_add for c in self.criteria if c.why.code.endswith("not-confirmed")}
        return "OS2" in waiting or (
            bool(waiting) and class_of(self.high + sum(waiting.values())) in ONCOGENIC
        )

    @property
    def met(self) -> tuple[Criterion, ...]:
        """The criteria that gave points."""
        return tuple(criterion for criterion in self.criteria if criterion.state is State.MET)


@cache
def standard() -> Standard:
    """The standard of the programme."""
    document = load_yaml("rules/oncogenicity.yaml")
    records = tuple(
        Record(
            code=each["code"],
            label=each["label"],
            points=each["points"],
            source=each["source"],
            numbers=each.get("numbers", {}),
            single_cause=tuple((pair["gene"], pair["oncotree"]) for pair in each.get("single_cause", ())),
        )
        for each in document["criteria"]
    )
    floors = tuple(
        (each["from"] if each["from"] is not None else -1000, each["class"]) for each in document["classes"]
    )
    return Standard(
        id=document["id"],
        version=document["version"],
        source=document["source"],
        records=records,
        exclusions=tuple((pair[0], pair[1]) for pair in document["exclusions"]),
        floors=floors,
        populations=frozenset(document["populations"]),
    )


def class_of(total: int) -> str:
    """The class of a total of points."""
    return next(name for floor, name in standard().floors if total >= floor)


@cache
def classes_of(low: int, high: int) -> tuple[str, ...]:
    """Every class between two totals, from the most benign."""
    spanned = {class_of(total) for total in range(low, high + 1)}
    return tuple(name for name in CLASSES if name in spanned)


def suppress(criteria: Sequence[Criterion], exclusions: Sequence[tuple[str, str]]) -> tuple[Criterion, ...]:
    """Take out what another criterion says already, so that the largest oncogenic sum is left.

    At a tie the set is taken that agrees with the table of exclusions most.
    """
    met = {criterion.code: criterion for criterion in criteria if criterion.state is State.MET}
    conflicts = [(loser, winner) for loser, winner in exclusions if loser in met and winner in met]
    if not conflicts:
        return tuple(criteria)
    best: tuple[tuple[int, int, int], frozenset[str]] | None = None
    for choice in product((0, 1), repeat=len(conflicts)):  # which of each conflicting pair goes
        out = frozenset(pair[which] for pair, which in zip(conflicts, choice, strict=True))
        kept = [abs(criterion.high) for code, criterion in met.items() if code not in out]
        score = (sum(kept), -sum(choice), -len(out))
        if best is None or score > best[0]:
            best = (score, out)
    out = best[1] if best else frozenset()
    return tuple(
        replace(criterion, state=State.SUPPRESSED, low=0, high=0) if criterion.code in out else criterion
        for criterion in criteria
    )


def total(criteria: Sequence[Criterion]) -> tuple[int, int]:
    """The sum of what is met, as a range."""
    low = high = 0
    for criterion in criteria:
        low += criterion.low
        high += criterion.high
    return low, high


def assess(facts: VariantFacts, library: Library, tumour: str | None = None) -> Oncogenicity:
    """Ask all seventeen criteria of one change; `tumour` (OncoTree) matters to OP2 alone."""
    rules = standard()
    setting = Setting(library, tumour, rules.populations)
    asked = [DECISIONS[record.code](facts, record, setting) for record in rules.records]
    criteria = suppress(asked, rules.exclusions)
    low, high = total(criteria)
    return Oncogenicity(low, high, classes_of(low, high), criteria, unless_common=facts.population is None)


def assessor(library: Library, tumour: str | None = None) -> Callable[[VariantFacts], Oncogenicity]:
    """`assess` with a memory: the same change is asked once."""

    @lru_cache(maxsize=50_000)
    def remembered(facts: VariantFacts) -> Oncogenicity:
        return assess(facts, library, tumour)

    return remembered


def points_by_code(oncogenicity: Oncogenicity) -> Mapping[str, tuple[int, int]]:
    """The points of each criterion that gave any."""
    return {c.code: (c.low, c.high) for c in oncogenicity.criteria if c.low or c.high}
