"""A referral's diagnosis as a type of OncoTree: by ICD-10, ICD-O-3, a name, or OncoTree's own code.

What was written is kept as it was. The map is data (`rules/diagnosis_codes.yaml`): a row holds the types
that a code may mean. One that is left is the type; several are candidates, and a person chooses.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from presis.errors import BadInput
from presis.knowledge.oncotree import OncoTree
from presis.programme.files import ROOT, load_yaml

FILE = "rules/diagnosis_codes.yaml"
_ICD10 = re.compile(r"([A-Z]\d\d)\.?(\d?)\d?")
_MORPHOLOGY = re.compile(r"M?-?(\d{4})/?([01236])")
#: Secondary malignant neoplasms: of a metastasis, its place says nothing of the tumour's type.
_METASTASES = frozenset({"C77", "C78", "C79"})
#: ICD-O-3's behaviour of a metastasis; the type is the one of the primary.
_METASTATIC = "6"


class System(StrEnum):
    """Where a diagnosis was written down."""

    ONCOTREE = "oncotree"
    ICD10 = "icd10"
    ICDO3 = "icdo3"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis as it was written: a code, or words; ICD-O-3 with topography as `told`, and morphology."""

    system: System
    told: str
    morphology: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """The one type that it is, or the types among which a person chooses; none if nothing is known.

    `is_contradictory` is whether topography and morphology meet in no type: the candidates are then the
    morphology's. `map_used` names the map and its version.
    """

    node: str | None
    candidates: tuple[str, ...]
    map_used: str
    is_contradictory: bool = False


@dataclass(frozen=True, slots=True)
class DiagnosisMap:
    """The map's rows: types by code and by name."""

    version: str
    icd10: Mapping[str, tuple[str, ...]]
    topography: Mapping[str, tuple[str, ...]]
    morphology: Mapping[str, tuple[str, ...]]
    names: Mapping[str, tuple[str, ...]]


def place(diagnosis: Diagnosis, tree: OncoTree, on: date) -> Placed:
    """A diagnosis' type on a day.

    Raises:
        BadInput: if a code has no form of its system, is a metastasis' place, or no map holds that day.

    """
    known = diagnosis_map(on)
    match diagnosis.system:
        case System.ONCOTREE:
            return _placed((tree.known(diagnosis.told.strip().upper()).code,), known)
        case System.ICD10:
            return _placed(_longest(known.icd10, _icd10(diagnosis.told, "ICD-10")), known)
        case System.ICDO3:
            return _icdo3(diagnosis, tree, known)
        case System.TEXT:
            return _placed(_named(diagnosis.told, tree, known), known)


def diagnosis_map(on: date) -> DiagnosisMap:
    """The map that holds on a day; raises `BadInput` before the first."""
    first = load_yaml(FILE)["valid_from"]
    if on < first:
        raise BadInput.of(
            "diagnosis-map-none",
            f"the map of diagnoses holds from {first}; {on} is before that.",
            found=on.isoformat(),
            accepted=f"{first} or later",
        )
    return _read()


@cache
def _read() -> DiagnosisMap:
    told = load_yaml(FILE)
    kinds: dict[str, dict[str, tuple[str, ...]]] = {"icd10": {}, "icdo3": {}, "morphology": {}, "name": {}}
    with (ROOT / "rules" / told["table"]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            types = tuple(filter(None, row["oncotree"].split(";")))
            if row["code"]:
                kinds[row["system"]][row["code"]] = types
            for name in (row["english"], row["norwegian"]):
                kinds["name"].setdefault(_plain(name), types)
    return DiagnosisMap(
        version=f"{told['id']} {told['version']}",
        icd10=kinds["icd10"],
        topography={**kinds["icd10"], **kinds["icdo3"]},
        morphology=kinds["morphology"],
        names=kinds["name"],
    )


def _placed(types: Iterable[str], known: DiagnosisMap) -> Placed:
    found = tuple(dict.fromkeys(types))
    return Placed(found[0] if len(found) == 1 else None, found, known.version)


def _icd10(text: str, system: str) -> str:
    """A code as the map writes it, `C34.1`; raises `BadInput` for what is none, and for a metastasis."""
    match = _ICD10.fullmatch(text.strip().upper())
    if match is None:
        raise BadInput.of(
            "diagnosis-code-malformed",
            f"{text!r} is no code of {system}; write one such as C34.1.",
            found=text,
            accepted="a letter and two digits, a point and a digit",
        )
    if match[1] in _METASTASES and system == "ICD-10":
        raise BadInput.of(
            "diagnosis-is-metastasis",
            f"{text.strip()} is the place of a metastasis; write the primary tumour's code, or C80 if it is "
            "unknown.",
            found=text,
        )
    return f"{match[1]}.{match[2]}" if match[2] else match[1]


def _longest(rows: Mapping[str, tuple[str, ...]], code: str) -> tuple[str, ...]:
    """The row of a code, else that of its three signs."""
    return rows.get(code, rows.get(code[:3], ()))


def _icdo3(diagnosis: Diagnosis, tree: OncoTree, known: DiagnosisMap) -> Placed:
    """What topography and morphology share: the same types, else those below, else those of its organs."""
    here = _longest(known.topography, _icd10(diagnosis.told, "ICD-O-3's topography"))
    if diagnosis.morphology is None:
        return _placed(here, known)
    of_kind = known.morphology.get(_morphology(diagnosis.morphology), ())
    if not here or not of_kind:
        return _placed(here or of_kind, known)
    shared = (
        [each for each in of_kind if each in here]
        or [each for each in of_kind if any(tree.is_at_or_below(each, above) for above in here)]
        or [each for each in here if any(tree.is_at_or_below(each, above) for above in of_kind)]
        or [each for each in of_kind if _organ(each, tree) in {_organ(other, tree) for other in here}]
    )
    if shared:
        return _placed(shared, known)
    return Placed(None, of_kind, known.version, is_contradictory=True)


def _morphology(text: str) -> str:
    match = _MORPHOLOGY.fullmatch(text.strip().upper())
    if match is None:
        raise BadInput.of(
            "diagnosis-code-malformed",
            f"{text!r} is no morphology of ICD-O-3; write one such as 8140/3.",
            found=text,
            accepted="four digits, a stroke and the behaviour",
        )
    return f"{match[1]}/{'3' if match[2] == _METASTATIC else match[2]}"


def _organ(code: str, tree: OncoTree) -> str | None:
    node = tree.node(code)
    return None if node is None else node.tissue


def _named(text: str, tree: OncoTree, known: DiagnosisMap) -> Sequence[str]:
    """The type of a name: OncoTree's own, the map's, else those whose name holds every word of it."""
    plain = _plain(text)
    if not plain:
        return ()
    own = [each.code for each in tree.nodes.values() if plain in {_plain(each.name), each.code.casefold()}]
    if own or plain in known.names:
        return own or known.names[plain]
    words = set(plain.split())
    holding = [each.code for each in tree.nodes.values() if words <= set(_plain(each.name).split())]
    by_name = [code for name, types in known.names.items() if words <= set(name.split()) for code in types]
    return [*by_name, *holding]


def _plain(text: str) -> str:
    """A name without case and signs; the British spelling as the American."""
    plain = " ".join(re.sub(r"[^\w\s/-]", " ", text.casefold()).replace("/", " ").split())
    return plain.replace("tumour", "tumor").replace("oesoph", "esoph").replace("haem", "hem")
