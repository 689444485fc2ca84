"""A report as a FHIR R4B bundle by HL7's Genomics Reporting guide (STU3, 3.0.0).

The bundle is a `collection`. A `document` would say that its Composition is what was attested, but people
signed the report's own content, whose hash the bundle names. What goes where: docs/reference/fhir.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from presis.diagnostics.exports.fhir_beside import add_beside
from presis.diagnostics.exports.fhir_codes import concept, profile
from presis.diagnostics.exports.fhir_findings import add_finding
from presis.diagnostics.exports.fhir_parts import Bundling, Json, extension, sentence
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_view import ReportStatus
from presis.documents.language import Language
from presis.documents.runs import plain
from presis.errors import BadInput


def fhir_status(status: ReportStatus) -> str:
    """FHIR's status of the report: `preliminary`, `final` or `amended`.

    `registered` would say that there is nothing to read yet, and a draft can be read.

    Raises:
        BadInput: for a version that another has replaced: a reader of the bundle couldn't tell.

    """
    if status.state == "superseded":
        raise BadInput.of(
            "export.replaced",
            f"version {status.version} was replaced by version {status.replaced_by}; export that one.",
            field="report",
            found=f"version {status.version}",
            accepted=f"version {status.replaced_by}",
        )
    if status.state == "draft":
        return "preliminary"
    return "amended" if status.version > 1 else "final"


def fhir_bundle(
    content: ReportContent,
    status: ReportStatus,
    language: Language,
    hgnc: Callable[[str], str | None],
) -> Json:
    """The bundle as plain data; `hgnc` gives a gene symbol's HGNC id, or None.

    Raises:
        BadInput: for a version that another has replaced.

    """
    state = fhir_status(status)
    bundling = Bundling(content, state, hgnc)
    _specimen(bundling)
    if content.laboratory:
        bundling.add("laboratory", {"resourceType": "Organization", "name": content.laboratory})
    results: list[Json] = []
    for finding in content.findings:
        results.extend(add_finding(bundling, finding))
    results.extend(add_beside(bundling))
    extensions = _condition(bundling)
    report = _report(bundling, status, state, language)
    report["result"] = results
    if extensions:
        report["extension"] = extensions
    bundling.add("report", report)
    return {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": bundling.address("bundle")},
        "type": "collection",
        "entry": [bundling.entries[-1], *bundling.entries[:-1]],
    }


def as_fhir(
    content: ReportContent,
    status: ReportStatus,
    language: Language,
    hgnc: Callable[[str], str | None],
) -> str:
    """The bundle as JSON text."""
    return json.dumps(fhir_bundle(content, status, language, hgnc), ensure_ascii=False, indent=1) + "\n"


def _specimen(bundling: Bundling) -> None:
    """The specimen: what was told of it, in words."""
    content, told = bundling.content, bundling.content.specimen
    resource: Json = {
        "resourceType": "Specimen",
        "identifier": [{"value": content.sample}],
        "subject": bundling.subject,
    }
    if content.requested:
        resource["accessionIdentifier"] = {"value": content.requested.specimen}
        resource["receivedTime"] = content.requested.received
    if kind := sentence((told.sample_type, told.material), ", "):
        resource["type"] = {"text": kind}
    collection: Json = {}
    if told.collected:
        collection["collectedDateTime"] = told.collected
    if told.site:
        collection["bodySite"] = {"text": told.site}
    if collection:
        resource["collection"] = collection
    if told.comments:
        resource["note"] = [{"text": each} for each in told.comments]
    bundling.add("specimen", resource)


def _condition(bundling: Bundling) -> list[Json]:
    """The tumour, which the report points to."""
    tumour = bundling.tumour()
    if tumour is None:
        return []
    resource = {"resourceType": "Condition", "code": tumour, "subject": bundling.subject}
    return [extension("supporting-info", valueReference=bundling.add("tumour", resource))]


def _report(bundling: Bundling, status: ReportStatus, state: str, language: Language) -> Json:
    content = bundling.content
    numbered = f"{status.number}, version {status.version}" if status.number else None
    identifiers = [{"value": each} for each in (numbered, f"sha256:{bundling.digest}") if each]
    signed = [f"{each.by}, {each.role.replace('_', ' ')}, {each.organisation}" for each in status.signatures]
    said = plain(content.conclusion.get(language.value, ()))
    words = sentence((said, content.interpretation), "\n\n")
    report: dict[str, Any] = {
        "resourceType": "DiagnosticReport",
        "meta": {"profile": [profile("genomic-report")]},
        "language": language.value,
        "identifier": identifiers,
        "basedOn": [bundling.requested] if content.requested else None,
        "status": state,
        "category": [concept("genetics")],
        "code": concept("report", content.assay.name),
        "subject": bundling.subject,
        "effectiveDateTime": content.specimen.collected,
        "issued": status.signatures[-1].at.isoformat() if state in ("final", "amended") else None,
        "performer": [bundling.reference("laboratory")] if content.laboratory else None,
        "resultsInterpreter": [{"display": each} for each in signed],
        "specimen": [bundling.reference("specimen")],
        "conclusion": words or None,
    }
    return {key: value for key, value in report.items() if value not in (None, [])}
