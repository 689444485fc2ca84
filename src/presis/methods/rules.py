"""The one tree of three-valued rules, and its evaluation.

Clinical data is incomplete: an answer is no, unknown or yes. `AllOf` is the minimum, `AnyOf` the
maximum, `Not` is 2 - x, `AtLeast` k the k-th largest (Kleene's strong logic of indeterminacy;
S. C. Kleene, Introduction to Metamathematics, 1952, section 64). Leaves belong to the rooms; this
module never looks inside them. The same tree answers for one subject with its reasons
(`evaluate`), for one subject after the other (`compiled`), and for an array of subjects
(`evaluate_array`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar, assert_never

import numpy as np
from numpy.typing import NDArray

from presis.errors import BadInput, Problem, Where
from presis.methods.reasons import Reason


class Truth(IntEnum):
    """No, unknown, yes: ordered, so that minimum and maximum combine them."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    @property
    def word(self) -> str:
        """`no`, `unknown` or `yes`: the code in JSON."""
        return self.name.lower()


Truths = NDArray[np.int8]
L = TypeVar("L")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Leaf(Generic[L]):
    """One question, asked of a subject by the room that owns it."""

    of: L


@dataclass(frozen=True, slots=True)
class AllOf(Generic[L]):
    """Every part must hold. Nothing asked: yes."""

    of: tuple[Rule[L], ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Generic[L]):
    """One part is enough. Nothing offered: no."""

    of: tuple[Rule[L], ...]


@dataclass(frozen=True, slots=True)
class Not(Generic[L]):
    """The opposite; the opposite of unknown is unknown."""

    of: Rule[L]


@dataclass(frozen=True, slots=True)
class AtLeast(Generic[L]):
    """At least `count` parts must hold."""

    count: int
    of: tuple[Rule[L], ...]


Rule = Leaf[L] | AllOf[L] | AnyOf[L] | Not[L] | AtLeast[L]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a leaf says of one subject: its truth, why, and what would settle it if unknown.

    `evidence` names the subject's own findings, by the ids that the room gives them, that speak for
    yes (or, where the truth is unknown, that might).
    """

    truth: Truth
    reasons: tuple[Reason, ...] = ()
    settled_by: tuple[Reason, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained(Generic[L]):
    """A rule's answer with those of its parts, in the rule's own shape."""

    rule: Rule[L]
    truth: Truth
    answer: Answer | None = None
    parts: tuple[Explained[L], ...] = ()

    def decisive(self) -> Iterator[Explained[L]]:
        """The leaves that made the answer what it is: change none of them and it stands."""
        if not self.parts:
            yield self
            return
        inverted = isinstance(self.rule, Not)
        wanted = Truth(2 - self.truth) if inverted else self.truth
        chosen = [part for part in self.parts if part.truth == wanted]
        for part in chosen or self.parts:
            yield from part.decisive()

    def reasons(self) -> tuple[Reason, ...]:
        """The reasons of the decisive leaves, in order, each once."""
        found: dict[object, Reason] = {}
        for leaf in self.decisive():
            for reason in leaf.answer.reasons if leaf.answer else ():
                found.setdefault((reason.code, tuple(reason.values.items())), reason)
        return tuple(found.values())

    def evidence(self) -> tuple[str, ...]:
        """The findings behind every leaf that isn't no, each once, in order."""
        if not self.parts:
            return self.answer.evidence if self.answer and self.truth is not Truth.NO else ()
        return tuple(dict.fromkeys(each for part in self.parts for each in part.evidence()))

    def settled_by(self) -> tuple[Reason, ...]:
        """What would turn unknown into an answer; empty if nothing is unknown."""
        if self.truth is not Truth.UNKNOWN:
            return ()
        found: dict[object, Reason] = {}
        for leaf in self.decisive():
            for reason in leaf.answer.settled_by if leaf.answer else ():
                found.setdefault((reason.code, tuple(reason.values.items())), reason)
        return tuple(found.values())

    def unknown_leaves(self) -> dict[int, Explained[L]]:
        """The decisive leaves of an unknown answer, each once, by its identity; for very many answers."""
        if not self.parts:
            return {id(self): self}
        found: dict[int, Explained[L]] = {}
        for part in self.parts:
            if part.truth is Truth.UNKNOWN:
                if part.parts:
                    found |= part.unknown_leaves()
                else:
                    found[id(part)] = part
        return found


