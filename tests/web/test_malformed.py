"""Whatever a browser sends to whatever address: a page of ours, never an error of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from tests.web.test_pages import HOME, KARI, MONA, Browser

from presis.application import Application
from presis.governance import load_directory
from presis.web.app import ACTS, LOOKS, make_app
from presis.web.demo import demo_application
from presis.web.settings import Settings

READ, AT_THE_BENCH = "Q-2026-0002", "Q-2026-0004"
NOTHING = ["NOPE", "Q-2026-1", "Q-²026-0001", "Q-2026-0001\n", "Q-2026-" + "9" * 5000, "x'--", "\0"]
FIELDS = (
    "content_hash", "report", "seen", "command", "key", "list", "verdict", "oncogenicity", "why", "text", "whole",
    "step", "what", "cells", "adequate", "note", "patient", "received", "specimen", "requester", "tumour",
    "birth_year", "sex", "sample_type", "details", "urgent", "predisposition_declined", "sample",
)  # fmt: skip
ODD = [
    "",
    " ",
    "x",
    "²",
    "-1",
    "1e999",
    "nan",
    "9" * 5000,
    "a\0b",
    "\ud7ff\uffff",
    "<b>",
    "%00",
    "á" * 300,
    "{}",
]


@pytest.fixture(scope="module")
def house() -> Iterator[Application]:
    with demo_application() as application:
        yield application


@pytest.fixture(scope="module")
def people(house: Application) -> dict[str, Browser]:
    """Those who may do what is done, by a client to which an error of ours is an error of the test."""
    app = make_app(house, load_directory(), Settings(demo=True, secure=False))
    client = {who: TestClient(app, base_url=HOME, headers={"origin": HOME}) for who in (KARI, MONA)}
    return {who: Browser(each).login(who) for who, each in client.items()}


@pytest.fixture(scope="module")
def browser(people: dict[str, Browser]) -> Browser:
    return people[KARI]


def token(browser: Browser) -> str:
    found = re.search(r'name="csrf" value="([^"]*)"', browser.get("/account").text)
    assert found
    return found[1]


def post(browser: Browser, action: str, told: dict[str, str], **more: Any) -> Any:
    return browser.client.post(action, data={"csrf": token(browser), **told}, follow_redirects=False, **more)


@pytest.mark.parametrize("action", [each for each in ACTS if "{number}" in each])
def test_a_number_that_is_none_is_told_as_absent(browser: Browser, action: str) -> None:
    for number in NOTHING:
        answer = post(browser, action.replace("{number}", quote(number)), {"why": "my <words>"})
        assert answer.status_code == 404, number
        assert "my &lt;words&gt;" in answer.text
    of_a_report = post(browser, action.replace("{number}", "R-2026-0001"), {"why": "my <words>"})
    assert of_a_report.status_code in {403, 422}


@pytest.mark.parametrize("address", [each for each in LOOKS if "{number}" in each])
def test_a_look_at_what_has_no_number_is_told_as_absent(browser: Browser, address: str) -> None:
    for number, version in [*((each, "1") for each in NOTHING), ("R-2026-0001", "9" * 5000)]:
        there = address.replace("{number}", quote(number)).replace("{digest}", "0" * 64)
        there = there.replace("{version:small}", version).replace("{form}", "html")
        assert browser.get(there).status_code in {403, 404}


@pytest.mark.parametrize("action", ACTS)
def test_a_form_with_odd_values_is_answered_by_a_page(people: dict[str, Browser], action: str) -> None:
    for odd in ODD:
        everywhere = dict.fromkeys(FIELDS, odd)
        plain = everywhere | {"seen": "", "command": "", "list": "findings"}
        for told in (everywhere, plain, plain | {"cells": "50", "adequate": "yes"}):
            for who in people.values():
                answer = post(who, action.replace("{number}", READ), told)
                assert answer.status_code in {303, 403, 404, 409, 422}, (odd, answer.text)
        answer = post(people[MONA], action.replace("{number}", AT_THE_BENCH), plain)
        assert answer.status_code in {303, 403, 404, 409, 422}, (odd, answer.text)


@pytest.mark.parametrize("told", [{"seen": "²"}, {"seen": "x"}, {"seen": "9" * 30}, {"command": "x"}])
def test_a_version_or_command_that_is_none_changes_nothing(
    browser: Browser, house: Application, told: dict[str, str]
) -> None:
    before = house.record.head().position
    for action in ACTS:
        answer = post(browser, action.replace("{number}", READ), {**told, "whole": "kept <so>", "why": "x"})
        assert answer.status_code == 422
        assert "something that can&#39;t be used; nothing was changed." in answer.text
        assert "kept &lt;so&gt;" in answer.text
    assert house.record.head().position == before


def test_a_signature_over_a_hash_that_is_none_is_refused(browser: Browser) -> None:
    case = "/requisitions/Q-2026-0001"
    browser.send(f"{case}/preview", f"{case}/conclude")
    report = re.search(r"R-\d{4}-\d{4}", browser.get(f"{case}/preview").text)
    assert report
    for odd in ("", "1234567", "x" * 8, "9" * 5000):
        answer = post(browser, f"{case}/sign", {"report": report[0], "content_hash": odd})
        assert answer.status_code == 422


@pytest.mark.parametrize("name", ["x" * 300 + ".tsv", "å" * 150 + ".tsv"])
def test_a_file_of_an_odd_name_is_refused_in_words(people: dict[str, Browser], name: str) -> None:
    files = [("files", (name, b"a"))]
    answer = post(people[MONA], f"/requisitions/{AT_THE_BENCH}/files", {}, files=files)
    assert answer.status_code == 422
    assert "name has 200 signs at most" in answer.text


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=B", "text/plain", ""])
def test_a_body_that_is_no_form_is_answered_by_a_page(people: dict[str, Browser], kind: str) -> None:
    headers = {"content-type": kind} if kind else {}
    for action in (*ACTS, "/language", "/account/post", "/login/demo"):
        address = action.replace("{number}", READ)
        client = people[KARI].client
        answer = client.post(address, content=b"\xff\0nonsense", headers=headers, follow_redirects=False)
        assert answer.status_code in {303, 400, 403, 422}
