"""The laboratory's way in a browser: keyboard, two signatures, no fault of accessibility, no sideways scroll."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from presis.governance import load_directory
from presis.web.app import make_app
from presis.web.demo import demo_application
from presis.web.settings import Settings

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium isn't installed here"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
CASE = "/requisitions/Q-2026-0001"
KARI = "kari.lab/molecular_pathologist"
PAGES = ("/requisitions?tab=all", "/requisitions/new", CASE, f"{CASE}/review", "/requisitions/Q-2026-0002/review",  f"{CASE}/preview", f"{CASE}/beside", f"{CASE}/correct",
         "/reports", "/options", "/options/ema-pembrolizumab-1", "/memory", "/memory/reports", "/account", "/nowhere")  # fmt: skip


@pytest.fixture(scope="module")
def place() -> Iterator[str]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with demo_application() as application:
        app = make_app(application, load_directory(), Settings(demo=True, secure=False))
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://localhost:{port}"
        server.should_exit = True
        thread.join(5)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def visit(
    chromium: Browser, place: str, user: str, width: int = 1440, language: str = "en-GB", **told: Any
) -> Page:
    page = chromium.new_context(viewport={"width": width, "height": 900}, locale=language, **told).new_page()
    page.goto(f"{place}/login")
    page.click(f'button[value="{user}"]')
    return page


@pytest.mark.parametrize("language", ["en-GB", "nb-NO"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_page_has_a_fault_of_accessibility_or_scrolls_sideways(
    chromium: Browser, place: str, width: int, language: str
) -> None:
    page = visit(chromium, place, "kari.lab/molecular_pathologist", width, language, bypass_csp=True)
    for address in PAGES:
        page.goto(place + address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        found = Axe().run(page).response["violations"]
        assert not found, (address, [(each["id"], each["nodes"][0]["html"]) for each in found])


def test_a_pathologist_reviews_with_the_keyboard_and_two_sign(chromium: Browser, place: str) -> None:
    kari = visit(chromium, place, "kari.lab/molecular_pathologist")
    faults: list[str] = []
    kari.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    kari.goto(f"{place}{CASE}/review")
    first = kari.inner_text("#detail h2")
    kari.keyboard.press("j")
    kari.wait_for_function("first => document.querySelector('#detail h2').innerText !== first", arg=first)
    kari.keyboard.press("2")
    kari.keyboard.type("strand bias")
    assert kari.input_value("#why") == "strand bias"
    kari.keyboard.press("Control+Enter")
    kari.wait_for_selector("p.done")
    assert "Taken out: 1" in kari.inner_text("p.lead")
    kari.goto(f"{place}{CASE}/preview")
    kari.click("text=Conclude the review")
    kari.click("button:has-text('Sign this report')")
    assert "1 of 2 have signed" in kari.inner_text("main")
    nils = visit(chromium, place, "nils.lab/molecular_pathologist")
    nils.goto(f"{place}{CASE}/preview")
    nils.click("button:has-text('Sign this report')")
    assert "2 of 2 have signed" in nils.inner_text("main")
    assert not faults


def test_what_is_typed_outlives_a_look_at_another_finding(chromium: Browser, place: str) -> None:
    page = visit(chromium, place, KARI)
    page.goto(f"{place}/requisitions/Q-2026-0002/review")
    first = page.inner_text("#detail h2")
    page.keyboard.press("2")
    page.keyboard.type("strand bias")
    for key in ("j", "k"):
        shown = page.inner_text("#detail h2")
        page.keyboard.press("Escape")
        page.keyboard.press(key)
        page.wait_for_function("shown => document.querySelector('#detail h2').innerText !== shown", arg=shown)
    assert page.inner_text("#detail h2") == first
    assert page.input_value("#why") == "strand bias"
    assert page.is_checked("input[value=artefact]")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.assign('/requisitions')")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.input_value("#why") == "strand bias"


def test_without_script_a_finding_is_reclassified(chromium: Browser, place: str) -> None:
    page = visit(chromium, place, "kari.lab/molecular_pathologist", java_script_enabled=False)
    page.goto(f"{place}/requisitions/Q-2026-0003/review")
    assert not page.is_visible("#oncogenicity")
    page.check("input[value=reclassified]")
    page.select_option("#oncogenicity", "benign")
    page.fill("#why", "a control without disease")
    page.click("button:has-text('Save and go on')")
    assert "saved" in page.inner_text("p.done")


def test_the_button_of_the_keys_is_there_only_where_it_does_something(chromium: Browser, place: str) -> None:
    page = visit(chromium, place, KARI)
    page.click("footer button")
    assert page.is_visible("#keys")
    page = visit(chromium, place, KARI, java_script_enabled=False)
    assert not page.is_visible("footer button")


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_the_list_and_the_next_finding_are_one_touch_away(
    chromium: Browser, place: str, script: bool
) -> None:
    page = visit(chromium, place, KARI, 390, java_script_enabled=script)
    page.goto(f"{place}{CASE}/review")
    first = page.inner_text("#detail h2")
    for _ in range(2):
        shown = page.inner_text("#detail h2")
        page.click("text=Next finding")
        if script:
            page.wait_for_function("s => document.querySelector('#detail h2').innerText !== s", arg=shown)
        else:
            page.wait_for_selector(f"#detail h2:not(:text-is('{shown}'))")
    assert page.inner_text("#detail h2") != first
    page.click("text=To the list")
    page.wait_for_timeout(200)
    box, bar = page.locator("#list").bounding_box(), page.locator(".beside-list").bounding_box()
    assert box
    assert bar
    assert 0 <= bar["y"] < 10
    assert bar["y"] <= box["y"] < 150
    assert not visit(chromium, place, KARI).is_visible(".beside-list")


CASE_FILES = (
    Path(__file__).parents[2] / "src" / "presis" / "diagnostics" / "demo_data" / "invented_colorectal"
)


def received(page: Page, place: str, patient: str, specimen: str) -> str:
    """A requisition registered, and its number."""
    page.goto(f"{place}/requisitions/new")
    told = {"patient": patient, "received": "24.11.2026", "specimen": specimen, "tumour": "COAD"}
    for name, value in told.items():
        page.fill(f"#{name}", value)
    page.fill("#received", page.inner_text("#received-hint").rstrip(".").split()[-1])
    page.select_option("#requester", "ahus")
    page.click("button:has-text('Registrer rekvisisjonen')")
    return page.inner_text("h1")


def files_of(folder: Path, run: str) -> list[str]:
    """The invented case as another run of the sequencer."""
    out = []
    for path in sorted(CASE_FILES.iterdir()):
        copy = folder / path.name
        copy.write_text(
            path.read_text("utf-8").replace("260105_A00001_0001_AINVENTED1", run), encoding="utf-8"
        )
        out.append(str(copy))
    return out


def taken_to_review(chromium: Browser, place: str, patient: str, specimen: str, files: list[str]) -> str:
    mona = visit(chromium, place, "mona.bio/bioinformatician", language="nb-NO")
    number = received(mona, place, patient, specimen)
    kari = visit(chromium, place, KARI, language="nb-NO")
    kari.goto(f"{place}/requisitions/{number}")
    kari.check("input[name=adequate][value=yes]")
    kari.fill("#cells", "40")
    kari.click("button:has-text('Lagre vurderingen')")
    mona.goto(f"{place}/requisitions/{number}")
    mona.click("button[value=sequenced]")
    mona.set_input_files("#files", files)
    mona.click("button:has-text('Send og les')")
    mona.wait_for_selector("#read")
    return number


def test_a_whole_case_from_receipt_to_amendment_and_the_change_seen_again(
    chromium: Browser, place: str, tmp_path: Path
) -> None:
    number = taken_to_review(chromium, place, "WHOLE-1", "H26-3001", files_of(tmp_path, "RUN-A"))
    kari = visit(chromium, place, KARI)
    kari.goto(f"{place}/requisitions/{number}/review")
    kari.click("a:has-text('RNF43')")
    kari.wait_for_selector("#detail h2:has-text('RNF43')")
    kari.fill("#whole", "not saved yet")
    kari.keyboard.press("Escape")
    kari.keyboard.press("5")
    assert kari.evaluate("document.activeElement.name") == "oncogenicity"
    kari.keyboard.type("Benign")
    kari.keyboard.press("Tab")
    kari.keyboard.type("no growth advantage in this tumour")
    kari.keyboard.press("Control+Enter")
    kari.wait_for_selector("p.done")
    assert kari.input_value("#whole") == "not saved yet"  # it went along with the judgement
    kari.click("button:has-text('Save the text')")
    kari.goto(f"{place}/requisitions/{number}/preview")
    assert "RNF43" in kari.inner_text("main")
    # the files bear another name than the requisition: nothing is concluded until she answers for them
    assert not kari.is_visible("text=Conclude the review")
    kari.fill("input[name=why]", "the maker's name of the control")
    kari.click("button:has-text('I answer for it')")
    kari.click("text=Conclude the review")
    kari.click("button:has-text('Sign this report')")
    nils = visit(chromium, place, "nils.lab/molecular_pathologist")
    nils.goto(f"{place}/requisitions/{number}/preview")
    nils.click("button:has-text('Sign this report')")
    assert "2 of 2 have signed" in nils.inner_text("main")

    # amended, by a reason that stands on the new version
    nils.click("summary")
    nils.fill("#why", "the text of the whole was missing")
    nils.click("button:has-text('Review again')")
    nils.goto(f"{place}/requisitions/{number}/review")
    nils.fill("#whole", "MSI-H by sequencing.")
    nils.click("button:has-text('Save the text')")
    for page in (nils, kari):
        page.goto(f"{place}/requisitions/{number}/preview")
        if page is nils:
            page.click("text=Conclude the review")
        page.click("button:has-text('Sign this report')")
    kari.goto(f"{place}/reports")
    kari.click("tbody a >> nth=0")
    text = kari.inner_text("main")
    assert "the text of the whole was missing" in text
    document = kari.frame_locator("iframe").locator("body").inner_text()
    for said in ("MSI-H by sequencing.", "WHOLE-1", "H26-3001", number, "the maker's name of the control"):
        assert said in document

    # the same change in the next case
    later = taken_to_review(chromium, place, "WHOLE-2", "H26-3002", files_of(tmp_path, "RUN-B"))
    kari.goto(f"{place}/requisitions/{later}/review")
    kari.click("a:has-text('RNF43')")
    kari.wait_for_selector("#detail h2:has-text('RNF43')")
    detail = kari.inner_text("#detail")
    assert "no growth advantage in this tumour" in detail
    assert number in detail
