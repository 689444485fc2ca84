"""A fact as a row of the table, and the bytes of it that the chain covers.

The hash of a row is SHA-256 over the UTF-8 text of its columns in the table's order (the previous hash
among them, the hash itself left out), joined by the unit separator U+001F. A column that may be empty
is written as `=` and its text, and as nothing if it is NULL, so NULL and "" differ. No stored column
may hold a unit separator, so no two rows have the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from presis.errors import BadInput
from presis.record.actor import Actor
from presis.record.fact import Fact
from presis.record.registry import Registry

COLUMNS = (
    "position",
    "stream",
    "version",
    "kind",
    "occurred",
    "recorded",
    "actor_person",
    "actor_role",
    "actor_organisation",
    "reason",
    "command",
    "corrects",
    "rules",
    "payload",
    "previous_hash",
    "hash",
)
SEPARATOR = "\x1f"
#: What stands before the first fact.
GENESIS = "0" * 64

Row = tuple[
    int, str, int, str, str | None, str, str, str, str, str | None, str, int | None, str, str | None, str, str
]


def row_hash(row: Sequence[Any]) -> str:
    """The hash, in hexadecimal, that a row should carry, from its stored columns as they are.

    Bytes that aren't UTF-8 are taken as they are, if they were read with `surrogateescape`.
    """
    return sha256(chained(row).encode("utf-8", "surrogateescape")).hexdigest()


def chained(row: Sequence[Any]) -> str:
    """The text that a row's hash covers."""
    position, stream, version, kind, occurred, recorded, person, role, organisation, reason, *rest = row
    command, corrects, rules, payload, previous = rest[:5]
    return (
        f"{position}\x1f{stream}\x1f{version}\x1f{kind}\x1f{'' if occurred is None else '=' + occurred}\x1f"
        f"{recorded}\x1f{person}\x1f{role}\x1f{organisation}\x1f{'' if reason is None else '=' + reason}\x1f"
        f"{command}\x1f{'' if corrects is None else f'={corrects}'}\x1f{rules}\x1f"
        f"{'' if payload is None else '=' + payload}\x1f{previous}"
    )


def time_text(moment: datetime) -> str:
    """A time as the record stores it: UTC to the microsecond, of fixed width, so that text order is time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the record: its last position (0 if empty), that fact's hash and time."""

    position: int
    hash: str
    recorded: str


EMPTY = Head(0, GENESIS, "")


@dataclass(slots=True)
class Draft:
    """A fact ready for the table but for its place in the chain. Not frozen: that would double its cost."""

    stream: str
    kind: str
    occurred: str | None
    reason: str | None
    corrects: int | None
    rules: str
    payload: str | None


def chain(
    drafts: Sequence[Draft], versions: dict[str, int], head: Head, recorded: str, by: tuple[Actor, str]
) -> list[Row]:
    """The rows of the drafts after a head; `versions` holds each stream's last version and is moved on.

    Raises:
        BadInput: if a text can't be stored as it is.

    """
    actor, command = by
    person, role, organisation = actor.person, actor.role, actor.organisation
    position, previous = head.position, head.hash
    rows: list[Row] = []
    for draft in drafts:
        position += 1
        version = versions[draft.stream] = versions[draft.stream] + 1
        content = (
            position, draft.stream, version, draft.kind, draft.occurred, recorded, person, role, organisation,
            draft.reason, command, draft.corrects, draft.rules, draft.payload, previous,
        )  # fmt: skip
        text = chained(content)
        if text.count(SEPARATOR) != 14 or "\x00" in text:
            raise _unstorable(draft)
        try:
            previous = sha256(text.encode()).hexdigest()
        except UnicodeEncodeError as error:
            raise _unstorable(draft) from error
        rows.append((*content, previous))
    return rows


def _unstorable(draft: Draft) -> BadInput:
    return BadInput.of(
        "text-unstorable",
        f"a fact {draft.kind} holds a control character or half a character, which the record can't store; "
        "remove it.",
        field="reason" if draft.reason else None,
    )


def to_fact(row: Sequence[Any], registry: Registry) -> Fact[Any]:
    """The fact that a row holds.

    Raises:
        BadInput: if its kind is unknown, or a column doesn't hold what it should.

    """
    (
        position, stream, version, kind, occurred, recorded, person, role, organisation, reason, command,
        corrects, rules, payload, _, digest,
    ) = row  # fmt: skip
    try:
        return Fact(
            position=position,
            stream=stream,
            version=version,
            kind=kind,
            occurred=occurred,
            recorded=datetime.fromisoformat(recorded),
            actor=Actor(person, role, organisation),
            reason=reason,
            command=command,
            corrects=corrects,
            rules={} if rules == "{}" else json.loads(rules),
            payload=None if payload is None else registry.parse(kind, payload),
            hash=digest,
        )
    except ValueError as error:  # a time or a JSON text that is none
        raise BadInput.of(
            "fact-unreadable",
            f"the fact at position {position} can't be read: {error}; run `presis record verify`.",
            found=str(position),
        ) from error
