"""The findings of a report in words: what can be acted on, what else was found, what was ruled out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from presis.diagnostics.biomarker_words import biomarker_words
from presis.diagnostics.report_marker_view import marker_name
from presis.diagnostics.report_model import AmpJson, FindingJson, OptionJson, ReportContent, StatementJson
from presis.diagnostics.report_tumour import copies_text, interval_text, notes_of
from presis.documents.language import Words
from presis.documents.runs import Runs
from presis.methods.reasons import Reason

#: Findings beyond these many "other" ones are in the JSON report only, the least telling first to go.
MOST_OTHERS = 60
MOST_DRUGS = 6
MOST_ACCESS = 2
LOW_FRACTION = 0.05
#: LocalApp's and DRAGEN's words: by database, by neighbours' fractions; a hint, no proof
GERMLINE_BY_CALLER = {"GL_DB", "GL_P", "Germline_DB", "Germline_Proxi"}
_TIERS = {"I": 0, "II": 1, "III": 2, "IV": 3}


@dataclass(frozen=True, slots=True)
class DrugLine:
    """One drug of a finding: its tier, and what speaks for or against it."""

    tier: str
    text: Runs
    evidence: str


@dataclass(frozen=True, slots=True)
class ActionableRow:
    """One finding with its drugs, the strongest first."""

    id: str
    number: int
    name: Runs
    detail: str
    measured: str
    measured_detail: str
    amp: str
    escat: str
    drugs: tuple[DrugLine, ...]


@dataclass(frozen=True, slots=True)
class OtherRow:
    """A finding that no drug in the tables hangs on."""

    name: Runs
    transcript: str
    measured: str
    depth: str
    oncogenicity: str
    note: str


@dataclass
class Sources:
    """The list of sources at the end; each cited by its number."""

    texts: tuple[str, ...] = ()
    numbers: dict[str, int] = field(default_factory=dict)

    def cite(self, statement: StatementJson, drug: str, say: Words) -> str:
        """`[3]`: the number of a statement, given out in order of first use."""
        if statement.row not in self.numbers:
            self.numbers[statement.row] = len(self.numbers) + 1
            parts = [
                say.phrase("basis", statement.authority),
                say.phrase("drugs", drug),
                biomarker_words(statement.biomarker, say),
                say.phrase("setting", statement.tumour),
                say.phrase("setting", statement.line),
            ]
            dated = f" ({statement.date})" if statement.date else ""
            address = f", {statement.address}" if statement.address else ""
            text = f"[{len(self.numbers)}] {', '.join(filter(None, parts))}{dated}{address} · {statement.row}"
            self.texts = (*self.texts, text)
        return f"[{self.numbers[statement.row]}]"


def _reason(code: str, values: dict[str, str | int | float]) -> Reason:
    return Reason(code, values)


def actionable_rows(content: ReportContent, say: Words, sources: Sources) -> tuple[ActionableRow, ...]:
    """Findings that a drug hangs on, by their best tier; each with its drugs."""
    options: dict[str, list[OptionJson]] = {}
    for option in content.options:
        for each in option.findings:
            options.setdefault(each.id, []).append(option)
    place = {finding.id: index for index, finding in enumerate(content.findings)}
    options = {ident: _one_a_drug(group) for ident, group in options.items()}
    ranked = sorted(options, key=lambda ident: (_rank(content.finding(ident)), place[ident]))
    return tuple(
        _actionable(number, content.finding(ident), options[ident], say, sources)
        for number, ident in enumerate(ranked, start=1)
    )


def _one_a_drug(options: Sequence[OptionJson]) -> list[OptionJson]:
    """Options for one finding by drug and direction: the strongest leads, and carries the sources of all."""
    merged: dict[tuple[str, str], OptionJson] = {}
    for option in options:
        key = (option.drug, option.direction)
        first = merged.get(key)
        if first is None:
            merged[key] = option
        else:
            rows = {each.row for each in first.sources}
            more = [each for each in option.sources if each.row not in rows]
            merged[key] = first.model_copy(update={"sources": [*first.sources, *more]})
    return list(merged.values())


def _rank(finding: FindingJson) -> tuple[int, str]:
    if finding.amp is None:
        return 9, ""
    best = finding.amp.possible[0]
    return _TIERS.get(best.tier, 9), best.level or ""


def _actionable(
    number: int, finding: FindingJson, options: Sequence[OptionJson], say: Words, sources: Sources
) -> ActionableRow:
    measured, detail = _measured(finding, say)
    escat = [tier.text.removeprefix("ESCAT ") for option in options for tier in option.escat or ()]
    unconfirmed = any(option.escat_not_confirmed for option in options)
    return ActionableRow(
        id=finding.id,
        number=number,
        name=finding_name(finding, say),
        detail=" · ".join(
            filter(
                None,
                (_transcript(finding), oncogenicity_text(finding, say), *notes_of(finding, say)),
            )
        ),
        measured=measured,
        measured_detail=detail,
        amp=_tier_text(finding.amp, say),
        escat=min(escat)
        if escat
        else say.say("report.escat-unconfirmed" if unconfirmed else "report.escat-none"),
        drugs=_drug_lines(options, say, sources),
    )


def _resistance_words(option: OptionJson, say: Words) -> Runs:
    """Resistance in red where it holds in this tumour; else what it hangs on."""
    if option.amp is None:
        return (("open", say.say("report.resistance-open")),)
    if option.relation != "this_type" and option.note is not None:
        note = say.why(_reason(option.note.code, option.note.values))
        return (("open", f"{say.say('report.resistance')}, {note}"),)
    if option.holds == "unknown":
        settled = "; ".join(say.why(_reason(r.code, r.values)) for r in option.settled_by)
        return (("open", f"{say.say('report.resistance-may')}: {settled}"),)
    return (("stop", say.say("report.resistance")),)


def _tier_text(amp: AmpJson | None, say: Words) -> str:
    """`I-A or II-C` with hyphens that don't break."""
    if amp is None:
        return "–"
    texts = [f"{tier.tier}\u2011{tier.level}" if tier.level else tier.tier for tier in amp.possible]
    return f" {say.say('report.or')} ".join(texts)


