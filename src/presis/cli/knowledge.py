"""`presis knowledge …`: list, show, verify, build and confirm the knowledge packs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from presis.knowledge import Library
    from presis.knowledge.lookup import Found

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

#: So many reasons are printed when a pack leaves something out.
MOST_REASONS = 20

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Extra = Annotated[
    list[Path] | None, typer.Option("--pack", metavar="DIR", help="A further pack's folder; may be repeated.")
]


@app.command("list")
def list_packs(pack: Extra = None, json: Json = False) -> None:
    """List the packs in use, with version, licence and the rows that nobody has confirmed."""
    from presis.cli._shared import console, print_json
    from presis.knowledge.lookup import unconfirmed

    library = _library(pack)
    packs = sorted(library.packs.values(), key=lambda each: each.manifest.pack)
    waiting = {each.manifest.pack: sum(1 for _ in unconfirmed(library, each)) for each in packs}
    if json:
        print_json(
            [
                {
                    **each.manifest.model_dump(mode="json"),
                    "sha256": each.sha256,
                    "not_confirmed": waiting[each.manifest.pack],
                }
                for each in packs
            ]
        )
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("Pack", no_wrap=True)
    for name in ("Version", "Valid on"):
        table.add_column(name, no_wrap=True)
    table.add_column("Rows", justify="right")
    table.add_column("Waiting", justify="right")
    table.add_column("Licence", overflow="fold")
    for each in packs:
        manifest = each.manifest
        table.add_row(
            manifest.pack,
            manifest.version,
            str(manifest.valid_on),
            str(manifest.files[0].rows),
            str(waiting[manifest.pack] or "-"),
            manifest.licence,
        )
    console().print(table)
    typer.echo("Waiting: rows that nobody has read at their source; they give no tier until confirmed.")


@app.callback()
def knowledge() -> None:
    """List, verify, build and confirm the knowledge packs."""


@app.command()
def show(
    what: Annotated[
        str, typer.Argument(metavar="ROW", help="A row's id, a pack, a drug, a tumour type or a gene.")
    ],
    pack: Extra = None,
    json: Json = False,
) -> None:
    """Show a row with its source; or what is known of a pack, a drug, a tumour type or a gene."""
    from dataclasses import asdict

    from presis.cli._shared import print_json
    from presis.errors import BadInput
    from presis.knowledge.lookup import look_up

    found = look_up(_library(pack), what)
    if not found:
        raise BadInput.of(
            "knowledge-unknown",
            f"no pack knows {what!r}; give a row's id, or a pack, drug, tumour type or gene.",
            found=what,
            accepted="the id of a row, or a name",
        )
    if json:
        print_json([asdict(each) for each in found])
        return
    for number, each in enumerate(found):
        if number:
            typer.echo("")
        _print_found(each)


@app.command()
def verify(pack: Extra = None, json: Json = False) -> None:
    """Check every pack: bytes, row counts, cells, and that what they refer to exists."""
    from presis.cli._shared import print_json
    from presis.knowledge.verification import verify as check

    checked = check(_library(pack))
    faults = sum(len(each.problems) for each in checked)
    if json:
        print_json(
            [
                {
                    "pack": each.release.pack,
                    "version": each.release.version,
                    "rows": each.rows,
                    "problems": [problem.to_json() for problem in each.problems],
                }
                for each in checked
            ]
        )
    else:
        for each in checked:
            word = f"{len(each.problems)} faults" if each.problems else "holds"
            typer.echo(f"{each.release.pack:<20} {each.release.version:<11} {each.rows:>9} rows  {word}")
            for problem in each.problems:
                typer.echo(f"presis: {problem}", err=True)
    if faults:
        raise typer.Exit(2)


@app.command()
def build(
    pack: Annotated[str, typer.Argument(help="The pack to make, as `presis knowledge list` names it.")],
    sources: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FOLDER_OR_FILE", help="Where its sources are; may be repeated."),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder that the pack's own folder goes into.")
    ] = Path(),
    json: Json = False,
) -> None:
    """Make a pack from its sources; the same sources give the same bytes."""
    from presis.cli._shared import print_json
    from presis.knowledge.build import build as make
    from presis.knowledge.lookup import left_out

    made = make(pack, sources or [], out)
    reasons = left_out(made)
    if json:
        document = {"folder": str(made.folder), "sha256": made.sha256}
        print_json({**document, **made.manifest.model_dump(mode="json"), "left_out": dict(reasons)})
        return
    typer.echo(f"Made {made.release.label} in {made.folder}, manifest {made.sha256}:")
    for file in made.manifest.files:
        typer.echo(f"  {file.name}  {file.rows} rows")
    if reasons:
        typer.echo("Left out, by reason:")
    for reason, number in reasons.most_common(MOST_REASONS):
        typer.echo(f"{number:>7}  {reason}")
    if len(reasons) > MOST_REASONS:
        typer.echo(f"  and {len(reasons) - MOST_REASONS} further reasons, in left_out.csv.")


@app.command()
def confirm(
    row: Annotated[str, typer.Argument(help="The row's id.")],
    source: Annotated[str, typer.Option(metavar="TEXT", help="The document or address where it was read.")],
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="What to say besides.")] = None,
    record: Annotated[
        str | None,
        typer.Option("--record", help="A file or a database URL; else PRESIS_RECORD, else ./presis.db."),
    ] = None,
    actor: Annotated[
        str | None, typer.Option("--as", help="Who acts: ID or ID/ROLE; else PRESIS_AS.")
    ] = None,
    json: Json = False,
) -> None:
    """Say that a row has been read at its source, so that it counts for the actor's laboratory."""
    from presis.application import open_application
    from presis.cli._shared import print_json
    from presis.cli.record import fact_json
    from presis.governance import load_directory, resolve_actor
    from presis.knowledge.confirmation import ConfirmRow
    from presis.record import Conflict, record_url

    who = resolve_actor(actor, os.environ, load_directory())
    application = open_application(record_url(record, os.environ))
    command = ConfirmRow(id=application.ids(), row=row, source=source, note=note, laboratory=who.organisation)
    outcome = application.handle(command, who)
    if isinstance(outcome, tuple):
        if json:
            print_json([fact_json(fact) for fact in outcome])
        else:
            typer.echo(f"{row} is confirmed for {who.organisation}, from {source}.")
        return
    if json:
        print_json(outcome.to_json())
    else:
        typer.echo(f"presis: {outcome.message}", err=True)
    raise typer.Exit(4 if isinstance(outcome, Conflict) else 3)


def _library(extra: list[Path] | None) -> Library:
    from presis.knowledge import load_library

    return load_library(extra or ())


def _print_found(found: Found) -> None:
    from rich.table import Table

    from presis.cli._shared import console

    typer.echo(f"{found.name} ({found.kind})")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in found.fields.items():
        if (name, value) != ("id", found.name) and (name, value) != ("row", found.name):
            table.add_row(f"  {name.replace('_', ' ')}", value)
    console().print(table)
