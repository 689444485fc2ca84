"""How far each reaction has come in the record, and where it stopped."""

from __future__ import annotations

from dataclasses import dataclass

from presis.record.engine import Database
from presis.record.schema import reaction_positions


@dataclass(frozen=True, slots=True)
class Progress:
    """The last position that a reaction is done with; where it failed and why, if it did."""

    position: int = 0
    stopped: int | None = None
    problem: str | None = None


def progress(database: Database) -> dict[str, Progress]:
    """The progress of every reaction that ever ran, by name."""
    with database.reading() as connection:
        rows = connection.execute(reaction_positions.select()).all()
    return {row.name: Progress(row.position, row.stopped, row.problem) for row in rows}


def advance(database: Database, names: list[str], position: int) -> None:
    """Note in one transaction that these reactions are done up to a position; never backwards."""
    with database.writing() as connection:
        table = reaction_positions
        known = {row.name: row.position for row in connection.execute(table.select())}
        for name in names:
            if name not in known:
                connection.execute(table.insert(), {"name": name, "position": position})
            elif known[name] < position:
                values = {"position": position, "stopped": None, "problem": None}
                connection.execute(table.update().where(table.c.name == name).values(**values))


def stop(database: Database, name: str, position: int, problem: str) -> None:
    """Note where a reaction failed, and why."""
    with database.writing() as connection:
        table = reaction_positions
        values = {"stopped": position, "problem": problem}
        changed = connection.execute(table.update().where(table.c.name == name).values(**values))
        if changed.rowcount == 0:
            connection.execute(table.insert(), {"name": name, "position": position - 1, **values})
