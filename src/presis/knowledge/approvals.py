"""What agencies approve, what resists, what ESMO ranks, what Norway pays for: one statement a row.

The biomarker column's vocabulary is read by `presis.diagnostics`; here it is text. Codes of tumour
types are OncoTree's, each with what lies below it; `SOLID` is any solid tumour. A row that `counts`
has been read at its source, or was confirmed by the laboratory; one that doesn't is shown as not
confirmed and gives no tier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from presis.knowledge.lines import Line

#: Says of a row id and its confidence whether the row counts.
Counts = Callable[[str, str], bool]

#: `read` at its source; `recalled`, known but unread; `imported` from a table of somebody else's.
CONFIDENCES = ("read", "recalled", "imported")
APPROVAL_COLUMNS = (
    *("id", "agency", "drug", "brand", "biomarker", "tumour", "oncotree", "oncotree_excluded", "line"),
    *("conditions", "date", "date_source", "document", "address", "status", "checked_in_moalmanac"),
    "confidence",
)
RESISTANCE_COLUMNS = (
    *("id", "drug_or_class", "biomarker", "tumour", "oncotree", "effect", "setting", "amp_level"),
    *("level_basis", "pmid", "address", "confidence", "note"),
)
ESCAT_COLUMNS = (
    *("id", "gene", "alteration", "tumour", "oncotree", "drug_or_class", "escat_tier", "version_date"),
    *("source", "confidence", "note"),
)
NORWAY_COLUMNS = (
    *("id", "method_id", "drug", "indication", "decision", "date", "address", "confidence", "note"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A biomarker-guided approval: one agency, drug (partners joined by ` + `), marker and tumour.

    `oncotree_excluded` wins over `oncotree`. `date` is that of this indication, None if unknown, and
    `date_source` says how well it is known. `status` is `current`, `opinion only`, or begins with
    `withdrawn`.
    """

    row: str
    agency: str
    drug: str
    brand: str
    biomarker: str
    tumour: str
    oncotree: tuple[str, ...]
    oncotree_excluded: tuple[str, ...]
    line: str
    conditions: str | None
    date: date | None
    date_source: str | None
    document: str
    address: str | None
    status: str
    checked_in_moalmanac: bool
    confidence: str
    counts: bool

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drug and its partners."""
        return tuple(self.drug.split(" + "))

    @property
    def in_force(self) -> bool:
        """Whether the approval stands: neither withdrawn nor an opinion that awaits its decision."""
        return self.status == "current"

    @classmethod
    def read(cls, line: Line, counts: Counts) -> Approval:
        """The approval of one line."""
        confidence = line.one_of("confidence", CONFIDENCES)
        return cls(
            row=line["id"],
            agency=line["agency"],
            drug=line["drug"],
            brand=line["brand"],
            biomarker=line["biomarker"],
            tumour=line["tumour"],
            oncotree=line.codes("oncotree"),
            oncotree_excluded=line.codes("oncotree_excluded"),
            line=line["line"],
            conditions=line.text("conditions"),
            date=line.day("date"),
            date_source=line.text("date_source"),
            document=line["document"],
            address=line.text("address"),
            status=line["status"],
            checked_in_moalmanac=line["checked_in_moalmanac"] == "yes",
            confidence=confidence,
            counts=counts(line["id"], confidence),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ResistanceStatement:
    """That a marker goes with resistance or lacking benefit. `amp_level` is proposed from its basis."""

    row: str
    drug_or_class: str
    biomarker: str
    tumour: str
    oncotree: tuple[str, ...]
    effect: str
    setting: str
    amp_level: str
    level_basis: str
    pmid: str | None
    address: str | None
    confidence: str
    note: str | None
    counts: bool

    @classmethod
    def read(cls, line: Line, counts: Counts) -> ResistanceStatement:
        """The statement of one line."""
        confidence = line.one_of("confidence", CONFIDENCES)
        return cls(
            row=line["id"],
            drug_or_class=line["drug_or_class"],
            biomarker=line["biomarker"],
            tumour=line["tumour"],
            oncotree=line.codes("oncotree"),
            effect=line["effect"],
            setting=line["setting"],
            amp_level=line.one_of("amp_level", ("A", "B", "C", "D")),
            level_basis=line["level_basis"],
            pmid=line.text("pmid"),
            address=line.text("address"),
            confidence=confidence,
            note=line.text("note"),
            counts=counts(line["id"], confidence),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EscatRow:
    """An ESCAT tier as ESMO ranked it in a dated version. One that doesn't count isn't ESMO's verdict yet."""

    row: str
    gene: str
    alteration: str
    tumour: str
    oncotree: tuple[str, ...]
    drug_or_class: str
    escat_tier: str
    version_date: str
    source: str
    confidence: str
    note: str | None
    counts: bool

    @classmethod
    def read(cls, line: Line, counts: Counts) -> EscatRow:
        """The tier of one line."""
        confidence = line.one_of("confidence", CONFIDENCES)
        return cls(
            row=line["id"],
            gene=line["gene"],
            alteration=line["alteration"],
            tumour=line["tumour"],
            oncotree=line.codes("oncotree"),
            drug_or_class=line["drug_or_class"],
            escat_tier=line.one_of(
                "escat_tier",
                ("I-A", "I-B", "I-C", "II-A", "II-B", "III-A", "III-B", "IV-A", "IV-B", "V", "X"),
            ),
            version_date=line["version_date"],
            source=line["source"],
            confidence=confidence,
            note=line.text("note"),
            counts=counts(line["id"], confidence),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NorwayAccess:
    """A national decision on a drug for an indication. It never changes AMP or ESCAT.

    `date` is None where the day wasn't on the page that was read; later decisions may have replaced it.
    """

    row: str
    method_id: str | None
    drug: str
    indication: str
    decision: str
    date: date | None
    address: str
    confidence: str
    note: str | None
    counts: bool

    @classmethod
    def read(cls, line: Line, counts: Counts) -> NorwayAccess:
        """The decision of one line."""
        confidence = line.one_of("confidence", CONFIDENCES)
        return cls(
            row=line["id"],
            method_id=line.text("method_id"),
            drug=line["drug"],
            indication=line["indication"],
            decision=line["decision"],
            date=line.day("date"),
            address=line["address"],
            confidence=confidence,
            note=line.text("note"),
            counts=counts(line["id"], confidence),
        )
