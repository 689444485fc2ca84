"""A report's life, decided by plain functions and kept in the record, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from laboratory import identity
from tests.keys import keys
from tests.record.databases import place, postgres
from tumours import interpret, tumour, variant

from presis.application import Application, all_rooms, open_application
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_life import (
    AmendReport,
    RegisterReport,
    Report,
    SignReport,
    status_of,
    stream_of,
)
from presis.diagnostics.report_model import ReportContent, parse_content
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.record import Actor, Conflict, Refusal, schema
from presis.record.store import initialise

__all__ = ["place", "postgres"]

PATHOLOGIST = Actor("kari.lab", "molecular_pathologist", "haukeland")
COLLEAGUE = Actor("nils.lab", "molecular_pathologist", "haukeland")
ELSEWHERE = Actor("jonas.lab", "molecular_pathologist", "ous")
BIOINFORMATICIAN = Actor("mona.bio", "bioinformatician", "haukeland")
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def content(*changes: str) -> ReportContent:
    profile = tumour(*(variant(*change.split()) for change in changes))
    return report_content(interpret(profile), load_library(), "Haukeland universitetssjukehus")


@pytest.fixture
def house(place: str) -> Iterator[Application]:
    initialise(place, all_rooms(), lambda: NOON)
    application = open_application(place, clock=lambda: NOON, keys=keys)
    yield application
    application.record.database.close()


def register(house: Application, made: ReportContent) -> str:
    outcome = house.handle(
        RegisterReport(id=house.ids(), content=made, identity=identity()), BIOINFORMATICIAN
    )
    assert isinstance(outcome, tuple)
    return str(next(fact.payload.number for fact in outcome if fact.stream.startswith("report-")))


def look(house: Application, number: str, known_at: Any = None) -> Report:
    found = house.look(PATHOLOGIST, "show-report", stream_of(number), known_at)
    assert not isinstance(found, Refusal)
    return found.state


def sign(
    house: Application, number: str, digest: str, actor: Actor = PATHOLOGIST, seen: int | None = None
) -> Any:
    return house.handle(SignReport(id=house.ids(), seen=seen, number=number, content_hash=digest), actor)


def test_reports_get_numbers_without_gaps_and_keep_their_content(house: Application) -> None:
    first, second = content("BRAF V600E"), content("KRAS G12C")
    assert [register(house, first), register(house, second)] == ["R-2026-0001", "R-2026-0002"]
    version = look(house, "R-2026-0002").current
    assert parse_content(house.open_content(version.sealed)) == second


def test_a_signature_is_over_the_content_that_was_seen(house: Application) -> None:
    made = content("BRAF V600E")
    number = register(house, made)
    assert sign(house, number, "0" * 64).code == "other-content"
    (fact,) = sign(house, number, made.content_hash())
    assert fact.payload.signature.content_hash == made.content_hash()
    assert fact.payload.signature.signed_at == NOON
    assert sign(house, number, made.content_hash()).code == "already-signed"


def test_a_signature_on_what_has_changed_meanwhile_is_a_conflict(house: Application) -> None:
    made, other = content("BRAF V600E"), content("BRAF V600E", "TP53 R175H")
    number = register(house, made)
    amended = house.handle(
        AmendReport(id=house.ids(), seen=1, why="TP53 was missing", number=number, content=other),
        COLLEAGUE,
    )
    assert isinstance(amended, tuple)
    outcome = sign(house, number, made.content_hash(), seen=1)
    assert isinstance(outcome, Conflict)
    assert [fact.actor.person for fact in outcome.since] == ["nils.lab"]


def test_an_amended_report_is_a_draft_again_and_its_old_version_is_replaced(house: Application) -> None:
    made, other = content("BRAF V600E"), content("BRAF V600E", "TP53 R175H")
    number = register(house, made)
    sign(house, number, made.content_hash())
    before = house.record.head().position
    house.handle(
        AmendReport(id=house.ids(), why="TP53 was missing", number=number, content=other), PATHOLOGIST
    )
    report = look(house, number)
    assert [(status_of(report, v).state, status_of(report, v).replaced_by) for v in report.versions] == [
        ("superseded", 2),
        ("draft", None),
    ]
    assert report.current.reason is not None
    assert house.open_content(report.current.reason) == b"TP53 was missing"
    known_then = look(house, number, before)
    assert [status_of(known_then, v).state for v in known_then.versions] == ["signed"]
    (fact,) = sign(house, number, other.content_hash())
    assert fact.payload.signature.meaning == "amended"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"why": ""}, "reason-missing"),
        ({"why": "  "}, "reason-missing"),
        ({"content": content("BRAF V600E")}, "nothing-changed"),
        ({"content": content("KRAS G12C").model_copy(update={"sample": "T-2", "specimen": content().specimen.model_copy(update={"pseudonym": "P-2"})})}, "other-sample"),
    ],
)  # fmt: skip
def test_an_amendment_is_refused_with_its_reason(
    house: Application, changes: dict[str, Any], code: str
) -> None:
    number = register(house, content("BRAF V600E"))
    wanted = {"id": house.ids(), "why": "why", "number": number, "content": content("KRAS G12C")} | changes
    outcome = house.handle(AmendReport(**wanted), PATHOLOGIST)
    assert isinstance(outcome, Refusal)
    assert outcome.code == code
    assert len(look(house, number).versions) == 1


def test_no_report_is_made_of_files_whose_data_may_be_anothers(house: Application) -> None:
    number = register(house, content("BRAF V600E"))
    made = content("KRAS G12C")
    reason = {"code": "identity.contaminated", "values": {}, "text": "another person's DNA is in the sample"}
    check = {"check": "contamination", "result": "mismatch", "reason": reason, "counts": {}, "other": None}
    mixed = ReportContent.model_validate(made.model_dump() | {"identity": [check]})
    for command in (
        RegisterReport(id=house.ids(), content=mixed, identity=identity("P-9")),
        AmendReport(id=house.ids(), number=number, content=mixed, why="read again"),
    ):
        outcome = house.handle(command, PATHOLOGIST)
        assert isinstance(outcome, Refusal)
        assert outcome.code == "identity-mismatch"
        assert "another person's DNA" in outcome.message
    assert len(look(house, number).versions) == 1


def test_only_the_laboratorys_own_pathologist_signs(house: Application) -> None:
    made = content("BRAF V600E")
    number = register(house, made)
    for actor in (BIOINFORMATICIAN, ELSEWHERE, Actor("erik.onc", "oncologist", "ahus")):
        outcome = sign(house, number, made.content_hash(), actor)
        assert isinstance(outcome, Refusal)
    assert look(house, number).state == "draft"


def test_a_command_given_twice_registers_once(house: Application) -> None:
    command = RegisterReport(id=UUID(int=7), content=content("BRAF V600E"), identity=identity())
    first = house.handle(command, BIOINFORMATICIAN)
    assert house.handle(command, BIOINFORMATICIAN) == first
    assert house.record.head().position == 4  # the patient and the index, the report and its number


def test_two_who_sign_at_once_leave_one_signature(house: Application) -> None:
    made = content("BRAF V600E")
    number = register(house, made)
    outcomes: list[Any] = []
    threads = [
        threading.Thread(
            target=lambda actor=actor: outcomes.append(
                sign(house, number, made.content_hash(), actor, seen=1)
            )
        )
        for actor in (PATHOLOGIST, COLLEAGUE)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(outcome, tuple) for outcome in outcomes) == [False, True]


def test_a_content_that_was_tampered_with_is_not_shown(house: Application) -> None:
    number = register(house, content("BRAF V600E"))
    digest = look(house, number).current.sealed
    with house.record.database.writing() as connection:
        connection.execute(schema.contents.update().values(data=b"other"))
    with pytest.raises(BadInput, match="isn't what its hash says"):
        house.open_content(digest)
    with pytest.raises(BadInput, match="isn't in the record"):
        house.open_content("0" * 64)


def test_the_versions_of_rules_and_knowledge_stand_on_the_fact(house: Application) -> None:
    number = register(house, content("BRAF V600E"))
    (fact,) = house.record.stream(stream_of(number))
    assert fact.rules["clingen-cgc-vicc-oncogenicity"] == "1"
    assert fact.rules["knowledge/civic"] == "2018-10-01"
