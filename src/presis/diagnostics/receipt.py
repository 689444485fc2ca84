"""The day on which a specimen came in: not ahead, not long ago, and not before the patient was born."""

from __future__ import annotations

from datetime import date, timedelta

from presis.diagnostics.laboratories import laboratories
from presis.diagnostics.refusals import refusal
from presis.record import Refusal


def refused_receipt(received: str, birth_year: int | None, today: date) -> Refusal | None:
    """The refusal of a day (ISO) that can't be the one of receipt; None where it can be."""
    if received > today.isoformat():
        return refusal(
            "received-ahead",
            found=received,
            accepted=f"a day to {today}",
            message=f"{received} is yet to come; give the day on which the specimen came in.",
        )
    first = today - timedelta(days=laboratories().receipt_within_days)
    if received < first.isoformat():
        return refusal(
            "received-long-ago",
            found=received,
            accepted=f"{first} to {today}",
            message=f"{received} is too long ago; give a day from {first} to {today}.",
        )
    return before_birth(received, birth_year)


def before_birth(received: str, birth_year: int | None) -> Refusal | None:
    """The refusal of a day before the year of birth; None where either isn't known or they agree."""
    if birth_year is None or received >= f"{birth_year:04d}":
        return None
    return refusal(
        "received-before-birth",
        found=str(birth_year),
        accepted=f"a year of birth to {received[:4]}",
        message=f"the specimen came in on {received}, before the year of birth, {birth_year}; "
        "mend the one that is wrong.",
    )
