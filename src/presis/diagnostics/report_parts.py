"""The small parts that the forms of a report share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class PartModel(BaseModel):
    """A part of a report's content: frozen, and no key beside those told."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReasonJson(PartModel):
    """A reason: its code, its values, and the sentence in English."""

    code: str
    values: dict[str, str | int | float]
    text: str


class LabelledJson(PartModel):
    """A finding's id and name."""

    id: str
    label: str


class RequestedJson(PartModel):
    """Whose the specimen is by its requisition, as the laboratory calls them; and who asked.

    `received` is the day of receipt; `sex` and `birth_year` as the requisition tells them.
    """

    requisition: str
    patient: str
    specimen: str
    requester: str
    received: str
    sex: str | None = None
    birth_year: int | None = None
