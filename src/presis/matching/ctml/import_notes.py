"""What is noticed while CTML becomes options: what has no counterpart, and what is stricter than it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from presis.errors import Problem, Where

#: what to do about what has no counterpart
BY_HAND = "take it out here, and complete the option by hand"
#: a rule as the option's YAML has it
Document = dict[str, Any]


@dataclass(slots=True)
class Notes:
    """Faults, which stop the import together; and what the option asks more strictly than the trial."""

    faults: list[Problem] = field(default_factory=list)
    stricter: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class At:
    """A leaf's place, and where to note what is noticed there. `written`: its keys as the trial has them."""

    where: Where
    notes: Notes
    written: Mapping[str, str] = field(default_factory=dict)

    def fault(self, said: str, key: str | None = None, found: object = None) -> None:
        """Note what has no counterpart."""
        self.notes.faults.append(self._problem("ctml.import", said, key, found))

    def stricter(self, said: str, key: str | None = None) -> None:
        """Note what refuses patients whom the trial would take."""
        self.notes.stricter.append(self._problem("ctml.import_stricter", said, key, None))

    def _problem(self, code: str, said: str, key: str | None, found: object) -> Problem:
        inside = f".{self.written.get(key, key)}" if key else ""
        place = Where(file=self.where.file, field=f"{self.where.field}{inside}")
        return Problem(code, said, place, None if found is None else repr(found)[:80])
