"""What can't be used, in the reader's words: where it is, and what to do about it in the browser."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from presis.documents.language import Words
from presis.errors import BadInput, Problem

log = logging.getLogger(__name__)
#: What a requisition says and its files say otherwise; a person puts it right in its form.
_OF_THE_REQUISITION = "specimen.contradiction"


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem: its place, a sentence, and the address of the field that may be wrong, if it is ours."""

    place: str
    sentence: str
    href: str | None


def faults_of(error: BadInput, say: Words, form: str | None = None) -> tuple[Fault, ...]:
    """Every problem of an error; `form` is the address where the requisition is put right.

    What no page's user can mend, the installation, is told as such; the log has the rest.
    """
    return tuple(_fault(each, say, form) for each in error.problems)


def _fault(problem: Problem, say: Words, form: str | None) -> Fault:
    code = _sentence(problem, say)
    if code is None:
        log.error("%s: %s", problem.code, problem)
        return Fault("", say.say("problem.installation", {"code": problem.code}), None)
    field = problem.where.field
    values = {"field": field, "found": problem.found, "accepted": problem.accepted, **problem.values}
    href = None
    if problem.code == _OF_THE_REQUISITION and field:
        values = {name: say.term(field, str(value)) for name, value in values.items()}
        href = f"{form}#{field}" if form else None
    return Fault(_place(problem, say), say.say(code, values), href)


def _sentence(problem: Problem, say: Words) -> str | None:
    """The catalogue's code: that of the field where it has one, else the problem's own; None for neither."""
    code, field = f"problem.{problem.code}", (problem.where.field or "").partition(".")[0]
    return next((each for each in (f"{code}.{field}", code) if each in say.sentences), None)


def _place(problem: Problem, say: Words) -> str:
    """File, line and field; a field of no file is the form's own. An option of a command is no place."""
    where = problem.where
    parts = [where.file or ""]
    if where.line is not None:
        parts.append(say.say("problem-place.line", {"line": where.line}))
    if where.field and where.file:
        parts.append(say.say("problem-place.field", {"field": where.field}))
    elif where.field and not where.field.startswith("--"):
        parts.append(say.term("field", where.field))
    return ", ".join(part for part in parts if part)
