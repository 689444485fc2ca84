"""CIViC: accepted evidence items (civicdb.org, CC0), one statement of one paper each.

Levels rate one item, not the sum: A proven, B clinical, C case, D preclinical, E inferential. Variant
names such as MUTATION or AMPLIFICATION are categories. How several drugs belong together is said by
today's releases alone, and stands in the drug's own entry: `A + B`, `A or B`, `A in turn with B`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from presis.knowledge.lines import Line

COLUMNS = (
    *("evidence_id", "gene", "variant", "disease", "doid", "drugs", "evidence_type", "direction", "level"),
    *("significance", "rating", "pubmed_id", "variant_origin", "nct"),
)
DISEASE_COLUMNS = ("doid", "disease", "oncotree", "fit", "note")
#: How the drugs of one entry belong together; several entries: the release doesn't say it.
TOGETHER, INSTEAD, IN_TURN = " + ", " or ", " in turn with "
_BETWEEN = re.compile("|".join(map(re.escape, (TOGETHER, INSTEAD, IN_TURN))))
#: The words of 2018 and of today.
GERMLINE = ("Germline Mutation", "Germline Polymorphism", "Rare Germline", "Common Germline")
FITS = ("same", "narrower", "wider")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseMapping:
    """OncoTree's nodes for a disease of the Disease Ontology.

    `fit` says how the nodes lie to the disease: the same; narrower, so that some patients with the
    disease stand outside; wider, so that `note` names what must hold besides.
    """

    doid: str
    disease: str
    oncotree: tuple[str, ...]
    fit: str
    note: str | None

    @classmethod
    def read(cls, line: Line) -> DiseaseMapping:
        """The mapping of one line."""
        return cls(
            doid=line["doid"],
            disease=line["disease"],
            oncotree=line.codes("oncotree"),
            fit=line.one_of("fit", FITS),
            note=line.text("note"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CivicItem:
    """An accepted evidence item. An empty cell is None; `mapping` is None if the disease isn't mapped."""

    evidence_id: str
    gene: str
    variant: str
    disease: str
    doid: str | None
    drugs: tuple[str, ...]
    evidence_type: str
    direction: str | None
    level: str
    significance: str | None
    rating: int | None
    pubmed_id: str | None
    variant_origin: str | None
    nct: tuple[str, ...]
    mapping: DiseaseMapping | None

    @property
    def oncotree(self) -> tuple[str, ...]:
        """The tumour types that the disease is mapped to; none: not known."""
        return self.mapping.oncotree if self.mapping else ()

    @property
    def single_drugs(self) -> tuple[str, ...]:
        """Each drug that the item names, however they belong together."""
        return tuple(drug for entry in self.drugs for drug in _BETWEEN.split(entry))

    @property
    def is_germline(self) -> bool:
        """Whether it speaks of inherited variants."""
        return self.variant_origin in GERMLINE

    @classmethod
    def read(cls, line: Line, mapping: DiseaseMapping | None, gene: str) -> CivicItem:
        """The item of one line, its gene by today's symbol."""
        return cls(
            evidence_id=line["evidence_id"],
            gene=gene,
            variant=line["variant"],
            disease=line["disease"],
            doid=line.text("doid"),
            drugs=line.codes("drugs"),
            evidence_type=line["evidence_type"],
            direction=line.text("direction"),
            level=line.one_of("level", ("A", "B", "C", "D", "E")),
            significance=line.text("significance"),
            rating=line.number_or_none("rating"),
            pubmed_id=line.text("pubmed_id"),
            variant_origin=line.text("variant_origin"),
            nct=line.codes("nct"),
            mapping=mapping,
        )
