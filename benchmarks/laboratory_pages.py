"""How long the server takes for the laboratory's heaviest pages, and from a case's upload to its profile.

Requests go through the whole application (session, access, access log, templates) inside one process, so
the network isn't in the figures. Usage: python benchmarks/laboratory_pages.py [--requisitions N] [--repeat N].
"""

from __future__ import annotations

import argparse
import html
import re
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from presis.application import Application
from presis.diagnostics import bench
from presis.diagnostics.kept_profile import parse_profile, profile_bytes
from presis.diagnostics.report_content import report_content
from presis.diagnostics.requisition import ReceiveRequisition
from presis.diagnostics.review import ReadFiles, Upload
from presis.governance import load_directory
from presis.governance.patients import Identity, normalised
from presis.web.app import get_ready, make_app
from presis.web.demo import MONA, demo_application
from presis.web.settings import Settings

warnings.filterwarnings("ignore")
from starlette.testclient import TestClient  # noqa: E402 - it warns of the httpx that it was built on

VARIANTS = 500
MANY = "/requisitions/Q-2026-0002"
STATES = ("COAD", "LUAD", "BRCA", "SKCM", "PRAD", "CHOL")


def facts(outcome: Any) -> Any:
    assert isinstance(outcome, tuple), outcome
    return outcome


def with_variants(house: Application) -> None:
    """The demo's AcroMetrix control read again with exactly so many variants that the filter keeps."""
    look: Any = house.look(MONA, "show-requisition", "requisition-Q-2026-0002")
    profile = parse_profile(house.open_content(look.state.reading.profile))
    interpreter = bench.laboratory_interpreter(house.record, MONA.organisation)
    kept = [each.variant for each in interpreter.read(profile, None).variants]
    copies = [replace(each, position=each.position + 1_000_000 * turn) for turn in range(4) for each in kept]
    profile = replace(profile, small_variants=tuple(copies[:VARIANTS]))
    content = report_content(interpreter.interpret(profile), interpreter.library)
    shown = sum(each.kind == "small_variant" for each in content.findings)
    assert shown == VARIANTS, shown
    upload = (Upload(name="small.tsv", kind="tsoppi-table", data=b"made for measuring"),)
    command = ReadFiles(
        id=house.ids(), number="Q-2026-0002", files=upload, profile=profile_bytes(profile), content=content
    )
    facts(house.handle(command, MONA))


def many_requisitions(house: Application, count: int) -> None:
    today = house.clock().date()
    for number in range(count):
        name = f"MANY-{number}"
        index = house.keys().index("identity", normalised(MONA.organisation, name))
        command = ReceiveRequisition(
            id=house.ids(),
            identity=Identity(text=name, index=index),
            received=today.fromordinal(today.toordinal() - number % 60).isoformat(),
            requester="ahus",
            urgent=number % 9 == 0,
            specimen=f"H26-{10_000 + number}",
            tumour=STATES[number % len(STATES)],
        )
        facts(house.handle(command, MONA))


def login(client: TestClient, user: str) -> None:
    token = re.search(r'name="token" value="([^"]+)"', client.get("/login").text)
    assert token
    client.post("/login/demo", data={"token": token[1], "user": user, "to": "/"})


def milliseconds(act: Callable[[], Any], repeat: int) -> list[float]:
    out = []
    for _ in range(repeat):
        start = time.perf_counter()
        answer = act()
        out.append((time.perf_counter() - start) * 1000)
        assert answer.status_code in (200, 303), answer.status_code
    return out


def told(what: str, times: list[float]) -> None:
    print(f"{what}: median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms of {len(times)}")


def upload(client: TestClient, number: str, name: str) -> float:
    page = client.get(f"/requisitions/{number}").text
    form = re.search(r'<form[^>]*action="[^"]*/files"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[1]))
    folder = Path(str(files("presis.diagnostics") / "demo_data" / name))
    sent = [("files", (path.name, path.read_bytes())) for path in sorted(folder.iterdir())]
    data = {key: html.unescape(value) for key, value in hidden.items()}
    (taken,) = milliseconds(
        lambda: client.post(f"/requisitions/{number}/files", data=data, files=sent, follow_redirects=False),
        1,
    )
    return taken


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requisitions", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=20)
    asked = parser.parse_args()
    with demo_application() as house:
        app = make_app(house, load_directory(), Settings(demo=True, secure=False))
        client = TestClient(app, base_url="http://localhost", headers={"origin": "http://localhost"})
        with_variants(house)
        get_ready()
        login(client, "kari.lab/molecular_pathologist")
        client.get("/requisitions/Q-2026-0001/review")
        bench._parsed.cache_clear()  # noqa: SLF001 - the first look of a case is measured too
        told(
            f"review page of {VARIANTS} variants, first look",
            milliseconds(lambda: client.get(f"{MANY}/review"), 1),
        )
        told(
            f"review page of {VARIANTS} variants",
            milliseconds(lambda: client.get(f"{MANY}/review"), asked.repeat),
        )
        login(client, "mona.bio/bioinformatician")
        for name, number in (("invented_colorectal", "Q-2026-0001"), ("acrometrix", "Q-2026-0002")):
            taken = [upload(client, number, name) for _ in range(5)]
            told(f"upload of {name} to its profile", taken)
        many_requisitions(house, asked.requisitions)
        login(client, "kari.lab/molecular_pathologist")
        for address in ("?tab=all", "?tab=all&q=H26-100&sort=newest", "?tab=all&q=LUAD&from=500", ""):
            times = milliseconds(lambda at=address: client.get(f"/requisitions{at}"), asked.repeat)
            told(f"worklist of {asked.requisitions} requisitions, {address or 'what needs me'}", times)


if __name__ == "__main__":
    main()
