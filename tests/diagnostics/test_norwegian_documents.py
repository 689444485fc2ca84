"""What a Norwegian reader gets is Norwegian: the demo samples' reports, and the knowledge tables' words."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import pytest

import presis.diagnostics
import presis.knowledge
from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.criteria import Criterion, ListNotHeld, OtherTest
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.reading import read_one
from presis.diagnostics.report_making import make_content
from presis.diagnostics.report_render import as_html
from presis.diagnostics.report_view import ReportStatus, ReportView, report_view
from presis.documents.language import Language, load, words
from presis.knowledge import load_library
from presis.methods.rules import leaves

DEMO = Path(presis.diagnostics.__path__[0]) / "demo_data"
PACKS = Path(presis.knowledge.__path__[0]) / "packs"
NB = words(Language.NB)
#: Words that a sentence in English can hardly do without, and one in Norwegian doesn't hold.
ENGLISH = re.compile(
    r"\b(and|or|of|with|without|after|not|any|the|first|second|line|lines|which|that|this|are|unknown|"
    r"either|changes?|labels?|lists?|acquired|primary|withdrawn|missense|mutation|exons?|codons?|fusion|"
    r"positive for|colorectal|lung|breast|chemotherapy|supported)\b",
    re.IGNORECASE,
)


@cache
def view(folder: str, tumour: str | None) -> ReportView:
    library = load_library()
    content = make_content(read_one([DEMO / folder], library), Interpreter(library), tumour, None)
    return report_view(content, ReportStatus(), Language.NB)


def text(view: ReportView) -> str:
    """The document without its list of sources, the files' names and OncoTree's names."""
    page = re.sub(r"<(style|script).*?</\1>", "", as_html(view), flags=re.DOTALL)
    page = unescape(re.sub(r"<[^>]+>", " ", page))
    whole = re.sub(r"\s+", " ", page)
    for each in (*view.sources, *(value for _, value in view.methods), *(value for _, value in view.pairs)):
        whole = whole.replace(re.sub(r"\s+", " ", each), "")
    return re.sub(r"krefttypen [A-Z]\w+( [A-Z]\w+)*|FUSION-CONTROL-R01", "", whole)


@pytest.mark.parametrize(
    ("folder", "tumour"),
    [
        ("invented_colorectal", None),
        ("acrometrix", "BRCA"),
        ("na12878", None),
        ("rna_fusion_control", "LUAD"),
    ],
)
def test_the_norwegian_reports_of_the_demo_samples_hold_no_english(folder: str, tumour: str | None) -> None:
    drawn = text(view(folder, tumour))
    assert len(drawn) > 1500
    found = [drawn[max(0, each.start() - 40) : each.end() + 20] for each in ENGLISH.finditer(drawn)]
    assert found == []


def test_the_list_of_sources_is_norwegian_too_but_for_names_and_addresses() -> None:
    cited = [re.sub(r", https?://.*", "", each) for each in view("invented_colorectal", None).sources]
    assert len(cited) > 10
    assert [each for each in cited if ENGLISH.search(each)] == []
    assert cited[0] == (
        "[1] EMA, encorafenib + cetuximab, BRAF p.V600E, kolorektalkreft, metastatisk, etter systemisk behandling"
        " (2020-06-02)"
    )


def test_a_tumours_english_name_stands_in_a_norwegian_sentence_as_the_name_it_is() -> None:
    lead = "".join(part for _, part in view("invented_colorectal", None).lead)
    assert "godkjent behandling ved krefttypen Colon Adenocarcinoma." in lead


def table(path: str, column: str) -> set[str]:
    with (PACKS / path).open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file)}


def parts(texts: set[str]) -> set[str]:
    return {part for each in texts for part in re.split(r", |; ", each)}


def lacking(group: str, found: set[str]) -> set[str]:
    return {each for each in found if f"{group}.{each}" not in load(Language.NB)}


def test_every_word_of_the_tables_that_a_report_shows_is_said_in_norwegian() -> None:
    approvals, access = "approvals/approvals.csv", "norway_access/norway_access.csv"
    resistance = "resistance/resistance.csv"
    settings = table(approvals, "tumour") | table(resistance, "tumour") | table(access, "indication")
    lines = table(approvals, "line") | table(resistance, "setting")
    assert lacking("setting", parts(settings) | lines) == set()
    assert lacking("approval-status", table(approvals, "status")) == set()
    basis = {each for each in table(resistance, "level_basis") if ENGLISH.search(NB.phrase("basis", each))}
    drugs = table(approvals, "drug") | table(access, "drug") | table(resistance, "drug_or_class")
    assert (basis, {each for each in drugs if ENGLISH.search(NB.phrase("drugs", each))}) == (set(), set())


def asked() -> Iterator[Criterion]:
    for text in table("approvals/approvals.csv", "biomarker"):
        yield from leaves(parse_biomarker(text))


def test_what_an_approval_hangs_on_is_said_in_norwegian() -> None:
    found = set(asked())
    lists = {each.what for each in found if isinstance(each, ListNotHeld)}
    tests = {each for each in found if isinstance(each, OtherTest)}
    assert len(lists) > 5
    assert lacking("label-list", lists) == set()
    assert lacking("asked-test", {each.test for each in tests}) == set()
    assert lacking("asked-marker", {each.marker for each in tests}) == set()
