"""`presis record …` and `presis react`: create, read, verify and rebuild the record; run what is due."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from presis.application import Application
    from presis.record import Fact
    from presis.record.store import Record
    from presis.record.verify import Verification

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)
react_app = typer.Typer(add_completion=False, rich_markup_mode=None)

Where = Annotated[
    str | None,
    typer.Option("--record", help="A file or a database URL; else PRESIS_RECORD, else ./presis.db."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
KnownAt = Annotated[
    str | None, typer.Option(help="A position, a day (to its end, UTC) or a time with its zone.")
]
As = Annotated[str | None, typer.Option("--as", help="Who acts: ID or ID/ROLE; else PRESIS_AS.")]


@app.callback()
def record() -> None:
    """Create, read, verify and rebuild the record."""


@app.command()
def init(record: Where = None, json: Json = False) -> None:
    """Create a record where there is none."""
    from presis.application import all_rooms, now
    from presis.record import record_url
    from presis.record.store import initialise

    made, new = initialise(record_url(record, os.environ), all_rooms(), now)
    place, facts = made.database.place, made.head().position
    if json:
        _print({"record": place, "new": new, "facts": facts})
    elif new:
        typer.echo(f"Created the record {place}.")
    else:
        typer.echo(f"{place} is a record already, with {facts} facts; nothing was changed.")


@app.command()
def log(
    record: Where = None,
    after: Annotated[int | None, typer.Option(min=0, help="Begin after this position.")] = None,
    limit: Annotated[
        int, typer.Option(min=1, help="At most so many facts; the latest, without --after.")
    ] = 50,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """List facts in the record's order."""
    from itertools import islice

    opened = _open(record)
    moment = opened.moment(known_at)
    first = max(0, opened.position_at(moment) - limit) if after is None else after
    facts = list(islice(opened.facts(first, moment), limit))
    if json:
        _print([fact_json(fact) for fact in facts])
    elif facts:
        _table(facts)
    else:
        typer.echo("No facts.")


