"""The options that the programme has: its own, and every approved indication."""

from __future__ import annotations

from functools import cache

from presis.matching.approved import approved_options
from presis.matching.known import Known
from presis.matching.option import MatchOption
from presis.matching.option_forms import OPTIONS, read_options
from presis.matching.rule_reading import shipped_named


@cache
def programme_options(known: Known) -> tuple[MatchOption, ...]:
    """All of them, read once; raises `BadInput` with every fault of the programme's files."""
    return (*read_options([OPTIONS], known, shipped_named(known)), *approved_options(known))
