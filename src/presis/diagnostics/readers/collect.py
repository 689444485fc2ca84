"""The files given, each recognised by its content and read by its reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from presis.diagnostics.hotspots import hotspot_list
from presis.diagnostics.profile import GenomeBuild, NotUsable, Specimen
from presis.diagnostics.readers.all_fusions import AllFusions, read_all_fusions
from presis.diagnostics.readers.combined import Combined, read_combined
from presis.diagnostics.readers.copy_vcf import CopyVcf, read_copy_vcf
from presis.diagnostics.readers.coverage_table import CoverageTable, read_coverage_table
from presis.diagnostics.readers.folder import remark, texts_of
from presis.diagnostics.readers.genome_vcf import GenomeVcf, Wanted, is_genome_vcf, read_genome_vcf
from presis.diagnostics.readers.metrics import Metrics, read_metrics
from presis.diagnostics.readers.pathology_markers import MarkerFile, read_pathology_markers
from presis.diagnostics.readers.pcgr import PcgrTable, read_fusion_table, read_segments
from presis.diagnostics.readers.pictures import Picture, is_picture, read_picture
from presis.diagnostics.readers.pronto_metadata import Metadata, read_metadata
from presis.diagnostics.readers.sample_list import SampleList, read_sample_list
from presis.diagnostics.readers.small_vcf import SmallVcf, read_small_vcf
from presis.diagnostics.readers.sniff import Kind, recognise
from presis.diagnostics.readers.splice_vcf import SpliceVcf, read_splice_vcf
from presis.diagnostics.readers.text import LARGEST_TOGETHER, TextFile, read_text
from presis.diagnostics.readers.tsoppi_summary import VariantSummary, read_variant_summary
from presis.diagnostics.readers.tsoppi_table import TsoppiTable, read_tsoppi_tables
from presis.diagnostics.readers.vcf_text import listed_rows
from presis.diagnostics.specimen import parse_specimen
from presis.errors import BadInput
from presis.methods.reasons import Reason

ACCEPTED = (
    "CombinedVariantOutput, AllFusions.csv, MetricsOutput, TSOPPI small variant table, variant summary "
    "or sample list, PRONTO metadata, VCF, PCGR's segments or fusions, pathology's markers (CSV), "
    "specimen.yaml"
)


@dataclass(slots=True)
class Parts:
    """Everything that was read, by kind of file."""

    combined: list[Combined] = field(default_factory=list)
    fusions: list[AllFusions] = field(default_factory=list)
    metrics: list[Metrics] = field(default_factory=list)
    tables: list[TsoppiTable] = field(default_factory=list)
    summaries: list[VariantSummary] = field(default_factory=list)
    sample_lists: list[SampleList] = field(default_factory=list)
    metadata: list[Metadata] = field(default_factory=list)
    specimens: list[tuple[TextFile, Specimen]] = field(default_factory=list)
    small_vcfs: list[SmallVcf] = field(default_factory=list)
    copy_vcfs: list[CopyVcf] = field(default_factory=list)
    splice_vcfs: list[SpliceVcf] = field(default_factory=list)
    pcgr: list[PcgrTable] = field(default_factory=list)
    genome_vcfs: list[GenomeVcf] = field(default_factory=list)
    coverage: list[CoverageTable] = field(default_factory=list)
    markers: list[MarkerFile] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    remarks: list[NotUsable] = field(default_factory=list)


def collect(paths: Sequence[Path], sample: str | None = None) -> Parts:
    """Read files, and folders with one level below; `sample` names a VCF's column where it has several.

    A file named outright that isn't recognised is `BadInput`; one found in a folder is a remark.
    """
    parts = Parts()
    seen: dict[str, str] = {}
    unpacked = 0
    for text, named in _texts(paths, parts, sample):
        unpacked += text.unpacked
        if unpacked > LARGEST_TOGETHER:
            message = (
                f"with the files before it unpacks to more than {LARGEST_TOGETHER >> 20} MB; give the files"
            )
            raise BadInput.of(
                "too-large.together",
                f"{message} of one specimen",
                file=text.name,
                most=LARGEST_TOGETHER >> 20,
            )
        if text.sha256 in seen:
            parts.remarks.append(remark(text.name, Reason.of("reading.same-file", other=seen[text.sha256])))
            continue
        seen[text.sha256] = text.name
        kind = recognise(text)
        if kind is None and named:
            raise BadInput.of(
                "not-recognised.file",
                f"isn't a file that can be read here; leave it out, or give one of {ACCEPTED}",
                file=text.name,
                accepted=ACCEPTED,
            )
        if kind is None:
            parts.remarks.append(remark(text.name, Reason.of("reading.not-recognised")))
        else:
            _read(text, kind, parts, sample)
    return parts


def _read(text: TextFile, kind: Kind, parts: Parts, sample: str | None) -> None:
    match kind:
        case Kind.COMBINED:
            parts.combined.append(read_combined(text))
        case Kind.ALL_FUSIONS:
            parts.fusions.append(read_all_fusions(text))
        case Kind.METRICS:
            parts.metrics.append(read_metrics(text))
        case Kind.TSOPPI_TABLE:
            parts.tables.extend(read_tsoppi_tables(text))
        case Kind.TSOPPI_SUMMARY:
            parts.summaries.append(read_variant_summary(text))
        case Kind.SAMPLE_LIST:
            parts.sample_lists.append(read_sample_list(text))
        case Kind.METADATA:
            parts.metadata.append(read_metadata(text))
        case Kind.SPECIMEN:
            parts.specimens.append((text, parse_specimen(text)))
        case Kind.MARKERS:
            parts.markers.append(read_pathology_markers(text))
        case _:
            _read_vcf(text, kind, parts, sample)


def _read_vcf(text: TextFile, kind: Kind, parts: Parts, sample: str | None) -> None:
    match kind:
        case Kind.SMALL_VCF:
            parts.small_vcfs.append(read_small_vcf(text, sample))
        case Kind.COPY_VCF:
            parts.copy_vcfs.append(read_copy_vcf(text, sample))
        case Kind.SPLICE_VCF:
            parts.splice_vcfs.append(read_splice_vcf(text, sample))
        case Kind.SEGMENTS:
            parts.pcgr.append(read_segments(text))
        case Kind.STRUCTURAL_VCF:
            parts.remarks.extend(listed_rows(text, Reason.of("reading.structural")))
        case Kind.COVERAGE:
            parts.coverage.append(read_coverage_table(text, _wanted()))
        case Kind.FUSION_TABLE:
            parts.pcgr.append(read_fusion_table(text))


def _wanted() -> Wanted:
    """The positions whose depth is kept."""
    return {build: hotspot_list().regions(build) for build in GenomeBuild}


def _texts(paths: Sequence[Path], parts: Parts, sample: str | None) -> Iterator[tuple[TextFile, bool]]:
    """Each file's text, and whether it was named outright; a genome VCF is read on its way."""
    if not paths:
        raise BadInput.of(
            "no-files", "no file was given; give the panel's files or their folder", accepted=ACCEPTED
        )

    def taken(path: Path, name: str) -> bool:
        if is_picture(path):
            parts.pictures.append(read_picture(path, name))
            return True
        if not is_genome_vcf(path):
            return False
        found = read_genome_vcf(path, _wanted(), name, sample)
        alike = next((e for e in parts.genome_vcfs if e.file.sha256 == found.file.sha256), None)
        if alike is None:
            parts.genome_vcfs.append(found)
        else:
            parts.remarks.append(remark(name, Reason.of("reading.same-file", other=alike.name)))
        return True

    for path in paths:
        if path.is_dir():
            for file in texts_of(path, parts.remarks, taken):
                yield file, False
            continue
        if taken(path, path.name):
            continue
        yield read_text(path), True
        after_qc = path.with_name(path.name.replace("_small_variant_table.", "_small_variant_table_forQC."))
        if after_qc != path and after_qc.is_file() and after_qc not in paths:
            yield read_text(after_qc), True
