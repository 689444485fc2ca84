"""Patients: an id of ours, a key of their own, and the blind index by which they are found again.

A patient is known to the house by a UUID. What identifies them is sealed; a keyed hash of it names a
stream, so that the same text leads to the same patient, and two who register it at once don't make two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from pydantic import BaseModel, ConfigDict, Field

from presis.governance.facts import IdentityIndexed, PatientRegistered
from presis.record import Edge, Fact, NewFact


class Identity(BaseModel):
    """What a patient is called somewhere, with its blind index; a part of commands, never recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1)
    index: str = Field(pattern="^[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class Indexed:
    """Where an identity leads: a patient's id, empty before it is known."""

    patient: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient as the house knows them: what is sealed of them, by its hash."""

    identity: str = ""


def apply_index(_state: Indexed, fact: Fact[IdentityIndexed]) -> Indexed:
    """The index after one more fact."""
    match fact.payload:
        case IdentityIndexed(patient=patient):
            return Indexed(patient)
        case unreachable:
            assert_never(unreachable)


def apply(_state: Patient, fact: Fact[PatientRegistered]) -> Patient:
    """The patient after one more fact."""
    match fact.payload:
        case PatientRegistered(identity=identity):
            return Patient(identity)
        case unreachable:
            assert_never(unreachable)


def normalised(organisation: str, text: str) -> str:
    """An identity as it is indexed: whose word it is, and the word without case, accents' form or spaces."""
    return f"{organisation}/{unicodedata.normalize('NFKC', text).casefold().replace(' ', '')}"


def stream_of(identity: Identity) -> str:
    """The stream that an identity names."""
    return f"identity-{identity.index}"


def patient_for(states: Mapping[str, Any], identity: Identity, edge: Edge) -> tuple[str, list[NewFact]]:
    """The patient of an identity, and the facts that make a new one where nobody is known by it."""
    known: Indexed = states[stream_of(identity)]
    if known.patient:
        return known.patient, []
    patient = str(edge.new_id())
    sealed = edge.seal(patient, identity.text)
    return patient, [
        NewFact(stream=f"patient-{patient}", payload=PatientRegistered(identity=sealed)),
        NewFact(stream=stream_of(identity), payload=IdentityIndexed(patient=patient)),
    ]
