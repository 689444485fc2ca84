"""Pages from Jinja templates: one file, styles inside, nothing loaded from anywhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

STYLES = Path(__file__).parent / "styles"


@cache
def environment(folder: Path) -> Environment:
    """The templates of a folder, escaping everything, and refusing a name that the view lacks."""
    return Environment(
        loader=FileSystemLoader([folder, STYLES]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_html(template: Path, view: Any) -> str:
    """The page of a view, which the template knows as `view`."""
    return environment(template.parent).get_template(template.name).render(view=view)
