"""The pages of the documentation, for the tests that read them."""

from __future__ import annotations

import re
from pathlib import Path

REPO = Path(__file__).parents[2]
DOCS = REPO / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
ROOT_PAGES = [REPO / "README.md", REPO / "CONTRIBUTING.md", REPO / "CHANGELOG.md"]
ROOM_PAGES = sorted((REPO / "src").rglob("README.md"))


def name(page: Path) -> str:
    return str(page.relative_to(REPO))


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def sections(page: Path, level: int = 2) -> dict[str, str]:
    """Heading to text, of one level of headings."""
    parts = re.split(rf"^{'#' * level} (.+)$", read(page), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def coded(text: str) -> set[str]:
    """Everything in backticks, whole and word by word."""
    spans = re.findall(r"`([^`\n]+)`", text)
    return {*spans, *(word for span in spans for word in re.findall(r"[\w-]+", span))}
