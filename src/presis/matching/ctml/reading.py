"""A trial document becomes clauses: one for each `match` list of a step, arm or dose level.

Levels don't inherit: an arm's clause isn't joined with its step's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from presis.errors import Where
from presis.matching.ctml.criteria import Criterion
from presis.matching.ctml.leaves import read_leaf
from presis.matching.ctml.remarks import Remarks
from presis.matching.ctml.ways import Keys, as_run
from presis.methods.rules import AllOf, AnyOf, Rule

#: key of a level in the tree: how its own id and code begin
LEVELS = {"step": "step", "arm": "arm", "dose_level": "level"}
OPEN = "open to accrual"
#: what a treatment list may hold at most: values, with what YAML repeats by name, and levels of nesting
MOST, DEEPEST = 200_000, 200
WAY_PAST = (
    "nests its lists so that MatchEngine takes a way past one of the ors; write it flatter, "
    "and each list as an item of its own"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """What one level asks, where it stands, whether it is suspended, and its `match` as it is written.

    `run` is what MatchEngine asks instead of the rule, where its way through nested lists parts from it.
    """

    level: str
    internal_id: str
    code: str
    path: str
    suspended: bool
    rule: Rule[Criterion]
    run: Rule[Criterion] | None = None
    match: Sequence[Any] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial: whether it is open to accrual, its clauses, and the document with its file."""

    protocol: str
    open: bool
    clauses: tuple[Clause, ...]
    document: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    file: str = field(default="", compare=False)

    def asked(self, *, match_on_closed: bool) -> tuple[Clause, ...]:
        """The clauses that count: of an open trial those not suspended, or all."""
        if match_on_closed:
            return self.clauses
        return tuple(each for each in self.clauses if self.open and not each.suspended)


def read_trial(document: object, file: str, remarks: Remarks) -> Trial | None:
    """Read a trial; nothing if it is none. What is wrong with it goes to the remarks."""
    where = Where(file=file)
    protocol = document.get("protocol_no") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(protocol, str | int) or isinstance(protocol, bool):
        remarks.error("trial", "is no trial: a mapping with protocol_no and treatment_list", where, protocol)
        return None
    if "match" in document:
        said = "a trial's own match is never read by MatchEngine; put it on a step, arm or dose level"
        remarks.warn("trial_match", said, Where(file=file, field="match"))
    treatment = document.get("treatment_list")
    if not isinstance(treatment, dict):
        place = Where(file=file, field="treatment_list")
        remarks.error("treatment_list", "should be a mapping with step", place, treatment)
        return None
    beyond = _beyond(treatment)
    if beyond:
        remarks.error("too_large", beyond, Where(file=file, field="treatment_list"))
        return None
    is_open = _is_open(document, file, remarks)
    clauses = tuple(_clauses(treatment, file, remarks))
    return Trial(str(protocol), is_open, clauses, document, file)


def _beyond(treatment: object) -> str:
    """What there is too much of to go through, if anything; what is inside itself has no end."""
    layer, count, depth = [treatment], 0, 0
    while layer:
        count, depth = count + len(layer), depth + 1
        if count > MOST:
            return f"holds more than {MOST:,} values; split the trial"
        if depth > 2 * DEEPEST:  # each level is a list in a mapping
            return f"is nested more than {DEEPEST} deep, or inside itself; write it flatter"
        several = (each for each in layer if isinstance(each, dict | list))
        inside = (each.values() if isinstance(each, dict) else each for each in several)
        layer = list(islice(chain.from_iterable(inside), MOST + 1))
    return ""


def _is_open(document: Mapping[str, Any], file: str, remarks: Remarks) -> bool:
    summary = document.get("_summary")
    statuses = summary.get("status") if isinstance(summary, dict) else None
    first = statuses[0] if isinstance(statuses, list) and statuses else None
    value = first.get("value") if isinstance(first, dict) else None
    found = isinstance(value, str) and value.lower() == OPEN
    if not found:
        said = f"is not {OPEN!r}, so the trial is closed"
        if document.get("status"):
            said += "; MatchEngine doesn't look at the plain status"
        remarks.warn("closed", said, Where(file=file, field="_summary.status[0].value"), value)
    return found


