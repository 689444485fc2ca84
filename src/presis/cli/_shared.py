"""What every command needs: JSON for programs, tables for people."""

from __future__ import annotations

import json
import re
import sys
from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from rich.console import Console


def print_json(value: Any) -> None:
    """One JSON document on standard output, keys in the order given."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


class _Trimmed:
    """Standard output without the blanks that fill a table's lines to its width."""

    def write(self, text: str) -> int:
        return sys.stdout.write(re.sub(r" +$", "", text, flags=re.MULTILINE))

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stdout, name)


def console(columns: int = 80) -> Console:
    """The console for tables; so many columns, and no trailing blanks, where no terminal says otherwise."""
    from rich.console import Console

    if sys.stdout.isatty():
        return Console(highlight=False, soft_wrap=False)
    return Console(width=columns, file=cast("IO[str]", _Trimmed()), highlight=False, soft_wrap=False)
