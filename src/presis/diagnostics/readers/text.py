"""A file's bytes as lines of text, whatever its encoding and line ends, with what was odd about it."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.profile import InputFile, NotUsable
from presis.errors import BadInput, Problem, Where
from presis.methods.reasons import Reason

GZIP_MAGIC = b"\x1f\x8b"
#: bgzip's blocks carry the field BC, and its last block is always this empty one (SAM specification, 4.1)
BGZIP_FIELD, BGZIP_END = (
    b"BC\x02\x00",
    bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000"),
)
#: A packed file may hold a thousand times its size; what is read here lies in memory as a whole.
LARGEST_UNPACKED = 256 * 1024 * 1024
#: What the packed files of one reading may unpack to together.
LARGEST_TOGETHER = 2 * LARGEST_UNPACKED
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A decoded file: `lines` without their ends; `complete` tells whether the last line had one.

    `unpacked`: the bytes that a packed file holds; 0 for one that isn't packed.
    """

    name: str
    path: Path
    sha256: str
    lines: tuple[str, ...]
    complete: bool
    remarks: tuple[NotUsable, ...] = ()
    unpacked: int = 0

    def as_input(self, kind: str, rows: int) -> InputFile:
        """The file's entry in the profile's list of inputs."""
        return InputFile(name=self.name, kind=kind, sha256=self.sha256, rows=rows)

    def cut_row(self, line: int, cells: int, width: int) -> BadInput:
        """The error for a file that ends inside its last row."""
        return cut_row(self.name, line, cells, width)

    def without_header(self) -> BadInput:
        """The error for a table in which no line names columns."""
        return truncated("truncated.header", "there is no header line", self.name, len(self.lines))

    def cut_at_header(self, line: int) -> BadInput:
        """The error for a table that ends in the line of its columns."""
        return truncated("truncated.at-header", "it ends in its header", self.name, line)

    def without_section(self, section: str) -> BadInput:
        """The error for a file that lacks a section which every version writes."""
        what = f"the section [{section}] is missing"
        return truncated("truncated.section", what, self.name, len(self.lines), section=section)

    def without_section_header(self, line: int, section: str) -> BadInput:
        """The error for a section in which no line names columns."""
        what = f"section [{section}] has no header"
        return truncated("truncated.section-header", what, self.name, line, section=section)


def truncated(code: str, what: str, file: str, line: int, **values: str | int) -> BadInput:
    """The error for a file that ends too early; `what` shows it."""
    message = f"the file is cut or damaged ({what}); export it again and give the whole file"
    return BadInput(Problem(code, message, Where(file, line), values=values))


def cut_row(file: str, line: int, cells: int, width: int) -> BadInput:
    """The error for a file that ends inside its last row."""
    what = f"its last row has {cells} of {width} cells"
    return truncated("truncated.row", what, file, line, cells=cells, width=width)


def cut_gzip(file: str) -> BadInput:
    """The error for a packed file that ends too early."""
    return BadInput.of("truncated.gzip", "the gzip file is cut or damaged; give the whole file", file=file)


def read_text(path: Path, name: str | None = None) -> TextFile:
    """Read and decode a file, unpacking gzip.

    UTF-8 with or without a byte order mark, UTF-16 with one, else Latin-1 (said in a remark).
    Line ends LF, CRLF or CR. Raises `BadInput` for a file that is missing, empty or no text.
    """
    shown = name or path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it can't be opened"
        raise BadInput.of("unreadable", f"can't be read: {reason}; check the path", file=shown) from error
    digest = hashlib.sha256(data).hexdigest()
    whole = _unpack(data, shown)
    text, remarks = _decode(whole, shown)
    if not text.strip():
        raise BadInput.of("empty", "the file is empty; export it again", file=shown)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    complete = lines[-1] == ""
    if complete:
        lines.pop()
    if not complete:
        remarks = (*remarks, _unfinished(shown, lines))
    unpacked = len(whole) if whole is not data else 0
    return TextFile(shown, path, digest, tuple(lines), complete, remarks, unpacked)


def _unfinished(name: str, lines: list[str]) -> NotUsable:
    return not_usable(
        file=name,
        line=len(lines),
        why=Reason.of("reading.no-line-end"),
        found=lines[-1][-40:],
        severity="remark",
    )


def _unpack(data: bytes, name: str) -> bytes:
    if not data.startswith(GZIP_MAGIC):
        return data
    if bgzip_is_cut(data[:16], data[-len(BGZIP_END) :]):
        raise cut_gzip(name)
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            unpacked = packed.read(LARGEST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise cut_gzip(name) from error
    if len(unpacked) > LARGEST_UNPACKED:
        raise BadInput.of(
            "too-large.unpacked",
            f"unpacks to more than {LARGEST_UNPACKED >> 20} MB, which no panel's table does; "
            "give the file of one sample",
            file=name,
            most=LARGEST_UNPACKED >> 20,
        )
    return unpacked


def bgzip_is_cut(head: bytes, tail: bytes) -> bool:
    """Whether a bgzip file lacks its last, empty block, so that it may be cut between two blocks."""
    return head[12:16] == BGZIP_FIELD and tail != BGZIP_END


def _decode(data: bytes, name: str) -> tuple[str, tuple[NotUsable, ...]]:
    if data.startswith(UTF16_MARKS):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError as error:
            raise BadInput.of(
                "encoding.utf-16", "looks like UTF-16 but is damaged; save it as UTF-8", file=name
            ) from error
    if b"\0" in data:
        raise BadInput.of(
            "encoding.binary", "is no text file (it holds zero bytes); save it as UTF-8", file=name
        )
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        remark = not_usable(
            file=name,
            line=line,
            why=Reason.of("reading.latin-1"),
            found=f"byte 0x{data[error.start]:02x}",
            severity="remark",
        )
        return data.decode("latin-1"), (remark,)
