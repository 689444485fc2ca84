"""What a requisition's form asks of the specimen and the patient: read, with what is wrong at each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from presis.diagnostics.report_making import tumour_code
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.web.page import Visit

FIELDS = ("specimen", "requester", "tumour", "birth_year", "sex", "sample_type", "details")
TICKS = ("urgent", "predisposition_declined")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, what is wrong with it by field, and the values that a command takes."""

    told: Mapping[str, str]
    problems: dict[str, str]
    values: Mapping[str, Any]


def typed(visit: Visit) -> Typed:
    """The form as it was sent; every field that can't be used is said at once."""
    told = {name: visit.told(name) for name in (*FIELDS, *TICKS)}
    problems = {
        name: visit.say.say(f"web.{name}-missing") for name in ("specimen", "requester") if not told[name]
    }
    read = Reader(visit, told, problems)
    values: dict[str, Any] = {
        "specimen": told["specimen"],
        "requester": told["requester"],
        "tumour": read("tumour", lambda text: tumour_code(text, load_library()), "web.tumour-malformed"),
        "birth_year": read("birth_year", lambda text: _year(text, visit), "web.year-malformed"),
        "sex": told["sex"] or None,
        "sample_type": told["sample_type"] or None,
        **{name: told[name] == "yes" for name in TICKS},
    }
    return Typed(told, problems, values)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one field after another, and notes what is wrong."""

    visit: Visit
    told: Mapping[str, str]
    problems: dict[str, str]

    def __call__(self, name: str, how: Callable[[str], Any], code: str) -> Any:
        """The field's value; None where it is empty or can't be used."""
        try:
            return how(self.told[name]) if self.told[name] else None
        except (ValueError, BadInput):
            self.problems[name] = self.visit.say.say(code)
            return None


def organisations(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Who can ask, by id and name."""
    return tuple((each.id, each.name) for each in visit.house.directory.organisations)


def _year(text: str, visit: Visit) -> int:
    year = int(text)
    if not 1900 <= year <= visit.application.clock().year:
        raise ValueError(text)
    return year
