"""A YAML file of the programme: read, checked against its model, every error at once with its line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from presis.errors import BadInput, Problem, Where

M = TypeVar("M", bound=BaseModel)

Place = tuple[str | int, ...]


class Document:
    """A parsed YAML file that knows the line of each of its parts.

    Raises:
        BadInput: if the file is absent or isn't YAML.

    """

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            text = file.read_text(encoding="utf-8")
            self.content = yaml.safe_load(text)
            self._node = yaml.compose(text, Loader=yaml.SafeLoader)
        except FileNotFoundError as error:
            raise BadInput.of(
                "file-absent", "there is no such file; name another or write it.", file=str(file)
            ) from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            what = getattr(error, "problem", None) or "it isn't UTF-8 text"
            line = None if mark is None else mark.line + 1
            raise BadInput.of(
                "yaml-malformed", f"this isn't YAML: {what}; correct it.", file=str(file), line=line
            ) from error

    def line(self, place: Place) -> int | None:
        """The 1-based line of a part, or of the nearest part around it that exists."""
        node, mark = self._node, None if self._node is None else self._node.start_mark
        for step in place:
            found = _child(node, step)
            if found is None:
                break
            node, mark = found
        return None if mark is None else mark.line + 1

    def problem(
        self, code: str, place: Place, message: str, *, found: str | None = None, accepted: str | None = None
    ) -> Problem:
        """A problem at a part of the file."""
        field = ".".join(str(step) for step in place) or None
        return Problem(code, message, Where(str(self.file), self.line(place), None, field), found, accepted)

    def parse(self, model: type[M]) -> M:
        """The file as its model.

        Raises:
            BadInput: with every problem, each with line and path.

        """
        try:
            return model.model_validate(self.content, strict=False)
        except ValidationError as error:
            raise BadInput(*self._problems(error.errors())) from error

    def _problems(self, errors: Sequence[Any]) -> list[Problem]:
        return [
            self.problem(
                "yaml-invalid",
                tuple(error["loc"]),
                f"{error['msg']}; correct it.",
                found=None if error["type"] == "missing" else repr(error["input"]),
                accepted=error.get("ctx", {}).get("expected"),
            )
            for error in errors
        ]


def _child(node: Any, step: str | int) -> tuple[Any, Any] | None:
    """The part of a node under a key or index, and where it begins: at its key, if it has one."""
    if isinstance(node, yaml.MappingNode):
        return next(((value, key.start_mark) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark
    return None
