"""A report's life in the record: draft, signed, amended with a reason; an old version is never current."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from pydantic import Field

from presis.diagnostics.facts import (
    Carried,
    ReportAmended,
    ReportFact,
    ReportRegistered,
    ReportSigned,
    RequisitionReceived,
)
from presis.diagnostics.refusals import identity_mismatch, refusal
from presis.diagnostics.report_marker_view import signing_stops_of
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_view import ReportStatus, Signed
from presis.governance.patients import Identity, patient_for
from presis.governance.signing import Meaning, Signature, sign
from presis.record import Command, Edge, Fact, NewFact, Refusal, Subject, numbered

#: The kind of number that people say: `R-2026-0001`.
NUMBERS = "R"
#: What a later version may take from the requisition as it stands then.
_BY_REQUISITION = ("requester", "sample", "tumour")
#: `amending`: a version was signed, and a draft is to take its place.
STATES = ("draft", "signed", "amending")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report.

    `content_hash` is that of the content as it is signed, `sealed` that of its ciphertext; `reason` that of
    the sealed words that say why it replaced the one before. It is signed when as many have as are needed.
    """

    number: int
    content_hash: str
    sealed: str
    needed: int = 1
    reason: str | None = None
    signatures: tuple[Signature, ...] = ()

    @property
    def is_signed(self) -> bool:
        """Whether all signatures that it needs are there."""
        return len(self.signatures) >= self.needed


@dataclass(frozen=True, slots=True)
class Report:
    """A report as known: whose it is, and every version, the current one last.

    `draft_hidden`: a draft is to take the last version's place, and isn't among them for this reader.
    """

    number: str = ""
    organisation: str = ""
    patient: str = ""
    requisition: str | None = None
    requester: str | None = None
    sample: str = ""
    tumour: str | None = None
    versions: tuple[Version, ...] = ()
    draft_hidden: bool = False

    @property
    def current(self) -> Version:
        """The last version."""
        return self.versions[-1]

    @property
    def state(self) -> str:
        """`draft`, `signed` or `amending`, by the current version and those before."""
        if self.versions and self.current.is_signed:
            return "amending" if self.draft_hidden else "signed"
        return "amending" if any(each.is_signed for each in self.versions) else "draft"

    def version(self, number: int) -> Version | None:
        """A version by its number."""
        return next((each for each in self.versions if each.number == number), None)


def apply(state: Report, fact: Fact[ReportFact]) -> Report:
    """The report after one more fact."""
    payload = fact.payload
    match payload:
        case ReportRegistered():
            first = Version(1, payload.content_hash, payload.sealed, payload.signatures_needed)
            return Report(
                payload.number,
                payload.organisation,
                payload.patient,
                payload.requisition,
                payload.requester,
                payload.sample,
                payload.tumour,
                (first,),
            )
        case ReportAmended():
            amended = Version(
                payload.version,
                payload.content_hash,
                payload.sealed,
                payload.signatures_needed,
                payload.reason,
            )
            told = {name: getattr(payload, name) or getattr(state, name) for name in _BY_REQUISITION}
            return replace(state, versions=(*state.versions, amended), **told)
        case ReportSigned():
            signed = tuple(
                replace(each, signatures=(*each.signatures, payload.signature))
                if each.number == payload.version
                else each
                for each in state.versions
            )
            return replace(state, versions=signed)
        case _:
            assert_never(payload)


def subject(state: Report) -> Subject:
    """What access is asked about: the report's state, the laboratory whose it is, and who asked for it."""
    return Subject(state.state, state.organisation, state.requester)


def readable(report: Report, *, drafts: bool) -> Report:
    """The report as somebody may read it: with its drafts, or its signed versions alone."""
    if drafts:
        return report
    signed = tuple(each for each in report.versions if each.is_signed)
    return replace(report, versions=signed, draft_hidden=len(signed) < len(report.versions))


def stream_of(number: str) -> str:
    """The stream of a report."""
    return f"report-{number}"


class RegisterReport(Command):
    """Register a new report as a draft, made from files alone."""

    content: ReportContent
    identity: Identity


class SignReport(Command):
    """Sign the current version; `content_hash` is the content that the signer saw."""

    number: str = Field(pattern=r"^R-\d{4}-\d{4,}$")
    content_hash: str = Field(min_length=8)


class AmendReport(Command):
    """Put a new version in the place of the current one; `why` is sealed."""

    number: str = Field(pattern=r"^R-\d{4}-\d{4,}$")
    content: ReportContent
    why: str


def register(states: Mapping[str, object], command: RegisterReport, edge: Edge) -> list[NewFact] | Refusal:
    """The report under a new number; its content sealed under its patient's key."""
    if stops := signing_stops_of(command.content):
        return identity_mismatch([each.text for each in stops])
    patient, new = patient_for(states, command.identity, edge)
    return [*new, registered(command.content, patient, edge)]


def registered(
    content: ReportContent,
    patient: str,
    edge: Edge,
    requisition: RequisitionReceived | None = None,
    needed: int = 1,
) -> NewFact:
    """A new report's first fact."""
    year = edge.today.year
    number = numbered(NUMBERS, edge.next_number(NUMBERS, year), year)
    payload = ReportRegistered(
        number=number,
        organisation=edge.actor.organisation,
        patient=patient,
        requisition=requisition.number if requisition else None,
        requester=requisition.requester if requisition else None,
        sample=requisition.specimen if requisition else content.specimen.pseudonym or content.sample,
        tumour=content.tumour,
        content_hash=content.content_hash(),
        sealed=edge.seal(patient, content.canonical()),
        signatures_needed=needed,
        carried=carried(content, edge),
    )
    return NewFact(stream=stream_of(number), payload=payload, rules=_rules(content))


