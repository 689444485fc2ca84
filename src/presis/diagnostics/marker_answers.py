"""What pathology's markers settle: biomarkers that a panel can't show, or couldn't show this time.

Three-valued, by the cases in `rules/pathology_markers.yaml`: the first case all of whose conditions
hold decides. Several results of one test that don't agree fulfil no condition, so nothing is settled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from presis.diagnostics.marker_vocabulary import FILE, kinds, method_names
from presis.diagnostics.pathology import Disagreement, PathologyMarker
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.readers.values import UnreadableError, number
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Truth
from presis.programme.files import load_yaml

#: `PD-L1 TPS >= 50`: a number of a marker that the vocabulary holds
NUMERIC = re.compile(r"(?P<marker>.+?) (?P<sign>>=|<) (?P<limit>\d+(?:\.\d+)?)")
_WORDS = {"yes": Truth.YES, "no": Truth.NO, "unknown": Truth.UNKNOWN}
_OPPOSITE = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}
#: scores that say that nothing is wrong: no finding for another tumour type's drug
NORMAL = frozenset(
    {"retained", "proficient", "MSS", "MSI-L", "negative", "not_amplified", "not_rearranged", "0"}
)


@dataclass(frozen=True, slots=True)
class Result:
    """A marker's result with its id in the profile."""

    id: str
    marker: PathologyMarker


def results(profile: MolecularProfile) -> tuple[Result, ...]:
    """Every result that gave an answer; ids `pm:0`, by the place in the profile."""
    return tuple(Result(f"pm:{index}", each) for index, each in enumerate(profile.markers) if each.assessable)


def result_reason(marker: PathologyMarker) -> Reason:
    """A result as a reason: its words are the catalogue's."""
    method = method_names()[marker.method]
    if marker.low is not None:
        unit = marker.unit or ""
        score = f"{marker.score} {unit}".strip() if unit not in ("CPS", "score") else marker.score
        return Reason.of("marker-result.number", name=marker.name, method=method, score=score)
    if re.fullmatch(r"[0-3]\+?|MS[SI](?:-[HL])?", marker.score):
        return Reason.of("marker-result.number", name=marker.name, method=method, score=marker.score)
    return Reason.of(f"marker-result.{marker.score}", name=marker.name, method=method)


def normal_ids(profile: MolecularProfile) -> frozenset[str]:
    """Results that are as in a healthy cell."""
    return frozenset(each.id for each in results(profile) if each.marker.score in NORMAL)


def carrying_findings(ids: Sequence[str], profile: MolecularProfile, *, in_doubt: bool) -> tuple[str, ...]:
    """Of the findings behind an option, those that carry it.

    A result of pathology beside a finding of the panel is a condition that is met, not another
    finding; nor is a usual result beside one that isn't. With `in_doubt` something else that the option
    asks isn't known: then pathology's results alone don't carry it.
    """
    if in_doubt and all(each.startswith("pm:") for each in ids):
        return ()
    panel = [each for each in ids if not each.startswith("pm:")]
    if any(each != "msi" and not each.startswith("wt:") for each in panel):
        return tuple(panel)
    unusual = [each for each in ids if each not in normal_ids(profile)]
    return tuple(unusual or ids)


@cache
def _records() -> Mapping[str, Any]:
    return {each["biomarker"]: each for each in load_yaml(FILE)["settles"]}


def biomarkers() -> tuple[str, ...]:
    """Every biomarker that a result of pathology may settle."""
    return tuple(_records())


def _carries(biomarker: str) -> bool:
    """Whether a biomarker may be what a drug is given for, and not only a condition beside it."""
    return bool(_records().get(biomarker, {}).get("carries", True))


def by_pathology(biomarker: str, profile: MolecularProfile) -> Answer | None:
    """What pathology says of a biomarker; None if it tested nothing of it, or no rule is held."""
    found = results(profile)
    numeric = NUMERIC.fullmatch(biomarker)
    if numeric is not None:
        return _by_number(numeric, found)
    record = _records().get(biomarker)
    if record is None or not found:
        return None
    opposite = record.get("opposite_of")
    if opposite is not None:
        answer = by_pathology(opposite, profile)
        return None if answer is None else replace(answer, truth=_OPPOSITE[answer.truth])
    answer = _by_cases(biomarker, record["cases"], found)
    if (answer is None or answer.truth is Truth.UNKNOWN) and "else_by" in record:
        return by_pathology(record["else_by"], profile) or answer
    return answer


def _by_cases(biomarker: str, cases: Sequence[Mapping[str, Any]], found: Sequence[Result]) -> Answer | None:
    seen: dict[str, Result] = {}
    for case in cases:
        hits = [_hits(condition, found) for condition in case["when"]]
        seen |= {each.id: each for condition in case["when"] for each in _of(condition, found)}
        if all(hits):
            used = {each.id: each for group in hits if group for each in group}
            return _answer(_WORDS[case["then"]], tuple(used.values()), biomarker, case.get("test"))
    return _answer(Truth.UNKNOWN, tuple(seen.values()), biomarker, None) if seen else None


def _answer(truth: Truth, used: Sequence[Result], biomarker: str, test: str | None) -> Answer:
    reasons = tuple(dict.fromkeys(_Told(result_reason(each.marker)) for each in used))
    settled: tuple[Reason, ...] = ()
    if truth is Truth.UNKNOWN:
        if test is None:
            settled = (Reason.of("settle.marker-again", marker=biomarker),)
        else:
            settled = (Reason.of("settle.other-test", test=test, marker=biomarker),)
    return Answer(truth, tuple(each.reason for each in reasons), settled, tuple(each.id for each in used))


