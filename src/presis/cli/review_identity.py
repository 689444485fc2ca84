"""What `presis review accept` does, and what stands between a report and its signatures."""

from __future__ import annotations

from collections.abc import Iterator

from presis.cli._shared import console, print_json
from presis.cli.desk import Desk, chosen
from presis.cli.review_bench import bench_of
from presis.diagnostics.bench import mismatches, standing_stops
from presis.diagnostics.identity import acceptable, mismatch_key
from presis.diagnostics.identity_acceptance import AcceptMismatch
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.requisition import Requisition
from presis.errors import BadInput


def stop_lines(desk: Desk, state: Requisition, content: ReportContent) -> Iterator[str]:
    """What stands between the report and its signatures, and what to do with it."""
    say, number = desk.say, state.number
    for each in standing_stops(state, content, desk.application.open_content, desk.beside(state)):
        yield f"Not to be signed: {say.say(f'identity-check.{each.check}')}: {say.why(each.reason)}."
        if each.acceptable and state.state == "review":
            yield f"Answer for it:  presis review accept {number} {each.check} --why '…'"
        else:
            yield f"Ask for a repeat:  presis requisition repeat {number}"


def accept_mismatch(desk: Desk, number: str, seen: int | None, check: str, why: str) -> None:
    """Answer for every mismatch of a check that stands now."""
    bench = bench_of(desk, number, "preview", "accept-mismatch")
    named = chosen(check, acceptable(), "CHECK")
    found = mismatches(bench.state, desk.application.open_content, desk.beside(bench.state))
    wanted = [each for each in found if each.check == named]
    if not wanted:
        standing = ", ".join(dict.fromkeys(each.check for each in found)) or "none"
        raise BadInput.of(
            "mismatch-absent",
            f"no mismatch of {named} stands at {number}; standing: {standing}.",
            field="CHECK",
            found=check,
            accepted=standing,
        )
    version = bench.version if seen is None else seen
    for each in wanted:
        told = {"check": named, "mismatch": mismatch_key(each), "why": why}
        base = {"number": number, "seen": version, **told}
        desk.give(lambda ids: AcceptMismatch(**ids), f"requisitions/{number}/preview", **base)
        version += 1
    if desk.as_json:
        print_json({"number": number, "check": named, "accepted": len(wanted), "version": version})
    else:
        console().print(f"{number}: {desk.say.say('web.accepted')}", markup=False)
