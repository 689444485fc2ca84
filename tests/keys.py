"""A master key for tests, the same in each."""

from presis.record.sealing import MasterKey

MASTER = MasterKey(bytes(range(32)))


def keys() -> MasterKey:
    return MASTER
