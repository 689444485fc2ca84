"""What a comparison can come to, and the comparison itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

#: the two say the same; the laboratory's is among what Presis holds possible; they differ; can't be compared
AGREE, POSSIBLE, DIFFER, OPEN = "agree", "possible", "differ", "not_comparable"
#: the field that asks whether a finding is in both reports
FOUND = "found"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field of one row: both sides in words, and why Presis says what it says."""

    case: str
    kind: str
    subject: str
    line: int
    field: str
    outcome: str
    laboratory: str
    presis: str
    why: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The same while both sides say the same, whatever line it stands on: what an adjudication names."""
        parts = (self.case, self.kind, self.subject, self.field, self.laboratory, self.presis)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]

    @property
    def negative(self) -> bool:
        """Whether the laboratory stated that there was none."""
        return self.field == FOUND and self.laboratory == "not reported"
