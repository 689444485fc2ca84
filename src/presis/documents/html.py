"""Pages from Jinja templates: one file, styles inside, nothing loaded from anywhere."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

STYLES = Path(__file__).parent / "styles"
FONTS = Path(__file__).parent / "fonts"


@cache
def font_faces() -> str:
    """Inter, as rules that carry it: a page looks alike on every machine, and loads nothing."""
    rules = []
    for file in sorted(FONTS.glob("*.woff2")):
        weight = "400" if "400" in file.stem else "600"
        style = "italic" if file.stem.endswith("_Italic") else "normal"
        data = base64.b64encode(file.read_bytes()).decode()
        rules.append(
            f"@font-face {{ font-family: Inter; font-weight: {weight}; font-style: {style}; "
            f'src: url("data:font/woff2;base64,{data}") format("woff2"); }}'
        )
    return "\n".join(rules)


@cache
def environment(folder: Path) -> Environment:
    """The templates of a folder, escaping everything, and refusing a name that the view lacks."""
    made = Environment(
        loader=FileSystemLoader([folder, STYLES]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["font_faces"] = Markup(font_faces())  # noqa: S704 - our own files
    return made


def render_html(template: Path, view: Any) -> str:
    """The page of a view, which the template knows as `view`."""
    return environment(template.parent).get_template(template.name).render(view=view)
