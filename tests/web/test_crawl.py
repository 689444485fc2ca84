"""Every sample user follows every link and tries every address: nobody finds what isn't for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.test_pages import HOME, KARI, NILS, Browser

from presis.application import Application
from presis.diagnostics.requisition import ReceiveRequisition
from presis.governance import load_directory
from presis.governance.patients import Identity, normalised
from presis.record import Actor
from presis.web.app import ACTS, LOOKS, make_app
from presis.web.demo import demo_application
from presis.web.settings import Settings

PEOPLE = {
    f"{person.id}/{post.role.value}": post for person in load_directory().people for post in person.posts
}
LABORATORY = {"molecular_pathologist", "bioinformatician", "laboratory_manager"}
#: What tells of a patient of one laboratory, and never of the other.
SECRETS = {
    "haukeland": re.compile(r"INVENTED-|ACROMETRIX|NA12878|H26-10\d\d"),
    "ous": re.compile(r"OUS-PATIENT|O26-77"),
}
NUMBER = re.compile(r"[QR]-\d{4}-\d{4}")
SIGNED, REPORT, OF_OUS, ABSENT = "Q-2026-0001", "R-2026-0001", "Q-2026-0009", "-2026-0999"


@pytest.fixture(scope="module")
def house() -> Iterator[Application]:
    """The demo, one of its cases signed, and a requisition of another laboratory."""
    with demo_application() as application:
        browser = visitor(application)
        case = f"/requisitions/{SIGNED}"
        browser.login(KARI).send(f"{case}/preview", f"{case}/conclude")
        browser.send(f"{case}/preview", f"{case}/sign")
        browser.login(NILS).send(f"{case}/preview", f"{case}/sign")
        index = application.keys().index("identity", normalised("ous", "OUS-PATIENT"))
        command = ReceiveRequisition(
            id=application.ids(), identity=Identity(text="OUS-PATIENT", index=index), received="2026-01-05",
            requester="unn", specimen="O26-77", tumour="LUAD",
        )  # fmt: skip
        jonas = Actor("jonas.lab", "molecular_pathologist", "ous")
        assert isinstance(application.handle(command, jonas), tuple)
        yield application


def visitor(house: Application) -> Browser:
    app = make_app(house, load_directory(), Settings(demo=True, secure=False))
    return Browser(TestClient(app, base_url=HOME, headers={"origin": HOME}))


def may_see(user: str, number: str) -> bool:
    """What the programme means, told anew: laboratories their own, others what is signed and theirs."""
    role, organisation = PEOPLE[user].role.value, PEOPLE[user].organisation
    owner = "ous" if number == OF_OUS else "haukeland"
    if role in LABORATORY and organisation == owner:
        return number.startswith("Q") or role != "laboratory_manager"
    if number == SIGNED and role == "oncologist":
        return organisation == "ahus"  # a report bears its requisition's number, for who asked for it
    if number != REPORT:
        return False
    return role == "board_coordinator" or (role == "oncologist" and organisation == "ahus")


@pytest.mark.parametrize("user", PEOPLE)
def test_no_link_leads_to_what_is_not_for_its_reader(house: Application, user: str) -> None:
    browser = visitor(house).login(user)
    waiting, seen = ["/", "/account"], set[str]()
    while waiting:
        address = waiting.pop().partition("#")[0]
        if address in seen or "/review?" in address:  # the review of a case is asked for once
            continue
        seen.add(address)
        answer = browser.get(address)
        assert answer.status_code == 200, (user, address)
        if "html" not in answer.headers["content-type"]:
            continue
        waiting += re.findall(r'(?:href|src)="(/(?!static|logout)[^"]*)"', answer.text.replace("&amp;", "&"))
        for organisation, secret in SECRETS.items():
            allowed = any(
                may_see(user, number) for number in (SIGNED, REPORT, OF_OUS) if (number == OF_OUS) == (organisation == "ous")
            )  # fmt: skip
            treats = (
                PEOPLE[user].role.value != "board_coordinator"
            )  # whose report it is, needn't be known there
            assert (allowed and treats) or not secret.search(answer.text), (user, address)
        if PEOPLE[user].role.value != "data_steward":  # who reads the log sees what was asked for
            hidden = [each for each in set(NUMBER.findall(answer.text)) if not may_see(user, each)]
            assert not [each for each in hidden if each != REPORT], (user, address, hidden)
    assert len(seen) >= 2


@pytest.mark.parametrize("user", PEOPLE)
def test_no_address_shows_what_is_not_for_its_reader(house: Application, user: str) -> None:
    browser = visitor(house).login(user)
    for pattern in LOOKS:
        if "{number}" not in pattern:
            continue
        kind = "R" if pattern.startswith("/reports") else "Q"
        absent = asked(browser, pattern, kind + ABSENT)
        assert absent.status_code in (403, 404)
        for number in (REPORT,) if kind == "R" else (SIGNED, OF_OUS):
            if may_see(user, number):
                continue
            answer = asked(browser, pattern, number)
            assert answer.status_code == absent.status_code, (user, pattern, number)
            assert answer.text.replace(number, "X") == absent.text.replace(kind + ABSENT, "X")


@pytest.mark.parametrize("user", PEOPLE)
def test_no_form_does_what_is_not_for_its_sender(house: Application, user: str) -> None:
    browser = visitor(house).login(user)
    token = re.search(r'name="csrf" value="([^"]+)"', browser.get("/account").text)
    assert token
    told = {"csrf": token[1], "text": "x", "whole": "x", "why": "x", "what": "library", "step": "extracted",
            "adequate": "no", "key": "x", "verdict": "keep", "report": REPORT, "content_hash": "0" * 64,
            "specimen": "x", "requester": "ahus"}  # fmt: skip
    before = house.record.head().position
    for pattern in ACTS:
        for number in (SIGNED, OF_OUS):
            if "{number}" not in pattern or may_see(user, number):
                continue
            answer = browser.client.post(pattern.replace("{number}", number), data=told)
            assert answer.status_code in (403, 404), (user, pattern)
    assert house.record.head().position == before


def asked(browser: Browser, pattern: str, number: str) -> Any:
    names = {"{number}": number, "{digest}": "0" * 64, "{version:int}": "1", "{form}": "pdf"}
    for name, value in names.items():
        pattern = pattern.replace(name, value)
    return browser.get(pattern)
