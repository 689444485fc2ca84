"""Which builder makes which pack, and what the manifest says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from presis.errors import BadInput
from presis.knowledge.build import civic, curated, moalmanac, public
from presis.knowledge.build.sources import TABLES, Sources, sources_of
from presis.knowledge.build.writer import Table, write_pack
from presis.knowledge.release import SHIPPED, Pack

Builder = Callable[[Sources], list[Table]]
BUILDERS: Mapping[str, Builder] = {
    "approvals": curated.approvals,
    "civic": civic.civic,
    "confirmations": curated.confirmations,
    "critical_domains": curated.critical_domains,
    "drivers": public.drivers,
    "drugs": curated.drugs,
    "escat": curated.escat,
    "functional_evidence": curated.functional_evidence,
    "functional_evidence_more": curated.functional_evidence_more,
    "gene_roles": public.gene_roles,
    "grantham": curated.grantham,
    "hotspots": public.hotspots,
    "mane": public.mane,
    "moalmanac": moalmanac.moalmanac,
    "norway_access": curated.norway_access,
    "oncotree": public.oncotree,
    "protein_lengths": curated.protein_lengths,
    "resistance": curated.resistance,
    "symbols": curated.symbols,
}

Describer = Callable[[Sources, Sequence[Table]], dict[str, Any]]
#: The packs of which a user's own copy says the version.
DESCRIBED: Mapping[str, Describer] = {"civic": civic.described, "moalmanac": moalmanac.described}
#: The packs that are never shipped.
NOT_SHIPPED = ("moalmanac",)


@cache
def descriptions() -> Mapping[str, dict[str, Any]]:
    """What each pack's manifest says besides its files, by pack."""
    content: dict[str, dict[str, Any]] = yaml.safe_load((TABLES / "packs.yaml").read_text(encoding="utf-8"))
    return content


def build(pack: str, sources: Sequence[Path], out: Path) -> Pack:
    """Make a pack from its sources, in a folder of its name under `out`. Same sources, same bytes.

    Raises:
        BadInput: if there is no such pack, or a source is missing or not as expected.

    """
    if pack not in BUILDERS:
        raise BadInput.of(
            "build-pack",
            f"there is no recipe for a pack named {pack!r}.",
            found=pack,
            accepted=", ".join(BUILDERS),
        )
    if pack in NOT_SHIPPED and out.resolve() == SHIPPED.resolve():
        raise BadInput.of(
            "build-not-shippable",
            f"the pack {pack} may not be shipped with Presis; name another folder.",
            field="--out",
            found=str(out),
        )
    found = sources_of(sources)
    description = {"pack": pack, **descriptions()[pack]}
    tables = BUILDERS[pack](found)
    if pack in DESCRIBED:
        description |= DESCRIBED[pack](found, tables)
    return write_pack(out / pack, description, tables)
