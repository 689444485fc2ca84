"""Protein and coding changes, as panels and people write them, read into small typed values.

HGVS nomenclature (hgvs-nomenclature.org, recommendations on protein and DNA), and the spellings
that laboratories use beside it: `V600E`, `R1450X`, `G645fs`, `NM_004958.3:c.2997C>T(p.(Asn999=))`.
What isn't understood gives None; nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

THREE_TO_ONE = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Asx": "B", "Cys": "C", "Gln": "Q", "Glu": "E",
    "Glx": "Z", "Gly": "G", "His": "H", "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F",
    "Pro": "P", "Pyl": "O", "Sec": "U", "Ser": "S", "Ter": "*", "Thr": "T", "Trp": "W", "Tyr": "Y",
    "Val": "V", "Xaa": "X",
}  # fmt: skip
ONE_TO_THREE = {one: three for three, one in THREE_TO_ONE.items()}


class ProteinKind(StrEnum):
    """What a change does to the protein's sequence."""

    MISSENSE = "missense"
    SYNONYMOUS = "synonymous"
    NONSENSE = "nonsense"
    FRAMESHIFT = "frameshift"
    INFRAME_DEL = "inframe_del"
    INFRAME_INS = "inframe_ins"
    DELINS = "delins"
    DUP = "dup"
    EXTENSION = "extension"
    START_LOSS = "start_loss"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ProteinChange:
    """One change of a protein, residues in one-letter code (`*` is a stop, `X` an unknown residue).

    `ref` and `end_ref` are the first and last residue of the range from `position` to `end`, `alt`
    the residues that come instead (for an insertion those put in; for a frameshift the first
    changed one, empty where the file leaves it out); `inserted` is their number where that alone is
    told. `stop` counts the residues of a frameshift or an extension up to the new stop. `position` is
    None where the notation gives none (`p.?`).
    """

    kind: ProteinKind
    position: int | None = None
    ref: str = ""
    end: int | None = None
    end_ref: str = ""
    alt: str = ""
    stop: int | None = None
    inserted: int | None = None

    @property
    def short(self) -> str:
        """HGVS with one-letter residues and without brackets: `p.V600E`, `p.G645Vfs*58`."""
        return f"p.{self._body(one=True)}"

    @property
    def long(self) -> str:
        """HGVS with three-letter residues, predicted: `p.(Val600Glu)`."""
        return f"p.({self._body(one=False)})"

    def _body(self, *, one: bool) -> str:
        def name(residues: str) -> str:
            return residues if one else "".join(ONE_TO_THREE[residue] for residue in residues)

        if self.position is None:
            return {ProteinKind.SYNONYMOUS: "=", ProteinKind.START_LOSS: "0"}.get(self.kind, "?")
        place = f"{name(self.ref)}{self.position}"
        if self.end is not None and self.end != self.position:
            place += f"_{name(self.end_ref)}{self.end}"
        reach = "" if self.stop is None else str(self.stop)
        told = "" if self.inserted is None else str(self.inserted)
        if self.kind is ProteinKind.FRAMESHIFT:
            return f"{place}{name(self.alt)}fs{name('*') + reach if reach else ''}"
        if self.kind is ProteinKind.EXTENSION:
            if self.ref == "M":
                return f"{place}ext-{reach or '?'}"
            return f"{place}{name(self.alt)}ext{name('*')}{reach or '?'}"
        if self.kind is ProteinKind.START_LOSS:
            return place + (name(self.alt) or "?")
        return place + _WORD.get(self.kind, "") + (name(self.alt) or told)


#: the word of HGVS for kinds that are written as place, word, new residues
_WORD = {
    ProteinKind.SYNONYMOUS: "=",
    ProteinKind.INFRAME_DEL: "del",
    ProteinKind.INFRAME_INS: "ins",
    ProteinKind.DELINS: "delins",
    ProteinKind.DUP: "dup",
    ProteinKind.UNKNOWN: "?",
}
_RESIDUE = re.compile("|".join(THREE_TO_ONE))
_PROTEIN = re.compile(
    r"""(?P<ref>[A-Z*]+)(?P<pos>\d{1,9})
        (?:_(?P<end_ref>[A-Z*])(?P<end>\d{1,9})|-(?P<dash>\d{1,9}))?
        (?:(?P<same>=)
          |(?P<unknown>\?)
          |(?P<fs>[A-Z*]?)fs(?:[*X](?P<fs_stop>\d{1,9}|\?)?)?
          |(?P<ext>[A-Z*]?)ext(?:[*X-]?(?P<ext_stop>\d{1,9})|[*X-]?\?)?(?:[A-Z])?
          |(?:del(?:[A-Z*]+|\d{1,9})?ins|>)(?P<delins>[A-Z*]+|\d{1,9}|\?)
          |(?P<deletion>del)(?:[A-Z*]+|\d{1,9})?
          |(?P<dup>dup)(?:[A-Z*]+|\d{1,9})?
          |ins(?P<ins>[A-Z*]+|\d{1,9}|\?)
          |(?P<alt>[A-Z*]+))""",
    re.VERBOSE | re.ASCII,
)
_WHOLE = {
    "?": ProteinKind.UNKNOWN,
    "=": ProteinKind.SYNONYMOUS,
    "0": ProteinKind.START_LOSS,
    "0?": ProteinKind.START_LOSS,
}


