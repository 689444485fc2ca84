"""Pathology's markers, disagreements, identity and pictures as the report's content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from presis.diagnostics.as_json import amp_json, reason_json
from presis.diagnostics.identity import IdentityCheck
from presis.diagnostics.interpretation import Interpretation
from presis.diagnostics.marker_answers import biomarkers, by_pathology, result_reason
from presis.diagnostics.option import Option
from presis.diagnostics.pathology import Disagreement, PathologyMarker
from presis.diagnostics.profile import MolecularProfile
from presis.documents.language import Words
from presis.methods.rules import Truth

Json = dict[str, Any]


def marker_parts(interpretation: Interpretation, identity: Sequence[IdentityCheck], en: Words) -> Json:
    """The content's fields on other tests than the panel, and on whose data they are."""
    profile = interpretation.profile
    return {
        "markers": [_marker(index, each, en) for index, each in enumerate(profile.markers)],
        "settled": list(_settled(interpretation, en)),
        "disagreements": [
            _disagreement(each, interpretation.actionability.options, en)
            for each in interpretation.findings.disagreements
        ],
        "identity": [identity_json(each, en) for each in identity],
        "attachments": [asdict(each) for each in profile.attachments],
    }


def marker_findings(interpretation: Interpretation, en: Words) -> Iterator[Json]:
    """Results of pathology as findings, so that an option can hang on them."""
    for index, each in enumerate(interpretation.profile.markers):
        reason = result_reason(each)
        yield {
            "id": f"pm:{index}",
            "kind": "pathology_marker",
            "genes": [],
            "label": en.why(reason),
            "value": each.low if each.low == each.high else None,
            "marker_class": each.score,
            "marker_reason": reason_json(reason, en),
            "marker_source": ", ".join(filter(None, (each.assay, each.date, each.block))),
            "amp": amp_json(interpretation.tiers.get(f"pm:{index}", ()), None, en),
            "source": f"{each.file}:{each.line}",
        }


def _marker(index: int, each: PathologyMarker, en: Words) -> Json:
    values = {name: value for name, value in asdict(each).items() if name not in ("file", "line")}
    return {
        "id": f"pm:{index}",
        **values,
        "result": reason_json(result_reason(each), en),
        "source": f"{each.file}:{each.line}",
    }


def _settled(interpretation: Interpretation, en: Words) -> Iterator[Json]:
    """Each biomarker that a result speaks of; unknown where methods disagree."""
    profile: MolecularProfile = interpretation.profile
    for name in biomarkers():
        answer = by_pathology(name, profile)
        if answer is None:
            continue
        against = [each for each in interpretation.findings.disagreements if name in each.unsettles]
        yield {
            "biomarker": name,
            "holds": Truth.UNKNOWN.word if against else answer.truth.word,
            "findings": list(answer.evidence),
            "why": [reason_json(each, en) for each in answer.reasons],
            "settled_by": [
                reason_json(each, en)
                for each in ([each.settled_by for each in against] or list(answer.settled_by))
            ],
        }


def _disagreement(each: Disagreement, options: Sequence[Option], en: Words) -> Json:
    touched = dict.fromkeys(
        option.drug
        for option in options
        if any(
            reason.code.startswith("disagreement.") and reason.values.get("subject") == each.subject
            for reason in (*option.reasons, *option.open_conditions)
        )
    )
    return {
        "id": each.id,
        "subject": each.subject,
        "sides": [
            {
                "method": side.method,
                "result": reason_json(side.result, en),
                "date": side.date,
                "specimen": side.specimen,
            }
            for side in each.sides
        ],
        "unsettles": sorted(each.unsettles),
        "beside": sorted(each.beside),
        "findings": list(each.findings),
        "settled_by": reason_json(each.settled_by, en),
        "touches": list(touched),
    }


def identity_json(check: IdentityCheck, en: Words) -> Json:
    """A check of identity, with its counts, and who answers for a mismatch."""
    return {
        "check": check.check,
        "result": check.result.value,
        "reason": reason_json(check.reason, en),
        "counts": dict(check.counts),
        "other": check.other,
        "accepted": asdict(check.accepted) if check.accepted else None,
    }
