"""A specimen came in on a day that can be: not ahead, not long ago, not before the patient was born."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import laboratory as lab
import pytest

from presis.application import Application
from presis.diagnostics.requisition import ReceiveRequisition
from presis.record import Refusal


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Application]:
    application = lab.opened(f"sqlite:///{tmp_path / 'presis.db'}")
    yield application
    application.record.database.close()


@pytest.mark.parametrize(
    ("day", "born", "code", "said"),
    [
        ("2026-11-26", None, "received-ahead", "2026-11-26 is yet to come; give the day on which the specimen came in."),
        ("1850-01-01", None, "received-long-ago", "1850-01-01 is too long ago; give a day from 2021-11-25 to 2026-11-25."),
        ("2021-11-24", None, "received-long-ago", "2021-11-24 is too long ago; give a day from 2021-11-25 to 2026-11-25."),
        ("2024-05-01", 2025, "received-before-birth",
         "the specimen came in on 2024-05-01, before the year of birth, 2025; mend the one that is wrong."),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused(
    house: Application, day: str, born: int | None, code: str, said: str
) -> None:
    command = ReceiveRequisition(
        id=house.ids(),
        identity=lab.identity(),
        received=day,
        requester="ahus",
        specimen="H-1",
        birth_year=born,
    )
    outcome = house.handle(command, lab.MONA)
    assert isinstance(outcome, Refusal)
    assert (outcome.code, outcome.message) == (code, said)


@pytest.mark.parametrize(("day", "born"), [("2021-11-25", 2021), ("2026-11-25", None), ("2026-11-20", 2026)])
def test_a_day_that_can_be_is_taken(house: Application, day: str, born: int | None) -> None:
    assert lab.received(house, received=day, birth_year=born)


def test_a_year_of_birth_after_receipt_is_refused_when_put_right(house: Application) -> None:
    outcome = lab.corrected(house, lab.received(house, received="2024-05-01"), birth_year=2025)
    assert isinstance(outcome, Refusal)
    assert outcome.code == "received-before-birth"
