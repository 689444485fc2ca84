"""`presis serve`: the web application."""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from presis.web.settings import Oidc

app = typer.Typer(add_completion=False, rich_markup_mode=None)
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
    settings = Settings(demo=True, secure=False) if demo else Settings(oidc=_provider())
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
            proxy_headers=not demo,
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


def _provider() -> Oidc:
    from presis.errors import BadInput
    from presis.web.settings import Oidc

    names = ("PRESIS_OIDC_ISSUER", "PRESIS_OIDC_CLIENT_ID", "PRESIS_OIDC_CLIENT_SECRET")
    told = [os.environ.get(name, "") for name in names]
    if missing := [name for name, value in zip(names, told, strict=True) if not value]:
        raise BadInput.of(
            "provider-missing",
            f"people log in by an identity provider, and {', '.join(missing)} isn't set; "
            "set it, or try `presis serve --demo`.",
            field=missing[0],
        )
    return Oidc(told[0], told[1], told[2], os.environ.get("PRESIS_OIDC_CLAIM", "sub"))
