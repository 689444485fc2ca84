"""Write docs/reference/cli.md from the commands themselves; with --check, say whether it is current.

Usage: python scripts/cli_reference.py [--check].
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

from presis.cli.main import COMMANDS, help_text

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "cli.md"
HEAD = """\
# Command line

Generated from the commands by `scripts/cli_reference.py`; don't edit it by hand.

Every command prints tables for people and, with `--json`, one JSON document for programs. Exit codes:
0 done, 2 bad input, 3 refused, 4 conflict ([errors and exit codes](errors.md)). The variables that
stand in for options are listed under [settings](settings.md).
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, "```text", help_text(), "```", ""]
    for name, (module, line) in COMMANDS.items():
        parts += [f"## presis {name}", ""]
        group = typer.main.get_command(import_module(module).app)
        commands: dict[str, Any] = getattr(group, "commands", {})
        if commands:
            parts += [line, ""]
        for each in sorted(commands):
            parts += [f"### presis {name} {each}", "", *section(f"presis {name} {each}", commands[each])]
        if not commands:
            parts += section(f"presis {name}", group)
    return "\n".join(parts).rstrip() + "\n"


def section(call: str, command: Any) -> Iterator[str]:
    """What one command does, how it is called, and each of its arguments and options."""
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option"]
    needed = [f"{flag(each)} {value_of(each)}" for each in options if each.required]
    usage = [call, *(value_of(each) for each in arguments), *needed, "[OPTIONS]" if options else ""]
    yield from [said(command.help), "", "```text", " ".join(filter(None, usage)), "```", ""]
    yield from table("Argument", [(value_of(each), explained(each)) for each in arguments])
    yield from table(
        "Option", [(f"{flag(each)} {value_of(each)}".strip(), explained(each)) for each in options]
    )


def table(head: str, rows: list[tuple[str, str]]) -> Iterator[str]:
    """A table of names and what they mean; nothing for no rows."""
    if not rows:
        return
    yield from [f"| {head} | What it is |", "|---|---|"]
    for name, text in rows:
        yield f"| `{name}` | {text} |".replace("POSITION|STREAM", r"POSITION\|STREAM")
    yield ""


def flag(parameter: Any) -> str:
    """An option's name as it is typed."""
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


def value_of(parameter: Any) -> str:
    """The word for an option's or argument's value; nothing for a switch."""
    if getattr(parameter, "is_flag", False):
        return ""
    return str(parameter.metavar or parameter.name.upper().replace("_", "-"))


def explained(parameter: Any) -> str:
    """The help of one argument or option, with what holds where it is left out."""
    text = said(parameter.help)
    if parameter.required and parameter.param_type_name == "option":
        return f"{text} Required."
    default = parameter.default
    if default in (None, False, ()) or callable(default):
        return text
    return f"{text} Default: `{default}`."


def said(text: str | None) -> str:
    """A help text on one line, as Markdown; an empty one fails."""
    if not (text or "").strip():
        raise SystemExit("cli_reference: a command, argument or option has no help text; write one.")
    return " ".join(str(text).split()).replace("|", r"\|").replace("<", "&lt;")


def main(arguments: list[str]) -> int:
    """Write the page, or check it; the exit code."""
    made = page()
    if "--check" not in arguments:
        PAGE.write_text(made, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != made:
        print(
            "docs/reference/cli.md differs from the commands; run `python scripts/cli_reference.py`.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
