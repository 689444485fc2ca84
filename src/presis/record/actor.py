"""Who acts: one person, in one role, for one organisation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, the role the person acts in, and the organisation acted for, as ids."""

    person: str
    role: str
    organisation: str
