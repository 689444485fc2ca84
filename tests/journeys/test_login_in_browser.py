"""In and out by a provider on another host, in a browser: what its content policy lets pass."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from tests.keys import keys
from tests.web.identity import CLIENT, SECRET, Identity, served

from presis.application import all_rooms, now, open_application
from presis.governance import load_directory
from presis.record.store import initialise
from presis.web.app import make_app
from presis.web.settings import Oidc, Settings

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium isn't installed here"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def test_a_browser_goes_in_chooses_a_post_and_leaves_the_provider_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    url = f"sqlite:///{tmp_path / 'presis.db'}"
    initialise(url, all_rooms(), now)
    application = open_application(url, keys=keys)
    with served() as presis, served() as provider, sync_playwright() as playwright:
        identity = Identity(provider.address.replace("127.0.0.1", "localhost"))
        provider.app = identity.app
        identity.who = "nils.lab"
        identity.backs, identity.homes = [f"{presis.address}/login/callback"], [f"{presis.address}/login"]
        oidc = Oidc(identity.issuer, CLIENT, SECRET)
        presis.app = make_app(application, load_directory(), Settings(oidc=oidc, secure=False))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(locale="en-GB").new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(f"{presis.address}/requisitions?all=1")
        page.click("a.main")
        page.click('button[value="nils.lab/laboratory_manager"]')
        assert page.url == f"{presis.address}/requisitions?all=1"
        page.click("button:has-text('Log out')")
        page.wait_for_url("**/login?**")
        assert identity.ended == ["nils.lab"]
        assert page.context.cookies() == []
        assert faults == []
        browser.close()
    application.record.database.close()
