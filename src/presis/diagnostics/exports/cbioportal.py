"""Reports as a study folder for cBioPortal; what has no place there is told in sentences.

Source of the formats: cBioPortal, docs/File-Formats.md and docs/data-loading/Import-Gene-Panels.md. What goes
where: docs/reference/cbioportal.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from presis.diagnostics.exports.cbioportal_clinical import (
    PATIENT,
    SAMPLE,
    clinical_text,
    patient_row,
    sample_row,
)
from presis.diagnostics.exports.cbioportal_rows import (
    CNA_COLUMNS,
    MAF_COLUMNS,
    SV_COLUMNS,
    Row,
    Rows,
    distinct,
    rows_of,
)
from presis.diagnostics.exports.reported import Reported
from presis.diagnostics.report_model import ReportContent
from presis.errors import BadInput

#: stable id of a profile: (the report's alterations, case list, its category)
PROFILES = {
    "mutations": (("small_variant",), "sequenced", "all_cases_with_mutation_data"),
    "structural_variants": (("dna_fusion", "rna_fusion", "splice"), "sv", "all_cases_with_sv_data"),
    "cna": (("amplification", "deletion"), "cna", "all_cases_with_cna_data"),
}
WORDS = {
    "mutations": "mutations",
    "structural_variants": "structural variants",
    "cna": "copy number changes",
}
GENOMES = {"GRCh37": "hg19", "GRCh38": "hg38"}


@dataclass(frozen=True, slots=True)
class StudyName:
    """What a study is called: its id (small letters, digits, underscores), and its name for people."""

    ident: str = "presis_reports"
    name: str = "Presis reports"


@dataclass(frozen=True, slots=True)
class StudyFiles:
    """A study: each file's text by its path in the folder, and what isn't in it, a sentence each."""

    files: dict[str, str]
    notes: tuple[str, ...]
    samples: int


@dataclass(slots=True)
class _Sample:
    reported: Reported
    patient: str
    sample: str
    rows: Rows
    panels: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> ReportContent:
        return self.reported.content


def cbioportal_study(reports: Sequence[Reported], study: StudyName) -> StudyFiles:
    """The study of one or many reports, one sample a report.

    Raises:
        BadInput: for a study id that isn't one, a replaced version, two reports on one sample, or two
            reference genomes.

    """
    _check(reports, study)
    samples = [_sample(each) for each in reports]
    _refuse_twins(samples)
    files: dict[str, str] = {}
    notes = [note for each in samples for note in _sample_notes(each)]
    tumours = {each.content.tumour for each in samples}
    tumour = next(iter(tumours)) if len(tumours) == 1 else None
    files.update(_study_files(study, samples, tumour))
    files.update(_clinical(study, samples))
    held = {name: _rows_in(samples, name) for name in PROFILES}
    present = [name for name in PROFILES if held[name]]
    panels = _panels(samples, present)
    for name in present:
        files.update(_profile_files(study, name, held[name]))
    files.update(panels)
    files.update(_matrix(study, samples, present))
    files.update(_case_lists(study, samples, present))
    notes += _study_notes(samples, present, panels, tumour)
    return StudyFiles(files, distinct(iter(notes)), len(samples))


def _check(reports: Sequence[Reported], study: StudyName) -> None:
    if not re.fullmatch(r"[a-z0-9_]+", study.ident):
        raise BadInput.of(
            "export.study",
            f"{study.ident!r} is no id of a study; use small letters, digits and underscores.",
            field="--study",
            found=study.ident,
        )
    for each in reports:
        if each.status.state == "superseded":
            raise BadInput.of(
                "export.replaced",
                f"version {each.status.version} was replaced by version {each.status.replaced_by}; "
                "export that one.",
                field="report",
                found=each.status.number or each.content.sample,
            )
    builds = sorted({each.content.build for each in reports if each.content.build})
    if len(builds) > 1:
        raise BadInput.of(
            "export.two-genomes",
            f"the reports stand on {' and '.join(builds)}; a study holds one reference genome, so export "
            "them apart.",
            field="report",
            found=", ".join(builds),
        )


def _sample(reported: Reported) -> _Sample:
    content = reported.content
    sample = safe_id(content.sample)
    return _Sample(
        reported, safe_id(content.specimen.pseudonym or content.sample), sample, rows_of(content, sample)
    )


def safe_id(text: str) -> str:
    """An id as cBioPortal takes it: letters, digits, points, underscores, hyphens."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text)