def _clauses(treatment: Mapping[str, Any], file: str, remarks: Remarks) -> Iterator[Clause]:
    for level, path, node in _levels(treatment, "treatment_list", "treatment_list"):
        if "match" not in node:
            continue
        where = Where(file=file, field=f"{path}.match")
        if level == "treatment_list":
            remarks.error("level", "belongs to a step, arm or dose_level", where)
            continue
        if level not in LEVELS:
            remarks.fault("level", f"{level!r} is no level; use {', '.join(LEVELS)}", where, level)
        items = node["match"]
        if not isinstance(items, list):
            remarks.error("match", "should be a list", where, items)
        elif items:
            prefix = LEVELS.get(level, level)
            identity = (str(node.get(f"{prefix}_internal_id", "")), str(node.get(f"{prefix}_code", "")))
            suspended = _is_suspended(level, node, where, remarks)
            rule = AllOf(_items(items, where, remarks))
            run = as_run(rule, DEEPEST)
            if run is not None:
                remarks.warn("way_past", WAY_PAST, where)
            yield Clause(level, *identity, f"{path}.match", suspended, rule, run, items)


def _levels(node: object, path: str, level: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every mapping of a treatment list that isn't inside a `match`, with the key that led to it."""
    if isinstance(node, dict):
        yield level, path, node
        for key, value in node.items():
            if key != "match":
                yield from _levels(value, f"{path}.{key}", str(key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _levels(value, f"{path}[{index}]", level)


def _is_suspended(level: str, node: Mapping[str, Any], where: Where, remarks: Remarks) -> bool:
    if level == "arm":
        return _is_yes(node, "arm_suspended", where, remarks)
    if level == "dose_level":
        return _is_yes(node, "level_suspended", where, remarks)
    if level != "step":
        return False
    arms = node.get("arm") or []
    if not isinstance(arms, list) or not all(isinstance(arm, dict) for arm in arms):
        remarks.error("arm", "belongs to a step whose arm should be a list of mappings", where, arms)
        return True
    if not arms:
        said = "belongs to a step without arms, which MatchEngine counts as suspended"
        remarks.warn("step_without_arms", said, where)
    answers = [_is_yes(arm, "arm_suspended", where, remarks) for arm in arms]  # each is checked
    return all(answers)


def _is_yes(node: Mapping[str, Any], key: str, where: Where, remarks: Remarks) -> bool:
    value = node.get(key)
    if value is None:
        return False
    if not isinstance(value, str):
        remarks.error("suspended", f"{key} should be the text Y or N (in quotes)", where, value)
        return False
    return value.lower().strip() == "y"


def _items(items: object, where: Where, remarks: Remarks) -> tuple[Rule[Criterion], ...]:
    if not isinstance(items, list):
        remarks.error("items", "should be a list", where, items)
        return ()
    if not items:
        remarks.fault("empty", "asks nothing", where)
    return tuple(
        _item(item, Where(file=where.file, field=f"{where.field}[{index}]"), remarks)
        for index, item in enumerate(items)
    )


def _item(item: object, where: Where, remarks: Remarks) -> Rule[Criterion]:
    """One item of a list: all of its keys must hold."""
    if not isinstance(item, dict) or not item:
        remarks.error("item", "should be a mapping with and, or, genomic or clinical", where, item)
        return AllOf(())
    parts: list[Rule[Criterion]] = []
    lists = 0
    for key, value in item.items():
        inner = Where(file=where.file, field=f"{where.field}.{key}")
        lists += str(key).startswith(("and", "or"))
        if str(key).startswith("and"):
            parts.append(AllOf(_items(value, inner, remarks)))
        elif str(key).startswith("or"):
            parts.append(AnyOf(_items(value, inner, remarks)))
        else:
            parts.append(read_leaf(str(key), value, inner, remarks))
    if len(parts) == 1:
        return parts[0]
    return Keys(tuple(parts)) if lists == len(parts) else AllOf(tuple(parts))
