"""Views: tables of what the streams come to now, keyed by stream, kept in the append's transaction.

A view's rows of one stream are a pure function of that stream's facts, corrections in place. After an
append the touched streams are folded anew, inside the transaction, so a view can't differ from the
fold; streams are short (one case, one report), which is what makes this cheap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from presis.errors import BadInput
from presis.record.fact import Fact
from presis.record.fold import in_place

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

Row = Mapping[str, Any]

#: Streams read and rows written with one statement.
_CHUNK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A table `view_NAME` over the streams with a prefix.

    `columns` are str, int or float and may be null; `rows` gives the rows of one stream from its facts
    in place, none if it isn't to be seen. `version` is raised with every change to columns or rows;
    `indexes` are the columns, in order, by which lists are filtered and sorted.
    """

    name: str
    version: int
    prefix: str
    columns: Mapping[str, type]
    rows: Callable[[str, Sequence[Fact[Any]]], Iterable[Row]]
    indexes: tuple[tuple[str, ...], ...] = ()

    def covers(self, stream: str) -> bool:
        """Whether a stream is of this view's kind."""
        return stream.startswith(f"{self.prefix}-")

    def table(self, metadata: MetaData) -> Table:
        """The view's table: stream, line (from 1), then the columns."""
        import sqlalchemy as sa

        name = f"view_{self.name}"
        if name in metadata.tables:
            return metadata.tables[name]
        types: dict[type, Any] = {str: sa.Text, int: sa.BigInteger, float: sa.Double}
        columns = [sa.Column(column, types[kind]()) for column, kind in self.columns.items()]
        return sa.Table(
            name,
            metadata,
            sa.Column("stream", sa.Text, primary_key=True),
            sa.Column("line", sa.Integer, primary_key=True),
            *columns,
            *(sa.Index(f"{name}_{number}", *each) for number, each in enumerate(self.indexes)),
        )

    def lines(self, stream: str, facts: Iterable[Fact[Any]]) -> list[dict[str, Any]]:
        """The table's rows for a stream, from all its facts in order."""
        rows = self.rows(stream, in_place(facts))
        return [{"stream": stream, "line": line, **row} for line, row in enumerate(rows, start=1)]


@dataclass(frozen=True, slots=True)
class Views:
    """The views of a record and the table that holds the version of each one's code."""

    views: tuple[View, ...]
    metadata: MetaData
    versions: Table

    def check(self, connection: Connection, place: str) -> None:
        """Refuse to go on if a view was written by other code.

        Raises:
            BadInput: naming the views and the command that rebuilds them.

        """
        if not self.views:
            return
        stored = {row.name: row.version for row in connection.execute(self.versions.select())}
        stale = [view.name for view in self.views if stored.get(view.name) != view.version]
        if stale:
            raise BadInput.of(
                "view-outdated",
                f"the {', '.join(stale)} view of {place} was written by another version of Presis; "
                "run `presis record rebuild`.",
                found=", ".join(f"{name} {stored.get(name, 'absent')}" for name in stale),
                accepted=", ".join(
                    f"{view.name} {view.version}" for view in self.views if view.name in stale
                ),
            )

    def update(
        self,
        connection: Connection,
        streams: Iterable[str],
        read: Callable[[Sequence[str]], Iterable[Fact[Any]]],
    ) -> None:
        """Write the touched streams' rows anew, inside the append's transaction.

        `read` gives the facts of some streams, ordered by stream and version.
        """
        covered = [stream for stream in streams if any(view.covers(stream) for view in self.views)]
        for first in range(0, len(covered), _CHUNK):
            chunk = covered[first : first + _CHUNK]
            for view in self.views:
                table = view.table(self.metadata)
                connection.execute(table.delete().where(table.c.stream.in_(chunk)))
            self._write(connection, read(chunk))

    def rebuild(self, connection: Connection, facts: Iterable[Fact[Any]]) -> dict[str, int]:
        """Drop and write all views anew from facts ordered by stream and version; rows by view."""
        self._recreate(connection)
        return self._write(connection, facts)

    def _write(self, connection: Connection, facts: Iterable[Fact[Any]]) -> dict[str, int]:
        counts = {view.name: 0 for view in self.views}
        waiting: dict[str, list[dict[str, Any]]] = {view.name: [] for view in self.views}
        for stream, group in groupby(facts, key=lambda fact: fact.stream):
            covering = [view for view in self.views if view.covers(stream)]
            content = list(group) if covering else []
            for view in covering:
                waiting[view.name] += view.lines(stream, content)
                if len(waiting[view.name]) >= _CHUNK:
                    counts[view.name] += self._flush(connection, view, waiting[view.name])
        for view in self.views:
            counts[view.name] += self._flush(connection, view, waiting[view.name])
        return counts

    def _flush(self, connection: Connection, view: View, lines: list[dict[str, Any]]) -> int:
        count = len(lines)
        if lines:
            connection.execute(view.table(self.metadata).insert(), lines)
            lines.clear()
        return count

    def _recreate(self, connection: Connection) -> None:
        connection.execute(self.versions.delete())
        for view in self.views:
            table = view.table(self.metadata)
            table.drop(connection, checkfirst=True)
            table.create(connection)
            connection.execute(self.versions.insert(), {"name": view.name, "version": view.version})