def finding_name(finding: FindingJson, say: Words) -> Runs:
    """The gene in italics, the change beside it."""
    if finding.kind == "pathology_marker":
        return (("", marker_name(finding, say)),)
    if finding.kind == "fusion":
        return (("gene", finding.label),)
    if finding.kind == "small_variant" and finding.genes:
        change = (finding.protein or finding.cdna or finding.place or "").replace("_", "_\u200b")
        return (("gene", finding.genes[0]), ("", f" {change}"))
    if finding.kind == "copy_number" and finding.direction is not None:
        return (("gene", finding.genes[0]), ("", f" {say.say(f'effect.{finding.direction}')}"))
    if finding.kind == "wild_type":
        return (("gene", "/".join(finding.genes)), ("", f" {say.say('hotspots.wild-type')}"))
    if finding.genes:
        change = biomarker_words(finding.label.removeprefix(finding.genes[0]), say)
        return (("gene", finding.genes[0]), ("", change))
    if finding.marker_class is not None:
        return (("", say.say(f"{finding.kind}-class.{finding.marker_class}")),)
    return (("", finding.label),)


def _transcript(finding: FindingJson) -> str:
    if finding.cdna:
        cdna = finding.cdna.replace("_", "_\u200b")
        return f"{finding.transcript}:\u200b{cdna}" if finding.transcript else cdna
    return " – ".join(finding.breakpoints)


def oncogenicity_text(finding: FindingJson, say: Words) -> str:
    """`likely oncogenic (9)`, or a span where data lacks."""
    onco = finding.oncogenicity
    if onco is None:
        return ""
    names = [say.say(f"class.{name}") for name in onco.classes]
    classes = names[0] if len(names) == 1 else f"{names[0]} {say.say('report.to')} {names[-1]}"
    low, high = onco.total
    points = str(low) if low == high else f"{low} {say.say('report.to')} {high}"
    return say.say("report.points", {"classes": classes, "points": points})


