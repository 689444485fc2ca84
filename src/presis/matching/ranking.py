"""One patient against all options: each answered with reasons, and put in order.

The order is shown and always the same: not excluded; may be had before approved but not to be had; the
evidence's tier in this tumour; what hangs on the tumour's findings is settled; fewer open questions; more
places left; name. So a fact that nobody wrote down yet never puts a weak option above an approved one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.drug_names import names_drug, parts_of
from presis.diagnostics.option import LEVELS, AmpTier
from presis.knowledge import Approval, Relation
from presis.matching.answering import Questions
from presis.matching.answers_course import given_by
from presis.matching.approved import national_access
from presis.matching.criteria import Asked, GermlineIs, Molecular, StateIs
from presis.matching.labels import approvals_of
from presis.matching.option import TRIALS, Access, Matched, MatchOption
from presis.matching.told import placed
from presis.methods.reasons import Reason
from presis.methods.rules import Explained, Leaf, Truth, evaluate

#: after every option that is open
_NOT_OPEN = 3


def match_patient(
    questions: Questions, options: Iterable[MatchOption], left: Mapping[str, int] | None = None
) -> tuple[Matched, ...]:
    """The options valid on the day, each answered, the best first; `left` tells places by option."""
    valid = [each for each in options if each.valid_on(questions.at)]
    once = _Once(questions)
    matched = [_matched(each, once, (left or {}).get(each.id)) for each in valid]
    return tuple(sorted(_without_doubles(matched), key=lambda each: each.rank))


def answered(questions: Questions, option: MatchOption) -> Matched:
    """One option, answered by itself."""
    return _matched(option, _Once(questions), None)


class _Once:
    """What several options share for one patient, worked out once: of their drugs, and of open questions."""

    def __init__(self, questions: Questions) -> None:
        self.questions = questions
        self.approvals = approvals_of(questions.known.library)
        self.agencies = sorted({agency for agency, _ in self.approvals})
        self._tiers: dict[str, tuple[AmpTier, bool] | None] = {}
        self._best: dict[object, tuple[AmpTier | None, bool, tuple[int, bool]]] = {}
        self._of_drug: dict[str, list[tuple[AmpTier, bool]]] = {}
        self._against: dict[str, tuple[Reason, ...]] = {}
        self._open: dict[int, tuple[list[tuple[object, Reason]], bool]] = {}

    def open_of(self, explained: Explained[Asked]) -> tuple[tuple[Reason, ...], bool]:
        """What would settle an unknown; and whether no alteration or marker is among it."""
        if explained.truth is not Truth.UNKNOWN:
            return (), True
        found: dict[object, Reason] = {}
        settled = True
        for leaf in explained.unknown_leaves().values():
            keyed, of_tumour = self._keyed(leaf)
            for key, reason in keyed:
                found.setdefault(key, reason)
            settled = settled and not of_tumour
        return tuple(found.values()), settled

    def _keyed(self, leaf: Explained[Asked]) -> tuple[list[tuple[object, Reason]], bool]:
        """A leaf's open questions, each with what tells it from others; and whether it asks of the tumour."""
        known = self._open.get(id(leaf))
        if known is None:
            reasons = leaf.answer.settled_by if leaf.answer else ()
            keyed: list[tuple[object, Reason]] = [((r.code, *r.values.items()), r) for r in reasons]
            of_tumour = isinstance(leaf.rule, Leaf) and isinstance(leaf.rule.of, Molecular | GermlineIs)
            known = self._open[id(leaf)] = (keyed, of_tumour)
        return known

    def tier(self, option: MatchOption) -> tuple[AmpTier | None, bool, tuple[int, bool]]:
        """AMP's tier for this tumour, whether it is sure, and its place in the order.

        By approvals of the drug for its marker, here or elsewhere. A marker that a trial asks for is level
        C (Li 2017, table 3).
        """
        key = (option.drug, option.approval and option.approval.row, option.kind in TRIALS)
        found = self._best.get(key)
        if found is None:
            tiers = [*self._tiers_of(option), *([(LEVELS["C"], True)] if option.kind in TRIALS else [])]
            tier, sure = min(tiers, key=lambda pair: (pair[0], not pair[1]), default=(None, True))
            found = self._best[key] = (tier, sure, (_ORDER.get(tier, len(_ORDER)), not sure))
        return found

    def _tiers_of(self, option: MatchOption) -> list[tuple[AmpTier, bool]]:
        """The tiers that approvals of the option's drug give it in this tumour; of its own, if it is one."""
        if option.approval is not None:
            found = self._by_approval(option.approval)
            return [] if found is None else [found]
        if option.drug not in self._of_drug:
            drugs = frozenset(parts_of(option.drug))
            own = [each for agency in self.agencies for each in self.approvals.get((agency, drugs), ())]
            tiers = (self._by_approval(each) for each in own)
            self._of_drug[option.drug] = [each for each in tiers if each is not None]
        return self._of_drug[option.drug]

    def _by_approval(self, approval: Approval) -> tuple[AmpTier, bool] | None:
        if approval.row not in self._tiers:
            self._tiers[approval.row] = _tier_by_approval(approval, self.questions)
        return self._tiers[approval.row]

    def against(self, option: MatchOption) -> tuple[Reason, ...]:
        """What stands beside every option with this drug."""
        if option.drug not in self._against:
            self._against[option.drug] = _against(option, self.questions)
        return self._against[option.drug]


