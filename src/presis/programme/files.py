"""Where the programme's own files are, also inside an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent


@cache
def load_yaml(name: str) -> Any:
    """The parsed content of a file under `programme/`, such as `rules/msi.yaml`; not to be changed."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is some ten times faster
    return yaml.load((ROOT / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both are safe
