"""The words that a file of pathology's markers may use, and what they mean: read from the rules' data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from presis.diagnostics.pathology import NOT_ASSESSABLE
from presis.programme.files import load_yaml

FILE = "rules/pathology_markers.yaml"


@dataclass(frozen=True, slots=True)
class Kind:
    """One test of one marker: the words of its scale by what they say, and its numbers if it has any."""

    marker: str
    name: str
    method: str
    scores: dict[str, str]
    least: float | None = None
    most: float | None = None
    units: tuple[str, ...] = ()
    unit_needed: bool = False

    @property
    def accepted(self) -> str:
        """The words that a score may be; beside them a number, where the kind has one."""
        return ", ".join(dict.fromkeys(self.scores.values()))


def key(text: str) -> str:
    """A word as compared: small letters, one space, no sign of quotation."""
    return re.sub(r"\s+", " ", text.strip().strip("'\"")).casefold()


@cache
def columns() -> dict[str, str]:
    """Names of columns as files write them, to ours."""
    return _also(load_yaml(FILE)["columns"], "column")


@cache
def methods() -> dict[str, str]:
    """Names of methods as files write them, to ours."""
    records = load_yaml(FILE)["methods"]
    return {**_also(records, "method"), **{key(each["name"]): each["method"] for each in records}}


@cache
def method_names() -> dict[str, str]:
    """A method's code to what people call it."""
    return {each["method"]: each["name"] for each in load_yaml(FILE)["methods"]}


@cache
def markers() -> dict[str, str]:
    """Names of markers as files write them, to ours."""
    records = load_yaml(FILE)["markers"]
    return {**_also(records, "marker"), **{key(each["name"]): each["marker"] for each in records}}


@cache
def kinds() -> dict[tuple[str, str], Kind]:
    """Every test, by marker and method."""
    data = load_yaml(FILE)
    failed = {key(word): NOT_ASSESSABLE for word in (NOT_ASSESSABLE, *data["not_assessable"])}
    scales = {each["scale"]: _also(each["scores"], "score") for each in data["scales"]}
    found = {}
    for record in data["markers"]:
        for test in record["tests"]:
            found[record["marker"], test["method"]] = Kind(
                record["marker"],
                record["name"],
                test["method"],
                {**failed, **scales.get(test.get("scale"), {})},
                test.get("least"),
                test.get("most"),
                tuple(test.get("units", ())),
                bool(test.get("unit_needed")),
            )
    return found


def _also(records: list[dict[str, Any]], name: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for each in records:
        for word in (each[name], *each.get("also", ())):
            if words.setdefault(key(str(word)), str(each[name])) != str(each[name]):
                raise ValueError(f"{FILE}: {word!r} means two things")
    return words
