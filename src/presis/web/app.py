"""The web application put together: routes, who may come in, what becomes of errors."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL, FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from presis.application import Application
from presis.documents.language import Language, Words, words
from presis.errors import BadInput
from presis.governance.actors import Directory
from presis.knowledge import load_library
from presis.matching.known import known_of
from presis.matching.offered import programme_options
from presis.web import (
    accesses,
    bench_acts,
    beside,
    correction,
    login,
    memory,
    options,
    report,
    reports,
    requisition,
    review,
    upload,
    worklist,
)
from presis.web.faults import Fault, faults_of
from presis.web.malformed import is_malformed, is_of_a_command, names_nothing
from presis.web.page import (
    LANGUAGE_COOKIE,
    House,
    MessagePage,
    Visit,
    environment,
    frame,
    home_of,
    render,
    words_of,
    written_in,
)
from presis.web.provider import Provider
from presis.web.security import Address, Guard, TooLargeError, is_from_here, is_own
from presis.web.sessions import COOKIE, Session, Sessions
from presis.web.settings import MEGABYTE, Settings

Handler = Callable[..., Response]
STATIC = Path(__file__).parent / "static"
FONTS = Path(__file__).parents[1] / "documents" / "fonts"

#: The text of a form, in bytes, that is shown again to somebody whose login has ended.
LARGEST_TEXT = 1024 * 1024

#: What people look at, by address.
LOOKS: dict[str, Handler] = {
    "/requisitions": worklist.show,
    "/requisitions/new": bench_acts.new,
    "/requisitions/{number}": requisition.show,
    "/requisitions/{number}/correct": correction.show,
    "/requisitions/{number}/beside": beside.show,
    "/requisitions/{number}/review": review.show,
    "/requisitions/{number}/finding": review.finding,
    "/requisitions/{number}/preview": report.preview,
    "/requisitions/{number}/preview.html": report.preview_document,
    "/requisitions/{number}/files/{digest}": upload.attachment,
    "/reports": reports.index,
    "/reports/{number}": report.show,
    "/reports/{number}/v{version:small}.{form}": report.document,
    "/reports/{number}/options": options.of_report,
    "/reports/{number}/options/{ident}": options.of_report_one,
    "/options": options.index,
    "/options/{ident}": options.show,
    "/memory": memory.show,
    "/memory/reports": memory.touched,
    "/accesses": accesses.show,
}
#: What people do.
ACTS: dict[str, Handler] = {
    "/requisitions/new": bench_acts.receive,
    "/requisitions/{number}/correct": correction.correct,
    "/requisitions/{number}/material": bench_acts.assess,
    "/requisitions/{number}/step": bench_acts.step,
    "/requisitions/{number}/repeat": bench_acts.repeat,
    "/requisitions/{number}/cancel": bench_acts.cancel,
    "/requisitions/{number}/files": upload.receive,
    "/requisitions/{number}/judge": review.judge,
    "/requisitions/{number}/text": review.write,
    "/requisitions/{number}/accept": report.accept,
    "/requisitions/{number}/conclude": report.conclude,
    "/requisitions/{number}/sign": report.sign,
    "/requisitions/{number}/reopen": report.reopen,
}


def make_app(application: Application, directory: Directory, settings: Settings) -> Starlette:
    """The application over a record; a day of the access log that is over is sealed at once."""
    house = House(application, directory, settings)
    application.seal_access_days()
    upload.sweep(application.clock())
    sessions = Sessions(timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.longest_hours))
    doors = login.Doors(house, sessions, Provider(settings.oidc) if settings.oidc else None)
    routes: list[BaseRoute] = [
        Route("/", partial(_home, house, sessions)),
        Route("/language", partial(_language, settings), methods=["POST"]),
        *doors.routes(),
        *(Route(path, _look(house, sessions, handler)) for path, handler in LOOKS.items()),
        *(Route(path, _act(house, sessions, handler), methods=["POST"]) for path, handler in ACTS.items()),
        Mount("/static/fonts", StaticFiles(directory=FONTS)),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    middleware = [
        Middleware(Guard, largest=settings.largest_upload, secure=settings.secure),
        *([Middleware(Address, public=settings.public)] if settings.public else ()),
        *doors.middleware(),
    ]
    return Starlette(
        routes=routes,
        middleware=middleware,
        exception_handlers={
            HTTPException: partial(_told, house, sessions),
            BadInput: partial(_bad_input, house, sessions),
            TooLargeError: partial(_too_large, house, sessions),
            Exception: partial(_broken, house, sessions),
        },
    )


def get_ready() -> None:
    """Load what every request needs before the first one comes, and leave it out of the search for cycles."""
    for name in environment().list_templates():
        environment().get_template(name)
    for language in Language:
        words(language)
    programme_options(known_of(load_library()))
    gc.collect()
    gc.freeze()


def _session(sessions: Sessions, house: House, request: Request) -> Session | None:
    return sessions.find(request.cookies.get(COOKIE), house.application.clock())


def _look(house: House, sessions: Sessions, handler: Handler) -> Any:
    async def endpoint(request: Request) -> Response:
        session = await run_in_threadpool(_session, sessions, house, request)
        if session is None:
            return _to_login(request)
        if names_nothing(request.path_params):
            return _answer(house, request, session, "web.absent", 404)
        visit = Visit(house, request, session, words_of(request), FormData())
        return await run_in_threadpool(handler, visit, **request.path_params)

    return endpoint


def _act(house: House, sessions: Sessions, handler: Handler) -> Any:
    async def endpoint(request: Request) -> Response:
        session = await run_in_threadpool(_session, sessions, house, request)
        if session is None:
            return await _logged_out(house, request)
        settings = house.settings
        async with request.form(max_files=settings.most_files, max_fields=100) as form:
            if not is_own(request, form.get("csrf"), session.csrf):
                written = written_in(words_of(request), form) if is_from_here(request) else ()
                return _answer(house, request, session, "web.not-ours", 403, written=written)
            written = written_in(words_of(request), form)
            if names_nothing(request.path_params):
                return _answer(house, request, session, "web.absent", 404, written=written)
            if is_malformed(form):
                return _answer(house, request, session, "web.bad-request", 422, written=written)
            visit = Visit(house, request, session, words_of(request), form)
            try:
                return await run_in_threadpool(handler, visit, **request.path_params)
            except ValidationError as error:
                if not is_of_a_command(error, house.application):
                    raise
                return _answer(house, request, session, "web.bad-request", 422, written=written)

    return endpoint


def _to_login(request: Request) -> Response:
    address = _login_address(request)
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _login_address(request: Request) -> str:
    # a part of a page can't hold the login: the whole page goes there, and comes back as a whole
    url = URL(request.headers["hx-current-url"]) if "hx-current-url" in request.headers else request.url
    is_look = request.method == "GET"
    here = url.path + (f"?{url.query}" if url.query else "") if is_look else _page_of(request)
    return f"/login?to={quote(here)}"


def _page_of(request: Request) -> str:
    """The page that a form was sent from, as near as its address tells; the first page of anything else."""
    path = request.url.path
    if request.method != "POST" or not path.startswith("/requisitions/"):
        return "/"
    return path if path in LOOKS else path.rpartition("/")[0]


async def _logged_out(house: House, request: Request) -> Response:
    """A form of somebody whose login has ended: what was written stands on the page that says so."""
    length = request.headers.get("content-length", "")
    kind = request.headers.get("content-type", "")
    small = length.isdecimal() and int(length) <= LARGEST_TEXT
    if not (small and kind.startswith("application/x-www-form-urlencoded") and is_from_here(request)):
        return _to_login(request)
    async with request.form(max_files=0, max_fields=100) as form:
        written = written_in(words_of(request), form)
    return _answer(house, request, None, "web.ended", 401, written=written) if written else _to_login(request)


async def _home(house: House, sessions: Sessions, request: Request) -> Response:
    session = await run_in_threadpool(_session, sessions, house, request)
    return _to_login(request) if session is None else RedirectResponse(home_of(house, session.actor), 303)


async def _language(settings: Settings, request: Request) -> Response:
    async with request.form(max_files=0, max_fields=5) as form:
        chosen, here = str(form.get("language")), str(form.get("here") or "/")
    answer = RedirectResponse(here if _is_here(here) else "/", 303)
    answer.set_cookie(
        LANGUAGE_COOKIE,
        "en" if chosen == "en" else "nb",
        max_age=31536000,
        httponly=True,
        samesite="lax",
        secure=settings.secure,
    )
    return answer


def _is_here(address: str) -> bool:
    """Whether an address is one of ours: a path, and not of another host."""
    return address.startswith("/") and not address.startswith(("//", "/\\"))


def _answer(
    house: House,
    request: Request,
    session: Session | None,
    heading: str,
    status: int,
    written: tuple[tuple[str, str], ...] = (),
    faults: tuple[Fault, ...] = (),
) -> Response:
    """A page with one sentence; of a request that may have no session."""
    say: Words = words_of(request)
    is_out = session is None and request.method == "POST"
    model = MessagePage(
        frame(house, request, say, say.say(heading), "", session),
        say.say(heading),
        say.say(f"{heading}-text", {"size": house.settings.largest_upload // MEGABYTE}),
        None,
        _login_address(request) if is_out else _page_of(request),
        say.say("web.login" if is_out else "web.back"),
        written,
        faults,
    )
    return HTMLResponse(render(model, say), status)


async def _told(house: House, sessions: Sessions, request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    session = await run_in_threadpool(_session, sessions, house, request)
    known = {404: "web.absent", 405: "web.absent", 413: "web.too-large"}.get(status, "web.bad-request")
    if isinstance(error, HTTPException) and error.detail.startswith("Too many files"):
        known = "web.too-many"
    return _answer(house, request, session, known, status)


async def _bad_input(house: House, sessions: Sessions, request: Request, error: Exception) -> Response:
    session = await run_in_threadpool(_session, sessions, house, request)
    faults = faults_of(error, words_of(request)) if isinstance(error, BadInput) else ()
    return _answer(house, request, session, "web.error", 422, faults=faults)


async def _too_large(house: House, sessions: Sessions, request: Request, _error: Exception) -> Response:
    session = await run_in_threadpool(_session, sessions, house, request)
    return _answer(house, request, session, "web.too-large", 413)


async def _broken(house: House, sessions: Sessions, request: Request, _error: Exception) -> Response:
    """An error of ours: said so, with nothing of its inside; the server's log has the rest."""
    session = await run_in_threadpool(_session, sessions, house, request)
    return _answer(house, request, session, "web.broken", 500)
