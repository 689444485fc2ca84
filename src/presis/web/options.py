"""Which options fit a tumour, which don't and why, what would settle the rest; and the options themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from starlette.responses import Response

from presis.diagnostics.report_life import stream_of as report_stream
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_view import ReportStatus
from presis.documents.language import Words
from presis.knowledge import load_library
from presis.matching.answering import Questions
from presis.matching.case_reading import subject_of_report
from presis.matching.explaining import Line, deciding, explained_lines, why_out
from presis.matching.known import known_of
from presis.matching.next_tests import NextTest, next_tests
from presis.matching.offered import programme_options
from presis.matching.option import Matched, MatchOption
from presis.matching.ranking import answered, match_patient
from presis.matching.report_remarks import report_remarks
from presis.matching.said import placed_text, reason_text
from presis.matching.subject import Subject
from presis.methods.rules import Truth
from presis.record import Refusal
from presis.web.page import Frame, Visit
from presis.web.report import as_known, named_status, readable_for

#: Open questions named in a row; the rest is counted.
MOST_OPEN = 2
_TONES = {Truth.YES: "fits", Truth.UNKNOWN: "open", Truth.NO: ""}


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion: how deep it lies, its answer, what was found and where, what would be accepted."""

    depth: int
    tone: str
    answer: str
    asked: str
    found: tuple[str, ...]
    settled_by: str


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An option, and every criterion of it."""

    id: str
    name: str
    by: str
    tier: str
    tone: str
    answer: str
    because: str
    beside: tuple[str, ...]
    caption: str
    criteria: tuple[CriterionRow, ...]


@dataclass(frozen=True, slots=True)
class TestRow:
    """Something to find out: what, how many options it takes part in, its burden and its days."""

    what: str
    burden: str
    days: str


@dataclass(frozen=True, slots=True)
class OptionsPage:
    """The options of one report."""

    template: ClassVar[str] = "options.html"
    frame: Frame
    number: str
    lead: str
    open: str
    about: str
    warnings: tuple[str, ...]
    rows: tuple[OptionRow, ...]
    excluded: tuple[OptionRow, ...]
    excluded_lead: str
    tests: tuple[TestRow, ...]
    tests_lead: str
    foot: str


@dataclass(frozen=True, slots=True)
class OneOptionPage:
    """One option of one report, criterion by criterion."""

    template: ClassVar[str] = "report-option.html"
    frame: Frame
    number: str
    about: str
    warnings: tuple[str, ...]
    row: OptionRow


@dataclass(frozen=True, slots=True)
class ListedOption:
    """An option in the list of all."""

    id: str
    name: str
    kind: str
    access: str


@dataclass(frozen=True, slots=True)
class OptionListPage:
    """All options of the programme."""

    template: ClassVar[str] = "option-list.html"
    frame: Frame
    lead: str
    query: str
    rows: tuple[ListedOption, ...]


@dataclass(frozen=True, slots=True)
class OptionPage:
    """One option: what it is, who decides, on what evidence, and its rule in words."""

    template: ClassVar[str] = "option.html"
    frame: Frame
    pairs: tuple[tuple[str, str], ...]
    illustrative: str | None
    criteria: tuple[CriterionRow, ...]
    evidence: tuple[tuple[str, str], ...]


def of_report(visit: Visit, number: str) -> Response:
    """The options of a report's current version, for whoever may see the report."""
    return _shown(visit, number, _page, f"reports/{number}/options")


def of_report_one(visit: Visit, number: str, ident: str) -> Response:
    """One option of a report's current version, every criterion of it."""
    if all(each.id != ident for each in programme_options(known_of(load_library()))):
        return visit.message("web.absent", "web.absent-text", f"/reports/{number}/options", status=404)
    return _shown(visit, number, partial(_one, ident=ident), f"reports/{number}/options/{ident}")


Make = Callable[[Visit, str, ReportContent, ReportStatus], OptionsPage | OneOptionPage]


def _shown(visit: Visit, number: str, make: Make, what: str) -> Response:
    look = visit.application.look(visit.actor, "show-report", report_stream(number))
    if isinstance(look, Refusal):
        return visit.refused(look, "/reports", f"reports/{number}")
    report = readable_for(visit, look.state)
    content = as_known(visit, report, report.current)
    model = make(visit, number, content, named_status(visit, report, report.current))
    return visit.page(model, [report.patient], what)


