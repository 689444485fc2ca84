"""How long what is told of a patient counts, and what of it lasts, as data (`rules/fact_windows.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from presis.programme.files import load_yaml


@dataclass(frozen=True, slots=True)
class Window:
    """Days that a fact counts; `lasts`: by a value as text what is left of it however old it is."""

    days: int
    lasts: Mapping[str, str] = field(default_factory=dict)


@cache
def window_of(fact: str) -> Window:
    """The window of a fact; of a doctor's statement (`statement:CODE`) its own, or that of all."""
    kind, _, code = fact.partition(":")
    rules = load_yaml("rules/fact_windows.yaml")
    own = [row for row in rules["statements"] if row["of"] == code]
    row = (own or [row for row in rules["facts"] if row["fact"] == kind])[0]
    return Window(row["days"], {each["told"]: each["left"] for each in row.get("lasts", ())})
