"""The people and organisations of the programme, and who it is that acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from presis.errors import BadInput, Problem
from presis.governance.documents import Document
from presis.governance.roles import Role
from presis.record import Actor

VARIABLE = "PRESIS_AS"
_ID = r"^[a-z0-9][a-z0-9._-]*$"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Organisation(_Strict):
    """A hospital, laboratory or office that people act for."""

    id: str = Field(pattern=_ID)
    name: str
    short_name: str


class Post(_Strict):
    """A role that a person has at an organisation."""

    role: Role
    organisation: str


class Person(_Strict):
    """Somebody who acts, with at least one post; the first is the usual one."""

    id: str = Field(pattern=_ID)
    name: str
    posts: tuple[Post, ...]


class Directory(_Strict):
    """The people and organisations of a programme."""

    organisations: tuple[Organisation, ...]
    people: tuple[Person, ...]

    def organisation(self, identifier: str) -> Organisation | None:
        """The organisation with an id."""
        return next((each for each in self.organisations if each.id == identifier), None)

    def person(self, identifier: str) -> Person | None:
        """The person with an id."""
        return next((each for each in self.people if each.id == identifier), None)


def programme_file(*parts: str) -> Path:
    """A file of the worked programme that comes with Presis."""
    return Path(str(files("presis.programme"))).joinpath(*parts)


def load_directory(file: Path | None = None) -> Directory:
    """The people and organisations in a file, by default those of the worked programme.

    Raises:
        BadInput: with every fault of the file: shape, doubled ids, unknown organisations.

    """
    document = Document(file or programme_file("organisations.yaml"))
    directory = document.parse(Directory)
    if problems := [*_faults(document, directory)]:
        raise BadInput(*problems)
    return directory


def _faults(document: Document, directory: Directory) -> Iterator[Problem]:
    groups: dict[str, Any] = {"organisations": directory.organisations, "people": directory.people}
    for group, members in groups.items():
        ids = [member.id for member in members]
        for index, identifier in enumerate(ids):
            if identifier in ids[:index]:
                place = (group, index, "id")
                yield document.problem(
                    "id-doubled", place, "this id stands twice; change one.", found=identifier
                )
    known = {each.id for each in directory.organisations}
    for index, person in enumerate(directory.people):
        if not person.posts:
            place = ("people", index, "posts")
            yield document.problem("posts-missing", place, "a person has at least one post; add it.")
        for number, post in enumerate(person.posts):
            if post.role is Role.SYSTEM:
                yield document.problem(
                    "role-reserved",
                    ("people", index, "posts", number, "role"),
                    "only Presis itself acts as system; name another role.",
                    found=post.role.value,
                )
            if post.organisation not in known:
                yield document.problem(
                    "organisation-unknown",
                    ("people", index, "posts", number, "organisation"),
                    "there is no such organisation here; add it or name another.",
                    found=post.organisation,
                    accepted=", ".join(sorted(known)),
                )


def resolve_actor(given: str | None, environment: Mapping[str, str], directory: Directory) -> Actor:
    """Who acts: `--as ID`, else PRESIS_AS. `ID/ROLE` chooses among a person's posts, else the first is meant.

    Raises:
        BadInput: if nobody is named, or there is no such person or post.

    """
    named = given or environment.get(VARIABLE) or ""
    field = "--as" if given else VARIABLE
    if not named:
        raise BadInput.of(
            "actor-missing",
            "say who acts with --as ID, or set PRESIS_AS.",
            field="--as",
            accepted="a person's id",
        )
    identifier, slash, role = named.partition("/")
    person = directory.person(identifier)
    if person is None:
        raise BadInput.of(
            "actor-unknown",
            f"nobody in this programme has the id {identifier!r}; name one of its people.",
            field=field,
            found=identifier,
            accepted=", ".join(each.id for each in directory.people),
        )
    for post in person.posts:
        if not slash or role == post.role.value:
            return Actor(person.id, post.role.value, post.organisation)
    raise BadInput.of(
        "role-unknown",
        f"{person.id} has no post as {role!r}; choose one that the person has.",
        field=field,
        found=role,
        accepted=", ".join(post.role.value for post in person.posts),
    )
