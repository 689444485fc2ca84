"""Builders of the packs made from public releases: hotspots, OncoTree, MANE, roles, drivers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from presis.errors import BadInput
from presis.knowledge.build.sources import Row, Sources, own_tables
from presis.knowledge.build.writer import Table
from presis.knowledge.genes import DRIVER_COLUMNS, MANE_COLUMNS, ROLE_COLUMNS
from presis.knowledge.hotspots import COLUMNS as HOTSPOT_COLUMNS
from presis.knowledge.oncotree import COLUMNS as NODE_COLUMNS
from presis.knowledge.oncotree import NOT_SOLID_COLUMNS

MANE_FILE = "MANE.GRCh38.v1.5.summary.txt"
ONCOTREE_FILE = "oncotree_2025_10_03.json"
DRIVER_LIST = "PMID 29625053 table S1 (PyPI oncoref 1.20.0, driver-gene-evidence.csv)"


def hotspots(sources: Sources) -> list[Table]:
    """One row a change; the residue's total stands in each of its rows and is never summed.

    The source ends its lines with CR alone. `kind` tells the 86 splice sites (`X187_splice`) apart.
    """
    rows = [_hotspot(row) for row in sources.rows("hotspots_v2.txt", delimiter="\t")]
    rows.sort(key=lambda row: (row["gene"], row["kind"], int(row["position"]), row["alt"]))
    totals: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in rows:
        totals[row["gene"], row["kind"], row["position"]] += int(row["count"])
    for row in rows:
        total = totals[row["gene"], row["kind"], row["position"]]
        if total != int(row["samples"]):
            raise BadInput.of(
                "build-check",
                f"the changes of {row['gene']} {row['position']} don't add up to its total.",
                found=str(total),
                accepted=row["samples"],
            )
    return [Table("hotspots.csv", "hotspots", HOTSPOT_COLUMNS, tuple(rows))]


def _hotspot(row: Row) -> Row:
    position = row["Amino_Acid_Position"]
    splice = position.endswith("_splice")
    alt, _, count = row["Variant_Amino_Acid"].partition(":")
    return {
        "gene": row["Hugo_Symbol"],
        "ref": "splice" if splice else row["ref"],
        "position": position.removeprefix("X").removesuffix("_splice") if splice else position,
        "kind": "splice" if splice else "residue",
        "samples": row["Mutation_Count"],
        "cohort": row["Total_Samples"],
        "alt": alt,
        "count": count,
    }


def oncotree(sources: Sources) -> list[Table]:
    """The tree as one row a node, in the order of its codes, and the nodes that are no solid tumours."""
    root = sources.json(ONCOTREE_FILE)["TISSUE"]
    rows = sorted(_nodes(root), key=lambda row: (int(row["level"]), row["code"]))
    present = {row["code"] for row in rows}
    for row in rows:  # a code that was given up and taken up again is no former one
        row["former_codes"] = ";".join(code for code in row["former_codes"].split(";") if code not in present)
    nodes = Table("oncotree.csv", "oncotree", NODE_COLUMNS, tuple(rows))
    not_solid = own_tables().rows("not_solid.csv")
    return [nodes, Table("not_solid.csv", "not_solid", NOT_SOLID_COLUMNS, tuple(not_solid))]


def _nodes(node: Mapping[str, Any]) -> Iterator[Row]:
    """The node and all below it. A former code is in `history`, or taken over whole as `precursors`."""
    yield {
        "code": node["code"],
        "name": " ".join(node["name"].split()),
        "parent": node["parent"] or "",
        "main_type": node["mainType"] or "",
        "tissue": node["tissue"] or "",
        "level": str(node["level"]),
        "former_codes": ";".join(
            dict.fromkeys([*node["history"], *node["precursors"], *node["revocations"]])
        ),
    }
    for child in node["children"].values():
        yield from _nodes(child)


def mane(sources: Sources) -> list[Table]:
    """The summary of MANE: MANE Select and MANE Plus Clinical."""
    status = {"MANE Select": "select", "MANE Plus Clinical": "plus_clinical"}
    rows = [
        {
            "gene": row["symbol"],
            "hgnc": row["HGNC_ID"],
            "ensembl_gene": row["Ensembl_Gene"],
            "refseq_nuc": row["RefSeq_nuc"],
            "refseq_prot": row["RefSeq_prot"],
            "ensembl_nuc": row["Ensembl_nuc"],
            "ensembl_prot": row["Ensembl_prot"],
            "status": status[row["MANE_status"]],
        }
        for row in sources.rows(MANE_FILE, delimiter="\t")
    ]
    rows.sort(key=lambda row: (row["gene"], row["status"] != "select", row["refseq_nuc"]))
    return [Table("mane.csv.gz", "mane", MANE_COLUMNS, tuple(rows))]


def gene_roles(sources: Sources) -> list[Table]:
    """Our own roles over those of the driver list: ours win, the list's word stands beside."""
    listed = _driver_roles(sources)
    rows = []
    for row in sources.rows("gene_roles.csv"):
        second = listed.pop(row["gene"], "")
        rows.append(
            {
                "row": f"gr-{row['gene']}",
                **row,
                "second_role": second,
                "second_source": DRIVER_LIST if second else "",
            }
        )
    for gene, role in listed.items():
        rows.append(
            {
                "row": f"gr-{gene}",
                "gene": gene,
                "role": role if role in {"oncogene", "tumour_suppressor", "both"} else "neither_clear",
                "lof_by_truncation": "no" if role == "oncogene" else "unknown",
                "mechanism_note": f"the driver list alone, which says: {role.replace('_', ' ')}",
                "source": DRIVER_LIST,
                "confidence": "read",
                "second_role": "",
                "second_source": "",
            }
        )
    rows.sort(key=lambda row: row["gene"])
    return [Table("gene_roles.csv", "gene_roles", ROLE_COLUMNS, tuple(rows))]


def _driver_roles(sources: Sources) -> dict[str, str]:
    """The list's word on each gene over all its cancer types: any `tsg` and any `oncogene` make `both`."""
    said: dict[str, set[str]] = defaultdict(set)
    for row in sources.rows("driver-gene-evidence.csv"):
        said[row["gene_symbol"]].add(row["driver_role"])
    roles = {}
    for gene, words in said.items():
        known = {"tsg": "tumour_suppressor", "oncogene": "oncogene"}
        found = sorted(known[word] for word in words if word in known)
        possible = sorted(
            word.replace("tsg", "tumour suppressor") for word in words if word.startswith("possible")
        )
        roles[gene] = "both" if len(found) == 2 else found[0] if found else " or ".join(possible) or "no role"
    return roles


def drivers(sources: Sources) -> list[Table]:
    """Missense changes that were predicted to drive: computational evidence, never an established variant."""
    rows = [
        {
            "row": row["record_id"],
            "gene": row["gene_symbol"],
            "change": row["protein_change"],
            "transcript": row["ensembl_transcript_id"],
            "pmid": row["pmid"].removeprefix("PMID:"),
            "locator": row["source_locator"],
        }
        for row in sources.rows("driver-variant-evidence.csv")
    ]
    return [Table("drivers.csv", "drivers", DRIVER_COLUMNS, tuple(rows))]
