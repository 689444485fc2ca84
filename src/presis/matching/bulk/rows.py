"""Subjects as rows of a cut's tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from presis.diagnostics.findings import ClassifiedVariant, Findings
from presis.matching.bulk.tables import TABLES
from presis.matching.days import DaySpan
from presis.matching.subject import Subject, Told

Row = dict[str, Any]
#: Fields of a subject that one value tells, and those of which a name tells what the value is of.
PLAIN = (
    *("stage", "extent", "brain", "alive", "ecog", "can_swallow", "pregnant", "standard"),
    "treatments_complete",
)
NAMED = {
    "assessed": "assessed",
    "consents": "consent",
    "germline": "germline",
    "statements": "statement",
    "label_conditions": "label_condition",
}


def tables_of(subjects: Iterable[tuple[str, Subject]]) -> dict[str, pa.Table]:
    """The tables of patients with one tumour each, by their pseudonyms."""
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    keys: dict[str, set[str]] = {"coverage": set(), "positions": set()}
    for name, subject in subjects:
        birth = subject.birth.value.text if subject.birth else None
        rows["patients"].append({"patient": name, "birth": birth, "sex": _value(subject.sex)})
        sample: Row = {"sample": f"{name}-1", "patient": name, "tumour": _value(subject.tumour)}
        if subject.findings is not None:
            sample |= _sample(subject.findings, rows, keys)
            for row in _findings(subject.findings):
                rows["findings"].append({"sample": f"{name}-1", **row})
            for row in _markers(subject.findings):
                rows["markers"].append({"sample": f"{name}-1", **row})
        rows["samples"].append(sample)
        rows["observations"] += [{"patient": name, **row} for row in _observations(subject)]
        rows["treatments"] += [{"patient": name, **row} for row in _treatments(subject)]
    return {name: pa.Table.from_pylist(rows[name], schema) for name, schema in TABLES.items()}


def joined(words: Iterable[str | None]) -> str:
    """Words in one text; an empty word stands for one that isn't told."""
    return ";".join(word or "" for word in words)


def _value(told: Told[Any] | None) -> Any:
    return None if told is None else told.value


def _day(told: Told[Any]) -> str | None:
    return None if told.on is None else told.on.text


def _sample(findings: Findings, rows: dict[str, list[Row]], keys: dict[str, set[str]]) -> Row:
    profile = findings.profile
    covers = [
        {
            "alteration": alteration.value,
            "state": each.state.value,
            "reason": each.reason,
            "genes": joined(sorted(each.genes)),
        }
        for alteration, each in sorted(profile.covers.items())
    ]
    places = [
        {"hotspot": each.hotspot.id, "state": each.state.value, "depth": each.depth}
        for _, each in sorted(findings.told_positions.items())
    ]
    return {
        "coverage": _key("coverage", covers, rows, keys),
        "positions": _key("positions", places, rows, keys),
        "lost_genes": joined(sorted(findings.lost.genes)) or None,
        "lost_nameless": findings.lost.nameless,
        "assay": profile.assay.kind,
        "tmb": profile.tmb.per_megabase if profile.tmb else None,
        "tmb_class": findings.tmb.name,
        "tmb_at_least": findings.tmb.at_least,
        "msi": profile.msi.percent_unstable if profile.msi else None,
        "msi_class": findings.msi.name,
        "msi_by_value": findings.msi.by_value,
        "msi_at_least": findings.msi.at_least,
        "gis": profile.genomic_instability.score if profile.genomic_instability else None,
    }


def _key(table: str, told: Sequence[Row], rows: dict[str, list[Row]], keys: dict[str, set[str]]) -> str:
    """The key under which these rows stand, once, in their table."""
    key = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
    if key not in keys[table]:
        keys[table].add(key)
        rows[table] += [{table: key, **row} for row in told]
    return key


