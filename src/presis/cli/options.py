"""`presis options`: options of the programme, made from trials that are written elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def options() -> None:
    """Make options from trials."""


@app.command("import")
def import_(
    trials: Annotated[
        list[Path],
        typer.Argument(
            metavar="TRIAL…",
            help="Trials in CTML, JSON or YAML: files, or folders that hold them.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="The folder for a file a trial. Left out: print the options.", metavar="DIR"),
    ] = None,
    drug: Annotated[
        list[str] | None,
        typer.Option(help="The drug of an option, or of all of a trial's.", metavar="ID=DRUG"),
    ] = None,
    valid_from: Annotated[
        str | None, typer.Option(help="The day since which they hold. Left out: today.", metavar="DATE")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make options from trials in CTML: one for each step, arm or dose level with a match list.

    What this programme's rules can't ask is an error with file and place, every one at once; nothing is
    dropped. No option takes whom the trial refuses. At the end it is said what a person must complete.
    """
    from presis.cli.options_import import Import, import_trials

    import_trials(Import(tuple(trials), out, tuple(drug or ()), valid_from), as_json=json)
