"""One fact, as it goes into the record and as it is read out of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from presis.errors import BadInput
from presis.record.actor import Actor
from presis.record.registry import FactModel

P = TypeVar("P")

#: Where a prefix of the record ends: at a position, or at a time (both inclusive); None is now.
Moment = int | datetime | None

_CLINICAL = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFact:
    """A fact that a decision wants recorded.

    `payload` is None only for a correction that says "entered in error"; `kind` is then that of the
    corrected fact. `occurred` is a clinical date: a day, a month (`2026-03`) or a year (`2026`).
    `rules` names the versions of the rules and knowledge that were used.
    """

    stream: str
    payload: FactModel | None
    kind: str = ""
    occurred: str | None = None
    reason: str | None = None
    corrects: int | None = None
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact(Generic[P]):
    """A recorded fact. `payload` is None for "entered in error"; `corrected_by` is set by the fold alone."""

    position: int
    stream: str
    version: int
    kind: str
    occurred: str | None
    recorded: datetime
    actor: Actor
    reason: str | None
    command: str
    corrects: int | None
    rules: Mapping[str, str]
    payload: P
    hash: str
    corrected_by: int | None = None


def clinical_date(text: str) -> str:
    """The text itself, if it is a year, a month or a day that exists.

    Raises:
        BadInput: if it is none of them.

    """
    match = _CLINICAL.fullmatch(text)
    if match:
        year, month, day = match.groups()
        try:
            date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            match = None
    if not match:
        raise BadInput.of(
            "date-malformed",
            f"{text!r} isn't a clinical date; write a day (2026-03-17), a month (2026-03) or a year (2026).",
            found=text,
            accepted="YYYY, YYYY-MM or YYYY-MM-DD",
        )
    return text


def corrected(fact: Fact[Any], payload: FactModel, *, reason: str, occurred: str | None = None) -> NewFact:
    """The correction of a fact: what should have stood there. Without `occurred`, the old date stays."""
    return NewFact(
        stream=fact.stream,
        payload=payload,
        kind=payload.kind,
        occurred=occurred,
        reason=reason,
        corrects=fact.position,
    )


def entered_in_error(fact: Fact[Any], *, reason: str) -> NewFact:
    """The correction that says that the fact should never have been entered: an empty payload."""
    return NewFact(stream=fact.stream, payload=None, kind=fact.kind, reason=reason, corrects=fact.position)
