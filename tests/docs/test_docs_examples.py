"""Python in the pages runs; YAML and JSON in them can be read."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

import pytest
import yaml
from tests.docs.pages import DOCS, PAGES, REPO, ROOM_PAGES, ROOT_PAGES, name, read

from presis.diagnostics.report_making import DRAFT, make_content
from presis.diagnostics.report_model import report_schema

EVERY = [*PAGES, *ROOT_PAGES, *ROOM_PAGES]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", read(page), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", [page for page in EVERY if blocks(page, "python")], ids=name)
def test_the_python_of_a_page_gives_what_it_shows(page: Path) -> None:
    source = "\n".join(blocks(page, "python"))
    test = doctest.DocTestParser().get_doctest(source, {}, name(page), str(page), 0)
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert result.attempted > 0
    assert result.failed == 0, "".join(said)


@pytest.mark.parametrize("page", [page for page in EVERY if blocks(page, "json")], ids=name)
def test_the_json_of_a_page_can_be_read(page: Path) -> None:
    for each in blocks(page, "json"):
        json.loads(each)


@pytest.mark.parametrize("page", [page for page in EVERY if blocks(page, "yaml")], ids=name)
def test_the_yaml_of_a_page_can_be_read(page: Path) -> None:
    for each in blocks(page, "yaml"):
        yaml.safe_load(each)


def test_the_specimen_in_the_reference_is_one(tmp_path: Path) -> None:
    from presis.diagnostics.specimen import read_specimen

    (shown,) = blocks(DOCS / "reference" / "programme.md", "yaml")
    path = tmp_path / "specimen.yaml"
    path.write_text(shown, encoding="utf-8")
    assert read_specimen(path).tumour == "COAD"


def test_the_published_schema_names_every_field_of_a_real_report() -> None:
    from presis.diagnostics.interpretation import Interpreter
    from presis.diagnostics.reading import read_one
    from presis.diagnostics.report_render import as_json
    from presis.knowledge import load_library

    library = load_library()
    case = REPO / "src" / "presis" / "diagnostics" / "demo_data" / "invented_colorectal"
    content = make_content(read_one([case], library), Interpreter(library), None, None)
    document = json.loads(as_json(content, DRAFT))
    assert set(document) == {"status", "content_hash", "report"}
    assert set(document["report"]) == set(report_schema()["properties"])
