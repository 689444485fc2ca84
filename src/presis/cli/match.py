"""`presis match`: one patient against the options; MatchMiner's trials against MatchEngine's documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

Trials = Annotated[
    list[Path],
    typer.Argument(
        metavar="TRIAL…",
        help="Trials in CTML, JSON or YAML: files, or folders that hold them.",
        show_default=False,
    ),
]
ClinicalFile = Annotated[
    Path, typer.Option(help="Clinical documents, one JSON object a line.", metavar="FILE")
]
GenomicFile = Annotated[Path, typer.Option(help="Genomic records, one JSON object a line.", metavar="FILE")]
AgeAt = Annotated[
    str | None, typer.Option(help="The date at which ages count. Left out: today.", metavar="DATE")
]
OnClosed = Annotated[bool, typer.Option("--match-on-closed", help="Also closed trials and suspended levels.")]
OnDeceased = Annotated[
    bool, typer.Option("--match-on-deceased", help="Also samples that aren't of the living.")
]
AllClinical = Annotated[
    bool,
    typer.Option(
        "--report-all-clinical-reasons",
        help="MatchEngine's option: clinical criteria alone make a match, too.",
    ),
]
ModeWord = Annotated[
    str, typer.Option(help="strict: missing data is unknown. ctml: as MatchEngine.", metavar="MODE")
]
CoverageFile = Annotated[
    Path | None,
    typer.Option(
        help="What was tested (CSV: SAMPLE_ID, gene, type). Without it no negative is certain.",
        metavar="FILE",
    ),
]


@app.callback()
def match() -> None:
    """Match patients to options and trials."""


@app.command()
def patient(
    report: Annotated[
        Path | None,
        typer.Option(help="The report's JSON, as `presis report make` writes it.", metavar="FILE"),
    ] = None,
    case: Annotated[
        list[Path] | None,
        typer.Option(help="What is known beside the report (YAML); several add up.", metavar="FILE"),
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="The day that is asked about. Left out: today.", metavar="DATE")
    ] = None,
    explain: Annotated[
        str | None, typer.Option(help="One option, every criterion with its reason.", metavar="OPTION")
    ] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="Print the open questions as a form to fill in.")
    ] = False,
    options: Annotated[
        list[Path] | None,
        typer.Option(
            help="Options of one's own in place of the programme's: files or folders.", metavar="PATH"
        ),
    ] = None,
    places: Annotated[
        list[str] | None, typer.Option(help="Places left of an option, as ID=3.", metavar="ID=NUMBER")
    ] = None,
    tests: Annotated[
        int, typer.Option(help="How many tests or facts to propose next, at most.", min=1, max=30)
    ] = 3,
    most: Annotated[
        int | None, typer.Option(help="Show no more options than so many; the rest is counted.", min=1)
    ] = None,
    language: Annotated[str, typer.Option("--language", help="nb (Norwegian) or en (English).")] = "nb",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show which options fit a patient, which don't and why, and what would settle the rest."""
    from presis.cli import match_patient as view
    from presis.cli import match_patient_json

    asking = view.Asking(report, case or (), at, options or (), places or (), language, tests, most)
    answered = view.answer(asking)
    if ask:
        view.print_questions(answered)
    elif json:
        match_patient_json.print_answers_json(answered, explain)
    elif explain is not None:
        view.print_explained(answered, explain)
    else:
        view.print_options(answered)


@app.command()
def bulk(
    cut: Annotated[Path, typer.Option(help="The folder of a data cut.", metavar="DIR")],
    out: Annotated[Path, typer.Option(help="The Parquet file to write.", metavar="FILE")],
    options: Annotated[
        list[Path] | None,
        typer.Option(
            help="Options of one's own in place of the programme's: files or folders.", metavar="PATH"
        ),
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="The day that is asked about. Left out: today.", metavar="DATE")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes. Left out: one a processor.", min=1, metavar="N")
    ] = None,
    engine: Annotated[
        str, typer.Option(help="processes, or spark (FILE is then a folder).", metavar="ENGINE")
    ] = "processes",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Answer every option for every tumour of a data cut.

    The file has a column an option: 0 excluded, 1 unknown, 2 eligible. Places, opening days and ranking are
    not among it.
    """
    from presis.cli.match_bulk import Bulk, match_bulk

    match_bulk(Bulk(cut, tuple(options or ()), at, out, workers, engine), as_json=json)


@app.command()
def ctml(
    trials: Trials,
    clinical: ClinicalFile,
    genomic: GenomicFile,
    age_at: AgeAt = None,
    match_on_closed: OnClosed = False,
    match_on_deceased: OnDeceased = False,
    report_all_clinical_reasons: AllClinical = False,
    mode: ModeWord = "strict",
    coverage: CoverageFile = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Match patients to trials written in MatchMiner's Clinical Trial Markup Language (CTML)."""
    from presis.cli.match_view import (
        date_of,
        mode_of,
        print_clinical_alone,
        print_matches,
        print_verdicts,
        print_warnings,
    )
    from presis.matching.ctml import (
        Asking,
        Coverage,
        Mode,
        Remarks,
        read_cohort,
        read_coverage,
        read_trials,
        strict_verdicts,
        upstream_answers,
    )

    asking = Asking(date_of(age_at), match_on_closed, match_on_deceased, report_all_clinical_reasons)
    remarks = Remarks(mode_of(mode))
    read = read_trials(trials, remarks)
    cohort = read_cohort(clinical, genomic, remarks)
    tested = Coverage()
    if coverage is not None:
        tested = read_coverage(coverage, frozenset(each.sample for each in cohort.patients), remarks)
    remarks.stop()
    print_warnings(remarks, coverage=coverage)
    if remarks.mode is Mode.CTML:
        found, untold = upstream_answers(read, cohort, asking)
        print_clinical_alone(untold)
        print_matches(found, as_json=json)
    else:
        print_verdicts(strict_verdicts(read, cohort, tested, asking), as_json=json)
