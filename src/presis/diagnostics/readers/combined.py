"""Illumina's CombinedVariantOutput: LocalApp 2.x, DRAGEN 2.1 to 2.6, tissue and plasma."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from presis.diagnostics.profile import (
    Alteration,
    Assay,
    CopyNumber,
    ExonCopyNumber,
    Fusion,
    GenomicInstability,
    InputFile,
    LossOfHeterozygosity,
    Msi,
    NotUsable,
    SmallVariant,
    Source,
    SpliceVariant,
    Tmb,
)
from presis.diagnostics.readers import combined_tables as tables
from presis.diagnostics.readers.agreement import msi_disagrees, tmb_disagrees
from presis.diagnostics.readers.layout import Title, read_title, recognise
from presis.diagnostics.readers.sections import (
    Row,
    Section,
    Table,
    by_name,
    key_values,
    split_sections,
    table_of,
    value_of,
)
from presis.diagnostics.readers.text import TextFile, truncated
from presis.diagnostics.readers.values import (
    MISSING,
    Listing,
    optional_positive,
    optional_whole,
    text_or_none,
)
from presis.errors import BadInput
from presis.methods.reasons import Reason

T = TypeVar("T")

KIND = "combined_variant_output"
_SOURCE_KEYS = ("pair id", "dna sample id", "rna sample id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """One CombinedVariantOutput. `stated` holds which of the sample keys the file has at all.

    `sections` are those present, in small letters; `typed_copy_numbers` tells whether the table
    distinguishes gains from losses.
    """

    file: InputFile
    text: TextFile
    assay: Assay
    pair: str | None
    dna: str | None
    rna: str | None
    stated: frozenset[str]
    sections: frozenset[str]
    typed_copy_numbers: bool
    small_variants: tuple[SmallVariant, ...] = ()
    copy_numbers: tuple[CopyNumber, ...] = ()
    exon_copy_numbers: tuple[ExonCopyNumber, ...] = ()
    losses_of_heterozygosity: tuple[LossOfHeterozygosity, ...] = ()
    fusions: tuple[Fusion, ...] = ()
    splice_variants: tuple[SpliceVariant, ...] = ()
    tmb: Tmb | None = None
    msi: Msi | None = None
    genomic_instability: GenomicInstability | None = None
    instrument: str | None = None
    run: str | None = None
    not_usable: tuple[NotUsable, ...] = ()


@dataclass(slots=True)
class _Found:
    """The findings of the tables read so far, by field."""

    values: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    rows: int = 0
    typed: bool = False

    def add(self, name: str, items: tuple[Any, ...], table: Table) -> None:
        self.values[name] = self.values.get(name, ()) + items
        self.rows += len(table.rows)


def read_combined(text: TextFile) -> Combined:
    """Read one CombinedVariantOutput. Raises `BadInput` if it is cut, damaged or lacks its sample."""
    before, sections = split_sections(text)
    listing = Listing(text.name)
    title = _title(before, listing)
    keys = by_name(sections)
    details = _keys(keys.get("analysis details"), listing)
    msi = _keys(keys.get("msi"), listing)
    names = frozenset(keys)
    _list_unknown_keys(keys, listing)
    assay = recognise(title, value_of(details.get("pipeline version")), names, has_sum_jsd="sum_jsd" in msi)
    _require_sections(text, names, assay)
    if "small variants" not in names:
        listing.lost(len(text.lines), Reason.of("reading.no-section"), "[Small Variants]")
    found = _Found()
    for section in sections:
        _read_table(text, section, assay, listing, found)
    pair, dna, rna = _samples(text, details)
    run = _keys(keys.get("sequencing run details"), listing)
    rows = found.rows
    return Combined(
        file=text.as_input(KIND, rows),
        text=text,
        assay=assay,
        pair=pair,
        dna=dna,
        rna=rna,
        stated=frozenset(details),
        sections=names,
        typed_copy_numbers=found.typed,
        tmb=_tmb(_keys(keys.get("tmb"), listing), listing),
        msi=_msi(msi, listing),
        genomic_instability=_gis(_keys(keys.get("gis"), listing), listing),
        instrument=text_or_none(value_of(run.get("instrument type") or run.get("instrument platform"))),
        run=text_or_none(value_of(run.get("run name"))),
        not_usable=(*text.remarks, *_once(listing.entries)),
        **found.values,
    )


def _once(entries: list[NotUsable]) -> tuple[NotUsable, ...]:
    return tuple(dict.fromkeys(entries))


def _title(before: list[Row], listing: Listing) -> Title | None:
    for row in before:
        title = read_title(row.cells[0])
        if title is not None and title.what == "combined variant output":
            return title
    listing.remark(1, Reason.of("reading.no-title"))
    return None


_KNOWN_KEYS = {
    "tmb": {"total tmb", "coding region size in megabases", "number of passing eligible variants"},
    "msi": {"usable msi sites", "total msi sites unstable", "percent unstable msi sites", "sum_jsd"},
    "gis": {"genomic instability score", "tumor fraction", "ploidy"},
}


def _list_unknown_keys(keys: dict[str, Section], listing: Listing) -> None:
    for name, known in _KNOWN_KEYS.items():
        for key, row in _keys(keys.get(name), listing).items():
            if key not in known:
                listing.remark(
                    row.line, Reason.of("reading.unused-key", section=keys[name].name), "\t".join(row.cells)
                )


def _keys(section: Section | None, listing: Listing) -> dict[str, Row]:
    return {} if section is None else key_values(section, listing)


_ALWAYS = {
    "localapp": (
        "analysis details",
        "tmb",
        "msi",
        "gene amplifications",
        "splice variants",
        "fusions",
        "small variants",
    ),
    "dragen-2.1": (
        "analysis details",
        "tmb",
        "msi",
        "gene amplifications",
        "splice variants",
        "fusions",
        "small variants",
    ),
    "dragen": ("analysis details", "tmb", "msi", "splice variants", "fusions"),
    "ctdna": ("analysis details", "tmb", "msi", "small variants"),
}


def _require_sections(text: TextFile, present: frozenset[str], assay: Assay) -> None:
    """A file that lacks a section which its software always writes is cut (FORMAT: tables in order)."""
    software = assay.software or ""
    if assay.kind == "ctdna":
        key = "ctdna"
    elif software.startswith("localapp"):
        key = "localapp"
    else:
        key = "dragen-2.1" if software == "dragen-2.1" else "dragen"
    missing = [name for name in _ALWAYS[key] if name not in present]
    if not missing and key == "dragen" and not present & {"small variants", "large rearrangements"}:
        missing = ["small variants"]
    if missing:
        name = missing[0].upper() if len(missing[0]) == 3 else missing[0].title()
        raise text.without_section(name)


def _samples(text: TextFile, details: dict[str, Row]) -> tuple[str | None, str | None, str | None]:
    pair, dna, rna = (text_or_none(value_of(details.get(key))) for key in _SOURCE_KEYS)
    dna = dna or text_or_none(value_of(details.get("sample id")))
    if not (pair or dna or rna):
        raise BadInput.of(
            "no-sample.combined",
            "names no sample (Pair ID, DNA Sample ID, RNA Sample ID); give the original file",
            file=text.name,
            field="Pair ID",
        )
    return pair, dna, rna


_Reader = Callable[[Table, Listing], tuple[Any, ...]]
_COPY = ("copy_numbers", ("Gene", "Fold Change"), tables.copy_numbers)
_EXON = (
    "exon_copy_numbers",
    ("Gene", "Chromosome", "Start", "Stop", "Affected Exon(s)", "Fold Change", "CNV Type"),
    tables.exon_copy_numbers,
)
_LOH = (
    "losses_of_heterozygosity",
    ("Gene", "Absolute Copy Number", "Minor Copy Number"),
    tables.losses_of_heterozygosity,
)
_TABLES: dict[str, tuple[str, tuple[str, ...], _Reader]] = {
    "gene amplifications": _COPY,
    "copy number variants": _COPY,
    "loss of heterozygosity": _LOH,
    "gene-level loss of heterozygosity": _LOH,
    "splice variants": ("splice_variants", tables.SPLICE_COLUMNS, tables.splice_variants),
    "exon-level cnvs": _EXON,
    "large rearrangements": _EXON,
    "small variants": ("small_variants", tables.SMALL_VARIANT_COLUMNS, tables.small_variants),
    "fusions": ("fusions", tables.FUSION_COLUMNS, lambda *_: ()),
    "dna fusions": ("fusions", ("Gene Pair",), lambda *_: ()),
}
_OPTIONAL = ("Copy Number Variant", "Absolute Copy Number", *tables.FUSION_COLUMNS)
_KEY_SECTIONS = frozenset({"analysis details", "sequencing run details", "tmb", "msi", "gis"})


def _read_table(text: TextFile, section: Section, assay: Assay, listing: Listing, found: _Found) -> None:
    name = section.name.casefold()
    if name in _KEY_SECTIONS:
        return
    if name not in _TABLES:
        listing.remark(section.line, Reason.of("reading.unknown-section"), f"[{section.name}]")
        for row in section.rows:
            listing.remark(
                row.line, Reason.of("reading.in-unknown-section", section=section.name), "\t".join(row.cells)
            )
        return
    field_name, required, read = _TABLES[name]
    if assay.kind == "ctdna" and name == "small variants":
        required = required[:7]  # the plasma file's columns are known at second hand only
    table = table_of(text, section, required, listing)
    localapp = assay.software == "localapp-2.x" and not assay.software_assumed
    if localapp and table.columns and not any(map(str.strip, text.lines[table.header_line :])):
        raise truncated(
            "truncated.at-section-header",
            f"it ends with the header of [{section.name}]",
            text.name,
            table.header_line,
            section=section.name,
        )
    further = set(table.columns) - {column.casefold() for column in (*_TABLES[name][1], *_OPTIONAL)}
    if further:
        listing.remark(
            table.header_line,
            Reason.of("reading.unused-columns-in", section=section.name),
            ", ".join(sorted(further)),
        )
    if "fusions" in name:
        method = (
            Alteration.DNA_FUSION if assay.kind == "ctdna" or name != "fusions" else Alteration.RNA_FUSION
        )
        found.add(field_name, tables.fusions(table, method, listing), table)
        return
    if field_name == "copy_numbers" and table.at("Copy Number Variant") >= 0:
        found.typed = True
    found.add(field_name, read(table, listing), table)


def _number(keys: dict[str, Row], key: str, listing: Listing) -> float | None:
    return _read(keys, key, listing, optional_positive)


def _count(keys: dict[str, Row], key: str, listing: Listing) -> int | None:
    return _read(keys, key, listing, optional_whole)


def _read(keys: dict[str, Row], key: str, listing: Listing, read: Callable[[str], T | None]) -> T | None:
    row = keys.get(key)
    if row is None:
        return None
    return tables.listed(read, value_of(row), row.cells[0], row.line, listing)


def _source(keys: dict[str, Row], listing: Listing) -> Source:
    return Source(listing.file, min(row.line for row in keys.values()))


def _tmb(keys: dict[str, Row], listing: Listing) -> Tmb | None:
    tmb = Tmb(
        per_megabase=_number(keys, "total tmb", listing),
        eligible_variants=_count(keys, "number of passing eligible variants", listing),
        megabases=_number(keys, "coding region size in megabases", listing),
        source=_source(keys, listing) if keys else None,
    )
    reason = tmb_disagrees(tmb)
    if reason is not None:
        row = keys["total tmb"]
        listing.lost(row.line, reason, value_of(row))
        return replace(tmb, per_megabase=None)
    nothing = tmb.per_megabase is None and tmb.eligible_variants is None and tmb.megabases is None
    return None if nothing else tmb


def _msi(keys: dict[str, Row], listing: Listing) -> Msi | None:
    percent = _number(keys, "percent unstable msi sites", listing)
    if percent is not None and percent > 100:
        row = keys["percent unstable msi sites"]
        listing.lost(row.line, Reason.of("reading.above-100", column=row.cells[0]), value_of(row))
        percent = None
    msi = Msi(
        percent_unstable=percent,
        unstable_sites=_count(keys, "total msi sites unstable", listing),
        usable_sites=_count(keys, "usable msi sites", listing),
        sum_jsd=_number(keys, "sum_jsd", listing),
        source=_source(keys, listing) if keys else None,
    )
    reason = msi_disagrees(msi)
    if reason is not None:
        row = keys["percent unstable msi sites"]
        listing.lost(row.line, reason, value_of(row))
        return replace(msi, percent_unstable=None)
    values = (msi.percent_unstable, msi.unstable_sites, msi.usable_sites, msi.sum_jsd)
    return None if all(value is None for value in values) else msi


def _gis(keys: dict[str, Row], listing: Listing) -> GenomicInstability | None:
    fraction = value_of(keys.get("tumor fraction"))
    score = GenomicInstability(
        score=_number(keys, "genomic instability score", listing),
        tumour_fraction_reported=None if fraction in MISSING else fraction,
        ploidy=_number(keys, "ploidy", listing),
        source=_source(keys, listing) if keys else None,
    )
    nothing = score.score is None and score.tumour_fraction_reported is None and score.ploidy is None
    return None if nothing else score
