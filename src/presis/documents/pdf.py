"""Documents typeset by Typst: tagged PDF for screen readers (PDF/UA-1), our own fonts, no network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"


def render_pdf(template: Path, data: Any) -> bytes:
    """The PDF of a template, which reads `data` as JSON from `sys.inputs.data`."""
    import typst

    made = typst.compile(
        str(template),
        root=str(template.parent),
        format="pdf",
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str)},
        pdf_standards=["ua-1"],
    )
    return bytes(made)
