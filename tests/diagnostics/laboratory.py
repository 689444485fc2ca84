"""A laboratory for tests: the house over a record, people of Haukeland, and a requisition at any stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from tests.keys import keys
from tumours import interpret, tumour, variant

from presis.application import Application, all_rooms, open_application
from presis.diagnostics.bench import mismatches, reviewed_content
from presis.diagnostics.intake import corrected_content
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.kept_profile import profile_bytes
from presis.diagnostics.other_results import OtherResults, other_results
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.report_content import report_content
from presis.diagnostics.requisition import (
    AssessMaterial,
    ReceiveRequisition,
    Requisition,
    TakeStep,
    stream_of,
)
from presis.diagnostics.requisition_correction import FIELDS, CorrectRequisition
from presis.diagnostics.review import (
    ConcludeReview,
    JudgeFinding,
    ReadFiles,
    SignReview,
    Upload,
)
from presis.documents.language import Language, words
from presis.governance.patients import Identity, normalised
from presis.knowledge import load_library
from presis.record import Actor, Refusal
from presis.record.store import initialise

KARI = Actor("kari.lab", "molecular_pathologist", "haukeland")
NILS = Actor("nils.lab", "molecular_pathologist", "haukeland")
MONA = Actor("mona.bio", "bioinformatician", "haukeland")
JONAS = Actor("jonas.lab", "molecular_pathologist", "ous")
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def opened(place: str | Path, clock: Any = lambda: NOON) -> Application:
    url = str(place)
    initialise(url, all_rooms(), clock)
    return open_application(url, clock=clock, keys=keys)


def identity(text: str = "P-1", organisation: str = "haukeland") -> Identity:
    return Identity(text=text, index=keys().index("identity", normalised(organisation, text)))


def facts(outcome: Any) -> Any:
    assert isinstance(outcome, tuple), outcome
    return outcome


def received(house: Application, patient: str = "P-1", actor: Actor = MONA, **told: Any) -> str:
    command = ReceiveRequisition(
        id=house.ids(),
        identity=identity(patient, actor.organisation),
        **{"received": "2026-11-20", "requester": "ahus", "tumour": "COADREAD"}
        | {"specimen": "T-1" if patient == "P-1" else f"T-{sum(map(ord, patient))}"}
        | told,
    )
    outcome = facts(house.handle(command, actor))
    return str(next(f.payload.number for f in outcome if f.kind == "diagnostics.requisition-received/1"))


def assessed(house: Application, number: str, cells: float = 0.5) -> None:
    facts(house.handle(AssessMaterial(id=house.ids(), number=number, adequate=True, cells=cells), KARI))


def sequenced(house: Application, number: str) -> None:
    for step in ("extracted", "library", "sequenced"):
        facts(house.handle(TakeStep(id=house.ids(), number=number, step=step), MONA))


def profile(*changes: str) -> MolecularProfile:
    """Changes at places of their own: `BRAF V600E` is the same in every specimen."""
    made = (variant(*change.split()) for change in changes)
    found = tumour(*(replace(each, position=1000 + sum(map(ord, each.label)) * 10) for each in made))
    return replace(found, specimen=replace(found.specimen, pseudonym=None))


def read(house: Application, number: str, made: MolecularProfile) -> None:
    """Files read; those of the usual invented tumour bear the specimen's number."""
    received = state(house, number, MONA).received
    if made.sample == "T-1" and received is not None:
        own = received.specimen
        made = replace(made, sample=own, dna_sample=f"{own}-D01", rna_sample=f"{own}-R01")
    content = report_content(interpret(made), load_library(), "Haukeland universitetssjukehus")
    command = ReadFiles(
        id=house.ids(),
        number=number,
        files=(Upload(name="small.tsv", kind="tsoppi-table", data=b"invented"),),
        profile=profile_bytes(made),
        content=content,
    )
    facts(house.handle(command, MONA))


def in_review(house: Application, *changes: str, patient: str = "P-1") -> str:
    number = received(house, patient)
    assessed(house, number)
    sequenced(house, number)
    read(house, number, profile(*changes))
    return number


def state(house: Application, number: str, actor: Actor = KARI) -> Requisition:
    look = house.look(actor, "show-requisition", stream_of(number))
    assert not isinstance(look, Refusal), look
    return look.state


def judge(house: Application, number: str, key: str, verdict: str, actor: Actor = KARI, **told: Any) -> Any:
    command = JudgeFinding(
        id=house.ids(), number=number, key=key, label=told.pop("label", key), verdict=verdict, **told
    )
    return house.handle(command, actor)


def corrected(house: Application, number: str, **told: Any) -> Any:
    now = state(house, number)
    standing = {name: getattr(now.received, name) for name in FIELDS}
    command = CorrectRequisition(id=house.ids(), number=number, details=None, **standing | told)
    content = corrected_content(
        now,
        command,
        house.open_content,
        Interpreter(load_library()),
        "Haukeland universitetssjukehus",
        lambda by: partial(other_results, house.record, house.open_content, house.keys().index, by),
    )
    return house.handle(command.model_copy(update={"content": content}), MONA)


def content_now(house: Application, number: str) -> Any:
    return reviewed_content(
        state(house, number),
        house.open_content,
        Interpreter(load_library()),
        "Haukeland",
        beside(house, number),
    )


def beside(house: Application, number: str) -> Callable[[MolecularProfile], OtherResults]:
    return partial(other_results, house.record, house.open_content, house.keys().index, state(house, number))


def concluded(house: Application, number: str, actor: Actor = KARI) -> Any:
    content = content_now(house, number)
    report = state(house, number).report
    return house.handle(ConcludeReview(id=house.ids(), number=number, content=content, report=report), actor)


def signed(house: Application, number: str, *actors: Actor) -> Any:
    report = state(house, number).report
    assert report is not None
    outcome: Any = None
    for actor in actors:
        look = house.look(actor, "show-report", f"report-{report}")
        assert not isinstance(look, Refusal)
        found = mismatches(state(house, number), house.open_content, beside(house, number))
        stops = tuple(words(Language.EN).why(each.reason) for each in found)
        command = SignReview(
            id=house.ids(),
            number=number,
            report=report,
            content_hash=look.state.current.content_hash,
            mismatches=stops,
        )
        outcome = house.handle(command, actor)
    return outcome
