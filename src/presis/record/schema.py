"""The tables of a record, and the triggers that keep the facts append-only, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

metadata = sa.MetaData()

_integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Bytewise order on both databases, whatever the locale of the server.
_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

facts = sa.Table(
    "facts",
    metadata,
    sa.Column("position", _integer, primary_key=True, autoincrement=False),
    sa.Column("stream", _text, nullable=False),
    sa.Column("version", _integer, nullable=False),
    sa.Column("kind", _text, nullable=False),
    sa.Column("occurred", _text),
    sa.Column("recorded", _text, nullable=False),
    sa.Column("actor_person", _text, nullable=False),
    sa.Column("actor_role", _text, nullable=False),
    sa.Column("actor_organisation", _text, nullable=False),
    sa.Column("reason", _text),
    sa.Column("command", _text, nullable=False),
    sa.Column("corrects", _integer),
    sa.Column("rules", _text, nullable=False),
    sa.Column("payload", _text),
    sa.Column("previous_hash", _text, nullable=False),
    sa.Column("hash", _text, nullable=False),
    sa.UniqueConstraint("stream", "version", name="facts_stream_version"),
    sa.Index("facts_command", "command"),
    sqlite_strict=True,
)

#: Which code wrote each view.
view_versions = sa.Table(
    "view_versions",
    metadata,
    sa.Column("name", _text, primary_key=True),
    sa.Column("version", _integer, nullable=False),
)

#: How far each reaction has come; `stopped` is the position at which it failed, `problem` says why.
reaction_positions = sa.Table(
    "reaction_positions",
    metadata,
    sa.Column("name", _text, primary_key=True),
    sa.Column("position", _integer, nullable=False),
    sa.Column("stopped", _integer),
    sa.Column("problem", _text),
)

#: What is of a person, sealed under that person's key; facts name it by the ciphertext's SHA-256.
contents = sa.Table(
    "contents",
    metadata,
    sa.Column("hash", _text, primary_key=True),
    sa.Column("subject", _text, nullable=False, index=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

#: A key for each patient, wrapped under the master key. Deleting the row makes all contents unreadable.
keys = sa.Table(
    "keys",
    metadata,
    sa.Column("subject", _text, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
)

#: Who was shown what of whom: one row for each request.
access_log = sa.Table(
    "access_log",
    metadata,
    sa.Column("id", _integer, primary_key=True, autoincrement=True),
    sa.Column("at", _text, nullable=False, index=True),
    sa.Column("actor_person", _text, nullable=False),
    sa.Column("actor_role", _text, nullable=False),
    sa.Column("actor_organisation", _text, nullable=False),
    sa.Column("action", _text, nullable=False),
    sa.Column("what", _text, nullable=False),
    sa.Column("subjects", _text, nullable=False),
    sa.Column("outcome", _text, nullable=False),
)

#: The format of the tables, so that a later version knows what it has before it.
record_format = sa.Table(
    "record_format",
    metadata,
    sa.Column("format", _integer, primary_key=True, autoincrement=False),
)

FORMAT = 2

# REPLACE deletes without the delete trigger (recursive_triggers is off by default), so the insert itself
# refuses anything but the next position and the stream's next version. That keeps both free of gaps too.
_SQLITE = (
    """CREATE TRIGGER facts_never_updated BEFORE UPDATE ON facts
    BEGIN SELECT RAISE(ABORT, 'the record is append-only: a fact is never updated'); END""",
    """CREATE TRIGGER facts_never_deleted BEFORE DELETE ON facts
    BEGIN SELECT RAISE(ABORT, 'the record is append-only: a fact is never deleted'); END""",
    """CREATE TRIGGER facts_never_replaced BEFORE INSERT ON facts
    WHEN NEW.position <> coalesce((SELECT max(position) FROM facts), 0) + 1
      OR NEW.version <> coalesce((SELECT max(version) FROM facts WHERE stream = NEW.stream), 0) + 1
    BEGIN SELECT RAISE(ABORT, 'the record is append-only: a fact comes after the last one'); END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION facts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION USING MESSAGE = 'the record is append-only: ' || TG_OP || ' is refused'; END $$""",
    """CREATE TRIGGER facts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON facts
    FOR EACH STATEMENT EXECUTE FUNCTION facts_append_only()""",
    "ALTER TABLE facts ENABLE ALWAYS TRIGGER facts_append_only",
)


def create(connection: sa.Connection) -> None:
    """Make the tables and triggers in an empty database."""
    metadata.create_all(connection)
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)
    connection.execute(record_format.insert(), {"format": FORMAT})


def keep(
    connection: sa.Connection, wrapped: Mapping[str, bytes], sealed: Mapping[str, tuple[str, bytes]]
) -> None:
    """New keys by subject, and sealed contents by hash with their subject."""
    if wrapped:
        rows = [{"subject": subject, "wrapped": key} for subject, key in wrapped.items()]
        connection.execute(keys.insert(), rows)
    if sealed:
        kept = [{"hash": digest, "subject": whose, "data": data} for digest, (whose, data) in sealed.items()]
        connection.execute(contents.insert(), kept)
