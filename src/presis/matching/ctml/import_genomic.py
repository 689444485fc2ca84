"""A genomic leaf of CTML as a criterion on alterations or markers.

An option must never take whom the trial refuses. So a criterion that is asked for may fit less than the leaf,
and one that excludes (`negative`) may fit more, never the other way round; what can't be so is a fault.
"""

from __future__ import annotations

from presis.matching.ctml.criteria import DEFICIENT, REPAIR, REPAIR_KEYS, STATUS_KEYS, Genomic, categories
from presis.matching.ctml.criteria import genomic_field as field_of
from presis.matching.ctml.import_notes import BY_HAND, At, Document
from presis.matching.ctml.import_variants import small_variant
from presis.matching.ctml.record_conditions import CATEGORY_OF
from presis.matching.known import Known

_OWN_KEYS = {
    "MUTATION": frozenset(
        {"protein_change", "wildcard_protein_change", "variant_classification", "exon", "wildtype"}
    ),
    "CNV": frozenset({"cnv_call"}),
    "SV": frozenset({"fusion_partner_hugo_symbol"}),
}
_SAID = {"MUTATION": "a mutation", "CNV": "a copy number", "SV": "a structural variant"}
_COMMON = frozenset({"hugo_symbol", "variant_category"})
_HIGH = frozenset({"high amplification", "high level amplification"})
_LOST = "homozygous deletion"
_GAINS = "a gain isn't told by a panel's report, so that there is none can't be asked"


def genomic_criterion(leaf: Genomic, at: At, known: Known, *, negative: bool) -> Document | None:
    """The criterion for a leaf without its sign; None if there is none, which is noted."""
    keys = [each.key for each in leaf.conditions]
    fields = [field_of(key) for key in keys]
    for key in (key for index, key in enumerate(keys) if fields[index] in fields[:index]):
        at.fault("is a second key on one field; keep one of them", key)
        return None
    if leaf.asks(STATUS_KEYS):
        return _status(leaf, at, negative=negative)
    kinds = _kinds(leaf, at)
    if kinds is None:
        return None
    allowed = _COMMON.union(*(_OWN_KEYS[kind] for kind in kinds)) if len(kinds) == 1 else _COMMON
    surplus = [key for key in keys if key not in allowed]
    for key in surplus:
        at.fault(f"isn't told of {' or '.join(_SAID[kind] for kind in kinds)}; take it out", key)
    gene = _gene(leaf, at, known, structural=kinds == ("SV",))
    if surplus or gene is None:
        return None
    if kinds == ("MUTATION",):
        return small_variant(leaf, gene, at, negative=negative)
    if kinds == ("CNV",):
        return _copy_number(leaf, gene, at, negative=negative)
    if kinds == ("SV",):
        return _structural(leaf, gene, at, known, negative=negative)
    return _anything(kinds, gene, at, negative=negative)


def _kinds(leaf: Genomic, at: At) -> tuple[str, ...] | None:
    """Of which kinds the record may be: by its category, else by the keys that only one kind has."""
    category = leaf.value("variant_category")
    if category is None:
        told = {CATEGORY_OF[each.key] for each in leaf.conditions if each.key in CATEGORY_OF}
        return (told.pop(),) if len(told) == 1 else ("MUTATION", "CNV", "SV")
    words = categories(str(category))
    if set(words) <= set(_SAID):
        return words
    at.fault("asks for a signature and doesn't say which; name one, or take it out", "variant_category")
    return None


def _gene(leaf: Genomic, at: At, known: Known, *, structural: bool) -> str | None:
    key = "hugo_symbol"
    symbol = leaf.value(key)
    if structural and (symbol is None or _any_gene(symbol)):
        key = "fusion_partner_hugo_symbol"
        symbol = leaf.value(key)
    if symbol is None:
        at.fault("names no gene; give hugo_symbol")
        return None
    return _known_gene(str(symbol), key, at, known)


