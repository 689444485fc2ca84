"""What an answer on laboratory values or treatments rests on, as one code a tumour.

A feature holds no answer: two tumours with the same feature are answered alike, by the functions for one
patient.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from presis.knowledge import Library
from presis.matching.answers_course import given, since, told_all, treatment_truth
from presis.matching.answers_person import days_asked, outside
from presis.matching.bulk.again import day_of, treatment_of
from presis.matching.bulk.groups import Held
from presis.matching.bulk.partition import Codes, Keyed, mixed
from presis.matching.criteria import LaboratoryIs, LinesAre, TreatedWith, WashoutIs
from presis.matching.days import DaySpan
from presis.matching.laboratory import TIMES_LIMIT, lab_tests
from presis.methods.rules import Truth

_NEVER = date.min.toordinal()
#: how a treatment stood on the day asked about
NOT_BEGUN, PERHAPS, BEGUN, RUNNING = range(4)
COMPLETE = ("treatments_complete", None)


def _spans(keyed: Keyed, column: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """(rows,): the first and last ordinal of each day told, and whether one is."""
    words, places = keyed.words(column)
    days: list[DaySpan | None] = [day_of(word) if word else None for word in words]
    first = np.array([d.first.toordinal() if d else _NEVER for d in days], np.int64)
    last = np.array([d.last.toordinal() if d else _NEVER for d in days], np.int64)
    return first[places], last[places], np.array([d is not None for d in days])[places]


def laboratory_features(leaf: LaboratoryIs, held: Held, at: date) -> Codes:
    """What those values say that may be the newest, a bit each: too old, no limit, outside."""
    keyed = held.partition.observations
    rows = held.observation_rows(("laboratory", leaf.test))
    features = np.zeros(held.partition.size, np.uint64)
    if not rows.size:
        return features
    rows = rows[_spans(keyed, "day")[0][rows] <= at.toordinal()]  # what came later isn't known on the day
    first, last, dated = (each[rows] for each in _spans(keyed, "day"))
    tumours = keyed.tumours[rows]
    since = np.full(held.partition.size, _NEVER, np.int64)
    np.maximum.at(since, tumours, first)
    newest = np.flatnonzero(last >= since[tumours])
    values = keyed.values("number")[rows][newest]
    limits = keyed.values("upper_limit")[rows][newest]
    stale = ~dated[newest] | (at.toordinal() - first[newest] > days_asked(leaf))
    by_limit = leaf.unit == TIMES_LIMIT
    test = lab_tests()[leaf.test]
    missing = ~test.plausible_limit(limits) & by_limit
    limits = np.where(missing, np.nan, limits)
    measured = values / (limits if by_limit else test.converted(1.0, leaf.unit))
    beyond = outside(measured, leaf) & ~missing
    codes = stale.astype(np.uint64) * 4 + missing.astype(np.uint64) * 2 + beyond.astype(np.uint64)
    np.bitwise_or.at(features, tumours[newest], np.uint64(1) << codes)
    return features


def treatments_on(held: Held, at: date) -> NDArray[np.int8]:
    """(treatments,): how each stood on the day: not begun, perhaps, begun, or begun and ended later."""
    if ("stood", at) in held.kept:
        kept: NDArray[np.int8] = held.kept["stood", at]
        return kept
    keyed = held.partition.treatments
    start, _, start_told = _spans(keyed, "start")
    end, _, end_told = _spans(keyed, "end")
    later = end_told & (end > at.toordinal())
    undated = np.where(later, PERHAPS, BEGUN)
    begun = np.where(start_told, np.where(start <= at.toordinal(), BEGUN, NOT_BEGUN), undated)
    stood = np.where((begun == BEGUN) & later, RUNNING, begun).astype(np.int8)
    held.kept["stood", at] = stood
    return stood


def complete_features(held: Held, within_days: int | None, at: date) -> Codes:
    """(tumours,): whether all treatments are said, of late enough, to be told."""
    key = ("complete", within_days, at)
    if key not in held.kept:
        said = held.said(COMPLETE, lambda subject: told_all(subject, within_days, at))
        said[held.partition.treatments.tumours[treatments_on(held, at) == PERHAPS]] = False
        held.kept[key] = said.astype(np.uint64)
    complete: Codes = held.kept[key]
    return complete


def treated_features(leaf: TreatedWith, held: Held, library: Library, at: date) -> Codes:
    """The best that a treatment says, and whether all are told."""
    keyed, stood = held.partition.treatments, treatments_on(held, at)
    rows, places = held.contents_of_treatments
    best = np.full(held.partition.size, -1, np.int64)
    for state in (BEGUN, RUNNING):
        here = np.flatnonzero(stood == state)
        different, of_row = np.unique(places[here], return_inverse=True)
        known = [treatment_of(rows[place]) for place in different.tolist()]
        if state == RUNNING:  # what came of it isn't known yet
            known = [replace(each, outcome=None) for each in known]
        truths = np.array([treatment_truth(leaf, each, library) for each in known], np.int64)
        if here.size:
            np.maximum.at(best, keyed.tumours[here], truths[of_row])
    complete = complete_features(held, leaf.complete_within_days, at)
    return mixed(complete ^ mixed((best + 1).astype(np.uint64)))


def line_features(leaf: LinesAre, held: Held, at: date) -> Codes:
    """The highest line, how many treatments of advanced disease have none, and whether all are told."""
    keyed, size = held.partition.treatments, held.partition.size
    here = treatments_on(held, at) >= BEGUN
    lines = np.where(here, keyed.values("line"), np.nan)
    told = ~np.isnan(lines)
    highest = np.zeros(size, np.int64)
    np.maximum.at(highest, keyed.tumours[told], lines[told].astype(np.int64))
    settings, places = keyed.words("setting")
    counts = np.array([word in (None, "advanced") for word in settings])[places] & ~told & here
    open_lines = np.bincount(keyed.tumours[counts], minlength=size)
    some = np.bincount(keyed.tumours[here], minlength=size) > 0
    code = ((highest * 1000 + np.minimum(open_lines, 999)) * 2 + some).astype(np.uint64)
    return mixed(complete_features(held, leaf.complete_within_days, at) ^ mixed(code))


def washout_features(leaf: WashoutIs, held: Held, library: Library, at: date) -> Codes:
    """The worst that a treatment which counts says of the days since, and whether all are told."""
    keyed = held.partition.treatments
    rows, places = held.contents_of_treatments
    everything = not leaf.drugs and not leaf.classes
    counts = np.array(
        [everything or given(leaf, treatment_of(row), library) is not Truth.NO for row in rows], bool
    )
    ends, at_end = keyed.words("end")
    by_end = np.array(
        [
            [since(leaf, treatment_of(_ended(end, ongoing=going)), at) for going in (False, True)]
            for end in ends
        ],
        np.int64,
    )
    stood = treatments_on(held, at)
    ongoing = np.nan_to_num(keyed.values("ongoing")).astype(np.intp) | (stood == RUNNING)
    worst = np.full(held.partition.size, 3, np.int64)
    if rows:
        counted = counts[places] & (stood >= BEGUN)
        np.minimum.at(worst, keyed.tumours[counted], by_end[at_end, ongoing][counted])
    complete = complete_features(held, leaf.complete_within_days, at)
    return mixed(complete ^ mixed(worst.astype(np.uint64)))


def _ended(end: str | None, *, ongoing: bool) -> dict[str, Any]:
    names = ("drugs", "classes", "targets", "line", "setting", "start", "response", "outcome")
    return {**dict.fromkeys(names), "end": end, "ongoing": ongoing}
