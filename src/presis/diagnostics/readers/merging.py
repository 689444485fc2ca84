"""One finding that several files report becomes one finding; nothing is dropped without a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.profile import CopyNumber, Fusion, NotUsable, SmallVariant, SpliceVariant
from presis.methods.reasons import Reason

Place = tuple[str, int, str, str]

#: files of one sample round, and count reads a little otherwise; beyond this they contradict each other
_SAME_FRACTION = 0.02


def merge_variants(
    annotated: tuple[SmallVariant, ...], digest: tuple[SmallVariant, ...]
) -> tuple[tuple[SmallVariant, ...], tuple[NotUsable, ...]]:
    """TSOPPI's rows, filled up from LocalApp's digest, and what only the digest has."""
    if not annotated or not digest:
        return annotated or digest, ()
    in_digest: dict[Place, SmallVariant] = {}
    for variant in digest:
        in_digest.setdefault(_place(variant), variant)
    merged = [_filled(variant, in_digest.get(_place(variant))) for variant in annotated]
    counting = {_place(variant): variant for variant in merged}
    places = counting.keys()
    remarks = [_also(each, counting[_place(each)]) for each in digest if _place(each) in places]
    merged += [variant for variant in digest if _place(variant) not in places]
    return tuple(merged), tuple(remarks)


def _place(variant: SmallVariant) -> Place:
    return (variant.chromosome, variant.position, variant.ref, variant.alt)


def _filled(variant: SmallVariant, other: SmallVariant | None) -> SmallVariant:
    if other is None:
        return variant
    names = ("gene", "cdna", "protein", "protein_short", "exon", "depth", "allele_fraction")
    missing = {name: getattr(other, name) for name in names if getattr(variant, name) is None}
    return replace(variant, **missing) if missing else variant


def _also(variant: SmallVariant, counting: SmallVariant) -> NotUsable:
    source = variant.source
    fractions = (variant.allele_fraction, counting.allele_fraction)
    told = [each for each in fractions if each is not None]
    contradicts = len(told) == len(fractions) and abs(told[0] - told[1]) > _SAME_FRACTION
    why = Reason.of("reading.same-as-table")
    if contradicts:
        why = Reason.of("reading.same-but-fraction", here=f"{told[0]:g}", there=f"{told[1]:g}")
    return not_usable(
        file=source.file if source else "",
        line=source.line if source else 0,
        why=why,
        found=variant.label,
        severity="remark",
    )


def merge_fusions(
    digest: tuple[Fusion, ...], kept: tuple[Fusion, ...]
) -> tuple[tuple[Fusion, ...], tuple[NotUsable, ...]]:
    """The digest's fusions with caller, filters and genes of their row in AllFusions, and those it lacks.

    Nothing kept is an answer too: an AllFusions.csv was given.
    """
    details = {_joint(each): each for each in kept}
    merged = [_detailed(each, details.get(_joint(each))) for each in digest]
    in_digest = {_joint(each) for each in digest}
    further = tuple(each for each in kept if _joint(each) not in in_digest)
    remarks = [
        _note(each, Reason.of("reading.only-digest")) for each in digest if _joint(each) not in details
    ]
    if digest:
        remarks += [_note(each, Reason.of("reading.only-all-fusions")) for each in further]
    return (*merged, *further), tuple(remarks)


def _joint(fusion: Fusion) -> frozenset[str]:
    """Both breakpoints in either order; the genes where a breakpoint is missing."""
    if fusion.breakpoint_first and fusion.breakpoint_second:
        return frozenset((fusion.breakpoint_first, fusion.breakpoint_second))
    return frozenset(fusion.genes)


def _detailed(fusion: Fusion, row: Fusion | None) -> Fusion:
    if row is None:
        return fusion
    same_order = row.breakpoint_first == fusion.breakpoint_first
    sides = (row.first, row.second) if same_order else (row.second, row.first)
    if set(row.genes) != set(fusion.genes):
        sides = (fusion.first, fusion.second)
    return replace(
        fusion,
        first=sides[0],
        second=sides[1],
        order_known=fusion.order_known and row.order_known,
        caller=row.caller,
        file_filters=row.file_filters,
    )


def _note(fusion: Fusion, reason: Reason) -> NotUsable:
    source = fusion.source
    return not_usable(
        file=source.file if source else "",
        line=source.line if source else 0,
        why=reason,
        found=fusion.label,
        severity="remark",
    )


def further_copy_numbers(own: tuple[CopyNumber, ...], others: Iterable[CopyNumber]) -> tuple[CopyNumber, ...]:
    """Calls for genes and types that aren't among the own ones."""
    known = {(each.gene, each.kind) for each in own}
    return (*own, *(each for each in others if (each.gene, each.kind) not in known))


def further_splice_variants(
    own: tuple[SpliceVariant, ...], others: Iterable[SpliceVariant]
) -> tuple[SpliceVariant, ...]:
    """Junctions that aren't among the own ones."""
    known = {(each.gene, each.breakpoint_first, each.breakpoint_second) for each in own}
    return (
        *own,
        *(each for each in others if (each.gene, each.breakpoint_first, each.breakpoint_second) not in known),
    )


def further_fusions(own: tuple[Fusion, ...], others: Iterable[Fusion]) -> tuple[Fusion, ...]:
    """Fusions that aren't among the own ones."""
    known = {_joint(each) for each in own}
    return (*own, *(each for each in others if _joint(each) not in known))
