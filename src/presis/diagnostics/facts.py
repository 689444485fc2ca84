"""What this room records: the way of a requisition, what was read, judged and reported.

A fact holds codes, what folding needs, and hashes of what is sealed under the patient's key: free text,
profiles, files and reports. `finding` is a keyed hash of a change, so that it is known again and tells
nothing by itself.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from presis.governance.signing import Signature
from presis.record import FactModel

_HASH = r"^[0-9a-f]{64}$"


class Carried(BaseModel):
    """A finding that a report carries: the keyed hash of the change, its class and its best tiers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    finding: str = Field(pattern=_HASH)
    oncogenicity: str | None
    tiers: tuple[str, ...]


class ReportRegistered(FactModel):
    """A report has come into being as a draft: its number, whose it is, and its content's hash.

    `content_hash` is that of the content as it was seen, over which people sign; `sealed` that of its
    ciphertext.
    """

    kind: ClassVar[str] = "diagnostics.report-registered/1"

    number: str
    organisation: str
    patient: str
    requisition: str | None
    requester: str | None = None
    sample: str
    tumour: str | None
    content_hash: str = Field(pattern=_HASH)
    sealed: str = Field(pattern=_HASH)
    signatures_needed: int = Field(ge=1)
    carried: tuple[Carried, ...]


class ReportAmended(FactModel):
    """A new version, a draft again, takes the last one's place; `reason` is sealed and says why.

    `requester`, `sample` and `tumour` are who asked for it, the specimen and its tumour by the requisition
    as it stands now; None: as before.
    """

    kind: ClassVar[str] = "diagnostics.report-amended/1"

    number: str
    version: int = Field(ge=2)
    requester: str | None = None
    sample: str | None = None
    tumour: str | None = None
    content_hash: str = Field(pattern=_HASH)
    sealed: str = Field(pattern=_HASH)
    reason: str = Field(pattern=_HASH)
    signatures_needed: int = Field(ge=1)
    carried: tuple[Carried, ...]


class ReportSigned(FactModel):
    """A person has signed a version; it is signed when as many have as are needed."""

    kind: ClassVar[str] = "diagnostics.report-signed/1"

    number: str
    version: int = Field(ge=1)
    signature: Signature


class RequisitionReceived(FactModel):
    """A laboratory has been asked to analyse a patient's specimen; the fact occurred on the day of receipt.

    `details` is sealed: the clinical question, the tumour in the requester's words, the site.
    `predisposition_declined`: the patient wants no inherited risk told but what bears on treatment.
    `confirmed`: the fields that a person has put right; what files say against them doesn't count.
    """

    kind: ClassVar[str] = "diagnostics.requisition-received/1"

    number: str
    organisation: str
    patient: str
    requester: str
    urgent: bool
    specimen: str
    sample_type: str | None
    tumour: str | None
    birth_year: int | None
    sex: str | None
    details: str | None = Field(pattern=_HASH)
    predisposition_declined: bool = False
    confirmed: tuple[str, ...] = ()


class MaterialAssessed(FactModel):
    """A person has looked at the material; `cells` is the share of tumour cells, a fraction from 0 to 1."""

    kind: ClassVar[str] = "diagnostics.material-assessed/1"

    adequate: bool
    cells: float | None
    note: str | None = Field(pattern=_HASH)


class StepDone(FactModel):
    """A step at the bench is done."""

    kind: ClassVar[str] = "diagnostics.step-done/1"

    step: Literal["extracted", "library", "sequenced"]


class RepeatAsked(FactModel):
    """Something must be done again: from sequencing, the library or extraction, or with new tissue."""

    kind: ClassVar[str] = "diagnostics.repeat-asked/1"

    what: Literal["sequencing", "library", "extraction", "new_tissue"]
    note: str | None = Field(pattern=_HASH)


class KeptFile(BaseModel):
    """A file kept sealed: the hash of its ciphertext, its kind as recognised, and its size in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sealed: str = Field(pattern=_HASH)
    kind: str
    size: int = Field(ge=0)


class FilesRead(FactModel):
    """Panel files were read: the files, the profile and its computed interpretation, all sealed.

    `run` is the keyed hash of the run's name, so that its samples find each other.
    """

    kind: ClassVar[str] = "diagnostics.files-read/1"

    reading: int = Field(ge=1)
    files: tuple[KeptFile, ...]
    profile: str = Field(pattern=_HASH)
    content: str = Field(pattern=_HASH)
    findings: int = Field(ge=0)
    lost: int = Field(ge=0)
    run: str | None = Field(default=None, pattern=_HASH)


class FindingJudged(FactModel):
    """A person has judged a finding; `judgement` is sealed: which change, and the reason in words.

    `oncogenicity` is the person's class, `computed` those that were computed. `withdrawn` takes back
    the judgement before.
    """

    kind: ClassVar[str] = "diagnostics.finding-judged/1"

    reading: int = Field(ge=1)
    finding: str = Field(pattern=_HASH)
    verdict: Literal["keep", "artefact", "germline", "not_relevant", "reclassified", "withdrawn"]
    oncogenicity: str | None
    computed: tuple[str, ...]
    judgement: str = Field(pattern=_HASH)


class MismatchAccepted(FactModel):
    """A person answers for data that a check of identity speaks against; `told` is sealed: what, and why.

    It holds for that mismatch alone: one with other numbers or names is open again.
    """

    kind: ClassVar[str] = "diagnostics.mismatch-accepted/1"

    reading: int = Field(ge=1)
    check: str
    told: str = Field(pattern=_HASH)


class InterpretationWritten(FactModel):
    """The interpretation of the whole, in free text, sealed; it takes the place of the one before."""

    kind: ClassVar[str] = "diagnostics.interpretation-written/1"

    text: str = Field(pattern=_HASH)


class ReviewConcluded(FactModel):
    """The review is over: a report, or a new version of it, was made of it."""

    kind: ClassVar[str] = "diagnostics.review-concluded/1"

    report: str
    version: int = Field(ge=1)
    signatures_needed: int = Field(ge=1)


class ReviewReopened(FactModel):
    """The review begins again, because a report is to be amended; `reason` is sealed."""

    kind: ClassVar[str] = "diagnostics.review-reopened/1"

    reason: str = Field(pattern=_HASH)


class ReviewSigned(FactModel):
    """A person has signed the report of the review; `complete` with the last signature that is needed."""

    kind: ClassVar[str] = "diagnostics.review-signed/1"

    report: str
    version: int = Field(ge=1)
    person: str
    complete: bool


class RequisitionCancelled(FactModel):
    """The requisition is called off; `reason` is sealed."""

    kind: ClassVar[str] = "diagnostics.requisition-cancelled/1"

    reason: str = Field(pattern=_HASH)


ReportFact = ReportRegistered | ReportAmended | ReportSigned
ReviewFact = (
    FilesRead
    | FindingJudged
    | MismatchAccepted
    | InterpretationWritten
    | ReviewConcluded
    | ReviewReopened
    | ReviewSigned
)
RequisitionFact = (
    RequisitionReceived | MaterialAssessed | StepDone | RepeatAsked | RequisitionCancelled | ReviewFact
)
FACTS = (
    ReportRegistered,
    ReportAmended,
    ReportSigned,
    RequisitionReceived,
    MaterialAssessed,
    StepDone,
    RepeatAsked,
    FilesRead,
    FindingJudged,
    MismatchAccepted,
    InterpretationWritten,
    ReviewConcluded,
    ReviewReopened,
    ReviewSigned,
    RequisitionCancelled,
)
