"""Panel files come in: bounded, read in a folder of their own, kept sealed; and what came of reading them."""

from __future__ import annotations

import re
import shutil
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.responses import Response

from presis.diagnostics.bench import laboratory_interpreter
from presis.diagnostics.intake import name_fault, take_in
from presis.diagnostics.requisition import Requisition
from presis.diagnostics.review import ReadFiles
from presis.errors import BadInput
from presis.web.faults import faults_of
from presis.web.page import Visit
from presis.web.requisition import act, beside, may, opened, patient_of, show_again
from presis.web.settings import MEGABYTE

#: Where files lie readable while they are read; nobody else may look into it.
_FOLDER = "presis-upload-"
#: Older than this, a folder is what a server that was killed left behind.
_LEFT_BEHIND = 3600
#: In bytes; a disk takes little more.
LONGEST_NAME = 200
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


def sweep(now: datetime) -> None:
    """Take away what a server that was killed while it read files left readable."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        with suppress(OSError):
            if now.timestamp() - folder.stat().st_mtime > _LEFT_BEHIND:
                shutil.rmtree(folder)


def receive(visit: Visit, number: str) -> Response:
    """Read the files, and keep what was read; a file that can't be used keeps all of them out."""
    found = opened(visit, number, "read-files")
    if isinstance(found, Response):
        return found
    state, _ = found
    files = [each for each in visit.form.getlist("files") if isinstance(each, UploadFile) and each.filename]
    if problem := _problem(visit, files):
        return show_again(visit, number, visit.typed(), problem)
    try:
        return _read(visit, number, state, files)
    except BadInput as error:
        form = f"/requisitions/{number}/correct" if may(visit, state, "correct-requisition") else None
        faults = faults_of(error, visit.say, form)
        return show_again(visit, number, visit.typed(), visit.say.say("web.files-not-read"), faults)


def _problem(visit: Visit, files: list[UploadFile]) -> str | None:
    say, largest = visit.say, visit.house.settings.largest_file
    names = [Path(each.filename or "").name for each in files]
    if any(len(name.encode()) > LONGEST_NAME or _UNPRINTABLE.search(name) for name in names):
        return say.say("web.file-name", {"longest": LONGEST_NAME})
    if fault := name_fault(names):
        return say.say(*fault)
    big = next((Path(each.filename or "").name for each in files if (each.size or 0) > largest), None)
    return say.say("web.file-large", {"name": big, "size": largest // MEGABYTE}) if big else None


def _read(visit: Visit, number: str, state: Requisition, files: list[UploadFile]) -> Response:
    interpreter = laboratory_interpreter(visit.application.record, visit.actor.organisation)
    organisation = visit.house.directory.organisation(visit.actor.organisation)
    with tempfile.TemporaryDirectory(prefix=_FOLDER) as name:
        folder = Path(name)
        for each in files:
            (folder / Path(each.filename or "").name).write_bytes(each.file.read())
        taken = take_in(
            sorted(folder.iterdir()),
            state,
            interpreter,
            organisation.name if organisation else visit.actor.organisation,
            beside(visit, state),
            visit.told("sample") or None,
            invented=visit.house.settings.demo,
        )
    return act(
        visit,
        number,
        lambda base: ReadFiles(**base, files=taken.files, profile=taken.profile, content=taken.content),
        "web.files-read",
    )


def attachment(visit: Visit, number: str, digest: str) -> Response:
    """A plot that was kept, as the panel's software drew it."""
    found = opened(visit, number)
    if isinstance(found, Response):
        return found
    state, _ = found
    kept = [each for reading in state.readings for each in reading.files]
    file = next((each for each in kept if each.sealed == digest and each.kind == "attachment"), None)
    if file is None:
        return visit.message("web.absent", "web.absent-text", f"/requisitions/{number}", status=404)
    visit.application.log_access(
        visit.actor, "view", f"requisitions/{number}/files", [patient_of(state)], "shown"
    )
    data = visit.application.open_content(digest)
    kind = next(
        (kind for start, kind in _MAGIC.items() if data.startswith(start)), "application/octet-stream"
    )
    return Response(data, media_type=kind, headers={"Content-Disposition": "inline"})


#: What a browser may show of an attachment, by its first bytes; not SVG, which can run script.
_MAGIC = {b"\x89PNG": "image/png", b"%PDF": "application/pdf", b"\xff\xd8\xff": "image/jpeg"}
