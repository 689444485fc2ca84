"""Genomic leaves, strictly: the best record, and if none holds, whether what the leaf asks was tested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from presis.matching.ctml.columns import NO, Column, Outcome, unknown
from presis.matching.ctml.coverage import Coverage
from presis.matching.ctml.criteria import (
    STATUS_KEYS,
    STRUCTURAL,
    Condition,
    Genomic,
    categories,
    genomic_field,
)
from presis.matching.ctml.fusions import STRUCTURED_SINCE, Fusion, mention_pattern
from presis.matching.ctml.patients import Cohort, Fields, Patient, Record
from presis.matching.ctml.record_conditions import AS_WRITTEN, CATEGORY_OF, has_recognised_status, holds
from presis.methods.rules import Truth

_ANYTHING = frozenset({"mutation", "amplification", "deletion", "sv"})
_TYPES = {
    "MUTATION": frozenset({"mutation"}),
    "CNV": frozenset({"amplification", "deletion"}),
    "SV": frozenset({"sv"}),
}
_AMPLIFIED = frozenset({"gain", "high level amplification", "high amplification", "low amplification"})
_FUSION_KEYS = frozenset({"hugo_symbol", "fusion_partner_hugo_symbol", "variant_category"})

Judge = Callable[[Fields, Patient], Outcome]


class GenomicColumns:
    """The answers of genomic leaves on one cohort, by what was tested."""

    def __init__(self, cohort: Cohort, coverage: Coverage) -> None:
        self.cohort = cohort
        self.coverage = coverage
        self._without_records: dict[object, Column] = {}

    def of(self, leaf: Genomic) -> Column:
        """A leaf's answers, for each patient: most have no record that it could be about."""
        judge, candidates = _judge(leaf, self.cohort)
        missed = _Missed.of(leaf)
        records: dict[int, list[Fields]] = defaultdict(list)
        for record in candidates:
            records[record.owner].append(record.fields)
        found = {}
        for place, own in records.items():
            patient = self.cohort.patients[place]
            best = max((judge(fields, patient) for fields in own), key=_truth)
            none = best.truth is Truth.NO
            found[place] = missed.outcome(patient, own, self.coverage) if none else best
        return self._no_records(missed).but(found)

    def _no_records(self, missed: _Missed) -> Column:
        if missed not in self._without_records:
            patients = self.cohort.patients
            column = Column.of(missed.outcome(patient, (), self.coverage) for patient in patients)
            self._without_records[missed] = column
        return self._without_records[missed]


def _truth(outcome: Outcome) -> Truth:
    return outcome.truth


def _judge(leaf: Genomic, cohort: Cohort) -> tuple[Judge, Iterable[Record]]:
    """How a record is judged, and which records there are to judge."""
    if _is_structural(leaf):
        return _structural(leaf), cohort.structural_of(Fusion.of(leaf).genes)
    if leaf.asks(STATUS_KEYS):
        asked = [each for each in leaf.conditions if each.key != "hugo_symbol"]
        return (lambda fields, _: _together(asked, fields)), cohort.with_status
    gene = leaf.value("hugo_symbol")
    candidates = cohort.records if gene is None else cohort.of_gene(str(gene))
    return (lambda fields, _: _together(leaf.conditions, fields)), candidates


def _is_structural(leaf: Genomic) -> bool:
    category = leaf.value("variant_category")
    if category is None:
        return leaf.value("fusion_partner_hugo_symbol") is not None
    return categories(str(category)) == ("SV",)


def _together(conditions: Iterable[Condition], fields: Fields) -> Outcome:
    """The worst condition on a record; the fields that it lacks, if these leave it open."""
    code, open_fields = AS_WRITTEN, []
    for condition in conditions:
        truth, said = holds(condition, fields)
        if truth is Truth.NO:
            return NO
        if truth is Truth.UNKNOWN:
            open_fields.append(genomic_field(condition.key))
        elif said != AS_WRITTEN:
            code = said
    if open_fields:
        return _incomplete(*open_fields)
    return Outcome(Truth.YES, code)


def _incomplete(*fields: str) -> Outcome:
    return unknown("record_incomplete", "complete_record", fields=", ".join(sorted(set(fields))))


