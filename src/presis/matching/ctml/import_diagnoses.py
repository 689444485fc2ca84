"""A diagnosis of MatchEngine's map as OncoTree codes of the release in use.

The map is of 2019. A tumour type that it has under the name is asked for, one that it has elsewhere is left
out, and one that it doesn't have goes with the type above it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from presis.knowledge.oncotree import OncoTree
from presis.matching.ctml.diagnoses import is_known, within
from presis.matching.ctml.import_notes import BY_HAND, At, Document
from presis.matching.known import HAEMATOLOGICAL, SOLID, Known, expanded

_KEY = "oncotree_primary_diagnosis"
_WORDS = {"_SOLID_": SOLID, "_LIQUID_": HAEMATOLOGICAL}


def tumour_criterion(name: str, at: At, known: Known, *, negative: bool) -> Document | None:
    """The tumour types at or below a diagnosis; None if OncoTree has none, which is noted."""
    codes, excluded, inside = _types(name, known, negative=negative)
    has_own_node = name in _WORDS or bool(_own_nodes(name, known.library.oncotree))
    if not codes or (negative and not has_own_node):
        at.fault(f"{name!r} is no name of the OncoTree release in use; {BY_HAND}", _KEY, name)
        return None
    if excluded and inside:
        at.fault(f"{name!r} lies otherwise in the OncoTree release in use; {BY_HAND}", _KEY)
        return None
    if not has_own_node:
        at.stricter(f"{name!r} is no name of the OncoTree release in use; the types below it are asked", _KEY)
    asked: Document = {"codes": list(codes)}
    if excluded:
        asked["excluded"] = list(excluded)
    return {"tumour": asked}


def _own_nodes(name: str, tree: OncoTree) -> list[str]:
    return [node.code for node in tree.nodes.values() if node.name.casefold() == name.casefold()]


@lru_cache(maxsize=2048)
def _types(name: str, known: Known, *, negative: bool) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Codes and excluded codes, each the topmost; whether a type asked for lies below an excluded one.

    Of a name that types of several organs have, all are excluded, and those below the diagnosis included.
    """
    tree = known.library.oncotree
    wanted = {each.casefold() for each in within(name)}
    word = _WORDS.get(name)
    own = [code for code, node in tree.nodes.items() if node.name.casefold() in wanted]
    roof = _own_nodes(name, tree)
    if roof and not negative:
        names = {code: node.name.casefold() for code, node in tree.nodes.items()}
        count = Counter(names.values())
        own = [each for each in own if count[names[each]] < 2 or _below(tree, each, roof)]
    held = [each for each in own if word is None or not _below(tree, each, expanded((word,), known.library))]
    codes = (*((word,) if word else ()), *_topmost(tree, held))
    roots = expanded(codes, known.library)
    others = [
        code
        for code, node in tree.nodes.items()
        if is_known(node.name) and node.name.casefold() not in wanted and _below(tree, code, roots)
    ]
    excluded = _topmost(tree, others)
    return codes, excluded, any(_below(tree, each, excluded) for each in own)


def _below(tree: OncoTree, code: str, nodes: Iterable[str]) -> bool:
    return any(tree.is_at_or_below(code, node) for node in nodes)


def _topmost(tree: OncoTree, codes: Iterable[str]) -> tuple[str, ...]:
    """Those that have none of the others above them, in the order of their code."""
    found = set(codes)
    return tuple(sorted(code for code in found if found.isdisjoint(tree.ancestors(code))))
