"""An observed allele fraction held against what each origin and each state of the alleles would give.

The share of tumour cells is a range, so each state gives a range; the observed fraction is one too, from
its depth. Two ranges that touch can't be told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from presis.diagnostics.profile import SmallVariant
from presis.diagnostics.tumour_reading import TumourContent
from presis.methods.intervals import share_interval
from presis.methods.purity import germline_fraction, somatic_fraction
from presis.programme.files import load_yaml

Span = tuple[float, float]
State = tuple[int, int]  # copies, and how many of them are mutated


def rules() -> Any:
    """The rule file of origins."""
    return load_yaml("rules/variant_origin.yaml")


@cache
def predisposition_genes() -> frozenset[str]:
    """Every gene that any edition of the rules for germline follow-up names."""
    record = load_yaml("rules/germline_followup.yaml")
    return frozenset(
        gene for edition in record["editions"] for row in edition["rows"] for gene in row["genes"]
    )


def states(name: str, most: int = 0) -> tuple[State, ...]:
    """The states of a list of the rule file; with `most`, those of an amplified gene beside them."""
    told = [(copies, mutated) for copies, mutated in rules()[name]]
    told += [(copies, mutated) for copies in range(5, most + 1) for mutated in range(1, copies)]
    return tuple(told)


def somatic_spans(content: TumourContent, of: Iterable[State]) -> tuple[Span, ...]:
    """The fractions of a somatic variant that every tumour cell carries."""
    return _spans(somatic_fraction, content, of)


def germline_spans(content: TumourContent, of: Iterable[State]) -> tuple[Span, ...]:
    """The fractions of a heterozygous germline variant."""
    return _spans(germline_fraction, content, of)


def _spans(
    fraction: Callable[[float, float, float], float], content: TumourContent, of: Iterable[State]
) -> tuple[Span, ...]:
    out = []
    for copies, mutated in of:
        ends = fraction(content.low, copies, mutated), fraction(content.high, copies, mutated)
        out.append((min(ends), max(ends)))
    return tuple(out)


def observed(variant: SmallVariant) -> Span | None:
    """The range that a variant's fraction stands for; None without a fraction."""
    seen = variant.allele_fraction
    if seen is None:
        return None
    if variant.depth is None or variant.depth < 1:
        around = rules()["without_depth"]
        return max(0.0, seen - around), min(1.0, seen + around)
    low, high = share_interval(seen, variant.depth, rules()["level"])
    around = rules()["tolerance"]
    return max(0.0, low - around), min(1.0, high + around)


def touches(seen: Span, spans: Sequence[Span]) -> bool:
    """Whether one of the spans reaches into what was seen."""
    return any(low <= seen[1] and seen[0] <= high for low, high in spans)
