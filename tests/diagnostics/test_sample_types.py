"""The kind of a sample is a code from a list, so that a patient's blood is known as what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import laboratory as lab
import pytest

from presis.application import Application
from presis.cli.requisition import SampleType
from presis.diagnostics.readers.sample_id import parse_inpred
from presis.diagnostics.requisition import ReceiveRequisition, Requisition, apply, stream_of
from presis.diagnostics.requisition_form import read_form
from presis.diagnostics.sample_types import known_sample_type, normals, parse_sample_type, sample_types
from presis.documents.language import Language, words
from presis.errors import BadInput
from presis.record import Refusal, fold

SAID = (
    "'a piece' is no kind of sample; take one of primary, metastasis, regional_metastasis, distal_metastasis, "
    "liquid, blood, normal, after_allo_transplant, cell_line, control."
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Application]:
    application = lab.opened(f"sqlite:///{tmp_path / 'presis.db'}")
    yield application
    application.record.database.close()


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Blood", "blood"), ("blod", "blood"), ("cell line", "cell_line"), ("Regional-Metastasis", "regional_metastasis"),
     ("plasma", "liquid"), ("Primærsvulst", "primary"), ("normal", "normal")],
)  # fmt: skip
def test_a_kind_of_sample_is_known_however_it_is_spelled(typed: str, code: str) -> None:
    form = {"specimen": "H-1", "requester": "ahus", "sample_type": typed}
    values, faults = read_form(form, ["ahus"], lab.NOON.date())
    assert (values["sample_type"], faults) == (code, {})


def test_another_word_is_a_fault_of_the_field() -> None:
    form = {"specimen": "H-1", "requester": "ahus", "sample_type": "a piece"}
    values, faults = read_form(form, ["ahus"], lab.NOON.date())
    assert (values["sample_type"], faults) == (None, {"sample_type": "web.sample_type-unknown"})


def test_a_requisition_takes_no_other_word_when_received_or_put_right(house: Application) -> None:
    command = ReceiveRequisition(
        id=house.ids(), identity=lab.identity(), received="2026-11-20", requester="ahus", specimen="H26-1",
        sample_type="a piece",
    )  # fmt: skip
    number = lab.received(house, sample_type="primary")
    for outcome in (house.handle(command, lab.MONA), lab.corrected(house, number, sample_type="a piece")):
        assert isinstance(outcome, Refusal)
        assert (outcome.code, outcome.message) == ("sample-type-unknown", SAID)
    lab.facts(lab.corrected(house, number, sample_type="metastasis"))


@pytest.mark.parametrize(("written", "read"), [("Blood", "blood"), ("a piece", "a piece"), (None, None)])
def test_what_was_written_in_free_words_before_is_read_as_its_code_or_as_it_stands(
    house: Application, written: str | None, read: str | None
) -> None:
    fact = house.record.stream(stream_of(lab.received(house)))[0]
    old = replace(fact, payload=fact.payload.model_copy(update={"sample_type": written}))
    state = fold(apply, Requisition(), [old])
    assert state.received is not None
    assert state.received.sample_type == read


def test_every_kind_has_its_word_in_both_languages_and_stands_in_the_command_s_help() -> None:
    for language in Language:
        assert {f"specimen.{code}" for code in sample_types()} <= words(language).sentences.keys()
    told = SampleType.__metadata__[0].help  # type: ignore[attr-defined]
    assert all(code in told for code in sample_types())


def test_what_sample_ids_and_normals_are_called_is_among_the_kinds() -> None:
    kinds = {parse_inpred(f"IPD0000-D01-{letter}01-A08") for letter in "PpRrDdMTCNLA"}
    assert None not in kinds
    assert {each.sample_type for each in kinds if each} <= {*sample_types()}
    assert normals() == {"normal", "blood"}
    assert known_sample_type("anything") is None


def test_a_text_that_is_no_kind_says_what_is() -> None:
    with pytest.raises(BadInput) as error:
        parse_sample_type("a piece")
    assert str(error.value) == SAID
