"""Which software wrote a TSO500 file: from its title line, then its version key, then its sections."""

from __future__ import annotations

import re
from dataclasses import dataclass

from presis.diagnostics.profile import Assay

TITLE = re.compile(
    r"(?P<dragen>DRAGEN\s+)?TruSight Oncology 500(?P<ctdna>\s+ctDNA)?(?:\s+v(?P<version>\d+\.\d+)[\d.]*)?"
    r"(?P<ctdna2>\s+ctDNA)?(?:\s+Analysis Software)?\s*-\s*(?P<what>Combined Variant Output|Metrics Output)",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(?:ruo-)?(\d+\.\d+)(?:\.\d+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Title:
    """What a title line says: DRAGEN or LocalApp, plasma or tissue, a version such as 2.6."""

    dragen: bool
    ctdna: bool
    version: str | None
    what: str


def read_title(line: str) -> Title | None:
    """The title line of a TSO500 file, or None for any other line."""
    match = TITLE.match(line.strip().strip('"'))
    if match is None:
        return None
    ctdna = bool(match["ctdna"] or match["ctdna2"])
    return Title(bool(match["dragen"]), ctdna, match["version"], match["what"].lower())


def recognise(
    title: Title | None, written_version: str, sections: frozenset[str], *, has_sum_jsd: bool
) -> Assay:
    """The assay and software of a file; `sections` in small letters.

    A section that LocalApp never writes makes it a DRAGEN file, whatever the title says. Where
    nothing tells the version, the one with those sections is assumed and said to be.
    """
    assumed = title is None
    title = title or Title(dragen=False, ctdna=False, version=None, what="")
    ctdna = title.ctdna or "dna fusions" in sections or has_sum_jsd
    dragen = title.dragen or ctdna or bool(sections & _DRAGEN_ONLY)
    found = _VERSION.fullmatch(written_version)
    full_version = written_version if found else None
    kind = "ctdna" if ctdna else "tissue"
    if not dragen:
        return Assay(
            name="TSO500",
            kind=kind,
            software="localapp-2.x",
            software_version=full_version,
            software_assumed=assumed,
        )
    told = title.version or (found[1] if found else None)
    version = told or _by_sections(sections, ctdna=ctdna)
    return Assay(
        name="TSO500",
        kind=kind,
        software=f"dragen-{version}",
        software_version=full_version or title.version,
        software_assumed=told is None,
    )


_DRAGEN_ONLY = frozenset(
    {
        "copy number variants",
        "large rearrangements",
        "exon-level cnvs",
        "gis",
        "dna fusions",
        "loss of heterozygosity",
        "gene-level loss of heterozygosity",
    }
)


def _by_sections(sections: frozenset[str], *, ctdna: bool) -> str:
    if ctdna or "large rearrangements" in sections:
        return "2.6"
    return "2.5" if "copy number variants" in sections else "2.1"
