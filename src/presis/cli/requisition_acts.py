"""What `presis requisition receive|material|step|repeat|cancel` do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import typer

from presis.cli._shared import print_json
from presis.cli.desk import Desk, chosen, laboratory_of, organisation_name, patient_of
from presis.diagnostics.intake import corrected_content
from presis.diagnostics.requisition import (
    BEFORE,
    BENCH,
    AskRepeat,
    AssessMaterial,
    CancelRequisition,
    ReceiveRequisition,
    Requisition,
    TakeStep,
)
from presis.diagnostics.requisition_correction import CorrectRequisition
from presis.diagnostics.requisition_form import (
    FIELDS,
    TICKS,
    Faults,
    parse_share,
    read_form,
    read_receipt,
)
from presis.diagnostics.sample_types import sample_types
from presis.diagnostics.specimen_numbers import number_faults, patient_known_by
from presis.errors import BadInput, Problem, Where
from presis.governance import load_directory
from presis.governance.documents import Document
from presis.governance.patients import Identity, normalised

STEPS = BENCH[1:]


def receive_one(desk: Desk, file: Path | None, options: Mapping[str, str | None]) -> None:
    """Register a requisition; every field that can't be used is said at once."""
    what = "requisitions/new"
    if refusal := desk.application.access.may_ever(desk.actor, "receive-requisition"):
        desk.refused(refusal, what)
    told = _told(file, ("patient", "received", *FIELDS, *TICKS), options)
    values = _values(desk, told, read_receipt)
    patient = told["patient"]
    index = desk.application.keys().index("identity", normalised(desk.actor.organisation, patient))
    identity = Identity(text=patient, index=index)
    known = patient_known_by(desk.application.record, identity)
    _free_number(desk, desk.actor.organisation, known, told)
    facts = desk.give(lambda base: ReceiveRequisition(**base, identity=identity, **values), what)
    number = next(fact.payload.number for fact in facts if fact.stream.startswith("requisition-"))
    say_state(desk, number, desk.say.say("web.received", {"number": number}))


def correct_one(
    desk: Desk, number: str, seen: int | None, file: Path | None, options: Mapping[str, str | None]
) -> None:
    """Put a requisition right: what isn't told stays as it stands."""
    state, version = desk.allowed(number, "correct-requisition")
    place = f"requisitions/{number}/correct"
    desk.shown(place, [patient_of(state)])
    standing = _standing(desk, state)
    told = standing | _told(file, (*FIELDS, *TICKS), options)
    values = _values(desk, told, read_form)
    if told["specimen"] != standing["specimen"]:
        _free_number(desk, laboratory_of(state), patient_of(state), told)
    details = values["details"] if told["details"] != standing["details"] else None
    command = CorrectRequisition(id=desk.application.ids(), number=number, **{**values, "details": details})
    name = organisation_name(laboratory_of(state))
    unseal = desk.application.open_content
    content = corrected_content(state, command, unseal, desk.interpreter(state), name, desk.beside)
    base = {"seen": version if seen is None else seen, "content": content}
    desk.give(lambda told: command.model_copy(update=dict(told)), place, **base)
    say_state(desk, number, desk.say.say("web.put-right"))


def _free_number(desk: Desk, laboratory: str, patient: str, told: Mapping[str, str]) -> None:
    """Raises `BadInput` if another patient's requisition bears the specimen's number."""
    for name, code in number_faults(desk.application.record, laboratory, told["specimen"], patient).items():
        raise BadInput(_fault(desk, name, code, told, []))


def _standing(desk: Desk, state: Requisition) -> dict[str, str]:
    """The form as it stands."""
    received = state.received
    told = {name: str(getattr(received, name) or "") for name in FIELDS if name != "details"}
    ticks = {name: "yes" if getattr(received, name) else "" for name in TICKS}
    return {**told, **ticks, "details": desk.open_text(received.details if received else None) or ""}


Read = Callable[[Mapping[str, str], Collection[str], date], tuple[dict[str, Any], Faults]]


def _values(desk: Desk, told: Mapping[str, str], read: Read) -> dict[str, Any]:
    """The form's values; raises `BadInput` with every field that can't be used."""
    organisations = [each.id for each in load_directory().organisations]
    values, faults = read(told, organisations, desk.application.clock().date())
    if faults:
        raise BadInput(*(_fault(desk, name, code, told, organisations) for name, code in faults.items()))
    return values


