"""`presis keys make`: the master key over the keys of all patients."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Make the master key under which each patient's own key is kept."""


@app.command()
def make(
    file: Annotated[Path, typer.Argument(help="Where to write it; outside the record's folder.")],
) -> None:
    """Make a master key. Without it nothing that is sealed can be read again: keep a copy of it apart."""
    import os

    from presis.record.sealing import VARIABLE, make_master_key

    make_master_key(file, os.urandom)
    typer.echo(f"Wrote {file}. Name it with {VARIABLE}, and keep a copy apart from the record's copies:")
    typer.echo("who has both can read everything, and without it nothing sealed can be read again.")
