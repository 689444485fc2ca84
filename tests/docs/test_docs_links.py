"""Links in the pages lead somewhere inside, paths that they name exist, and the site is whole by itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.docs.pages import PAGES, REPO, ROOM_PAGES, ROOT_PAGES, name, read

EVERY = [*PAGES, *ROOT_PAGES, *ROOM_PAGES]
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Headings as the site names them."""
    from markdown.extensions.toc import slugify

    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", read(page)), flags=re.MULTILINE)
    return {slugify(re.sub(r"[`*]", "", each), "-") for each in headings}


@pytest.mark.parametrize("page", EVERY, ids=name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(FENCED.sub("", read(page))):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name(page)} links to {target}"
        if anchor:
            assert anchor in anchors(there), f"{name(page)} links to {target}"


@pytest.mark.parametrize("page", EVERY, ids=name)
def test_scripts_and_folders_that_a_page_names_exist(page: Path) -> None:
    named = re.findall(r"`((?:benchmarks|scripts|tests|docs|src/presis)/[\w./-]*\w/?)`", read(page))
    gone = [
        each for each in named if "NAME" not in each and "ROOM" not in each and not (REPO / each).exists()
    ]
    assert not gone


class Assets(HTMLParser):
    """Addresses from which a page loads something by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        address = given.get("src") or (given.get("href") if tag == "link" else None)
        if address and given.get("rel") != "canonical":
            self.loaded.append(address)


def test_the_site_builds_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--strict",
            "--quiet",
            "--site-dir",
            str(tmp_path / "site"),
        ],
        cwd=REPO,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        assets = Assets()
        assets.feed(page.read_text(encoding="utf-8"))
        assert assets.loaded
        assert [each for each in assets.loaded if each.startswith(("http:", "https:", "//"))] == []
