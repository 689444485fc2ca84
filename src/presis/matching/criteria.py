"""What eligibility asks beside and of the tumour's findings: the leaves of matching's rules.

Alterations and markers are asked as diagnostics asks them: `Molecular` holds a rule over its criteria. How
each is written in YAML: `leaf_forms`, `molecular_forms`. How each is answered: `answering`.
"""

from __future__ import annotations

from dataclasses import dataclass

from presis.diagnostics.criteria import Criterion
from presis.methods.rules import Rule


@dataclass(frozen=True, slots=True)
class Molecular:
    """Alterations or markers of the tumour. `origin` somatic: the finding must be shown to be so.

    `inherited_too`: genes of which an inherited pathogenic change, shown by a germline test, is enough.
    """

    rule: Rule[Criterion]
    origin: str | None = None
    inherited_too: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GermlineIs:
    """A pathogenic change of the gene that is inherited; a tumour alone doesn't show it."""

    gene: str
    rule: Rule[Criterion]


@dataclass(frozen=True, slots=True)
class TumourIs:
    """A tumour type: one of these OncoTree codes or below, none of the excluded ones or below."""

    codes: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageIs:
    """A stage: `III` holds IIIA, IIIB and IIIC."""

    stages: tuple[str, ...]
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class ExtentIs:
    """How far the disease has spread."""

    extents: tuple[str, ...]
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class MeasurableIs:
    """Disease that can be followed: by one of these criteria, measurable, or evaluable as well."""

    by: tuple[str, ...]
    evaluable: bool = False
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class BrainIs:
    """No metastases in the brain; with `controlled`, controlled ones too."""

    controlled: bool = False
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class AgeIs:
    """Whole years on the day asked about."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class EcogIs:
    """Performance status by ECOG (0 to 5), no older than so many days."""

    most: int
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class SexIs:
    """Sex as the record has it."""

    sex: str


@dataclass(frozen=True, slots=True)
class StateIs:
    """A plain yes of the person: `alive`, `pregnant`, `can_swallow`; told no more than so many days ago.

    `presumed`: it is so unless the contrary is told, such as that a patient is alive.
    """

    what: str
    within_days: int | None = None
    presumed: bool = False


@dataclass(frozen=True, slots=True)
class ConsentIs:
    """Consent given, to molecular profiling or to treatment in the trial."""

    to: str
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class DoctorStates:
    """A doctor's statement on something that no file holds, by its code."""

    of: str
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class LinesAre:
    """Lines of therapy given for advanced disease."""

    least: int | None = None
    most: int | None = None
    complete_within_days: int | None = None


@dataclass(frozen=True, slots=True)
class TreatedWith:
    """A treatment given before: with a drug, class or target named, and one of the outcomes, if any is."""

    drugs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    setting: str | None = None
    complete_within_days: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What it names, for words."""
        return self.drugs + self.classes + self.targets


@dataclass(frozen=True, slots=True)
class SameTargetBefore:
    """A drug with a target of this option's drugs given before. `targets`: those."""

    targets: tuple[str, ...]
    complete_within_days: int | None = None


@dataclass(frozen=True, slots=True)
class StandardIs:
    """Standard treatment exhausted, not tolerated or not indicated: the doctor's dated statement."""

    states: tuple[str, ...]
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class WashoutIs:
    """So many days since the last dose of cancer treatment, or of the drugs and classes named."""

    days: int
    drugs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    complete_within_days: int | None = None


@dataclass(frozen=True, slots=True)
class LaboratoryIs:
    """A laboratory value within bounds, no older than so many days.

    The bounds are in `unit`, as the rule writes them; `ULN`: times the laboratory's upper limit of normal.
    `above`, `below`: a value at the bound itself isn't within it.
    """

    test: str
    unit: str
    least: float | None = None
    most: float | None = None
    within_days: int | None = None
    above: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class OutsideLabel:
    """The use isn't within the label of `drug`, by the agency's approvals in force."""

    drug: str
    agency: str = "EMA"


@dataclass(frozen=True, slots=True)
class LabelCondition:
    """A condition of a label in its own words, which a person compares; `row` is the approval's."""

    row: str
    text: str


Asked = (
    Molecular
    | GermlineIs
    | TumourIs
    | StageIs
    | ExtentIs
    | MeasurableIs
    | BrainIs
    | AgeIs
    | EcogIs
    | SexIs
    | StateIs
    | ConsentIs
    | DoctorStates
    | LinesAre
    | TreatedWith
    | SameTargetBefore
    | StandardIs
    | WashoutIs
    | LaboratoryIs
    | OutsideLabel
    | LabelCondition
)
