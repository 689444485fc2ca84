"""Panel files taken in for a requisition: read, interpreted, and cut to its own sample for keeping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from presis.diagnostics.bench import profile_bytes
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.keeping import ATTACHMENTS, kept_files
from presis.diagnostics.reading import read_one
from presis.diagnostics.report_making import make_content
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.requisition import Requisition
from presis.diagnostics.requisition_specimen import with_requisition
from presis.diagnostics.review import Upload

#: What a panel's folder may hold; a file's content decides what it is.
SUFFIXES = (".tsv", ".csv", ".txt", ".yaml", ".yml", ".json", ".vcf", ".gz", ".bed", *ATTACHMENTS)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What `ReadFiles` is given: the files as they are kept, the profile as it is sealed, its content."""

    files: tuple[Upload, ...]
    profile: bytes
    content: ReportContent


def take_in(
    paths: Sequence[Path],
    state: Requisition,
    interpreter: Interpreter,
    laboratory: str | None,
    sample: str | None = None,
) -> TakenIn:
    """Read one specimen's files; `sample` names it where they hold several.

    Raises:
        BadInput: if they can't be used, or contradict the requisition.

    """
    panel = [path for path in paths if path.suffix.lower() not in ATTACHMENTS]
    profile = read_one(panel, interpreter.library, sample=sample)
    profile = replace(profile, specimen=with_requisition(profile.specimen, state))
    content = make_content(profile, interpreter, None, laboratory)
    return TakenIn(kept_files(paths, profile), profile_bytes(profile), content)


def name_fault(names: Sequence[str]) -> tuple[str, dict[str, str]] | None:
    """Why files of these names aren't taken in, as the catalogue's code and its values; None if they are."""
    if not names:
        return "web.no-files", {}
    for name in names:
        if not name.lower().endswith(SUFFIXES):
            return "web.file-type", {"name": name, "accepted": ", ".join(SUFFIXES)}
    twice = next((name for name in names if names.count(name) > 1), None)
    return ("web.file-twice", {"name": twice}) if twice else None


@dataclass(frozen=True, slots=True)
class WhatWasRead:
    """What came of reading: each line that no finding was made of, remarks, and how quality stands.

    `lost` has the place and what stood there; `quality` is the catalogue's code, `failed` the measures
    outside their limits.
    """

    lost: tuple[tuple[str, str], ...]
    remarks: int
    quality: str
    failed: int


def what_was_read(content: ReportContent) -> WhatWasRead:
    """What came of reading a content's files."""
    lost = [each for each in content.not_usable if each.severity == "lost"]
    failed = sum(1 for each in content.quality.measures if each.verdict == "fail")
    known = "web.quality-failed" if failed else "web.quality-ok"
    return WhatWasRead(
        lost=tuple((f"{each.file}:{each.line}", f"{each.found} ({each.reason})") for each in lost),
        remarks=len(content.not_usable) - len(lost),
        quality=known if content.quality.known else "web.quality-unknown",
        failed=failed,
    )
