"""TSOPPI's small variant table: LocalApp's variants, annotated, with the laboratory's judgements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from presis.diagnostics.hgvs import bare_protein, parse_protein
from presis.diagnostics.profile import (
    GenomeBuild,
    InNormal,
    InputFile,
    Judgement,
    NotUsable,
    PopulationFrequency,
    SmallVariant,
    Source,
)
from presis.diagnostics.readers.all_fusions import filters
from presis.diagnostics.readers.combined_tables import listed
from presis.diagnostics.readers.sections import column_index, require_columns, unquoted
from presis.diagnostics.readers.text import TextFile, truncated
from presis.diagnostics.readers.tsoppi_comments import read_comments
from presis.diagnostics.readers.values import (
    ABSENT,
    MISSING,
    Listing,
    UnreadableError,
    bases,
    fraction,
    optional_fraction,
    optional_whole,
    place,
    text_or_none,
)
from presis.diagnostics.symbols import current_symbol
from presis.errors import BadInput
from presis.methods.reasons import Reason

KIND = "tsoppi_small_variant_table"
#: why a row is none: a variant of the normal, and perhaps an inherited one
NORMAL_ALONE = Reason.of("reading.normal-alone")
REQUIRED = (
    "Sample_ID",
    "Gene_symbol",
    "Genomic_location",
    "DNA_change",
    "cDNA_change",
    "Protein_change_short",
    "Protein_change",
    "Coding_status",
    "Depth_tumor_DNA",
    "AF_tumor_DNA",
    "Class_judgement",
)
_FREQUENCY_COLUMNS = {"Global_AF_gnomAD": "global", "Global_AF_1KG": "global", "NFE_AF_gnomAD": "nfe"}
_OTHER = (
    "Ensembl_transcript_ID",
    "RefSeq_mRNA",
    "Exon_number",
    "TSO500_LocalApp_class",
    "Filters",
    "Tier",
    "CPSR_ACMG_class",
    "CPSR_ClinVar_class",
    "Germline_population_AFs",
    "Depth_normal_DNA",
    "AF_normal_DNA",
    "Depth_tumor_RNA",
    "AF_tumor_RNA",
    "IGV_QC",
    "Run_QC",
    "Class_judgement_comments",
    "Reporting_judgement",
    "Reporting_judgement_comments",
    *_FREQUENCY_COLUMNS,
)
#: from the worst on: of a variant's two CPSR classes the worse one counts, as PRONTO looks at either
_GERMLINE_CLASSES = ("Pathogenic", "Likely_Pathogenic", "VUS", "Likely_Benign", "Benign")
_JUDGEMENT = (
    "IGV_QC",
    "Run_QC",
    "Class_judgement",
    "Class_judgement_comments",
    "Reporting_judgement",
    "Reporting_judgement_comments",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TsoppiTable:
    """One sample's variants. `rna` is the matched RNA sample that the comments name, if any.

    `transcripts` holds, for each variant, every transcript that its change may count on.
    """

    file: InputFile
    text: TextFile
    sample: str
    build: GenomeBuild | None
    localapp_version: str | None
    megabases: float | None
    purity: float | None
    rna: str | None
    small_variants: tuple[SmallVariant, ...]
    transcripts: tuple[tuple[str, ...], ...]
    not_usable: tuple[NotUsable, ...]

    @property
    def for_qc(self) -> bool:
        """Whether this is the table after manual quality control."""
        return "_forqc" in self.text.name.casefold()


def read_tsoppi_tables(text: TextFile) -> tuple[TsoppiTable, ...]:
    """Read a small variant table, one result for each sample in it (nearly always one).

    Raises `BadInput` if it is cut, lacks a column, or holds a variant that failed in IGV and isn't
    excluded: PRONTO stops there too, since somebody has to decide.
    """
    start = next((index for index, line in enumerate(text.lines) if not line.startswith("#")), None)
    if start is None:
        raise text.without_header()
    header = [unquoted(cell.strip()) for cell in text.lines[start].split("\t")]
    columns = column_index(header)
    require_columns(text.name, start + 1, columns, REQUIRED, "the small variant table")
    comments = read_comments(text.lines[:start])
    reader = _Reader(text.name, columns, comments.sample or text.path.name.partition("_small")[0])
    by_sample: dict[str, list[tuple[SmallVariant, tuple[str, ...]]]] = {}
    listing = Listing(text.name)
    count = 0
    for line, cells in _rows(text, start, len(header), listing):
        count += 1
        sample, variant, transcripts = reader.read(cells, line, listing)
        of_sample = by_sample.setdefault(sample, [])
        if variant is not None:
            of_sample.append((variant, transcripts))
    if not by_sample and comments.sample:
        by_sample[comments.sample] = []
    if not by_sample:
        raise truncated(
            "truncated.no-sample",
            "it has no rows and its comments name no sample",
            text.name,
            len(text.lines),
        )
    notes = (*text.remarks, *listing.entries)
    return tuple(
        TsoppiTable(
            file=text.as_input(KIND, count),
            text=text,
            sample=sample,
            build=comments.build,
            localapp_version=comments.version,
            megabases=comments.megabases,
            purity=comments.purity,
            rna=comments.rna,
            small_variants=tuple(variant for variant, _ in pairs),
            transcripts=tuple(transcripts for _, transcripts in pairs),
            not_usable=notes,
        )
        for sample, pairs in by_sample.items()
    )


def _rows(text: TextFile, start: int, width: int, listing: Listing) -> Iterator[tuple[int, list[str]]]:
    last = len(text.lines)
    if start + 1 == last and not text.complete:
        raise text.cut_at_header(last)
    for line, raw in enumerate(text.lines[start + 1 :], start=start + 2):
        if not raw.strip():
            continue
        cells = raw.split("\t")
        if " \t" in raw or "\t " in raw or raw != raw.strip(" "):
            cells = [cell.strip() for cell in cells]
        if '"' in raw:
            cells = [unquoted(cell) for cell in cells]
        if len(cells) == width:
            yield line, cells
        elif line == last and not text.complete and len(cells) < width:
            raise text.cut_row(line, len(cells), width)
        else:
            listing.lost(line, Reason.of("reading.width", cells=len(cells), columns=width), raw)


class _Reader:
    """Makes a variant of a row, with columns found by name once."""

    def __init__(self, file: str, columns: dict[str, int], default_sample: str) -> None:
        self.file, self.default_sample = file, default_sample
        self.at = {name: columns.get(name.casefold(), -1) for name in (*REQUIRED, *_OTHER)}
        self.has_frequencies = any(
            self.at[name] >= 0 for name in (*_FREQUENCY_COLUMNS, "Germline_population_AFs")
        )

    def read(
        self, cells: list[str], line: int, listing: Listing
    ) -> tuple[str, SmallVariant | None, tuple[str, ...]]:
        """The row's sample, its variant (None: listed), and the transcripts that it counts on."""
        at = self.at
        cell = {name: cells[index] if index >= 0 else "" for name, index in at.items()}
        sample = cell["Sample_ID"]
        if sample in MISSING:
            sample = self.default_sample
        self._stop_if_failed_in_igv(cell["IGV_QC"], cell["Class_judgement"], line)
        if cell["Tier"] == "TNA" or "normal_origin" in cell["Filters"]:
            listing.remark(line, NORMAL_ALONE, "\t".join(cells))
            return sample, None, ()
        try:
            change = _location(cell["Genomic_location"], cell["DNA_change"])
        except UnreadableError as error:
            listing.lost(line, error.inside("reading.no-variant-change"), "\t".join(cells))
            return sample, None, ()
        transcripts = _transcripts(cell["RefSeq_mRNA"], cell["Ensembl_transcript_ID"])
        return sample, self._variant(cell, change, transcripts, line, listing), transcripts

    def _variant(
        self,
        cell: dict[str, str],
        change: tuple[str, int, str, str],
        transcripts: tuple[str, ...],
        line: int,
        listing: Listing,
    ) -> SmallVariant:
        chrom, pos, ref, alt = change
        gene = cell["Gene_symbol"]
        protein, short = _protein(cell["Protein_change"], cell["Protein_change_short"])
        if protein is None and cell["Protein_change"] not in MISSING:
            protein = cell["Protein_change"]
            listing.remark(line, Reason.of("reading.protein"), protein)
        return SmallVariant(
            gene=None if gene in ABSENT else current_symbol(gene),
            chromosome=chrom,
            position=pos,
            ref=ref,
            alt=alt,
            transcript=transcripts[0] if transcripts else None,
            cdna=text_or_none(cell["cDNA_change"]),
            protein=protein,
            protein_short=short,
            consequences=_split(cell["Coding_status"], ","),
            exon=_exon(cell["Exon_number"]),
            depth=listed(optional_whole, cell["Depth_tumor_DNA"], "Depth_tumor_DNA", line, listing),
            allele_fraction=listed(optional_fraction, cell["AF_tumor_DNA"], "AF_tumor_DNA", line, listing),
            rna_depth=listed(optional_whole, cell["Depth_tumor_RNA"], "Depth_tumor_RNA", line, listing),
            rna_allele_fraction=listed(
                optional_fraction, cell["AF_tumor_RNA"], "AF_tumor_RNA", line, listing
            ),
            population=self._population(cell, line, listing),
            normal=_in_normal(cell, line, listing),
            caller_class=text_or_none(cell["TSO500_LocalApp_class"]),
            germline_class=_germline_class(cell["CPSR_ACMG_class"], cell["CPSR_ClinVar_class"]),
            file_filters=_split(cell["Filters"], "|"),
            judgement=_judgement(*(cell[name] for name in _JUDGEMENT)),
            source=Source(self.file, line),
        )

    def _stop_if_failed_in_igv(self, igv: str, judgement: str, line: int) -> None:
        if igv.casefold().startswith("not ok") and judgement.casefold() != "exclude":
            raise BadInput.of(
                "igv-not-ok",
                f"IGV_QC is {igv}, Class_judgement {judgement or 'empty'}; exclude it, or correct IGV_QC",
                file=self.file,
                line=line,
                field="Class_judgement",
                found=judgement,
                igv=igv,
                accepted="exclude",
            )

    def _population(self, cell: dict[str, str], line: int, listing: Listing) -> PopulationFrequency | None:
        if not self.has_frequencies:
            return None
        texts = (*(cell[name] for name in _FREQUENCY_COLUMNS), cell["Germline_population_AFs"])
        if all(text in ABSENT for text in texts):
            return _IN_NO_POPULATION
        found: dict[str, float] = {}

        def note(population: str, text: str) -> None:
            value = listed(fraction, text, f"population frequency ({population})", line, listing)
            if value is not None:
                found[population] = max(value, found.get(population, 0.0))

        for name, population in _FREQUENCY_COLUMNS.items():
            if cell[name] not in ABSENT:
                note(population, cell[name])
        if texts[-1] not in ABSENT:
            for entry in texts[-1].split("|"):
                name, _, text = entry.rpartition(":")
                note(_population_key(name), text)
        return PopulationFrequency(by_population=found, source=_FREQUENCY_SOURCE)