def bare_protein(text: str) -> str | None:
    """The change as reported without its accession: `NP_003811.2:p.(Lys17Arg)` gives `p.(Lys17Arg)`.

    A synonymous change in brackets behind its coding change (`NM_:c.2997C>T(p.(Asn999=))`) is taken
    out of them; a bare `Val600Glu` gets its `p.(...)`. None where there is no protein change.
    """
    start = text.rfind("p.")
    if start < 0:
        change = parse_protein(text)
        return None if change is None else change.long
    found = text[start:].strip()
    surplus = found.count(")") - found.count("(")
    return found[:-surplus] if surplus > 0 and found.endswith(")" * surplus) else found


@lru_cache(maxsize=65536)
def parse_protein(text: str) -> ProteinChange | None:
    """The protein change in `text`, with or without accession, `p.` and brackets; None if there is none."""
    start = text.rfind("p.")
    body = (text[start + 2 :] if start >= 0 else text).strip().strip("()")
    if body in _WHOLE:
        return ProteinChange(_WHOLE[body]) if start >= 0 else None
    three_letters = _RESIDUE.search(body) is not None
    if three_letters:
        body = _RESIDUE.sub(lambda found: THREE_TO_ONE[found.group()], body)
    match = _PROTEIN.fullmatch(body)
    if match is None:
        return None
    parts = match.groupdict(default=None)
    if not three_letters:  # a lone X is the old sign for a stop
        parts = {key: value.replace("X", "*") if value else value for key, value in parts.items()}
    if any(letter not in ONE_TO_THREE for key in _RESIDUE_PARTS for letter in _letters(parts[key])):
        return None
    return _change(parts)


_RESIDUE_PARTS = ("ref", "end_ref", "fs", "ext", "delins", "ins", "alt")


def _letters(text: str | None) -> str:
    return "" if not text or text == "?" or text.isdigit() else text


def _change(parts: dict[str, str | None]) -> ProteinChange | None:
    ref, position = parts["ref"] or "", int(parts["pos"] or 0)
    if parts["end"]:
        end, end_ref = int(parts["end"]), parts["end_ref"] or ""
    elif parts["dash"]:
        end, end_ref = int(parts["dash"]), ref[-1]
    else:
        end, end_ref = position + len(ref) - 1, ref[-1]
    if position < 1 or end < position:
        return None
    kind, alt, stop = _what(parts, ref)
    if position == 1 and ref == "M" and kind in (ProteinKind.MISSENSE, ProteinKind.UNKNOWN):
        kind = ProteinKind.START_LOSS
    inserted = None if alt else _count(parts["ins"] or parts["delins"])
    return ProteinChange(kind, position, ref[0], end, end_ref, alt, stop, inserted)


def _what(parts: dict[str, str | None], ref: str) -> tuple[ProteinKind, str, int | None]:
    """The kind, what comes instead, and how far the new stop is."""
    if parts["same"]:
        return ProteinKind.SYNONYMOUS, "", None
    if parts["unknown"]:
        return ProteinKind.UNKNOWN, "", None
    if parts["fs"] is not None:
        return ProteinKind.FRAMESHIFT, parts["fs"], _count(parts["fs_stop"])
    if parts["ext"] is not None:
        return ProteinKind.EXTENSION, parts["ext"], _count(parts["ext_stop"])
    if parts["delins"] is not None:
        return ProteinKind.DELINS, _letters(parts["delins"]), None
    if parts["deletion"]:
        return ProteinKind.INFRAME_DEL, "", None
    if parts["dup"]:
        return ProteinKind.DUP, "", None
    if parts["ins"] is not None:
        return ProteinKind.INFRAME_INS, _letters(parts["ins"]), None
    return _replaced(ref, parts["alt"] or "", several=bool(parts["end"] or parts["dash"]))


def _replaced(ref: str, alt: str, *, several: bool) -> tuple[ProteinKind, str, int | None]:
    if alt == ref:
        return ProteinKind.SYNONYMOUS, "", None
    if len(ref) > 1 or len(alt) > 1 or several:
        return ProteinKind.DELINS, alt, None
    if alt == "*":
        return ProteinKind.NONSENSE, alt, None
    if ref == "*":
        return ProteinKind.EXTENSION, alt, None
    return ProteinKind.MISSENSE, alt, None


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


class CodingKind(StrEnum):
    """What a change does to the coding DNA."""

    SUBSTITUTION = "substitution"
    DELETION = "deletion"
    INSERTION = "insertion"
    DUP = "dup"
    DELINS = "delins"
    INVERSION = "inversion"
    REPEAT = "repeat"
    IDENTITY = "identity"


