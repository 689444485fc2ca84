"""What speaks against the data being the patient's, as a page says it to whoever may answer for it."""

from __future__ import annotations

from dataclasses import dataclass

from presis.diagnostics.bench import standing_stops
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.requisition import Requisition
from presis.web.page import Visit
from presis.web.requisition import beside, may


@dataclass(frozen=True, slots=True)
class Stop:
    """A mismatch of identity that nobody answers for; whether this person may, and the mismatch's key."""

    check: str
    name: str
    why: str
    key: str
    can_accept: bool


def stops_of(visit: Visit, state: Requisition, content: ReportContent) -> tuple[Stop, ...]:
    """What stands between the report and its signatures."""
    say, can = visit.say, may(visit, state, "accept-mismatch")
    return tuple(
        Stop(
            each.check,
            say.say(f"identity-check.{each.check}"),
            say.why(each.reason),
            each.key,
            can and each.acceptable,
        )
        for each in standing_stops(state, content, visit.application.open_content, beside(visit, state))
    )
