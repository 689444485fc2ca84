"""CIViC's evidence items in today's layout: molecular profiles, features, therapies that belong together.

The columns and words are those of the server's own source and documentation (griffithlab/civic-v2,
docs.civicdb.org); no real file of this layout was seen. An item that isn't understood is listed in
`left_out.csv` with the reason, and never read as something simpler.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from presis.knowledge.build.sources import Row, own_tables
from presis.knowledge.build.writer import Table
from presis.knowledge.civic import COLUMNS, DISEASE_COLUMNS, IN_TURN, INSTEAD, TOGETHER
from presis.knowledge.forms import LEFT_OUT_COLUMNS
from presis.knowledge.functional import FUNCTIONAL_COLUMNS
from presis.knowledge.library import Library, load_library
from presis.knowledge.verification import VALIDATION_PMIDS

EVIDENCE_COLUMNS = (
    *(
        "molecular_profile",
        "molecular_profile_id",
        "disease",
        "doid",
        "therapies",
        "therapy_interaction_type",
    ),
    *("evidence_type", "evidence_direction", "evidence_level", "significance", "citation_id", "source_type"),
    *("citation", "nct_ids", "rating", "evidence_status", "evidence_id", "variant_origin", "is_flagged"),
)
VARIANT_COLUMNS = ("variant", "single_variant_molecular_profile_id", "gene")


def _words(*words: str) -> dict[str, str]:
    """The words by their letters alone: the files have `Does Not Support`, CIViC's interface capitals."""
    return {_letters(word): word for word in words}


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.casefold())


_TYPES = _words("Predictive", "Diagnostic", "Prognostic", "Predisposing", "Oncogenic", "Functional")
_DIRECTIONS = {**_words("Supports", "Does Not Support"), "na": "", "": ""}
_SIGNIFICANCES = {
    **_words("Sensitivity/Response", "Resistance", "Reduced Sensitivity", "Adverse Response", "N/A"),
    **_words("Positive", "Negative", "Better Outcome", "Poor Outcome", "Unknown"),
    **_words("Predisposition", "Protectiveness", "Oncogenicity", "Uncertain Significance"),
    **_words("Pathogenic", "Likely Pathogenic", "Benign", "Likely Benign", "Oncogenic", "Likely Oncogenic"),
    **_words("Gain of Function", "Loss of Function", "Unaltered Function", "Neomorphic", "Dominant Negative"),
    "": "",
}
_ORIGINS = {**_words("Somatic", "Rare Germline", "Common Germline", "Unknown", "N/A"), "": ""}
_INTERACTIONS = {"combination": TOGETHER, "substitutes": INSTEAD, "sequential": IN_TURN, "": ";"}

#: What makes a profile more than one variant: words in capitals, or brackets round several.
_OPERATOR = re.compile(r"(?:^|[\s(])(?:AND|OR|NOT)(?:$|[\s(])")
_PAIR = re.compile(r"(v|[A-Z0-9][A-Za-z0-9-]*)::(v|[A-Z0-9][A-Za-z0-9-]*)")
_CHANGE = re.compile(r"[A-Z]\d+(?:[A-Z*]|(?:_[A-Z]\d+)?(?:del|dup|ins[A-Z]+|delins[A-Z]+))")
#: Effect, criterion, and the roles that the gene may have; other effects make no candidate.
_EFFECTS = {
    "Gain of Function": ("gain_of_function", "OS2", ("oncogene", "both")),
    "Loss of Function": ("loss_of_function", "OS2", ("tumour_suppressor", "both")),
    "Unaltered Function": ("no_effect", "SBS2", None),
}


class _LeftOutError(Exception):
    """Why an item isn't used."""


@dataclass(frozen=True, slots=True)
class _Profile:
    """The one variant of a simple molecular profile."""

    feature_type: str
    feature: str
    variant: str


def tables(evidence: Sequence[Row], variants: Sequence[Row]) -> list[Table]:
    """The items, their diseases, candidates for OS2 and SBS2, and what was left out."""
    library = load_library()
    profiles = _profiles(variants)
    items: dict[str, Row] = {}
    left_out: list[Row] = []
    sources: dict[str, Row] = {}
    for row in evidence:
        try:
            item = _item(row, profiles, library, items.keys())
        except _LeftOutError as reason:
            left_out.append(_left_out(row["evidence_id"], row["molecular_profile"], str(reason)))
        else:
            items[item["evidence_id"]] = item
            sources[item["evidence_id"]] = row
    rows = sorted(items.values(), key=lambda row: int(row["evidence_id"]))
    diseases = _diseases(rows, library)
    candidates, no_candidates = _candidates(rows, sources, library)
    return [
        Table("civic.csv.gz", "civic", COLUMNS, tuple(rows)),
        Table("diseases.csv", "diseases", DISEASE_COLUMNS, tuple(diseases)),
        Table("functional.csv", "functional_evidence", FUNCTIONAL_COLUMNS, tuple(candidates)),
        Table("left_out.csv", "left_out", LEFT_OUT_COLUMNS, (*left_out, *no_candidates)),
    ]


