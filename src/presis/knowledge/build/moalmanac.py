"""Turns a user's own copy of moalmanac-db (`referenced/*.json`) into a pack of approvals.

The database may not be shipped (GPL-2.0, and for research only by its own words), so its rows are
`imported`: they are shown and give no tier until a laboratory confirms them. A statement whose marker
or tumour can't be written in our vocabulary is listed in `left_out.csv` with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from presis.knowledge.build.sources import Row, Sources
from presis.knowledge.build.writer import Table
from presis.knowledge.forms import COLUMNS
from presis.knowledge.library import Library, load_library
from presis.knowledge.oncotree import SOLID

#: Tumours that the database names outside OncoTree: the nodes, and those excluded.
_OTHER_TUMOURS = {
    "ncit:C132146": (SOLID, ""),
    "ncit:C135017": ("NSCLC", "LUSC"),
    "ncit:C9385": ("RCC", ""),
    "ncit:C3163": ("CLLSLL", ""),
    "ncit:C182151": ("DMG", ""),
}
#: Markers by name, where one word of ours means the same.
_MARKERS = {
    "HER2-positive": "ERBB2 positive",
    "HER2-negative": "ERBB2 negative",
    "HER2-low": "ERBB2 low",
    "ER positive": "ER positive",
    "EGFR positive": "EGFR expressed",
    "FOLR1 positive": "FOLR1 positive",
    "CLDN18.2 >= 75%": "CLDN18 positive",
    "c-Met >= 50%": "MET overexpression",
    "dMMR": "dMMR",
    "pMMR": "pMMR",
    "MSI-H": "MSI-H",
    "MSS": "MSI-H absent",
    "HRD": "HRD positive",
    "TMB-H (>= 10 mutations / Mb)": "TMB >= 10",
    "Wild type KRAS": "KRAS wild_type",
}
#: Small variants by exon and kind.
_BY_EXON = {
    (19, "Deletion"): "exon19 inframe_del",
    (20, "Insertion"): "exon20 inframe_ins",
    (14, "Splice Site"): "exon14 skipping",
    (14, "Deletion"): "exon14 skipping",
}


class _LeftOutError(Exception):
    """What of a statement can't be written in our words."""


@dataclass(frozen=True, slots=True)
class _Tables:
    """The database's tables, each by id."""

    tables: Mapping[str, Mapping[Any, dict[str, Any]]]

    def of(self, table: str, identifier: Any) -> dict[str, Any]:
        return self.tables[table][identifier]


def moalmanac(sources: Sources) -> list[Table]:
    """The approvals, the drugs that our table lacks, and what was left out."""
    names = ("propositions", "biomarkers", "diseases", "genes", "therapies", "therapy_groups", "indications")
    db = _Tables(
        {name: {each["id"]: each for each in sources.json(f"{name}.json")} for name in (*names, "documents")}
    )
    library = load_library()
    approvals: list[Row] = []
    left_out: list[Row] = []
    for statement in sources.json("statements.json"):
        proposition = db.of("propositions", statement["proposition_id"])
        try:
            approvals.append(_approval(db, library, statement, proposition))
        except _LeftOutError as reason:
            markers = [db.of("biomarkers", each)["name"] for each in proposition["biomarkers"]]
            left_out.append(
                {"id": f"moa-{statement['id']}", "marker": " AND ".join(markers), "reason": str(reason)}
            )
    return [
        Table("approvals.csv", "approvals", COLUMNS["approvals"], tuple(approvals)),
        Table("drugs.csv", "drugs", COLUMNS["drugs"], tuple(_drugs(db, library))),
        Table("left_out.csv", "left_out", COLUMNS["left_out"], tuple(left_out)),
    ]


def described(sources: Sources, _tables: Sequence[Table]) -> dict[str, Any]:
    """The version of the copy, by the day on which its content was last updated."""
    updated = sources.json("about.json")["last_updated"]
    return {"version": updated, "date": updated, "valid_on": updated}


def _approval(
    db: _Tables, library: Library, statement: Mapping[str, Any], proposition: Mapping[str, Any]
) -> Row:
    indication = db.of("indications", statement["indication_id"])
    document = db.of("documents", indication["document_id"])
    disease = db.of("diseases", proposition["conditionQualifier_id"])
    oncotree, excluded = _tumour(library, disease)
    date = indication["initial_approval_date"] or ""
    return {
        "id": f"moa-{statement['id']}",
        "agency": document["agent_id"].upper(),
        "drug": " + ".join(_drug_names(db, library, proposition)),
        "brand": document["drug_name_brand"] or "",
        "biomarker": _biomarker(db, proposition["biomarkers"]),
        "tumour": disease["name"],
        "oncotree": oncotree,
        "oncotree_excluded": excluded,
        "line": "as the indication says",
        "conditions": " ".join(indication["indication"].split()),
        "date": date,
        "date_source": "moalmanac" if date else "",
        "document": " ".join(document["name"].split()),
        "address": indication["initial_approval_url"] or "",
        "status": _status(indication, document),
        "checked_in_moalmanac": "yes",
        "confidence": "imported",
    }


