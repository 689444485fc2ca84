"""A VCF's text: its header, and its rows with fields by name (VCF 4.1 to 4.5, hts-specs)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from presis.diagnostics.profile import NotUsable
from presis.diagnostics.readers.text import TextFile, truncated
from presis.diagnostics.readers.values import Listing, UnreadableError, bases, chromosome, position
from presis.errors import BadInput
from presis.methods.reasons import Reason

FIXED = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
_STRUCTURED = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|[^,>]*)')
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_VERSION = re.compile(r"##fileformat=VCFv(\d+)\.(\d+)")
#: alleles that stand for "any other allele" in a genome VCF, and for a deletion that another row calls
ANY_OTHER, SPANNING = frozenset({"<NON_REF>", "<*>"}), "*"


@dataclass(frozen=True, slots=True)
class VcfHeader:
    """What the lines before the rows say.

    `meta`: the plain `##key=value` lines; `info` and `formats`: ID to its fields (`Number`,
    `Description`); `contigs`: chromosome without `chr` to its length; `assemblies`: what contig lines
    say of the genome; `samples`: the columns behind FORMAT.
    """

    line: int
    meta: Mapping[str, tuple[str, ...]]
    info: Mapping[str, Mapping[str, str]]
    formats: Mapping[str, Mapping[str, str]]
    alts: frozenset[str]
    contigs: Mapping[str, int]
    assemblies: tuple[str, ...]
    samples: tuple[str, ...]
    width: int

    def first(self, key: str) -> str | None:
        """The first plain line of a key."""
        return next(iter(self.meta.get(key, ())), None)


def is_vcf(lines: tuple[str, ...]) -> bool:
    """Whether the first lines are those of a VCF."""
    return any(
        line.startswith(("##fileformat=VCF", "#CHROM\tPOS\t")) for line in lines[:20] if line.startswith("#")
    )


def read_header(text: TextFile) -> VcfHeader:
    """The header; raises `BadInput` where it is cut, of another version, or names a column twice."""
    end = next((i for i, line in enumerate(text.lines) if line.startswith("#CHROM")), None)
    if end is None:
        raise truncated("truncated.chrom", "there is no #CHROM line", text.name, len(text.lines))
    return parse_header(text.lines[: end + 1], text.name)


def parse_header(lines: tuple[str, ...], file: str) -> VcfHeader:
    """The header of lines of which the last is the `#CHROM` line."""
    version = next((match for line in lines if (match := _VERSION.match(line))), None)
    if version is not None and version[1] != "4":
        raise BadInput.of(
            "vcf-version",
            f"is VCF {version[1]}.{version[2]}, and only version 4 is read; write it anew as 4.2",
            file=file,
            line=1,
            found=f"{version[1]}.{version[2]}",
            accepted="4.2",
        )
    plain: dict[str, list[str]] = {}
    fields: dict[str, dict[str, dict[str, str]]] = {"INFO": {}, "FORMAT": {}, "ALT": {}, "contig": {}}
    for line in lines:
        key, equals, value = line[2:].partition("=") if line.startswith("##") else ("", "", "")
        if key in fields and value.startswith("<"):
            pairs = structured(value)
            fields[key].setdefault(pairs.get("ID", ""), pairs)
        elif equals:
            plain.setdefault(key, []).append(value)
    columns = lines[-1].split("\t")
    samples = _samples(columns, file, len(lines))
    contigs = fields["contig"]
    return VcfHeader(
        line=len(lines),
        meta={key: tuple(values) for key, values in plain.items()},
        info=fields["INFO"],
        formats=fields["FORMAT"],
        alts=frozenset(fields["ALT"]),
        contigs={
            name.removeprefix("chr"): int(pairs["length"])
            for name, pairs in contigs.items()
            if re.fullmatch(r"\d{1,12}", pairs.get("length", ""), re.ASCII)
        },
        assemblies=tuple(dict.fromkeys(p["assembly"] for p in contigs.values() if p.get("assembly"))),
        samples=samples,
        width=len(columns),
    )


def structured(value: str) -> dict[str, str]:
    """The pairs of a `<ID=…,Description="…">` line, quotes taken off."""
    return {
        key: text[1:-1] if len(text) > 1 and text.startswith('"') else text
        for key, text in _STRUCTURED.findall(value)
    }


def _samples(columns: list[str], file: str, line: int) -> tuple[str, ...]:
    fixed = [each.strip() for each in columns[:8]]
    if fixed != list(FIXED) or (len(columns) > 8 and columns[8] != "FORMAT"):
        raise BadInput.of(
            "vcf-columns.fixed",
            "its #CHROM line isn't that of a VCF (eight fixed columns, then FORMAT and the samples); "
            "export the file again",
            file=file,
            line=line,
            found=" ".join(columns[:9]),
            accepted=" ".join((*FIXED, "FORMAT")),
        )
    samples = tuple(columns[9:])
    twice = next((each for each in samples if samples.count(each) > 1), None)
    if twice is not None:
        raise BadInput.of(
            "vcf-columns.sample-twice",
            f"names the sample {twice} twice; name each column once",
            file=file,
            line=line,
            found=twice,
        )
    return samples


@dataclass(frozen=True)
class VcfRow:
    """One row, its cells as they stand; `values` and `info` read them.

    `passed`: whether it passed the caller's filters; None where they weren't applied (`.`).
    """

    line: int
    raw: str
    chromosome: str
    position: int
    ref: str
    alts: tuple[str, ...]
    filters: tuple[str, ...]
    passed: bool | None
    info_text: str
    format_keys: tuple[str, ...]
    columns: tuple[str, ...]

    @cached_property
    def info(self) -> dict[str, str]:
        """INFO by key; a flag has an empty value."""
        if self.info_text in (".", ""):
            return {}
        pairs = (part.partition("=") for part in self.info_text.split(";") if part)
        return {key: value for key, _, value in pairs}

    def values(self, column: int | None) -> dict[str, str]:
        """A sample's fields by name; those missing (`.`) or left off at the end aren't there."""
        if column is None or column >= len(self.columns):
            return {}
        cells = self.columns[column].split(":")
        pairs = zip(self.format_keys, cells, strict=False)
        return {key: value for key, value in pairs if value not in ("", ".")}

    @property
    def place(self) -> str:
        """`7:140453136 A>T`, for people."""
        return f"{self.chromosome}:{self.position} {self.ref}>{','.join(self.alts)}"


def rows(text: TextFile, header: VcfHeader, listing: Listing) -> Iterator[VcfRow]:
    """Every row that can be read; the others are listed. Raises `BadInput` if the file ends in a row."""
    last = len(text.lines)
    for line, raw in enumerate(text.lines[header.line :], start=header.line + 1):
        if not raw.strip():
            continue
        cells = raw.split("\t")
        if len(cells) != header.width:
            if line == last and not text.complete and len(cells) < header.width:
                raise text.cut_row(line, len(cells), header.width)
            listing.lost(
                line, Reason.of("reading.variant-width", cells=len(cells), columns=header.width), raw
            )
            continue
        try:
            yield row_of(line, raw, cells)
        except UnreadableError as error:
            if cells[0].removeprefix("chr") in header.contigs and not is_chromosome(cells[0]):
                listing.remark(line, Reason.of("reading.contig"), raw)
            else:
                listing.lost(line, error.inside("reading.variant-place"), raw)


def listed_rows(text: TextFile, why: Reason) -> tuple[NotUsable, ...]:
    """Every row as a remark: of a file that is understood and not read."""
    listing = Listing(text.name)
    for row in rows(text, read_header(text), listing):
        listing.remark(row.line, why, row.place)
    return (*text.remarks, *listing.entries)


def row_of(line: int, raw: str, cells: list[str]) -> VcfRow:
    """A row of cells; raises `UnreadableError` for a place or REF that can't be read."""
    failed = () if cells[6] in ("PASS", ".", "") else tuple(dict.fromkeys(cells[6].split(";")))
    return VcfRow(
        line=line,
        raw=raw,
        chromosome=chromosome(cells[0]),
        position=position(cells[1]),
        ref=bases(cells[3]),
        alts=tuple(cells[4].split(",")),
        filters=tuple(each for each in failed if each not in ("PASS", ".", "")),
        passed=None if cells[6] in (".", "") else cells[6] == "PASS",
        info_text=cells[7],
        format_keys=tuple(cells[8].split(":")) if len(cells) > 8 else (),
        columns=tuple(cells[9:]),
    )


def is_chromosome(text: str) -> bool:
    """Whether a contig is one of 1 to 22, X, Y and MT."""
    try:
        return bool(chromosome(text))
    except UnreadableError:
        return False


def decoded(text: str) -> str:
    """VCF's percent signs (`%3D`) as the characters that they stand for."""
    if "%" not in text:
        return text
    return _PERCENT.sub(lambda match: chr(int(match[1], 16)), text)


def trimmed(pos: int, ref: str, alt: str) -> tuple[int, str, str]:
    """A change without the bases that REF and ALT share, one kept where an allele would be empty."""
    while len(ref) > 1 and len(alt) > 1 and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while len(ref) > 1 and len(alt) > 1 and ref[0] == alt[0]:
        pos, ref, alt = pos + 1, ref[1:], alt[1:]
    return pos, ref, alt


def is_bases(allele: str) -> bool:
    """Whether an allele is spelled out, and neither symbolic nor a breakend nor missing."""
    return bool(allele) and all(base in "ACGTNacgtn" for base in allele)