def caution(made: Sequence[Table]) -> str:
    """How many items were left out and how many have a tumour type that is unknown."""
    by_form = {table.form: table.rows for table in made}
    mapped = {row["doid"] for row in by_form["diseases"]}
    unknown = sum(bool(row["disease"]) and row["doid"] not in mapped for row in by_form["civic"])
    items, left_out = len(by_form["civic"]), len(by_form.get("left_out", ()))
    return (
        f"read by CIViC's documentation of the layout; {left_out} rows in left_out.csv; "
        f"the disease of {unknown} of {items} items is unknown to OncoTree"
    )


def _left_out(identifier: str, marker: str, reason: str) -> Row:
    return {"id": f"civic-{identifier}", "marker": " ".join(marker.split()), "reason": reason}


def _profiles(variants: Iterable[Row]) -> dict[str, _Profile]:
    """The profiles of one variant, by id. Before features came, every variant was a gene's."""
    return {
        row["single_variant_molecular_profile_id"]: _Profile(
            row.get("feature_type", "Gene"), row.get("feature_name", row["gene"]), row["variant"]
        )
        for row in variants
        if row["single_variant_molecular_profile_id"]
    }


def _item(row: Row, profiles: Mapping[str, _Profile], library: Library, before: Collection[str]) -> Row:
    if row["evidence_status"] != "accepted":
        raise _LeftOutError(f"its status is {row['evidence_status'] or 'empty'}; accepted items count alone")
    if row["is_flagged"].casefold() != "false":
        raise _LeftOutError("CIViC has flagged it, or doesn't say that it hasn't")
    if not row["evidence_id"].isdecimal():
        raise _LeftOutError("its evidence_id is no number")
    if row["evidence_id"] in before:
        raise _LeftOutError("another item of the same number stands before it")
    gene, variant = _gene_and_variant(row, profiles, library)
    if row["citation_id"] in VALIDATION_PMIDS:
        raise _LeftOutError("its paper is of the oncogenicity standard's validation set")
    if row["evidence_level"] not in tuple("ABCDE"):
        raise _LeftOutError("its evidence_level is none of A to E")
    if row["rating"] not in ("", *"12345"):
        raise _LeftOutError("its rating is none of 1 to 5")
    return {
        "evidence_id": row["evidence_id"],
        "gene": gene,
        "variant": variant,
        "disease": " ".join(row["disease"].split()),
        "doid": row["doid"].strip().removeprefix("DOID:"),
        "drugs": _drugs(row),
        "evidence_type": _word(row, "evidence_type", _TYPES),
        "direction": _word(row, "evidence_direction", _DIRECTIONS),
        "level": row["evidence_level"],
        "significance": _word(row, "significance", _SIGNIFICANCES),
        "rating": row["rating"],
        "pubmed_id": row["citation_id"] if row["source_type"] == "PubMed" else "",
        "variant_origin": _word(row, "variant_origin", _ORIGINS),
        "nct": ";".join(sorted({part.strip() for part in row["nct_ids"].split(",")} - {""})),
    }


def _word(row: Row, column: str, known: Mapping[str, str]) -> str:
    found = known.get(_letters(row[column]))
    if found is None:
        raise _LeftOutError(f"its {column} is {row[column]!r}, which Presis doesn't know")
    return found


def _drugs(row: Row) -> str:
    """One entry that says how the therapies belong together; several, if the item doesn't say it."""
    interaction = _word(row, "therapy_interaction_type", _INTERACTIONS)
    return interaction.join(part.strip() for part in row["therapies"].split(",") if part.strip())


def _gene_and_variant(row: Row, profiles: Mapping[str, _Profile], library: Library) -> tuple[str, str]:
    """The gene and the variant of a profile of one variant. A fusion keeps its whole name."""
    name = " ".join(row["molecular_profile"].split())
    if _OPERATOR.search(name):
        raise _LeftOutError("its molecular profile combines variants (AND, OR, NOT), which aren't compared")
    profile = profiles.get(row["molecular_profile_id"])
    if profile is None:
        raise _LeftOutError("VariantSummaries names no single variant for its molecular profile")
    if name != " ".join(f"{profile.feature} {profile.variant}".split()):
        raise _LeftOutError("VariantSummaries names its molecular profile otherwise")
    if profile.feature_type == "Gene":
        gene, variant = profile.feature, " ".join(profile.variant.split())
    elif profile.feature_type == "Fusion":
        gene, variant = _fusion_gene(profile), name
    else:
        raise _LeftOutError(f"its feature is a {profile.feature_type}, which isn't compared")
    if library.mane(gene) is None and gene not in library.other_names:
        raise _LeftOutError("its gene is none of MANE, and no former symbol of one")
    return gene, variant


