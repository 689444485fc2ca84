"""Reports in the record: what `presis report register|sign|amend|show` do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.padding import Padding

from presis.application import Application, Look
from presis.cli._shared import console, print_json
from presis.cli.report_files import conclusion, content_of, parse_language
from presis.cli.report_options import Options, Rules, interpreter_of
from presis.cli.who import Who, person_name, refuse
from presis.diagnostics.bench import confirmed_by
from presis.diagnostics.exports.reported import Reported
from presis.diagnostics.report_life import (
    AmendReport,
    RegisterReport,
    Report,
    SignReport,
    Version,
    readable,
    status_of,
    stream_of,
    subject,
)
from presis.diagnostics.report_making import Wanted, parse_formats, write_report
from presis.diagnostics.report_model import ReportContent, parse_content
from presis.diagnostics.report_view import ReportStatus
from presis.diagnostics.requested import without_identity
from presis.errors import BadInput
from presis.governance import load_directory
from presis.governance.patients import Identity, normalised
from presis.knowledge import load_library
from presis.record import Actor, Refusal

if TYPE_CHECKING:
    from presis.documents.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is to be shown of a report."""

    out: Path | None
    version: int | None
    known_at: str | None
    formats: str
    language: str


LEAST_OF_HASH = 8
#: What can be drawn without naming the patient; the other formats are what was signed, or made to be sent.
WITHOUT_IDENTITY = ("html", "pdf")


def _content(
    application: Application, actor: Actor, files: list[Path], options: Options, rules: Rules
) -> ReportContent:
    """The content, made with what the actor's own laboratory has confirmed."""
    confirmed = confirmed_by(application.record, actor.organisation, load_library(rules.packs))
    interpreter = interpreter_of(rules.packs, rules.variant_filter, rules.blacklist, confirmed)
    organisation = load_directory().organisation(actor.organisation)
    name = organisation.name if organisation else actor.organisation
    return content_of(files, interpreter, replace(options, laboratory=name))


def _identity(application: Application, actor: Actor, content: ReportContent) -> Identity:
    """Whose report it is, made from files alone: the laboratory's own name for the specimen's patient."""
    text = content.specimen.pseudonym or content.sample
    return Identity(
        text=text, index=application.keys().index("identity", normalised(actor.organisation, text))
    )


def register_report(
    files: list[Path], who: Who, options: Options, rules: Rules, language: str, *, as_json: bool
) -> None:
    """Register a draft; say its number, and the hash that a signer names."""
    words_in = parse_language(language)
    application, actor = who.open()
    content = _content(application, actor, files, options, rules)
    identity = _identity(application, actor, content)
    outcome = application.handle(
        RegisterReport(id=application.ids(), content=content, identity=identity), actor
    )
    if not isinstance(outcome, tuple):
        refuse(outcome, as_json=as_json)
    number = next(fact.payload.number for fact in outcome if fact.kind.startswith("diagnostics."))
    if before := _same_content(application, content, number):
        typer.echo(f"presis: the record held this very content before {number}, as {before}.", err=True)
    _say_draft(number, 1, content, words_in, as_json=as_json)


def _same_content(application: Application, content: ReportContent, number: str) -> str | None:
    """The number of another report with this very content."""
    digest = content.content_hash()
    rows = application.record.view_rows("reports", lambda table: table.c.content_hash == digest)
    return next((row["number"] for row in rows if row["number"] != number), None)


def _say_draft(
    number: str, version: int, content: ReportContent, language: Language, *, as_json: bool
) -> None:
    """The conclusion, and how to look at the draft and sign it."""
    digest = content.content_hash()
    said = conclusion(content, language)
    if as_json:
        print_json({"number": number, "version": version, "content_hash": digest, "conclusion": said})
        return
    printer = console()
    printer.print(said)
    printer.print(f"{number}, version {version}: a draft, sha256 {digest[:16]}.")
    if version > 1:
        printer.print(f"Version {version - 1} no longer looks current.")
    printer.print(f"Look:  presis report show {number} --out DIR", soft_wrap=True)
    printer.print(f"Sign:  presis report sign {number} --hash {digest[:16]}", soft_wrap=True)


