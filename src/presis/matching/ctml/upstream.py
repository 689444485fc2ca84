"""What MatchEngine answers, two-valued: missing data is no for a criterion and yes for its opposite.

Read from dfci/matchengine-V2 (2.x): what its queries find in MongoDB. Only facts are taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from presis.matching.ctml.criteria import (
    CNV_CALLS,
    NEVER_TESTED,
    REPAIR,
    REPAIR_KEYS,
    STATUS_KEYS,
    STRUCTURAL,
    Alive,
    Clinical,
    Condition,
    Criterion,
    Genomic,
    PriorTreatment,
    categories,
    clinical_field,
    genomic_field,
)
from presis.matching.ctml.diagnoses import within
from presis.matching.ctml.fusions import STRUCTURED_SINCE, Fusion, comment_pattern
from presis.matching.ctml.patients import Cohort, Fields, Record
from presis.matching.ctml.ranges import parse_range
from presis.methods.rules import AllOf, AnyOf, AtLeast, Leaf, Not, Rule, Truth, Truths

Test = Callable[[object], bool]


@dataclass(frozen=True)
class Upstream:
    """MatchEngine's answers on a cohort at a date."""

    cohort: Cohort
    at: date

    def ask(self, criterion: Criterion) -> Truths:
        """A criterion's answers: (patients,), no or yes."""
        match criterion:
            case Genomic():
                return self._genomic(criterion)
            case Clinical(condition=condition):
                return self._clinical(condition)
            case Alive():
                return self._of_patients("VITAL_STATUS", _equals("alive"))
            case PriorTreatment():
                return np.zeros(len(self.cohort.patients), np.int8)

    def _genomic(self, leaf: Genomic) -> Truths:
        if leaf.value("variant_category") == STRUCTURAL:
            return self._structural(leaf)
        tests = _tests(leaf)
        symbol = leaf.value("hugo_symbol")
        candidates: Sequence[Record] = self.cohort.records
        if leaf.asks(STATUS_KEYS):  # what isn't there equals null
            told = all(each.value is not None for each in leaf.conditions if each.key in STATUS_KEYS)
            candidates = self.cohort.with_status if told else self.cohort.records
        elif isinstance(symbol, str):
            candidates = self.cohort.by_gene.get(symbol.lower(), ())
        return self._owners(each.owner for each in candidates if _holds(tests, each.fields))

    def _structural(self, leaf: Genomic) -> Truths:
        """A sample is read in one regime only: by its report's date."""
        fusion, tests = Fusion.of(leaf), _tests(leaf)
        comment = comment_pattern(str(leaf.value("hugo_symbol")))  # no gene: the word None, as upstream
        patients = self.cohort.patients

        def holds(record: Record) -> bool:
            fields = record.fields
            reported = patients[record.owner].reported
            if reported is None or reported < STRUCTURED_SINCE:
                text = fields.get("STRUCTURAL_VARIANT_COMMENT")
                return isinstance(text, str) and comment.search(text) is not None and _holds(tests, fields)
            return fields.get("VARIANT_CATEGORY") == "SV" and fusion.joins(fields) and _holds(tests, fields)

        return self._owners(each.owner for each in self.cohort.structural_of(fusion.genes) if holds(each))

    def _clinical(self, condition: Condition) -> Truths:
        key, value = condition.key, condition.value
        if key == "age_numerical":
            has_age = parse_range(value).born(self.at)
            days = (each.born for each in self.cohort.patients)
            found = [born is not None and born[0] == born[1] and has_age(born[0]) for born in days]
            return _truths(found)
        if key == "tmb_numerical":
            return self._of_patients(clinical_field(key), _number_in(parse_range(value).holds))
        if key == "oncotree_primary_diagnosis" and isinstance(value, str):
            accepted = within(value)
            return self._of_patients(
                clinical_field(key), lambda found: isinstance(found, str) and found in accepted
            )
        return self._of_patients(clinical_field(key), _equals(value))

    def _of_patients(self, field: str, test: Test) -> Truths:
        found = [test(each.fields.get(field)) for each in self.cohort.patients]
        return _truths(found)

    def _owners(self, owners: Iterable[int]) -> Truths:
        found = np.zeros(len(self.cohort.patients), np.int8)
        found[list(set(owners))] = Truth.YES
        return found


def _truths(found: list[bool]) -> Truths:
    return np.where(np.array(found, np.bool_), np.int8(Truth.YES), np.int8(Truth.NO))