def _fusion_gene(profile: _Profile) -> str:
    """The 3' partner, or the 5' one if any gene may stand at 3'."""
    pair = _PAIR.fullmatch(profile.feature)
    if pair is None or pair[1] == pair[2] == "v":
        raise _LeftOutError("its fusion has a partner that is unknown or no gene")
    if profile.variant != "Fusion":
        raise _LeftOutError("its fusion is one of certain exons, which aren't compared")
    return pair[2] if pair[2] != "v" else pair[1]


def _diseases(rows: Sequence[Row], library: Library) -> list[Row]:
    """The project's own table, and further diseases of these items whose name is just a known one.

    An item without a DOID gets the one that our table has for its name.
    """
    diseases = own_tables().rows("doid_oncotree.csv")
    by_doid = {row["doid"]: row for row in diseases}
    by_name = {row["disease"].casefold(): row for row in diseases}
    nodes: defaultdict[str, list[str]] = defaultdict(list)
    for node in library.oncotree.nodes.values():
        nodes[node.name.casefold()].append(node.code)
    for row in rows:
        doid, name = row["doid"], row["disease"].casefold()
        if not doid and name in by_name:
            row["doid"] = by_name[name]["doid"]
        elif doid and doid not in by_doid:
            found = {**by_name[name], "doid": doid} if name in by_name else None
            if found is None and len(nodes[name]) == 1:
                found = {"doid": doid, "oncotree": nodes[name][0], "fit": "same", "note": "by its name alone"}
            if found is not None:
                by_doid[doid] = {**found, "disease": row["disease"]}
    return sorted(by_doid.values(), key=lambda row: row["doid"])


def _candidates(
    rows: Iterable[Row], sources: Mapping[str, Row], library: Library
) -> tuple[list[Row], list[Row]]:
    """Functional items as evidence that waits for confirmation, and those that can be none, with the reason.

    Items that contradict one another on a change are all left out.
    """
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    left_out: list[Row] = []
    for item in (row for row in rows if row["evidence_type"] == "Functional"):
        try:
            candidate = _candidate(item, sources[item["evidence_id"]], library)
            found[candidate["gene"], candidate["pattern"]].append(candidate)
        except _LeftOutError as reason:
            left_out.append(_no_candidate(item, str(reason)))
    candidates: list[Row] = []
    for of_change in found.values():
        if len({each["effect"] for each in of_change}) == 1:
            candidates += of_change
        else:
            left_out += [
                {
                    "id": each["row"],
                    "marker": f"{each['gene']} {each['change']}",
                    "reason": "no OS2 or SBS2: functional items contradict one another on its change",
                }
                for each in of_change
            ]
    return candidates, left_out


def _no_candidate(item: Row, reason: str) -> Row:
    return _left_out(item["evidence_id"], f"{item['gene']} {item['variant']}", f"no OS2 or SBS2: {reason}")


def _candidate(item: Row, source: Row, library: Library) -> Row:
    if item["direction"] != "Supports":
        raise _LeftOutError("the item doesn't support its effect")
    if item["significance"] not in _EFFECTS:
        raise _LeftOutError(f"the effect is {item['significance'] or 'not told'}")
    effect, criterion, roles = _EFFECTS[item["significance"]]
    role = library.gene_role(item["gene"])
    if roles is not None and (role is None or role.role not in roles):
        raise _LeftOutError(f"{item['significance'].casefold()}, but the gene isn't known as {roles[0]}")
    if not _CHANGE.fullmatch(item["variant"]):
        raise _LeftOutError("the variant is no single change of a protein")
    change = f"p.{item['variant']}"
    return {
        "row": f"civic-{item['evidence_id']}-{criterion}",
        "gene": item["gene"],
        "change": change,
        "pattern": change,
        "pattern_type": "exact",
        "effect": effect,
        "criterion": criterion,
        "study": f"CIViC EID{item['evidence_id']}: {' '.join(source['citation'].split())}",
        "pmid": item["pubmed_id"],
        "checked_at": f"https://civicdb.org/links/evidence/{item['evidence_id']}",
        "confidence": "imported",
    }
