"""Leaves on alterations and markers: the questions that actionability and eligibility ask of a tumour.

Each leaf is computed from what was found and what was covered: not tested is not the same as not
found. The vocabulary that builds them: `biomarkers`. Three-valued throughout; an unknown says what
would settle it. One function per leaf; `ask` answers any of them with reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from presis.diagnostics.both_alleles import both_lost
from presis.diagnostics.content_answers import near_limit, with_content
from presis.diagnostics.findings import Findings
from presis.diagnostics.position_coverage import by_position
from presis.diagnostics.profile import Alteration
from presis.diagnostics.variant_fit import (
    SmallVariantIs,
    acts,
    at_codons,
    fits,
    in_doubt,
    may_change,
    was_studied,
)
from presis.diagnostics.wild_type import by_coverage
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Truth


@dataclass(frozen=True, slots=True)
class CopyNumberIs:
    """A gene amplified, or deleted, as the caller says."""

    gene: str
    kind: Alteration


@dataclass(frozen=True, slots=True)
class ExonLossIs:
    """Whole exons of a gene lost; in frame or not isn't told, so it wants confirming and classifying."""

    gene: str


@dataclass(frozen=True, slots=True)
class FusionIs:
    """A fusion with one of `genes` at either end, whatever the partner; or these two together."""

    genes: frozenset[str]
    both: bool = False


@dataclass(frozen=True, slots=True)
class SpliceIs:
    """A splice variant of a gene, by its usual name (`exon 14 skipping`, `AR-V7`)."""

    gene: str
    name: str


@dataclass(frozen=True, slots=True)
class TmbAtLeast:
    """Tumour mutational burden, mutations per megabase."""

    per_megabase: float


@dataclass(frozen=True, slots=True)
class MsiIs:
    """Microsatellite instability by class."""

    classes: frozenset[str]


@dataclass(frozen=True, slots=True)
class WildType:
    """No activating change at the codons that the drug's label names."""

    genes: tuple[str, ...]
    codons: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ListNotHeld:
    """A change from a list that the label or its test holds and this programme doesn't.

    Any that acts may be on it, also a deletion or a fusion; with `any_change`, any residue changed.
    """

    genes: tuple[str, ...]
    what: str
    any_change: bool = False


@dataclass(frozen=True, slots=True)
class BiallelicLoss:
    """Both alleles of a gene lost, in whatever way."""

    gene: str


@dataclass(frozen=True, slots=True)
class GisReported:
    """The caller gave a genomic instability score; no cut-off is held, so it settles nothing alone."""


@dataclass(frozen=True, slots=True)
class OtherTest:
    """Something that this kind of test can't show (protein, germline, disease); `test` names what does.

    `suggested_by` are leaves whose finding points to it without replacing it, `contradicted_by` those
    whose finding speaks against it.
    """

    marker: str
    test: str
    suggested_by: tuple[CopyNumberIs | MsiIs | GisReported, ...] = ()
    contradicted_by: tuple[CopyNumberIs, ...] = ()


Criterion = (
    SmallVariantIs
    | CopyNumberIs
    | ExonLossIs
    | FusionIs
    | SpliceIs
    | TmbAtLeast
    | MsiIs
    | WildType
    | ListNotHeld
    | BiallelicLoss
    | GisReported
    | OtherTest
)


