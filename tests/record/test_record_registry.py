"""Kinds of fact: named and versioned by us, read for ever, round through JSON unchanged."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from hypothesis import given
from tests.record.built import models

from presis.application import all_rooms
from presis.errors import BadInput
from presis.record import FactModel, Registry
from presis.record.room import registry_of


class DoseGiven(FactModel):
    kind: ClassVar[str] = "test.dose-given/1"

    amount: Decimal


class DoseGivenWithUnit(FactModel):
    kind: ClassVar[str] = "test.dose-given/3"

    amount: Decimal
    unit: str
    day: date | None = None


def second(content: dict[str, Any]) -> dict[str, Any]:
    return content | {"unit": "mg"}


def third(content: dict[str, Any]) -> dict[str, Any]:
    return content | {"day": None}


KINDS = registry_of(all_rooms())


@pytest.mark.parametrize("kind", KINDS.models)
def test_every_fact_of_the_house_goes_round_through_json(kind: str) -> None:
    model = KINDS.models[kind]

    @given(models(model))
    def goes_round(fact: FactModel) -> None:
        assert KINDS.parse(kind, fact.model_dump_json()) == fact

    goes_round()


def test_a_stored_old_version_is_brought_up_step_by_step() -> None:
    registry = Registry(
        [DoseGivenWithUnit],
        {
            "test.dose-given/1": ("test.dose-given/2", second),
            "test.dose-given/2": ("test.dose-given/3", third),
        },
    )
    assert registry.parse("test.dose-given/1", '{"amount":"0.10"}') == DoseGivenWithUnit(
        amount=Decimal("0.10"), unit="mg"
    )


def test_an_unknown_kind_is_one_sentence() -> None:
    with pytest.raises(BadInput) as told:
        Registry([DoseGiven]).parse("trial.patient-enrolled/1", "{}")
    assert str(told.value) == (
        "the record holds facts of kind trial.patient-enrolled/1, which this version of Presis doesn't know; "
        "use the version that wrote them, or a later one."
    )


def test_a_payload_that_does_not_fit_is_one_sentence() -> None:
    with pytest.raises(BadInput) as told:
        Registry([DoseGiven]).parse("test.dose-given/1", "{}")
    assert str(told.value) == (
        "field amount: a stored test.dose-given/1 doesn't fit its model: Field required; "
        "run `presis record verify`."
    )


def test_a_kind_stands_once() -> None:
    with pytest.raises(ValueError, match=r"the kind test.dose-given/1 is registered twice"):
        Registry([DoseGiven, DoseGiven])


@pytest.mark.parametrize("kind", ["dose", "Test.dose/1", "test.dose", "test.dose/0", "a.b.c/1"])
def test_a_kind_is_a_room_a_name_and_a_version(kind: str) -> None:
    model = type("Odd", (DoseGiven,), {"kind": kind})
    with pytest.raises(ValueError, match="isn't room"):
        Registry([model])


def test_an_upcaster_leads_to_a_known_kind() -> None:
    with pytest.raises(ValueError, match="doesn't lead to a known kind"):
        Registry([DoseGiven], {"test.dose-given/0": ("test.dose-given/9", second)})


def test_a_fact_is_frozen_takes_no_unknown_field_and_no_infinity() -> None:
    dose = DoseGiven(amount=Decimal(1))
    with pytest.raises(ValueError, match="frozen"):
        dose.amount = Decimal(2)  # type: ignore[misc]  # that is the point
    with pytest.raises(ValueError, match="Extra inputs"):
        DoseGiven.model_validate({"amount": 1, "unit": "mg"})
    with pytest.raises(ValueError, match="finite"):
        DoseGiven(amount=Decimal("NaN"))
