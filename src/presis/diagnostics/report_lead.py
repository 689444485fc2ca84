"""The conclusion of a report: what was found, what it opens, what stays unknown, in a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from presis.diagnostics.report_findings import ActionableRow
from presis.diagnostics.report_limits import ASSAY_LACKS
from presis.diagnostics.report_model import ReportContent
from presis.documents.language import Words
from presis.documents.runs import Runs, joined


def lead(content: ReportContent, say: Words, rows: Sequence[ActionableRow]) -> Runs:
    """The conclusion in a few sentences: what was found, what it opens, what stays unknown."""
    sentences: list[Runs] = []
    approved = [row for row in rows if _is_first(content, row) and _speaks_for(content, row.id, "I")]
    other = [row for row in rows if row not in approved and _speaks_for(content, row.id, "II")]
    tumour = content.tumour_name or say.say("report.not-reported")
    if content.tumour is None and rows:
        sentences += [_names(rows[:4], say), (("", say.say("report.lead-approved-unknown-tumour")),)]
    elif approved:
        if any(_is_open(content, row) for row in approved):
            code = "report.lead-coarse"
        else:
            code = "report.lead-approved-one" if len(approved) == 1 else "report.lead-approved-many"
        sentences += [_names(approved[:4], say), (("", say.say(code, {"tumour": tumour.lower()})),)]
    elif other:
        code = "report.lead-other" if len(other) == 1 else "report.lead-other-many"
        sentences += [_names(other[:4], say), (("", say.say(code, {"tumour": tumour.lower()})),)]
    else:
        sentences.append((("bold", say.say("report.lead-none")),))
    sentences += _resistance(content, say) + _unknowns(content, say)
    return joined(sentences, " ")


def _is_open(content: ReportContent, row: ActionableRow) -> bool:
    amp = content.finding(row.id).amp
    return amp is not None and len(amp.possible) > 1


def _is_first(content: ReportContent, row: ActionableRow) -> bool:
    amp = content.finding(row.id).amp
    return amp is not None and amp.possible[0].tier == "I"


def _speaks_for(content: ReportContent, ident: str, tier: str) -> bool:
    return any(
        option.direction == "sensitivity"
        and option.holds == "yes"
        and option.amp is not None
        and option.amp.possible[0].tier == tier
        and any(each.id == ident for each in option.findings)
        for option in content.options
    )


def _names(rows: Sequence[ActionableRow], say: Words) -> Runs:
    names = [
        tuple(("bold" if style == "" else "gene-bold", text) for style, text in row.name) for row in rows
    ]
    return (*joined(names, ", ", f" {say.say('report.and')} "), ("bold", "."))


def _resistance(content: ReportContent, say: Words) -> list[Runs]:
    drugs = list(
        dict.fromkeys(
            option.drug
            for option in content.options
            if option.direction == "resistance" and option.holds == "yes" and option.amp
        )
    )
    if not drugs:
        return []
    return [
        (
            (
                "stop",
                say.say(
                    "report.lead-resistance",
                    {"what": "; ".join(say.term("drugs", drug) for drug in drugs[:3])},
                ),
            ),
        )
    ]


def _unknowns(content: ReportContent, say: Words) -> list[Runs]:
    """Failed RNA or DNA, contamination and missing quality are said in the conclusion itself."""
    out: list[Runs] = []
    if content.quality.contaminated:
        out.append((("stop", say.say("report.lead-contaminated")), ("", ".")))
    failed = ("rna_failed", "dna_failed", "quality_failed", "no_rna", "no_dna")
    for reason in failed:
        kinds = [
            name
            for name, covers in content.covers.items()
            if covers.reason == reason and covers.state != "yes"
        ]
        named = [name for name in kinds if name not in {"loh", ASSAY_LACKS.get(content.assay.kind)}]
        if not named:
            continue
        what = ", ".join(dict.fromkeys(say.say(f"kind.{name}") for name in named[:5]))
        why = say.say(f"why-not.{reason}")
        text = say.say("report.lead-unknown", {"what": what})
        out.append(
            (
                ("", say.say("report.lead-unknown-why", {"why": why[0].upper() + why[1:]})),
                ("open", text),
                ("", "."),
            )
        )
    if not content.quality.known:
        why = say.say("report.lead-quality-why")
        out.append((("open", say.say("report.lead-quality")), ("", f": {why}.")))
    return out
