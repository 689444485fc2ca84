"""Signatures: who stood by which content, when, in what role, and meaning what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from presis.governance.roles import Role
from presis.record import Actor, Refusal

#: The roles that may sign. What each may sign is the access table's to say.
SIGNING_ROLES = (Role.MOLECULAR_PATHOLOGIST, Role.ONCOLOGIST)


class Meaning(StrEnum):
    """What a signature says: this is my report, or this is what I change in a signed one."""

    SIGNED = "signed"
    AMENDED = "amended"


class Signature(BaseModel):
    """A signature over the SHA-256 of a content, in hexadecimal; part of the fact that records it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: str
    role: Role
    organisation: str
    signed_at: AwareDatetime
    content_hash: str = Field(pattern="^[0-9a-f]{64}$")
    meaning: Meaning

    def covers(self, content_hash: str) -> bool:
        """Whether the signature is over exactly this content."""
        return self.content_hash == content_hash


def sign(actor: Actor, content_hash: str, meaning: Meaning, now: datetime) -> Signature | Refusal:
    """The actor's signature over a content, or a refusal if nobody signs in that role."""
    if actor.role not in SIGNING_ROLES:
        return Refusal(
            code="role-may-not-sign",
            rule="governance/signing-roles",
            found=actor.role,
            accepted=", ".join(SIGNING_ROLES),
            message=f"a {actor.role.replace('_', ' ')} doesn't sign; ask a colleague who does.",
        )
    return Signature(
        person=actor.person,
        role=Role(actor.role),
        organisation=actor.organisation,
        signed_at=now,
        content_hash=content_hash,
        meaning=meaning,
    )
