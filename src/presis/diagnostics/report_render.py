"""A report drawn: HTML in one file, PDF, JSON; and as a FHIR bundle."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from presis.diagnostics.exports.fhir import as_fhir
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_view import ReportStatus, ReportView, report_view
from presis.documents.html import render_html
from presis.documents.language import Language
from presis.documents.pdf import render_pdf
from presis.knowledge import load_library

TEMPLATES = Path(__file__).parent / "templates"
FORMATS = ("html", "pdf", "json", "fhir")
#: what is drawn where nobody says otherwise
USUAL = ("html", "pdf", "json")


def file_name(stem: str, form: str) -> str:
    """The name of a format's file: `NAME.html`, `NAME.fhir.json`."""
    return f"{stem}.fhir.json" if form == "fhir" else f"{stem}.{form}"


def as_html(view: ReportView) -> str:
    """The report as one HTML file."""
    return render_html(TEMPLATES / "report.html.jinja", view)


def as_pdf(view: ReportView) -> bytes:
    """The report as PDF/UA-1 on A4."""
    return render_pdf(TEMPLATES / "report.typ", asdict(view))


def as_json(content: ReportContent, status: ReportStatus) -> str:
    """The report as JSON: `report` is what was hashed and signed, `status` where it stands."""
    document = {
        "status": {key: value for key, value in asdict(status).items() if value is not None},
        "content_hash": content.content_hash(),
        "report": content.model_dump(mode="json"),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"


def render(
    content: ReportContent, status: ReportStatus, language: Language, formats: tuple[str, ...]
) -> dict[str, bytes]:
    """Every format asked for, by its name."""
    view = report_view(content, status, language) if {"html", "pdf"} & set(formats) else None
    out: dict[str, bytes] = {}
    for name in formats:
        if name == "json":
            out[name] = as_json(content, status).encode()
        elif name == "fhir":
            out[name] = as_fhir(content, status, language, load_library().hgnc).encode()
        elif view is not None:
            out[name] = as_html(view).encode() if name == "html" else as_pdf(view)
    return out
