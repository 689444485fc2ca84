"""A profile whose variants have been filtered and classified: what the leaves on findings ask about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from presis.diagnostics.filtering import Filtered
from presis.diagnostics.oncogenicity import Oncogenicity
from presis.diagnostics.profile import Alteration, MolecularProfile, SmallVariant, Tested
from presis.diagnostics.signatures import MarkerClass
from presis.diagnostics.variant_facts import VariantFacts
from presis.methods.rules import Truth


@dataclass(frozen=True, slots=True)
class ClassifiedVariant:
    """A small variant that the filter kept, with its oncogenicity (None between genes)."""

    id: str
    variant: SmallVariant
    facts: VariantFacts | None
    oncogenicity: Oncogenicity | None
    kept_by: str | None


@dataclass(frozen=True, slots=True)
class Findings:
    """A profile read: variants kept and classified, those left out with their reasons, markers classed.

    Ids: `sv:0` for a small variant (its place in the profile), `cn:0` copy number, `ec:0` exon copy
    number, `fu:0` fusion, `sp:0` splice variant, `tmb`, `msi`, `gis`.
    """

    profile: MolecularProfile
    variants: tuple[ClassifiedVariant, ...]
    left_out: tuple[Filtered, ...]
    by_gene: Mapping[str, tuple[ClassifiedVariant, ...]]
    msi: MarkerClass
    tmb: MarkerClass

    def covered(self, alteration: Alteration, gene: str | None = None) -> Truth:
        """Whether an alteration was looked for: yes, no (not on the assay), or unknown."""
        covers = self.profile.covers.get(alteration)
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
