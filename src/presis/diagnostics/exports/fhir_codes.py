"""The table of codes for FHIR: what was looked up goes out as a code, what was recalled as words alone.

Source of the table: `fhir_codes.yaml`, which names where each code was read.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

TABLE = Path(__file__).parent / "fhir_codes.yaml"
PROFILES = "http://hl7.org/fhir/uv/genomics-reporting/StructureDefinition"

Json = dict[str, Any]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Code(_Model):
    """One concept; `confidence` none: there is no code, and its words are said."""

    system: str | None = None
    code: str | None = None
    display: str | None = None
    confidence: str
    source: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Code:
        known = self.confidence in ("read", "recalled")
        if self.confidence not in ("read", "recalled", "none") or (self.code is not None) != known:
            raise ValueError("a code is read or recalled, and words without one are none")
        if (self.confidence == "read") != (self.source is not None):
            raise ValueError("a code that was read names its source, and no other does")
        return self


class Profile(_Model):
    """A profile of the guide, by its id."""

    source: str


class Extension(_Model):
    """An extension, by its address."""

    url: str
    source: str


class CodeTable(_Model):
    """The whole table."""

    sources: dict[str, str]
    systems: dict[str, str]
    system_sources: dict[str, str]
    profiles: dict[str, Profile]
    extensions: dict[str, Extension]
    codes: dict[str, Code]
    chromosomes: dict[str, str]


@cache
def code_table() -> CodeTable:
    """The table, read once."""
    return CodeTable.model_validate(yaml.safe_load(TABLE.read_text(encoding="utf-8")))


def system(name: str) -> str:
    """A code system's address, by its name in the table; raises `KeyError`."""
    return code_table().systems[name]


def profile(name: str) -> str:
    """A profile's canonical address; raises `KeyError` for one that wasn't read."""
    assert code_table().profiles[name]  # noqa: S101 - the table holds every profile that is claimed
    return f"{PROFILES}/{name}"


def coding(name: str) -> Json | None:
    """The coding of a concept that was read; None where there is no code, or one that was recalled only."""
    each = code_table().codes[name]
    if each.confidence != "read" or each.system is None:
        return None
    out: Json = {"system": system(each.system), "code": each.code}
    return {**out, "display": each.display} if each.display else out


def concept(name: str, text: str | None = None) -> Json:
    """A CodeableConcept of the table: its coding if it was read, and words; raises `KeyError`."""
    found = coding(name)
    words = text or (code_table().codes[name].display if found is None else None)
    out: Json = {"coding": [found]} if found else {}
    return {**out, "text": words} if words else out


def chromosome(name: str) -> Json:
    """A chromosome by LOINC's answer list LL2938-0; words alone for one that isn't on it (MT)."""
    words = f"Chromosome {name}"
    code = code_table().chromosomes.get(name)
    if code is None:
        return {"text": words}
    return {"coding": [{"system": system("loinc"), "code": code, "display": words}]}
