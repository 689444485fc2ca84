"""What people type is kept, shown to those who come after, and never an error of ours."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.web.test_pages import HOME, JONAS, KARI, MONA, NILS, Browser

from presis.application import now
from presis.governance import load_directory
from presis.web.app import make_app
from presis.web.demo import demo_application
from presis.web.settings import Settings

TODAY = f"{now():%d.%m.%Y}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with demo_application() as application:
        app = make_app(application, load_directory(), Settings(demo=True, secure=False))
        yield Browser(TestClient(app, base_url=HOME, headers={"origin": HOME}))


def test_a_field_that_is_too_long_or_no_number_is_said_and_not_an_error_of_ours(browser: Browser) -> None:
    browser.login(MONA)
    told = {"patient": "P-1", "received": TODAY, "requester": "ahus"}
    answer = browser.send("/requisitions/new", "/requisitions/new", **told, specimen="X" * 65)
    assert answer.status_code == 422
    assert "64 signs at most" in answer.text
    for start in ("²", "9" * 30, "-1"):
        assert browser.get(f"/requisitions?from={start}").status_code == 200


def test_the_day_that_a_form_gives_as_an_example_is_one_that_it_takes(browser: Browser) -> None:
    browser.login(MONA)
    hint = re.search(r'id="received-hint">Such as ([^<]+)\.</p>', browser.get("/requisitions/new").text)
    assert hint
    told = {"patient": "P-2", "received": hint[1], "specimen": "H-2", "requester": "ahus"}
    assert browser.send("/requisitions/new", "/requisitions/new", **told).status_code == 200


def test_what_people_said_at_each_act_stands_in_the_history(browser: Browser) -> None:
    browser.login(MONA)
    told = {"patient": "P-3", "received": TODAY, "specimen": "H-3", "requester": "ahus"}
    number = browser.send("/requisitions/new", "/requisitions/new", **told).url.path
    browser.send(f"{number}/correct", f"{number}/correct", specimen="H-3a", requester="ahus")
    browser.login(KARI)
    browser.send(number, f"{number}/material", adequate="no", note="only necrosis")
    text = browser.send(number, f"{number}/cancel", why="registered <twice>").text
    for said in ("requisition put right", "only necrosis", "called off: “registered &lt;twice&gt;”"):
        assert said in text


def test_nothing_typed_is_lost_when_the_login_has_ended_or_the_case_has_moved_on(browser: Browser) -> None:
    case = "/requisitions/Q-2026-0002"
    browser.login(KARI)
    text = browser.get(f"{case}/review").text
    told = dict(re.findall(r'<input type="hidden" name="(csrf|command|key)" value="([^"]*)"', text))
    told = {name: html.unescape(value) for name, value in told.items()}
    written = told | {"verdict": "artefact", "why": "strand <bias>"}
    browser.client.cookies.clear()
    answer = browser.client.post(f"{case}/judge", data=written)
    assert answer.status_code == 401
    assert "strand &lt;bias&gt;" in answer.text
    assert f"/login?to={case}" in answer.text
    elsewhere = browser.client.post(f"{case}/judge", data=written, headers={"origin": "http://other"})
    assert "strand" not in elsewhere.text
    browser.login(NILS)
    answer = browser.client.post(f"{case}/judge", data=written)
    assert answer.status_code == 403
    assert "strand &lt;bias&gt;" in answer.text
    browser.send(f"{case}/preview", f"{case}/accept", why="A control, named by its maker.")
    browser.send(f"{case}/preview", f"{case}/conclude")
    csrf = re.search(r'name="csrf" value="([^"]*)"', browser.get(case).text)
    assert csrf
    answer = browser.client.post(f"{case}/judge", data=written | {"csrf": csrf[1]})
    assert answer.status_code == 409
    assert "strand &lt;bias&gt;" in answer.text
    browser.login(JONAS)
    csrf = re.search(r'name="csrf" value="([^"]*)"', browser.get("/requisitions").text)
    assert csrf
    answer = browser.client.post(f"{case}/conclude", data={"csrf": csrf[1]})
    assert answer.status_code == 403


def test_a_conflict_shows_what_the_other_said(browser: Browser) -> None:
    case = "/requisitions/Q-2026-0003"
    browser.login(KARI)
    stale = re.search(r'name="seen" value="([^"]*)"', browser.get(f"{case}/review").text)
    assert stale
    browser.send(f"{case}/review", f"{case}/judge", verdict="artefact", why="seen on one strand")
    answer = browser.send(f"{case}/review", f"{case}/judge", verdict="keep", seen=stale[1])
    assert answer.status_code == 409
    assert "Artefact, “seen on one strand”" in answer.text
    assert '<dd class="text">Keep</dd>' in answer.text


def test_who_signs_sees_whose_the_findings_are_by_the_requisition_and_by_the_files(browser: Browser) -> None:
    browser.login(KARI)
    for page_of in ("", "/review", "/preview"):
        text = browser.get(f"/requisitions/Q-2026-0001{page_of}").text
        assert "Patient INVENTED-CRC-1, specimen H26-1001." in text


def test_more_files_than_a_specimen_has_are_refused_in_words(browser: Browser) -> None:
    browser.login(MONA)
    case = "/requisitions/Q-2026-0004"
    many = [("files", (f"{n}.tsv", b"a")) for n in range(61)]
    token = re.search(r'name="csrf" value="([^"]*)"', browser.get(case).text)
    assert token
    answer = browser.client.post(f"{case}/files", data={"csrf": token[1]}, files=many)
    assert "Too many files" in answer.text


def test_a_kind_of_sample_is_chosen_from_a_list(browser: Browser) -> None:
    browser.login(MONA)
    told = {"patient": "P-4", "received": TODAY, "specimen": "H-4", "requester": "ahus"}
    answer = browser.send("/requisitions/new", "/requisitions/new", **told, sample_type="a <piece>")
    assert answer.status_code == 422
    assert 'id="sample_type-error">That is no kind of sample' in answer.text
    assert '<option value="a &lt;piece&gt;" selected>' in answer.text
    number = browser.send("/requisitions/new", "/requisitions/new", **told, sample_type="blood").url.path
    assert "<dd>blood</dd>" in browser.get(number).text
    assert '<option value="blood" selected>blood</option>' in browser.get(f"{number}/correct").text


def test_a_content_that_has_changed_is_looked_at_again_and_never_sent_over(browser: Browser) -> None:
    case = "/requisitions/Q-2026-0001"
    browser.login(KARI)
    stale = re.search(r'name="seen" value="([^"]*)"', browser.get(f"{case}/preview").text)
    assert stale
    browser.send(f"{case}/review", f"{case}/text", whole="Came in between.")
    answer = browser.send(f"{case}/preview", f"{case}/conclude", seen=stale[1])
    assert answer.status_code == 409
    assert "Look again" in answer.text
    assert f'action="{case}/conclude"' not in answer.text


def test_a_specimens_number_that_another_patient_has_is_refused_where_it_is_written(browser: Browser) -> None:
    browser.login(MONA)
    told = {"patient": "P-5", "received": TODAY, "specimen": "H-5", "requester": "ahus"}
    number = browser.send("/requisitions/new", "/requisitions/new", **told).url.path
    other = told | {"patient": "P-6", "specimen": "h-5"}
    answer = browser.send("/requisitions/new", "/requisitions/new", **other)
    assert answer.status_code == 422
    assert 'id="specimen-error">Another patient' in answer.text
    assert number not in answer.text  # whose it is isn't told, only where to look
    same = browser.send("/requisitions/new", "/requisitions/new", **told)  # the patient's own, once more
    assert same.status_code == 200
    free = browser.send("/requisitions/new", "/requisitions/new", **(other | {"specimen": "H-6"})).url.path
    answer = browser.send(f"{free}/correct", f"{free}/correct", specimen="H-5", requester="ahus")
    assert answer.status_code == 422
    assert 'id="specimen-error">Another patient' in answer.text
    for each in (number, same.url.path):
        browser.login(KARI)
        browser.send(each, f"{each}/cancel", why="registered twice")
    answer = browser.send(f"{free}/correct", f"{free}/correct", specimen="H-5", requester="ahus")
    assert answer.status_code == 200


def test_what_a_requisition_is_past_is_said_with_what_to_do(browser: Browser) -> None:
    case = "/requisitions/Q-2026-0003"
    browser.login(MONA)
    answer = browser.get(f"{case}/correct")
    assert answer.status_code == 200
    browser.login(KARI)
    browser.send(f"{case}/preview", f"{case}/conclude")
    browser.login(MONA)
    answer = browser.get(f"{case}/correct")
    assert answer.status_code == 409
    assert "opened again from its report page" in answer.text
    assert f'href="{case}"' in answer.text
    answer = browser.get("/requisitions/Q-2026-9999/correct")  # what isn't there
    assert answer.status_code == 403
    browser.login(JONAS)  # of another laboratory
    assert browser.get(f"{case}/correct").status_code == 403
    for person in (KARI, NILS):
        browser.login(person)
        browser.send(f"{case}/preview", f"{case}/sign")
    assert "Amend the report" in browser.get(case).text


def test_a_tab_that_a_person_lacks_leads_to_one_that_they_have(browser: Browser) -> None:
    browser.login("nils.lab/laboratory_manager")
    assert 'aria-current="page"' in browser.get("/requisitions?tab=mine").text.split("<main", 1)[1]


def test_a_search_of_the_memory_that_finds_nothing_says_so(browser: Browser) -> None:
    case = "/requisitions/Q-2026-0001"
    browser.login(KARI)
    browser.send(f"{case}/review", f"{case}/judge", verdict="artefact", why="seen on one strand")
    text = browser.get("/memory?q=zzz").text
    assert "No change that was judged fits “zzz”." in text
    assert "Changes that the laboratory has judged: 0" not in text
