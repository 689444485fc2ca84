"""`presis requisition`: a specimen's way through the laboratory, from receipt to the panel's files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The requisition, such as Q-2026-0001.")]
Record = Annotated[
    str | None,
    typer.Option("--record", help="A file or a database URL; else PRESIS_RECORD, else ./presis.db."),
]
As = Annotated[str | None, typer.Option("--as", help="Who acts: ID or ID/ROLE; else PRESIS_AS.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Seen = Annotated[
    int | None,
    typer.Option(
        min=0,
        help="The version that you saw (`show` says it): if somebody wrote since, nothing is done.",
    ),
]
Form = Annotated[
    Path | None,
    typer.Option(
        "--file",
        help="The form as YAML or JSON, with the options' names as keys (birth_year, sample_type).",
        metavar="FILE",
    ),
]
Patient = Annotated[
    str | None,
    typer.Option(
        help="The patient's id: national, or the laboratory's own. In a file it stays out of histories."
    ),
]
Note = Annotated[str | None, typer.Option(help="A remark in words; it is sealed.")]


@app.callback()
def requisition() -> None:
    """Receive specimens, move them on, read their panel files, list what waits."""


Specimen = Annotated[str | None, typer.Option(help="The number on the block or tube.")]
Day = Annotated[
    str | None, typer.Option(help="The day on which it came in: 2026-11-24 or 24.11.2026.", metavar="DAY")
]
Requester = Annotated[str | None, typer.Option(help="Who asked: an organisation's id, such as ahus.")]
Tumour = Annotated[str | None, typer.Option(help="OncoTree code, such as COAD.", metavar="CODE")]
BirthYear = Annotated[str | None, typer.Option(help="The patient's year of birth.", metavar="YEAR")]
Sex = Annotated[str | None, typer.Option(help="female or male.")]
SampleType = Annotated[
    str | None,
    typer.Option(
        help="What kind of sample: primary, metastasis, regional_metastasis, distal_metastasis, liquid, "
        "blood, normal, after_allo_transplant, cell_line or control.",
        metavar="TYPE",
    ),
]
Details = Annotated[str | None, typer.Option(help="The clinical question, in words; it is sealed.")]
Urgent = Annotated[
    bool | None,
    typer.Option("--urgent/--not-urgent", help="Whether it is urgent; every target is shorter then."),
]
Declined = Annotated[
    bool | None,
    typer.Option(
        "--predisposition-declined/--predisposition-told",
        help="Whether the patient wants no inherited risk told but what bears on treatment.",
    ),
]


@app.command()
def receive(
    form: Form = None,
    patient: Patient = None,
    specimen: Specimen = None,
    received: Day = None,
    requester: Requester = None,
    tumour: Tumour = None,
    birth_year: BirthYear = None,
    sex: Sex = None,
    sample_type: SampleType = None,
    details: Details = None,
    urgent: Urgent = None,
    declined: Declined = None,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Register a specimen that came in, under a new number.

    An option wins over the file's key.
    """
    from presis.cli.desk import Desk
    from presis.cli.requisition_acts import receive_one
    from presis.cli.who import Who

    options = {
        "patient": patient,
        "specimen": specimen,
        "received": received,
        "requester": requester,
        "tumour": tumour,
        "birth_year": birth_year,
        "sex": sex,
        "sample_type": sample_type,
        "details": details,
        "urgent": _tick(urgent),
        "predisposition_declined": _tick(declined),
    }
    receive_one(Desk.of(Who(record, actor), as_json=json), form, options)