def _in_normal(cell: dict[str, str], line: int, listing: Listing) -> InNormal | None:
    """The reads of the matched normal; None where the table has none."""
    depth = listed(optional_whole, cell["Depth_normal_DNA"], "Depth_normal_DNA", line, listing)
    share = listed(optional_fraction, cell["AF_normal_DNA"], "AF_normal_DNA", line, listing)
    return None if depth is None and share is None else InNormal(depth=depth, fraction=share)


_FREQUENCY_SOURCE = "gnomAD and 1000 Genomes, as TSOPPI writes them"
_IN_NO_POPULATION = PopulationFrequency(by_population={}, source=_FREQUENCY_SOURCE)


def _location(location: str, change: str) -> tuple[str, int, str, str]:
    chrom, pos = place(location)
    ref, arrow, alt = change.partition(">")
    if not arrow:
        raise UnreadableError("cell.not-ref-alt")
    return chrom, pos, bases(ref), bases(alt)


@lru_cache(maxsize=4096)
def _split(text: str, joint: str) -> tuple[str, ...]:
    return filters(text, joint)


def _population_key(name: str) -> str:
    """`AFR_AF_1KG` as `afr`; Europeans of 1000 Genomes stand beside gnomAD's non-Finnish ones."""
    key = name.partition("_")[0].casefold()
    return "nfe" if key == "eur" else key


