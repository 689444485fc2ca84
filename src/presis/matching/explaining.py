"""An answer as lines that a person reads: each criterion, what was found and where, what would settle it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from presis.documents.language import Words
from presis.matching.asked_words import asked_text
from presis.matching.criteria import (
    Asked,
    BrainIs,
    ExtentIs,
    GermlineIs,
    LabelCondition,
    LinesAre,
    MeasurableIs,
    Molecular,
    OutsideLabel,
    SameTargetBefore,
    StageIs,
    StandardIs,
    TreatedWith,
    TumourIs,
    WashoutIs,
)
from presis.matching.option import Matched
from presis.matching.said import placed_text, reason_text
from presis.methods.reasons import Reason
from presis.methods.rules import AllOf, AnyOf, AtLeast, Explained, Leaf, Not, Truth

_KINDS: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("tumour", (TumourIs,)),
    ("tumour_findings", (Molecular, GermlineIs)),
    ("course", (LinesAre, TreatedWith, SameTargetBefore, StandardIs, WashoutIs)),
    ("label", (OutsideLabel, LabelCondition)),
    ("disease", (StageIs, ExtentIs, MeasurableIs, BrainIs)),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: how deep it lies, yes, no or unknown, what is asked, why."""

    depth: int
    truth: Truth
    asked: str
    why: tuple[str, ...] = ()
    settled_by: tuple[str, ...] = ()


def kind_of(leaf: Asked) -> str:
    """What a criterion is about: tumour, tumour_findings, course, label, disease or person."""
    return next((name for name, types in _KINDS if isinstance(leaf, types)), "person")


def explained_lines(explained: Explained[Asked], say: Words) -> tuple[Line, ...]:
    """The tree from the top; the outermost `all` isn't said, nor is a group of one."""
    return tuple(_lines(explained, say, 0, outermost=True))


def _lines(node: Explained[Asked], say: Words, depth: int, *, outermost: bool = False) -> Iterator[Line]:
    match node.rule:
        case Leaf(of=leaf):
            yield _leaf_line(node, leaf, say, depth, "")
        case Not(of=Leaf(of=inner)):
            yield _leaf_line(node.parts[0], inner, say, depth, f"{say.say('asked.not')} ", node.truth)
        case Not():
            yield Line(depth, node.truth, say.say("asked.not"))
            yield from _lines(node.parts[0], say, depth + 1)
        case AllOf() if outermost:
            for part in node.parts:
                yield from _lines(part, say, depth, outermost=True)
        case AllOf() | AnyOf() | AtLeast():
            yield Line(depth, node.truth, _group(node, say))
            for part in node.parts:
                yield from _lines(part, say, depth + 1)


def _group(node: Explained[Asked], say: Words) -> str:
    match node.rule:
        case AtLeast(count=count):
            return say.say("asked.at-least", {"count": count})
        case AnyOf():
            return say.say("asked.any")
        case _:
            return say.say("asked.all")


def _leaf_line(
    node: Explained[Asked], leaf: Asked, say: Words, depth: int, before: str, truth: Truth | None = None
) -> Line:
    answer = node.answer
    why = () if answer is None else tuple(placed_text(each, say) for each in answer.reasons)
    settled = () if answer is None or node.truth is not Truth.UNKNOWN else tuple(
        reason_text(each, say) for each in answer.settled_by
    )  # fmt: skip
    shown = node.truth if truth is None else truth
    return Line(depth, shown, f"{before}{asked_text(leaf, say)}", tuple(dict.fromkeys(why)), settled)


def why_out(matched: Matched) -> str:
    """What an option is excluded by, the tumour before the rest: its kind, for counting."""
    asked = [leaf.rule for leaf in matched.explained.decisive()]
    kinds = {kind_of(rule.of) for rule in asked if isinstance(rule, Leaf)}
    order = ("tumour", "tumour_findings", "disease", "course", "label", "person")
    return next(name for name in order if name in kinds)


def deciding(matched: Matched, say: Words) -> tuple[str, ...]:
    """What makes an option excluded: each deciding criterion with why, once."""
    out: dict[str, None] = {}
    for leaf in matched.explained.decisive():
        for reason in leaf.answer.reasons if leaf.answer else ():
            if reason.code != "tumour-content.condition":  # said with every criterion, where it is explained
                out[placed_text(reason, say)] = None
    return tuple(out)


def tree_json(node: Explained[Asked], say: Words) -> dict[str, Any]:
    """The tree as JSON: `truth`, and either `asked`, `why` and `settled_by`, or `all`, `any`, `not`."""
    out: dict[str, Any] = {"truth": node.truth.word}
    match node.rule:
        case Leaf(of=leaf):
            answer = node.answer
            out["asked"] = asked_text(leaf, say)
            out["why"] = [reason_json(each, say) for each in (answer.reasons if answer else ())]
            out["settled_by"] = [reason_json(each, say) for each in (answer.settled_by if answer else ())]
            out["findings"] = list(answer.evidence) if answer else []
        case Not():
            out["not"] = tree_json(node.parts[0], say)
        case AtLeast(count=count):
            out["at_least"] = {"count": count, "of": [tree_json(each, say) for each in node.parts]}
        case AnyOf():
            out["any"] = [tree_json(each, say) for each in node.parts]
        case AllOf():
            out["all"] = [tree_json(each, say) for each in node.parts]
    return out


def reason_json(reason: Reason, say: Words) -> dict[str, Any]:
    """A reason as JSON: its code, its values, and the sentence."""
    return {"code": reason.code, "values": dict(reason.values), "text": reason_text(reason, say)}
