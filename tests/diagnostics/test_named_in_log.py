"""Whose requisitions a page of a review names: each of those patients is in the access log."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import laboratory as lab
from starlette.testclient import TestClient
from tests.web.test_pages import HOME, KARI, Browser

from presis.governance import load_directory
from presis.record.access_log import accesses
from presis.web.app import make_app
from presis.web.settings import Settings


def test_the_patient_whose_judged_change_a_finding_names_is_in_the_access_log(tmp_path: Path) -> None:
    house = lab.opened(f"sqlite:///{tmp_path / 'presis.db'}")
    first, second = (lab.in_review(house, "BRAF V600E", patient=each) for each in ("P-1", "P-2"))
    key = next(each.key for each in lab.content_now(house, first).findings if "BRAF" in each.genes)
    lab.facts(lab.judge(house, first, str(key), "keep"))
    app = make_app(house, load_directory(), Settings(demo=True, secure=False))
    browser = Browser(TestClient(app, base_url=HOME, headers={"origin": HOME})).login(KARI)
    patients = {house.record.stream(f"requisition-{each}")[0].payload.patient for each in (first, second)}
    for page in ("review", "finding"):
        assert first in browser.get(f"/requisitions/{second}/{page}?f={quote(str(key))}").text
        assert set([*accesses(house.record.database)][-1].subjects) == patients
    house.record.database.close()
