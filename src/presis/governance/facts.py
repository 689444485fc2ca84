"""What governance records: tasks that wait for a person, patients, and days of the access log."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from presis.record import FactModel

_HASH = r"^[0-9a-f]{64}$"


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


class PatientRegistered(FactModel):
    """A patient is known to the house; `identity` is the hash of what is sealed of who it is."""

    kind: ClassVar[str] = "governance.patient-registered/1"

    identity: str = Field(pattern=_HASH)


class IdentityIndexed(FactModel):
    """The blind index that names the stream leads to a patient."""

    kind: ClassVar[str] = "governance.identity-indexed/1"

    patient: str


class AccessDaySealed(FactModel):
    """A day (UTC) of the access log is over: how many rows it had, and the SHA-256 of them."""

    kind: ClassVar[str] = "governance.access-day-sealed/1"

    day: str
    rows: int
    sha256: str = Field(pattern=_HASH)


GovernanceFact = TaskRaised | TaskClosed
