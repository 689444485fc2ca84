"""Trials from files: JSON (one object, a list, or an object a line) and YAML (one or more documents)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from presis.errors import BadInput, Where
from presis.matching.ctml.reading import Trial, read_trial
from presis.matching.ctml.remarks import Remarks

SUFFIXES = frozenset({".json", ".jsonl", ".yaml", ".yml"})


def read_trials(paths: Iterable[Path], remarks: Remarks) -> tuple[Trial, ...]:
    """Read every trial of files and folders, in order; what is wrong goes to the remarks.

    Raises:
        BadInput: if a file can't be read at all.

    """
    found: dict[str, Trial] = {}
    for path in _files(paths):
        for document in _documents(path, remarks):
            trial = _trial(document, path, remarks)
            if trial is None:
                continue
            if trial.protocol in found:
                said = f"{trial.protocol} is there twice; give each trial once"
                remarks.error("trial_twice", said, Where(file=str(path), field="protocol_no"))
            found[trial.protocol] = trial
    return tuple(found.values())


def _trial(document: object, path: Path, remarks: Remarks) -> Trial | None:
    try:
        return read_trial(document, str(path), remarks)
    except RecursionError:
        raise _too_deep(path) from None


def _too_deep(path: Path) -> BadInput:
    return BadInput.of("ctml.trial", "is nested too deep, or inside itself; write it flatter", file=str(path))


def read_text(path: Path) -> str:
    """A file's text; `BadInput` if there is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise BadInput.of("ctml.file", f"can't be read: {reason}", file=str(path)) from None


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(each for each in path.iterdir() if each.suffix.lower() in SUFFIXES)
        if not inside:
            raise BadInput.of("ctml.file", "holds no trial: no .json, .yaml or .yml", file=str(path))
        yield from inside


def _documents(path: Path, remarks: Remarks) -> list[object]:
    text = read_text(path)
    if path.suffix.lower() in {".json", ".jsonl"}:
        return _json_documents(text, path, remarks)
    try:
        read = [each for each in _yaml_documents(text, path, remarks) if each is not None]
    except RecursionError:
        raise _too_deep(path) from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise BadInput.of("ctml.file", "is no YAML that can be read", file=str(path), line=line) from None
    if not read:
        raise BadInput.of("ctml.file", "holds no trial", file=str(path))
    return read


def _yaml_documents(text: str, path: Path, remarks: Remarks) -> Iterator[object]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            for key, line in _repeated(node):
                _key_twice(key, Where(file=str(path), line=line), remarks)
            yield loader.construct_document(node)
    finally:
        loader.dispose()


def _repeated(document: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """Keys that stand again in a mapping, with their lines."""
    seen: set[int] = set()
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if id(node) in seen or not isinstance(node, yaml.CollectionNode):
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            first: dict[tuple[str, str], int] = {}
            for place, key in enumerate(keys):
                if first.setdefault((key.tag, key.value), place) != place:
                    yield key.value, key.start_mark.line + 1
            waiting += [value for _, value in node.value]
        else:
            waiting += node.value


def _json_documents(text: str, path: Path, remarks: Remarks) -> list[object]:
    def mapping(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) < len(pairs):
            twice = next(key for place, (key, _) in enumerate(pairs) if key in dict(pairs[:place]))
            _key_twice(twice, Where(file=str(path)), remarks)
        return made

    try:
        whole = json.loads(text, object_pairs_hook=mapping)
    except RecursionError:
        raise _too_deep(path) from None
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            if len(lines) > 1:
                return [json.loads(line, object_pairs_hook=mapping) for line in lines]
        except (ValueError, RecursionError):
            pass
        line = getattr(error, "lineno", None)
        raise BadInput.of("ctml.file", "is no JSON that can be read", file=str(path), line=line) from None
    if whole == []:
        raise BadInput.of("ctml.file", "holds no trial", file=str(path))
    return whole if isinstance(whole, list) else [whole]


def _key_twice(key: str, where: Where, remarks: Remarks) -> None:
    said = f"{key} stands twice in one mapping, and only the later one counts; make it two items of a list"
    remarks.fault("key_twice", said, where, key)
