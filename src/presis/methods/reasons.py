"""A reason is a code with its values; the words for it sit in the catalogue of each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so: `code` names a sentence of the catalogue, `values` fill it."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str, **values: Value) -> Reason:
        """`Reason.of("os3.met", gene="KRAS", samples=2175)`."""
        return cls(code, values)
