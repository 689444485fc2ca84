"""Review: the findings in a list, one of them in full, and what people make of it; by keyboard alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from starlette.responses import Response

from presis.diagnostics.bench import computed_content, opened_judgements
from presis.diagnostics.judged import VERDICTS, Judged
from presis.diagnostics.memory import Seen, carried_otherwise, seen_before
from presis.diagnostics.oncogenicity import CLASSES
from presis.diagnostics.report_model import FindingJson, LeftOutJson, ReportContent
from presis.diagnostics.requisition import Requisition
from presis.diagnostics.review import JudgeFinding, WriteInterpretation
from presis.diagnostics.review_lists import (
    LISTS,
    classes_text,
    finding_of,
    progress,
    review_lists,
    why_not_judged,
)
from presis.documents.language import Words
from presis.web.finding_view import FindingView, ListRow, finding_view, list_row
from presis.web.page import Frame, Visit
from presis.web.requisition import may, opened, patient_of, whose


@dataclass(frozen=True, slots=True)
class ListTab:
    """A list of the review, with how many there are in it."""

    word: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What the laboratory said of this change before."""

    times: int
    verdicts: tuple[tuple[str, int], ...]
    last: str
    why: str
    is_artefact: bool


@dataclass(frozen=True, slots=True)
class Carrier:
    """A signed report that carries the change with another class."""

    report: str
    oncogenicity: str
    href: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One finding in full, with the form of a judgement."""

    view: FindingView
    judged: Judged | None
    judged_by: str | None
    known: Known | None
    carriers: tuple[Carrier, ...]
    verdicts: tuple[tuple[str, str], ...]
    classes: tuple[tuple[str, str], ...]
    told: Mapping[str, str]
    problem: str | None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The review of one requisition."""

    template: ClassVar[str] = "review.html"
    frame: Frame
    number: str
    version: int
    whose: tuple[str, bool]
    lead: str
    tabs: tuple[ListTab, ...]
    list_name: str
    rows: tuple[ListRow, ...]
    detail: Detail | None
    text: str
    can_judge: bool
    not_judged: str | None
    next_href: str | None
    can_conclude: bool
    command: str
    csrf: str


@dataclass(frozen=True, slots=True)
class DetailPart:
    """One finding alone, for a page that is open."""

    template: ClassVar[str] = "detail.html"
    number: str
    version: int
    list_name: str
    detail: Detail | None
    can_judge: bool
    command: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Bench:
    """What a review page works on."""

    state: Requisition
    version: int
    content: ReportContent
    judged: Mapping[str, Judged]


def _bench(visit: Visit, number: str) -> Bench | Response:
    found = opened(visit, number)
    if isinstance(found, Response):
        return found
    state, version = found
    if state.reading is None:
        return visit.message(
            "web.nothing-read", "web.nothing-read-text", f"/requisitions/{number}", status=404
        )
    unseal = visit.application.open_content
    content = computed_content(state, unseal)
    return Bench(state, version, content, opened_judgements(state, unseal))


def show(visit: Visit, number: str) -> Response:
    """The page."""
    bench = _bench(visit, number)
    if isinstance(bench, Response):
        return bench
    return _show(visit, bench, {}, None)


def _lists(bench: Bench) -> dict[str, list[FindingJson | LeftOutJson]]:
    """Findings that stand, those that the filter left out, and those that a person dropped."""
    return review_lists(bench.content, bench.judged)


