"""What a person asks of a report beside its files, and the interpreter that follows from it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from presis.diagnostics.filtering import load_filter, read_blacklist
from presis.diagnostics.interpretation import Interpreter
from presis.knowledge import load_library


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is told of the specimen and the laboratory."""

    tumour: str | None = None
    specimen: Path | None = None
    sample: str | None = None
    limits: Path | None = None
    laboratory: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """Packs, filter and blacklist of one's own."""

    packs: tuple[Path, ...] = ()
    variant_filter: Path | None = None
    blacklist: Path | None = None


def interpreter_of(
    packs: Sequence[Path],
    variant_filter: Path | None,
    blacklist: Path | None,
    confirmed: Collection[str] = (),
) -> Interpreter:
    """The interpreter; raises `BadInput` at once for a pack, filter or blacklist that can't be used."""
    library = load_library(tuple(packs), confirmed=confirmed)
    own = None if variant_filter is None else load_filter(variant_filter)
    if blacklist is not None:
        read_blacklist(blacklist, None)
    return Interpreter(library, own, blacklist)
