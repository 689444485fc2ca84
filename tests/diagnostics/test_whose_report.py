"""Whose report it is: by the requisition, and what happens when the files bear another name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import laboratory as lab
import pytest

from presis.application import Application
from presis.diagnostics.identity import Match, acceptable, check_name, mismatch_key
from presis.diagnostics.identity_acceptance import AcceptMismatch
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.report_marker_model import IdentityJson
from presis.diagnostics.report_model import ReportContent, parse_content
from presis.diagnostics.report_render import render
from presis.diagnostics.report_view import ReportStatus
from presis.diagnostics.requested import without_identity
from presis.diagnostics.requisition import AskRepeat, CancelRequisition
from presis.documents.language import Language
from presis.record import Actor, Refusal


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Application]:
    application = lab.opened(f"sqlite:///{tmp_path / 'presis.db'}")
    yield application
    application.record.database.close()


def of(sample: str, pseudonym: str | None = None) -> MolecularProfile:
    made = lab.profile("BRAF V600E")
    specimen = replace(made.specimen, pseudonym=pseudonym)
    return replace(made, sample=sample, dna_sample=f"{sample}-D01", rna_sample=None, specimen=specimen)


def case(house: Application, profile: MolecularProfile, **told: Any) -> str:
    number = lab.received(house, "Ada Example", **{"specimen": "H26-7001"} | told)
    lab.assessed(house, number)
    lab.sequenced(house, number)
    lab.read(house, number, profile)
    return number


def mismatches(house: Application, number: str) -> list[Any]:
    from presis.diagnostics.bench import mismatches

    return list(mismatches(lab.state(house, number), house.open_content, lab.beside(house, number)))


def answered(
    house: Application, number: str, why: str = "The run's own name of it.", actor: Actor = lab.KARI
) -> Any:
    (each,) = mismatches(house, number)
    command = AcceptMismatch(
        id=house.ids(), number=number, check=each.check, mismatch=mismatch_key(each), why=why
    )
    return house.handle(command, actor)


def html(content: ReportContent) -> str:
    return render(content, ReportStatus(), Language.EN, ("html",))["html"].decode()


@pytest.mark.parametrize(
    ("pseudonym", "libraries", "result"),
    [
        (None, ("H26-7001-D01", "H26-7001-R01"), Match.MATCH),
        (None, ("h26-7001-d01",), Match.MATCH),
        ("Ada Example", ("H26-7001-D01",), Match.MATCH),
        ("H26-7001", ("H26-7001-D01",), Match.MATCH),
        (None, ("Ada Example-D01",), Match.MATCH),
        (None, ("H26-70011-D01",), Match.MISMATCH),  # another specimen, that begins alike
        ("Ada Example", ("H26-8001-D01",), Match.MISMATCH),  # the patient's, and another specimen
        ("Ben Other", ("H26-7001-D01",), Match.MISMATCH),  # the specimen's number, and another patient
        (None, ("H26-7001-D01", "IPB0002-R01"), Match.MISMATCH),
        ("IPA0001", ("IPA0001-D01",), Match.MISMATCH),
        (None, (), Match.MISMATCH),
    ],
)
def test_files_bear_the_requisitions_names_whole_or_not_at_all(
    pseudonym: str | None, libraries: tuple[str, ...], result: Match
) -> None:
    assert check_name(pseudonym, libraries, "Ada Example", "H26-7001").result is result


def test_the_runs_own_name_of_a_specimen_may_be_its_number() -> None:
    assert check_name("IPA0001", ("IPA0001-D01",), "Ada Example", "IPA0001-D01").result is Match.MATCH


def test_a_short_number_has_to_be_the_whole_name() -> None:
    assert check_name(None, ("12-D01",), "Ada", "12").result is Match.MISMATCH
    assert check_name(None, ("12",), "Ada", "12").result is Match.MATCH


def test_a_specimens_number_on_two_patients_requisitions_stops_both(house: Application) -> None:
    number = case(house, of("H26-7001"))
    other = lab.received(house, "Ben Other", specimen="H26-7001")
    assert [each.check for each in mismatches(house, number)] == ["specimen"]
    refused = lab.concluded(house, number)
    assert isinstance(refused, Refusal)
    assert other not in lab.content_now(house, number).canonical().decode()
    lab.facts(house.handle(CancelRequisition(id=house.ids(), number=other, why="Twice."), lab.KARI))
    lab.facts(lab.concluded(house, number))


def test_a_report_is_the_requisitions_patients_whatever_its_files_say(house: Application) -> None:
    number = case(house, of("H26-7001"))
    lab.facts(lab.concluded(house, number))
    content = lab.content_now(house, number)
    asked = content.requested
    assert (asked.patient, asked.specimen, asked.requisition) == ("Ada Example", "H26-7001", number)
    shown = html(content)
    for said in ("Ada Example", "H26-7001", number, "Akershus universitetssykehus", "20 Nov 2026"):
        assert said in shown, said
    (row,) = house.record.view_rows("reports")
    assert row["sample"] == "H26-7001"  # what isn't sealed names no patient


def test_files_of_another_name_wait_for_a_persons_yes(house: Application) -> None:
    number = case(house, of("IPA0001", "IPA0001"))
    refused = lab.concluded(house, number)
    assert isinstance(refused, Refusal)
    assert (refused.code, "IPA0001" in refused.message) == ("identity-mismatch", True)
    for why, actor, code in ((" ", lab.KARI, "reason-missing"), ("Yes.", lab.MONA, "access-denied")):
        outcome = answered(house, number, why, actor)
        assert isinstance(outcome, Refusal)
        assert code in (outcome.code, "access-denied" if outcome.rule.startswith("access/") else "")
    lab.facts(answered(house, number))
    lab.facts(lab.concluded(house, number))
    content = lab.content_now(house, number)
    (check,) = [each for each in content.identity if each.check == "name"]
    assert (check.result, check.accepted.person) == ("mismatch", "kari.lab")
    assert "The run's own name of it" in str(content.conclusion["en"])
    assert isinstance(lab.signed(house, number, lab.KARI, lab.NILS), tuple)


def test_a_yes_holds_for_what_it_was_said_of(house: Application) -> None:
    number = case(house, of("IPA0001", "IPA0001"))
    lab.facts(answered(house, number))
    lab.read(house, number, of("IPA0001", "IPA0001"))
    assert mismatches(house, number) == []
    lab.read(house, number, of("IPB0002", "IPB0002"))
    assert [each.check for each in mismatches(house, number)] == ["name"]
    lab.facts(answered(house, number))
    lab.facts(house.handle(AskRepeat(id=house.ids(), number=number, what="sequencing"), lab.KARI))
    lab.facts(house.handle(lab.TakeStep(id=house.ids(), number=number, step="sequenced"), lab.MONA))
    lab.read(house, number, of("IPB0002", "IPB0002"))
    assert [each.check for each in mismatches(house, number)] == ["name"]


def test_foreign_dna_and_anothers_variants_can_not_be_answered_for(house: Application) -> None:
    number = case(house, of("H26-7001"))
    assert not {"neighbour", "contamination", "dna_rna"} & set(acceptable())
    for check in ("neighbour", "contamination", "dna_rna", "anything"):
        command = AcceptMismatch(id=house.ids(), number=number, check=check, mismatch="x", why="Sure.")
        outcome = house.handle(command, lab.KARI)
        assert isinstance(outcome, Refusal)
        assert outcome.code == "mismatch-stands"


def test_a_yes_to_something_else_opens_nothing(house: Application) -> None:
    number = case(house, of("IPA0001", "IPA0001"))
    command = AcceptMismatch(id=house.ids(), number=number, check="name", mismatch="[]", why="Sure.")
    lab.facts(house.handle(command, lab.KARI))
    assert isinstance(lab.concluded(house, number), Refusal)


def test_a_tumour_type_put_right_counts_over_the_files_that_repeat_the_wrong_one(house: Application) -> None:
    number = case(house, of("H26-7001"), tumour="COADREAD")
    lab.facts(lab.corrected(house, number, tumour="LUAD"))
    content = lab.content_now(house, number)
    assert content.tumour == "LUAD"
    (remark,) = [each for each in content.not_usable if each.found == "COADREAD"]
    assert (remark.severity, "put right by a person" in remark.reason) == ("remark", True)
    lab.facts(lab.concluded(house, number))
    (row,) = house.record.view_rows("reports")
    assert row["tumour"] == "LUAD"


def test_an_amended_report_follows_the_requisition_as_it_stands(house: Application) -> None:
    from presis.diagnostics.review import ReopenReview

    number = case(house, of("H26-7001"))
    lab.facts(lab.concluded(house, number))
    lab.facts(lab.signed(house, number, lab.KARI, lab.NILS))
    lab.facts(house.handle(ReopenReview(id=house.ids(), number=number, why="The wrong organ."), lab.KARI))
    lab.facts(lab.corrected(house, number, tumour="LUAD", specimen="H26-7001-D01"))
    lab.facts(lab.concluded(house, number))
    (row,) = house.record.view_rows("reports")
    assert (row["tumour"], row["sample"]) == ("LUAD", "H26-7001-D01")


def test_who_does_not_treat_the_patient_sees_the_reports_number_for_a_name(house: Application) -> None:
    number = case(house, of("H26-7001", "IPA0001"))
    content = without_identity(lab.content_now(house, number), "R-2026-0001")
    shown = html(content)
    assert "R-2026-0001" in shown
    for secret in ("Ada Example", number, "IPA0001", "H26-7001"):
        assert secret not in shown, secret


@pytest.mark.parametrize("wording", ["today's", "another"])
def test_a_mismatch_answered_for_is_told_without_names_to_who_does_not_treat_the_patient(
    house: Application, wording: str
) -> None:
    number = case(house, of("IPA0001", "IPA0001"))
    lab.facts(answered(house, number, "Ada is called so by the maker."))
    known = lab.content_now(house, number)
    if wording == "another":
        told = {
            language: tuple((style, text.replace("Ident", "IDENT")) for style, text in runs)
            for language, runs in known.conclusion.items()
        }
        known = known.model_copy(update={"conclusion": told})
    for language in Language:
        assert "IPA0001" in str(known.conclusion[language.value])
        content = without_identity(known, "R-2026-0001")
        assert "ident" in str(content.conclusion[language.value]).lower()
        assert len(content.conclusion[language.value]) == len(known.conclusion[language.value])
        drawn = render(content, ReportStatus(number="R-2026-0001"), language, ("html",))["html"].decode()
        for secret in ("IPA0001", "H26-7001", "Ada", number):
            assert secret not in drawn, (language, secret)


def test_one_library_is_not_two_patients(house: Application) -> None:
    one = replace(of("H26-7001"), run="RUN-1")
    case(house, one)
    other = lab.received(house, "Bo Example", specimen="H26-7001-D01")
    lab.assessed(house, other)
    lab.sequenced(house, other)
    lab.read(house, other, one)
    (check,) = mismatches(house, other)
    assert (check.check, check.reason.code) == ("neighbour", "identity.neighbour-library")
    assert check.check not in acceptable()
    refused = lab.concluded(house, other)
    assert isinstance(refused, Refusal)
    assert refused.code == "identity-mismatch"
    assert "Q-2026-0001" not in html(lab.content_now(house, other))


def test_a_report_of_before_keeps_its_hash(house: Application) -> None:
    before = IdentityJson.model_validate(
        {
            "check": "sex",
            "result": "match",
            "reason": {"code": "identity.sex-few", "values": {}, "text": "x"},
            "counts": {},
            "other": None,
        }
    )
    assert "accepted" not in before.model_dump_json()
    from tumours import interpret

    from presis.diagnostics.report_content import report_content
    from presis.knowledge import load_library

    old = report_content(interpret(lab.profile("BRAF V600E")), load_library(), "Haukeland")
    assert b'"requested"' not in old.canonical()
    assert parse_content(old.canonical()).content_hash() == old.content_hash()


def test_sex_and_birth_are_not_those_of_files_that_bear_another_name(house: Application) -> None:
    stranger = of("IPA0001", "IPA0001")
    stranger = replace(stranger, specimen=replace(stranger.specimen, sex="female", birth_year=1958))
    number = case(house, stranger, sex=None)
    lab.facts(answered(house, number))
    shown = html(lab.content_now(house, number))
    assert "1958" not in shown
    assert "sex not reported" in shown
    own = replace(of("H26-7002"), specimen=replace(of("H26-7002").specimen, sex="female", birth_year=1958))
    assert "born 1958" in html(lab.content_now(house, case(house, own, specimen="H26-7002")))