def _status(indication: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    if indication.get("status") in {"Withdrawn", "Superseded"}:
        return f"withdrawn; {indication['status'].casefold()}"
    return "current" if document["status"] == "Active" else "withdrawn; document deprecated"


def _tumour(library: Library, disease: Mapping[str, Any]) -> tuple[str, str]:
    coding = disease["primary_coding_id"]
    if coding in _OTHER_TUMOURS:
        return _OTHER_TUMOURS[coding]
    system, _, code = coding.partition(":")
    if system == "oncotree":
        if library.oncotree.node(code) is not None:
            return code, ""
        now = [node.code for node in library.oncotree.nodes.values() if code in node.former_codes]
        if now:
            return ";".join(now), ""
    raise _LeftOutError(f"the tumour {disease['name']} ({coding}) has no node in OncoTree 2025-10-03")


def _biomarker(db: _Tables, identifiers: list[int]) -> str:
    markers = [db.of("biomarkers", each) for each in identifiers]
    names = {marker["name"] for marker in markers}
    terms = []
    if {"Wild type KRAS", "Wild type NRAS"} <= names:
        terms.append("RAS wild_type")
        markers = [each for each in markers if each["name"] not in {"Wild type KRAS", "Wild type NRAS"}]
    terms += [_term(db, marker) for marker in markers]
    return " AND ".join(dict.fromkeys(terms))


def _term(db: _Tables, marker: Mapping[str, Any]) -> str:
    name = marker["name"]
    has = {each["name"]: each.get("value") for each in marker["extensions"]}
    genes = [db.of("genes", each)["name"] for each in marker.get("genes", ())]
    if not has.get("_present", True):
        raise _LeftOutError(f"{name} must be absent, which our words say for RAS and MSI alone")
    if name in _MARKERS:
        return _MARKERS[name]
    found = None
    if len(genes) == 1:
        match has["biomarker_type"]:
            case "Somatic Variant":
                found = _small_variant(name, has)
            case "Germline Variant":
                found = "germline pathogenic"
            case "Rearrangement":
                found = "fusion" if has["rearrangement_type"] == "Fusion" else None
                found = "rearrangement" if has["rearrangement_type"] is None else found
            case "Copy Number":
                found = "amplification" if has["direction"] == "Amplification" else None
    if found is None:
        raise _LeftOutError(f"{name} isn't in the vocabulary of markers")
    return f"{genes[0]} {found}"


def _small_variant(name: str, has: Mapping[str, Any]) -> str | None:
    change, annotation = has["protein_change"], has["variant_annotation"]
    if change is not None:
        return str(change) if annotation == "Missense" else None
    if (has["exon"], annotation) in _BY_EXON:
        return _BY_EXON[has["exon"], annotation]
    if annotation is not None:
        return None
    if "TKD" in name:
        return "kinase_domain activating" if name.startswith("ERBB2") else None  # the bounds that we hold
    return "activating" if has.get("requires_oncogenic") else "mutation"


def _therapies(db: _Tables, proposition: Mapping[str, Any]) -> list[dict[str, Any]]:
    if proposition["therapy_id"] is not None:
        return [db.of("therapies", proposition["therapy_id"])]
    group = db.of("therapy_groups", proposition["therapy_group_id"])
    return [db.of("therapies", each) for each in group["therapies"]]


def _drug_names(db: _Tables, library: Library, proposition: Mapping[str, Any]) -> list[str]:
    names = []
    for therapy in _therapies(db, proposition):
        drug = library.drug(therapy["name"])
        names.append(drug.generic if drug is not None else therapy["name"].casefold())
    return names


def _drugs(db: _Tables, library: Library) -> list[Row]:
    """The therapies that our own table of drugs doesn't hold, as rows of its form."""
    rows = []
    for therapy in db.tables["therapies"].values():
        generic = therapy["name"].casefold()
        if library.drug(generic) is None and generic not in library.backbones:
            has = {each["name"]: each.get("value") for each in therapy["extensions"]}
            strategy = has.get("therapy_strategy") or []
            rows.append(
                {
                    **dict.fromkeys(COLUMNS["drugs"], ""),
                    "id": f"moa-drug-{therapy['id']}",
                    "generic": generic,
                    "class": "; ".join([strategy] if isinstance(strategy, str) else strategy),
                    "type": has.get("therapy_type") or "",
                    "source": "moalmanac-db",
                    "confidence": "imported",
                }
            )
    return rows
