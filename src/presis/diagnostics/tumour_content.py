"""What a panel can tell at this share of tumour cells: limits as data, and copies adjusted for it.

The share is a person's estimate and has a range. Below a limit a negative is unknown, and MSI and the
mutation rate are not assessable, whatever their number; what was found stands.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from presis.diagnostics.profile import Alteration, Covers, MolecularProfile, Specimen, Tested
from presis.diagnostics.signatures import (
    CONTENT_NOT_REPORTED,
    FEW_SITES,
    LOW_CONTENT,
    few_sites,
)
from presis.diagnostics.tumour_reading import Copies, TumourContent
from presis.methods.purity import copies_of, fold_change
from presis.programme.files import load_yaml


def rules() -> Any:
    """The rule file."""
    return load_yaml("rules/tumour_content.yaml")


@cache
def _least() -> dict[Alteration, float]:
    return {Alteration(name): row["least"] for row in rules()["limits"] for name in row["of"]}


def least_content(alteration: Alteration) -> float:
    """The least share of tumour cells at which an alteration that isn't found is absent."""
    return _least()[alteration]


def content_of(specimen: Specimen) -> TumourContent:
    """The share of tumour cells with the range of the estimate; without one anything is possible."""
    share = specimen.tumour_cell_fraction
    if share is None:
        return TumourContent()
    around = rules()["estimate"]["uncertainty"]
    return TumourContent(share, max(0.0, share - around), min(1.0, share + around))


def applies(profile: MolecularProfile) -> bool:
    """Whether the share of tumour cells bears on this specimen: in tissue, not in plasma."""
    return profile.assay.kind != "ctdna"


def holds_on_condition(profile: MolecularProfile) -> bool:
    """Whether what was not found holds only if there were tumour cells enough: nobody gave their share."""
    return applies(profile) and profile.specimen.tumour_cell_fraction is None


def assessable(profile: MolecularProfile) -> MolecularProfile:
    """The profile with what can't be told marked unknown; twice is the same.

    It is what this share of tumour cells hides, and MSI by too few sites.
    """
    profile = _by_sites(profile)
    if not applies(profile):
        return profile
    share = profile.specimen.tumour_cell_fraction
    if share is None and rules()["not_reported"] == "condition":
        return profile
    return replace(
        profile,
        covers={
            alteration: _limited(alteration, covers, share) for alteration, covers in profile.covers.items()
        },
    )


def _by_sites(profile: MolecularProfile) -> MolecularProfile:
    covers = profile.covers.get(Alteration.MSI)
    few = None if profile.msi is None else few_sites(profile.msi)
    if few is None or covers is None or covers.reason not in ("assayed", "not_reported"):
        return profile
    detail = (f"{few.values['usable']} < {few.values['least']}",)
    told = replace(covers, state=Tested.UNKNOWN, reason=FEW_SITES, detail=detail)
    return replace(profile, covers={**profile.covers, Alteration.MSI: told})


def _limited(alteration: Alteration, covers: Covers, share: float | None) -> Covers:
    least = least_content(alteration)
    if covers.state is not Tested.YES or (share is not None and share >= least):
        return covers
    if share is None:
        return replace(covers, state=Tested.UNKNOWN, reason=CONTENT_NOT_REPORTED)
    detail = (f"{share * 100:.0f}\u202f% < {least * 100:.0f}\u202f%", *covers.detail)
    return replace(covers, state=Tested.UNKNOWN, reason=LOW_CONTENT, detail=detail)


def diploid(specimen: Specimen, gene: str | None, chromosome: str | None = None) -> bool:
    """Whether normal cells hold two copies: not on sex chromosomes, unless it is a woman's X."""
    on_x = chromosome == "X" or (chromosome is None and gene in rules()["one_copy_in_men"]["genes"])
    return chromosome != "Y" and not (on_x and specimen.sex != "female")


def copies_for(gene: str, fold: float | None, specimen: Specimen) -> Copies:
    """Copies of a gene in the tumour cells of a specimen."""
    if not diploid(specimen, gene):
        return Copies(None, why="copies.one-in-men")
    return adjusted_copies(fold, content_of(specimen))


def adjusted_copies(fold: float | None, content: TumourContent) -> Copies:
    """Copies in the tumour cells behind a fold change, over the range of the estimate.

    Not computable without an estimate, without tumour cells, or where the estimate gives fewer than
    none: then there are too few tumour cells, or only some of them carry it.
    """
    if fold is None:
        return Copies(None, why="copies.no-fold")
    if content.estimate is None:
        return Copies(None, why="copies.no-content")
    if content.estimate <= 0:
        return Copies(None, why="copies.below-zero")
    best = copies_of(content.estimate, fold)
    if best < -1e-9:
        return Copies(None, why="copies.below-zero")
    ends = [copies_of(each, fold) for each in (content.low, content.high) if each > 0]
    open_up = content.low <= 0 and fold > 1
    low = min(*ends, best) if content.low > 0 or fold >= 1 else 0.0
    return Copies(max(best, 0.0), max(low, 0.0), None if open_up else max(*ends, best, 0.0))


def hidden_losses(content: TumourContent) -> tuple[float, float] | None:
    """How a loss of one copy and of both would read (times normal), where that is too near to normal."""
    share = content.estimate
    if share is None or share >= least_content(Alteration.DELETION):
        return None
    return fold_change(share, 1), fold_change(share, 0)
