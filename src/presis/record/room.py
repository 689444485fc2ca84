"""What a room brings to the house: its facts, streams, views, commands and the words of its access."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from presis.record.command import Handling, Subject
from presis.record.fact import Fact
from presis.record.fold import fold
from presis.record.numbers import NumberTaken
from presis.record.registry import FactModel, Registry, Upcaster
from presis.record.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamKind:
    """How the streams whose names begin with `prefix` and a hyphen are folded.

    `subject` says what access is asked about, from the state; None if nothing of the kind is guarded.
    """

    prefix: str
    initial: Any
    apply: Callable[[Any, Fact[Any]], Any]
    subject: Callable[[Any], Subject] | None = None

    def fold(self, facts: Iterable[Fact[Any]]) -> Any:
        """The state after a stream's facts."""
        return fold(self.apply, self.initial, facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room's own words, listed; nothing is registered by importing.

    `actions` maps each action to the states in which its subject can be.
    """

    name: str
    facts: tuple[type[FactModel], ...] = ()
    upcasters: Mapping[str, Upcaster] = field(default_factory=dict)
    streams: tuple[StreamKind, ...] = ()
    views: tuple[View, ...] = ()
    commands: tuple[Handling[Any], ...] = ()
    actions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _count(state: int, _fact: Fact[Any]) -> int:
    return state + 1


#: What the record itself brings: the counters.
RECORD_ROOM = Room(
    name="record",
    facts=(NumberTaken,),
    streams=(StreamKind(prefix="counter", initial=0, apply=_count),),
)


def registry_of(rooms: Iterable[Room]) -> Registry:
    """All kinds of fact of the rooms.

    Raises:
        ValueError: if a kind stands twice or is malformed.

    """
    brought = tuple(rooms)
    upcasters = {old: upcaster for room in brought for old, upcaster in room.upcasters.items()}
    return Registry((model for room in brought for model in room.facts), upcasters)
