"""What every answer carries and every request is held to: headers, sizes, and where a form came from."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def policy(**changed: str) -> str:
    """The content security policy, with some directives changed (`style_src` for `style-src`)."""
    told = _POLICY | {name.replace("_", "-"): value for name, value in changed.items()}
    return "; ".join(f"{name} {value}" for name, value in told.items())


def document_policy(html: str) -> str:
    """The policy of a document that carries its own styles: these very ones, by their hash, and no script."""
    styles = re.findall(r"<style>(.*?)</style>", html, flags=re.DOTALL)
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" for style in styles
    )
    return policy(
        script_src="'none'", style_src=hashes or "'none'", font_src="data:", frame_ancestors="'self'"
    )


class Guard:
    """Sets the headers that are missing, and cuts off a request that is too large."""

    def __init__(self, app: ASGIApp, largest: int, *, secure: bool) -> None:
        self.app = app
        self.largest = largest
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"")
        taken = int(declared[:20]) if declared.isdigit() and int(declared[:20]) > self.largest else 0

        async def bounded() -> Message:
            nonlocal taken
            if taken > self.largest:  # its length says so before any of it is read
                raise TooLargeError
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.largest:
                raise TooLargeError
            return message

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self.app(scope, bounded, guarded)

    def _headers(self, headers: MutableHeaders, path: str) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", policy())
        if path.startswith("/static/"):
            headers["Cache-Control"] = "public, max-age=3600"
        if self.secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")


class Address:
    """Gives every request the public address, whatever it or a proxy on its way says."""

    def __init__(self, app: ASGIApp, public: str) -> None:
        self.app = app
        self.scheme, _, self.host = public.partition("://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http":
            others = [(name, value) for name, value in scope["headers"] if name != b"host"]
            headers = [(b"host", self.host.encode("ascii")), *others]
            scope = {**scope, "scheme": self.scheme, "headers": headers}
        await self.app(scope, receive, send)


class TooLargeError(Exception):
    """A request is larger than the server takes."""


def is_own(request: Request, token: object, expected: str) -> bool:
    """Whether a form is one of ours: it holds the session's token, and the browser says it came from here."""
    import hmac

    held = isinstance(token, str) and hmac.compare_digest(token.encode(), expected.encode())
    return is_from_here(request) and held


def is_from_here(request: Request) -> bool:
    """Whether the browser says that a form came from a page of ours; one that says nothing is believed."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    here = f"{request.url.scheme}://{request.url.netloc}"
    return site in _OWN_SITES and origin in {None, "null", here}


_OWN_SITES: Iterable[str] = frozenset({"same-origin", "none"})
