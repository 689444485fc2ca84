"""What the comment lines of a TSOPPI table say: sample, genome, coding region, purity, RNA."""

from __future__ import annotations

import re
from dataclasses import dataclass

from presis.diagnostics.profile import GenomeBuild
from presis.diagnostics.readers.values import fraction, number, text_or_none

_COMMENT = re.compile(r"#\s*\[(?P<sample>[^\]]*)\]\s*(?P<text>.*)")


@dataclass(frozen=True, slots=True)
class Comments:
    """What the lines before the header say."""

    sample: str | None = None
    build: GenomeBuild | None = None
    version: str | None = None
    megabases: float | None = None
    purity: float | None = None
    rna: str | None = None


def read_comments(lines: tuple[str, ...]) -> Comments:
    """The facts of the comments; None for each that they leave out."""
    found: dict[str, str] = {}
    sample = None
    for line in lines:
        match = _COMMENT.match(line)
        if match is None:
            continue
        sample = sample or match["sample"]
        key, colon, value = match["text"].partition(":")
        if colon:
            found.setdefault(key.strip().casefold(), value.strip())
    version = found.get("version string", "")
    size = next((value for key, value in found.items() if key.startswith("size of the target")), "")
    purity = next((value for key, value in found.items() if key.startswith("specified tumor purity")), "")
    rna = found.get("id of the matched tumor rna sample", "")
    return Comments(
        sample=sample or None,
        build=_build(version),
        version=version.split("/")[0].strip() or None,
        megabases=_fraction_or_number(size),
        purity=_fraction_or_number(purity, fraction_only=True),
        rna=text_or_none(rna),
    )


def _build(version: str) -> GenomeBuild | None:
    parts = {part.strip().casefold() for part in version.split("/")}
    if parts & {"hg19", "grch37", "b37", "hs37d5"}:
        return GenomeBuild.GRCH37
    return GenomeBuild.GRCH38 if parts & {"hg38", "grch38"} else None


def _fraction_or_number(text: str, *, fraction_only: bool = False) -> float | None:
    try:
        return fraction(text) if fraction_only else number(text)
    except ValueError:
        return None
