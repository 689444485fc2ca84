"""Dates of patient documents: ISO text, a whole number yyyymmdd, or MongoDB's `$date`."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def span(value: object) -> tuple[int, int] | None:
    """The first and last day (yyyymmdd) of a day, a month or a year; nothing if it is no date."""
    if isinstance(value, dict):
        return span(_extended(value.get("$date")))
    if isinstance(value, int) and not isinstance(value, bool):
        return (value, value) if as_date(value) else None
    match = _DAY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    first = year * 10000 + month * 100 + day
    if as_date(first) is None:
        return None
    last_month = month if match[2] else 12
    last_day = day if match[3] else calendar.monthrange(year, last_month)[1]
    return first, year * 10000 + last_month * 100 + last_day


def as_date(number: int) -> date | None:
    """The date of yyyymmdd, if there is such a day."""
    try:
        return date(number // 10000, number // 100 % 100, number % 100)
    except (ValueError, OverflowError):
        return None


def _extended(value: object) -> object:
    """MongoDB's extended JSON: text, or milliseconds since 1970, as they are or as text."""
    if isinstance(value, dict):
        value = value.get("$numberLong")
        value = int(value) if isinstance(value, str) and value.removeprefix("-").isdecimal() else None
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return (_EPOCH + timedelta(milliseconds=value)).date().isoformat()
        except OverflowError:
            return None
    return value
