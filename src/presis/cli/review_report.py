"""What `presis review show|conclude|sign|reopen` do: the report of a review, and who signs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.padding import Padding

from presis.application import Look
from presis.cli._shared import console, print_json
from presis.cli.desk import Desk, laboratory_of, organisation_name
from presis.cli.report_files import conclusion, parse_language
from presis.cli.report_record import named
from presis.cli.requisition_acts import say_state
from presis.cli.review_bench import bench_of
from presis.cli.review_identity import stop_lines
from presis.cli.who import person_name
from presis.diagnostics.bench import mismatches, reviewed_content
from presis.diagnostics.other_results import unnamed
from presis.diagnostics.report_life import Report, status_of
from presis.diagnostics.report_life import stream_of as report_stream
from presis.diagnostics.report_making import Wanted, parse_formats, write_report
from presis.diagnostics.report_model import ReportContent, parse_content
from presis.diagnostics.report_review import review_lines
from presis.diagnostics.report_view import ReportStatus
from presis.diagnostics.requisition import Requisition
from presis.diagnostics.review import ConcludeReview, ReopenReview, SignReview
from presis.documents.language import words
from presis.errors import BadInput

LEAST_OF_HASH = 8


def _content(desk: Desk, state: Requisition) -> ReportContent:
    name = organisation_name(laboratory_of(state))
    unseal = desk.application.open_content
    return reviewed_content(state, unseal, desk.interpreter(state), name, desk.beside(state))


def _report(desk: Desk, state: Requisition) -> Report | None:
    """The report of a requisition; None if there is none, or this person may not see it."""
    if state.report is None:
        return None
    look = desk.application.look(desk.actor, "show-report", report_stream(state.report))
    return look.state if isinstance(look, Look) else None


def show_report(desk: Desk, number: str, out: Path | None, formats: str, language: str) -> None:
    """What will be signed, or was: as review has it now, or as the report's current version stands."""
    wanted = Wanted(parse_formats(formats), parse_language(language))
    bench = bench_of(desk, number, "preview")
    state, report = bench.state, _report(desk, bench.state)
    content, status = _content(desk, state), ReportStatus(needed=max(1, state.needed))
    if state.state != "review" and report is not None:
        content = parse_content(desk.application.open_content(report.current.sealed))
        reason = desk.open_text(report.current.reason)
        status = named(status_of(report, report.current, reason))
    name = f"{number}-preview" if status.number is None else f"{status.number}-v{status.version}"
    paths = () if out is None else write_report(content, status, wanted, out, name)
    unjudged = sum(1 for each in content.findings if each.key and each.reviewed is None)
    told = _told(desk, state, content, status, unjudged)
    if desk.as_json:
        told |= {"conclusion": conclusion(content, wanted.language), "version": bench.version}
        print_json(told | {"files": [str(path) for path in paths]})
        return
    printer = console()
    printer.print(conclusion(content, wanted.language), markup=False)
    if content.interpretation:
        printer.print(f"\n{desk.say.say('web.whole')}:", markup=False)
        printer.print(Padding(content.interpretation, (0, 0, 0, 2)), markup=False)
    if lines := review_lines(content, words(wanted.language)):
        printer.print(f"\n{desk.say.say('web.changes')}:", markup=False)
        for line in lines:
            printer.print(Padding(line, (0, 0, 0, 2)), markup=False)
    printer.print()
    if unjudged:
        printer.print(f"{desk.say.say('web.unjudged', {'count': unjudged})}.", markup=False)
    for line in stop_lines(desk, state, content):
        printer.print(line, soft_wrap="presis " in line, markup=False)
    printer.print(_standing(desk, state, status, content), markup=False)
    for path in paths:
        printer.print(f"  {path}", soft_wrap=True, markup=False)
    if next_command := _next(state, content, bench.version):
        printer.print(next_command, soft_wrap=True, markup=False)


def _standing(desk: Desk, state: Requisition, status: ReportStatus, content: ReportContent) -> str:
    digest = content.content_hash()[:16]
    if state.state == "review":
        amending = desk.open_text(state.amending)
        words_of = f" {desk.say.say('web.amending', {'why': amending})}." if amending else ""
        return f"{state.number} is in review; its content now: sha256 {digest}.{words_of}"
    signed = (f"  {each.by}, {desk.say.day(each.at)}" for each in status.signatures)
    count = desk.say.say("web.signed-of", {"count": len(status.signatures), "needed": status.needed})
    return "\n".join([f"{status.number}, version {status.version}, sha256 {digest}: {count}", *signed])


