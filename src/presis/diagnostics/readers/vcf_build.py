"""Which reference genome a VCF counts on, as its header says; never guessed, never mixed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presis.diagnostics.profile import GenomeBuild
from presis.diagnostics.readers.vcf_text import VcfHeader
from presis.errors import BadInput, Problem, Where

_NAMES = {
    GenomeBuild.GRCH37: re.compile(r"GRCh37|hg19|\bb37\b|hs37d5|human_g1k_v37", re.IGNORECASE),
    GenomeBuild.GRCH38: re.compile(r"GRCh38|hg38|hs38", re.IGNORECASE),
}
#: other genomes by name: positions on them mean something else
_OTHER = re.compile(r"\b(?:hg1[678]|NCBI36|b36|GRCm\d+|mm(?:9|10|39)|T2T|CHM13\w*|hs1)\b", re.IGNORECASE)
#: lengths in bases, GRCh37 and GRCh38 (Genome Reference Consortium)
_LENGTHS = {
    "1": (249250621, 248956422),
    "2": (243199373, 242193529),
    "7": (159138663, 159345973),
    "12": (133851895, 133275309),
    "17": (81195210, 83257441),
    "X": (155270560, 156040895),
}
_KEYS = ("reference", "new_reference_genome", "assembly", "genome_build", "genomeBuild")
_VEP_ASSEMBLY = re.compile(r'assembly="([^"]*)"')
_FILE_NAME = re.compile(r"[._-](grch37|hg19|grch38|hg38)[._-]", re.IGNORECASE)


def build_of(header: VcfHeader, file: str) -> GenomeBuild | None:
    """The build; None where the header doesn't say. Raises `BadInput` where it says two, or another."""
    said: dict[GenomeBuild, str] = {}
    for text in (*_told(header), *header.assemblies):
        other = _OTHER.search(text)
        builds = [build for build, names in _NAMES.items() if names.search(text)]
        if other and not builds:
            raise _refused("genome-build.unknown", file, text, f"counts positions on {other[0]}")
        for build in builds:
            said.setdefault(build, text)
    for name, length in header.contigs.items():
        if name in _LENGTHS:
            by_length = dict(zip(_LENGTHS[name], GenomeBuild, strict=True)).get(length)
            text = f"chromosome {name} of {length} bases"
            if by_length is None:
                what = "counts positions on a genome that isn't known here"
                raise _refused("genome-build.length", file, text, what, chromosome=name, length=length)
            said.setdefault(by_length, text)
    if len(said) > 1:
        raise _refused("genome-build.two", file, "; ".join(said.values()), "names two genomes in its header")
    return next(iter(said), None)


def build_in_name(name: str) -> GenomeBuild | None:
    """A build that a file's name spells between dots (`T001.grch38.cna.tsv`)."""
    found = _FILE_NAME.search(name)
    if found is None:
        return None
    return GenomeBuild.GRCH37 if found[1].casefold() in ("grch37", "hg19") else GenomeBuild.GRCH38


def _told(header: VcfHeader) -> Iterator[str]:
    for key in _KEYS:
        yield from header.meta.get(key, ())
    for line in header.meta.get("VEP", ()):
        yield from _VEP_ASSEMBLY.findall(line)


def _refused(code: str, file: str, found: str, what: str, **values: str | int) -> BadInput:
    message = f"{what}; give a file on GRCh37 or GRCh38"
    return BadInput(Problem(code, message, Where(file), found, "GRCh37, GRCh38", values))
