"""What a profile holds by place, for people: depth at the hotspots, and segments without a gene."""

from __future__ import annotations

from collections.abc import Iterator

from presis.diagnostics.hotspots import hotspot_list
from presis.diagnostics.profile import CopySegment, MolecularProfile, RegionDepth, SmallVariant

DEPTH_COLUMNS = ("hotspot", "depth", "why not enough", "file")
SEGMENT_COLUMNS = ("place", "copies", "minor copies", "fold", "line")


def remarks_on(variant: SmallVariant) -> tuple[str, ...]:
    """What a VCF says beside the change: filters, DRAGEN's germline status, parts of one variant."""
    failed = (f"failed: {', '.join(variant.file_filters)}",) if variant.passed is False else ()
    status = (variant.germline_status,) if variant.germline_status else ()
    part = len(variant.ref) == len(variant.alt) == 1 and variant.mnv is not None
    return (*failed, *status, *(("part of a multi-nucleotide variant",) if part else ()))


def segment_rows(segments: tuple[CopySegment, ...]) -> Iterator[tuple[str, ...]]:
    """One row a segment."""
    for each in segments:
        yield (
            f"{each.chromosome}:{each.start}-{each.end}",
            _number(each.total_copies),
            _number(each.minor_copies),
            _number(each.fold_change),
            str(each.source.line) if each.source else "",
        )


def depth_line(profile: MolecularProfile) -> str | None:
    """How many hotspots are deep enough, by file; None where no file tells the depth."""
    if not profile.depths:
        return None
    told = [each for each in profile.depths if not _why_not(each, _needed(profile))]
    names = ", ".join(dict.fromkeys(each.file for each in profile.depths))
    needed = _needed(profile)
    return f"{len(told)} of {len(profile.depths)} hotspots at a depth of {needed} or more ({names})"


def depth_rows(profile: MolecularProfile) -> Iterator[tuple[str, ...]]:
    """The hotspots of which a file tells that they aren't deep enough, or are filtered, or hold a call."""
    names = {}
    for each in hotspot_list().hotspots:
        for place in each.places.values():
            names[place.chromosome, place.start, place.end] = f"{each.gene} {each.what}"
    for depth in profile.depths:
        why = _why_not(depth, _needed(profile))
        if why:
            known = names.get((depth.chromosome, depth.start, depth.end))
            name = known or f"{depth.chromosome}:{depth.start}"
            yield name, _number(depth.lowest), "; ".join(why), depth.file


def _needed(profile: MolecularProfile) -> int:
    return hotspot_list().needed.get(profile.assay.kind, 0)


def _why_not(depth: RegionDepth, needed: int) -> list[str]:
    why = [f"filter {name}" for name in depth.failed]
    why += [f"call {each.ref}>{each.alt} at {each.position}" for each in depth.calls]
    if depth.base_by_base and depth.seen < depth.end - depth.start + 1:
        why.append(f"{depth.end - depth.start + 1 - depth.seen} bases missing")
    if depth.lowest is None:
        why.append("least depth not told")
    elif not depth.whole:
        why.append(f"told for {depth.told} of {depth.end - depth.start + 1} bases")
    if depth.lowest is not None and depth.lowest < needed:
        why.append(f"below {needed}")
    return why


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
