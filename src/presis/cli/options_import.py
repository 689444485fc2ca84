"""What `presis options import` writes and says."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from presis.application import now
from presis.cli._shared import print_json
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.matching.ctml import Mode, Remarks, read_trials
from presis.matching.ctml.import_options import Imported, Importing, imported
from presis.matching.known import known_of
from presis.matching.rule_reading import shipped_named

#: what reading notices that matters here; what MatchEngine ignores is asked by the options
_TOLD = frozenset({"ctml.trial_match", "ctml.step_without_arms"})
COMPLETE = (
    "To complete by a person: kind, name, offers, access and evidence of each option, places and opening days"
    " if there are any; then presis rules check."
)


@dataclass(frozen=True, slots=True)
class Import:
    """The command's arguments as they were typed."""

    trials: Sequence[Path]
    out: Path | None
    drugs: Sequence[str]
    valid_from: str | None


def import_trials(asked: Import, *, as_json: bool) -> None:
    """Read trials, make options, write or print them, and say what is left to do."""
    remarks = Remarks(Mode.STRICT)
    known = known_of(load_library())
    at_hand = Importing(known, shipped_named(known), _day(asked.valid_from), _drugs(asked.drugs))
    made = imported(read_trials(asked.trials, remarks), at_hand, remarks.errors)
    written = [each for each in made if each.options]
    if asked.out is not None:
        _write(written, asked.out)
    warned = [str(each) for each in remarks.warnings if each.code in _TOLD]
    if as_json:
        print_json(_object(made, warned))
        return
    if asked.out is None:
        for each in written:
            print(each.text, end="")
    beside = sys.stderr if asked.out is None else sys.stdout  # the options alone are the output
    for line in (*warned, *_lines(made, asked.out)):
        print(line, file=beside)


def _lines(made: Sequence[Imported], out: Path | None) -> Iterator[str]:
    for each in made:
        for left in each.left_out:
            yield str(left)
        for said in each.stricter:
            yield f"{said} (stricter than the trial)"
    for each in made:
        place = f" in {out / each.file}" if out is not None and each.options else ""
        yield f"{each.trial.protocol}: options made: {each.options}{place}"
    if any(each.options for each in made):
        yield COMPLETE


def _object(made: Sequence[Imported], warned: list[str]) -> dict[str, object]:
    trials = [
        {
            "protocol_no": each.trial.protocol,
            "options": each.options,
            "file": each.file if each.options else None,
            "yaml": each.text if each.options else None,
            "left_out": [left.to_json() for left in each.left_out],
            "stricter": [said.to_json() for said in each.stricter],
        }
        for each in made
    ]
    return {"trials": trials, "warnings": warned, "to_complete": COMPLETE}


def _day(text: str | None) -> date:
    try:
        return now().date() if text is None else date.fromisoformat(text)
    except ValueError:
        said = f"{text!r} is no date; write it as 2026-03-14."
        raise BadInput.of("ctml.valid_from", said, field="--valid-from", found=text) from None


def _drugs(texts: Sequence[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, sign, drug = text.partition("=")
        if not (sign and name and drug):
            raise BadInput.of("ctml.drug", f"{text!r} isn't ID=DRUG", field="--drug", found=text)
        found[name.strip()] = drug.strip()
    return found


def _write(made: Sequence[Imported], out: Path) -> None:
    """A file a trial; one that is there already stays, and nothing is written."""
    there = [out / each.file for each in made if (out / each.file).exists()]
    if there:
        said = "is there already; name another folder, or take it away"
        raise BadInput(*(BadInput.of("ctml.out", said, file=str(each)).problems[0] for each in there))
    try:
        out.mkdir(parents=True, exist_ok=True)
        for each in made:
            (out / each.file).write_text(each.text, encoding="utf-8")
    except OSError as error:
        raise BadInput.of("ctml.out", f"can't be written: {error.strerror}", file=str(out)) from None
