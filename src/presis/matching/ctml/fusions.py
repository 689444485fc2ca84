"""Structural variants as DFCI reports them: in words until November 2018, structured since."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from presis.matching.ctml.criteria import Genomic
from presis.matching.ctml.patients import PARTNERS, Fields
from presis.methods.rules import Truth

STRUCTURED_SINCE = date(2018, 12, 1)
_ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class Fusion:
    """The two sides that a leaf asks for, in either order; a side that isn't asked may be anything."""

    gene: str | None
    partner: str | None

    @classmethod
    def of(cls, leaf: Genomic) -> Fusion:
        """The sides of a leaf."""
        gene, partner = leaf.value("hugo_symbol"), leaf.value("fusion_partner_hugo_symbol")
        return cls(None if gene is None else str(gene), None if partner is None else str(partner))

    @property
    def genes(self) -> tuple[str, ...]:
        """The sides that are genes."""
        sides = (self.gene, self.partner)
        return tuple(side for side in sides if side is not None and _word(side) not in {_ANY, _NONE})

    def joins(self, fields: Fields) -> bool:
        """Whether a record has both sides, as MatchEngine compares: what isn't there is nothing."""
        left, right = (fields.get(name) for name in PARTNERS)
        return (_is(self.gene, left) and _is(self.partner, right)) or (
            _is(self.gene, right) and _is(self.partner, left)
        )

    def asked(self, fields: Fields) -> Truth:
        """Whether a record has both sides: null is no gene, what isn't there isn't known."""
        left, right = (fields.get(name, _ABSENT) for name in PARTNERS)
        forward = min(_asked(self.gene, left), _asked(self.partner, right))
        backward = min(_asked(self.gene, right), _asked(self.partner, left))
        return max(forward, backward)


def comment_pattern(gene: str) -> re.Pattern[str]:
    """A gene as a word of a comment with something before or after it, whatever the case."""
    name = re.escape(gene)
    return re.compile(rf"\W{name}\W|^{name}\W|\W{name}\n?\Z", re.IGNORECASE | re.ASCII)


def mention_pattern(gene: str) -> re.Pattern[str]:
    """A gene as a word of a comment, also where the comment is nothing else."""
    return re.compile(rf"(?<!\w){re.escape(gene)}(?!\w)", re.IGNORECASE | re.ASCII)


_ANY, _NONE = "any_gene", "intergenic"


def _word(side: str) -> str:
    return side.lower().replace(" ", "_")


def _is(side: str | None, found: object) -> bool:
    if side is None:
        return True
    if side.lower() == _NONE:
        return found is None
    if _word(side) == _ANY:
        return found is not None
    return found == side


def _asked(side: str | None, found: object) -> Truth:
    if side is None:
        return Truth.YES
    if found is _ABSENT:
        return Truth.UNKNOWN
    if _word(side) in {_ANY, _NONE}:
        return Truth.YES if (found is None) == (_word(side) == _NONE) else Truth.NO
    return Truth.YES if isinstance(found, str) and found.lower() == side.lower() else Truth.NO
