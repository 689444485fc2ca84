"""Each hotspot of the list: positive, negative at a depth, or not assessable, and why.

Negative is said only where a file tells, base by base, a depth at or above what the list asks for, and
neither a kept finding nor any other call lies there. What can't be known is said to be unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from presis.diagnostics.findings import ClassifiedVariant, Findings
from presis.diagnostics.hgvs import parse_protein
from presis.diagnostics.hotspots import Hotspot, HotspotList, hotspot_list
from presis.diagnostics.profile import Alteration, RegionDepth, Tested
from presis.diagnostics.profile_places import PositionCall, changed_bases
from presis.diagnostics.variant_fit import SmallVariantIs, at_codons
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Truth


class HotspotState(StrEnum):
    """What can be said of a position. `depth_unknown`: the gene was looked at, no file tells the depth."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NOT_ASSESSABLE = "not_assessable"
    DEPTH_UNKNOWN = "depth_unknown"
    NOT_TESTED = "not_tested"


@dataclass(frozen=True, slots=True)
class HotspotAnswer:
    """One hotspot's state, with the least depth that is told, the depth needed, and why."""

    hotspot: Hotspot
    state: HotspotState
    why: Reason
    depth: int | None = None
    needed: int | None = None
    findings: tuple[str, ...] = ()
    file: str | None = None


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Scene:
    """A tumour's findings, with what lies where worked out once."""

    findings: Findings
    positions: HotspotList
    doubtful: Mapping[str, tuple[tuple[Span, str, str], ...]]
    harmless: frozenset[tuple[str, int, str, str]]


def _scene(findings: Findings, positions: HotspotList) -> _Scene:
    doubtful: defaultdict[str, list[tuple[Span, str, str]]] = defaultdict(list)
    harmless = set()
    for each in findings.left_out:
        variant = each.variant
        if not each.doubt and each.step in positions.harmless_steps:
            harmless.add((variant.chromosome, variant.position, variant.ref, variant.alt))
        else:
            span = changed_bases(variant.position, variant.ref, variant.alt)
            doubtful[variant.chromosome].append((span, variant.label, each.step or ""))
    spans = {name: tuple(group) for name, group in doubtful.items()}
    return _Scene(findings, positions, spans, frozenset(harmless))


def assess(findings: Findings, positions: HotspotList | None = None) -> tuple[HotspotAnswer, ...]:
    """Every hotspot of the list, in its order."""
    scene = _scene(findings, positions or hotspot_list())
    return tuple(_assess(each, scene) for each in scene.positions.hotspots)


def _assess(hotspot: Hotspot, scene: _Scene) -> HotspotAnswer:
    findings = scene.findings
    if (told := findings.told_positions.get(hotspot.id)) is not None:
        return told

    def answer(state: HotspotState, code: str, **values: str | int) -> HotspotAnswer:
        return HotspotAnswer(hotspot, state, Reason.of(f"hotspot.{code}", **values))

    here = [each for each in findings.variants if _lies_at(each, hotspot, findings)]
    if here:
        named = ", ".join(each.variant.label for each in here)
        found = answer(HotspotState.POSITIVE, "positive", finding=named)
        return HotspotAnswer(hotspot, found.state, found.why, findings=tuple(each.id for each in here))
    covers = findings.profile.covers.get(Alteration.SMALL_VARIANT)
    state = Tested.UNKNOWN if covers is None else covers.state
    reason = "not_reported" if covers is None else covers.reason
    if state is Tested.NO or (covers is not None and covers.genes and hotspot.gene not in covers.genes):
        return answer(HotspotState.NOT_TESTED, "not-tested")
    doubt = next(iter(_left_out_here(hotspot, scene)), None)
    if doubt is not None:
        return answer(HotspotState.NOT_ASSESSABLE, "left-out", finding=doubt[0], step=doubt[1])
    if findings.lost.touches(Alteration.SMALL_VARIANT, hotspot.gene):
        return answer(HotspotState.NOT_ASSESSABLE, "lost")
    if state is Tested.UNKNOWN and reason != "panel_unknown":
        return answer(HotspotState.NOT_ASSESSABLE, "covers", reason=reason)
    return _by_depth(hotspot, scene, panel_known=state is Tested.YES)