def _tier_by_approval(approval: Approval, questions: Questions) -> tuple[AmpTier, bool] | None:
    told = questions.subject.tumour
    truth = evaluate(parse_biomarker(approval.biomarker), questions.ask_tumour).truth
    if truth is Truth.NO:
        return None
    tree = questions.known.library.oncotree
    relation = tree.relation(told.value if told else None, approval.oncotree, approval.oncotree_excluded)
    if relation is Relation.EXCLUDED:
        return None
    sure = truth is Truth.YES and relation in {Relation.THIS_TYPE, Relation.OTHER_TYPE}
    return LEVELS["C" if relation is Relation.OTHER_TYPE else "A"], sure


def _matched(option: MatchOption, once: _Once, left: int | None) -> Matched:
    questions = once.questions
    explained = questions.explain(option.rule)
    access = _access(option, questions)
    tier, sure, tier_rank = once.tier(option)
    opening = option.opening(questions.at, left)
    open_questions, settled = once.open_of(explained)
    rank = (
        explained.truth is Truth.NO,
        access.rank if opening == "open" else _NOT_OPEN,
        tier_rank,
        not settled,
        len(open_questions),
        -(left or 0),
        option.names["en"],
        option.id,
    )
    against = once.against(option)
    return Matched(
        option, explained, access, opening, tier, sure, open_questions, settled, left, against, rank
    )


def _against(option: MatchOption, questions: Questions) -> tuple[Reason, ...]:
    """What a person must see beside the option's drug: resistance, what was given before, pregnancy.

    Given before: the drug itself, or another one against the same target.
    """
    library, subject = questions.known.library, questions.subject
    told = [
        placed(Reason.of("match.against", what=each.value), each.where, None)
        for each in subject.resistance
        if names_drug(library, each.value, option.drug)
    ]
    drugs = {part for part in parts_of(option.drug) if library.drug(part) is not None}
    targets = questions.known.targets(drugs)
    for each in given_by(subject, questions.at):
        again, code = sorted(drugs.intersection(each.drugs)), "match.before"
        if not again:
            again, code = sorted(_aimed(each.drugs, targets, questions)), "match.target-before"
        if again:
            reason = Reason.of(code, what=", ".join(again))
            if each.outcome:
                reason = Reason.of(f"{code}-outcome", what=", ".join(again), outcome=each.outcome)
            told.append(placed(reason, each.where, each.end or each.start))
    pregnant = questions.ask(StateIs("pregnant", None))
    if pregnant.truth is Truth.YES and subject.pregnant is not None:
        told.append(placed(Reason.of("match.pregnant"), subject.pregnant.where, subject.pregnant.on))
    return tuple(told)


def _aimed(drugs: Iterable[str], targets: frozenset[str], questions: Questions) -> Iterator[str]:
    """Those of the drugs that act on one of the targets."""
    return (each for each in drugs if not targets.isdisjoint(questions.known.targets((each,))))


def _access(option: MatchOption, questions: Questions) -> Access:
    if option.approval is not None:
        tumour = questions.subject.tumour
        library = questions.known.library
        return national_access(option, library, tumour.value if tumour else None, questions.at)
    return option.access_on(questions.at) or Access("not_known", "beslutningsforum")


_ORDER: dict[AmpTier | None, int] = {LEVELS[level]: place for place, level in enumerate("ABCD")}


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