def carried(content: ReportContent, edge: Edge) -> tuple[Carried, ...]:
    """What a report says of each change, under the change's blind index."""
    return tuple(
        Carried(
            finding=edge.index("finding", each.key),
            oncogenicity="/".join(each.oncogenicity.classes) if each.oncogenicity else None,
            tiers=tuple(f"{tier.tier}{tier.level or ''}" for tier in each.amp.possible) if each.amp else (),
        )
        for each in content.findings
        if each.key
    )


def _rules(content: ReportContent) -> dict[str, str]:
    """The versions of rules and knowledge that the report was made by."""
    return {**content.rules, **{f"knowledge/{pack.pack}": pack.version for pack in content.knowledge}}


def sign_report(states: Mapping[str, Report], command: SignReport, edge: Edge) -> list[NewFact] | Refusal:
    """The signature over the current version, or why it can't be signed."""
    report = states[stream_of(command.number)]
    if report.requisition is not None:
        return refusal(
            "of-a-requisition",
            found=report.requisition,
            accepted=f"presis review sign {report.requisition}",
            message=f"{report.number} is the report of {report.requisition}; sign it there.",
        )
    signed = signature_of(report, command.content_hash, edge)
    return signed if isinstance(signed, Refusal) else [signed]


def signature_of(report: Report, content_hash: str, edge: Edge) -> NewFact | Refusal:
    """The actor's signature over what they saw of the current version, or why there is none."""
    current = report.current
    if current.is_signed:
        return refusal(
            "already-signed",
            found=f"version {current.number}, signed by {current.signatures[-1].person}",
            accepted="a draft",
            message=f"{report.number} is signed already; amend it with a reason, and sign the new version.",
        )
    if any(each.person == edge.actor.person for each in current.signatures):
        return refusal(
            "signed-by-you",
            found=edge.actor.person,
            accepted="another person",
            message=f"you have signed {report.number} already; it needs {current.needed} persons.",
        )
    if not current.content_hash.startswith(content_hash.lower()):
        return refusal(
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
    return NewFact(stream=stream_of(report.number), payload=payload)


def amend(states: Mapping[str, Report], command: AmendReport, edge: Edge) -> list[NewFact] | Refusal:
    """A new version, or why there is none."""
    report = states[stream_of(command.number)]
    if report.requisition is not None:
        return refusal(
            "of-a-requisition",
            found=report.requisition,
            accepted=f"presis review reopen {report.requisition}",
            message=f"{report.number} is the report of {report.requisition}; amend it there.",
        )
    if not command.why.strip():
        return refusal(
            "reason-missing",
            found="no reason",
            accepted="a sentence",
            message="say why the report is amended; the reason stands on the new version.",
        )
    if stops := signing_stops_of(command.content):
        return identity_mismatch([each.text for each in stops])
    fact = amended(report, command.content, edge.seal(report.patient, command.why.strip()), edge)
    return fact if isinstance(fact, Refusal) else [fact]


def amended(
    report: Report,
    content: ReportContent,
    reason: str,
    edge: Edge,
    needed: int = 1,
    requisition: RequisitionReceived | None = None,
) -> NewFact | Refusal:
    """The fact of a new version; `reason` is its sealed reason's hash, `requisition` as it stands now."""
    told = content.specimen.pseudonym or content.sample
    if requisition is None and told != report.sample:
        return refusal(
            "other-sample",
            found=told,
            accepted=report.sample,
            message=f"{report.number} is about {report.sample}, and the new content about {told}.",
        )
    readdressed = requisition is not None and requisition.requester != report.requester
    if content.content_hash() == report.current.content_hash and not readdressed:
        return refusal(
            "nothing-changed",
            found=report.current.content_hash[:16],
            accepted="another content",
            message=f"the content is that of version {report.current.number}; there is nothing to amend.",
        )
    payload = ReportAmended(
        number=report.number,
        version=report.current.number + 1,
        requester=requisition.requester if requisition else None,
        sample=requisition.specimen if requisition else None,
        tumour=content.tumour if requisition else None,
        content_hash=content.content_hash(),
        sealed=edge.seal(report.patient, content.canonical()),
        reason=reason,
        signatures_needed=needed,
        carried=carried(content, edge),
    )
    return NewFact(stream=stream_of(report.number), payload=payload, rules=_rules(content))


def status_of(report: Report, version: Version, reason: str | None = None) -> ReportStatus:
    """How a version stands, for whoever draws it; names of people and organisations are ids here.

    `reason` is the version's reason, unsealed.
    """
    later = [each.number for each in report.versions if each.number > version.number]
    signatures = tuple(
        Signed(each.signed_at, each.person, each.role.value, each.organisation) for each in version.signatures
    )
    return ReportStatus(
        state="superseded" if later else "signed" if version.is_signed else "draft",
        number=report.number,
        version=version.number,
        signatures=signatures,
        needed=version.needed,
        replaces=version.number - 1 if version.number > 1 else None,
        reason=reason,
        replaced_by=later[-1] if later else None,
    )
