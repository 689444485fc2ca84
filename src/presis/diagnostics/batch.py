"""Which files of a large folder belong to one case, without reading them all: so that memory stays flat.

A case is a folder's findings files that name the same patient, with the run-wide files beside them or
one level up (metrics, variant summary, metadata, sample list).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from presis.diagnostics.readers.folder import named_as_a_panels
from presis.diagnostics.readers.sample_id import bare, parse_library
from presis.diagnostics.readers.sniff import Kind, recognise
from presis.diagnostics.readers.text import read_text
from presis.errors import BadInput

FINDINGS = frozenset({Kind.COMBINED, Kind.ALL_FUSIONS, Kind.TSOPPI_TABLE})
RUN_WIDE = frozenset({Kind.METRICS, Kind.TSOPPI_SUMMARY, Kind.METADATA, Kind.SAMPLE_LIST})
_ENDINGS = ("_CombinedVariantOutput", "_AllFusions", "_Fusions", "_small_variant_table")
_ID_LINES = ("Pair ID", "DNA Sample ID", "RNA Sample ID", "Sample ID")


@dataclass(frozen=True, slots=True)
class Case:
    """The files of one case, and the name under which it was found."""

    name: str
    files: tuple[Path, ...]


def find_cases(folder: Path) -> Iterator[Case]:
    """Every case in a folder and those below it, folder by folder, in order.

    Raises:
        BadInput: if the folder isn't there.

    """
    if not folder.is_dir():
        raise BadInput.of(
            "folder", "is no folder; give the folder that holds the panel's files", file=str(folder)
        )
    yield from _in_folder(folder, ())


def _in_folder(folder: Path, above: tuple[Path, ...]) -> Iterator[Case]:
    """`above` are the run-wide files of the folder one level up."""
    groups: dict[str, list[Path]] = {}
    beside: list[Path] = []
    single: list[Path] = []
    below: list[Path] = []
    for path in sorted(folder.iterdir(), key=lambda path: ("Fusions" in path.name, path)):
        if path.is_dir():
            below.append(path)
            continue
        kind, key = _look(path)
        if kind in FINDINGS:
            same_name = next((k for k, files in groups.items() if _name(files[0]) == _name(path)), None)
            groups.setdefault(same_name or key or path.stem, []).append(path)
        elif kind in RUN_WIDE:
            beside.append(path)
        elif kind is Kind.SPECIMEN or (kind is None and key is not None):
            single.append(path)
    one = len(groups) == 1
    for key, files in groups.items():
        yield Case(key, (*files, *beside, *(single if one else ()), *above))
    for path in () if one else single:
        yield Case(path.name, (path,))  # whose it is isn't known; reading it says why it can't be used
    for path in below:
        yield from _in_folder(path, tuple(beside))


def _look(path: Path) -> tuple[Kind | None, str | None]:
    """What a file is, and whose, by its beginning and its name; what can't be read has no kind."""
    try:
        text = read_text(path)
    except (BadInput, OSError):
        # a damaged findings file is a case of its own, so that it is said and not lost
        named = any(ending in path.name for ending in _ENDINGS)
        if named:
            return Kind.COMBINED, path.stem
        return None, path.stem if named_as_a_panels(path.name) else None
    kind = recognise(text)
    if kind is None:
        return None, None
    return kind, _patient(path, text.lines[:30] if kind is Kind.COMBINED else ())


def _patient(path: Path, lines: tuple[str, ...]) -> str:
    for line in lines:
        key, _, value = line.partition("\t")
        value = value.strip()
        if key.strip() in _ID_LINES and value and value != "NA":
            return _stem(value)
    return _stem(_name(path))


def _name(path: Path) -> str:
    """The file's name without what says its kind."""
    name = path.name
    for ending in _ENDINGS:
        name = name.partition(ending)[0]
    return name


def _stem(sample: str) -> str:
    library = parse_library(sample)
    return library.patient if library else bare(sample)
