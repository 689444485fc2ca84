"""The words of each language. Rules emit codes; the sentences sit in `words/`.

`words/<language>.yaml` holds what all share, `words/<part>.<language>.yaml` what one part says. A
sentence is a template: `{name}` is filled as it is, `{name:percent}` as a percentage of a fraction,
`{name:number}` as a number, `{name:date}` as a date, each in the language's own form (Babel), and
`{name:group}` as a phrase of a table of this language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from presis.methods.reasons import Reason
from presis.programme.files import load_yaml

WORDS = Path(__file__).parent / "words"
_PARTS = re.compile(r"(, |; | \+ )")


class Language(StrEnum):
    """The languages that every document is written in."""

    NB = "nb"
    EN = "en"


class _Formatter(Formatter):
    def __init__(self, say: Words) -> None:
        self.say, self.locale = say, say.locale

    def format_field(self, value: Any, format_spec: str) -> str:
        match format_spec:
            case "percent":
                return percent(value, self.locale)
            case "number":
                return number(value, self.locale)
            case "date":
                return day(value, self.locale)
            case "":
                return str(value)
            case group:
                return self.say.phrase(group, str(value))


class Words:
    """One language's sentences."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.locale = "nb_NO" if language is Language.NB else "en_GB"
        self.sentences = load(language)
        self._formatter = _Formatter(self)

    def say(self, code: str, values: Mapping[str, Any] | None = None) -> str:
        """The sentence of a code, filled; raises `KeyError` for a code that the catalogue lacks."""
        return self._formatter.vformat(self.sentences[code], (), values or {})

    def why(self, reason: Reason) -> str:
        """A reason in words."""
        return self.say(reason.code, reason.values)

    def term(self, group: str, word: str) -> str:
        """A word of a curated table in this language; the word itself where the catalogue lacks it."""
        return self.sentences.get(f"{group}.{word}", word)

    def phrase(self, group: str, text: str) -> str:
        """What a table of knowledge says, in this language: whole where the group has it, else part by part.

        Parts stand between commas, semicolons or plus signs, as in `colorectal, metastatic`.
        """
        whole = self.sentences.get(f"{group}.{text}")
        if whole is not None:
            return whole
        return "".join(self.term(group, part) for part in _PARTS.split(text))

    def number(self, value: float, digits: int | None = None) -> str:
        """A number in the language's form."""
        return number(value, self.locale, digits)

    def percent(self, fraction: float) -> str:
        """A fraction as a percentage."""
        return percent(fraction, self.locale)

    def day(self, value: date | str) -> str:
        """A date, also one known to the month or year only."""
        return day(value, self.locale)


@cache
def load(language: Language) -> dict[str, str]:
    """Every sentence of a language, codes flattened with dots.

    Raises:
        ValueError: if two files give the same code.

    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, str] = {}
    for file in (WORDS / f"{language}.yaml", *sorted(WORDS.glob(f"*.{language}.yaml"))):
        text = file.read_text(encoding="utf-8")
        part = dict(_flat(yaml.load(text, Loader=loader), ""))  # noqa: S506 - both loaders are safe
        if twice := found.keys() & part.keys():
            raise ValueError(f"{file.name} says {', '.join(sorted(twice))} again")
        found |= part
    return found


def _flat(node: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for key, value in node.items():
        path = f"{prefix}.{key}" if prefix else str(key)
        out.extend(_flat(value, path) if isinstance(value, Mapping) else [(path, str(value))])
    return out


@cache
def words(language: Language) -> Words:
    """The words of a language, loaded once."""
    return Words(language)


def number(value: float, locale: str, digits: int | None = None) -> str:
    """A number with the locale's decimal sign; up to four significant decimals where none are given."""
    from babel.numbers import format_decimal

    pattern = "#,##0.####" if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, format=pattern, locale=locale))


@lru_cache(maxsize=10_000)
def percent(fraction: float, locale: str) -> str:
    """A fraction as a percentage, with decimals only where it is small."""
    from babel.numbers import format_decimal

    value = fraction * 100
    pattern = "#,##0" if value >= 10 or value == 0 else "#,##0.#" if value >= 0.1 else "#,##0.####"
    return f"{format_decimal(value, format=pattern, locale=locale)}\u202f%"


def day(value: date | str, locale: str) -> str:
    """A date in the locale's short form; a year or a year and month stay what they are."""
    if isinstance(value, str):
        parts = value.split("-")
        if len(parts) == 1:
            return value
        if len(parts) == 2:
            first = date(int(parts[0]), int(parts[1]), 1)
            return f"{parts[1]}.{parts[0]}" if locale == "nb_NO" else f"{first:%b %Y}"
        value = date.fromisoformat(value[:10])
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(load_yaml("country.yaml")["time_zone"]))
        return f"{day(local.date(), locale)} {local:%H:%M}"
    return value.strftime("%d.%m.%Y") if locale == "nb_NO" else f"{value.day} {value:%b %Y}"
