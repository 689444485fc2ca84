"""Sample ids: which of them mean one specimen, and what InPreD's ids tell about it."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

from presis.programme.files import ROOT

_INPRED = re.compile(
    r"(?P<patient>IP[A-Z][0-9X]{4})-(?P<acid>[DR])(?P<number>[0-9X]{2})"
    r"-(?P<type>[A-Za-z])(?P<type_number>[0-9X]{2})-(?P<material>[A-Z])(?P<site>[0-9X]{2})(?P<pool>-[0-9A-Z]+)?"
)
_LIBRARY = re.compile(r"(?P<patient>.+)-(?P<acid>[DR])(?P<number>\d{2})(?P<rest>(?:-.*)?)")


@dataclass(frozen=True, slots=True)
class InpredId:
    """What InPreD's nomenclature says; None where the code says nothing."""

    patient: str
    nucleic_acid: str
    sample_type: str | None
    treatment: str | None
    material: str | None
    site: str | None


def bare(sample: str) -> str:
    """A sample id without LocalApp's `_P` for the pair."""
    return sample.removesuffix("_P")


@cache
def _codes() -> dict[tuple[str, str], dict[str, str]]:
    with (ROOT / "assays" / "inpred" / "sample_id.csv").open(encoding="utf-8", newline="") as file:
        return {(row["part"], row["code"]): row for row in csv.DictReader(file)}


def parse_inpred(sample: str) -> InpredId | None:
    """Read an InPreD id such as `IPD0000-D01-P01-A08` (case matters); None for any other id."""
    match = _INPRED.fullmatch(bare(sample))
    if match is None:
        return None
    codes = _codes()
    kind = codes.get(("type", match["type"]), {})
    material = codes.get(("material", match["material"]), {})
    site = codes.get(("site", match["site"]), {})
    return InpredId(
        patient=match["patient"],
        nucleic_acid="DNA" if match["acid"] == "D" else "RNA",
        sample_type=kind.get("sample_type") or None,
        treatment=kind.get("treatment") or None,
        material=material.get("material") or None,
        site=site.get("site") or None,
    )


@dataclass(frozen=True, slots=True)
class Library:
    """An id of the form `<patient>-D01[-rest]`: patient, nucleic acid, number, specimen codes."""

    patient: str
    nucleic_acid: str
    number: str
    specimen: str


def parse_library(sample: str) -> Library | None:
    """Read an id with a `-D01` or `-R01` part; the pool number behind InPreD's codes is left off."""
    match = _LIBRARY.fullmatch(bare(sample))
    if match is None:
        return None
    rest = match["rest"].strip("-").split("-")
    specimen = "-".join(rest[:2]) if len(rest) >= 2 else "-".join(rest)
    return Library(match["patient"], "DNA" if match["acid"] == "D" else "RNA", match["number"], specimen)


def same_specimen(dna: str, rna: str) -> bool:
    """Whether ids of a DNA and an RNA library name one specimen.

    Patient and specimen codes must agree; without codes, the numbers must (`X-D01`, `X-R01`).
    """
    first, second = parse_library(dna), parse_library(rna)
    if first is None or second is None or first.patient != second.patient:
        return False
    if (first.nucleic_acid, second.nucleic_acid) != ("DNA", "RNA") or first.specimen != second.specimen:
        return False
    return bool(first.specimen) or first.number == second.number


def spells(short: str, full: str) -> bool:
    """Whether `short` is `full` itself or its beginning up to a hyphen: `CL-A` and `CL-A-D01`."""
    short, full = bare(short), bare(full)
    return full == short or full.startswith(f"{short}-")
