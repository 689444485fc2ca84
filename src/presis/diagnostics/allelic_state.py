"""What became of both alleles of a suppressor gene, and if that isn't known, why and what would tell.

Two truncating variants may lie on one allele: only phasing tells. A call of lost heterozygosity (beta)
or of a deletion (validated little) suggests and doesn't settle. The states are a closed vocabulary,
`tumour_reading.AllelicKind`; `both_lost` answers a criterion three-valued.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from presis.diagnostics.expected_fractions import (
    Span,
    germline_spans,
    observed,
    somatic_spans,
    states,
    touches,
)
from presis.diagnostics.profile import Alteration, ExonCopyNumber, MolecularProfile
from presis.diagnostics.profile_places import phase_between
from presis.diagnostics.tumour_content import copies_for, diploid
from presis.diagnostics.tumour_reading import (
    AllelicKind,
    AllelicState,
    Origin,
    OriginKind,
    TumourContent,
)
from presis.diagnostics.variant_fit import acts
from presis.methods.reasons import Reason, Value
from presis.methods.rules import Truth

if TYPE_CHECKING:
    from presis.diagnostics.findings import ClassifiedVariant

#: Pairs of variants, by their ids, that reads or a relative's test show on one allele or on two.
Phases = Mapping[frozenset[str], str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the state of a gene is read from, beside its variants."""

    profile: MolecularProfile
    content: TumourContent
    origins: Mapping[str, Origin]
    phases: Phases = field(default_factory=dict)
    most_copies: Mapping[str, int] = field(default_factory=dict)


def allelic_state(gene: str, variants: Sequence[ClassifiedVariant], known: Known) -> AllelicState | None:
    """The state of a gene; None where nothing of it was hit."""
    hits = [each for each in variants if acts(each) is not Truth.NO]
    gone = _deleted(gene, known, seen=bool(hits))
    if not hits:
        return gone or _exon_loss_alone(gene, known)
    found: list[AllelicState | None] = [_with_loss(gene, each, known) for each in hits]
    found += [_with_exon_loss(gene, each, known) for each in hits]
    found.append(gone)
    if len(hits) > 1:
        found.append(_two(gene, hits, known))
    told = [each for each in found if each is not None]
    sure = [each for each in told if each.both_lost is Truth.YES]
    named = [each for each in told if each.kind is not AllelicKind.UNKNOWN]
    best = (sure or named or told)[0]
    if best.kind is not AllelicKind.UNKNOWN:
        return best
    return _joined(gene, told)


def _joined(gene: str, told: Sequence[AllelicState]) -> AllelicState:
    """Every reason for which a state is unknown, each once."""
    reasons = {(r.code, tuple(r.values.items())): r for each in told for r in each.reasons}
    settled = {(r.code, tuple(r.values.items())): r for each in told for r in each.settled_by}
    evidence = dict.fromkeys(ident for each in told for ident in each.evidence)
    return _unknown(gene, tuple(reasons.values()), tuple(settled.values()), tuple(evidence))


def _unknown(
    gene: str, reasons: tuple[Reason, ...], settled: tuple[Reason, ...], evidence: tuple[str, ...]
) -> AllelicState:
    return AllelicState(gene, AllelicKind.UNKNOWN, Truth.UNKNOWN, reasons, settled, evidence)


# Deletions


def _deleted(gene: str, known: Known, *, seen: bool) -> AllelicState | None:
    """A deletion call: of both copies, of one, or not told apart; it wants confirming always."""
    for index, call in enumerate(known.profile.copy_numbers):
        if call.gene != gene or call.kind is not Alteration.DELETION:
            continue
        evidence = (f"cn:{index}",)
        confirm = (Reason.of("settle.confirm-deletion", gene=gene),)
        said = Reason.of("allelic.deletion-unconfirmed", gene=gene)
        if seen:  # some of the gene is still there, so one allele at most is gone from these cells
            why = (Reason.of("allelic.deletion-and-variant", gene=gene), said)
            return AllelicState(gene, AllelicKind.OTHER_ALLELE_LOST, Truth.UNKNOWN, why, confirm, evidence)
        copies = copies_for(gene, call.fold_change, known.profile.specimen)
        if copies.best is None:
            why = (Reason.of(f"allelic.{copies.why}", gene=gene), said)
            return _unknown(gene, why, confirm, evidence)
        if copies.high is not None and copies.high < 1:
            why = (Reason.of("allelic.no-copies", gene=gene, high=round(copies.high, 1)), said)
            return AllelicState(gene, AllelicKind.HOMOZYGOUS_DELETION, Truth.UNKNOWN, why, confirm, evidence)
        low, high = round(copies.low or 0.0, 1), round(copies.high or 0.0, 1)
        why = (Reason.of("allelic.one-or-both", gene=gene, low=low, high=high), said)
        return _unknown(gene, why, confirm, evidence)
    return None


