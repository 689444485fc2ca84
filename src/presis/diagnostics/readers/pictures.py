"""Pictures beside a panel's files, such as TSOPPI's plots: recognised by their bytes, kept as they are.

What a picture shows is told by the usual end of its name (InPreD's TSOPPI; PRONTO takes the same).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from presis.diagnostics.pathology import Attachment
from presis.errors import BadInput

_ENDINGS = (".png", ".pdf", ".svg")
_MAGIC = {".png": b"\x89PNG\r\n\x1a\n", ".pdf": b"%PDF-"}
#: larger ones are no plots
LARGEST = 64 * 2**20
_KINDS = (
    (re.compile(r".*_CNV_overview_plots?\.(pdf|png|svg)", re.IGNORECASE), "copy_number_plot"),
    (re.compile(r".*_sample_QC_plots?\.(pdf|png|svg)", re.IGNORECASE), "quality_plot"),
)
_NAME_END = re.compile(r"_(CNV_overview_plots?|sample_QC_plots?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, and where it lies."""

    attachment: Attachment
    path: Path

    @property
    def names_a_sample(self) -> bool:
        """Whether its name says whose it is, as those of TSOPPI's plots do."""
        return self.attachment.kind != "picture"

    @property
    def stem(self) -> str:
        """The name without what TSOPPI puts behind the sample's id."""
        return _NAME_END.sub("", self.path.stem)


def is_picture(path: Path) -> bool:
    """Whether a file is a picture: by its ending, and by its first bytes."""
    ending = path.suffix.casefold()
    if ending not in _ENDINGS or path.name.startswith("."):
        return False
    try:
        if not path.is_file() or not 0 < path.stat().st_size <= LARGEST:
            return False
        with path.open("rb") as opened:
            head = opened.read(1024)
    except OSError:
        return False
    magic = _MAGIC.get(ending)
    return head.startswith(magic) if magic else b"<svg" in head


def read_picture(path: Path, name: str) -> Picture:
    """The picture's entry. Raises `BadInput` if it can't be opened."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it can't be opened"
        raise BadInput.of("unreadable", f"can't be read: {reason}; check the path", file=name) from error
    kind = next((kind for pattern, kind in _KINDS if pattern.fullmatch(path.name)), "picture")
    digest = hashlib.sha256(data).hexdigest()
    return Picture(Attachment(name=name, kind=kind, sha256=digest, size=len(data)), path)
