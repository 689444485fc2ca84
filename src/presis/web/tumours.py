"""Tumour types by name, for pages."""

from __future__ import annotations

from presis.knowledge import load_library


def tumour_name(code: str | None) -> str | None:
    """OncoTree's name of a code; None if there is no such code."""
    node = load_library().oncotree.node(code) if code else None
    return node.name if node else None
