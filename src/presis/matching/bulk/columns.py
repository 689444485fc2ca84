"""Each criterion once for all tumours of a partition, as an array of 0, 1 and 2.

A criterion is asked of one tumour for each different thing that it looks at, by the very functions that
answer for one patient; the answer is every tumour's that has the same there. So bulk and single can't
disagree, as long as `weights` and `features` hold all that an answer rests on, which the tests try.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from presis.diagnostics.criteria import Criterion
from presis.diagnostics.drug_names import parts_of
from presis.matching.answering import Questions
from presis.matching.answers_molecular import by_germline_test
from presis.matching.answers_person import beyond_pregnancy
from presis.matching.bulk.features import (
    COMPLETE,
    laboratory_features,
    line_features,
    treated_features,
    washout_features,
)
from presis.matching.bulk.groups import Held
from presis.matching.bulk.partition import Codes, Partition, mixed
from presis.matching.bulk.weights import all_looks, germline_genes
from presis.matching.criteria import (
    AgeIs,
    Asked,
    BrainIs,
    ConsentIs,
    DoctorStates,
    EcogIs,
    ExtentIs,
    GermlineIs,
    LabelCondition,
    LaboratoryIs,
    LinesAre,
    MeasurableIs,
    Molecular,
    OutsideLabel,
    SameTargetBefore,
    SexIs,
    StageIs,
    StandardIs,
    StateIs,
    TreatedWith,
    TumourIs,
    WashoutIs,
)
from presis.matching.known import Known
from presis.matching.labels import approvals_of, label_rule, perhaps_approved
from presis.matching.subject import Subject, label_of
from presis.methods.rules import Leaf, Rule, Truth, Truths, evaluate_array, leaves

SubjectAt = Callable[[int], Subject]


@dataclass
class Memo:
    """What was found so far, for the next partition: answers by signature, weights by a finding's content."""

    answers: dict[Asked, dict[int, int]] = field(default_factory=dict)
    weights: dict[Criterion, dict[int, tuple[int, int, int]]] = field(default_factory=dict)


