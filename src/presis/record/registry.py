"""The kinds of fact that are known, each a frozen model with a stable name and schema version."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from presis.errors import BadInput

#: room, fact and schema version: `diagnostics.report-signed/1`.
KIND = re.compile(r"[a-z][a-z_]*\.[a-z][a-z0-9-]*/[1-9][0-9]*")


class FactModel(BaseModel):
    """The payload of one kind of fact. A subclass sets `kind`, for instance `trial.patient-enrolled/1`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: ClassVar[str]


#: Turns the payload of an old version into that of a later one; first the later kind, then how.
Upcaster = tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]


class Registry:
    """All kinds of fact by name. Filled once, from what the rooms list.

    Raises:
        ValueError: if a kind is malformed or stands twice, or an upcaster leads nowhere.

    """

    def __init__(
        self, models: Iterable[type[FactModel]], upcasters: Mapping[str, Upcaster] | None = None
    ) -> None:
        found: dict[str, type[FactModel]] = {}
        for model in models:
            if not KIND.fullmatch(getattr(model, "kind", "")):
                raise ValueError(
                    f"{model.__qualname__}: {getattr(model, 'kind', '')!r} isn't room.fact-name/version"
                )
            if model.kind in found:
                raise ValueError(f"the kind {model.kind} is registered twice")
            found[model.kind] = model
        self.models = MappingProxyType(found)
        self.upcasters = MappingProxyType(dict(upcasters or {}))
        for old, (new, _) in self.upcasters.items():
            if old in found or (new not in found and new not in self.upcasters):
                raise ValueError(f"the upcaster from {old} to {new} doesn't lead to a known kind")

    def parse(self, kind: str, payload: str) -> FactModel:
        """The model of a stored payload, brought up to the kind's present version.

        Raises:
            BadInput: if the kind is unknown to this version of the program, or the payload doesn't fit.

        """
        model = self.models.get(kind)
        try:
            if model is not None:
                return model.model_validate_json(payload)
            content: dict[str, Any] = json.loads(payload)
            while kind in self.upcasters:
                kind, upcast = self.upcasters[kind]
                content = upcast(content)
            if kind in self.models:
                return self.models[kind].model_validate_json(json.dumps(content))
        except ValidationError as error:
            first = error.errors()[0]
            raise BadInput.of(
                "payload-unreadable",
                f"a stored {kind} doesn't fit its model: {first['msg']}; run `presis record verify`.",
                field=".".join(str(part) for part in first["loc"]) or None,
            ) from error
        raise BadInput.of(
            "kind-unknown",
            f"the record holds facts of kind {kind}, which this version of Presis doesn't know; "
            "use the version that wrote them, or a later one.",
            found=kind,
        )
