"""The form of the report's section on hotspots."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HotspotJson(_Model):
    """One position of the list: its state, the least depth told, the depth needed, and why."""

    id: str
    gene: str
    what: str
    place: str | None
    state: Literal["positive", "negative", "not_assessable", "depth_unknown", "not_tested"]
    depth: int | None
    needed: int | None
    findings: list[str]
    file: str | None
    why: str
    why_code: str
    why_values: dict[str, str | int | float]


class HotspotsJson(_Model):
    """Every position of the list in a version; without any where the report is older than the list."""

    list_id: str | None = None
    list_version: str | None = None
    positions: list[HotspotJson] = []
