"""What a reader of the report sees: one frozen view, in one language, drawn by HTML and PDF alike.

A view is made from a report's content and its status alone. Text that mixes styles is a tuple of
runs: a style (`""`, `bold`, `gene`, `open` for unknown, `stop` for resistance or failure) and words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from presis.diagnostics.assay import NO_PANEL
from presis.diagnostics.report_findings import (
    ActionableRow,
    OtherRow,
    Sources,
    actionable_rows,
    left_out_text,
    negative_text,
    other_rows,
)
from presis.diagnostics.report_limits import QualityRow, UntestedRow, quality_rows, untested_rows
from presis.diagnostics.report_marker_view import MarkerView, marker_view
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_positions import HotspotsView, hotspots_view
from presis.diagnostics.report_review import review_lines
from presis.diagnostics.report_tumour import condition_notes, condition_rows, tumour_lines
from presis.documents.charts import Bar, Chart, bars, columns
from presis.documents.language import Language, Words, words
from presis.documents.runs import Runs

State = Literal["draft", "signed", "superseded"]


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as a reader sees it: when, by whom, in which role, for which organisation."""

    at: datetime
    by: str
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """Where a report stands in its life; a stateless one is a draft without a number."""

    state: State = "draft"
    number: str | None = None
    version: int = 1
    signatures: tuple[Signed, ...] = ()
    needed: int = 1
    replaces: int | None = None
    reason: str | None = None
    replaced_by: int | None = None


@dataclass(frozen=True, slots=True)
class ReportView:
    """The whole report in words of one language."""

    language: Language
    labels: dict[str, str]
    title: str
    laboratory: str
    number: str
    status_lines: tuple[str, ...]
    banner: str | None
    invented: str | None
    pairs: tuple[tuple[str, str], ...]
    lead: Runs
    interpretation: str | None
    reviewed: tuple[str, ...]
    actionable: tuple[ActionableRow, ...]
    quality: tuple[QualityRow, ...]
    quality_note: Runs
    quality_more: str | None
    untested: tuple[UntestedRow, ...]
    charts: tuple[Chart, ...]
    others: tuple[OtherRow, ...]
    others_caption: str
    others_cut: str | None
    left_out: str
    not_usable: str | None
    hotspots: HotspotsView | None
    tumour_head: str
    tumour: tuple[tuple[str, str], ...]
    negatives: tuple[Runs, ...]
    methods: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    footer: str
    content_hash: str
    running: str
    beside: MarkerView


#: Labels that the templates ask for by name: the report's words without values.
_LABELS = (
    "title", "conclusion", "interpretation", "reviewed", "actionable", "actionable-none", "finding",
    "measured", "drug", "evidence",
    "quality-head", "measure", "found", "needed", "answer", "untested", "untested-none", "unknown", "why",
    "settled-by", "figures", "others", "others-none", "variant", "transcript", "depth-head", "class", "note",
    "negative", "methods", "sources", "page",
)  # fmt: skip


def report_view(content: ReportContent, status: ReportStatus, language: Language) -> ReportView:
    """The view of a report; raises `KeyError` if the catalogue lacks a word."""
    say = words(language)
    sources = Sources()
    rows = actionable_rows(content, say, sources)
    others, cut = other_rows(content, say, {row.id for row in rows})
    small = [each for each in content.findings if each.kind == "small_variant"]
    measures, more = quality_rows(content, say)
    lost = sum(1 for each in content.not_usable if each.severity == "lost")
    return ReportView(
        language=language,
        labels={name: say.sentences[f"report.{name}"] for name in _LABELS},
        title=say.say("report.title"),
        laboratory=content.laboratory or say.say("report.laboratory-unknown"),
        number=_number(status, say),
        status_lines=_status_lines(status, say),
        banner=_banner(status, say),
        invented=say.say("report.invented") if content.specimen.invented else None,
        pairs=_pairs(content, say),
        lead=content.conclusion[language.value],
        interpretation=content.interpretation,
        reviewed=review_lines(content, say),
        actionable=rows,
        quality=measures,
        quality_note=() if content.quality.known else (("open", say.say("report.quality-unknown")),),
        quality_more=say.say("report.more-measures", {"count": more}) if more else None,
        untested=(*condition_rows(content, say), *untested_rows(content, say)),
        charts=_charts(content, say),
        others=others,
        others_caption=say.say(
            "report.others-caption", {"kept": len(small), "all": len(small) + len(content.left_out)}
        ),
        others_cut=say.say("report.others-cut", {"count": cut}) if cut else None,
        left_out=left_out_text(content, say),
        not_usable=say.say("report.not-usable", {"count": lost}) if lost else None,
        hotspots=hotspots_view(content.hotspots, say),
        tumour_head=say.say("tumour.head"),
        tumour=tumour_lines(content, say),
        negatives=(*negative_text(content, say), *condition_notes(content, say)),
        methods=_methods(content, say),
        sources=sources.texts,
        footer=say.say("report.regulatory"),
        content_hash=say.say("report.hash", {"hash": content.content_hash()[:16]}),
        running=f"{say.say('report.title')} · {_patient(content)}",
        beside=marker_view(content, say),
    )


