"""How this room says no."""

from __future__ import annotations

from presis.record import Refusal


def refusal(code: str, *, found: str, accepted: str, message: str) -> Refusal:
    """A no of this room: its code, what was found, what would be accepted, and one sentence."""
    return Refusal(code=code, rule=f"diagnostics/{code}", found=found, accepted=accepted, message=message)
