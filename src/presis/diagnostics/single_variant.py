"""One variant without a file: what `presis variant` asks."""

from __future__ import annotations

from dataclasses import dataclass

from presis.diagnostics.filtering import VariantFilter
from presis.diagnostics.findings import ClassifiedVariant
from presis.diagnostics.hgvs import CodingChange, ProteinChange, ProteinKind, parse_coding, parse_protein
from presis.diagnostics.interpretation import Interpretation, Interpreter
from presis.diagnostics.profile import Assay, MolecularProfile, PopulationFrequency, SmallVariant, Specimen
from presis.diagnostics.report_making import tumour_code
from presis.diagnostics.variant_facts import consequences_of
from presis.errors import BadInput
from presis.knowledge import Library, load_library
from presis.programme.files import load_yaml


@dataclass(frozen=True, slots=True)
class VariantInterpretation:
    """The interpretation of one variant, and the variant in it."""

    gene: str
    change: str
    tumour: str | None
    variant: ClassifiedVariant
    interpretation: Interpretation


def interpret_variant(
    gene: str,
    change: str,
    *,
    consequence: str | None = None,
    population_frequency: str | None = None,
    tumour: str | None = None,
    exon: str | None = None,
    library: Library | None = None,
) -> VariantInterpretation:
    """Interpret one change; raises `BadInput` for a change, frequency or tumour that can't be read."""
    library = library or load_library()
    code = tumour_code(tumour, library)
    symbol = _gene(gene, library)
    protein, coding = _parse(change)
    _check_reference(symbol, protein, library)
    derived = consequences_of(protein, coding)
    consequences = _consequence(consequence, derived)
    variant = SmallVariant(
        gene=symbol,
        chromosome="?",
        position=0,
        ref="",
        alt="",
        cdna=None if coding is None else change.partition("(p.")[0].rpartition(":")[2],
        protein=None if protein is None else protein.long,
        protein_short=None if protein is None else protein.short,
        consequences=consequences,
        exon=exon,
        population=_population(population_frequency),
    )
    profile = MolecularProfile(
        sample="variant",
        dna_sample=None,
        rna_sample=None,
        build=None,
        assay=Assay(name="none", kind="none", software=None, software_version=None),
        specimen=Specimen(tumour=code),
        covers={},
        small_variants=(variant,),
    )
    interpretation = Interpreter(library, unfiltered()).interpret(profile, code)
    return VariantInterpretation(
        variant.gene or gene, change, code, interpretation.findings.variants[0], interpretation
    )


def unfiltered() -> VariantFilter:
    """A filter with no steps: what a person asks about is never left out."""
    return VariantFilter(id="none", version=1, source="asked by a person", steps=())


def _gene(text: str, library: Library) -> str:
    """Today's symbol, also of a former one, an everyday name, or one in small letters."""
    names = load_yaml("rules/gene_names.yaml")["names"]
    for name in (text.strip(), text.strip().upper()):
        symbol = library.current_symbol(names.get(name, name))
        if library.mane(symbol) is not None:
            return symbol
    raise BadInput.of(
        "gene.unknown",
        f"{text!r} is no gene symbol known here; write it as HGNC does, such as ERBB2.",
        field="gene",
        found=text,
        accepted="a symbol of a protein-coding gene",
    )


def _check_reference(gene: str, protein: ProteinChange | None, library: Library) -> None:
    """A reference that the hotspot table knows otherwise is a slip, or another transcript's number."""
    if protein is None or protein.position is None or library.residue(gene, protein.position, protein.ref):
        return
    histone = gene.startswith("H3") and library.residue(gene, protein.position + 1, protein.ref)
    if histone:
        raise BadInput.of(
            "variant.reference",
            f"{protein.short} is {gene}'s everyday number; HGVS counts the first methionine: give residue "
            f"{protein.position + 1}.",
            field="change",
            found=protein.short,
            accepted=f"p.{protein.ref}{protein.position + 1}…",
        )
    others = [ref for ref in "ACDEFGHIKLMNPQRSTVWY" if library.residue(gene, protein.position, ref)]
    if others:
        raise BadInput.of(
            "variant.reference",
            f"{gene} has {others[0]} at residue {protein.position}, not {protein.ref}; check the change, "
            "and that it counts on the usual transcript.",
            field="change",
            found=protein.short,
            accepted=f"p.{others[0]}{protein.position}…",
        )


def _consequence(text: str | None, derived: frozenset[str]) -> tuple[str, ...]:
    """The term given, if it is one and doesn't contradict the change; else what the change itself tells."""
    if text is None:
        return tuple(sorted(derived))
    known = load_yaml("rules/gene_names.yaml")["consequences"]
    if text not in known:
        raise BadInput.of(
            "variant.consequence",
            f"{text!r} is no consequence known here; use a Sequence Ontology term such as {known[0]}.",
            field="consequence",
            found=text,
            accepted=", ".join(known),
        )
    firm = derived - {"protein_altering_variant"}
    if firm and text not in firm and not text.startswith("splice"):
        raise BadInput.of(
            "variant.consequence",
            f"the change itself is {', '.join(sorted(firm))}, not {text}; mend --consequence.",
            field="consequence",
            found=text,
            accepted=", ".join(sorted(firm)),
        )
    return (text,)


def _parse(change: str) -> tuple[ProteinChange | None, CodingChange | None]:
    coding = parse_coding(change)
    if coding is not None:
        behind = change.find("(p.")
        return (parse_protein(change[behind:]) if behind >= 0 else None), coding
    protein = parse_protein(change)
    if protein is not None and protein.kind is not ProteinKind.UNKNOWN:
        return protein, None
    raise BadInput.of(
        "variant.change",
        f"the change {change!r} can't be read; write it as V600E, p.(Val600Glu), E746_A750del or c.559+1G>A.",
        field="change",
        found=change,
        accepted="a protein or coding change",
    )


def _population(text: str | None) -> PopulationFrequency | None:
    if text is None:
        return None
    if text.strip().lower() == "absent":
        return PopulationFrequency(by_population={}, source="given by hand")
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise BadInput.of(
            "variant.population-frequency",
            f"the population frequency {text!r} is neither a fraction from 0 to 1 nor 'absent'.",
            field="population-frequency",
            found=text,
            accepted="0 to 1, or absent",
        )
    return PopulationFrequency(by_population={"global": value}, source="given by hand")
