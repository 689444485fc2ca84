"""What `presis match` prints, and how its options are read."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from presis.application import now
from presis.cli._shared import console, print_json
from presis.errors import BadInput
from presis.matching.ctml import Mode, Remarks, Verdicts
from presis.methods.reasons import Reason
from presis.methods.rules import Truth

_STRICT = {Truth.NO: "not_satisfied", Truth.UNKNOWN: "unknown", Truth.YES: "satisfied"}


def date_of(age_at: str | None) -> date:
    """The day at which ages count; today enters here."""
    try:
        return now().date() if age_at is None else date.fromisoformat(age_at)
    except ValueError:
        said = f"{age_at!r} is no date; write it as 2026-03-14."
        raise BadInput.of("ctml.age_at", said, field="--age-at", found=age_at) from None


def mode_of(word: str) -> Mode:
    """The mode by its word."""
    try:
        return Mode(word)
    except ValueError:
        accepted = ", ".join(Mode)
        said = f"{word!r} is no mode; use one of {accepted}."
        raise BadInput.of("ctml.mode", said, field="--mode", found=word, accepted=accepted) from None


def print_warnings(remarks: Remarks, *, coverage: Path | None) -> None:
    """What MatchEngine ignores or reads otherwise, a line each on standard error."""
    if remarks.mode is Mode.CTML and coverage is not None:
        print("presis: warning: --coverage counts in strict mode only.", file=sys.stderr)
    for problem in remarks.warnings:
        print(f"presis: warning: {problem}", file=sys.stderr)


def print_clinical_alone(found: Mapping[str, int]) -> None:
    """Whom MatchEngine leaves untold, a line for each trial on standard error."""
    for protocol, count in found.items():
        said = (
            f"{protocol}: clinical criteria alone lead to {count} of the samples, and MatchEngine writes no "
            "match of that; --report-all-clinical-reasons tells them."
        )
        print(f"presis: warning: {said}", file=sys.stderr)


def print_matches(found: Mapping[str, list[str]], *, as_json: bool) -> None:
    """MatchEngine's answer: for each trial its samples."""
    if as_json:
        print_json(found)
        return
    for protocol, samples in found.items():
        print(f"{protocol}: {len(samples)} matched.")
        for sample in samples:
            print(f"  {sample}")


def print_verdicts(found: Mapping[str, Verdicts], *, as_json: bool) -> None:
    """The strict answer: satisfied, unknown, and where MatchEngine says otherwise."""
    if as_json:
        print_json({protocol: verdicts_json(verdicts) for protocol, verdicts in found.items()})
        return
    from rich.table import Table

    for protocol, verdicts in found.items():
        print(f"{protocol}: {len(verdicts.satisfied)} satisfied, {len(verdicts.unknown)} unknown.")
        table = Table("sample", "answer", "MatchEngine", "settled by, or why", box=None, pad_edge=False)
        apart = {each.sample: each for each in verdicts.differs}
        settled = {each.sample: each.settled_by for each in verdicts.unknown}
        for sample in sorted({*verdicts.satisfied, *apart}):
            each = apart.get(sample)
            if each is None:
                table.add_row(sample, "satisfied", "match", "")
                continue
            said = settled.get(sample) or each.why
            answer = _STRICT[each.strict].replace("_", " ")
            table.add_row(sample, answer, "match" if each.upstream else "no match", _words(said))
        if table.row_count:
            console().print(table)


def verdicts_json(verdicts: Verdicts) -> dict[str, Any]:
    """A trial's strict answer as JSON."""
    return {
        "satisfied": list(verdicts.satisfied),
        "unknown": [
            {"sample": each.sample, "settled_by": [_reason_json(reason) for reason in each.settled_by]}
            for each in verdicts.unknown
        ],
        "differs": [
            {
                "sample": each.sample,
                "upstream": "match" if each.upstream else "no_match",
                "strict": _STRICT[each.strict],
                "why": [_reason_json(reason) for reason in each.why],
            }
            for each in verdicts.differs
        ],
    }


def _reason_json(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, **reason.values}


def _words(reasons: Iterable[Reason]) -> str:
    """A reason's code and values, for people who look them up in the reference."""
    return "; ".join(
        " ".join([each.code.replace("_", " "), *map(str, each.values.values())]) for each in reasons
    )
