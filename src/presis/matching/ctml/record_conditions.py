"""One condition on one genomic record, three-valued: what a record doesn't say isn't known.

Spelling doesn't count here: case, `p.` before a change, an exon as text. What MatchEngine takes
otherwise is told by a code.
"""

from __future__ import annotations

from presis.matching.ctml.criteria import (
    CNV_CALLS,
    DEFICIENT,
    PROFICIENT,
    REPAIR,
    REPAIR_KEYS,
    SIGNATURE_KEYS,
    STATUS_KEYS,
    Condition,
    categories,
    genomic_field,
)
from presis.matching.ctml.patients import PARTNERS, Fields
from presis.matching.ctml.upstream import wildcard
from presis.methods.rules import Truth

#: a key that only records of one category have
CATEGORY_OF = {
    "protein_change": "MUTATION",
    "wildcard_protein_change": "MUTATION",
    "variant_classification": "MUTATION",
    "exon": "MUTATION",
    "wildtype": "MUTATION",
    "cnv_call": "CNV",
    "fusion_partner_hugo_symbol": "SV",
}
RECOGNISED = {key: frozenset({DEFICIENT.lower(), PROFICIENT.lower()}) for key in REPAIR_KEYS} | {
    key: frozenset({"yes", "no"}) for key in SIGNATURE_KEYS
}

Asked = tuple[Truth, str]
AS_WRITTEN = "met"


def holds(condition: Condition, fields: Fields) -> Asked:
    """Whether a record has what a condition asks, and a code if MatchEngine reads it otherwise."""
    key = condition.key
    if key == "hugo_symbol":
        return _gene(str(condition.value), fields)
    found = fields.get(genomic_field(key))
    if key in STATUS_KEYS:
        return _status(condition, found)
    if found is None:
        return (Truth.UNKNOWN if _may_have(key, fields) else Truth.NO), AS_WRITTEN
    if key == "variant_category":
        return _among(categories(str(condition.value)), found)
    if key == "exon":
        return _exon(condition.value, found)
    if key == "wildtype":
        return _wild_type(condition.value, found)
    if key == "wildcard_protein_change":
        return _wildcard(str(condition.value), str(found))
    if key == "protein_change":
        return _change(str(condition.value), str(found))
    if key == "cnv_call":
        return _among((CNV_CALLS.get(str(condition.value), str(condition.value)),), found)
    return _among((str(condition.value),), found)


def has_recognised_status(key: str, fields: Fields) -> bool:
    """Whether a record tells a status in a word that settles it."""
    return str(fields.get(genomic_field(key))).lower() in RECOGNISED[key]


def _gene(gene: str, fields: Fields) -> Asked:
    """The record's own gene; of a structural variant also its partners."""
    category, symbol = fields.get("VARIANT_CATEGORY"), fields.get("TRUE_HUGO_SYMBOL")
    if symbol == gene:
        return Truth.YES, AS_WRITTEN
    if isinstance(symbol, str) and symbol.lower() == gene.lower():
        return Truth.YES, "case_differs"
    if category in {None, "SV"}:
        partners = [fields.get(name) for name in PARTNERS]
        if any(isinstance(each, str) and each.lower() == gene.lower() for each in partners):
            return Truth.YES, "fusion_partner_is_gene"
        if any(name not in fields for name in PARTNERS):
            return Truth.UNKNOWN, AS_WRITTEN
    unnamed = symbol is None and category in {None, "MUTATION", "CNV"}
    return (Truth.UNKNOWN if unnamed else Truth.NO), AS_WRITTEN


def _may_have(key: str, fields: Fields) -> bool:
    category = fields.get("VARIANT_CATEGORY")
    told_of_any = category is None or key == "wildtype"  # some tell it of a copy number, too
    return told_of_any or CATEGORY_OF.get(key, category) == category


def _status(condition: Condition, found: object) -> Asked:
    wanted = REPAIR[str(condition.value)] if condition.key in REPAIR_KEYS else str(condition.value)
    if found is None:
        return Truth.NO, AS_WRITTEN
    if str(found).lower() not in RECOGNISED[condition.key]:
        return Truth.UNKNOWN, AS_WRITTEN
    return _among((wanted,), found)


def _among(wanted: tuple[str, ...], found: object) -> Asked:
    if found in wanted:
        return Truth.YES, AS_WRITTEN
    same = str(found).lower() in {each.lower() for each in wanted}
    return (Truth.YES, "case_differs") if same else (Truth.NO, AS_WRITTEN)


def _exon(wanted: object, found: object) -> Asked:
    code = "exon_as_text" if isinstance(wanted, str) or isinstance(found, str) else AS_WRITTEN
    return (Truth.YES if str(wanted).strip() == str(found).strip().removesuffix(".0") else Truth.NO), code


def _wild_type(wanted: object, found: object) -> Asked:
    if not isinstance(found, bool):
        return Truth.UNKNOWN, AS_WRITTEN
    return (Truth.YES if found is wanted else Truth.NO), AS_WRITTEN


def _wildcard(wanted: str, found: str) -> Asked:
    pattern = wildcard(wanted)
    if pattern.match(found):
        return Truth.YES, AS_WRITTEN
    return (Truth.YES if pattern.match(f"p.{found}") else Truth.NO), "written_otherwise"


def _change(wanted: str, found: str) -> Asked:
    if wanted == found:
        return Truth.YES, AS_WRITTEN
    same = wanted.lower().removeprefix("p.") == found.lower().removeprefix("p.")
    return (Truth.YES if same else Truth.NO), "written_otherwise"
