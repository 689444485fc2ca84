"""What a requisition says of the specimen, beside what its files say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from presis.diagnostics.facts import RequisitionReceived
from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.profile import MolecularProfile, NotUsable, Specimen
from presis.diagnostics.requisition import Requisition
from presis.errors import BadInput, Problem, Where
from presis.methods.reasons import Reason

#: What must not be said in two ways: the wrong tumour or person would follow.
_MUST_AGREE = ("tumour", "sex", "birth_year")


def by_requisition(profile: MolecularProfile, state: Requisition) -> MolecularProfile:
    """The profile with what the requisition says of its specimen; the pathologist's tumour cells count.

    What the files tell and the requisition doesn't, stands. A field that a person put right in the
    requisition counts, and what the files say against it is a remark.

    Raises:
        BadInput: if the two contradict each other on tumour, sex or year of birth, and nobody put it right.

    """
    received = state.received
    if received is None:
        return profile
    told = {name: getattr(received, name) for name in (*_MUST_AGREE, "sample_type")}
    specimen = profile.specimen
    differ = [name for name, value in told.items() if value and getattr(specimen, name) not in (None, value)]
    _refuse(specimen, received, [name for name in differ if name in _MUST_AGREE])
    right = [name for name in differ if name in received.confirmed]
    given: dict[str, Any] = {
        name: value
        for name, value in told.items()
        if value and (not getattr(specimen, name) or name in right)
    }
    if received.predisposition_declined:
        given["predisposition_declined"] = True
    if state.cells is not None:
        given["tumour_cell_fraction"] = state.cells
    remarks = tuple(_remark(name, specimen, received) for name in right)
    return replace(profile, specimen=replace(specimen, **given), not_usable=(*profile.not_usable, *remarks))


def _refuse(specimen: Specimen, received: RequisitionReceived, names: list[str]) -> None:
    """Raise `BadInput` for what differs and nobody has put right."""
    problems = [
        Problem(
            "specimen.contradiction",
            f"the files say {getattr(specimen, name)} and {received.number} says {getattr(received, name)}; "
            "see that the files are of this specimen, and mend the one that is wrong",
            Where(None, None, None, name),
            found=str(getattr(specimen, name)),
            accepted=str(getattr(received, name)),
            values={"number": received.number},
        )
        for name in names
        if name not in received.confirmed
    ]
    if problems:
        raise BadInput(*problems)


def _remark(name: str, specimen: Specimen, received: RequisitionReceived) -> NotUsable:
    return not_usable(
        file="specimen",
        line=0,
        why=Reason.of(
            "reading.put-right", field=name, other=received.number, value=str(getattr(received, name))
        ),
        found=str(getattr(specimen, name)),
        severity="remark",
    )
