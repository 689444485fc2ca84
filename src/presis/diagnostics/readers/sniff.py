"""What a file is, told by its content and not by its name; only `specimen.yaml` is held to its name."""

from __future__ import annotations

from enum import StrEnum

from presis.diagnostics.readers import (
    all_fusions,
    combined,
    copy_vcf,
    coverage_table,
    metrics,
    pathology_markers,
    pcgr,
    pronto_metadata,
    sample_list,
    small_vcf,
    splice_vcf,
    tsoppi_summary,
    tsoppi_table,
)
from presis.diagnostics.readers.layout import read_title
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.vcf_text import is_vcf, read_header


class Kind(StrEnum):
    """The files that can be read."""

    COMBINED = combined.KIND
    ALL_FUSIONS = all_fusions.KIND
    METRICS = metrics.KIND
    TSOPPI_TABLE = tsoppi_table.KIND
    TSOPPI_SUMMARY = tsoppi_summary.KIND
    SAMPLE_LIST = sample_list.KIND
    METADATA = pronto_metadata.KIND
    MARKERS = pathology_markers.KIND
    SPECIMEN = "specimen"
    SMALL_VCF = small_vcf.KIND
    COPY_VCF = copy_vcf.KIND
    SPLICE_VCF = splice_vcf.KIND
    STRUCTURAL_VCF = "vcf_structural"
    SEGMENTS = pcgr.SEGMENTS
    FUSION_TABLE = pcgr.FUSIONS
    COVERAGE = coverage_table.KIND


#: columns that tell a table's kind; a damaged file may have lost others, which its reader then names
_MARKS = (
    (Kind.ALL_FUSIONS, ",", ({"gene a", "gene b"},)),
    (Kind.TSOPPI_TABLE, "\t", ({"sample_id", "genomic_location"}, {"sample_id", "gene_symbol"})),
    (Kind.TSOPPI_SUMMARY, "\t", ({"sample_id", "tmb"}, {"sample_id", "fusions"})),
    (Kind.METADATA, "\t", ({"sample_id", "sequencing_run_id"}, {"sample_id", "create_report"})),
    (Kind.SAMPLE_LIST, "\t", ({"sample_type", "sample_id"},)),
    (Kind.SEGMENTS, "\t", ({"chromosome", "nmajor"}, {"chromosome", "nminor"})),
    (Kind.FUSION_TABLE, "\t", ({"fusiongene"},)),
)
_SPECIMEN_KEYS = frozenset(
    {"pseudonym", "birth_year", "sex", "tumour", "tumour_text", "site", "sample_type", "material",
     "treatment", "collected", "tumour_cell_fraction", "dna_failed", "rna_failed", "invented"}
)  # fmt: skip
_SPECIMEN_NAMES = ("specimen.yaml", "specimen.yml")
_LINES_OF_TITLE = 20


def recognise(text: TextFile) -> Kind | None:
    """The file's kind, or None. A title decides, else the first line that is no comment."""
    head = text.lines[:_LINES_OF_TITLE]
    if is_vcf(head):
        return _vcf_kind(text)
    for line in head:
        if line.startswith("["):
            break
        title = read_title(line)
        if title is not None:
            return Kind.COMBINED if title.what == "combined variant output" else Kind.METRICS
    header = _header(text)
    for kind, joint, marks in _MARKS:
        names = {cell.strip().strip('"').casefold().lstrip("# ") for cell in header.split(joint)}
        if any(mark <= names for mark in marks):
            return kind
    if coverage_table.header_at(text.lines) is not None:
        return Kind.COVERAGE
    if pathology_markers.is_header(header):
        return Kind.MARKERS
    if _untitled_sections(text):
        return Kind.COMBINED
    named = text.path.name.casefold() in _SPECIMEN_NAMES
    return Kind.SPECIMEN if named or _looks_like_specimen(text) else None


def _vcf_kind(text: TextFile) -> Kind:
    header = read_header(text)
    if splice_vcf.is_splice_vcf(header):
        return Kind.SPLICE_VCF
    if copy_vcf.is_copy_vcf(header):
        return Kind.COPY_VCF
    structural = "SVTYPE" in header.info and {"MATEID", "CIPOS", "IMPRECISE", "CIEND"} & header.info.keys()
    return Kind.STRUCTURAL_VCF if structural and "CSQ" not in header.info else Kind.SMALL_VCF


def _header(text: TextFile) -> str:
    for line in text.lines:
        first = line.split("\t", 1)[0].casefold()
        if line.strip() and (not line.startswith("#") or first.lstrip("# ") == "sample_type"):
            return line
    return ""


def _untitled_sections(text: TextFile) -> bool:
    """A CombinedVariantOutput that has lost its title is recognised, so that its reader can say so."""
    names = {line.split("\t", 1)[0].strip().casefold() for line in text.lines if line.startswith("[")}
    return len(names & {"[analysis details]", "[small variants]", "[tmb]", "[msi]"}) >= 2


def _looks_like_specimen(text: TextFile) -> bool:
    """A YAML mapping of which most keys are those of a specimen, so that a misspelt one is told."""
    keys = [line.partition(":")[0].strip() for line in text.lines if ":" in line and line[:1].isalpha()]
    known = [key for key in keys if key in _SPECIMEN_KEYS]
    return bool(known) and 2 * len(known) >= len(keys)
