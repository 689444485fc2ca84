"""`presis rules`: rules of eligibility, checked before they are used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def rules() -> None:
    """Check rules of eligibility."""


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
    from presis.matching.option_forms import OPTIONS, read_options
    from presis.matching.rule_checks import check_options
    from presis.matching.rule_reading import shipped_named

    known = known_of(load_library())
    options = read_options(paths or [OPTIONS], known, shipped_named(known))
    faults, remarks = check_options(options, known)
    if faults:
        raise BadInput(*faults)
    if json:
        print_json({"options": len(options), "remarks": [each.to_json() for each in remarks]})
        return
    for each in remarks:
        print(each)
    print(f"{len(options)} options checked: no fault.")
