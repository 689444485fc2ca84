"""What can't be used is told in the reader's language, with what to do about it in the browser."""

from __future__ import annotations

import ast
import gzip
import html
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.diagnostics.readers import vcf_files
from tests.diagnostics.readers.panel_files import (
    all_fusions,
    combined,
    combined_sections,
    metrics,
    sectioned,
    tsoppi_table,
)
from tests.web.test_pages import HOME, MONA, Browser

from presis.application import Application
from presis.diagnostics.specimen import SpecimenFile
from presis.documents.language import Language, words
from presis.errors import BadInput, Problem, Where
from presis.governance import load_directory
from presis.record import schema
from presis.web.app import make_app
from presis.web.demo import demo_application
from presis.web.faults import faults_of
from presis.web.settings import Settings

SRC = Path(__file__).parents[2] / "src"
#: Lung, at the bench and sequenced: its files are asked for. Of the demo's own patients, nobody's data.
CASE = "/requisitions/Q-2026-0004"
FORMS = ("presis.web.upload", "presis.web.correction", "presis.web.bench_acts")
#: Modules whose faults are the installation's or a command's: nobody mends them in a browser.
OPERATIONS = (
    "presis.governance", "presis.knowledge.lines", "presis.knowledge.release", "presis.methods.rules",
    "presis.record.faults", "presis.record.location", "presis.record.moments", "presis.record.readonly",
    "presis.record.registry", "presis.record.rows", "presis.record.views", "presis.diagnostics.exports",
    "presis.diagnostics.filtering", "presis.diagnostics.germline_followup", "presis.diagnostics.limits",
)  # fmt: skip
COMMANDS = (
    "keys-",
    "record-",
    "moment-",
    "report.",
    "tumour.contradiction",
    "content-unreadable",
    "correction-astray",
    "too-deep",
)


def module_file(module: str) -> Path | None:
    place = SRC / module.replace(".", "/")
    return next((each for each in (place.with_suffix(".py"), place / "__init__.py") if each.is_file()), None)


def reached(start: tuple[str, ...]) -> dict[str, ast.Module]:
    """Every module that the forms' pages import, at whatever remove."""
    found: dict[str, ast.Module] = {}
    ahead = list(start)
    while ahead:
        module = ahead.pop()
        file = module_file(module)
        if file is None or module in found:
            continue
        found[module] = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(found[module]):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("presis"):
                ahead += [str(node.module), *(f"{node.module}.{each.name}" for each in node.names)]
    return found


#: How a problem is made: what each makes it of beside the values given by name.
MAKERS = {
    "BadInput.of": (),
    "Problem": ("found", "accepted"),
    "truncated": (),
    "_refused": ("found", "accepted"),
}


def raised() -> dict[str, list[set[str]]]:
    """Each code that a person at the forms can cause, and the values that each place gives it."""
    found: dict[str, list[set[str]]] = {}
    for module, tree in reached(FORMS).items():
        if module.startswith(OPERATIONS):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in MAKERS or not node.args:
                continue
            code = node.args[0]
            if not isinstance(code, ast.Constant):
                continue  # the maker itself, which hands its caller's code on
            given = {each.arg for each in node.keywords if each.arg} | set(MAKERS[ast.unparse(node.func)])
            for each in node.keywords:
                if each.arg == "values" and isinstance(each.value, ast.Dict):
                    given |= {key.value for key in each.value.keys if isinstance(key, ast.Constant)}
            if not str(code.value).startswith(COMMANDS):
                found.setdefault(str(code.value), []).append(given)
    return found


@pytest.mark.parametrize("language", Language)
def test_every_code_has_words_and_every_value_that_they_name(language: Language) -> None:
    codes, sentences = raised(), words(language).sentences
    assert len(codes) > 40, "the search for codes finds too little to be believed"
    assert [code for code in codes if f"problem.{code}" not in sentences] == []
    lacking = {
        (code, name)
        for code, places in codes.items()
        for given in places
        for _, name, _, _ in Formatter().parse(sentences[f"problem.{code}"])
        if name is not None and name not in given
    }
    assert lacking == set()
    unraised = {
        code.removeprefix("problem.") for code in sentences if code.startswith("problem.")
    } - codes.keys()
    assert unraised == {"installation"} | {f"specimen.{name}" for name in SpecimenFile.model_fields}


