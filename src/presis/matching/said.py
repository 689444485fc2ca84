"""Reasons of matching in words: the codes among their values said in the reader's language."""

from __future__ import annotations

from functools import cache
from typing import Any

from presis.documents.language import Words
from presis.matching.laboratory import lab_tests
from presis.matching.table_words import biomarker_text, class_words, label_words, list_words, test_words
from presis.methods.reasons import Reason
from presis.programme.files import load_yaml

#: Findings and places named in one sentence; the rest is counted.
MOST_LISTED = 3
_GROUPS = {"fact": "fact", "method": "method"}
#: Reasons whose `what` names drugs or classes of them.
_OF_CLASSES = frozenset(
    {
        *("match.given", "match.given-perhaps", "match.given-untold"),
        *("match.given-not-told", "match.not-given"),
    }
)


@cache
def _statements() -> dict[str, dict[str, str]]:
    return {row["of"]: row["name"] for row in load_yaml("rules/eligibility_words.yaml")["statements"]}


def statement_name(code: str, say: Words) -> str:
    """A doctor's statement by its name."""
    names = _statements().get(code)
    return code if names is None else names[say.language.value]


def test_name(code: str, say: Words) -> str:
    """A laboratory test by its name; a test of another kind stays as it is."""
    held = lab_tests().get(code)
    return code if held is None else held.names[say.language.value]


def reason_text(reason: Reason, say: Words) -> str:
    """A reason in words, without its place."""
    values: dict[str, Any] = dict(reason.values)
    for name, group in _GROUPS.items():
        if name in values:
            values[name] = say.term(group, str(values[name]))
    if reason.code == "settle.fact":
        asked = f"settling.{reason.values['fact']}"
        values["fact"] = say.sentences.get(asked, values["fact"])
    if isinstance(values.get("found"), str):
        word, _, rest = values["found"].partition(" (")
        said = say.term("found-word", word)
        values["found"] = f"{said} ({rest}" if rest else said
    if isinstance(values.get("finding"), str):
        values["finding"] = _first(values["finding"], say)
    _say_tables(reason.code, values, say)
    if "outcome" in values:
        values["outcome"] = say.term("found-word", str(values["outcome"]))
    if reason.code == "match.given-otherwise":
        values["what"] = say.term("found-word", str(values["what"]))
    if reason.code.startswith(("match.stated", "match.not-stated", "settle.statement")):
        values["of"] = statement_name(str(values["of"]), say)
    if "test" in values and reason.code.startswith(("match.lab", "settle.laboratory")):
        values["test"] = test_name(str(values["test"]), say)
    return say.say(reason.code, values)


def _say_tables(code: str, values: dict[str, Any], say: Words) -> None:
    """The words of the tables among the values, in the reader's language."""
    language = say.language
    if "text" in values and code.startswith(("match.label.", "settle.label-condition")):
        values["text"] = label_words(str(values["text"]), language)
    if code == "match.against":
        values["what"] = class_words(str(values["what"]), language)
    elif code in _OF_CLASSES:
        parts = str(values["what"]).split(", ")
        values["what"] = ", ".join(class_words(each, language) for each in parts)
    if "marker" in values:
        values["marker"] = biomarker_text(str(values["marker"]), language)
    if code in {"settle.label-list", "list-not-held.found"}:
        values["what"] = list_words(str(values["what"]), language)
    if code == "settle.other-test":
        values["test"] = test_words(str(values["test"]), language)


def _first(listed: str, say: Words) -> str:
    """The first of many that are listed, and how many more there are; what is sent on has them all."""
    parts = listed.split(", ")
    if len(parts) <= MOST_LISTED:
        return listed
    more = say.say("matching.more", {"count": len(parts) - MOST_LISTED})
    return f"{', '.join(parts[:MOST_LISTED])}, {more}"


def placed_text(reason: Reason, say: Words) -> str:
    """A reason in words, with the day and the place where it is written."""
    text, where, on = reason_text(reason, say), reason.values.get("where"), reason.values.get("on")
    if not where:
        return text
    document, colon, field = _first(str(where), say).partition(": ")
    where = f"{document}{colon}{say.term('report-place', field)}"
    if on:
        return say.say("matching.of-day", {"what": text, "where": where, "on": on})
    return say.say("matching.of", {"what": text, "where": where})
