"""`presis serve`: the web application."""

from __future__ import annotations

import os
import re
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import SplitResult, urlsplit

import typer

if TYPE_CHECKING:
    from presis.web.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode=None)
#: More than this can't be read in one piece.
MOST_MEGABYTES = 2048
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@app.command()
def serve(
    demo: Annotated[bool, typer.Option("--demo", help="Invented patients and sample users.")] = False,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port.")] = 8000,
    record: Annotated[
        str | None,
        typer.Option("--record", help="A file or a database URL; else PRESIS_RECORD, else ./presis.db."),
    ] = None,
) -> None:
    """Serve the web application; with --demo on this machine alone, else behind a proxy that ends TLS."""
    import uvicorn

    from presis.governance import load_directory
    from presis.web.app import get_ready, make_app
    from presis.web.settings import Settings

    if demo and host not in LOOPBACK:
        from presis.errors import BadInput

        raise BadInput.of(
            "demo-not-loopback",
            "the demo has users without a password, so it listens on this machine alone; leave out --host.",
            field="--host",
            found=host,
            accepted=", ".join(LOOPBACK),
        )
    settings = Settings(demo=True, secure=False) if demo else _behind_a_provider()
    settings = replace(settings, largest_upload=_largest_upload(settings.largest_upload))
    with _application(record, demo=demo) as application:
        get_ready()
        if demo:
            typer.echo(f"The demo is at http://{host}:{port}/ until you stop it (Ctrl C).")
        uvicorn.run(
            make_app(application, load_directory(), settings),
            host=host,
            port=port,
            log_level="warning",
            server_header=False,
            workers=1,  # the sessions are this process's; WEB_CONCURRENCY is not heard
            proxy_headers=False,  # the public address is a setting: no header is believed
        )


def _application(record: str | None, *, demo: bool) -> Any:
    if demo:
        from presis.web.demo import demo_application

        return demo_application()
    from presis.application import open_application
    from presis.cli.who import keys_for
    from presis.reactions import react
    from presis.record import record_url

    url = record_url(record, os.environ)
    keys = keys_for(url)
    keys()  # a missing key is said now, and not at the first page
    return nullcontext(open_application(url, keys=keys, on_commit=react))


def _largest_upload(otherwise: int) -> int:
    """What an upload may hold in bytes, by the setting in megabytes."""
    from presis.errors import BadInput
    from presis.web.settings import MEGABYTE

    told = os.environ.get("PRESIS_LARGEST_UPLOAD", "")
    if not told:
        return otherwise
    if not re.fullmatch("[0-9]{1,4}", told) or not 0 < int(told) <= MOST_MEGABYTES:
        raise BadInput.of(
            "largest-upload",
            f"PRESIS_LARGEST_UPLOAD is {told!r}; give megabytes from 1 to {MOST_MEGABYTES}, such as 192.",
            field="PRESIS_LARGEST_UPLOAD",
            found=told,
            accepted=f"1 to {MOST_MEGABYTES}",
        )
    return int(told) * MEGABYTE


def _behind_a_provider() -> Settings:
    from presis.errors import BadInput
    from presis.web.settings import Oidc, Settings

    names = ("PRESIS_PUBLIC_URL", "PRESIS_OIDC_ISSUER", "PRESIS_OIDC_CLIENT_ID", "PRESIS_OIDC_CLIENT_SECRET")
    told = {name: os.environ.get(name, "") for name in names}
    if missing := [name for name in names if not told[name]]:
        raise BadInput.of(
            "provider-missing",
            f"people log in by an identity provider; not set yet: {', '.join(missing)}; "
            "set what is missing, or try `presis serve --demo`.",
            field=missing[0],
        )
    public, issuer, client, secret = told.values()
    parts = _address(names[0], public)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise BadInput.of(
            "address-with-path",
            f"PRESIS_PUBLIC_URL is {public}; leave out what comes after the host, "
            "Presis is served at the first level of one.",
            field=names[0],
            found=public,
        )
    _address(names[1], issuer)
    host = parts.netloc.lower().removesuffix(":443" if parts.scheme == "https" else ":80")
    return Settings(
        oidc=Oidc(issuer, client, secret, os.environ.get("PRESIS_OIDC_CLAIM") or "sub"),
        public=f"{parts.scheme}://{host}",
        secure=parts.scheme == "https",
    )


def _address(name: str, value: str) -> SplitResult:
    """An address over TLS; without it on this machine alone."""
    from presis.errors import BadInput

    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = SplitResult("", "", "", "", ""), None
    plain = parts.scheme == "http" and host in LOOPBACK
    if not host or "@" in parts.netloc or not value.isascii() or not (parts.scheme == "https" or plain):
        raise BadInput.of(
            "address",
            f"{name} is {value!r}; give an address as https://HOST (http:// on this machine alone).",
            field=name,
            found=value,
        )
    return parts
