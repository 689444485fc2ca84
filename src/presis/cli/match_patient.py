"""`presis match patient`: its options read, the answers printed at 80 columns or as JSON."""

from __future__ import annotations

import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from presis.application import now
from presis.cli.report_files import parse_language
from presis.diagnostics.exports.reported import read_reported
from presis.documents.language import Words, words
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.matching.answering import Questions
from presis.matching.approved import approved_options
from presis.matching.case_reading import subject_of_report, with_case
from presis.matching.explaining import deciding, explained_lines, why_out
from presis.matching.known import Known, known_of
from presis.matching.next_tests import EXACT, NextTest, Plan, next_tests
from presis.matching.offered import programme_options
from presis.matching.option import Matched, MatchOption
from presis.matching.option_forms import read_options
from presis.matching.question_form import question_form
from presis.matching.ranking import match_patient
from presis.matching.report_remarks import report_remarks
from presis.matching.rule_reading import shipped_named
from presis.matching.said import placed_text, reason_text
from presis.matching.subject import Subject
from presis.matching.table_words import decision_words
from presis.methods.reasons import Reason
from presis.methods.rules import Truth

WIDTH = 80
#: open questions named for each option; the rest is counted
MOST_OPEN = 3


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked: for whom, on which day, in which language, and of which options."""

    report: Path | None
    case: Sequence[Path]
    at: str | None
    options: Sequence[Path]
    places: Sequence[str]
    language: str
    tests: int = EXACT
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers, with what they rest on."""

    subject: Subject
    at: date
    matched: tuple[Matched, ...]
    left_out: int
    say: Words
    tumour: str | None
    tests: int = EXACT
    offered: frozenset[str] = frozenset()
    most: int | None = None
    replaced_by: int | None = None
    remarks: tuple[Reason, ...] = ()


def answer(asking: Asking) -> Answered:
    """Read what was given and match. Raises `BadInput`."""
    at, say = day_of(asking.at), words(parse_language(asking.language))
    if asking.report is None and not asking.case:
        raise BadInput.of("match.nobody", "name a report with --report, a case with --case, or both")
    known = known_of(load_library())
    subject, replaced_by = Subject(name="patient"), None
    remarks: tuple[Reason, ...] = ()
    if asking.report is not None:
        reported = read_reported(asking.report)
        number, replaced_by = reported.status.number, reported.status.replaced_by
        subject = subject_of_report(reported.content, number or asking.report.name)
        remarks = report_remarks(reported.content, reported.status, at)
    subject = with_case(subject, asking.case, known, at)
    options = all_options(known, asking.options)
    left = places_of(asking.places, options)
    matched = match_patient(Questions(subject, known, at), options, left)
    node = known.library.oncotree.node(subject.tumour.value) if subject.tumour else None
    name = None if node is None else f"{node.name} ({node.code})"
    left_out = sum(not each.valid_on(at) for each in options)
    offered = frozenset(each.id for each in options)
    return Answered(
        subject, at, matched, left_out, say, name, asking.tests, offered, asking.most, replaced_by, remarks
    )


def all_options(known: Known, paths: Sequence[Path]) -> tuple[MatchOption, ...]:
    """The programme's options, or those of one's own, and every approved indication."""
    if not paths:
        return programme_options(known)
    return (*read_options(paths, known, shipped_named(known)), *approved_options(known))


def day_of(text: str | None) -> date:
    """A day; today enters here."""
    try:
        return now().date() if text is None else date.fromisoformat(text)
    except ValueError:
        said = f"{text!r} is no date; write it as 2026-03-14."
        raise BadInput.of("match.at", said, field="--at", found=text) from None


def places_of(texts: Sequence[str], options: Sequence[MatchOption]) -> dict[str, int]:
    """`ID=3` as places left by option."""
    ids = {each.id for each in options}
    out = {}
    for text in texts:
        ident, _, count = text.partition("=")
        if not count.isdigit():
            raise BadInput.of("match.places", f"{text!r} isn't ID=NUMBER", field="--places", found=text)
        if ident not in ids:
            raise BadInput.of("match.option", _no_option(ident, ids), field="--places", found=ident)
        out[ident] = int(count)
    return out


def _no_option(ident: str, ids: Sequence[str] | set[str]) -> str:
    near = get_close_matches(ident, ids, n=1)
    advice = f"did you mean {near[0]}?" if near else "`presis match patient --json` lists them"
    return f"there is no option {ident}; {advice}"


