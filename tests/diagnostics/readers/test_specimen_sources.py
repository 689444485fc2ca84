"""What is known of a specimen, by whom it is said, and whose word counts."""

from __future__ import annotations

import pytest
from tests.diagnostics.readers.panel_files import combined

from presis.diagnostics.assemble import read_profile
from presis.diagnostics.profile import Alteration, Specimen
from presis.diagnostics.profile import Tested as State
from presis.diagnostics.readers.sample_id import parse_inpred, same_specimen
from presis.diagnostics.specimen import read_specimen
from presis.errors import BadInput

YAML = """\
pseudonym: INV-7
birth_year: 1958
birth_month: 4
sex: F
tumour: COAD
tumour_text: colon
treatment: before
collected: 2026-09
tumour_cell_fraction: 0.4
rna_failed: true
comments: [one, two]
"""


@pytest.fixture
def write(tmp_path):
    def one(name: str, text: str):
        path = tmp_path / name
        path.write_text(text)
        return path

    return one


def test_a_specimen_file_is_read(write):
    specimen = read_specimen(write("s.yaml", YAML))
    assert (specimen.sex, specimen.collected, specimen.tumour_cell_fraction) == ("female", "2026-09", 0.4)
    assert (specimen.rna_failed, specimen.dna_failed, specimen.site) == (True, None, None)


@pytest.mark.parametrize(
    ("written", "read"), [("2026", "2026"), ("2026-03", "2026-03"), ("2026-03-01", "2026-03-01")]
)
def test_a_date_may_be_a_year_or_a_month(write, written, read):
    assert read_specimen(write("s.yaml", f"collected: {written}\n")).collected == read


def test_every_fault_is_told_with_line_and_field(write):
    text = "birth_month: 13\ntumour: colon\ntreatment: during\ntumour_cell_fraction: 40\ncollected: soon\nfirst_name: x\n"
    with pytest.raises(BadInput) as error:
        read_specimen(write("s.yaml", text))
    places = [(problem.where.line, problem.where.field) for problem in error.value.problems]
    assert sorted(places) == [(1, "birth_month"), (2, "tumour"), (3, "treatment"), (4, "tumour_cell_fraction"),
                              (5, "collected"), (6, "first_name")]  # fmt: skip
    assert "first_name is no key of a specimen" in str(error.value)


def test_a_key_that_stands_twice_is_refused(write):
    with pytest.raises(BadInput, match="a key stands twice"):
        read_specimen(write("s.yaml", "tumour: COAD\ntumour: LUAD\n"))


@pytest.mark.parametrize("text", ["a: [", "- tumour\n", "tumour: {a: b", "just text\n"])
def test_what_is_no_yaml_mapping_is_refused(write, text):
    with pytest.raises(BadInput):
        read_specimen(write("s.yaml", text))


IDS = [
    ("IPD0000-D01-P01-A08", ("primary", "before", "ffpe", "CNS")),
    ("IPD0000-D01-p01-F09", ("primary", "after", "fresh_frozen", "colon/rectum")),
    ("IPD0000-R01-r02-C15-0008", ("regional_metastasis", "after", "cytology", "lung")),
    ("IPD00XX-D01-X01-XXX", (None, None, None, None)),
    ("IPD0000-D01-M01-E00_P", ("metastasis", None, "extramedullary", "unknown origin")),
]


@pytest.mark.parametrize(("sample", "said"), IDS)
def test_inpred_ids_tell_of_the_specimen_and_case_matters(sample, said):
    known = parse_inpred(sample)
    assert (known.sample_type, known.treatment, known.material, known.site) == said


@pytest.mark.parametrize(
    "sample", ["CL-AcroMetrix-D01", "IPD000-D01-P01-A08", "12345", "ipd0000-D01-P01-A08"]
)
def test_other_ids_tell_nothing(sample):
    assert parse_inpred(sample) is None


@pytest.mark.parametrize(
    ("dna", "rna", "same"),
    [
        ("CL-X-D01", "CL-X-R01", True),
        ("CL-X-D01", "CL-X-R02", False),
        ("IPD1596-D11-M91-A15-0003", "IPD1596-R13-M91-A15-0016", True),
        ("IPD1596-D11-M91-A15", "IPD1596-R13-P91-A15", False),
        ("IPD1596-D11-M91-A15", "IPD1597-R13-M91-A15", False),
        ("CL-X-R01", "CL-X-D01", False),
    ],
)
def test_dna_and_rna_of_one_specimen_by_their_ids(dna, rna, same):
    assert same_specimen(dna, rna) is same


