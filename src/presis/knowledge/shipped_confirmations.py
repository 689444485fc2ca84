"""Confirmations that come with Presis: a recalled row counts once a page was read that says the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from presis.knowledge.functional import CriticalDomain, FunctionalEvidence
from presis.knowledge.genes import GeneRole
from presis.knowledge.lines import Line

if TYPE_CHECKING:
    from presis.knowledge.rows import PackRow

COLUMNS = ("row", "content", "source", "quote_in_own_words", "read_on", "pmid")
R = TypeVar("R", GeneRole, CriticalDomain)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedConfirmation:
    """What was read for a row, where (addresses joined by `;`) and when, told in our own words.

    `content` is the hash of the row's wording at that time; a row worded otherwise isn't confirmed.
    """

    row: str
    content: str
    source: str
    words: str
    read_on: date
    pmid: str | None

    @classmethod
    def read(cls, line: Line) -> ShippedConfirmation:
        """The confirmation of one line.

        Raises:
            BadInput: if it doesn't say where, when or what was read.

        """
        addresses = line.codes("source")
        if not addresses or not all(each.startswith(("https://", "http://")) for each in addresses):
            raise line.bad("source", "the address of the page that was read")
        if not line["quote_in_own_words"]:
            raise line.bad("quote_in_own_words", "what the page says, in one sentence of our own")
        day = line.day("read_on")
        if day is None:
            raise line.bad("read_on", "the day of reading, such as 2026-03-17")
        return cls(
            row=line["row"],
            content=line["content"],
            source=line["source"],
            words=line["quote_in_own_words"],
            read_on=day,
            pmid=line.text("pmid"),
        )

    def holds_for(self, row: PackRow | None) -> bool:
        """Whether the row still has the wording that was confirmed."""
        return row is not None and row.content == self.content


def with_paper(evidence: FunctionalEvidence, found: ShippedConfirmation | None) -> FunctionalEvidence:
    """The evidence with the confirmation's paper and address where it names none itself."""
    if found is None:
        return evidence
    return replace(evidence, pmid=evidence.pmid or found.pmid, address=evidence.address or found.source)


def with_source(thing: R, found: ShippedConfirmation | None) -> R:
    """The role or region with the source where it was read, instead of the one it was recalled from."""
    return thing if found is None else replace(thing, source=found.source)
