"""The positions that a report speaks of one by one, and the depth that a negative needs there."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from presis.diagnostics.profile import GenomeBuild
from presis.diagnostics.symbols import TSO500, current_symbol
from presis.programme.files import load_yaml

FILE = "assays/tso500/hotspots.yaml"


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a chromosome, 1-based, both ends included."""

    chromosome: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A named position of a gene: `codons` first and last (None in a promoter), its place on each build."""

    id: str
    gene: str
    what: str
    codons: tuple[int, int] | None
    places: Mapping[GenomeBuild, Region]


@dataclass(frozen=True, slots=True)
class HotspotList:
    """The list in a version; `needed` holds the depth by kind of assay."""

    id: str
    version: str
    needed: Mapping[str, int]
    harmless_steps: frozenset[str]
    hotspots: tuple[Hotspot, ...]

    def regions(self, build: GenomeBuild) -> tuple[Region, ...]:
        """Every place on one build, in the list's order."""
        return tuple(each.places[build] for each in self.hotspots)


@cache
def hotspot_list() -> HotspotList:
    """The list that comes with the programme."""
    record = load_yaml(FILE)
    with (TSO500 / record["positions"]).open(encoding="utf-8", newline="") as file:
        hotspots = tuple(_hotspot(row) for row in csv.DictReader(file))
    return HotspotList(
        record["id"],
        str(record["version"]),
        {kind: int(each["reads"]) for kind, each in record["needed_depth"].items()},
        frozenset(record["harmless_steps"]),
        hotspots,
    )


def _hotspot(row: Mapping[str, str]) -> Hotspot:
    first, last = row["codon_first"], row["codon_last"]
    places = {
        build: Region(row[f"{name}_chromosome"], int(row[f"{name}_start"]), int(row[f"{name}_end"]))
        for build, name in ((GenomeBuild.GRCH37, "grch37"), (GenomeBuild.GRCH38, "grch38"))
    }
    codons = (int(first), int(last)) if first else None
    return Hotspot(row["id"], current_symbol(row["gene"]), row["what"], codons, places)
