"""What diagnostics brings to the house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from presis.diagnostics import (
    identity_acceptance,
    memory,
    other_results,
    report_life,
    requisition,
    requisition_correction,
    review,
)
from presis.diagnostics.facts import FACTS
from presis.governance import patients
from presis.record import Command, Handling, Room, StreamKind, Subject


def _report(command: Any) -> tuple[str, ...]:
    return (report_life.stream_of(command.number),)


def _requisition(command: Any) -> tuple[str, ...]:
    return (requisition.stream_of(command.number),)


def _both(command: Any) -> tuple[str, ...]:
    """The requisition's stream first, then its report's, if there is one."""
    report = () if command.report is None else (report_life.stream_of(command.report),)
    return (*_requisition(command), *report)


def _new(_states: Any, _command: Any, actor: Any) -> Subject:
    return Subject("new", actor.organisation)


def _identity(command: Any) -> tuple[str, ...]:
    return (patients.stream_of(command.identity),)


_OF_REQUISITION: tuple[tuple[type[Command], str, Callable[..., Any], Callable[..., Any]], ...] = (
    (
        requisition_correction.CorrectRequisition,
        "correct-requisition",
        _requisition,
        requisition_correction.correct,
    ),
    (requisition.AssessMaterial, "assess-material", _requisition, requisition.assess),
    (requisition.TakeStep, "take-step", _requisition, requisition.take_step),
    (requisition.AskRepeat, "ask-repeat", _requisition, requisition.ask_repeat),
    (requisition.CancelRequisition, "cancel-requisition", _requisition, requisition.cancel),
    (review.ReadFiles, "read-files", _requisition, review.read_files),
    (review.JudgeFinding, "judge-finding", _requisition, review.judge),
    (identity_acceptance.AcceptMismatch, "accept-mismatch", _requisition, identity_acceptance.accept),
    (review.WriteInterpretation, "write-interpretation", _requisition, review.write),
    (review.ConcludeReview, "conclude-review", _both, review.conclude),
    (review.SignReview, "sign-review", _both, review.sign),
    (review.ReopenReview, "reopen-review", _requisition, review.reopen),
)

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
        StreamKind(
            prefix="requisition",
            initial=requisition.Requisition(),
            apply=requisition.apply,
            subject=requisition.subject,
        ),
    ),
    views=(memory.WORKLIST, memory.JUDGEMENTS, memory.CARRIED, memory.REPORTS, other_results.READINGS),
    commands=(
        Handling(
            command=report_life.RegisterReport,
            action="register-report",
            reads=_identity,
            decide=report_life.register,
            subject=_new,
        ),
        Handling(
            command=report_life.SignReport,
            action="sign-report",
            reads=_report,
            decide=report_life.sign_report,
        ),
        Handling(
            command=report_life.AmendReport,
            action="amend-report",
            reads=_report,
            decide=report_life.amend,
        ),
        Handling(
            command=requisition.ReceiveRequisition,
            action="receive-requisition",
            reads=_identity,
            decide=requisition.receive,
            subject=_new,
        ),
        *(
            Handling(command=command, action=action, reads=reads, decide=decide)
            for command, action, reads, decide in _OF_REQUISITION
        ),
    ),
    actions={
        "register-report": ("new",),
        "sign-report": report_life.STATES,
        "amend-report": report_life.STATES,
        "show-report": report_life.STATES,
        "show-draft": report_life.STATES,
        "show-identity": report_life.STATES,
        "receive-requisition": ("new",),
        "show-requisition": requisition.STATES,
        "show-memory": ("any",),
        **{action: requisition.STATES for _, action, _, _ in _OF_REQUISITION},
    },
)
