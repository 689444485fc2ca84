"""Criteria on the person, answered: age, performance, consent, laboratory values, a doctor's statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from presis.diagnostics.drug_names import parts_of
from presis.matching.criteria import (
    AgeIs,
    ConsentIs,
    DoctorStates,
    EcogIs,
    LabelCondition,
    LaboratoryIs,
    OutsideLabel,
    SexIs,
    StateIs,
)
from presis.matching.days import within
from presis.matching.laboratory import TIMES_LIMIT, lab_tests
from presis.matching.subject import LabValue, Subject, Told, label_of
from presis.matching.told import by_day, not_told, of, outdated, placed, says
from presis.matching.windows import window_of
from presis.methods.reasons import Reason, Value
from presis.methods.rules import Answer, Truth
from presis.programme.files import load_yaml


def age(leaf: AgeIs, subject: Subject, at: date) -> Answer:
    """Whole years on the day; a birth known to the year alone may leave it open."""
    told = subject.birth
    if told is None:
        return not_told("birth")
    low, high = told.value.years_before(at)
    truth = within((low, high), leaf.least, leaf.most)
    found = str(low) if low == high else f"{low}–{high}"
    reason = placed(Reason.of("match.age", found=found), told.where, None)
    settled = (Reason.of("settle.fact", fact="birth"),) if truth is Truth.UNKNOWN else ()
    return Answer(truth, (reason,), settled)


def ecog(leaf: EcogIs, subject: Subject, at: date) -> Answer:
    """Performance status, no older than asked."""
    told = subject.ecog
    if told is None:
        return not_told("ecog")
    return by_day(
        "ecog", told, leaf.within_days, at, lambda value: says(of(value <= leaf.most), "ecog", told)
    )


def sex(leaf: SexIs, subject: Subject) -> Answer:
    """Sex."""
    told = subject.sex
    return not_told("sex") if told is None else says(of(told.value == leaf.sex), "sex", told)


def state(leaf: StateIs, subject: Subject, at: date) -> Answer:
    """Alive, pregnant, able to swallow; of whom can't be pregnant, nobody needs to ask."""
    if leaf.what == "pregnant" and not (subject.pregnant and subject.pregnant.value):
        if subject.sex and subject.sex.value == "male":
            return says(Truth.NO, "sex", subject.sex)
        past = age(beyond_pregnancy(), subject, at)
        if past.truth is Truth.YES:
            return replace(past, truth=Truth.NO)
    told: Told[bool] | None = getattr(subject, leaf.what)
    answer = not_told(leaf.what)
    if told is not None:
        answer = by_day(leaf.what, told, leaf.within_days, at, lambda value: says(of(value), leaf.what, told))
    if leaf.presumed and answer.truth is Truth.UNKNOWN:
        return Answer(Truth.YES, (Reason.of("match.presumed", fact=leaf.what),))
    return answer


@cache
def beyond_pregnancy() -> AgeIs:
    """The age from which pregnancy isn't asked of anybody (`rules/eligibility_words.yaml`)."""
    return AgeIs(load_yaml("rules/eligibility_words.yaml")["beyond_pregnancy"]["age"], None)


def consent(leaf: ConsentIs, subject: Subject, at: date) -> Answer:
    """Consent; one that was withdrawn or refused stays so until it is given anew."""
    told = subject.consents.get(leaf.to)
    fact = f"consent_{leaf.to}"
    if told is None:
        return not_told(fact)
    return by_day(fact, told, leaf.within_days, at, lambda value: says(of(value), fact, told))


def statement(leaf: DoctorStates, subject: Subject, at: date) -> Answer:
    """What a doctor stated."""
    settle = Reason.of("settle.statement", of=leaf.of)
    told = subject.statements.get(leaf.of)
    if told is None:
        return Answer(Truth.UNKNOWN, (Reason.of("match.not-stated", of=leaf.of),), (settle,))

    def judge(value: bool) -> Answer:  # noqa: FBT001 - what was stated
        reason = Reason.of("match.stated", of=leaf.of, found="yes" if value else "no")
        return Answer(of(value), (placed(reason, told.where, told.on),))

    return by_day(f"statement:{leaf.of}", told, leaf.within_days, at, judge, settle)


def label_condition(leaf: LabelCondition, subject: Subject, at: date) -> Answer:
    """What a person found who compared the patient with these words of the label, and no others."""
    told = subject.label_conditions.get((leaf.row, leaf.text))
    settle = Reason.of("settle.label-condition", row=leaf.row, text=leaf.text)
    if told is None:
        words = Reason.of("match.label.words", text=leaf.text, row=leaf.row)
        return Answer(Truth.UNKNOWN, (words,), (settle,))

    def judge(value: bool) -> Answer:  # noqa: FBT001 - what was found
        found = "yes" if value else "no"
        reason = Reason.of("match.label.compared", text=leaf.text, row=leaf.row, found=found)
        return Answer(of(value), (placed(reason, told.where, told.on),))

    answer = by_day("label_condition", told, None, at, judge, settle)
    if answer.truth is not Truth.UNKNOWN:
        return answer
    stale = answer.reasons[0]
    values = {**stale.values, "text": leaf.text, "row": leaf.row}
    return replace(answer, reasons=(Reason(stale.code.replace("match.", "match.label."), values),))