def describe(leaf: Criterion) -> str:
    """What a leaf looks for, in a few words of the field: `KRAS p.G12C`, `ALK fusion`."""
    match leaf:
        case SmallVariantIs(gene=gene):
            codons = f"codons {leaf.codons[0]}-{leaf.codons[1]}" if leaf.codons else ""
            if leaf.codons and leaf.codons[0] == leaf.codons[1]:
                codons = f"codon {leaf.codons[0]}"
            place = f"exon {leaf.exon}" if leaf.exon else codons
            kinds = " ".join(sorted(leaf.kinds - {"any"})).replace("_", " ")
            what = " ".join(filter(None, (", ".join(sorted(leaf.proteins)), place, kinds)))
            return f"{gene} {what or 'oncogenic variant'}" + (" (oncogenic)" if what and leaf.classes else "")
        case CopyNumberIs(gene=gene, kind=kind):
            return f"{gene} {kind.value}"
        case ExonLossIs(gene=gene):
            return f"{gene} exon loss"
        case FusionIs(genes=genes):
            return f"{'/'.join(sorted(genes))} fusion"
        case SpliceIs(gene=gene, name=name):
            return f"{gene} {name}"
        case BiallelicLoss(gene=gene):
            return f"{gene} bi-allelic loss"
        case ListNotHeld(genes=genes):
            return f"{'/'.join(genes)} variant on the label's list"
        case _:
            return type(leaf).__name__


def ask(leaf: Criterion, findings: Findings) -> Answer:
    """Answer one leaf for one tumour, with reasons, evidence, and what would settle an unknown."""
    return with_content(_ask(leaf, findings), findings)


def _ask(leaf: Criterion, findings: Findings) -> Answer:
    match leaf:
        case SmallVariantIs():
            return _small_variant(leaf, findings)
        case CopyNumberIs():
            return _copy_number(leaf, findings)
        case ExonLossIs():
            return _exon_loss(leaf, findings)
        case FusionIs():
            return _fusion(leaf, findings)
        case SpliceIs():
            return _splice(leaf, findings)
        case TmbAtLeast():
            return _tmb(leaf, findings)
        case MsiIs():
            return _msi(leaf, findings)
        case WildType():
            return _wild_type(leaf, findings)
        case ListNotHeld():
            return _list_not_held(leaf, findings)
        case BiallelicLoss(gene=gene):
            return both_lost(gene, findings)
        case GisReported() | OtherTest():
            return _beyond(leaf, findings)
        case _:
            assert_never(leaf)


def _small_variant(leaf: SmallVariantIs, findings: Findings) -> Answer:
    judged = [(each, fits(leaf, each)) for each in findings.by_gene.get(leaf.gene, ())]
    code = "settle.germline" if leaf.germline_only else "settle.rna" if leaf.unsure else "settle.class"
    answer = _best(
        [(each.id, each.variant.label, truth) for each, truth in judged],
        findings.covered(Alteration.SMALL_VARIANT, leaf.gene),
        leaf.gene,
        "small_variant",
        unclear=Reason.of(code, gene=leaf.gene),
    )
    if answer.evidence:
        return answer
    doubtful = [e for e in findings.doubtful.get(leaf.gene, ()) if fits(leaf, e) is not Truth.NO]
    return in_doubt(doubtful, leaf.gene) if doubtful else by_position(answer, leaf, findings)


def _best(
    judged: Sequence[tuple[str, str, Truth]], covered: Truth, gene: str, method: str, unclear: Reason
) -> Answer:
    """The best of the findings, or what the coverage says if none fits."""
    best = max((truth for _, _, truth in judged), default=Truth.NO)
    if best is not Truth.NO:
        hits = [(ident, label) for ident, label, truth in judged if truth is best]
        reason = Reason.of(f"found.{best.word}", finding=", ".join(label for _, label in hits))
        settled = (unclear,) if best is Truth.UNKNOWN else ()
        return Answer(best, (reason,), settled, tuple(ident for ident, _ in hits))
    if covered is Truth.YES:
        return Answer(Truth.NO, (Reason.of("covered.not-found", gene=gene, method=method),))
    word = "unknown" if covered is Truth.UNKNOWN else "not-tested"
    return Answer(
        Truth.UNKNOWN,
        (Reason.of(f"covered.{word}", gene=gene, method=method),),
        (Reason.of("settle.test", gene=gene, method=method),),
    )


