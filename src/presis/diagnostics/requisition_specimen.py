"""What a requisition says of the specimen, beside what its files say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from presis.diagnostics.profile import Specimen
from presis.diagnostics.requisition import Requisition
from presis.errors import BadInput, Problem, Where

#: What must not be said in two ways: the wrong tumour or person would follow.
_MUST_AGREE = ("tumour", "sex", "birth_year")


def with_requisition(specimen: Specimen, state: Requisition) -> Specimen:
    """The specimen with what the requisition says of it; the pathologist's share of tumour cells counts.

    Raises:
        BadInput: if the files and the requisition contradict each other on tumour, sex or year of birth.

    """
    received = state.received
    if received is None:
        return specimen
    told: dict[str, Any] = {
        "tumour": received.tumour,
        "sex": received.sex,
        "birth_year": received.birth_year,
        "sample_type": received.sample_type,
    }
    problems = [
        Problem(
            "specimen.contradiction",
            f"the files say {getattr(specimen, name)} and {received.number} says {told[name]}; "
            "see that the files are of this specimen, and mend the one that is wrong",
            Where(None, None, None, name),
        )
        for name in _MUST_AGREE
        if told[name] and getattr(specimen, name) and told[name] != getattr(specimen, name)
    ]
    if problems:
        raise BadInput(*problems)
    given = {name: value for name, value in told.items() if value and not getattr(specimen, name)}
    if received.predisposition_declined:
        given["predisposition_declined"] = True
    if state.cells is not None:
        given["tumour_cell_fraction"] = state.cells
    return replace(specimen, **given)
