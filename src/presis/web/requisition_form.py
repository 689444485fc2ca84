"""What a requisition's form asks of the specimen and the patient: read, with what is wrong at each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from presis.diagnostics.requisition_form import FIELDS, TICKS, read_form
from presis.web.page import Visit


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, what is wrong with it by field, and the values that a command takes."""

    told: Mapping[str, str]
    problems: dict[str, str]
    values: Mapping[str, Any]


def typed(visit: Visit) -> Typed:
    """The form as it was sent; every field that can't be used is said at once."""
    told = {name: visit.told(name) for name in (*FIELDS, *TICKS)}
    known = [name for name, _ in organisations(visit)]
    values, faults = read_form(told, known, visit.application.clock().date())
    return Typed(told, {name: visit.say.say(code) for name, code in faults.items()}, values)


def organisations(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Who can ask, by id and name."""
    return tuple((each.id, each.name) for each in visit.house.directory.organisations)
