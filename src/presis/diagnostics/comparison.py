"""Several results of one patient side by side: what is shared, gained or lost, and what each looked at.

A variant is shown if the filter keeps it in one of the results. Where it isn't found, the cell says
whether it was looked for: not tested is not the same as not found, and plasma finds, but rules out
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from presis.diagnostics.assay import NON_INFORMATIVE
from presis.diagnostics.filtering import compile_filter, setting_of, standard_filter
from presis.diagnostics.findings import lost_rows
from presis.diagnostics.identity import IdentityCheck, identity_checks
from presis.diagnostics.one_change import read_as_one
from presis.diagnostics.pathology import Disagreement, Side
from presis.diagnostics.profile import Alteration, MolecularProfile, SmallVariant, Tested
from presis.diagnostics.repeat_requests import Request, requests
from presis.diagnostics.several_results import (
    Counting,
    is_later,
    made,
    rule,
    same_specimen,
    tumour_dna,
    which_count,
)
from presis.diagnostics.tumour_content import assessable
from presis.methods.reasons import Reason

_Call = tuple[str, tuple[str, ...], float | int | None, Alteration]
FOUND, NOT_FOUND, NOT_TESTED, UNKNOWN = "found", "not_found", "not_tested", "unknown"


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing in one result: its state, its number; `kept` by the filter; `why` it is unknown."""

    state: str
    value: float | None = None
    kept: bool = True
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing in every result. `change`: shared, gained, lost, varies, plasma_only, not_known."""

    kind: str
    gene: str | None
    label: str
    cells: tuple[Cell, ...]
    change: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Results in the order of their specimens' dates, and what follows from seeing them together."""

    profiles: tuple[MolecularProfile, ...]
    rows: tuple[Row, ...]
    counting: tuple[Counting, ...]
    requests: tuple[tuple[Request, ...], ...]
    identity: tuple[tuple[IdentityCheck, ...], ...]
    disagreements: tuple[Disagreement, ...]


def compare(
    profiles: Sequence[MolecularProfile], told: Sequence[MolecularProfile] | None = None
) -> Comparison:
    """Compare results that are said to be one patient's; whether they are, `identity` says.

    What too few tumour cells can't tell is unknown here, as in a report. `told`: the results as they
    may be told, where that is less than what they hold.
    """
    pairs = zip(map(assessable, profiles), map(assessable, told or profiles), strict=True)
    in_order = sorted(
        pairs, key=lambda pair: (pair[0].specimen.collected or "9999", made(pair[0]) or ("", ""))
    )
    ordered, shown = [pair[0] for pair in in_order], [pair[1] for pair in in_order]
    rows = tuple(_rows(shown))
    asked = []
    checks = []
    for index, each in enumerate(ordered):
        before = [other for other in ordered[:index] if same_specimen(each, other)]
        asked.append(requests(each, before))
        checks.append(identity_checks(each, ordered[:index]))
    return Comparison(
        tuple(shown), rows, which_count(ordered), tuple(asked), tuple(checks), tuple(_plasma(shown, rows))
    )


def _rows(profiles: Sequence[MolecularProfile]) -> Iterator[Row]:
    yield from _small_variants(profiles)
    yield from _calls(profiles, "copy_number", _copy_numbers)
    yield from _calls(profiles, "fusion", _fusions)
    yield from _calls(profiles, "splice", _splices)
    for kind, alteration in (("tmb", Alteration.TMB), ("msi", Alteration.MSI)):
        cells = tuple(_number(each, alteration) for each in profiles)
        if any(each.value is not None for each in cells):
            same = len({each.value for each in cells}) == 1
            alike = len({each.assay.kind for each in profiles}) == 1  # plasma counts otherwise than tissue
            change = "not_known" if not (alike and _all_found(cells)) else "shared" if same else "varies"
            yield Row(kind, None, kind.upper(), cells, change)


def _copy_numbers(profile: MolecularProfile) -> list[_Call]:
    return [(f"{e.gene} {e.kind}", (e.gene,), e.fold_change, e.kind) for e in profile.copy_numbers]


