"""One patient against all options: each answered with reasons, and put in order.

The order is shown and always the same: not excluded; may be had before approved but not to be had; the
evidence's tier in this tumour; what hangs on the tumour's findings is settled; fewer open questions; more
places left; name. So a fact that nobody wrote down yet never puts a weak option above an approved one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.drug_names import names_drug, parts_of
from presis.diagnostics.option import LEVELS, AmpTier
from presis.knowledge import Approval, Relation
from presis.matching.answering import Questions
from presis.matching.approved import national_access
from presis.matching.criteria import Asked, GermlineIs, Molecular
from presis.matching.option import TRIALS, Access, Matched, MatchOption
from presis.matching.told import placed
from presis.methods.reasons import Reason
from presis.methods.rules import Explained, Truth, evaluate

#: after every option that is open
_NOT_OPEN = 3


def match_patient(
    questions: Questions, options: Iterable[MatchOption], left: Mapping[str, int] | None = None
) -> tuple[Matched, ...]:
    """The options valid on the day, each answered, the best first; `left` tells places by option."""
    valid = [each for each in options if each.valid_on(questions.at)]
    by_drug = _approvals(questions)
    matched = [_matched(each, questions, by_drug, (left or {}).get(each.id)) for each in valid]
    kept = _without_doubles(matched)
    return tuple(sorted(kept, key=lambda each: each.rank))


def _matched(
    option: MatchOption,
    questions: Questions,
    by_drug: Mapping[frozenset[str], Sequence[Approval]],
    left: int | None,
) -> Matched:
    explained = evaluate(option.rule, questions.ask)
    access = _access(option, questions)
    tier, sure = _tier(option, questions, by_drug)
    opening = option.opening(questions.at, left)
    open_questions = explained.settled_by()
    settled = not _hangs_on_tumour(explained)
    name = option.names["en"]
    rank = (
        explained.truth is Truth.NO,
        access.rank if opening == "open" else _NOT_OPEN,
        _tier_rank(tier, sure=sure),
        not settled,
        len(open_questions),
        -(left or 0),
        name,
        option.id,
    )
    against = _against(option, questions)
    return Matched(
        option, explained, access, opening, tier, sure, open_questions, settled, left, against, rank
    )


def _against(option: MatchOption, questions: Questions) -> tuple[Reason, ...]:
    """What the report says that resists the option's drug, and that a drug of it was given before."""
    library, subject = questions.known.library, questions.subject
    told = [
        placed(Reason.of("match.against", what=each.value), each.where, None)
        for each in subject.resistance
        if names_drug(library, each.value, option.drug)
    ]
    drugs = {part for part in parts_of(option.drug) if library.drug(part) is not None}
    for each in subject.treatments:
        again = sorted(drugs.intersection(each.drugs))
        if again:
            code = "match.before-outcome" if each.outcome else "match.before"
            reason = Reason.of(code, what=", ".join(again), outcome=each.outcome or "")
            told.append(placed(reason, each.where, each.end or each.start))
    return tuple(told)


def _access(option: MatchOption, questions: Questions) -> Access:
    if option.approval is not None:
        tumour = questions.subject.tumour
        library = questions.known.library
        return national_access(option, library, tumour.value if tumour else None, questions.at)
    return option.access_on(questions.at) or Access("not_known", "beslutningsforum")


def _hangs_on_tumour(explained: Explained[Asked]) -> bool:
    """Whether an alteration or marker is among what makes the answer unknown."""
    if explained.truth is not Truth.UNKNOWN:
        return False
    asked = (leaf.rule for leaf in explained.decisive())
    return any(isinstance(getattr(rule, "of", None), Molecular | GermlineIs) for rule in asked)


def _approvals(questions: Questions) -> Mapping[frozenset[str], Sequence[Approval]]:
    found: dict[frozenset[str], list[Approval]] = {}
    for each in questions.known.library.approvals:
        if each.in_force and each.counts:
            found.setdefault(frozenset(parts_of(each.drug)), []).append(each)
    return found


def _tier(
    option: MatchOption, questions: Questions, by_drug: Mapping[frozenset[str], Sequence[Approval]]
) -> tuple[AmpTier | None, bool]:
    """AMP's tier for this tumour: by approvals of the drug for its marker, here or elsewhere.

    A marker that a trial asks for is level C (Li 2017, table 3). Second: whether the tier is sure.
    """
    told = questions.subject.tumour
    tree = questions.known.library.oncotree
    tiers: list[tuple[AmpTier, bool]] = [(LEVELS["C"], True)] if option.kind in TRIALS else []
    own = [option.approval] if option.approval else by_drug.get(frozenset(parts_of(option.drug)), ())
    for each in own:
        truth = evaluate(parse_biomarker(each.biomarker), questions.ask_tumour).truth
        relation = tree.relation(told.value if told else None, each.oncotree, each.oncotree_excluded)
        if truth is Truth.NO or relation is Relation.EXCLUDED:
            continue
        sure = truth is Truth.YES and relation in {Relation.THIS_TYPE, Relation.OTHER_TYPE}
        tiers.append((LEVELS["C" if relation is Relation.OTHER_TYPE else "A"], sure))
    return min(tiers, key=lambda pair: (pair[0], not pair[1]), default=(None, True))


def _tier_rank(tier: AmpTier | None, *, sure: bool) -> tuple[int, bool]:
    order = [LEVELS["A"], LEVELS["B"], LEVELS["C"], LEVELS["D"]]
    return (order.index(tier) if tier in order else len(order), not sure)


def _without_doubles(matched: Sequence[Matched]) -> list[Matched]:
    """Without uses approved elsewhere whose drug the home agency's label holds open or fulfilled."""
    at_home = {
        frozenset(parts_of(each.option.drug))
        for each in matched
        if each.option.kind == "approved" and each.explained.truth is not Truth.NO
    }
    return [
        each
        for each in matched
        if each.option.kind != "approved_elsewhere" or frozenset(parts_of(each.option.drug)) not in at_home
    ]