@dataclass(frozen=True, slots=True)
class _Told:
    """A reason that can be compared."""

    reason: Reason

    def __hash__(self) -> int:
        return hash((self.reason.code, tuple(self.reason.values.items())))


def _of(condition: Mapping[str, Any], found: Sequence[Result]) -> Iterator[Result]:
    for each in found:
        if each.marker.marker in condition["markers"] and each.marker.method == condition["method"]:
            yield each


def _hits(condition: Mapping[str, Any], found: Sequence[Result]) -> tuple[Result, ...]:
    """The results that fulfil a condition; empty if it doesn't hold, or isn't sure to."""
    hits: list[Result] = []
    some = "some" in condition
    for marker in condition["markers"]:
        own = [each for each in _of(condition, found) if each.marker.marker == marker]
        good = bool(own) and all(_fits(condition, each.marker) for each in own)
        if good:
            hits += own
        elif not some:
            return ()
    return tuple(hits)


def matching(condition: Mapping[str, Any], profile: MolecularProfile) -> tuple[Result, ...]:
    """As a condition of a rule is asked of a profile: the results that fulfil it, or none."""
    return _hits(condition, results(profile))


def _fits(condition: Mapping[str, Any], marker: PathologyMarker) -> bool:
    assays = condition.get("assay")
    if assays is not None and not any(name.casefold() in (marker.assay or "").casefold() for name in assays):
        return False
    if "least" in condition:
        return _compared(marker, ">=", condition["least"]) is Truth.YES
    if "below" in condition:
        return _compared(marker, "<", condition["below"]) is Truth.YES
    return marker.score in condition.get("each", condition.get("some", ()))


def _compared(marker: PathologyMarker, sign: str, limit: float | str) -> Truth:
    """A number against a limit, three-valued where the score is a span."""
    bound = _threshold(marker) if limit == "threshold" else float(limit)
    if bound is None or marker.low is None or marker.high is None:
        return Truth.UNKNOWN
    if marker.low >= bound:
        reached = Truth.YES
    elif marker.high < bound or (marker.high == bound and marker.high_open):
        reached = Truth.NO
    else:
        reached = Truth.UNKNOWN
    return reached if sign == ">=" else _OPPOSITE[reached]


def _threshold(marker: PathologyMarker) -> float | None:
    """The laboratory's own limit, where the file gives one: `42`, `>= 42`."""
    text = (marker.threshold or "").replace("≥", "").replace(">=", "").strip().removesuffix("%").strip()
    try:
        return number(text)
    except UnreadableError:
        return None


def _by_number(numeric: re.Match[str], found: Sequence[Result]) -> Answer | None:
    name, sign, limit = numeric["marker"], numeric["sign"], float(numeric["limit"])
    own = [each for each in found if each.marker.marker == name and each.marker.low is not None]
    if not own:
        return None
    truths = {_compared(each.marker, sign, limit) for each in own}
    truth = truths.pop() if len(truths) == 1 else Truth.UNKNOWN
    return _answer(truth, own, f"{name} {sign} {limit:g}", None)


def is_numeric(biomarker: str) -> bool:
    """Whether a text asks for a number of a marker in the vocabulary."""
    match = NUMERIC.fullmatch(biomarker)
    return match is not None and any(
        kind.marker == match["marker"] and kind.least is not None for kind in kinds().values()
    )


def settled(
    names: Sequence[str],
    panel: Answer,
    profile: MolecularProfile,
    disagreements: Sequence[Disagreement],
    *,
    by_panel: bool,
) -> Answer:
    """A leaf's answer with what pathology says of the biomarkers that it is about.

    Where methods disagree it is unknown, with both. Else the panel's own yes or no stands, and
    pathology answers what the panel can't (`by_panel` false) or couldn't (unknown).
    """
    carrying = any(map(_carries, names))
    for each in disagreements:
        if not each.unsettles.isdisjoint(names):
            told = Reason.of("disagreement.open", subject=each.subject)
            ids = tuple(dict.fromkeys((*panel.evidence, *each.findings))) if carrying else ()
            return Answer(Truth.UNKNOWN, (told,), (each.settled_by,), ids)
    answers = [answer for name in names if (answer := by_pathology(name, profile)) is not None]
    if not answers:
        return panel
    best = max(answers, key=lambda answer: answer.truth)
    if not by_panel:
        return best if carrying else replace(best, evidence=())
    if panel.truth is Truth.UNKNOWN:
        if best.truth is Truth.NO and len(answers) < len(names):
            return panel  # another gene of the question may still hold
        ids = tuple(dict.fromkeys((*panel.evidence, *best.evidence)))
        if best.truth is Truth.UNKNOWN:
            return replace(panel, reasons=(*panel.reasons, *best.reasons))
        return replace(best, evidence=ids if best.truth is Truth.YES else ())
    if panel.truth is Truth.NO and best.truth is Truth.YES:
        both = (*panel.reasons, *best.reasons)
        return Answer(
            Truth.UNKNOWN, both, (Reason.of("settle.marker-again", marker=names[0]),), best.evidence
        )
    return panel
