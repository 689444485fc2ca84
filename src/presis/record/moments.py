"""A moment as people write it: a position of the record, a day, or a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from presis.errors import BadInput
from presis.record.fact import Moment


def parse_moment(text: str | None) -> Moment:
    """A position (`1042`), a day to its end in UTC (`2026-11-24`), or a time with its zone; None is now.

    Raises:
        BadInput: if it is none of them.

    """
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment
    except ValueError:
        pass
    raise BadInput.of(
        "moment-malformed",
        f"{text!r} isn't a moment; write a position (1042), a day (2026-11-24) or a time with its zone "
        "(2026-11-24T10:00+01:00).",
        field="--known-at",
        found=text,
        accepted="POSITION, YYYY-MM-DD or YYYY-MM-DDTHH:MM+HH:MM",
    )