def _structural(leaf: Genomic) -> Judge:
    fusion = Fusion.of(leaf)
    rest = [each for each in leaf.conditions if each.key not in _FUSION_KEYS]
    exact = leaf.value("variant_category") == STRUCTURAL
    met = Outcome(Truth.YES, AS_WRITTEN if exact else "structural_variation_spelling")
    gene = next(iter(fusion.genes[:1]), None) if fusion.gene is None or fusion.gene in fusion.genes else None
    mentioned = mention_pattern(gene) if gene else None

    def structured(fields: Fields) -> Outcome:
        category = fields.get("VARIANT_CATEGORY")
        if category not in {None, "SV"}:
            return NO
        sides = fusion.asked(fields)
        if sides is Truth.NO:
            return NO
        if category is None:
            return _incomplete("VARIANT_CATEGORY")
        return met if sides is Truth.YES else _incomplete("LEFT_PARTNER_GENE", "RIGHT_PARTNER_GENE")

    def in_words(fields: Fields) -> Outcome:
        comment = fields.get("STRUCTURAL_VARIANT_COMMENT")
        if not isinstance(comment, str):
            possible = fields.get("VARIANT_CATEGORY") in {None, "SV"}
            return _incomplete("STRUCTURAL_VARIANT_COMMENT") if possible else NO
        if mentioned is not None and not mentioned.search(comment):
            return NO
        return unknown("structural_variant_in_words", "read_comment", gene=gene or "any")

    def judge(fields: Fields, patient: Patient) -> Outcome:
        others = _together(rest, fields)
        if others.truth is Truth.NO:
            return NO
        if patient.reported is None:
            one, other = structured(fields), in_words(fields)
            undated = unknown("report_undated", "give_field", field="REPORT_DATE")
            found = one if one.truth is other.truth else undated
        else:
            found = structured(fields) if patient.reported >= STRUCTURED_SINCE else in_words(fields)
        return min(found, others, key=_truth)

    return judge


@dataclass(frozen=True, slots=True)
class _Missed:
    """What it means that no record holds: no, if all that a leaf asks was tested."""

    statuses: tuple[str, ...]
    wild_type: bool
    genes: tuple[str, ...]
    types: frozenset[str]
    quirk: str

    @classmethod
    def of(cls, leaf: Genomic) -> _Missed:
        statuses = tuple(each.key for each in leaf.conditions if each.key in STATUS_KEYS)
        wild_type = leaf.value("wildtype") is True
        return cls(statuses, wild_type, Fusion.of(leaf).genes, _types(leaf), _quirk(leaf))

    def outcome(self, patient: Patient, records: Sequence[Fields], coverage: Coverage) -> Outcome:
        if self.statuses:
            return _status_known(self.statuses, records)
        named = " or ".join(self.genes) or "every gene"
        if self.wild_type:
            return unknown("wild_type_not_stated", "give_field", field="WILDTYPE", gene=named)
        missing = coverage.missing(patient.sample, self.genes, self.types)
        if self.types and not missing:
            return Outcome(Truth.NO, self.quirk)
        return unknown("not_tested", "test_gene", gene=named, types=", ".join(sorted(missing)))


def _status_known(keys: Iterable[str], records: Sequence[Fields]) -> Outcome:
    for key in keys:
        if not any(has_recognised_status(key, fields) for fields in records):
            return unknown("status_missing", "give_status", field=genomic_field(key))
    return Outcome(Truth.NO, "not_met")


def _types(leaf: Genomic) -> frozenset[str]:
    """What must have been looked for, before "none found" means no."""
    category = leaf.value("variant_category")
    if category is not None:
        words = set(categories(str(category)))
    else:
        words = {CATEGORY_OF[each.key] for each in leaf.conditions if each.key in CATEGORY_OF}
        if not words:
            return _ANYTHING
    types = frozenset[str]().union(*(_TYPES.get(word, frozenset()) for word in words))
    call = str(leaf.value("cnv_call") or "").lower()
    if call in _AMPLIFIED:
        return types - {"deletion"}
    return types - {"amplification"} if "deletion" in call else types


def _quirk(leaf: Genomic) -> str:
    """Why MatchEngine may find what isn't there."""
    fields = [genomic_field(each.key) for each in leaf.conditions]
    return "same_field_twice" if len(set(fields)) < len(fields) else "not_met"
