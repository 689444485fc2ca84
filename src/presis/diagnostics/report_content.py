"""From an interpretation to a report's content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from presis import __version__
from presis.diagnostics.as_json import (
    amp_json,
    civic_json,
    oncogenicity_json,
    option_json,
    reason_json,
)
from presis.diagnostics.filtering import Filtered
from presis.diagnostics.finding_keys import finding_key
from presis.diagnostics.findings import ClassifiedVariant
from presis.diagnostics.identity import IdentityCheck, own_checks
from presis.diagnostics.interpretation import Interpretation
from presis.diagnostics.judged import Dropped, Judged
from presis.diagnostics.option import Unsettled
from presis.diagnostics.profile import GenomeBuild, MolecularProfile, Source, SpliceVariant
from presis.diagnostics.report_findings import Sources, actionable_rows
from presis.diagnostics.report_lead import lead
from presis.diagnostics.report_markers import marker_findings, marker_parts
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_parts import RequestedJson
from presis.diagnostics.report_positions import hotspots_json, wild_type_findings
from presis.diagnostics.report_tumour_content import (
    read_copies,
    read_instability,
    read_marker,
    read_report,
    read_variant,
)
from presis.diagnostics.withheld import as_told
from presis.documents.language import Language, Words, words
from presis.knowledge import Library, Release

Json = dict[str, Any]


def report_content(
    interpretation: Interpretation,
    library: Library,
    laboratory: str | None = None,
    identity: Sequence[IdentityCheck] | None = None,
    requested: RequestedJson | None = None,
) -> ReportContent:
    """The content of the report on one profile; `identity` are its checks, its own alone if None.

    `requested`: whose the specimen is by its requisition, None for a report made of files alone.
    """
    en = words(Language.EN)
    interpretation = as_told(interpretation)
    profile = interpretation.profile
    findings = list(_findings(interpretation, en))
    labels = {each["id"]: each["label"] for each in findings}
    action = interpretation.actionability
    content: Json = {
        "presis_version": __version__,
        "laboratory": laboratory,
        "sample": profile.sample,
        "dna_sample": profile.dna_sample,
        "rna_sample": profile.rna_sample,
        "run": profile.run,
        "build": profile.build,
        "assay": asdict(profile.assay),
        "specimen": {**asdict(profile.specimen), "comments": list(profile.specimen.comments)},
        "tumour": interpretation.tumour,
        "tumour_name": _tumour_name(interpretation.tumour, library),
        "conclusion": {},
        "quality": _quality(profile),
        "covers": _covers(profile),
        "findings": findings,
        "options": [option_json(each, labels, en, interpretation.tumour) for each in action.options],
        "unsettled": [_unsettled(each, en) for each in action.unsettled],
        "not_found": list(action.not_found),
        "civic": [civic_json(each, labels) for each in interpretation.civic],
        "left_out": [_left_out(each, profile.build, en) for each in interpretation.findings.left_out],
        "interpretation": interpretation.text,
        "dropped": [_dropped(each) for each in interpretation.dropped],
        "not_usable": [asdict(each) for each in profile.not_usable],
        "inputs": [asdict(each) for each in profile.inputs],
        "rules": dict(interpretation.rules),
        "requested": requested,
        **read_report(interpretation, labels, en),
        "knowledge": [_release(release) for release in interpretation.releases],
        "hotspots": hotspots_json(interpretation, en),
        **marker_parts(interpretation, own_checks(profile) if identity is None else identity, en),
    }
    return _with_conclusion(ReportContent.model_validate(content))


def _tumour_name(code: str | None, library: Library) -> str | None:
    node = library.oncotree.node(code) if code else None
    return node.name if node else None


def _with_conclusion(content: ReportContent) -> ReportContent:
    """What a signer answers for stands in what is signed, in every language; it is never made anew."""
    told = {}
    for language in Language:
        say = words(language)
        told[language.value] = lead(content, say, actionable_rows(content, say, Sources()))
    return content.model_copy(update={"conclusion": told})


def _unsettled(each: Unsettled, en: Words) -> Json:
    return {
        "drug": each.drug,
        "biomarker": each.biomarker,
        "rows": list(each.rows),
        "why": [reason_json(reason, en) for reason in each.reasons],
        "settled_by": [reason_json(reason, en) for reason in each.settled_by],
    }


def _release(release: Release) -> Json:
    return {
        "pack": release.pack,
        "title": release.title,
        "version": release.version,
        "date": None if release.date is None else str(release.date),
        "licence": release.licence,
        "sha256": release.sha256,
    }


def _findings(interpretation: Interpretation, en: Words) -> Iterator[Json]:
    """Every finding, each kind in the profile's order."""
    profile = interpretation.profile
    for variant in interpretation.findings.variants:
        yield _small_variant(variant, interpretation, en)
    for each in (*_copies(profile), *_junctions(profile)):
        judged = _reviewed(interpretation.judged.get(each["key"]))
        copies: Json = {}
        if each["kind"] == "copy_number":
            copies = read_copies(each["genes"][0], each["fold_change"], profile.specimen, en)
        yield {**_with_amp(each, interpretation, en), "reviewed": judged, **copies}
    yield from _markers(interpretation, en)
    yield from wild_type_findings(interpretation, en)
    yield from marker_findings(interpretation, en)


