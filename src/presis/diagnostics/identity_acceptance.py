"""A mismatch of identity that a person answers for: another name in the files, a transplanted patient.

Which checks may be answered for is data (`acceptable` of `rules/identity.yaml`). Foreign DNA, another
patient's variants, and RNA of another than the DNA can't: such data are repeated, never explained.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from presis.diagnostics.facts import MismatchAccepted
from presis.diagnostics.identity import (
    Accepted,
    IdentityCheck,
    acceptable,
    mismatch_key,
    stops,
)
from presis.diagnostics.refusals import refusal
from presis.diagnostics.requisition import OfRequisition, Requisition, stream_of
from presis.record import Edge, NewFact, Refusal


class AcceptMismatch(OfRequisition):
    """Answer for a mismatch of a check, as it stands: `mismatch` is its key; say why."""

    check: str
    mismatch: str
    why: str


def accept(states: Mapping[str, Any], command: AcceptMismatch, edge: Edge) -> list[NewFact] | Refusal:
    """The acceptance, its reason sealed."""
    state: Requisition = states[stream_of(command.number)]
    if state.received is None or state.reading is None:
        return refusal(
            "nothing-read",
            found="no panel files",
            accepted="files that were read",
            message=f"no files of {command.number} have been read yet; upload them first.",
        )
    if command.check not in acceptable():
        return refusal(
            "mismatch-stands",
            found=command.check,
            accepted=", ".join(acceptable()),
            message="nobody can answer for such a mismatch; ask for a repeat, or for new tissue.",
        )
    if not command.why.strip():
        return refusal(
            "reason-missing",
            found="no reason",
            accepted="a sentence",
            message="say why the data are this patient's all the same; it stands in the report.",
        )
    told = {"mismatch": command.mismatch, "why": command.why.strip()}
    payload = MismatchAccepted(
        reading=state.reading.reading,
        check=command.check,
        told=edge.seal(state.received.patient, json.dumps(told, ensure_ascii=False)),
    )
    return [NewFact(stream=stream_of(command.number), payload=payload)]


def acceptances(state: Requisition, unseal: Callable[[str], bytes]) -> dict[str, Accepted]:
    """What people answered for, by the mismatch's key."""
    opened = {}
    for each in state.accepted:
        told = json.loads(unseal(each.fact.told))
        opened[told["mismatch"]] = Accepted(each.person, each.on, told["why"])
    return opened


def with_acceptances(
    checks: Iterable[IdentityCheck], accepted: Mapping[str, Accepted]
) -> tuple[IdentityCheck, ...]:
    """The checks, each mismatch with whoever answers for just that one."""
    return tuple(
        replace(each, accepted=accepted.get(mismatch_key(each)))
        if stops(each) and each.check in acceptable()
        else each
        for each in checks
    )
