"""Laws: the engine agrees with a slow obvious one, and what is missing is never guessed."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.matching import ctml_naive
from tests.matching.ctml_cases import AT, trial_of
from tests.matching.ctml_strategies import FINDINGS, MATCH, NESTED, PATIENT, RECORDS, STATUS, gaps

from presis.matching.ctml import (
    Asking,
    Cohort,
    Coverage,
    Mode,
    Remarks,
    Trial,
    read_trial,
    strict_verdicts,
    upstream_matches,
)
from presis.matching.ctml.dates import as_date, span
from presis.matching.ctml.patients import Patient, Record
from presis.matching.ctml.ranges import months_before
from presis.methods.rules import Truth

EVERYTHING = Coverage({"A": {"*": frozenset({"mutation", "amplification", "deletion", "sv"})}})


def trial(match: list[Any], mode: Mode) -> Trial:
    remarks = Remarks(mode)
    found = read_trial(trial_of(match), "trial", remarks)
    remarks.stop()
    assert found is not None
    return found


def cohort(patient: dict[str, Any], records: list[dict[str, Any]]) -> Cohort:
    reported = span(patient.get("REPORT_DATE"))
    one = Patient("A", patient, span(patient.get("BIRTH_DATE")), as_date(reported[0]) if reported else None)
    return Cohort((one,), tuple(Record(0, each) for each in records))


def strict(read: Trial, patient: dict[str, Any], records: list[dict[str, Any]], tested: Coverage) -> Truth:
    (found,) = strict_verdicts([read], cohort(patient, records), tested, Asking(AT)).values()
    if found.satisfied:
        return Truth.YES
    if found.unknown:
        assert found.unknown[0].settled_by, "an unknown says what would settle it"
        return Truth.UNKNOWN
    return Truth.NO


@settings(max_examples=300)
@given(MATCH, PATIENT, RECORDS, st.data())
def test_the_engine_agrees_with_every_way_tried_by_hand(
    match: list[Any], patient: dict[str, Any], records: list[dict[str, Any]], data: st.DataObject
) -> None:
    patient = data.draw(gaps(patient, ("VITAL_STATUS",)))
    records = [data.draw(gaps(record)) for record in records]
    read, people = [trial(match, Mode.CTML)], cohort(patient, records)
    for every in (False, True):
        found = upstream_matches(read, people, Asking(AT, all_clinical_reasons=every))
        said = ctml_naive.matches(match, patient, records, AT, all_clinical=every)
        assert bool(found["10-001"]) is said


@settings(max_examples=300)
@given(NESTED, st.sets(st.sampled_from("ABCD")))
def test_nested_lists_are_gone_through_as_match_engine_goes(match: list[Any], genes: set[str]) -> None:
    read = trial(match, Mode.CTML)
    patient, records = {"VITAL_STATUS": "alive"}, [{"TRUE_HUGO_SYMBOL": gene} for gene in genes]
    found = upstream_matches([read], cohort(patient, records), Asking(AT))
    assert bool(found["10-001"]) is ctml_naive.matches(match, patient, records, AT, all_clinical=False)
    (verdict,) = strict_verdicts([read], cohort(patient, records), EVERYTHING, Asking(AT)).values()
    assert all(each.why for each in verdict.differs)


@settings(max_examples=300)
@given(MATCH, PATIENT, FINDINGS, STATUS, st.data())
def test_filling_in_what_is_missing_never_flips_an_answer(
    match: list[Any],
    patient: dict[str, Any],
    records: list[dict[str, Any]],
    status: dict[str, Any],
    data: st.DataObject,
) -> None:
    """Fields go, whole records go with what was tested: the answer stays or becomes unknown.

    One record tells the statuses: two that contradict each other are no full knowledge.
    """
    read = trial(match, Mode.STRICT)
    full = [*records, status]
    known = strict(read, patient, full, EVERYTHING)
    tested = data.draw(st.sampled_from([EVERYTHING, Coverage()]))
    kept = full if tested is EVERYTHING else [each for each in full if data.draw(st.booleans())]
    partial = [data.draw(gaps(record)) for record in kept]
    answer = strict(read, data.draw(gaps(patient)), partial, tested)
    assert answer in {Truth.UNKNOWN, known}


@given(MATCH, PATIENT, RECORDS, st.data())
def test_strict_is_never_sure_of_more_than_can_be_known(
    match: list[Any], patient: dict[str, Any], records: list[dict[str, Any]], data: st.DataObject
) -> None:
    """What holds without knowing what was tested holds whatever was."""
    read = trial(match, Mode.STRICT)
    partial = [data.draw(gaps(record)) for record in records]
    unsure = strict(read, patient, partial, Coverage())
    assert unsure in {Truth.UNKNOWN, strict(read, patient, partial, EVERYTHING)}


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(0, 1300))
def test_months_before_a_day_is_the_day_counted_back(at: date, months: int) -> None:
    found = as_date(months_before(at, months))
    assert found is not None
    assert (at.year - found.year) * 12 + at.month - found.month == months
    assert found.day <= at.day
    following = as_date(found.year * 10000 + found.month * 100 + found.day + 1)
    assert found.day == at.day or following is None
