"""The README keeps its word."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml
from tests.docs.console import Session
from tests.docs.pages import REPO, read

README = read(REPO / "README.md")


def test_both_commands_stand_at_the_top() -> None:
    head = README.splitlines()[:10]
    assert any(line.startswith("make demo") for line in head)
    assert any(line.startswith("make test") for line in head)


def test_what_the_demo_is_said_to_print_is_what_it_prints(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    done = subprocess.run(
        [sys.executable, "scripts/demo.py", str(out)], cwd=REPO, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    printed = [line.rstrip() for line in done.stdout.replace(str(out), "demo").splitlines()]
    session = Session(tmp_path)
    shown = re.findall(r"^```text\n(\$ .*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    assert len(shown) == 2
    for block in "\n\n".join(each.strip() for each in shown).split("\n\n"):
        lines = block.splitlines()
        starts = [i for i, line in enumerate(printed) if session.agrees(lines[:1], [line])]
        assert any(session.agrees(lines, printed[i : i + len(lines)]) for i in starts), block


def test_the_folders_of_the_tree_are_there() -> None:
    tree = README.partition("## Where everything is")[2].partition("```text")[2].partition("```")[0]
    for line in tree.strip().splitlines():
        inside = REPO / "src" / "presis" if line.startswith("  ") else REPO
        for each in re.findall(r"(?:^|\s)(\.?[\w./]+(?:/|\.py|\.md|\.toml))(?=\s|$)", line):
            assert (inside / each).exists(), each


def test_every_pack_with_a_licence_to_name_is_named() -> None:
    for manifest in sorted((REPO / "src" / "presis" / "knowledge" / "packs").glob("*/manifest.yaml")):
        licence = yaml.safe_load(manifest.read_text(encoding="utf-8"))["licence"]
        for name in re.findall(r"CC0(?! named)|CC BY 4\.0|Apache-2\.0", licence):
            assert name in README, f"{manifest.parent.name}: {licence}"


def test_the_status_is_said() -> None:
    assert "Not CE-marked" in README
    assert "article 5(5)" in README
