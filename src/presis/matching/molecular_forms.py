"""How eligibility writes alterations and markers in YAML: typed forms that become rules over the criteria.

The criteria and the vocabulary are those of `diagnostics`; nothing here is a second evaluator.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.criteria import (
    BiallelicLoss,
    CopyNumberIs,
    Criterion,
    ExonLossIs,
    FusionIs,
    SpliceIs,
    TmbAtLeast,
    WildType,
)
from presis.diagnostics.hgvs import bare_protein
from presis.diagnostics.oncogenicity import ONCOGENIC
from presis.diagnostics.profile import Alteration
from presis.diagnostics.variant_fit import SmallVariantIs
from presis.matching.criteria import Asked, GermlineIs, Molecular
from presis.matching.known import Known
from presis.methods.rules import AnyOf, Leaf, Rule
from presis.programme.files import load_yaml

Names = Annotated[tuple[str, ...], Field(min_length=1, strict=False)]
Kind = Literal[
    "missense", "inframe_del", "inframe_ins", "truncating", "splice_site", "any"
]  # as `SmallVariantIs` reads them


class Form(BaseModel):
    """The base of a leaf's form: no key beside those told."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def made(self, known: Known) -> Asked:
        """The leaf; raises `ValueError` for a word that isn't known."""
        raise NotImplementedError


def _any(rules: Iterable[Rule[Criterion]]) -> Rule[Criterion]:
    found = tuple(rules)
    return found[0] if len(found) == 1 else AnyOf(found)


class SmallVariantForm(Form):
    """A small variant that fits all that is given."""

    gene: str
    proteins: Annotated[tuple[str, ...], Field(strict=False)] = ()
    codons: Annotated[tuple[int, int], Field(strict=False)] | None = None
    exon: Annotated[int, Field(ge=1)] | None = None
    kinds: Annotated[tuple[Kind, ...], Field(strict=False)] = ()
    oncogenic: bool = False
    origin: Literal["germline", "somatic", "either"] = "either"
    least_fraction: Annotated[float, Field(ge=0, le=1, strict=False)] | None = None

    def made(self, known: Known) -> Asked:
        """The leaf."""
        if self.codons is not None and self.codons[0] > self.codons[1]:
            raise ValueError(f"codons run from {self.codons[0]} to {self.codons[1]}; write the lower first")
        rule: Rule[Criterion] = Leaf(
            SmallVariantIs(
                known.gene(self.gene),
                proteins=frozenset(map(_protein, self.proteins)),
                codons=self.codons or _codons(self.gene, self.exon),
                exon=self.exon,
                kinds=frozenset(self.kinds),
                classes=ONCOGENIC if self.oncogenic else frozenset(),
                least_fraction=self.least_fraction,
            )
        )
        if self.origin == "germline":
            return GermlineIs(known.gene(self.gene), rule)
        return Molecular(rule, "somatic" if self.origin == "somatic" else None)


def _protein(text: str) -> str:
    bare = bare_protein(text)
    if bare is None or not text.startswith("p."):
        raise ValueError(f"{text!r} is no protein change; write it as p.V600E")
    return text


def _codons(gene: str, exon: int | None) -> tuple[int, int] | None:
    for each in load_yaml("rules/biomarker_terms.yaml")["exons"]:
        if (each["gene"], each["exon"]) == (gene, exon):
            return each["codons"][0], each["codons"][1]
    return None


class GeneForm(Form):
    """One gene."""

    gene: str


class AmplificationForm(GeneForm):
    """A gene amplified, as the caller says."""

    def made(self, known: Known) -> Asked:
        """The leaf."""
        return Molecular(Leaf(CopyNumberIs(known.gene(self.gene), Alteration.AMPLIFICATION)))


class DeletionForm(GeneForm):
    """A gene deleted; a deletion wants confirming."""

    def made(self, known: Known) -> Asked:
        """The leaf."""
        return Molecular(Leaf(CopyNumberIs(known.gene(self.gene), Alteration.DELETION)))


class ExonLossForm(GeneForm):
    """Whole exons of a gene lost."""

    def made(self, known: Known) -> Asked:
        """The leaf."""
        return Molecular(Leaf(ExonLossIs(known.gene(self.gene))))


class LossForm(GeneForm):
    """A gene lost by a truncating or splice site change that acts, or by deletion."""

    def made(self, known: Known) -> Asked:
        """The leaf."""
        return Molecular(parse_biomarker(f"{known.gene(self.gene)} loss"))


class FusionForm(Form):
    """A fusion of one of these genes, whatever the partner; or of one gene with the partner named."""

    genes: Names
    partner: str | None = None

    def made(self, known: Known) -> Asked:
        """The leaf."""
        genes = tuple(map(known.gene, self.genes))
        if self.partner is None:
            return Molecular(_any(Leaf(FusionIs(frozenset({gene}))) for gene in genes))
        partner = known.gene(self.partner)
        return Molecular(_any(Leaf(FusionIs(frozenset({gene, partner}), both=True)) for gene in genes))


class SpliceForm(Form):
    """A splice variant by its usual name, in RNA: AR-V7, EGFRvIII."""

    gene: str
    name: str

    def made(self, known: Known) -> Asked:
        """The leaf."""
        return Molecular(Leaf(SpliceIs(known.gene(self.gene), self.name)))


