"""What `presis review list` prints: each finding with its judgement, and what the laboratory remembers."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from presis.cli._shared import console, print_json
from presis.cli.desk import Desk, chosen
from presis.cli.review_bench import Bench, bench_of
from presis.cli.who import person_name
from presis.diagnostics.judged import Judged
from presis.diagnostics.memory import Seen, carried_otherwise, seen_before
from presis.diagnostics.report_findings import oncogenicity_text
from presis.diagnostics.report_model import FindingJson
from presis.diagnostics.requisition import subject
from presis.diagnostics.review_lists import (
    LISTS,
    Reviewed,
    classes_text,
    measured_text,
    order_of,
    progress,
    review_lists,
    tier_text,
    why_not_judged,
)


def show_findings(desk: Desk, number: str, which: str) -> None:
    """One of the lists of a review."""
    name = chosen(which, LISTS, "--list")
    bench = bench_of(desk, number, "review")
    lists = review_lists(bench.content, bench.judged)
    found = sorted(lists[name], key=order_of)
    seen = seen_of(desk, bench, [each.key or "" for each in found])
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
    may = desk.application.access.authorise(desk.actor, "judge-finding", subject(bench.state)) is None
    if no := why_not_judged(bench.state.state, may=may):
        out.print(desk.say.say(no), markup=False)
    if not found:
        out.print(desk.say.say("web.list-empty"), markup=False)
    for each in found:
        out.print()
        _show_finding(desk, bench, each, seen.get(each.key or ""), out)
    if whole := desk.open_text(bench.state.text):
        out.print(f"\n{desk.say.say('web.whole')}:", markup=False)
        out.print(Padding(whole, (0, 0, 0, 2)), markup=False)
    others = ", ".join(f"{each} {len(lists[each])}" for each in LISTS)
    out.print(f"\nThis is version {bench.version}. --list: {others}", markup=False)


def seen_of(desk: Desk, bench: Bench, keys: list[str]) -> dict[str, Seen]:
    """What the laboratory said of changes in other requisitions, by key; whose they are is written down."""
    index = desk.application.keys().index
    indexes = {key: index("finding", key) for key in keys}
    seen = seen_before(desk.application.record, desk.actor, indexes, bench.number)
    carrying = (row["patient"] for key in keys for row in _carriers(desk, key, bench.judged.get(key)))
    others = (*(each.last["patient"] for each in seen.values()), *carrying)
    desk.shown(f"requisitions/{bench.number}/review", others)
    return seen


def _show_finding(desk: Desk, bench: Bench, each: Reviewed, seen: Seen | None, out: Console) -> None:
    """Its name, measure and tier on a line; below it what was computed, judged and remembered."""
    say, key = desk.say, each.key or ""
    judged = bench.judged.get(key)
    if isinstance(each, FindingJson):
        head = f"{each.label:<30}  {measured_text(each, say):<10}  {tier_words(desk, each)}"
        computed = ("computed", oncogenicity_text(each, say) or say.say("web.not-classed"))
    else:
        head, computed = each.label, ("left out", say.term("step", each.step))
    out.print(head.rstrip(), markup=False)
    lines = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    lines.add_column(width=8, no_wrap=True)
    lines.add_column(overflow="fold")
    rows = [computed, ("judged", _judged_words(desk, judged))]
    if judged and judged.text:
        rows.append(("comment", judged.text))
    rows += _remembered(desk, seen)
    if carriers := _carriers(desk, key, judged):
        told = ", ".join(f"{row['report']} ({_carried(desk, row)})" for row in carriers)
        rows.append(("reports", f"{say.say('web.carried-otherwise')} {told}"))
    for name, value in [*rows, ("key", key)]:
        lines.add_row(name, Text(value))
    out.print(Padding(lines, (0, 0, 0, 2)), markup=False)


def tier_words(desk: Desk, each: FindingJson) -> str:
    """Its tiers with a hyphen that can be searched for."""
    return tier_text(each.amp, desk.say).replace("\u2011", "-")


def verdict_words(desk: Desk, judged: Judged) -> str:
    """A judgement in a word: the verdict, or the class that a person gave."""
    if judged.oncogenicity:
        return desk.say.say(f"class.{judged.oncogenicity}")
    return desk.say.say(f"verdict.{judged.verdict}")


def _judged_words(desk: Desk, judged: Judged | None) -> str:
    if judged is None:
        return "not yet"
    by = desk.say.say("web.judged-by", {"who": person_name(judged.person), "when": desk.say.day(judged.on)})
    words = f"{verdict_words(desk, judged).lower()} {by}"
    return f"{words}: {judged.reason}" if judged.reason else words


def _remembered(desk: Desk, seen: Seen | None) -> list[tuple[str, str]]:
    """What the laboratory said of the change in other requisitions."""
    if seen is None:
        return []
    say, last = desk.say, seen.last
    verdicts = ", ".join(f"{say.say(f'verdict.{name}').lower()} {n}" for name, n in seen.verdicts.items())
    told = {
        "verdict": say.say(f"verdict.{last['verdict']}").lower(),
        "who": person_name(last["person"]),
        "when": say.day(last["judged"]),
        "number": last["requisition"],
    }
    why = _why(desk, seen)
    lines = [
        ("before", f"{say.say('web.seen-times', {'times': seen.times})}: {verdicts}"),
        ("", say.say("web.seen-last", told) + (f": {why}" if why else "")),
    ]
    return [*lines, ("", say.say("web.known-artefact"))] if seen.is_artefact else lines


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
            "tiers": tier_words(desk, each),
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
