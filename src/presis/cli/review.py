"""`presis review`: findings judged, the review concluded, its report signed and amended."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The requisition, such as Q-2026-0001.")]
Finding = Annotated[
    str,
    typer.Argument(
        metavar="FINDING",
        help="Its key, as `review list` prints it, or its name if only one has it: BRAF V600E.",
    ),
]
Record = Annotated[
    str | None,
    typer.Option("--record", help="A file or a database URL; else PRESIS_RECORD, else ./presis.db."),
]
As = Annotated[str | None, typer.Option("--as", help="Who acts: ID or ID/ROLE; else PRESIS_AS.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
LanguageOption = Annotated[
    str, typer.Option("--language", help="nb (Norwegian) or en (English), of the report's own words.")
]
Seen = Annotated[
    int | None,
    typer.Option(
        min=0,
        help="The version that you saw (`list` and `show` say it): if somebody wrote since, nothing is done.",
    ),
]


@app.callback()
def review() -> None:
    """Judge findings, conclude a review, sign and amend its report."""


@app.command("list")
def list_(
    number: Number,
    which: Annotated[
        str,
        typer.Option("--list", help="findings, left-out (by the filter) or dropped (taken out by a person)."),
    ] = "findings",
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """List findings: what was computed, judged, and said before.

    Under each finding stand the computed class, the judgement and whose it is, what the laboratory said of
    the same change in other requisitions, and the key that `review set` takes.
    """
    from presis.cli.desk import Desk
    from presis.cli.review_view import show_findings
    from presis.cli.who import Who

    show_findings(Desk.of(Who(record, actor), as_json=json), number, which)


@app.command("set")
def set_(
    number: Number,
    finding: Finding,
    keep: Annotated[bool, typer.Option("--keep", help="It stands as it was computed.")] = False,
    drop: Annotated[
        str | None, typer.Option(help="Take it out as artefact, germline or not-relevant.", metavar="WHY")
    ] = None,
    oncogenicity: Annotated[
        str | None,
        typer.Option(
            "--class",
            help="Class it benign, likely-benign, vus, likely-oncogenic or oncogenic.",
            metavar="CLASS",
        ),
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the judgement back.")] = False,
    reason: Annotated[
        str | None, typer.Option(help="Why, for the laboratory; needed unless it is kept.")
    ] = None,
    comment: Annotated[str | None, typer.Option(help="Words on it for the report's reader.")] = None,
    seen: Seen = None,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Judge a finding: --keep, --drop, --class or --withdraw.

    A new judgement takes the place of the last.
    """
    from presis.cli.desk import Desk
    from presis.cli.review_acts import Verdict, judge_one, verdict_of
    from presis.cli.who import Who

    verdict, oncogenicity = verdict_of(keep=keep, drop=drop, oncogenicity=oncogenicity, withdraw=withdraw)
    desk = Desk.of(Who(record, actor), as_json=json)
    judge_one(desk, number, seen, finding, Verdict(verdict, oncogenicity, reason or "", comment))


@app.command()
def accept(
    number: Number,
    check: Annotated[str, typer.Argument(help="name, pseudonym, sex or earlier.", metavar="CHECK")],
    why: Annotated[str, typer.Option(help="Why the data are this patient's; it stands in the report.")],
    seen: Seen = None,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Answer for data that a check of identity speaks against.

    It holds for the mismatch as it stands: one with other names or numbers is open again.
    """
    from presis.cli.desk import Desk
    from presis.cli.review_identity import accept_mismatch
    from presis.cli.who import Who

    accept_mismatch(Desk.of(Who(record, actor), as_json=json), number, seen, check, why)


@app.command()
def text(
    number: Number,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[FINDING] TEXT",
            help="The text in quotes, or - to read it in; of the whole, or of a judged finding before it.",
            show_default=False,
        ),
    ],
    seen: Seen = None,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Write what the report says in words.

    Of the whole, or of one finding; it takes the place of the text before.
    """
    from presis.cli.desk import Desk
    from presis.cli.review_acts import write_text
    from presis.cli.who import Who

    write_text(Desk.of(Who(record, actor), as_json=json), number, seen, words)


@app.command()
def show(
    number: Number,
    out: Annotated[Path | None, typer.Option(help="Draw the report into this folder.", metavar="DIR")] = None,
    formats: Annotated[
        str, typer.Option("--format", help="html, pdf, json; several joined by commas.")
    ] = "html,pdf,json",
    language: LanguageOption = "nb",
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Show what will be signed, or was, and by whom.

    The conclusion, the text of the whole, what review changed, and the content's hash; drawn with --out.
    """
    from presis.cli.desk import Desk
    from presis.cli.review_report import show_report
    from presis.cli.who import Who

    show_report(Desk.of(Who(record, actor), as_json=json), number, out, formats, language)


@app.command()
def conclude(
    number: Number,
    seen: Seen = None,
    language: LanguageOption = "nb",
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Conclude the review: its report then waits for signatures.

    It makes the report, or its next version, as a draft. A finding that nobody judged stays as it was
    computed.
    """
    from presis.cli.desk import Desk
    from presis.cli.review_report import conclude_review
    from presis.cli.who import Who

    conclude_review(Desk.of(Who(record, actor), as_json=json), number, seen, language)


@app.command()
def sign(
    number: Number,
    digest: Annotated[
        str | None,
        typer.Option("--hash", help="The content that you saw: its hash, or its first 8 signs or more."),
    ] = None,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Sign the report of a review.

    Where the laboratory wants two signatures, each signs for themselves.
    """
    from presis.cli.desk import Desk
    from presis.cli.review_report import sign_review
    from presis.cli.who import Who

    sign_review(Desk.of(Who(record, actor), as_json=json), number, digest)


@app.command()
def reopen(
    number: Number,
    reason: Annotated[
        str | None, typer.Option(help="Why the report is amended; it stands on the new version.")
    ] = None,
    seen: Seen = None,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Open a review again, to amend its report.

    Concluding it makes the new version.
    """
    from presis.cli.desk import Desk
    from presis.cli.review_report import reopen_review
    from presis.cli.who import Who

    reopen_review(Desk.of(Who(record, actor), as_json=json), number, seen, reason or "")