def _refuse_twins(samples: Iterable[_Sample]) -> None:
    seen: set[str] = set()
    for each in samples:
        if each.sample in seen:
            raise BadInput.of(
                "export.same-sample",
                f"two reports are on sample {each.sample}; a study holds one a sample, so leave one out.",
                field="report",
                found=each.sample,
            )
        seen.add(each.sample)


def _rows_in(samples: Iterable[_Sample], profile: str) -> list[Row]:
    kinds = {"mutations": "mutations", "structural_variants": "structural", "cna": "copies"}
    return [row for each in samples for row in getattr(each.rows, kinds[profile])]


# -- files --------------------------------------------------------------------------------------


def meta(**fields: str) -> str:
    """A metadata file: `key: value` lines."""
    return "".join(f"{key}: {' '.join(value.split())}\n" for key, value in fields.items())


def table(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """A file of tab-separated columns under their names; blanks inside a cell are single spaces."""
    lines = ["\t".join(columns)]
    lines += ["\t".join(" ".join(row.get(name, "").split()) for name in columns) for row in rows]
    return "\n".join(lines) + "\n"


def _study_files(study: StudyName, samples: Sequence[_Sample], tumour: str | None) -> dict[str, str]:
    build = next((each.content.build for each in samples if each.content.build), None)
    genome = {"reference_genome": GENOMES[build]} if build in GENOMES else {}
    kind = tumour.lower() if tumour else "mixed"
    files = {
        "meta_study.txt": meta(
            type_of_cancer=kind,
            cancer_study_identifier=study.ident,
            name=study.name,
            description=f"{len(samples)} reports of Presis, which is not CE-marked.",
            **genome,
        )
    }
    if tumour:
        name = samples[0].content.tumour_name or tumour
        files["meta_cancer_type.txt"] = meta(
            genetic_alteration_type="CANCER_TYPE", datatype="CANCER_TYPE", data_filename="cancer_type.txt"
        )
        files["cancer_type.txt"] = f"{kind}\t{name}\tGray\ttissue\n"
    return files


def _clinical(study: StudyName, samples: Sequence[_Sample]) -> dict[str, str]:
    patients: dict[str, Row] = {}
    for each in samples:
        row = patient_row(each.content, each.patient)
        patients[each.patient] = {**row, "SEX": row["SEX"] or patients.get(each.patient, {}).get("SEX", "")}
    rows = [sample_row(each.reported, each.patient, each.sample) for each in samples]
    texts = {"patient": clinical_text(PATIENT, patients.values()), "sample": clinical_text(SAMPLE, rows)}
    files = {}
    for kind, text in texts.items():
        files[f"meta_clinical_{kind}.txt"] = meta(
            cancer_study_identifier=study.ident,
            genetic_alteration_type="CLINICAL",
            datatype=f"{kind.upper()}_ATTRIBUTES",
            data_filename=f"data_clinical_{kind}.txt",
        )
        files[f"data_clinical_{kind}.txt"] = text
    return files


def _profile_files(study: StudyName, profile: str, rows: list[Row]) -> dict[str, str]:
    """The metadata and the data of one profile."""
    stem, kind, datatype, columns, title = {
        "mutations": ("mutations", "MUTATION_EXTENDED", "MAF", MAF_COLUMNS, "Mutations"),
        "structural_variants": ("sv", "STRUCTURAL_VARIANT", "SV", SV_COLUMNS, "Structural variants"),
        "cna": ("cna", "COPY_NUMBER_ALTERATION", "DISCRETE_LONG", CNA_COLUMNS, "Copy number"),
    }[profile]
    more = {} if profile == "structural_variants" else {"namespaces": "PRESIS"}
    if profile == "mutations":
        more["variant_classification_filter"] = ""  # nothing that a report kept is filtered out
    text = meta(
        cancer_study_identifier=study.ident,
        genetic_alteration_type=kind,
        datatype=datatype,
        stable_id=profile,
        show_profile_in_analysis_tab="true",
        profile_name=title,
        profile_description=f"{title} as reported; what was left out or taken out of a report isn't here.",
        data_filename=f"data_{stem}.txt",
        **more,
    )
    return {f"meta_{stem}.txt": text, f"data_{stem}.txt": table(columns, rows)}


# -- what was tested ----------------------------------------------------------------------------


def genes_tested(content: ReportContent, profile: str) -> tuple[str, ...]:
    """The genes that were looked at for a profile; none where it wasn't tested, or nobody says."""
    told = (content.covers.get(name) for name in PROFILES[profile][0])
    return tuple(sorted({gene for each in told if each and each.state == "yes" for gene in each.genes}))


def _panels(samples: Iterable[_Sample], present: Iterable[str]) -> dict[str, str]:
    """A file for each set of genes that were tested together; notes on each sample which are its own."""
    files: dict[str, str] = {}
    for each in samples:
        for profile in present:
            genes = genes_tested(each.content, profile)
            if not genes:
                continue
            mark = hashlib.sha256("\n".join(genes).encode()).hexdigest()[:8]
            name = safe_id(f"{each.content.assay.name}_{profile}_{mark}")
            each.panels[profile] = name
            files[f"gene_panels/data_gene_panel_{name}.txt"] = (
                f"stable_id: {name}\n"
                f"description: {len(genes)} genes of {each.content.assay.name}, tested for {WORDS[profile]}\n"
                "gene_list: " + "\t".join(genes) + "\n"
            )
    return files


def _matrix(study: StudyName, samples: Sequence[_Sample], present: Sequence[str]) -> dict[str, str]:
    if not any(each.panels for each in samples):
        return {}
    rows = [
        {"SAMPLE_ID": each.sample, **{name: each.panels.get(name, "NA") for name in present}}
        for each in samples
    ]
    return {
        "meta_gene_panel_matrix.txt": meta(
            cancer_study_identifier=study.ident,
            genetic_alteration_type="GENE_PANEL_MATRIX",
            datatype="GENE_PANEL_MATRIX",
            data_filename="data_gene_panel_matrix.txt",
        ),
        "data_gene_panel_matrix.txt": table(("SAMPLE_ID", *present), rows),
    }


def _profiled(each: _Sample, profile: str) -> bool:
    """Whether a sample was tested for a profile; one with a finding in it must be in its list."""
    return bool(genes_tested(each.content, profile)) or bool(_rows_in([each], profile))


def _case_lists(study: StudyName, samples: Sequence[_Sample], present: Sequence[str]) -> dict[str, str]:
    lists = [("all", "all_cases_in_study", "All samples", [each.sample for each in samples])]
    for profile in present:
        _, suffix, category = PROFILES[profile]
        tested = [each.sample for each in samples if _profiled(each, profile)]
        lists.append((suffix, category, f"Samples tested for {WORDS[profile]}", tested))
    if {"mutations", "cna"} <= set(present):
        both = [e.sample for e in samples if _profiled(e, "mutations") and _profiled(e, "cna")]
        category = "all_cases_with_mutation_and_cna_data"
        lists.append(("cnaseq", category, "Samples tested for mutations and copy number", both))
    return {
        f"case_lists/cases_{suffix}.txt": meta(
            cancer_study_identifier=study.ident,
            stable_id=f"{study.ident}_{suffix}",
            case_list_name=name,
            case_list_description=f"{name} ({len(ids)} samples)",
            case_list_category=category,
        )
        + "case_list_ids: "
        + "\t".join(ids)
        + "\n"
        for suffix, category, name, ids in lists
        if ids
    }


# -- what isn't in the study --------------------------------------------------------------------


def _sample_notes(each: _Sample) -> Iterator[str]:
    content = each.content
    if each.sample != content.sample:
        yield f"{each.sample}: the id was {content.sample!r}, with signs that cBioPortal doesn't take."
    yield from each.rows.notes
    if each.rows.structural:
        yield (
            "Each structural variant is written as SOMATIC, because the format asks for one of two words; "
            "the reports don't tell it."
        )
    for profile in PROFILES:
        if _rows_in([each], profile) and not genes_tested(content, profile):
            yield (
                f"{each.sample}: {WORDS[profile]} found are in the study, though what was not found "
                "isn't known."
            )
    for ident in ("tmb", "msi"):
        finding = next((found for found in content.findings if found.id == ident), None)
        if finding is not None and finding.at_least:
            yield f"{each.sample}: {ident.upper()} is a lower end; its number stands alone in the study."
    if content.left_out:
        yield f"{each.sample}: {len(content.left_out)} variants that the filter left out aren't in the study."
    if content.dropped:
        yield f"{each.sample}: {len(content.dropped)} findings that review took out aren't in the study."


def _study_notes(
    samples: Sequence[_Sample], present: Sequence[str], panels: dict[str, str], tumour: str | None
) -> Iterator[str]:
    for profile in PROFILES:
        if profile not in present and any(genes_tested(each.content, profile) for each in samples):
            words = WORDS[profile]
            yield f"No {words} found: the study has no file for it, and can't tell that it was tested."
    if panels:
        yield "Load the files of gene_panels before the study: cBioPortal keeps panels apart from studies."
    if tumour:
        yield "Leave meta_cancer_type.txt out if the portal knows OncoTree's types already."
    yield "Drugs, tiers of options, conclusions and quality are in the reports alone."
