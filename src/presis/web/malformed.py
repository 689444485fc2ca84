"""What no form of ours sends: told before anything is done, so that it is never an error of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from starlette.convertors import IntegerConvertor, register_url_convertor

from presis.application import Application

_NUMBER = re.compile(r"[QR]-[0-9]{4}-[0-9]{4,9}")


class SmallConvertor(IntegerConvertor):
    """A whole number of an address, of no more digits than any has."""

    regex = "[0-9]{1,9}"


register_url_convertor("small", SmallConvertor())


def names_nothing(params: Mapping[str, Any]) -> bool:
    """Whether an address has a number that no requisition and no report can have."""
    return "number" in params and not _NUMBER.fullmatch(str(params["number"]))


def is_malformed(form: Mapping[str, Any]) -> bool:
    """Whether a form's version or command isn't one, or a text of it holds what no record can keep."""
    texts = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    seen, command = texts.get("seen", ""), texts.get("command", "")
    return (
        any("\0" in value for value in texts.values())
        or not re.fullmatch("[0-9]{0,9}", seen)
        or bool(command and not _is_uuid(command))
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def is_of_a_command(error: ValidationError, application: Application) -> bool:
    """Whether what can't be used stood in a command that a person gave, and not in what is kept here."""
    commands = (each.command for room in application.rooms for each in room.commands)
    return error.title in {each.__name__ for each in commands}
