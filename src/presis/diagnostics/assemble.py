"""From files to molecular profiles: DNA and RNA of one specimen joined, and what was tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from presis.diagnostics import vcf_profile
from presis.diagnostics.assay import covers
from presis.diagnostics.beside import with_what_lies_beside
from presis.diagnostics.evidence import assay_of, evidence_of
from presis.diagnostics.limits import Limit, read_limits
from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.profile import (
    Alteration,
    Assay,
    CopyNumber,
    ExonCopyNumber,
    Fusion,
    GenomeBuild,
    LossOfHeterozygosity,
    Mane,
    MolecularProfile,
    Msi,
    NotUsable,
    SmallVariant,
    Specimen,
    SpliceVariant,
    Tmb,
)
from presis.diagnostics.provenance import contradictions, dated_genes, first, inputs, listed, run_of
from presis.diagnostics.quality import Bench, Identity, judge
from presis.diagnostics.readers import merging
from presis.diagnostics.readers.agreement import tmb_disagrees
from presis.diagnostics.readers.collect import Parts, collect
from presis.diagnostics.readers.grouping import Draft, group
from presis.diagnostics.readers.sample_id import bare
from presis.diagnostics.specimen import combine, from_sample_id
from presis.errors import BadInput
from presis.methods.reasons import Reason

ManeStatus = Callable[[str], Mane]
CurrentSymbol = Callable[[str], str]
OfGene = TypeVar("OfGene", CopyNumber, ExonCopyNumber, LossOfHeterozygosity, SpliceVariant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What readers ask of others: whether MANE names a transcript, and a gene's symbol of today."""

    mane_status: ManeStatus | None = None
    current_symbol: CurrentSymbol | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What was asked for beside the files."""

    sample: str | None = None
    specimen: Specimen | None = None
    limits: Path | None = None
    build: GenomeBuild | None = None
    knowledge: Knowledge = Knowledge()


def read_profiles(
    paths: Sequence[Path],
    *,
    specimen: Specimen | None = None,
    limits: Path | None = None,
    build: GenomeBuild | None = None,
    mane_status: ManeStatus | None = None,
    current_symbol: CurrentSymbol | None = None,
) -> tuple[MolecularProfile, ...]:
    """Every specimen in the files and folders given.

    `specimen` belongs to one sample; `limits` is a laboratory's CSV; `build` must agree with the
    files. Raises `BadInput` for anything that can't be used.
    """
    knowledge = Knowledge(mane_status=mane_status, current_symbol=current_symbol)
    return tuple(_read(paths, _Request(specimen=specimen, limits=limits, build=build, knowledge=knowledge)))


def read_profile(
    paths: Sequence[Path],
    *,
    sample: str | None = None,
    specimen: Specimen | None = None,
    limits: Path | None = None,
    build: GenomeBuild | None = None,
    knowledge: Knowledge | None = None,
) -> MolecularProfile:
    """The one specimen in the files, or the one that `sample` names among several."""
    request = _Request(
        sample=sample or "",
        specimen=specimen,
        limits=limits,
        build=build,
        knowledge=knowledge or Knowledge(),
    )
    return next(_read(paths, request))


def _read(paths: Sequence[Path], request: _Request) -> Iterator[MolecularProfile]:
    laboratory = () if request.limits is None else read_limits(request.limits)
    parts = collect(paths, request.sample)
    drafts = group(parts)
    if not drafts:
        why = "".join(f" ({each.file}: {each.reason})" for each in parts.remarks[:3])
        raise BadInput.of(
            "no-findings",
            f"none of the files holds findings{why}; "
            "give a CombinedVariantOutput, AllFusions or TSOPPI table too",
            file=", ".join(path.name for path in paths),
        )
    chosen = drafts
    if request.sample is not None or request.specimen is not None:
        chosen = [_chosen(drafts, request.sample or "")]
    for draft in chosen:
        profile = _profile(draft, parts, laboratory, request)
        yield with_what_lies_beside(profile, draft, drafts, parts)


def _chosen(drafts: list[Draft], sample: str) -> Draft:
    matches = [draft for draft in drafts if not sample or bare(sample) in draft.ids]
    if len(matches) == 1:
        return matches[0]
    names = ", ".join(sorted(draft.sample for draft in drafts))
    if sample and not matches:
        message = f"no sample is called {sample}; there are {names}: name one with --sample"
        raise BadInput.of("sample.unknown", message, field="--sample", found=sample, accepted=names)
    message = f"the files hold {len(matches)} samples ({names}); name one with --sample"
    raise BadInput.of(
        "sample.several",
        message,
        field="--sample",
        found=sample or None,
        accepted=names,
        count=len(matches),
    )


def _profile(
    draft: Draft, parts: Parts, laboratory: tuple[Limit, ...], request: _Request
) -> MolecularProfile:
    assay = assay_of(draft)
    specimen, about_specimen = _specimen(draft, request.specimen)
    instrument = first(each.instrument for each in draft.combined)
    identity = Identity(draft.pair, draft.dna, draft.rna)
    quality, about_quality = judge(parts.metrics, identity, Bench(assay, instrument, laboratory))
    variants, about_variants = _small_variants(draft, request.knowledge)
    fusions, candidates, about_fusions = _fusions(draft, assay)
    (tmb, about_tmb), msi, build = _tmb(draft), _msi(draft), _build(draft, request.build)
    remarks = (
        *draft.remarks,
        *parts.remarks,
        *about_specimen,
        *about_quality,
        *about_variants,
        *about_fusions,
        *about_tmb,
        *contradictions(draft, assay),
        *vcf_profile.remarks(draft, build),
    )
    profile = MolecularProfile(
        sample=draft.sample,
        dna_sample=draft.dna,
        rna_sample=draft.rna,
        build=build,
        assay=assay,
        specimen=specimen,
        covers=covers(assay, evidence_of(draft, tmb, msi), specimen, quality),
        small_variants=variants,
        copy_numbers=_copy_numbers(draft),
        copy_segments=vcf_profile.segments(draft),
        depths=vcf_profile.depths(draft, build),
        exon_copy_numbers=vcf_profile.exon_copy_numbers(draft),
        losses_of_heterozygosity=tuple(e for file in draft.combined for e in file.losses_of_heterozygosity),
        fusions=fusions,
        fusion_candidates=candidates,
        splice_variants=_splice_variants(draft),
        tmb=tmb,
        msi=msi,
        genomic_instability=first(each.genomic_instability for each in draft.combined),
        quality=quality,
        not_usable=tuple(dict.fromkeys((*listed(draft, parts, quality), *remarks))),
        inputs=tuple(inputs(draft, parts, quality)),
        run=run_of(draft),
    )
    profile = replace(profile, not_usable=(*profile.not_usable, *dated_genes(profile)))
    return _with_symbols(profile, request.knowledge.current_symbol)


def _build(draft: Draft, asked: GenomeBuild | None) -> GenomeBuild | None:
    """TSO500's own files are GRCh37 always; a TSOPPI table or VCF says it. Never mixed, never guessed."""
    builds = {file.text.name: GenomeBuild.GRCH37 for file in draft.combined}
    builds |= {file.text.name: GenomeBuild.GRCH37 for file in draft.fusions}
    if draft.table is not None and draft.table.build is not None:
        builds[draft.table.text.name] = draft.table.build
    builds |= draft.vcf.builds()
    for name, build in builds.items():
        other = next(
            (each for each in (*builds.values(), *([asked] if asked else [])) if each != build), None
        )
        if other is not None:
            raise BadInput.of(
                "genome-build.mixed",
                f"counts positions on {build}, but {other} was given beside it; give files of one build",
                file=name,
                found=str(build),
                accepted=str(other),
            )
    return next(iter(builds.values()), asked)


