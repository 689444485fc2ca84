"""A review that can't be judged says why, on the page and in the command, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import laboratory as lab
import pytest
from starlette.testclient import TestClient
from tests.web.test_pages import HOME, KARI, Browser

from presis.application import Application
from presis.diagnostics.requisition import STATES, AskRepeat, CancelRequisition
from presis.diagnostics.review_lists import why_not_judged
from presis.documents.language import Language, words
from presis.governance import load_directory
from presis.web.app import make_app
from presis.web.settings import Settings


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Application]:
    application = lab.opened(f"sqlite:///{tmp_path / 'presis.db'}")
    yield application
    application.record.database.close()


def page(house: Application, number: str, language: str) -> str:
    app = make_app(house, load_directory(), Settings(demo=True, secure=False))
    browser = Browser(TestClient(app, base_url=HOME, headers={"origin": HOME})).login(KARI)
    browser.client.cookies.set("presis_language", language)
    return str(browser.get(f"/requisitions/{number}/review").text)


@pytest.mark.parametrize(
    ("act", "said", "sagt"),
    [
        (lambda told: AskRepeat(**told, what="library"), "Something is to be repeated", "Noe skal gjøres om igjen"),
        (lambda told: CancelRequisition(**told, why="a slip"), "The requisition is called off", "Rekvisisjonen er avlyst"),
    ],
)  # fmt: skip
def test_after_a_repeat_or_calling_off_the_page_says_why_nothing_is_judged(
    house: Application, act: Any, said: str, sagt: str
) -> None:
    number = lab.in_review(house, "BRAF V600E")
    assert 'name="verdict"' in page(house, number, "en")
    assert said not in page(house, number, "en")
    lab.facts(house.handle(act({"id": house.ids(), "number": number}), lab.KARI))
    for language, words_of in (("en", said), ("nb", sagt)):
        text = page(house, number, language)
        assert words_of in text
        assert 'name="verdict"' not in text


def test_a_concluded_review_says_so(house: Application) -> None:
    number = lab.in_review(house, "BRAF V600E")
    lab.facts(lab.concluded(house, number))
    assert "The review is concluded and waits for signatures" in page(house, number, "en")


def test_every_state_has_its_sentence() -> None:
    for state in STATES:
        assert why_not_judged(state, may=True) is None
        for language in Language:
            assert words(language).say(str(why_not_judged(state, may=False)))
