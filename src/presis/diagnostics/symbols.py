"""Gene symbols of the panel: old ones as today's, and a pair's text split into its genes."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache

from presis.programme.files import ROOT

TSO500 = ROOT / "assays" / "tso500"


@cache
def old_symbols() -> dict[str, str]:
    """Symbols that TSO500 writes and HGNC has since changed: `SEPT14` to `SEPTIN14`."""
    with (TSO500 / "old_symbols.csv").open(encoding="utf-8", newline="") as file:
        return {row["old"]: row["current"] for row in csv.DictReader(file)}


def current_symbol(symbol: str) -> str:
    """Today's symbol for a gene, as far as the panel's own table knows."""
    return old_symbols().get(symbol, symbol)


@cache
def _panel_genes() -> frozenset[str]:
    with (TSO500 / "genes.csv").open(encoding="utf-8", newline="") as file:
        genes = {row["gene"] for row in csv.DictReader(file)}
    return frozenset(genes | set(old_symbols()) | set(old_symbols().values()))


#: families of symbols that hold a hyphen (HGNC and the clone names of Ensembl)
_HYPHENATED = re.compile(
    r"""NKX\d-\d | HLA-[A-Z]+\d* | H[1-4]-\d+[A-Z]? | KRTAP\d+-\d+ | MT-[A-Z0-9]+
      | MIR\d+[A-Z]?-\d+ | MIRLET7[A-Z]-?\d*
      | (?:RPC?\d+|CT[ABCD]|XX(?:bac|yac)|LL\w*|GS\d|KB|AP\d+)-\w+(?:\.\d+)?
      | RNU\d+-\d+ | RNVU\d+-\d+ | ERV\w+-\d+ | TR[A-Z]+-[A-Z]{3}\d+-\d+
      | [A-Z0-9orf.]+-(?:AS|IT|OT|DT)\d*""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9.@]*(?:orf\d+)?")


def _one_symbol(text: str) -> bool:
    return text in _panel_genes() or bool(_PLAIN.fullmatch(text) or _HYPHENATED.fullmatch(text))


def _genes(side: str) -> tuple[str, ...]:
    return tuple(gene for part in side.split(";") if (gene := part.strip()))


@lru_cache(maxsize=4096)
def split_pair(text: str) -> tuple[tuple[str, ...], tuple[str, ...], bool] | None:
    """Genes at the first and second breakpoint, and whether the first is the 5' partner.

    `-` parts partners, `;` genes that overlap at one breakpoint, `/` partners of unknown order;
    behind a `/`, DRAGEN writes overlapping genes with `-`. A hyphen may belong to a symbol
    (`NKX2-1`), so each is tried, and the split is taken that leaves the most known symbols.
    None if no split gives two sides.
    """
    if "/" in text:
        first, _, second = text.partition("/")
        sides = (_overlapping(first), _overlapping(second))
        return (*sides, False) if all(sides) else None
    places = [index for index, letter in enumerate(text) if letter == "-"]
    splits = [(_genes(text[:index]), _genes(text[index + 1 :])) for index in places]
    usable = [split for split in splits if all(split)]
    if not usable:
        return None
    best = max(usable, key=lambda split: _plausible(split[0] + split[1]))
    return (*best, True)


def _overlapping(side: str) -> tuple[str, ...]:
    genes: list[str] = []
    for part in _genes(side):
        pair = None if _one_symbol(part) else split_pair(part)
        genes.extend([part] if pair is None else pair[0] + pair[1])
    return tuple(genes)


def _plausible(genes: tuple[str, ...]) -> tuple[int, int]:
    """How many look like one symbol, then how many the panel knows."""
    return (
        -sum(not _one_symbol(gene) for gene in genes),
        sum(gene in _panel_genes() for gene in genes),
    )
