"""The same criteria, three-valued: missing data is unknown, not tested is not the same as not found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from presis.matching.ctml.columns import NO, YES, Column, Outcome, missing, unknown
from presis.matching.ctml.coverage import Coverage
from presis.matching.ctml.criteria import (
    RECEPTORS,
    Alive,
    Clinical,
    Condition,
    Criterion,
    Genomic,
    PriorTreatment,
    clinical_field,
)
from presis.matching.ctml.diagnoses import is_known, within
from presis.matching.ctml.patients import Cohort, Patient
from presis.matching.ctml.ranges import Range, parse_range
from presis.matching.ctml.strict_genomic import GenomicColumns

DEAD = frozenset({"deceased", "dead"})
_RECEPTOR_WORDS = {"true": "positive", "false": "negative"}


class Strict:
    """Strict answers on a cohort at a date, by what was tested."""

    def __init__(self, cohort: Cohort, coverage: Coverage, at: date) -> None:
        self.cohort = cohort
        self.at = at
        self._genomic = GenomicColumns(cohort, coverage)

    def ask(self, criterion: Criterion) -> Column:
        """A criterion's answers, for each patient."""
        match criterion:
            case Genomic():
                return self._genomic.of(criterion)
            case Clinical(condition=condition):
                return Column.of(map(self._clinical(condition), self.cohort.patients))
            case Alive():
                return Column.of(map(_alive, self.cohort.patients))
            case PriorTreatment():
                said = unknown("no_document_tells", "give_prior_treatments")
                return Column.of(said for _ in self.cohort.patients)

    def _clinical(self, condition: Condition) -> Callable[[Patient], Outcome]:
        key, value = condition.key, condition.value
        if key == "age_numerical":
            limits = parse_range(value)
            return lambda patient: _age(limits, self.at, patient)
        if key == "tmb_numerical":
            rate = parse_range(value)
            return lambda patient: _burden(rate, patient)
        if key == "oncotree_primary_diagnosis":
            return lambda patient: _diagnosis(str(value), patient)
        wanted = value if isinstance(value, tuple) else (value,)
        words = frozenset(_as_word(key, each) for each in wanted)
        if key in RECEPTORS:
            return lambda patient: _receptor(key, words, patient)
        return lambda patient: _word_of(key, words, patient)


def _alive(patient: Patient) -> Outcome:
    found = patient.fields.get("VITAL_STATUS")
    if isinstance(found, str) and found.lower() == "alive":
        return YES if found == "alive" else Outcome(YES.truth, "case_differs")
    if isinstance(found, str) and found.lower() in DEAD:
        return NO
    return missing("VITAL_STATUS")


def _age(limits: Range, at: date, patient: Patient) -> Outcome:
    if patient.born is None:
        return missing("BIRTH_DATE")
    first, last = patient.born
    has_age = limits.born(at)
    if first != last and (limits.sign == "==" or has_age(first) != has_age(last)):
        return unknown("birth_date_not_exact", "give_field", field="BIRTH_DATE")
    return YES if has_age(first) else NO


def _burden(limits: Range, patient: Patient) -> Outcome:
    field = clinical_field("tmb_numerical")
    found = patient.fields.get(field)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return missing(field)
    return YES if limits.holds(found) else NO


def _diagnosis(wanted: str, patient: Patient) -> Outcome:
    field = clinical_field("oncotree_primary_diagnosis")
    found = patient.fields.get(field)
    if not isinstance(found, str) or not found:
        return missing(field)
    accepted = within(wanted)
    if found in accepted:
        return YES
    if not is_known(found):
        return unknown("diagnosis_not_in_map", "give_field", field=field, found=found)
    if not accepted.isdisjoint(within(found)):
        return unknown("diagnosis_coarser", "give_field", field=field, found=found)
    return NO


def _receptor(key: str, words: frozenset[str], patient: Patient) -> Outcome:
    """A receptor is positive or negative; whatever else is asked or found tells nothing."""
    found = _as_word(key, patient.fields.get(clinical_field(key)))
    if found not in {"positive", "negative"} or "unknown" in words:
        return unknown("ignored_upstream", "give_field", field=clinical_field(key))
    return Outcome((YES if found in words else NO).truth, "ignored_upstream")


def _word_of(key: str, words: frozenset[str], patient: Patient) -> Outcome:
    field = clinical_field(key)
    found = patient.fields.get(field)
    code = "ignored_upstream" if key == "disease_status" else "case_differs"
    if found is None or found == "":
        return unknown("missing_field" if code == "case_differs" else code, "give_field", field=field)
    given = found if isinstance(found, list) else [found]
    truth = YES.truth if words & {_as_word(key, each) for each in given} else NO.truth
    return Outcome(truth, code)


def _as_word(key: str, value: object) -> str:
    word = str(value).lower()
    return _RECEPTOR_WORDS.get(word, word) if key in RECEPTORS else word
