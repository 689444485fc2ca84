"""The record: facts appended under the head's lock, read by stream or in order, as known at any moment."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from presis.errors import BadInput
from presis.record import schema
from presis.record.actor import Actor
from presis.record.engine import Database
from presis.record.fact import Fact, Moment, NewFact, clinical_date
from presis.record.moments import parse_moment
from presis.record.outcome import Conflict
from presis.record.registry import Registry
from presis.record.room import Room, registry_of
from presis.record.rows import COLUMNS, EMPTY, Draft, Head, Row, chain, time_text, to_fact
from presis.record.sealing import Keys, Vault, unseal
from presis.record.views import Views

_STREAM = re.compile(r"[a-z][a-z_]*-\S+")
_PAGE = 1000
#: One parameter for any number of streams: a JSON array on SQLite, a text array on PostgreSQL.
_VERSIONS = {
    True: "SELECT value, (SELECT max(version) FROM facts WHERE stream = value) FROM json_each(?)",
    False: "SELECT s, (SELECT max(version) FROM facts WHERE stream = s) FROM unnest(%s::text[]) AS s",
}


class Record:
    """An initialised record. `clock` gives the time, with its zone; nothing else here knows it."""

    def __init__(self, database: Database, rooms: Iterable[Room], clock: Callable[[], datetime]) -> None:
        rooms = tuple(rooms)
        self.database = database
        self.registry: Registry = registry_of(rooms)
        views = tuple(view for room in rooms for view in room.views)
        self.views = Views(views, sa.MetaData(), schema.view_versions)
        for view in views:
            view.table(self.views.metadata)  # now, and not when two threads first ask
        self._clock = clock
        mark = "?" if database.is_sqlite else "%s"
        marks = ",".join([mark] * len(COLUMNS))
        self._insert = f"INSERT INTO facts ({','.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608 - our own names
        self._executed = f"SELECT EXISTS (SELECT 1 FROM facts WHERE command = {mark})"  # noqa: S608 - a mark only

    # -- writing ---------------------------------------------------------------------------------

    def append(
        self,
        facts: Sequence[NewFact],
        *,
        expecting: Mapping[str, int],
        actor: Actor,
        command: str,
        vault: Vault | None = None,
    ) -> tuple[Fact[Any], ...] | Conflict:
        """Append facts to any number of streams in one transaction, views with them.

        `expecting` holds the version of every stream that was read or is written, 0 for a new one. If one
        has moved on, the answer is a Conflict and nothing is written. A command that has been executed
        before returns the facts that it wrote. What the `vault` sealed is kept with the facts.

        Raises:
            BadInput: if a text, date or correction can't be recorded, or the database can't be written.
            ValueError: if a stream is written that isn't expected, or a payload isn't of a known kind.

        """
        drafts = [self._draft(fact) for fact in facts]
        self._check_streams({draft.stream for draft in drafts}, expecting)
        with self.database.writing() as connection:
            self.views.check(connection, self.database.place)
            if done := self._of_command(connection, command):
                return done
            if conflict := self._conflict(connection, expecting):
                return conflict
            if not drafts:
                return ()
            self._check_corrections(connection, drafts)
            head = _head(connection)
            recorded = max(time_text(self._clock()), head.recorded)
            rows = chain(drafts, dict(expecting), head, recorded, (actor, command))
            # The driver's own executemany: Core's dictionaries would cost as much as the hashing.
            connection.exec_driver_sql(self._insert, rows)
            if vault is not None:
                schema.keep(connection, vault.wrapped, vault.sealed)
            self._update_views(connection, rows)
        return self._written(facts, rows, actor)

    def rebuild(self) -> dict[str, int]:
        """Write all views anew from the facts, in one transaction; the number of rows by view."""
        with self.database.writing() as connection:
            return self.views.rebuild(connection, self._by_stream(connection))

    # -- reading ---------------------------------------------------------------------------------

    def stream(self, name: str, known_at: Moment = None) -> tuple[Fact[Any], ...]:
        """The facts of one stream, in order, as known at a position or a time."""
        with self.database.reading() as connection:
            return self._stream(connection, name, known_at)

    def facts(self, after: int = 0, known_at: Moment = None) -> Iterator[Fact[Any]]:
        """All facts after a position, in order, as known at a position or a time; read page by page."""
        table = schema.facts
        while True:
            query = table.select().where(table.c.position > after, *_known(known_at))
            with self.database.reading() as connection:
                page = connection.execute(query.order_by(table.c.position).limit(_PAGE)).all()
            for row in page:
                yield to_fact(row, self.registry)
            if len(page) < _PAGE:
                return
            after = page[-1].position

    def content(self, digest: str, keys: Keys) -> bytes:
        """A sealed content by the SHA-256 of its ciphertext, unsealed.

        Raises:
            BadInput: if it isn't there, isn't what its hash says, or its patient's key is gone.

        """
        table = schema.contents
        with self.database.reading() as connection:
            row = connection.execute(table.select().where(table.c.hash == digest)).one_or_none()
        if row is None or hashlib.sha256(row.data).hexdigest() != digest:
            what = "isn't in the record" if row is None else "isn't what its hash says"
            raise BadInput.of(
                "content-unreadable",
                f"the content {digest[:16]}… {what}; run `presis record verify` and restore it from a copy.",
                found=digest,
            )
        wrapped = self.wrapped_key(row.subject)
        if wrapped is None:
            raise BadInput.of(
                "content-erased",
                f"the content {digest[:16]}… can't be read: its patient's key was destroyed.",
                found=digest,
            )
        return unseal(keys().unwrap(row.subject, wrapped), row.subject, bytes(row.data))

    def wrapped_key(self, subject: str) -> bytes | None:
        """A patient's key under the master key; None if there is none, or it was destroyed."""
        table = schema.keys
        with self.database.reading() as connection:
            query = sa.select(table.c.wrapped).where(table.c.subject == subject)
            found = connection.execute(query).scalar()
        return None if found is None else bytes(found)

    def of_command(self, command: str) -> tuple[Fact[Any], ...]:
        """The facts that a command wrote; none if it hasn't been executed."""
        with self.database.reading() as connection:
            return self._of_command(connection, command)

    def version(self, stream: str) -> int:
        """The last version of a stream, 0 if there is none."""
        with self.database.reading() as connection:
            return self._versions(connection, [stream])[stream]

    def head(self) -> Head:
        """The last position with its hash and time."""
        with self.database.reading() as connection:
            return _head(connection)

    def position_at(self, moment: Moment) -> int:
        """The last position that was known at a moment, 0 if none was."""
        table = schema.facts
        query = sa.select(table.c.position).where(*_known(moment)).order_by(table.c.position.desc()).limit(1)
        with self.database.reading() as connection:
            return connection.execute(query).scalar() or 0

    def moment(self, text: str | None) -> Moment:
        """The moment that a person writes.

        Raises:
            BadInput: if it is none, or a position that the record hasn't reached.

        """
        moment = parse_moment(text)
        if isinstance(moment, int) and moment > (head := self.head().position):
            raise BadInput.of(
                "moment-ahead",
                f"the record ends at position {head}, before {moment}; name an earlier one.",
                field="--known-at",
                found=text,
                accepted=f"a position to {head}",
            )
        return moment

    def view_rows(
        self, name: str, where: Callable[[sa.Table], sa.ColumnElement[bool]] | None = None
    ) -> list[dict[str, Any]]:
        """The rows of a view now, ordered by stream; `where` gives a condition on its table.

        Raises:
            BadInput: if the view was written by other code.

        """

        def query(table: sa.Table) -> sa.Select[Any]:
            ordered = sa.select(table).order_by(table.c.stream, table.c.line)
            return ordered if where is None else ordered.where(where(table))

        return self.select(name, query)

    def select(self, name: str, query: Callable[[sa.Table], sa.Select[Any]]) -> list[dict[str, Any]]:
        """What a query over a view gives now: a page of a list, or counts.

        Raises:
            BadInput: if the view was written by other code.

        """
        view = next(view for view in self.views.views if view.name == name)
        with self.database.reading() as connection:
            self.views.check(connection, self.database.place)
            rows = connection.execute(query(view.table(self.views.metadata)))
            return [dict(row) for row in rows.mappings()]

    # -- inside ---------------------------------------------------------------------------------

    def _draft(self, fact: NewFact) -> Draft:
        kind = fact.payload.kind if fact.payload is not None else fact.kind
        if fact.payload is not None and self.registry.models.get(kind) is not type(fact.payload):
            raise ValueError(f"{type(fact.payload).__qualname__} isn't the registered model of {kind}")
        if fact.payload is None and (fact.corrects is None or not kind):
            raise ValueError("only a correction may have an empty payload, and it names the corrected kind")
        return Draft(
            stream=fact.stream,
            kind=kind,
            occurred=None if fact.occurred is None else clinical_date(fact.occurred),
            reason=fact.reason,
            corrects=fact.corrects,
            rules=json.dumps(dict(fact.rules), sort_keys=True) if fact.rules else "{}",
            payload=None if fact.payload is None else fact.payload.model_dump_json(),
        )

    def _check_streams(self, streams: set[str], expecting: Mapping[str, int]) -> None:
        for stream in streams:
            if stream not in expecting:
                raise ValueError(f"{stream} is written but no version of it is expected")
            if not _STREAM.fullmatch(stream):
                raise ValueError(f"{stream!r} isn't a stream's name: a kind, a hyphen, an id")

    def _versions(self, connection: sa.Connection, streams: Iterable[str]) -> dict[str, int]:
        names = list(streams)
        parameter = json.dumps(names) if self.database.is_sqlite else names
        found = connection.exec_driver_sql(_VERSIONS[self.database.is_sqlite], (parameter,))
        return {stream: version or 0 for stream, version in found}

    def _conflict(self, connection: sa.Connection, expecting: Mapping[str, int]) -> Conflict | None:
        found = self._versions(connection, expecting)
        for stream, expected in expecting.items():
            if found[stream] != expected:
                since = self._stream(connection, stream)[expected:]
                return Conflict(stream=stream, expected=expected, found=found[stream], since=since)
        return None

    def _check_corrections(self, connection: sa.Connection, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            if draft.corrects is None:
                continue
            table = schema.facts
            query = sa.select(table.c.stream, table.c.kind).where(table.c.position == draft.corrects)
            found = connection.execute(query).one_or_none()
            name = draft.kind.partition("/")[0]
            if found is None or found.stream != draft.stream or found.kind.partition("/")[0] != name:
                raise BadInput.of(
                    "correction-astray",
                    f"position {draft.corrects} holds no {name} of {draft.stream}, so it can't be corrected "
                    "there; name the position of the fact that is wrong.",
                    field="corrects",
                    found=str(draft.corrects) if found is None else f"{found.kind} of {found.stream}",
                    accepted=f"{name} of {draft.stream}",
                )

    def _stream(self, connection: sa.Connection, name: str, known_at: Moment = None) -> tuple[Fact[Any], ...]:
        table = schema.facts
        query = table.select().where(table.c.stream == name, *_known(known_at)).order_by(table.c.version)
        return tuple(to_fact(row, self.registry) for row in connection.execute(query))

    def _by_stream(
        self, connection: sa.Connection, streams: Sequence[str] | None = None
    ) -> Iterator[Fact[Any]]:
        """The facts of some streams, or of all, ordered by stream and version."""
        query = schema.facts.select().order_by(schema.facts.c.stream, schema.facts.c.version)
        if streams is not None:
            query = query.where(schema.facts.c.stream.in_(streams))
        for row in connection.execute(query, execution_options={"yield_per": _PAGE}):
            yield to_fact(row, self.registry)

    def _of_command(self, connection: sa.Connection, command: str) -> tuple[Fact[Any], ...]:
        # Most commands are new: a plain look at the index costs a tenth of a composed query.
        if not connection.exec_driver_sql(self._executed, (command,)).scalar():
            return ()
        table = schema.facts
        query = table.select().where(table.c.command == command).order_by(table.c.position)
        return tuple(to_fact(row, self.registry) for row in connection.execute(query))

    def _update_views(self, connection: sa.Connection, rows: Sequence[Row]) -> None:
        if self.views.views:
            streams = dict.fromkeys(row[1] for row in rows)
            self.views.update(connection, streams, lambda some: self._by_stream(connection, some))

    def _written(self, facts: Sequence[NewFact], rows: Sequence[Row], actor: Actor) -> tuple[Fact[Any], ...]:
        recorded = datetime.fromisoformat(rows[0][5])
        return tuple(
            Fact(row[0], row[1], row[2], row[3], row[4], recorded, actor, row[9], row[10], row[11],
                 fact.rules, fact.payload, row[15])
            for fact, row in zip(facts, rows, strict=True)
        )  # fmt: skip


def _head(connection: sa.Connection) -> Head:
    row = connection.exec_driver_sql(
        "SELECT position, hash, recorded FROM facts ORDER BY position DESC LIMIT 1"
    ).one_or_none()
    return EMPTY if row is None else Head(*row)


def _known(moment: Moment) -> tuple[sa.ColumnElement[bool], ...]:
    if moment is None:
        return ()
    if isinstance(moment, datetime):
        return (schema.facts.c.recorded <= time_text(moment),)
    return (schema.facts.c.position <= moment,)


def initialise(url: str, rooms: Iterable[Room], clock: Callable[[], datetime]) -> tuple[Record, bool]:
    """Make the tables of a record where there are none; the record, and whether it is new.

    Raises:
        BadInput: if the database can't be made or holds something else.

    """
    database = Database(url)
    _refuse_foreign(database)
    database.ensure_wal()
    record = Record(database, rooms, clock)
    with database.writing() as connection:
        new = not sa.inspect(connection).has_table(schema.record_format.name)
        if new:
            schema.create(connection)
            record.views.rebuild(connection, ())
    return record, new


def _refuse_foreign(database: Database) -> None:
    with database.reading() as connection:
        existing = sa.inspect(connection).get_table_names()
    if existing and schema.record_format.name not in existing:
        raise BadInput.of(
            "record-foreign",
            f"{database.place} already holds other tables; name an empty place for the record.",
            found=", ".join(sorted(existing)),
        )


def open_record(
    url: str, rooms: Iterable[Room], clock: Callable[[], datetime], *, busy_seconds: float = 10.0
) -> Record:
    """Open an initialised record.

    Raises:
        BadInput: if there is none at the URL, naming `presis record init`.

    """
    database = Database(url, busy_seconds)
    absent = BadInput.of(
        "record-absent",
        f"there is no record at {database.place}; make one with `presis record init`, "
        "or name another with --record or PRESIS_RECORD.",
        found=database.place,
    )
    if database.file is not None and not Path(database.file).is_file():
        raise absent
    with database.reading() as connection:
        if not sa.inspect(connection).has_table(schema.record_format.name):
            raise absent
        found = connection.execute(sa.select(sa.func.max(schema.record_format.c.format))).scalar()
    if found != schema.FORMAT:
        raise BadInput.of(
            "record-format",
            f"{database.place} has format {found}, and this version of Presis reads {schema.FORMAT}; "
            "use the version that wrote it.",
            found=str(found),
            accepted=str(schema.FORMAT),
        )
    database.ensure_wal()
    return Record(database, rooms, clock)
