"""The reports that a person may see, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from starlette.responses import Response

from presis.diagnostics.memory import REPORTS
from presis.web.page import Frame, Visit
from presis.web.tumours import tumour_name

if TYPE_CHECKING:
    import sqlalchemy as sa

MOST_REPORTS = 200


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in the list."""

    number: str
    href: str
    sample: str
    tumour: str
    laboratory: str
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """The reports that this person may see."""

    template: ClassVar[str] = "reports.html"
    frame: Frame
    lead: str
    query: str
    rows: tuple[ReportRow, ...]


def index(visit: Visit) -> Response:
    """The list, the newest first."""
    access, actor, text = visit.application.access, visit.actor, visit.told("q")
    if refusal := access.may_ever(actor, "show-report"):
        return visit.refused(refusal, "/", "reports")

    def query(table: sa.Table) -> sa.Select[Any]:
        import sqlalchemy as sa

        columns = (table.c.state, table.c.organisation, table.c.requester)
        # the specimen's number names the patient to the laboratory
        known = access.condition(actor, "show-identity", *columns)
        shown = access.condition(actor, "show-report", *columns)
        chosen = sa.select(table, known.label("known")).where(shown)
        if text:
            like = f"%{text.replace('%', '').replace('_', '')}%"
            chosen = chosen.where(
                sa.or_(
                    table.c.number.ilike(like),
                    sa.and_(known, table.c.sample.ilike(like)),
                    table.c.tumour.ilike(like),
                )
            )
        return chosen.order_by(table.c.number.desc()).limit(MOST_REPORTS)

    rows = visit.application.record.select(REPORTS.name, query)
    say = visit.say
    model = ReportsPage(
        frame=visit.frame(say.say("web.reports"), "/reports"),
        lead=say.say("web.lead-reports", {"count": len(rows)}),
        query=text,
        rows=tuple(
            ReportRow(
                number=row["number"],
                href=f"/reports/{row['number']}",
                sample=row["sample"] if row["known"] else say.say("web.not-shown"),
                tumour=tumour_name(row["tumour"]) or say.say("web.tumour-unknown"),
                laboratory=visit.organisation(row["organisation"]),
                state=say.say(f"report-state.{row['state']}"),
                version=row["version"],
            )
            for row in rows
        ),
    )
    return visit.page(model, (row["patient"] for row in rows), "reports")