def _specimen(draft: Draft, given: Specimen | None) -> tuple[Specimen, tuple[NotUsable, ...]]:
    """Most trusted first: the specimen file, PRONTO's metadata, the sample id, TSOPPI's purity."""
    sources: list[tuple[str, int, Specimen]] = []
    notes: list[NotUsable] = []
    if given is not None:
        sources.append(("the specimen file", 0, given))
        if draft.specimen is not None:
            reason = Reason.of("reading.another-specimen-file")
            notes.append(not_usable(file=draft.specimen[0], line=0, why=reason, found="", severity="remark"))
    elif draft.specimen is not None:
        sources.append((draft.specimen[0], 0, draft.specimen[1]))
    sources += [(name, row.line, row.specimen) for name, row in draft.metadata]
    sources += [("the sample id", 0, from_sample_id(each)) for each in (draft.dna, draft.rna) if each]
    if draft.table is not None and draft.table.purity is not None:
        sources.append((draft.table.text.name, 0, Specimen(tumour_cell_fraction=draft.table.purity)))
    specimen, remarks = combine(sources)
    return specimen, (*notes, *remarks)


def _small_variants(
    draft: Draft, knowledge: Knowledge
) -> tuple[tuple[SmallVariant, ...], tuple[NotUsable, ...]]:
    digest = tuple(each for file in draft.combined for each in file.small_variants)
    annotated: tuple[SmallVariant, ...] = ()
    status = _cached(knowledge.mane_status)
    if draft.table is not None:
        annotated = draft.table.small_variants
        if status is not None:
            pairs = zip(annotated, draft.table.transcripts, strict=True)
            annotated = tuple(_on_mane(variant, names, status) for variant, names in pairs)
    if status is not None:
        digest = tuple(
            _on_mane(variant, (variant.transcript,) if variant.transcript else (), status)
            for variant in digest
        )
    return vcf_profile.joined_variants(draft, annotated, digest, status)