def _next(state: Requisition, content: ReportContent, version: int) -> str | None:
    if state.state == "review":
        return f"Conclude:  presis review conclude {state.number} --seen {version}"
    if state.state == "to_sign":
        return f"Sign:  presis review sign {state.number} --hash {content.content_hash()[:16]}"
    return None


def _told(
    desk: Desk, state: Requisition, content: ReportContent, status: ReportStatus, unjudged: int
) -> dict[str, Any]:
    in_review = state.state == "review"
    return {
        "number": state.number,
        "state": state.state,
        "report": state.report,
        "report_version": None if in_review else status.version,
        "content_hash": content.content_hash(),
        "signatures_needed": status.needed,
        "signers": [] if in_review else list(state.signers),
        "amending": desk.open_text(state.amending) if in_review else None,
        "unjudged": unjudged,
        "interpretation": content.interpretation,
    }


def conclude_review(desk: Desk, number: str, seen: int | None, language: str) -> None:
    """Make the report of a review, or its next version."""
    chosen = parse_language(language)
    bench = bench_of(desk, number, "preview", "conclude-review")
    content = _content(desk, bench.state)
    place = f"requisitions/{number}/preview"
    facts = desk.give(
        lambda base: ConcludeReview(**base, content=content, report=bench.state.report),
        place,
        number=number,
        seen=bench.version if seen is None else seen,
    )
    made = next(fact.payload for fact in facts if fact.kind.startswith("diagnostics.review-concluded/"))
    said = conclusion(content, chosen)
    if desk.as_json:
        told = {"number": number, "report": made.report, "report_version": made.version}
        hashed = {"content_hash": content.content_hash(), "signatures_needed": made.signatures_needed}
        print_json(told | hashed | {"conclusion": said})
        return
    digest = content.content_hash()[:16]
    printer = console()
    printer.print(said, markup=False)
    needed = made.signatures_needed
    signs = "one signature" if needed == 1 else f"{needed} signatures"
    printer.print(
        f"{made.report}, version {made.version}: a draft that waits for {signs}, sha256 {digest}.",
        markup=False,
    )
    printer.print(f"Look:  presis review show {number} --out DIR", soft_wrap=True, markup=False)
    printer.print(f"Sign:  presis review sign {number} --hash {digest}", soft_wrap=True, markup=False)


def sign_review(desk: Desk, number: str, digest: str | None) -> None:
    """Sign the content that the signer names by its hash."""
    state, version = desk.allowed(number, "sign-review")
    report = _report(desk, state)
    if report is None:
        raise BadInput.of(
            "report-absent", f"the report of {number} isn't there for you; look with `presis review show`."
        )
    if digest is None:
        raise BadInput.of(
            "hash-missing",
            f"say which content you sign with --hash; that of {report.number} begins with "
            f"{report.current.content_hash[:16]}: look at it first with `presis review show {number}`.",
            field="--hash",
        )
    if len(digest.strip()) < LEAST_OF_HASH:
        raise BadInput.of(
            "hash-short",
            f"give at least {LEAST_OF_HASH} signs of the content's hash, so that it can be no other.",
            field="--hash",
            found=digest,
        )
    found = mismatches(state, desk.application.open_content, desk.beside(state))
    stops = tuple(desk.say.why(unnamed(each).reason) for each in found)
    facts = desk.give(
        lambda base: SignReview(**base, report=report.number, content_hash=digest.strip(), mismatches=stops),
        f"requisitions/{number}/preview",
        number=number,
        seen=version,
    )
    signed = next(fact.payload for fact in facts if fact.kind.startswith("diagnostics.review-signed/"))
    missing = report.current.needed - len(report.current.signatures) - 1
    if desk.as_json:
        told = {"number": number, "report": signed.report, "report_version": signed.version}
        print_json(told | {"person": signed.person, "complete": signed.complete, "missing": missing})
        return
    standing = "it is signed" if signed.complete else f"{missing} more must sign"
    who = person_name(signed.person)
    console().print(f"{signed.report}, version {signed.version}: signed by {who}; {standing}.", markup=False)


def reopen_review(desk: Desk, number: str, seen: int | None, why: str) -> None:
    """Back to review, with the reason that will stand on the next version."""
    _, version = desk.allowed(number, "reopen-review")
    base = {"number": number, "seen": version if seen is None else seen}
    desk.give(lambda told: ReopenReview(**told, why=why), f"requisitions/{number}", **base)
    say_state(desk, number, desk.say.say("web.reopened"))
