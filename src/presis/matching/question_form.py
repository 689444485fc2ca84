"""The open questions as a form: a `case.yaml` with blanks to fill in, most telling first."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from presis.documents.language import Words
from presis.matching.laboratory import lab_tests
from presis.matching.option import Matched
from presis.matching.said import reason_text, statement_name, test_name
from presis.methods.reasons import Reason
from presis.methods.rules import Truth

#: fact: what may be written, and the lines of the form that ask for it
_FACTS = {
    "tumour": ("OncoTree", "tumour:"),
    "birth": ("1961-04-23", "birth:"),
    "sex": ("male, female, other", "sex:"),
    "stage": ("IIIB", "stage: {value: , on: }"),
    "extent": ("localised, locally_advanced, metastatic", "extent: {value: , on: }"),
    "ecog": ("0-5", "ecog: {value: , on: }"),
    "alive": ("true, false", "alive: {value: , on: }"),
    "pregnant": ("true, false", "pregnant: {value: , on: }"),
    "can_swallow": ("true, false", "can_swallow: {value: , on: }"),
    "brain_metastases": ("none, controlled, uncontrolled, present", "brain_metastases: {state: , on: }"),
    "measurable_disease": (
        "measurable, evaluable, none",
        "measurable_disease:",
        "  - {by: RECIST 1.1, state: , on: }",
    ),
    "standard_treatment": (
        "exhausted, not_tolerated, not_indicated, available",
        "standard_treatment: {state: , on: , by: }",
    ),
    "treatments": (
        "- {drugs: [ ], line: , start: , end: , outcome: }",
        "treatments: []",
        "treatments_complete: {value: , on: }",
    ),
}
_LISTS = {
    "settle.statement": ("statements", "of"),
    "settle.laboratory": ("laboratory", "test"),
    "settle.laboratory-limit": ("laboratory", "test"),
    "settle.germline": ("germline", "gene"),
    "settle.label-condition": ("label_conditions", "row"),
    "settle.label": ("outside_labels", "drug"),
}


def question_form(matched: Iterable[Matched], name: str, say: Words) -> str:
    """The form as YAML text; what only a laboratory settles stands in comments at its end."""
    waiting = [each for each in matched if each.explained.truth is Truth.UNKNOWN]
    counts: Counter[tuple[str, tuple[object, ...]]] = Counter()
    reasons: dict[tuple[str, tuple[object, ...]], Reason] = {}
    for each in waiting:
        for reason in each.open:
            key = (reason.code, tuple(reason.values.items()))
            counts[key] += 1
            reasons[key] = reason
    ordered = sorted(reasons, key=lambda key: (-counts[key], key[0], str(key[1])))
    told = [(reasons[key], counts[key]) for key in ordered]
    lines = [
        f"# {say.say('ask.head', {'name': name})}",
        *_facts(told, say),
        *_lists(told, say),
        *_rest(told, say),
    ]
    return "\n".join(lines) + "\n"


Told = Sequence[tuple[Reason, int]]


def _note(count: int, say: Words) -> str:
    return say.say("ask.opens", {"count": count})


def _comment(text: str, indent: str = "") -> str:
    """A comment above what it speaks of, at most 80 signs wide."""
    return textwrap.fill(
        text, 80, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}#   ", break_long_words=False
    )


def _facts(told: Told, say: Words) -> Iterator[str]:
    consents = [(r, n) for r, n in told if str(r.values.get("fact", "")).startswith("consent_")]
    for reason, count in told:
        fact = str(reason.values.get("fact", ""))
        if reason.code == "settle.fact" and fact in _FACTS:
            written, *lines = _FACTS[fact]
            yield _comment(f"{reason_text(reason, say)} ({written}); {_note(count, say)}")
            yield from lines
    if consents:
        yield "consent:"
        for reason, count in consents:
            to = str(reason.values["fact"]).removeprefix("consent_")
            yield _comment(f"{reason_text(reason, say)}; {_note(count, say)}", "  ")
            yield f"  - {{to: {to}, value: , on: }}"


def _lists(told: Told, say: Words) -> Iterator[str]:
    for name in dict.fromkeys(key for key, _ in _LISTS.values()):
        rows: dict[tuple[str, str], list[tuple[Reason, int]]] = {}
        for reason, count in told:
            if _LISTS.get(reason.code, ("", ""))[0] == name:
                word = str(reason.values[_LISTS[reason.code][1]])
                text = str(reason.values.get("text", reason.values.get("agency", "")))
                rows.setdefault((word, text), []).append((reason, count))
        if rows:
            yield f"{name}:"
        for (word, text), own in rows.items():
            what = "; ".join(dict.fromkeys(_what(name, word, reason, say) for reason, _ in own))
            yield _comment(f"{what}; {_note(max(count for _, count in own), say)}", "  ")
            yield f"  - {_row(name, word, text)}"


def _row(name: str, word: str, text: str) -> str:
    match name:
        case "laboratory":
            limit = ", upper_limit: " if lab_tests()[word].organ in {"liver", "kidney"} else ""
            return f"{{test: {word}, value: , unit: {lab_tests()[word].unit!r}, on: {limit}}}"
        case "germline":
            return f"{{gene: {word}, result: , on: }}"
        case "label_conditions":
            words = json.dumps(text, ensure_ascii=False)
            return f"{{row: {word}, words: {words},\n     value: , on: }}"
        case "outside_labels":
            return f"{{drug: {word}, agency: {text}, value: , on: }}"
        case _:
            return f"{{of: {word}, value: , on: }}"


def _what(name: str, word: str, reason: Reason, say: Words) -> str:
    if name == "laboratory":
        return test_name(word, say)
    return statement_name(word, say) if name == "statements" else reason_text(reason, say)


def _rest(told: Told, say: Words) -> Iterator[str]:
    held = {"settle.fact", *_LISTS}
    rest = [(reason, count) for reason, count in told if reason.code not in held]
    if rest:
        yield _comment(say.say("ask.laboratory-head"))
    for reason, count in rest:
        yield _comment(f"- {reason_text(reason, say)}; {_note(count, say)}")
