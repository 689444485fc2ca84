"""The kinds of sample that a requisition may name: codes from data, known by their other spellings too."""

from __future__ import annotations

from functools import cache

from presis.diagnostics.refusals import refusal
from presis.errors import BadInput
from presis.programme.files import load_yaml
from presis.record import Refusal

FILE = "rules/sample_types.yaml"


@cache
def sample_types() -> tuple[str, ...]:
    """Every code, in the order in which people are shown them."""
    return tuple(each["code"] for each in load_yaml(FILE)["types"])


@cache
def normals() -> frozenset[str]:
    """The kinds that show what is inherited."""
    return frozenset(each["code"] for each in load_yaml(FILE)["types"] if each.get("shows_inherited"))


@cache
def _spellings() -> dict[str, str]:
    return {
        _plain(spelling): each["code"]
        for each in load_yaml(FILE)["types"]
        for spelling in (each["code"], *each.get("also", ()))
    }


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").replace("-", " ").casefold().split())


def known_sample_type(text: str | None) -> str | None:
    """The code that a text spells (`Blood`, `Plasma`); None for any other text, and for none.

    >>> known_sample_type("Blood"), known_sample_type("a piece"), known_sample_type(None)
    ('blood', None, None)
    """
    return _spellings().get(_plain(text)) if text else None


def parse_sample_type(text: str) -> str:
    """The code that a text spells.

    Raises:
        BadInput: for any other text, with the codes.

    """
    code = known_sample_type(text)
    if code is None:
        accepted = ", ".join(sample_types())
        raise BadInput.of(
            "sample-type-unknown", f"{text!r} is no kind of sample; take one of {accepted}.", found=text
        )
    return code


def refused_sample_type(told: str | None) -> Refusal | None:
    """The refusal of what is no code; None where it is one, or nothing is told."""
    if told is None or told in sample_types():
        return None
    accepted = ", ".join(sample_types())
    return refusal(
        "sample-type-unknown",
        found=told,
        accepted=accepted,
        message=f"{told!r} is no kind of sample; take one of {accepted}.",
    )
