"""The options of a report, and of the programme, as pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from test_pages import HOME, KARI, NILS, Browser

from presis.application import Application
from presis.governance import load_directory
from presis.record.access_log import accesses
from presis.web.app import make_app
from presis.web.demo import demo_application
from presis.web.settings import Settings

CASE = "/requisitions/Q-2026-0001"
OPTIONS = "/reports/R-2026-0001/options"


@pytest.fixture(scope="module")
def house() -> Iterator[Application]:
    with demo_application() as application:
        yield application


@pytest.fixture(scope="module")
def browser(house: Application) -> Browser:
    app = make_app(house, load_directory(), Settings(demo=True, secure=False))
    browser = Browser(TestClient(app, base_url=HOME, headers={"origin": HOME}))
    browser.login(KARI).send(f"{CASE}/preview", f"{CASE}/conclude")
    browser.send(f"{CASE}/preview", f"{CASE}/sign")
    browser.login(NILS).send(f"{CASE}/preview", f"{CASE}/sign")
    return browser


def test_every_option_of_a_report_stands_with_each_reason(browser: Browser) -> None:
    text = browser.login(KARI).get(OPTIONS).text
    assert text.index("encorafenib + cetuximab") < text.index("Entrectinib, NTRK, ROS1 or ALK fusion")
    for said in (
        "BRAF p.V600E (R-2026-0001: sv:0",  # what was found, and where
        "1 or more lines for advanced disease",  # what is asked
        "all earlier treatment: not told",
        "To find out next",
        "extent of disease",
    ):
        assert said in text, said
    assert "INVENTED-CRC-1," not in text.replace("INVENTED-CRC-1_", "")


def test_an_excluded_option_shows_its_reasons_a_click_away(browser: Browser, house: Application) -> None:
    text = browser.login(KARI).get(OPTIONS).text
    link = f"{OPTIONS}/off-label-imatinib-kit"
    assert f'href="{link}"' in text
    page = browser.get(link).text
    for said in ("another tumour type", "standard treatment exhausted or not tolerated", "t fit<"):
        assert said in page, said
    rows = list(accesses(house.record.database))
    assert (rows[-1].what, len(rows[-1].subjects)) == (link.removeprefix("/"), 1)
    assert browser.get(f"{OPTIONS}/no-such-option").status_code == 404
    browser.login("jonas.lab/molecular_pathologist")
    assert "another tumour type" not in browser.get(link).text


def test_a_page_of_options_is_no_burden(browser: Browser) -> None:
    assert len(browser.login(KARI).get(OPTIONS).content) < 350_000


def test_options_by_a_draft_say_first_that_it_is_one(browser: Browser) -> None:
    said = "THE REPORT IS A DRAFT"
    assert said not in browser.login(KARI).get(OPTIONS).text
    with demo_application() as application:
        app = make_app(application, load_directory(), Settings(demo=True, secure=False))
        drafting = Browser(TestClient(app, base_url=HOME, headers={"origin": HOME}))
        drafting.login(KARI).send(f"{CASE}/preview", f"{CASE}/conclude")
        text = drafting.get(OPTIONS).text
    assert text.index(said) < text.index("encorafenib + cetuximab")


@pytest.mark.parametrize("user", ["berit.board/board_coordinator", "erik.onc/oncologist"])
def test_who_may_see_the_report_sees_its_options(house: Application, browser: Browser, user: str) -> None:
    browser.login(user)
    assert browser.get(OPTIONS).status_code == 200
    rows = list(accesses(house.record.database))
    assert (rows[-1].what, len(rows[-1].subjects)) == ("reports/R-2026-0001/options", 1)


def test_a_stranger_sees_no_options_of_a_report(browser: Browser) -> None:
    browser.login("jonas.lab/molecular_pathologist")
    absent = browser.get("/reports/R-2026-0999/options")
    answer = browser.get(OPTIONS)
    assert answer.status_code == absent.status_code
    assert "encorafenib" not in answer.text


def test_an_option_has_a_page_with_its_rule_in_words(browser: Browser) -> None:
    browser.login(KARI)
    listed = browser.get("/options?q=vemurafenib").text
    assert "/options/impress-vemurafenib-cobimetinib-braf" in listed
    text = browser.get("/options/impress-vemurafenib-cobimetinib-braf").text
    for said in (
        "illustrative: eligibility",
        "BRAF codon 600 missense",
        "can swallow tablets",
        "BRAF",
        "in the trial",
        "valid from",
    ):
        assert said.casefold() in text.casefold(), said
    assert browser.get("/options/no-such-option").status_code == 404
    assert "No option holds these words" in browser.get("/options?q=zzzz").text
