"""What a change of rules does to a nation, before it is made: who becomes eligible, excluded, unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from presis.matching.bulk.engine import Worker
from presis.matching.option import MatchOption
from presis.methods.rules import Truth

#: What an option that isn't there says of everybody.
ABSENT = 3
ANSWERS = (*Truth, ABSENT)


@dataclass(frozen=True, slots=True)
class Pair:
    """An option before and after; None where there was none, or is none any more."""

    id: str
    before: MatchOption | None
    after: MatchOption | None


@dataclass
class Difference:
    """What becomes of one option: `counts[before][after]` tumours, and whose answer changes.

    `moved`: (sample, before, after) of each.
    """

    pair: Pair
    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros((4, 4), np.int64))
    moved: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many tumours get another answer."""
        return int(self.counts.sum() - np.trace(self.counts))


def pairs(before: Iterable[MatchOption], after: Iterable[MatchOption]) -> tuple[Pair, ...]:
    """The options that are new, gone, or have another rule; those whose rule is the same are left out."""
    old, new = {each.id: each for each in before}, {each.id: each for each in after}
    return tuple(
        Pair(ident, old.get(ident), new.get(ident))
        for ident in dict.fromkeys((*old, *new))
        if ident not in old or ident not in new or old[ident].rule != new[ident].rule
    )


def differences(worker: Worker, changed: Sequence[Pair], advance: Callable[[], None]) -> list[Difference]:
    """What becomes of each option over the worker's cut; `advance` is called after each partition."""
    found = [Difference(each) for each in changed]
    for partition in worker.cut.partitions if changed else ():
        columns, samples = worker.columns(partition)
        for each in found:
            before, after = (
                np.full(samples.num_rows, ABSENT)
                if option is None
                else columns.rule(option.rule).astype(np.intp)
                for option in (each.pair.before, each.pair.after)
            )
            np.add.at(each.counts, (before, after), 1)
            moved = np.flatnonzero(before != after)
            names = samples["sample"].take(moved).to_pylist()
            each.moved += zip(names, before[moved].tolist(), after[moved].tolist(), strict=True)
        advance()
    return found
