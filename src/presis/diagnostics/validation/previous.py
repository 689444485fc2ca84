"""An earlier run beside this one: what a new version of Presis, its rules or its packs has moved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from presis.diagnostics.validation.run import Run
from presis.errors import BadInput

SCHEMA = "presis.validation/1"


@dataclass(frozen=True, slots=True)
class Moved:
    """One stated field whose answer is another one than before; None: it wasn't compared in that run."""

    case: str
    subject: str
    field: str
    laboratory: str
    before: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class SinceLast:
    """What moved since an earlier run: `versions` as (what, before, now)."""

    made: str
    versions: tuple[tuple[str, str, str], ...]
    moved: tuple[Moved, ...]


def read_previous(path: Path) -> dict[str, Any]:
    """The `validation.json` of an earlier run; raises `BadInput` for anything else."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        document = None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise BadInput.of(
            "validation.previous", "is no validation.json of an earlier run; give that file", file=path.name
        )
    return document


def since_last(run: Run, previous: Mapping[str, Any]) -> SinceLast:
    """What is otherwise than in an earlier run."""
    before = {
        (e["case"], e["subject"], e["field"], e["laboratory"]): _side(e["outcome"], e["presis"])
        for e in previous["comparisons"]
    }
    now = {(e.case, e.subject, e.field, e.laboratory): _side(e.outcome, e.presis) for e in run.comparisons}
    moved = tuple(
        Moved(*key, before.get(key), now.get(key))
        for key in sorted({*before, *now})
        if before.get(key) != now.get(key)
    )
    old, new = _versions(previous["versions"]), _versions(versions(run))
    changed = tuple(
        (key, old.get(key, "none"), new.get(key, "none"))
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    )
    return SinceLast(previous["made"], changed, moved)


def _side(outcome: str, presis: str) -> str:
    return f"{outcome.replace('_', ' ')}: {presis}"


def versions(run: Run) -> dict[str, Any]:
    """Presis, its rules and its packs, as they stand in the run's files."""
    packs = [{"pack": e.pack, "version": e.version, "sha256": e.sha256} for e in run.knowledge]
    return {"presis": run.presis, "rules": run.rules, "knowledge": packs}


def _versions(told: Mapping[str, Any]) -> dict[str, str]:
    return {
        "Presis": told["presis"],
        **{f"rules {name}": version for name, version in told["rules"].items()},
        **{f"pack {e['pack']}": f"{e['version']} ({e['sha256'][:12]})" for e in told["knowledge"]},
    }
