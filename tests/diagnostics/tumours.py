"""Invented tumours for tests: said in a few words, everything tested unless said otherwise."""

from __future__ import annotations

from dataclasses import replace

from presis.diagnostics.hgvs import parse_protein
from presis.diagnostics.interpretation import Interpretation, Interpreter
from presis.diagnostics.profile import (
    GENOME_WIDE,
    Alteration,
    Assay,
    CopyNumber,
    Covers,
    ExonCopyNumber,
    Fusion,
    GenomeBuild,
    MolecularProfile,
    Msi,
    PopulationFrequency,
    SmallVariant,
    Specimen,
    SpliceVariant,
    Tested,
    Tmb,
)
from presis.diagnostics.variant_facts import consequences_of
from presis.knowledge import load_library

PANEL = frozenset(
    [
        "BRAF",
        "KRAS",
        "NRAS",
        "TP53",
        "EGFR",
        "ERBB2",
        "PIK3CA",
        "MET",
        "ALK",
        "ROS1",
        "RET",
        "NTRK1",
        "NTRK2",
        "NTRK3",
        "BRCA1",
        "BRCA2",
        "IDH1",
        "FGFR2",
        "PTEN",
        "AKT1",
        "AR",
    ]
)


def variant(gene: str, change: str, *, fraction: float = 0.3, depth: int = 600, exon: str | None = None,
            absent: bool = True) -> SmallVariant:  # fmt: skip
    protein = parse_protein(change)
    assert protein is not None
    return SmallVariant(
        gene=gene, chromosome="1", position=1000, ref="A", alt="T", protein=protein.long,
        protein_short=protein.short, consequences=tuple(consequences_of(protein, None)), exon=exon, depth=depth,
        allele_fraction=fraction, population=PopulationFrequency(by_population={}, source="test") if absent else None,
    )  # fmt: skip


def all_but(**states: Tested) -> dict[Alteration, Covers]:
    """Everything tested in the panel's genes, but for what is named: `rna_fusion=Tested.NO`."""
    out = {}
    for alteration in Alteration:
        state = states.get(alteration.value, Tested.YES)
        genes = frozenset() if alteration in GENOME_WIDE else PANEL
        out[alteration] = Covers(
            state=state, genes=genes, reason="assayed" if state is Tested.YES else "no_rna"
        )
    return out


def without_protein(gene: str, consequence: str, exon: str | None = None) -> SmallVariant:
    """A change whose protein the file doesn't tell."""
    whole = variant(gene, "V600E", exon=exon)
    return replace(whole, protein=None, protein_short=None, consequences=(consequence,))


def amplified(gene: str, fold: float = 4.0) -> CopyNumber:
    return CopyNumber(gene=gene, kind=Alteration.AMPLIFICATION, fold_change=fold)


def deleted(gene: str) -> CopyNumber:
    return CopyNumber(gene=gene, kind=Alteration.DELETION, fold_change=0.3)


def exons_lost(gene: str) -> ExonCopyNumber:
    return ExonCopyNumber(
        gene=gene, change="loss", exons="9-12", chromosome="17", start=1, end=2, fold_change=0.5
    )


def fused(first: str, second: str) -> Fusion:
    return Fusion(
        first=(first,), second=(second,), order_known=True, reported=f"{first}-{second}", breakpoint_first=None,
        breakpoint_second=None, method=Alteration.RNA_FUSION, supporting_reads=50,
    )  # fmt: skip


def spliced(gene: str, name: str) -> SpliceVariant:
    return SpliceVariant(
        gene=gene, name=name, exons=None, breakpoint_first=None, breakpoint_second=None, supporting_reads=40,
        reference_reads=2,
    )  # fmt: skip


def tumour(
    *variants: SmallVariant,
    covers: dict[Alteration, Covers] | None = None,
    copies: tuple[CopyNumber, ...] = (),
    fusions: tuple[Fusion, ...] = (),
    exons: tuple[ExonCopyNumber, ...] = (),
    splice: tuple[SpliceVariant, ...] = (),
    msi: float | None = 2.0,
    usable: int = 120,
    tmb: float | None = 4.0,
    code: str | None = "COADREAD",
) -> MolecularProfile:
    return MolecularProfile(
        sample="T-1",
        dna_sample="T-1-D01",
        rna_sample="T-1-R01",
        build=GenomeBuild.GRCH37,
        assay=Assay(name="TSO500", kind="tissue", software="dragen-2.6", software_version="2.6.2.4"),
        specimen=Specimen(pseudonym="P-1", tumour=code, invented=True),
        covers=covers or all_but(),
        small_variants=variants,
        copy_numbers=copies,
        fusions=fusions,
        exon_copy_numbers=exons,
        splice_variants=splice,
        msi=None
        if msi is None
        else Msi(percent_unstable=msi, unstable_sites=round(msi * usable / 100), usable_sites=usable),
        tmb=None if tmb is None else Tmb(per_megabase=tmb, eligible_variants=round(tmb * 1.3), megabases=1.3),
    )


def interpret(profile: MolecularProfile, code: str | None = None) -> Interpretation:
    if code is not None:
        profile = replace(profile, specimen=replace(profile.specimen, tumour=code))
    return Interpreter(load_library()).interpret(profile)
