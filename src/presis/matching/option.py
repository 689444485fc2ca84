"""An option: what a patient may be offered, to whom, on what evidence, and whether it can be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal

from presis.diagnostics.option import AmpTier
from presis.knowledge import Approval
from presis.matching.criteria import Asked
from presis.methods.reasons import Reason
from presis.methods.rules import Explained, Rule
from presis.programme.files import load_yaml

Kind = Literal[
    "trial_cohort",
    "external_trial",
    "off_label",
    "compassionate_use",
    "access_scheme",
    "approved",
    "approved_elsewhere",
]
TRIALS = frozenset({"trial_cohort", "external_trial"})


@dataclass(frozen=True, slots=True)
class Access:
    """Whether an option can be had, since when, and who decides. `method_id`: Nye metoder's."""

    status: str
    decided_by: str
    since: date | None = None
    until: date | None = None
    method_id: str | None = None
    source: str | None = None
    confidence: str = "read"
    words: str | None = None

    @property
    def always(self) -> bool:
        """Whether the status has neither a beginning nor an end."""
        return self.since is None and self.until is None

    @property
    def rank(self) -> int:
        """0: may be given today; 1: on application or own responsibility; 2: not, or not known."""
        return _ranks()[self.status]


@cache
def _ranks() -> Mapping[str, int]:
    return {row["status"]: row["rank"] for row in load_yaml("rules/access_statuses.yaml")["statuses"]}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an option, with its source; `confidence` is `read` or `recalled`."""

    text: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatchOption:
    """One option. `illustrative` names the parts whose details are made up.

    `valid_from` is since when it holds as written; `opens` and `closes` are the cohort's own days. `places`
    is how many it takes in all; how many are left is told by whoever keeps them.
    """

    id: str
    kind: Kind
    names: Mapping[str, str]
    drug: str
    rule: Rule[Asked]
    offers: Mapping[str, str]
    valid_from: date
    valid_until: date | None = None
    trial: str | None = None
    opens: date | None = None
    closes: date | None = None
    places: int | None = None
    evidence: tuple[Evidence, ...] = ()
    access: tuple[Access, ...] = ()
    illustrative: frozenset[str] = frozenset()
    approval: Approval | None = None
    file: str = ""
    line: int | None = None

    def valid_on(self, at: date) -> bool:
        """Whether the option holds as written on a day."""
        return self.valid_from <= at and (self.valid_until is None or at <= self.valid_until)

    def access_on(self, at: date) -> Access | None:
        """The access status in force on a day: the latest that had begun and not ended."""
        if len(self.access) == 1 and self.access[0].always:
            return self.access[0]
        held = [
            each
            for each in self.access
            if (each.since is None or each.since <= at) and (each.until is None or at <= each.until)
        ]
        return max(held, key=lambda each: each.since or date.min, default=None)

    def opening(self, at: date, left: int | None) -> str:
        """`open`, `not_yet_open`, `closed` or `full`: told apart from eligibility."""
        if self.opens is not None and at < self.opens:
            return "not_yet_open"
        if self.closes is not None and at > self.closes:
            return "closed"
        return "full" if left is not None and left <= 0 else "open"


@dataclass(frozen=True, slots=True)
class Matched:
    """One option, answered for one patient: eligibility with its tree of reasons, and all that ranks it.

    `open` is what would settle the unknown; `tumour_settled` whether no alteration or marker is among it.
    `tier` is AMP/ASCO/CAP's for this tumour; with `tier_sure` False it hangs on something unknown. `against`:
    what the report says that resists this drug, and that it was given before; it stands beside the option,
    and is never netted.
    """

    option: MatchOption
    explained: Explained[Asked]
    access: Access
    opening: str
    tier: AmpTier | None
    tier_sure: bool
    open: tuple[Reason, ...]
    tumour_settled: bool
    left: int | None = None
    against: tuple[Reason, ...] = ()
    rank: tuple[object, ...] = field(default=(), compare=False)
