"""`presis rules`: rules of eligibility, checked before they are used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def rules() -> None:
    """Check rules of eligibility, and see what a change does."""


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH…", help="Files of options, or folders of them; left out: the programme's own."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check options: forms, words, units, contradictions, overlaps; every fault at once.

    A fault leaves with exit code 2, with file and line. Cohorts that overlap are told, and are no fault.
    """
    from presis.cli._shared import print_json
    from presis.errors import BadInput
    from presis.knowledge import load_library
    from presis.matching.known import known_of
    from presis.matching.option_forms import OPTIONS, read_sound
    from presis.matching.rule_checks import check_options
    from presis.matching.rule_reading import shipped_named

    known = known_of(load_library())
    options, unread = read_sound(paths or [OPTIONS], known, shipped_named(known))
    faults, remarks = check_options(options, known)
    if unread or faults:
        raise BadInput(*unread, *faults)
    if json:
        print_json({"options": len(options), "remarks": [each.to_json() for each in remarks]})
        return
    for each in remarks:
        print(each)
    print(f"{len(options)} options checked: no fault.")


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Options as they are: a file, or a folder.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Options as they are to be.")],
    cut: Annotated[Path, typer.Option(help="The folder of a data cut.", metavar="DIR")],
    at: Annotated[
        str | None, typer.Option(help="The day that is asked about. Left out: today.", metavar="DATE")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show what a change of rules does to a nation, before it is made.

    Of each option that is new, gone or has another rule: who becomes eligible, excluded or unknown.
    """
    from presis.cli.match_bulk import rules_diff

    rules_diff(old, new, cut, at, as_json=json)
