"""A leaf of a match list: genomic, clinical or prior treatments, with its keys and values checked.

`!` before any value of a genomic leaf makes the whole leaf negative; of a clinical leaf, that key.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from presis.errors import Where
from presis.matching.ctml.criteria import (
    CATEGORIES,
    CLINICAL_FIELDS,
    GENOMIC_FIELDS,
    GENOMIC_LABELS,
    NEVER_TESTED,
    RECEPTORS,
    REPAIR,
    REPAIR_KEYS,
    SIGNATURE_KEYS,
    STRUCTURAL,
    Clinical,
    Condition,
    Criterion,
    Genomic,
    PriorTreatment,
    Scalar,
)
from presis.matching.ctml.diagnoses import is_known, nearest
from presis.matching.ctml.ranges import parse_range
from presis.matching.ctml.remarks import Remarks
from presis.methods.rules import AllOf, Leaf, Not, Rule

LEAVES = ("genomic", "clinical", "prior_treatments")
RECEPTOR_WORDS = frozenset({"positive", "negative", "unknown", "true", "false"})
_RANGES = frozenset({"age_numerical", "tmb_numerical"})
_TEXTS = frozenset(
    {
        "hugo_symbol",
        "fusion_partner_hugo_symbol",
        "protein_change",
        "variant_classification",
        "cnv_call",
        "gender",
        "oncotree_primary_diagnosis",
    }
)
#: where MatchEngine itself stops at anything but text
_TEXT_OR_STOP = frozenset({"wildcard_protein_change", "variant_category"})
_CATEGORIES = "Mutation, Copy Number Variation, Structural Variation, Signature, Any Variation"


def read_leaf(name: str, value: object, where: Where, remarks: Remarks) -> Rule[Criterion]:
    """Read a leaf; a faulty one is remarked on."""
    if name not in LEAVES:
        remarks.error("leaf", f"{name!r} is no criterion; use and, or, {', '.join(LEAVES)}", where, name)
        return AllOf(())
    if not isinstance(value, dict):
        remarks.error("leaf", "should be a mapping of keys and values", where, value)
        return AllOf(())
    if name == "genomic":
        return _genomic(value, where, remarks)
    if name == "clinical":
        return _clinical(value, where, remarks)
    return _prior_treatments(value, where, remarks)


def _genomic(value: Mapping[object, object], where: Where, remarks: Remarks) -> Rule[Criterion]:
    conditions, negative = [], False
    for written, asked in value.items():
        key, place = str(written).lower(), _inside(where, written)
        if key in GENOMIC_LABELS:
            remarks.warn("ignored", f"{key} is a name for people; it asks nothing", place)
            continue
        if key not in GENOMIC_FIELDS:
            _unknown_key(key, GENOMIC_FIELDS, place, remarks)
        scalar, denied = _without_sign(asked, place, remarks)
        if _is_one_value(asked):
            _check_genomic(key, scalar, place, remarks)
        conditions.append(Condition(key, scalar))
        negative = negative or denied
    if not conditions:
        remarks.fault("empty", "asks nothing", where)
        return AllOf(())
    leaf: Rule[Criterion] = Leaf(Genomic(tuple(conditions)))
    return Not(leaf) if negative else leaf


def _clinical(value: Mapping[object, object], where: Where, remarks: Remarks) -> Rule[Criterion]:
    parts: list[Rule[Criterion]] = []
    for written, asked in value.items():
        key, place = str(written).lower(), _inside(where, written)
        if key in NEVER_TESTED:
            parts.append(_never_tested(key, asked, place, remarks))
            continue
        if key not in CLINICAL_FIELDS:
            _unknown_key(key, CLINICAL_FIELDS, place, remarks)
        scalar, denied = (
            _range(asked, place, remarks) if key in _RANGES else _without_sign(asked, place, remarks)
        )
        if key not in _RANGES and _is_one_value(asked):
            _check_clinical(key, scalar, place, remarks)
        leaf: Rule[Criterion] = Leaf(Clinical(Condition(key, scalar)))
        parts.append(Not(leaf) if denied else leaf)
    if not parts:
        remarks.fault("empty", "asks nothing", where)
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _prior_treatments(value: Mapping[object, object], where: Where, remarks: Remarks) -> Rule[Criterion]:
    remarks.warn("prior_treatments", "can't be reported by MatchEngine: nobody matches it", where)
    conditions, negative = [], False
    for written, asked in value.items():
        key, place = str(written).lower(), _inside(where, written)
        if key != "drug":
            _unknown_key(key, {"drug": "DRUG"}, place, remarks)
        scalar, denied = _without_sign(asked, place, remarks)
        conditions.append(Condition(key, scalar))
        negative = negative or denied
    leaf: Rule[Criterion] = Leaf(PriorTreatment(tuple(conditions)))
    return Not(leaf) if negative else leaf


def _never_tested(key: str, asked: object, where: Where, remarks: Remarks) -> Rule[Criterion]:
    remarks.warn("ignored", f"{key} is accepted and never tested by MatchEngine", where)
    values = asked if isinstance(asked, list) else [asked]
    read = [_without_sign(each, where, remarks) for each in values]
    words = {str(value).lower() for value, _ in read}
    if key in RECEPTORS and not words <= RECEPTOR_WORDS:
        remarks.fault("value", "should be Positive, Negative or Unknown", where, asked)
    signs = {denied for _, denied in read}
    if len(signs) != 1:
        remarks.fault("value", "should be one value, or several with ! before all or none", where, asked)
    leaf: Rule[Criterion] = Leaf(Clinical(Condition(key, tuple(value for value, _ in read))))
    return Not(leaf) if True in signs else leaf


def _unknown_key(key: str, known: Mapping[str, str], where: Where, remarks: Remarks) -> None:
    near = get_close_matches(key, known, n=1)
    meant = f", perhaps {near[0]}" if near else ""
    said = f"{key!r} is no key of CTML{meant}; MatchEngine looks for a field {key.upper()}"
    remarks.fault("key", f"{said}, which nobody has unless a document does", where, key)


def _check_genomic(key: str, value: Scalar, where: Where, remarks: Remarks) -> None:
    if key in _TEXT_OR_STOP and not isinstance(value, str):
        remarks.error("value", "should be text", where, value)
    elif key in REPAIR_KEYS and value not in REPAIR:
        remarks.error("value", f"should be one of {', '.join(REPAIR)}", where, value)
    elif key in SIGNATURE_KEYS and value not in {"Yes", "No"}:
        remarks.fault("value", "should be the text Yes or No (in quotes)", where, value)
    elif key == "variant_category":
        _check_category(str(value), where, remarks)
    elif key == "exon":
        _check_exon(value, where, remarks)
    elif key == "wildtype" and not isinstance(value, bool):
        remarks.fault("value", "should be true or false, without quotes", where, value)
    elif key in _TEXTS and not (isinstance(value, str) and value):
        remarks.fault("value", "should be text", where, value)


def _check_category(value: str, where: Where, remarks: Remarks) -> None:
    words = CATEGORIES.get(value.lower())
    if words is None:
        remarks.fault("value", f"should be one of {_CATEGORIES}", where, value)
    elif words == ("SV",) and value != STRUCTURAL:
        said = f"only the exact words {STRUCTURAL} are read as one by MatchEngine; else it compares the gene"
        remarks.warn("structural_variation", said, where, value)


def _check_exon(value: Scalar, where: Where, remarks: Remarks) -> None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        said = "is text, which MatchEngine never finds equal to the number of a record's exon"
        remarks.warn("exon_as_text", said, where, value)
    elif isinstance(value, bool) or not isinstance(value, int):
        remarks.fault("value", "should be a whole number", where, value)


def _check_clinical(key: str, value: Scalar, where: Where, remarks: Remarks) -> None:
    if key in _TEXTS and not (isinstance(value, str) and value):
        remarks.fault("value", "should be text", where, value)
    elif key == "oncotree_primary_diagnosis" and not is_known(str(value)):
        near = nearest(str(value))
        meant = f"; the nearest is {near!r}" if near else ""
        remarks.fault("diagnosis", f"{value!r} is no diagnosis of MatchEngine's map{meant}", where, value)


def _range(value: object, where: Where, remarks: Remarks) -> tuple[Scalar, bool]:
    """An age or a rate; there is no `!` for them."""
    try:
        parse_range(value)
    except ValueError as error:
        remarks.error("value", str(error), where, value)
    return str(value), False


def _is_one_value(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _without_sign(value: object, where: Where, remarks: Remarks) -> tuple[Scalar, bool]:
    """A value without the `!` before it, and whether there was one."""
    if isinstance(value, str):
        return value.removeprefix("!"), value.startswith("!")
    if value is None or isinstance(value, int | float):
        return value, False
    remarks.error("value", "should be one value: text, a number, true or false", where, value)
    return None, False


def _inside(where: Where, key: object) -> Where:
    return Where(file=where.file, field=f"{where.field}.{key}")