def _exon_losses(gene: str, known: Known) -> list[tuple[str, ExonCopyNumber]]:
    calls = enumerate(known.profile.exon_copy_numbers)
    return [(f"ec:{index}", call) for index, call in calls if call.gene == gene and call.change == "loss"]


def _exon_loss_alone(gene: str, known: Known) -> AllelicState | None:
    losses = _exon_losses(gene, known)
    if not losses:
        return None
    confirm = (Reason.of("settle.confirm-deletion", gene=gene),)
    why = (Reason.of("allelic.exon-loss", gene=gene),)
    return _unknown(gene, why, confirm, tuple(ident for ident, _ in losses))


def _with_exon_loss(gene: str, each: ClassifiedVariant, known: Known) -> AllelicState | None:
    """A variant and a loss of exons: on two alleles if the variant lies where the exons are lost."""
    for ident, loss in _exon_losses(gene, known):
        confirm = (Reason.of("settle.confirm-deletion", gene=gene),)
        evidence = (each.id, ident)
        if (
            loss.start is not None
            and loss.end is not None
            and (loss.start <= each.variant.position <= loss.end)
        ):
            why = (Reason.of("allelic.within-exon-loss", finding=each.variant.label),)
            return AllelicState(gene, AllelicKind.TWO_HITS, Truth.UNKNOWN, why, confirm, evidence)
        return _unknown(gene, (Reason.of("allelic.exon-loss-unphased", gene=gene),), confirm, evidence)
    return None


# Two variants


def _two(gene: str, hits: Sequence[ClassifiedVariant], known: Known) -> AllelicState:
    evidence = tuple(each.id for each in hits)
    pairs = [(one, other) for place, one in enumerate(hits) for other in hits[place + 1 :]]
    phases = [_phase(one, other, known.phases) for one, other in pairs]
    names = ", ".join(each.variant.label for each in hits)
    certain = [
        acts(one) is acts(other) is Truth.YES and not _of_blood(one, known) and not _of_blood(other, known)
        for one, other in pairs
    ]
    if "trans" in phases:
        place = phases.index("trans")
        truth = Truth.YES if certain[place] else Truth.UNKNOWN
        settled = () if certain[place] else (Reason.of("settle.class", gene=gene),)
        why = (Reason.of("allelic.trans", finding=names),)
        return AllelicState(gene, AllelicKind.TWO_HITS, truth, why, settled, evidence)
    if all(phase == "cis" for phase in phases):
        return _unknown(
            gene,
            (Reason.of("allelic.cis", finding=names),),
            (Reason.of("settle.other-allele", gene=gene),),
            evidence,
        )
    return _unknown(
        gene,
        (Reason.of("allelic.not-phased", finding=names),),
        (Reason.of("settle.phase", gene=gene),),
        evidence,
    )


def _phase(one: ClassifiedVariant, other: ClassifiedVariant, phases: Phases) -> str | None:
    """`cis`, `trans`, or None: not known. By a tag on the same reads, by others, or by the caller's phase."""
    if one.variant.mnv is not None and one.variant.mnv == other.variant.mnv:
        return "cis"
    told = phases.get(frozenset({one.id, other.id}))
    return told or phase_between(one.variant.phase, other.variant.phase)


