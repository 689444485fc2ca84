"""How people come in: by the organisation's identity provider (OIDC), or as a sample user of the demo."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, ClassVar
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from presis.governance.actors import Directory, Person
from presis.record import Actor
from presis.web.page import Frame, House, MessagePage, frame, home_of, render, words_of
from presis.web.provider import NoLoginError, Provider
from presis.web.security import is_from_here, is_own
from presis.web.sessions import COOKIE, Session, Sessions

log = logging.getLogger(__name__)

_DEMO_TOKEN = "presis_demo"  # noqa: S105 - the name of a cookie
#: A longer address doesn't fit into the cookie that carries it to the provider and back.
_LONGEST = 1000


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
    to: str


@dataclass(slots=True)
class Doors:
    """The ways in and out."""

    house: House
    sessions: Sessions
    provider: Provider | None

    def routes(self) -> list[Route]:
        """The addresses of the doors."""
        ways = [
            Route("/login", self.show, name="login"),
            Route("/logout", self.leave, methods=["POST"]),
            Route("/account", self.account),
            Route("/account/post", self.choose, methods=["POST"]),
        ]
        if self.house.settings.demo:
            ways.append(Route("/login/demo", self.enter_demo, methods=["POST"]))
        if self.provider is not None:
            ways.append(Route("/login/provider", partial(self.ask, self.provider), methods=["GET"]))
            ways.append(
                Route("/login/callback", partial(self.back, self.provider), methods=["GET"], name="callback")
            )
        return ways

    def middleware(self) -> list[Middleware]:
        """A short-lived signed cookie that carries the provider's state there and back.

        Its key is this process's own, as the sessions are: there is one process.
        """
        if self.provider is None:
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
        if self.house.settings.demo:
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
        if actor is None:
            return RedirectResponse("/login", 303)
        answer = self._enter(request, actor, to)
        answer.delete_cookie(_DEMO_TOKEN)
        return answer

    async def ask(self, provider: Provider, request: Request) -> Response:
        """To the identity provider; the address that one wanted waits in the cookie."""
        to = request.session["to"] = _path(request.query_params.get("to"))
        try:
            return await provider.ask(request, str(request.url_for("callback")), self._now())
        except NoLoginError as no:
            return self._no(request, no, to)

    async def back(self, provider: Provider, request: Request) -> Response:
        """Back from the identity provider: a person of the programme comes in, nobody else."""
        to = _path(request.session.get("to"))
        try:
            came = await provider.came(request, self._now())
        except NoLoginError as no:
            return self._no(request, no, to)
        person = self.house.directory.person(came.identifier)
        if person is None:
            return self._unknown(request, came.identifier, to)
        request.session.clear()
        post = person.posts[0]
        actor = Actor(person.id, post.role.value, post.organisation)
        several = len(person.posts) > 1
        return self._enter(request, actor, f"/account?to={quote(to)}" if several else to, came.id_token)

    def _unknown(self, request: Request, identifier: str, to: str) -> Response:
        """Nobody of the programme: page and log share a code by which to find it, and no id of the person."""
        code = self.house.application.keys().index("login", identifier)[:12]
        log.warning("no login: nobody in the programme has the id behind the code %s", code)
        detail = words_of(request).say("web.login-unknown-code", {"code": code})
        no = NoLoginError("web.login-unknown-text", 403)
        return self._message(
            request, "web.login-failed", no.words, f"/login?to={quote(to)}", no.status, detail
        )

    def _no(self, request: Request, no: NoLoginError, to: str) -> Response:
        return self._message(request, "web.login-failed", no.words, f"/login?to={quote(to)}", no.status)

    def _message(
        self, request: Request, heading: str, sentence: str, href: str, status: int, detail: str | None = None
    ) -> Response:
        say = words_of(request)
        model = MessagePage(
            frame(self.house, request, say, say.say(heading), "", None),
            say.say(heading),
            say.say(sentence),
            detail,
            href,
            say.say("web.login-again" if status >= 400 else "web.login-leave"),
        )
        return HTMLResponse(render(model, say), status)

    def _now(self) -> datetime:
        return self.house.application.clock()

    def _enter(self, request: Request, actor: Actor, to: str, id_token: str | None = None) -> Response:
        """A new session with a new token; one that this browser had before ends."""
        self.sessions.end(request.cookies.get(COOKIE))
        return self._with(self.sessions.begin(actor, self._now(), id_token), actor, to)

    def _with(self, token: str, actor: Actor, to: str) -> Response:
        answer = RedirectResponse(home_of(self.house, actor) if to == "/" else to, 303)
        answer.set_cookie(
            COOKIE, token, httponly=True, samesite="lax", secure=self.house.settings.secure, path="/"
        )
        return answer

    async def _session(self, request: Request) -> Session | None:
        return await run_in_threadpool(self.sessions.find, request.cookies.get(COOKIE), self._now())

    async def account(self, request: Request) -> Response:
        """Who one is here, and in which post one acts."""
        session = await self._session(request)
        if session is None:
            return RedirectResponse("/login", 303)
        say = words_of(request)
        person = self.house.directory.person(session.actor.person)
        users = tuple(self._users(person, say.say)) if person else ()
        surround = frame(self.house, request, say, say.say("web.account"), "", session)
        to = _path(request.query_params.get("to"))
        return HTMLResponse(render(PostsPage(surround, users, to), say))

    async def choose(self, request: Request) -> Response:
        """Act in another of one's own posts: the same login, with a new token."""
        session = await self._session(request)
        async with request.form(max_files=0, max_fields=5) as form:
            if session is None or not is_own(request, form.get("csrf"), session.csrf):
                return RedirectResponse("/login", 303)
            actor = _actor(self.house.directory, str(form.get("user")))
            to = _path(str(form.get("to") or "/"))
        if actor is None or actor.person != session.actor.person:
            return RedirectResponse("/account", 303)
        token = self.sessions.change(str(request.cookies.get(COOKIE)), session, actor, self._now())
        return self._with(token, actor, to)

    async def leave(self, request: Request) -> Response:
        """Log out: here, and at the provider if it can be told. A form of an old page does it too."""
        if not is_from_here(request):
            return RedirectResponse("/", 303)
        session = await self._session(request)
        self.sessions.end(request.cookies.get(COOKIE))
        way_out = None
        if self.provider is not None:
            id_token = session.id_token if session else None
            way_out = await self.provider.way_out(str(request.url_for("login")), id_token, self._now())
        if way_out is None:
            answer: Response = RedirectResponse("/login", 303)
        else:
            # a page that goes on by itself: a form's redirect to another host is what the policy forbids
            answer = self._message(request, "web.logged-out", "web.logged-out-text", way_out, 200)
            answer.headers["Refresh"] = f"0; url={way_out}"
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
    ours = to is not None and to.startswith("/") and not to.startswith(("//", "/\\"))
    return to if to is not None and ours and len(to) <= _LONGEST else "/"
