"""A specimen's number belongs to one patient of a laboratory: where it stands on another's requisition.

It is looked up when a number is written down, at receipt and when a requisition is put right, and again
whenever the data are read or a report is concluded; two who write it down at once are stopped there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from presis.diagnostics.memory import WORKLIST
from presis.diagnostics.requisition_form import Faults
from presis.governance import patients
from presis.governance.patients import Identity
from presis.record import fold

if TYPE_CHECKING:
    from presis.record.store import Record


def elsewhere(record: Record, organisation: str, specimen: str, patient: str) -> tuple[str, ...]:
    """Requisitions of another patient in a laboratory that bear a specimen's number, and stand.

    Case makes no other number. `patient` is the patient's id, empty for one who isn't known yet.
    """
    rows = record.view_rows(
        WORKLIST.name,
        lambda table: (
            (table.c.organisation == organisation)
            & (sa.func.lower(table.c.specimen) == specimen.lower())
            & (table.c.patient != patient)
            & (table.c.state != "cancelled")
        ),
    )
    return tuple(sorted(str(row["number"]) for row in rows))


def number_faults(record: Record, organisation: str, specimen: str, patient: str) -> Faults:
    """The fault of a number that another patient's requisition bears, by field; none where it is free."""
    taken = elsewhere(record, organisation, specimen, patient)
    return {"specimen": "web.specimen-taken"} if taken else {}


def patient_known_by(record: Record, identity: Identity) -> str:
    """The id of the patient whom an identity leads to; empty before the patient is known."""
    indexed = fold(patients.apply_index, patients.Indexed(), record.stream(patients.stream_of(identity)))
    return indexed.patient