def _copy_number(leaf: CopyNumberIs, findings: Findings) -> Answer:
    # a deletion is called from few reads and was validated little: it wants confirming
    found = Truth.YES if leaf.kind is Alteration.AMPLIFICATION else Truth.UNKNOWN
    judged = [
        (f"cn:{index}", f"{each.gene} {each.kind}", found)
        for index, each in enumerate(findings.profile.copy_numbers)
        if each.gene == leaf.gene and each.kind is leaf.kind
    ]
    confirm = Reason.of("settle.confirm-deletion", gene=leaf.gene)
    return _best(judged, findings.covered(leaf.kind, leaf.gene), leaf.gene, leaf.kind.value, confirm)


def _exon_loss(leaf: ExonLossIs, findings: Findings) -> Answer:
    judged = [
        (f"ec:{index}", f"{each.gene} exon {each.exons or '?'} loss", Truth.UNKNOWN)
        for index, each in enumerate(findings.profile.exon_copy_numbers)
        if each.gene == leaf.gene and each.change == "loss"
    ]
    confirm = Reason.of("settle.confirm-deletion", gene=leaf.gene)
    return _best(judged, findings.covered(Alteration.EXON_CNV, leaf.gene), leaf.gene, "exon_cnv", confirm)


def _fusion(leaf: FusionIs, findings: Findings) -> Answer:
    def fits(genes: Iterable[str]) -> bool:
        return leaf.genes <= set(genes) if leaf.both else not leaf.genes.isdisjoint(genes)

    judged = [
        (f"fu:{index}", each.label, Truth.YES)
        for index, each in enumerate(findings.profile.fusions)
        if fits(each.genes)
    ]
    # either end is enough, and a test that looks at one of two partners sees the fusion
    looked = [
        findings.covered(method, gene)
        for method in (Alteration.RNA_FUSION, Alteration.DNA_FUSION)
        for gene in leaf.genes
    ]
    names = "/".join(sorted(leaf.genes))
    return _best(judged, max(looked), names, "fusion", Reason.of("settle.class", gene=names))


def _splice(leaf: SpliceIs, findings: Findings) -> Answer:
    judged = [
        (
            f"sp:{index}",
            f"{each.gene} {each.name or each.exons or 'splice variant'}",
            Truth.UNKNOWN if each.name is None else Truth.YES,  # which one it is, the file may not tell
        )
        for index, each in enumerate(findings.profile.splice_variants)
        if each.gene == leaf.gene and (each.name is None or leaf.name in each.name)
    ]
    unclear = Reason.of("settle.class", gene=leaf.gene)
    return _best(judged, findings.covered(Alteration.SPLICE, leaf.gene), leaf.gene, "splice", unclear)


def _tmb(leaf: TmbAtLeast, findings: Findings) -> Answer:
    tmb, marker = findings.profile.tmb, findings.tmb
    rate = None if tmb is None else tmb.per_megabase
    met = rate is not None and rate >= leaf.per_megabase
    if rate is None or marker.name is None:  # with few tumour cells it is shown what the rate would open
        shown = ("tmb",) if marker.at_least and met else ()
        return Answer(Truth.UNKNOWN, (marker.reason,), (Reason.of("settle.tmb"),), shown)
    reasons: tuple[Reason, ...] = (Reason.of("tmb.compared", rate=rate, limit=leaf.per_megabase),)
    if (near := near_limit(marker, leaf.per_megabase)) is not None:
        reasons = (*reasons, near)
    return Answer(Truth.YES if met else Truth.NO, reasons, (), ("tmb",) if met else ())


def _msi(leaf: MsiIs, findings: Findings) -> Answer:
    name = findings.msi.name
    if name is None:
        would = findings.msi.by_value == "unstable" and "unstable" in leaf.classes
        shown = ("msi",) if findings.msi.at_least and would else ()
        return Answer(Truth.UNKNOWN, (findings.msi.reason,), (Reason.of("settle.msi"),), shown)
    if name == "borderline":
        return Answer(Truth.UNKNOWN, (findings.msi.reason,), (Reason.of("settle.msi"),), ("msi",))
    met = name in leaf.classes
    return Answer(Truth.YES if met else Truth.NO, (findings.msi.reason,), (), ("msi",) if met else ())


