"""Tables of depth by region: DRAGEN's exon and region reports, and plain tables with named columns.

DRAGEN's `*_cov_report.bed` and `exon_cov_report.tsv` give least, mean and median depth by region. A
region's least depth holds for each of its bases; a mean or median says only what the least can't exceed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from presis.diagnostics.hotspots import Region
from presis.diagnostics.profile import GenomeBuild, InputFile, NotUsable, RegionDepth
from presis.diagnostics.readers.depth_sums import DepthSums
from presis.diagnostics.readers.genome_vcf import Wanted
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.values import Listing, UnreadableError, chromosome, positive, whole
from presis.diagnostics.readers.vcf_build import build_in_name
from presis.diagnostics.readers.vcf_text import is_chromosome
from presis.errors import BadInput
from presis.methods.reasons import Reason

KIND = "coverage_table"
_CHROMOSOME = frozenset({"chrom", "chr", "chromosome"})
_START, _END = frozenset({"start", "chromstart"}), frozenset({"end", "stop", "chromend"})
_LEAST = frozenset({"min", "min_cvg", "min_cov", "min_coverage", "min_depth", "min coverage", "lowest"})
_MEAN = frozenset({
    "mean", "mean_cvg", "mean_cov", "mean_coverage", "mean_depth", "mean coverage", "average_coverage",
    "median", "median_cvg", "median_cov", "median_coverage", "median_depth", "median coverage",
})  # fmt: skip
#: of one base it is the depth; of several, nobody says whether it is the least of them
_DEPTH = frozenset({"depth", "coverage", "cvg"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageTable:
    """What one table tells of the positions asked for, were it on either build; it names none itself."""

    file: InputFile
    text: TextFile
    build: GenomeBuild | None
    depths: Mapping[GenomeBuild, tuple[RegionDepth, ...]]
    not_usable: tuple[NotUsable, ...]


def header_at(lines: tuple[str, ...]) -> int | None:
    """The index of a line that names chromosome, start, end and some depth; None where there is none."""
    for index, line in enumerate(lines[:20]):
        names = set(_names(line))
        if all(group & names for group in (_CHROMOSOME, _START, _END, _LEAST | _MEAN | _DEPTH)):
            return index
    return None


def _names(line: str) -> list[str]:
    return [cell.strip().strip('"').lstrip("# ").casefold() for cell in line.split("\t")]


def read_coverage_table(text: TextFile, wanted: Wanted) -> CoverageTable:
    """Read the depth at the positions wanted. Raises `BadInput` if the table is cut.

    Start counts from 0 in a BED file and from 1 in others, and a table doesn't say: the first base of
    a region is left out where start and end differ, so that no base is claimed that isn't covered.
    """
    at = header_at(text.lines)
    if at is None:
        raise text.without_header()
    names = _names(text.lines[at])
    listing = Listing(text.name)
    sums = {build: DepthSums(wanted[build]) for build in GenomeBuild}
    count = 0
    for line, raw in enumerate(text.lines[at + 1 :], start=at + 2):
        if not raw.strip():
            continue
        count += 1
        cells = [cell.strip().strip('"') for cell in raw.split("\t")]
        if len(cells) != len(names):
            if line == len(text.lines) and not text.complete and len(cells) < len(names):
                raise text.cut_row(line, len(cells), len(names))
            listing.lost(line, Reason.of("reading.depth-width", cells=len(cells), columns=len(names)), raw)
            continue
        try:
            _row(dict(zip(names, cells, strict=True)), line, tuple(sums.values()))
        except UnreadableError as error:
            listing.lost(line, error.inside("reading.no-depth"), raw)
    if not count:
        raise BadInput.of(
            "truncated.no-rows",
            "the table of coverage has no rows; export it again and give the whole file",
            file=text.name,
            line=at + 1,
        )
    return CoverageTable(
        file=text.as_input(KIND, count),
        text=text,
        build=build_in_name(text.path.name),
        depths={build: found.result(text.name) for build, found in sums.items()},
        not_usable=(*text.remarks, *listing.entries),
    )


def _row(cells: Mapping[str, str], line: int, sums: tuple[DepthSums, ...]) -> None:
    name = _first(cells, _CHROMOSOME)
    if not is_chromosome(name):
        return  # a contig on which nothing is asked for
    start, end = whole(_first(cells, _START)), whole(_first(cells, _END))
    if end < start:
        raise UnreadableError("cell.end-before-start")
    place = Region(chromosome(name), start if start == end else start + 1, end)
    least = next((cells[key] for key in _LEAST & cells.keys()), None)
    depth = next((cells[key] for key in _DEPTH & cells.keys()), None)
    if least is None and depth is not None and place.start == place.end:
        least = depth
    means = [cells[key] for key in _MEAN & cells.keys()]
    if depth is not None and least is not depth:
        means.append(depth)
    for each in sums:
        if not each.touches(place.chromosome, place.start, place.end):
            continue
        if least is not None and least not in ("", "NA", "."):
            each.depth(place, int(positive(least)), line)
        for mean in means:
            if mean not in ("", "NA", "."):
                each.mean_depth(place, positive(mean))


def _first(cells: Mapping[str, str], names: frozenset[str]) -> str:
    return next(cells[name] for name in cells if name in names)
