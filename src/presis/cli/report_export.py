"""Reports in other people's forms: what `presis report export` does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from presis.cli._shared import console, print_json
from presis.cli.report_files import parse_language
from presis.cli.who import Who
from presis.diagnostics.exports.cbioportal import StudyName, cbioportal_study
from presis.diagnostics.exports.fhir import as_fhir
from presis.diagnostics.exports.reported import Reported, read_reported
from presis.diagnostics.report_making import file_stems
from presis.diagnostics.report_render import file_name
from presis.errors import BadInput
from presis.knowledge import load_library

if TYPE_CHECKING:
    from presis.documents.language import Language

FORMS = ("fhir", "cbioportal")


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written, and where."""

    form: str
    out: Path
    language: str
    study: StudyName


def export_reports(sources: list[str], who: Who, export: Export, *, as_json: bool) -> None:
    """Read every report, then write; say what was written, and what isn't in it."""
    form = export.form.strip().lower()
    if form not in FORMS:
        raise BadInput.of(
            "export.format",
            f"{export.form!r} is no form of export; use {' or '.join(FORMS)}.",
            field="--format",
            found=export.form,
            accepted=", ".join(FORMS),
        )
    language = parse_language(export.language)
    reports = list(_read(sources, who, as_json=as_json))
    notes: tuple[str, ...] = ()
    if form == "fhir":
        files = _bundles(reports, language)
    else:
        study = cbioportal_study(reports, export.study)
        files, notes = study.files, study.notes
    paths = _write(files, export.out, empty=form == "cbioportal")
    if as_json:
        print_json({"reports": len(reports), "files": [str(path) for path in paths], "notes": list(notes)})
        return
    printer = console()
    for path in paths:
        printer.print(f"  {path}", soft_wrap=True)
    for note in notes:
        printer.print(note, soft_wrap=True)


def _read(sources: list[str], who: Who, *, as_json: bool) -> list[Reported]:
    """Each report, from its file or, by its number, from the record."""
    opened = None
    found = []
    for source in sources:
        if source.lower().endswith(".json") or Path(source).exists():
            found.append(read_reported(Path(source)))
            continue
        from presis.cli.report_record import current_report

        opened = opened or who.open()
        found.append(current_report(source, *opened, as_json=as_json))
    return found


def _bundles(reports: list[Reported], language: Language) -> dict[str, str]:
    """A bundle for each report, by its file's name."""
    hgnc = load_library().hgnc
    names = [
        f"{each.status.number}-v{each.status.version}" if each.status.number else each.content.sample
        for each in reports
    ]
    stems = file_stems(names)
    return {
        file_name(stem, "fhir"): as_fhir(each.content, each.status, language, hgnc)
        for stem, each in zip(stems, reports, strict=True)
    }


def _write(files: dict[str, str], folder: Path, *, empty: bool) -> list[Path]:
    """Write the files; a study's folder must be empty, so that nothing of another study stays in it."""
    try:
        if empty and folder.exists() and any(folder.iterdir()):
            raise BadInput.of(
                "export.not-empty",
                "isn't empty, and a study would mix with what lies there; give a new folder.",
                file=str(folder),
                field="--out",
            )
        paths = [folder / name for name in files]
        for path, text in zip(paths, files.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput.of(
            "export.write",
            f"the export can't be written ({error.strerror}); give another --out.",
            file=str(folder),
        ) from None
    return paths
