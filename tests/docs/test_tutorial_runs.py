"""What the pages show on a terminal is what it prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.console import Example, Session, differences, examples
from tests.docs.pages import DOCS, PAGES, name, read

SHOWN = [page for page in PAGES if "```console" in read(page)]


@pytest.mark.parametrize("page", SHOWN, ids=name)
def test_the_examples_of_a_page_print_what_it_shows(page: Path, tmp_path: Path) -> None:
    found = differences(page, tmp_path)
    assert not found, f"python tests/docs/console.py {name(page)} writes it anew\n" + "\n\n".join(found)


def test_the_tutorial_walks_the_whole_way() -> None:
    commands = [each.command for block in examples(read(DOCS / "tutorial.md")) for each in block]
    way = [
        "panel show",
        "variant",
        "report make",
        "record init",
        "report register",
        "report sign",
        "report amend",
        "record verify",
        "report batch",
    ]
    places = [next(i for i, each in enumerate(commands) if each.startswith(f"presis {step}")) for step in way]
    assert places == sorted(places)


def test_a_hash_in_a_page_stands_for_the_one_that_was_printed(tmp_path: Path) -> None:
    session = Session(tmp_path)
    shown, printed = ["sha256 aaaaaaaaaaaaaaaa, R-2026-0007"], ["sha256 0123456789abcdef, R-2031-0007"]
    assert session.agrees(shown, printed)
    assert (
        session.actual("sign R-2026-0007 --hash aaaaaaaaaaaaaaaa")
        == "sign R-2031-0007 --hash 0123456789abcdef"
    )


def test_a_hash_shown_twice_must_be_printed_twice(tmp_path: Path) -> None:
    shown = ["aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa"]
    assert not Session(tmp_path).agrees(shown, ["0123456789abcdef", "fedcba9876543210"])


@pytest.mark.parametrize(
    ("shown", "printed", "agree"),
    [
        (["one", "…"], ["one", "two", "three"], True),
        (["…", "three"], ["one", "two", "three"], True),
        (["one … three"], ["one two three"], True),
        (["one"], ["one", "two"], False),
        (["one", "…"], ["two"], False),
    ],
)
def test_an_ellipsis_stands_for_anything(
    shown: list[str], printed: list[str], agree: bool, tmp_path: Path
) -> None:
    assert Session(tmp_path).agrees(shown, printed) is agree


def test_a_command_that_fails_without_saying_so_in_the_page_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="left with 3"):
        Session(tmp_path).run(Example("exit 3"))
