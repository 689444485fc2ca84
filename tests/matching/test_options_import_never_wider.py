"""Whom a trial refuses, asked strictly, no option that is imported from it takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import event, given, settings
from tests.diagnostics import tumours
from tests.matching.ctml_cases import AT, CASES, asking, trial_of
from tests.matching.ctml_strategies import MATCH
from tests.matching.eligibility_cases import known, named, questions
from tests.matching.options_import import CLINICAL, LEAVES, made_of

from presis.diagnostics.report_content import report_content
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.matching.case_reading import add_case, subject_of_report
from presis.matching.ctml import Mode, Remarks, Trial, read_cohort, read_coverage, strict_verdicts
from presis.matching.ctml.import_options import Imported
from presis.matching.option_forms import parse_options
from presis.matching.subject import Subject
from presis.matching.yaml_text import parse_yaml
from presis.methods.rules import Truth, evaluate

# Invented patients in two forms: MatchEngine's documents, and a report with a case.

CHANGES = [
    [],
    [("BRAF", "V600E", None, "Missense_Mutation"), ("TP53", "R196*", None, "Nonsense_Mutation")],
    [("BRAF", "K601E", None, "Missense_Mutation"), ("KRAS", "G12C", 2, "Missense_Mutation")],
    [("EGFR", "E746_A750del", 19, "In_Frame_Del"), ("EGFR", "T790M", 20, "Missense_Mutation")],
    [("EGFR", "A767_V769dup", 20, "In_Frame_Ins"), ("NRAS", "Q61R", 3, "Missense_Mutation")],
    [("BRAF", "V600=", None, "Silent"), ("TP53", "R110fs", None, "Frame_Shift_Del")],
]
COPIES = [[], [("ERBB2", "High level amplification")], [("PTEN", "Homozygous deletion")]]
FUSIONS = [[], [("EML4", "ALK")], [("ALK", "KIF5B")]]
PEOPLE = [
    ("MEL", "Melanoma", "male", "1970-01-31", 2.0, 4.0),
    ("LUAD", "Lung Adenocarcinoma", "female", "2008-03-14", 40.0, 30.0),
    ("COADREAD", "Colorectal Adenocarcinoma", "male", "2008-03-13", 2.0, 10.0),
    ("LUNG", "Lung", "female", "2010-05-05", 40.0, 9.9),
]
Described = tuple[Any, Any, Any, Any]
DESCRIBED: list[Described] = list(product(CHANGES, COPIES, FUSIONS, PEOPLE))


def subject_of(described: Described) -> Subject:
    changes, copies, fusions, (code, _, sex, born, msi, tmb) = described
    profile = tumours.tumour(
        *(
            tumours.variant(gene, change, exon=f"{exon}/28" if exon else None)
            for gene, change, exon, _ in changes
        ),
        copies=tuple(
            tumours.deleted(gene) if "deletion" in call else tumours.amplified(gene) for gene, call in copies
        ),
        fusions=tuple(tumours.fused(*pair) for pair in fusions),
        msi=msi,
        tmb=tmb,
        code=code,
    )
    content = report_content(tumours.interpret(profile), load_library())
    day = {"value": True, "on": "2026-03-01", "by": "D"}
    case = {"sex": sex, "birth": born, "alive": day, "treatments": [], "treatments_complete": {**day}}
    text = parse_yaml(yaml.safe_dump(case), "case.yaml")
    return add_case(subject_of_report(content, "report"), text, known(), AT)


def documents_of(name: str, described: Described) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    changes, copies, fusions, (_, diagnosis, sex, born, msi, tmb) = described
    person = {
        "_id": name,
        "SAMPLE_ID": name,
        "VITAL_STATUS": "alive",
        "GENDER": sex.capitalize(),
        "BIRTH_DATE": born,
        "REPORT_DATE": "2020-05-05",
        "ONCOTREE_PRIMARY_DIAGNOSIS_NAME": diagnosis,
        "TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE": tmb,
    }
    repair = "Deficient (MMR-D / MSI-H)" if msi > 20 else "Proficient (MMR-P / MSS)"
    records: list[dict[str, Any]] = [{"VARIANT_CATEGORY": "SIGNATURE", "MMR_STATUS": repair}]
    for gene, change, exon, word in changes:
        record = {
            "VARIANT_CATEGORY": "MUTATION",
            "TRUE_HUGO_SYMBOL": gene,
            "TRUE_PROTEIN_CHANGE": f"p.{change}",
            "TRUE_VARIANT_CLASSIFICATION": word,
            "WILDTYPE": False,
        }
        records.append(record if exon is None else {**record, "TRUE_TRANSCRIPT_EXON": exon})
    for gene, call in copies:
        records.append({"VARIANT_CATEGORY": "CNV", "TRUE_HUGO_SYMBOL": gene, "CNV_CALL": call})
    for first, second in fusions:
        sides = {"LEFT_PARTNER_GENE": first, "RIGHT_PARTNER_GENE": second}
        records.append({"VARIANT_CATEGORY": "SV", **sides})
    return person, [{"CLINICAL_ID": name, **each} for each in records]


def matches() -> Iterator[list[Any]]:
    """Every leaf above, and every match list of the cases of CTML."""
    yield from ([{"genomic": leaf}] for leaf, _ in LEAVES.values())
    yield from ([{"clinical": leaf}] for leaf, _ in CLINICAL.values())
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            if "match" in case:
                yield case["match"]


def importable() -> Iterator[Imported]:
    for number, match in enumerate(matches()):
        trial = {**trial_of(match), "protocol_no": f"10-{number}"}
        try:
            yield made_of(trial)
        except BadInput:  # it has no counterpart, or is no CTML
            continue


class Patients:
    """Who a trial refuses, strictly, and how an option answers, for each of the patients."""

    def __init__(self, folder: Path, described: list[Described]) -> None:
        people = {f"P{number:03}": each for number, each in enumerate(described)}
        both = [documents_of(name, each) for name, each in people.items()]
        clinical, genomic, coverage = (folder / name for name in ("clinical", "genomic", "coverage.csv"))
        clinical.write_text("\n".join(json.dumps(person) for person, _ in both), encoding="utf-8")
        records = [json.dumps(record) for _, own in both for record in own]
        genomic.write_text("\n".join(records), encoding="utf-8")
        tested = [f"{name},*,{kind}" for name in people for kind in ("mutation", "cnv", "sv")]
        coverage.write_text("\n".join(["SAMPLE_ID,gene,type", *tested]), encoding="utf-8")
        remarks = Remarks(Mode.STRICT)
        self.cohort = read_cohort(clinical, genomic, remarks)
        self.covered = read_coverage(coverage, frozenset(people), remarks)
        self.asked = {name: questions(subject_of(each)).ask for name, each in people.items()}

    def refused(self, trial: Trial) -> set[str]:
        found = strict_verdicts([trial], self.cohort, self.covered, asking({}))[trial.protocol]
        return {*self.asked} - {*found.satisfied, *(each.sample for each in found.unknown)}

    def eligible(self, made: Imported) -> set[str]:
        (option,) = parse_options(parse_yaml(made.text, made.file), known(), named())
        return {name for name, ask in self.asked.items() if evaluate(option.rule, ask).truth is Truth.YES}


@pytest.fixture(scope="module")
def everyone(tmp_path_factory: pytest.TempPathFactory) -> Patients:
    return Patients(tmp_path_factory.mktemp("everyone"), DESCRIBED)


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Patients:
    return Patients(tmp_path_factory.mktemp("some"), DESCRIBED[::5])


def test_no_option_takes_whom_the_trial_refuses(everyone: Patients) -> None:
    options, taken, refused = 0, 0, 0
    for made in importable():
        eligible, not_held = everyone.eligible(made), everyone.refused(made.trial)
        assert eligible.isdisjoint(not_held), made.text
        options, taken, refused = options + 1, taken + len(eligible), refused + len(not_held)
    assert (options > 80, taken > 2000, refused > 2000) == (True, True, True)


@settings(max_examples=200)
@given(MATCH)
def test_nor_of_any_trial_by_chance(some: Patients, match: list[Any]) -> None:
    try:
        made = made_of(trial_of(match))
    except BadInput as error:
        event(f"has no counterpart: {len(error.problems) > 1}")
        return
    event("imported")
    assert some.eligible(made).isdisjoint(some.refused(made.trial)), made.text
