"""A command, what its decision is given, and how a room says that it handles one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from presis.record.actor import Actor
from presis.record.fact import NewFact
from presis.record.numbers import NumberTaken, counter_stream
from presis.record.outcome import Refusal
from presis.record.sealing import Vault

C = TypeVar("C", bound="Command")


class Command(BaseModel):
    """What somebody wants done. `id` makes a repeat a no-op.

    `seen` is the version of the first stream that the command reads, as the person saw it when judging;
    a command that carries it is never decided anew behind the person's back.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    seen: int | None = Field(default=None, ge=0)
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What access is asked about: its state, and the organisation whose it is (None: nobody's).

    `requester` is the organisation that asked for it, if any did.
    """

    state: str
    organisation: str | None
    requester: str | None = None


@dataclass(slots=True)
class Edge:
    """What enters a decision from outside: the time (UTC), the actor, new ids and new numbers.

    `taken` and `read` collect the numbers taken, `vault` what is sealed; the application appends and
    expects them.
    """

    now: datetime
    actor: Actor
    new_id: Callable[[], UUID]
    version_of: Callable[[str], int]
    vault: Vault
    taken: list[NewFact] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The date of `now`, in UTC."""
        return self.now.date()

    def next_number(self, kind: str, year: int | None = None) -> int:
        """The next number of a kind, from 1, without gaps; a counter for each year if one is given.

        It is taken when the append succeeds: of two processes that draw the same, one is in conflict.
        """
        stream = counter_stream(kind, year)
        if stream not in self.read:
            self.read[stream] = self.version_of(stream)
        number = self.read[stream] + 1 + sum(fact.stream == stream for fact in self.taken)
        self.taken.append(NewFact(stream=stream, payload=NumberTaken(number=number)))
        return number

    def seal(self, subject: str, content: bytes | str) -> str:
        """Seal what is of a patient, in one transaction with the facts; the ciphertext's SHA-256."""
        return self.vault.seal(subject, content.encode() if isinstance(content, str) else content)

    def index(self, kind: str, text: str) -> str:
        """The blind index of a text, by which it is found again."""
        return self.vault.keys().index(kind, text)


def numbered(kind: str, number: int, year: int | None = None) -> str:
    """An id that people say: `R-2026-0001` with a year, `C-1042` without."""
    return f"{kind}-{number}" if year is None else f"{kind}-{year}-{number:04d}"


#: The folded states by stream, in the order in which the command names the streams.
States = Mapping[str, Any]
Decision = Sequence[NewFact] | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling(Generic[C]):
    """How a room handles one type of command.

    `reads` names the streams, the subject's first; `decide` is the decision. `subject` answers for the
    thing that access is asked about, None if there is none; if it is left out, the first stream's kind
    answers, and a command that reads no stream is about something new in the actor's organisation.
    """

    command: type[C]
    action: str
    reads: Callable[[C], tuple[str, ...]]
    decide: Callable[[States, C, Edge], Decision]
    subject: Callable[[States, C, Actor], Subject | None] | None = None
