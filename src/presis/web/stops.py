"""What speaks against the data being the patient's, and stands between a report and its signatures."""

from __future__ import annotations

from dataclasses import dataclass

from presis.diagnostics.bench import mismatches
from presis.diagnostics.identity import acceptable, mismatch_key
from presis.diagnostics.other_results import unnamed
from presis.diagnostics.report_marker_view import signing_stops_of
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
    """What stands between the report and its signatures: by the content in review, else as it is now."""
    in_review = state.state == "review" and signing_stops_of(content)
    if not in_review and state.state != "to_sign":
        return ()
    say, can = visit.say, may(visit, state, "accept-mismatch")
    return tuple(
        Stop(
            each.check,
            say.say(f"identity-check.{each.check}"),
            say.why(unnamed(each).reason),
            mismatch_key(each),
            can and each.check in acceptable(),
        )
        for each in mismatches(state, visit.application.open_content, beside(visit, state))
    )
