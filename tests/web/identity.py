"""An identity provider for tests: OpenID Connect's code flow as a strict provider holds it, on this machine.

It asks for no password: whoever stands in `who` is the one who logs in. What a test spoils stands in its
fields; `fresh` sets them back.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

CLIENT, SECRET = "presis-tests", "a secret/with: signs+"
ANY_ALGORITHM = ["RS256", "HS256", "none"]


@cache
def key(name: str) -> RSAKey:
    """A key of that name, made once: making one takes a while."""
    return RSAKey.generate_key(2048, parameters={"kid": name, "use": "sig", "alg": "RS256"})


class Identity:
    """The provider; `app` is what serves it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/keys", self.keys),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/end", self.end),
            ]
        )
        self.fresh()

    def fresh(self) -> None:
        self.who = "kari.lab"
        self.published, self.signer = [key("first")], key("first")
        self.algorithm = "RS256"
        self.claims: Callable[[dict[str, Any]], object] = lambda _claims: None
        self.metadata: dict[str, Any] = {}
        self.instead: dict[str, Callable[[], Response]] = {}  # a whole answer, by the path it is of
        self.refusal = ""
        self.asked: list[str] = []
        self.backs = [f"{self.issuer}/nowhere"]
        self.homes: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.ended: list[str] = []

    def _instead(self, request: Request) -> Response | None:
        self.asked.append(request.url.path)
        found = self.instead.get(request.url.path)
        return found() if found else None

    async def discovery(self, request: Request) -> Response:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ANY_ALGORITHM,
            "code_challenge_methods_supported": ["S256"],
        }
        told = {name: value for name, value in (told | self.metadata).items() if value is not None}
        return self._instead(request) or JSONResponse(told)

    async def keys(self, request: Request) -> Response:
        public = [each.as_dict(private=False) for each in self.published]
        return self._instead(request) or JSONResponse({"keys": public})

    async def authorize(self, request: Request) -> Response:
        told = dict(request.query_params)
        good = (
            told.get("client_id") == CLIENT
            and told.get("redirect_uri") in self.backs
            and told.get("response_type") == "code"
            and "openid" in told.get("scope", "").split()
            and told.get("code_challenge_method") == "S256"
            and all(told.get(name) for name in ("code_challenge", "state", "nonce"))
        )
        if not good:
            return PlainTextResponse(f"what was asked for can't be answered: {told}", 400)
        if self.refusal:
            answer = {"error": self.refusal, "error_description": "<b>no</b>", "state": told["state"]}
        else:
            answer = {"code": secrets.token_urlsafe(16), "state": told["state"]}
            self.codes[answer["code"]] = told
        return RedirectResponse(f"{told['redirect_uri']}?{urlencode(answer)}", 302)

    async def token(self, request: Request) -> Response:
        if answer := self._instead(request):
            return answer
        given = request.headers.get("authorization", "")
        if given != "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode():
            return JSONResponse({"error": "invalid_client"}, 401)
        async with request.form() as form:
            asked = self.codes.pop(str(form.get("code")), None)
            if (
                asked is None
                or form.get("grant_type") != "authorization_code"
                or form.get("redirect_uri") != asked["redirect_uri"]
                or challenge(str(form.get("code_verifier"))) != asked["code_challenge"]
            ):
                return JSONResponse({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(16)
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 60}
        return JSONResponse(answer | {"id_token": self.id_token(asked["nonce"])})

    def id_token(self, nonce: str) -> str:
        now = int(time.time())  # noqa: TID251 - a provider's clock is the real one
        claims: dict[str, Any] = {
            "iss": self.issuer, "sub": self.who, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce,
        }  # fmt: skip
        self.claims(claims)
        if self.algorithm == "none":
            return ".".join((_part(b'{"alg":"none"}'), _part(jwt_json(claims)), ""))
        signer = self.signer if self.algorithm == "RS256" else OctKey.import_key(SECRET)
        header = {"alg": self.algorithm, "kid": self.signer.kid}
        return jwt.encode(header, claims, signer, algorithms=[self.algorithm])

    async def end(self, request: Request) -> Response:
        told = dict(request.query_params)
        if told.get("client_id") != CLIENT or told.get("post_logout_redirect_uri") not in self.homes:
            return PlainTextResponse("whoever that is", 400)
        if "id_token_hint" not in told:
            return PlainTextResponse("Do you want to log out?")
        hint = jwt.decode(told["id_token_hint"], self.signer, algorithms=["RS256"])
        self.ended.append(hint.claims["sub"])
        return RedirectResponse(f"{told['post_logout_redirect_uri']}?state={told.get('state', '')}", 302)


def challenge(verifier: str) -> str:
    return _part(hashlib.sha256(verifier.encode()).digest())


def jwt_json(claims: dict[str, Any]) -> bytes:
    import json

    return json.dumps(claims).encode()


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Stage:
    """What one server serves, one application after the other."""

    app: ASGIApp
    address: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@contextmanager
def served() -> Iterator[Stage]:
    """A server of its own on a free port of this machine."""
    stage = Stage()
    # named as TCP, else asyncio leaves each answer waiting for the next packet
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as found:
        found.bind(("127.0.0.1", 0))
        stage.address = f"http://127.0.0.1:{found.getsockname()[1]}"
        config = uvicorn.Config(stage, log_config=None, lifespan="off", proxy_headers=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [found]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield stage
        server.should_exit = True
        thread.join(5)
