"""Patients and samples of a study as cBioPortal's clinical files: four rows of header, names, data.

Source: cBioPortal, docs/File-Formats.md, Clinical Data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from presis.diagnostics.exports.reported import Reported
from presis.diagnostics.report_model import FindingJson, ReportContent

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column: its name in the database, what people read, and STRING or NUMBER."""

    name: str
    title: str
    description: str
    kind: str = "STRING"


PATIENT = (
    Attribute("PATIENT_ID", "Patient Identifier", "The laboratory's pseudonym"),
    Attribute("SEX", "Sex", "Sex as told with the specimen"),
)
SAMPLE = (
    Attribute("PATIENT_ID", "Patient Identifier", "The laboratory's pseudonym"),
    Attribute("SAMPLE_ID", "Sample Identifier", "The sample's name in the panel's files"),
    Attribute("ONCOTREE_CODE", "Oncotree Code", "OncoTree code by which findings were tiered"),
    Attribute("CANCER_TYPE_DETAILED", "Cancer Type Detailed", "The OncoTree code's name"),
    Attribute("SAMPLE_TYPE", "Sample Type", "Such as primary or metastasis"),
    Attribute("SPECIMEN_SITE", "Specimen Site", "Where the specimen was taken"),
    Attribute("TUMOR_PURITY", "Tumor Purity", "Share of tumour cells as estimated, in percent", "NUMBER"),
    Attribute("TMB_PER_MB", "TMB", "Mutations per megabase as reported", "NUMBER"),
    Attribute("TMB_CLASS", "TMB class", "Class of the rate as reported"),
    Attribute("MSI_PERCENT", "Unstable sites", "Percent of unstable microsatellite sites", "NUMBER"),
    Attribute("MSI_CLASS", "MSI class", "Class of microsatellite stability as reported"),
    Attribute("GENOMIC_INSTABILITY_SCORE", "GIS", "Genomic instability score", "NUMBER"),
    Attribute("ASSAY", "Assay", "The test and its software"),
    Attribute("REPORT_NUMBER", "Report", "Number and version of the report"),
    Attribute("REPORT_STATUS", "Report status", "Draft or signed"),
    Attribute("REPORT_SHA256", "Report hash", "SHA-256 of the report's content"),
)


def patient_row(content: ReportContent, patient: str) -> Row:
    """A patient: the pseudonym, and the sex if it was told."""
    return {"PATIENT_ID": patient, "SEX": (content.specimen.sex or "").capitalize()}


def sample_row(reported: Reported, patient: str, sample: str) -> Row:
    """A sample; what isn't told stays empty."""
    content, status = reported.content, reported.status
    found = {each.id: each for each in content.findings}
    tmb, msi, score = found.get("tmb"), found.get("msi"), found.get("gis")
    share = content.specimen.tumour_cell_fraction
    return {
        "PATIENT_ID": patient,
        "SAMPLE_ID": sample,
        "ONCOTREE_CODE": content.tumour or "",
        "CANCER_TYPE_DETAILED": content.tumour_name or "",
        "SAMPLE_TYPE": (content.specimen.sample_type or "").capitalize(),
        "SPECIMEN_SITE": content.specimen.site or "",
        "TUMOR_PURITY": "" if share is None else f"{100 * share:g}",
        "TMB_PER_MB": _value(tmb),
        "TMB_CLASS": (tmb.marker_class or "") if tmb else "",
        "MSI_PERCENT": _value(msi),
        "MSI_CLASS": (msi.marker_class or "") if msi else "",
        "GENOMIC_INSTABILITY_SCORE": _value(score),
        "ASSAY": " ".join(filter(None, (content.assay.name, content.assay.software))),
        "REPORT_NUMBER": f"{status.number} v{status.version}" if status.number else "",
        "REPORT_STATUS": status.state,
        "REPORT_SHA256": content.content_hash(),
    }


def _value(finding: FindingJson | None) -> str:
    return "" if finding is None or finding.value is None else f"{finding.value:g}"


def clinical_text(attributes: Iterable[Attribute], rows: Iterable[Row]) -> str:
    """A clinical file."""
    columns = tuple(attributes)
    heads = (
        [each.title for each in columns],
        [each.description for each in columns],
        [each.kind for each in columns],
        ["1" for _ in columns],
    )
    lines = ["#" + "\t".join(head) for head in heads]
    lines.append("\t".join(each.name for each in columns))
    lines += ["\t".join(" ".join(row.get(each.name, "").split()) for each in columns) for row in rows]
    return "\n".join(lines) + "\n"
