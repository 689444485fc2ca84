"""Cells of a table that people open in a spreadsheet: a text is never a formula there."""

from __future__ import annotations

import re

#: What a spreadsheet takes for the beginning of a formula, or passes over before one.
_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")
_MARK = "'"


def safe_cell(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run; a number stays a number.

    >>> safe_cell("=1+1"), safe_cell("-0.5"), safe_cell("-c.5"), safe_cell("BRAF")
    ("'=1+1", '-0.5', "'-c.5", 'BRAF')
    """
    runs = text.lstrip(" ").startswith(_BEGINNINGS) and not _NUMBER.fullmatch(text)
    # one that begins with an apostrophe already gets another, so that it comes back as it was
    return f"{_MARK}{text}" if runs or _is_marked(text) else text


def cell_told(text: str) -> str:
    """What was written with `safe_cell`, without its apostrophe.

    >>> cell_told(safe_cell("=1+1")), cell_told("'quoted'")
    ('=1+1', "'quoted'")
    """
    return text[1:] if _is_marked(text) else text


def _is_marked(text: str) -> bool:
    return text.startswith(_MARK) and text.lstrip(_MARK).lstrip(" ").startswith(_BEGINNINGS)
