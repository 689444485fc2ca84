"""What governance records: tasks that wait for a person."""

from __future__ import annotations

from typing import ClassVar

from presis.record import FactModel


class TaskRaised(FactModel):
    """Something that Presis couldn't do by itself waits for a person.

    It is a person of the `organisation` whose the stream of the fact is; if that is nobody's, one whose
    scope is any. `position` is the fact that called for it, `reaction` what was to follow; `code` and
    `message` say why it was refused.
    """

    kind: ClassVar[str] = "governance.task-raised/1"

    reaction: str
    position: int
    stream: str
    organisation: str | None
    code: str
    rule: str
    message: str


class TaskClosed(FactModel):
    """A person has dealt with the task; what was done is the fact's reason."""

    kind: ClassVar[str] = "governance.task-closed/1"


GovernanceFact = TaskRaised | TaskClosed
