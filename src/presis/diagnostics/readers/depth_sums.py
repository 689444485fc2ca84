"""Depth summed up over the stretches that were asked for, as rows of a file arrive one by one."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from presis.diagnostics.hotspots import Region
from presis.diagnostics.profile import RegionDepth, Source
from presis.diagnostics.profile_places import PositionCall, changed_bases


class DepthSums:
    """Keeps what is told of the bases asked for, and nothing else, so that memory stays small."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self.regions = tuple(regions)
        self.lowest: dict[tuple[str, int], tuple[int, int]] = {}  # base to its least depth, and the line
        self.mean: dict[tuple[str, int], float] = {}
        self.seen: set[tuple[str, int]] = set()
        self.failed: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        self.calls: defaultdict[str, list[PositionCall]] = defaultdict(list)
        self._wanted: dict[str, tuple[list[int], list[int]]] = {}
        for name in {each.chromosome for each in self.regions}:
            merged = _merged(each for each in self.regions if each.chromosome == name)
            self._wanted[name] = ([start for start, _ in merged], [end for _, end in merged])

    @property
    def chromosomes(self) -> frozenset[str]:
        """Those on which anything is asked for."""
        return frozenset(self._wanted)

    def bases(self, chromosome: str, start: int, end: int) -> Iterator[tuple[str, int]]:
        """The bases asked for within a stretch."""
        starts, ends = self._wanted[chromosome]
        index = bisect_left(ends, start)
        while index < len(starts) and starts[index] <= end:
            for position in range(max(start, starts[index]), min(end, ends[index]) + 1):
                yield chromosome, position
            index += 1

    def touches(self, chromosome: str, start: int, end: int) -> bool:
        """Whether a stretch holds a base that was asked for."""
        if chromosome not in self._wanted:
            return False
        starts, ends = self._wanted[chromosome]
        index = bisect_left(ends, start)
        return index < len(starts) and starts[index] <= end

    def depth(self, place: Region, reads: int, line: int) -> None:
        """The least depth over a stretch; of two rows on one base the lower counts."""
        for base in self.bases(place.chromosome, place.start, place.end):
            if base not in self.lowest or reads < self.lowest[base][0]:
                self.lowest[base] = (reads, line)

    def see(self, place: Region) -> None:
        """A row on a stretch, whether or not it tells the depth."""
        self.seen.update(self.bases(place.chromosome, place.start, place.end))

    def mean_depth(self, place: Region, reads: float) -> None:
        """A mean over a stretch: the least depth there can't exceed it."""
        for base in self.bases(place.chromosome, place.start, place.end):
            self.mean[base] = min(reads, self.mean.get(base, reads))

    def fail(self, place: Region, filters: Iterable[str]) -> None:
        """Filters by which nothing can be said of a stretch."""
        for base in self.bases(place.chromosome, place.start, place.end):
            self.failed[base].update(filters)

    def call(self, call: PositionCall) -> None:
        """A call other than reference."""
        self.calls[call.chromosome].append(call)

    def result(self, file: str, *, base_by_base: bool = False) -> tuple[RegionDepth, ...]:
        """What is told of each stretch, in the order in which they were asked for."""
        return tuple(replace(self._of(each, file), base_by_base=base_by_base) for each in self.regions)

    def _of(self, region: Region, file: str) -> RegionDepth:
        bases = [(region.chromosome, position) for position in range(region.start, region.end + 1)]
        told = [self.lowest[base] for base in bases if base in self.lowest]
        means = [self.mean[base] for base in bases if base in self.mean]
        lowest, line = min(told, default=(None, 0))
        calls = tuple(each for each in self.calls[region.chromosome] if _lies_in(each, region))
        return RegionDepth(
            chromosome=region.chromosome,
            start=region.start,
            end=region.end,
            lowest=lowest,
            told=len(told),
            seen=sum(base in self.seen for base in bases),
            highest_possible=min(means, default=None),
            failed=tuple(sorted({name for base in bases for name in self.failed.get(base, ())})),
            calls=calls,
            file=file,
            source=Source(file, line) if line else None,
        )


def _lies_in(call: PositionCall, region: Region) -> bool:
    first, last = changed_bases(call.position, call.ref, call.alt)
    return first <= region.end and last >= region.start


def _merged(regions: Iterable[Region]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted((each.start, each.end) for each in regions):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
