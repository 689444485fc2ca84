"""Where the record is: `--record`, else `PRESIS_RECORD`, else `./presis.db`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from presis.errors import BadInput

DEFAULT = "presis.db"
VARIABLE = "PRESIS_RECORD"


def record_url(given: str | None, environment: Mapping[str, str]) -> str:
    """The record's database URL. A path stands for an SQLite file.

    Raises:
        BadInput: if the URL names a database other than SQLite and PostgreSQL.

    """
    text = given or environment.get(VARIABLE) or DEFAULT
    scheme, separator, rest = text.partition("://")
    if not separator:
        return f"sqlite:///{Path(text).expanduser()}"
    if scheme == "sqlite" and rest.startswith("/") and rest not in {"/", "/:memory:"}:
        return text
    if scheme in {"postgresql", "postgres", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    raise BadInput.of(
        "record-url",
        f"the record can't be at {scheme}://…; name a file, sqlite:///FILE or postgresql://HOST/DATABASE.",
        field="--record" if given else VARIABLE,
        found=scheme,
        accepted="a file, sqlite:///FILE, postgresql://HOST/DATABASE",
    )


def shown(url: str) -> str:
    """The place in a form fit for a message: a file's path, or the URL without its password."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return rest.removeprefix("/")
    authority, slash, tail = rest.partition("/")
    user, at, host = authority.rpartition("@")
    tail = re.sub(r"([?&]password)=[^&]*", r"\1=…", tail)
    return f"postgresql://{user.partition(':')[0]}{at}{host}{slash}{tail}"