@pytest.mark.parametrize("language", Language)
def test_no_sentence_sends_a_reader_to_a_command(language: Language) -> None:
    say = words(language)
    told = {code: text for code, text in say.sentences.items() if code.startswith("problem.")}
    assert {code for code, text in told.items() if "--" in text or "presis " in text} == set()
    for code in ("tumour-column", "sample.unknown", "sample.several"):
        assert say.say("web.sample") in told[f"problem.{code}"], "the field is called as on the page"
    for code in ("specimen.contradiction", "oncotree-code"):
        assert say.say("web.put-right-link") in told[f"problem.{code}"], "the link is called as on the page"


def test_what_the_installation_lacks_is_told_without_its_inside(caplog: pytest.LogCaptureFixture) -> None:
    error = BadInput.of("pack-absent", "no such pack", file="/srv/presis/packs/oncotree")
    (fault,) = faults_of(error, words(Language.NB))
    assert fault.sentence.startswith("Noe er galt med installasjonen (pack-absent)")
    assert "/srv" not in fault.place + fault.sentence
    assert "/srv/presis/packs/oncotree: no such pack" in caplog.text


def test_a_content_that_was_changed_is_a_page_in_norwegian_and_an_entry_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with demo_application() as house:
        app = make_app(house, load_directory(), Settings(demo=True, secure=False))
        browser = Browser(TestClient(app, base_url=HOME, headers={"origin": HOME})).login(MONA)
        browser.client.cookies.set("presis_language", "nb")
        with house.record.database.writing() as connection:
            connection.execute(schema.contents.update().values(data=b"another's"))
        answer = browser.get("/requisitions/Q-2026-0001/review")
    assert answer.status_code == 422
    assert alert(answer.text).strip().startswith("Noe er galt med installasjonen (content-unreadable)")
    assert "run `presis record verify`" in caplog.text
    assert "presis record" not in answer.text


@pytest.fixture(scope="module")
def house() -> Iterator[Application]:
    with demo_application() as application:
        yield application


@pytest.fixture(scope="module")
def browser(house: Application) -> Browser:
    app = make_app(house, load_directory(), Settings(demo=True, secure=False))
    made = Browser(TestClient(app, base_url=HOME, headers={"origin": HOME})).login(MONA)
    made.client.cookies.set("presis_language", "nb")
    return made


