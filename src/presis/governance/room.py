"""What governance brings to the house."""

from __future__ import annotations

from presis.governance import access_days, patients, tasks
from presis.governance.facts import (
    AccessDaySealed,
    IdentityIndexed,
    PatientRegistered,
    TaskClosed,
    TaskRaised,
)
from presis.record import Handling, Room, StreamKind, Subject

ROOM = Room(
    name="governance",
    facts=(TaskRaised, TaskClosed, PatientRegistered, IdentityIndexed, AccessDaySealed),
    streams=(
        StreamKind(prefix="task", initial=tasks.Task(), apply=tasks.apply, subject=tasks.subject),
        StreamKind(prefix="patient", initial=patients.Patient(), apply=patients.apply),
        StreamKind(prefix="identity", initial=patients.Indexed(), apply=patients.apply_index),
        StreamKind(prefix="accesses", initial=None, apply=access_days.apply),
    ),
    views=(tasks.TASKS,),
    commands=(
        Handling(command=tasks.RaiseTask, action="raise-task", reads=lambda _: (), decide=tasks.raise_task),
        Handling(
            command=tasks.CloseTask,
            action="close-task",
            reads=lambda command: (command.stream,),
            decide=tasks.close_task,
        ),
        Handling(
            command=access_days.SealAccessDay,
            action="seal-access-day",
            reads=lambda command: (access_days.stream_of(command.day),),
            decide=access_days.seal_day,
            subject=lambda _states, _command, actor: Subject("new", actor.organisation),
        ),
    ),
    actions={
        "raise-task": ("new",),
        "seal-access-day": ("new",),
        "show-accesses": ("kept",),
        "show-task": tuple(tasks.TaskState),
        "close-task": tuple(tasks.TaskState),
    },
)
