"""`presis validate FOLDER --expected FILE`: what Presis says of a laboratory's earlier cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None)

Folder = Annotated[
    Path | None, typer.Argument(help="A folder of cases, as report batch takes it.", show_default=False)
]
ExpectedFile = Annotated[
    Path | None,
    typer.Option("--expected", help="What the laboratory reported (CSV; see --template).", metavar="FILE"),
]
Out = Annotated[
    Path | None, typer.Option(help="Write a page, a document and tables into this folder.", metavar="DIR")
]
Judged = Annotated[
    Path | None,
    typer.Option("--adjudicated", help="The differences.csv of an earlier run, filled in.", metavar="FILE"),
]
Previous = Annotated[
    Path | None,
    typer.Option(help="The validation.json of an earlier run: say what moved since.", metavar="FILE"),
]
Template = Annotated[bool, typer.Option("--template", help="Print an expected table to fill in.")]
Tumour = Annotated[
    str | None,
    typer.Option(help="OncoTree code for every case; else from its specimen.yaml.", metavar="CODE"),
]
Limits = Annotated[
    Path | None, typer.Option(help="The laboratory's own quality limits (CSV).", metavar="FILE")
]
Packs = Annotated[
    list[Path] | None,
    typer.Option("--pack", help="A knowledge pack of one's own, beside the shipped ones.", metavar="DIR"),
]
Filter = Annotated[
    Path | None, typer.Option("--filter", help="The laboratory's own filter (YAML).", metavar="FILE")
]
Blacklist = Annotated[
    Path | None, typer.Option("--blacklist", help="The laboratory's own artefacts (CSV).", metavar="FILE")
]
All = Annotated[bool, typer.Option("--all", help="Show every row, not the first 20 of each table.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def validate(
    folder: Folder = None,
    expected: ExpectedFile = None,
    out: Out = None,
    adjudicated: Judged = None,
    previous: Previous = None,
    template: Template = False,
    tumour: Tumour = None,
    limits: Limits = None,
    pack: Packs = None,
    variant_filter: Filter = None,
    blacklist: Blacklist = None,
    everything: All = False,
    json: Json = False,
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
    return validate_folder(request, as_json=json, rows=None if everything else 20)
