"""What `presis review list` prints: each finding with its judgement, and what the laboratory remembers."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from presis.cli._shared import console, print_json
from presis.cli.desk import Desk, chosen, patient_of
from presis.cli.review_bench import Bench, bench_of
from presis.cli.who import person_name
from presis.diagnostics.judged import Judged
from presis.diagnostics.memory import Seen, carried_otherwise, seen_before
from presis.diagnostics.report_findings import finding_name, oncogenicity_text
from presis.diagnostics.report_model import FindingJson
from presis.diagnostics.review_lists import (
    LISTS,
    Reviewed,
    classes_text,
    measured_text,
    order_of,
    progress,
    review_lists,
    tier_text,
)
from presis.documents.runs import plain


def show_findings(desk: Desk, number: str, which: str) -> None:
    """One of the lists of a review."""
    name = chosen(which, LISTS, "--list")
    bench = bench_of(desk, number)
    lists = review_lists(bench.content, bench.judged)
    found = sorted(lists[name], key=order_of)
    seen = seen_of(desk, bench, [each.key or "" for each in found])
    desk.shown(f"requisitions/{number}/review", [patient_of(bench.state)])
    if desk.as_json:
        told = [finding_json(desk, bench, each, seen.get(each.key or "")) for each in found]
        counts = {each: len(lists[each]) for each in LISTS}
        whole = desk.open_text(bench.state.text)
        print_json(
            {
                "number": number,
                "version": bench.version,
                "list": name,
                "counts": counts,
                "text": whole,
                "findings": told,
            }
        )
        return
    out = console()
    out.print(f"{number}: {desk.say.say(*progress(lists, bench.judged))}", markup=False)
    if not found:
        out.print(desk.say.say("web.list-empty"))
    for each in found:
        out.print()
        _show_finding(desk, bench, each, seen.get(each.key or ""), out)
    if whole := desk.open_text(bench.state.text):
        out.print(f"\n{desk.say.say('web.whole')}:")
        out.print(Padding(whole, (0, 0, 0, 2)), markup=False)
    others = ", ".join(f"{each} {len(lists[each])}" for each in LISTS)
    out.print(f"\nThis is version {bench.version}. --list: {others}", markup=False)


def seen_of(desk: Desk, bench: Bench, keys: list[str]) -> dict[str, Seen]:
    """What the laboratory said of changes in other requisitions, by key."""
    index = desk.application.keys().index
    indexes = {key: index("finding", key) for key in keys}
    return seen_before(desk.application.record, desk.actor, indexes, bench.number)


def _show_finding(desk: Desk, bench: Bench, each: Reviewed, seen: Seen | None, out: Console) -> None:
    say, key = desk.say, each.key or ""
    judged = bench.judged.get(key)
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False, expand=False)
    for width in (28, 8, 31, 9):
        grid.add_column(width=width, overflow="fold")
    if isinstance(each, FindingJson):
        grid.add_row(
            plain(finding_name(each, say)).replace("\u200b", ""),
            measured_text(each, say),
            oncogenicity_text(each, say) or say.say("web.not-classed"),
            tier_text(each.amp, say),
        )
        out.print(grid)
    else:
        out.print(f"{each.label}: {say.term('step', each.step)}", markup=False)
    lines = [key, _judged_words(desk, judged), *_remembered(desk, seen)]
    if judged and judged.text:
        lines.insert(2, f"{say.say('web.text-for-report')}: {judged.text}")
    carriers = _carriers(desk, key, judged)
    if carriers:
        told = ", ".join(f"{row['report']} ({_carried(desk, row)})" for row in carriers)
        lines.append(f"{say.say('web.carried-otherwise')} {told}")
    for line in lines:
        out.print(Padding(line, (0, 0, 0, 4)), markup=False)


def verdict_words(desk: Desk, judged: Judged) -> str:
    """A judgement in a word: the verdict, or the class that a person gave."""
    if judged.oncogenicity:
        return desk.say.say(f"class.{judged.oncogenicity}")
    return desk.say.say(f"verdict.{judged.verdict}")


def _judged_words(desk: Desk, judged: Judged | None) -> str:
    if judged is None:
        return desk.say.say("web.not-judged")
    by = desk.say.say("web.judged-by", {"who": person_name(judged.person), "when": desk.say.day(judged.on)})
    words = f"{desk.say.say('web.judgement')}: {verdict_words(desk, judged)}, {by}"
    return f"{words}: {judged.reason}" if judged.reason else words


def _remembered(desk: Desk, seen: Seen | None) -> list[str]:
    if seen is None:
        return []
    say, last = desk.say, seen.last
    verdicts = ", ".join(f"{say.say(f'verdict.{name}')} {count}" for name, count in seen.verdicts.items())
    told = {
        "verdict": say.say(f"verdict.{last['verdict']}"),
        "who": person_name(last["person"]),
        "when": say.day(last["judged"]),
        "number": last["requisition"],
    }
    why = _why(desk, seen)
    lines = [
        f"{say.say('web.seen-before', {'times': seen.times})} {verdicts}",
        say.say("web.seen-last", told) + (f": {why}" if why else ""),
    ]
    return [*lines, say.say("web.known-artefact")] if seen.is_artefact else lines


def _why(desk: Desk, seen: Seen) -> str:
    return str(json.loads(desk.application.open_content(seen.last["judgement"]))["why"])


def _carriers(desk: Desk, key: str, judged: Judged | None) -> list[dict[str, Any]]:
    if judged is None:
        return []
    index = desk.application.keys().index("finding", key)
    return carried_otherwise(desk.application.record, desk.actor, index, judged)


def _carried(desk: Desk, row: dict[str, Any]) -> str:
    return classes_text(row["oncogenicity"].split("/") if row["oncogenicity"] else (), desk.say)


def finding_json(desk: Desk, bench: Bench, each: Reviewed, seen: Seen | None) -> dict[str, Any]:
    """A finding of the review as data; what was left out has its step, and no class."""
    key = each.key or ""
    judged = bench.judged.get(key)
    told: dict[str, Any] = {"key": key, "label": each.label}
    if isinstance(each, FindingJson):
        onco = each.oncogenicity
        told |= {
            "kind": each.kind,
            "genes": each.genes,
            "place": each.place,
            "allele_fraction": each.allele_fraction,
            "computed": onco.classes if onco else [],
            "points": list(onco.total) if onco else None,
            "tiers": tier_text(each.amp, desk.say).replace("\u2011", "-"),
        }
    else:
        told |= {"left_out_by": each.step, "place": each.place}
    return told | {
        "judgement": None if judged is None else _judged_json(judged),
        "seen_before": None if seen is None else _seen_json(desk, seen),
        "carried_otherwise": [
            {"report": row["report"], "classes": row["oncogenicity"]} for row in _carriers(desk, key, judged)
        ],
    }


def _judged_json(judged: Judged) -> dict[str, Any]:
    return {
        "verdict": judged.verdict,
        "class": judged.oncogenicity,
        "computed_then": list(judged.computed),
        "reason": judged.reason,
        "comment": judged.text,
        "by": judged.person,
        "on": judged.on,
    }


def _seen_json(desk: Desk, seen: Seen) -> dict[str, Any]:
    names = ("verdict", "oncogenicity", "person", "judged", "requisition")
    return {
        "times": seen.times,
        "verdicts": dict(seen.verdicts),
        "persons": list(seen.persons),
        "last": {name: seen.last[name] for name in names} | {"reason": _why(desk, seen)},
        "is_artefact": seen.is_artefact,
    }
