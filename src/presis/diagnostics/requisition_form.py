"""The form of a new requisition as people fill it in: every field read, every fault told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from presis.diagnostics.report_making import tumour_code
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.record import clinical_date

FIELDS = (
    "patient",
    "specimen",
    "received",
    "requester",
    "tumour",
    "birth_year",
    "sex",
    "sample_type",
    "details",
)
NEEDED = ("patient", "specimen", "received", "requester")
SEXES = ("female", "male")
#: A field's fault, as the catalogue's code for it.
Faults = dict[str, str]
_UNUSABLE = {
    "received": "web.day-malformed",
    "requester": "web.requester-unknown",
    "tumour": "web.tumour-malformed",
    "birth_year": "web.year-malformed",
    "sex": "web.sex-unknown",
}


def read_form(
    told: Mapping[str, str], organisations: Collection[str], today: date
) -> tuple[dict[str, Any], Faults]:
    """The fields of `ReceiveRequisition` as far as they can be used, `patient` as text, and the faults.

    `told` holds a text for each of `FIELDS`, empty where nothing was said, and `urgent` as `yes`.
    """
    faults: Faults = {name: f"web.{name}-missing" for name in NEEDED if not told.get(name)}

    def read(name: str, how: Callable[[str], Any]) -> Any:
        text = told.get(name, "")
        try:
            return how(text) if text else None
        except (ValueError, BadInput):
            faults[name] = _UNUSABLE[name]
            return None

    values: dict[str, Any] = {name: told.get(name) or None for name in FIELDS} | {
        "received": read("received", parse_day),
        "requester": read("requester", lambda text: _one_of(text, organisations)),
        "tumour": read("tumour", lambda text: tumour_code(text, load_library())),
        "birth_year": read("birth_year", lambda text: _year(text, today.year)),
        "sex": read("sex", lambda text: _one_of(text, SEXES)),
        "urgent": told.get("urgent") == "yes",
    }
    return values, faults


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


def _year(text: str, latest: int) -> int:
    year = int(text)
    if not 1900 <= year <= latest:
        raise ValueError(text)
    return year


def _one_of(text: str, accepted: Collection[str]) -> str:
    if text not in accepted:
        raise ValueError(text)
    return text
