"""For work that makes very many small values at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_cycle_collection() -> Iterator[None]:
    """Let the search for reference cycles rest while very many small values are made, which hold none.

    It would walk through them, and through the library, again and again: a third of the time
    (benchmarks/reading.py).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
