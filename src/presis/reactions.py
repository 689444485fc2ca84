"""Reactions: a fact here, so a command there.

They run after the commit, again at start-up and by `presis react`, each from its stored position in the
record's order. The id of a reaction's command is derived from the fact's position and the reaction's
name, so running one again does nothing. A refused command becomes a task that a person sees. A reaction
that fails stops at that fact, and says so, until it succeeds there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from presis.application import Application, Outcome
from presis.governance.facts import TaskRaised
from presis.governance.roles import SYSTEM
from presis.governance.tasks import RaiseTask
from presis.record import Command, Conflict, Fact, FactModel, Refusal
from presis.record.progress import Progress, advance, progress, stop

#: The name space of derived command ids.
NAMESPACE = UUID("6b0d2c0e-5a53-5c0a-9b6e-2f0a6f6d3c11")
#: How many facts are seen before the positions are stored.
PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What follows a fact of these kinds: a command with the given id, or None if nothing does.

    A correction is a fact too: its `corrects` is set, and `command` decides whether it matters. The name
    is stored and never changes; a new reaction begins at the first fact of the record.
    """

    name: str
    on: tuple[type[FactModel], ...]
    command: Callable[[Fact[Any], UUID], Command | None]


#: The reactions of the house, in the order in which they run on one fact.
REACTIONS: tuple[Reaction, ...] = ()


@dataclass(frozen=True, slots=True)
class Stopped:
    """A reaction that failed: its name, the position of the fact, and what went wrong."""

    name: str
    position: int
    problem: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did: commands done, tasks raised, and the reactions that stopped."""

    done: int
    tasks: int
    stopped: tuple[Stopped, ...]


def command_id(position: int, reaction: str) -> UUID:
    """The id of the command that a reaction gives for the fact at a position."""
    return uuid5(NAMESPACE, f"{position}/{reaction}")


def react(application: Application, reactions: Sequence[Reaction] | None = None) -> Report:
    """Run what is due, up to the end of the record, what the reactions themselves write included.

    Raises:
        BadInput: if the record itself can't be read or written.

    """
    chosen = REACTIONS if reactions is None else reactions
    database = application.record.database
    stored = progress(database)
    run = _Run(
        application, chosen, {each.name: stored.get(each.name, Progress()).position for each in chosen}
    )
    while run.going:
        after = min(run.positions[reaction.name] for reaction in run.going)
        page = list(islice(application.record.facts(after), PAGE))
        if not page:
            break
        for fact in page:
            for reaction in tuple(run.going):
                run.one(reaction, fact)
        going = [reaction.name for reaction in run.going]
        advance(database, going, page[-1].position)
    return Report(run.done, run.tasks, tuple(run.stopped))


class _Run:
    """One run: where each reaction is, and what has been done so far."""

    def __init__(
        self, application: Application, reactions: Sequence[Reaction], positions: dict[str, int]
    ) -> None:
        self.application = application
        self.going = list(reactions)
        self.positions = positions
        self.done = 0
        self.tasks = 0
        self.stopped: list[Stopped] = []

    def one(self, reaction: Reaction, fact: Fact[Any]) -> None:
        """Let a reaction see a fact, once; if it fails, it stops there."""
        if fact.position <= self.positions[reaction.name]:
            return
        problem = None
        if isinstance(fact.payload, reaction.on):
            try:
                problem = self._perform(reaction, fact)
            except Exception as error:  # noqa: BLE001 - whatever it was, it is stored and shown, and stops this reaction
                problem = f"{type(error).__name__}: {error}"
        if problem is None:
            self.positions[reaction.name] = fact.position
            return
        self.going.remove(reaction)
        self.stopped.append(Stopped(reaction.name, fact.position, problem))
        advance(self.application.record.database, [reaction.name], fact.position - 1)
        stop(self.application.record.database, reaction.name, fact.position, problem)

    def _perform(self, reaction: Reaction, fact: Fact[Any]) -> str | None:
        """Give the command; what is wrong if neither it nor a task came of it."""
        task = command_id(fact.position, f"{reaction.name}/task")
        if self.application.record.of_command(str(task)):
            return None
        command = reaction.command(fact, command_id(fact.position, reaction.name))
        if command is None:
            return None
        outcome = self.application.execute(command, SYSTEM)
        if isinstance(outcome, Refusal):
            raised = self._raise_task(reaction, fact, outcome, task)
            self.tasks += 1
            return None if isinstance(raised, tuple) else f"the task can't be raised: {raised.message}"
        if isinstance(outcome, Conflict):
            return outcome.message
        self.done += 1
        return None

    def _raise_task(self, reaction: Reaction, fact: Fact[Any], refusal: Refusal, task: UUID) -> Outcome:
        raised = TaskRaised(
            reaction=reaction.name,
            position=fact.position,
            stream=fact.stream,
            organisation=self.application.owner(fact.stream),
            code=refusal.code,
            rule=refusal.rule,
            message=refusal.message,
        )
        return self.application.execute(RaiseTask(id=task, task=raised), SYSTEM)
