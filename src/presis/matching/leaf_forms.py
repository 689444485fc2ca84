"""How eligibility writes the disease, the person and the course in YAML: a typed form for each criterion."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from presis.matching.criteria import (
    AgeIs,
    Asked,
    BrainIs,
    ConsentIs,
    DoctorStates,
    EcogIs,
    ExtentIs,
    LaboratoryIs,
    LinesAre,
    MeasurableIs,
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
from presis.matching.laboratory import TIMES_LIMIT, lab_test
from presis.matching.molecular_forms import MOLECULAR_FORMS, Form, Names
from presis.matching.yaml_text import said_of
from presis.programme.files import load_yaml

Days = Annotated[int, Field(ge=0, le=3650)]
Words = Annotated[tuple[str, ...], Field(strict=False)]
Bound = Annotated[float, Field(ge=0, strict=False)]


def _bounds(least: float | None, most: float | None) -> None:
    if least is None and most is None:
        raise ValueError("needs at_least or at_most")
    if least is not None and most is not None and least > most:
        raise ValueError(f"nothing is at least {least:g} and at most {most:g}")


def eligibility_words(name: str) -> tuple[str, ...]:
    """A list of the words that eligibility may use."""
    rows = load_yaml("rules/eligibility_words.yaml")[name]
    return tuple(row["of"] if isinstance(row, dict) else row for row in rows)


def one_of(word: str, name: str, what: str) -> str:
    """A word of such a list; raises `ValueError` with what would be accepted."""
    words = eligibility_words(name)
    if word not in words:
        raise ValueError(f"{word!r} is no {what}; use one of {', '.join(words)}")
    return word


class TumourForm(Form):
    """Tumour types by OncoTree code, each with what lies below it."""

    codes: Names
    excluded: Words = ()

    def made(self, known: Known) -> Asked:
        """The leaf."""
        return TumourIs(tuple(map(known.tumour, self.codes)), tuple(map(known.tumour, self.excluded)))


class StageForm(Form):
    """One of these stages."""

    stages: Names
    within_days: Days | None = None

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        return StageIs(tuple(one_of(each, "stages", "stage") for each in self.stages), self.within_days)


class ExtentForm(Form):
    """One of these extents."""

    extents: Annotated[
        tuple[Literal["localised", "locally_advanced", "metastatic"], ...], Field(min_length=1, strict=False)
    ]
    within_days: Days | None = None

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        return ExtentIs(self.extents, self.within_days)


class MeasurableForm(Form):
    """Measurable, or evaluable, disease by named criteria."""

    by: Names
    accept: Literal["measurable", "evaluable"] = "measurable"
    within_days: Days | None = None

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        by = tuple(one_of(each, "assessment_criteria", "criteria of assessment") for each in self.by)
        return MeasurableIs(by, evaluable=self.accept == "evaluable", within_days=self.within_days)


class BrainForm(Form):
    """Metastases in the brain: none, or controlled ones accepted."""

    accept: Literal["none", "controlled"]
    within_days: Days | None = None

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        return BrainIs(controlled=self.accept == "controlled", within_days=self.within_days)


class AgeForm(Form):
    """Whole years on the day asked about."""

    at_least: Annotated[int, Field(ge=0, le=130)] | None = None
    at_most: Annotated[int, Field(ge=0, le=130)] | None = None

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        _bounds(self.at_least, self.at_most)
        return AgeIs(self.at_least, self.at_most)


class EcogForm(Form):
    """ECOG performance status."""

    at_most: Annotated[int, Field(ge=0, le=5)]
    within_days: Days | None = None

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        return EcogIs(self.at_most, self.within_days)


class SexForm(Form):
    """Sex."""

    sex: Literal["male", "female"]

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        return SexIs(self.sex)


class StateForm(Form):
    """Alive, pregnant, able to swallow."""

    what: Literal["alive", "pregnant", "can_swallow"]
    within_days: Days | None = None
    presumed: bool = False

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        if self.presumed and (self.what != "alive" or self.within_days is not None):
            raise ValueError("presumed holds for alive alone, and without within_days")
        return StateIs(self.what, self.within_days, self.presumed)


class ConsentForm(Form):
    """Consent."""

    to: Literal["profiling", "treatment"]
    within_days: Days | None = None

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        return ConsentIs(self.to, self.within_days)


class StatementForm(Form):
    """A doctor's statement by its code."""

    of: str
    within_days: Days | None = None

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        return DoctorStates(one_of(self.of, "statements", "statement that is held"), self.within_days)


class LinesForm(Form):
    """Lines of therapy for advanced disease."""

    at_least: Annotated[int, Field(ge=0, le=30)] | None = None
    at_most: Annotated[int, Field(ge=0, le=30)] | None = None
    complete_within_days: Days | None = None

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        _bounds(self.at_least, self.at_most)
        return LinesAre(self.at_least, self.at_most, self.complete_within_days)


