"""Parts of a profile that lie at a place: sources, frequencies, segments, depth by position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was read: file name and 1-based line."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationFrequency:
    """Allele frequencies in healthy populations, as fractions from 0 to 1.

    `by_population` maps a population to its frequency; keys are `global`, `afr`, `amr` (Latino),
    `eas`, `nfe`, `sas`, `fin`, `asj`, `oth`. An empty mapping means that the file has frequency
    columns and none holds a value: the variant is absent from them. A file without such a column
    gives no `PopulationFrequency` at all.
    """

    by_population: Mapping[str, float]
    source: str

    @property
    def highest(self) -> float:
        """The highest frequency in any population given; 0 when absent from all."""
        return max(self.by_population.values(), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class InNormal:
    """What a file tells of a variant in the patient's matched normal; None for what it doesn't.

    `called`: whether the normal's genotype holds it.
    """

    depth: int | None = None
    fraction: float | None = None
    called: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySegment:
    """A stretch of the genome and its copies, of which no gene is named; positions are 1-based.

    `major_copies` and `minor_copies` are those of either allele, `total_copies` both together,
    `fold_change` a ratio to a normal genome; None for what the file doesn't give.
    """

    chromosome: str
    start: int
    end: int
    total_copies: float | None
    major_copies: float | None = None
    minor_copies: float | None = None
    fold_change: float | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionCall:
    """A call other than reference at a position that was asked for, kept by its caller or not."""

    chromosome: str
    position: int
    ref: str
    alt: str
    filters: tuple[str, ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionDepth:
    """Read depth over a stretch that was asked for; positions are 1-based and inclusive.

    `lowest`: the least depth that the file tells of any base in it; None if it tells none. `told`: for
    how many of its bases it tells one. `highest_possible`: where the file gives only a mean, that mean,
    which the lowest can't exceed. `failed`: filters of rows there, by which nothing can be said.
    `calls`: what isn't reference there. `base_by_base`: of a genome VCF, which would hold every base
    that was looked at; `seen` are the bases on which it has a row.
    """

    chromosome: str
    start: int
    end: int
    lowest: int | None
    told: int
    highest_possible: float | None = None
    failed: tuple[str, ...] = ()
    calls: tuple[PositionCall, ...] = ()
    file: str = ""
    source: Source | None = None
    base_by_base: bool = False
    seen: int = 0

    @property
    def whole(self) -> bool:
        """Whether the file tells the depth of every base."""
        return self.told == self.end - self.start + 1


def phase_between(one: str | None, other: str | None) -> str | None:
    """`cis` or `trans` by the caller's phases (`SET:HAPLOTYPE`); None: of different sets, or not phased."""
    if one is None or other is None or one.rpartition(":")[0] != other.rpartition(":")[0]:
        return None
    return "cis" if one == other else "trans"


def changed_bases(position: int, ref: str, alt: str) -> tuple[int, int]:
    """First and last base that a change touches: an insertion both its neighbours, a deletion those lost."""
    while len(ref) > 1 and len(alt) > 1 and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        position, ref, alt = position + 1, ref[1:], alt[1:]
    return (position, position + len(ref) - 1) if ref else (position - 1, position)
