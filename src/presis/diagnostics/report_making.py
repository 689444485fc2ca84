"""A report from files, without a record: read, interpret, draw, write."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from presis.diagnostics.assay import NOT_ANNOTATED
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.profile import Alteration, MolecularProfile
from presis.diagnostics.readers.small_vcf import UNANNOTATED
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_render import FORMATS, USUAL, file_name, render
from presis.diagnostics.report_view import ReportStatus
from presis.documents.language import Language
from presis.errors import BadInput
from presis.knowledge import Library

DRAFT = ReportStatus()


@dataclass(frozen=True, slots=True)
class Wanted:
    """How reports are to be drawn."""

    formats: tuple[str, ...] = USUAL
    language: Language = Language.NB
    laboratory: str | None = None


def parse_formats(text: str) -> tuple[str, ...]:
    """`html,pdf` to its parts; raises `BadInput` for a format that isn't made."""
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise BadInput.of(
            "report.format",
            f"{text!r} names a format that isn't made; use one or more of {', '.join(FORMATS)}.",
            field="--format",
            found=text,
            accepted=", ".join(FORMATS),
        )
    return names


def tumour_code(text: str | None, library: Library) -> str | None:
    """An OncoTree code, checked; raises `BadInput` with the codes near it."""
    if text is None:
        return None
    code = text.strip().upper()
    if library.oncotree.node(code) is not None:
        return code
    near = ", ".join(node.code for node in library.oncotree.search(text)[:5])
    raise BadInput.of(
        "tumour.unknown",
        f"{text!r} is no OncoTree code of the release in use{f'; near it: {near}' if near else ''}.",
        field="tumour",
        found=text,
        accepted="an OncoTree code such as COADREAD",
    )


def with_tumour(profile: MolecularProfile, tumour: str | None, library: Library) -> MolecularProfile:
    """The profile with its tumour type checked; one given twice must agree."""
    told = tumour_code(profile.specimen.tumour, library)
    asked = tumour_code(tumour, library)
    if told and asked and told != asked:
        raise BadInput.of(
            "tumour.contradiction",
            f"the specimen says {told} and --tumour says {asked}; leave one out or mend it.",
            field="tumour",
            found=asked,
            accepted=told,
        )
    return replace(profile, specimen=replace(profile.specimen, tumour=asked or told))


def refuse_unannotated(profile: MolecularProfile) -> None:
    """Raise `BadInput` where the small variants stand in a VCF that names no genes."""
    covers = profile.covers.get(Alteration.SMALL_VARIANT)
    if covers is not None and covers.reason == NOT_ANNOTATED:
        file = next((each.name for each in profile.inputs if each.kind == UNANNOTATED), None)
        raise BadInput.of(
            "not-annotated",
            "names no genes, so nothing in it can be interpreted; annotate it with VEP "
            "(presis panel show gives the command)",
            file=file,
            accepted="a VCF with VEP's INFO field CSQ",
        )


def make_content(
    profile: MolecularProfile, interpreter: Interpreter, tumour: str | None, laboratory: str | None
) -> ReportContent:
    """The content of a profile's report."""
    refuse_unannotated(profile)
    checked = with_tumour(profile, tumour, interpreter.library)
    return report_content(interpreter.interpret(checked), interpreter.library, laboratory)


def write_report(
    content: ReportContent, status: ReportStatus, wanted: Wanted, folder: Path, name: str | None = None
) -> tuple[Path, ...]:
    """Draw every format, then write them; nothing is written unless all could be drawn.

    Raises:
        BadInput: if the folder can't be written to.

    """
    drawn = render(content, status, wanted.language, wanted.formats)
    stem = safe_name(name or content.sample)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(write_whole(folder / file_name(stem, each), data) for each, data in drawn.items())
    except OSError as error:
        raise BadInput.of(
            "report.write",
            f"the report can't be written ({error.strerror}); give another --out.",
            file=str(folder),
        ) from None


def write_whole(path: Path, data: bytes) -> Path:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    os.replace(part, path)  # noqa: PTH105 - atomic on every system
    return path


def safe_name(sample: str) -> str:
    """A sample's name as a file name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", sample).strip("._") or "report"


def file_stems(samples: Sequence[str]) -> list[str]:
    """A file name for each sample, no two alike."""
    used: dict[str, int] = {}
    out = []
    for sample in samples:
        stem = safe_name(sample)
        used[stem] = used.get(stem, 0) + 1
        out.append(stem if used[stem] == 1 else f"{stem}-{used[stem]}")
    return out
