"""Errors that a person can cause: one sentence, where it is, and what to do.

Every room raises `BadInput` for input that it can't use; the command line turns it into one
sentence and exit code 2, `--json` and the API into the same object (RFC 9457).
A command that is refused for a reason of the field is a `Refusal`, a value and no exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit code means."""

    DONE = 0
    BAD_INPUT = 2
    REFUSED = 3
    CONFLICT = 4


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a fault: file, 1-based line and column, field or path inside the document."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        parts = []
        if self.file is not None:
            parts.append(self.file)
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        if self.field is not None:
            parts.append(f"field {self.field}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault as data: `{code, where, found, accepted, message}`.

    `message` speaks to the command line. A page has its own sentence of the code in the reader's
    language, filled from `found`, `accepted` and `values`.
    """

    code: str
    message: str
    where: Where = Where()
    found: str | None = None
    accepted: str | None = None
    values: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        place = str(self.where)
        return f"{place}: {self.message}" if place else self.message

    def to_json(self) -> dict[str, object]:
        """The object that `--json` and the API return."""
        return {
            "code": self.code,
            "where": {key: value for key, value in asdict(self.where).items() if value is not None},
            "found": self.found,
            "accepted": self.accepted,
            "message": self.message,
        }


class BadInput(Exception):  # noqa: N818 - a word of the house: what was given, not what failed
    """Input that can't be used; carries every problem that was found, at least one."""

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            raise ValueError("BadInput needs at least one problem")
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    @classmethod
    def of(
        cls,
        code: str,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        field: str | None = None,
        found: str | None = None,
        accepted: str | None = None,
        **values: str | int,
    ) -> BadInput:
        """One problem, in the words of the caller; `values` is what a page's sentence needs beside."""
        return cls(Problem(code, message, Where(file, line, None, field), found, accepted, values))