def upstream_rule(rule: Rule[Criterion]) -> Rule[Criterion] | None:
    """What is left of a clause without the criteria that are never tested; nothing if nobody can match it.

    MatchEngine runs each way from the root to a leaf by itself. A way that asks nothing any more
    matches nobody; beside something that is asked, what isn't tested is passed over.
    """
    return _live(rule)[0]


def with_reason(rule: Rule[Criterion]) -> Rule[Criterion] | None:
    """The ways of a rule of which MatchEngine writes a match; nothing if there are none.

    It writes one for each reason: a genomic criterion, or one on the tumour's mutational burden. A way
    through other clinical criteria alone has none, unless all clinical reasons are asked for.
    """
    match rule:
        case Leaf(of=Genomic()) | Not(of=Leaf(of=Genomic())):
            return rule
        case Leaf(of=Clinical(condition=condition)) | Not(of=Leaf(of=Clinical(condition=condition))):
            return rule if condition.key == "tmb_numerical" else None
        case AllOf(of=of):
            told = tuple(each for each in map(with_reason, of) if each is not None)
            return AllOf((*of, AnyOf(told))) if told else None
        case AnyOf(of=of):
            told = tuple(each for each in map(with_reason, of) if each is not None)
            return AnyOf(told) if told else None
        case _:
            return None


def _live(rule: Rule[Criterion]) -> tuple[Rule[Criterion] | None, bool]:
    """The ways that ask something, as a rule; and whether there is a way that asks nothing."""
    match rule:
        case Leaf(of=Clinical(condition=condition)) if condition.key in NEVER_TESTED:
            return None, True
        case Leaf():
            return rule, False
        case Not(of=Leaf(of=PriorTreatment()) as never):
            return never, False  # it can't be reported, whether asked for or against
        case Not(of=inner):
            live, idle = _live(inner)
            return (Not(live) if live else None), idle
        case AllOf(of=of):
            parts = [_live(each) for each in of]
            must = tuple(live for live, idle in parts if live and not idle)
            if must:
                return AllOf(must), False
            may = tuple(live for live, _ in parts if live)
            return (AnyOf(may) if may else None), True
        case AnyOf(of=of):
            parts = [_live(each) for each in of]
            may = tuple(live for live, _ in parts if live)
            return (AnyOf(may) if may else None), not parts or any(idle for _, idle in parts)
        case AtLeast():
            raise AssertionError("CTML has no such rule")


def _tests(leaf: Genomic) -> dict[str, Test]:
    """What each field of a record must be. Of two keys on one field the later one counts."""
    skipped = set()
    if leaf.asks(STATUS_KEYS):
        skipped.add("hugo_symbol")
    if leaf.value("variant_category") == STRUCTURAL:
        skipped |= {"hugo_symbol", "fusion_partner_hugo_symbol", "variant_category"}
    asked = (each for each in leaf.conditions if each.key not in skipped)
    return {genomic_field(each.key): _test(each) for each in asked}


def _test(condition: Condition) -> Test:
    key, value = condition.key, condition.value
    if key == "variant_category":
        words = categories(str(value))
        return lambda found: isinstance(found, str) and found in words
    if key == "wildcard_protein_change":
        pattern = wildcard(str(value))
        return lambda found: isinstance(found, str) and pattern.match(found) is not None
    if key == "cnv_call":
        return _equals(CNV_CALLS.get(str(value), value))
    if key in REPAIR_KEYS:
        return _equals(REPAIR[str(value)])
    return _equals(value)


def wildcard(value: str) -> re.Pattern[str]:
    """`p.V600` (or `V600`) and one amino acid more, whatever the case."""
    start = re.escape(value.removeprefix("p."))
    return re.compile(rf"p\.{start}[ACDEFGHIKLMNPQRSTVWY]\n?\Z", re.IGNORECASE | re.ASCII)


def _holds(tests: dict[str, Test], fields: Fields) -> bool:
    return all(test(fields.get(field)) for field, test in tests.items())


def _equals(value: object) -> Test:
    """MongoDB's equality: typed, numbers by value; nothing equals a field that isn't there."""
    if isinstance(value, bool) or value is None:
        return lambda found: found is value
    if isinstance(value, int | float):
        return _number_in(lambda found: found == value)
    return lambda found: isinstance(found, str) and found == value


def _number_in(holds: Callable[[float], bool]) -> Test:
    return lambda found: isinstance(found, int | float) and not isinstance(found, bool) and holds(found)
