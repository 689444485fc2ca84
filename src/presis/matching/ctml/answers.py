"""Trials against a cohort: MatchEngine's answer, and the strict one with what parts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from presis.matching.ctml.columns import Column
from presis.matching.ctml.coverage import Coverage
from presis.matching.ctml.criteria import NEVER_TESTED, Alive, Clinical, Criterion
from presis.matching.ctml.patients import Cohort
from presis.matching.ctml.reading import Clause, Trial
from presis.matching.ctml.strict import Strict
from presis.matching.ctml.upstream import Upstream, upstream_rule, with_reason
from presis.methods.reasons import Reason
from presis.methods.rules import AllOf, AnyOf, Leaf, Rule, Truth, Truths, evaluate, evaluate_array, leaves


@dataclass(frozen=True, slots=True)
class Asking:
    """When ages count, and what is asked beyond what MatchEngine asks by default."""

    at: date
    match_on_closed: bool = False
    match_on_deceased: bool = False
    all_clinical_reasons: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """A sample that may match, and what would settle it."""

    sample: str
    settled_by: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A sample on which MatchEngine and the strict answer part, and why."""

    sample: str
    upstream: bool
    strict: Truth
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """A trial's strict answer: who matches, who may, and where MatchEngine says otherwise."""

    satisfied: tuple[str, ...]
    unknown: tuple[Unknown, ...]
    differs: tuple[Difference, ...]


class _Upstream:
    """MatchEngine's answers, each criterion asked once."""

    def __init__(self, cohort: Cohort, asking: Asking) -> None:
        self.upstream = Upstream(cohort, asking.at)
        self.asking = asking
        self.size = len(cohort.patients)
        self.known: dict[str, Truths] = {}

    def ask(self, criterion: Criterion) -> Truths:
        key = repr(criterion)  # typed: 1, 1.0, True and "1" are not the same
        if key not in self.known:
            self.known[key] = self.upstream.ask(criterion)
        return self.known[key]

    def matches(
        self, clauses: Iterable[Clause], *, as_written: bool = False, all_clinical: bool | None = None
    ) -> Truths:
        """Who matches a clause; or would, if MatchEngine took nested lists as they are written.

        `all_clinical` is whether a way through clinical criteria alone counts; left out, as asked.
        """
        found = np.zeros(self.size, np.int8)
        counts = self.asking.all_clinical_reasons if all_clinical is None else all_clinical
        for clause in clauses:
            rule = upstream_rule(clause.rule if as_written or clause.run is None else clause.run)
            if rule is not None and not counts:
                rule = with_reason(rule)
            if rule is not None:
                np.maximum(found, evaluate_array(rule, self.ask, self.size), out=found)
        return found if self.asking.match_on_deceased else np.minimum(found, self.ask(Alive()))


class _Strict:
    """Strict answers, each criterion asked once."""

    def __init__(self, cohort: Cohort, coverage: Coverage, asking: Asking) -> None:
        self.strict = Strict(cohort, coverage, asking.at)
        self.known: dict[str, tuple[Column, Truths]] = {}

    def column(self, criterion: Criterion) -> Column:
        return self._of(criterion)[0]

    def ask(self, criterion: Criterion) -> Truths:
        return self._of(criterion)[1]

    def _of(self, criterion: Criterion) -> tuple[Column, Truths]:
        key = repr(criterion)
        if key not in self.known:
            column = self.strict.ask(criterion)
            self.known[key] = (column, column.truths())
        return self.known[key]


def upstream_matches(trials: Iterable[Trial], cohort: Cohort, asking: Asking) -> dict[str, list[str]]:
    """For each trial the samples that MatchEngine matches, sorted."""
    upstream = _Upstream(cohort, asking)
    return {trial.protocol: _samples(upstream.matches(_asked(trial, asking)), cohort) for trial in trials}


def upstream_answers(
    trials: Iterable[Trial], cohort: Cohort, asking: Asking
) -> tuple[dict[str, list[str]], dict[str, int]]:
    """`upstream_matches`, and of trials of which samples stay untold how many.

    To those only clinical criteria lead, and MatchEngine writes no match of that.
    """
    upstream = _Upstream(cohort, asking)
    found, untold = {}, {}
    for trial in trials:
        clauses = _asked(trial, asking)
        matched = upstream.matches(clauses)
        found[trial.protocol] = _samples(matched, cohort)
        if count := int(np.count_nonzero(upstream.matches(clauses, all_clinical=True) != matched)):
            untold[trial.protocol] = count
    return found, untold


def _asked(trial: Trial, asking: Asking) -> Sequence[Clause]:
    return trial.asked(match_on_closed=asking.match_on_closed)


def _samples(matched: Truths, cohort: Cohort) -> list[str]:
    return sorted(cohort.patients[place].sample for place in np.flatnonzero(matched))


