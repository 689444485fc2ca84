"""What was read with the tumour's content in mind, in words of one language."""

from __future__ import annotations

from collections.abc import Sequence

from presis.diagnostics.report_limits import UntestedRow
from presis.diagnostics.report_model import FindingJson, ReportContent
from presis.diagnostics.report_parts import ReasonJson
from presis.diagnostics.report_tumour_model import AllelicJson, FollowUpJson, PartJson
from presis.diagnostics.signatures import FEW_CELLS
from presis.documents.language import Words
from presis.documents.runs import Runs
from presis.methods.reasons import Reason

#: More lines than these of one kind are in the JSON report only.
MOST_LINES = 12
_NOT_REPORTED = "tumour-content.not-reported"


def _why(reasons: Sequence[ReasonJson], say: Words) -> str:
    return "; ".join(say.why(Reason(each.code, each.values)) for each in reasons)


def origin_text(finding: FindingJson, say: Words) -> str:
    """Where a variant comes from, in three words; empty where nobody asked."""
    if finding.origin is None:
        return ""
    proven = "-proven" if finding.origin.proven else ""
    return say.say(f"origin.short.{finding.origin.kind}{proven}")


def copies_text(finding: FindingJson, say: Words) -> str:
    """Copies in the tumour cells as a range; empty where nobody asked or no share is known."""
    copies = finding.copies
    if copies is None:
        return ""
    if copies.best is None or copies.low is None:
        if copies.why is None or copies.why.code != "copies.below-zero":
            return ""
        return say.say("tumour.copies-none", {"why": _why([copies.why], say)})
    values = {"best": round(copies.best, 1), "low": round(copies.low, 1)}
    if copies.high is None:
        return say.say("tumour.copies-open", values)
    return say.say("tumour.copies", {**values, "high": round(copies.high, 1)})


def interval_text(finding: FindingJson, say: Words) -> str:
    """A rate's interval, and the limits that it reaches across."""
    interval = finding.interval
    if interval is None:
        return ""
    values = {"low": round(interval.low, 1), "high": round(interval.high, 1)}
    if not interval.crossed:
        return say.say("tumour.interval", values)
    limits = f" {say.say('report.and')} ".join(say.number(each) for each in interval.crossed)
    return say.say("tumour.interval-crossed", {**values, "limits": limits})


def notes_of(finding: FindingJson, say: Words) -> list[str]:
    """What stands beside a finding."""
    return [each for each in (origin_text(finding, say), _why(finding.notes, say)) if each]


def origin_in_full(finding: FindingJson, say: Words) -> str:
    """Where a variant comes from, every reason that was weighed, and what would settle it."""
    if finding.origin is None:
        return ""
    return _settled(origin_text(finding, say), finding.origin.why, finding.origin.settled_by, say)


def tumour_lines(content: ReportContent, say: Words) -> tuple[tuple[str, str], ...]:
    """The section's lines: the share of tumour cells, both alleles, what was joined, follow-up in blood."""
    out = []
    told = content.tumour_content
    if told is not None and told.applies:
        share = say.say("tumour.content-unknown")
        if told.estimate is not None:
            values = {"estimate": told.estimate, "low": told.low, "high": told.high}
            share = say.say("tumour.content-range", values)
        out.append((say.say("tumour.content"), "; ".join(filter(None, (share, _why(told.notes, say))))))
    elif told is not None and told.notes:
        out.append((say.say("tumour.plasma-dna"), _why(told.notes, say)))
    for index, state in enumerate(content.allelic_states[:MOST_LINES]):
        out.append((say.say("tumour.alleles") if index == 0 else "", alleles_text(state, say)))
    joined = [each for each in content.findings if each.parts]
    for index, each in enumerate(joined[:MOST_LINES]):
        code = "tumour.parts-untold" if each.untold else "tumour.parts-line"
        parts = {"finding": each.label, "parts": ", ".join(_part(part, say) for part in each.parts)}
        out.append((say.say("tumour.parts") if index == 0 else "", say.say(code, parts)))
    for index, told_of in enumerate(content.follow_ups[:MOST_LINES]):
        out.append((say.say("tumour.germline") if index == 0 else "", follow_up_text(told_of, say)))
    if content.specimen.predisposition_declined:
        first = "" if content.follow_ups else say.say("tumour.germline")
        out.append((first, say.say("tumour.germline-declined")))
    return tuple(out)


