"""Tasks: what a reaction couldn't do, kept until a person has dealt with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from presis.governance.facts import GovernanceFact, TaskClosed, TaskRaised
from presis.record import Actor, Command, Edge, Fact, NewFact, Refusal, Subject, View, fold

if TYPE_CHECKING:
    from presis.governance.access import AccessTable
    from presis.record.store import Record


class TaskState(StrEnum):
    """Open until it is closed; absent before it is raised."""

    ABSENT = "absent"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Task:
    """A task as its facts leave it."""

    state: TaskState = TaskState.ABSENT
    raised: TaskRaised | None = None


class RaiseTask(Command):
    """Put before a person what a reaction was refused. Given by the reactions alone."""

    task: TaskRaised


class CloseTask(Command):
    """Say that a task has been dealt with, and how, as the reason."""

    stream: str


def apply(state: Task, fact: Fact[GovernanceFact]) -> Task:
    """The task after one more fact."""
    match fact.payload:
        case TaskRaised() as raised:
            return Task(TaskState.OPEN, raised)
        case TaskClosed():
            return replace(state, state=TaskState.CLOSED)
        case unreachable:
            assert_never(unreachable)


def subject(state: Task) -> Subject:
    """What access is asked about."""
    return Subject(state.state.value, state.raised.organisation if state.raised else None)


def raise_task(_states: object, command: RaiseTask, edge: Edge) -> Sequence[NewFact]:
    """A new task in a stream of its own."""
    return [NewFact(stream=f"task-{edge.new_id()}", payload=command.task)]


def close_task(_states: object, command: CloseTask, _edge: Edge) -> Sequence[NewFact] | Refusal:
    """The task closed, if the person says what was done."""
    if not command.reason:
        return Refusal(
            code="reason-missing",
            rule="governance/task-closed-with-reason",
            found="no reason",
            accepted="a sentence on what was done",
            message="say what was done about the task, as the reason.",
        )
    return [NewFact(stream=command.stream, payload=TaskClosed())]


def _rows(_stream: str, facts: Sequence[Fact[Any]]) -> Iterable[dict[str, Any]]:
    task = fold(apply, Task(), facts)
    if task.raised is not None:
        yield {"state": task.state.value} | task.raised.model_dump(
            include={"organisation", "reaction", "position", "code", "message"}
        )


TASKS = View(
    name="tasks",
    version=1,
    prefix="task",
    columns={
        "state": str,
        "organisation": str,
        "reaction": str,
        "position": int,
        "code": str,
        "message": str,
    },
    rows=_rows,
)


def open_tasks(record: Record, access: AccessTable, actor: Actor) -> list[dict[str, Any]] | Refusal:
    """The open tasks that the actor may see, as rows of the view, or a refusal."""
    import sqlalchemy as sa

    if refusal := access.may_ever(actor, "show-task"):
        return refusal
    return record.view_rows(
        TASKS.name,
        lambda table: sa.and_(
            table.c.state == TaskState.OPEN.value,
            access.condition(actor, "show-task", table.c.state, table.c.organisation),
        ),
    )
