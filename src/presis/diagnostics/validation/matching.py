"""Which of a report's findings a row of the expected table is about."""

from __future__ import annotations

import re
from collections.abc import Callable

from presis.diagnostics.hgvs import CodingChange, ProteinChange, ProteinKind, parse_coding, parse_protein
from presis.diagnostics.report_model import FindingJson
from presis.diagnostics.validation.expected import FUSION, PLACE, SMALL, Expected, partners

Symbol = Callable[[str], str]


def fits(row: Expected, finding: FindingJson, symbol: Symbol) -> bool:
    """Whether a finding is what the row names; a row without a gene fits every one of its kind."""
    if finding.kind != row.kind:
        return False
    if row.gene is None:
        return True
    if row.kind == FUSION:
        return _same_fusion(row.gene, finding, symbol)
    if symbol(row.gene) not in map(symbol, finding.genes):
        return False
    if row.change is None:
        return True
    if row.kind == SMALL:
        return same_change(row.change, finding.cdna, finding.protein, finding.place)
    told = {finding.direction, finding.exon, finding.label.removeprefix(row.gene), finding.label}
    return _plain(row.change) in {_plain(each) for each in told if each}


def same_change(told: str, cdna: str | None, protein: str | None, place: str | None) -> bool:
    """Whether a change as a laboratory writes it is the finding's, by the notation that it uses."""
    at = PLACE.fullmatch(told)
    if at is not None:
        return place == f"{at[1]}:{at[2]} {at[3]}>{at[4]}"
    coding = parse_coding(told)
    if coding is not None:
        found = parse_coding(cdna) if cdna else None
        return found is not None and _same_coding(coding, found)
    wanted = parse_protein(told)
    seen = parse_protein(protein) if protein else None
    return wanted is not None and seen is not None and _same_protein(wanted, seen)


def _same_coding(one: CodingChange, other: CodingChange) -> bool:
    """`c.800del` and `c.800delA` are the same; so are reference bases that one of them leaves out."""
    if (one.kind, one.start, one.end, one.alt) != (other.kind, other.start, other.end, other.alt):
        return False
    return one.ref == other.ref or not one.ref or not other.ref


def _same_protein(one: ProteinChange, other: ProteinChange) -> bool:
    """`p.G645fs` and `p.G645Vfs*58` are the same, unless both tell what differs."""
    if (one.kind, one.position) != (other.kind, other.position):
        return False
    if one.kind is not ProteinKind.FRAMESHIFT:
        return one.short == other.short
    pairs = ((one.ref, other.ref), (one.alt, other.alt), (one.stop, other.stop))
    return all(a == b or not a or not b for a, b in pairs)


def _same_fusion(told: str, finding: FindingJson, symbol: Symbol) -> bool:
    """Either partner alone is enough where one is told; else both, in their order if the file knows it."""
    genes = tuple(map(symbol, partners(told) or ()))
    if len(genes) == 1:
        return genes[0] in map(symbol, finding.genes)
    sides = [{symbol(gene) for gene in side.split("/")} for side in finding.label.split("::")]
    if len(sides) != 2 or len(genes) != 2:
        return False
    orders = [genes] if finding.direction != "order_unknown" else [genes, genes[::-1]]
    return any(first in sides[0] and second in sides[1] for first, second in orders)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())
