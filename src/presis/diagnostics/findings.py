"""A profile whose variants have been filtered and classified: what the leaves on findings ask about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from presis.diagnostics.filtering import Filtered
from presis.diagnostics.judged import Judged
from presis.diagnostics.oncogenicity import Oncogenicity
from presis.diagnostics.pathology import Disagreement
from presis.diagnostics.profile import Alteration, MolecularProfile, SmallVariant, Tested
from presis.diagnostics.profile_places import phase_between
from presis.diagnostics.signatures import MarkerClass
from presis.diagnostics.tumour_reading import AllelicState, Origin, TumourContent
from presis.diagnostics.variant_facts import VariantFacts
from presis.methods.rules import Truth

if TYPE_CHECKING:
    from presis.diagnostics.position_coverage import HotspotAnswer


@dataclass(frozen=True, slots=True)
class ClassifiedVariant:
    """A small variant with its oncogenicity (None between genes), and the step that kept or left it out.

    `adjacent`: another change lies in the same codon beside it, so that the two may be one. `parts`: those
    that were joined in it; `untold`: what they mean as one isn't known. `judged` is what a person made of
    it; `computed` then are the classes that were computed.
    """

    id: str
    variant: SmallVariant
    facts: VariantFacts | None
    oncogenicity: Oncogenicity | None
    kept_by: str | None
    adjacent: bool = False
    parts: tuple[SmallVariant, ...] = ()
    untold: bool = False
    judged: Judged | None = None
    computed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LostRows:
    """Rows of the files that no finding could be made of: the genes they name, or none that is known."""

    genes: frozenset[str] = frozenset()
    nameless: bool = False

    def touches(self, alteration: Alteration, gene: str | None) -> bool:
        """Whether a lost row may have been this gene's."""
        return gene in self.genes or (self.nameless and alteration is Alteration.SMALL_VARIANT)


def lost_rows(profile: MolecularProfile) -> LostRows:
    """What was lost in reading, by the genes that the lost lines name."""
    panel = frozenset().union(*(covers.genes for covers in profile.covers.values()))
    genes: set[str] = set()
    nameless = False
    for each in profile.not_usable:
        if each.severity != "lost":
            continue
        named = panel.intersection(_WORD.findall(each.found))
        genes |= named
        nameless = nameless or (not named and "variant" in each.reason)
    return LostRows(frozenset(genes), nameless)


_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Findings:
    """A profile read: variants kept and classified, those left out with their reasons, markers classed.

    `doubtful` holds variants that were left out because the call isn't sure, by gene: what they would
    mean is unknown, not absent. `lost` names the genes of rows that could not be read. `content` is the
    share of tumour cells; `origins` by finding and `allelic` by suppressor gene are read with it in mind.

    Ids: `sv:0` for a small variant (its place in the profile), `cn:0` copy number, `ec:0` exon copy
    number, `fu:0` fusion, `sp:0` splice variant, `tmb`, `msi`, `gis`, `pm:0` pathology's marker.
    `disagreements`: where two methods can't both be right. `inherited_left_out`: places of variants left
    out that look inherited; asked only where the patient declined to hear of inherited risks.
    `told_positions`: what a report says of hotspots, by id, where the findings are made from one.
    """

    profile: MolecularProfile
    variants: tuple[ClassifiedVariant, ...]
    left_out: tuple[Filtered, ...]
    by_gene: Mapping[str, tuple[ClassifiedVariant, ...]]
    msi: MarkerClass
    tmb: MarkerClass
    doubtful: Mapping[str, tuple[ClassifiedVariant, ...]] = field(default_factory=dict)
    lost: LostRows = LostRows()
    content: TumourContent = field(default_factory=TumourContent)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    allelic: Mapping[str, AllelicState] = field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()
    inherited_left_out: frozenset[tuple[str, int, str, str]] = frozenset()
    told_positions: Mapping[str, HotspotAnswer] = field(default_factory=dict)

    def covered(self, alteration: Alteration, gene: str | None = None) -> Truth:
        """Whether an alteration was looked for: yes, no (not on the assay), or unknown."""
        covers = self.profile.covers.get(alteration)
        if self.lost.touches(alteration, gene):
            return Truth.UNKNOWN
        if covers is None or covers.state is Tested.UNKNOWN:
            return Truth.UNKNOWN
        if covers.state is Tested.NO or (gene is not None and gene not in covers.genes):
            return Truth.NO
        return Truth.YES


def by_gene(variants: Sequence[ClassifiedVariant]) -> dict[str, tuple[ClassifiedVariant, ...]]:
    """Variants by gene, in the profile's order."""
    groups: defaultdict[str, list[ClassifiedVariant]] = defaultdict(list)
    for each in variants:
        if each.variant.gene is not None:
            groups[each.variant.gene].append(each)
    return {gene: tuple(group) for gene, group in groups.items()}


def mark_adjacent(variants: Sequence[ClassifiedVariant]) -> list[ClassifiedVariant]:
    """Mark single-base changes of one codon next to each other: parts, perhaps, of one change.

    Also those that the caller itself ties together as parts of one multi-nucleotide variant.
    """
    places: defaultdict[tuple[str | None, int], list[ClassifiedVariant]] = defaultdict(list)
    for each in variants:
        protein = each.facts.protein if each.facts else None
        if (
            protein is not None
            and protein.position is not None
            and len(each.variant.ref) == len(each.variant.alt) == 1
        ):
            places[each.variant.gene, protein.position].append(each)
    joined = {
        one.id
        for group in places.values()
        for one in group
        for other in group
        if 0 < abs(one.variant.position - other.variant.position) <= 2
        and phase_between(one.variant.phase, other.variant.phase) != "trans"
    }
    joined |= {
        each.id
        for each in variants
        if each.variant.mnv and len(each.variant.ref) == len(each.variant.alt) == 1
    }
    if not joined:
        return list(variants)
    return [replace(each, adjacent=True) if each.id in joined else each for each in variants]
