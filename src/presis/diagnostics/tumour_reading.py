"""What is read with the tumour's content in mind: the values that origin, allelic state and report share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from presis.methods.reasons import Reason
from presis.methods.rules import Truth


@dataclass(frozen=True, slots=True)
class TumourContent:
    """The share of tumour cells (0 to 1) as an estimate from `low` to `high`; None: not reported."""

    estimate: float | None = None
    low: float = 0.0
    high: float = 1.0

    @property
    def known(self) -> bool:
        """Whether anybody gave an estimate."""
        return self.estimate is not None


@dataclass(frozen=True, slots=True)
class Copies:
    """Copies of a gene in the tumour cells, by the estimate and over its range.

    `high` None: no upper end, since the range of the estimate reaches down to no tumour cells. `best`
    None: not computable; `why` says so in a code.
    """

    best: float | None
    low: float | None = None
    high: float | None = None
    why: str | None = None


class OriginKind(StrEnum):
    """Where a variant comes from, as far as a tumour can suggest it."""

    SOMATIC = "somatic"
    LIKELY_GERMLINE = "likely_germline"
    POSSIBLE_CH = "possible_ch"
    UNCLEAR = "unclear"


class FractionFits(StrEnum):
    """Which origins the allele fraction can be explained by."""

    SOMATIC = "somatic"
    GERMLINE = "germline"
    BOTH = "both"
    NEITHER = "neither"
    NOT_READABLE = "not_readable"


@dataclass(frozen=True, slots=True)
class Origin:
    """A variant's origin with its reasons; `proven`: a matched normal decided, not the tumour alone."""

    kind: OriginKind
    fits: FractionFits
    reasons: tuple[Reason, ...]
    settled_by: tuple[Reason, ...] = ()
    proven: bool = False


class AllelicKind(StrEnum):
    """What became of both alleles of a gene."""

    TWO_HITS = "two_hits"
    OTHER_ALLELE_LOST = "other_allele_lost"
    HOMOZYGOUS_DELETION = "homozygous_deletion"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AllelicState:
    """Both alleles of one gene. `both_lost`: yes only where the state is sure, else unknown; never no."""

    gene: str
    kind: AllelicKind
    both_lost: Truth
    reasons: tuple[Reason, ...]
    settled_by: tuple[Reason, ...] = ()
    evidence: tuple[str, ...] = ()
