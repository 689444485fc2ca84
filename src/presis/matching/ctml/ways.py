"""How MatchEngine goes through nested lists, where that isn't what the lists say.

It makes one graph of a match list. An `and` takes in the `and`s inside it, and its `or`s are hung one
after the other on the ends of the one before. But an `and` inside an `or` is such an end already before
its own `or`s are hung on it: the next `or` and its own then are two ways in place of one, and who
satisfies either matches. Read from dfci/matchengine-V2 (2.x, `match_translator`); only facts are taken
from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from presis.matching.ctml.criteria import Criterion
from presis.methods.rules import AllOf, AnyOf, Rule

_Lists = list[tuple[Rule[Criterion], ...]]
_Ors = list[AnyOf[Criterion]]
_NOTHING: AllOf[Criterion] = AllOf(())


@dataclass(frozen=True, slots=True)
class Keys(AllOf[Criterion]):
    """Several lists as one item: each must hold; inside an `or` MatchEngine takes either."""


def as_run(match: AllOf[Criterion], deepest: int) -> Rule[Criterion] | None:
    """The rule that MatchEngine runs for a `match` list; nothing if it is the one that is written.

    Raises:
        RecursionError: if it is nested deeper than `deepest`.

    """
    run = _Run()
    early: _Lists = []
    late: list[Rule[Criterion]] = []
    for item in match.of:
        ors = [part for part in _parts(item) if isinstance(part, AnyOf)]
        if not ors:
            ands = [part.of for part in _parts(item) if isinstance(item, Keys) and isinstance(part, AllOf)]
            early.append(tuple(each for of in ands for each in of) or (item,))
            continue
        if len(ors) > 1:  # the first of all is there alone; of others any is enough
            run.parted = True
            ors = [AnyOf(tuple(each for part in ors for each in part.of)) if late else ors[0]]
        late += [*ors, *(part for part in _parts(item) if not isinstance(part, AnyOf))]
    found = run.all_of([*early, tuple(late)])
    if not run.parted:
        return None
    layer: list[Rule[Criterion]] = [found]
    for _ in range(2 * deepest):
        layer = [part for rule in layer if isinstance(rule, AllOf | AnyOf) for part in rule.of]
    if layer:
        raise RecursionError
    return found


def _parts(item: Rule[Criterion]) -> tuple[Rule[Criterion], ...]:
    return item.of if isinstance(item, Keys) else (item,)


@dataclass
class _Run:
    """Builds the rule, and notes whether it parts from what is written."""

    parted: bool = False

    def all_of(self, lists: _Lists) -> Rule[Criterion]:
        asked, ors = _merged(lists)
        return AllOf((asked, self._one_after_another(ors))) if ors else asked

    def _one_after_another(self, ors: Sequence[AnyOf[Criterion]]) -> Rule[Criterion]:
        if not ors[0].of:  # nothing to hang the next one on
            self.parted = self.parted or len(ors) > 1
            return _NOTHING
        *earlier, last = ors
        run: list[Rule[Criterion]] = [AnyOf(tuple(self._with_own(*end) for end in self._ends(last)))]
        for each in reversed(earlier):
            ends = list(self._ends(each))
            past = tuple(self._with_own(asked, own) for asked, own in ends if own)
            run.append(AnyOf(tuple(asked for asked, _ in ends)))
            if past:
                self.parted = True
                run = [AnyOf((AllOf(tuple(run)), *past))]
        return AllOf(tuple(run))

    def _with_own(self, asked: Rule[Criterion], own: _Ors) -> Rule[Criterion]:
        return AllOf((asked, self._one_after_another(own))) if own else asked

    def _ends(self, either: AnyOf[Criterion]) -> Iterator[tuple[Rule[Criterion], _Ors]]:
        """The ends of an `or`: what each asks, and the `or`s of its own that are hung on it later."""
        if not either.of:
            yield _NOTHING, []
        for item in either.of:
            self.parted = self.parted or isinstance(item, Keys)
            for part in _parts(item):
                match part:
                    case AnyOf():
                        yield from self._ends(part)
                    case AllOf(of=of):
                        yield _merged([of])
                    case _:
                        yield part, []


def _merged(lists: _Lists) -> tuple[Rule[Criterion], _Ors]:
    """What an `and` asks itself, and its `or`s in the order in which MatchEngine comes to them."""
    asked: list[Rule[Criterion]] = []
    ors: _Ors = []
    while lists:
        for part in (part for item in lists.pop() for part in _parts(item)):
            match part:
                case AnyOf():
                    ors.append(part)
                case AllOf(of=of):
                    lists.append(of)
                case _:
                    asked.append(part)
    return AllOf(tuple(asked)), ors
