"""The profile behind a report, as far as its content tells: specimen, assay, what was tested, markers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from presis.diagnostics.pathology import PathologyMarker
from presis.diagnostics.profile import (
    Alteration,
    Assay,
    Covers,
    GenomeBuild,
    GenomicInstability,
    MolecularProfile,
    Msi,
    NotUsable,
    Quality,
    QualityMeasure,
    SmallVariant,
    Source,
    Specimen,
    Tested,
    Tmb,
    Verdict,
)
from presis.diagnostics.report_model import ReportContent


def source_of(text: str | None) -> Source | None:
    """`file:12` as a place in a file."""
    name, _, line = (text or "").rpartition(":")
    return Source(name, int(line)) if name and line.isdigit() else None


def bare_profile(
    content: ReportContent, variants: tuple[SmallVariant, ...], calls: Mapping[str, tuple[Any, ...]]
) -> MolecularProfile:
    """The profile with these variants and calls; depths and segments, which a report hasn't, are left out."""
    return MolecularProfile(
        sample=content.sample,
        dna_sample=content.dna_sample,
        rna_sample=content.rna_sample,
        build=None if content.build is None else GenomeBuild(content.build),
        assay=Assay(**content.assay.model_dump()),
        specimen=Specimen(**{**content.specimen.model_dump(), "comments": tuple(content.specimen.comments)}),
        covers=_covers(content),
        small_variants=variants,
        **calls,
        tmb=_tmb(content),
        msi=_msi(content),
        genomic_instability=_instability(content),
        quality=_quality(content),
        markers=tuple(_markers(content)),
        not_usable=tuple(NotUsable(**each.model_dump()) for each in content.not_usable),
        run=content.run,
    )


def _covers(content: ReportContent) -> dict[Alteration, Covers]:
    return {
        Alteration(name): Covers(
            state=Tested(each.state),
            genes=frozenset(each.genes),
            reason=each.reason,
            detail=tuple(each.detail),
        )
        for name, each in content.covers.items()
    }


def _value(content: ReportContent, ident: str) -> float | None:
    return next((each.value for each in content.findings if each.id == ident), None)


def _tmb(content: ReportContent) -> Tmb | None:
    rate = _value(content, "tmb")
    return None if rate is None else Tmb(per_megabase=rate, eligible_variants=None, megabases=None)


def _msi(content: ReportContent) -> Msi | None:
    percent = _value(content, "msi")
    if percent is None:
        return None
    return Msi(percent_unstable=percent, unstable_sites=None, usable_sites=None)


def _instability(content: ReportContent) -> GenomicInstability | None:
    score = _value(content, "gis")
    if score is None:
        return None
    return GenomicInstability(score=score, tumour_fraction_reported=None, ploidy=None)


def _quality(content: ReportContent) -> Quality:
    told = content.quality
    return Quality(
        known=told.known,
        measures=tuple(
            QualityMeasure(
                **{
                    **each.model_dump(),
                    "governs": tuple(map(Alteration, each.governs)),
                    "verdict": Verdict(each.verdict),
                }
            )
            for each in told.measures
        ),
        unknown={Alteration(name): tuple(why) for name, why in told.unknown.items()},
        contaminated=told.contaminated,
    )


def _markers(content: ReportContent) -> list[PathologyMarker]:
    out = []
    for each in content.markers:
        values = each.model_dump(exclude={"id", "result", "source"})
        place = source_of(each.source)
        out.append(
            PathologyMarker(**values, file=place.file if place else "", line=place.line if place else 0)
        )
    return out
