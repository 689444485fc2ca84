"""Panel files as they are kept: of this sample alone, since a run's files hold other patients too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from presis.diagnostics.keeping_vcf import VCFS, own_vcf
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.readers.pathology_markers import is_header
from presis.diagnostics.readers.sample_id import bare, spells
from presis.diagnostics.readers.sniff import Kind
from presis.diagnostics.readers.text import read_text
from presis.diagnostics.readers.values import MISSING
from presis.diagnostics.review import Upload

#: Plots of the panel's software, which are kept and shown as they are; a drawing that can run script isn't.
ATTACHMENTS = (".png", ".pdf")
#: Kinds with a row for each sample of a run, and those with a column for each.
_BY_ROW = (Kind.TSOPPI_SUMMARY, Kind.SAMPLE_LIST, Kind.METADATA)
_FIXED = 3


def kept_files(paths: Iterable[Path], profile: MolecularProfile) -> tuple[Upload, ...]:
    """The files that the profile was read from, in its order, without other samples; then the plots.

    Raises:
        BadInput: if a file can't be read any more.

    """
    by_name = {path.name: path for path in paths}
    read = tuple(
        Upload(name=each.name, kind=each.kind, data=_own(by_name[each.name], each.kind, profile))
        for each in profile.inputs
        if each.name in by_name
    )
    plots = tuple(
        Upload(name=each.name, kind="attachment", data=by_name[each.name].read_bytes())
        for each in profile.attachments
        if each.name in by_name
    )
    return read + plots


def _own(path: Path, kind: str, profile: MolecularProfile) -> bytes:
    """A file without the rows or columns of others; one that holds this sample alone stays as it is."""
    told = (profile.sample, profile.dna_sample, profile.rna_sample)
    names = frozenset(bare(each) for each in told if each)
    if kind == Kind.METRICS:
        kept = _columns(read_text(path).lines, names)
    elif kind in _BY_ROW:
        kept = _rows(read_text(path).lines, names)
    elif kind == Kind.TSOPPI_TABLE:
        return _own_variants(path, names)
    elif kind in VCFS:
        return own_vcf(path, kind, names)
    elif kind == Kind.MARKERS:
        used = {each.line for each in profile.markers if each.file == path.name}
        kept = _used(read_text(path).lines, used)
    else:
        return path.read_bytes()
    return ("\n".join(kept) + "\n").encode()


def _used(lines: Sequence[str], used: Collection[int]) -> Iterator[str]:
    """The heading, and the rows that became this specimen's results; any other may be another patient's."""
    heading = next((n for n, line in enumerate(lines, start=1) if is_header(line)), 0)
    return (line for n, line in enumerate(lines, start=1) if n == heading or n in used)


def _rows(lines: Sequence[str], names: frozenset[str]) -> Iterator[str]:
    """The heading, and the rows whose `sample_id` spells the sample; comments may name others, and go."""
    at: int | None = None
    for line in lines:
        cells = [cell.strip().strip('"') for cell in line.split("\t")]
        if at is None:
            headings = [cell.lstrip("# ").casefold() for cell in cells]
            at = headings.index("sample_id") if "sample_id" in headings else None
            if at is not None:
                yield line
        elif at < len(cells) and cells[at] and any(spells(cells[at], name) for name in names):
            yield line


def _own_variants(path: Path, names: Collection[str]) -> bytes:
    """A table of variants without the rows of other samples, and without comments that name one.

    It nearly always holds one sample; then, and where no row spells the sample, it stays as it is.
    """
    lines = read_text(path).lines
    start = next(n for n, line in enumerate(lines) if not line.startswith("#"))
    headings = [cell.strip().strip('"').casefold() for cell in lines[start].split("\t")]
    at = headings.index("sample_id")
    told = [_cell(line, at) for line in lines[start + 1 :]]
    named = {each for each in told if each not in MISSING}
    others = {each for each in named if not any(spells(each, n) or spells(n, each) for n in names)}
    if others in (set(), named):
        return path.read_bytes()
    kept = [line for line in lines[:start] if not any(other in line for other in others)]
    kept.append(lines[start])
    kept += [line for line, each in zip(lines[start + 1 :], told, strict=True) if each not in others]
    return ("\n".join(kept) + "\n").encode()


def _cell(line: str, at: int) -> str:
    cells = line.split("\t")
    return cells[at].strip().strip('"') if at < len(cells) else ""


def _columns(lines: Sequence[str], names: frozenset[str]) -> Iterator[str]:
    """Every line without the columns of other samples; a heading row says which they are."""
    dropped: frozenset[int] = frozenset()
    for line in lines:
        cells = line.split("\t")
        first = cells[0].strip().casefold()
        if first.startswith("["):
            dropped = frozenset()
        elif first.startswith("metric") or (not first and any(cell.strip() for cell in cells)):
            dropped = frozenset(_others(cells, _FIXED if first else 1, names))
        yield "\t".join(cell for index, cell in enumerate(cells) if index not in dropped)


def _others(cells: Sequence[str], first: int, names: frozenset[str]) -> Iterator[int]:
    for index, cell in enumerate(cells[first:], start=first):
        told = cell.strip()
        if told and told.casefold() != "value" and not any(spells(told, name) for name in names):
            yield index
