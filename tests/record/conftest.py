"""A fresh record for each test, on both databases."""

from collections.abc import Iterator

import pytest
from tests.record.databases import place, postgres
from tests.record.samples import ROOMS, ticking

from presis.record.store import Record, initialise

__all__ = ["place", "postgres", "record"]


@pytest.fixture
def record(place: str) -> Iterator[Record]:
    made, _ = initialise(place, ROOMS, ticking())
    yield made
    made.database.close()