def _by_depth(hotspot: Hotspot, scene: _Scene, *, panel_known: bool) -> HotspotAnswer:
    told = _depths_of(hotspot, scene.findings)
    needed = scene.positions.needed.get(scene.findings.profile.assay.kind)
    best = max((each for each in told if each.told), key=lambda each: each.told, default=None)
    depth, file = (None, None) if best is None else (best.lowest, best.file)

    def answer(state: HotspotState, code: str, **values: str | int) -> HotspotAnswer:
        return HotspotAnswer(hotspot, state, Reason.of(f"hotspot.{code}", **values), depth, needed, (), file)

    barrier = _barrier(told, scene)
    if barrier is not None:
        return HotspotAnswer(hotspot, HotspotState.NOT_ASSESSABLE, barrier, depth, needed, (), file)
    thin = _thin(told, best, needed)
    if thin is not None:
        return answer(HotspotState.NOT_ASSESSABLE, "thin", depth=thin, needed=needed or 0)
    if not panel_known and (best is None or not best.base_by_base):
        return answer(HotspotState.NOT_ASSESSABLE, "panel-unknown")
    if best is None or depth is None or needed is None or not best.whole:
        return answer(HotspotState.DEPTH_UNKNOWN, "depth-unknown" if best is None else "depth-partly")
    return answer(HotspotState.NEGATIVE, "negative", depth=depth, needed=needed)


def _barrier(told: Sequence[RegionDepth], scene: _Scene) -> Reason | None:
    """What keeps a negative from being said whatever the depth: a call, a filter, bases not looked at."""
    call = next(iter(_unexplained(told, scene)), None)
    if call is not None:
        what = f"{call.chromosome}:{call.position} {call.ref}>{call.alt}"
        if call.filters:
            return Reason.of("hotspot.call-failed", call=what, filters=", ".join(call.filters))
        return Reason.of("hotspot.call", call=what)
    failed = sorted({name for each in told for name in each.failed})
    if failed:
        return Reason.of("hotspot.filtered", filters=", ".join(failed))
    unseen = max((each.end - each.start + 1 - each.seen for each in told if each.base_by_base), default=0)
    return Reason.of("hotspot.bases-missing", missing=unseen) if unseen else None


def _thin(told: Sequence[RegionDepth], best: RegionDepth | None, needed: int | None) -> int | None:
    """A depth below what is needed: the least that is told, else a mean that the least can't exceed."""
    if needed is None:
        return None
    if best is not None and best.lowest is not None:
        return best.lowest if best.lowest < needed else None
    means = [each.highest_possible for each in told if each.highest_possible is not None]
    return int(min(means)) if means and min(means) < needed else None


def _depths_of(hotspot: Hotspot, findings: Findings) -> list[RegionDepth]:
    """What files tell of the hotspot's place on the profile's build; a file that tells nothing isn't here."""
    build = findings.profile.build
    if build is None:
        return []
    place = hotspot.places[build]
    wanted = (place.chromosome, place.start, place.end)
    return [each for each in findings.profile.depths if (each.chromosome, each.start, each.end) == wanted]


def _lies_at(each: ClassifiedVariant, hotspot: Hotspot, findings: Findings) -> bool:
    """By position on the profile's build; by codon too, since an insertion may be written elsewhere."""
    build, variant = findings.profile.build, each.variant
    if build is not None:
        place = hotspot.places[build]
        first, last = changed_bases(variant.position, variant.ref, variant.alt)
        if variant.chromosome == place.chromosome and first <= place.end and last >= place.start:
            return True
    if variant.gene != hotspot.gene or hotspot.codons is None:
        return False
    return at_codons(each, hotspot.codons) is Truth.YES


