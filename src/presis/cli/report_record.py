"""Reports in the record: what `presis report register|sign|amend|show` do."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from rich.padding import Padding

from presis.application import Application, Look, open_application
from presis.cli._shared import console, print_json
from presis.cli.report_files import conclusion, content_of, parse_language
from presis.cli.report_options import Options, Rules, interpreter_of
from presis.diagnostics.report_life import (
    AmendReport,
    RegisterReport,
    Report,
    SignReport,
    Version,
    status_of,
    stream_of,
)
from presis.diagnostics.report_making import Wanted, parse_formats, write_report
from presis.diagnostics.report_model import ReportContent, parse_content
from presis.diagnostics.report_view import ReportStatus
from presis.errors import BadInput
from presis.governance import load_directory, resolve_actor
from presis.knowledge import load_library
from presis.knowledge.confirmation import Confirmations, confirmation_stream
from presis.knowledge.confirmation import apply as apply_confirmation
from presis.reactions import react
from presis.record import Actor, Conflict, Refusal, fold, record_url

if TYPE_CHECKING:
    from presis.documents.language import Language


@dataclass(frozen=True, slots=True)
class Who:
    """Which record, and who acts."""

    record: str | None
    actor: str | None

    def open(self) -> tuple[Application, Actor]:
        """The application, and the actor; raises `BadInput` if either can't be found."""
        application = open_application(record_url(self.record, os.environ), on_commit=react)
        return application, resolve_actor(self.actor, os.environ, load_directory())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is to be shown of a report."""

    out: Path | None
    version: int | None
    known_at: str | None
    formats: str
    language: str


LEAST_OF_HASH = 8


def _refuse(outcome: Refusal | Conflict, *, as_json: bool) -> NoReturn:
    """Say a refusal or a conflict, and leave with its exit code."""
    if as_json:
        print_json(outcome.to_json())
    else:
        typer.echo(f"presis: {outcome.message}", err=True)
    raise typer.Exit(4 if isinstance(outcome, Conflict) else 3)


def _content(
    application: Application, actor: Actor, files: list[Path], options: Options, rules: Rules
) -> ReportContent:
    """The content, made with what the actor's own laboratory has confirmed."""
    facts = application.record.stream(confirmation_stream(actor.organisation))
    confirmed: Confirmations = fold(apply_confirmation, Confirmations(), facts)
    holding = confirmed.holding(load_library(rules.packs))
    interpreter = interpreter_of(rules.packs, rules.variant_filter, rules.blacklist, holding)
    organisation = load_directory().organisation(actor.organisation)
    name = organisation.name if organisation else actor.organisation
    return content_of(files, interpreter, replace(options, laboratory=name))


def register_report(
    files: list[Path], who: Who, options: Options, rules: Rules, language: str, *, as_json: bool
) -> None:
    """Register a draft; say its number, and the hash that a signer names."""
    words_in = parse_language(language)
    application, actor = who.open()
    content = _content(application, actor, files, options, rules)
    before = _is_kept(application, content)
    outcome = application.handle(RegisterReport(id=application.ids(), content=content), actor)
    if not isinstance(outcome, tuple):
        _refuse(outcome, as_json=as_json)
    number = next(fact.payload.number for fact in outcome if fact.kind.startswith("diagnostics."))
    if before:
        typer.echo(f"presis: the record held a report of this very content before {number}.", err=True)
    _say_draft(number, 1, content, words_in, as_json=as_json)


def _is_kept(application: Application, content: ReportContent) -> bool:
    """Whether the record holds this content already: it was registered before."""
    try:
        application.record.content(content.content_hash())
    except BadInput:
        return False
    return True


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
        _refuse(outcome, as_json=as_json)
    signature = outcome[0].payload.signature
    if as_json:
        print_json(
            {
                "number": number,
                "version": report.current.number,
                "signature": signature.model_dump(mode="json"),
            }
        )
        return
    console().print(f"{number}, version {report.current.number}: signed by {_person(signature.person)}.")


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
    command = AmendReport(id=application.ids(), seen=version, reason=reason, number=number, content=content)
    outcome = application.handle(command, actor)
    if not isinstance(outcome, tuple):
        _refuse(outcome, as_json=as_json)
    _say_draft(number, report.current.number + 1, content, words_in, as_json=as_json)


def show_report(number: str, who: Who, shown: Shown, *, as_json: bool) -> None:
    """Say where a report stands, and draw it if a folder is named."""
    wanted = Wanted(parse_formats(shown.formats), parse_language(shown.language))
    application, actor = who.open()
    known_at = application.record.moment(shown.known_at)
    report, _ = _look(application, actor, number, "show-report", as_json=as_json, known_at=known_at)
    version = _version(report, shown.version)
    content = parse_content(application.record.content(version.content_hash))
    status = _named(status_of(report, version))
    paths: tuple[Path, ...] = ()
    if shown.out is not None:
        paths = write_report(content, status, wanted, shown.out, f"{number}-v{version.number}")
    if as_json:
        print_json(_as_data(report, version, content, wanted.language, paths))
        return
    printer = console()
    printer.print(conclusion(content, wanted.language))
    for each in report.versions:
        signed = f"signed by {_person(each.signature.person)}" if each.signature else "draft"
        current = "" if each is report.current else ", replaced"
        printer.print(f"  version {each.number}, {signed}{current}: sha256 {each.content_hash[:16]}")
        if each.reason:
            printer.print(Padding(each.reason, (0, 0, 0, 4)))
    for path in paths:
        printer.print(f"  {path}", soft_wrap=True)


def _person(identifier: str) -> str:
    person = load_directory().person(identifier)
    return person.name if person else identifier


def _look(
    application: Application, actor: Actor, number: str, action: str, *, as_json: bool, known_at: Any = None
) -> tuple[Report, int]:
    """The report, if the actor may; a stranger learns no more than of one that isn't there."""
    look: Look | Refusal = application.look(actor, action, stream_of(number), known_at)
    if isinstance(look, Refusal):
        _refuse(look, as_json=as_json)
    if not look.state.versions:
        raise BadInput.of(
            "report.not-yet", f"{number} wasn't in the record at that moment.", field="--known-at"
        )
    return look.state, look.version


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


def _named(status: ReportStatus) -> ReportStatus:
    """The status with names of people and organisations in the place of their ids."""
    directory = load_directory()
    person = directory.person(status.signed_by) if status.signed_by else None
    organisation = directory.organisation(status.organisation) if status.organisation else None
    return replace(
        status,
        signed_by=person.name if person else status.signed_by,
        organisation=organisation.name if organisation else status.organisation,
    )


def _as_data(
    report: Report, version: Version, content: ReportContent, language: Language, paths: tuple[Path, ...]
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
                "reason": each.reason,
                "signature": None if each.signature is None else each.signature.model_dump(mode="json"),
            }
            for each in report.versions
        ],
        "report": content.model_dump(mode="json"),
        "files": [str(path) for path in paths],
    }