class Region(StrEnum):
    """Where a coding position counts from."""

    FIVE_PRIME = "5_prime"  # c.-124: before the start codon, promoter included
    CODING = "coding"
    THREE_PRIME = "3_prime"  # c.*2537: after the stop codon


@dataclass(frozen=True, slots=True)
class Locus:
    """A coding position: `c.559+1` is base 559, offset 1; `c.-124` is base -124; `c.*5` is base 5."""

    base: int
    offset: int = 0
    region: Region = Region.CODING


@dataclass(frozen=True, slots=True)
class CodingChange:
    """One change of a transcript, from `start` to `end` (the same where one position is named)."""

    kind: CodingKind
    start: Locus
    end: Locus
    ref: str = ""
    alt: str = ""

    @property
    def position(self) -> int:
        """Base of the start: negative before the start codon, counted from the stop after it."""
        return self.start.base

    @property
    def offset(self) -> int:
        """Distance into the intron from that base; 0 inside an exon."""
        return self.start.offset

    @property
    def region(self) -> Region:
        """Where the start lies."""
        return self.start.region

    @property
    def intronic(self) -> bool:
        """Whether the whole change lies in introns."""
        return self.start.offset != 0 and self.end.offset != 0

    @property
    def splice_site(self) -> bool:
        """Whether it touches the two bases of an intron next to an exon, or crosses into the exon."""
        offsets = [abs(place.offset) for place in (self.start, self.end) if place.offset]
        across_the_border = len(offsets) == 1 and self.start != self.end
        return across_the_border or (bool(offsets) and min(offsets) <= 2)


_LOCUS = r"(?P<{0}_mark>[-*]?)(?P<{0}_base>\d{{1,9}})(?P<{0}_offset>[+-]\d{{1,9}})?"
_CODING = re.compile(
    "[cn]\\.\\(?" + _LOCUS.format("a") + "(?:_" + _LOCUS.format("b") + ")?"
    r"""(?:(?P<ref>[ACGTUN]+)?(?P<same>=)
          |(?P<sub_ref>[ACGTUN]+)>(?P<sub_alt>[ACGTUN]+)
          |del(?P<delins_ref>[ACGTUN]*|\d{1,9})ins(?P<delins>[ACGTUN]+|\d{1,9})
          |(?P<change>del|dup|inv)(?P<seq>[ACGTUN]*|\d{1,9})
          |ins(?P<ins>[ACGTUN]+|\d{1,9})
          |(?P<repeat>[ACGTUN]*\[\d{1,9}\])
          |(?P<alt_only>>)(?P<alt>[ACGTUN]+))"""
    r"\)?(?:\(p\..*)?",
    re.VERBOSE | re.ASCII,
)
_WHOLE_CHANGE = {"del": CodingKind.DELETION, "dup": CodingKind.DUP, "inv": CodingKind.INVERSION}


@lru_cache(maxsize=65536)
def parse_coding(text: str) -> CodingChange | None:
    """The coding change in `text`, with or without accession (`NM_:c.50A>G`); None if there is none."""
    colon = text.rfind(":c.")
    if colon < 0:
        colon = text.rfind(":n.")
    match = _CODING.fullmatch(text[colon + 1 :].strip())
    if match is None:
        return None
    parts = {key: value or "" for key, value in match.groupdict().items()}
    start = _locus(parts, "a")
    end = _locus(parts, "b") if parts["b_base"] else start
    if parts["same"]:
        return CodingChange(CodingKind.IDENTITY, start, end, parts["ref"], parts["ref"])
    if parts["sub_alt"]:
        one_base = len(parts["sub_ref"]) == len(parts["sub_alt"]) == 1
        kind = CodingKind.SUBSTITUTION if one_base else CodingKind.DELINS
        return CodingChange(kind, start, end, parts["sub_ref"], parts["sub_alt"])
    if parts["delins"]:
        return CodingChange(CodingKind.DELINS, start, end, parts["delins_ref"], parts["delins"])
    if parts["change"]:
        return CodingChange(_WHOLE_CHANGE[parts["change"]], start, end, parts["seq"])
    if parts["ins"]:
        return CodingChange(CodingKind.INSERTION, start, end, "", parts["ins"])
    if parts["repeat"]:
        return CodingChange(CodingKind.REPEAT, start, end, "", parts["repeat"])
    return CodingChange(CodingKind.DELINS, start, end, "", parts["alt"])


def _locus(parts: dict[str, str], which: str) -> Locus:
    mark, base = parts[f"{which}_mark"], int(parts[f"{which}_base"])
    region = {"-": Region.FIVE_PRIME, "*": Region.THREE_PRIME}.get(mark, Region.CODING)
    return Locus(-base if mark == "-" else base, int(parts[f"{which}_offset"] or 0), region)
