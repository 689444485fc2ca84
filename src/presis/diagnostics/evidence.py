"""What the files of one specimen say about testing: which libraries exist, what was reported on."""

from __future__ import annotations

from collections.abc import Iterator

from presis.diagnostics.assay import NO_PANEL, Evidence
from presis.diagnostics.profile import Alteration, Assay, Msi, Tested, Tmb
from presis.diagnostics.readers.combined import Combined
from presis.diagnostics.readers.copy_vcf import EXON_KIND
from presis.diagnostics.readers.grouping import Draft
from presis.diagnostics.readers.pcgr import FUSIONS

#: which sections of a CombinedVariantOutput are about which alteration
_DNA_SECTIONS: tuple[tuple[Alteration, tuple[str, ...]], ...] = (
    (Alteration.SMALL_VARIANT, ("small variants",)),
    (Alteration.AMPLIFICATION, ("gene amplifications", "copy number variants")),
    (Alteration.DELETION, ("copy number variants",)),
    (Alteration.EXON_CNV, ("exon-level cnvs", "large rearrangements")),
    (Alteration.TMB, ("tmb",)),
    (Alteration.MSI, ("msi",)),
    (Alteration.HRD, ("gis",)),
    (Alteration.LOH, ("loss of heterozygosity", "gene-level loss of heterozygosity")),
)
_RNA_SECTIONS = ((Alteration.RNA_FUSION, "fusions"), (Alteration.SPLICE, "splice variants"))
_HRD_SECTIONS = frozenset({"gis", "loss of heterozygosity", "gene-level loss of heterozygosity"})


def assay_of(draft: Draft) -> Assay:
    """The test and its software, from the DNA's file first; assumed where no file tells."""
    files = sorted(draft.combined, key=lambda each: each.dna is None)
    if files:
        return files[0].assay
    if draft.table is not None:
        version = draft.table.localapp_version
        return Assay(
            name="TSO500",
            kind="tissue",
            software="localapp-2.x",
            software_version=version,
            software_assumed=version is None,
        )
    if draft.vcf and not draft.fusions:
        return _of_vcf(draft)
    dragen = any(each.caller == "DRAGEN" for file in draft.fusions for each in (*file.kept, *file.candidates))
    software = "dragen-2.6" if dragen else "localapp-2.x"
    return Assay(
        name="TSO500", kind="tissue", software=software, software_version=None, software_assumed=True
    )


def _of_vcf(draft: Draft) -> Assay:
    """DRAGEN's TSO500 files are known by their own fields; any other VCF names no panel."""
    tso500 = any(each.tso500 for each in draft.vcf.small) or bool(draft.vcf.splices)
    tso500 = tso500 or any(each.genes for each in draft.vcf.copies)
    if not tso500:
        return Assay(
            name=NO_PANEL, kind="tissue", software=None, software_version=None, software_assumed=True
        )
    return Assay(
        name="TSO500", kind="tissue", software="dragen-2.6", software_version=None, software_assumed=True
    )


def evidence_of(draft: Draft, tmb: Tmb | None, msi: Msi | None) -> Evidence:
    """Everything that tells tested from not tested."""
    without = {Alteration.TMB} if tmb is None or tmb.per_megabase is None else set()
    if msi is None or (msi.percent_unstable is None and msi.sum_jsd is None):
        without.add(Alteration.MSI)
    if not any(
        each.genomic_instability and each.genomic_instability.score is not None for each in draft.combined
    ):
        without.add(Alteration.HRD)
    return Evidence(
        dna=_dna(draft),
        rna=_rna(draft),
        reported=frozenset(_reported(draft)),
        without_value=frozenset(without),
        hrd_library=any(each.sections & _HRD_SECTIONS for each in draft.combined),
        unannotated=draft.vcf.unannotated is not None,
    )


def _dna(draft: Draft) -> Tested:
    if draft.vcf.small or draft.vcf.copies or draft.vcf.dna is not None:
        return Tested.YES
    if draft.dna is not None or draft.table is not None or any(map(_has_dna_data, draft.combined)):
        return Tested.YES
    stated = any({"dna sample id", "sample id"} & each.stated for each in draft.combined)
    return Tested.NO if stated else Tested.UNKNOWN


def _has_dna_data(file: Combined) -> bool:
    return file.dna is not None or bool(file.tmb or file.small_variants or file.copy_numbers)


def _rna(draft: Draft) -> Tested:
    """An RNA library exists if a file names one; it doesn't if a file that would name it has none."""
    if draft.vcf.splices or any(each.fusions for each in draft.vcf.pcgr):
        return Tested.YES
    if draft.rna is not None or draft.fusions or any(_has_rna_data(each) for each in draft.combined):
        return Tested.YES
    stated = any("rna sample id" in each.stated for each in draft.combined)
    return Tested.NO if stated or draft.sample_list is not None else Tested.UNKNOWN


def _has_rna_data(file: Combined) -> bool:
    return file.assay.kind == "tissue" and bool(file.fusions or file.splice_variants)


def _reported(draft: Draft) -> Iterator[Alteration]:
    for file in draft.combined:
        if _has_dna_data(file):
            yield from (each for each, names in _DNA_SECTIONS if file.sections & set(names))
            if file.assay.kind == "ctdna" and file.sections & {"dna fusions", "fusions"}:
                yield Alteration.DNA_FUSION
        if file.rna is not None or _has_rna_data(file):
            yield from (each for each, name in _RNA_SECTIONS if name in file.sections)
    if draft.table is not None:
        yield Alteration.SMALL_VARIANT
    if draft.fusions:
        yield Alteration.RNA_FUSION
    yield from _reported_in_vcf(draft)
    for _, _, acid in draft.summary:
        if acid == "DNA":
            yield from (Alteration.AMPLIFICATION, Alteration.TMB, Alteration.MSI)
        else:
            yield from (Alteration.RNA_FUSION, Alteration.SPLICE)


def _reported_in_vcf(draft: Draft) -> Iterator[Alteration]:
    if draft.vcf.annotated is not None:
        yield Alteration.SMALL_VARIANT
    for file in draft.vcf.copies:
        if file.file.kind == EXON_KIND:
            yield Alteration.EXON_CNV
        elif file.genes:
            yield from (Alteration.AMPLIFICATION, Alteration.DELETION)
    if draft.vcf.splices:
        yield Alteration.SPLICE
    if any(each.file.kind == FUSIONS for each in draft.vcf.pcgr):
        yield Alteration.RNA_FUSION