def _measured(finding: FindingJson, say: Words) -> tuple[str, str]:
    if finding.allele_fraction is not None:
        deep = say.say("report.depth", {"reads": finding.depth}) if finding.depth is not None else ""
        return say.say("report.vaf", {"fraction": finding.allele_fraction}), deep
    if finding.fold_change is not None:
        return say.say("report.fold", {"fold": finding.fold_change}), copies_text(finding, say)
    if finding.supporting_reads is not None:
        return say.say("report.reads", {"reads": finding.supporting_reads}), ""
    if finding.kind == "hrd" and finding.value is not None:
        return say.number(finding.value), ""
    if finding.kind == "loh" and finding.absolute_copies is not None:
        return say.say("report.copies", {"copies": finding.absolute_copies}), ""
    if finding.kind == "pathology_marker":
        return finding.marker_source or "–", ""
    if finding.marker_reason is not None and finding.marker_reason.code != "marker.no-value":
        reason = _reason(finding.marker_reason.code, finding.marker_reason.values)
        if reason.code == f"{finding.kind}.class":
            name = f"report.{finding.kind}"
            detail = say.say(f"{name}-detail", reason.values)
            return say.say(name, reason.values), "; ".join(
                filter(None, (detail, interval_text(finding, say)))
            )
        return say.why(reason), interval_text(finding, say)
    return "–", ""


def _drug_lines(options: Sequence[OptionJson], say: Words, sources: Sources) -> tuple[DrugLine, ...]:
    lines: list[DrugLine] = []
    elsewhere: list[str] = []
    for option in options:
        if option.direction == "resistance":
            drug = say.phrase("drugs", option.drug)
            text: Runs = (("", f"{drug}: "), *_resistance_words(option, say))
            lines.append(DrugLine(_tier_text(option.amp, say), text, _evidence(option, say, sources)))
        elif option.relation == "excluded":
            lines.append(
                DrugLine(
                    "–",
                    (("", say.say("report.excluded", {"drug": option.drug})),),
                    _evidence(option, say, sources, only="excluded"),
                )
            )
        elif option.amp is None:
            note = say.why(_reason(option.note.code, option.note.values)) if option.note else ""
            drug = say.phrase("drugs", option.drug)
            lines.append(DrugLine("–", (("", f"{drug}: {note}"),), ""))
        elif option.amp.possible[0].tier == "I":
            lines.append(_approved(option, say, sources))
        else:
            unsure = "" if option.holds == "yes" else " (?)"
            elsewhere.append(option.drug + unsure)
    shown = lines[:MOST_DRUGS]
    # resistance and exclusions are never among what is cut
    shown += [
        line
        for line in lines[MOST_DRUGS:]
        if any(style == "stop" for style, _ in line.text) or line.tier == "–"
    ]
    if len(lines) > len(shown):
        shown.append(
            DrugLine("", (("muted", say.say("report.more", {"count": len(lines) - len(shown)})),), "")
        )
    if elsewhere:
        names = ", ".join(elsewhere[:MOST_DRUGS])
        if len(elsewhere) > MOST_DRUGS:
            names += f", {say.say('report.more', {'count': len(elsewhere) - MOST_DRUGS})}"
        shown.append(DrugLine("II\u2011C", (("muted", say.say("report.other-types", {"drugs": names})),), ""))
    return tuple(shown)


def _approved(option: OptionJson, say: Words, sources: Sources) -> DrugLine:
    runs: list[tuple[str, str]] = [("bold", say.phrase("drugs", option.drug))]
    if option.holds == "unknown":
        settled = "; ".join(say.why(_reason(r.code, r.values)) for r in option.settled_by)
        runs += [("", " · "), ("open", say.say("report.unknown-holds", {"what": settled}))]
    if option.conditions:
        for each in option.conditions:
            what = say.why(_reason(each.code, each.values))
            if each.code == "settle.other-test":
                what = say.say("report.condition", {"what": what})
            runs += [("", " · "), ("open", what)]
    if option.conflicts:
        runs += [("", " · "), ("stop", say.say("report.conflict"))]
    return DrugLine(_tier_text(option.amp, say), tuple(runs), _evidence(option, say, sources))


