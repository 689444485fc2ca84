"""How often the two agree: by field, by kind of finding, and class by class, each with its interval.

The laboratory's report is no reference standard, so these are agreements, not sensitivity or specificity
(FDA, Statistical guidance on reporting results from studies evaluating diagnostic tests, 2007). They are
never computed anew after adjudication: the same guidance advises against discrepant resolution.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from presis.diagnostics.validation.expected import KINDS, MARKERS, Expected
from presis.diagnostics.validation.outcome import AGREE, DIFFER, FOUND, OPEN, POSSIBLE, Comparison
from presis.methods.intervals import binomial_interval

LEVEL = 0.95
FIELDS = (FOUND, "class", "amp", "escat", *MARKERS)
#: fields whose classes are shown one against the other
CROSSED = ("class", "amp", "escat", "msi")


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`, with the exact interval (Clopper and Pearson) at 95 %; both ends from 0 to 1."""

    hits: int
    total: int
    low: float
    high: float


def share(hits: int, total: int) -> Share | None:
    """A share with its interval; None where nothing was counted."""
    if total == 0:
        return None
    low, high = binomial_interval(hits, total, LEVEL)
    return Share(hits, total, round(low, 6), round(high, 6))


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field: how many statements came to what.

    `exact`: the same; `within`: the same or among the possible; `worst`: `within`, with everything that
    couldn't be compared counted as a difference. `reasons`: why it couldn't, and how often.
    """

    field: str
    agree: int
    possible: int
    differ: int
    not_comparable: int
    exact: Share | None
    within: Share | None
    worst: Share | None
    reasons: dict[str, int]


@dataclass(frozen=True, slots=True)
class DetectionLine:
    """One kind of finding, in both reports or in one.

    `positive`: of what the laboratory reported, found by Presis. `negative`: of the laboratory's statements
    that there was none, agreed. `predictive`: of what Presis found where the laboratory's list is said to
    be whole, reported by the laboratory.
    """

    kind: str
    both: int
    laboratory_only: int
    presis_only: int
    neither: int
    not_comparable: int
    positive: Share | None
    negative: Share | None
    predictive: Share | None


@dataclass(frozen=True, slots=True)
class CrossTable:
    """How often each answer of the laboratory met each of Presis."""

    field: str
    counts: dict[tuple[str, str], int]


def field_lines(comparisons: Sequence[Comparison]) -> tuple[FieldLine, ...]:
    """A line for each field that was stated."""
    by_field: dict[str, list[Comparison]] = defaultdict(list)
    for each in comparisons:
        by_field[each.field].append(each)
    return tuple(_field(name, by_field[name]) for name in FIELDS if by_field[name])


def _field(name: str, group: Sequence[Comparison]) -> FieldLine:
    count = Counter(each.outcome for each in group)
    within = count[AGREE] + count[POSSIBLE]
    reasons = Counter(each.why[0] if each.why else each.presis for each in group if each.outcome == OPEN)
    return FieldLine(
        field=name,
        agree=count[AGREE],
        possible=count[POSSIBLE],
        differ=count[DIFFER],
        not_comparable=count[OPEN],
        exact=share(count[AGREE], within + count[DIFFER]),
        within=share(within, within + count[DIFFER]),
        worst=share(within, len(group)),
        reasons=dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def detection_lines(comparisons: Sequence[Comparison], rows: Iterable[Expected]) -> tuple[DetectionLine, ...]:
    """A line for each kind whose findings were stated as reported or not."""
    whole = {(row.case, row.kind) for row in rows if row.gene is None and row.kind not in MARKERS}
    found = [each for each in comparisons if each.field == FOUND]
    kinds = [kind for kind in KINDS if any(each.kind == kind for each in found)]
    return tuple(_detection(kind, [e for e in found if e.kind == kind], whole) for kind in kinds)


def _detection(kind: str, group: Sequence[Comparison], whole: set[tuple[str, str]]) -> DetectionLine:
    positives = Counter(each.outcome for each in group if not each.negative)
    extra = [each for each in group if each.negative and each.outcome == DIFFER]
    statements = {each.line: each.outcome for each in group if each.negative}
    negatives = Counter(
        statements.values()
    )  # one statement may meet several findings, all of them differences
    in_whole = [each for each in group if (each.case, kind) in whole]
    both_whole = sum(1 for each in in_whole if not each.negative and each.outcome == AGREE)
    extra_whole = sum(1 for each in in_whole if each.negative and each.outcome == DIFFER)
    return DetectionLine(
        kind=kind,
        both=positives[AGREE],
        laboratory_only=positives[DIFFER],
        presis_only=len(extra),
        neither=negatives[AGREE],
        not_comparable=positives[OPEN] + negatives[OPEN],
        positive=share(positives[AGREE], positives[AGREE] + positives[DIFFER]),
        negative=share(negatives[AGREE], negatives[AGREE] + negatives[DIFFER]),
        predictive=share(both_whole, both_whole + extra_whole),
    )


def cross_tables(comparisons: Sequence[Comparison]) -> Iterator[CrossTable]:
    """The laboratory's classes against Presis' sets of classes, for fields that have classes."""
    for field in CROSSED:
        counts = Counter(
            (each.laboratory, "not comparable" if each.outcome == OPEN else each.presis)
            for each in comparisons
            if each.field == field
        )
        if counts:
            yield CrossTable(field, dict(sorted(counts.items())))
