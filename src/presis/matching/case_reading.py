"""From a report and `case.yaml` to a subject: every value with its place, every fault at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from presis.diagnostics.findings_of_report import findings_of_report
from presis.diagnostics.report_model import ReportContent
from presis.errors import BadInput, Problem
from presis.matching.case_checks import faults
from presis.matching.case_form import CaseForm
from presis.matching.days import parse_day
from presis.matching.known import Known
from presis.matching.laboratory import lab_test
from presis.matching.subject import LabValue, Subject, Told, Treatment, label_of
from presis.matching.yaml_text import YamlText, read_yaml, said_of


def subject_of_report(content: ReportContent, name: str = "report") -> Subject:
    """What a report alone tells: the findings that were judged, the tumour type, birth and sex."""
    specimen = content.specimen
    tumour = content.tumour
    born = None
    if specimen.birth_year is not None:
        month = "" if specimen.birth_month is None else f"-{specimen.birth_month:02d}"
        born = Told(parse_day(f"{specimen.birth_year}{month}"), f"{name}: specimen.birth_year")
    return Subject(
        name=specimen.pseudonym or content.sample,
        findings=findings_of_report(content),
        report=name,
        tumour=None if tumour is None else Told(tumour, f"{name}: tumour"),
        birth=born,
        sex=None if specimen.sex is None else Told(specimen.sex, f"{name}: specimen.sex"),
        resistance=tuple(
            Told(each.drug, f"{name}: {', '.join(source.row for source in each.sources)}")
            for each in content.options
            if (each.direction, each.holds, each.relation) == ("resistance", "yes", "this_type")
        ),
    )


def with_case(subject: Subject, paths: Sequence[Path], known: Known, at: date) -> Subject:
    """The subject with what files of the case tell, one after the other; a later one adds.

    Raises:
        BadInput: with every fault of the first file that has one: what it says, and where.

    """
    for path in paths:
        subject = add_case(subject, read_yaml(path), known, at)
    return subject


def add_case(subject: Subject, text: YamlText, known: Known, at: date) -> Subject:
    """The subject with what one document tells: nothing, if it holds comments alone.

    Raises `BadInput` with every fault.
    """
    if text.value is None:
        return subject
    if not isinstance(text.value, dict):
        raise BadInput(text.problem("case", "", "should be keys and values such as `ecog: {value: 1}`"))
    form, problems = _form(text)
    problems += faults(form, text, known, at, subject)
    if problems:
        raise BadInput(*sorted(problems, key=lambda each: each.where.line or 0))
    return _told(subject, form, text, known)


def _form(text: YamlText) -> tuple[CaseForm, list[Problem]]:
    """The form and its faults; keys with a fault are left out of it, so that the rest is checked, too."""
    try:
        return CaseForm.model_validate(text.value), []
    except ValidationError as error:
        wrong = error.errors(include_url=False)
    good = {key: value for key, value in text.value.items() if all(e["loc"][0] != key for e in wrong)}
    return CaseForm.model_validate(good), [_problem(text, each) for each in wrong]


def _problem(text: YamlText, error: Any) -> Problem:
    path = ""
    for part in error["loc"]:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    message = said_of(error)
    if error["type"] == "extra_forbidden":
        message = f"{error['loc'][-1]} is no key of a case; see the reference of case.yaml"
    return text.problem("case", path, message, error["input"])


def _told(subject: Subject, form: CaseForm, text: YamlText, known: Known) -> Subject:
    """Each value with its place; what a form leaves out stays as it was."""
    at = _Places(text)
    values: dict[str, Any] = {name: _newer(getattr(subject, name), told) for name, told in _plain(form, at)}
    before = subject.tumour
    if form.tumour and before and known.library.oncotree.is_at_or_below(before.value, form.tumour):
        del values["tumour"]  # the report's is the same, or more exact
    named: dict[str, dict[Any, Told[Any]]] = {
        "assessed": {
            each.by: Told(each.state, at(f"measurable_disease[{i}]"), each.on)
            for i, each in enumerate(form.measurable_disease)
            if each.by and each.state
        },
        "consents": dict(_listed(form.consent, "consent", "to", at)),
        "germline": {
            known.gene(each.gene): Told(each.result, at(f"germline[{i}]"), each.on)
            for i, each in enumerate(form.germline)
            if each.result
        },
        "statements": dict(_listed(form.statements, "statements", "of", at)),
        "label_conditions": {
            (each.row, each.words): Told(each.value, at(f"label_conditions[{i}]"), each.on)
            for i, each in enumerate(form.label_conditions)
            if each.value is not None and each.words
        }
        | {
            (each.agency, label_of(known.drug(part) for part in each.drug.split(" + "))): Told(
                each.value, at(f"outside_labels[{i}]"), each.on
            )
            for i, each in enumerate(form.outside_labels)
            if each.value is not None
        },
    }
    for field, told in named.items():
        earlier = getattr(subject, field)
        values[field] = {**earlier, **{key: _newer(earlier.get(key), each) for key, each in told.items()}}
    values["treatments"] = (*subject.treatments, *_treatments(form, at, known))
    values["laboratory"] = (*subject.laboratory, *_laboratory(form, at))
    return replace(subject, **values)


def _newer(before: Told[Any] | None, now: Told[Any]) -> Told[Any]:
    """Of what two files tell the newer; what the later file tells, where their days don't say."""
    if before is None or before.on is None or now.on is None:
        return now
    return before if now.on.last < before.on.first else now


