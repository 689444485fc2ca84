"""From YAML to a rule of eligibility: named rules put in, parts replaced, every fault with its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, partial
from typing import Any

from presis.errors import BadInput, Problem
from presis.matching.criteria import Asked
from presis.matching.known import Known
from presis.matching.leaf_forms import parse_leaf
from presis.matching.yaml_text import YamlText, read_yaml
from presis.methods.rule_sharing import shared
from presis.methods.rules import Rule, parse
from presis.programme.files import ROOT

Document = Any
NAMED = "rules/eligibility.yaml"


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule that others use by name, with its source; `illustrative`: its details are made up."""

    name: str
    rule: Document
    source: str
    illustrative: bool


@dataclass(frozen=True)
class NamedRules:
    """The named rules at hand."""

    rules: Mapping[str, NamedRule] = field(default_factory=dict)

    def get(self, name: str) -> NamedRule:
        """A rule by name; raises `ValueError` with the nearest."""
        if name in self.rules:
            return self.rules[name]
        near = get_close_matches(str(name), self.rules, n=1)
        advice = f"did you mean {near[0]}?" if near else f"use one of {', '.join(self.rules)}"
        raise ValueError(f"no rule is named {name!r}; {advice}")


def read_rule(
    text: YamlText,
    path: str,
    known: Known,
    named: NamedRules,
    replaces: Mapping[str, Document] | None = None,
) -> Rule[Asked]:
    """The rule at `path` of a document that was read.

    `replaces` gives a rule in the place of a named one, wherever it is used.

    Raises:
        BadInput: with every fault at once, each with file and line.

    """
    document = _at(text.value, path)
    problems: list[Problem] = []
    whole = _expanded(document, path, _Use(text, named, replaces or {}, problems), ())
    try:
        rule = parse(whole, partial(_leaf, known=known), file=text.name, path=path)
    except BadInput as error:
        problems += [_placed(each, text) for each in error.problems]
        raise BadInput(*problems) from None
    if problems:
        raise BadInput(*problems)
    return shared(rule, known.rules)


def _leaf(name: str, value: object, *, known: Known) -> Asked:
    return parse_leaf(name, value, known)


def _placed(problem: Problem, text: YamlText) -> Problem:
    """A fault of the tree with its line."""
    path = (problem.where.field or "").removeprefix("rule.") or ""
    return Problem(problem.code, problem.message, text.where(path), problem.found, problem.accepted)


def _at(value: Document, path: str) -> Document:
    for part in path.replace("[", ".[").split("."):
        if part.startswith("["):
            value = value[int(part[1:-1])]
        elif part:
            value = value[part]
    return value


#: stands for a named rule that isn't there, so that the rest is read and all its faults are told
_NOTHING = {"state": {"what": "alive"}}


@dataclass(frozen=True, slots=True)
class _Use:
    text: YamlText
    named: NamedRules
    replaces: Mapping[str, Document]
    problems: list[Problem]


def _expanded(node: Document, path: str, use: _Use, inside: tuple[str, ...]) -> Document:
    """The document with each `uses: NAME` written out."""
    if isinstance(node, Mapping):
        if set(node) == {"uses"}:
            return _used(node["uses"], path, use, inside)
        return {key: _expanded(each, f"{path}.{key}", use, inside) for key, each in node.items()}
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [_expanded(each, f"{path}[{index}]", use, inside) for index, each in enumerate(node)]
    return node


def _used(name: Document, path: str, use: _Use, inside: tuple[str, ...]) -> Document:
    if not isinstance(name, str):
        use.problems.append(use.text.problem("rule.uses", path, "uses takes the name of one rule", name))
        return _NOTHING
    if name in inside:
        chain = " → ".join((*inside, str(name)))
        use.problems.append(use.text.problem("rule.uses", path, f"the named rules use each other: {chain}"))
        return _NOTHING
    if name in use.replaces:
        return _expanded(use.replaces[name], path, use, (*inside, str(name)))
    try:
        found = use.named.get(name)
    except ValueError as error:
        use.problems.append(use.text.problem("rule.uses", path, str(error), name))
        return _NOTHING
    return _expanded(found.rule, path, use, (*inside, found.name))


def read_named(text: YamlText, known: Known, base: NamedRules | None = None) -> NamedRules:
    """The named rules of a file beside those at hand (`base`), each of them checked.

    Raises:
        BadInput: with every fault at once.

    """
    problems: list[Problem] = []
    rows = text.value.get("rules") if isinstance(text.value, dict) else None
    if not isinstance(rows, list):
        raise BadInput(
            text.problem("rule.named", "rules", "should hold rules: a list of name, rule and source")
        )
    found: dict[str, NamedRule] = dict(base.rules) if base else {}
    for index, row in enumerate(rows):
        fault = _row_fault(row, found)
        if fault:
            problems.append(text.problem("rule.named", f"rules[{index}]", fault))
            continue
        found[row["name"]] = NamedRule(
            row["name"], row["rule"], row["source"], bool(row.get("illustrative", False))
        )
    named = NamedRules(found)
    for index, row in enumerate(rows):
        try:
            if isinstance(row, dict) and row.get("name") in found:
                read_rule(text, f"rules[{index}].rule", known, named)
        except BadInput as error:
            problems += error.problems
    if problems:
        raise BadInput(*problems)
    return named


def _row_fault(row: Document, found: Mapping[str, NamedRule]) -> str | None:
    if not isinstance(row, dict) or not {"name", "rule", "source"} <= set(row):
        return "should have name, rule and source"
    unknown = set(row) - {"name", "rule", "source", "illustrative"}
    if unknown:
        return (
            f"{', '.join(sorted(unknown))} is no key of a named rule; take name, rule, source, illustrative"
        )
    return f"the name {row['name']} stands twice" if row["name"] in found else None


@cache
def shipped_named(known: Known) -> NamedRules:
    """The named rules of the programme."""
    return read_named(read_yaml(ROOT / NAMED), known)
