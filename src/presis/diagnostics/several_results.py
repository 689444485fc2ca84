"""Several results of one patient: which counts for each alteration, and why the others don't.

A failed result never replaces a good one; a repeat stands in only for what failed before it; plasma
adds findings and rules none out. The rule is data: `rules/several_results.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from presis.diagnostics.profile import Alteration, MolecularProfile, Tested
from presis.diagnostics.readers.sample_id import bare, parse_library
from presis.methods.reasons import Reason
from presis.programme.files import load_yaml

FILE = "rules/several_results.yaml"
_RUN_DATE = re.compile(r"(\d{6})_")


@dataclass(frozen=True, slots=True)
class Counting:
    """Which result counts for one alteration: its place among the results, or None if none does.

    `reasons` holds one for each result, in order: why it counts, or why it doesn't.
    """

    alteration: Alteration
    counts: int | None
    reasons: tuple[Reason, ...]


def rule() -> Any:
    """The rule's data."""
    return load_yaml(FILE)


def is_adequate(profile: MolecularProfile, alteration: Alteration) -> bool:
    """Whether a result can be relied on for an alteration, a negative too."""
    covers = profile.covers.get(alteration)
    return covers is not None and covers.state.value in rule()["counting"]["adequate"]


def same_specimen(one: MolecularProfile, other: MolecularProfile) -> bool:
    """Whether two results are of one specimen: the same id, or the same codes of patient and specimen.

    `X-D01` and `X-D02` carry no codes of a specimen, so they count as two.
    """
    for first in filter(None, (one.dna_sample, one.rna_sample, one.sample)):
        for second in filter(None, (other.dna_sample, other.rna_sample, other.sample)):
            if bare(first) == bare(second):
                return True
            a, b = parse_library(first), parse_library(second)
            if a and b and a.patient == b.patient and a.specimen == b.specimen and a.specimen:
                return True
    return False


def which_count(profiles: Sequence[MolecularProfile]) -> tuple[Counting, ...]:
    """For each alteration that any of the results looked at, the one that counts."""
    return tuple(
        _count(alteration, profiles)
        for alteration in Alteration
        if any(_looked(each, alteration) for each in profiles)
    )


def _looked(profile: MolecularProfile, alteration: Alteration) -> bool:
    covers = profile.covers.get(alteration)
    return covers is not None and covers.state is not Tested.NO


def _count(alteration: Alteration, profiles: Sequence[MolecularProfile]) -> Counting:
    reasons: dict[int, Reason] = {}
    tissue = [i for i, each in enumerate(profiles) if each.assay.kind != "ctdna"]
    for i, each in enumerate(profiles):
        if i not in tissue:
            told = tumour_dna(each) or Reason.of("tumour-dna.not-told")
            reasons[i] = Reason.of("several.plasma-positive") if tissue else told
        elif not is_adequate(each, alteration):
            covers = each.covers.get(alteration)
            why = "not_reported" if covers is None else covers.reason
            reasons[i] = Reason.of(f"why-not.{why}")
    groups = _specimens(tissue, profiles, alteration)
    winners = [_of_specimen(group, profiles, reasons) for group in groups]
    counts = None if None in winners else _latest_of([each for each in winners if each is not None], profiles)
    for i in (each for each in winners if each is not None):
        if i == counts:
            reasons.setdefault(i, Reason.of("several.only-one" if len(tissue) == 1 else "several.latest"))
        else:
            reasons[i] = Reason.of("several.no-date" if counts is None else "several.earlier")
    ordered = tuple(reasons.get(i, Reason.of("several.no-date")) for i in range(len(profiles)))
    return Counting(alteration, counts, ordered)


def _latest_of(places: Sequence[int], profiles: Sequence[MolecularProfile]) -> int | None:
    if len(places) == 1:
        return places[0]
    return latest([profiles[i].specimen.collected for i in places], places)


def _specimens(
    places: Sequence[int], profiles: Sequence[MolecularProfile], alteration: Alteration
) -> list[list[int]]:
    """Results by specimen, each in the order in which they were made where that is told."""
    groups: list[list[int]] = []
    for i in places:
        if not _looked(profiles[i], alteration):
            continue
        home = next((g for g in groups if same_specimen(profiles[g[0]], profiles[i])), None)
        if home is None:
            groups.append([i])
        else:
            home.append(i)
    ordered = [sorted(group, key=lambda i: made(profiles[i]) or ("", "")) for group in groups]
    return [group for group in ordered if any(is_adequate(profiles[i], alteration) for i in group)]


def made(profile: MolecularProfile) -> tuple[str, str] | None:
    """When a result was made, beside others of its specimen: the run's day, else the library's number."""
    run = _RUN_DATE.match(profile.run or "")
    if run is not None:
        return "run", run[1]
    library = parse_library(profile.dna_sample or profile.rna_sample or profile.sample)
    return None if library is None else ("library", library.number)


def made_before(one: MolecularProfile, other: MolecularProfile) -> bool:
    """Whether a result was made before another of its specimen; false where that isn't told."""
    first, second = made(one), made(other)
    return first is not None and second is not None and first[0] == second[0] and first[1] < second[1]


def _of_specimen(
    group: list[int], profiles: Sequence[MolecularProfile], reasons: dict[int, Reason]
) -> int | None:
    """Of one specimen's results the first adequate one; None where which is first isn't told."""
    adequate = [i for i in group if i not in reasons]
    failed = [i for i in group if i in reasons]
    first = next(
        (i for i in adequate if all(j == i or made_before(profiles[i], profiles[j]) for j in adequate)), None
    )
    if first is None:
        for i in adequate:
            reasons[i] = Reason.of("several.no-date")
        return None
    for i in adequate:
        if i != first:
            reasons[i] = Reason.of("several.original-stands", other=profiles[first].sample)
    before = [i for i in failed if made_before(profiles[i], profiles[first])]
    if before:
        reasons[first] = Reason.of("several.repeat-of-failed", other=profiles[before[-1]].sample)
    return first


def latest(dates: Sequence[str | None], places: Sequence[int]) -> int | None:
    """The place of the latest date; None where dates are missing, or known too coarsely to tell."""
    for i, own in zip(places, dates, strict=True):
        others = [other for j, other in zip(places, dates, strict=True) if j != i]
        if own is not None and all(other is not None and is_later(own, other) for other in others):
            return i
    return None


def is_later(one: str, other: str) -> bool:
    """Whether a day, month or year lies wholly after another: `2026` isn't after `2026-03`."""
    length = min(len(one), len(other))
    return one[:length] > other[:length]


def tumour_dna(profile: MolecularProfile) -> Reason | None:
    """How much tumour DNA a plasma sample shows; None for tissue."""
    if profile.assay.kind != "ctdna":
        return None
    limits = rule()["plasma"]
    measure = next((m for m in profile.quality.measures if m.metric == limits["metric"]), None)
    if measure is None or measure.value is None:
        return Reason.of("tumour-dna.not-told")
    fraction = measure.value / 100 if measure.unit == "%" else measure.value
    if fraction < limits["low_below"]:
        return Reason.of("tumour-dna.low", fraction=fraction, limit=limits["low_below"])
    return Reason.of("tumour-dna.seen", fraction=fraction)
