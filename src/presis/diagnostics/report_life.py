"""A report's life in the record: draft, signed, amended with a reason; an old version is never current."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from pydantic import Field

from presis.diagnostics.facts import ReportAmended, ReportFact, ReportRegistered, ReportSigned
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_view import ReportStatus
from presis.governance.signing import Meaning, Signature, sign
from presis.record import Command, Edge, Fact, NewFact, Refusal, Subject, numbered

#: The kind of number that people say: `R-2026-0001`.
NUMBERS = "R"
STATES = ("draft", "signed")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report; `reason` says why it replaced the one before."""

    number: int
    content_hash: str
    reason: str | None = None
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report as known: whose it is, and every version, the current one last."""

    number: str = ""
    organisation: str = ""
    sample: str = ""
    tumour: str | None = None
    versions: tuple[Version, ...] = ()

    @property
    def current(self) -> Version:
        """The last version."""
        return self.versions[-1]

    @property
    def state(self) -> str:
        """`draft` or `signed`, by the current version."""
        return "signed" if self.versions and self.current.signature else "draft"

    def version(self, number: int) -> Version | None:
        """A version by its number."""
        return next((each for each in self.versions if each.number == number), None)


def apply(state: Report, fact: Fact[ReportFact]) -> Report:
    """The report after one more fact."""
    payload = fact.payload
    match payload:
        case ReportRegistered():
            first = Version(1, payload.content_hash)
            return Report(payload.number, payload.organisation, payload.sample, payload.tumour, (first,))
        case ReportAmended():
            amended = Version(payload.version, payload.content_hash, fact.reason)
            return replace(state, versions=(*state.versions, amended))
        case ReportSigned():
            signed = tuple(
                replace(each, signature=payload.signature) if each.number == payload.version else each
                for each in state.versions
            )
            return replace(state, versions=signed)
        case _:
            assert_never(payload)


def subject(state: Report) -> Subject:
    """What access is asked about: the report's state, and the laboratory whose it is."""
    return Subject(state=state.state, organisation=state.organisation)


def stream_of(number: str) -> str:
    """The stream of a report."""
    return f"report-{number}"


class RegisterReport(Command):
    """Register a new report as a draft."""

    content: ReportContent


class SignReport(Command):
    """Sign the current version; `content_hash` is the content that the signer saw."""

    number: str = Field(pattern=r"^R-\d{4}-\d{4,}$")
    content_hash: str = Field(min_length=8)


class AmendReport(Command):
    """Put a new version in the place of the current one, with a reason."""

    number: str = Field(pattern=r"^R-\d{4}-\d{4,}$")
    content: ReportContent


def register(_states: object, command: RegisterReport, edge: Edge) -> list[NewFact] | Refusal:
    """The report under a new number; its content kept."""
    year = edge.today.year
    number = numbered(NUMBERS, edge.next_number(NUMBERS, year), year)
    content = command.content
    payload = ReportRegistered(
        number=number,
        organisation=edge.actor.organisation,
        sample=content.specimen.pseudonym or content.sample,
        tumour=content.tumour,
        content_hash=edge.keep(content.canonical()),
    )
    return [NewFact(stream=stream_of(number), payload=payload, rules=_rules(content))]


def _rules(content: ReportContent) -> dict[str, str]:
    """The versions of rules and knowledge that the report was made by."""
    return {**content.rules, **{f"knowledge/{pack.pack}": pack.version for pack in content.knowledge}}


def sign_report(states: Mapping[str, Report], command: SignReport, edge: Edge) -> list[NewFact] | Refusal:
    """The signature over the current version, or why it can't be signed."""
    report = states[stream_of(command.number)]
    current = report.current
    if current.signature is not None:
        return _refusal(
            "already-signed",
            found=f"version {current.number}, signed by {current.signature.person}",
            accepted="a draft",
            message=f"{report.number} is signed already; amend it with a reason, and sign the new version.",
        )
    if not current.content_hash.startswith(command.content_hash.lower()):
        return _refusal(
            "other-content",
            found=current.content_hash[:16],
            accepted="the hash of the current version",
            message=(
                f"the content that you name isn't version {current.number} of {report.number}; "
                "look at it again and sign what you see."
            ),
        )
    meaning = Meaning.SIGNED if current.number == 1 else Meaning.AMENDED
    signature = sign(edge.actor, current.content_hash, meaning, edge.now)
    if isinstance(signature, Refusal):
        return signature
    payload = ReportSigned(number=report.number, version=current.number, signature=signature)
    return [NewFact(stream=stream_of(report.number), payload=payload)]


def amend(states: Mapping[str, Report], command: AmendReport, edge: Edge) -> list[NewFact] | Refusal:
    """A new version, or why there is none."""
    report = states[stream_of(command.number)]
    if not (command.reason or "").strip():
        return _refusal(
            "reason-missing",
            found="no reason",
            accepted="a sentence",
            message="say why the report is amended; the reason stands on the new version.",
        )
    told = command.content.specimen.pseudonym or command.content.sample
    if told != report.sample:
        return _refusal(
            "other-sample",
            found=told,
            accepted=report.sample,
            message=f"{report.number} is about {report.sample}, and the new content about {told}.",
        )
    if command.content.content_hash() == report.current.content_hash:
        return _refusal(
            "nothing-changed",
            found=report.current.content_hash[:16],
            accepted="another content",
            message=f"the content is that of version {report.current.number}; there is nothing to amend.",
        )
    payload = ReportAmended(
        number=report.number,
        version=report.current.number + 1,
        content_hash=edge.keep(command.content.canonical()),
    )
    fact = NewFact(
        stream=stream_of(report.number), payload=payload, reason=command.reason, rules=_rules(command.content)
    )
    return [fact]


def _refusal(code: str, *, found: str, accepted: str, message: str) -> Refusal:
    return Refusal(code=code, rule=f"diagnostics/{code}", found=found, accepted=accepted, message=message)


def status_of(report: Report, version: Version) -> ReportStatus:
    """How a version stands, for whoever draws it; names of people and organisations are ids here."""
    later = [each.number for each in report.versions if each.number > version.number]
    signature = version.signature
    return ReportStatus(
        state="superseded" if later else "signed" if signature else "draft",
        number=report.number,
        version=version.number,
        signed_at=signature.signed_at if signature else None,
        signed_by=signature.person if signature else None,
        signed_role=signature.role.value if signature else None,
        organisation=signature.organisation if signature else None,
        replaces=version.number - 1 if version.number > 1 else None,
        reason=version.reason,
        replaced_by=later[-1] if later else None,
    )
