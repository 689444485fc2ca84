"""One criterion, answered for one patient on one day; each is asked once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from presis.diagnostics.asking import ask as ask_tumour
from presis.diagnostics.criteria import Criterion
from presis.diagnostics.drug_names import parts_of
from presis.diagnostics.variant_fit import SmallVariantIs
from presis.matching import answers_course as course
from presis.matching import answers_disease as disease
from presis.matching import answers_molecular as tumour
from presis.matching import answers_person as person
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
from presis.matching.labels import approvals_of, label_rule, perhaps_approved, whole_labels
from presis.matching.subject import Subject
from presis.methods.reasons import Reason, Value
from presis.methods.rules import Answer, Explained, Rule, Truth, evaluate

Answered = Callable[[Asked], Answer]


@dataclass
class Questions:
    """The questions put to one patient on one day, with the answers given so far."""

    subject: Subject
    known: Known
    at: date
    answers: dict[Asked, Answer] = field(default_factory=dict)
    of_tumour: dict[Criterion, Answer] = field(default_factory=dict)
    parts: dict[int, Explained[Asked]] = field(default_factory=dict)

    def explain(self, rule: Rule[Asked]) -> Explained[Asked]:
        """The answer to a whole rule; a part that rules share is answered once."""
        return evaluate(rule, self.ask, self.parts)

    def ask(self, leaf: Asked) -> Answer:
        """The answer to one criterion."""
        found = self.answers.get(leaf)
        if found is None:
            found = self.answers[leaf] = self._answer(leaf)
        return found

    def ask_tumour(self, leaf: Criterion) -> Answer:
        """The answer to one criterion on the tumour's findings."""
        found = self.of_tumour.get(leaf)
        if found is None and isinstance(leaf, SmallVariantIs) and leaf.germline_only:
            found = tumour.by_germline_test(leaf.gene, self.subject, self.at)
        if found is None and self.subject.findings is not None:
            found = self.of_tumour[leaf] = ask_tumour(leaf, self.subject.findings)
        return found or tumour.NO_REPORT

    def _answer(self, leaf: Asked) -> Answer:
        subject, library = self.subject, self.known.library
        match leaf:
            case Molecular():
                return tumour.molecular(leaf, subject, self.ask_tumour, self.at)
            case GermlineIs():
                return tumour.germline(leaf, subject, self.ask_tumour, self.at)
            case TumourIs():
                return disease.tumour(leaf, subject, library)
            case StageIs():
                return disease.stage(leaf, subject, self.at)
            case ExtentIs():
                return disease.extent(leaf, subject, self.at)
            case MeasurableIs():
                return disease.measurable(leaf, subject, self.at)
            case BrainIs():
                return disease.brain(leaf, subject, self.at)
            case (
                LinesAre() | TreatedWith() | SameTargetBefore() | StandardIs() | WashoutIs() | OutsideLabel()
            ):
                return self._of_course(leaf)
            case _:
                return self._of_person(leaf)

    def _of_course(
        self, leaf: LinesAre | TreatedWith | SameTargetBefore | StandardIs | WashoutIs | OutsideLabel
    ) -> Answer:
        subject, library, at = self.subject, self.known.library, self.at
        match leaf:
            case LinesAre():
                return course.lines(leaf, subject, at)
            case TreatedWith():
                return course.treated(leaf, subject, library, at)
            case SameTargetBefore():
                return course.same_target(leaf, subject, library, at)
            case StandardIs():
                return course.standard(leaf, subject, at)
            case WashoutIs():
                return course.washout(leaf, subject, library, at)
            case OutsideLabel():
                return self._outside_label(leaf)
            case _:
                assert_never(leaf)

    def _of_person(
        self,
        leaf: AgeIs | EcogIs | SexIs | StateIs | ConsentIs | DoctorStates | LaboratoryIs | LabelCondition,
    ) -> Answer:
        subject, at = self.subject, self.at
        match leaf:
            case AgeIs():
                return person.age(leaf, subject, at)
            case EcogIs():
                return person.ecog(leaf, subject, at)
            case SexIs():
                return person.sex(leaf, subject)
            case StateIs():
                return person.state(leaf, subject, at)
            case ConsentIs():
                return person.consent(leaf, subject, at)
            case DoctorStates():
                return person.statement(leaf, subject, at)
            case LaboratoryIs():
                return person.laboratory(leaf, subject, at)
            case LabelCondition():
                return person.label_condition(leaf, subject, at)
            case _:
                assert_never(leaf)

    def _outside_label(self, leaf: OutsideLabel) -> Answer:
        """By the agency's approvals: within one is no; outside all of them counts where every one is held.

        Else by a person who compared.
        """
        key = (leaf.agency, frozenset(parts_of(leaf.drug)))
        own = approvals_of(self.known.library).get(key, ())
        answered = [(each, self.explain(label_rule(each, self.known))) for each in own]
        best = max((explained.truth for _, explained in answered), default=Truth.NO)
        if best is not Truth.NO:
            each, explained = next(pair for pair in answered if pair[1].truth is best)
            code = "match.label.within" if best is Truth.YES else "match.label.perhaps"
            reason = Reason.of(code, drug=leaf.drug, agency=leaf.agency, row=each.row)
            return Answer(Truth(2 - best), (reason,), explained.settled_by())
        compared = person.outside_label(leaf, self.subject, self.at)
        if compared is not None and compared.truth is not Truth.UNKNOWN:
            return compared
        settle = Reason.of("settle.label", drug=leaf.drug, agency=leaf.agency)
        for each in perhaps_approved(self.known.library).get(key, ()):
            if self.explain(label_rule(each, self.known)).truth is not Truth.NO:
                reason = Reason.of("match.label.awaits", drug=leaf.drug, agency=leaf.agency, row=each.row)
                return Answer(Truth.UNKNOWN, (reason,), (settle,))
        values: dict[str, Value] = {"drug": leaf.drug, "agency": leaf.agency, "count": len(own)}
        if not own or key not in whole_labels():
            return compared or Answer(Truth.UNKNOWN, (Reason("match.label.not-held", values),), (settle,))
        return Answer(Truth.YES, (Reason("match.label.outside", values),))
