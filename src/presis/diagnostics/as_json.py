"""Interpretation as plain data for JSON; the schema is documented in docs/reference/report-json.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from presis.diagnostics.civic_evidence import CivicEvidence
from presis.diagnostics.oncogenicity import Oncogenicity
from presis.diagnostics.oncogenicity_answer import Criterion, State
from presis.diagnostics.option import AmpTier, EscatTier, Option, Statement
from presis.documents.language import Words
from presis.methods.reasons import Reason

Json = dict[str, Any]

_MET = {State.MET: "yes", State.SUPPRESSED: "yes", State.NOT_MET: "no", State.NOT_ASSESSED: "unknown"}


def reason_json(reason: Reason, words: Words) -> Json:
    """A reason: its code, its values, and the sentence in the language asked for."""
    return {"code": reason.code, "values": dict(reason.values), "text": words.why(reason)}


def oncogenicity_json(oncogenicity: Oncogenicity, words: Words) -> Json:
    """`total` [low, high], `classes` from the most benign, `criteria` in the standard's order."""
    return {
        "total": [oncogenicity.low, oncogenicity.high],
        "classes": list(oncogenicity.classes),
        "unless_common": oncogenicity.unless_common,
        "criteria": [criterion_json(criterion, words) for criterion in oncogenicity.criteria],
    }


def criterion_json(criterion: Criterion, words: Words) -> Json:
    """One criterion; `points` is a number, or [low, high] where it is a range."""
    points: int | list[int] = criterion.low
    if criterion.low != criterion.high:
        points = [criterion.low, criterion.high]
    return {
        "code": criterion.code,
        "label": criterion.label,
        "points": points,
        "met": _MET[criterion.state],
        "state": criterion.state.value,
        "why": words.why(criterion.why),
        "why_code": criterion.why.code,
        "why_values": dict(criterion.why.values),
        "could_add": criterion.could_add,
        "sources": list(criterion.sources),
    }


def amp_json(tiers: Iterable[AmpTier], note: Reason | None, words: Words) -> Json | None:
    """AMP/ASCO/CAP 2017: every possible tier; None where none is given, with no tier guessed."""
    possible = sorted(tiers)
    if not possible:
        return None
    return {
        "scale": "AMP/ASCO/CAP 2017",
        "text": " or ".join(str(tier) for tier in possible),
        "possible": [{"tier": tier.tier, "level": tier.level} for tier in possible],
        "note": None if note is None else words.why(note),
    }


def escat_json(tiers: Iterable[EscatTier]) -> list[Json]:
    """Curated ESCAT tiers with their version; empty: not assigned."""
    return [
        {
            "scale": "ESCAT",
            "text": str(tier),
            "tier": tier.tier,
            "version_date": tier.version_date,
            "row": tier.row,
            "source": tier.source,
        }
        for tier in tiers
    ]


def option_json(option: Option, labels: Mapping[str, str], words: Words, tumour: str | None) -> Json:
    """A drug for or against, with tiers, conditions and sources."""
    return {
        "drug": option.drug,
        "tumour": tumour,
        "direction": option.direction,
        "findings": [{"id": each, "label": labels.get(each, each)} for each in option.findings],
        "holds": option.truth.word,
        "relation": option.relation.value,
        "amp": amp_json(option.amp, option.note, words),
        "escat": escat_json(option.escat) or None,
        "escat_not_confirmed": list(option.escat_unconfirmed),
        "note": None if option.note is None else reason_json(option.note, words),
        "why": [reason_json(reason, words) for reason in option.reasons],
        "settled_by": [reason_json(reason, words) for reason in option.settled_by],
        "conditions": [reason_json(reason, words) for reason in option.open_conditions],
        "conflicts": list(option.conflicts),
        "access": [
            {
                "row": each.row,
                "country": "NO",
                "decision": each.decision,
                "indication": each.indication,
                "method_id": each.method_id,
                "date": None if each.date is None else str(each.date),
                "address": each.address,
                "confirmed": each.counts,
            }
            for each in option.access
        ],
        "sources": [statement_json(statement) for statement in option.statements],
    }


def statement_json(statement: Statement) -> Json:
    """One row of a curated table, as it stands there."""
    return {
        "row": statement.row,
        "kind": statement.kind,
        "authority": statement.authority,
        "biomarker": statement.text,
        "tumour": statement.tumour,
        "line": statement.line,
        "conditions": statement.conditions,
        "date": None if statement.date is None else str(statement.date),
        "address": statement.address,
        "status": statement.status,
        "confirmed": statement.confirmed,
        "relation": statement.relation.value,
        "holds": statement.holds.word,
    }


def civic_json(evidence: CivicEvidence, labels: Mapping[str, str]) -> Json:
    """One CIViC item: what it proposes is a level, never a tier."""
    item = evidence.item
    return {
        "finding": labels.get(evidence.finding, evidence.finding),
        "evidence_id": item.evidence_id,
        "disease": item.disease,
        "drugs": list(item.drugs),
        "direction": evidence.direction,
        "supports": evidence.supports,
        "civic_level": item.level,
        "rating": item.rating,
        "proposed_amp_level": evidence.proposed,
        "caveat": evidence.caveat,
        "relation": evidence.relation.value,
        "pmid": item.pubmed_id,
    }