class ExonSkippingForm(Form):
    """An exon left out: in RNA, or by a change on DNA that takes its splice site."""

    gene: str
    exon: int

    def made(self, known: Known) -> Asked:
        """The leaf."""
        return Molecular(parse_biomarker(f"{known.gene(self.gene)} exon{self.exon} skipping"))


class BiallelicLossForm(Form):
    """Both alleles of one of these genes lost."""

    genes: Names

    def made(self, known: Known) -> Asked:
        """The leaf."""
        return Molecular(_any(Leaf(BiallelicLoss(known.gene(gene))) for gene in self.genes))


class PathogenicForm(Form):
    """A pathogenic change of one of these genes: inherited or not, or inherited alone."""

    genes: Names
    origin: Literal["germline", "either"] = "either"

    def made(self, known: Known) -> Asked:
        """The leaf."""
        genes = tuple(map(known.gene, self.genes))
        if self.origin == "germline":
            if len(genes) > 1:
                raise ValueError("origin germline takes one gene; write one criterion a gene, under any")
            return GermlineIs(genes[0], parse_biomarker(f"{genes[0]} germline_or_somatic pathogenic"))
        either = _any(parse_biomarker(f"{gene} germline_or_somatic pathogenic") for gene in genes)
        return Molecular(either, inherited_too=genes)


class WildTypeForm(Form):
    """No activating change of any of these genes; a benign one is tolerated, and they must be tested."""

    genes: Names
    codons: Annotated[tuple[Annotated[tuple[int, int], Field(strict=False)], ...], Field(strict=False)] = ()

    def made(self, known: Known) -> Asked:
        """The leaf."""
        held = load_yaml("rules/biomarker_terms.yaml")["wild_type"]["codons"]
        codons = self.codons or tuple((first, last) for first, last in held)
        return Molecular(Leaf(WildType(tuple(map(known.gene, self.genes)), codons)))


class TmbForm(Form):
    """Mutations per megabase."""

    at_least: Annotated[float, Field(gt=0, strict=False)]
    unit: Literal["mutations/Mb"]

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        return Molecular(Leaf(TmbAtLeast(self.at_least)))


class MicrosatellitesForm(Form):
    """Microsatellites by the panel's sites; PCR and repair proteins settle what it can't."""

    state: Literal["unstable", "stable"]

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        return Molecular(parse_biomarker("MSI-H" if self.state == "unstable" else "MSI-H absent"))


class MismatchRepairForm(Form):
    """Mismatch repair by proteins."""

    state: Literal["deficient", "proficient"]

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        return Molecular(parse_biomarker("dMMR" if self.state == "deficient" else "pMMR"))


class HrdForm(Form):
    """Homologous recombination deficient: a pathogenic BRCA1 or BRCA2 change, or another assay's score."""

    state: Literal["positive"]

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        return Molecular(parse_biomarker("HRD positive"))


class ProteinForm(Form):
    """A protein marker: by its result in the vocabulary's words, or by a number with its unit."""

    marker: str
    result: str | None = None
    at_least: Annotated[float, Field(ge=0, strict=False)] | None = None
    below: Annotated[float, Field(gt=0, strict=False)] | None = None
    unit: str | None = None

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        given = [each for each in (self.result, self.at_least, self.below) if each is not None]
        if len(given) != 1:
            raise ValueError("a protein marker takes one of result, at_least and below")
        if self.result is not None:
            text = f"{self.marker} {self.result}"
            held = load_yaml("rules/biomarker_terms.yaml")["markers"]
            if text not in held:
                raise ValueError(f"{text!r} is no result that is held; use one of {', '.join(held)}")
        else:
            text = self._number()
        return Molecular(parse_biomarker(text))

    def _number(self) -> str:
        unit = _unit_of(self.marker)
        if unit is None:
            raise ValueError(
                f"{self.marker!r} is no marker with a number; use one of {', '.join(_numeric())}"
            )
        if self.unit != unit:
            raise ValueError(f"a threshold of {self.marker} needs its unit: {unit}")
        sign, limit = (">=", self.at_least) if self.at_least is not None else ("<", self.below)
        return f"{self.marker} {sign} {limit:g}"


def _numeric() -> dict[str, str]:
    """Markers with a number, each with the unit that is stored."""
    return {
        row["marker"]: str(test["units"][0])
        for row in load_yaml("rules/pathology_markers.yaml")["markers"]
        for test in row["tests"]
        if "units" in test
    }


def _unit_of(marker: str) -> str | None:
    return _numeric().get(marker)


MOLECULAR_FORMS: dict[str, type[Form]] = {
    "small_variant": SmallVariantForm,
    "amplification": AmplificationForm,
    "deletion": DeletionForm,
    "exon_loss": ExonLossForm,
    "loss": LossForm,
    "fusion": FusionForm,
    "splice": SpliceForm,
    "exon_skipping": ExonSkippingForm,
    "biallelic_loss": BiallelicLossForm,
    "pathogenic": PathogenicForm,
    "wild_type": WildTypeForm,
    "tmb": TmbForm,
    "microsatellites": MicrosatellitesForm,
    "mismatch_repair": MismatchRepairForm,
    "hrd": HrdForm,
    "protein": ProteinForm,
}
