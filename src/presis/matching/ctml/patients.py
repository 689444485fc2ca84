"""Patients as MatchEngine has them: a clinical document a sample, and genomic records that point at it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from presis.errors import BadInput, Where
from presis.matching.ctml.criteria import GENOMIC_FIELDS, STATUS_FIELDS
from presis.matching.ctml.dates import as_date, span
from presis.matching.ctml.remarks import Remarks
from presis.matching.ctml.trial_files import read_text

Fields = Mapping[str, Any]
PARTNERS = ("LEFT_PARTNER_GENE", "RIGHT_PARTNER_GENE")
_RECORD_FIELDS = frozenset({*GENOMIC_FIELDS.values(), *PARTNERS, "STRUCTURAL_VARIANT_COMMENT"})


@dataclass(frozen=True, slots=True)
class Patient:
    """One sample with its clinical document; birth as the first and last possible day (yyyymmdd)."""

    sample: str
    fields: Fields
    born: tuple[int, int] | None
    reported: date | None


@dataclass(frozen=True, slots=True)
class Record:
    """One genomic record and the place of its patient."""

    owner: int
    fields: Fields


@dataclass(frozen=True)
class Cohort:
    """Patients and their records, with indexes that are made when first used."""

    patients: tuple[Patient, ...]
    records: tuple[Record, ...]

    @cached_property
    def by_gene(self) -> Mapping[str, Sequence[Record]]:
        """Records by the genes that they name, in lower case; those that may be of any gene under ''."""
        return _by_gene(self.records, may_name_another)

    def of_gene(self, gene: str) -> Iterator[Record]:
        """Records that name a gene, whatever its case, and those that may be of any gene."""
        return _of_genes(self.by_gene, (gene,))

    @cached_property
    def _structural_by_gene(self) -> Mapping[str, Sequence[Record]]:
        return _by_gene(self.structural, lambda fields: _has_comment(fields) or may_name_another(fields))

    def structural_of(self, genes: Sequence[str]) -> Iterable[Record]:
        """Records that may be of a structural variant of one of the genes; of any, if none is given."""
        return _of_genes(self._structural_by_gene, genes) if genes else self.structural

    @cached_property
    def with_status(self) -> Sequence[Record]:
        """Records with the status of a signature or of mismatch repair."""
        return [each for each in self.records if not STATUS_FIELDS.isdisjoint(each.fields)]

    @cached_property
    def structural(self) -> Sequence[Record]:
        """Records that may be of a structural variant: by category, by comment, or because none is given."""
        return [
            each
            for each in self.records
            if each.fields.get("VARIANT_CATEGORY") in {None, "SV"} or _has_comment(each.fields)
        ]


def genes_of(fields: Fields) -> tuple[str, ...]:
    """Every gene that a record names: its own and the partners of a structural variant."""
    names = ("TRUE_HUGO_SYMBOL", *PARTNERS)
    return tuple(fields[name] for name in names if isinstance(fields.get(name), str))


def may_name_another(fields: Fields) -> bool:
    """Whether a record may be of a gene that it doesn't name."""
    category = fields.get("VARIANT_CATEGORY")
    unnamed = fields.get("TRUE_HUGO_SYMBOL") is None and category in {None, "MUTATION", "CNV"}
    open_sides = category in {None, "SV"} and any(name not in fields for name in PARTNERS)
    return unnamed or open_sides


def _has_comment(fields: Fields) -> bool:
    return fields.get("STRUCTURAL_VARIANT_COMMENT") is not None


def _by_gene(records: Iterable[Record], of_any: Callable[[Fields], bool]) -> Mapping[str, Sequence[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        genes = {gene.lower() for gene in genes_of(record.fields)}
        for gene in genes | {""} if of_any(record.fields) else genes:
            found[gene].append(record)
    return dict(found)


def _of_genes(index: Mapping[str, Sequence[Record]], genes: Iterable[str]) -> Iterator[Record]:
    seen = set()
    for gene in ("", *(each.lower() for each in genes)):
        for record in index.get(gene, ()):
            if id(record) not in seen:
                seen.add(id(record))
                yield record


def read_cohort(clinical: Path, genomic: Path, remarks: Remarks) -> Cohort:
    """Read the two files of documents; what is wrong goes to the remarks.

    Raises:
        BadInput: if a file can't be read at all.

    """
    patients: list[Patient] = []
    by_id: dict[str, int] = {}
    by_sample: dict[str, int] = {}
    for line, document in _lines(clinical):
        where = Where(file=str(clinical), line=line)
        sample, key = document.get("SAMPLE_ID"), _identity(document.get("_id"))
        if not isinstance(sample, str) or not sample:
            remarks.error("patient", "SAMPLE_ID should be text", where, sample)
            continue
        if sample in by_sample or key in by_id:
            said = f"{sample} or its _id is there twice; give each sample once"
            remarks.error("patient_twice", said, where)
        by_sample[sample] = len(patients)
        if key is not None:
            by_id[key] = len(patients)
        patients.append(_patient(sample, document, where, remarks))
    return Cohort(tuple(patients), tuple(_records(genomic, by_id, by_sample, remarks)))


def _patient(sample: str, document: Fields, where: Where, remarks: Remarks) -> Patient:
    burden = document.get("TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE")
    if isinstance(burden, bool) or not isinstance(burden, int | float | None):
        said = "TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE should be a number"
        remarks.fault("patient_value", said, where, burden)
    for name in ("GENDER", "ONCOTREE_PRIMARY_DIAGNOSIS_NAME", "VITAL_STATUS"):
        if not isinstance(document.get(name), str | None):
            remarks.fault("patient_value", f"{name} should be text", where, document[name])
    whole = document.get("BIRTH_DATE_INT")
    birth = _day("BIRTH_DATE", document.get("BIRTH_DATE") if whole is None else whole, where, remarks)
    report = _day("REPORT_DATE", document.get("REPORT_DATE"), where, remarks)
    reported = as_date(report[0]) if report and report[0] == report[1] else None
    return Patient(sample, document, birth, reported)


def _day(name: str, value: object, where: Where, remarks: Remarks) -> tuple[int, int] | None:
    found = span(value)
    if value is not None and found is None:
        remarks.fault("patient_value", f"{name} should be a date, such as 1970-05-31", where, value)
    return found


def _records(
    genomic: Path, by_id: Mapping[str, int], by_sample: Mapping[str, int], remarks: Remarks
) -> Iterator[Record]:
    orphans = Counter[str]()
    for line, document in _lines(genomic):
        for name in _RECORD_FIELDS & document.keys():
            if isinstance(document[name], dict | list):
                said = f"{name} should be one value"
                remarks.fault("record_value", said, Where(file=str(genomic), line=line), document.pop(name))
        key = _identity(document.get("CLINICAL_ID"))
        owner = by_id.get(key) if key is not None else by_sample.get(str(document.get("SAMPLE_ID")))
        if owner is None:
            orphans[str(key or document.get("SAMPLE_ID"))] += 1
            continue
        yield Record(owner, document)
    if orphans:
        said = f"records without a clinical document: {orphans.total()}, such as of {min(orphans)}"
        remarks.warn("record_without_patient", said, Where(file=str(genomic)))


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            raise BadInput.of("ctml.patient", "should be one JSON object a line", file=str(path), line=number)
        yield number, document


def _identity(value: object) -> str | None:
    """An id as text, also in MongoDB's extended JSON."""
    if isinstance(value, dict):
        value = value.get("$oid")
    return None if value is None else str(value)
