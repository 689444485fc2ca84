"""Diagnoses by name, through MatchEngine's frozen map of OncoTree."""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import cache
from importlib.resources import files


@cache
def _map() -> dict[str, frozenset[str]]:
    path = files("presis.matching.ctml") / "data" / "matchengine_oncotree_mapping.json"
    read: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return {name: frozenset(below) for name, below in read.items()}


def is_known(name: str) -> bool:
    """Whether the map has the name."""
    return name in _map()


def within(name: str) -> frozenset[str]:
    """The name with all names below it; an unknown name stands for itself."""
    return _map().get(name, frozenset({name}))


def nearest(name: str) -> str | None:
    """The known name that is written most alike."""
    lower = {known.lower(): known for known in sorted(_map())}
    found = get_close_matches(name.lower(), lower, n=1, cutoff=0.5)
    return lower[found[0]] if found else None