@dataclass
class Columns:
    """The criteria's answers for one partition on one day."""

    partition: Partition
    known: Known
    at: date
    memo: Memo = field(default_factory=Memo)
    found: dict[Asked, Truths] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.held = Held(self.partition)

    def truths(self, leaf: Asked) -> Truths:
        """(tumours,): the answers to one criterion."""
        if leaf not in self.found:
            self.found[leaf] = self._answered(leaf)
        return self.found[leaf]

    def rule(self, rule: Rule[Asked]) -> Truths:
        """(tumours,): the answers to a whole rule."""
        return evaluate_array(rule, self.truths, self.partition.size)

    def _answered(self, leaf: Asked) -> Truths:
        held = self.held
        match leaf:
            case Molecular():
                return self._molecular(leaf)
            case GermlineIs():
                return self._germline(leaf)
            case OutsideLabel():
                return self._outside_label(leaf)
            case TumourIs():
                return self._by(leaf, *held.of_sample("tumour"))
            case AgeIs():
                return self._by(leaf, *held.of_patient("birth"))
            case SexIs():
                return self._by(leaf, *held.of_patient("sex"))
            case LinesAre() | TreatedWith() | SameTargetBefore() | WashoutIs():
                return self._of_course(leaf)
            case LaboratoryIs():
                features = laboratory_features(leaf, held, self.at)
                return self._by(
                    leaf, features, lambda row: held.subject(row, observed=(("laboratory", leaf.test),))
                )
            case _:
                return self._observed(leaf)

    def _by(self, leaf: Asked, signatures: Codes, subject_at: SubjectAt) -> Truths:
        """Asked once for each different signature."""
        different, first, inverse = np.unique(signatures, return_index=True, return_inverse=True)
        return self._asked(leaf, different, first, subject_at)[inverse]

    def _asked(self, leaf: Asked, different: Codes, first: NDArray[np.intp], subject_at: SubjectAt) -> Truths:
        """(signatures,): the answer for each, of the tumour in `first` where it wasn't asked before."""
        known = self.memo.answers.setdefault(leaf, {})
        answers = np.empty(different.size, np.int8)
        for place, (code, row) in enumerate(zip(different.tolist(), first.tolist(), strict=True)):
            found = known.get(code)
            if found is None:
                found = known[code] = int(Questions(subject_at(row), self.known, self.at).ask(leaf).truth)
            answers[place] = found
        return answers

    def _observed(self, leaf: Asked) -> Truths:
        keys = _keys(leaf)
        if isinstance(leaf, StateIs) and leaf.what == "pregnant":
            different, _, inverse = self.held.observed(keys, with_sex=True)
            past = self.truths(beyond_pregnancy()).astype(np.uint64)
            both = mixed(different[inverse] ^ mixed(past))
            return self._by(leaf, both, lambda row: self.held.subject(row, observed=keys))
        different, first, inverse = self.held.observed(keys)
        answers = self._asked(leaf, different, first, lambda row: self.held.subject(row, observed=keys))
        return answers[inverse]

    def _of_course(self, leaf: LinesAre | TreatedWith | SameTargetBefore | WashoutIs) -> Truths:
        held, library = self.held, self.known.library
        match leaf:
            case LinesAre():
                features = line_features(leaf, held, self.at)
            case WashoutIs():
                features = washout_features(leaf, held, library, self.at)
            case SameTargetBefore():
                asked = TreatedWith(targets=leaf.targets, complete_within_days=leaf.complete_within_days)
                features = treated_features(asked, held, library, self.at)
            case _:
                features = treated_features(leaf, held, library, self.at)
        return self._by(leaf, features, lambda row: held.subject(row, observed=(COMPLETE,), treated=True))

    def _molecular(self, leaf: Molecular) -> Truths:
        """A rule over criteria; where the origin counts, by all of them together."""
        if leaf.origin is None:
            truths = evaluate_array(leaf.rule, self._criterion, self.partition.size)
            truths = np.where(self.held.reported, truths, np.int8(Truth.UNKNOWN))
        else:
            truths = self._together(leaf, tuple(dict.fromkeys(leaves(leaf.rule))), by_origin=True)
        for gene in leaf.inherited_too:
            truths = np.where(self._shown_inherited(gene), np.int8(Truth.YES), truths)
        return truths

    def _shown_inherited(self, gene: str) -> NDArray[np.bool_]:
        """(tumours,): whether a germline test shows a pathogenic change of the gene."""
        keys = (("germline", gene),)
        _, first, inverse = self.held.observed(keys)
        tests = [by_germline_test(gene, self.held.subject(int(row), observed=keys), self.at) for row in first]
        return np.array([test is not None and test.truth is Truth.YES for test in tests])[inverse]

    def _criterion(self, criterion: Criterion) -> Truths:
        """(tumours,): one criterion on the tumour."""
        asked = Molecular(Leaf(criterion))
        if asked not in self.found:
            self.found[asked] = self._together(asked, (criterion,))
        return self.found[asked]

    def _weights(self, criterion: Criterion) -> dict[int, tuple[int, int, int]]:
        return self.memo.weights.setdefault(criterion, {})

    def _together(
        self, leaf: Molecular, criteria: tuple[Criterion, ...], *, by_origin: bool = False
    ) -> Truths:
        if inherited := germline_genes(criteria):
            return self._beside_germline(leaf, criteria, inherited)
        held, looks = self.held, all_looks(criteria)
        touched, signatures = held.signatures(criteria, looks, self._weights, by_origin=by_origin)
        # most tumours have nothing there: what was looked at alone decides
        different, first, inverse = held.looked_at
        bare = self._asked(leaf, different, first, lambda row: held.subject(row, genes=frozenset()))
        truths: Truths = bare[inverse]
        if touched.size:
            own, rows, places = np.unique(signatures[touched], return_index=True, return_inverse=True)
            truths[touched] = self._asked(
                leaf,
                own,
                touched[rows],
                lambda row: held.subject(row, genes=looks.genes, beside=looks.beside),
            )[places]
        return truths

    def _germline(self, leaf: GermlineIs) -> Truths:
        return self._beside_germline(leaf, tuple(dict.fromkeys(leaves(leaf.rule))), (leaf.gene,))

    def _beside_germline(
        self, leaf: GermlineIs | Molecular, criteria: tuple[Criterion, ...], genes: tuple[str, ...]
    ) -> Truths:
        """By the findings, where they come from, and germline tests of these genes, all together."""
        looks = all_looks(criteria)
        keys = tuple(("germline", gene) for gene in dict.fromkeys((*genes, *germline_genes(criteria))))
        _, signatures = self.held.signatures(criteria, looks, self._weights, by_origin=True)
        different, _, inverse = self.held.observed(keys)
        both = mixed(signatures ^ mixed(different[inverse]))
        return self._by(
            leaf,
            both,
            lambda row: self.held.subject(row, genes=looks.genes, beside=looks.beside, observed=keys),
        )

    def _outside_label(self, leaf: OutsideLabel) -> Truths:
        """By what the label of each approval says of the tumour."""
        key = (leaf.agency, frozenset(parts_of(leaf.drug)))
        signatures = np.zeros(self.partition.size, np.uint64)
        for held in (approvals_of, perhaps_approved):
            best = np.zeros(self.partition.size, np.int8)
            for approval in held(self.known.library).get(key, ()):
                np.maximum(best, self.rule(label_rule(approval, self.known)), out=best)
            signatures = signatures * np.uint64(3) + best.astype(np.uint64)
        compared = ("label_condition", f"{leaf.agency}: {label_of(parts_of(leaf.drug))}")
        different, _, inverse = self.held.observed((compared,))
        signatures ^= mixed(different[inverse])
        return self._by(leaf, signatures, lambda row: self.held.subject(row, whole=True))


def _keys(leaf: Asked) -> tuple[tuple[str, str | None], ...]:
    """The kinds and names of what a criterion on the person or the disease asks of the observations."""
    match leaf:
        case StageIs():
            return (("stage", None),)
        case ExtentIs():
            return (("extent", None),)
        case MeasurableIs(by=by):
            return tuple(("assessed", name) for name in by)
        case BrainIs():
            return (("brain", None),)
        case EcogIs():
            return (("ecog", None),)
        case StateIs(what=what):
            return ((what, None),)
        case ConsentIs(to=to):
            return (("consent", to),)
        case DoctorStates(of=of):
            return (("statement", of),)
        case LabelCondition(row=row, text=text):
            return (("label_condition", f"{row}: {text}"),)
        case StandardIs():
            return (("standard", None),)
        case _:
            raise TypeError(f"{type(leaf).__name__} isn't asked of observations")
