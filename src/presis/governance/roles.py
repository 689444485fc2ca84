"""The roles in which people act, and the one in which the house itself does."""

from __future__ import annotations

from enum import StrEnum

from presis.record import Actor


class Role(StrEnum):
    """A role in the access table. A person may have several, and acts in one at a time."""

    MOLECULAR_PATHOLOGIST = "molecular_pathologist"
    BIOINFORMATICIAN = "bioinformatician"
    LABORATORY_MANAGER = "laboratory_manager"
    BOARD_COORDINATOR = "board_coordinator"
    ONCOLOGIST = "oncologist"
    TRIAL_OFFICE = "trial_office"
    DATA_STEWARD = "data_steward"
    SYSTEM = "system"


#: Presis itself, as the reactions act.
SYSTEM = Actor("presis", Role.SYSTEM.value, "presis")
