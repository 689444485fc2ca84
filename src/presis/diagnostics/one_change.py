"""Parts of one multi-nucleotide variant read as the one change that they are.

BRAF V600K is c.1798_1799delinsAA; its halves read V600M and V600E, and neither is in the tumour. Parts
with one tag (VCF's MNVTAG) stand on the same reads: they become one variant, with the parts listed. The
whole protein change is told only if every codon that fits the parts gives the same one; else its
meaning is unknown until it is annotated as one. So are single bases of one codon that the caller phased on
one haplotype, and parts beside a row of the whole that holds their very bases, whatever their fractions.
Without any of these nothing is joined (`findings.mark_adjacent`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from presis.diagnostics.hgvs import CodingKind, ProteinChange, ProteinKind, parse_coding, parse_protein
from presis.diagnostics.profile import Mane, SmallVariant
from presis.diagnostics.variant_facts import consequences_of

#: The standard genetic code, codons in the order TTT, TTC, TTA, TTG, TCT, … (NCBI table 1).
_RESIDUES = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
_CODE = dict(zip(map("".join, product("TCAG", repeat=3)), _RESIDUES, strict=True))
#: Where a change leaves the protein as it is, also as part of a larger one.
_OUTSIDE = frozenset({
    "intron_variant", "intergenic_variant", "upstream_gene_variant", "downstream_gene_variant",
    "5_prime_UTR_variant", "3_prime_UTR_variant", "non_coding_transcript_exon_variant",
})  # fmt: skip
#: What a change has whose effect on the protein isn't known.
UNTOLD = "coding_sequence_variant"


@dataclass(frozen=True, slots=True)
class OneChange:
    """A variant as it is read: alone, or joined of `parts`; `untold`: its meaning as one isn't known."""

    index: int
    variant: SmallVariant
    parts: tuple[SmallVariant, ...] = ()
    untold: bool = False


def read_as_one(variants: Sequence[SmallVariant]) -> Iterator[OneChange]:
    """The variants in order, tagged parts joined at the place of the first."""
    groups: dict[int, list[SmallVariant]] = {}
    for group in _groups(variants):
        groups |= {id(each): group for each in group}
    for index, each in enumerate(variants):
        parts = groups.get(id(each), ())
        if len(parts) < 2:
            yield OneChange(index, each)
        elif each is parts[0]:
            yield _joined(index, tuple(sorted(parts, key=lambda part: part.position)))


def _groups(variants: Sequence[SmallVariant]) -> list[list[SmallVariant]]:
    """Variants that are one: a whole with its parts, those of one tag, those phased in one codon."""
    out = _wholes(variants)
    for key_of in (_tag, _codon_and_phase):
        taken = {id(each) for group in out for each in group}
        found: dict[tuple[str, ...], list[SmallVariant]] = {}
        for each in variants:
            if id(each) not in taken and (key := key_of(each)) is not None:
                found.setdefault(key, []).append(each)
        out += [group for group in found.values() if len(group) > 1]
    return out


def _tag(each: SmallVariant) -> tuple[str, ...] | None:
    return None if each.mnv is None else (each.chromosome, each.mnv)


def _codon_and_phase(each: SmallVariant) -> tuple[str, ...] | None:
    """What single bases of one codon have in common that the caller phased on one haplotype."""
    if each.phase is None or each.gene is None or not _is_single_base(each):
        return None
    protein = parse_protein(each.protein_short) if each.protein_short else None
    if protein is None or protein.position is None:
        return None
    return each.chromosome, each.gene, each.phase, str(protein.position)


def _is_single_base(each: SmallVariant) -> bool:
    return len(each.ref) == len(each.alt) == 1


def _wholes(variants: Sequence[SmallVariant]) -> list[list[SmallVariant]]:
    """Each row of several bases with the single bases that are part of it, whatever their fractions."""
    single = {(e.chromosome, e.position, e.ref, e.alt): e for e in variants if _is_single_base(e)}
    out: list[list[SmallVariant]] = []
    for whole in variants:
        if len(whole.ref) != len(whole.alt) or _is_single_base(whole):
            continue
        bases = enumerate(zip(whole.ref, whole.alt, strict=True), start=whole.position)
        keys = [(whole.chromosome, place, old, new) for place, (old, new) in bases if old != new]
        members = {id(single.pop(key)) for key in keys if key in single}
        if members:
            out.append([each for each in variants if each is whole or id(each) in members])
    return out


