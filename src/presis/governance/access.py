"""The access table: which role may do what, to a subject in which state, within which scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from presis.errors import BadInput, Problem
from presis.governance.actors import programme_file
from presis.governance.documents import Document
from presis.governance.roles import Role
from presis.governance.scopes import Scope
from presis.record import Actor, Refusal, Room, Subject

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


class AccessRow(BaseModel):
    """One row: the role may do the action to subjects in these states (`any`: in all) within the scope."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    action: str
    state: tuple[str, ...] | Literal["any"]
    scope: Scope

    def covers(self, state: str) -> bool:
        """Whether a state is among the row's."""
        return self.state == "any" or state in self.state


class AccessFile(BaseModel):
    """A file `access/ROOM.yaml`: the rows of one room."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    room: str
    rows: tuple[AccessRow, ...]


class AccessTable:
    """All rows of all rooms. Who has no row is refused, and learns nothing of what there is."""

    def __init__(self, rows: Iterable[AccessRow]) -> None:
        self.rows = tuple(rows)

    def may_ever(self, actor: Actor, action: str) -> Refusal | None:
        """A refusal if the actor's role has no row for the action at all; says nothing of any subject."""
        roles = sorted({row.role.value for row in self.rows if row.action == action})
        if actor.role in roles:
            return None
        return Refusal(
            code="role-not-allowed",
            rule=f"access/{action}",
            found=actor.role,
            accepted=", ".join(roles),
            message=f"as {_words(actor.role)} one may not {_deed(action)}; it takes {_listed(roles)}.",
        )

    def authorise(self, actor: Actor, action: str, subject: Subject | None) -> Refusal | None:
        """None if the actor may; a subject that isn't there and one that is forbidden look the same."""
        if refusal := self.may_ever(actor, action):
            return refusal
        if subject is not None:
            for row in self._rows_for(actor, action):
                if row.covers(subject.state) and row.scope.allows(actor, subject):
                    return None
        return self.stranger(action)

    def stranger(self, action: str) -> Refusal:
        """The one refusal for what is unknown, elsewhere, or not in a state for the action."""
        return Refusal(
            code="not-yours",
            rule=f"access/{action}",
            found="nothing that you may do this to",
            accepted="a subject in your scope, in a state that allows it",
            message=f"you may not {_deed(action)} of this name, or there is none; look at the id.",
        )

    def condition(
        self,
        actor: Actor,
        action: str,
        state: ColumnElement[Any],
        organisation: ColumnElement[Any],
        requester: ColumnElement[Any] | None = None,
    ) -> ColumnElement[bool]:
        """`authorise` for a list: the SQL condition on a view's columns of states and organisations.

        `requester` is its column of who asked; None where the view has none.
        """
        import sqlalchemy as sa

        allowed = [
            row.scope.condition(actor, organisation, requester)
            if row.state == "any"
            else sa.and_(state.in_(row.state), row.scope.condition(actor, organisation, requester))
            for row in self._rows_for(actor, action)
        ]
        return sa.or_(sa.false(), *allowed)

    def _rows_for(self, actor: Actor, action: str) -> Iterator[AccessRow]:
        return (row for row in self.rows if row.action == action and row.role == actor.role)


def load_access(rooms: Iterable[Room], folder: Path | None = None) -> AccessTable:
    """The access table of the rooms, from `ROOM.yaml` in a folder; by default the worked programme's.

    A room without actions has no file.

    Raises:
        BadInput: with every fault of every file, checked against the rooms' own words.

    """
    folder = folder or programme_file("access")
    rows: list[AccessRow] = []
    problems: list[Problem] = []
    for room in rooms:
        if not room.actions:
            continue
        try:
            document = Document(folder / f"{room.name}.yaml")
            content = document.parse(AccessFile)
        except BadInput as error:
            problems += error.problems
            continue
        problems += _faults(document, content, room)
        rows += content.rows
    if problems:
        raise BadInput(*problems)
    return AccessTable(rows)


def _faults(document: Document, content: AccessFile, room: Room) -> Iterator[Problem]:
    if content.room != room.name:
        yield document.problem(
            "room-unknown",
            ("room",),
            "the file is named for another room.",
            found=content.room,
            accepted=room.name,
        )
    for index, row in enumerate(content.rows):
        if row.action not in room.actions:
            yield document.problem(
                "action-unknown",
                ("rows", index, "action"),
                f"the {room.name} room has no such action; use one of its words.",
                found=row.action,
                accepted=", ".join(room.actions),
            )
        elif row.state != "any":
            for number, state in enumerate(row.state):
                if state not in room.actions[row.action]:
                    yield document.problem(
                        "state-unknown",
                        ("rows", index, "state", number),
                        f"{row.action} knows no such state; use one of its words or any.",
                        found=state,
                        accepted=", ".join(room.actions[row.action]),
                    )
    given = {row.action for row in content.rows}
    for action in room.actions:
        if action not in given:
            yield document.problem(
                "action-unused", ("rows",), f"no row says who may {action}; add one.", accepted=action
            )


def _deed(action: str) -> str:
    """`sign-report` as "sign a report"."""
    verb, _, thing = action.partition("-")
    return f"{verb} a {_words(thing)}" if thing else verb


def _words(code: str) -> str:
    return code.replace("_", " ").replace("-", " ")


def _listed(codes: list[str]) -> str:
    if not codes:
        return "a row in the access table, and there is none"
    return " or ".join(_words(code) for code in codes)