def _fusions(profile: MolecularProfile) -> list[_Call]:
    return [(e.label, e.genes, e.supporting_reads, e.method) for e in profile.fusions]


def _splices(profile: MolecularProfile) -> list[_Call]:
    return [
        (
            f"{e.gene} {e.name or e.exons or 'splice variant'}",
            (e.gene,),
            e.supporting_reads,
            Alteration.SPLICE,
        )
        for e in profile.splice_variants
    ]


def _number(profile: MolecularProfile, alteration: Alteration) -> Cell:
    value = profile.tmb.per_megabase if alteration is Alteration.TMB and profile.tmb else None
    if alteration is Alteration.MSI and profile.msi:
        value = profile.msi.percent_unstable
    if value is None:
        return Cell(NOT_TESTED if _state(profile, alteration) is Tested.NO else UNKNOWN)
    return Cell(FOUND if _state(profile, alteration) is Tested.YES else UNKNOWN, value)


def _state(profile: MolecularProfile, alteration: Alteration) -> Tested:
    covers = profile.covers.get(alteration)
    return Tested.UNKNOWN if covers is None else covers.state


def _absent(profile: MolecularProfile, alteration: Alteration, genes: tuple[str, ...]) -> Cell:
    """What it means that something isn't found; of a fusion, either partner is enough."""
    covers = profile.covers.get(alteration)
    lost = lost_rows(profile)
    if covers is None or any(lost.touches(alteration, gene) for gene in genes or (None,)):
        return Cell(UNKNOWN)
    if covers.state is Tested.NO or (genes and covers.genes.isdisjoint(genes)):
        return Cell(NOT_TESTED, why=covers.reason)
    return Cell(UNKNOWN, why=covers.reason) if covers.state is Tested.UNKNOWN else Cell(NOT_FOUND)


_Key = tuple[str | None, str]


def _small_variants(profiles: Sequence[MolecularProfile]) -> Iterator[Row]:
    one_build = len({each.build for each in profiles}) == 1
    found: list[dict[_Key, tuple[SmallVariant, bool]]] = []
    for profile in profiles:
        keep = compile_filter(standard_filter().steps, setting_of(profile.assay.kind, profile.build, None))
        found.append(
            {
                _key(one.variant, one_build=one_build): (one.variant, keep(one.variant).kept)
                for one in read_as_one(profile.small_variants)
            }
        )
    keys = dict.fromkeys(key for each in found for key, (_, kept) in each.items() if kept)
    for key in keys:
        variant = next(each[key][0] for each in found if key in each)
        cells = tuple(
            Cell(FOUND, own[key][0].allele_fraction, own[key][1])
            if key in own
            else _absent(profile, Alteration.SMALL_VARIANT, (variant.gene,) if variant.gene else ())
            for own, profile in zip(found, profiles, strict=True)
        )
        yield Row("small_variant", variant.gene, variant.label, cells, _change(cells, profiles))


def _key(variant: SmallVariant, *, one_build: bool) -> _Key:
    place = f"{variant.chromosome}:{variant.position} {variant.ref}>{variant.alt}"
    return variant.gene, place if one_build else (variant.protein_short or variant.cdna or place)


def _calls(
    profiles: Sequence[MolecularProfile], kind: str, of: Callable[[MolecularProfile], list[_Call]]
) -> Iterator[Row]:
    own = [
        {label: (genes, value, alteration) for label, genes, value, alteration in of(each)}
        for each in profiles
    ]
    for label in dict.fromkeys(label for each in own for label in each):
        genes, _, alteration = next(each[label] for each in own if label in each)
        cells = tuple(
            Cell(FOUND, each[label][1])
            if label in each
            else _absent(profile, _asked(profile, alteration), genes)
            for each, profile in zip(own, profiles, strict=True)
        )
        yield Row(kind, genes[0], label, cells, _change(cells, profiles))


def _asked(profile: MolecularProfile, alteration: Alteration) -> Alteration:
    """Fusions are looked for on RNA in tissue, on DNA in plasma."""
    if alteration in (Alteration.RNA_FUSION, Alteration.DNA_FUSION):
        return Alteration.DNA_FUSION if profile.assay.kind == "ctdna" else Alteration.RNA_FUSION
    return alteration


