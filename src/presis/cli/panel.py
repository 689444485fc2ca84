"""`presis panel show FILE…`: what a panel found in one specimen, and what it could have found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def panel() -> None:
    """Read panel files and show the molecular profile."""


@app.command()
def show(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…", help="The panel's files, or folders that hold them.", show_default=False
        ),
    ],
    specimen: Annotated[
        Path | None, typer.Option(help="What is known of the specimen (YAML).", metavar="FILE")
    ] = None,
    sample: Annotated[
        str | None, typer.Option(help="Which sample, where the files hold several.", metavar="ID")
    ] = None,
    limits: Annotated[
        Path | None, typer.Option(help="The laboratory's own quality limits (CSV).", metavar="FILE")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every row, not the first 40 of each table.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show one specimen's molecular profile: findings, quality, and what was tested."""
    from presis.cli._shared import print_json
    from presis.cli.panel_view import profile_json, profile_text
    from presis.diagnostics.interpretation import Interpreter
    from presis.diagnostics.reading import read_one
    from presis.diagnostics.tumour_content import assessable
    from presis.diagnostics.withheld import told_profile
    from presis.knowledge import load_library

    library = load_library()
    interpreter = Interpreter(library)
    read = assessable(read_one(files, library, specimen_file=specimen, sample=sample, limits=limits))
    profile = told_profile(read, interpreter)
    disagreements = interpreter.disagreements(profile)
    if json:
        print_json(profile_json(profile, disagreements))
    else:
        profile_text(profile, disagreements, rows=None if everything else 40)


@app.command()
def compare(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER…",
            help="One folder or file for each result of the patient, two or more.",
            show_default=False,
        ),
    ],
    limits: Annotated[
        Path | None, typer.Option(help="The laboratory's own quality limits (CSV).", metavar="FILE")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every row, not the first 40 of each table.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show several results of one patient side by side: what changed, which counts, identity."""
    from presis.cli._shared import print_json
    from presis.cli.panel_compare import comparison_json, comparison_text, read_results
    from presis.diagnostics.comparison import compare as compare_profiles
    from presis.diagnostics.interpretation import Interpreter
    from presis.diagnostics.withheld import told_profiles
    from presis.knowledge import load_library

    library = load_library()
    results = read_results(folders, library, limits)
    comparison = compare_profiles(results, told_profiles(results, Interpreter(library)))
    if json:
        print_json(comparison_json(comparison))
    else:
        comparison_text(comparison, rows=None if everything else 40)
