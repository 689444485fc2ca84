"""A requisition's way: the bench in order, review, signatures, amendments, memory; on both databases."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import laboratory as lab
import pytest
import yaml
from tests.keys import keys
from tests.record.databases import place, postgres

from presis.application import Application
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.memory import reports_carrying, seen_before
from presis.diagnostics.requisition import AskRepeat, AssessMaterial, CancelRequisition, TakeStep
from presis.diagnostics.review import ConcludeReview, JudgeFinding, ReopenReview, WriteInterpretation
from presis.diagnostics.touched import Touched, touched_reports
from presis.diagnostics.worklist import way
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.knowledge.release import SHIPPED
from presis.record import Actor, Refusal, schema

__all__ = ["place", "postgres"]


@pytest.fixture
def house(place: str) -> Iterator[Application]:
    application = lab.opened(place)
    yield application
    application.record.database.close()


def key_of(house: Application, number: str, gene: str) -> str:
    content = lab.content_now(house, number)
    return str(next(each.key for each in content.findings if gene in each.genes))


def test_a_specimen_goes_its_way_in_order(house: Application) -> None:
    number = lab.received(house)
    assert (number, lab.state(house, number).state) == ("Q-2026-0001", "received")
    early = house.handle(TakeStep(id=house.ids(), number=number, step="library"), lab.MONA)
    assert isinstance(early, Refusal)
    lab.assessed(house, number)
    lab.sequenced(house, number)
    back = house.handle(TakeStep(id=house.ids(), number=number, step="extracted"), lab.MONA)
    assert isinstance(back, Refusal)
    assert back.code == "step-out-of-order"
    assert [each.step for each in lab.state(house, number).steps] == [
        "received", "material", "extracted", "library", "sequenced",
    ]  # fmt: skip


@pytest.mark.parametrize("on", ["2026-11-19", "2026-11-26"])
def test_a_step_is_done_between_receipt_and_today(house: Application, on: str) -> None:
    number = lab.received(house)
    lab.assessed(house, number)
    step = TakeStep(id=house.ids(), number=number, step="extracted", on=on)
    outcome = house.handle(step, lab.MONA)
    assert isinstance(outcome, Refusal)
    assert (outcome.code, outcome.accepted) == ("step-day", "2026-11-20 to 2026-11-25")
    lab.facts(house.handle(step.model_copy(update={"on": "2026-11-21"}), lab.MONA))


def test_adequate_material_has_a_share_of_tumour_cells(house: Application) -> None:
    number = lab.received(house)
    outcome = house.handle(AssessMaterial(id=house.ids(), number=number, adequate=True), lab.KARI)
    assert isinstance(outcome, Refusal)
    assert outcome.code == "cells-missing"


@pytest.mark.parametrize(
    ("what", "state"),
    [
        ("sequencing", "library"),
        ("library", "extracted"),
        ("extraction", "adequate"),
        ("new_tissue", "inadequate"),
    ],
)
def test_what_is_repeated_goes_back_to_before_it(house: Application, what: str, state: str) -> None:
    number = lab.in_review(house, "BRAF V600E")
    lab.facts(house.handle(AskRepeat(id=house.ids(), number=number, what=what, note="low depth"), lab.KARI))
    assert lab.state(house, number).state == state


def test_what_is_to_be_repeated_and_what_follows_it_is_not_done_on_the_way(house: Application) -> None:
    number = lab.received(house)
    lab.assessed(house, number)
    lab.sequenced(house, number)
    lab.read(house, number, lab.profile("BRAF V600E"))
    lab.facts(house.handle(AskRepeat(id=house.ids(), number=number, what="library"), lab.KARI))
    done = {each.step: each.on is not None for each in way(lab.state(house, number))}
    assert [step for step, is_done in done.items() if is_done] == ["received", "material", "extracted"]
    (waits,) = [each for each in way(lab.state(house, number)) if each.current]
    assert (waits.step, waits.took, waits.person) == ("library", None, None)


def test_what_has_not_been_done_cannot_be_repeated(house: Application) -> None:
    number = lab.received(house)
    lab.assessed(house, number)
    lab.facts(house.handle(TakeStep(id=house.ids(), number=number, step="extracted"), lab.MONA))
    outcome = house.handle(AskRepeat(id=house.ids(), number=number, what="sequencing"), lab.MONA)
    assert isinstance(outcome, Refusal)
    assert outcome.accepted == "extraction, new_tissue"


def test_another_laboratory_learns_nothing_of_a_requisition(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E")
    look = house.look(lab.JONAS, "show-requisition", f"requisition-{number}")
    absent = house.look(lab.JONAS, "show-requisition", "requisition-Q-2026-0999")
    assert look == absent
    assert isinstance(look, Refusal)
    assert lab.judge(house, number, "sv x", "keep", lab.JONAS) == lab.judge(
        house, "Q-2026-0999", "sv x", "keep", lab.JONAS
    )


def test_a_dropped_finding_leaves_the_report_and_is_listed(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E", "TP53 R175H")
    lab.facts(lab.judge(house, number, key_of(house, number, "BRAF"), "artefact", why="strand bias"))
    content = lab.content_now(house, number)
    assert [each.genes for each in content.findings if each.kind == "small_variant"] == [["TP53"]]
    (dropped,) = content.dropped
    assert (dropped.label, dropped.reviewed.verdict, dropped.reviewed.person) == (
        "BRAF p.V600E",
        "artefact",
        "kari.lab",
    )
    assert not any(
        "encorafenib" in option.drug.lower() and option.direction == "sensitivity"
        for option in content.options
    )


def test_a_reclassified_finding_keeps_its_computed_class_beside_it(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E")
    key = key_of(house, number, "BRAF")
    (before,) = [each for each in lab.content_now(house, number).findings if each.key == key]
    assert before.oncogenicity is not None
    lab.facts(lab.judge(house, number, key, "reclassified", oncogenicity="vus", why="other tumour", text="Of unknown weight here.",
                        computed=tuple(before.oncogenicity.classes)))  # fmt: skip
    (after,) = [each for each in lab.content_now(house, number).findings if each.key == key]
    assert after.oncogenicity is not None
    assert after.oncogenicity.classes == ["vus"]
    assert after.reviewed is not None
    assert after.reviewed.computed == before.oncogenicity.classes
    assert after.reviewed.text == "Of unknown weight here."


@pytest.mark.parametrize("verdict", ["artefact", "germline", "not_relevant", "reclassified"])
def test_what_changes_the_computed_needs_a_reason(house: Application, verdict: str) -> None:
    number = lab.in_review(house, "BRAF V600E")
    outcome = lab.judge(
        house, number, "sv x", verdict, oncogenicity="vus" if verdict == "reclassified" else None
    )
    assert isinstance(outcome, Refusal)
    assert outcome.code == "reason-missing"


def test_a_judgement_can_be_taken_back(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E")
    key = key_of(house, number, "BRAF")
    lab.facts(lab.judge(house, number, key, "artefact", why="strand bias"))
    lab.facts(lab.judge(house, number, key, "withdrawn"))
    assert not lab.state(house, number).judgements
    assert not lab.content_now(house, number).dropped


def test_what_was_judged_of_material_that_is_repeated_does_not_hold_for_the_next(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E", "TP53 R175H")
    key = key_of(house, number, "BRAF")
    lab.facts(lab.judge(house, number, key, "artefact", why="strand bias"))
    text = WriteInterpretation(id=house.ids(), number=number, text="No target was found.")
    lab.facts(house.handle(text, lab.KARI))
    # files of the same material, read again: the judgement holds
    lab.read(house, number, lab.profile("BRAF V600E", "TP53 R175H"))
    assert [each.label for each in lab.content_now(house, number).dropped] == ["BRAF p.V600E"]
    lab.facts(house.handle(AskRepeat(id=house.ids(), number=number, what="new_tissue"), lab.KARI))
    lab.assessed(house, number)
    lab.sequenced(house, number)
    lab.read(house, number, lab.profile("BRAF V600E", "TP53 R175H"))
    content = lab.content_now(house, number)
    assert (content.dropped, content.interpretation) == ([], None)
    assert key in {each.key for each in content.findings}
    # the laboratory remembers what it said of the first
    assert seen_before(house.record, lab.KARI, index_of(key))[key].verdicts == {"artefact": 1}
    lab.facts(lab.judge(house, number, key, "artefact", why="again"))
    assert [each.label for each in lab.content_now(house, number).dropped] == ["BRAF p.V600E"]


def test_two_persons_sign_where_the_laboratory_wants_two(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E")
    lab.facts(lab.concluded(house, number))
    lab.facts(lab.signed(house, number, lab.KARI))
    assert lab.state(house, number).state == "to_sign"
    again = lab.signed(house, number, lab.KARI)
    assert isinstance(again, Refusal)
    assert again.code == "signed-by-you"
    lab.facts(lab.signed(house, number, lab.NILS))
    assert (lab.state(house, number).state, lab.state(house, number).signers) == (
        "signed",
        ("kari.lab", "nils.lab"),
    )


def test_a_bioinformatician_prepares_and_does_not_conclude(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E")
    lab.facts(lab.judge(house, number, "sv x", "keep", lab.MONA))
    outcome = lab.concluded(house, number, lab.MONA)
    assert isinstance(outcome, Refusal)
    assert outcome.code == "role-not-allowed"


def test_a_judgement_on_what_has_changed_meanwhile_is_a_conflict(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E")
    seen = len(house.record.stream(f"requisition-{number}"))
    lab.facts(lab.judge(house, number, "sv x", "keep", lab.MONA))
    command = JudgeFinding(id=house.ids(), seen=seen, number=number, key="sv y", label="y", verdict="keep")
    outcome = house.handle(command, lab.KARI)
    assert type(outcome).__name__ == "Conflict"


def test_an_amended_report_is_reviewed_and_signed_again(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E")
    lab.facts(lab.concluded(house, number))
    lab.signed(house, number, lab.KARI, lab.NILS)
    lab.facts(house.handle(ReopenReview(id=house.ids(), number=number, why="new history"), lab.KARI))
    unchanged = lab.concluded(house, number)
    assert isinstance(unchanged, Refusal)
    assert unchanged.code == "nothing-changed"
    lab.facts(
        house.handle(WriteInterpretation(id=house.ids(), number=number, text="After ipilimumab."), lab.KARI)
    )
    lab.facts(lab.concluded(house, number))
    state = lab.state(house, number)
    assert (state.state, state.version, state.signers) == ("to_sign", 2, ())
    look: Any = house.look(lab.KARI, "show-report", f"report-{state.report}")
    assert house.open_content(look.state.current.reason) == b"new history"
    lab.facts(lab.signed(house, number, lab.KARI, lab.NILS))
    assert lab.state(house, number).state == "signed"


def seen_by_hospitals(house: Application, report: str | None) -> list[str]:
    asked = {name: Actor("onc", "oncologist", name) for name in ("ahus", "unn")}
    looks = {name: house.look(each, "show-report", f"report-{report}") for name, each in asked.items()}
    return [name for name, look in looks.items() if not isinstance(look, Refusal)]


def test_a_report_goes_to_who_asked_by_the_corrected_requisition(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E")
    lab.facts(lab.concluded(house, number))
    lab.signed(house, number, lab.KARI, lab.NILS)
    report = lab.state(house, number).report
    assert seen_by_hospitals(house, report) == ["ahus"]
    lab.facts(house.handle(ReopenReview(id=house.ids(), number=number, why="asked by UNN"), lab.KARI))
    lab.facts(lab.corrected(house, number, requester="unn"))
    # who asked is no part of the content: the same content is concluded anew
    lab.facts(lab.concluded(house, number))
    lab.signed(house, number, lab.KARI, lab.NILS)
    assert seen_by_hospitals(house, report) == ["unn"]
    (row,) = house.record.view_rows("reports", lambda table: table.c.number == report)
    assert (row["requester"], row["version"], row["state"]) == ("unn", 2, "signed")


def test_a_correction_of_a_correction_keeps_both(house: Application) -> None:
    number = lab.received(house)
    lab.facts(lab.corrected(house, number, requester="unn"))
    lab.facts(lab.corrected(house, number, urgent=True))
    received = lab.state(house, number).received
    assert received is not None
    assert (received.requester, received.urgent) == ("unn", True)
    unchanged = lab.corrected(house, number)
    assert isinstance(unchanged, Refusal)
    assert unchanged.code == "nothing-changed"


def index_of(key: str) -> dict[str, str]:
    return {key: keys().index("finding", key)}


def test_the_laboratory_remembers_a_judgement_when_the_change_is_seen_again(house: Application) -> None:
    first = lab.in_review(house, "BRAF V600E", patient="P-1")
    key = key_of(house, first, "BRAF")
    lab.facts(lab.judge(house, first, key, "artefact", why="strand bias"))
    second = lab.in_review(house, "BRAF V600E", patient="P-2")
    seen = seen_before(house.record, lab.KARI, index_of(key), second)[key]
    assert (seen.times, seen.persons, seen.last["verdict"], seen.is_artefact) == (
        1,
        ("kari.lab",),
        "artefact",
        False,
    )
    assert not seen_before(house.record, lab.JONAS, index_of(key), second)
    assert not seen_before(house.record, lab.KARI, index_of(key), first)


def test_a_change_is_a_known_artefact_after_enough_judgements_by_enough_persons(house: Application) -> None:
    key = ""
    for patient, actor in (("P-1", lab.KARI), ("P-2", lab.KARI), ("P-3", lab.KARI), ("P-4", lab.NILS)):
        number = lab.in_review(house, "BRAF V600E", patient=patient)
        key = key or key_of(house, number, "BRAF")
        lab.facts(lab.judge(house, number, key, "artefact", actor, why="strand bias"))
        if patient == "P-3":
            assert not seen_before(house.record, lab.KARI, index_of(key))[key].is_artefact, "one person alone"
    assert seen_before(house.record, lab.KARI, index_of(key))[key].is_artefact
    number = lab.in_review(house, "BRAF V600E", patient="P-5")
    lab.facts(lab.judge(house, number, key, "keep", lab.NILS))
    assert not seen_before(house.record, lab.KARI, index_of(key))[key].is_artefact, "kept since"


def test_signed_reports_that_carry_a_change_are_found(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E")
    key = key_of(house, number, "BRAF")
    lab.facts(lab.concluded(house, number))
    assert not reports_carrying(house.record, lab.KARI, index_of(key).values()), "a draft carries nothing yet"
    lab.facts(lab.signed(house, number, lab.KARI, lab.NILS))
    (row,) = reports_carrying(house.record, lab.KARI, index_of(key).values())
    assert (row["report"], row["oncogenicity"]) == ("R-2026-0001", "oncogenic")
    assert not reports_carrying(house.record, lab.JONAS, index_of(key).values())


def test_nothing_of_a_patient_lies_readable_in_the_record(tmp_path: Path) -> None:
    file = tmp_path / "presis.db"
    house = lab.opened(f"sqlite:///{file}")
    number = lab.in_review(house, "BRAF V600E", patient="KURT-SECRET")
    lab.facts(
        lab.judge(
            house, number, key_of(house, number, "BRAF"), "artefact", why="WHISPERED", label="BRAF p.V600E"
        )
    )
    lab.facts(house.handle(WriteInterpretation(id=house.ids(), number=number, text="CONFIDED"), lab.KARI))
    house.handle(CancelRequisition(id=house.ids(), number=number, why="MURMURED"), lab.KARI)
    house.record.database.close()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = file.read_bytes()
    for secret in (b"SECRET", b"WHISPERED", b"CONFIDED", b"MURMURED", b"V600E", b"BRAF", b"140453136"):
        assert secret not in stored, secret


def test_without_its_key_nothing_of_a_patient_can_be_read_and_the_chain_holds(house: Application) -> None:
    from presis.record.verify import verify

    number = lab.in_review(house, "BRAF V600E")
    patient = lab.state(house, number).received.patient  # type: ignore[union-attr]
    with house.record.database.writing() as connection:
        connection.execute(schema.keys.delete().where(schema.keys.c.subject == patient))
    with pytest.raises(BadInput, match="its patient's key was destroyed"):
        lab.content_now(house, number)
    assert verify(house.record.database).fault is None


def test_a_report_whose_data_may_be_anothers_is_not_concluded(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E")
    reason = {"code": "identity.sex", "values": {}, "text": "the data are a woman's and the record a man's"}
    check = {"check": "sex", "result": "mismatch", "reason": reason, "counts": {}, "other": None}
    content = lab.content_now(house, number)
    swapped = type(content).model_validate(content.model_dump() | {"identity": [check]})
    outcome = house.handle(ConcludeReview(id=house.ids(), number=number, content=swapped), lab.KARI)
    assert isinstance(outcome, Refusal)
    assert outcome.code == "identity-mismatch"
    assert "the data are a woman's" in outcome.message
    unknown = type(content).model_validate(
        content.model_dump() | {"identity": [check | {"result": "unknown"}]}
    )
    lab.facts(house.handle(ConcludeReview(id=house.ids(), number=number, content=unknown), lab.KARI))


def without_braf(tmp_path: Path) -> Path:
    """The shipped approvals without those by BRAF, as a newer release of the pack."""
    folder = tmp_path / "approvals"
    shutil.copytree(SHIPPED / "approvals", folder)
    manifest = yaml.safe_load((folder / "manifest.yaml").read_text("utf-8"))
    manifest["version"] = "2099-01-01"
    for table in manifest["files"]:
        file = folder / table["name"]
        kept = [line for line in file.read_text("utf-8").splitlines() if "BRAF" not in line]
        data = ("\n".join(kept) + "\n").encode()
        file.write_bytes(data)
        table |= {"sha256": hashlib.sha256(data).hexdigest(), "rows": len(kept) - 1}
    (folder / "manifest.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
    return folder


def test_newer_knowledge_lists_the_signed_reports_that_it_touches(house: Application, tmp_path: Path) -> None:
    signed = lab.in_review(house, "BRAF V600E")
    lab.facts(lab.concluded(house, signed))
    lab.signed(house, signed, lab.KARI, lab.NILS)
    draft = lab.in_review(house, "BRAF V600E", patient="P-2")
    lab.facts(lab.concluded(house, draft))

    def touched(library: Any) -> list[Touched]:
        compared, found = touched_reports(
            house.record, lab.KARI, Interpreter(library), house.open_content, house.keys()
        )
        assert compared == 1
        return found

    assert touched(load_library()) == []
    (found,) = touched(load_library([without_braf(tmp_path)]))
    assert (found.report, found.label, found.because) == ("R-2026-0001", "BRAF p.V600E", "knowledge")
    assert "I-A" in found.signed
    assert "I-A" not in found.today


def test_a_class_that_was_changed_since_lists_the_signed_report(house: Application) -> None:
    signed = lab.in_review(house, "BRAF V600E")
    key = key_of(house, signed, "BRAF")
    lab.facts(lab.concluded(house, signed))
    lab.signed(house, signed, lab.KARI, lab.NILS)
    later = lab.in_review(house, "BRAF V600E", patient="P-2")
    lab.facts(lab.judge(house, later, key, "reclassified", oncogenicity="benign", why="new data"))
    _, found = touched_reports(
        house.record, lab.KARI, Interpreter(load_library()), house.open_content, house.keys()
    )
    assert [(each.report, each.today, each.because) for each in found] == [("R-2026-0001", "benign", "class")]