def _fault(desk: Desk, name: str, code: str, told: Mapping[str, str], organisations: list[str]) -> Problem:
    lists = {"requester": organisations, "sample_type": sample_types()}
    accepted = ", ".join(lists[name]) if name in lists else None
    sentence = desk.say.say(code).rstrip(".")
    first, _, rest = sentence.partition(" ")
    sentence = f"{first.lower() if first[1:].islower() else first} {rest}"
    message = f"{sentence}{f': {accepted}' if accepted else ''}."
    where = Where(field=f"--{name.replace('_', '-')}")
    return Problem(code.removeprefix("web."), message, where, told.get(name) or None, accepted)


def _told(file: Path | None, known: tuple[str, ...], options: Mapping[str, str | None]) -> dict[str, str]:
    """A form's fields as texts: those of a file, and the options, which win."""
    form = {} if file is None else _form(file, known)
    return form | {name: value.strip() for name, value in options.items() if value is not None}


def _form(file: Path, known: tuple[str, ...]) -> dict[str, str]:
    """The fields of a form in a file; raises `BadInput` with every key that is none."""
    document = Document(file)
    content = document.content
    if not isinstance(content, dict):
        raise BadInput.of(
            "form-malformed", "should be keys and values such as `specimen: H26-1`.", file=str(file)
        )
    accepted = ", ".join(known)
    strange = [
        document.problem(
            "key-unknown",
            (key,),
            f"this is no key of the form; take one of {accepted}.",
            found=str(key),
            accepted=accepted,
        )
        for key in content
        if key not in known
    ]
    if strange:
        raise BadInput(*strange)
    return {str(key): _text(value) for key, value in content.items()}


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return "yes" if value is True else str(value).strip()


def assess_one(
    desk: Desk, number: str, seen: int | None, *, adequate: bool, cells: str | None, note: str | None
) -> None:
    """The material's assessment."""
    try:
        share = parse_share(cells) if cells else None
    except ValueError:
        raise BadInput.of(
            "share-malformed",
            f"{cells!r} isn't a share; write a number from 0 to 100.",
            field="--cells",
            found=cells,
            accepted="0 to 100",
        ) from None
    base = _base(desk, number, seen, "assess-material")
    desk.give(
        lambda told: AssessMaterial(**told, adequate=adequate, cells=share, note=note), _at(number), **base
    )
    say_state(desk, number, desk.say.say("web.assessed"))


def take_one_step(desk: Desk, number: str, seen: int | None, done: str) -> None:
    """A step at the bench."""
    step = chosen(done, STEPS, "STEP")
    base = _base(desk, number, seen, "take-step")
    desk.give(lambda told: TakeStep(**told, step=step), _at(number), **base)
    say_state(desk, number, desk.say.say("web.step-taken"))


def repeat_one(desk: Desk, number: str, seen: int | None, what: str, note: str | None) -> None:
    """Something to be done again."""
    again = chosen(what, BEFORE, "WHAT")
    base = _base(desk, number, seen, "ask-repeat")
    desk.give(lambda told: AskRepeat(**told, what=again, note=note), _at(number), **base)
    say_state(desk, number, desk.say.say("web.repeat-asked"))


def cancel_one(desk: Desk, number: str, seen: int | None, why: str | None) -> None:
    """Called off."""
    base = _base(desk, number, seen, "cancel-requisition")
    desk.give(lambda told: CancelRequisition(**told, why=why or ""), _at(number), **base)
    say_state(desk, number, desk.say.say("web.cancelled"))


def _at(number: str) -> str:
    return f"requisitions/{number}"


def _base(desk: Desk, number: str, seen: int | None, action: str) -> dict[str, Any]:
    _, version = desk.allowed(number, action)
    return {"number": number, "seen": version if seen is None else seen}


def say_state(desk: Desk, number: str, done: str) -> None:
    """What was done, and what the requisition waits for now; none of it is the patient's."""
    state, version = desk.look(number)
    if desk.as_json:
        print_json({"number": number, "version": version, "state": state.state})
        return
    typer.echo(done)
    typer.echo(f"Next for {number}: {desk.say.say(f'next.{state.state}').lower()}.")