def _show(visit: Visit, bench: Bench, told: Mapping[str, str], problem: str | None) -> Response:
    number, say = bench.state.number, visit.say
    lists = _lists(bench)
    name = visit.request.query_params.get("list") or visit.told("list")
    name = name if name in LISTS else "findings"
    seen = _seen(visit, bench, [each.key or "" for each in lists[name]])
    rows = [
        list_row(each, bench.judged.get(each.key or ""), seen.get(each.key or ""), say)
        for each in lists[name]
    ]
    rows.sort(key=lambda row: row.order)
    keys = [row.key for row in rows]
    wanted = visit.request.query_params.get("f") or visit.told("key")
    chosen = next((row.key for row in rows if row.key == wanted), rows[0].key if rows else None)
    may_judge = may(visit, bench.state, "judge-finding")
    no = why_not_judged(bench.state.state, may=may_judge)
    after = keys[keys.index(chosen) + 1 :] if chosen else []
    model = ReviewPage(
        frame=visit.frame(say.say("web.review-of", {"number": number}), "/requisitions"),
        number=number,
        version=bench.version,
        whose=whose(visit, bench.state, bench.content),
        lead=_lead(bench, lists, say),
        tabs=tuple(
            ListTab(
                say.say(f"web.list-{each}"),
                len(lists[each]),
                f"/requisitions/{number}/review?list={each}",
                each == name,
            )
            for each in LISTS
        ),
        list_name=name,
        rows=tuple(row.marked(row.key == chosen, _href(number, name, row.key)) for row in rows),
        detail=_detail(visit, bench, chosen, seen, told, problem),
        text=told.get("whole")
        or (visit.application.open_content(bench.state.text).decode() if bench.state.text else ""),
        can_judge=may_judge,
        not_judged=say.say(no) if no else None,
        next_href=_href(number, name, after[0]) if after else None,
        can_conclude=may(visit, bench.state, "conclude-review"),
        command=str(visit.application.ids()),
        csrf=visit.session.csrf,
    )
    subjects = _subjects(visit, bench, chosen or "", seen)
    return visit.page(model, subjects, f"requisitions/{number}/review", status=422 if problem else 200)


def _subjects(visit: Visit, bench: Bench, key: str, seen: Mapping[str, Seen]) -> list[str]:
    """The patient, and those whose requisitions and reports the chosen finding's detail names."""
    known = [str(seen[key].last["patient"])] if key in seen else []
    carrying = _carrying(visit, key, bench.judged.get(key))
    return [patient_of(bench.state), *known, *(str(row["patient"]) for row in carrying)]


def _href(number: str, name: str, key: str) -> str:
    return f"/requisitions/{number}/review?" + urlencode({"list": name, "f": key}, quote_via=quote)


def _lead(bench: Bench, lists: Mapping[str, list[Any]], say: Words) -> str:
    return say.say(*progress(lists, bench.judged))


def _seen(visit: Visit, bench: Bench, keys: list[str]) -> dict[str, Seen]:
    index = visit.application.keys().index
    indexes = {key: index("finding", key) for key in keys}
    return seen_before(visit.application.record, visit.actor, indexes, bench.state.number)


def _detail(
    visit: Visit,
    bench: Bench,
    key: str | None,
    seen: Mapping[str, Seen],
    told: Mapping[str, str],
    problem: str | None,
) -> Detail | None:
    each = finding_of(bench.content, key)
    if each is None or key is None:
        return None
    say, judged = visit.say, bench.judged.get(key)
    before = judged.verdict if judged else ""
    return Detail(
        view=finding_view(each, bench.content, say),
        judged=judged,
        judged_by=say.say("web.judged-by", {"who": visit.person(judged.person), "when": say.day(judged.on)})
        if judged
        else None,
        known=_known(visit, seen.get(key)),
        carriers=_carriers(visit, key, judged),
        verdicts=tuple((verdict, say.say(f"verdict.{verdict}")) for verdict in VERDICTS),
        classes=tuple((name, say.say(f"class.{name}")) for name in reversed(CLASSES)),
        told={
            "verdict": told.get("verdict", before),
            "oncogenicity": told.get("oncogenicity", (judged.oncogenicity if judged else "") or ""),
            "why": told.get("why", judged.reason if judged else ""),
            "text": told.get("text", (judged.text if judged else "") or ""),
        },
        problem=problem,
    )


