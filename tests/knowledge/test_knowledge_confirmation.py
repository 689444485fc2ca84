"""A recalled row counts once a person of the laboratory has read its source, for that laboratory alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest

from presis.application import Application
from presis.governance import load_access
from presis.governance.room import ROOM as GOVERNANCE
from presis.knowledge import Library, load_library
from presis.knowledge.confirmation import Confirmations, ConfirmRow, confirm, confirmation_stream
from presis.knowledge.facts import RowConfirmed
from presis.knowledge.room import ROOM
from presis.record import Actor, Refusal, entered_in_error
from presis.record.room import RECORD_ROOM
from presis.record.store import initialise

KARI = Actor("kari.lab", "molecular_pathologist", "haukeland")
JONAS = Actor("jonas.lab", "molecular_pathologist", "ous")
MONA = Actor("mona.bio", "bioinformatician", "haukeland")
ROOMS = (RECORD_ROOM, GOVERNANCE, ROOM)
_numbers = count(1)


def command(row: str, source: str = "doi 10.1016/j.annonc.2020.07.014, table 1", **fields: str) -> ConfirmRow:
    laboratory = fields.pop("laboratory", "haukeland")
    return ConfirmRow(id=UUID(int=next(_numbers)), row=row, source=source, laboratory=laboratory, **fields)


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    seconds = count()
    start = datetime(2026, 11, 25, tzinfo=UTC)

    def clock() -> datetime:
        return start + timedelta(seconds=next(seconds))

    record, _ = initialise(f"sqlite:///{tmp_path / 'presis.db'}", ROOMS, clock)
    yield Application(record, ROOMS, load_access(ROOMS), clock=clock)
    record.database.close()


def held(application: Application, laboratory: str) -> frozenset[str]:
    """The rows that the record says count for a laboratory."""
    facts = application.record.stream(confirmation_stream(laboratory))
    state: Confirmations = ROOM.streams[0].fold(facts)
    return state.holding(load_library())


def test_a_pathologist_confirms_a_recalled_row_and_then_it_counts(application: Application) -> None:
    outcome = application.handle(command("escat-02", note="table read"), KARI)
    assert isinstance(outcome, tuple)
    (fact,) = outcome
    assert (fact.kind, fact.stream) == ("knowledge.row-confirmed/1", "knowledge-haukeland")
    assert fact.rules == {"escat": "2026-11-25"}
    assert held(application, "haukeland") == {"escat-02"}
    library = load_library(confirmed=held(application, "haukeland"))
    assert next(row for row in library.escat if row.row == "escat-02").counts


def test_another_laboratory_is_not_bound_by_it(application: Application) -> None:
    application.handle(command("escat-02"), KARI)
    assert held(application, "ous") == frozenset()
    application.handle(command("escat-02", laboratory="ous"), JONAS)
    assert held(application, "ous") == {"escat-02"}


def test_a_confirmation_entered_in_error_no_longer_counts(application: Application) -> None:
    outcome = application.handle(command("escat-02"), KARI)
    assert isinstance(outcome, tuple)
    error = entered_in_error(outcome[0], reason="the wrong table was read")
    application.record.append([error], expecting={error.stream: 1}, actor=KARI, command="c-2")
    assert held(application, "haukeland") == frozenset()


def test_only_a_molecular_pathologist_confirms(application: Application) -> None:
    outcome = application.handle(command("escat-02"), MONA)
    assert isinstance(outcome, Refusal)
    assert outcome.code == "role-not-allowed"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (command("escat-99"), "row-unknown"),
        (command("escat-01"), "row-needs-none"),
        (command("escat-02", source=" "), "source-missing"),
        (command("escat-02", laboratory="ous"), "laboratory-not-yours"),
        (command("bailey2018-s4-0001"), "row-needs-none"),
    ],
)
def test_what_is_refused(library: Library, given: ConfirmRow, code: str) -> None:
    outcome = confirm(Confirmations(), given, KARI, library)
    assert isinstance(outcome, Refusal)
    assert outcome.code == code


def test_a_row_is_confirmed_once(library: Library) -> None:
    first = confirm(Confirmations(), command("gr-MLH1"), KARI, library)
    assert isinstance(first, list)
    payload = first[0].payload
    assert isinstance(payload, RowConfirmed)
    again = confirm(Confirmations({"gr-MLH1": payload}), command("gr-MLH1"), KARI, library)
    assert isinstance(again, Refusal)
    assert again.message.startswith("gr-MLH1 is confirmed already, from doi")


def test_a_row_that_a_later_pack_words_otherwise_must_be_confirmed_anew(library: Library) -> None:
    first = confirm(Confirmations(), command("gr-MLH1"), KARI, library)
    assert isinstance(first, list)
    payload = first[0].payload
    assert isinstance(payload, RowConfirmed)
    changed = Confirmations({"gr-MLH1": payload.model_copy(update={"content": "0" * 64})})
    assert changed.holding(library) == frozenset()
    assert replace(changed, rows={"gr-MLH1": payload}).holding(library) == {"gr-MLH1"}
    assert isinstance(confirm(changed, command("gr-MLH1"), KARI, library), list)
