"""How far a permission reaches: one object that answers for a subject and for a list alike."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from presis.record import Actor, Subject

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


class Scope(StrEnum):
    """`own-organisation`: what belongs to the organisation that the actor acts for; `any`: everything."""

    OWN_ORGANISATION = "own-organisation"
    ANY = "any"

    def allows(self, actor: Actor, subject: Subject) -> bool:
        """Whether a subject lies within the scope for an actor."""
        match self:
            case Scope.ANY:
                return True
            case Scope.OWN_ORGANISATION:
                return subject.organisation == actor.organisation
            case _:
                assert_never(self)

    def condition(self, actor: Actor, organisation: ColumnElement[Any]) -> ColumnElement[bool]:
        """The same answer as a condition on a view's column of organisations."""
        import sqlalchemy as sa

        match self:
            case Scope.ANY:
                return sa.true()
            case Scope.OWN_ORGANISATION:
                return sa.and_(organisation.is_not(None), organisation == actor.organisation)
            case _:
                assert_never(self)
