"""What has to be said of the report before any answer that rests on it: that it is a draft, or came later."""

from __future__ import annotations

from datetime import date

from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_view import ReportStatus
from presis.matching.days import parse_day
from presis.methods.reasons import Reason


def report_remarks(content: ReportContent, status: ReportStatus, at: date) -> tuple[Reason, ...]:
    """That nobody has signed it; that nobody can have known it on the day asked about."""
    remarks = []
    if status.state == "draft":
        remarks.append(Reason.of("match.report-draft"))
    since = known_since(content, status)
    if since is not None and since > at:
        code = "match.report-later" if status.signatures else "match.report-later-draft"
        remarks.append(Reason.of(code, since=since.isoformat(), at=at.isoformat()))
    return tuple(remarks)


def known_since(content: ReportContent, status: ReportStatus) -> date | None:
    """The day from which the report can have been known: its last signature's.

    A draft has no day; it wasn't made before the newest knowledge that it rests on.
    """
    if status.signatures:
        return max(each.at for each in status.signatures).date()
    days = [parse_day(each.date).first for each in content.knowledge if each.date]
    return max(days, default=None)
