"""What a rule says that can't hold, always holds or contradicts itself; and cohorts that overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from presis.documents.language import Language, words
from presis.errors import Problem, Where
from presis.matching.asked_words import asked_text
from presis.matching.criteria import (
    AgeIs,
    Asked,
    ExtentIs,
    LaboratoryIs,
    LinesAre,
    Molecular,
    SexIs,
    StageIs,
    TumourIs,
)
from presis.matching.known import Known, expanded
from presis.matching.laboratory import TIMES_LIMIT, lab_tests
from presis.matching.option import TRIALS, MatchOption
from presis.methods.rules import AllOf, AnyOf, AtLeast, Leaf, Not, Rule, leaves


def check_options(options: Sequence[MatchOption], known: Known) -> tuple[list[Problem], list[Problem]]:
    """Faults of the options' rules, and remarks: cohorts of one trial that overlap."""
    faults = [
        Problem("rule.check", f"{each.id}: {said}", Where(each.file, each.line), found=each.id)
        for each in options
        for said in contradictions(each.rule, known)
    ]
    return faults, list(_overlaps(options, known))


def contradictions(rule: Rule[Asked], known: Known) -> tuple[str, ...]:
    """Every sentence on what can't hold or always holds, each once."""
    return tuple(dict.fromkeys(_found(rule, known)))


Parts = tuple[Rule[Asked], ...]


def _found(rule: Rule[Asked], known: Known, beside: Parts = ()) -> Iterator[str]:
    """`beside`: what has to hold together with the rule, of every `all` around it."""
    match rule:
        case AllOf():
            own = (*beside, *_flat(rule))
            yield from _clashes(own, known)
            for each in own[len(beside) :]:
                yield from () if isinstance(each, Leaf) else _found(each, known, own)
        case AnyOf(of=of):
            yield from _opposites(of, "always holds: {text} or its opposite")
            yield from _in_any(of, known, beside)
        case Not(of=inner):
            yield from _found(inner, known)
        case AtLeast(count=count, of=of):
            if count > len(of):
                yield f"can't hold: at least {count} of {len(of)}"
            elif count == 0:
                yield "always holds: at least 0 of a list"
            for each in of:
                yield from _found(each, known, beside)
        case Leaf(of=TumourIs() as leaf):
            yield from _emptied(leaf, known)
        case Leaf(of=LaboratoryIs() as leaf):
            yield from _beyond(leaf)
        case Leaf():
            return


def _in_any(of: Parts, known: Known, beside: Parts) -> Iterator[str]:
    """What can't hold of an `any`'s parts where it stands; faults around it aren't told again."""
    around = set(_clashes(beside, known))
    for each in of:
        own = _clashes((*beside, each), known) if isinstance(each, Leaf | Not) else iter(())
        for said in (*own, *_found(each, known, beside)):
            if said.startswith("can't hold"):
                if said not in around:
                    yield f"a part of an any {said}"
            else:
                yield said


def _clashes(parts: Parts, known: Known) -> Iterator[str]:
    """What can't hold of parts that are all asked for."""
    yield from _opposites(parts, "can't hold: it asks for {text} and for its opposite")
    yield from _pairs(parts, known)


def _flat(rule: AllOf[Asked]) -> Iterator[Rule[Asked]]:
    """The parts of an `all`, those of an `all` within it too."""
    for each in rule.of:
        if isinstance(each, AllOf):
            yield from _flat(each)
        else:
            yield each


def _text(leaf: Asked) -> str:
    return asked_text(leaf, words(Language.EN))


def _opposites(parts: Iterable[Rule[Asked]], sentence: str) -> Iterator[str]:
    found = list(parts)
    for each in found:
        if isinstance(each, Not) and each.of in found:
            inner = each.of
            what = _text(inner.of) if isinstance(inner, Leaf) else "a part"
            yield sentence.format(text=what)


def _pairs(parts: Sequence[Rule[Asked]], known: Known) -> Iterator[str]:
    asked = [each.of for each in parts if isinstance(each, Leaf)]
    for leaf in asked:
        if isinstance(leaf, TumourIs):
            yield from _emptied(leaf, known)
        elif isinstance(leaf, LaboratoryIs):
            yield from _beyond(leaf)
    for first, second in combinations(asked, 2):
        if _apart(first, second, known):
            yield f"can't hold: {_text(first)}, and {_text(second)}"


