"""How each laboratory works, from data: signatures, the list of artefacts, targets for each step."""

from __future__ import annotations

from datetime import date
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from presis.governance.documents import Document
from presis.governance.roles import Role
from presis.programme.files import ROOT


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rules(_Strict):
    """What holds where a laboratory says nothing of its own."""

    signatures: int = Field(ge=1)
    artefact_requisitions: int = Field(ge=1)
    artefact_persons: int = Field(ge=1)


class OwnRules(_Strict):
    """What one laboratory does otherwise."""

    organisation: str
    signatures: int | None = Field(default=None, ge=1)
    artefact_requisitions: int | None = Field(default=None, ge=1)
    artefact_persons: int | None = Field(default=None, ge=1)


class StepRule(_Strict):
    """A step of a sample's way: who does it, and how many days it may take from the step before."""

    step: str
    role: Role
    target_days: int = Field(ge=0)


class Laboratories(_Strict):
    """The whole file `programme/laboratories.yaml`."""

    id: str
    version: int
    valid_from: date
    source: str
    default: Rules
    laboratories: tuple[OwnRules, ...]
    steps: tuple[StepRule, ...]
    urgent_factor: float = Field(gt=0, le=1)
    receipt_within_days: int = Field(ge=1)

    def rules(self, organisation: str) -> Rules:
        """What holds at a laboratory."""
        for own in self.laboratories:
            if own.organisation == organisation:
                told = own.model_dump(exclude={"organisation"}, exclude_none=True)
                return self.default.model_copy(update=told)
        return self.default

    def target(self, step: str, *, urgent: bool) -> float:
        """The days that a step may take."""
        days = next(each.target_days for each in self.steps if each.step == step)
        return days * (self.urgent_factor if urgent else 1)


@cache
def laboratories() -> Laboratories:
    """The programme's laboratories.

    Raises:
        BadInput: with every fault of the file.

    """
    return Document(ROOT / "laboratories.yaml").parse(Laboratories)
