"""What `presis requisition read` does: panel files taken in, and what came of reading them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding

from presis.cli._shared import console, print_json
from presis.cli.desk import Desk, laboratory_of, organisation_name, patient_of
from presis.diagnostics.bench import computed_content
from presis.diagnostics.intake import SUFFIXES, name_fault, take_in, what_was_read
from presis.diagnostics.requisition import Requisition
from presis.diagnostics.review import ReadFiles
from presis.errors import BadInput


def read_files(desk: Desk, number: str, seen: int | None, paths: list[Path], sample: str | None) -> None:
    """Take files in; one that can't be used keeps all of them out."""
    state, version = desk.allowed(number, "read-files")
    files, passed_over = _files(paths)
    if fault := name_fault([each.name for each in files]):
        raise BadInput.of("files-unusable", desk.say.say(*fault), field="FILE")
    place = f"requisitions/{number}"
    desk.shown(place, [patient_of(state)])
    name = organisation_name(laboratory_of(state))
    taken = take_in(files, state, desk.interpreter(state), name, desk.beside(state), sample)
    desk.give(
        lambda base: ReadFiles(**base, files=taken.files, profile=taken.profile, content=taken.content),
        place,
        number=number,
        seen=version if seen is None else seen,
    )
    state, version = desk.look(number)
    if desk.as_json:
        print_json({"number": number, "version": version, "state": state.state} | reading_json(desk, state))
        return
    out = console()
    show_reading(desk, state, out)
    for each in passed_over:
        out.print(f"  {each}: passed over, not of a kind that is taken", markup=False, soft_wrap=True)
    out.print(f"Next:  presis review list {number}", soft_wrap=True, markup=False)


def _files(paths: list[Path]) -> tuple[list[Path], list[str]]:
    """The files named and those of folders, and what a folder holds besides; raises `BadInput`."""
    files: list[Path] = []
    passed_over: list[str] = []
    for path in paths:
        if path.is_dir():
            for each in sorted(path.iterdir()):
                is_taken = each.is_file() and each.name.lower().endswith(SUFFIXES)
                (files if is_taken else passed_over).append(each if is_taken else each.name)  # type: ignore[arg-type]
        elif path.is_file():
            files.append(path)
        else:
            raise BadInput.of(
                "file-absent",
                f"there is no file or folder {path}; look at its name.",
                field="FILE",
                found=str(path),
            )
    return files, passed_over


def reading_json(desk: Desk, state: Requisition) -> dict[str, Any]:
    """What came of the last reading, as data; nothing where no files were read."""
    if state.reading is None:
        return {"reading": None}
    content = computed_content(state, desk.application.open_content)
    told = what_was_read(content, desk.say)
    return {
        "reading": {
            "number": state.reading.reading,
            "findings": state.reading.findings,
            "lost": [{"place": place, "what": what} for place, what in told.lost],
            "remarks": told.remarks,
            "quality": told.quality.removeprefix("web.quality-"),
            "quality_failed": told.failed,
            "files": [{"kind": each.kind, "size": each.size} for each in state.reading.files],
        }
    }


def show_reading(desk: Desk, state: Requisition, out: Console) -> None:
    """What came of the last reading: how much was found, and each line that no finding was made of."""
    if state.reading is None:
        return
    say = desk.say
    told = what_was_read(computed_content(state, desk.application.open_content), say)
    counts = {"findings": state.reading.findings, "lost": len(told.lost), "remarks": told.remarks}
    out.print(say.say("web.what-was-read", {"number": state.reading.reading}) + ":", markup=False)
    sentences = f"{say.say('web.read-text', counts)} {say.say(told.quality, {'count': told.failed})}"
    out.print(Padding(sentences, (0, 0, 0, 2)), markup=False)
    if told.lost:
        out.print(f"  {say.say('web.lost-head')}:", markup=False)
    for place, what in told.lost:
        out.print(Padding(f"{place} {what}", (0, 0, 0, 4)), markup=False)
