"""How the VCFs of a specimen enter its profile: variants joined with the digest's, or listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.profile import (
    CopyNumber,
    CopySegment,
    ExonCopyNumber,
    Fusion,
    GenomeBuild,
    Mane,
    NotUsable,
    RegionDepth,
    SmallVariant,
    SpliceVariant,
)
from presis.diagnostics.readers import merging
from presis.diagnostics.readers.grouping import Draft
from presis.diagnostics.readers.small_vcf import NO_GENE, SmallVcf, unannotated_rows
from presis.methods.reasons import Reason

Place = tuple[str, int, str, str]
Variants = tuple[SmallVariant, ...]


def joined_variants(
    draft: Draft, annotated: Variants, digest: Variants, status: Callable[[str], Mane] | None
) -> tuple[Variants, tuple[NotUsable, ...]]:
    """The small variants of all files: the table's, then an annotated VCF's, then the digest's.

    A VCF without annotation adds what it knows to variants whose gene another file tells. Its other
    rows are listed: those that passed its caller's filters as lost, the others as no call.
    """
    vcf = draft.vcf.annotated
    if vcf is not None:
        called = {_place(each) for each in digest}
        # what the digest holds has passed, whatever filters another caller's file names
        own = tuple(
            _on_mane(replace(e, passed=True) if _place(e) in called else e, status) for e in vcf.variants
        )
        annotated, about_table = merging.merge_variants(annotated, own)
    else:
        about_table = ()
    merged, about = merging.merge_variants(annotated, digest)
    bare = draft.vcf.unannotated
    if bare is None:
        return merged, (*about_table, *about)
    if not _has_genes(draft):
        return merged, (*about_table, *about, *unannotated_rows(bare))
    merged, about_bare = _enriched(merged, bare)
    return merged, (*about_table, *about, *about_bare)


def _on_mane(variant: SmallVariant, status: Callable[[str], Mane] | None) -> SmallVariant:
    """What the library says of the transcript, where the file has no column for it."""
    if status is None or variant.transcript is None or variant.mane is not Mane.UNKNOWN:
        return variant
    return replace(variant, mane=status(variant.transcript))


def _has_genes(draft: Draft) -> bool:
    """Whether another file than the one without annotation holds the small variants."""
    digest = any("small variants" in each.sections for each in draft.combined)
    return digest or draft.table is not None or draft.vcf.annotated is not None


def _place(variant: SmallVariant) -> Place:
    return (variant.chromosome, variant.position, variant.ref, variant.alt)


def _enriched(variants: Variants, bare: SmallVcf) -> tuple[Variants, tuple[NotUsable, ...]]:
    known = {_place(each): each for each in bare.variants}
    enriched = []
    for each in variants:
        row = known.get(_place(each))
        if row is None:
            enriched.append(each)
            continue
        enriched.append(
            replace(
                each,
                depth=row.depth if each.depth is None else each.depth,
                allele_fraction=row.allele_fraction if each.allele_fraction is None else each.allele_fraction,
                germline_status=each.germline_status or row.germline_status,
                mnv=each.mnv or row.mnv,
            )
        )
    places = {_place(each) for each in variants}
    return tuple(enriched), (bare.how_to_annotate(), *_of_rows(bare, places))


def _of_rows(bare: SmallVcf, known: set[Place]) -> Iterator[NotUsable]:
    for each in bare.variants:
        line = each.source.line if each.source else 0
        found = f"{each.chromosome}:{each.position} {each.ref}>{each.alt}"[:80]
        reason, severity = NO_GENE, "lost"
        if _place(each) in known:
            reason, severity = Reason.of("reading.same-as-annotated"), "remark"
        elif each.passed is False:
            reason = Reason.of("reading.not-kept", filters=", ".join(each.file_filters))
            severity = "remark"
        yield not_usable(file=bare.text.name, line=line, why=reason, found=found, severity=severity)


def copy_numbers(draft: Draft, own: tuple[CopyNumber, ...]) -> tuple[CopyNumber, ...]:
    """The digest's calls, and those that only a VCF has."""
    return merging.further_copy_numbers(own, (e for file in draft.vcf.copies for e in file.copy_numbers))


