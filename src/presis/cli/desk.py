"""A person at the laboratory's bench: what they may see and do there, each look written down as pages do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NoReturn

import typer

from presis.application import Application
from presis.cli.who import Who, person_name, refuse
from presis.diagnostics.bench import Beside, laboratory_interpreter
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.other_results import other_results
from presis.diagnostics.requisition import Requisition, stream_of, subject
from presis.documents.language import Language, Words, words
from presis.errors import BadInput
from presis.governance import load_directory
from presis.record import Actor, Command, Conflict, Fact, Refusal

SHOW = "show-requisition"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works over which record, and for whom it is printed: people, or programs (`as_json`)."""

    application: Application
    actor: Actor
    as_json: bool
    say: Words

    @classmethod
    def of(cls, who: Who, *, as_json: bool) -> Desk:
        """The desk of a person; raises `BadInput` if the record or the person can't be found."""
        application, actor = who.open()
        return cls(application, actor, as_json, words(Language.EN))

    def look(self, number: str) -> tuple[Requisition, int]:
        """A requisition and its version; who may not see it learns no more than of one that isn't there."""
        look = self.application.look(self.actor, SHOW, stream_of(number))
        if isinstance(look, Refusal):
            self.refused(look, f"requisitions/{number}")
        return look.state, look.version

    def allowed(self, number: str, action: str) -> tuple[Requisition, int]:
        """A requisition to which the person may do this now; who may only see it is told its state."""
        access = self.application.access
        if refusal := access.may_ever(self.actor, action):
            self.refused(refusal, f"requisitions/{number}")
        state, version = self.look(number)
        if refusal := access.authorise(self.actor, action, subject(state)):
            message = (
                f"{number} stands at “{self.say.say(f'at.{state.state}')}”, where that can't be done; "
                f"`presis requisition show {number}` says what can."
            )
            self.refused(replace(refusal, found=state.state, message=message), f"requisitions/{number}")
        return state, version

    def give(
        self, make: Callable[[Mapping[str, Any]], Command], what: str, **base: Any
    ) -> tuple[Fact[Any], ...]:
        """Give a command: its facts; a refusal or a conflict is said, and ends the run.

        `make` gets the command's id and `base`; a refused access is written down under `what`.
        """
        outcome = self.application.handle(make({"id": self.application.ids(), **base}), self.actor)
        if isinstance(outcome, Refusal):
            self.refused(outcome, what)
        if isinstance(outcome, Conflict):
            self._conflict(outcome)
        return outcome

    def shown(self, what: str, patients: Iterable[str]) -> None:
        """Write down that data of patients is about to be shown; nothing is where it shows none."""
        if told := [*dict.fromkeys(each for each in patients if each)]:
            self.application.log_access(self.actor, "view", what, told, "shown")

    def refused(self, outcome: Refusal, what: str) -> NoReturn:
        """Say a no, and leave; one of access is written down."""
        if outcome.rule.startswith("access/"):
            self.application.log_access(self.actor, outcome.rule, what, (), "refused")
        refuse(outcome, as_json=self.as_json)

    def _conflict(self, outcome: Conflict) -> NoReturn:
        if self.as_json:
            refuse(outcome, as_json=True)
        typer.echo(f"presis: {outcome.message}", err=True)
        for fact in outcome.since:
            told = f"{self.fact_words(fact.kind)}, {person_name(fact.actor.person)}"
            typer.echo(f"  since then, {self.say.day(fact.recorded)}: {told}", err=True)
        raise typer.Exit(4)

    def beside(self, state: Requisition) -> Beside:
        """What the laboratory has beside a requisition's data, by which it is told whose they are."""
        application = self.application
        return partial(
            other_results, application.record, application.open_content, application.keys().index, state
        )

    def interpreter(self, state: Requisition) -> Interpreter:
        """The interpreter of the requisition's laboratory."""
        return laboratory_interpreter(self.application.record, laboratory_of(state))

    def fact_words(self, kind: str) -> str:
        """What a fact says, as a line of a history."""
        return self.say.term("fact", kind.partition("/")[0].partition(".")[2])

    def open_text(self, digest: str | None) -> str | None:
        """A sealed text, of a stream that was looked at; None for none."""
        return self.application.open_content(digest).decode() if digest else None


def organisation_name(identifier: str, *, short: bool = False) -> str:
    """An organisation's name; the id of one that isn't in the directory."""
    found = load_directory().organisation(identifier)
    return identifier if found is None else found.short_name if short else found.name


def laboratory_of(state: Requisition) -> str:
    """The laboratory whose requisition it is."""
    return state.received.organisation if state.received else ""


def patient_of(state: Requisition) -> str:
    """The patient of a requisition."""
    return state.received.patient if state.received else ""


def chosen(text: str, accepted: Iterable[str], field: str) -> str:
    """A word of a list, with `-` for `_`; raises `BadInput` for another."""
    known = [*accepted]
    word = text.strip().casefold()
    for each in known:
        if word in {each, each.replace("_", "-")}:
            return each
    listed = ", ".join(each.replace("_", "-") for each in known)
    raise BadInput.of(
        "word-unknown", f"{text!r} isn't one of {listed}.", field=field, found=text, accepted=listed
    )


def told(text: str, field: str) -> str:
    """A text as it was given, or of standard input for `-`; raises `BadInput` for an empty one."""
    import sys

    given = (sys.stdin.read() if text == "-" else text).strip()
    if not given:
        raise BadInput.of(
            "text-missing", "there is no text; write it in quotes, or - to read it in.", field=field
        )
    return given