def _known_gene(symbol: str, key: str, at: At, known: Known) -> str | None:
    try:
        return known.gene(symbol)
    except ValueError as error:
        at.fault(str(error), key, symbol)
        return None


def _any_gene(symbol: object) -> bool:
    return str(symbol).lower().replace(" ", "_") == "any_gene"


def _copy_number(leaf: Genomic, gene: str, at: At, *, negative: bool) -> Document | None:
    call = leaf.value("cnv_call")
    word = str(call).lower()
    if call is None:
        return _anything(("CNV",), gene, at, negative=negative)
    if word in _HIGH:
        return {"amplification": {"gene": gene}}
    if word == _LOST:
        return {"deletion": {"gene": gene}}
    said = (
        f"{str(call)!r} has no counterpart (High Amplification and Homozygous Deletion have one); {BY_HAND}"
    )
    at.fault(said, "cnv_call", call)
    return None


def _structural(leaf: Genomic, gene: str, at: At, known: Known, *, negative: bool) -> Document | None:
    key = "fusion_partner_hugo_symbol"
    sides = (leaf.value("hugo_symbol"), leaf.value(key))
    if any(str(side).lower() == "intergenic" for side in sides):
        at.fault(f"asks for a break outside genes, which has no counterpart; {BY_HAND}", key)
        return None
    if any(side is not None and _any_gene(side) for side in sides):
        return {"fusion": {"genes": [gene]}}
    if None in sides:
        if negative:
            said = (
                "excludes any structural variant, also one without a second gene, which isn't asked here;"
                " add fusion_partner_hugo_symbol: any_gene if a fusion is meant"
            )
            at.fault(said)
            return None
        return {"fusion": {"genes": [gene]}}
    partner = _known_gene(str(sides[1]), key, at, known)
    if partner is None:
        return None
    if partner == gene:
        at.fault(f"is the gene itself: a change within one gene has no counterpart; {BY_HAND}", key)
        return None
    return {"fusion": {"genes": [gene], "partner": partner}}


def _anything(kinds: tuple[str, ...], gene: str, at: At, *, negative: bool) -> Document | None:
    """Any record of the gene of some kinds: each asked by its own criterion."""
    if negative:
        at.fault(f"excludes any copy number, too; {_GAINS}; say variant_category: Mutation, or cnv_call")
        return None
    parts: list[Document] = []
    for kind in kinds:
        if kind == "MUTATION":
            parts.append({"small_variant": {"gene": gene, "kinds": ["any"]}})
        elif kind == "CNV":
            parts += [{"amplification": {"gene": gene}}, {"deletion": {"gene": gene}}]
        else:
            parts.append({"fusion": {"genes": [gene]}})
    return {"any": parts}


def _status(leaf: Genomic, at: At, *, negative: bool) -> Document | None:
    """Repair or a signature; beside it the gene isn't looked at."""
    key = next(each.key for each in leaf.conditions if each.key in STATUS_KEYS)
    faulty = False
    for each in leaf.conditions:
        if each.key in STATUS_KEYS and each.key not in REPAIR_KEYS:
            at.fault(f"is a mutational signature, which has no counterpart; {BY_HAND}", each.key)
            faulty = True
        elif each.key != key and each.key not in _COMMON:
            at.fault(f"isn't told of a {key.replace('_', ' ')}; take it out", each.key)
            faulty = True
    category = leaf.value("variant_category")
    if category is not None and categories(str(category)) != ("SIGNATURE",):
        at.fault("should be Signature beside this status", "variant_category", category)
        faulty = True
    if faulty:
        return None
    deficient = REPAIR[str(leaf.value(key))] == DEFICIENT
    sites: Document = {"microsatellites": {"state": "unstable" if deficient else "stable"}}
    proteins: Document = {"mismatch_repair": {"state": "deficient" if deficient else "proficient"}}
    if deficient or negative:  # to MatchEngine both are one status
        return {"any": [sites, proteins]}
    return proteins if key == "mmr_status" else sites