def exon_copy_numbers(draft: Draft) -> tuple[ExonCopyNumber, ...]:
    """The digest's calls of exons, and those of genes that only a VCF calls."""
    own = tuple(each for file in draft.combined for each in file.exon_copy_numbers)
    known = {(each.gene, each.change) for each in own}
    rows = (each for file in draft.vcf.copies for each in file.exon_copy_numbers)
    return (*own, *(each for each in rows if (each.gene, each.change) not in known))


def splice_variants(draft: Draft, own: tuple[SpliceVariant, ...]) -> tuple[SpliceVariant, ...]:
    """The digest's junctions, and those that only a VCF has."""
    return merging.further_splice_variants(
        own, (each for file in draft.vcf.splices for each in file.splice_variants)
    )


def fusions(draft: Draft, own: tuple[Fusion, ...]) -> tuple[Fusion, ...]:
    """The fusions of the panel's files, and those that only PCGR's table has."""
    return merging.further_fusions(own, (each for file in draft.vcf.pcgr for each in file.fusions))


def segments(draft: Draft) -> tuple[CopySegment, ...]:
    """Segments without a gene."""
    files: Iterable[tuple[CopySegment, ...]] = (
        *(each.segments for each in draft.vcf.copies),
        *(each.segments for each in draft.vcf.pcgr),
    )
    return tuple(each for group in files for each in group)


def depths(draft: Draft, build: GenomeBuild | None) -> tuple[RegionDepth, ...]:
    """Depth at the positions asked for, on the profile's build; what no file tells of is left out."""
    found = () if build is None else (each.depths.get(build, ()) for each in draft.vcf.depths)
    return tuple(each for group in found for each in group if each.base_by_base or _tells(each))


def _tells(depth: RegionDepth) -> bool:
    return bool(depth.told or depth.highest_possible is not None)


def depths_without_build(draft: Draft, build: GenomeBuild | None) -> Iterator[NotUsable]:
    """Files of depth that can't be used, since nobody says on which genome their positions count."""
    for each in draft.vcf.depths if build is None else ():
        reason = Reason.of("reading.depth-build")
        yield not_usable(file=each.file.name, line=0, why=reason, found="", severity="remark")


def remarks(draft: Draft, build: GenomeBuild | None) -> Iterator[NotUsable]:
    """What is to be said of the VCFs beside what their readers listed."""
    yield from doubled(draft)
    yield from depths_without_build(draft, build)


def doubled(draft: Draft) -> Iterator[NotUsable]:
    """Rows of VCFs that say again what another file says: listed, so that no row is without a word."""
    calls = {(e.gene, e.kind) for file in draft.combined for e in file.copy_numbers}
    exons = {(e.gene, e.change) for file in draft.combined for e in file.exon_copy_numbers}
    joints = {
        (e.gene, e.breakpoint_first, e.breakpoint_second)
        for file in draft.combined
        for e in file.splice_variants
    }
    rows = [
        *((e.source, e.gene) for f in draft.vcf.copies for e in f.copy_numbers if (e.gene, e.kind) in calls),
        *((e.source, e.gene) for f in draft.vcf.copies for e in f.exon_copy_numbers
          if (e.gene, e.change) in exons),
        *((e.source, e.gene) for f in draft.vcf.splices for e in f.splice_variants
          if (e.gene, e.breakpoint_first, e.breakpoint_second) in joints),
    ]  # fmt: skip
    for source, gene in rows:
        if source is not None:
            reason = Reason.of("reading.same-call")
            yield not_usable(file=source.file, line=source.line, why=reason, found=gene, severity="remark")
