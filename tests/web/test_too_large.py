"""An upload is bounded as a whole: refused by its length before it is read, or while it is read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.test_pages import HOME, MONA, Browser

from presis.governance import load_directory
from presis.web.app import make_app
from presis.web.demo import demo_application
from presis.web.security import Guard, TooLargeError
from presis.web.settings import MEGABYTE, Settings

CASE = "/requisitions/Q-2026-0004"
SAID = "What was sent is larger than this server takes, 1 MB; nothing was kept. Send fewer or smaller files."


@pytest.fixture(scope="module")
def app() -> Iterator[Any]:
    with demo_application() as application:
        settings = Settings(demo=True, secure=False, largest_upload=MEGABYTE)
        yield make_app(application, load_directory(), settings)


@pytest.fixture
def browser(app: Any) -> Browser:
    return Browser(TestClient(app, base_url=HOME, headers={"origin": HOME})).login(MONA)


def test_files_that_are_too_large_together_are_refused_in_one_sentence(browser: Browser) -> None:
    token = re.search(r'name="csrf" value="([^"]*)"', browser.get(CASE).text)
    assert token
    files = [("files", (f"{n}.tsv", b"a" * 300_000)) for n in range(4)]
    answer = browser.client.post(f"{CASE}/files", data={"csrf": token[1]}, files=files)
    assert answer.status_code == 413
    assert SAID in answer.text
    assert f'data-largest="{MEGABYTE}" data-too-large="{SAID}"' in browser.get(CASE).text


@pytest.mark.parametrize(("declared", "read"), [(True, 0), (False, 11)])
def test_no_more_is_read_than_an_upload_may_hold(declared: bool, read: int) -> None:
    taken: list[int] = []

    async def receive() -> Any:
        taken.append(100_000)
        return {"type": "http.request", "body": b"a" * 100_000, "more_body": True}

    async def reads_all(_scope: Any, receive: Any, _send: Any) -> None:
        while True:
            await receive()

    async def send(_message: Any) -> None: ...

    headers = [(b"content-length", b"4000000")] if declared else []
    guard = Guard(reads_all, MEGABYTE, secure=False)
    with pytest.raises(TooLargeError):
        asyncio.run(guard({"type": "http", "path": "/", "headers": headers}, receive, send))
    assert len(taken) == read
