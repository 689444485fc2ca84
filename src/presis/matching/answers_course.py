"""Criteria on the course, answered: lines, earlier drugs and their outcome, standard treatment, washout.

A treatment that isn't among those told is unknown, unless somebody said of late that they are all. One that
was given stays given; what came after the day asked about isn't known on it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from presis.knowledge import Library
from presis.matching.criteria import LinesAre, SameTargetBefore, StandardIs, TreatedWith, WashoutIs
from presis.matching.days import within
from presis.matching.subject import Subject, Treatment
from presis.matching.told import by_day, not_told, of, outdated, placed, says
from presis.matching.windows import window_of
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Truth

_SETTLE = Reason.of("settle.fact", fact="treatments")
#: more lines than anybody has had
_MANY = 99


def begun(each: Treatment, at: date) -> Truth:
    """Whether a treatment had begun on the day; one that ended later and has no beginning leaves it open."""
    if each.start is not None:
        return of(each.start.first <= at)
    return Truth.UNKNOWN if _ends_after(each, at) else Truth.YES


def _ends_after(each: Treatment, at: date) -> bool:
    return each.end is not None and each.end.first > at


def given_by(subject: Subject, at: date) -> tuple[Treatment, ...]:
    """The treatments that had begun on the day, as they were known on it: one that ended later is ongoing."""
    return tuple(as_of(each, at) for each in subject.treatments if begun(each, at) is Truth.YES)


def as_of(each: Treatment, at: date) -> Treatment:
    """A treatment as it was known on the day: without an end, a response or an outcome that came later."""
    if not _ends_after(each, at):
        return each
    return replace(each, end=None, ongoing=True, response=None, outcome=None)


def told_all(subject: Subject, within_days: int | None, at: date) -> bool:
    """Whether somebody said, of late enough, that all treatment is told."""
    told = subject.treatments_complete
    return (
        told is not None
        and told.value
        and outdated("treatments_complete", told.on, within_days, at) is None
        and all(begun(each, at) is not Truth.UNKNOWN for each in subject.treatments)
    )


def _not_all(subject: Subject, within_days: int | None, at: date) -> tuple[Reason, ...]:
    """Why a statement that all treatment is told doesn't count on the day; nothing where there is none."""
    told = subject.treatments_complete
    if told is None or not told.value:
        return ()
    code = outdated("treatments_complete", told.on, within_days, at)
    if code is None:
        return ()
    days = window_of("treatments_complete").days if within_days is None else within_days
    return (placed(Reason.of(f"match.complete-{code}", days=days), told.where, told.on),)


def lines(leaf: LinesAre, subject: Subject, at: date) -> Answer:
    """How many lines were given for advanced disease."""
    treatments, complete = given_by(subject, at), told_all(subject, leaf.complete_within_days, at)
    stale = _not_all(subject, leaf.complete_within_days, at)
    if not treatments and not complete:
        answer = not_told("treatments")
        return replace(answer, reasons=stale or answer.reasons)
    counted = [each.line for each in treatments if each.line is not None]
    least = max(counted, default=0)
    unlined = [t for t in treatments if t.line is None and t.setting in (None, "advanced")]
    most = least + len(unlined) if complete else _MANY
    truth = within((least, most), leaf.least, leaf.most)
    found = str(least) if most == least else f"{least}+"
    where = ", ".join(dict.fromkeys(each.where for each in treatments)) or (
        subject.treatments_complete.where if subject.treatments_complete else ""
    )
    reason = placed(Reason.of("match.lines", found=found), where, None)
    if truth is not Truth.UNKNOWN:
        return Answer(truth, (reason,))
    return Answer(truth, (reason, *stale), (_SETTLE,))


def _of_class(each: Treatment, words: str, library: Library) -> bool:
    drugs = (library.drug(name) for name in each.drugs)
    return words in each.classes or any(drug is not None and drug.is_in(words) for drug in drugs)


def given(leaf: TreatedWith | WashoutIs, each: Treatment, library: Library) -> Truth:
    """Whether a treatment holds what is named; unknown where one of its drugs isn't known."""
    if any(name in each.drugs for name in leaf.drugs):
        return Truth.YES
    if any(_of_class(each, words, library) for words in leaf.classes):
        return Truth.YES
    if isinstance(leaf, TreatedWith) and not each.targets.isdisjoint(leaf.targets):
        return Truth.YES
    unknown_drug = any(
        library.drug(name) is None and not each.classes and name not in library.backbones
        for name in each.drugs
    )
    return Truth.UNKNOWN if unknown_drug else Truth.NO


