"""How this room says no."""

from __future__ import annotations

from collections.abc import Sequence

from presis.record import Refusal


def refusal(code: str, *, found: str, accepted: str, message: str) -> Refusal:
    """A no of this room: its code, what was found, what would be accepted, and one sentence."""
    return Refusal(code=code, rule=f"diagnostics/{code}", found=found, accepted=accepted, message=message)


def identity_mismatch(stops: Sequence[str]) -> Refusal:
    """No report may be made or signed of data that may be another's: every mismatch, in words."""
    told = "; ".join(stops)
    return refusal(
        "identity-mismatch",
        found=told,
        accepted="data of one patient, this one",
        message=f"the data may not be this patient's ({told}); see that files and specimen belong "
        "together: ask for a repeat if they don't, and answer for it, where that can be done, if they do.",
    )
