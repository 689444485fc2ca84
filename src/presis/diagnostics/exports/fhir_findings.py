"""Each finding of a report as one FHIR observation, and its oncogenicity as a diagnostic implication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from presis.diagnostics.exports.fhir_codes import chromosome, concept, system
from presis.diagnostics.exports.fhir_parts import (
    Bundling,
    Json,
    absent,
    component,
    quantity,
    sentence,
    text_component,
)
from presis.diagnostics.report_model import FindingJson

ALTERATIONS = ("small_variant", "copy_number", "exon_copy_number", "loh", "fusion", "splice")
_PLACE = re.compile(r"(?P<chromosome>[^:\s]+):(?P<position>\d+) (?P<ref>[^>\s]+)>(?P<alt>\S+)")
_BASES = re.compile(r"[ACGTN]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a small variant lies: 1-based position, alleles as in VCF, chromosome without `chr`."""

    chromosome: str
    position: int
    ref: str
    alt: str


def place_of(finding: FindingJson) -> Place | None:
    """The place of a small variant; None where it isn't told, or its alleles aren't bases (`<DUP>`)."""
    match = _PLACE.fullmatch(finding.place or "")
    if match is None or not (_BASES.fullmatch(match["ref"]) and _BASES.fullmatch(match["alt"])):
        return None
    return Place(match["chromosome"].removeprefix("chr"), int(match["position"]), match["ref"], match["alt"])


def add_finding(bundling: Bundling, finding: FindingJson) -> Iterator[Json]:
    """Put a finding in; the references for the report's results."""
    if finding.kind in ALTERATIONS:
        yield bundling.add(finding.id, _alteration(bundling, finding))
    elif finding.kind in ("tmb", "msi"):
        yield bundling.add(finding.id, _marker(bundling, finding))
    else:
        yield bundling.add(finding.id, _other(bundling, finding))
    if finding.oncogenicity is not None or finding.amp is not None:
        yield bundling.add(f"{finding.id}/meaning", _meaning(bundling, finding))


def _alteration(bundling: Bundling, finding: FindingJson) -> Json:
    return bundling.observation(
        finding.id,
        concept("variant"),
        claims="variant",
        valueCodeableConcept=concept("present"),
        method=concept("sequencing"),
        component=list(_components(bundling, finding)),
        note=[{"text": each} for each in _notes(finding)],
    )


def _components(bundling: Bundling, finding: FindingJson) -> Iterator[Json]:
    for symbol in finding.genes:
        yield bundling.gene(symbol)
    yield text_component("variation", finding.label)
    yield from _place(bundling, finding)
    yield from _change(finding)
    if finding.allele_fraction is not None:
        yield component("allelic-frequency", valueQuantity=quantity(finding.allele_fraction, "1", "1"))
    if finding.depth is not None:
        yield component("total-depth", valueQuantity=quantity(finding.depth, "reads", "{reads}"))
    if finding.supporting_reads is not None:
        yield component("allelic-reads", valueQuantity=quantity(finding.supporting_reads, "reads", "{reads}"))
    yield from _copies(finding)
    if finding.breakpoints:
        yield text_component("breakpoints", sentence(finding.breakpoints))
    if finding.exon:
        yield text_component("exon", finding.exon)
    if finding.consequences:
        yield text_component("consequence", sentence(finding.consequences))
    yield from _source_class(finding)


def _place(bundling: Bundling, finding: FindingJson) -> Iterator[Json]:
    build = bundling.content.build
    if build in ("GRCh37", "GRCh38") and (finding.place or finding.breakpoints):
        yield component("assembly", valueCodeableConcept=concept(build))
    place = place_of(finding)
    if place is None:
        return
    last = place.position + len(place.ref) - 1
    span: Json = {"low": {"value": place.position}, "high": {"value": last}}
    yield component("chromosome", valueCodeableConcept=chromosome(place.chromosome))
    yield component("start-end", valueRange=span)
    yield component("coordinate-system", valueCodeableConcept=concept("one-based"))
    yield component("ref-allele", valueString=place.ref)
    yield component("alt-allele", valueString=place.alt)
    yield component("change-type", valueCodeableConcept=concept(change_type(place)))


def change_type(place: Place) -> str:
    """The type of a small change by its alleles, as a name of the code table (Sequence Ontology)."""
    ref, alt = place.ref, place.alt
    if len(ref) == len(alt):
        return "snv" if len(ref) == 1 else "mnv"
    if len(ref) < len(alt) and alt.startswith(ref):
        return "insertion"
    return "deletion" if ref.startswith(alt) else "delins"


def _change(finding: FindingJson) -> Iterator[Json]:
    if finding.transcript:
        value: Json = {"text": finding.transcript}
        if finding.transcript.startswith(("NM_", "NR_", "XM_", "XR_")):
            value["coding"] = [{"system": system("refseq"), "code": finding.transcript}]
        yield component("transcript", valueCodeableConcept=value)
    if finding.cdna:
        whole = f"{finding.transcript}:{finding.cdna}" if finding.transcript else None
        yield component("coding-change", valueCodeableConcept=_hgvs(whole, finding.cdna))
    if finding.protein:
        yield component("protein-change", valueCodeableConcept=_hgvs(finding.protein, finding.protein))
    if finding.kind == "fusion":
        yield component("change-type", valueCodeableConcept=concept("fusion"))
    if finding.kind in ("copy_number", "exon_copy_number"):
        gained = finding.direction in ("amplification", "gain")
        yield component("change-type", valueCodeableConcept=concept("gain" if gained else "loss"))


def _hgvs(code: str | None, text: str) -> Json:
    """HGVS as a code where it is whole, with the change as the file words it."""
    coded: Json = {"coding": [{"system": system("hgvs"), "code": code}]} if code else {}
    return {**coded, "text": text}