def find(answered: Answered, ident: str) -> Matched:
    """One option's answer; raises `BadInput` with the nearest id."""
    for each in answered.matched:
        if each.option.id == ident:
            return each
    if ident in answered.offered:
        said = f"{ident} isn't shown: it doesn't hold on {answered.at}, or the EMA's label of its drug is"
        raise BadInput.of("match.option", said, field="--explain", found=ident)
    ids = [each.option.id for each in answered.matched]
    raise BadInput.of("match.option", _no_option(ident, ids), field="--explain", found=ident)


# -- what is printed ----------------------------------------------------------------------------


def _wrapped(text: str, first: int, then: int | None = None) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=" " * first,
        subsequent_indent=" " * (first if then is None else then),
        break_on_hyphens=False,
        break_long_words=False,
    )


def print_options(answered: Answered) -> None:
    """The options in their order, what excludes the others, and what to find out next."""
    say, matched = answered.say, answered.matched
    _print_head(answered)
    shown = [each for each in matched if each.explained.truth is not Truth.NO]
    for number, each in enumerate(shown[: answered.most], start=1):
        print()
        _print_option(number, each, answered)
    if answered.most is not None and len(shown) > answered.most:
        print(f"\n{say.say('matching.more-options', {'count': len(shown) - answered.most})}")
    out = [each for each in matched if each.explained.truth is Truth.NO]
    if out:
        _print_excluded(out, say)
    _print_next(next_tests(matched, tissue_of(answered.subject), answered.tests), say)
    print()
    print(_wrapped(say.say("matching.order"), 0))


def _remarks(answered: Answered) -> list[str]:
    """What is said of the report before anything else."""
    return [reason_text(each, answered.say) for each in answered.remarks]


def _print_head(answered: Answered) -> None:
    say = answered.say
    for remark in _remarks(answered):
        print(_wrapped(remark, 0))
    counts = Counter(each.explained.truth.word for each in answered.matched)
    numbers = {word: counts[word] for word in ("yes", "unknown", "no")}
    values = {"name": answered.subject.name, "on": answered.at, **numbers}
    print(_wrapped(say.say("matching.head", values), 0))
    sources = {answered.subject.report} if answered.subject.findings else set()
    sources |= {each.where.partition(":")[0] for each in _told(answered.subject)}
    tumour = answered.tumour or say.say("matching.tumour-untold")
    print(_wrapped(say.say("matching.about", {"tumour": tumour, "sources": ", ".join(sorted(sources))}), 0))
    if answered.replaced_by is not None:
        print(_wrapped(say.say("matching.replaced", {"version": answered.replaced_by}), 0))
    if answered.subject.contaminated:
        print(_wrapped(say.say("matching.contaminated"), 0))
    if answered.left_out:
        print(_wrapped(say.say("matching.invalid", {"count": answered.left_out}), 0))


def _told(subject: Subject) -> list[Any]:
    single = (subject.tumour, subject.extent, subject.birth, subject.ecog, subject.standard, subject.sex)
    return [each for each in (*single, *subject.treatments, *subject.laboratory) if each is not None]


def tissue_of(subject: Subject) -> str | None:
    """Whether tissue is left, as the case tells it."""
    return None if subject.tissue is None else subject.tissue.value


def name_of(option: MatchOption, say: Words) -> str:
    """An option's name in the language."""
    return option.names[say.language.value]


def _print_option(number: int, each: Matched, answered: Answered) -> None:
    say, option = answered.say, each.option
    word = say.term("eligible", each.explained.truth.word)
    head = f"{number:>2}. {name_of(option, say)}"
    if len(head) + len(word) + 2 <= WIDTH:
        print(f"{head}{word:>{WIDTH - len(head)}}")
    else:
        print(_wrapped(head, 0, 4))
        print(f"{word:>{WIDTH}}")
    print(_wrapped(" · ".join(_facts(each, answered)), 4))
    for reason in each.against:
        print(_wrapped(placed_text(reason, say), 4, 6))
    if each.open:
        named = [reason_text(reason, say) for reason in each.open[:MOST_OPEN]]
        if len(each.open) > MOST_OPEN:
            named.append(say.say("matching.more", {"count": len(each.open) - MOST_OPEN}))
        print(_wrapped(say.say("matching.settled-by", {"what": "; ".join(named)}), 4, 6))


#: kinds of options whose access is told by what they are
_SAYS_ITSELF = {"trial_cohort", "external_trial", "compassionate_use", "access_scheme"}