def evaluate(
    rule: Rule[L], ask: Callable[[L], Answer], remember: dict[int, Explained[L]] | None = None
) -> Explained[L]:
    """Answer `rule` for one subject, of which `ask` answers the leaves; every leaf is asked.

    With `remember` a part that several rules share (the same object, see `rule_sharing`) is answered once: it
    holds the answers for one subject by the part's identity, while the rules live.
    """
    if remember is not None and (found := remember.get(id(rule))) is not None:
        return found
    explained = _evaluate(rule, ask, remember)
    if remember is not None:
        remember[id(rule)] = explained
    return explained


def _evaluate(
    rule: Rule[L], ask: Callable[[L], Answer], remember: dict[int, Explained[L]] | None
) -> Explained[L]:
    match rule:
        case Leaf(of=leaf):
            answer = ask(leaf)
            return Explained(rule, answer.truth, answer)
        case Not(of=inner):
            part = evaluate(inner, ask, remember)
            return Explained(rule, _OPPOSITE[part.truth], None, (part,))
        case AllOf(of=of) | AnyOf(of=of) | AtLeast(of=of):
            parts = tuple([evaluate(each, ask, remember) for each in of])
            return Explained(rule, _combine(rule, [part.truth for part in parts]), None, parts)
        case _:
            assert_never(rule)


def compiled(rule: Rule[L], ask: Callable[[L], Callable[[S], Truth]]) -> Callable[[S], Truth]:
    """The rule as a function of a subject, without reasons, for asking it of very many.

    `ask` turns a leaf into a function of a subject. Parts that can't matter any more are not asked.
    """
    match rule:
        case Leaf(of=leaf):
            return ask(leaf)
        case Not(of=inner):
            part = compiled(inner, ask)
            return lambda subject: _OPPOSITE[part(subject)]
        case AllOf(of=of):
            return _until(Truth.YES, Truth.NO, min, [compiled(each, ask) for each in of])
        case AnyOf(of=of):
            return _until(Truth.NO, Truth.YES, max, [compiled(each, ask) for each in of])
        case AtLeast(of=of):
            parts = [compiled(each, ask) for each in of]
            return lambda subject: _combine(rule, [part(subject) for part in parts])
        case _:
            assert_never(rule)


_OPPOSITE = (Truth.YES, Truth.UNKNOWN, Truth.NO)


def _until(
    first: Truth, last: Truth, better: Callable[[Truth, Truth], Truth], parts: list[Callable[[S], Truth]]
) -> Callable[[S], Truth]:
    """Combine parts from `first` on, and stop at `last`, which nothing changes any more."""

    def combined(subject: S) -> Truth:
        result = first
        for part in parts:
            result = better(result, part(subject))
            if result is last:
                break
        return result

    return combined


def _combine(rule: AllOf[L] | AnyOf[L] | AtLeast[L], values: Sequence[Truth]) -> Truth:
    match rule:
        case AllOf():
            return min(values, default=Truth.YES)
        case AnyOf():
            return max(values, default=Truth.NO)
        case AtLeast(count=count):
            if count == 0:
                return Truth.YES
            ordered = sorted(values, reverse=True)
            return ordered[count - 1] if count <= len(ordered) else Truth.NO
        case _:
            assert_never(rule)


def evaluate_array(rule: Rule[L], ask: Callable[[L], Truths], subjects: int) -> Truths:
    """Answer `rule` for many subjects at once.

    `ask` gives for a leaf an int8 array of shape (subjects,) holding 0, 1 or 2; so does this.
    """
    match rule:
        case Leaf(of=leaf):
            return ask(leaf)
        case Not(of=inner):
            return (2 - evaluate_array(inner, ask, subjects)).astype(np.int8)
        case AllOf(of=of):
            result = np.full(subjects, Truth.YES, np.int8)
            for each in of:
                np.minimum(result, evaluate_array(each, ask, subjects), out=result)
            return result
        case AnyOf(of=of):
            result = np.zeros(subjects, np.int8)
            for each in of:
                np.maximum(result, evaluate_array(each, ask, subjects), out=result)
            return result
        case AtLeast(count=count, of=of):
            if count == 0:
                return np.full(subjects, Truth.YES, np.int8)
            if count > len(of):
                return np.zeros(subjects, np.int8)
            stack = np.stack([evaluate_array(each, ask, subjects) for each in of])
            ranked: Truths = np.partition(stack, len(of) - count, axis=0)[len(of) - count]
            return ranked
        case _:
            assert_never(rule)


def leaves(rule: Rule[L]) -> Iterator[L]:
    """Every leaf of a rule, in order."""
    match rule:
        case Leaf(of=leaf):
            yield leaf
        case Not(of=inner):
            yield from leaves(inner)
        case AllOf(of=of) | AnyOf(of=of) | AtLeast(of=of):
            for each in of:
                yield from leaves(each)
        case _:
            assert_never(rule)