def _one(
    visit: Visit, number: str, content: ReportContent, status: ReportStatus, ident: str
) -> OneOptionPage:
    say, known, at = visit.say, known_of(load_library()), visit.application.clock().date()
    subject = subject_of_report(content, number)
    (option,) = (each for each in programme_options(known) if each.id == ident)
    matched = answered(Questions(subject, known, at), option)
    return OneOptionPage(
        frame=visit.frame(option.names[say.language.value], "/reports"),
        number=number,
        about=_about(content, say),
        warnings=_warnings(content, status, subject, visit),
        row=_row(matched, say),
    )


def _about(content: ReportContent, say: Words) -> str:
    return say.say("web.options-about", {"tumour": content.tumour_name or say.say("matching.tumour-untold")})


def _warnings(
    content: ReportContent, status: ReportStatus, subject: Subject, visit: Visit
) -> tuple[str, ...]:
    say, at = visit.say, visit.application.clock().date()
    return (
        *(reason_text(each, say) for each in report_remarks(content, status, at)),
        *([say.say("matching.contaminated")] if subject.contaminated else []),
    )


def _page(visit: Visit, number: str, content: ReportContent, status: ReportStatus) -> OptionsPage:
    say, known, at = visit.say, known_of(load_library()), visit.application.clock().date()
    subject = subject_of_report(content, number)
    matched = match_patient(Questions(subject, known, at), programme_options(known))
    shown = [each for each in matched if each.explained.truth is not Truth.NO]
    out = [each for each in matched if each.explained.truth is Truth.NO]
    counts = Counter(each.explained.truth for each in matched)
    plan = next_tests(matched, subject.tissue.value if subject.tissue else None)
    why = Counter(why_out(each) for each in out)
    told = ", ".join(
        say.say("matching.excluded-by", {"why": say.term("why-out", name), "count": count})
        for name, count in why.most_common()
    )
    return OptionsPage(
        frame=visit.frame(say.say("web.options-of", {"number": number}), "/reports"),
        number=number,
        lead=say.say("web.options-fit", {"count": counts[Truth.YES]}),
        open=say.say("web.options-open", {"count": counts[Truth.UNKNOWN]}) if counts[Truth.UNKNOWN] else "",
        about=_about(content, say),
        warnings=_warnings(content, status, subject, visit),
        rows=tuple(_row(each, say) for each in shown),
        excluded=tuple(_row(each, say, whole=False) for each in out),
        excluded_lead=say.say("matching.excluded", {"count": len(out), "why": told}) if out else "",
        tests=tuple(_test(each, say) for each in plan.tests),
        tests_lead=say.say("matching.next-head", {"count": len(plan.settled)})
        if plan.tests
        else say.say("matching.next-none"),
        foot=say.say("web.options-matched", {"on": say.day(at), "count": len(matched)}),
    )


def _row(each: Matched, say: Words, *, whole: bool = True) -> OptionRow:
    """An option as a row; not `whole`: without its criteria, which have a page of their own."""
    option, truth = each.option, each.explained.truth
    lines = explained_lines(each.explained, say) if whole else ()
    because = _named(deciding(each, say), say) if truth is Truth.NO else ""
    if truth is Truth.UNKNOWN:
        because = _named([reason_text(reason, say) for reason in each.open], say)
    counts = Counter(line.truth for line in lines if line.why)
    values = {"yes": counts[Truth.YES], "unknown": counts[Truth.UNKNOWN], "no": counts[Truth.NO]}
    return OptionRow(
        id=option.id,
        name=option.names[say.language.value],
        by=_by(each, say),
        tier=""
        if each.tier is None
        else f"{str(each.tier).removeprefix('AMP ')}{'' if each.tier_sure else '?'}",
        tone=_TONES[truth],
        answer=say.say(f"web.option-{truth.word}"),
        because=because,
        beside=tuple(placed_text(reason, say) for reason in each.against),
        caption=say.say("web.criteria-count", values),
        criteria=tuple(_criterion(line, say) for line in lines),
    )