def _with_amp(finding: Json, interpretation: Interpretation, en: Words) -> Json:
    return {**finding, "amp": amp_json(interpretation.tiers.get(finding["id"], ()), None, en)}


def _place(source: Source | None) -> str | None:
    return None if source is None else f"{source.file}:{source.line}"


def _small_variant(each: ClassifiedVariant, interpretation: Interpretation, en: Words) -> Json:
    variant = each.variant
    onco = each.oncogenicity
    return {
        "id": each.id,
        "key": finding_key(variant, interpretation.profile.build),
        "kind": "small_variant",
        "genes": [variant.gene] if variant.gene else [],
        "label": variant.label,
        "transcript": variant.transcript,
        "mane": variant.mane.value,
        "cdna": variant.cdna,
        "protein": variant.protein,
        "consequences": list(variant.consequences),
        "exon": variant.exon,
        "place": f"{variant.chromosome}:{variant.position} {variant.ref}>{variant.alt}",
        "allele_fraction": variant.allele_fraction,
        "depth": variant.depth,
        "population": None if variant.population is None else dict(variant.population.by_population),
        "oncogenicity": None if onco is None else oncogenicity_json(onco, en),
        "amp": amp_json(interpretation.tiers[each.id], None, en),
        "kept_by": each.kept_by,
        "caller_class": variant.caller_class or variant.germline_status,
        "adjacent": each.adjacent,
        "judgement": variant.judgement.class_judgement if variant.judgement else None,
        "source": _place(variant.source),
        "reviewed": _reviewed(each.judged, each.computed),
        **read_variant(each, interpretation, en),
    }


def _reviewed(judged: Judged | None, computed: Sequence[str] = ()) -> Json | None:
    """A person's judgement as the report holds it; its reason stays in the laboratory."""
    if judged is None:
        return None
    return {
        "verdict": judged.verdict,
        "computed": list(computed),
        "text": judged.text,
        "person": judged.person,
        "on": judged.on,
    }


def _dropped(each: Dropped) -> Json:
    return {
        "key": each.key,
        "kind": each.kind,
        "label": each.label,
        "place": each.place,
        "genes": list(each.genes),
        "computed": list(each.judged.computed),
        "reviewed": _reviewed(each.judged, each.judged.computed),
    }


def _copies(profile: MolecularProfile) -> Iterator[Json]:
    for index, call in enumerate(profile.copy_numbers):
        yield {
            "id": f"cn:{index}",
            "key": finding_key(call, profile.build),
            "kind": "copy_number",
            "genes": [call.gene],
            "label": f"{call.gene} {call.kind}",
            "direction": call.kind.value,
            "fold_change": call.fold_change,
            "absolute_copies": call.absolute_copies,
            "source": _place(call.source),
        }
    for index, exons in enumerate(profile.exon_copy_numbers):
        yield {
            "id": f"ec:{index}",
            "key": finding_key(exons, profile.build),
            "kind": "exon_copy_number",
            "genes": [exons.gene],
            "label": f"{exons.gene} exon {exons.exons or '?'} {exons.change}",
            "direction": exons.change,
            "exon": exons.exons,
            "fold_change": exons.fold_change,
            "source": _place(exons.source),
        }
    for index, loss in enumerate(profile.losses_of_heterozygosity):
        yield {
            "id": f"lo:{index}",
            "key": finding_key(loss, profile.build),
            "kind": "loh",
            "genes": [loss.gene],
            "label": f"{loss.gene} LOH",
            "absolute_copies": loss.absolute_copies,
            "source": _place(loss.source),
        }


