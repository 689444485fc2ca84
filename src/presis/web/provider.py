"""The organisation's identity provider: to it, back from it, and out of it. Authlib does the protocol."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from presis.web.settings import Oidc

log = logging.getLogger(__name__)

#: What an ID token may be signed with: a provider's own key, never "none" or a secret that both sides hold.
ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
#: How long the provider's addresses and keys are believed; a new key is asked for at once in any case.
BELIEVED = timedelta(hours=1)


def unnamed(text: str) -> str:
    """A provider's words without addresses and long numbers, which may be a person's.

    >>> unnamed("access_denied: user kari@example.org (01815812345) isn't assigned, AADSTS50105")
    "access_denied: user … (…) isn't assigned, AADSTS50105"
    """
    return re.sub(r"[^\s()\"']*@[^\s()\"']*|\b\d{8,}\b", "…", text)


class NoLoginError(Exception):
    """Nobody came in: the words that say why, and the answer's status."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.words = words
        self.status = status


@dataclass(frozen=True, slots=True)
class Came:
    """Who came back: the person's id as the provider tells it, and the ID token, for the way out."""

    identifier: str
    id_token: str = field(repr=False)


@dataclass(slots=True)
class Provider:
    """One client for the application, made when it is first needed, and anew after a failure."""

    oidc: Oidc
    _client: Any = None
    _made: datetime | None = None

    async def ask(self, request: Request, back: str, now: datetime) -> Response:
        """To the provider, with state, nonce and PKCE.

        Raises:
            NoLoginError: if it can't be asked.

        """
        client = await self._ready(now)
        try:
            answer: Response = await client.authorize_redirect(request, back)
        except Exception as error:  # an address for logins that is none
            raise self._failed(error, away=True) from error
        return answer

    async def came(self, request: Request, now: datetime) -> Came:
        """Who comes back from the provider, by an ID token that holds in every part.

        Raises:
            NoLoginError: if nobody does.

        """
        from httpx import HTTPError

        exactly = {
            "iss": {"essential": True, "value": self.oidc.issuer},
            "aud": {"essential": True, "value": self.oidc.client_id},
        }
        client = await self._ready(now)
        try:
            token = await client.authorize_access_token(request, claims_options=exactly)
        except (HTTPError, ValueError) as error:
            raise self._failed(error, away=True) from error
        except Exception as error:  # whatever it sends, a login fails by it and nothing else
            raise self._failed(error, away=False) from error
        claims = token.get("userinfo")
        if claims is None:
            raise self._failed(LookupError("it sent no ID token"), away=False)
        return Came(str(claims.get(self.oidc.claim) or ""), str(token["id_token"]))

    async def way_out(self, back: str, id_token: str | None, now: datetime) -> str | None:
        """Where one leaves the provider too; None if it has no such address or doesn't answer."""
        try:
            client = await self._ready(now)
        except NoLoginError:
            return None
        if not client.server_metadata.get("end_session_endpoint"):
            return None
        way = await client.create_logout_url(back, id_token, client_id=self.oidc.client_id)
        return str(way["url"])

    async def _ready(self, now: datetime) -> Any:
        """The client, with the provider's addresses read."""
        if self._client is None or self._made is None or now - self._made >= BELIEVED:
            try:
                self._client, self._made = await self._new(), now
            except Exception as error:  # whatever it answers, it isn't there for a login
                raise self._failed(error, away=True) from error
        return self._client

    async def _new(self) -> Any:
        from authlib.integrations.starlette_client import OAuth

        registry = OAuth()
        registry.register(
            "provider",
            client_id=self.oidc.client_id,
            client_secret=self.oidc.client_secret,
            server_metadata_url=f"{self.oidc.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
        )
        client = registry.create_client("provider")
        told = await client.load_server_metadata()
        if told.get("issuer") != self.oidc.issuer:
            raise ValueError(f"its issuer is {told.get('issuer')!r}, not {self.oidc.issuer!r}")
        named = told.get("id_token_signing_alg_values_supported") or ()
        told["id_token_signing_alg_values_supported"] = [each for each in ALGORITHMS if each in named]
        return client

    def _failed(self, error: Exception, *, away: bool) -> NoLoginError:
        """What is said of a failure: little to the person, its cause to the server's log."""
        log.warning("no login by %s: %s: %r", self.oidc.issuer, type(error).__name__, unnamed(str(error)))
        self._client = None  # what it told may be what was wrong
        return (
            NoLoginError("web.login-away-text", 503) if away else NoLoginError("web.login-failed-text", 403)
        )