def _number(status: ReportStatus, say: Words) -> str:
    if status.number is None:
        return say.say("report.number-draft")
    return say.say("report.number", {"number": status.number, "version": status.version})


def _status_lines(status: ReportStatus, say: Words) -> tuple[str, ...]:
    lines = [
        say.say(
            "report.signed",
            {
                "when": say.day(each.at),
                "who": each.by,
                "role": say.say(f"role.{each.role}"),
                "organisation": each.organisation,
            },
        )
        for each in status.signatures
    ]
    if len(lines) < status.needed:
        if lines:
            lines.append(say.say("report.signed-partly", {"count": len(lines), "needed": status.needed}))
        elif status.number is not None:
            lines.append(say.say("report.draft-version", {"version": status.version}))
        else:
            lines.append(say.say("report.draft"))
    if status.replaces is not None:
        lines.append(say.say("report.replaces", {"version": status.replaces, "reason": status.reason or ""}))
    return tuple(lines)


def _banner(status: ReportStatus, say: Words) -> str | None:
    if status.replaced_by is not None:
        return say.say("report.superseded", {"version": status.replaced_by})
    return say.say("report.draft-banner") if len(status.signatures) < status.needed else None


def _patient(content: ReportContent) -> str:
    """Whose report it is: by the requisition; by its files where there is none."""
    if content.requested is not None:
        return content.requested.patient
    return content.specimen.pseudonym or content.sample


def _person(content: ReportContent, say: Words) -> tuple[str | None, str | None]:
    """Sex, and the birth in words; by the requisition alone where the files bear another name."""
    specimen, asked = content.specimen, content.requested
    strange = any(each.check == "name" and each.result == "mismatch" for each in content.identity)
    if asked is not None and strange:
        year = asked.birth_year
        return asked.sex, None if year is None else say.say("report.born", {"when": say.day(str(year))})
    if specimen.birth_year is None:
        return specimen.sex, None
    month = f"-{specimen.birth_month:02d}" if specimen.birth_month else ""
    return specimen.sex, say.say("report.born", {"when": say.day(f"{specimen.birth_year}{month}")})


def _pairs(content: ReportContent, say: Words) -> tuple[tuple[str, str], ...]:
    specimen = content.specimen
    sex, born = _person(content, say)
    asked = content.requested
    patient = [_patient(content), say.say(f"sex.{sex or 'unknown'}"), born]
    tumour = f"{content.tumour_name} ({content.tumour})" if content.tumour_name else specimen.tumour_text
    cells = say.say("report.cells-unknown")
    if specimen.tumour_cell_fraction is not None:
        cells = say.say("report.cells", {"fraction": specimen.tumour_cell_fraction})
    taken = say.say("report.collected", {"when": say.day(specimen.collected)}) if specimen.collected else None
    treated = say.say(f"report.{specimen.treatment}") if specimen.treatment else None
    told = (specimen.site, specimen.sample_type, specimen.material)
    site = ", ".join(say.term("specimen", word) for word in told if word)
    specimen_text = [asked.specimen if asked else None, site or None, taken, treated, cells]
    unknown = say.say("report.not-reported")
    panel = [
        content.assay.name,
        _nucleic_acids(content, say),
        content.build or say.say("report.build-unknown"),
        *([say.say("report.sample-in-files", {"sample": content.sample})] if asked else []),
    ]
    request = (
        () if asked is None else ((say.say("report.requisition"), say.say("report.requested", dict(asked))),)
    )
    return (
        (say.say("report.patient"), ", ".join(filter(None, patient))),
        (say.say("report.tumour"), tumour or unknown),
        (say.say("report.specimen"), ", ".join(filter(None, specimen_text)) or unknown),
        (say.say("report.panel"), ", ".join(panel)),
        *request,
    )