def _known(visit: Visit, seen: Seen | None) -> Known | None:
    if seen is None:
        return None
    import json

    say = visit.say
    last = seen.last
    verdicts = tuple((say.say(f"verdict.{name}"), count) for name, count in seen.verdicts.items())
    words = {
        "verdict": say.say(f"verdict.{last['verdict']}"),
        "who": visit.person(last["person"]),
        "when": say.day(last["judged"]),
        "number": last["requisition"],
    }
    why = json.loads(visit.application.open_content(last["judgement"]))["why"]
    return Known(seen.times, verdicts, say.say("web.seen-last", words), why, seen.is_artefact)


def _carriers(visit: Visit, key: str, judged: Judged | None) -> tuple[Carrier, ...]:
    """Signed reports that carry this change with another class than the one that a person gave it now."""
    return tuple(
        Carrier(row["report"], _carried(row["oncogenicity"], visit.say), f"/reports/{row['report']}")
        for row in _carrying(visit, key, judged)
    )


def _carrying(visit: Visit, key: str, judged: Judged | None) -> list[dict[str, Any]]:
    index = visit.application.keys().index("finding", key)
    return carried_otherwise(visit.application.record, visit.actor, index, judged)


def _carried(told: str | None, say: Words) -> str:
    """The classes that a report carries, `likely_oncogenic/oncogenic`, in words."""
    return classes_text(told.split("/") if told else (), say)


def finding(visit: Visit, number: str) -> Response:
    """One finding alone, for the page that is open."""
    bench = _bench(visit, number)
    if isinstance(bench, Response):
        return bench
    key = visit.told("f")
    seen = _seen(visit, bench, [key])
    model = DetailPart(
        number=number,
        version=bench.version,
        list_name=visit.told("list") or "findings",
        detail=_detail(visit, bench, key, seen, {}, None),
        can_judge=may(visit, bench.state, "judge-finding"),
        command=str(visit.application.ids()),
        csrf=visit.session.csrf,
    )
    return visit.page(model, _subjects(visit, bench, key, seen), f"requisitions/{number}/finding")


def judge(visit: Visit, number: str) -> Response:
    """A judgement; on to the next finding that nobody has judged."""
    bench = _bench(visit, number)
    if isinstance(bench, Response):
        return bench
    key = visit.told("key")
    each = finding_of(bench.content, key)
    if each is None:
        return visit.message("web.absent", "web.absent-text", f"/requisitions/{number}/review", status=404)
    onco = each.oncogenicity if isinstance(each, FindingJson) else None
    verdict = visit.told("verdict")
    name = visit.told("list") or "findings"
    outcome = visit.give(
        lambda base: JudgeFinding(
            **base,
            number=number,
            key=key,
            label=each.label,
            verdict=verdict or "none",
            oncogenicity=(visit.told("oncogenicity") or None) if verdict == "reclassified" else None,
            computed=tuple(onco.classes) if onco else (),
            why=visit.told("why"),
            text=visit.told("text") or None,
        ),
        _href(number, name, key),
        lambda words: _show(visit, bench, visit.typed(), words),
    )
    if isinstance(outcome, Response):
        return outcome
    return visit.done(_next(bench, name, key, verdict, visit.say), "web.judged", label=each.label)


def _next(bench: Bench, name: str, key: str, verdict: str, say: Words) -> str:
    """The next finding of the list that nobody has judged; the same one if there is none."""
    judged = {other: each for other, each in bench.judged.items() if other != key}
    if verdict != "withdrawn":
        judged[key] = Judged(verdict, None, "", None, "", "")
    found = _lists(replace(bench, judged=judged))[name if name in LISTS else "findings"]
    keys = [
        row.key
        for row in sorted((list_row(each, None, None, say) for each in found), key=lambda row: row.order)
    ]
    after = keys[keys.index(key) + 1 :] + keys[: keys.index(key)] if key in keys else keys
    chosen = next((each for each in after if each not in judged), key)
    return _href(bench.state.number, name, chosen)


def write(visit: Visit, number: str) -> Response:
    """The interpretation of the whole."""
    href = f"/requisitions/{number}/review"
    outcome = visit.give(
        lambda base: WriteInterpretation(**base, number=number, text=visit.told("whole")), href
    )
    return outcome if isinstance(outcome, Response) else visit.done(href, "web.written")