Files = dict[str, str | bytes]
COMBINED, FUSIONS, METRICS, VCF = (
    "P1_CombinedVariantOutput.tsv", "P1_AllFusions.csv", "MetricsOutput.tsv", "P1-D01.vcf",
)  # fmt: skip
WHOLE = combined()
PACKED = gzip.compress(WHOLE.encode() * 20)
TWICE = metrics().replace("ZZ-9", "P1")
#: Files, the place that is named, and words of what to do.
REFUSED: dict[str, tuple[Files, str, str]] = {
    "cut in a row": ({COMBINED: WHOLE[: WHOLE.index("NM_004333.4")]}, f"{COMBINED}, linje 4", "send hele filen"),
    "lacks a section": ({COMBINED: sectioned("localapp", {k: v for k, v in combined_sections("localapp").items() if k != "MSI"})}, COMBINED, "Delen [MSI] mangler"),
    "lacks a column": ({COMBINED: WHOLE.replace("Allele Frequency", "Something")}, "felt Allele Frequency", "Eksporter filen på nytt med alle kolonner"),
    "names no sample": ({COMBINED: combined(pair="NA", dna="NA", rna="NA")}, COMBINED, "Send originalfilen"),
    "cut gzip": ({f"{COMBINED}.gz": PACKED[: len(PACKED) // 2]}, f"{COMBINED}.gz", "Send hele filen"),
    "binary": ({COMBINED: b"PK\x03\x04\0\0\0"}, COMBINED, "ikke en tekstfil"),
    "damaged UTF-16": ({COMBINED: b"\xff\xfe\x00"}, COMBINED, "Lagre den som UTF-8"),
    "empty": ({COMBINED: "\n"}, COMBINED, "Filen er tom"),
    "of another kind": ({"notes.txt": "Dear colleague,\nsee the other file.\n"}, "notes.txt", "Utelat den"),
    "fusions without columns": ({FUSIONS: all_fusions().replace("KeepFusion,", "")}, f"{FUSIONS}, linje 3, felt KeepFusion", "Tabellen mangler KeepFusion"),
    "fusions of nobody": ({"a_CombinedVariantOutput.tsv": combined(pair="A1", dna="A1-D", rna="A1-R"), "b_CombinedVariantOutput.tsv": combined(pair="B1", dna="B1-D", rna="B1-R"), "x_AllFusions.csv": all_fusions()}, "x_AllFusions.csv", "Gi den navnet"),
    "one sample in two files": ({COMBINED: WHOLE, "again.tsv": WHOLE.replace("0.31", "0.32")}, "", "Send bare én av dem"),
    "metrics, cut": ({COMBINED: WHOLE, METRICS: metrics().partition("[RNA")[0]}, METRICS, "mangler"),
    "metrics, a sample twice": ({COMBINED: WHOLE, METRICS: TWICE}, f"{METRICS}, linje", "Behold den som hører til prøven"),
    "several samples": ({"a.tsv": combined(pair="A1", dna="A1-D", rna="A1-R"), "b.tsv": combined(pair="B1", dna="B1-D", rna="B1-R")}, "", "Filene har 2 prøver: A1, B1. Skriv i «Prøven i filene»"),
    "VCF without its header": ({VCF: "##fileformat=VCFv4.2\nchr7\t1\n"}, VCF, "ingen #CHROM-linje"),
    "VCF of many samples": ({VCF: vcf_files.vcf(vcf_files.row(samples=("0/1:1,2:0.3:3",) * 2), samples=("AA-1", "BB-2"))}, VCF, "AA-1, BB-2. Skriv navnet i «Prøven i filene»"),
    "VCF 3": ({VCF: vcf_files.vcf().replace("VCFv4.2", "VCFv3.3")}, VCF, "Skriv den på nytt som VCF 4.2"),
    "VCF of another genome": ({VCF: vcf_files.vcf(vcf_files.row()).replace("159345973", "1234")}, VCF, "GRCh37 eller GRCh38"),
    "VCF without genes": ({VCF: vcf_files.vcf(vcf_files.row(info="."), columns=None)}, VCF, "Annoter den med VEP"),
    "two genomes": ({COMBINED: WHOLE, VCF: vcf_files.vcf(vcf_files.row(), samples=("P1-D",))}, "", "Send filer på samme genom"),
    "VEP without genes": ({VCF: vcf_files.vcf(vcf_files.row(), columns=("Allele", "Consequence"))}, f"{VCF}, felt INFO CSQ", "Annoter filen på nytt med VEP"),
    "nothing with findings": ({"specimen.yaml": "tumour: LUAD\n"}, "specimen.yaml", "Send også CombinedVariantOutput"),
    "failed in IGV": ({"CL-Inv_small_variant_table.tsv": tsoppi_table({"IGV_QC": "Not OK"})}, "felt Class_judgement", "Sett Class_judgement til exclude"),
    "markers without a score": ({COMBINED: WHOLE, "markers.csv": "specimen,marker,method,threshold\nP1,PD-L1 TPS,immunohistochemistry,1\n"}, "markers.csv, linje 1, felt score", "den må ha marker, method og score"),
    "specimen, a misspelt key": ({COMBINED: WHOLE, "specimen.yaml": "tumour: LUAD\nsexx: male\n"}, "specimen.yaml, linje 2, felt sexx", "Rett navnet"),
    "specimen, no number": ({COMBINED: WHOLE, "specimen.yaml": "birth_year: seventy\n"}, "felt birth_year", "«seventy» er ikke et fødselsår"),
    "specimen, no tree": ({COMBINED: WHOLE, "specimen.yaml": "tumour: LUAD\n sex: [\n"}, "specimen.yaml", "Se på innrykk"),
    "specimen, no tumour of OncoTree": ({COMBINED: WHOLE, "specimen.yaml": "tumour: NOSUCH\n"}, "Krefttype", "Rett krefttypen i filene"),
    "of another tumour than requested": ({COMBINED: WHOLE, "specimen.yaml": "tumour: COAD\n"}, "Krefttype", "Rett opp noe"),
}  # fmt: skip
#: Words of an English sentence that stand in no Norwegian one, and in none of the files' own names.
ENGLISH = re.compile(
    r"\b(the|isn't|can't|give|export|which|names|with|of|is|file|has|and|it|this)\b", re.IGNORECASE
)


def alert(page: str) -> str:
    found = re.search(r'role="alert">(.*?)</div>', page, re.DOTALL)
    assert found, "the page says nothing of what is wrong"
    return html.unescape(re.sub(r"<[^>]+>", "", found[1]))


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_cannot_be_used_are_told_in_norwegian(
    browser: Browser, house: Application, name: str
) -> None:
    files, place, what_to_do = REFUSED[name]
    before = house.record.head().position
    answer = send(browser, files)
    assert answer.status_code == 422
    told = alert(answer.text)
    assert told.startswith("Filene ble ikke lest, og ingenting ble beholdt.")
    assert place in told
    assert what_to_do in told
    assert ENGLISH.search(told) is None, told
    assert "Traceback" not in answer.text
    assert house.record.head().position == before


def send(browser: Browser, files: Files, **told: str) -> Any:
    data = {name: each if isinstance(each, bytes) else each.encode() for name, each in files.items()}
    return browser.send(CASE, f"{CASE}/files", uploads=data, **told)


def test_where_the_requisition_may_be_wrong_its_form_is_one_click_away(browser: Browser) -> None:
    answer = send(browser, {COMBINED: WHOLE, "specimen.yaml": "tumour: COAD\n"})
    assert f"Krefttype: Filene sier COAD, og {CASE[-11:]} sier LUAD." in alert(answer.text)
    assert f'<a href="{CASE}/correct#tumour">Rett opp noe</a>' in answer.text
    assert 'id="tumour"' in browser.get(f"{CASE}/correct").text


def test_several_problems_are_a_list_and_each_has_its_place(browser: Browser) -> None:
    specimen = "tumour: LUAD\nbirth_month: 13\ncollected: 225-09\nsexx: male\n"
    answer = send(browser, {COMBINED: WHOLE, "specimen.yaml": specimen})
    listed = re.findall(r"<li><b>(specimen.yaml, linje \d, felt \w+):</b> (.*?)</li>", answer.text)
    assert [place for place, _ in listed] == [
        "specimen.yaml, linje 2, felt birth_month",
        "specimen.yaml, linje 3, felt collected",
        "specimen.yaml, linje 4, felt sexx",
    ]


def test_the_sample_that_was_named_stays_in_its_field(browser: Browser) -> None:
    answer = send(browser, {COMBINED: WHOLE}, sample="P2")
    assert "Ingen prøve i filene heter P2; de har P1." in alert(answer.text)
    assert re.search(r'<input id="sample" [^>]*value="P2"', answer.text)


def test_a_sex_that_files_and_requisition_tell_differently_is_told_in_words() -> None:
    differ = Problem(
        "specimen.contradiction", "", Where(field="sex"), "male", "female", {"number": "Q-2026-0004"}
    )
    (fault,) = faults_of(BadInput(differ), words(Language.NB), f"{CASE}/correct")
    assert fault.place == "Kjønn"
    assert fault.sentence.startswith("Filene sier mann, og Q-2026-0004 sier kvinne.")
    assert fault.href == f"{CASE}/correct#sex"


@pytest.mark.parametrize(("language", "said"), [("nb", "Velg kvinne eller mann"), ("en", "Choose")])
def test_a_sex_that_is_none_is_told_at_its_field(browser: Browser, language: str, said: str) -> None:
    browser.client.cookies.set("presis_language", language)
    answer = browser.send(f"{CASE}/correct", f"{CASE}/correct", specimen="H-1", requester="ahus", sex="x")
    browser.client.cookies.set("presis_language", "nb")
    assert answer.status_code == 422
    assert re.search(rf'<p class="error" id="sex-error">{said}', answer.text)


@pytest.mark.parametrize("language", Language)
def test_every_refusal_of_the_laboratory_has_words(language: Language) -> None:
    said = {
        str(node.args[0].value)
        for module, tree in reached(("presis.web.app",)).items()
        if module.startswith("presis.diagnostics")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "refusal" and node.args
        and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip
    assert len(said) > 15, "the search for refusals finds too little to be believed"
    assert {code for code in said if f"refusal.{code}" not in words(language).sentences} == set()


def test_lines_of_an_accepted_upload_that_cannot_be_used_are_told_in_norwegian(browser: Browser) -> None:
    markers = "specimen,marker,method,score,unit\nP1,PD-L1 TPS,IHC,high,%\nP1,Ki-68,IHC,30,%\n"
    files = {COMBINED: WHOLE.replace("\t0.31\t", "\tmuch\t"), "markers.csv": markers}
    assert send(browser, files).status_code in {200, 303}
    page = browser.get(CASE).text
    listed = re.search(r"Det ble ikke noe funn av disse linjene.*?<ul>(.*?)</ul>", page, re.DOTALL)
    assert listed, page
    told = html.unescape(re.sub(r"<[^>]+>", "", listed[1]))
    assert "much (Allele Frequency er ikke et tall)" in told
    assert "high · % (skåren er ikke et tall; bruk not_assessable, 0 til 100 %)" in told
    assert "en markør som ikke finnes i vokabularet" in told
    assert ENGLISH.search(told) is None, told