def _junctions(profile: MolecularProfile) -> Iterator[Json]:
    for index, fusion in enumerate(profile.fusions):
        yield {
            "id": f"fu:{index}",
            "key": finding_key(fusion, profile.build),
            "kind": "fusion",
            "genes": list(fusion.genes),
            "label": fusion.label,
            "supporting_reads": fusion.supporting_reads,
            "breakpoints": [b for b in (fusion.breakpoint_first, fusion.breakpoint_second) if b],
            "direction": None if fusion.order_known else "order_unknown",
            "source": _place(fusion.source),
        }
    for index, splice in enumerate(profile.splice_variants):
        yield {
            "id": f"sp:{index}",
            "key": finding_key(splice, profile.build),
            "kind": "splice",
            "genes": [splice.gene],
            "label": _splice_label(splice),
            "exon": splice.exons,
            "supporting_reads": splice.supporting_reads,
            "breakpoints": [b for b in (splice.breakpoint_first, splice.breakpoint_second) if b],
            "source": _place(splice.source),
        }


def _splice_label(splice: SpliceVariant) -> str:
    name = splice.name or "splice variant"
    return name if name.startswith(splice.gene) else f"{splice.gene} {name}"


def _markers(interpretation: Interpretation, en: Words) -> Iterator[Json]:
    profile, findings = interpretation.profile, interpretation.findings
    pairs = (
        ("msi", "MSI", findings.msi, profile.msi.percent_unstable if profile.msi else None),
        ("tmb", "TMB", findings.tmb, profile.tmb.per_megabase if profile.tmb else None),
    )
    for ident, label, marker, value in pairs:
        yield {
            "id": ident,
            "kind": ident,
            "genes": [],
            "label": label if marker.name is None else en.say(f"{ident}-class.{marker.name}"),
            "value": value,
            "marker_class": marker.name,
            "marker_reason": reason_json(marker.reason, en),
            "marker_source": marker.source,
            "amp": amp_json(interpretation.tiers.get(ident, ()), None, en),
            **read_marker(marker),
        }
    gis = profile.genomic_instability
    if gis is not None and gis.score is not None:
        amp = amp_json(interpretation.tiers.get("gis", ()), None, en)
        score = {"id": "gis", "kind": "hrd", "genes": [], "label": "GIS", "value": gis.score, "amp": amp}
        yield {**score, **read_instability(interpretation, en)}


def _left_out(each: Filtered, build: GenomeBuild | None, en: Words) -> Json:
    variant = each.variant
    return {
        "label": variant.label,
        "key": finding_key(variant, build),
        "step": each.step or "",
        "why": [reason_json(reason, en) for reason in each.reasons],
        "place": f"{variant.chromosome}:{variant.position} {variant.ref}>{variant.alt}",
        "source": _place(variant.source),
    }


def _quality(profile: MolecularProfile) -> Json:
    quality = profile.quality
    return {
        "known": quality.known,
        "contaminated": quality.contaminated,
        "unknown": {key.value: list(why) for key, why in quality.unknown.items()},
        "measures": [
            {
                **{k: v for k, v in asdict(measure).items() if k != "source"},
                "governs": [each.value for each in measure.governs],
            }
            for measure in quality.measures
        ],
    }


def _covers(profile: MolecularProfile) -> Json:
    return {
        alteration.value: {
            "state": covers.state.value,
            "reason": covers.reason,
            "detail": list(covers.detail),
            "genes": sorted(covers.genes),
        }
        for alteration, covers in profile.covers.items()
    }