def _findings(findings: Findings) -> Iterator[Row]:
    for each in findings.variants:
        yield {"kind": "small_variant", **_small(each, findings)}
    for group in findings.doubtful.values():
        for each in group:
            yield {"kind": "doubtful", **_small(each, findings)}
    profile = findings.profile
    for index, copies in enumerate(profile.copy_numbers):
        origin = _origin(f"cn:{index}", findings)
        yield {"kind": "copy_number", "genes": copies.gene, "name": copies.kind.value, **origin}
    for index, exons in enumerate(profile.exon_copy_numbers):
        origin = _origin(f"ec:{index}", findings)
        yield {
            "kind": "exon_copy_number",
            "genes": exons.gene,
            "name": exons.change,
            "exon": exons.exons,
            **origin,
        }
    for loss in profile.losses_of_heterozygosity:
        yield {"kind": "loh", "genes": loss.gene, "copies": loss.minor_copies}
    for index, fusion in enumerate(profile.fusions):
        origin = _origin(f"fu:{index}", findings)
        yield {
            "kind": "fusion",
            "genes": joined(fusion.first),
            "partners": joined(fusion.second),
            "name": "ordered" if fusion.order_known else "unordered",
            **origin,
        }
    for index, splice in enumerate(profile.splice_variants):
        origin = _origin(f"sp:{index}", findings)
        yield {"kind": "splice", "genes": splice.gene, "name": splice.name, "exon": splice.exons, **origin}
    for state in findings.allelic.values():
        yield {"kind": "allelic", "genes": state.gene, "name": state.both_lost.word}


def _small(each: ClassifiedVariant, findings: Findings) -> Row:
    variant, onco = each.variant, each.oncogenicity
    return {
        "genes": variant.gene,
        "protein": variant.protein_short,
        "cdna": variant.cdna,
        "consequences": joined(variant.consequences),
        "exon": variant.exon,
        "classes": None if onco is None else joined(onco.classes),
        "could_act": onco is not None and onco.could_act,
        "studied": onco is not None and any(c.code == "OS2" for c in onco.met),
        "germline_class": variant.germline_class,
        "adjacent": each.adjacent,
        "untold": each.untold,
        "parts": joined(part.protein_short for part in each.parts) if each.parts else None,
        "kept_by": each.kept_by,
        "fraction": variant.allele_fraction,
        **_origin(each.id, findings),
    }


def _origin(ident: str, findings: Findings) -> Row:
    told = findings.origins.get(ident)
    return {} if told is None else {"origin": told.kind.value, "origin_proven": told.proven}


def _markers(findings: Findings) -> Iterator[Row]:
    for each in findings.profile.markers:
        yield {
            "kind": "marker",
            "marker": each.marker,
            "name": each.name,
            "method": each.method,
            "score": each.score,
            "low": each.low,
            "high": each.high,
            "high_open": each.high_open,
            "unit": each.unit,
            "assay": each.assay,
            "threshold": each.threshold,
            "date": each.date,
        }
    for told in findings.disagreements:
        yield {"kind": "disagreement", "name": told.id, "words": joined(sorted(told.unsettles))}


def _observations(subject: Subject) -> Iterator[Row]:
    for kind in PLAIN:
        told: Told[Any] | None = getattr(subject, kind)
        if told is not None:
            yield {"kind": kind, "value": _text(told.value), "day": _day(told)}
    for field, kind in NAMED.items():
        for name, each in getattr(subject, field).items():
            named = name if isinstance(name, str) else ": ".join(name)
            yield {"kind": kind, "name": named, "value": _text(each.value), "day": _day(each)}
    for value in subject.laboratory:
        yield {
            "kind": "laboratory",
            "name": value.test,
            "value": value.unit,
            "number": value.value,
            "upper_limit": value.upper_limit,
            "day": value.on.text if value.on else None,
        }


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _treatments(subject: Subject) -> Iterator[Row]:
    def day(told: DaySpan | None) -> str | None:
        return told.text if told else None

    for each in subject.treatments:
        yield {
            "drugs": joined(each.drugs),
            "classes": joined(each.classes),
            "targets": joined(sorted(each.targets)),
            "line": each.line,
            "setting": each.setting,
            "start": day(each.start),
            "end": day(each.end),
            "ongoing": each.ongoing,
            "response": each.response,
            "outcome": each.outcome,
        }