class _Places:
    """The place of a path: `case.yaml:12`."""

    def __init__(self, text: YamlText) -> None:
        self.text = text

    def __call__(self, path: str) -> str:
        return f"{self.text.name}:{self.text.line(path)}"


def _plain(form: CaseForm, at: _Places) -> Iterator[tuple[str, Any]]:
    names = {"tumour": "tumour", "birth": "birth", "sex": "sex", "tissue_left": "tissue"}
    for key, name in names.items():
        value = getattr(form, key)
        if value is not None:
            yield name, Told(value, at(key))
    for key in ("stage", "extent", "ecog", "alive", "can_swallow", "pregnant", "treatments_complete"):
        each = getattr(form, key)
        if each is not None and each.value is not None:
            yield key, Told(each.value, at(key), each.on)
    if form.died is not None:
        yield "alive", Told(value=False, where=at("died"), on=form.died)
    for key, name in (("brain_metastases", "brain"), ("standard_treatment", "standard")):
        each = getattr(form, key)
        if each is not None and each.state is not None:
            yield name, Told(each.state, at(key), each.on)


def _listed(rows: Iterable[Any], key: str, name: str, at: _Places) -> Iterator[tuple[str, Told[bool]]]:
    for index, each in enumerate(rows):
        if each.value is not None:
            yield getattr(each, name), Told(each.value, at(f"{key}[{index}]"), each.on)


def _treatments(form: CaseForm, at: _Places, known: Known) -> Iterator[Treatment]:
    for index, each in enumerate(form.treatments):
        drugs = known.parts(each.drugs)
        classes = tuple(dict.fromkeys(words for drug in drugs for words in known.classes(drug)))
        yield Treatment(
            drugs=(*drugs, *((each.other,) if each.other else ())),
            where=at(f"treatments[{index}]"),
            written=" + ".join((*map(known.drug, each.drugs), *((each.other,) if each.other else ()))),
            classes=() if each.other else classes,
            targets=known.targets(drugs),
            line=each.line,
            setting=each.setting,
            start=each.start,
            end=each.end,
            ongoing=bool(each.ongoing),
            response=each.response,
            outcome=each.outcome,
        )


def _laboratory(form: CaseForm, at: _Places) -> Iterator[LabValue]:
    for index, each in enumerate(form.laboratory):
        if each.value is None or each.unit is None:
            continue
        test = lab_test(each.test)
        limit = None if each.upper_limit is None else test.converted(each.upper_limit, each.unit)
        written = f"{each.value:g} {each.unit}".strip()
        yield LabValue(
            test.test, test.converted(each.value, each.unit), test.unit, at(f"laboratory[{index}]"), each.on,
            limit, written,
        )  # fmt: skip
