"""From files to profiles: the readers, given what the knowledge packs know of genes and transcripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from presis.diagnostics.assemble import Knowledge, read_profile, read_profiles
from presis.diagnostics.profile import Mane, MolecularProfile, Specimen
from presis.diagnostics.specimen import read_specimen
from presis.knowledge import Library
from presis.methods.bulk import no_cycle_collection


def reader_knowledge(library: Library) -> Knowledge:
    """What readers ask of the library."""
    return Knowledge(mane_status=_mane_status(library), current_symbol=library.current_symbol)


def _mane_status(library: Library) -> Callable[[str], Mane]:
    return lambda accession: Mane(library.mane_status(accession))


def read_one(
    paths: Sequence[Path],
    library: Library,
    *,
    specimen_file: Path | None = None,
    sample: str | None = None,
    limits: Path | None = None,
) -> MolecularProfile:
    """The one specimen in the files given; raises `BadInput` for what can't be used."""
    specimen: Specimen | None = None if specimen_file is None else read_specimen(specimen_file)
    knowledge = reader_knowledge(library)
    with no_cycle_collection():
        return read_profile(paths, sample=sample, specimen=specimen, limits=limits, knowledge=knowledge)


def read_all(
    paths: Sequence[Path], library: Library, *, limits: Path | None = None
) -> tuple[MolecularProfile, ...]:
    """Every specimen in the files given; raises `BadInput` for what can't be used."""
    knowledge = reader_knowledge(library)
    return read_profiles(
        paths,
        limits=limits,
        mane_status=knowledge.mane_status,
        current_symbol=knowledge.current_symbol,
    )