def _of_blood(each: ClassifiedVariant, known: Known) -> bool:
    origin = known.origins.get(each.id)
    return origin is not None and origin.kind is OriginKind.POSSIBLE_CH


# One variant and the loss of the other allele


def _with_loss(gene: str, each: ClassifiedVariant, known: Known) -> AllelicState:
    """Whether the fraction of one variant can only be explained by the other allele's loss."""
    loss = next((c for c in known.profile.losses_of_heterozygosity if c.gene == gene), None)
    called = loss is not None and loss.minor_copies == 0
    evidence = (each.id,)
    settled: tuple[Reason, ...] = (Reason.of("settle.other-allele", gene=gene),)
    beta = (Reason.of("allelic.loh-beta", gene=gene),) if called else ()
    seen = observed(each.variant)
    if known.profile.assay.kind == "ctdna" or seen is None:
        return _unknown(gene, (Reason.of("allelic.no-fraction", gene=gene), *beta), settled, evidence)
    if not diploid(known.profile.specimen, gene, each.variant.chromosome):
        return _unknown(gene, (Reason.of("allelic.sex-chromosome", gene=gene), *beta), settled, evidence)
    if not known.content.known:
        settled = (Reason.of("origin.settle-content"), *settled)
        return _unknown(gene, (Reason.of("allelic.no-content", gene=gene), *beta), settled, evidence)
    if _of_blood(each, known):
        settled = (Reason.of("origin.settle-leucocytes"), *settled)
        return _unknown(gene, (Reason.of("allelic.of-blood", finding=each.variant.label),), settled, evidence)
    values: dict[str, Value] = {
        "finding": each.variant.label,
        "fraction": each.variant.allele_fraction or 0.0,
        "low": known.content.low,
        "high": known.content.high,
    }
    another, lost = _explained(each, known, heterozygous_only=False)
    helped = False
    if another and called:  # the call speaks against gains; a call in beta suggests, and no more
        another, lost = _explained(each, known, heterozygous_only=True)
        helped = True
    if another or not lost:
        code = "allelic.fraction-retained" if another else "allelic.fraction-unexplained"
        return _unknown(gene, (Reason(code, values), *beta), settled, evidence)
    if loss is not None and (loss.minor_copies or 0) > 0:
        return _unknown(gene, (Reason("allelic.loh-contradicts", values),), settled, evidence)
    code = "allelic.fraction-with-call" if helped else "allelic.fraction-lost"
    if acts(each) is not Truth.YES:
        settled, helped = (Reason.of("settle.class", gene=gene),), True
    return AllelicState(
        gene,
        AllelicKind.OTHER_ALLELE_LOST,
        Truth.UNKNOWN if helped else Truth.YES,
        (Reason(code, values), *beta),
        settled if helped else (),
        evidence,
    )


def _explained(each: ClassifiedVariant, known: Known, *, heterozygous_only: bool) -> tuple[bool, bool]:
    """Whether the fraction fits another allele being there, and its being lost, by any possible origin.

    A caller's loss of heterozygosity beside it rules out gains, so that only two copies with one
    mutated stand against it.
    """
    seen = observed(each.variant)
    if seen is None:
        return True, False
    most = known.most_copies.get(each.variant.gene or "", 0)
    there = ((2, 1),) if heterozygous_only else states("one_copy_states", most)
    gone = states("lost_states")
    origin = known.origins.get(each.id)
    proven = origin.kind if origin is not None and origin.proven else None
    spans_there: list[Span] = []
    spans_gone: list[Span] = []
    if proven is not OriginKind.LIKELY_GERMLINE:
        spans_there += somatic_spans(known.content, there)
        spans_gone += somatic_spans(known.content, gone)
    if proven is not OriginKind.SOMATIC:
        spans_there += germline_spans(known.content, there)
        spans_gone += germline_spans(known.content, gone)
    retained, lost = touches(seen, spans_there), touches(seen, spans_gone)
    if lost and not heterozygous_only and proven is not OriginKind.SOMATIC:
        # an inherited variant whose own copy the tumour lost leaves the whole allele there
        retained |= touches(seen, germline_spans(known.content, states("germline_lower_states")))
    return retained, lost
