"""One variant without a file: what `presis variant` asks."""

from __future__ import annotations

from dataclasses import dataclass

from presis.diagnostics.filtering import VariantFilter
from presis.diagnostics.findings import ClassifiedVariant
from presis.diagnostics.hgvs import CodingChange, ProteinChange, ProteinKind, parse_coding, parse_protein
from presis.diagnostics.interpretation import Interpretation, Interpreter
from presis.diagnostics.profile import Assay, MolecularProfile, PopulationFrequency, SmallVariant, Specimen
from presis.diagnostics.variant_facts import consequences_of
from presis.errors import BadInput
from presis.knowledge import Library, load_library


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
    code = _tumour(tumour, library)
    protein, coding = _parse(change)
    consequences = (consequence,) if consequence else tuple(consequences_of(protein, coding))
    variant = SmallVariant(
        gene=library.current_symbol(gene.strip()),
        chromosome="?",
        position=0,
        ref="",
        alt="",
        cdna=None if coding is None else change.rpartition(":")[2],
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


def _tumour(text: str | None, library: Library) -> str | None:
    if text is None:
        return None
    code = text.strip().upper()
    if library.oncotree.node(code) is None:
        near = ", ".join(node.code for node in library.oncotree.search(text)[:5])
        hint = f"; near it: {near}" if near else ""
        raise BadInput.of(
            "tumour.unknown",
            f"{text!r} is no OncoTree code of the release in use{hint}.",
            field="tumour",
            found=text,
            accepted="an OncoTree code such as COADREAD",
        )
    return code


def _parse(change: str) -> tuple[ProteinChange | None, CodingChange | None]:
    coding = parse_coding(change)
    if coding is not None:
        return None, coding
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
