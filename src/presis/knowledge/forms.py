"""The columns of every form of table that a pack may hold."""

from __future__ import annotations

from collections.abc import Mapping

from presis.knowledge import (
    approvals,
    civic,
    drugs,
    functional,
    genes,
    hotspots,
    oncotree,
    shipped_confirmations,
)

#: What a builder couldn't write in our words, with the reason.
LEFT_OUT_COLUMNS = ("id", "marker", "reason")
GRANTHAM_COLUMNS = ("first", "second", "distance", "formula")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "approvals": approvals.APPROVAL_COLUMNS,
    "backbones": drugs.BACKBONE_COLUMNS,
    "civic": civic.COLUMNS,
    "confirmations": shipped_confirmations.COLUMNS,
    "critical_domains": functional.DOMAIN_COLUMNS,
    "diseases": civic.DISEASE_COLUMNS,
    "drivers": genes.DRIVER_COLUMNS,
    "drugs": drugs.COLUMNS,
    "escat": approvals.ESCAT_COLUMNS,
    "functional_evidence": functional.FUNCTIONAL_COLUMNS,
    "gene_roles": genes.ROLE_COLUMNS,
    "grantham": GRANTHAM_COLUMNS,
    "hotspots": hotspots.COLUMNS,
    "left_out": LEFT_OUT_COLUMNS,
    "mane": genes.MANE_COLUMNS,
    "norway_access": approvals.NORWAY_COLUMNS,
    "not_solid": oncotree.NOT_SOLID_COLUMNS,
    "oncotree": oncotree.COLUMNS,
    "other_names": genes.OTHER_NAME_COLUMNS,
    "protein_lengths": genes.LENGTH_COLUMNS,
    "resistance": approvals.RESISTANCE_COLUMNS,
    "symbols": genes.SYMBOL_COLUMNS,
}
