"""The files of a folder and of the folders in it: what is read, what is only said, what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.profile import NotUsable
from presis.diagnostics.readers.text import UTF16_MARKS, TextFile, read_text
from presis.errors import BadInput
from presis.methods.reasons import Reason

#: a panel's files are a few MB; larger ones in a folder are reads or images
LARGEST = 256 * 2**20
#: how the tables of a panel and a specimen file end; one of these that can't be read may hold findings.
#: Not `.txt`: a sequencer leaves empty ones as marks.
_ENDINGS = (".tsv", ".csv", ".yaml", ".yml", ".vcf")
#: notes of the operating system and of spreadsheets
_HIDDEN = (".", "~$")
_FINDINGS = re.compile(
    r".*(CombinedVariantOutput|AllFusions|_small_variant_table(_forQC)?|_variant_summary)\.(tsv|csv)(\.gz)?",
    re.IGNORECASE,
)


def texts_of(
    folder: Path, remarks: list[NotUsable], taken: Callable[[Path, str], bool]
) -> Iterator[TextFile]:
    """The text files of a folder, with one level below; what isn't read becomes a remark.

    `taken` says of a file that somebody else reads it, as a stream, however large it is.

    Raises `BadInput` for a damaged file that ends as a panel's files do, and for tables of findings
    two levels down, since a profile without them would pass for a whole one.
    """
    for path in sorted(folder.iterdir()):
        below = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in below:
            name = file.relative_to(folder).as_posix()
            if file.is_dir():
                _refuse_findings_in(file)
                remarks.append(remark(f"{name}/", Reason.of("reading.deep-folder")))
                continue
            if not file.name.startswith(_HIDDEN) and file.is_file() and taken(file, name):
                continue
            text = _text_of(file, name, remarks)
            if text is not None:
                yield text


def remark(file: str, why: Reason) -> NotUsable:
    """A note on a whole file."""
    return not_usable(file=file, line=0, why=why, found="", severity="remark")


def _refuse_findings_in(deep: Path) -> None:
    try:
        names = sorted(file.name for file in deep.iterdir() if _FINDINGS.fullmatch(file.name))
    except OSError:
        return
    if names:
        raise BadInput.of(
            "too-deep",
            f"lies two levels down in {deep.parent.parent}, where nothing is read; give {deep.parent}",
            file=f"{deep.parent.name}/{deep.name}/{names[0]}",
        )


def _text_of(file: Path, name: str, remarks: list[NotUsable]) -> TextFile | None:
    panels = named_as_a_panels(file.name)
    try:
        if _small_enough(file) and (panels or _is_text(file)):
            return read_text(file, name)
    except OSError:
        pass
    except BadInput as error:
        problem = error.problems[0]
        if panels:
            raise BadInput.of(
                problem.code, f"{problem.message}, or take it out of the folder", file=name
            ) from error
        remarks.append(remark(name, Reason.of("reading.not-read", problem=problem.message)))
        return None
    remarks.append(remark(name, Reason.of("reading.no-text")))
    return None


def named_as_a_panels(name: str) -> bool:
    """Whether a file's name ends as a panel's tables and a specimen file do."""
    return not name.startswith(_HIDDEN) and name.casefold().removesuffix(".gz").endswith(_ENDINGS)


def _small_enough(file: Path) -> bool:
    """True too for a link to nothing, which opening it then says."""
    return not file.exists() or (file.is_file() and file.stat().st_size <= LARGEST)


def _is_text(file: Path) -> bool:
    with file.open("rb") as opened:
        head = opened.read(4096)
    return head.startswith((*UTF16_MARKS, b"\x1f\x8b")) or b"\0" not in head