@app.command()
def show(
    what: Annotated[str, typer.Argument(metavar="POSITION|STREAM", help="A fact's position, or a stream.")],
    record: Where = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Show one fact or the facts of one stream."""
    from presis.errors import BadInput

    opened = _open(record)
    if what.isascii() and what.isdigit():
        facts = tuple(opened.facts(int(what) - 1, int(what)))
    else:
        facts = opened.stream(what, opened.moment(known_at))
    if not facts:
        raise BadInput.of(
            "fact-absent",
            f"the record holds nothing at {what}; look with `presis record log`.",
            found=what,
            accepted=f"a stream, or a position from 1 to {opened.head().position}",
        )
    if json:
        _print([fact_json(fact) for fact in facts])
        return
    for fact in facts:
        _details(fact)


@app.command()
def verify(
    record: Where = None,
    anchor: Annotated[
        str | None, typer.Option(metavar="POSITION:HASH", help="A position and hash noted earlier.")
    ] = None,
    json: Json = False,
) -> None:
    """Verify the chain; name the first broken fact."""
    from presis.governance.access_days import faults

    found = _verified(record, None if anchor is None else _anchor(anchor))
    days = [] if found.fault is not None else [*faults(_open(record))]
    if json:
        fault = found.fault
        _print(
            {
                "facts": found.facts,
                "head": f"{found.head.position}:{found.head.hash}",
                "fault": None
                if fault is None
                else {"position": fault.position, "what": fault.what, "message": fault.message},
                "access_log": [{"day": each.day, "message": each.message} for each in days],
            }
        )
    elif found.fault is None:
        typer.echo(f"The chain holds: {found.facts} facts.")
        if found.facts:
            typer.echo(f"Its head, to note elsewhere for --anchor: {found.head.position}:{found.head.hash}")
    else:
        typer.echo(f"presis: the chain is broken at {found.fault.message}", err=True)
        typer.echo(f"The {found.facts} facts before it hold.", err=True)
    for each in days if not json else ():
        typer.echo(f"presis: {each.message}", err=True)
    if found.fault is not None or days:
        raise typer.Exit(2)


@app.command()
def rebuild(record: Where = None, json: Json = False) -> None:
    """Write all views anew from the facts."""
    counts = _open(record).rebuild()
    if json:
        _print(counts)
        return
    for name, count in counts.items():
        typer.echo(f"{name}: {count} rows")


@app.command()
def tasks(record: Where = None, actor: As = None, json: Json = False) -> None:
    """List the open tasks that the actor may see."""
    from presis.governance.tasks import open_tasks

    application = _application(record)
    found = open_tasks(application.record, application.access, _actor(actor))
    if not isinstance(found, list):
        _refuse(found, json=json)
        return
    if json:
        _print(found)
        return
    for row in found:
        typer.echo(
            f"{row['stream']}  {row['organisation']}  fact {row['position']}, "
            f"{row['reaction']}: {row['message']}"
        )
    if not found:
        typer.echo("No open tasks.")


@app.command("close-task")
def close_task(
    stream: Annotated[str, typer.Argument(help="The task, as `presis record tasks` names it.")],
    reason: Annotated[str, typer.Option(help="What was done about it.")],
    record: Where = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Say that a task has been dealt with."""
    from presis.governance.tasks import CloseTask

    application = _application(record)
    command = CloseTask(id=application.ids(), stream=stream, reason=reason)
    outcome = application.handle(command, _actor(actor))
    if not isinstance(outcome, tuple):
        _refuse(outcome, json=json)
    elif json:
        _print([fact_json(fact) for fact in outcome])
    else:
        typer.echo(f"{stream} is closed.")


@react_app.command()
def react(record: Where = None, json: Json = False) -> None:
    """Run the reactions that are due, from where each one stood."""
    from dataclasses import asdict

    from presis.reactions import react as run

    application = _application(record)
    application.seal_access_days()
    report = run(application)
    if json:
        _print(asdict(report))
    else:
        typer.echo(f"{report.done} commands done, {report.tasks} tasks raised.")
        for each in report.stopped:
            typer.echo(f"presis: {each.name} stopped at position {each.position}: {each.problem}", err=True)
    if report.stopped:
        raise typer.Exit(3)


def fact_json(fact: Fact[Any]) -> dict[str, Any]:
    """A fact as JSON shows it: the columns of the record, the payload as an object."""
    return {
        "position": fact.position,
        "stream": fact.stream,
        "version": fact.version,
        "kind": fact.kind,
        "occurred": fact.occurred,
        "recorded": fact.recorded.isoformat(),
        "actor": {
            "person": fact.actor.person,
            "role": fact.actor.role,
            "organisation": fact.actor.organisation,
        },
        "reason": fact.reason,
        "command": fact.command,
        "corrects": fact.corrects,
        "rules": dict(fact.rules),
        "payload": None if fact.payload is None else fact.payload.model_dump(mode="json"),
        "hash": fact.hash,
    }


def _open(record: str | None) -> Record:
    from presis.application import all_rooms, now
    from presis.record import record_url
    from presis.record.store import open_record

    return open_record(record_url(record, os.environ), all_rooms(), now)


def _verified(record: str | None, anchor: tuple[int, str] | None) -> Verification:
    """The chain walked; of a file that the database itself can't read, what the database says."""
    from presis.errors import BadInput
    from presis.record import record_url
    from presis.record.location import shown
    from presis.record.verify import verify as walk

    try:
        return walk(_open(record).database, anchor)
    except BadInput as error:
        problem = error.problems[0]
        if problem.code != "record-damaged":
            raise
        place = shown(record_url(record, os.environ))
        raise BadInput.of(
            "record-damaged",
            f"{place} is damaged: SQLite says {problem.found!r}; restore a backup, and verify that.",
            found=problem.found,
        ) from error


def _application(record: str | None) -> Application:
    from presis.application import open_application
    from presis.cli.who import keys_for
    from presis.reactions import react as run
    from presis.record import record_url

    url = record_url(record, os.environ)
    return open_application(url, keys=keys_for(url), on_commit=run)


def _actor(given: str | None) -> Any:
    from presis.governance import load_directory, resolve_actor

    return resolve_actor(given, os.environ, load_directory())


def _anchor(text: str) -> tuple[int, str]:
    from presis.errors import BadInput

    position, _, digest = text.partition(":")
    if position.isascii() and position.isdigit() and len(digest) == 64:
        return int(position), digest
    raise BadInput.of(
        "anchor-malformed",
        f"{text!r} isn't a position and a hash; write them as `presis record verify` prints them.",
        field="--anchor",
        found=text,
        accepted="POSITION:HASH",
    )


def _refuse(outcome: Any, *, json: bool) -> None:
    """Say a refusal or a conflict, and leave with its exit code."""
    from presis.record import Conflict

    if json:
        _print(outcome.to_json())
    else:
        typer.echo(f"presis: {outcome.message}", err=True)
        for fact in outcome.since if isinstance(outcome, Conflict) else ():
            typer.echo(
                f"  since then, position {fact.position}: {fact.kind} by {fact.actor.person}", err=True
            )
    raise typer.Exit(4 if isinstance(outcome, Conflict) else 3)


def _print(value: Any) -> None:
    from presis.cli._shared import print_json

    print_json(value)


def _table(facts: list[Fact[Any]]) -> None:
    from rich import box
    from rich.table import Table

    from presis.cli._shared import console

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("Position", justify="right")
    table.add_column("Recorded (UTC)", no_wrap=True)
    table.add_column("Stream", overflow="fold")
    table.add_column("Fact", overflow="fold")
    table.add_column("By", overflow="fold")
    for fact in facts:
        kind = fact.kind if fact.corrects is None else f"{fact.kind} corrects {fact.corrects}"
        table.add_row(
            str(fact.position), f"{fact.recorded:%Y-%m-%d %H:%M:%S}", fact.stream, kind, fact.actor.person
        )
    # In a pipe each fact keeps to its line, so that it can be searched for.
    console(200).print(table)


def _details(fact: Fact[Any]) -> None:
    by = f"{fact.actor.person} ({fact.actor.role}, {fact.actor.organisation})"
    lines = {
        "kind": fact.kind,
        "stream": f"{fact.stream}, version {fact.version}",
        "recorded": f"{fact.recorded.isoformat()} by {by}",
        "occurred": fact.occurred or "not said",
        "reason": fact.reason or "none",
        "corrects": "nothing" if fact.corrects is None else f"position {fact.corrects}",
        "rules": ", ".join(f"{name} {version}" for name, version in fact.rules.items()) or "none",
        "command": fact.command,
        "hash": fact.hash,
        "payload": "entered in error" if fact.payload is None else fact.payload.model_dump_json(indent=2),
    }
    typer.echo(f"Position {fact.position}")
    for name, value in lines.items():
        typer.echo(f"  {name:<9} {value}")