def _joined(index: int, parts: tuple[SmallVariant, ...]) -> OneChange:
    whole = next((each for each in parts if _spans(each, parts)), None)
    if whole is not None:  # the caller gives the whole beside its parts
        others = tuple(each for each in parts if each is not whole)
        return OneChange(index, whole, others)
    protein = joint_protein(parts)
    ref, alt = _alleles(parts)
    first = parts[0]
    coding = _coding(parts)
    fractions = [each.allele_fraction for each in parts if each.allele_fraction is not None]
    depths = [each.depth for each in parts if each.depth is not None]
    terms = {term for each in parts for term in each.consequences or (UNTOLD,)}
    outside = protein is None and terms <= _OUTSIDE
    told = consequences_of(protein, None) if protein is not None else terms if outside else {UNTOLD}
    variant = replace(
        first,
        gene=_same(each.gene for each in parts),
        ref=ref,
        alt=alt,
        transcript=_same(each.transcript for each in parts),
        mane=first.mane if len({each.mane for each in parts}) == 1 else Mane.UNKNOWN,
        cdna=coding,
        protein=protein.long if protein else None,
        protein_short=protein.short if protein else None,
        consequences=tuple(sorted(told)),
        exon=_same(each.exon for each in parts),
        depth=min(depths, default=None),
        allele_fraction=min(fractions, default=None),
        population=None,  # what is told of a part is not told of the whole
        caller_class=_same(each.caller_class for each in parts),
        germline_class=None,
        germline_status=_same(each.germline_status for each in parts),
        file_filters=tuple(sorted({word for each in parts for word in each.file_filters})),
        passed=False if any(each.passed is False for each in parts) else first.passed,
        judgement=first.judgement if len({each.judgement for each in parts}) == 1 else None,
    )
    return OneChange(index, variant, parts, untold=protein is None and not outside)


def _same(values: Iterator[str | None]) -> str | None:
    """What all parts have in common; None if they differ."""
    told = set(values)
    return told.pop() if len(told) == 1 else None


def _spans(each: SmallVariant, parts: tuple[SmallVariant, ...]) -> bool:
    """Whether one record holds all the others."""
    end = each.position + len(each.ref)
    return len(each.ref) > 1 and all(
        each.position <= other.position and other.position + len(other.ref) <= end for other in parts
    )


def _alleles(parts: tuple[SmallVariant, ...]) -> tuple[str, str]:
    """Reference and variant of the whole; N for bases between parts that no part tells."""
    ref, alt, end = "", "", parts[0].position
    for each in parts:
        gap = "N" * max(0, each.position - end)
        ref, alt = ref + gap + each.ref, alt + gap + each.alt
        end = max(end, each.position + len(each.ref))
    return ref, alt


def _changes(parts: tuple[SmallVariant, ...]) -> list[tuple[int, str, str]] | None:
    """(coding base, its letter, the new one) of each part; None if a part is no plain substitution."""
    out = []
    for each in parts:
        coding = parse_coding(each.cdna) if each.cdna else None
        if coding is None or coding.kind is not CodingKind.SUBSTITUTION or coding.start.offset:
            return None
        if coding.region.value != "coding":
            return None
        out.append((coding.position, coding.ref, coding.alt))
    return sorted(out)


def _coding(parts: tuple[SmallVariant, ...]) -> str | None:
    """`c.1798_1799delinsAA`, if the parts lie side by side in one transcript."""
    changes = _changes(parts)
    if changes is None or len({each.transcript for each in parts}) != 1:
        return None
    first, last = changes[0][0], changes[-1][0]
    if last - first != len(changes) - 1:
        return None
    return f"c.{first}_{last}delins{''.join(new for _, _, new in changes)}"


def joint_protein(parts: tuple[SmallVariant, ...]) -> ProteinChange | None:
    """The protein change of the whole, if the parts leave no choice; None if it can't be known.

    All parts must be substitutions of one codon of one transcript. Of the 64 codons those count that
    code for the residue told, hold the bases told, and give for each part the change told for it.
    """
    changes = _changes(parts)
    proteins = [parse_protein(each.protein_short) if each.protein_short else None for each in parts]
    if changes is None or len({each.transcript for each in parts}) != 1 or len(set(changes)) != len(parts):
        return None
    by_base = {}
    for part, protein in zip(parts, proteins, strict=True):
        coding = parse_coding(part.cdna or "")
        if coding is None or protein is None or protein.position is None or len(protein.ref) != 1:
            return None
        by_base[coding.position] = (coding.ref, coding.alt, protein)
    places = {(protein.position, protein.ref) for _, _, protein in by_base.values()}
    codons = {(base - 1) // 3 for base in by_base}
    if len(by_base) != len(parts) or len(places) != 1 or len(codons) != 1:
        return None
    ((position, ref),) = places
    if position is None or position != codons.pop() + 1 or position == 1:
        return None
    whole = {new for codon in _CODE if (new := _whole(codon, ref, by_base)) is not None}
    if len(whole) != 1:
        return None
    alt = whole.pop()
    kind = ProteinKind.NONSENSE if alt == "*" else ProteinKind.MISSENSE
    if alt == ref:
        return ProteinChange(ProteinKind.SYNONYMOUS, position, ref)
    return ProteinChange(kind, position, ref, alt=alt)


def _whole(codon: str, ref: str, by_base: dict[int, tuple[str, str, ProteinChange]]) -> str | None:
    """The residue that a codon gives with every part; None if it doesn't fit what is told."""
    if _CODE[codon] != ref:
        return None
    mutated = list(codon)
    for base, (old, new, protein) in by_base.items():
        place = (base - 1) % 3
        if codon[place] != old:
            return None
        alone = _CODE[codon[:place] + new + codon[place + 1 :]]
        told = ref if protein.kind is ProteinKind.SYNONYMOUS else protein.alt
        if alone != told:
            return None
        mutated[place] = new
    return _CODE["".join(mutated)]