def _wild_type(leaf: WildType, findings: Findings) -> Answer:
    """Unknown where nothing was found, unless depth at those codons is told, or accepted by a rule."""
    worst, hits = Truth.YES, []
    for gene in leaf.genes:
        for each in findings.by_gene.get(gene, ()):
            inside = max((at_codons(each, codons) for codons in leaf.codons), default=Truth.YES)
            active = acts(each)
            truth = Truth(2 - min(inside, active))
            if truth is not Truth.YES:
                hits.append(each.variant.label)
            worst = min(worst, truth)
    genes = "/".join(leaf.genes)
    if hits:
        reason = Reason.of("wild-type.mutated", genes=genes, finding=", ".join(hits))
        return Answer(
            worst, (reason,), (Reason.of("settle.class", gene=genes),) if worst is Truth.UNKNOWN else ()
        )
    return by_coverage(findings, leaf.genes, leaf.codons)


def _list_not_held(leaf: ListNotHeld, findings: Findings) -> Answer:
    kept = [each for gene in leaf.genes for each in findings.by_gene.get(gene, ())]
    hits = [
        (each.id, each.variant.label)
        for each in kept
        if acts(each) is not Truth.NO or was_studied(each) or (leaf.any_change and may_change(each))
    ]
    profile = findings.profile
    for index, call in enumerate(profile.copy_numbers):
        if call.gene in leaf.genes and call.kind is Alteration.DELETION:
            hits.append((f"cn:{index}", f"{call.gene} {call.kind}"))
    for index, fusion in enumerate(profile.fusions):
        if not leaf.any_change and not set(leaf.genes).isdisjoint(fusion.genes):
            hits.append((f"fu:{index}", fusion.label))
    if hits:
        return Answer(
            Truth.UNKNOWN,
            (
                Reason.of(
                    "list-not-held.found", finding=", ".join(label for _, label in hits), what=leaf.what
                ),
            ),
            (Reason.of("settle.label-list", what=leaf.what),),
            tuple(ident for ident, _ in hits),
        )
    left_out = (each for gene in leaf.genes for each in findings.doubtful.get(gene, ()))
    if doubtful := [each for each in left_out if acts(each) is not Truth.NO]:
        return in_doubt(doubtful, "/".join(dict.fromkeys(e.variant.gene or "" for e in doubtful)))
    if leaf.genes and all(findings.covered(Alteration.SMALL_VARIANT, g) is Truth.YES for g in leaf.genes):
        return Answer(
            Truth.NO, (Reason.of("covered.not-found", gene="/".join(leaf.genes), method="small_variant"),)
        )
    what = "/".join(leaf.genes) or leaf.what
    return Answer(
        Truth.UNKNOWN,
        (Reason.of("covered.not-tested", gene=what, method="small_variant"),),
        (Reason.of("settle.test", gene=what, method="small_variant"),),
    )


def _beyond(leaf: GisReported | OtherTest, findings: Findings) -> Answer:
    """What this kind of test doesn't settle."""
    if isinstance(leaf, OtherTest):
        return _other_test(leaf, findings)
    found = (gis := findings.profile.genomic_instability) is not None and gis.score is not None
    return Answer(Truth.YES if found else Truth.NO, (), (), ("gis",) if found else ())


def _other_test(leaf: OtherTest, findings: Findings) -> Answer:
    evidence = tuple(
        ident
        for each in leaf.suggested_by
        if (answer := ask(each, findings)).truth is Truth.YES
        for ident in answer.evidence
    )
    against = any(ask(each, findings).truth is Truth.YES for each in leaf.contradicted_by)
    word = "contradicted" if against else "suggested" if evidence else "not-shown"
    return Answer(
        Truth.UNKNOWN,
        (Reason.of(f"other-test.{word}", marker=leaf.marker),),
        (Reason.of("settle.other-test", test=leaf.test, marker=leaf.marker),),
        evidence,
    )
