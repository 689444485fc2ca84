"""Trials in CTML become options: each leaf by its sentence, faults by their text, the command as it is run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.matching.ctml_cases import trial_of
from tests.matching.options_import import ALIVE, CLINICAL, LEAVES, made_of, rows_of, told_by

from presis.cli.main import run
from presis.errors import BadInput


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
    "a change within one gene": (
        {
            "genomic": {
                "hugo_symbol": "EGFR",
                "fusion_partner_hugo_symbol": "EGFR",
                "variant_category": "Structural Variation",
            }
        },
        (
            ".genomic.fusion_partner_hugo_symbol: is the gene itself: a change within one gene has no"
            f" counterpart; {BY_HAND}"
        ),
    ),
    "a break outside genes": (
        {
            "genomic": {
                "hugo_symbol": "ALK",
                "fusion_partner_hugo_symbol": "intergenic",
                "variant_category": "Structural Variation",
            }
        },
        (
            ".genomic.fusion_partner_hugo_symbol: asks for a break outside genes, which has no counterpart;"
            f" {BY_HAND}"
        ),
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
    made = told_by(a_trial(**about))
    (row,) = rows_of(made)
    assert row["id"] == "10-001-arm-1"
    assert row["drug"] == "vemurafenib + cobimetinib"
    assert row["evidence"] == [
        {"text": "A study; phase II", "source": "CTML 10-001 (NCT00000001)", "confidence": "recalled"}
    ]
    assert row["illustrative"] == ["offers", "access"]
    assert {each["confidence"] for each in row["access"]} == {"illustrative"}


def test_a_drug_that_the_trial_doesnt_settle_is_asked_for() -> None:
    with pytest.raises(BadInput) as error:
        told_by(a_trial())
    said = "trial.json, field drug_list.drug: names no drug; give it with --drug 10-001-arm-1=DRUG"
    assert str(error.value.problems[0]) == said
    with pytest.raises(BadInput) as error:
        told_by(a_trial(drug_list={"drug": [{"drug_name": "Compound 7"}]}))
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
        "To complete by a person: kind, name, offers, access and evidence of each option, places and opening"
        " days if there are any; then presis rules check.\n"
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