def strict_verdicts(
    trials: Iterable[Trial], cohort: Cohort, coverage: Coverage, asking: Asking
) -> dict[str, Verdicts]:
    """For each trial who matches and who may, and where MatchEngine says otherwise."""
    upstream, strict = _Upstream(cohort, asking), _Strict(cohort, coverage, asking)
    return dict(_verdicts_of(trials, cohort, upstream, strict))


def _verdicts_of(
    trials: Iterable[Trial], cohort: Cohort, upstream: _Upstream, strict: _Strict
) -> Iterator[tuple[str, Verdicts]]:
    samples = [each.sample for each in cohort.patients]
    order = np.array(sorted(range(len(samples)), key=samples.__getitem__), np.intp)
    for trial in trials:
        clauses = _asked(trial, upstream.asking)
        rule = _trial_rule(clauses, upstream.asking)
        truths = evaluate_array(rule, strict.ask, len(samples))
        matched = upstream.matches(clauses)
        past = _went_past(clauses, matched, upstream)
        untold = upstream.matches(clauses, all_clinical=True) != matched
        told = order[((truths == Truth.UNKNOWN) | (truths != matched))[order]]
        unknown, differs = [], []
        explained = _explain(rule, told, upstream, strict)
        for place, (settled_by, why) in zip(told.tolist(), explained, strict=True):
            truth, sample = Truth(int(truths[place])), samples[place]
            if truth is Truth.UNKNOWN:
                unknown.append(Unknown(sample, settled_by))
            because = (*why, Reason("way_past")) if past[place] else why
            because = (*because, Reason("clinical_alone")) if untold[place] else because
            differs.append(Difference(sample, bool(matched[place]), truth, because))
        satisfied = tuple(samples[place] for place in order[(truths == Truth.YES)[order]])
        yield trial.protocol, Verdicts(satisfied, tuple(unknown), tuple(differs))


def _went_past(clauses: Sequence[Clause], matched: Truths, upstream: _Upstream) -> NDArray[np.bool_]:
    """Whose answer of MatchEngine comes of its way through nested lists."""
    if all(clause.run is None for clause in clauses):
        return np.zeros(upstream.size, np.bool_)
    return np.not_equal(matched, upstream.matches(clauses, as_written=True))


def _trial_rule(clauses: Sequence[Clause], asking: Asking) -> Rule[Criterion]:
    """Any clause is enough; alive, unless that isn't asked."""
    anything: Rule[Criterion] = AnyOf(tuple(clause.rule for clause in clauses))
    return anything if asking.match_on_deceased else AllOf((Leaf(Alive()), anything))


Explanation = tuple[tuple[Reason, ...], tuple[Reason, ...]]


def _explain(
    rule: Rule[Criterion], places: NDArray[np.intp], upstream: _Upstream, strict: _Strict
) -> list[Explanation]:
    """What would settle each patient, and why MatchEngine differs: once for each pattern of answers."""
    criteria = {repr(each): each for each in leaves(rule)}
    if not len(places) or not criteria:
        return [((), ())] * len(places)
    columns = {key: strict.column(each) for key, each in criteria.items()}
    rows = [
        column.index[places] * 2 + _upstream_bit(criteria[key], upstream)[places]
        for key, column in columns.items()
    ]
    patterns, which = np.unique(np.stack(rows), axis=1, return_inverse=True)
    explained = [_of_pattern(rule, columns, criteria, patterns[:, at]) for at in range(patterns.shape[1])]
    return [explained[at] for at in which.reshape(-1)]


def _upstream_bit(criterion: Criterion, upstream: _Upstream) -> NDArray[np.intp]:
    if _is_passed_over(criterion):
        return np.zeros(upstream.size, np.intp)
    return np.where(upstream.ask(criterion) == Truth.YES, 1, 0).astype(np.intp)


def _is_passed_over(criterion: Criterion) -> bool:
    return isinstance(criterion, Clinical) and criterion.condition.key in NEVER_TESTED


def _of_pattern(
    rule: Rule[Criterion],
    columns: Mapping[str, Column],
    criteria: Mapping[str, Criterion],
    pattern: NDArray[np.intp],
) -> Explanation:
    keys = list(columns)
    answers = {key: columns[key].answers[code // 2] for key, code in zip(keys, pattern.tolist(), strict=True)}
    found = evaluate(rule, lambda leaf: answers[repr(leaf)])
    apart = {
        key
        for key, code in zip(keys, pattern.tolist(), strict=True)
        if _is_passed_over(criteria[key])
        or (answers[key].truth is Truth.YES) != bool(code % 2)
        or answers[key].truth is Truth.UNKNOWN
    }
    decisive = [repr(leaf.rule.of) for leaf in found.decisive() if isinstance(leaf.rule, Leaf)]
    chosen = [key for key in dict.fromkeys(decisive) if key in apart] or [key for key in keys if key in apart]
    reasons = {repr(reason): reason for key in chosen for reason in answers[key].reasons}
    return found.settled_by(), tuple(reasons.values())
