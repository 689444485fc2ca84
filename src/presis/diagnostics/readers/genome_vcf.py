"""A genome VCF (DRAGEN's hard-filtered.gvcf, LocalApp's genome.vcf): depth at the positions asked for.

It has millions of rows, so it is read as a stream, and of it only what was asked for is kept. Rows
that are reference have ALT `.` or `<NON_REF>`; a block reaches to END, and MIN_DP is its least depth.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from presis.diagnostics.hotspots import Region
from presis.diagnostics.profile import GenomeBuild, InputFile, NotUsable, RegionDepth, Source
from presis.diagnostics.profile_places import PositionCall
from presis.diagnostics.readers.depth_sums import DepthSums
from presis.diagnostics.readers.text import BGZIP_END, GZIP_MAGIC, bgzip_is_cut, cut_gzip, cut_row, truncated
from presis.diagnostics.readers.values import Listing, UnreadableError, whole
from presis.diagnostics.readers.vcf_build import build_of
from presis.diagnostics.readers.vcf_sample import Tumour, tumour_of
from presis.diagnostics.readers.vcf_text import ANY_OTHER, VcfHeader, is_bases, parse_header
from presis.errors import BadInput
from presis.methods.reasons import Reason

KIND = "genome_vcf"
_HEADER_LINES, _ROWS_LOOKED_AT = 20_000, 400
_LONGEST_LINE = 1024 * 1024
_REFERENCE = frozenset({".", *ANY_OTHER})

Wanted = Mapping[GenomeBuild, Iterable[Region]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GenomeVcf:
    """What one file tells of the positions asked for, on its own build, or on either if it names none."""

    file: InputFile
    path: Path
    name: str
    tumour: Tumour
    build: GenomeBuild | None
    depths: Mapping[GenomeBuild, tuple[RegionDepth, ...]]
    not_usable: tuple[NotUsable, ...]


def is_genome_vcf(path: Path) -> bool:
    """Whether most of the first rows are reference with a depth; the header alone doesn't tell."""
    try:
        with path.open("rb") as file:
            head = file.read(2)
            if head not in (GZIP_MAGIC, b"##"):
                return False
        with opened(path) as lines:
            if not next(lines, "").startswith("##fileformat=VCF"):
                return False
            for line in islice(lines, _HEADER_LINES):
                if line.startswith("#CHROM"):
                    break
            rows = [line.split("\t") for line in islice(lines, _ROWS_LOOKED_AT)]
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        return False
    reference = [cells for cells in rows if len(cells) > 9 and _is_reference(cells)]
    return 2 * len(reference) > len(rows)


def _is_reference(cells: list[str]) -> bool:
    keys = set(cells[8].split(":"))
    return cells[4] in _REFERENCE and not {"DP", "MIN_DP"}.isdisjoint(keys) and "SEGID" not in cells[7]


@contextmanager
def opened(path: Path) -> Iterator[Iterator[str]]:
    """The lines; one that is longer than any of a VCF comes in pieces, so that none fills the memory."""
    with path.open("rb") as raw:
        packed = raw.read(2) == GZIP_MAGIC
    if packed:
        with gzip.open(path, "rt", encoding="utf-8", newline=None) as lines:
            yield iter(partial(lines.readline, _LONGEST_LINE), "")
    else:
        with path.open(encoding="utf-8-sig", newline=None) as lines:
            yield iter(partial(lines.readline, _LONGEST_LINE), "")


def read_genome_vcf(
    path: Path, wanted: Wanted, name: str | None = None, sample: str | None = None
) -> GenomeVcf:
    """Read depth and calls at the positions wanted; the whole file is read, little of it is kept.

    Raises `BadInput` if it is cut or damaged, of another genome, or if nothing tells the tumour's column.
    """
    shown = name or path.name
    try:
        digest = _digest(path, shown)
        with opened(path) as lines:
            return _read(lines, path, shown, wanted, (digest, sample))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise cut_gzip(shown) from error
    except UnicodeDecodeError as error:
        raise BadInput.of("encoding.utf-8", "is no text (UTF-8); write it anew", file=shown) from error
    except OSError as error:
        reason = error.strerror or "it can't be opened"
        raise BadInput.of("unreadable", f"can't be read: {reason}; check the path", file=shown) from error


def _digest(path: Path, name: str) -> str:
    """SHA-256 of the bytes; raises `BadInput` for a bgzip file that is cut between two blocks."""
    with path.open("rb") as raw:
        head = raw.read(16)
        raw.seek(max(0, path.stat().st_size - len(BGZIP_END)))
        if bgzip_is_cut(head, raw.read()):
            raise cut_gzip(name)
        raw.seek(0)
        return hashlib.file_digest(raw, "sha256").hexdigest()