class TreatedForm(Form):
    """An earlier treatment with one of these drugs, classes or targets."""

    drugs: Words = ()
    classes: Words = ()
    targets: Words = ()
    outcomes: Words = ()
    setting: str | None = None
    complete_within_days: Days | None = None

    def made(self, known: Known) -> Asked:
        """The leaf."""
        if not (self.drugs or self.classes or self.targets):
            raise ValueError("needs drugs, classes or targets")
        return TreatedWith(
            tuple(map(known.drug, self.drugs)),
            tuple(map(known.drug_class, self.classes)),
            tuple(map(known.gene, self.targets)),
            tuple(one_of(each, "outcomes", "outcome") for each in self.outcomes),
            None if self.setting is None else one_of(self.setting, "settings", "setting"),
            self.complete_within_days,
        )


class SameTargetForm(Form):
    """A drug against the same target given before; of a shared rule the option's own drugs count."""

    targets: Words = ()
    complete_within_days: Days | None = None

    def made(self, known: Known) -> Asked:
        """The leaf."""
        own = sorted(known.targets(known.drugs))
        targets = tuple(map(known.gene, self.targets)) or tuple(own)
        return SameTargetBefore(targets, self.complete_within_days)


class StandardForm(Form):
    """The doctor's dated statement on standard treatment."""

    accept: Annotated[
        tuple[Literal["exhausted", "not_tolerated", "not_indicated"], ...], Field(min_length=1, strict=False)
    ]
    within_days: Days | None = None

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        return StandardIs(self.accept, self.within_days)


class WashoutForm(Form):
    """Days since cancer treatment, or since that with the drugs or classes named."""

    days: Annotated[int, Field(ge=1, le=730)]
    drugs: Words = ()
    classes: Words = ()
    complete_within_days: Days | None = None

    def made(self, known: Known) -> Asked:
        """The leaf."""
        drugs, classes = map(known.drug, self.drugs), map(known.drug_class, self.classes)
        return WashoutIs(self.days, tuple(drugs), tuple(classes), self.complete_within_days)


class LaboratoryForm(Form):
    """A laboratory value with its unit; `ULN`: times the laboratory's upper limit of normal."""

    test: str
    unit: str
    at_least: Bound | None = None
    at_most: Bound | None = None
    above: Bound | None = None
    below: Bound | None = None
    within_days: Days | None = None

    def made(self, known: Known) -> Asked:  # noqa: ARG002 - as every form
        """The leaf."""
        least = self.above if self.at_least is None else self.at_least
        most = self.below if self.at_most is None else self.at_most
        if None not in (self.above, self.at_least) or None not in (self.below, self.at_most):
            raise ValueError("takes at_least or above, and at_most or below, not both")
        _bounds(least, most)
        test = lab_test(self.test)
        if self.unit != TIMES_LIMIT:
            test.converted(1.0, self.unit)
        strict = (self.above is not None, self.below is not None)
        return LaboratoryIs(test.test, self.unit, least, most, self.within_days, *strict)


class OutsideLabelForm(Form):
    """The use isn't within the label of the option's drug."""

    agency: Literal["EMA", "FDA"] = "EMA"
    drug: str | None = None

    def made(self, known: Known) -> Asked:
        """The leaf."""
        drug = self.drug or " + ".join(known.drugs)
        if not drug:  # a shared rule, as it is checked by itself: the option that uses it names the drug
            return OutsideLabel("", self.agency)
        return OutsideLabel(" + ".join(known.drug(part) for part in drug.split(" + ")), self.agency)


FORMS: dict[str, type[Form]] = {
    **MOLECULAR_FORMS,
    "tumour": TumourForm,
    "stage": StageForm,
    "extent": ExtentForm,
    "measurable_disease": MeasurableForm,
    "brain_metastases": BrainForm,
    "age": AgeForm,
    "ecog": EcogForm,
    "sex": SexForm,
    "state": StateForm,
    "consent": ConsentForm,
    "statement": StatementForm,
    "lines": LinesForm,
    "treated_with": TreatedForm,
    "same_target_before": SameTargetForm,
    "standard_treatment": StandardForm,
    "washout": WashoutForm,
    "laboratory": LaboratoryForm,
    "outside_label": OutsideLabelForm,
}


def parse_leaf(name: str, value: object, known: Known) -> Asked:
    """One criterion of a rule; raises `ValueError` with a sentence that says what would be accepted."""
    form = FORMS.get(name)
    if form is None:
        from difflib import get_close_matches

        near = get_close_matches(name, FORMS, n=1)
        advice = f"did you mean {near[0]}?" if near else f"use one of {', '.join(FORMS)}"
        raise ValueError(f"{name!r} is no criterion; {advice}")
    if not isinstance(value, dict):
        raise ValueError(  # noqa: TRY004 - `parse` expects it
            f"{name} takes keys: {', '.join(form.model_fields) or 'none; write {}'}"
        )
    try:
        return form.model_validate(value).made(known)
    except ValidationError as error:
        raise ValueError(f"{name}: {'; '.join(_said(each, form) for each in error.errors())}") from None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _said(error: Any, form: type[Form]) -> str:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{key} is no key of it; take {', '.join(form.model_fields)}"
    if error["type"] == "missing":
        return said_of(error)
    return f"{key} {error['input']!r}: {said_of(error)}"