def _nucleic_acids(content: ReportContent, say: Words) -> str:
    if content.dna_sample and content.rna_sample:
        return say.say("report.dna-and-rna")
    return say.say("report.rna-only" if content.rna_sample else "report.dna-only")


def _charts(content: ReportContent, say: Words) -> tuple[Chart, ...]:
    charts = []
    fractions = [
        (each.label, each.allele_fraction)
        for each in content.findings
        if each.kind == "small_variant" and each.allele_fraction is not None
    ]
    if 1 <= len(fractions) <= 20:
        shown = [
            Bar(label, value, say.percent(value)) for label, value in sorted(fractions, key=lambda f: -f[1])
        ]
        title = say.say("report.chart-vaf", {"count": len(shown)})
        charts.append(bars(title, say.say("report.chart-vaf-desc"), shown, limit=1.0, reference=None))
    elif fractions:
        tenths = [0] * 10
        for _, value in fractions:
            tenths[min(int(value * 10), 9)] += 1
        shown = [
            Bar(f"{10 * index}-{10 * index + 10}", float(count), str(count))
            for index, count in enumerate(tenths)
        ]
        title = say.say("report.chart-vaf-hist", {"count": len(fractions)})
        charts.append(columns(title, say.say("report.chart-vaf-hist-desc"), shown, unit="%"))
    folds = [
        Bar(each.genes[0], each.fold_change, say.number(each.fold_change, 1))
        for each in content.findings
        if each.kind == "copy_number" and each.fold_change is not None
    ]
    if folds:
        title = say.say("report.chart-fold")
        charts.append(bars(title, say.say("report.chart-fold-desc"), folds, limit=None, reference=1.0))
    return tuple(charts)


def _methods(content: ReportContent, say: Words) -> tuple[tuple[str, str], ...]:
    covers = content.covers
    genes = {
        name: len(covers[name].genes) if name in covers else 0 for name in ("small_variant", "rna_fusion")
    }
    software = " ".join(filter(None, (content.assay.software, content.assay.software_version)))
    panel = {
        "name": content.assay.name,
        "kind": say.say(f"report.{content.assay.kind}"),
        "software": software or say.say("report.software-unknown"),
        "genes": genes["small_variant"],
        "fusions": genes["rna_fusion"],
    }
    panel_text = "vcf.panel-text" if content.assay.name == NO_PANEL else "report.method-panel-text"
    knowledge = " · ".join(f"{pack.pack} {pack.version}" for pack in content.knowledge)
    files = "; ".join(f"{each.name} ({each.sha256[:8]})" for each in content.inputs)
    beside = marker_view(content, say)
    germline = "normal" if content.matched_normal else "text"
    more = (("identity", beside.identity), ("attachments", beside.attachments))
    return (
        (say.say("report.method-panel"), say.say(panel_text, panel)),
        (
            say.say("report.method-filter"),
            say.say(
                "report.method-filter-text",
                {"rules": ", ".join(f"{name} {version}" for name, version in content.rules.items())},
            ),
        ),
        (say.say("report.method-scales"), say.say("report.method-scales-text")),
        (say.say("report.method-germline"), say.say(f"report.method-germline-{germline}")),
        (say.say("report.method-knowledge"), knowledge),
        (say.say("report.method-files"), files),
        *((say.say(f"report.{name}"), text) for name, text in more if text),
        (
            say.say("report.method-made"),
            say.say("report.method-made-text", {"version": content.presis_version}),
        ),
    )