def outside_label(leaf: OutsideLabel, subject: Subject, at: date) -> Answer | None:
    """What a person found who compared the use with the whole label; None where nobody told."""
    told = subject.label_conditions.get((leaf.agency, label_of(parts_of(leaf.drug))))
    if told is None:
        return None
    values: dict[str, Value] = {"drug": leaf.drug, "agency": leaf.agency}

    def judge(value: bool) -> Answer:  # noqa: FBT001 - what was found
        reason = Reason("match.label.outside-compared" if value else "match.label.within-compared", values)
        return Answer(of(value), (placed(reason, told.where, told.on),))

    answer = by_day("label_condition", told, None, at, judge, Reason("settle.label", values))
    if answer.truth is not Truth.UNKNOWN:
        return answer
    stale = Reason("match.label.compared-before", {**values, "days": answer.reasons[0].values["days"]})
    return replace(answer, reasons=(placed(stale, told.where, told.on),))


def laboratory(leaf: LaboratoryIs, subject: Subject, at: date) -> Answer:
    """The newest value of the test within its bounds, no older than asked.

    Where days are known in part, several may be the newest; they count where they say the same.
    """
    told = [each for each in subject.laboratory if each.test == leaf.test]
    settle = (Reason.of("settle.laboratory", test=leaf.test),)
    if not told:
        return Answer(Truth.UNKNOWN, (Reason.of("match.lab.not-told", test=leaf.test),), settle)
    own = [each for each in told if each.on is None or each.on.first <= at]
    if not own:
        later = Reason.of("match.lab.later", test=leaf.test, found=told[0].written)
        return Answer(Truth.UNKNOWN, (placed(later, told[0].where, told[0].on),), settle)
    since = max(_span(each)[0] for each in own)
    newest = sorted((each for each in own if _span(each)[1] >= since), key=lambda each: _span(each)[1])[::-1]
    answers = [_by_value(leaf, each, at) for each in newest]
    if len({each.truth for each in answers}) == 1:
        return answers[0]
    values = ", ".join(each.written for each in newest)
    reason = Reason.of("match.lab.which-newest", test=leaf.test, found=values)
    return Answer(Truth.UNKNOWN, (placed(reason, newest[0].where, None),), settle)


def _span(value: LabValue) -> tuple[date, date]:
    """The first and last day that a value may be of; without a day it is older than those that have one."""
    return (value.on.first, value.on.last) if value.on else (date.min, date.min)


def _by_value(leaf: LaboratoryIs, newest: LabValue, at: date) -> Answer:
    """What one value says."""
    settle = (Reason.of("settle.laboratory", test=leaf.test),)
    stale = _stale(newest, leaf, at)
    if stale is not None:
        return Answer(Truth.UNKNOWN, (stale,), settle)
    test = lab_tests()[leaf.test]
    if leaf.unit != TIMES_LIMIT:
        value = newest.value / test.converted(1.0, leaf.unit)
    elif newest.upper_limit is not None and test.plausible_limit(newest.upper_limit):
        value = newest.value / newest.upper_limit
    else:
        reason = Reason.of("match.lab.no-limit", test=leaf.test, found=newest.written)
        limit = (Reason.of("settle.laboratory-limit", test=leaf.test),)
        return Answer(Truth.UNKNOWN, (placed(reason, newest.where, newest.on),), limit)
    truth = Truth.NO if outside(value, leaf) else Truth.YES
    told = Reason.of("match.lab.value", test=leaf.test, found=newest.written)
    if leaf.unit not in newest.written.split():
        values: dict[str, Value] = {**told.values, "value": round(value, 3), "unit": leaf.unit}
        told = Reason("match.lab.converted", values)
    return Answer(truth, (placed(told, newest.where, newest.on),))


def outside(value: Any, leaf: LaboratoryIs) -> Any:
    """Whether a value, or each of an array of them, lies beyond the bounds."""
    slack = 1e-9 * np.maximum(1.0, abs(value))  # a conversion of units rounds
    too_low, too_high = False, False
    if leaf.least is not None:
        too_low = value <= leaf.least + slack if leaf.above else value < leaf.least - slack
    if leaf.most is not None:
        too_high = value >= leaf.most - slack if leaf.below else value > leaf.most + slack
    return too_low | too_high


def _stale(newest: LabValue, leaf: LaboratoryIs, at: date) -> Reason | None:
    code = outdated("laboratory", newest.on, leaf.within_days, at)
    if code is None:
        return None
    days = days_asked(leaf)
    values: dict[str, Value] = {"test": leaf.test, "found": newest.written, "days": days}
    return placed(Reason(f"match.lab.{code}", values), newest.where, newest.on)


def days_asked(leaf: LaboratoryIs) -> int:
    """How many days old a value may be: the rule's own, else those of every laboratory value."""
    return window_of("laboratory").days if leaf.within_days is None else leaf.within_days
