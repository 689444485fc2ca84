"""Days of the access log: hashed into a fact when they are over, and held against it; on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.record.databases import place, postgres

from presis.application import all_rooms, open_application
from presis.governance.access_days import faults
from presis.record import Actor, schema
from presis.record.store import initialise

__all__ = ["place", "postgres"]
KARI = Actor("kari.lab", "molecular_pathologist", "haukeland")


def test_a_day_that_is_over_is_sealed_once_and_a_row_changed_later_is_found(place: str) -> None:
    time = [datetime(2026, 11, 24, 22, 0, tzinfo=UTC)]
    initialise(place, all_rooms(), lambda: time[0])
    house = open_application(place, clock=lambda: time[0])
    house.log_access(KARI, "view", "requisitions/Q-2026-0001", ["P-1"], "shown")
    assert house.seal_access_days() == 0, "the day isn't over"
    time[0] += timedelta(hours=4)
    house.log_access(KARI, "view", "requisitions/Q-2026-0002", ["P-2"], "shown")
    assert house.seal_access_days() == 1
    assert house.seal_access_days() == 0
    assert [*faults(house.record)] == []
    with house.record.database.writing() as connection:
        connection.execute(schema.access_log.delete().where(schema.access_log.c.at < "2026-11-25"))
    (fault,) = faults(house.record)
    assert fault.message == "the access log of 2026-11-24 isn't what was sealed: 1 rows then, 0 now."
    house.record.database.close()
