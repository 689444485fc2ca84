"""What a finding weighs for a criterion: 0 as if it weren't there, else a small number by what it says.

Two tumours in which the same was looked at, and whose findings weigh the same, are answered alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, assert_never

from presis.diagnostics.asking import biomarkers_of
from presis.diagnostics.criteria import (
    BiallelicLoss,
    CopyNumberIs,
    Criterion,
    ExonLossIs,
    FusionIs,
    GisReported,
    ListNotHeld,
    MsiIs,
    OtherTest,
    SpliceIs,
    TmbAtLeast,
    WildType,
)
from presis.diagnostics.findings import ClassifiedVariant
from presis.diagnostics.profile import Alteration
from presis.diagnostics.variant_fit import SmallVariantIs, acts, at_codons, fits, may_change, was_studied
from presis.matching.bulk.again import small_of, words_of
from presis.methods.rules import Truth

Row = Mapping[str, Any]
#: Of a read fraction it counts whether it is told, and whether it reaches the limit.
UNTOLD, BELOW, REACHED = range(3)
_SMALL = ("small_variant", "doubtful")


@dataclass(frozen=True, slots=True)
class Looks:
    """Where a criterion looks: genes, columns of the samples beside what was looked at, other tests."""

    genes: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    beside: bool = False

    def and_at(self, other: Looks) -> Looks:
        """Where two look together."""
        return Looks(self.genes | other.genes, self.columns | other.columns, self.beside or other.beside)


_MSI = frozenset({"msi_class", "msi_by_value", "msi_at_least"})
_TMB = frozenset({"tmb_class", "tmb_at_least"})


def looks_of(leaf: Criterion) -> Looks:
    """Where one criterion looks."""
    own = Looks(beside=bool(biomarkers_of(leaf)))
    match leaf:
        case SmallVariantIs(gene=gene) | CopyNumberIs(gene=gene) | ExonLossIs(gene=gene):
            return own.and_at(Looks(frozenset({gene})))
        case SpliceIs(gene=gene) | BiallelicLoss(gene=gene):
            return own.and_at(Looks(frozenset({gene})))
        case FusionIs(genes=genes):
            return own.and_at(Looks(genes))
        case WildType(genes=listed) | ListNotHeld(genes=listed):
            return own.and_at(Looks(frozenset(listed)))
        case TmbAtLeast():
            return own.and_at(Looks(columns=_TMB))
        case MsiIs():
            return own.and_at(Looks(columns=_MSI))
        case GisReported():
            return own.and_at(Looks(columns=frozenset({"gis"})))
        case OtherTest():
            return all_looks((*leaf.suggested_by, *leaf.contradicted_by), own)
        case _:
            assert_never(leaf)


def all_looks(criteria: Iterable[Criterion], first: Looks = Looks()) -> Looks:
    """Where several look together."""
    return reduce(Looks.and_at, map(looks_of, criteria), first)


def germline_genes(criteria: Iterable[Criterion]) -> tuple[str, ...]:
    """The genes of which a germline test in the case decides."""
    return tuple(
        dict.fromkeys(
            each.gene for each in criteria if isinstance(each, SmallVariantIs) and each.germline_only
        )
    )


def limit_of(leaf: Criterion) -> float | None:
    """The least read fraction that a criterion asks, where it asks one."""
    return leaf.least_fraction if isinstance(leaf, SmallVariantIs) else None


def weighed(leaf: Criterion) -> Callable[[Row], tuple[int, int, int]]:
    """The weight of a finding's row for a criterion: its fraction untold, below the limit, or reaching it."""
    match leaf:
        case SmallVariantIs():
            return lambda row: _small_variant(leaf, row)
        case CopyNumberIs(kind=kind):
            return _where(lambda row: row["kind"] == "copy_number" and row["name"] == kind.value)
        case ExonLossIs():
            return _where(lambda row: row["kind"] == "exon_copy_number" and row["name"] == "loss")
        case FusionIs():
            return _where(lambda row: row["kind"] == "fusion" and _joins(leaf, row))
        case SpliceIs(name=name):
            return lambda row: _alike(_splice(name, row))
        case WildType():
            return lambda row: _alike(_wild_type(leaf, row))
        case ListNotHeld():
            return lambda row: _alike(_listed(leaf, row))
        case BiallelicLoss():
            return lambda row: _alike(_allelic(row))
        case TmbAtLeast() | MsiIs() | GisReported():
            return lambda _row: (0, 0, 0)
        case OtherTest():
            parts = [weighed(each) for each in (*leaf.suggested_by, *leaf.contradicted_by)]
            return lambda row: _alike(sum(part(row)[0] << (4 * n) for n, part in enumerate(parts)))
        case _:
            assert_never(leaf)


def _alike(weight: int) -> tuple[int, int, int]:
    return weight, weight, weight


def _where(holds: Callable[[Row], bool]) -> Callable[[Row], tuple[int, int, int]]:
    return lambda row: _alike(int(holds(row)))


def _variant(row: Row) -> ClassifiedVariant | None:
    return small_of(row, "") if row["kind"] in _SMALL else None


def _small_variant(leaf: SmallVariantIs, row: Row) -> tuple[int, int, int]:
    each = _variant(row)
    if each is None:
        return 0, 0, 0
    limit = leaf.least_fraction
    fractions = (None, None, None) if limit is None else (None, limit / 2 - 1e-9, limit)
    found = [
        fits(leaf, replace(each, variant=replace(each.variant, allele_fraction=fraction)))
        for fraction in fractions
    ]
    if row["kind"] == "doubtful":
        found = [Truth.NO if truth is Truth.NO else truth for truth in found]
        weights = [0 if truth is Truth.NO else 3 for truth in found]
    else:
        weights = [int(truth) for truth in found]
    return weights[UNTOLD], weights[BELOW], weights[REACHED]


def _joins(leaf: FusionIs, row: Row) -> bool:
    genes = {*words_of(row["genes"]), *words_of(row["partners"])}
    return leaf.genes <= genes if leaf.both else not leaf.genes.isdisjoint(genes)


def _splice(name: str, row: Row) -> int:
    if row["kind"] != "splice":
        return 0
    return 1 if row["name"] is None else 2 if name in row["name"] else 0


def _wild_type(leaf: WildType, row: Row) -> int:
    each = _variant(row)
    if each is None or row["kind"] == "doubtful":
        return 0 if each is None else 4
    inside = max((at_codons(each, codons) for codons in leaf.codons), default=Truth.YES)
    return int(min(inside, acts(each)))


def _listed(leaf: ListNotHeld, row: Row) -> int:
    each = _variant(row)
    if each is not None:
        acting = acts(each) is not Truth.NO
        if row["kind"] == "doubtful":
            return 2 if acting else 0
        return int(acting or was_studied(each) or (leaf.any_change and may_change(each)))
    if row["kind"] == "copy_number":
        return 3 if row["name"] == Alteration.DELETION.value else 0
    return 4 if row["kind"] == "fusion" and not leaf.any_change else 0


def _allelic(row: Row) -> int:
    match row["kind"]:
        case "allelic":
            return {"no": 1, "unknown": 2, "yes": 3}[row["name"]]
        case "doubtful":
            return 4
        case "loh":
            return 5 if row["copies"] == 0 else 0
        case _:
            return 0