@lru_cache(maxsize=4096)
def _transcripts(refseq: str, ensembl: str) -> tuple[str, ...]:
    names = (*refseq.split("|"), ensembl)
    return tuple(name for name in names if name not in MISSING)


@lru_cache(maxsize=65536)
def _protein(long: str, short: str) -> tuple[str | None, str | None]:
    """From `Val600Glu`, else from `V600E`; the long form names the new stop of a frameshift."""
    for text in (long, short):
        if text not in MISSING:
            change = parse_protein(text)
            if change is not None:
                return bare_protein(text), change.short
    return None, None


@lru_cache(maxsize=1024)
def _exon(text: str) -> str | None:
    number = text.removeprefix("exon")
    return None if number in MISSING else number


def _germline_class(acmg: str, clinvar: str) -> str | None:
    given = [name for name in (acmg, clinvar) if name not in MISSING]
    worst = [name for name in _GERMLINE_CLASSES if name in given]
    return worst[0] if worst else (given[0] if given else None)


@lru_cache(maxsize=4096)
def _judgement(*cells: str) -> Judgement | None:
    igv, run, judged, comments, reporting, reporting_comments = cells
    if all(cell in MISSING for cell in cells):
        return None
    return Judgement(
        igv_qc=text_or_none(igv),
        run_qc=text_or_none(run),
        class_judgement=text_or_none(judged),
        class_comments=_comments(comments),
        reporting_judgement=text_or_none(reporting),
        reporting_comments=_comments(reporting_comments),
    )


def _comments(text: str) -> tuple[str, ...]:
    if text in MISSING:
        return ()
    return tuple(comment for part in text.split(",") if (comment := part.strip()))
