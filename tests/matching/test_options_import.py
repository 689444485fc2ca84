"""Trials in CTML become options: each leaf by its sentence, faults by their text, and never wider than strict."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.diagnostics import tumours
from tests.matching.ctml_cases import AT, CASES, asking, trial_of
from tests.matching.eligibility_cases import known, named, questions

from presis.cli.main import run
from presis.diagnostics.report_content import report_content
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.matching.case_reading import add_case, subject_of_report
from presis.matching.ctml import Mode, Remarks, read_cohort, read_coverage, read_trial, strict_verdicts
from presis.matching.ctml.import_options import Imported, Importing, imported
from presis.matching.option_forms import parse_options
from presis.matching.subject import Subject
from presis.matching.yaml_text import parse_yaml
from presis.methods.rules import Truth, evaluate

SINCE = date(2026, 1, 1)
ALIVE = {"state": {"what": "alive"}}
V600 = [f"p.V600{letter}" for letter in "ACDEFGHIKLMNPQRSTWY"]
REPAIR_LOST = {
    "any": [{"microsatellites": {"state": "unstable"}}, {"mismatch_repair": {"state": "deficient"}}]
}


def made_of(document: dict[str, Any], **drugs: str) -> Imported:
    """The options of a trial; raises `BadInput` with every fault."""
    remarks = Remarks(Mode.STRICT)
    trial = read_trial(document, "trial.json", remarks)
    assert trial is not None
    told = drugs or {trial.protocol: "vemurafenib"}
    (made,) = imported([trial], Importing(known(), named(), SINCE, told), remarks.errors)
    return made


def rows_of(made: Imported) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load(made.text)["options"]
    return rows


def rule_of(*match: dict[str, Any]) -> Any:
    """What an option asks beside being alive."""
    (row,) = rows_of(made_of(trial_of(list(match))))
    parts = row["eligibility"]["all"]
    assert parts[-1] == ALIVE
    return parts[0] if len(parts) == 2 else parts[:-1]


def faults_of(*match: dict[str, Any]) -> list[str]:
    with pytest.raises(BadInput) as error:
        made_of(trial_of(list(match)))
    return [str(each) for each in error.value.problems]


LEAVES: dict[str, tuple[dict[str, Any], Any]] = {
    "a protein change": (
        {"hugo_symbol": "BRAF", "protein_change": "p.V600E"},
        {"small_variant": {"gene": "BRAF", "proteins": ["p.V600E"]}},
    ),
    "a protein change without p.": (
        {"hugo_symbol": "BRAF", "protein_change": "V600E"},
        {"small_variant": {"gene": "BRAF", "proteins": ["p.V600E"]}},
    ),
    "a denied protein change": (
        {"hugo_symbol": "BRAF", "protein_change": "!p.V600E"},
        {"not": {"small_variant": {"gene": "BRAF", "proteins": ["p.V600E"]}}},
    ),
    "a wildcard is each residue, so that the codon's own letter counts": (
        {"hugo_symbol": "BRAF", "wildcard_protein_change": "p.V600"},
        {"small_variant": {"gene": "BRAF", "proteins": V600}},
    ),
    "a denied wildcard denies the synonymous change, too": (
        {"hugo_symbol": "!BRAF", "wildcard_protein_change": "V600"},
        {"not": {"small_variant": {"gene": "BRAF", "proteins": [*V600, "p.V600="]}}},
    ),
    "a mutation is one that isn't synonymous": (
        {"hugo_symbol": "KRAS", "variant_category": "Mutation"},
        {"small_variant": {"gene": "KRAS", "kinds": ["any"]}},
    ),
    "no mutation is none at all": (
        {"hugo_symbol": "KRAS", "variant_category": "!Mutation"},
        {"not": {"small_variant": {"gene": "KRAS"}}},
    ),
    "an exon": (
        {"hugo_symbol": "EGFR", "exon": 20},
        {"small_variant": {"gene": "EGFR", "exon": 20, "kinds": ["any"]}},
    ),
    "an exon 19 deletion": (
        {"hugo_symbol": "EGFR", "exon": 19, "variant_classification": "In_Frame_Del"},
        {"small_variant": {"gene": "EGFR", "exon": 19, "kinds": ["inframe_del"]}},
    ),
    "a missense mutation": (
        {"hugo_symbol": "EGFR", "variant_classification": "Missense_Mutation"},
        {"small_variant": {"gene": "EGFR", "kinds": ["missense"]}},
    ),
    "no nonsense mutation is no truncating one": (
        {"hugo_symbol": "TP53", "variant_classification": "!Nonsense_Mutation"},
        {"not": {"small_variant": {"gene": "TP53", "kinds": ["truncating"]}}},
    ),
    "an amplification": (
        {"hugo_symbol": "ERBB2", "variant_category": "CNV", "cnv_call": "High Amplification"},
        {"amplification": {"gene": "ERBB2"}},
    ),
    "a deletion": (
        {
            "hugo_symbol": "PTEN",
            "variant_category": "Copy Number Variation",
            "cnv_call": "Homozygous Deletion",
        },
        {"deletion": {"gene": "PTEN"}},
    ),
    "any copy number": (
        {"hugo_symbol": "ERBB2", "variant_category": "CNV"},
        {"any": [{"amplification": {"gene": "ERBB2"}}, {"deletion": {"gene": "ERBB2"}}]},
    ),
    "a fusion with any partner": (
        {"hugo_symbol": "ALK", "variant_category": "Structural Variation"},
        {"fusion": {"genes": ["ALK"]}},
    ),
    "a fusion with a partner": (
        {
            "hugo_symbol": "ALK",
            "variant_category": "Structural Variation",
            "fusion_partner_hugo_symbol": "EML4",
        },
        {"fusion": {"genes": ["ALK"], "partner": "EML4"}},
    ),
    "no fusion": (
        {
            "hugo_symbol": "!ALK",
            "variant_category": "Structural Variation",
            "fusion_partner_hugo_symbol": "any_gene",
        },
        {"not": {"fusion": {"genes": ["ALK"]}}},
    ),
    "wild type is tested, and no variant found": (
        {"hugo_symbol": "KRAS", "wildtype": True},
        {"not": {"small_variant": {"gene": "KRAS"}}},
    ),
    "repair is deficient by sites or by proteins": ({"mmr_status": "MMR-Deficient"}, REPAIR_LOST),
    "microsatellites are unstable by sites or by proteins": ({"ms_status": "MSI-H"}, REPAIR_LOST),
    "stable by sites": ({"ms_status": "MSS"}, {"microsatellites": {"state": "stable"}}),
    "proficient by proteins": (
        {"mmr_status": "MMR-Proficient"},
        {"mismatch_repair": {"state": "proficient"}},
    ),
    "not deficient by either": ({"mmr_status": "!MMR-Deficient"}, {"not": REPAIR_LOST}),
}
CLINICAL: dict[str, tuple[dict[str, Any], Any]] = {
    "a diagnosis": ({"oncotree_primary_diagnosis": "Melanoma"}, {"tumour": {"codes": ["MEL"]}}),
    "another diagnosis": (
        {"oncotree_primary_diagnosis": "!Melanoma"},
        {"not": {"tumour": {"codes": ["MEL"]}}},
    ),
    "a solid tumour, as MatchEngine's map has it": (
        {"oncotree_primary_diagnosis": "_SOLID_"},
        {"tumour": {"codes": ["SOLID", "FDCS", "IDCS"]}},
    ),
    "a liquid tumour": (
        {"oncotree_primary_diagnosis": "_LIQUID_"},
        {"tumour": {"codes": ["HAEMATOLOGICAL"], "excluded": ["FDCS", "IDCS"]}},
    ),
    "an adult": ({"age_numerical": ">=18"}, {"age": {"at_least": 18}}),
    "a child": ({"age_numerical": "<18"}, {"age": {"at_most": 17}}),
    "a woman": ({"gender": "Female"}, {"sex": {"sex": "female"}}),
    "a high rate": ({"tmb_numerical": ">=10"}, {"tmb": {"at_least": 10.0, "unit": "mutations/Mb"}}),
    "a low rate": ({"tmb_numerical": "<10"}, {"not": {"tmb": {"at_least": 10.0, "unit": "mutations/Mb"}}}),
    "HER2 positive": ({"her2_status": "Positive"}, {"protein": {"marker": "ERBB2", "result": "positive"}}),
    "HER2 negative": ({"her2_status": "Negative"}, {"protein": {"marker": "ERBB2", "result": "negative"}}),
    "ER positive": ({"er_status": "Positive"}, {"protein": {"marker": "ER", "result": "positive"}}),
    "ER negative": ({"er_status": "Negative"}, {"not": {"protein": {"marker": "ER", "result": "positive"}}}),
    "PR negative, asked with ER": (
        {"pr_status": "Negative"},
        {"not": {"protein": {"marker": "HR", "result": "positive"}}},
    ),
    "metastatic disease": ({"disease_status": ["Metastatic"]}, {"extent": {"extents": ["metastatic"]}}),
}


@pytest.mark.parametrize(("leaf", "asked"), LEAVES.values(), ids=LEAVES.keys())
def test_a_genomic_leaf_is_asked(leaf: dict[str, Any], asked: Any) -> None:
    assert rule_of({"genomic": leaf}) == asked


@pytest.mark.parametrize(("leaf", "asked"), CLINICAL.values(), ids=CLINICAL.keys())
def test_a_clinical_leaf_is_asked(leaf: dict[str, Any], asked: Any) -> None:
    assert rule_of({"clinical": leaf}) == asked


def test_earlier_treatment_is_asked() -> None:
    asked = rule_of({"prior_treatments": {"drug": "!imatinib"}})
    assert asked == {"not": {"treated_with": {"drugs": ["imatinib"]}}}


def test_and_or_and_two_leaves_of_one_item() -> None:
    kras = {"hugo_symbol": "KRAS", "variant_category": "Mutation"}
    asked = rule_of(
        {
            "or": [
                {"clinical": {"gender": "Male"}, "genomic": kras},
                {"and": [{"clinical": {"gender": "Female"}}]},
            ]
        }
    )
    male, female = {"sex": {"sex": "male"}}, {"sex": {"sex": "female"}}
    mutated = {"small_variant": {"gene": "KRAS", "kinds": ["any"]}}
    assert asked == {"any": [{"all": [male, mutated]}, {"all": [female]}]}


PLACE = "trial.json, field treatment_list.step[0].arm[0].match[0]"
BY_HAND = "take it out here, and complete the option by hand"
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown gene": (
        {"genomic": {"Hugo_Symbol": "KRASS"}},
        ".genomic.Hugo_Symbol: 'KRASS' is no gene that is known; did you mean KRAS?",
    ),
    "a leaf without a gene": (
        {"genomic": {"protein_change": "p.V600E"}},
        ".genomic: names no gene; give hugo_symbol",
    ),
    "a change in other words": (
        {"genomic": {"hugo_symbol": "BRAF", "protein_change": "p.V600X"}},
        ".genomic.protein_change: 'p.V600X' is no protein change as p.V600E; perhaps p.V600* is meant",
    ),
    "a frameshift to exclude": (
        {"genomic": {"hugo_symbol": "TP53", "protein_change": "!p.R110fs"}},
        (
            ".genomic.protein_change: is written in several ways, so that excluding this one may miss it;"
            " exclude the gene's frameshifts by variant_classification"
        ),
    ),
    "a wildcard of no residue": (
        {"genomic": {"hugo_symbol": "BRAF", "wildcard_protein_change": "p.600"}},
        ".genomic.wildcard_protein_change: 'p.600' is no residue as p.V600; write one letter and its number",
    ),
    "a frameshift class to include": (
        {"genomic": {"hugo_symbol": "TP53", "variant_classification": "Frame_Shift_Del"}},
        (
            ".genomic.variant_classification: Frame_Shift_Del has no counterpart by itself: truncating is any"
            f" nonsense or frameshift change; {BY_HAND}"
        ),
    ),
    "another class": (
        {"genomic": {"hugo_symbol": "TERT", "variant_classification": "5'Flank"}},
        (
            '.genomic.variant_classification: "5\'Flank" has no counterpart (Missense_Mutation, In_Frame_Del,'
            f" In_Frame_Ins, Splice_Site have one); {BY_HAND}"
        ),
    ),
    "an exon to exclude whose residues aren't held": (
        {"genomic": {"hugo_symbol": "ERBB2", "exon": "!20"}},
        (
            ".genomic.exon: excludes exon 20 of ERBB2, whose residues aren't held, so that a change without an"
            " exon number would be missed; exclude the gene, or its changes"
        ),
    ),
    "a gain": (
        {"genomic": {"hugo_symbol": "MYC", "cnv_call": "Low Amplification"}},
        (
            ".genomic.cnv_call: 'Low Amplification' has no counterpart (High Amplification and Homozygous"
            f" Deletion have one); {BY_HAND}"
        ),
    ),
    "any copy number to exclude": (
        {"genomic": {"hugo_symbol": "!KRAS"}},
        (
            ".genomic: excludes any copy number, too; a gain isn't told by a panel's report, so that there is"
            " none can't be asked; say variant_category: Mutation, or cnv_call"
        ),
    ),
    "any structural variant to exclude": (
        {"genomic": {"hugo_symbol": "!ALK", "variant_category": "Structural Variation"}},
        (
            ".genomic: excludes any structural variant, also one without a second gene, which isn't asked here;"
            " add fusion_partner_hugo_symbol: any_gene if a fusion is meant"
        ),
    ),
    "a key of another category": (
        {"genomic": {"hugo_symbol": "BRAF", "variant_category": "CNV", "protein_change": "p.V600E"}},
        ".genomic.protein_change: isn't told of a copy number; take it out",
    ),
    "a mutational signature": (
        {"genomic": {"uva_signature": "Yes"}},
        f".genomic.uva_signature: is a mutational signature, which has no counterpart; {BY_HAND}",
    ),
    "no wild type": (
        {"genomic": {"hugo_symbol": "!KRAS", "wildtype": True}},
        (
            ".genomic.wildtype: excludes wild type, which has no counterpart; ask for a mutation: take out"
            " wildtype and the !"
        ),
    ),
    "older by a day": (
        {"clinical": {"age_numerical": ">18"}},
        ".clinical.age_numerical: asks for more than 18 years by a day; write >=18, or >=19, as it is meant",
    ),
    "part of a year": (
        {"clinical": {"age_numerical": ">=0.5"}},
        f".clinical.age_numerical: >=0.5 has no counterpart: ages are whole years to 130; {BY_HAND}",
    ),
    "more than a rate": (
        {"clinical": {"tmb_numerical": ">10"}},
        ".clinical.tmb_numerical: >10 has no counterpart: write >= or <, as it is meant",
    ),
    "a diagnosis that OncoTree no longer names": (
        {"clinical": {"oncotree_primary_diagnosis": "Multiple Myeloma"}},
        (
            ".clinical.oncotree_primary_diagnosis: 'Multiple Myeloma' is no name of the OncoTree release in use;"
            f" {BY_HAND}"
        ),
    ),
    "PR positive": (
        {"clinical": {"pr_status": "Positive"}},
        (
            ".clinical.pr_status: PR positive has no counterpart: it is asked together with ER, as HR;"
            f" {BY_HAND}"
        ),
    ),
    "a state of the disease": (
        {"clinical": {"disease_status": ["Recurrent"]}},
        (
            ".clinical.disease_status: 'Recurrent' has no counterpart (Metastatic, Locally Advanced, Localized"
            f" have one); {BY_HAND}"
        ),
    ),
    "an earlier drug that isn't known": (
        {"prior_treatments": {"drug": "imatinibb"}},
        ".prior_treatments.drug: 'imatinibb' is no drug that is known; did you mean imatinib?",
    ),
}


@pytest.mark.parametrize(("item", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_what_has_no_counterpart_is_said_with_its_place(item: dict[str, Any], said: str) -> None:
    assert faults_of(item) == [f"{PLACE}{said}"]


def test_every_fault_is_told_at_once_those_of_reading_too() -> None:
    faults = faults_of(
        {"and": [{"clinical": {"gender": "Other"}}, {"genomic": {"hugo_symbol": "KRAS", "tier": 1}}]},
        {"genomic": {"apobec_signature": "Yes"}},
    )
    assert [each.split(":")[0].rsplit("match", 1)[1] for each in faults] == [
        "[0].and[1].genomic.tier",
        "[0].and[0].clinical.gender",
        "[1].genomic.apobec_signature",
    ]


def test_what_is_stricter_than_the_trial_is_said() -> None:
    made = made_of(trial_of([{"clinical": {"age_numerical": "<=18", "tmb_numerical": "<=10"}}]))
    assert [each.message for each in made.stricter] == [
        "takes 17 years at most; of those of 18 the birthday alone",
        "takes rates below 10 alone",
    ]


def a_trial(**more: Any) -> dict[str, Any]:
    return {**trial_of([{"clinical": {"gender": "Male"}}]), **more}


def test_an_option_is_filled_from_what_the_trial_says() -> None:
    drugs = {"drug": [{"drug_name": "Vemurafenib"}, {"drug_name": "cobimetinib"}]}
    about = {"short_title": "A  study", "phase": "II", "nct_id": "NCT00000001", "drug_list": drugs}
    made = _told(a_trial(**about))
    (row,) = rows_of(made)
    assert row["id"] == "10-001-arm-1"
    assert row["drug"] == "vemurafenib + cobimetinib"
    assert row["evidence"] == [
        {"text": "A study; phase II", "source": "CTML 10-001 (NCT00000001)", "confidence": "recalled"}
    ]
    assert row["illustrative"] == ["offers", "access"]
    assert {each["confidence"] for each in row["access"]} == {"illustrative"}


def _told(document: dict[str, Any]) -> Imported:
    """The options of a trial, its drug as it says."""
    remarks = Remarks(Mode.STRICT)
    trial = read_trial(document, "trial.json", remarks)
    assert trial is not None
    (made,) = imported([trial], Importing(known(), named(), SINCE), remarks.errors)
    return made


def test_a_drug_that_the_trial_doesnt_settle_is_asked_for() -> None:
    with pytest.raises(BadInput) as error:
        _told(a_trial())
    said = "trial.json, field drug_list.drug: names no drug; give it with --drug 10-001-arm-1=DRUG"
    assert str(error.value.problems[0]) == said
    with pytest.raises(BadInput) as error:
        _told(a_trial(drug_list={"drug": [{"drug_name": "Compound 7"}]}))
    said = (
        "trial.json, field drug_list.drug: 'Compound 7' is no drug that is known; none has a name like it;"
        " give it with --drug 10-001-arm-1=DRUG"
    )
    assert str(error.value.problems[0]) == said


def test_of_several_levels_each_has_its_own_option_and_drug() -> None:
    men, women = [{"clinical": {"gender": "Male"}}], [{"clinical": {"gender": "Female"}}]
    arms = [
        {"arm_code": "A", "match": men, "dose_level": [{"level_code": "1", "match": women}]},
        {"arm_code": "A", "arm_internal_id": 7, "match": women},
        {"arm_code": "B", "arm_suspended": "Y", "match": men},
    ]
    trial = a_trial(treatment_list={"step": [{"arm": arms}]})
    made = made_of(trial, **{"10-001": "vemurafenib", "10-001-arm-a": "dabrafenib + trametinib"})
    assert [(row["id"], row["drug"]) for row in rows_of(made)] == [
        ("10-001-arm-a", "dabrafenib + trametinib"),
        ("10-001-dose-level-1", "vemurafenib"),
        ("10-001-arm-a-7", "vemurafenib"),
    ]
    (left,) = made.left_out
    place = "trial.json, field treatment_list.step[0].arm[2].match"
    assert str(left) == f"{place}: is of a suspended arm; left out"


def test_a_closed_trial_is_left_out_with_a_sentence() -> None:
    made = made_of(a_trial(_summary={"status": [{"value": "closed"}]}))
    assert made.options == 0
    assert [each.message for each in made.left_out] == ["is of a trial that isn't open to accrual; left out"]


def test_what_the_rules_check_refuses_is_told_of_the_trial() -> None:
    both = [{"clinical": {"gender": "Male"}}, {"clinical": {"gender": "!Male"}}]
    assert faults_of(*both) == [
        "trial.json, field treatment_list: 10-001-arm-1: can't hold: it asks for sex male and for its opposite"
    ]


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


def importable() -> Iterator[tuple[dict[str, Any], Imported]]:
    for number, match in enumerate(matches()):
        trial = {**trial_of(match), "protocol_no": f"10-{number}"}
        try:
            yield trial, made_of(trial)
        except BadInput:  # it has no counterpart, or is no CTML
            continue


def test_no_option_takes_whom_the_trial_refuses(tmp_path: Path) -> None:
    people = {f"P{number:03}": each for number, each in enumerate(DESCRIBED)}
    both = [documents_of(name, each) for name, each in people.items()]
    clinical, genomic, coverage = (tmp_path / name for name in ("clinical", "genomic", "coverage.csv"))
    clinical.write_text("\n".join(json.dumps(person) for person, _ in both), encoding="utf-8")
    genomic.write_text("\n".join(json.dumps(each) for _, all_of in both for each in all_of), encoding="utf-8")
    tested = [f"{name},*,{kind}" for name in people for kind in ("mutation", "cnv", "sv")]
    coverage.write_text("\n".join(["SAMPLE_ID,gene,type", *tested]), encoding="utf-8")
    remarks = Remarks(Mode.STRICT)
    cohort = read_cohort(clinical, genomic, remarks)
    covered = read_coverage(coverage, frozenset(people), remarks)
    trials = list(importable())
    verdicts = strict_verdicts((made.trial for _, made in trials), cohort, covered, asking({}))
    asked = {name: questions(subject_of(each)).ask for name, each in people.items()}
    taken, refused = 0, 0
    for _, made in trials:
        (option,) = parse_options(parse_yaml(made.text, made.file), known(), named())
        found = verdicts[made.trial.protocol]
        held = {*found.satisfied, *(each.sample for each in found.unknown)}
        eligible = {name for name, ask in asked.items() if evaluate(option.rule, ask).truth is Truth.YES}
        assert eligible <= held, made.text
        taken += len(eligible)
        refused += len(people) - len(held)
    assert len(trials) > 80
    assert taken > 2000
    assert refused > 2000


# The command.


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "trial.json").write_text(json.dumps(a_trial()), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


IMPORT = ["options", "import", "trial.json", "--drug", "10-001=vemurafenib", "--valid-from", "2026-01-01"]


def test_the_options_are_written_and_pass_the_check(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*IMPORT, "--out", "options"]) == 0
    assert capsys.readouterr().out == (
        f"10-001: options made: 1 in {Path('options', '10-001.yaml')}\n"
        "To complete by a person: name, offers, access and evidence of each option, places and opening days if"
        " there are any; then presis rules check.\n"
    )
    assert run(["rules", "check", "options"]) == 0
    assert capsys.readouterr().out == "1 options checked: no fault.\n"
    assert run([*IMPORT, "--out", "options"]) == 2
    said = (
        f"presis: {Path('options', '10-001.yaml')}: is there already; name another folder, or take it away\n"
    )
    assert capsys.readouterr().err == said


def test_without_a_folder_the_options_are_printed_alone(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(IMPORT) == 0
    said = capsys.readouterr()
    assert len(yaml.safe_load(said.out)["options"]) == 1
    assert said.err.startswith("10-001: options made: 1\nTo complete by a person: ")
    assert run([*IMPORT, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(each["protocol_no"], each["options"], each["file"]) for each in told["trials"]] == [
        ("10-001", 1, "10-001.yaml")
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--drug", "10-002=x"], "field --drug: no option or trial that is imported is called '10-002'"),
        (["--drug", "x"], "field --drug: 'x' isn't ID=DRUG"),
        (["--valid-from", "soon"], "field --valid-from: 'soon' is no date; write it as 2026-03-14."),
        (["other.json"], "other.json: can't be read: No such file or directory"),
    ],
)
def test_what_is_wrong_with_the_command_is_one_sentence(
    place: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    assert run([*IMPORT, *more]) == 2
    assert capsys.readouterr().err == f"presis: {said}\n"
