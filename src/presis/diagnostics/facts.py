"""What this room records: reports registered, amended and signed.

A fact holds the content's hash and what folding needs; the content itself is kept beside the facts.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from presis.governance.signing import Signature
from presis.record import FactModel

_HASH = r"^[0-9a-f]{64}$"


class ReportRegistered(FactModel):
    """A report has come into being as a draft: its number, whose it is, and its content's hash."""

    kind: ClassVar[str] = "diagnostics.report-registered/1"

    number: str
    organisation: str
    sample: str
    tumour: str | None
    content_hash: str = Field(pattern=_HASH)


class ReportAmended(FactModel):
    """A new version, a draft again, takes the last one's place; the fact's reason says why."""

    kind: ClassVar[str] = "diagnostics.report-amended/1"

    number: str
    version: int = Field(ge=2)
    content_hash: str = Field(pattern=_HASH)


class ReportSigned(FactModel):
    """A version has been signed."""

    kind: ClassVar[str] = "diagnostics.report-signed/1"

    number: str
    version: int = Field(ge=1)
    signature: Signature


ReportFact = ReportRegistered | ReportAmended | ReportSigned
FACTS = (ReportRegistered, ReportAmended, ReportSigned)
