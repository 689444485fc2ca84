"""The form of a new requisition as people fill it in: every field read, every fault told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from presis.diagnostics.report_making import tumour_code
from presis.diagnostics.requisition import LONGEST_SPECIMEN
from presis.diagnostics.sample_types import parse_sample_type
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.record import clinical_date

FIELDS = ("specimen", "requester", "tumour", "birth_year", "sex", "sample_type", "details")
TICKS = ("urgent", "predisposition_declined")
SEXES = ("female", "male")
#: A field's fault, as the catalogue's code for it.
Faults = dict[str, str]
_UNUSABLE = {
    "received": "web.day-malformed",
    "specimen": "web.specimen-long",
    "requester": "web.requester-unknown",
    "tumour": "web.tumour-malformed",
    "birth_year": "web.year-malformed",
    "sex": "web.sex-unknown",
    "sample_type": "web.sample_type-unknown",
}


def read_form(
    told: Mapping[str, str], organisations: Collection[str], today: date
) -> tuple[dict[str, Any], Faults]:
    """What is told of the specimen and the patient, as commands take it, and every fault by field.

    `told` holds a text for each of `FIELDS`, empty where nothing was said, and `yes` for each of `TICKS`
    that holds.
    """
    faults: Faults = {name: f"web.{name}-missing" for name in ("specimen", "requester") if not told.get(name)}
    values: dict[str, Any] = {
        "specimen": _read(told, faults, "specimen", _specimen),
        "requester": _read(told, faults, "requester", lambda text: _one_of(text, organisations)),
        "tumour": _read(told, faults, "tumour", lambda text: tumour_code(text, load_library())),
        "birth_year": _read(told, faults, "birth_year", lambda text: _year(text, today.year)),
        "sex": _read(told, faults, "sex", lambda text: _one_of(text, SEXES)),
        "sample_type": _read(told, faults, "sample_type", parse_sample_type),
        "details": told.get("details") or None,
        **{name: told.get(name) == "yes" for name in TICKS},
    }
    return values, faults


def read_receipt(
    told: Mapping[str, str], organisations: Collection[str], today: date
) -> tuple[dict[str, Any], Faults]:
    """The whole form of a receipt: also `received`; `patient` is asked for, and is not among the values."""
    values, faults = read_form(told, organisations, today)
    first: Faults = {name: f"web.{name}-missing" for name in ("patient", "received") if not told.get(name)}
    values["received"] = _read(told, first, "received", parse_day)
    return values, first | faults


def _read(told: Mapping[str, str], faults: Faults, name: str, how: Callable[[str], Any]) -> Any:
    text = told.get(name, "")
    try:
        return how(text) if text else None
    except (ValueError, BadInput):
        faults[name] = _UNUSABLE[name]
        return None


def parse_day(text: str) -> str:
    """A day as people write it, `24.11.2026` or `2026-11-24`, as ISO.

    Raises:
        BadInput: if it is no day that exists.
        ValueError: if it is no day.

    """
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    iso = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}" if match else text
    if len(iso) != 10:
        raise ValueError(text)
    return clinical_date(iso)


def parse_share(text: str) -> float:
    """A share in per cent, with comma or point, as a fraction; raises ValueError."""
    share = float(text.replace("%", "").replace(",", ".").strip()) / 100
    if not 0 <= share <= 1:
        raise ValueError(text)
    return share


def _specimen(text: str) -> str:
    if len(text) > LONGEST_SPECIMEN:
        raise ValueError(text)
    return text


def _year(text: str, latest: int) -> int:
    year = int(text)
    if not 1900 <= year <= latest:
        raise ValueError(text)
    return year


def _one_of(text: str, accepted: Collection[str]) -> str:
    if text not in accepted:
        raise ValueError(text)
    return text
