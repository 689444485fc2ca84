"""What governance brings to the house."""

from __future__ import annotations

from presis.governance import tasks
from presis.governance.facts import TaskClosed, TaskRaised
from presis.record import Handling, Room, StreamKind

ROOM = Room(
    name="governance",
    facts=(TaskRaised, TaskClosed),
    streams=(StreamKind(prefix="task", initial=tasks.Task(), apply=tasks.apply, subject=tasks.subject),),
    views=(tasks.TASKS,),
    commands=(
        Handling(command=tasks.RaiseTask, action="raise-task", reads=lambda _: (), decide=tasks.raise_task),
        Handling(
            command=tasks.CloseTask,
            action="close-task",
            reads=lambda command: (command.stream,),
            decide=tasks.close_task,
        ),
    ),
    actions={
        "raise-task": ("new",),
        "show-task": tuple(tasks.TaskState),
        "close-task": tuple(tasks.TaskState),
    },
)
