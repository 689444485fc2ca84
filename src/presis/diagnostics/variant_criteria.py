"""Leaves that ask about one small variant: the words of variant filters.

Each leaf compares one field of the variant. A field that nobody gave makes the answer unknown,
except where emptiness itself is asked for (`absent: true`). The same leaf answers for one variant
(`ask`) and for a table of them (`ask_array`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from presis.diagnostics.profile import GenomeBuild, SmallVariant
from presis.methods.reasons import Reason, Value
from presis.methods.rules import Answer, Truth, Truths

Position = tuple[str, int, str, str]
NO, UNKNOWN, YES = Truth


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds the variant: the assay's kind, the build, and the laboratory's blacklist."""

    assay_kind: str | None = None
    build: GenomeBuild | None = None
    blacklist: Mapping[Position, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number of the variant against a limit: at least it, or below it."""

    name: str
    at_least: float | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True)
class WordField:
    """A word, or several, of the variant: one of those accepted; or, if `absent`, none at all."""

    name: str
    any_of: frozenset[str] = frozenset()
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Blacklisted:
    """On the laboratory's list of artefacts, by position and change."""


VariantCriterion = NumberField | WordField | Blacklisted

_NUMBERS: dict[str, Callable[[SmallVariant], float | None]] = {
    "allele_fraction": lambda variant: variant.allele_fraction,
    "depth": lambda variant: variant.depth,
    "population_frequency": lambda variant: variant.population.highest if variant.population else None,
}


def _one(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def _verdict(variant: SmallVariant) -> tuple[str, ...]:
    if variant.passed is None:
        return ()
    return ("passed",) if variant.passed else ("failed",)


#: Fields of words: how to read them, and whether an empty one is an answer ("no filter") or not.
_WORDS: dict[str, tuple[Callable[[SmallVariant], tuple[str, ...]], bool]] = {
    "gene": (lambda variant: _one(variant.gene), True),
    "consequence": (lambda variant: variant.consequences, False),
    "caller_class": (lambda variant: _one(variant.caller_class), False),
    "file_filter": (lambda variant: variant.file_filters, True),
    "caller_verdict": (_verdict, False),
    "germline_class": (lambda variant: _one(variant.germline_class), False),
    "class_judgement": (
        lambda variant: _one(variant.judgement.class_judgement if variant.judgement else None),
        False,
    ),
    "igv_qc": (lambda variant: _one(variant.judgement.igv_qc if variant.judgement else None), False),
}
_SETTING_WORDS = {"assay"}


def parse_leaf(name: str, value: object) -> VariantCriterion:
    """Read a leaf of a variant filter; raises `ValueError` with what would be accepted."""
    if name == "blacklisted":
        if value is not True:
            raise ValueError("blacklisted takes true; put it under not for the opposite")
        return Blacklisted()
    if name in _NUMBERS:
        return _parse_number(name, value)
    if name in _WORDS or name in _SETTING_WORDS:
        return _parse_words(name, value)
    known = ", ".join(sorted([*_NUMBERS, *_WORDS, *_SETTING_WORDS, "blacklisted"]))
    raise ValueError(f"{name} is no criterion on a small variant; use one of {known}")


def _parse_number(name: str, value: object) -> NumberField:
    if isinstance(value, Mapping) and len(value) == 1:
        ((bound, limit),) = value.items()
        if bound in {"at_least", "below"} and isinstance(limit, int | float) and not isinstance(limit, bool):
            if bound == "at_least":
                return NumberField(name, at_least=float(limit))
            return NumberField(name, below=float(limit))
    raise ValueError(f"{name} takes {{at_least: number}} or {{below: number}}")


def _parse_words(name: str, value: object) -> WordField:
    if isinstance(value, Mapping) and len(value) == 1:
        ((key, given),) = value.items()
        if key == "absent" and given is True:
            return WordField(name, absent=True)
        if key == "any_of" and isinstance(given, list) and given and all(isinstance(g, str) for g in given):
            return WordField(name, frozenset(given))
    raise ValueError(f"{name} takes {{any_of: [words]}} or {{absent: true}}")


def compile_leaf(leaf: VariantCriterion, setting: Setting) -> Callable[[SmallVariant], Truth]:
    """The leaf as a function of a variant: the answer alone, for speed."""
    if isinstance(leaf, NumberField):
        return _compile_number(leaf)
    if isinstance(leaf, Blacklisted):
        listed = setting.blacklist
        return lambda v: YES if (v.chromosome, v.position, v.ref, v.alt) in listed else NO
    if leaf.name in _SETTING_WORDS:
        kind = setting.assay_kind
        constant = UNKNOWN if kind is None and not leaf.absent else _meets((kind,) if kind else (), leaf)
        return lambda _: constant
    read, empty_is_answer = _WORDS[leaf.name]
    if_empty = YES if leaf.absent else NO if empty_is_answer else UNKNOWN
    if leaf.absent:
        return lambda v: NO if read(v) else YES
    accepted = leaf.any_of

    def answer(variant: SmallVariant) -> Truth:
        words = read(variant)
        if not words:
            return if_empty
        return NO if accepted.isdisjoint(words) else YES

    return answer


def _compile_number(leaf: NumberField) -> Callable[[SmallVariant], Truth]:
    read = _NUMBERS[leaf.name]
    at_least, below = leaf.at_least, leaf.below or 0.0

    def answer(variant: SmallVariant) -> Truth:
        value = read(variant)
        if value is None:
            return UNKNOWN
        return YES if (value >= at_least if at_least is not None else value < below) else NO

    return answer


def _meets(words: tuple[str, ...], leaf: WordField) -> Truth:
    if leaf.absent:
        return NO if words else YES
    return NO if leaf.any_of.isdisjoint(words) else YES


def _words(name: str, variant: SmallVariant, setting: Setting) -> tuple[tuple[str, ...], bool]:
    if name == "assay":
        return _one(setting.assay_kind), False
    read, empty_is_answer = _WORDS[name]
    return read(variant), empty_is_answer


def ask(leaf: VariantCriterion, variant: SmallVariant, setting: Setting) -> Answer:
    """The answer with its reason: the field, what was found, and the limit."""
    answer = compile_leaf(leaf, setting)(variant)
    values: dict[str, Value] = {}
    if isinstance(leaf, NumberField):
        found = _NUMBERS[leaf.name](variant)
        bound = "at-least" if leaf.at_least is not None else "below"
        limit = leaf.at_least if leaf.at_least is not None else leaf.below
        values = {"field": leaf.name, "bound": bound, "limit": limit or 0.0}
        if found is not None:
            values["found"] = found
    elif isinstance(leaf, WordField):
        words, _ = _words(leaf.name, variant, setting)
        values = {"field": leaf.name, "found": ", ".join(words)}
    else:
        place = (variant.chromosome, variant.position, variant.ref, variant.alt)
        values = {"field": "blacklist", "found": setting.blacklist.get(place, "")}
    return Answer(answer, (Reason(f"variant.{answer.word}", values),))


def ask_array(leaf: VariantCriterion, variants: Sequence[SmallVariant], setting: Setting) -> Truths:
    """The answers for a table of variants, shape (variants,); numbers are compared as arrays."""
    if not isinstance(leaf, NumberField):
        answer = compile_leaf(leaf, setting)
        return np.array([answer(variant) for variant in variants], np.int8)
    read = _NUMBERS[leaf.name]
    values: NDArray[Any] = np.array([read(variant) for variant in variants], np.float64)
    met = values >= leaf.at_least if leaf.at_least is not None else values < (leaf.below or 0.0)
    return np.where(np.isnan(values), Truth.UNKNOWN, np.where(met, Truth.YES, Truth.NO)).astype(np.int8)
