"""Which column of a VCF is the tumour, and the reads that it tells for one allele."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from presis.diagnostics.profile import InNormal
from presis.diagnostics.readers.sample_id import bare
from presis.diagnostics.readers.values import UnreadableError, fraction, whole
from presis.diagnostics.readers.vcf_text import VcfHeader, VcfRow, structured
from presis.errors import BadInput

_TUMOUR, _NORMAL = frozenset({"tumor", "tumour"}), frozenset({"normal", "germline", "control", "blood"})
#: names of columns that say nothing about whose sample it is
GENERIC = frozenset({"sample", "tumor", "tumour", "normal", "primary", "unknown", "20", "default"})
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tumour:
    """The tumour's column (None: the file has no sample columns), its name, and how it is known."""

    column: int | None
    name: str | None
    known_by: str


def tumour_of(header: VcfHeader, wanted: str | None, file: str) -> Tumour:
    """The tumour's column; raises `BadInput` where several stand there and nothing tells."""
    samples = header.samples
    if not samples:
        return Tumour(None, None, "no sample columns")
    told = next(((s, "the sample asked for") for s in samples if wanted and bare(s) == bare(wanted)), None)
    told = told or _by_header(header)
    normals = header.meta.get("normal_sample", ())
    if told is None:
        others = [each for each in samples if each not in normals]
        told = (others[0], "the only one") if len(others) == 1 else _by_name(others)
    if told is None or told[0] in normals:
        raise BadInput.of(
            "tumour-column",
            f"which of its samples is the tumour isn't told ({', '.join(samples)}); "
            "name one with --sample, or add a line ##tumor_sample=NAME to its header",
            file=file,
            line=header.line,
            field="#CHROM",
            found=", ".join(samples),
            accepted="--sample, ##tumor_sample, or columns named TUMOR and NORMAL",
        )
    return Tumour(samples.index(told[0]), told[0], told[1])


def normal_of(header: VcfHeader, tumour: Tumour) -> Tumour | None:
    """The matched normal's column; None where none is told to be it, or several are."""
    named = header.meta.get("normal_sample", ())
    lines = [structured(text) for text in header.meta.get("SAMPLE", ())]
    said = {line.get("ID") for line in lines if _says(line, _NORMAL) and not _says(line, _TUMOUR)}
    found = [
        each
        for each in header.samples
        if each != tumour.name and (each in named or each in said or _NORMAL & _words(each))
    ]
    return Tumour(header.samples.index(found[0]), found[0], "normal") if len(found) == 1 else None


def _by_header(header: VcfHeader) -> tuple[str, str] | None:
    """`##tumor_sample=` (Mutect2), or a `##SAMPLE` line that says tumour of a column."""
    named = [each for each in header.meta.get("tumor_sample", ()) if each in header.samples]
    if len(set(named)) == 1:
        return named[0], "##tumor_sample"
    lines = [structured(text) for text in header.meta.get("SAMPLE", ())]
    found = {
        ident
        for line in lines
        if (ident := line.get("ID", "")) in header.samples
        and _says(line, _TUMOUR)
        and not _says(line, _NORMAL)
    }
    return (found.pop(), "##SAMPLE") if len(found) == 1 else None


def _says(line: Mapping[str, str], words: frozenset[str]) -> bool:
    return any(words & _words(value) for value in line.values())


def _words(name: str) -> set[str]:
    return set(re.split(r"[^a-z]+", name.casefold()))


def _by_name(samples: list[str]) -> tuple[str, str] | None:
    """The one column whose name holds the word tumour, or the one beside those named normal."""
    tumours = [each for each in samples if _TUMOUR & _words(each) and not _NORMAL & _words(each)]
    if len(tumours) == 1:
        return tumours[0], "its name"
    others = [each for each in samples if not _NORMAL & _words(each)]
    return (others[0], "the other's name") if not tumours and len(others) == 1 < len(samples) else None


@dataclass(frozen=True, slots=True)
class Reads:
    """What the tumour's column tells of one allele; None for what it doesn't. `faults`: unreadable values.

    `called`: whether the genotype holds the allele; None where there is no genotype.
    """

    depth: int | None
    supporting: int | None
    fraction: float | None
    called: bool | None
    faults: tuple[tuple[str, UnreadableError, str], ...] = ()


