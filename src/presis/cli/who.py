"""Which record, who acts, and how a no is told: what the commands that write have in common."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import typer

from presis.application import Application, open_application
from presis.cli._shared import print_json
from presis.governance import load_directory, resolve_actor
from presis.reactions import react
from presis.record import Actor, Conflict, Refusal, record_url
from presis.record.sealing import VARIABLE, MasterKey, load_master_key

if TYPE_CHECKING:
    from presis.record.sealing import Keys


@dataclass(frozen=True, slots=True)
class Who:
    """Which record, and who acts."""

    record: str | None
    actor: str | None

    def open(self) -> tuple[Application, Actor]:
        """The application, and the actor; raises `BadInput` if either can't be found."""
        url = record_url(self.record, os.environ)
        application = open_application(url, keys=keys_for(url), on_commit=react)
        return application, resolve_actor(self.actor, os.environ, load_directory())


def keys_for(url: str) -> Keys:
    """The master key of the environment, read when it is first needed."""
    loaded: list[MasterKey] = []
    file = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else None

    def load() -> MasterKey:
        if not loaded:
            loaded.append(load_master_key(os.environ.get(VARIABLE), file))
        return loaded[0]

    return load


def refuse(outcome: Refusal | Conflict, *, as_json: bool) -> NoReturn:
    """Say a refusal or a conflict, and leave with its exit code."""
    if as_json:
        print_json(outcome.to_json())
    else:
        typer.echo(f"presis: {outcome.message}", err=True)
    raise typer.Exit(4 if isinstance(outcome, Conflict) else 3)


def person_name(identifier: str) -> str:
    """A person's name; the id of one who isn't in the directory."""
    person = load_directory().person(identifier)
    return person.name if person else identifier
