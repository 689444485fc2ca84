"""What diagnostics brings to the house."""

from __future__ import annotations

from presis.diagnostics import report_life
from presis.diagnostics.facts import FACTS
from presis.record import Handling, Room, StreamKind

ROOM = Room(
    name="diagnostics",
    facts=FACTS,
    streams=(
        StreamKind(
            prefix="report",
            initial=report_life.Report(),
            apply=report_life.apply,
            subject=report_life.subject,
        ),
    ),
    commands=(
        Handling(
            command=report_life.RegisterReport,
            action="register-report",
            reads=lambda _: (),
            decide=report_life.register,
        ),
        Handling(
            command=report_life.SignReport,
            action="sign-report",
            reads=lambda command: (report_life.stream_of(command.number),),
            decide=report_life.sign_report,
        ),
        Handling(
            command=report_life.AmendReport,
            action="amend-report",
            reads=lambda command: (report_life.stream_of(command.number),),
            decide=report_life.amend,
        ),
    ),
    actions={
        "register-report": ("new",),
        "sign-report": report_life.STATES,
        "amend-report": report_life.STATES,
        "show-report": report_life.STATES,
    },
)
