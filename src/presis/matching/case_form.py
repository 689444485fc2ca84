"""`case.yaml`: what is known of a patient beside the report, as a typed form. Null means unknown."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from presis.matching.days import DaySpan, parse_day


def _day(value: object) -> object:
    return value if isinstance(value, DaySpan) else parse_day(value)


Day = Annotated[DaySpan, BeforeValidator(_day)]
Text = Annotated[str, Field(min_length=1)]


class _Form(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, str_strip_whitespace=True, arbitrary_types_allowed=True
    )


class YesNoForm(_Form):
    """A yes or no, the day that it holds of, and who says so."""

    value: bool | None = None
    on: Day | None = None
    by: Text | None = None


class StageForm(_Form):
    """The stage, and the day that it holds of."""

    value: Text | None = None
    on: Day | None = None


class ExtentForm(_Form):
    """How far the disease has spread, and the day that it holds of."""

    value: Literal["localised", "locally_advanced", "metastatic"] | None = None
    on: Day | None = None


class EcogForm(_Form):
    """ECOG performance status, 0 to 5."""

    value: Annotated[int, Field(ge=0, le=5)] | None = None
    on: Day | None = None


class AssessedForm(_Form):
    """Whether disease can be followed, by named criteria."""

    by: Text | None = None
    state: Literal["measurable", "evaluable", "none"] | None = None
    on: Day | None = None


class BrainForm(_Form):
    """Metastases in the brain; `present`: whether they are controlled isn't known."""

    state: Literal["none", "controlled", "uncontrolled", "present"] | None = None
    on: Day | None = None


class StandardForm(_Form):
    """The doctor's statement on standard treatment."""

    state: Literal["exhausted", "not_tolerated", "not_indicated", "available"] | None = None
    on: Day | None = None
    by: Text | None = None


class TreatmentForm(_Form):
    """One treatment. `other` is a drug that no table holds."""

    drugs: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    other: Text | None = None
    line: Annotated[int, Field(ge=1, le=30)] | None = None
    setting: Text | None = None
    start: Day | None = None
    end: Day | None = None
    ongoing: bool | None = None
    response: Text | None = None
    outcome: Text | None = None


class LabForm(_Form):
    """A laboratory's value with its unit. `upper_limit` is in the same unit."""

    test: Text
    value: Annotated[float, Field(strict=False, allow_inf_nan=False)] | None = None
    unit: (
        Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)] | None
    ) = None
    on: Day | None = None
    upper_limit: Annotated[float, Field(gt=0, strict=False, allow_inf_nan=False)] | None = None


class ConsentForm(_Form):
    """Consent, and to what."""

    to: Literal["profiling", "treatment"]
    value: bool | None = None
    on: Day | None = None


class GermlineForm(_Form):
    """A germline test of a gene."""

    gene: Text
    result: Literal["pathogenic", "not_found"] | None = None
    on: Day | None = None


class StatementForm(_Form):
    """A doctor's statement by its code."""

    of: Text
    value: bool | None = None
    on: Day | None = None
    by: Text | None = None


class LabelForm(_Form):
    """Whether a patient meets one of the open words of a label; `row` is the approval's."""

    row: Text
    words: Text | None = None
    value: bool | None = None
    on: Day | None = None
    by: Text | None = None


class OutsideForm(_Form):
    """Whether the use is outside an agency's label of a drug, by a person who compared it."""

    drug: Text
    agency: Literal["EMA", "FDA"] = "EMA"
    value: bool | None = None
    on: Day | None = None
    by: Text | None = None


def _dated(value: object) -> object:
    """A word alone is one of no day."""
    return {"value": value} if isinstance(value, str) else value


class CaseForm(_Form):
    """The form of `case.yaml`; every key may be left out, no other is taken."""

    pseudonym: Text | None = None
    birth: Day | None = None
    sex: Literal["male", "female", "other"] | None = None
    alive: YesNoForm | None = None
    died: Day | None = None
    tumour: Text | None = None
    stage: Annotated[StageForm | None, BeforeValidator(_dated)] = None
    extent: Annotated[ExtentForm | None, BeforeValidator(_dated)] = None
    measurable_disease: Annotated[tuple[AssessedForm, ...], Field(strict=False)] = ()
    brain_metastases: BrainForm | None = None
    ecog: EcogForm | None = None
    can_swallow: YesNoForm | None = None
    pregnant: YesNoForm | None = None
    consent: Annotated[tuple[ConsentForm, ...], Field(strict=False)] = ()
    treatments: Annotated[tuple[TreatmentForm, ...], Field(strict=False)] = ()
    treatments_complete: YesNoForm | None = None
    standard_treatment: StandardForm | None = None
    laboratory: Annotated[tuple[LabForm, ...], Field(strict=False)] = ()
    germline: Annotated[tuple[GermlineForm, ...], Field(strict=False)] = ()
    statements: Annotated[tuple[StatementForm, ...], Field(strict=False)] = ()
    label_conditions: Annotated[tuple[LabelForm, ...], Field(strict=False)] = ()
    outside_labels: Annotated[tuple[OutsideForm, ...], Field(strict=False)] = ()
    tissue_left: Literal["enough", "little", "none"] | None = None


FORMS = (
    CaseForm, YesNoForm, StageForm, ExtentForm, EcogForm, AssessedForm, BrainForm, StandardForm,
    TreatmentForm, LabForm, ConsentForm, GermlineForm, StatementForm, LabelForm,
    OutsideForm,
)  # fmt: skip
