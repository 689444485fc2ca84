"""Cells read as numbers, fractions, positions and bases; what can't be read says why."""

from __future__ import annotations

import math
import re

from presis.diagnostics.not_usable import PART, in_english, not_usable
from presis.diagnostics.profile import NotUsable
from presis.methods.reasons import Reason, Value

#: what files write where they have no value
MISSING = frozenset({"", "NA", "N/A", ".", "-", "nan", "NaN", "None"})

_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"(\d{1,15})(?:\.0)?", re.ASCII)
_COMMA = re.compile(r"([+-]?\d+),(\d+)", re.ASCII)
_BASES = re.compile(r"[ACGTN]+")
_PLACE = re.compile(r"(?:chr)?([0-9A-Za-z_.]+):(\d{1,12})", re.ASCII)
_CHROMOSOMES = frozenset([*(str(number) for number in range(1, 23)), "X", "Y", "MT"])
LONGEST_SHOWN = 80


class UnreadableError(ValueError):
    """A cell that can't be read: why, as a code whose words complete a sentence, with its values."""

    def __init__(self, code: str, **values: Value) -> None:
        self.why = Reason.of(code, **values)
        super().__init__(in_english(self.why))

    def inside(self, code: str, **values: Value) -> Reason:
        """The reason `code`, in whose words this one's stand as `{error}`."""
        return Reason.of(code, **{**self.why.values, **values, PART: self.why.code})

    def wrapped(self, code: str, **values: Value) -> UnreadableError:
        """The same as an error."""
        return UnreadableError(code, **self.inside(code, **values).values)


def clip(text: str) -> str:
    """A cell as shown in a list of problems: whole if short, else its beginning."""
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def number(text: str) -> float:
    """A finite number. A decimal comma is read where it can't be a thousands sign."""
    if _PLAIN.fullmatch(text):
        value = float(text)
        if math.isfinite(value):
            return value
        raise UnreadableError("cell.not-finite")
    comma = _COMMA.fullmatch(text)
    if comma is None:
        raise UnreadableError("cell.not-number")
    whole, decimals = comma.groups()
    if len(decimals) == 3 and whole.lstrip("+-0"):
        raise UnreadableError("cell.comma")
    return float(f"{whole}.{decimals}")


def positive(text: str) -> float:
    """A finite number of 0 or more."""
    value = number(text)
    if value < 0:
        raise UnreadableError("cell.negative")
    return value


def fraction(text: str) -> float:
    """A number from 0 to 1; a decimal comma is never a thousands sign here."""
    comma = _COMMA.fullmatch(text)
    value = positive(f"{comma[1]}.{comma[2]}" if comma else text)
    if value > 1:
        raise UnreadableError("cell.not-fraction")
    return value


def whole(text: str) -> int:
    """A count of 0 or more; `12` and `12.0` are counts, `12.5`, `1,234` and `1.2E1` are not.

    A spreadsheet that writes an exponent has rounded the number.
    """
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise UnreadableError("cell.not-whole")
    return int(match[1])


def optional_fraction(text: str) -> float | None:
    """A fraction, or None for a missing one."""
    return None if text in ABSENT else fraction(text)


def optional_positive(text: str) -> float | None:
    """A number of 0 or more, or None for a missing one."""
    return None if text in ABSENT else positive(text)


def optional_whole(text: str) -> int | None:
    """A count, or None for a missing one."""
    return None if text in ABSENT else whole(text)


#: `nan` is no missing value in a number column: somebody's arithmetic failed, so it is listed
ABSENT = MISSING - {"nan", "NaN"}


def text_or_none(text: str) -> str | None:
    """The text, or None for one of the signs of a missing value."""
    return None if text in MISSING else text


def chromosome(text: str) -> str:
    """`chr7`, `7` or `CHR7` as `7`; the mitochondrion as `MT`."""
    name = text[3:] if text[:3].lower() == "chr" else text
    name = name.upper()
    if name == "M":
        name = "MT"
    if name not in _CHROMOSOMES:
        raise UnreadableError("cell.not-chromosome")
    return name


def position(text: str) -> int:
    """A 1-based position on a chromosome."""
    value = whole(text)
    if value < 1:
        raise UnreadableError("cell.not-position")
    return value


def bases(text: str) -> str:
    """A VCF allele of A, C, G, T, N."""
    allele = text.upper()
    if not _BASES.fullmatch(allele):
        raise UnreadableError("cell.not-bases")
    return allele


def place(text: str) -> tuple[str, int]:
    """`7:140453136` or `chr7:140453136` as chromosome and position."""
    match = _PLACE.fullmatch(text)
    if match is None:
        raise UnreadableError("cell.not-place")
    return chromosome(match[1]), position(match[2])


class Listing:
    """Collects what one file held that no finding could be made of."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.entries: list[NotUsable] = []

    def lost(self, line: int, why: Reason, found: str) -> None:
        """A value or row that should have been a finding."""
        self.entries.append(not_usable(file=self.file, line=line, why=why, found=clip(found)))

    def remark(self, line: int, why: Reason, found: str = "") -> None:
        """A note, an unknown section, a field of no use here."""
        self.entries.append(
            not_usable(file=self.file, line=line, why=why, found=clip(found), severity="remark")
        )
