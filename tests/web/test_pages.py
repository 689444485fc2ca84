"""The laboratory's pages, as people use them: over a real record, without a browser."""

from __future__ import annotations

import html
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta, nodes
from starlette.testclient import TestClient
from tests.diagnostics.readers.vcf_files import csq, row, vcf

from presis.application import Application, now
from presis.cli.main import run
from presis.diagnostics.bench import computed_content
from presis.governance import load_directory
from presis.record import Actor
from presis.record.access_log import accesses
from presis.web import accesses as access_page
from presis.web import (
    bench_acts,
    beside,
    correction,
    login,
    memory,
    options,
    page,
    report,
    reports,
    requisition,
    review,
    upload,
    worklist,
)
from presis.web.app import make_app
from presis.web.demo import demo_application
from presis.web.settings import Settings

HOME = "http://localhost"
KARI, NILS, MONA = (
    "kari.lab/molecular_pathologist",
    "nils.lab/molecular_pathologist",
    "mona.bio/bioinformatician",
)
JONAS, OLA, HANNA = "jonas.lab/molecular_pathologist", "ola.data/data_steward", "hanna.trial/trial_office"
CASE = "/requisitions/Q-2026-0001"


class Browser:
    """A person at the pages."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def login(self, user: str) -> Browser:
        self.client.cookies.clear()
        token = re.search(r'name="token" value="([^"]+)"', self.get("/login").text)
        assert token
        self.client.post("/login/demo", data={"token": token[1], "user": user, "to": "/"})
        self.client.cookies.set("presis_language", "en")
        return self

    def get(self, address: str) -> Any:
        return self.client.get(address)

    def send(self, address: str, action: str, uploads: dict[str, bytes] | None = None, **told: str) -> Any:
        """Fill in the form of a page and send it."""
        found = re.search(
            rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', self.get(address).text, re.DOTALL
        )
        assert found, f"{address} has no form to {action}"
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[1])
        data = {name: html.unescape(value) for name, value in hidden} | told
        files = [("files", each) for each in (uploads or {}).items()]
        return self.client.post(action, data=data, files=files or None)


@pytest.fixture(scope="module")
def house() -> Iterator[Application]:
    with demo_application() as application:
        yield application


@pytest.fixture(scope="module")
def browser(house: Application) -> Browser:
    app = make_app(house, load_directory(), Settings(demo=True, secure=False))
    return Browser(TestClient(app, base_url=HOME, headers={"origin": HOME}))


MODELS = [
    page.MessagePage, page.ConflictPage, login.LoginPage, login.PostsPage, worklist.WorklistPage,
    requisition.RequisitionPage, beside.BesidePage, correction.CorrectPage, bench_acts.NewPage, review.ReviewPage, review.DetailPart, report.PreviewPage,
    report.ReportPage, reports.ReportsPage, options.OptionsPage, options.OneOptionPage, options.OptionListPage, options.OptionPage, memory.MemoryPage, memory.TouchedPage, access_page.AccessesPage,
]  # fmt: skip


def asked(template: str) -> set[str]:
    """Every name that a template asks for, with what it extends and includes."""
    environment = page.environment()
    source, _, _ = environment.loader.get_source(environment, template)  # type: ignore[union-attr]
    tree = environment.parse(source)
    made = {each.name for each in tree.find_all(nodes.Macro)}
    made |= {name for each in tree.find_all(nodes.FromImport) for name in each.names if isinstance(name, str)}
    names = meta.find_undeclared_variables(tree) - made
    for other in meta.find_referenced_templates(tree):
        if other != "macros.html":
            names |= asked(str(other))
    return names


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.template)
def test_each_template_gets_what_it_asks_for_and_no_more(model: Any) -> None:
    assert asked(model.template) - {"say"} == {each.name for each in fields(model)}


def test_every_page_module_is_among_the_models_that_are_tested() -> None:
    drawn = {path.name for path in page.TEMPLATES.glob("*.html")}
    assert drawn == {model.template for model in MODELS} | {
        "frame.html",
        "macros.html",
        "option-criteria.html",
        "detail_body.html",
        "requisition_fields.html",
    }


@pytest.mark.parametrize("address", ["/", "/requisitions", CASE, f"{CASE}/review", "/reports", "/accesses"])
def test_without_a_login_every_page_leads_to_it(browser: Browser, address: str) -> None:
    browser.client.cookies.clear()
    assert browser.get(address).url.path == "/login"


@pytest.mark.parametrize("language", ["en", "nb"])
def test_every_page_can_be_looked_at_in_both_languages(browser: Browser, language: str) -> None:
    browser.login(KARI).client.cookies.set("presis_language", language)
    for address in ("/requisitions", "/requisitions?tab=all&q=H26", "/requisitions/new", CASE, f"{CASE}/review", f"{CASE}/beside", f"{CASE}/correct",
                    "/requisitions/Q-2026-0002/review", "/requisitions/Q-2026-0002/review?list=left-out", f"{CASE}/preview",
                    f"{CASE}/preview.html", "/reports", "/memory", "/memory/reports", "/account"):  # fmt: skip
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert f'lang="{language}"' in answer.text, address
        assert "Content-Security-Policy" in answer.headers
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("user", "seen"),
    [(JONAS, {"/requisitions", "/requisitions/new", "/reports", "/memory"}), (OLA, {"/accesses"}), (HANNA, set()),
     (MONA, {"/requisitions", "/requisitions/new", CASE, f"{CASE}/review", "/reports", "/memory"})],
)  # fmt: skip
def test_a_role_sees_its_own_pages_and_no_other(browser: Browser, user: str, seen: set[str]) -> None:
    browser.login(user)
    for address in (
        "/requisitions",
        "/requisitions/new",
        CASE,
        f"{CASE}/review",
        "/reports",
        "/memory",
        "/accesses",
    ):
        assert (browser.get(address).status_code == 200) == (address in seen), (user, address)


def test_a_stranger_sees_the_same_of_what_is_there_and_what_is_not(browser: Browser) -> None:
    browser.login(JONAS)
    there, absent = browser.get(CASE), browser.get("/requisitions/Q-2026-0999")
    assert there.status_code == absent.status_code == 403
    assert there.text.replace("Q-2026-0001", "X") == absent.text.replace("Q-2026-0999", "X")


def test_a_form_that_is_not_ours_changes_nothing(browser: Browser, house: Application) -> None:
    browser.login(KARI)
    before = house.record.head().position
    assert browser.client.post(f"{CASE}/text", data={"whole": "x"}).status_code == 403
    page_text = browser.get(f"{CASE}/review").text
    token = re.search(r'name="csrf" value="([^"]+)"', page_text)
    assert token
    foreign = browser.client.post(
        f"{CASE}/text", data={"csrf": token[1], "whole": "x"}, headers={"origin": "http://evil"}
    )
    assert foreign.status_code == 403
    assert house.record.head().position == before


def test_each_view_of_a_patient_is_in_the_access_log(browser: Browser, house: Application) -> None:
    browser.login(KARI)
    before = len([*accesses(house.record.database)])
    browser.get(CASE)
    browser.get(f"{CASE}/review")
    browser.get(f"{CASE}/preview.html")
    rows = [*accesses(house.record.database)][before:]
    assert [row.what for row in rows] == [CASE[1:], f"{CASE[1:]}/review", f"{CASE[1:]}/preview.html"]
    assert all(row.actor.person == "kari.lab" and len(row.subjects) == 1 for row in rows)


def test_a_new_requisition_says_at_each_field_what_is_wrong(browser: Browser) -> None:
    browser.login(MONA)
    answer = browser.send(
        "/requisitions/new", "/requisitions/new", received="31.02.2026", tumour="LUNGE", patient="P-9"
    )
    assert answer.status_code == 422
    for name in ("specimen", "received", "requester", "tumour"):
        assert f'id="{name}-error"' in answer.text
    assert 'value="31.02.2026"' in answer.text
    told = {"patient": "P-9", "received": "20.11.2025", "requester": "ahus", "details": "After two lines."}
    answer = browser.send("/requisitions/new", "/requisitions/new", specimen="H" * 65, **told)
    assert answer.status_code == 422
    assert 'id="specimen-error"' in answer.text
    assert "After two lines." in answer.text


@pytest.mark.parametrize("first", ["²", "9" * 30, "-1", "x"])
def test_a_list_that_begins_at_no_row_begins_at_the_first(browser: Browser, first: str) -> None:
    assert "H26-" in browser.login(KARI).get(f"/requisitions?tab=all&from={first}").text


def test_files_of_another_kind_and_damaged_ones_keep_nothing(browser: Browser, house: Application) -> None:
    browser.login(MONA)
    case = "/requisitions/Q-2026-0004"
    before = house.record.head().position
    text = browser.get(case).text
    token, version = (
        re.search(r'name="csrf" value="([^"]+)"', text),
        re.search(r'name="seen" value="(\d+)"', text),
    )
    assert token
    assert version
    for name, data in (("x.exe", b"MZ"), ("x.tsv", b"not a panel file\n")):
        answer = browser.client.post(
            f"{case}/files", data={"csrf": token[1], "seen": version[1]}, files={"files": (name, data)}
        )
        assert answer.status_code == 422, name
        assert 'role="alert"' in answer.text
    assert house.record.head().position == before


def test_a_whole_case_is_worked_and_signed_by_two(browser: Browser, house: Application) -> None:
    browser.login(KARI)
    no_reason = browser.send(f"{CASE}/review", f"{CASE}/judge", verdict="artefact")
    assert no_reason.status_code == 422
    assert "Say why" in no_reason.text
    assert (
        browser.send(f"{CASE}/review", f"{CASE}/judge", verdict="keep", text="The driver here.").status_code
        == 200
    )
    assert browser.send(f"{CASE}/review", f"{CASE}/text", whole="A BRAF-mutated tumour.").status_code == 200
    preview = browser.send(f"{CASE}/preview", f"{CASE}/conclude")
    assert "0 of 2 have signed" in preview.text
    assert "1 of 2 have signed" in browser.send(f"{CASE}/preview", f"{CASE}/sign").text
    assert f'action="{CASE}/sign"' not in browser.get(f"{CASE}/preview").text, "nobody signs twice"
    assert "2 of 2 have signed" in browser.login(NILS).send(f"{CASE}/preview", f"{CASE}/sign").text
    number = re.search(r'href="/reports/(R-\d{4}-\d{4})"', browser.get(f"{CASE}/preview").text)
    assert number
    document = browser.get(f"/reports/{number[1]}/v1.html").text
    assert "Kari Solbakken" in document
    assert "Nils Tveit" in document
    assert "A BRAF-mutated tumour." in document
    assert browser.get(f"/reports/{number[1]}/v1.pdf").content.startswith(b"%PDF")
    bundle = browser.get(f"/reports/{number[1]}/v1.fhir")
    assert bundle.headers["content-type"] == "application/fhir+json"
    assert f'filename="{number[1]}-v1.fhir.json"' in bundle.headers["content-disposition"]
    assert bundle.json()["resourceType"] == "Bundle"
    assert browser.send(f"{CASE}/preview", f"{CASE}/reopen", why="New history").status_code == 200
    assert "A new version is being made: New history" in browser.get(f"{CASE}/preview").text


def test_another_patients_sample_of_the_run_is_told_to_the_laboratory_alone(
    browser: Browser, house: Application
) -> None:
    page = browser.login(KARI).get(f"{CASE}/beside").text
    assert "The laboratory has no other result of this patient." in page
    rows = [*accesses(house.record.database)]
    assert rows[-1].what == f"{CASE[1:]}/beside"
    named = {CASE[-11:], *re.findall(r'href="/requisitions/(Q-2026-\d{4})"', page)}
    assert len(named) > 1
    patients = {house.record.stream(f"requisition-{each}")[0].payload.patient for each in named}
    assert set(rows[-1].subjects) == patients
    assert "Q-2026-0002" in page
    assert "Q-2026-0002" not in browser.get(f"{CASE}/preview.html").text
    assert browser.login(JONAS).get(f"{CASE}/beside").status_code == 403


def test_the_log_answers_who_saw_a_patient_and_what_a_person_saw(
    browser: Browser, house: Application
) -> None:
    browser.login(KARI).get(f"{CASE}/review")
    browser.get("/requisitions/Q-2026-0003/review")
    browser.login(OLA)
    text = browser.get(f"/accesses?q={CASE[-11:].lower()}").text
    assert f"{CASE[1:]}/review" in text
    assert "requisitions/Q-2026-0003/review" not in text
    assert "requisitions?tab=" in text, "the list named the patient, too"
    for query in ("solbakken", "kari.lab", "/review"):
        assert f"{CASE[1:]}/review" in browser.get(f"/accesses?q={query}").text
    assert "No request is on record." in browser.get("/accesses?q=nobody%25").text
    last = [*accesses(house.record.database)][-1]
    assert (last.what, last.subjects) == ("accesses/search", ()), "what was searched for is written nowhere"
    assert browser.login(KARI).get("/accesses?q=Q-2026-0001").status_code == 403


def test_what_two_write_at_once_is_a_conflict_that_loses_nothing(browser: Browser) -> None:
    case = "/requisitions/Q-2026-0003"
    browser.login(KARI)
    text = browser.get(f"{case}/review").text
    told = {
        name: html.unescape(value)
        for name, value in re.findall(
            r'<input type="hidden" name="(csrf|command|seen)" value="([^"]*)"', text
        )
    }
    browser.send(f"{case}/review", f"{case}/text", whole="First.")
    told["command"] = "019abc00-0000-7000-8000-000000000001"
    answer = browser.client.post(f"{case}/text", data=told | {"whole": "Second."})
    assert answer.status_code == 409
    assert "interpretation written" in answer.text
    assert "Second." in answer.text
    # what was written can be sent over what came, without typing it again
    form = re.search(rf'<form method="post" action="{case}/text">(.*?)</form>', answer.text)
    assert form
    again = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[1]))
    assert browser.client.post(f"{case}/text", data=again).status_code == 200
    assert "Second." in browser.get(f"{case}/review").text


def test_a_plot_is_kept_and_shown_and_that_of_another_sample_is_not(
    browser: Browser, house: Application
) -> None:
    case = "/requisitions/Q-2026-0004"
    browser.login(MONA)
    folder = (
        Path(__file__).parents[2] / "src" / "presis" / "diagnostics" / "demo_data" / "invented_colorectal"
    )
    png = b"\x89PNG\r\n\x1a\n" + b"invented"
    plots = {"INVENTED-CRC-1_sample_QC_plot.png": png, "KURT-SECRET_sample_QC_plot.png": png + b"x"}
    told = {path.name: path.read_bytes() for path in folder.iterdir()} | plots
    told["specimen.yaml"] = told["specimen.yaml"].replace(b"COAD", b"LUAD")
    page = browser.send(f"{case}", f"{case}/files", uploads=told)
    assert page.status_code == 200, page.text
    shown = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', page.text)
    assert [alt for _, alt in shown] == ["quality plot, INVENTED-CRC-1_sample_QC_plot.png"]
    answer = browser.get(shown[0][0])
    assert (answer.content, answer.headers["content-type"]) == (png, "image/png")
    assert "SECRET" not in page.text
    look: Any = house.look(
        Actor("mona.bio", "bioinformatician", "haukeland"), "show-requisition", "requisition-Q-2026-0004"
    )
    assert b"SECRET" not in house.open_content(look.state.reading.content)
    assert sum(each.kind == "attachment" for each in look.state.reading.files) == 1


def test_a_requisition_is_put_right_and_its_files_are_read_by_it(
    browser: Browser, house: Application
) -> None:
    case = "/requisitions/Q-2026-0002"
    browser.login(MONA)
    told = {
        "specimen": "H26-1002",
        "requester": "ahus",
        "tumour": "nonsense",
        "birth_year": "1800",
        "details": "Invented for demonstration.",
    }
    page = browser.send(f"{case}/correct", f"{case}/correct", **told)
    assert page.status_code == 422
    assert "1800" in page.text
    assert "OncoTree" in page.text
    told |= {"tumour": "LUAD", "birth_year": "1960", "predisposition_declined": "yes"}
    page = browser.send(f"{case}/correct", f"{case}/correct", **told)
    assert "was put right" in page.text
    assert "Lung Adenocarcinoma (LUAD)" in page.text
    look: Any = house.look(
        Actor("mona.bio", "bioinformatician", "haukeland"), "show-requisition", "requisition-Q-2026-0002"
    )
    assert look.state.state == "review"
    assert look.state.received.predisposition_declined
    content = computed_content(look.state, house.open_content)
    assert content.tumour == "LUAD"
    assert content.specimen.predisposition_declined
    assert look.facts[-2].reason == "corrects tumour, birth_year, predisposition_declined"
    page = browser.send(f"{case}/correct", f"{case}/correct", **told)
    assert "Nothing differs" in page.text


def test_the_demo_listens_on_this_machine_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--demo", "--host", "0.0.0.0"]) == 2  # noqa: S104 - what must be refused
    assert "listens on this machine alone" in capsys.readouterr().err


def test_what_a_killed_server_left_readable_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, new, other = (
        tmp_path / name for name in ("presis-upload-old", "presis-upload-new", "somebody-elses")
    )
    for folder in (old, new, other):
        folder.mkdir()
        (folder / "case.tsv").write_text("readable")
    for folder in (old, other):
        os.utime(folder, (0, 0))
    upload.sweep(now())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["presis-upload-new", "somebody-elses"]


def test_what_a_patient_declined_is_on_no_page_though_it_was_judged_before(
    house: Application, browser: Browser
) -> None:
    browser.login(MONA)
    form = {"patient": "DECLINES-1", "specimen": "P1", "requester": "ahus", "tumour": "LUAD", "sex": "female"}
    day = house.clock().date().isoformat()
    made = browser.send("/requisitions/new", "/requisitions/new", received=day, **form)
    (case,) = set(re.findall(r"/requisitions/Q-\d{4}-\d{4}", str(made.url)))
    browser.login(KARI).send(case, f"{case}/material", adequate="yes", cells="25")
    for step in ("extracted", "library", "sequenced"):
        browser.login(MONA).send(case, f"{case}/step", step=step)
    stop = {
        "SYMBOL": "FH",
        "HGVSc": "E1.1:c.271C>T",
        "HGVSp": "P1.1:p.Arg91Ter",
        "Consequence": "stop_gained",
    }
    file = vcf(
        row("chr1:241512000", "G", "A", info=csq({**stop, "Allele": "A"}), samples=("0/1:50,50:0.5:100",))
    )
    browser.send(case, f"{case}/files", uploads={"P1-D01.vcf": file.encode()})
    browser.login(KARI).send(f"{case}/review", f"{case}/judge", verdict="germline", why="inherited FH")
    pages = (case, f"{case}/review", f"{case}/preview", f"{case}/beside", "/memory")
    before = "".join(browser.get(each).text for each in pages)
    assert "FH p.R91*" in before
    assert "inherited FH" in browser.get("/memory").text
    answer = browser.send(f"{case}/correct", f"{case}/correct", predisposition_declined="yes", **form)
    assert "was put right" in answer.text
    for each in pages:
        text = browser.get(each).text
        assert "R91" not in text, each
        assert "inherited FH" not in text, each
    results = browser.get(f"{case}/beside").text.partition('id="results"')[2]
    assert results.count("25\u202f%") == 2, "each reading has the tumour cells of its tissue"
