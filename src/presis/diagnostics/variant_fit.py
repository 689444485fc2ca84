"""Whether one small variant is what a leaf asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from presis.diagnostics.findings import ClassifiedVariant
from presis.diagnostics.hgvs import ProteinKind, parse_protein
from presis.diagnostics.oncogenicity import BENIGN, ONCOGENIC
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Truth, of_class

_PATHOGENIC = {"Pathogenic", "Likely_Pathogenic"}


@dataclass(frozen=True, slots=True)
class SmallVariantIs:
    """A small variant of `gene` that fits every condition given.

    `proteins`: one of these changes. `codons`: within this range of residues. `exon`: by the file's
    exon number, else by `codons`. `kinds`: missense, inframe_del, inframe_ins, truncating,
    splice_site. `classes`: oncogenicity, as a set. `germline_only`: the origin must be the germline,
    which a tumour alone can't show. `least_fraction`: of the reads, from 0 to 1.
    """

    gene: str
    proteins: frozenset[str] = frozenset()
    codons: tuple[int, int] | None = None
    exon: int | None = None
    kinds: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    germline_only: bool = False
    coding_bases: tuple[tuple[int, int], ...] = ()
    unsure: bool = False
    doubts: tuple[SmallVariantIs, ...] = ()
    least_fraction: float | None = None


def acts(each: ClassifiedVariant) -> Truth:
    """Whether a variant drives, by its class; unknown where an unconfirmed row or the file says so."""
    if each.untold:
        return Truth.UNKNOWN
    if each.oncogenicity is None:
        return Truth.NO
    truth = of_class(each.oncogenicity.classes, ONCOGENIC)
    if truth is Truth.NO and (each.oncogenicity.could_act or each.variant.germline_class in _PATHOGENIC):
        return Truth.UNKNOWN
    return truth


def was_studied(each: ClassifiedVariant) -> bool:
    """Whether a functional study shows that it acts, though its class may fall short."""
    return each.oncogenicity is not None and any(c.code == "OS2" for c in each.oncogenicity.met)


def may_change(each: ClassifiedVariant) -> bool:
    """Whether it changes residues, and nothing says that this is without effect."""
    facts, onco = each.facts, each.oncogenicity
    if each.untold:
        return facts is not None
    benign = onco is not None and BENIGN.issuperset(onco.classes)
    return facts is not None and (facts.is_missense or facts.is_inframe) and not benign


def fits(leaf: SmallVariantIs, each: ClassifiedVariant) -> Truth:
    """The worst of the conditions on one variant."""
    if each.facts is None:
        return Truth.NO
    if each.untold:
        return Truth.UNKNOWN if _may_be(leaf, each) else Truth.NO
    conditions = [_place(leaf, each), _kind(leaf, each)]
    if leaf.unsure or each.adjacent or any(fits(doubt, each) is Truth.YES for doubt in leaf.doubts):
        conditions.append(Truth.UNKNOWN)
    if leaf.proteins:
        same = each.facts.protein is not None and each.facts.protein.short in leaf.proteins
        untold = each.facts.residues_untold
        conditions.append(Truth.YES if same else Truth.UNKNOWN if untold else Truth.NO)
    if leaf.classes:
        conditions.append(acts(each))
    if leaf.germline_only:
        conditions.append(Truth.UNKNOWN)
    if leaf.least_fraction is not None:
        conditions.append(_often(each.variant.allele_fraction, leaf.least_fraction))
    return min(conditions)


def _often(fraction: float | None, least: float) -> Truth:
    if fraction is None:
        return Truth.UNKNOWN
    return Truth.YES if fraction >= least else Truth.NO


_AT_ITS_CODON = {ProteinKind.MISSENSE, ProteinKind.NONSENSE, ProteinKind.SYNONYMOUS}


def _may_be(leaf: SmallVariantIs, each: ClassifiedVariant) -> bool:
    """Whether parts whose meaning as one isn't known may be what is asked: not at other residues."""
    changes = [parse_protein(part.protein_short) if part.protein_short else None for part in each.parts]
    places = {c.position for c in changes if c is not None and c.kind in _AT_ITS_CODON and c.position}
    if len([c for c in changes if c is not None and c.kind in _AT_ITS_CODON]) < len(changes) or not places:
        return True
    asked = [parse_protein(protein) for protein in leaf.proteins]
    if asked and not any(change is None or change.position in places for change in asked):
        return False
    return leaf.codons is None or any(leaf.codons[0] <= place <= leaf.codons[1] for place in places)


def at_codons(each: ClassifiedVariant, codons: tuple[int, int]) -> Truth:
    """Whether a variant lies within a range of residues."""
    return _place(SmallVariantIs(each.variant.gene or "", codons=codons), each)


def _place(leaf: SmallVariantIs, each: ClassifiedVariant) -> Truth:
    if leaf.exon is None and leaf.codons is None:
        return Truth.YES
    facts = each.facts
    number = facts.exon_number if facts else None
    if leaf.exon is not None and number is not None:
        return Truth.YES if number[0] == leaf.exon else Truth.NO
    change = facts.protein if facts else None
    if leaf.codons is None or change is None or change.position is None:
        return Truth.UNKNOWN if facts is not None and facts.residues_untold else Truth.NO
    first, last = leaf.codons
    return Truth.YES if first <= change.position and (change.end or change.position) <= last else Truth.NO


def _kind(leaf: SmallVariantIs, each: ClassifiedVariant) -> Truth:
    if not leaf.kinds or each.facts is None:
        return Truth.YES
    facts = each.facts
    coding = facts.coding
    has = {
        "missense": facts.is_missense,
        "inframe_del": facts.loses_residues,
        "inframe_ins": facts.gains_residues,
        "truncating": facts.is_truncating,
        "splice_site": facts.is_splice_site
        and (
            not leaf.coding_bases
            or (
                coding is not None
                and any(first <= coding.position <= last for first, last in leaf.coding_bases)
            )
        ),
        "exon_edge": coding is not None
        and not coding.offset
        and any(first <= coding.position <= last for first, last in leaf.coding_bases),
        "any": facts.kind is not ProteinKind.SYNONYMOUS,
    }
    return Truth.YES if any(has[kind] for kind in leaf.kinds) else Truth.NO


def in_doubt(doubtful: Sequence[ClassifiedVariant], genes: str) -> Answer:
    """What was left out because the call isn't sure is unknown, not absent."""
    labels = ", ".join(f"{each.variant.label} ({each.kept_by})" for each in doubtful)
    return Answer(
        Truth.UNKNOWN,
        (Reason.of("left-out.doubtful", finding=labels),),
        (Reason.of("settle.repeat", gene=genes),),
    )
