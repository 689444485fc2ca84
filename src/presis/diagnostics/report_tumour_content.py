"""From findings read with the tumour's content in mind to their part of a report's content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from presis.diagnostics.as_json import reason_json
from presis.diagnostics.findings import ClassifiedVariant
from presis.diagnostics.interpretation import Interpretation
from presis.diagnostics.profile import Specimen
from presis.diagnostics.several_results import tumour_dna
from presis.diagnostics.signatures import MarkerClass, interval_level
from presis.diagnostics.tumour_content import applies, copies_for, hidden_losses, holds_on_condition
from presis.diagnostics.tumour_content import rules as content_rules
from presis.documents.language import Words
from presis.methods.reasons import Reason

Json = dict[str, Any]


def _reasons(reasons: Sequence[Reason], en: Words) -> list[Json]:
    return [reason_json(reason, en) for reason in reasons]


def read_variant(each: ClassifiedVariant, interpretation: Interpretation, en: Words) -> Json:
    """A small variant's origin, and its parts."""
    origin = interpretation.findings.origins.get(each.id)
    return {
        "origin": None
        if origin is None
        else {
            "kind": origin.kind.value,
            "fraction_fits": origin.fits.value,
            "proven": origin.proven,
            "why": _reasons(origin.reasons, en),
            "settled_by": _reasons(origin.settled_by, en),
        },
        "parts": [
            {
                "label": part.label,
                "place": f"{part.chromosome}:{part.position} {part.ref}>{part.alt}",
                "allele_fraction": part.allele_fraction,
            }
            for part in each.parts
        ],
        "untold": each.untold,
    }


def read_copies(gene: str, fold: float | None, specimen: Specimen, en: Words) -> Json:
    """A call's copies in the tumour cells."""
    copies = copies_for(gene, fold, specimen)
    why = None if copies.why is None else reason_json(Reason.of(copies.why), en)
    return {"copies": {"best": copies.best, "low": copies.low, "high": copies.high, "why": why}}


def read_marker(marker: MarkerClass) -> Json:
    """A rate's interval, and whether it is a lower end."""
    if marker.interval is None:
        return {"at_least": marker.at_least}
    low, high = marker.interval
    interval = {"low": low, "high": high, "level": interval_level(), "crossed": list(marker.crossed)}
    return {"at_least": marker.at_least, "interval": interval}


def read_instability(interpretation: Interpretation, en: Words) -> Json:
    """What to mind of a genomic instability score."""
    notes = [Reason.of("gis.not-myriad")]
    gis = interpretation.profile.genomic_instability
    if gis is not None and (gis.tumour_fraction_reported or gis.ploidy is not None):
        notes.append(Reason.of("gis.own-estimates"))
    if interpretation.profile.specimen.sample_type == "cell_line":
        notes.insert(0, Reason.of("gis.cell-line"))
    return {"notes": _reasons(notes, en)}


def read_report(interpretation: Interpretation, labels: Mapping[str, str], en: Words) -> Json:
    """The report's own fields: the share of tumour cells, both alleles, follow-up in the germline."""
    return {
        "matched_normal": _has_normal(interpretation),
        "tumour_content": _content(interpretation, en),
        "allelic_states": [
            {
                "gene": state.gene,
                "state": state.kind.value,
                "both_lost": state.both_lost.word,
                "findings": list(state.evidence),
                "why": _reasons(state.reasons, en),
                "settled_by": _reasons(state.settled_by, en),
            }
            for state in interpretation.findings.allelic.values()
        ],
        "follow_ups": [
            {
                "finding": {"id": each.finding, "label": labels[each.finding]},
                "recommended": each.recommended.word,
                "edition": each.edition,
                "confidence": each.confidence,
                "why": _reasons(each.reasons, en),
                "settled_by": _reasons(each.settled_by, en),
            }
            for each in interpretation.follow_ups
        ],
    }


def _has_normal(interpretation: Interpretation) -> bool:
    """Whether a matched normal was read beside the tumour: in its file, or a result of its own."""
    return any(each.normal is not None for each in interpretation.profile.small_variants) or any(
        each.proven for each in interpretation.findings.origins.values()
    )


def _content(interpretation: Interpretation, en: Words) -> Json:
    content, profile = interpretation.findings.content, interpretation.profile
    notes = []
    if holds_on_condition(profile):
        limits = [row["least"] for row in content_rules()["limits"]]
        notes.append(Reason.of("tumour-content.not-reported", least=min(limits), most=max(limits)))
    losses = hidden_losses(content) if applies(profile) else None
    if losses is not None:
        one, both = (round(each, 2) for each in losses)
        notes.append(Reason.of("tumour-content.losses-hide", one=one, both=both))
    dna = tumour_dna(profile)
    notes += [] if dna is None else [dna]
    return {
        "applies": applies(profile),
        "estimate": content.estimate,
        "low": content.low,
        "high": content.high,
        "notes": _reasons(notes, en),
    }
