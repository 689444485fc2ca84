"""The access log: who was shown what of whom, one row for each request, apart from the facts.

Each day's rows are hashed into one fact when the day is over, so that a row that is changed, added or
taken away later is found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from presis.record import schema
from presis.record.actor import Actor
from presis.record.engine import Database
from presis.record.rows import time_text


@dataclass(frozen=True, slots=True)
class Access:
    """One request: when, by whom, what was asked (`show-report`, `worklist`), and whose data was shown.

    `subjects` are patients' ids; `outcome` is `shown` or `refused`.
    """

    at: datetime
    actor: Actor
    action: str
    what: str
    subjects: tuple[str, ...]
    outcome: str = "shown"


def write(database: Database, access: Access) -> None:
    """Add a row; raises `BadInput` if the database can't be written, and then nothing may be shown."""
    row = {
        "at": time_text(access.at),
        "actor_person": access.actor.person,
        "actor_role": access.actor.role,
        "actor_organisation": access.actor.organisation,
        "action": access.action,
        "what": access.what,
        "subjects": json.dumps(sorted(set(access.subjects))),
        "outcome": access.outcome,
    }
    with database.writing() as connection:
        connection.execute(schema.access_log.insert(), row)


def accesses(database: Database, day: date | None = None) -> Iterator[Access]:
    """The rows in order, of one day (UTC) where it is given."""
    for row in _rows(database, day):
        yield _access(row)


def _access(row: sa.Row[tuple[str, ...]]) -> Access:
    actor = Actor(row.actor_person, row.actor_role, row.actor_organisation)
    at = datetime.fromisoformat(row.at)
    return Access(at, actor, row.action, row.what, tuple(json.loads(row.subjects)), row.outcome)


def search(database: Database, *, subject: str | None, persons: Sequence[str], text: str) -> list[Access]:
    """The rows of every day that name a patient; without one, those of persons or whose `what` holds a text.

    Newest first. `subject` is a patient's id, `persons` are persons' ids; the text's case doesn't count.
    """
    table = schema.access_log
    if subject is not None:
        wanted = table.c.subjects.contains(json.dumps(subject), autoescape=True)
    else:
        wanted = table.c.what.icontains(text, autoescape=True) | table.c.actor_person.in_(persons)
    with database.reading() as connection:
        rows = connection.execute(table.select().where(wanted).order_by(table.c.id.desc())).all()
    return [_access(row) for row in rows]


def days(database: Database) -> list[date]:
    """The days (UTC) of which there are rows."""
    with database.reading() as connection:
        found = connection.execute(sa.select(sa.func.substr(schema.access_log.c.at, 1, 10)).distinct())
        return sorted(date.fromisoformat(day) for (day,) in found)


def day_hash(database: Database, day: date) -> tuple[int, str]:
    """How many rows a day has, and the SHA-256 of them in order, each as a JSON array."""
    digest, count = hashlib.sha256(), 0
    for row in _rows(database, day):
        digest.update(json.dumps(list(row)).encode())
        count += 1
    return count, digest.hexdigest()


def _rows(database: Database, day: date | None) -> Sequence[sa.Row[tuple[str, ...]]]:
    table = schema.access_log
    query = table.select().order_by(table.c.id)
    if day is not None:
        query = query.where(sa.func.substr(table.c.at, 1, 10) == day.isoformat())
    with database.reading() as connection:
        return connection.execute(query).all()
