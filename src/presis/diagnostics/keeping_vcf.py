"""A VCF as it is kept: of a file that several patients share, this specimen's columns and rows.

What is kept of the rows, and why:

- rows in which the tumour or its normal has an alternative allele, or reads that hold one: the findings,
  and what is listed beside them;
- rows in which their genotype is missing or not called: the reader lists them as not read, and the list
  must have its evidence;
- in a genome VCF also reference calls with a depth, since they show what was covered. In a file of small
  variants nothing is read from a reference call: it is there for another patient who has the variant, so
  it goes;
- of copy number, splice and structural variants every row, since their readers take each as the tumour's.

A row that doesn't fit its columns goes, because whose its cells are can't be told; the reading lists it.
Header lines that name another sample go. Alleles beside an own one in the same row stay, since the counts
are told by allele, and so do sums over all samples (INFO).
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from presis.diagnostics.readers import copy_vcf, genome_vcf, small_vcf
from presis.diagnostics.readers.sample_id import spells
from presis.diagnostics.readers.sniff import Kind
from presis.diagnostics.readers.text import read_text
from presis.diagnostics.readers.vcf_sample import normal_of, tumour_of
from presis.diagnostics.readers.vcf_text import VcfHeader, parse_header

#: Kinds with a column for each sample after those that every VCF has.
_SMALL = (Kind.SMALL_VCF, small_vcf.UNANNOTATED)
_EVERY_ROW = (Kind.COPY_VCF, copy_vcf.EXON_KIND, Kind.SPLICE_VCF, Kind.STRUCTURAL_VCF)
VCFS = (*_SMALL, *_EVERY_ROW, genome_vcf.KIND)
_FIXED = 9
#: Lines of a VCF's header by which its rows are read; any other may name a sample.
_FIELDS = ("##fileformat", "##INFO", "##FORMAT", "##FILTER", "##ALT", "##contig", "##reference")
#: Fields that tell reads or a share of each allele, REF first where there is one more than alternatives.
_COUNTS = ("AD", "ADT", "AO", "AF", "VAF", "FREQ")


def own_vcf(path: Path, kind: str, names: Collection[str]) -> bytes:
    """The file without other patients; one that holds no other stays as it is, byte by byte.

    Raises:
        BadInput: if it can't be read any more.

    """
    if kind == genome_vcf.KIND:
        with genome_vcf.opened(path) as lines:
            head = []
            for line in lines:
                head.append(line.rstrip("\r\n"))
                if line.startswith("#CHROM"):
                    break
            own = _own_columns(parse_header(tuple(head), path.name), names, path.name)
            if not own.others:
                return path.read_bytes()
            return _packed(own.kept(head, (line.rstrip("\r\n") for line in lines), kind))
    text = read_text(path).lines
    at = next(n for n, line in enumerate(text) if line.startswith("#CHROM"))
    own = _own_columns(parse_header(text[: at + 1], path.name), names, path.name)
    if not own.others:
        return path.read_bytes()
    return ("\n".join(own.kept(text[: at + 1], text[at + 1 :], kind)) + "\n").encode()


def _packed(lines: Iterable[str]) -> bytes:
    """Lines as gzip, with the same bytes for the same lines; a genome VCF is too large to lie unpacked."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as file:
        for line in lines:
            file.write(f"{line}\n".encode())
    return out.getvalue()


def _own_columns(header: VcfHeader, names: Collection[str], file: str) -> _Own:
    own = [each for each in header.samples if any(spells(each, name) for name in names)]
    tumour = tumour_of(header, own[0] if own else None, file)
    normal = normal_of(header, tumour)
    kept = {*own, tumour.name, normal.name if normal else None}
    others = frozenset(each for each in header.samples if each not in kept)
    return _Own(header, others)


@dataclass(frozen=True, slots=True)
class _Own:
    """Whose columns stand in a file: `others` are those of other patients."""

    header: VcfHeader
    others: frozenset[str]

    def kept(self, head: Iterable[str], rows: Iterable[str], kind: str) -> Iterator[str]:
        """The lines that are kept, without the others' columns."""
        samples = list(enumerate(self.header.samples, start=_FIXED))
        gone = {at for at, each in samples if each in self.others}
        own = [at for at, each in samples if each not in self.others]
        for line in head:
            if line.startswith("#CHROM"):
                yield _without(line.split("\t"), gone)
            elif line.startswith(_FIELDS) or not any(each in line for each in self.others):
                yield line
        for line in rows:
            cells = line.split("\t")
            if len(cells) == self.header.width and (
                kind in _EVERY_ROW or any(_tells(cells, at, kind) for at in own)
            ):
                yield _without(cells, gone)


def _without(cells: list[str], gone: Collection[int]) -> str:
    return "\t".join(cell for n, cell in enumerate(cells) if n not in gone)


def _tells(cells: list[str], column: int, kind: str) -> bool:
    """Whether a row says something of the sample of a column."""
    values = dict(zip(cells[8].split(":"), cells[column].split(":"), strict=False))
    alleles = set(re.split(r"[/|]", values.get("GT") or "."))
    if alleles != {"0"} or _has_reads(values, cells[4].count(",") + 1):
        return True
    return kind == genome_vcf.KIND and any(values.get(key, ".") not in (".", "") for key in ("DP", "MIN_DP"))


def _has_reads(values: dict[str, str], alternatives: int) -> bool:
    """Whether any alternative allele has reads or a share above none, or a number that can't be read."""
    told = [values[key].split(",") for key in _COUNTS if key in values]
    counts = [count for each in told for count in each[-alternatives:]]
    return any(count not in ("", ".") and count.strip("0.%") for count in counts)
