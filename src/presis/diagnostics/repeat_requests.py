"""What a failed result asks for: the library again, a new extract, or new tissue; by what failed.

Each earlier failure of the same specimen for the same thing moves one step further. Data:
`rules/several_results.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from presis.diagnostics.limits import DNA_ALTERATIONS, RNA_ALTERATIONS
from presis.diagnostics.profile import Alteration, MolecularProfile, Verdict
from presis.diagnostics.several_results import rule, tumour_dna
from presis.diagnostics.signatures import LOW_CONTENT
from presis.diagnostics.tumour_content import assessable, least_content
from presis.methods.reasons import Reason


@dataclass(frozen=True, slots=True)
class Request:
    """What to do, for which alterations, and why. `ask`: `repeat`, `re_extraction`, `new_tissue`, `none`."""

    ask: str
    alterations: tuple[Alteration, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Failure:
    what: str
    alterations: tuple[Alteration, ...]
    reason: Reason


def requests(profile: MolecularProfile, before: Sequence[MolecularProfile] = ()) -> tuple[Request, ...]:
    """What a result asks for; `before` are earlier results of the same specimen."""
    earlier = [{what for each in _failures(other) for what in each.alterations} for other in before]
    return tuple(_request(each, earlier) for each in _failures(profile))


def _request(failure: _Failure, earlier: Sequence[set[Alteration]]) -> Request:
    rows = rule()["requests"]
    ask = next(row["ask"] for row in rows if failure.what in row["failed"] or "any" in row["failed"])
    steps = rule()["steps"]
    times = sum(not each.isdisjoint(failure.alterations) for each in earlier)
    if ask in steps:
        ask = steps[min(steps.index(ask) + times, len(steps) - 1)]
    return Request(ask, failure.alterations, failure.reason)


def _failures(profile: MolecularProfile) -> Iterator[_Failure]:
    specimen, quality = profile.specimen, profile.quality
    if specimen.dna_failed and specimen.rna_failed:
        yield _Failure("both-failed", tuple(Alteration), Reason.of("request-why.both-failed"))
    elif specimen.dna_failed:
        yield _Failure("dna-failed", DNA_ALTERATIONS, Reason.of("request-why.dna-failed"))
    elif specimen.rna_failed:
        yield _Failure("rna-failed", RNA_ALTERATIONS, Reason.of("request-why.rna-failed"))
    if quality.contaminated:
        yield _Failure("contaminated", DNA_ALTERATIONS, Reason.of("request-why.contaminated"))
    for each in quality.measures:
        told = quality.contaminated and each.metric.startswith("CONTAMINATION")
        if each.verdict is Verdict.FAIL and not told:
            found = "–" if each.value is None else f"{each.value:.10g}"
            yield _Failure(
                each.metric, each.governs, Reason.of("request-why.metric", metric=each.metric, found=found)
            )
    yield from _steps(profile)
    yield from _few_cells(profile)
    plasma = tumour_dna(profile)
    if plasma is not None and plasma.code == "tumour-dna.low":
        yield _Failure("no-tumour-dna", tuple(Alteration), Reason.of("request-why.no-tumour-dna"))


def _few_cells(profile: MolecularProfile) -> Iterator[_Failure]:
    """What the share of tumour cells can't tell, where that share is told."""
    cells = profile.specimen.tumour_cell_fraction
    covers = assessable(profile).covers
    touched = tuple(each for each, told in covers.items() if told.reason == LOW_CONTENT)
    if cells is not None and touched:
        limit = min(least_content(each) for each in touched)
        reason = Reason.of("request-why.tumour-cells", fraction=cells, limit=limit)
        yield _Failure("tumour-cells", touched, reason)


def _steps(profile: MolecularProfile) -> Iterator[_Failure]:
    """Steps of the analysis that failed: said in the reasons of quality, with what they make unknown."""
    groups: dict[str, list[Alteration]] = {}
    for alteration, reasons in profile.quality.unknown.items():
        for text in reasons:
            if text.startswith(("FAILED_STEPS", "STEPS_NOT_EXECUTED", "COMPLETED_ALL_STEPS")):
                groups.setdefault(text, []).append(alteration)
    for text, alterations in groups.items():
        yield _Failure(text.split(" ")[0], tuple(alterations), Reason.of("request-why.step", found=text))
