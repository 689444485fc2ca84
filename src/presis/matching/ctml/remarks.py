"""What was noticed while reading: errors, which stop the run together, and warnings, which are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from presis.errors import BadInput, Problem, Where


class Mode(StrEnum):
    """`ctml` answers as MatchEngine does; `strict` says unknown where data is missing."""

    CTML = "ctml"
    STRICT = "strict"


@dataclass(slots=True)
class Remarks:
    """Collects problems. A fault can't be meant, but MatchEngine runs with it: an error only if strict."""

    mode: Mode
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def error(self, code: str, message: str, where: Where, found: object = None) -> None:
        """Note what can't be used in either mode."""
        self.errors.append(_problem(code, message, where, found))

    def fault(self, code: str, message: str, where: Where, found: object = None) -> None:
        """Note what is an error if strict, else a warning."""
        kept = self.errors if self.mode is Mode.STRICT else self.warnings
        kept.append(_problem(code, message, where, found))

    def warn(self, code: str, message: str, where: Where, found: object = None) -> None:
        """Note what is done otherwise than a reader might think."""
        self.warnings.append(_problem(code, message, where, found))

    def stop(self) -> None:
        """Raise `BadInput` with every error, if there is one."""
        if self.errors:
            raise BadInput(*self.errors)


def _problem(code: str, message: str, where: Where, found: object) -> Problem:
    return Problem(f"ctml.{code}", message, where, None if found is None else repr(found)[:80])
