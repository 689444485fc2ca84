"""National decisions on a drug, each for its own indication; approved is not available."""

from __future__ import annotations

from presis.diagnostics.drug_names import same_drug
from presis.knowledge import Library, NorwayAccess, Relation
from presis.programme.files import load_yaml


def access_of(drug: str, biomarker: str, library: Library, tumour: str | None) -> tuple[NorwayAccess, ...]:
    """The national decisions on this drug for this tumour type, whatever the marker."""
    if tumour is None:
        return ()
    codes = load_yaml("rules/norway_indications.yaml")["rows"]
    return tuple(
        each
        for each in library.norway_access
        if same_drug(library, each.drug, drug)
        and library.oncotree.relation(tumour, codes.get(each.row, ()), ()) is Relation.THIS_TYPE
        and _same_marker(each.indication, biomarker)
    )


def _same_marker(indication: str, biomarker: str) -> bool:
    """Whether an indication in words names no marker at all, or one that the biomarker names too."""
    markers = load_yaml("rules/norway_indications.yaml")["markers"]
    named = {gene for word, genes in markers.items() if word in indication for gene in genes}
    return not named or any(gene in biomarker for gene in named)