METADATA_16 = (
    "Sample_id\tSequencing_run_id\tCreate_report\tYear_of_birth\tYear_of_diagnosis\tClinical_diagnosis\tSex\tStudy_id\t"
    "Sample_material_id\tYear_of_sample_collection\tRequisition_hospital\tExtraction_hospital\tTumor_content_pathology\t"
    "Batch\tPathology_comment\tSample_info_comment"
)
METADATA_18 = METADATA_16.replace("Pathology_comment\tSample_info_comment", "Molecular_pathology_comment\tSample_info_comment\tExtraction_data_comment\tLibrary_data_comment")  # fmt: skip
ROW = (
    "IPD0000-D01-P01-A09\tRUN1\tY\t1958\t2026\tCarcinoma coli\tF\tST-1\tM-1\t2026\tH1\tH2\t40\t1\tnecrosis\t-"
)


@pytest.mark.parametrize(("header", "row"), [(METADATA_16, ROW), (METADATA_18, ROW + "\t-\tlow yield")])
def test_both_versions_of_prontos_metadata(write, header, row):
    digest = write("d.tsv", combined(pair="IPD0000-D01-P01-A09_P", dna="IPD0000-D01-P01-A09"))
    metadata = write("m.txt", f"# help\n{header}\n{row}\nIPD9999-D01-P01-A09\tRUN1\tN" + "\t-" * 13 + "\n")
    specimen = read_profile([digest, metadata]).specimen
    assert (specimen.birth_year, specimen.sex, specimen.tumour_text) == (1958, "female", "Carcinoma coli")
    assert (specimen.tumour_cell_fraction, specimen.collected, specimen.pseudonym) == (0.4, "2026", "IPD0000")
    assert (specimen.sample_type, specimen.material, specimen.site) == ("primary", "ffpe", "colon/rectum")
    assert specimen.comments[0] == "necrosis"


def test_the_specimen_file_counts_before_metadata_and_id_and_contradictions_are_said(write):
    digest = write("d.tsv", combined(pair="IPD0000-D01-P01-A09_P", dna="IPD0000-D01-P01-A09"))
    metadata = write("m.txt", f"{METADATA_16}\n{ROW}\n")
    own = Specimen(birth_year=1960, treatment="after", tumour="COAD")
    profile = read_profile([digest, metadata], specimen=own)
    assert (profile.specimen.birth_year, profile.specimen.treatment, profile.specimen.sex) == (
        1960,
        "after",
        "female",
    )
    remarks = {
        each.reason.split()[0]: each.found for each in profile.not_usable if "contradicts" in each.reason
    }
    assert remarks == {"birth_year": "1958", "treatment": "before"}


def test_a_share_in_prontos_column_of_percents_is_listed_and_not_used(write):
    digest = write("d.tsv", combined(pair="IPD0000-D01-P01-A09_P", dna="IPD0000-D01-P01-A09"))
    metadata = write("m.txt", f"{METADATA_16}\n" + ROW.replace("\t40\t", "\t0.4\t") + "\n")
    profile = read_profile([digest, metadata])
    assert profile.specimen.tumour_cell_fraction is None
    assert any(each.found == "0.4" and "write 40" in each.reason for each in profile.not_usable)


def test_what_nobody_says_is_none(write):
    assert read_profile([write("d.tsv", combined())]).specimen == Specimen()


@pytest.mark.parametrize(
    ("key", "alteration"), [("rna_failed", Alteration.RNA_FUSION), ("dna_failed", Alteration.TMB)]
)
def test_a_nucleic_acid_that_failed_makes_its_results_unknown(write, key, alteration):
    digest = write("d.tsv", combined(rna="NA"))
    profile = read_profile([digest], specimen=Specimen(**{key: True}))
    assert (profile.covers[alteration].state, profile.covers[alteration].reason) == (State.UNKNOWN, key)


def test_a_specimen_file_in_the_folder_is_used(write, tmp_path):
    write("d.tsv", combined())
    write("specimen.yaml", YAML)
    assert read_profile([tmp_path]).specimen.tumour == "COAD"


def test_a_specimen_taken_before_the_patient_was_born_is_refused(write):
    with pytest.raises(BadInput) as refused:
        read_specimen(write("specimen.yaml", "birth_year: 2000\ncollected: 1999-12\n"))
    (problem,) = refused.value.problems
    assert (problem.where.line, problem.where.field) == (2, "collected")
    assert "before the patient was born (2000)" in problem.message
