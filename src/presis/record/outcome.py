"""What a command may come to besides facts: a refusal or a conflict. Values, not exceptions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from presis.record.fact import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A no of the field: its code, the rule that said it, what was found, what would be accepted."""

    code: str
    rule: str
    found: str
    accepted: str
    message: str

    def to_json(self) -> dict[str, str]:
        """The object that `--json` and the API return."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Somebody wrote first: the stream, the version expected, the version found, and what came since."""

    stream: str
    expected: int
    found: int
    since: tuple[Fact[Any], ...] = ()

    @property
    def message(self) -> str:
        """One sentence for a person."""
        return (
            f"{self.stream} has changed: version {self.expected} was expected and {self.found} found; "
            "read it again and decide anew."
        )

    def to_json(self) -> dict[str, Any]:
        """The object that `--json` and the API return."""
        return {
            "code": "conflict",
            "stream": self.stream,
            "expected": self.expected,
            "found": self.found,
            "since": [fact.position for fact in self.since],
            "message": self.message,
        }
