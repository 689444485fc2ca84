"""The lists of a review: findings that stand, those that the filter left out, those that people took out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from presis.diagnostics.judged import DROPS, Judgements
from presis.diagnostics.report_model import AmpJson, FindingJson, LeftOutJson, ReportContent
from presis.documents.language import Words

LISTS = ("findings", "left-out", "dropped")
Reviewed = FindingJson | LeftOutJson
_TIERS = {"I": 0, "II": 1, "III": 2, "IV": 3}


def review_lists(content: ReportContent, judged: Judgements) -> dict[str, list[Reviewed]]:
    """The computed findings by list; a variant that the filter left out and a person kept stands again."""
    drops = {key for key, each in judged.items() if each.verdict in DROPS}
    kept = judged.keys() - drops
    standing = [each for each in content.findings if each.key]
    left_out = [each for each in content.left_out if each.key]
    return {
        "findings": [
            *(each for each in standing if each.key not in drops),
            *(each for each in left_out if each.key in kept),
        ],
        "left-out": [each for each in left_out if each.key not in kept],
        "dropped": [each for each in standing if each.key in drops],
    }


def progress(lists: Mapping[str, Sequence[Reviewed]], judged: Judgements) -> tuple[str, dict[str, int]]:
    """How far a review has come, as the catalogue's code and its counts."""
    standing = lists["findings"]
    open_ones = sum(1 for each in standing if each.key not in judged)
    counts = {
        "count": len(standing),
        "open": open_ones,
        "judged": len(standing) - open_ones,
        "dropped": len(lists["dropped"]),
        "left": len(lists["left-out"]),
    }
    return "web.lead-review-open" if open_ones else "web.lead-review-done", counts


def finding_of(content: ReportContent, key: str | None) -> Reviewed | None:
    """The finding with a key, also one that the filter left out."""
    everything: list[Reviewed] = [*content.findings, *content.left_out]
    return next((each for each in everything if each.key and each.key == key), None)


def order_of(each: Reviewed) -> tuple[int, str, float, str]:
    """What findings are sorted by: the best tier, the larger fraction; what was left out comes last."""
    if isinstance(each, LeftOutJson):
        return 9, each.label, 0.0, each.key or ""
    return *_rank(each.amp), -(each.allele_fraction or 0.0), each.key or ""


def _rank(amp: AmpJson | None) -> tuple[int, str]:
    if amp is None or not amp.possible:
        return 8, ""
    best = amp.possible[0]
    return _TIERS.get(best.tier, 8), best.level or ""


def why_not_judged(state: str, *, may: bool) -> str | None:
    """Why nothing of what was read can be judged now, as the catalogue's code; None if it can be."""
    if may:
        return None
    return f"web.no-judging-{state if state in ('review', 'to_sign', 'signed', 'cancelled') else 'repeat'}"


def classes_text(classes: Sequence[str], say: Words) -> str:
    """Classes in words; that there is none, said."""
    return " / ".join(say.say(f"class.{each}") for each in classes) or say.say("web.not-classed")


def tier_text(amp: AmpJson | None, say: Words) -> str:
    """`I-A`, or several where data lacks."""
    if amp is None:
        return ""
    texts = [f"{tier.tier}\u2011{tier.level}" if tier.level else tier.tier for tier in amp.possible]
    return f" {say.say('report.or')} ".join(texts)


def measured_text(each: FindingJson, say: Words) -> str:
    """The allele fraction, the fold change or the reads; empty where none was measured."""
    if each.allele_fraction is not None:
        return say.percent(each.allele_fraction)
    if each.fold_change is not None:
        return say.say("report.fold", {"fold": each.fold_change})
    if each.supporting_reads is not None:
        return say.say("report.reads", {"reads": each.supporting_reads})
    return ""
