"""Small charts as SVG, each with its sentence, a description for those who can't see it, and its data.

Plain shapes from a template, so that they are drawn in a fraction of a millisecond, read in grey, and
look the same in a page and in a PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_INK, _MUTED, _LINE, _FILL = "#15191e", "#515b66", "#dde1e6", "#7d96b5"
_FONT = 'font-family="Inter, system-ui, sans-serif"'


@dataclass(frozen=True, slots=True)
class Bar:
    """One value with its name and how it is written."""

    name: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: the sentence above it, its description, its SVG, and the data beside it."""

    title: str
    description: str
    svg: str
    rows: tuple[tuple[str, str], ...]


def bars(
    title: str, description: str, values: Sequence[Bar], *, limit: float | None, reference: float | None
) -> Chart:
    """Horizontal bars, one a name; `limit` is the axis' end, `reference` a line such as normal."""
    end = limit or max(max(each.value for each in values) * 1.1, (reference or 0) * 1.5)
    left, width, row = 190.0, 380.0, 17.0
    height = row * len(values) + 6
    parts = []
    for index, each in enumerate(values):
        y = index * row + 3
        length = max(1.0, min(each.value, end) / end * width)
        parts.append(_text(left - 8, y + 11.5, each.name, anchor="end", colour=_INK))
        parts.append(_rect(left, y + 3, length, row - 6))
        parts.append(_text(left + length + 6, y + 11.5, each.text, anchor="start", colour=_MUTED))
    if reference is not None:
        x = left + reference / end * width
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}" stroke="{_MUTED}" stroke-dasharray="2 2"/>'
        )
    parts.append(f'<line x1="{left}" x2="{left}" y1="0" y2="{height}" stroke="{_LINE}"/>')
    return _chart(title, description, parts, 640, height, values)


def columns(title: str, description: str, values: Sequence[Bar], *, unit: str) -> Chart:
    """Upright columns, one a class, with their counts above and their names below."""
    highest = max(each.value for each in values) or 1.0
    step, top, base = 60.0, 16.0, 96.0
    parts = [f'<line x1="0" x2="640" y1="{base}" y2="{base}" stroke="{_LINE}"/>']
    for index, each in enumerate(values):
        x = index * step + 12
        height = (base - top) * each.value / highest
        parts.append(_rect(x, base - height, step - 16, height))
        middle = x + (step - 16) / 2
        if each.value:
            parts.append(_text(middle, base - height - 4, each.text, anchor="middle", colour=_MUTED))
        parts.append(_text(middle, base + 14, f"{each.name} {unit}", anchor="middle", colour=_MUTED))
    return _chart(title, description, parts, 640, base + 20, values)


def _rect(x: float, y: float, width: float, height: float) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{_FILL}"/>'


def _text(x: float, y: float, text: str, *, anchor: str, colour: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="11" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place} {_FONT}>{escape(text)}</text>"


def _chart(
    title: str, description: str, parts: Sequence[str], width: float, height: float, values: Sequence[Bar]
) -> Chart:
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    about = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    rows = tuple((each.name, each.text) for each in values)
    return Chart(title, description, head + about + "".join(parts) + "</svg>", rows)
