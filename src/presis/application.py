"""The one edge: every command enters here, with the time, the new ids and the actor.

Nothing else writes to the record. The command line, the web, reactions and the simulator all call
`Application.handle`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from presis.governance.access import AccessTable
from presis.record import (
    Actor,
    Command,
    Conflict,
    Edge,
    Fact,
    Handling,
    Moment,
    Refusal,
    Room,
    StreamKind,
    Subject,
    record_url,
)
from presis.record.room import RECORD_ROOM
from presis.record.sealing import Keys, Vault, no_keys

if TYPE_CHECKING:
    from presis.record.store import Record

#: How often a command without `seen` is decided before its conflict is reported.
ATTEMPTS = 5

Outcome = tuple[Fact[Any], ...] | Refusal | Conflict


def now() -> datetime:
    """The time, in UTC. The only clock in the house."""
    return datetime.now(UTC)  # noqa: TID251 - this is the edge at which time enters


def new_id() -> UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, then randomness (RFC 9562, section 5.7)."""
    milliseconds = int(now().timestamp() * 1000)
    return uuid7(milliseconds, os.urandom(10))


def uuid7(milliseconds: int, randomness: bytes) -> UUID:
    """The UUIDv7 of a Unix time in milliseconds and ten random bytes (RFC 9562, section 5.7)."""
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(randomness, "big")
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return UUID(int=value)


@dataclass(frozen=True, slots=True)
class Look:
    """What a reader sees of one stream: its state, its version (for `seen`), and its facts."""

    state: Any
    version: int
    facts: tuple[Fact[Any], ...]