def _apart(first: Asked, second: Asked, known: Known) -> bool:
    """Whether two criteria have nothing in common."""
    match first, second:
        case AgeIs(), AgeIs():
            return _no_number(_span(first.least, first.most), _span(second.least, second.most))
        case LinesAre(), LinesAre():
            return _no_number(_span(first.least, first.most), _span(second.least, second.most))
        case LaboratoryIs(), LaboratoryIs() if first.test == second.test:
            if TIMES_LIMIT in {first.unit, second.unit} and first.unit != second.unit:
                return False
            spans = (_lab_span(first), _lab_span(second))
            strict = first.above or first.below or second.above or second.below
            return _no_number(*spans) or (strict and _touch(*spans))
        case SexIs(), SexIs():
            return first.sex != second.sex
        case ExtentIs(), ExtentIs():
            return set(first.extents).isdisjoint(second.extents)
        case StageIs(), StageIs():
            return not any(
                a.startswith(b.rstrip("ABC")) or b.startswith(a.rstrip("ABC"))
                for a in first.stages
                for b in second.stages
            )
        case TumourIs(), TumourIs():
            return not any(
                _meet(a, b, known) and not _left_out(a, b, first, second, known)
                for a in first.codes
                for b in second.codes
            )
        case _:
            return False


def _span(least: float | None, most: float | None) -> tuple[float, float]:
    return (float("-inf") if least is None else least, float("inf") if most is None else most)


def _lab_span(leaf: LaboratoryIs) -> tuple[float, float]:
    times = 1.0 if leaf.unit == TIMES_LIMIT else lab_tests()[leaf.test].converted(1.0, leaf.unit)
    low, high = _span(leaf.least, leaf.most)
    return low * times, high * times


def _beyond(leaf: LaboratoryIs) -> Iterator[str]:
    """A bound that no value of the test reaches, or that every value keeps: a slip of its unit."""
    if leaf.unit == TIMES_LIMIT:
        return
    test = lab_tests()[leaf.test]
    low, high = _lab_span(leaf)
    values = f"values of {leaf.test} lie between {test.least:g} and {test.most:g} {test.unit}"
    if low > test.most or high < test.least:
        yield f"can't hold: {_text(leaf)}; {values}"
    elif float("-inf") < low < test.least or test.most < high < float("inf"):
        yield f"always holds: {_text(leaf)}; {values}"


def _no_number(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return max(first[0], second[0]) > min(first[1], second[1])


def _touch(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return max(first[0], second[0]) == min(first[1], second[1])


def _meet(a: str, b: str, known: Known) -> bool:
    """Whether a tumour can be of both types."""
    library = known.library
    tree = library.oncotree
    for first in expanded((a,), library):
        for second in expanded((b,), library):
            if first == second:
                return True
            if first in tree.nodes and tree.is_at_or_below(first, second):
                return True
            if second in tree.nodes and tree.is_at_or_below(second, first):
                return True
    return False


def _left_out(a: str, b: str, first: TumourIs, second: TumourIs, known: Known) -> bool:
    """Whether what two types have in common is excluded: the narrower lies in what is excluded."""
    tree = known.library.oncotree
    narrow = a if a in tree.nodes and (b not in tree.nodes or tree.is_at_or_below(a, b)) else b
    return narrow in tree.nodes and any(
        tree.is_at_or_below(narrow, each)
        for each in (*first.excluded, *second.excluded)
        if each in tree.nodes
    )


def _emptied(leaf: TumourIs, known: Known) -> Iterator[str]:
    tree = known.library.oncotree
    if leaf.excluded and all(
        code in leaf.excluded
        or (code in tree.nodes and any(tree.is_at_or_below(code, each) for each in leaf.excluded))
        for code in leaf.codes
    ):
        yield f"can't hold: {_text(leaf)}"


def _overlaps(options: Sequence[MatchOption], known: Known) -> Iterator[Problem]:
    """Cohorts of one trial with the same drug whose tumour types and markers meet while both are open."""
    cohorts = [each for each in options if each.kind in TRIALS]
    for first, second in combinations(cohorts, 2):
        same = (first.trial, first.drug) == (second.trial, second.drug)
        if same and _together(first, second) and _same_patients(first, second, known):
            said = (
                f"{first.id} and {second.id} overlap: the same drug, and a marker and tumour type in common"
            )
            yield Problem("rule.overlap", said, Where(second.file, second.line), found=second.id)


def _together(first: MatchOption, second: MatchOption) -> bool:
    def ends(each: MatchOption) -> tuple[str, str]:
        begin = max(str(each.valid_from), str(each.opens or ""))
        last = min(str(each.valid_until or "9999"), str(each.closes or "9999"))
        return begin, last

    (begin, last), (other_begin, other_last) = ends(first), ends(second)
    return max(begin, other_begin) <= min(last, other_last)


def _same_patients(first: MatchOption, second: MatchOption, known: Known) -> bool:
    one, other = list(leaves(first.rule)), list(leaves(second.rule))
    tumours = [[each for each in group if isinstance(each, TumourIs)] for group in (one, other)]
    meet = not all(tumours) or any(not _apart(a, b, known) for a in tumours[0] for b in tumours[1])
    markers = [{each for each in group if isinstance(each, Molecular)} for group in (one, other)]
    return meet and not markers[0].isdisjoint(markers[1])
