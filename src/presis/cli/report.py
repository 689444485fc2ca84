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
Tumour = Annotated[str | None, typer.Option(help="OncoTree code, such as COADREAD.", metavar="CODE")]
Laboratory = Annotated[str | None, typer.Option(help="The laboratory's name, for the report's head.")]
Out = Annotated[Path, typer.Option(help="The folder to write to.", metavar="DIR")]
Format = Annotated[str, typer.Option("--format", help="html, pdf, json, fhir; several joined by commas.")]
LanguageOption = Annotated[str, typer.Option("--language", help="nb (Norwegian) or en (English).")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.callback()
def report() -> None:
    """Make, register, sign, amend, show and export molecular reports."""


@app.command()
def make(
    files: Files,
    out: Out,
    tumour: Tumour = None,
    specimen: SpecimenFile = None,
    sample: Sample = None,
    limits: Limits = None,
    laboratory: Laboratory = None,
    pack: Packs = None,
    variant_filter: Filter = None,
    blacklist: Blacklist = None,
    formats: Format = "html,pdf,json",
    language: LanguageOption = "nb",
    json: Json = False,
) -> None:
    """Make one specimen's report from files; nothing is registered."""
    from presis.cli.report_files import make_one
    from presis.cli.report_options import Options, interpreter_of

    options = Options(tumour=tumour, specimen=specimen, sample=sample, limits=limits, laboratory=laboratory)
    interpreter = interpreter_of(pack or (), variant_filter, blacklist)
    make_one(files, out, interpreter, options, formats, language, as_json=json)


@app.command()
def batch(
    folder: Annotated[Path, typer.Argument(help="A folder of panel files, with folders below it.")],
    out: Out,
    tumour: Tumour = None,
    limits: Limits = None,
    laboratory: Laboratory = None,
    pack: Packs = None,
    variant_filter: Filter = None,
    blacklist: Blacklist = None,
    formats: Format = "html,pdf,json",
    language: LanguageOption = "nb",
    json: Json = False,
) -> int:
    """Make a report for every case in a folder.

    A case that can't be read is listed with its reason, and the rest goes on; the exit code is then 2.
    """
    from presis.cli.report_batch import make_batch
    from presis.cli.report_options import Options, interpreter_of

    options = Options(tumour=tumour, limits=limits, laboratory=laboratory)
    interpreter = interpreter_of(pack or (), variant_filter, blacklist)
    return make_batch(folder, out, interpreter, options, formats, language, as_json=json)


RecordOption = Annotated[
    str | None,
    typer.Option("--record", help="A file or a database URL; else PRESIS_RECORD, else ./presis.db."),
]
As = Annotated[str | None, typer.Option("--as", help="Who acts: ID or ID/ROLE; else PRESIS_AS.")]
Number = Annotated[str, typer.Argument(help="The report, such as R-2026-0001.")]


@app.command()
def register(
    files: Files,
    tumour: Tumour = None,
    specimen: SpecimenFile = None,
    sample: Sample = None,
    limits: Limits = None,
    pack: Packs = None,
    variant_filter: Filter = None,
    blacklist: Blacklist = None,
    language: LanguageOption = "nb",
    record: RecordOption = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Register the report of one specimen in the record, as a draft under a new number."""
    from presis.cli.report_options import Options, Rules
    from presis.cli.report_record import register_report
    from presis.cli.who import Who

    options = Options(tumour=tumour, specimen=specimen, sample=sample, limits=limits)
    rules = Rules(tuple(pack or ()), variant_filter, blacklist)
    register_report(files, Who(record, actor), options, rules, language, as_json=json)


@app.command()
def sign(
    number: Number,
    digest: Annotated[
        str | None,
        typer.Option("--hash", help="The content that you saw: its hash, or its first 8 signs or more."),
    ] = None,
    record: RecordOption = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Sign a report's current version."""
    from presis.cli.report_record import sign_report
    from presis.cli.who import Who

    sign_report(number, digest, Who(record, actor), as_json=json)


@app.command()
def amend(
    number: Number,
    files: Files,
    reason: Annotated[str | None, typer.Option(help="Why; it stands on the new version.")] = None,
    tumour: Tumour = None,
    specimen: SpecimenFile = None,
    sample: Sample = None,
    limits: Limits = None,
    pack: Packs = None,
    variant_filter: Filter = None,
    blacklist: Blacklist = None,
    language: LanguageOption = "nb",
    record: RecordOption = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Put a new version, made from files, in the place of the current one."""
    from presis.cli.report_options import Options, Rules
    from presis.cli.report_record import amend_report
    from presis.cli.who import Who

    options = Options(tumour=tumour, specimen=specimen, sample=sample, limits=limits)
    rules = Rules(tuple(pack or ()), variant_filter, blacklist)
    amend_report(number, files, reason, Who(record, actor), options, rules, language, as_json=json)


@app.command()
def show(
    number: Number,
    out: Annotated[Path | None, typer.Option(help="Draw the report into this folder.", metavar="DIR")] = None,
    version: Annotated[int | None, typer.Option(help="An older version; else the current one.")] = None,
    known_at: Annotated[str | None, typer.Option(help="As known at a position, a day or a time.")] = None,
    formats: Format = "html,pdf,json",
    language: LanguageOption = "nb",
    record: RecordOption = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Show a report: where it stands, its versions; drawn with --out."""
    from presis.cli.report_record import Shown, show_report
    from presis.cli.who import Who

    shown = Shown(out=out, version=version, known_at=known_at, formats=formats, language=language)
    show_report(number, Who(record, actor), shown, as_json=json)


@app.command()
def export(
    reports: Annotated[
        list[str],
        typer.Argument(
            metavar="REPORT…", help="A report's JSON file, or its number in the record.", show_default=False
        ),
    ],
    form: Annotated[str, typer.Option("--format", help="fhir, or cbioportal for one study of all.")],
    out: Out,
    study: Annotated[str, typer.Option(help="The study's id: small letters, digits, underscores.")] = (
        "presis_reports"
    ),
    name: Annotated[str, typer.Option(help="The study's name, for people.")] = "Presis reports",
    language: LanguageOption = "nb",
    record: RecordOption = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Write reports in other people's forms: FHIR bundles, or a study for cBioPortal.

    What a study has no place for is told, a sentence each.
    """
    from presis.cli.report_export import Export, export_reports
    from presis.cli.who import Who
    from presis.diagnostics.exports.cbioportal import StudyName

    wanted = Export(form, out, language, StudyName(study, name))
    export_reports(reports, Who(record, actor), wanted, as_json=json)