def treated(leaf: TreatedWith, subject: Subject, library: Library, at: date) -> Answer:
    """Whether such a treatment was given, with such an outcome."""
    treatments = given_by(subject, at)
    judged = [(each, treatment_truth(leaf, each, library)) for each in treatments]
    answer = _best(judged, leaf, subject, at)
    if answer.truth is not Truth.NO:
        return answer
    otherwise = [each for each in treatments if given(leaf, each, library) is Truth.YES]
    if not otherwise:
        return answer
    each = otherwise[0]
    reason = Reason.of("match.given-otherwise", found=each.written, what=each.outcome or each.setting or "")
    return Answer(Truth.NO, (placed(reason, each.where, each.start),))


def treatment_truth(leaf: TreatedWith, each: Treatment, library: Library) -> Truth:
    """Whether one treatment is of what is asked, with its outcome and setting."""
    conditions = [given(leaf, each, library)]
    if leaf.outcomes:
        conditions.append(Truth.UNKNOWN if each.outcome is None else of(each.outcome in leaf.outcomes))
    if leaf.setting:
        conditions.append(Truth.UNKNOWN if each.setting is None else of(each.setting == leaf.setting))
    return min(conditions)


def _best(judged: list[tuple[Treatment, Truth]], leaf: TreatedWith, subject: Subject, at: date) -> Answer:
    best = max((truth for _, truth in judged), default=Truth.NO)
    what = ", ".join(leaf.names)
    if best is not Truth.NO:
        each = next(treatment for treatment, truth in judged if truth is best)
        code = "match.given" if best is Truth.YES else "match.given-perhaps"
        reason = placed(Reason.of(code, found=each.written, what=what), each.where, each.start)
        return Answer(best, (reason,), (_SETTLE,) if best is Truth.UNKNOWN else ())
    if not told_all(subject, leaf.complete_within_days, at):
        stale = _not_all(subject, leaf.complete_within_days, at)
        code = "match.given-not-told" if not stale else "match.given-untold"
        return Answer(Truth.UNKNOWN, (Reason.of(code, what=what), *stale), (_SETTLE,))
    where = subject.treatments_complete.where if subject.treatments_complete else ""
    return Answer(Truth.NO, (placed(Reason.of("match.not-given", what=what), where, None),))


def same_target(leaf: SameTargetBefore, subject: Subject, library: Library, at: date) -> Answer:
    """Whether a drug against one of these targets was given."""
    if not leaf.targets:
        return Answer(
            Truth.UNKNOWN, (Reason.of("match.target-not-held"),), (Reason.of("settle.fact", fact="target"),)
        )
    asked = TreatedWith(targets=leaf.targets, complete_within_days=leaf.complete_within_days)
    return treated(asked, subject, library, at)


def standard(leaf: StandardIs, subject: Subject, at: date) -> Answer:
    """The doctor's statement on standard treatment, no older than asked."""
    told = subject.standard
    if told is None:
        return not_told("standard_treatment")
    return by_day(
        "standard_treatment",
        told,
        leaf.within_days,
        at,
        lambda value: says(of(value in leaf.states), "standard_treatment", told),
    )


def washout(leaf: WashoutIs, subject: Subject, library: Library, at: date) -> Answer:
    """Whether so many days have passed since every treatment that counts."""
    everything = not leaf.drugs and not leaf.classes
    counted = [
        each for each in given_by(subject, at) if everything or given(leaf, each, library) is not Truth.NO
    ]
    judged = [(each, since(leaf, each, at)) for each in counted]
    worst = min((truth for _, truth in judged), default=Truth.YES)
    if worst is Truth.YES and not told_all(subject, leaf.complete_within_days, at):
        stale = _not_all(subject, leaf.complete_within_days, at)
        reasons = stale or (Reason.of("match.washout.not-told"),)
        return Answer(Truth.UNKNOWN, reasons, (_SETTLE,))
    if not judged:
        where = subject.treatments_complete.where if subject.treatments_complete else ""
        return Answer(Truth.YES, (placed(Reason.of("match.washout.none"), where, None),))
    worst_ones = [treatment for treatment, truth in judged if truth is worst]
    each = min(worst_ones, key=lambda one: one.end.days_before(at) if one.end else (0, 0))
    return Answer(worst, (_since_reason(each, at),), (_SETTLE,) if worst is Truth.UNKNOWN else ())


def since(leaf: WashoutIs, each: Treatment, at: date) -> Truth:
    """Whether enough days have passed since one treatment."""
    if each.ongoing:
        return Truth.NO
    return Truth.UNKNOWN if each.end is None else within(each.end.days_before(at), leaf.days, None)


def _since_reason(each: Treatment, at: date) -> Reason:
    if each.ongoing:
        return placed(Reason.of("match.washout.ongoing", found=each.written), each.where, None)
    if each.end is None:
        return placed(Reason.of("match.washout.undated", found=each.written), each.where, None)
    low, high = each.end.days_before(at)
    days = str(low) if low == high else f"{low}–{high}"
    return placed(Reason.of("match.washout.days", found=each.written, days=days), each.where, each.end)