def _evidence(option: OptionJson, say: Words, sources: Sources, only: str | None = None) -> str:
    """`EMA, after systemic treatment [1]; FDA, first line [2]`."""
    wanted = only or option.relation
    groups: dict[tuple[str, str], list[str]] = {}
    for statement in option.sources:
        stands = statement.status == "current"
        if statement.relation == wanted and stands and (only or statement.holds == option.holds):
            key = (say.phrase("basis", statement.authority), say.term("line", statement.line))
            groups.setdefault(key, []).append(sources.cite(statement, option.drug, say))
    parts = [f"{authority}, {line} {''.join(cites)}" for (authority, line), cites in groups.items()]
    for access in option.access[:MOST_ACCESS] if only is None else ():
        decision = say.term("decision", access.decision)
        parts.append(say.say("report.access", {"decision": decision, "indication": access.indication}))
    return "; ".join(parts)


def other_rows(content: ReportContent, say: Words, shown: set[str]) -> tuple[tuple[OtherRow, ...], int]:
    """Findings that no drug hangs on, most oncogenic first; and how many were left to the JSON report."""
    apart = {"tmb", "msi", "pathology_marker"}  # pathology's results have a section of their own
    rest = [each for each in content.findings if each.id not in shown and each.kind not in apart] + [
        each
        for each in content.findings
        if each.kind in {"tmb", "msi"} and each.id not in shown and _told(each)
    ]
    rest.sort(key=_telling)
    kept = rest[:MOST_OTHERS]
    return tuple(_other(each, say) for each in kept), len(rest) - len(kept)


def _told(finding: FindingJson) -> bool:
    """Whether the file says anything of a marker, a class or not."""
    reason = finding.marker_reason
    return finding.value is not None or (reason is not None and reason.code.startswith(f"{finding.kind}."))


def _telling(finding: FindingJson) -> tuple[int, int, float]:
    if finding.kind != "small_variant":
        return (0, 0, -(finding.fold_change or finding.supporting_reads or 0))
    high = finding.oncogenicity.total[1] if finding.oncogenicity else -99
    return (1, -high, -(finding.allele_fraction or 0.0))


def _other(finding: FindingJson, say: Words) -> OtherRow:
    measured, detail = _measured(finding, say)
    notes = []
    if finding.oncogenicity is not None and finding.oncogenicity.unless_common:
        notes.append(say.say("report.if-not-common"))
    if finding.origin is None and (
        finding.judgement == "LikGL" or finding.caller_class in GERMLINE_BY_CALLER
    ):
        notes.append(say.say("report.likely-germline"))
    notes += notes_of(finding, say)
    if finding.adjacent:
        notes.append(say.say("report.adjacent"))
    if finding.mane == "other":
        notes.append(say.say("report.mane-other"))
    if finding.allele_fraction is not None and finding.allele_fraction < LOW_FRACTION:
        notes.append(say.say("report.low-vaf"))
    return OtherRow(
        name=finding_name(finding, say),
        transcript=_transcript(finding) or (detail if finding.kind != "small_variant" else ""),
        measured=say.percent(finding.allele_fraction) if finding.allele_fraction is not None else measured,
        depth=str(finding.depth) if finding.depth is not None else "",
        oncogenicity=oncogenicity_text(finding, say),
        note="; ".join(notes),
    )


def left_out_text(content: ReportContent, say: Words) -> str:
    """How many variants were left out, by step, the most frequent first."""
    if not content.left_out:
        return say.say("report.left-out-none")
    counts = Counter(each.step for each in content.left_out)
    steps = ", ".join(f"{count} {say.say(f'step.{step}')}" for step, count in counts.most_common())
    return say.say("report.left-out", {"count": len(content.left_out), "steps": steps})


def negative_text(content: ReportContent, say: Words) -> tuple[Runs, ...]:
    """What approvals for this tumour type ask for, tested and not found, by method."""
    if not content.not_found:
        return ((("", say.say("report.negative-none")),),)
    groups: dict[str, list[str]] = {}
    for what, method in content.not_found:
        groups.setdefault(method, []).append(biomarker_words(what, say))
    out: list[Runs] = []
    for method, found in groups.items():
        out.append((("muted", f"{say.say(f'kind.{method}')}: "), ("", ", ".join(found)), ("", ".")))
    if "small_variant" in groups:
        by_position = any(each.state == "negative" for each in content.hotspots.positions)
        note = "negative-note-beside-hotspots" if by_position else "negative-note"
        out.append((("muted", say.say(f"report.{note}")),))
    return tuple(out)