def _all_found(cells: Sequence[Cell]) -> bool:
    return all(each.state == FOUND for each in cells)


def _change(cells: Sequence[Cell], profiles: Sequence[MolecularProfile]) -> str:
    """What happened from the first to the last result; said only where both were looked at and dated."""
    if _all_found(cells):
        return "shared"
    kinds = {profile.assay.kind for profile in profiles}
    if len(kinds) > 1:
        return _by_kind(cells, profiles)
    if any(each.state not in (FOUND, NOT_FOUND) for each in cells):
        return "not_known"
    dates = [each.specimen.collected for each in profiles]
    dated = all(a is not None and b is not None and is_later(b, a) for a, b in pairwise(dates))
    states = [each.state for each in cells]
    turns = sum(a != b for a, b in pairwise(states))
    if not dated or turns != 1:
        return "varies"
    return "gained" if states[-1] == FOUND else "lost"


def _by_kind(cells: Sequence[Cell], profiles: Sequence[MolecularProfile]) -> str:
    tissue = {c.state for c, p in zip(cells, profiles, strict=True) if p.assay.kind != "ctdna"}
    plasma = {c.state for c, p in zip(cells, profiles, strict=True) if p.assay.kind == "ctdna"}
    if FOUND in plasma and tissue == {NOT_FOUND}:
        return "plasma_only"
    if FOUND in tissue and FOUND not in plasma:
        return "not_known"
    return "varies" if FOUND in plasma and FOUND in tissue else "not_known"


def _plasma(profiles: Sequence[MolecularProfile], rows: Sequence[Row]) -> Iterator[Disagreement]:
    """What plasma shows and tissue doesn't; or tissue shows and a plasma with tumour DNA doesn't."""
    for index, row in enumerate(rows):
        if row.kind in ("tmb", "msi") or len({each.assay.kind for each in profiles}) < 2:
            continue
        pairs = list(zip(row.cells, profiles, strict=True))
        plasma = [(c, p) for c, p in pairs if p.assay.kind == "ctdna"]
        tissue = [(c, p) for c, p in pairs if p.assay.kind != "ctdna"]
        found_in, absent_in = _sides(plasma, tissue) or _sides(tissue, plasma) or ((), ())
        if found_in and absent_in:
            blood = row.gene in rule()["plasma"]["blood_genes"] and found_in[0][1].assay.kind == "ctdna"
            settle = "settle.disagreement-blood" if blood else "settle.disagreement-plasma"
            yield Disagreement(
                id="tissue-plasma",
                subject=row.label,
                sides=tuple(_side(c, p, row) for c, p in (*found_in, *absent_in)),
                unsettles=frozenset(),
                beside=frozenset(),
                findings=(f"row:{index}",),
                settled_by=Reason.of(settle, subject=row.label),
            )


_Pairs = Sequence[tuple[Cell, MolecularProfile]]


def _sides(one: _Pairs, other: _Pairs) -> tuple[_Pairs, _Pairs] | None:
    """The results that found it, and those that looked and didn't; plasma only if it shows tumour DNA."""
    found = [(cell, profile) for cell, profile in one if cell.state == FOUND]
    absent = [(cell, profile) for cell, profile in other if _says_no(cell, profile)]
    if not found or not absent or any(cell.state == FOUND for cell, _ in other):
        return None
    return found, absent


def _says_no(cell: Cell, profile: MolecularProfile) -> bool:
    if cell.state == NOT_FOUND:
        return True
    told = tumour_dna(profile)
    return cell.why == NON_INFORMATIVE and told is not None and told.code == "tumour-dna.seen"


def _side(cell: Cell, profile: MolecularProfile, row: Row) -> Side:
    method = "plasma" if profile.assay.kind == "ctdna" else "tissue"
    result = Reason.of("side.found" if cell.state == FOUND else "side.not-found", what=row.label)
    if cell.state == FOUND and row.kind == "small_variant" and cell.value is not None:
        result = Reason.of("side.found-at", what=row.label, fraction=cell.value)
    return Side(method=method, result=result, date=profile.specimen.collected, specimen=profile.sample)