class Application:
    """The edge over one record and its rooms.

    `on_commit` is called after each command that wrote; the reactions hang there.
    """

    def __init__(
        self,
        record: Record,
        rooms: Iterable[Room],
        access: AccessTable,
        *,
        clock: Callable[[], datetime] = now,
        ids: Callable[[], UUID] = new_id,
        keys: Keys = no_keys,
        on_commit: Callable[[Application], object] | None = None,
    ) -> None:
        self.record = record
        self.rooms = tuple(rooms)
        self.access = access
        self.clock = clock
        self.ids = ids
        self.keys = keys
        self.on_commit = on_commit
        self._handlings = {handling.command: handling for room in self.rooms for handling in room.commands}
        self._streams = {kind.prefix: kind for room in self.rooms for kind in room.streams}

    def handle(self, command: Command, actor: Actor) -> Outcome:
        """Authorise, read, fold, decide and append; the facts written, or why there are none.

        Raises:
            BadInput: if the record can't be read or written, or a view is outdated.

        """
        outcome = self.execute(command, actor)
        if isinstance(outcome, tuple) and outcome and self.on_commit is not None:
            self.on_commit(self)
        return outcome

    def execute(self, command: Command, actor: Actor) -> Outcome:
        """`handle` without what follows the commit."""
        handling = self._handlings[type(command)]
        if refusal := self.access.may_ever(actor, handling.action):
            return refusal
        if done := self.record.of_command(str(command.id)):
            return self._repeated(done, actor, handling)
        outcome: Outcome = ()
        for _ in range(1 if command.seen is not None else ATTEMPTS):
            outcome = self._attempt(handling, command, actor)
            if not isinstance(outcome, Conflict):
                break
        return outcome

    def look(self, actor: Actor, action: str, stream: str, known_at: Moment = None) -> Look | Refusal:
        """One stream as known at a moment, if the actor may see it now; else the refusal of a stranger."""
        if refusal := self.access.may_ever(actor, action):
            return refusal
        kind = self._streams.get(stream.partition("-")[0])
        facts = self.record.stream(stream) if kind else ()
        subject = _subject(kind, kind.fold(facts)) if kind and facts else None
        refusal = self.access.authorise(actor, action, subject)
        if refusal or kind is None:
            return refusal or self.access.stranger(action)
        known = facts if known_at is None else self.record.stream(stream, known_at)
        return Look(kind.fold(known), len(known), known)

    def log_access(self, actor: Actor, action: str, what: str, subjects: Iterable[str], outcome: str) -> None:
        """Write down that data of patients is about to be shown, or was refused; before it is shown.

        Raises:
            BadInput: if it can't be written: then nothing may be shown.

        """
        from presis.record.access_log import Access, write

        write(self.record.database, Access(self.clock(), actor, action, what, tuple(subjects), outcome))

    def seal_access_days(self) -> int:
        """Hash each finished day of the access log that isn't sealed into a fact; how many were."""
        from presis.governance.access_days import SealAccessDay, stream_of
        from presis.governance.roles import SYSTEM
        from presis.record.access_log import day_hash, days

        database, sealed = self.record.database, 0
        for day in days(database):
            if day < self.clock().date() and not self.record.version(stream_of(day)):
                rows, digest = day_hash(database, day)
                self.execute(SealAccessDay(id=self.ids(), day=day, rows=rows, sha256=digest), SYSTEM)
                sealed += 1
        return sealed

    def open_content(self, digest: str) -> bytes:
        """A sealed content that a fact of a stream names; the caller has looked at the stream first.

        Raises:
            BadInput: if it can't be read, or there is no master key.

        """
        return self.record.content(digest, self.keys)

    def owner(self, stream: str) -> str | None:
        """The organisation whose a stream's subject is; None if it is nobody's."""
        kind = self._kind(stream)
        subject = _subject(kind, kind.fold(self.record.stream(stream)))
        return None if subject is None else subject.organisation

    # -- inside ----------------------------------------------------------------------------------

    def _attempt(self, handling: Handling[Any], command: Command, actor: Actor) -> Outcome:
        names = handling.reads(command)
        facts = {name: self.record.stream(name) for name in names}
        states = {name: self._kind(name).fold(facts[name]) for name in names}
        subject = self._subject_of(handling, command, actor, states, facts)
        if refusal := self.access.authorise(actor, handling.action, subject):
            return refusal
        if names and command.seen is not None and command.seen != len(facts[names[0]]):
            first = facts[names[0]]
            return Conflict(
                stream=names[0], expected=command.seen, found=len(first), since=first[command.seen :]
            )
        vault = Vault(self.keys, self.record.wrapped_key, os.urandom)
        edge = Edge(self.clock(), actor, self.ids, self.record.version, vault)
        decided = handling.decide(states, command, edge)
        if isinstance(decided, Refusal):
            return decided
        new = [fact if fact.reason else replace(fact, reason=command.reason) for fact in decided]
        expecting = {fact.stream: 0 for fact in new} | {name: len(facts[name]) for name in names} | edge.read
        written = self.record.append(
            [*new, *edge.taken],
            expecting=expecting,
            actor=actor,
            command=str(command.id),
            vault=vault,
        )
        return self._repeated(written, actor, handling) if isinstance(written, tuple) else written

    def _repeated(self, facts: tuple[Fact[Any], ...], actor: Actor, handling: Handling[Any]) -> Outcome:
        """The facts of a command to the one who gave it; to another, no more than to a stranger."""
        if not facts or facts[0].actor.person == actor.person:
            return facts
        return self.access.stranger(handling.action)

    def _subject_of(
        self,
        handling: Handling[Any],
        command: Command,
        actor: Actor,
        states: Mapping[str, Any],
        facts: Mapping[str, Sequence[Fact[Any]]],
    ) -> Subject | None:
        if handling.subject is not None:
            return handling.subject(states, command, actor)
        if not states:
            return Subject(state="new", organisation=actor.organisation)
        first = next(iter(states))
        return _subject(self._kind(first), states[first]) if facts[first] else None

    def _kind(self, stream: str) -> StreamKind:
        return self._streams[stream.partition("-")[0]]


def _subject(kind: StreamKind, state: Any) -> Subject | None:
    return None if kind.subject is None else kind.subject(state)


def all_rooms() -> tuple[Room, ...]:
    """The rooms of the house, from the lowest up."""
    from presis.diagnostics.room import ROOM as DIAGNOSTICS
    from presis.governance.room import ROOM as GOVERNANCE
    from presis.knowledge.room import ROOM as KNOWLEDGE

    return (RECORD_ROOM, GOVERNANCE, KNOWLEDGE, DIAGNOSTICS)


def open_application(
    url: str,
    *,
    rooms: tuple[Room, ...] | None = None,
    clock: Callable[[], datetime] = now,
    keys: Keys = no_keys,
    on_commit: Callable[[Application], object] | None = None,
) -> Application:
    """The application over the record at a URL or path, with all rooms and the programme's access table.

    Raises:
        BadInput: if there is no record, or the access table is faulty.

    """
    from presis.governance.access import load_access
    from presis.record.store import open_record

    rooms = all_rooms() if rooms is None else rooms
    access = load_access(rooms)
    return Application(
        open_record(record_url(url, {}), rooms, clock),
        rooms,
        access,
        clock=clock,
        keys=keys,
        on_commit=on_commit,
    )