def _facts(each: Matched, answered: Answered) -> Iterator[str]:
    say, option = answered.say, each.option
    yield option.id
    yield say.term("option-kind", option.kind)
    if option.kind not in _SAYS_ITSELF:
        yield _access_text(each, say)
    if each.tier is not None:
        yield f"{each.tier}{'' if each.tier_sure else ' (?)'}"
    if each.opening == "closed" and option.closes is not None:
        yield say.say("matching.closed-since", {"on": option.closes})
    elif each.opening == "not_yet_open" and option.opens is not None:
        yield say.say("matching.opens", {"on": option.opens})
    elif each.opening == "full":
        yield say.term("opening", "full")
    elif each.left is not None:
        yield say.say("matching.places", {"count": each.left})


def _access_text(each: Matched, say: Words) -> str:
    parts = [say.term("access-status", each.access.status)]
    if each.access.method_id:
        parts.append(each.access.method_id)
    if each.access.since:
        parts.append(say.say("matching.since", {"on": each.access.since}))
    if each.access.words:
        parts.append(f"({decision_words(each.access.words, say.language)})")
    return " ".join(parts)


def _print_excluded(out: Sequence[Matched], say: Words) -> None:
    counts = Counter(why_out(each) for each in out)
    why = ", ".join(
        say.say("matching.excluded-by", {"why": say.term("why-out", name), "count": count})
        for name, count in counts.most_common()
    )
    print()
    print(_wrapped(say.say("matching.excluded", {"count": len(out), "why": why}), 0))
    own = [each for each in out if each.option.approval is None]
    if own:
        print(f"{say.say('matching.excluded-head')}:")
    for each in own:
        said = deciding(each, say)
        rest = f"; {say.say('matching.more', {'count': len(said) - 2})}" if len(said) > 2 else ""
        print(_wrapped(f"{each.option.id}: {'; '.join(said[:2])}{rest}", 2, 4))


def _print_next(plan: Plan, say: Words) -> None:
    print()
    if not plan.tests:
        print(say.say("matching.next-none"))
        return
    print(_wrapped(say.say("matching.next-head", {"count": len(plan.settled)}), 0))
    for number, test in enumerate(plan.tests, start=1):
        print(_wrapped(f"{number}. {test_text(test, say)}", 2, 5))


def test_text(test: NextTest, say: Words) -> str:
    """A test in words, with its burden and the days that it takes."""
    what = "; ".join(reason_text(reason, say) for reason in test.settles[:MOST_OPEN])
    if len(test.settles) > MOST_OPEN:
        what += f"; {say.say('matching.more', {'count': len(test.settles) - MOST_OPEN})}"
    values = {"what": what, "burden": say.term("burden", test.burden), "days": test.days}
    return say.say("matching.next" if test.days else "matching.next-now", values)


def print_explained(answered: Answered, ident: str) -> None:
    """One option: its access, evidence and every criterion with what was found and where."""
    say, each = answered.say, find(answered, ident)
    option = each.option
    for remark in _remarks(answered):
        print(_wrapped(remark, 0))
    print(_wrapped(f"{name_of(option, say)}: {say.term('eligible', each.explained.truth.word)}", 0))
    print(_wrapped(" · ".join(_facts(each, answered)), 0, 2))
    print(_wrapped(say.say("matching.decides", {"who": say.term("decider", each.access.decided_by)}), 0))
    print(_wrapped(f"{say.say('matching.offers')}: {option.offers[say.language.value]}", 0, 2))
    for reason in each.against:
        print(_wrapped(placed_text(reason, say), 0, 2))
    for evidence in option.evidence:
        how = say.term("matching.confidence", evidence.confidence)
        print(_wrapped(f"{say.say('matching.evidence')}: {evidence.text} ({evidence.source}; {how})", 0, 2))
    if option.illustrative:
        what = ", ".join(say.term("parts", part) for part in sorted(option.illustrative))
        print(_wrapped(say.say("matching.illustrative", {"what": what}), 0))
    print(f"\n{say.say('matching.asks')}:")
    marks = {Truth.YES: "+", Truth.UNKNOWN: "?", Truth.NO: "-"}
    for line in explained_lines(each.explained, say):
        start = 2 + 2 * line.depth
        print(_wrapped(f"{marks[line.truth]} {line.asked}", start, start + 2))
        for why in line.why:
            print(_wrapped(why, start + 4, start + 6))
        if line.settled_by:
            said = say.say("matching.settled-by", {"what": "; ".join(line.settled_by)})
            print(_wrapped(said, start + 4, start + 6))


def print_questions(answered: Answered) -> None:
    """The open questions as a form to fill in."""
    for remark in _remarks(answered):
        print(textwrap.fill(remark, WIDTH, initial_indent="# ", subsequent_indent="#   "))
    sys.stdout.write(question_form(answered.matched, answered.subject.name, answered.say))
