"""The small parts of a FHIR bundle: references, components, observations. Plain dictionaries by FHIR R4B."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from presis.diagnostics.exports.fhir_codes import code_table, concept, profile, system
from presis.diagnostics.report_model import ReportContent

Json = dict[str, Any]


@dataclass(slots=True)
class Bundling:
    """A bundle being made of one report.

    `observation_status` is FHIR's status of every observation, `hgnc` gives a gene symbol's HGNC id or
    None. Each resource has a name within the report; its address is derived from the content's hash and that
    name, so that the same report always gives the same bundle.
    """

    content: ReportContent
    observation_status: str
    hgnc: Callable[[str], str | None]
    digest: str = ""
    entries: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.digest = self.content.content_hash()

    def address(self, name: str) -> str:
        """The address of a resource, by its name within the report."""
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{self.digest}/{name}')}"

    def reference(self, name: str) -> Json:
        """A reference to a resource of the bundle."""
        return {"reference": self.address(name)}

    def add(self, name: str, resource: Json) -> Json:
        """Put a resource in; the reference to it."""
        if self.content.specimen.invented:
            meta = resource.setdefault("meta", {})
            meta["security"] = concept("test-data")["coding"]
        self.entries.append({"fullUrl": self.address(name), "resource": resource})
        return self.reference(name)

    @property
    def subject(self) -> Json:
        """Whose report it is: the requisition's patient, the files' pseudonym where there is none."""
        asked = self.content.requested
        told = asked.patient if asked else self.content.specimen.pseudonym or self.content.sample
        found: Json = {"value": told}
        if self.content.laboratory:
            found["assigner"] = {"display": self.content.laboratory}
        return {"type": "Patient", "identifier": found}

    @property
    def requested(self) -> Json:
        """The requisition that asked for it, by its number."""
        asked = self.content.requested
        return {"type": "ServiceRequest", "identifier": {"value": asked.requisition if asked else ""}}

    def observation(self, name: str, code: Json, *, claims: str | None = None, **more: Any) -> Json:
        """An observation on this report's specimen, with the profile that it claims; empty parts left out."""
        biomarker = [concept("biomarker-category")] if claims == "molecular-biomarker" else []
        resource: Json = {
            "resourceType": "Observation",
            "meta": {"profile": [profile(claims)]} if claims else None,
            "identifier": [{"value": f"{self.digest}#{name}"}],
            "status": self.observation_status,
            "category": [concept("laboratory"), *biomarker, concept("genetics")],
            "code": code,
            "subject": self.subject,
            "effectiveDateTime": self.content.specimen.collected,
            "performer": [self.reference("laboratory")] if self.content.laboratory else None,
            "specimen": self.reference("specimen"),
            **more,
        }
        return {key: value for key, value in resource.items() if value not in (None, [], {})}

    def gene(self, symbol: str) -> Json:
        """The component that names a gene: HGNC's id where it is known, else the symbol in words."""
        value: Json = {"text": symbol}
        ident = self.hgnc(symbol)
        if ident:
            value["coding"] = [{"system": system("hgnc"), "code": ident, "display": symbol}]
        return component("gene", valueCodeableConcept=value)

    def tumour(self) -> Json | None:
        """The tumour type as OncoTree's code in its release, or in the words of the specimen."""
        content = self.content
        words = content.specimen.tumour_text or content.tumour_name
        if content.tumour is None:
            return {"text": words} if words else None
        found: Json = {"system": system("oncotree"), "code": content.tumour}
        release = next((each.version for each in content.knowledge if each.pack == "oncotree"), None)
        if release:
            found["version"] = release
        if content.tumour_name:
            found["display"] = content.tumour_name
        return {"coding": [found], "text": words or content.tumour}


def component(name: str, **value: Any) -> Json:
    """A component of an observation, by the name of its code in the table."""
    return {"code": concept(name), **value}


def text_component(name: str, text: str) -> Json:
    """A component whose value is words: a string for what the guide wants as one, else a concept's text."""
    if name in ("conclusion", "region-description"):
        return component(name, valueString=text)
    return component(name, valueCodeableConcept={"text": text})


def quantity(value: float, unit: str, code: str, **more: Any) -> Json:
    """A quantity in UCUM."""
    return {"value": value, "unit": unit, "system": system("ucum"), "code": code, **more}


def absent(state: str, text: str) -> Json:
    """Why there is no value: `not-performed` where it wasn't tested, else `unknown`; and in words."""
    return concept("not-performed" if state == "no" else "unknown", text)


def sentence(parts: Iterable[str | None], joint: str = "; ") -> str:
    """Words joined; empty ones left out."""
    return joint.join(dict.fromkeys(part for part in parts if part))


def extension(name: str, **value: Any) -> Json:
    """An extension, by its name in the table."""
    return {"url": code_table().extensions[name].url, **value}