def sign_report(number: str, digest: str | None, who: Who, *, as_json: bool) -> None:
    """Sign the version whose content the signer names by its hash."""
    application, actor = who.open()
    report, version = _look(application, actor, number, "sign-report", as_json=as_json)
    if digest is None:
        raise BadInput.of(
            "hash-missing",
            f"say which content you sign with --hash; the current version's begins with "
            f"{report.current.content_hash[:16]}: look at it first.",
            field="--hash",
        )
    if len(digest.strip()) < LEAST_OF_HASH:
        raise BadInput.of(
            "hash-short",
            f"give at least {LEAST_OF_HASH} signs of the content's hash, so that it can be no other.",
            field="--hash",
            found=digest,
        )
    command = SignReport(id=application.ids(), seen=version, number=number, content_hash=digest)
    outcome = application.handle(command, actor)
    if not isinstance(outcome, tuple):
        refuse(outcome, as_json=as_json)
    signature = next(fact.payload.signature for fact in outcome)
    if as_json:
        print_json(
            {
                "number": number,
                "version": report.current.number,
                "signature": signature.model_dump(mode="json"),
            }
        )
        return
    console().print(f"{number}, version {report.current.number}: signed by {person_name(signature.person)}.")


def amend_report(
    number: str,
    files: list[Path],
    reason: str | None,
    who: Who,
    options: Options,
    rules: Rules,
    language: str,
    *,
    as_json: bool,
) -> None:
    """A new version from files, with a reason."""
    words_in = parse_language(language)
    application, actor = who.open()
    report, version = _look(application, actor, number, "amend-report", as_json=as_json)
    content = _content(application, actor, files, options, rules)
    command = AmendReport(
        id=application.ids(), seen=version, why=reason or "", number=number, content=content
    )
    outcome = application.handle(command, actor)
    if not isinstance(outcome, tuple):
        refuse(outcome, as_json=as_json)
    _say_draft(number, report.current.number + 1, content, words_in, as_json=as_json)


def show_report(number: str, who: Who, shown: Shown, *, as_json: bool) -> None:
    """Say where a report stands, and draw it if a folder is named."""
    wanted = Wanted(parse_formats(shown.formats), parse_language(shown.language))
    application, actor = who.open()
    known_at = application.record.moment(shown.known_at)
    report, _ = _look(application, actor, number, "show-report", as_json=as_json, known_at=known_at)
    version = _version(report, shown.version)
    application.log_access(actor, "show-report", number, [report.patient], "shown")
    content = _as_known(application, actor, report, version)
    withheld = content.content_hash() != version.content_hash
    if withheld:
        wanted = replace(wanted, formats=_drawn(number, wanted.formats))
    status = named(status_of(report, version, _why(application, version)))
    paths: tuple[Path, ...] = ()
    if shown.out is not None:
        paths = write_report(content, status, wanted, shown.out, f"{number}-v{version.number}")
    if as_json:
        told = _as_data(application, report, version, content, wanted.language, paths)
        print_json(told | {"identity_withheld": withheld})
        return
    printer = console()
    printer.print(conclusion(content, wanted.language))
    if report.draft_hidden:
        printer.print("The laboratory is amending this report; until then the last signed version counts.")
    for each in report.versions:
        signed = _signed_words(each)
        current = "" if each is report.current else ", replaced"
        printer.print(f"  version {each.number}, {signed}{current}: sha256 {each.content_hash[:16]}")
        if why := _why(application, each):
            printer.print(Padding(why, (0, 0, 0, 4)))
    for path in paths:
        printer.print(f"  {path}", soft_wrap=True)