def _left_out_here(hotspot: Hotspot, scene: _Scene) -> Iterator[tuple[str, str]]:
    """Calls there that the filter left out by a step that doesn't tell them harmless, with the step."""
    build = scene.findings.profile.build
    if build is not None:
        place = hotspot.places[build]
        for (first, last), label, step in scene.doubtful.get(place.chromosome, ()):
            if first <= place.end and last >= place.start:
                yield label, step
    for each in scene.findings.doubtful.get(hotspot.gene, ()):
        if hotspot.codons is not None and at_codons(each, hotspot.codons) is not Truth.NO:
            yield each.variant.label, each.kept_by or ""


def _unexplained(told: Sequence[RegionDepth], scene: _Scene) -> Iterator[PositionCall]:
    """Calls of a genome VCF that aren't among the variants read, nor left out as harmless."""
    for depth in told:
        for call in depth.calls:
            if (call.chromosome, call.position, call.ref, call.alt) not in scene.harmless:
                yield call


@cache
def hotspots_of(gene: str) -> tuple[Hotspot, ...]:
    """The hotspots of a gene that have codons."""
    return tuple(each for each in hotspot_list().hotspots if each.gene == gene and each.codons is not None)


def at_label_codons(
    findings: Findings, gene: str, codons: Sequence[tuple[int, int]]
) -> list[HotspotAnswer] | None:
    """The answers on hotspots that hold a label's codons; None where the list lacks one of them."""
    answers: list[HotspotAnswer] = []
    scene = _scene(findings, hotspot_list())
    held = [(each, each.codons) for each in hotspots_of(gene) if each.codons is not None]
    for first, last in codons:
        holding = [each for each, (start, end) in held if start <= first <= last <= end]
        if not holding:
            return None
        answers.append(_assess(holding[0], scene))
    return answers or None


def by_position(answer: Answer, leaf: SmallVariantIs, findings: Findings) -> Answer:
    """A change that isn't found is unknown, not absent, where its position can't be assessed."""
    if answer.truth is not Truth.NO:
        return answer
    asked = _asked_about(leaf)
    if not asked:
        return answer
    scene = _scene(findings, hotspot_list())
    open_at = [each for each in asked if _assess(each, scene).state is HotspotState.NOT_ASSESSABLE]
    if not open_at:
        return answer
    what = ", ".join(f"{each.gene} {each.what}" for each in open_at)
    reason = Reason.of("covered.not-assessable", gene=leaf.gene, what=what, method="small_variant")
    return Answer(Truth.UNKNOWN, (reason,), (Reason.of("settle.depth", genes=leaf.gene),))


@lru_cache(maxsize=4096)
def _asked_about(leaf: SmallVariantIs) -> tuple[Hotspot, ...]:
    """The hotspots where a leaf looks: the narrowest that holds its residues, else all that it touches."""
    of_gene = tuple(each for each in hotspot_list().hotspots if each.gene == leaf.gene)
    spans = _spans_of(leaf)
    if spans is None:
        return of_gene
    held = [(each, each.codons) for each in of_gene if each.codons is not None]
    out: dict[str, Hotspot] = {}
    for first, last in spans:
        touched = [(end - start, each) for each, (start, end) in held if first <= end and last >= start]
        whole = [(end - start, each) for each, (start, end) in held if start <= first <= last <= end]
        narrowest = sorted(whole, key=lambda pair: pair[0])[:1]
        out |= {each.id: each for _, each in narrowest or touched}
    return tuple(out.values())


def _spans_of(leaf: SmallVariantIs) -> list[Span] | None:
    """The residues that a leaf asks about; None where it asks about the whole gene."""
    if leaf.codons is not None:
        return [leaf.codons]
    changes = [parse_protein(protein) for protein in leaf.proteins]
    places = [c.position for c in changes if c is not None and c.position is not None]
    return [(place, place) for place in places] if places and len(places) == len(changes) else None