def _part(part: PartJson, say: Words) -> str:
    """A part with its own fraction: parts may be read in more reads than the whole."""
    if part.allele_fraction is None:
        return part.label
    return f"{part.label} ({say.percent(part.allele_fraction)})"


def alleles_text(state: AllelicJson, say: Words) -> str:
    """Both alleles of a gene: what is known, why, and what would settle it."""
    code = "alleles-sure" if state.both_lost == "yes" or state.state == "unknown" else "alleles-open"
    name = say.say(f"allelic.state.{state.state}")
    text = say.say(f"tumour.{code}", {"gene": state.gene, "state": name})
    return _settled(text, state.why, state.settled_by, say)


def follow_up_text(each: FollowUpJson, say: Words) -> str:
    """A reason to consider medical genetics, and what would settle it."""
    text = say.say(f"tumour.germline-{each.recommended}", {"finding": each.finding.label})
    return _settled(text, each.why, each.settled_by, say)


def _settled(text: str, why: Sequence[ReasonJson], settled: Sequence[ReasonJson], say: Words) -> str:
    out = say.say("tumour.because", {"what": text, "why": _why(why, say)}) if why else text
    return say.say("tumour.settle", {"what": out, "settled": _why(settled, say)}) if settled else out


def _not_reported(content: ReportContent) -> ReasonJson | None:
    told = content.tumour_content
    notes = told.notes if told is not None and told.applies else []
    return next((each for each in notes if each.code == _NOT_REPORTED), None)


def condition_rows(content: ReportContent, say: Words) -> tuple[UntestedRow, ...]:
    """That every negative hangs on a share of tumour cells that nobody gave."""
    note = _not_reported(content)
    if note is None:
        return ()
    return (
        UntestedRow(
            what=say.say("tumour.untested-negatives"),
            why=say.say("tumour.untested-why"),
            settled_by=say.say("tumour.untested-settle"),
            matters=say.say("tumour.untested-matters", note.values),
        ),
    )


def condition_notes(content: ReportContent, say: Words) -> tuple[Runs, ...]:
    """The same, beside the negatives."""
    note = _not_reported(content)
    if note is None:
        return ()
    return ((("open", say.say("tumour.negative-condition", note.values)),),)


def _few_cells(content: ReportContent, say: Words) -> list[Runs]:
    """That too few tumour cells leave it unknown, and what: all that was not found, or some kinds only."""
    kinds = [name for name, covers in content.covers.items() if covers.reason in FEW_CELLS]
    named = [name for name in kinds if name != "loh"]
    if not named:
        return []
    words = [say.say(f"kind.{name}") for name in named]
    if "small_variant" in named:
        markers = [say.say(f"kind.{name}") for name in ("msi", "tmb") if name in named]
        words = [say.say("tumour.lead-not-found"), *markers]
    reason = next(content.covers[name].reason for name in named)
    why = say.say(f"why-not.{reason}")
    told = say.say("report.lead-unknown", {"what": ", ".join(dict.fromkeys(words))})
    return [(("", f"{why}: "), ("open", told), ("", "."))]


def lead_sentences(content: ReportContent, say: Words) -> list[Runs]:
    """What of it stands in the conclusion: a referral to consider, and a share that nobody gave."""
    out: list[Runs] = []
    labels = [each.finding.label for each in content.follow_ups if each.recommended == "yes"]
    if labels:
        out.append((("", say.say("tumour.lead-referral", {"what": ", ".join(labels)})),))
    out += _few_cells(content, say)
    if _not_reported(content) is not None:
        out.append(
            (
                ("", f"{say.say('tumour.lead-not-reported')}: "),
                ("open", say.say("tumour.lead-not-reported-open")),
                ("", "."),
            )
        )
    return out
