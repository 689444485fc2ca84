"""The origin of a small variant: the tumour's own, perhaps inherited, perhaps of blood, or unclear.

A tumour alone can suggest it, never prove it; a matched normal or blood can. Callers' words are hints.
Lists, limits and their sources: `rules/variant_origin.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from presis.diagnostics.expected_fractions import (
    Span,
    germline_spans,
    observed,
    predisposition_genes,
    rules,
    somatic_spans,
    states,
    touches,
)
from presis.diagnostics.profile import SmallVariant
from presis.diagnostics.tumour_reading import FractionFits, Origin, OriginKind, TumourContent
from presis.diagnostics.variant_facts import VariantFacts
from presis.methods.reasons import Reason

Place = tuple[str, int, str, str]


def place_of(variant: SmallVariant) -> Place:
    """Where it lies, and what it changes."""
    return variant.chromosome, variant.position, variant.ref, variant.alt


@dataclass(frozen=True, slots=True)
class Normal:
    """What a matched normal or an earlier blood sample showed: the fraction at each variant seen there.

    `genes`: those tested in it. A variant that isn't among `seen` is absent only in these.
    """

    seen: Mapping[Place, float | None] = field(default_factory=dict)
    genes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a variant is held against: the tumour's content, the assay's kind, copies, a normal.

    `diploid`: normal cells hold two copies; on a man's sex chromosomes they don't.
    """

    content: TumourContent
    plasma: bool = False
    copies: Mapping[str, int] = field(default_factory=dict)
    normal: Normal | None = None
    diploid: bool = True


def origin_of(variant: SmallVariant, facts: VariantFacts | None, around: Surroundings) -> Origin:
    """The origin that the evidence suggests, with every reason that was weighed."""
    fits = fraction_fits(variant, around)
    reasons = [*_of_fraction(variant, fits, around), *_of_files(variant)]
    by_normal = _of_own_normal(variant) or _of_normal(variant, around.normal)
    if by_normal is not None:
        kind, reason = by_normal
        settled = () if kind is not OriginKind.POSSIBLE_CH else (Reason.of("origin.settle-leucocytes"),)
        return Origin(kind, fits, (reason, *reasons), settled, proven=kind is not OriginKind.POSSIBLE_CH)
    half = _suspicious_half(variant, facts, around)
    blood = _blood(variant, around)
    hints = _hints(variant)
    kind = _kind(fits, half, blood, hints)
    first = [each for each in (half, blood) if each is not None]
    if kind is OriginKind.UNCLEAR and not {"hint_germline", "hint_somatic"}.isdisjoint(hints):
        first.append(Reason.of("origin.hint-alone"))
    return Origin(kind, fits, (*first, *reasons), _settled(kind, fits, around))


def _kind(fits: FractionFits, half: Reason | None, blood: Reason | None, hints: frozenset[str]) -> OriginKind:
    """The first that applies; an inherited variant taken for the tumour's own is the worse mistake."""
    if half is not None or "likely_germline" in hints or fits is FractionFits.GERMLINE:
        return OriginKind.LIKELY_GERMLINE
    if blood is not None or "possible_ch" in hints:
        return OriginKind.POSSIBLE_CH
    if fits is FractionFits.SOMATIC and "hint_germline" not in hints:
        return OriginKind.SOMATIC
    return OriginKind.UNCLEAR


def fraction_fits(variant: SmallVariant, around: Surroundings) -> FractionFits:
    """Which origins explain the allele fraction at this share of tumour cells."""
    seen = observed(variant)
    if seen is None or around.plasma or not around.content.known or not around.diploid:
        return FractionFits.NOT_READABLE
    most = around.copies.get(variant.gene or "", 0)
    # a somatic variant of some tumour cells only gives anything below what all of them would
    somatic = seen[0] <= max(
        high for _, high in somatic_spans(around.content, states("somatic_states", most))
    )
    inherited = states("germline_states", most)
    if variant.gene in predisposition_genes():  # where missing an inherited one would be the worse mistake
        inherited += states("germline_lower_states")
    germline = touches(seen, germline_spans(around.content, inherited))
    if somatic and germline:
        return FractionFits.BOTH
    if somatic:
        return FractionFits.SOMATIC
    return FractionFits.GERMLINE if germline else FractionFits.NEITHER


def _below_clonal(seen: Span, content: TumourContent) -> bool:
    """Lower than what every tumour cell would give: only some carry it."""
    return seen[1] < min(low for low, _ in somatic_spans(content, states("somatic_states")))


def _of_fraction(variant: SmallVariant, fits: FractionFits, around: Surroundings) -> list[Reason]:
    fraction = variant.allele_fraction
    if fraction is None:
        return [Reason.of("origin.no-fraction")]
    if around.plasma:
        return [Reason.of("origin.plasma-fraction", fraction=fraction)]
    if not around.diploid:
        return [Reason.of("origin.sex-chromosome", fraction=fraction)]
    if not around.content.known:
        return [Reason.of("origin.no-content", fraction=fraction)]
    seen = observed(variant)
    values = {"fraction": fraction, "low": around.content.low, "high": around.content.high}
    if seen is not None and fits is FractionFits.SOMATIC and _below_clonal(seen, around.content):
        return [Reason("origin.fraction-subclonal", values)]
    return [Reason(f"origin.fraction-{fits.value}", values)]


def _words(variant: SmallVariant) -> tuple[str, ...]:
    """The callers' and the laboratory's words for where a variant comes from."""
    person = variant.judgement.class_judgement if variant.judgement else None
    words = (variant.germline_status, variant.caller_class, person, *variant.file_filters)
    return tuple(each for each in words if each)


