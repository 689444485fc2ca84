"""What CIViC's evidence items propose for a finding: AMP levels as a proposal, never a verdict.

The table from CIViC's levels to AMP's is the project's own (decision 0006); CIViC's levels rate one
item, AMP the sum. Only predictive, accepted items that support; others are counter-evidence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from presis.diagnostics.drug_names import parts_of
from presis.diagnostics.findings import ClassifiedVariant, Findings
from presis.diagnostics.oncogenicity import ONCOGENIC
from presis.diagnostics.option import Direction, Option
from presis.diagnostics.profile import Alteration, Fusion
from presis.knowledge import CivicItem, Library, Relation
from presis.methods.rules import Truth, of_class

_SENSITIVE = {"Sensitivity", "Sensitivity/Response"}
_RESISTANT = {"Resistance", "Reduced Sensitivity"}


_CATEGORIES = {"MUTATION", "TRUNCATING MUTATION", "LOSS-OF-FUNCTION"}


@dataclass(frozen=True, slots=True)
class CivicEvidence:
    """One item for a finding: the drug as CIViC writes it, its level, and what it proposes.

    `supports` False: counter-evidence, which proposes nothing. `proposed`: an AMP level, or None.
    `caveat` is a code: what was not checked.
    """

    finding: str
    item: CivicItem
    direction: Direction
    supports: bool
    relation: Relation
    proposed: str | None
    caveat: str | None


def civic_evidence(
    findings: Findings, library: Library, tumour: str | None, options: Sequence[Option]
) -> tuple[CivicEvidence, ...]:
    """The items that speak of what was found, best level first."""
    barred = {
        part for option in options if option.relation is Relation.EXCLUDED for part in parts_of(option.drug)
    }
    statements = [
        (statement, part)
        for option in options
        if option.direction == "sensitivity"
        for statement in option.statements
        for part in parts_of(option.drug)
    ]
    anywhere = {part for _, part in statements}
    here = {part for statement, part in statements if statement.relation is Relation.THIS_TYPE}
    approved = _Approved(frozenset(here), frozenset(anywhere), frozenset(barred))
    out = []
    for finding, items in _matches(findings, library):
        for item in items:
            evidence = _propose(finding, item, library, tumour, approved)
            if evidence is not None:
                out.append(evidence)
    return tuple(
        sorted(out, key=lambda e: (not e.supports, e.proposed or "Z", e.item.level, e.item.evidence_id))
    )


@dataclass(frozen=True, slots=True)
class _Approved:
    """Drugs approved with these findings for this tumour type, for any, and barred here by a label."""

    here: frozenset[str]
    anywhere: frozenset[str]
    barred: frozenset[str]


def _matches(findings: Findings, library: Library) -> Iterable[tuple[str, list[CivicItem]]]:
    named = _by_name(library)
    for each in findings.variants:
        names = named.get(each.variant.gene or "")
        if names is None:
            continue
        items = [item for name in _names(each) for item in names.get(name, ())]
        if items:
            yield each.id, items
    for index, call in enumerate(findings.profile.copy_numbers):
        if call.kind is Alteration.AMPLIFICATION:
            items = [item for item in library.civic_for(call.gene) if item.variant.upper() == "AMPLIFICATION"]
            if items:
                yield f"cn:{index}", items
    for index, fusion in enumerate(findings.profile.fusions):
        items = [
            item
            for gene in fusion.genes
            for item in library.civic_for(gene)
            if _fusion_fits(item, fusion, library)
        ]
        if items:
            yield f"fu:{index}", items


@lru_cache(maxsize=8)
def _by_name(library: Library) -> dict[str, dict[str, tuple[CivicItem, ...]]]:
    """CIViC's items by gene and by the name of the variant."""
    out: defaultdict[str, defaultdict[str, list[CivicItem]]] = defaultdict(lambda: defaultdict(list))
    for item in library.civic:
        category = item.variant.upper()  # today's releases write `Mutation`, that of 2018 `MUTATION`
        out[item.gene][category if category in _CATEGORIES else item.variant].append(item)
    return {gene: {name: tuple(items) for name, items in names.items()} for gene, names in out.items()}


def _names(each: ClassifiedVariant) -> Iterator[str]:
    """What CIViC may call a change: by name, by codon, and by categories that a VUS meets none of."""
    facts = each.facts
    if facts is None or facts.protein is None or facts.protein.position is None:
        return
    yield facts.protein.short.removeprefix("p.")
    if facts.is_missense:
        yield f"{facts.protein.ref}{facts.protein.position}"
    if each.oncogenicity is not None and of_class(each.oncogenicity.classes, ONCOGENIC) is Truth.YES:
        yield "MUTATION"
        if facts.is_truncating:
            yield from ("TRUNCATING MUTATION", "LOSS-OF-FUNCTION")


_FUSION = re.compile(r"([A-Z0-9]+)-([A-Z0-9]+)")
_DIRECTED = re.compile(r"(\S+)::(\S+) Fusion")


def _fusion_fits(item: CivicItem, fusion: Fusion, library: Library) -> bool:
    """By category, by both genes, or by the places of the genes: `v::ALK Fusion` has any gene at 5'."""
    if item.variant.upper() in {"FUSION", f"{item.gene} FUSIONS", f"{item.gene} FUSION", "REARRANGEMENT"}:
        return True
    directed = _DIRECTED.fullmatch(item.variant)
    if directed is not None:
        five, three = (None if name == "v" else library.current_symbol(name) for name in directed.groups())
        ways = [(fusion.first, fusion.second)]
        if not fusion.order_known:
            ways.append((fusion.second, fusion.first))
        return any(five in (None, *first) and three in (None, *second) for first, second in ways)
    pair = _FUSION.fullmatch(item.variant)
    return pair is not None and set(pair.groups()) <= set(fusion.genes)


def _propose(
    finding: str, item: CivicItem, library: Library, tumour: str | None, approved: _Approved
) -> CivicEvidence | None:
    if item.evidence_type != "Predictive" or item.is_germline or not item.drugs:
        return None
    if item.significance in _SENSITIVE:
        direction: Direction = "sensitivity"
    elif item.significance in _RESISTANT:
        direction = "resistance"
    else:
        return None
    codes = item.oncotree
    relation = library.oncotree.relation(tumour, codes, ()) if codes else Relation.UNKNOWN
    supports = item.direction == "Supports"
    if not supports and item.direction != "Does Not Support":
        return None
    level, caveat = _level(item, relation, approved) if supports else (None, "counter-evidence")
    return CivicEvidence(finding, item, direction, supports, relation, level, caveat)


def _level(item: CivicItem, relation: Relation, approved: _Approved) -> tuple[str | None, str | None]:
    """CIViC's level to a proposed AMP level, in this tumour type or another."""
    here = relation is Relation.THIS_TYPE
    drugs = {name.casefold() for name in item.single_drugs}
    if drugs & approved.barred and not here:
        return None, "excluded-by-label"
    known = drugs <= (approved.here if here else approved.anywhere)
    match item.level:
        case "A" if here:
            return "A", None if known else "approval-not-found"
        case "A":
            return "C", None
        case "B" if here and (item.rating or 0) >= 3:
            return "B", "size-and-consensus-not-checked"
        case "B" if not here and known:
            return "C", None
        case "B":
            return "D", None
        case "C" | "D":
            return "D", None if here else "other-tumour"
        case _:
            return None, None
