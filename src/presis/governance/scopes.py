"""How far a permission reaches: one object that answers for a subject and for a list alike."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from presis.record import Actor, Subject

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


class Scope(StrEnum):
    """How far a row reaches.

    `own-organisation`: what belongs to the organisation that the actor acts for; `own-request`: what that
    organisation asked for; `any`: everything.
    """

    OWN_ORGANISATION = "own-organisation"
    OWN_REQUEST = "own-request"
    ANY = "any"

    def allows(self, actor: Actor, subject: Subject) -> bool:
        """Whether a subject lies within the scope for an actor."""
        match self:
            case Scope.ANY:
                return True
            case Scope.OWN_ORGANISATION:
                return subject.organisation == actor.organisation
            case Scope.OWN_REQUEST:
                return subject.requester == actor.organisation
            case _:
                assert_never(self)

    def condition(
        self,
        actor: Actor,
        organisation: ColumnElement[Any],
        requester: ColumnElement[Any] | None = None,
    ) -> ColumnElement[bool]:
        """The same answer as a condition on a view's columns of organisations and of who asked."""
        import sqlalchemy as sa

        match self:
            case Scope.ANY:
                return sa.true()
            case Scope.OWN_ORGANISATION:
                return sa.and_(organisation.is_not(None), organisation == actor.organisation)
            case Scope.OWN_REQUEST:
                if requester is None:
                    return sa.false()
                return sa.and_(requester.is_not(None), requester == actor.organisation)
            case _:
                assert_never(self)
