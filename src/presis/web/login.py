"""How people come in: by the organisation's identity provider (OIDC), or as a sample user of the demo."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from presis.governance.actors import Directory, Person
from presis.record import Actor
from presis.web.page import Frame, House, MessagePage, frame, home_of, render, words_of
from presis.web.security import is_own
from presis.web.sessions import COOKIE, Sessions
from presis.web.settings import Oidc

_DEMO_TOKEN = "presis_demo"  # noqa: S105 - the name of a cookie


@dataclass(frozen=True, slots=True)
class SampleUser:
    """A sample user: the id with the role, and words for both."""

    value: str
    name: str
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class LoginPage:
    """Where one comes in: sample users in the demo, else one way to the identity provider."""

    template: ClassVar[str] = "login.html"
    frame: Frame
    users: tuple[SampleUser, ...]
    token: str
    to: str


@dataclass(frozen=True, slots=True)
class PostsPage:
    """A person with several posts chooses the one to act in."""

    template: ClassVar[str] = "posts.html"
    frame: Frame
    users: tuple[SampleUser, ...]


@dataclass(slots=True)
class Doors:
    """The ways in and out."""

    house: House
    sessions: Sessions

    def routes(self) -> list[Route]:
        """The addresses of the doors."""
        ways = [
            Route("/login", self.show),
            Route("/logout", self.leave, methods=["POST"]),
            Route("/account", self.account),
            Route("/account/post", self.choose, methods=["POST"]),
        ]
        if self.house.settings.demo:
            return [*ways, Route("/login/demo", self.enter_demo, methods=["POST"])]
        return [
            *ways,
            Route("/login/provider", self.ask_provider),
            Route("/login/callback", self.from_provider),
        ]

    def middleware(self) -> list[Middleware]:
        """A short-lived signed cookie that carries the provider's state there and back."""
        if self.house.settings.demo:
            return []
        return [
            Middleware(
                SessionMiddleware,
                secret_key=secrets.token_hex(32),
                session_cookie="presis_login",
                max_age=600,
                same_site="lax",
                https_only=self.house.settings.secure,
            )
        ]

    async def show(self, request: Request) -> Response:
        """The page where one comes in."""
        say = words_of(request)
        users: tuple[SampleUser, ...] = ()
        token = secrets.token_urlsafe(24)
        if self.house.settings.demo:
            users = tuple(
                user for person in self.house.directory.people for user in self._users(person, say.say)
            )
        model = LoginPage(
            frame(self.house, request, say, say.say("web.login"), "", None),
            users,
            token,
            _path(request.query_params.get("to")),
        )
        answer = HTMLResponse(render(model, say))
        answer.set_cookie(_DEMO_TOKEN, token, httponly=True, samesite="strict")
        return answer

    def _users(self, person: Person, say: Any) -> list[SampleUser]:
        out = []
        for post in person.posts:
            organisation = self.house.directory.organisation(post.organisation)
            name = organisation.short_name if organisation else post.organisation
            value = f"{person.id}/{post.role.value}"
            out.append(SampleUser(value, person.name, say(f"role.{post.role.value}"), name))
        return out

    async def enter_demo(self, request: Request) -> Response:
        """As a sample user; only the demo has this door."""
        async with request.form(max_files=0, max_fields=5) as form:
            if not is_own(request, form.get("token"), request.cookies.get(_DEMO_TOKEN, "-")):
                return RedirectResponse("/login", 303)
            actor = _actor(self.house.directory, str(form.get("user")))
            to = _path(str(form.get("to") or "/"))
        return RedirectResponse("/login", 303) if actor is None else self._enter(actor, to)

    async def ask_provider(self, request: Request) -> Response:
        """To the identity provider, with state, nonce and PKCE."""
        request.session["to"] = _path(request.query_params.get("to"))
        answer: Response = await self._client().authorize_redirect(
            request, str(request.url_for("from_provider"))
        )
        return answer

    async def from_provider(self, request: Request) -> Response:
        """Back from the identity provider: a person of the programme comes in, nobody else."""
        from authlib.common.errors import AuthlibBaseError
        from httpx import HTTPError

        oidc = self.house.settings.oidc
        try:
            token = await self._client().authorize_access_token(request)
        except (AuthlibBaseError, HTTPError, ValueError):
            return self._no(request, "web.login-failed-text")
        claims = token.get("userinfo") or {}
        identifier = str(claims.get(oidc.claim if oidc else "sub") or "")
        person = self.house.directory.person(identifier)
        if person is None:
            return self._no(request, "web.login-unknown-text")
        to = _path(request.session.pop("to", "/"))
        post = person.posts[0]
        several = len(person.posts) > 1
        actor = Actor(person.id, post.role.value, post.organisation)
        return self._enter(actor, "/account" if several else to)

    def _client(self) -> Any:
        from authlib.integrations.starlette_client import OAuth

        oidc: Oidc | None = self.house.settings.oidc
        if oidc is None:
            raise LookupError("no identity provider is configured")
        registry = OAuth()
        registry.register(
            "provider",
            client_id=oidc.client_id,
            client_secret=oidc.client_secret,
            server_metadata_url=f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
        )
        return registry.create_client("provider")

    def _no(self, request: Request, sentence: str) -> Response:
        say = words_of(request)
        model = MessagePage(
            frame(self.house, request, say, say.say("web.login-failed"), "", None),
            say.say("web.login-failed"),
            say.say(sentence),
            None,
            "/login",
            say.say("web.login-again"),
        )
        return HTMLResponse(render(model, say), 403)

    def _enter(self, actor: Actor, to: str) -> Response:
        token = self.sessions.begin(actor, self.house.application.clock())
        answer = RedirectResponse(home_of(self.house, actor) if to == "/" else to, 303)
        answer.set_cookie(
            COOKIE, token, httponly=True, samesite="lax", secure=self.house.settings.secure, path="/"
        )
        answer.delete_cookie(_DEMO_TOKEN)
        return answer

    async def account(self, request: Request) -> Response:
        """Who one is here, and in which post one acts."""
        session = await run_in_threadpool(
            self.sessions.find, request.cookies.get(COOKIE), self.house.application.clock()
        )
        if session is None:
            return RedirectResponse("/login", 303)
        say = words_of(request)
        person = self.house.directory.person(session.actor.person)
        users = tuple(self._users(person, say.say)) if person else ()
        surround = frame(self.house, request, say, say.say("web.account"), "", session)
        return HTMLResponse(render(PostsPage(surround, users), say))

    async def choose(self, request: Request) -> Response:
        """Act in another of one's own posts: a new login, with a new token."""
        token = request.cookies.get(COOKIE)
        session = await run_in_threadpool(self.sessions.find, token, self.house.application.clock())
        async with request.form(max_files=0, max_fields=5) as form:
            if session is None or not is_own(request, form.get("csrf"), session.csrf):
                return RedirectResponse("/login", 303)
            actor = _actor(self.house.directory, str(form.get("user")))
        if actor is None or actor.person != session.actor.person:
            return RedirectResponse("/account", 303)
        self.sessions.end(token)
        return self._enter(actor, "/")

    async def leave(self, request: Request) -> Response:
        """Log out."""
        token = request.cookies.get(COOKIE)
        session = await run_in_threadpool(self.sessions.find, token, self.house.application.clock())
        async with request.form(max_files=0, max_fields=5) as form:
            if session is not None and is_own(request, form.get("csrf"), session.csrf):
                self.sessions.end(token)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE)
        return answer


def _actor(directory: Directory, value: str) -> Actor | None:
    identifier, _, role = value.partition("/")
    person = directory.person(identifier)
    for post in person.posts if person else ():
        if post.role.value == role:
            return Actor(identifier, role, post.organisation)
    return None


def _path(to: str | None) -> str:
    """An address of ours; anything else becomes the first page."""
    return to if to and to.startswith("/") and not to.startswith(("//", "/\\")) else "/"
