"""Pathology's markers, disagreements, identity and pictures in the words of one language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from presis.diagnostics.report_marker_model import DisagreementJson, IdentityJson, MarkerJson, SideJson
from presis.diagnostics.report_model import FindingJson, ReportContent
from presis.diagnostics.report_parts import ReasonJson
from presis.documents.language import Words
from presis.documents.runs import Run, Runs
from presis.methods.reasons import Reason

MOST_TOUCHED = 4
LABELS = (
    "disagreements",
    "both-said",
    "markers",
    "marker",
    "test-head",
    "taken",
    "settles-head",
    "attachments",
)


@dataclass(frozen=True, slots=True)
class MarkerRow:
    """A result of pathology: what, by which test, when and of what, and what it settles."""

    name: str
    test: str
    taken: str
    settles: Runs


@dataclass(frozen=True, slots=True)
class DisagreementRow:
    """Two methods that disagree, each in a line of its own, and what would settle it."""

    subject: str
    sides: tuple[str, ...]
    settled_by: str
    touches: str


@dataclass(frozen=True, slots=True)
class MarkerView:
    """What the report shows of other tests than the panel."""

    labels: dict[str, str]
    markers: tuple[MarkerRow, ...]
    disagreements: tuple[DisagreementRow, ...]
    attachments: str | None
    identity: str | None


def marker_view(content: ReportContent, say: Words) -> MarkerView:
    """The sections on other tests than the panel; raises `KeyError` if the catalogue lacks a word."""
    pictures = "; ".join(
        f"{each.name} ({say.say(f'picture.{each.kind}')}, {each.sha256[:8]})" for each in content.attachments
    )
    told = "; ".join(f"{say.say(f'identity-check.{c.check}')}: {_identity(c, say)}" for c in content.identity)
    return MarkerView(
        labels={name: say.say(f"report.{name}") for name in LABELS},
        markers=tuple(_marker(each, content, say) for each in content.markers),
        disagreements=tuple(_disagreement(each, say) for each in content.disagreements),
        attachments=pictures or None,
        identity=told or None,
    )


def _why(reason: ReasonJson, say: Words) -> str:
    return say.why(Reason(reason.code, reason.values))


def _identity(each: IdentityJson, say: Words) -> str:
    """What a check found, and why somebody answers for it."""
    found = _why(each.reason, say)
    if each.accepted is None:
        return found
    told = {"found": found, "when": each.accepted.on}
    if not each.accepted.why:
        return say.say("identity.accepted-untold", told)
    return say.say("identity.accepted", {**told, "why": each.accepted.why.rstrip(". ")})


def identity_sentence(each: IdentityJson, say: Words) -> str:
    """What the conclusion says of a mismatch."""
    return say.say("report.lead-identity", {"why": _identity(each, say)})


def _taken(date: str | None, where: Iterable[str | None], say: Words) -> str:
    when = say.day(date) if date else say.say("report.no-date")
    return ", ".join(filter(None, (when, *where)))


def _marker(marker: MarkerJson, content: ReportContent, say: Words) -> MarkerRow:
    limit = say.say("report.own-limit", {"limit": marker.threshold}) if marker.threshold else None
    runs: list[Run] = []
    for each in content.settled:
        if marker.id in each.findings:
            style = {"yes": "bold", "no": ""}.get(each.holds, "open")
            words = say.say(
                f"report.settled-{each.holds}", {"biomarker": say.term("biomarker", each.biomarker)}
            )
            runs += [("", "; ")] if runs else []
            runs.append((style, words))
    return MarkerRow(
        name=_why(marker.result, say),
        test=", ".join(filter(None, (marker.assay, limit))) or say.say("report.assay-not-told"),
        taken=_taken(marker.date, (marker.specimen, marker.block), say),
        settles=tuple(runs),
    )


def _disagreement(each: DisagreementJson, say: Words) -> DisagreementRow:
    touched = ", ".join(each.touches[:MOST_TOUCHED]) + (" …" if len(each.touches) > MOST_TOUCHED else "")
    return DisagreementRow(
        subject=say.term("subject", each.subject),
        sides=tuple(_side(side, say) for side in each.sides),
        settled_by=_why(each.settled_by, say),
        touches=say.say("report.matters", {"drugs": touched}) if touched else "",
    )


def _side(side: SideJson, say: Words) -> str:
    method = say.term("side-method", side.method)
    return f"{method}: {_why(side.result, say)} ({_taken(side.date, (side.specimen,), say)})"


def signing_stops_of(content: ReportContent) -> tuple[ReasonJson, ...]:
    """Why this content must not be signed: its mismatches of identity that nobody answers for."""
    return tuple(
        each.reason for each in content.identity if each.result == "mismatch" and each.accepted is None
    )


def marker_name(finding: FindingJson, say: Words) -> str:
    """A result of pathology by its name: `HER2 IHC 3+`."""
    reason = finding.marker_reason
    return finding.label if reason is None else _why(reason, say)


def identity_sentences(content: ReportContent, say: Words, *, answered_for: bool) -> list[Runs]:
    """What the conclusion says of identity: mismatches that somebody answers for, or the others."""
    return [
        (("open" if answered_for else "stop", identity_sentence(each, say)),)
        for each in content.identity
        if each.result == "mismatch" and each.check != "contamination"
        if (each.accepted is not None) is answered_for
    ]


def lead_sentences(content: ReportContent, say: Words) -> list[Runs]:
    """What the conclusion says of disagreements that touch an option."""
    out: list[Runs] = []
    subjects = dict.fromkeys(each.subject for each in content.disagreements if each.touches)
    for subject in subjects:
        of_it = [each for each in content.disagreements if each.subject == subject]
        told = dict.fromkeys(_why(side.result, say) for each in of_it for side in each.sides)
        values = {"subject": subject, "sides": "; ".join(told)}
        out.append((("open", say.say("report.lead-disagreement", values)), ("", ".")))
    return out
