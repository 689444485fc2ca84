"""The root of the command line: it knows names, help lines and modules, and loads what is called.

Exit codes: 0 done, 2 bad input, 3 refused, 4 conflict.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from presis import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from presis.errors import BadInput

#: name: (module with a Typer `app`, one line of help)
COMMANDS: dict[str, tuple[str, str]] = {
    "panel": ("presis.cli.panel", "Read panel files and show the molecular profile."),
    "report": ("presis.cli.report", "Make, register, sign, amend, show and export molecular reports."),
    "requisition": ("presis.cli.requisition", "Receive specimens, move them on, read their panel files."),
    "review": ("presis.cli.review", "Judge findings, conclude a review, sign its report."),
    "variant": ("presis.cli.variant", "Interpret one variant: oncogenicity and actionability."),
    "match": ("presis.cli.match", "Match patients to options, and to trials written in CTML."),
    "options": ("presis.cli.options", "Make options from trials written in CTML."),
    "rules": ("presis.cli.rules", "Check rules of eligibility."),
    "validate": ("presis.cli.validate", "Compare Presis with a laboratory's earlier reports."),
    "knowledge": ("presis.cli.knowledge", "List, verify, build and confirm the knowledge packs."),
    "serve": ("presis.cli.serve", "Serve the web application."),
    "keys": ("presis.cli.keys", "Make the master key under which patients' keys are kept."),
    "record": ("presis.cli.record", "Create, read, verify and rebuild the record."),
    "react": ("presis.cli.react", "Run the reactions that are due."),
}

STATUS = "Not CE-marked: for patients only as an institution's own device (MDR/IVDR article 5(5))."


def help_text() -> str:
    """What `presis --help` prints; made without loading any room."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {line}" for name, (_, line) in COMMANDS.items()]
    return "\n".join(
        [
            f"Presis {__version__}: precision cancer medicine on one record.",
            "",
            "Usage: presis COMMAND [ARGS]…      presis COMMAND --help",
            "",
            *lines,
            "",
            "  --version  Print the version.",
            "",
            STATUS,
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run one command; the exit code. Errors that a person caused are one sentence each."""
    if not arguments or arguments[0] in {"--help", "-h", "help"}:
        print(help_text())
        return 0
    if arguments[0] == "--version":
        print(f"presis {__version__}")
        return 0
    if arguments[0] not in COMMANDS:
        print(f"presis: no command {arguments[0]!r}; use one of {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    return _run_command(arguments[0], arguments[1:])


def _run_command(name: str, arguments: list[str]) -> int:
    from importlib import import_module

    import typer
    from pydantic import ValidationError
    from typer.exceptions import Abort, TyperException

    from presis.errors import BadInput

    module = import_module(COMMANDS[name][0])
    command = typer.main.get_command(module.app)
    try:
        result = command.main(arguments, prog_name=f"presis {name}", standalone_mode=False)
    except BadInput as error:
        _print_bad_input(error, as_json="--json" in arguments)
        return 2
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        print(f"presis {name}: {place}: {fault['msg']}.", file=sys.stderr)
        return 2
    except TyperException as error:
        print(f"presis {name}: {error.format_message()}", file=sys.stderr)
        return 2
    except (Abort, KeyboardInterrupt):
        print("presis: stopped.", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our pipe has left
        sys.stderr.close()
        return 0
    return int(result) if isinstance(result, int) else 0


def _print_bad_input(error: BadInput, *, as_json: bool) -> None:
    import json

    if as_json:
        problems = [problem.to_json() for problem in error.problems]
        print(json.dumps({"problems": problems}, ensure_ascii=False, indent=2), file=sys.stderr)
        return
    for problem in error.problems:
        print(f"presis: {problem}", file=sys.stderr)