def over_findings(findings: Iterable[Iterable[Truth]], *, covered: Truth) -> Truth:
    """A leaf with several conditions on one finding: the best finding's worst condition.

    `findings` gives for each finding the truth of each condition. If none holds, what isn't
    covered (`covered` no or unknown) lifts no to unknown: not tested is not the same as not found.
    """
    best = max((min(conditions, default=Truth.YES) for conditions in findings), default=Truth.NO)
    if best is Truth.NO and covered is not Truth.YES:
        return Truth.UNKNOWN
    return best


def over_findings_array(conditions: Truths, subject: NDArray[np.intp], covered: NDArray[np.bool_]) -> Truths:
    """`over_findings` for many subjects.

    `conditions` is (findings, conditions), `subject` (findings,) the index of each finding's
    subject, `covered` (subjects,) whether all that the leaf asks about was tested. Returns (subjects,).
    """
    best = np.zeros(covered.shape[0], np.int8)
    if conditions.shape[0]:
        per_finding = (
            conditions.min(axis=1) if conditions.shape[1] else np.full(conditions.shape[0], 2, np.int8)
        )
        np.maximum.at(best, subject, per_finding.astype(np.int8))
    best[(best == Truth.NO) & ~covered] = Truth.UNKNOWN
    return best


def of_class(possible: Collection[str], accepted: Collection[str]) -> Truth:
    """A class known only as a set: yes if all its members qualify, no if none, else unknown."""
    hits = sum(1 for member in possible if member in accepted)
    if not possible or 0 < hits < len(possible):
        return Truth.UNKNOWN
    return Truth.YES if hits else Truth.NO


def parse(document: object, parse_leaf: Callable[[str, object], L], *, file: str, path: str = "") -> Rule[L]:
    """Read a rule from a YAML document; raises `BadInput` with every fault in it at once.

    A node is a mapping with one key: `all`, `any` (lists), `not` (a node), `at_least`
    (`{count, of}`), or the name of a leaf, which `parse_leaf(name, value)` reads; it may raise
    `ValueError` with a sentence that says what would be accepted.
    """
    problems: list[Problem] = []
    rule = _parse(document, parse_leaf, Where(file=file, field=path or "rule"), problems)
    if rule is None:
        raise BadInput(*problems)
    return rule


def _parse(
    node: object, parse_leaf: Callable[[str, object], L], where: Where, problems: list[Problem]
) -> Rule[L] | None:
    if not isinstance(node, Mapping) or len(node) != 1:
        problems.append(_fault(where, node, "a mapping with one key: all, any, not, at_least or a criterion"))
        return None
    ((key, value),) = node.items()
    inner = Where(file=where.file, field=f"{where.field}.{key}")
    if key == "not":
        part = _parse(value, parse_leaf, inner, problems)
        return None if part is None else Not(part)
    if key in {"all", "any"}:
        parts = _parse_list(value, parse_leaf, inner, problems)
        if parts is None:
            return None
        return AllOf(parts) if key == "all" else AnyOf(parts)
    if key == "at_least":
        return _parse_at_least(value, parse_leaf, inner, problems)
    try:
        return Leaf(parse_leaf(str(key), value))
    except ValueError as error:
        problems.append(Problem("rule.leaf", f"{error}", inner, found=repr(value)))
        return None


def _parse_at_least(
    value: object, parse_leaf: Callable[[str, object], L], where: Where, problems: list[Problem]
) -> Rule[L] | None:
    if not isinstance(value, Mapping) or set(value) != {"count", "of"}:
        problems.append(_fault(where, value, "a mapping of count and of"))
        return None
    count = value["count"]
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        problems.append(_fault(where, count, "count as a whole number from 0"))
        return None
    parts = _parse_list(value["of"], parse_leaf, where, problems)
    return None if parts is None else AtLeast(count, parts)


def _parse_list(
    value: object, parse_leaf: Callable[[str, object], L], where: Where, problems: list[Problem]
) -> tuple[Rule[L], ...] | None:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        problems.append(_fault(where, value, "a list with at least one rule"))
        return None
    parts = [
        _parse(each, parse_leaf, Where(file=where.file, field=f"{where.field}[{index}]"), problems)
        for index, each in enumerate(value)
    ]
    found = tuple(part for part in parts if part is not None)
    return found if len(found) == len(parts) else None


def _fault(where: Where, found: object, accepted: str) -> Problem:
    return Problem("rule.shape", f"expected {accepted}", where, found=repr(found)[:80], accepted=accepted)