class _Cells:
    """Reads cells, and keeps those that can't be read."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, UnreadableError, str]] = []

    def read(self, name: str, text: str, reader: Callable[[str], T]) -> T | None:
        try:
            return reader(text)
        except UnreadableError as error:
            self.faults.append((name, error, text))
            return None


class ReadsOf:
    """Reads depth and fraction of a row's alleles, by the names that callers use."""

    def __init__(self, header: VcfHeader, tumour: Tumour) -> None:
        self.column = tumour.column
        self.single = len(header.samples) <= 1
        self.info = header.info
        self.ad_is_alt = header.formats.get("AD", {}).get("Number") == "1"

    def __call__(self, row: VcfRow, allele: int) -> Reads:
        """The reads of the row's allele, counted from 0 among the alternatives."""
        values, cells = row.values(self.column), _Cells()
        counts = self._counts(row, values, cells)
        depth = self._depth(row, values, cells)
        supporting = counts[1 + allele] if counts is not None else None
        share = self._share(row, values, allele, cells)
        if counts is not None and all(each is not None for each in counts):
            total = sum(each or 0 for each in counts)
            depth = total if depth is None else depth
            if share is None and supporting is not None and total:
                share = supporting / total
        return Reads(depth, supporting, share, _called(values.get("GT"), allele), tuple(cells.faults))

    def _counts(self, row: VcfRow, values: Mapping[str, str], cells: _Cells) -> list[int | None] | None:
        """Reads of REF and of each alternative, or None."""
        if "AD" in values and self.ad_is_alt and "RD" in values:
            texts = [values["RD"], values["AD"]]
        elif "AD" in values or "ADT" in values:
            texts = values.get("AD", values.get("ADT", "")).split(",")
        elif "AO" in values and "RO" in values:
            texts = [values["RO"], *values["AO"].split(",")]
        elif f"{row.ref.upper()}U" in values:
            names = [f"{each.upper()}U" for each in (row.ref, *row.alts)]
            texts = [values.get(name, ".").split(",")[0] for name in names]
        elif "TAR" in values and "TIR" in values:
            texts = [values[name].split(",")[0] for name in ("TAR", "TIR")]
        else:
            return None
        if len(texts) != 1 + len(row.alts):
            cells.read("AD", ",".join(texts), _wrong_number(1 + len(row.alts)))
            return None
        return [None if text == "." else cells.read("AD", text, whole) for text in texts]

    def _depth(self, row: VcfRow, values: Mapping[str, str], cells: _Cells) -> int | None:
        for name in ("DP", "DPT"):
            if name in values:
                return cells.read(name, values[name], whole)
        for name, fits in (("TDP", True), ("DP", self.single)):
            text = row.info.get(name, ".")
            if fits and name in self.info and text not in (".", ""):
                return cells.read(f"INFO {name}", text, whole)
        return None

    def _share(self, row: VcfRow, values: Mapping[str, str], allele: int, cells: _Cells) -> float | None:
        name = next((each for each in ("AF", "VAF", "FREQ") if each in values), None)
        text = values[name] if name else row.info.get("TVAF", ".") if "TVAF" in self.info else "."
        if text in (".", ""):
            return None
        texts = text.split(",")
        if len(texts) != len(row.alts):
            return cells.read(name or "TVAF", text, _wrong_number(len(row.alts)))
        if texts[allele] == ".":
            return None
        return cells.read(
            name or "TVAF", texts[allele], _percent if texts[allele].endswith("%") else fraction
        )


def _percent(text: str) -> float:
    try:
        return fraction(str(float(text.removesuffix("%")) / 100))
    except ValueError:
        raise UnreadableError("cell.not-percentage") from None


def _wrong_number(accepted: int) -> Callable[[str], int]:
    def refuse(_: str) -> int:
        raise UnreadableError("cell.not-each-allele", accepted=accepted)

    return refuse


def control_of(values: Mapping[str, str], allele: int) -> InNormal | None:
    """The normal's reads where they stand in the tumour's own column (DPC, ADC); None where they don't."""
    if values.keys().isdisjoint({"DPC", "ADC"}):
        return None
    counts = values.get("ADC", "").split(",")
    alt = counts[1 + allele] if len(counts) > 1 + allele else ""
    depth = int(values["DPC"]) if values.get("DPC", "").isdecimal() else None
    share = int(alt) / depth if depth and alt.isdecimal() and int(alt) <= depth else None
    return InNormal(depth=depth, fraction=share)


def phase_of(values: Mapping[str, str], allele: int) -> str | None:
    """The phase set and its haplotype that holds the allele: PS with GT, or Mutect2's PID with PGT."""
    name, genotype = next(
        ((values[s], values[g]) for s, g in (("PID", "PGT"), ("PS", "GT")) if {s, g} <= values.keys()),
        (".", "."),
    )
    parts = genotype.split("|")
    if name in (".", "") or len(parts) != 2 or parts.count(str(1 + allele)) != 1:
        return None
    return f"{name}:{parts.index(str(1 + allele))}"


def _called(genotype: str | None, allele: int) -> bool | None:
    """Whether the genotype holds an allele; None where it is missing or says so of a part (`./1`)."""
    if genotype is None:
        return None
    parts = re.split(r"[/|]", genotype)
    if str(1 + allele) in parts:
        return True
    return None if "." in parts else False
