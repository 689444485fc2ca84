"""Run the console examples of a page, and compare what is shown with what is printed.

A block fenced as `console` holds commands after `$ ` and their output. A page's blocks run from top to
bottom in one new folder. A command without output shown is run, and its output is free. `…` stands for
anything: within a line, or as a line of its own for any number of lines. Hashes and the year in a
report's or requisition's number differ from day to day and version to version: they are learnt from the output, and put
into the commands that follow, as a reader would.

Usage: python tests/docs/console.py PAGE… writes the output anew, where it holds no `…`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from presis.record.sealing import make_master_key

REPO = Path(__file__).parents[2]
FENCE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VARYING = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{16})(?![0-9a-f])|\b[QR]-[0-9]{4}\b")


@dataclass
class Example:
    """A command and the lines shown under it."""

    command: str
    shown: list[str] = field(default_factory=list)


def examples(text: str) -> list[list[Example]]:
    """The examples of a page, block by block."""
    return [list(_of_block(match[1].splitlines())) for match in FENCE.finditer(text)]


def _of_block(lines: list[str]) -> Iterator[Example]:
    current: Example | None = None
    for line in lines:
        if line.startswith("$ "):
            if current:
                yield current
            current = Example(line[2:])
        elif current is None:
            raise ValueError(f"output without a command: {line}")
        elif current.command.endswith("\\") and not current.shown:
            current.command += f"\n{line}"
        else:
            current.shown.append(line)
    if current:
        yield current


class Session:
    """One reader at one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.learnt: dict[str, str] = {}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PRESIS_")}
        kept.pop("COLUMNS", None)
        path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
        key = folder.parent / f"{folder.name}-keys" / "master.key"
        if not key.exists():
            key.parent.mkdir(exist_ok=True)
            make_master_key(key, os.urandom)
        self.environment = {
            **kept,
            "PATH": path,
            "LC_ALL": "C.UTF-8",
            "PRESIS_KEYS": str(key),
            "CHECKOUT": str(REPO),
        }

    def run(self, example: Example, *, strict: bool = True) -> list[str]:
        """What the command prints, its errors included, lines without trailing spaces."""
        done = subprocess.run(
            ["bash", "-c", self.actual(example.command)],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if "Traceback" in done.stdout:
            raise AssertionError(f"{example.command}\n{done.stdout}")
        if strict and done.returncode and not any(line.startswith("presis") for line in example.shown):
            raise AssertionError(f"{example.command}\nleft with {done.returncode}:\n{done.stdout}")
        return [line.rstrip() for line in done.stdout.rstrip().split("\n")]

    def actual(self, text: str) -> str:
        """A text with what was learnt in it."""
        return VARYING.sub(lambda match: self._actual(match[0]), text)

    def learn(self, shown: list[str], printed: list[str]) -> None:
        """Learn what varies by its order alone, where the words around it have changed."""
        names, values = (VARYING.findall("\n".join(lines)) for lines in (shown, printed))
        if len(names) == len(values):
            self.learnt |= dict(zip(names, values, strict=True))

    def _actual(self, shown: str) -> str:
        if shown in self.learnt:
            return self.learnt[shown]
        longer = (actual[: len(shown)] for known, actual in self.learnt.items() if known.startswith(shown))
        return next(longer, shown)

    def agrees(self, shown: list[str], printed: list[str]) -> bool:
        """Whether what is shown is what was printed; learns what varies."""
        match = re.fullmatch(_pattern(shown), "\n".join(printed))
        if match is None:
            return False
        names = [each[0] for each in VARYING.finditer("\n".join(shown))]
        for name, actual in zip(names, match.groups(), strict=True):
            if self.learnt.setdefault(name, actual) != actual:
                return False
        return True


def _pattern(shown: list[str]) -> str:
    parts = []
    for line in shown:
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
            continue
        parts.append(f"{_line(line.rstrip())}\n")
    whole = "".join(parts)
    return whole.removesuffix("\n") if not whole.endswith(r"(?:.*\n)*?") else f"{whole}.*"


def _line(line: str) -> str:
    out, place = [], 0
    for match in VARYING.finditer(line):
        out += [_free(line[place : match.start()]), f"({_shape(match[0])})"]
        place = match.end()
    return "".join([*out, _free(line[place:])])


def _shape(varying: str) -> str:
    return rf"{varying[0]}-[0-9]{{4}}" if varying[1] == "-" else f"[0-9a-f]{{{len(varying)}}}"


def _free(text: str) -> str:
    return ".*?".join(re.escape(part) for part in text.split("…"))


def differences(page: Path, folder: Path) -> list[str]:
    """Every example of a page whose output isn't the one shown."""
    session = Session(folder)
    found = []
    for block in examples(page.read_text(encoding="utf-8")):
        for example in block:
            printed = session.run(example)
            if example.shown and not session.agrees(example.shown, printed):
                found.append("\n".join([f"$ {example.command}", *printed, "--- is shown as", *example.shown]))
    return found


def rewrite(page: Path, folder: Path) -> None:
    """Write the output of a page's examples anew."""
    session = Session(folder)
    text = page.read_text(encoding="utf-8")

    def renewed(match: re.Match[str]) -> str:
        lines = []
        for example in _of_block(match[1].splitlines()):
            printed = session.run(example, strict=False)
            free = any("…" in line for line in example.shown)
            if not example.shown or session.agrees(example.shown, printed):
                written = example.shown if free else printed if example.shown else []
            elif free:
                sys.stderr.write(f"{page}: mend by hand:\n$ {example.command}\n" + "\n".join(printed) + "\n")
                written = example.shown
            else:
                session.learn(example.shown, printed)
                written = printed
            lines += [f"$ {session.actual(example.command)}", *map(session.actual, written)]
        return "```console\n" + "\n".join(lines) + "\n```"

    page.write_text(FENCE.sub(renewed, text), encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "reader"
            folder.mkdir()
            rewrite(Path(name), folder)
