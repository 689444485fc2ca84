"""An approval as a rule: its tumour types, its biomarker, its line and conditions in the table's words.

What a word asks of a patient is data (`rules/approval_words.yaml`); words that aren't held there are asked
of a person, as they stand in the label. Nothing of an approval is typed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache, partial
from typing import Any

from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.drug_names import parts_of
from presis.diagnostics.variant_fit import SmallVariantIs
from presis.knowledge import Approval, Library
from presis.matching.criteria import AgeIs, Asked, LabelCondition, Molecular, TumourIs
from presis.matching.known import Known
from presis.matching.leaf_forms import parse_leaf
from presis.methods.rule_sharing import shared
from presis.methods.rules import AllOf, AnyOf, Leaf, Rule, leaves, parse
from presis.programme.files import load_yaml

_EITHER = re.compile(r"[A-Z0-9/]+ germline_or_somatic pathogenic")
FILE = "rules/approval_words.yaml"


@lru_cache(maxsize=2048)
def label_rule(approval: Approval, known: Known) -> Rule[Asked]:
    """Who is within an approval's indication."""
    parts: list[Rule[Asked]] = [Leaf(TumourIs(approval.oncotree, approval.oncotree_excluded))]
    if approval.biomarker != "none":
        parts.append(
            Leaf(Molecular(parse_biomarker(approval.biomarker), None, _inherited(approval.biomarker)))
        )
    parts += _line(approval, known)
    parts += _tumour_words(approval, known)
    parts += _conditions(approval, known)
    whole: Rule[Asked] = AllOf(tuple(dict.fromkeys(parts)))
    return shared(whole, known.rules)


@lru_cache(maxsize=2048)
def indication_rule(approval: Approval, known: Known) -> Rule[Asked]:
    """Who may be offered an approved indication: who is within it, alive, and of an age that it is for."""
    label, words = label_rule(approval, known), load_yaml(FILE)
    parts = [*(label.of if isinstance(label, AllOf) else (label,)), _rule(words["of_all"]["rule"], known)]
    age = words["age_not_named"]
    named = any(isinstance(each, AgeIs) for each in leaves(label))
    if not named and not set(_parts(approval.conditions)).intersection(age["unless"]):
        parts.append(_row_rule(age, approval, known))
    whole: Rule[Asked] = AllOf(tuple(parts))
    return shared(whole, known.rules)


def open_words(approval: Approval, known: Known) -> tuple[str, ...]:
    """The words of an approval that a person compares, each by itself."""
    asked = (each for each in leaves(indication_rule(approval, known)) if isinstance(each, LabelCondition))
    return tuple(dict.fromkeys(each.text for each in asked))


def _rule(document: Any, known: Known) -> Rule[Asked]:
    return parse(document, partial(parse_leaf, known=known), file=FILE)


def _line(approval: Approval, known: Known) -> Iterator[Rule[Asked]]:
    row = next((r for r in load_yaml(FILE)["lines"] if r["words"] == approval.line), None)
    if row is None:
        yield Leaf(LabelCondition(approval.row, approval.line))
    elif "rule" in row:
        rule, other = _rule(row["rule"], known), row.get("or_condition")
        said = other is not None and other in _parts(approval.conditions)
        yield AnyOf((rule, Leaf(LabelCondition(approval.row, other)))) if said else rule


def _tumour_words(approval: Approval, known: Known) -> Iterator[Rule[Asked]]:
    words, text = load_yaml(FILE), approval.tumour
    for each in words["tumour_open"]:
        if each in text:
            yield Leaf(LabelCondition(approval.row, each))
            text = text.replace(each, "")
    for row in words["tumours"]:
        if row["words"] in text and not any(other in text for other in row.get("unless", ())):
            yield _row_rule(row, approval, known)
            text = text.replace(row["words"], "")
    for part in re.split(r"[,;]", text):
        if (name := part.strip()) and name not in words["tumour_names"]:
            yield Leaf(LabelCondition(approval.row, name))


def _conditions(approval: Approval, known: Known) -> Iterator[Rule[Asked]]:
    rows = load_yaml(FILE)["conditions"]
    for words in _parts(approval.conditions):
        row = next((each for each in rows if _says(each, words)), None)
        if row is None and words:
            yield Leaf(LabelCondition(approval.row, words))
        elif row is not None and "rule" in row:
            yield _row_rule(row, approval, known)
        if row is not None and "also_asks" in row:
            yield Leaf(LabelCondition(approval.row, row["also_asks"]))


def _parts(conditions: str | None) -> list[str]:
    """The parts of the conditions, without the table's own remarks."""
    parts = re.split(r";\s*", conditions or "")
    return [re.sub(r"\s*\((?:r|since this date)\)$", "", part.strip()) for part in parts]


def _inherited(biomarker: str) -> tuple[str, ...]:
    """The genes of a biomarker that asks for a pathogenic change alone, inherited or not."""
    match = _EITHER.fullmatch(biomarker)
    if match is None:
        return ()
    rule = parse_biomarker(biomarker)
    return tuple(dict.fromkeys(leaf.gene for leaf in leaves(rule) if isinstance(leaf, SmallVariantIs)))


def _row_rule(row: Any, approval: Approval, known: Known) -> Rule[Asked]:
    """The rule of a row; with `or_asks`, a person may find its words fulfilled, `within` what bounds both."""
    rule = _rule(row["rule"], known)
    if "or_asks" in row:
        rule = AnyOf((rule, Leaf(LabelCondition(approval.row, row["or_asks"]))))
    return AllOf((_rule(row["within"]["rule"], known), rule)) if "within" in row else rule


def _says(row: Any, words: str) -> bool:
    return words == row.get("words") or ("begins" in row and words.startswith(row["begins"]))


@cache
def approvals_of(library: Library) -> Mapping[tuple[str, frozenset[str]], tuple[Approval, ...]]:
    """The approvals in force that count, by agency and drugs."""
    found: dict[tuple[str, frozenset[str]], tuple[Approval, ...]] = {}
    for each in library.approvals:
        if each.in_force and each.counts:
            key = (each.agency, frozenset(parts_of(each.drug)))
            found[key] = (*found.get(key, ()), each)
    return found


@cache
def perhaps_approved(library: Library) -> Mapping[tuple[str, frozenset[str]], tuple[Approval, ...]]:
    """Indications that may be in force: an opinion awaits its decision, or a row was recalled."""
    found: dict[tuple[str, frozenset[str]], tuple[Approval, ...]] = {}
    for each in library.approvals:
        if each.status == "opinion only" or (each.in_force and not each.counts):
            key = (each.agency, frozenset(parts_of(each.drug)))
            found[key] = (*found.get(key, ()), each)
    return found


@cache
def whole_labels() -> frozenset[tuple[str, frozenset[str]]]:
    """The drugs, by agency, of which every indication was read and has a row."""
    rows = load_yaml(FILE)["whole_labels"]
    return frozenset((row["agency"], frozenset(parts_of(row["drug"]))) for row in rows)
