"""`presis match patient --json`: every option with its tree of reasons, as one object."""

from __future__ import annotations

from typing import Any

from presis.cli._shared import print_json
from presis.cli.match_patient import Answered, find, name_of, tissue_of
from presis.documents.language import Words
from presis.matching.explaining import reason_json, tree_json
from presis.matching.next_tests import NextTest, next_tests
from presis.matching.option import Matched


def print_answers_json(answered: Answered, ident: str | None) -> None:
    """Every option with its tree of reasons; or one."""
    say = answered.say
    matched = answered.matched if ident is None else (find(answered, ident),)
    plan = next_tests(answered.matched, tissue_of(answered.subject), answered.tests)
    print_json(
        {
            "patient": answered.subject.name,
            "at": str(answered.at),
            "remarks": [reason_json(each, say) for each in answered.remarks],
            "tumour": answered.subject.tumour.value if answered.subject.tumour else None,
            "not_valid": answered.left_out,
            **({} if answered.replaced_by is None else {"replaced_by": answered.replaced_by}),
            **({"contaminated": True} if answered.subject.contaminated else {}),
            "options": [matched_json(each, say) for each in matched],
            "next_tests": {
                "tests": [_test_json(test, say) for test in plan.tests],
                "settled": list(plan.settled),
            },
        }
    )


def matched_json(each: Matched, say: Words) -> dict[str, Any]:
    """One option's answer."""
    option, access = each.option, each.access
    return {
        "id": option.id,
        "kind": option.kind,
        "name": name_of(option, say),
        "drug": option.drug,
        "trial": option.trial,
        "eligible": each.explained.truth.word,
        "opening": each.opening,
        "places_left": each.left,
        "access": {
            "status": access.status,
            "decided_by": access.decided_by,
            "since": None if access.since is None else str(access.since),
            "method_id": access.method_id,
            "source": access.source,
            "words": access.words,
        },
        "amp": None if each.tier is None else {"tier": each.tier.tier, "level": each.tier.level},
        "amp_sure": each.tier_sure,
        "tumour_settled": each.tumour_settled,
        "against": [reason_json(reason, say) for reason in each.against],
        "open": [reason_json(reason, say) for reason in each.open],
        "evidence": [
            {"text": e.text, "source": e.source, "confidence": e.confidence} for e in option.evidence
        ],
        "illustrative": sorted(option.illustrative),
        "rule": tree_json(each.explained, say),
    }


def _test_json(test: NextTest, say: Words) -> dict[str, Any]:
    return {
        "burden": test.burden,
        "days": test.days,
        "tissue": test.tissue,
        "settles": [reason_json(reason, say) for reason in test.settles],
    }