def _hints(variant: SmallVariant) -> frozenset[str]:
    told = {**rules()["caller_words"], **rules()["person_words"]}
    hints = {told[word] for word in _words(variant) if word in told}
    if variant.population is not None and variant.population.highest >= rules()["population_from"]:
        hints.add("likely_germline")
    return frozenset(hints)


def _of_files(variant: SmallVariant) -> list[Reason]:
    out = []
    known = {**rules()["caller_words"], **rules()["person_words"]}
    out += [Reason.of("origin.word", word=word) for word in _words(variant) if word in known]
    if variant.germline_class:
        out.append(Reason.of("origin.germline-class", word=variant.germline_class.replace("_", " ")))
    thin = _thin_normal(variant)
    out += [] if thin is None else [Reason.of("origin.normal-thin", depth=thin)]
    if variant.population is None:
        return [*out, Reason.of("origin.population-untold")]
    highest = variant.population.highest
    if highest >= rules()["population_from"]:
        out.append(Reason.of("origin.population-common", frequency=highest))
    elif highest > 0:
        out.append(Reason.of("origin.population-rare", frequency=highest))
    else:
        out.append(Reason.of("origin.population-absent"))
    return out


def _of_own_normal(variant: SmallVariant) -> tuple[OriginKind, Reason] | None:
    """What the normal in the same file decides; None where it is too thin, or tells nothing."""
    own, rule = variant.normal, rules()["own_normal"]
    if own is None:
        return None
    if own.fraction is None:
        seen = OriginKind.LIKELY_GERMLINE, Reason.of("origin.in-normal")
        return seen if own.called else None
    if _thin_normal(variant) is not None:
        return None
    values = {"fraction": own.fraction, "depth": own.depth or 0}
    if own.fraction >= rules()["normal_half_from"]:
        return OriginKind.LIKELY_GERMLINE, Reason("origin.in-normal-high", values)
    if own.fraction >= rule["absent_below"]:
        return OriginKind.POSSIBLE_CH, Reason("origin.in-normal-low", values)
    return OriginKind.SOMATIC, Reason("origin.absent-in-normal", values)


def _thin_normal(variant: SmallVariant) -> int | None:
    """The normal's reads, where they are too few to decide; None where they do, or there is no normal."""
    own = variant.normal
    if own is None or own.fraction is None:
        return None
    depth = own.depth or 0
    return depth if depth < rules()["own_normal"]["least_depth"] else None


def _of_normal(variant: SmallVariant, normal: Normal | None) -> tuple[OriginKind, Reason] | None:
    """What the normal decides; None where it wasn't tested there, or its fraction wasn't told."""
    if normal is None:
        return None
    place = place_of(variant)
    if place in normal.seen:
        fraction = normal.seen[place]
        if fraction is None:
            return OriginKind.LIKELY_GERMLINE, Reason.of("origin.in-normal")
        high = fraction >= rules()["normal_half_from"]
        kind = OriginKind.LIKELY_GERMLINE if high else OriginKind.POSSIBLE_CH
        code = "origin.in-normal-high" if high else "origin.in-normal-low"
        return kind, Reason.of(code, fraction=fraction)
    if variant.gene in normal.genes:
        return OriginKind.SOMATIC, Reason.of("origin.not-in-normal")
    return None


def _suspicious_half(
    variant: SmallVariant, facts: VariantFacts | None, around: Surroundings
) -> Reason | None:
    """A truncating variant at about a half although there are few tumour cells."""
    half = rules()["half"]
    share, fraction = around.content.estimate, variant.allele_fraction
    truncates = facts is not None and (facts.is_truncating or facts.is_splice_site)
    if not truncates or fraction is None or share is None or around.plasma or not around.diploid:
        return None
    if share > half["tumour_cells_up_to"] or not half["from"] <= fraction <= half["to"]:
        return None
    return Reason.of("origin.truncating-half", fraction=fraction, share=share)


def _blood(variant: SmallVariant, around: Surroundings) -> Reason | None:
    """Whether a clone of blood cells may be behind it, by the gene and the fraction."""
    row = next((each for each in rules()["blood_genes"] if variant.gene in each["genes"]), None)
    if row is None or variant.gene is None:
        return None
    if around.plasma:
        return Reason.of("origin.blood-plasma", gene=variant.gene)
    seen = observed(variant)
    if not row["tissue"]:
        known = around.diploid and around.content.known and around.content.low > 0
        below = known and seen is not None and _below_clonal(seen, around.content)
        return Reason.of("origin.blood-low", gene=variant.gene) if below else None
    if seen is not None and around.content.known and around.diploid:
        # at most, every normal cell is of the clone
        _, most = germline_spans(around.content, [(1, 0)])[0]
        if seen[0] > most:
            return None
    return Reason.of("origin.blood-tissue", gene=variant.gene)


def _settled(kind: OriginKind, fits: FractionFits, around: Surroundings) -> tuple[Reason, ...]:
    if kind is OriginKind.SOMATIC:
        return (Reason.of("origin.settle-normal"),)
    who = "leucocytes" if kind is OriginKind.POSSIBLE_CH else "normal"
    out = [Reason.of(f"origin.settle-{who}")]
    if fits is FractionFits.NOT_READABLE and not around.plasma and not around.content.known:
        out.append(Reason.of("origin.settle-content"))
    return tuple(out)