def current_report(number: str, application: Application, actor: Actor, *, as_json: bool) -> Reported:
    """A report's current version, if the actor may see it; the look is logged."""
    report, _ = _look(application, actor, number, "show-report", as_json=as_json)
    application.log_access(actor, "show-report", number, [report.patient], "shown")
    content = _as_known(application, actor, report, report.current)
    return Reported(content, named(status_of(report, report.current, _why(application, report.current))))


def _as_known(application: Application, actor: Actor, report: Report, version: Version) -> ReportContent:
    """A version's content; without the patient's identity for whoever may not know it."""
    content = parse_content(application.open_content(version.sealed))
    if application.access.authorise(actor, "show-identity", subject(report)) is None:
        return content
    return without_identity(content, report.number)


def _drawn(number: str, formats: tuple[str, ...]) -> tuple[str, ...]:
    """The formats that can be drawn without the patient's identity; what is left out is said."""
    out = ", ".join(each for each in formats if each not in WITHOUT_IDENTITY)
    note = f"; {out} would tell it, and is left out" if out else ""
    typer.echo(f"presis: you see {number} without the patient's identity{note}.", err=True)
    return tuple(each for each in formats if each in WITHOUT_IDENTITY)


def _look(
    application: Application, actor: Actor, number: str, action: str, *, as_json: bool, known_at: Any = None
) -> tuple[Report, int]:
    """The report, if the actor may; a stranger learns no more than of one that isn't there."""
    look: Look | Refusal = application.look(actor, action, stream_of(number), known_at)
    if isinstance(look, Refusal):
        application.log_access(actor, look.rule, number, (), "refused")
        refuse(look, as_json=as_json)
    if not look.state.versions:
        raise BadInput.of(
            "report.not-yet", f"{number} wasn't in the record at that moment.", field="--known-at"
        )
    drafts = application.access.authorise(actor, "show-draft", subject(look.state)) is None
    report = readable(look.state, drafts=drafts)
    if not report.versions:
        raise BadInput.of(
            "report.not-signed-then", f"{number} wasn't signed at that moment.", field="--known-at"
        )
    return report, look.version


def _version(report: Report, number: int | None) -> Version:
    version = report.current if number is None else report.version(number)
    if version is None:
        raise BadInput.of(
            "report.version",
            f"{report.number} has no version {number}; it has {len(report.versions)}.",
            field="--version",
            found=str(number),
            accepted=f"1 to {len(report.versions)}",
        )
    return version


def _why(application: Application, version: Version) -> str | None:
    """Why a version replaced the one before, in the words of who amended it."""
    return application.open_content(version.reason).decode() if version.reason else None


def _signed_words(version: Version) -> str:
    if not version.signatures:
        return "draft"
    names = " and ".join(person_name(each.person) for each in version.signatures)
    missing = version.needed - len(version.signatures)
    return f"signed by {names}" + (f", {missing} more needed" if missing > 0 else "")


def named(status: ReportStatus) -> ReportStatus:
    """The status with names of people and organisations in the place of their ids."""
    directory = load_directory()
    signatures = []
    for each in status.signatures:
        organisation = directory.organisation(each.organisation)
        name = organisation.name if organisation else each.organisation
        signatures.append(replace(each, by=person_name(each.by), organisation=name))
    return replace(status, signatures=tuple(signatures))


def _as_data(
    application: Application,
    report: Report,
    version: Version,
    content: ReportContent,
    language: Language,
    paths: tuple[Path, ...],
) -> dict[str, Any]:
    return {
        "number": report.number,
        "state": report.state,
        "version": version.number,
        "conclusion": conclusion(content, language),
        "versions": [
            {
                "version": each.number,
                "content_hash": each.content_hash,
                "reason": _why(application, each),
                "signatures": [signature.model_dump(mode="json") for signature in each.signatures],
                "signatures_needed": each.needed,
            }
            for each in report.versions
        ],
        "report": content.model_dump(mode="json"),
        "files": [str(path) for path in paths],
    }
