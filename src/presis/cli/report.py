"""`presis report`: reports from files (stateless), and reports in the record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE…", help="The panel's files, or folders that hold them.", show_default=False),
]
SpecimenFile = Annotated[
    Path | None, typer.Option("--specimen", help="What is known of the specimen (YAML).", metavar="FILE")
]
Sample = Annotated[str | None, typer.Option(help="Which sample, where the files hold several.", metavar="ID")]
Limits = Annotated[
    Path | None, typer.Option(help="The laboratory's own quality limits (CSV).", metavar="FILE")
]
Tumour = Annotated[str | None, typer.Option(help="OncoTree code, such as COADREAD.", metavar="CODE")]
Laboratory = Annotated[str | None, typer.Option(help="The laboratory's name, for the report's head.")]
Out = Annotated[Path, typer.Option(help="The folder to write to.", metavar="DIR")]
Format = Annotated[str, typer.Option("--format", help="html, pdf, json; several joined by commas.")]
LanguageOption = Annotated[str, typer.Option("--language", help="nb (Norwegian) or en (English).")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.callback()
def report() -> None:
    """Make, register, sign, amend and show molecular reports."""


@app.command()
def make(
    files: Files,
    out: Out,
    tumour: Tumour = None,
    specimen: SpecimenFile = None,
    sample: Sample = None,
    limits: Limits = None,
    laboratory: Laboratory = None,
    formats: Format = "html,pdf,json",
    language: LanguageOption = "nb",
    json: Json = False,
) -> None:
    """Make the report of one specimen from files; nothing is registered."""
    from presis.cli.report_files import make_one

    make_one(files, out, tumour, specimen, sample, limits, laboratory, formats, language, as_json=json)


@app.command()
def batch(
    folder: Annotated[Path, typer.Argument(help="A folder of panel files, with folders below it.")],
    out: Out,
    tumour: Tumour = None,
    limits: Limits = None,
    laboratory: Laboratory = None,
    formats: Format = "html,pdf,json",
    language: LanguageOption = "nb",
    json: Json = False,
) -> int:
    """Make a report for every case in a folder; a case that can't be read is listed, and the rest goes on."""
    from presis.cli.report_files import make_batch

    return make_batch(folder, out, tumour, limits, laboratory, formats, language, as_json=json)
