"""A profile as it is sealed, and read again."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter

from presis.diagnostics.profile import MolecularProfile
from presis.methods.bulk import no_cycle_collection


@cache
def _profiles() -> TypeAdapter[MolecularProfile]:
    return TypeAdapter(MolecularProfile)


def profile_bytes(profile: MolecularProfile) -> bytes:
    """A profile as it is sealed."""
    return _profiles().dump_json(profile)


def parse_profile(data: bytes) -> MolecularProfile:
    """A profile again."""
    with no_cycle_collection():
        return _profiles().validate_json(data)
