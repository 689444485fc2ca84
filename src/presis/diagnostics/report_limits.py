"""The limits of a report in words: how good the data is, and what was not tested."""

from __future__ import annotations

from dataclasses import dataclass

from presis.diagnostics.report_model import MeasureJson, ReportContent, UnsettledJson
from presis.documents.language import Words
from presis.documents.runs import Runs
from presis.methods.reasons import Reason

MOST_MEASURES = 8
MOST_DRUGS = 6
#: Fusions are looked for on RNA in tissue and on DNA in plasma: the other isn't a gap.
ASSAY_LACKS = {"tissue": "dna_fusion", "ctdna": "rna_fusion"}


@dataclass(frozen=True, slots=True)
class QualityRow:
    """A measure, what was found, what was needed, and the answer with its tone."""

    measure: str
    found: str
    needed: str
    answer: str
    tone: str


@dataclass(frozen=True, slots=True)
class UntestedRow:
    """What isn't known, why, what would settle it, and which drugs hang on it."""

    what: str
    why: str
    settled_by: str
    matters: str


_TONES = {"pass": "fits", "fail": "stop", "warn": "open", "not_computed": "open", "no_limit": "muted"}


def quality_rows(content: ReportContent, say: Words) -> tuple[tuple[QualityRow, ...], int]:
    """Measures that have a limit, failures first; and how many more the JSON report holds."""
    limited = [each for each in content.quality.measures if each.verdict != "no_limit"]
    order = {"fail": 0, "warn": 1, "pass": 2, "not_computed": 3}
    limited.sort(key=lambda each: (order.get(each.verdict, 9), each.nucleic_acid == "run"))
    rows = tuple(_quality(each, say) for each in limited[:MOST_MEASURES])
    return rows, len(content.quality.measures) - len(rows)


def _quality(measure: MeasureJson, say: Words) -> QualityRow:
    unit = f" {measure.unit}" if measure.unit and measure.unit.lower() not in {"na", "count"} else ""
    needed = []
    if measure.lower is not None and not (measure.lower == 0 and measure.upper is not None):
        needed.append(say.say("report.at-least", {"limit": measure.lower}))
    if measure.upper is not None:
        needed.append(say.say("report.at-most", {"limit": measure.upper}))
    acid = "" if measure.nucleic_acid == "run" else f" ({measure.nucleic_acid})"
    return QualityRow(
        measure=say.term("metric", measure.metric) + acid,
        found="–" if measure.value is None else f"{say.number(measure.value)}{unit}",
        needed=", ".join(needed) or "–",
        answer=say.say(f"report.{measure.verdict}"),
        tone=_TONES[measure.verdict],
    )


def untested_rows(content: ReportContent, say: Words) -> tuple[UntestedRow, ...]:
    """What was not tested, grouped by why; then what a drug for this tumour type hangs on."""
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, covers in content.covers.items():
        if covers.state == "yes" or ASSAY_LACKS.get(content.assay.kind) == name:
            continue
        groups.setdefault((covers.reason, tuple(covers.detail)), []).append(name)
    rows = []
    for (reason, detail), names in groups.items():
        kinds = dict.fromkeys(say.say(f"kind.{name}") for name in names)
        why = say.say(f"why-not.{reason}") + (f": {'; '.join(detail)}" if detail else "")
        drugs = _drugs_of(content, set(names))
        rows.append(
            UntestedRow(
                what=", ".join(kinds),
                why=why,
                settled_by=say.say(f"settles.{reason}"),
                matters=say.say("report.matters", {"drugs": drugs}) if drugs else "",
            )
        )
    return (*rows, *_wild_type_rows(content, say), *_other_rows(content, say))


_METHOD_KINDS = {"fusion": {"rna_fusion", "dna_fusion"}}


def _drugs_of(content: ReportContent, kinds: set[str]) -> str:
    """The drugs whose biomarker hangs on one of these alterations."""
    drugs: dict[str, None] = {}
    for each in content.unsettled:
        for reason in each.why:
            method = str(reason.values.get("method", ""))
            if kinds & _METHOD_KINDS.get(method, {method}):
                drugs[each.drug] = None
    names = list(drugs)
    return ", ".join(names[:MOST_DRUGS]) + (" …" if len(names) > MOST_DRUGS else "")


def _wild_type_rows(content: ReportContent, say: Words) -> tuple[UntestedRow, ...]:
    groups: dict[str, list[UnsettledJson]] = {}
    for each in content.unsettled:
        for reason in each.why:
            if reason.code == "wild-type.depth-unknown":
                groups.setdefault(str(reason.values["genes"]), []).append(each)
    rows = []
    for genes, unsettled in groups.items():
        drugs = ", ".join(list(dict.fromkeys(each.drug for each in unsettled))[:MOST_DRUGS])
        rows.append(
            UntestedRow(
                what=say.say("report.wild-type", {"genes": genes}),
                why=say.say("report.depth-not-known"),
                settled_by=say.say("settle.depth", {"genes": genes}),
                matters=say.say("report.matters", {"drugs": drugs}),
            )
        )
    return tuple(rows)


#: Reasons that a row above draws already.
_DRAWN = ("covered.", "wild-type.depth-unknown", "covers.")


def _other_rows(content: ReportContent, say: Words) -> tuple[UntestedRow, ...]:
    """What else an approved drug of this tumour type hangs on: a marker without a class, a doubtful call."""
    groups: dict[str, tuple[list[str], list[str]]] = {}
    for each in content.unsettled:
        for reason in each.why:
            if reason.code == "covered.not-assessable" or not reason.code.startswith(_DRAWN):
                drugs, settled = groups.setdefault(say.why(Reason(reason.code, reason.values)), ([], []))
                drugs.append(each.drug)
                settled.extend(say.why(Reason(r.code, r.values)) for r in each.settled_by)
    return tuple(
        UntestedRow(
            what=what[0].upper() + what[1:],
            why="",
            settled_by="; ".join(dict.fromkeys(settled)),
            matters=say.say("report.matters", {"drugs": ", ".join(list(dict.fromkeys(drugs))[:MOST_DRUGS])}),
        )
        for what, (drugs, settled) in groups.items()
    )


def quality_line(content: ReportContent, say: Words) -> Runs:
    """One line on quality for a summary table."""
    if not content.quality.known:
        return (("open", say.say("report.lead-quality")),)
    failed = [each for each in content.quality.measures if each.verdict == "fail"]
    if failed:
        return (("stop", f"{say.say('report.fail')}: {', '.join(each.metric for each in failed[:3])}"),)
    return (("", say.say("report.pass")),)
