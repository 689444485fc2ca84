"""What the web application is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Oidc:
    """The identity provider, named by its issuer exactly as it names itself.

    `claim` is the claim of the ID token that holds a person's id here.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "sub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the application is served.

    `demo`: sample users without a password, said on every page. `oidc` is None there. `public` is the
    address in people's browsers (`https://presis.example.org`); empty, it is what each request says.
    `secure` asks for cookies over TLS alone. Sizes are in bytes.
    """

    demo: bool = False
    oidc: Oidc | None = None
    public: str = ""
    secure: bool = True
    idle_minutes: int = 20
    longest_hours: int = 12
    largest_file: int = 64 * MEGABYTE
    largest_upload: int = 192 * MEGABYTE
    most_files: int = 60