@app.command()
def correct(
    number: Number,
    form: Form = None,
    specimen: Specimen = None,
    requester: Requester = None,
    tumour: Tumour = None,
    birth_year: BirthYear = None,
    sex: Sex = None,
    sample_type: SampleType = None,
    details: Details = None,
    urgent: Urgent = None,
    declined: Declined = None,
    seen: Seen = None,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Put a requisition right: a wrong code, a patient's wish.

    What isn't told stays. In review its files are read again by what it says then. Whose specimen it is can't
    be put right: that is another requisition.
    """
    from presis.cli.desk import Desk
    from presis.cli.requisition_acts import correct_one
    from presis.cli.who import Who

    options = {
        "specimen": specimen,
        "requester": requester,
        "tumour": tumour,
        "birth_year": birth_year,
        "sex": sex,
        "sample_type": sample_type,
        "details": details,
        "urgent": _tick(urgent),
        "predisposition_declined": _tick(declined),
    }
    correct_one(Desk.of(Who(record, actor), as_json=json), number, seen, form, options)


def _tick(given: bool | None) -> str | None:
    return None if given is None else "yes" if given else ""


@app.command()
def material(
    number: Number,
    adequate: Annotated[
        bool, typer.Option("--adequate/--inadequate", help="Whether the material is adequate.")
    ],
    cells: Annotated[
        str | None, typer.Option(help="The share of tumour cells in per cent, such as 60.", metavar="PERCENT")
    ] = None,
    note: Note = None,
    seen: Seen = None,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Assess the material: adequate or not, and its tumour cells."""
    from presis.cli.desk import Desk
    from presis.cli.requisition_acts import assess_one
    from presis.cli.who import Who

    desk = Desk.of(Who(record, actor), as_json=json)
    assess_one(desk, number, seen, adequate=adequate, cells=cells, note=note)


@app.command()
def step(
    number: Number,
    done: Annotated[str, typer.Argument(metavar="STEP", help="extracted, library or sequenced.")],
    seen: Seen = None,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Say that a step at the bench was done today.

    A step that is passed over stays unnoted.
    """
    from presis.cli.desk import Desk
    from presis.cli.requisition_acts import take_one_step
    from presis.cli.who import Who

    take_one_step(Desk.of(Who(record, actor), as_json=json), number, seen, done)


@app.command()
def repeat(
    number: Number,
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="extraction, library, sequencing or new-tissue.")
    ],
    note: Note = None,
    seen: Seen = None,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Ask that something be done again.

    The requisition goes back to the state before it.
    """
    from presis.cli.desk import Desk
    from presis.cli.requisition_acts import repeat_one
    from presis.cli.who import Who

    repeat_one(Desk.of(Who(record, actor), as_json=json), number, seen, what, note)


@app.command()
def cancel(
    number: Number,
    reason: Annotated[str | None, typer.Option(help="Why it is called off; it is sealed.")] = None,
    seen: Seen = None,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Call a requisition off."""
    from presis.cli.desk import Desk
    from presis.cli.requisition_acts import cancel_one
    from presis.cli.who import Who

    cancel_one(Desk.of(Who(record, actor), as_json=json), number, seen, reason)


@app.command()
def read(
    number: Number,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="The panel's files, or a folder of them.", show_default=False),
    ],
    sample: Annotated[
        str | None, typer.Option(help="Which sample, if the files hold several.", metavar="ID")
    ] = None,
    seen: Seen = None,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """Take a specimen's panel files in, whole or not at all.

    Says what came of reading them. They are kept sealed, without other patients' rows and columns; the
    review begins anew.
    """
    from presis.cli.desk import Desk
    from presis.cli.requisition_read import read_files
    from presis.cli.who import Who

    read_files(Desk.of(Who(record, actor), as_json=json), number, seen, files, sample)


@app.command("list")
def list_(
    tab: Annotated[
        str | None,
        typer.Option(
            "--tab",
            help="mine, bench, review, to-sign, signed, cancelled or all; else what waits for your role.",
        ),
    ] = None,
    search: Annotated[
        str | None, typer.Option(help="A part of a number, specimen or tumour code.", metavar="TEXT")
    ] = None,
    sort: Annotated[str, typer.Option(help="oldest (urgent first), newest or number.")] = "oldest",
    first: Annotated[int, typer.Option("--from", min=1, help="Begin with this row; fifty are shown.")] = 1,
    record: Record = None,
    actor: As = None,
    json: Json = False,
) -> None:
    """List requisitions: which needs whom, oldest first.

    Says how long each has waited since its last step, and by how many days that is over the target of
    the next.
    """
    from presis.cli.desk import Desk
    from presis.cli.requisition_view import show_list
    from presis.cli.who import Who

    show_list(Desk.of(Who(record, actor), as_json=json), tab, search or "", sort, first)


@app.command()
def show(number: Number, record: Record = None, actor: As = None, json: Json = False) -> None:
    """Show where a requisition stands, and what can be done now.

    With the days of each step against its target, and what came of reading the panel's files.
    """
    from presis.cli.desk import Desk
    from presis.cli.requisition_view import show_one
    from presis.cli.who import Who

    show_one(Desk.of(Who(record, actor), as_json=json), number)
