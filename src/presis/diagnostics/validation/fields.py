"""Class, tier and value of one finding: the laboratory's against every one that Presis holds possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from presis.diagnostics.report_model import FindingJson, OptionJson, ReportContent
from presis.diagnostics.validation.outcome import AGREE, DIFFER, OPEN, POSSIBLE

_ESCAT_ORDER = ("I-A", "I-B", "I-C", "II-A", "II-B", "III-A", "III-B", "III-C", "IV-A", "IV-B", "V", "X")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a comparison came to, what Presis says, and why."""

    outcome: str
    presis: str
    why: tuple[str, ...] = ()


def compare_class(told: str, finding: FindingJson) -> Answer:
    """The oncogenicity class; met and open criteria are the reason where it isn't the same."""
    onco = finding.oncogenicity
    if onco is None:
        return Answer(OPEN, "no class", ("the change can't be read as one of a protein or splice site",))
    shown = " or ".join(each.replace("_", " ") for each in onco.classes)
    if onco.classes == [told]:
        return Answer(AGREE, shown)
    met = [
        f"{each.label} {_points(each.points)}: {each.why}" for each in onco.criteria if each.state == "met"
    ]
    waiting = [
        f"{each.label} could add {each.could_add}: {each.why}" for each in onco.criteria if each.could_add
    ]
    low, high = onco.total
    total = f"{low} points" if low == high else f"{low} to {high} points"
    outcome = POSSIBLE if told in onco.classes else DIFFER
    return Answer(outcome, shown, (total, *met, *waiting))


def _points(points: int | list[int]) -> str:
    return str(points) if isinstance(points, int) else f"{points[0]} to {points[1]}"


def compare_tier(scale: str, told: str, finding: FindingJson, content: ReportContent) -> Answer:
    """The AMP or ESCAT tier. A tier where the other side has none is a difference."""
    about = [each for each in content.options if any(one.id == finding.id for one in each.findings)]
    if scale == "escat":
        return _escat(told, about)
    civic = (
        f"CIViC {each.evidence_id} ({each.direction}) proposes level {each.proposed_amp_level}"
        for each in content.civic
        if each.finding == finding.label and each.proposed_amp_level is not None
    )
    nothing = "no drug speaks for or against it: the tier follows its class and its frequency in populations"
    reasons = tuple(dict.fromkeys((*map(_option, about), *civic))) or (nothing,)
    if finding.amp is None:
        return Answer(DIFFER, "no tier", ("no evidence for this finding in this tumour type",))
    possible = [f"{each.tier}-{each.level}" if each.level else each.tier for each in finding.amp.possible]
    fitting = [each for each in possible if told in (each, each.partition("-")[0])]
    note = () if finding.amp.note is None else (finding.amp.note,)
    shown = " or ".join(possible)
    if len(fitting) == len(possible):
        return Answer(AGREE, shown)
    return Answer(POSSIBLE if fitting else DIFFER, shown, (*note, *reasons))


def _option(option: OptionJson) -> str:
    tiers = "no tier" if option.amp is None else option.amp.text
    open_points = "".join(f"; {each.text}" for each in (option.note, *option.why) if each is not None)
    return f"{option.drug} ({option.direction}): {tiers}{open_points}"


def _escat(told: str, options: Sequence[OptionJson]) -> Answer:
    tiers = sorted({tier.tier for each in options for tier in each.escat or ()}, key=_ESCAT_ORDER.index)
    if not tiers:
        rows = sorted({row for each in options for row in each.escat_not_confirmed})
        if rows:
            return Answer(OPEN, "not confirmed", (f"rows wait for confirmation: {', '.join(rows)}",))
        return Answer(DIFFER, "no tier", ("no curated row for this finding in this tumour type",))
    shown = ", ".join(tiers)
    drugs = tuple(f"{t.text}: {each.drug} ({t.row})" for each in options for t in each.escat or ())
    if told == tiers[0]:
        return Answer(AGREE, shown)
    return Answer(POSSIBLE if told in tiers else DIFFER, shown, drugs)


def compare_value(kind: str, told: str, finding: FindingJson) -> Answer:
    """MSI by its status; a number within half a unit of the last digit that the laboratory wrote."""
    reason = () if finding.marker_reason is None else (finding.marker_reason.text,)
    if kind == "msi":
        if finding.marker_class is None:
            return Answer(OPEN, "no status", reason)
        outcome = AGREE if finding.marker_class == told else DIFFER
        return Answer(outcome, finding.marker_class, () if outcome == AGREE else reason)
    if finding.value is None:
        return Answer(OPEN, "no value", reason)
    wanted, seen = Decimal(told), Decimal(repr(finding.value))
    exponent = wanted.as_tuple().exponent
    half = Decimal(5).scaleb(int(exponent) - 1)
    shown = format(seen.normalize(), "f")
    if abs(wanted - seen) <= half:
        return Answer(AGREE, shown)
    return Answer(DIFFER, shown, reason)
