"""Invented patients in the words of a case file, and the questions put to them."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from tests.diagnostics import tumours

from presis.diagnostics.profile import Tested
from presis.diagnostics.report_content import report_content
from presis.documents.language import Language, words
from presis.knowledge import load_library
from presis.matching.answering import Questions
from presis.matching.approved import approved_options
from presis.matching.case_reading import add_case, subject_of_report
from presis.matching.criteria import Asked
from presis.matching.known import Known, known_of
from presis.matching.option import MatchOption
from presis.matching.option_forms import OPTIONS, read_options
from presis.matching.rule_reading import NamedRules, read_rule, shipped_named
from presis.matching.said import reason_text
from presis.matching.subject import Subject
from presis.matching.yaml_text import YamlText, parse_yaml
from presis.methods.reasons import Reason
from presis.methods.rules import Rule

CASES = Path(__file__).parent / "cases" / "eligibility"
AT = date(2026, 3, 14)


def known() -> Known:
    return known_of(load_library())


def named() -> NamedRules:
    return shipped_named(known())


@cache
def _report(text: str) -> Subject:
    told = yaml.safe_load(text)
    covers = tumours.all_but(**dict.fromkeys(told.get("not_tested", ()), Tested.NO))
    profile = tumours.tumour(
        *(tumours.variant(*each.split(" ")) for each in told.get("variants", ())),
        covers=covers,
        copies=(
            *(tumours.amplified(gene) for gene in told.get("amplified", ())),
            *(tumours.deleted(gene) for gene in told.get("deleted", ())),
        ),
        fusions=tuple(tumours.fused(*each.split("::")) for each in told.get("fusions", ())),
        splice=tuple(tumours.spliced(*each.split(" ", 1)) for each in told.get("splice", ())),
        msi=told.get("msi", 2.0),
        tmb=told.get("tmb", 4.0),
        code=told.get("type", "COADREAD"),
    )
    content = report_content(tumours.interpret(profile), load_library())
    return subject_of_report(content, "report")


def patient(tumour: dict[str, Any] | None, case: dict[str, Any] | None, at: date = AT) -> Subject:
    """A patient with this tumour (None: no report) and this case."""
    subject = Subject(name="P-1") if tumour is None else _report(yaml.safe_dump(tumour))
    if case:
        text = yaml.safe_dump(case, sort_keys=False, allow_unicode=True)
        subject = add_case(subject, parse_yaml(text, "case.yaml"), known(), at)
    return subject


def rule(document: Any, drugs: tuple[str, ...] = ()) -> Rule[Asked]:
    """A rule as an option writes it."""
    return read_rule(YamlText("rule", {"rule": document}), "rule", known().for_drugs(drugs), named())


@cache
def options() -> dict[str, MatchOption]:
    """Every option of the programme, approved indications too, by id."""
    found = (*read_options([OPTIONS], known(), named()), *approved_options(known()))
    return {each.id: each for each in found}


def asked(case: dict[str, Any]) -> Rule[Asked]:
    """The rule that a case asks: its own, or an option's."""
    if "option" in case:
        return options()[case["option"]].rule
    return rule(case["ask"], tuple(case.get("drugs", ())))


def questions(subject: Subject, at: date = AT) -> Questions:
    return Questions(subject, known(), at)


def said(reasons: tuple[Reason, ...], language: Language = Language.EN) -> list[str]:
    return [reason_text(each, words(language)) for each in reasons]


def all_cases() -> list[tuple[str, dict[str, Any]]]:
    """Every case with its name: file and sentence."""
    return [
        (f"{path.stem}: {case['name']}", case)
        for path in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
