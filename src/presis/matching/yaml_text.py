"""YAML read with the line of everything in it; what could only be an attack or a mishap is refused.

Bounded in size and depth before anything is built; no anchors, no tags, no key twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from presis.errors import BadInput, Problem, Where

#: bytes; the longest file of the programme is some 50 kB
MOST_BYTES = 1_000_000
#: levels of lists and mappings in each other
MOST_LEVELS = 40
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class YamlText:
    """A document, and the line of each thing in it by its path: `rule.all[0].age.at_least`."""

    name: str
    value: Any
    lines: Mapping[str, int] = field(default_factory=dict)

    def line(self, path: str) -> int | None:
        """The line of a path, or of the nearest thing around it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get("")

    def where(self, path: str) -> Where:
        """A path as the place of a fault."""
        return Where(file=self.name, line=self.line(path), field=path or None)

    def problem(self, code: str, path: str, message: str, found: object = None) -> Problem:
        """A fault at a path."""
        return Problem(code, message, self.where(path), found=None if found is None else str(found)[:80])


def said_of(error: Mapping[str, Any]) -> str:
    """A fault that a form found, in a person's words."""
    key = error["loc"][-1] if error["loc"] else ""
    match error["type"]:
        case "extra_forbidden":
            return f"{key} is no key here"
        case "missing":
            return f"{key} is missing"
        case "model_type" | "dict_type" | "model_attributes_type":
            return "should be keys and values, as {key: value}"
        case "tuple_type" | "list_type":
            return "should be a list, as [one, another]"
        case "too_short":
            return "should hold at least one"
        case _:
            message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ")
            return f"{message[0].lower()}{message[1:]}"


def read_yaml(path: Path) -> YamlText:
    """Read a YAML file.

    Raises:
        BadInput: if it can't be read, is too large or too deep, or isn't plain YAML.

    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _bad(path.name, f"is {size / 1e6:.1f} MB; such a file is at most {MOST_BYTES / 1e6:g} MB")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise _bad(str(path), f"can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _bad(path.name, "isn't text in UTF-8; save it as UTF-8") from None
    return parse_yaml(text, path.name)


def parse_yaml(text: str, name: str) -> YamlText:
    """Parse YAML text; `name` is what faults call it. Raises `BadInput`."""
    if len(text) > MOST_BYTES:
        raise _bad(name, f"is {len(text) / 1e6:.1f} MB; such a file is at most {MOST_BYTES / 1e6:g} MB")
    try:
        _look(text, name)
        node = yaml.compose(text, Loader=_LOADER)
        lines: dict[str, int] = {}
        problems: list[Problem] = []
        value = None if node is None else _built(node, "", lines, problems, name)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        raise _bad(name, "isn't readable as YAML; check indents, colons and quotes", line) from None
    if problems:
        raise BadInput(*problems)
    return YamlText(name, value, lines)


def _bad(name: str, message: str, line: int | None = None) -> BadInput:
    return BadInput.of("yaml", message, file=name, line=line)


def _look(text: str, name: str) -> None:
    """Depth, anchors and tags, by the stream of events: nothing is built of what is refused."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MOST_LEVELS:
                raise _bad(name, f"nests deeper than {MOST_LEVELS} levels; write it flatter", line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _bad(name, "uses an anchor (& or *); write it out, or use a named rule", line)
        if (tag := getattr(event, "tag", None)) not in (None, "!"):
            raise _bad(name, f"uses the tag {tag}; write plain values", line)


def _built(node: yaml.Node, path: str, lines: dict[str, int], problems: list[Problem], name: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        made: dict[Any, Any] = {}
        for key, inner, value in _pairs(node, path):
            if key in made:
                place = Where(file=name, line=inner[1], field=inner[0])
                problems.append(Problem("yaml", f"the key {key} stands twice; keep one of them", place))
            made[key] = _built(value, inner[0], lines, problems, name)
            lines[inner[0]] = inner[1]
        return made
    if isinstance(node, yaml.SequenceNode):
        return [_built(each, f"{path}[{i}]", lines, problems, name) for i, each in enumerate(node.value)]
    return _scalar(node)


def _pairs(node: yaml.MappingNode, path: str) -> Iterator[tuple[Any, tuple[str, int], yaml.Node]]:
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
        yield key, (f"{path}.{key}" if path else key, key_node.start_mark.line + 1), value_node


def _scalar(node: yaml.Node) -> Any:
    """A word, number, day or truth value, as YAML reads it; a month such as 2026-03 stays a word."""
    constructor = yaml.SafeLoader("")
    try:
        return constructor.construct_object(node)
    except ValueError:  # 2026-02-30 looks like a day and is none: whoever asks for a day says so
        return str(node.value)