def _read(
    lines: Iterator[str], path: Path, name: str, wanted: Wanted, told: tuple[str, str | None]
) -> GenomeVcf:
    digest, sample = told
    head: list[str] = []
    for line in lines:
        head.append(line.rstrip("\r\n"))
        if line.startswith("#CHROM") or len(head) > _HEADER_LINES:
            break
    if not head or not head[-1].startswith("#CHROM"):
        raise truncated("truncated.chrom", "there is no #CHROM line", name, len(head))
    header = parse_header(tuple(head), name)
    build = build_of(header, name)
    tumour = tumour_of(header, sample, name)
    listing = Listing(name)
    builds = [build] if build is not None else list(GenomeBuild)
    sums = {each: DepthSums(wanted[each]) for each in builds}
    reader = _Reader(header, tumour, listing, tuple(sums.values()))
    count = reader.read(lines)
    if "CSQ" in header.info:
        # whoever annotated it wants its variants read: they aren't, so nothing may pass for not found
        reason = Reason.of("reading.genome-vcf")
        listing.lost(header.line, reason, "CSQ")
    return GenomeVcf(
        file=InputFile(name=name, kind=KIND, sha256=digest, rows=count),
        path=path,
        name=name,
        tumour=tumour,
        build=build,
        depths={each: found.result(name, base_by_base=True) for each, found in sums.items()},
        not_usable=tuple(listing.entries),
    )


class _Reader:
    """Goes through the rows; those on other chromosomes and places are passed by at once."""

    def __init__(
        self, header: VcfHeader, tumour: Tumour, listing: Listing, sums: tuple[DepthSums, ...]
    ) -> None:
        self.header, self.listing, self.sums = header, listing, sums
        self.column = 9 + (tumour.column or 0)
        names = {name for each in sums for name in each.chromosomes}
        self.names = {spelt: name for name in names for spelt in (name, f"chr{name}", f"Chr{name}")}
        self.without_least = 0

    def read(self, lines: Iterator[str]) -> int:
        """Read every row; how many there are."""
        line, count, text = self.header.line, 0, ""
        for line, text in enumerate(lines, start=self.header.line + 1):
            name, _, rest = text.partition("\t")
            if rest:
                count += 1
                chromosome = self.names.get(name)
                if chromosome is not None:
                    self._row(text, line, chromosome)
        if text and not text.endswith("\n") and text.count("\t") + 1 < self.header.width:
            cells, width = text.count("\t") + 1, self.header.width
            raise cut_row(self.listing.file, line, cells, width)
        if self.without_least:
            reason = Reason.of("reading.blocks")
            self.listing.remark(0, reason, f"{self.without_least} blocks")
        return count

    def _row(self, text: str, line: int, chromosome: str) -> None:
        cells = text.rstrip("\r\n").split("\t")
        if len(cells) != self.header.width:
            reason = Reason.of("reading.depth-width", cells=len(cells), columns=self.header.width)
            self.listing.lost(line, reason, text.strip())
            return
        try:
            start = whole(cells[1])
            end = max(start + len(cells[3]) - 1, _end(cells[7]) or 0)
        except UnreadableError as error:
            self.listing.lost(line, error.inside("reading.depth-row"), text.strip())
            return
        # one base more on either side: an insertion stands beside its anchor
        near = [each for each in self.sums if each.touches(chromosome, start - 1, end + 1)]
        for each in near:
            self._told(each, cells, line, Region(chromosome, start, end))

    def _told(self, sums: DepthSums, cells: list[str], line: int, place: Region) -> None:
        """A row's depth; and its calls, or the filters by which it says nothing."""
        values = dict(zip(cells[8].split(":"), cells[self.column].split(":"), strict=False))
        filters = [each for each in cells[6].split(";") if each not in ("PASS", ".", "")]
        alts, called = cells[4].split(","), _held(values.get("GT"))
        others = [
            alt
            for index, alt in enumerate(alts, start=1)
            if alt not in _REFERENCE and (called is None or index in called)
        ]
        for alt in others:
            if is_bases(alt):
                sums.call(self._call(cells, alt, filters, line, place))
            else:
                filters.append(f"call {alt}")
        if called and not others:
            filters.append("not reference")
        if called is None and "GT" in values:
            filters.append("no genotype")
        if filters and not any(map(is_bases, others)):
            sums.fail(place, filters)
        sums.see(place)
        self._depth(sums, values, line, place, is_block=not others and place.end > place.start)

    def _call(self, cells: list[str], alt: str, filters: list[str], line: int, place: Region) -> PositionCall:
        return PositionCall(
            chromosome=place.chromosome,
            position=place.start,
            ref=cells[3].upper(),
            alt=alt.upper(),
            filters=tuple(filters),
            source=Source(self.listing.file, line),
        )

    def _depth(
        self, sums: DepthSums, values: Mapping[str, str], line: int, place: Region, *, is_block: bool
    ) -> None:
        text = next((values[key] for key in ("MIN_DP", "DP") if values.get(key, ".") not in (".", "")), None)
        if text is None:
            return
        if is_block and values.get("MIN_DP", ".") in (".", ""):
            self.without_least += 1
            return
        try:
            sums.depth(place, whole(text), line)
        except UnreadableError as error:
            self.listing.lost(line, error.inside("reading.depth-value"), text)


def _end(info: str) -> int | None:
    for part in info.split(";"):
        if part.startswith("END="):
            return whole(part[4:])
    return None


def _held(genotype: str | None) -> frozenset[int] | None:
    """The alternatives, from 1, that a genotype holds; None where it is missing in whole or part."""
    alleles = set(re.split(r"[/|]", genotype)) if genotype is not None else {"."}
    numbers = frozenset(int(each) for each in alleles if each.isdigit() and each != "0")
    return numbers if numbers or alleles == {"0"} else None