def _by(each: Matched, say: Words) -> str:
    """What kind of option it is, and whether it can be had."""
    option = each.option
    told = [say.term("option-kind", option.kind)]
    if each.opening == "closed" and option.closes is not None:
        told.append(say.say("matching.closed-since", {"on": option.closes}))
    elif each.opening == "not_yet_open" and option.opens is not None:
        told.append(say.say("matching.opens", {"on": option.opens}))
    else:
        told.append(say.term("access-status", each.access.status))
    return ", ".join(dict.fromkeys(told))


def _named(texts: Sequence[str], say: Words) -> str:
    rest = len(texts) - MOST_OPEN
    shown = [*texts[:MOST_OPEN], *([say.say("matching.more", {"count": rest})] if rest > 0 else [])]
    return "; ".join(shown)


def _criterion(line: Line, say: Words) -> CriterionRow:
    return CriterionRow(
        depth=line.depth,
        tone=_TONES[line.truth],
        answer=say.say(f"web.answer-{line.truth.word}"),
        asked=line.asked,
        found=line.why,
        settled_by=say.say("matching.settled-by", {"what": "; ".join(line.settled_by)})
        if line.settled_by
        else "",
    )


def _test(test: NextTest, say: Words) -> TestRow:
    texts = [reason_text(reason, say) for reason in test.settles]
    days = say.say("web.days", {"days": say.number(test.days)}) if test.days else say.say("web.at-once")
    return TestRow(_named(texts, say), say.term("burden", test.burden), days)


def index(visit: Visit) -> Response:
    """The options of the programme that hold today."""
    say, at, query = visit.say, visit.application.clock().date(), visit.told("q")
    held = [each for each in programme_options(known_of(load_library())) if each.valid_on(at)]
    rows = [_listed(each, visit) for each in held]
    found = [row for row in rows if query.casefold() in f"{row.id} {row.name} {row.kind}".casefold()]
    model = OptionListPage(
        frame=visit.frame(say.say("web.treatment-options"), "/options"),
        lead=say.say("web.lead-options", {"count": len(found), "on": say.day(at)}),
        query=query,
        rows=tuple(found),
    )
    return visit.page(model, (), "options")


def _listed(option: MatchOption, visit: Visit) -> ListedOption:
    say = visit.say
    access = option.access_on(visit.application.clock().date())
    return ListedOption(
        option.id,
        option.names[say.language.value],
        say.term("option-kind", option.kind),
        say.term("access-status", access.status) if access else say.say("web.access-by-tumour"),
    )


def show(visit: Visit, ident: str) -> Response:
    """One option, its rule in words."""
    say, known = visit.say, known_of(load_library())
    option = next((each for each in programme_options(known) if each.id == ident), None)
    if option is None:
        return visit.message("web.absent", "web.absent-text", "/options", status=404)
    nobody = Questions(Subject(name=""), known, visit.application.clock().date())
    lines = explained_lines(nobody.explain(option.rule), say)
    model = OptionPage(
        frame=visit.frame(option.names[say.language.value], "/options"),
        pairs=_pairs(option, visit),
        illustrative=say.say(
            "matching.illustrative",
            {"what": ", ".join(say.term("parts", part) for part in sorted(option.illustrative))},
        )
        if option.illustrative
        else None,
        criteria=tuple(CriterionRow(line.depth, "", "", line.asked, (), "") for line in lines),
        evidence=tuple(
            (each.text, f"{each.source}; {say.term('matching.confidence', each.confidence)}")
            for each in option.evidence
        ),
    )
    return visit.page(model, (), f"options/{ident}")


def _pairs(option: MatchOption, visit: Visit) -> tuple[tuple[str, str], ...]:
    say = visit.say
    listed = _listed(option, visit)
    access = option.access_on(visit.application.clock().date())
    until = say.say("web.until", {"on": say.day(option.valid_until)}) if option.valid_until else ""
    pairs = [
        (say.say("web.option-id"), option.id),
        (say.say("web.option-kind"), listed.kind),
        (say.say("report.drug"), say.phrase("drugs", option.drug)),
        (say.say("matching.offers"), option.offers[say.language.value]),
        (say.say("web.access"), listed.access),
        (say.say("web.decided-by"), say.term("decider", access.decided_by) if access else ""),
        (say.say("web.valid"), " ".join(filter(None, (say.day(option.valid_from), until)))),
        (say.say("web.places"), "" if option.places is None else say.number(option.places)),
    ]
    return tuple((term, text) for term, text in pairs if text)
