"""What is known of one change, whatever file it came from: what the rules of oncogenicity ask about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from presis.diagnostics.hgvs import (
    CodingChange,
    CodingKind,
    ProteinChange,
    ProteinKind,
    Region,
    parse_coding,
    parse_protein,
)
from presis.diagnostics.profile import PopulationFrequency, SmallVariant

#: Sequence Ontology terms by which a transcript is cut short or a product is lost.
TRUNCATING = frozenset({"stop_gained", "frameshift_variant"})
_CHANGES_RESIDUES = TRUNCATING | {
    "missense_variant", "inframe_deletion", "inframe_insertion", "protein_altering_variant",
    "coding_sequence_variant", "stop_lost", "start_lost", "coding",
}  # fmt: skip
SPLICE_SITE = frozenset({"splice_acceptor_variant", "splice_donor_variant"})
INFRAME = frozenset({"inframe_deletion", "inframe_insertion"})

_KIND_TO_CONSEQUENCE = {
    ProteinKind.MISSENSE: "missense_variant",
    ProteinKind.SYNONYMOUS: "synonymous_variant",
    ProteinKind.NONSENSE: "stop_gained",
    ProteinKind.FRAMESHIFT: "frameshift_variant",
    ProteinKind.INFRAME_DEL: "inframe_deletion",
    ProteinKind.INFRAME_INS: "inframe_insertion",
    ProteinKind.DUP: "inframe_insertion",
    ProteinKind.DELINS: "protein_altering_variant",
    ProteinKind.EXTENSION: "stop_lost",
    ProteinKind.START_LOSS: "start_lost",
}
_INFRAME_KINDS = {ProteinKind.INFRAME_DEL, ProteinKind.INFRAME_INS, ProteinKind.DELINS, ProteinKind.DUP}


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """One change of one gene. `population` None: nobody gave a frequency; empty: absent from all given.

    `exon` is `number/of` or a number, as the file writes it.
    """

    gene: str
    protein: ProteinChange | None
    coding: CodingChange | None
    coding_text: str | None
    consequences: frozenset[str]
    exon: str | None = None
    population: tuple[tuple[str, float], ...] | None = None

    @property
    def kind(self) -> ProteinKind | None:
        """The protein change's kind, where one is known."""
        return self.protein.kind if self.protein else None

    @property
    def is_missense(self) -> bool:
        """One residue for another: by the protein change, else by the consequence."""
        if self.protein is None:
            return "missense_variant" in self.consequences
        return self.kind is ProteinKind.MISSENSE

    @property
    def is_inframe(self) -> bool:
        """Residues lost or gained in frame."""
        return not INFRAME.isdisjoint(self.consequences) or (
            self.kind in _INFRAME_KINDS and not self.is_truncating
        )

    @property
    def net_residues(self) -> int:
        """Residues gained less those lost by a change in frame; 0 where that isn't known."""
        change = self.protein
        if change is None or change.position is None:
            return 0
        span = (change.end or change.position) - change.position + 1
        match change.kind:
            case ProteinKind.INFRAME_DEL:
                return -span
            case ProteinKind.INFRAME_INS:
                return len(change.alt) or change.inserted or 1
            case ProteinKind.DUP:
                return span
            case ProteinKind.DELINS if change.alt or change.inserted:
                return (len(change.alt) or change.inserted or 0) - span
            case _:
                return 0

    @property
    def residues_untold(self) -> bool:
        """Whether it may change residues without saying which: no protein change, and none ruled out."""
        told = self.protein is not None and self.protein.position is not None
        return not told and (not self.consequences or not self.consequences.isdisjoint(_CHANGES_RESIDUES))

    @property
    def loses_residues(self) -> bool:
        """Fewer residues, in frame: by the protein change, else by the consequence."""
        return self.is_inframe and (
            self.net_residues < 0 or (self.net_residues == 0 and "inframe_deletion" in self.consequences)
        )

    @property
    def gains_residues(self) -> bool:
        """More residues, in frame: by the protein change, else by the consequence."""
        return self.is_inframe and (
            self.net_residues > 0 or (self.net_residues == 0 and "inframe_insertion" in self.consequences)
        )

    @property
    def is_truncating(self) -> bool:
        """Nonsense or frameshift."""
        return not TRUNCATING.isdisjoint(self.consequences)

    @property
    def is_splice_site(self) -> bool:
        """One of the two bases of an intron on either side of an exon."""
        if self.coding is not None and self.coding.offset:
            return self.coding.splice_site
        return not SPLICE_SITE.isdisjoint(self.consequences)

    @property
    def exon_number(self) -> tuple[int, int | None] | None:
        """(number, number of exons), the second None where the file doesn't say."""
        return _exon(self.exon)


@lru_cache(maxsize=4096)
def _exon(text: str | None) -> tuple[int, int | None] | None:
    if not text:
        return None
    first, _, last = text.partition("/")
    digits = first.partition("-")[0].strip()
    if not digits.isdigit():
        return None
    return int(digits), int(last) if last.strip().isdigit() else None


def consequences_of(protein: ProteinChange | None, coding: CodingChange | None) -> frozenset[str]:
    """Sequence Ontology terms that follow from the change itself, where nobody gave them."""
    if coding is not None and coding.splice_site:
        last = coding.end if coding.end.offset else coding.start
        return frozenset({"splice_donor_variant" if last.offset > 0 else "splice_acceptor_variant"})
    if protein is not None and protein.kind in _KIND_TO_CONSEQUENCE:
        return frozenset({_KIND_TO_CONSEQUENCE[protein.kind]})
    return frozenset() if coding is None else _of_coding(coding)


def _of_coding(coding: CodingChange) -> frozenset[str]:
    """What a coding change alone tells: outside the coding sequence, or in frame, or not."""
    if coding.intronic:
        return frozenset({"intron_variant"})
    if coding.region is not Region.CODING:
        five = coding.region is Region.FIVE_PRIME
        return frozenset({"5_prime_UTR_variant" if five else "3_prime_UTR_variant"})
    if coding.offset or coding.end.offset:
        return frozenset()
    span = coding.end.base - coding.start.base + 1
    match coding.kind:
        case CodingKind.DELETION:
            return frozenset({"inframe_deletion" if span % 3 == 0 else "frameshift_variant"})
        case CodingKind.DUP:
            return frozenset({"inframe_insertion" if span % 3 == 0 else "frameshift_variant"})
        case CodingKind.INSERTION if coding.alt:
            return frozenset({"inframe_insertion" if len(coding.alt) % 3 == 0 else "frameshift_variant"})
        case CodingKind.DELINS if coding.alt and (len(coding.alt) - span) % 3:
            return frozenset({"frameshift_variant"})
        case _:
            return frozenset()


def population_key(population: PopulationFrequency | None) -> tuple[tuple[str, float], ...] | None:
    """The frequencies as a value that can be compared and cached."""
    return None if population is None else tuple(sorted(population.by_population.items()))


def facts_of(variant: SmallVariant) -> VariantFacts | None:
    """The facts of a variant in a gene; None between genes."""
    if variant.gene is None:
        return None
    protein = parse_protein(variant.protein_short) if variant.protein_short else None
    coding = parse_coding(variant.cdna) if variant.cdna else None
    consequences = frozenset(variant.consequences) or consequences_of(protein, coding)
    return VariantFacts(
        variant.gene,
        protein,
        coding,
        variant.cdna,
        consequences,
        variant.exon,
        population_key(variant.population),
    )