def _copies(finding: FindingJson) -> Iterator[Json]:
    if finding.absolute_copies is not None:
        yield component("copy-number", valueQuantity=quantity(finding.absolute_copies, "1", "1"))
    if finding.fold_change is not None:
        yield component("fold-change", valueQuantity=quantity(finding.fold_change, "1", "1"))
    if finding.copies is not None and finding.copies.best is not None:
        ends = {"low": finding.copies.low, "high": finding.copies.high}
        found = sentence(f"{name} {value:g}" for name, value in ends.items() if value is not None)
        told = f"{finding.copies.best:g}" + (f" ({found})" if found else "")
        yield text_component("adjusted-copies", told)


def _source_class(finding: FindingJson) -> Iterator[Json]:
    """Where a variant comes from; a tumour alone makes it likely at most."""
    origin = finding.origin
    if origin is None:
        return
    proven = {"somatic": "somatic", "likely_germline": "germline"}
    likely = {"somatic": "likely-somatic", "likely_germline": "likely-germline"}
    name = (proven if origin.proven else likely).get(origin.kind, "origin-unknown")
    why = sentence(each.text for each in origin.why)
    yield component("source-class", valueCodeableConcept=concept(name, why or None))


def _notes(finding: FindingJson) -> Iterator[str]:
    yield from (each.text for each in finding.notes)
    if finding.direction == "order_unknown":
        yield "Which gene comes first isn't told."
    if finding.adjacent:
        yield "Another change lies in the same codon; the two may be one."
    for part in finding.parts:
        fraction = "" if part.allele_fraction is None else f", allele fraction {part.allele_fraction:g}"
        yield f"Read as one with its part {part.label} ({part.place}{fraction})."
    if finding.reviewed is not None and finding.reviewed.text:
        yield finding.reviewed.text


def _marker(bundling: Bundling, finding: FindingJson) -> Json:
    """The rate of mutations, or microsatellites: the value, or why there is none."""
    reason = finding.marker_reason.text if finding.marker_reason else "not reported"
    covers = bundling.content.covers.get(finding.kind)
    nothing = absent(covers.state if covers else "unknown", reason)
    value: Json = {}
    parts: list[Json] = []
    if finding.kind == "tmb" and finding.value is not None:
        least = {"comparator": ">="} if finding.at_least else {}
        value["valueQuantity"] = quantity(finding.value, "Mutations/Megabase", "1/1000000{Base}", **least)
        if finding.marker_class:
            value["interpretation"] = [{"text": finding.marker_class}]
    elif finding.kind == "msi":
        if finding.marker_class:
            value["valueCodeableConcept"] = _stability(finding.marker_class)
        if finding.value is not None:
            least = {"comparator": ">="} if finding.at_least else {}
            parts.append(
                component("percent-unstable", valueQuantity=quantity(finding.value, "%", "%", **least))
            )
    if finding.interval is not None:
        ends = f"{finding.interval.low:.4g} to {finding.interval.high:.4g} ({finding.interval.level:.0%})"
        parts.append(text_component("interval", ends))
    if not value.keys() & {"valueQuantity", "valueCodeableConcept"}:
        value["dataAbsentReason"] = nothing
    notes = [reason, *_notes(finding)]
    return bundling.observation(
        finding.id,
        concept(finding.kind),
        claims="molecular-biomarker",
        **value,
        method=concept("sequencing"),
        component=parts,
        note=[{"text": each} for each in notes],
    )


def _stability(found: str) -> Json:
    names = {"stable": "msi-stable", "unstable": "msi-unstable"}
    return concept(names[found], found) if found in names else {"text": found}


def _other(bundling: Bundling, finding: FindingJson) -> Json:
    """The score of instability, wild type, and pathology's results: words, for they have no code here."""
    code = {"hrd": concept("instability-score"), "wild_type": concept("wild-type")}.get(finding.kind)
    value: Json = {"valueCodeableConcept": {"text": finding.label}}
    if finding.kind == "hrd" and finding.value is not None:
        value = {"valueQuantity": quantity(finding.value, "score", "{score}")}
    if finding.kind == "pathology_marker":
        result = next((each for each in bundling.content.markers if each.id == finding.id), None)
        code = {"text": result.name if result else finding.label}
        if result is not None:
            value["method"] = {"text": sentence((result.method, result.assay), ", ")}
    notes = [finding.marker_reason.text] if finding.marker_reason else []
    return bundling.observation(
        finding.id,
        code or {"text": finding.label},
        **value,
        component=[bundling.gene(symbol) for symbol in finding.genes],
        note=[{"text": each} for each in (*notes, *_notes(finding))],
    )


def _meaning(bundling: Bundling, finding: FindingJson) -> Json:
    """Oncogenicity and the best tiers: what is said of the finding, apart from the finding itself."""
    parts: list[Json] = []
    onco = finding.oncogenicity
    if onco is not None and onco.classes:
        classes = " or ".join(each.replace("_", " ") for each in reversed(onco.classes))
        parts.append(text_component("significance", classes))
        low, high = onco.total
        points = f"{low}" if low == high else f"{low} to {high}"
        parts.append(text_component("conclusion", f"{points} points by ClinGen/CGC/VICC: {classes}"))
    if finding.amp is not None:
        parts.append(text_component("evidence-level", sentence((finding.amp.text, finding.amp.note))))
    return bundling.observation(
        f"{finding.id}/meaning",
        concept("diagnostic-implication"),
        claims="diagnostic-implication",
        derivedFrom=[bundling.reference(finding.id)],
        component=parts,
    )
