"""The application over a fresh record with the room of samples, on both databases."""

from collections.abc import Iterator

import pytest
from tests.record.databases import place, postgres
from tests.record.samples import ACCESS, ROOMS, counting, ticking

from presis.application import Application
from presis.record.store import initialise

__all__ = ["application", "place", "postgres"]


@pytest.fixture
def application(place: str) -> Iterator[Application]:
    clock = ticking()
    record, _ = initialise(place, ROOMS, clock)
    yield Application(record, ROOMS, ACCESS, clock=clock, ids=counting(1000))
    record.database.close()
