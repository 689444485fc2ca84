"""Text that mixes styles: a tuple of (style, words)."""

from __future__ import annotations

from collections.abc import Iterable

#: style: "", "bold", "gene", "open" (unknown), "stop" (resistance, failure), "muted"
Run = tuple[str, str]
Runs = tuple[Run, ...]


def plain(runs: Runs) -> str:
    """The words alone."""
    return "".join(text for _, text in runs)


def joined(parts: Iterable[Runs], separator: str, last: str | None = None) -> Runs:
    """Parts with a separator between them, and another before the last one."""
    items = list(parts)
    out: list[Run] = []
    for index, part in enumerate(items):
        if index:
            final = last is not None and index == len(items) - 1
            out.append(("", last if final and last is not None else separator))
        out.extend(part)
    return tuple(out)


def capitalised(runs: Runs) -> Runs:
    """The same with a capital at its beginning."""
    if not runs or not runs[0][1]:
        return runs
    (style, text), *rest = runs
    return ((style, text[0].upper() + text[1:]), *rest)
