"""`presis validate FOLDER --expected FILE`: what Presis says of a laboratory's earlier cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def validate(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A folder of cases, as report batch takes it.", show_default=False),
    ] = None,
    expected: Annotated[
        Path | None,
        typer.Option(
            help="What the laboratory reported of them (CSV; --template prints one).", metavar="FILE"
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write a page, a document and tables into this folder.", metavar="DIR"),
    ] = None,
    adjudicated: Annotated[
        Path | None,
        typer.Option(help="The differences of an earlier run, judged (its differences.csv).", metavar="FILE"),
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(help="An earlier run (its validation.json): say what moved.", metavar="FILE"),
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print an expected table to fill in.")] = False,
    tumour: Annotated[
        str | None,
        typer.Option(help="OncoTree code for every case; else from its specimen.yaml.", metavar="CODE"),
    ] = None,
    limits: Annotated[
        Path | None, typer.Option(help="The laboratory's own quality limits (CSV).", metavar="FILE")
    ] = None,
    pack: Annotated[
        list[Path] | None,
        typer.Option("--pack", help="A knowledge pack of one's own, beside the shipped ones.", metavar="DIR"),
    ] = None,
    variant_filter: Annotated[
        Path | None, typer.Option("--filter", help="The laboratory's own filter (YAML).", metavar="FILE")
    ] = None,
    blacklist: Annotated[
        Path | None,
        typer.Option("--blacklist", help="The laboratory's own artefacts (CSV).", metavar="FILE"),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="Show every row, not the first 20 of each table.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Compare Presis with a laboratory's earlier reports, field by field.

    The exit code is 2 if a case can't be read or a row has no case; differences alone leave it 0.
    """
    from presis.cli.validate_view import print_template, validate_folder
    from presis.diagnostics.validation.request import Request

    if template:
        print_template()
        return 0
    request = Request(
        folder=folder,
        expected=expected,
        out=out,
        adjudicated=adjudicated,
        previous=previous,
        tumour=tumour,
        limits=limits,
        packs=tuple(pack or ()),
        variant_filter=variant_filter,
        blacklist=blacklist,
    )
    return validate_folder(request, as_json=json, rows=None if show_all else 20)