def _cached(ask: ManeStatus | None) -> ManeStatus | None:
    if ask is None:
        return None
    known: dict[str, Mane] = {}

    def status(transcript: str) -> Mane:
        if transcript not in known:
            known[transcript] = ask(transcript)
        return known[transcript]

    return status


def _on_mane(variant: SmallVariant, transcripts: tuple[str, ...], status: ManeStatus) -> SmallVariant:
    """Of several transcripts that share the change, the one that MANE names."""
    if not transcripts:
        return variant
    ranked = sorted(transcripts, key=lambda name: _RANK[status(name)])
    return replace(variant, transcript=ranked[0], mane=status(ranked[0]))


_RANK = {Mane.SELECT: 0, Mane.PLUS_CLINICAL: 1, Mane.OTHER: 2, Mane.UNKNOWN: 3}


def _copy_numbers(draft: Draft) -> tuple[CopyNumber, ...]:
    own = tuple(each for file in draft.combined for each in file.copy_numbers)
    own = vcf_profile.copy_numbers(draft, own)
    return merging.further_copy_numbers(
        own, (each for _, row, _ in draft.summary for each in row.copy_numbers)
    )


def _splice_variants(draft: Draft) -> tuple[SpliceVariant, ...]:
    own = tuple(each for file in draft.combined for each in file.splice_variants)
    own = vcf_profile.splice_variants(draft, own)
    rows = (each for _, row, _ in draft.summary for each in row.splice_variants)
    return merging.further_splice_variants(own, rows)


def _fusions(
    draft: Draft, assay: Assay
) -> tuple[tuple[Fusion, ...], tuple[Fusion, ...], tuple[NotUsable, ...]]:
    digest = tuple(each for file in draft.combined for each in file.fusions)
    digest = merging.further_fusions(digest, (each for _, row, _ in draft.summary for each in row.fusions))
    digest = vcf_profile.fusions(draft, digest)
    kept = tuple(each for file in draft.fusions for each in file.kept)
    candidates = tuple(each for file in draft.fusions for each in file.candidates)
    if assay.kind == "ctdna":
        kept, candidates = (
            tuple(replace(each, method=Alteration.DNA_FUSION) for each in group)
            for group in (kept, candidates)
        )
    if not draft.fusions:
        return digest, (), ()
    merged, remarks = merging.merge_fusions(digest, kept)
    return merged, candidates, remarks


def _tmb(draft: Draft) -> tuple[Tmb | None, tuple[NotUsable, ...]]:
    """From the digest, else from the summary with the table's coding region, if they agree."""
    own = first(each.tmb for each in draft.combined)
    if own is not None:
        return own, ()
    tmb = first(row.tmb for _, row, _ in draft.summary)
    if tmb is None or draft.table is None:
        return tmb, ()
    tmb = replace(tmb, megabases=draft.table.megabases)
    reason, source = tmb_disagrees(tmb), tmb.source
    if reason is None or source is None:
        return tmb, ()
    lost = not_usable(file=source.file, line=source.line, why=reason, found=str(tmb.per_megabase))
    return replace(tmb, per_megabase=None), (lost,)


def _msi(draft: Draft) -> Msi | None:
    return first(each.msi for each in draft.combined) or first(row.msi for _, row, _ in draft.summary)


def _with_symbols(profile: MolecularProfile, current: CurrentSymbol | None) -> MolecularProfile:
    """Gene symbols of today, where the knowledge at hand knows more than the panel's own table."""
    if current is None:
        return profile
    ask = cache(current)

    def of_gene(items: tuple[OfGene, ...]) -> tuple[OfGene, ...]:
        return tuple(replace(each, gene=ask(each.gene)) if each.gene else each for each in items)

    def of_pair(fusions: tuple[Fusion, ...]) -> tuple[Fusion, ...]:
        return tuple(
            replace(each, first=tuple(map(ask, each.first)), second=tuple(map(ask, each.second)))
            for each in fusions
        )

    return replace(
        profile,
        small_variants=tuple(
            replace(each, gene=ask(each.gene)) if each.gene and ask(each.gene) != each.gene else each
            for each in profile.small_variants
        ),
        copy_numbers=of_gene(profile.copy_numbers),
        exon_copy_numbers=of_gene(profile.exon_copy_numbers),
        losses_of_heterozygosity=of_gene(profile.losses_of_heterozygosity),
        splice_variants=of_gene(profile.splice_variants),
        fusions=of_pair(profile.fusions),
        fusion_candidates=of_pair(profile.fusion_candidates),
        covers={
            alteration: replace(each, genes=frozenset(map(ask, each.genes)))
            for alteration, each in profile.covers.items()
        },
    )
