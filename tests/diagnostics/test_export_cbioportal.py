"""Reports as a study for cBioPortal, held against the documented rules of its formats.

The rules are those of cBioPortal's docs/File-Formats.md and docs/data-loading/Import-Gene-Panels.md; the
checks are written from the text.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
from exported import DEMOS, content_of, demo, every_kind
from hypothesis import given
from hypothesis import strategies as st
from tumours import all_but, tumour, variant, without_protein

from presis.diagnostics.exports.cbioportal import StudyFiles, StudyName, cbioportal_study, genes_tested
from presis.diagnostics.exports.cbioportal_rows import (
    classification,
    maf_place,
    rows_of,
    short_protein,
    variant_type,
)
from presis.diagnostics.exports.fhir_findings import Place
from presis.diagnostics.exports.reported import Reported
from presis.diagnostics.profile import Tested
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_view import ReportStatus
from presis.errors import BadInput

ID = re.compile(r"[A-Za-z0-9._-]+")
#: what a metadata file must hold, by its name; and the values that are fixed
METAS = {
    "meta_study.txt": ({"type_of_cancer", "cancer_study_identifier", "name", "description"}, {}),
    "meta_cancer_type.txt": ({"data_filename"}, {"genetic_alteration_type": "CANCER_TYPE", "datatype": "CANCER_TYPE"}),
    "meta_clinical_patient.txt": ({"cancer_study_identifier", "data_filename"}, {"genetic_alteration_type": "CLINICAL", "datatype": "PATIENT_ATTRIBUTES"}),
    "meta_clinical_sample.txt": ({"cancer_study_identifier", "data_filename"}, {"genetic_alteration_type": "CLINICAL", "datatype": "SAMPLE_ATTRIBUTES"}),
    "meta_mutations.txt": ({"cancer_study_identifier", "profile_name", "profile_description", "data_filename"}, {"genetic_alteration_type": "MUTATION_EXTENDED", "datatype": "MAF", "stable_id": "mutations", "show_profile_in_analysis_tab": "true"}),
    "meta_sv.txt": ({"cancer_study_identifier", "profile_name", "profile_description", "data_filename"}, {"genetic_alteration_type": "STRUCTURAL_VARIANT", "datatype": "SV", "stable_id": "structural_variants", "show_profile_in_analysis_tab": "true"}),
    "meta_cna.txt": ({"cancer_study_identifier", "profile_name", "profile_description", "data_filename"}, {"genetic_alteration_type": "COPY_NUMBER_ALTERATION", "datatype": "DISCRETE_LONG", "stable_id": "cna", "show_profile_in_analysis_tab": "true"}),
    "meta_gene_panel_matrix.txt": ({"cancer_study_identifier", "data_filename"}, {"genetic_alteration_type": "GENE_PANEL_MATRIX", "datatype": "GENE_PANEL_MATRIX"}),
}  # fmt: skip
MAF_REQUIRED = {
    *("Hugo_Symbol", "NCBI_Build", "Chromosome", "Variant_Classification", "Reference_Allele"),
    *("Tumor_Seq_Allele2", "Tumor_Sample_Barcode", "HGVSp_Short"),
}
CLASSIFICATIONS = {
    *("Frame_Shift_Del", "Frame_Shift_Ins", "In_Frame_Del", "In_Frame_Ins", "Missense_Mutation"),
    *("Nonsense_Mutation", "Silent", "Splice_Site", "Translation_Start_Site", "Nonstop_Mutation"),
    *("3'UTR", "3'Flank", "5'UTR", "5'Flank", "IGR", "Intron", "RNA", "Targeted_Region"),
    *("De_novo_Start_InFrame", "De_novo_Start_OutOfFrame", "Splice_Region", "Unknown"),
}
CATEGORIES = {
    *("all_cases_in_study", "all_cases_with_mutation_data", "all_cases_with_cna_data"),
    *("all_cases_with_sv_data", "all_cases_with_mutation_and_cna_data"),
}
PROFILE_FILES = {"mutations": "mutations", "structural_variants": "sv", "cna": "cna"}
BANNED = {"MUTATION_COUNT", "FRACTION_GENOME_ALTERED"}

Row = dict[str, str]


def study(*contents: ReportContent, name: StudyName | None = None) -> StudyFiles:
    return cbioportal_study([Reported(each, ReportStatus()) for each in contents], name or StudyName())


def fields(text: str) -> Row:
    return dict(line.split(": ", 1) for line in text.splitlines())


def rows(text: str) -> list[Row]:
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    assert all(len(line) == len(lines[0]) for line in lines)
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


# -- the documented rules -----------------------------------------------------------------------


def check_study(made: StudyFiles) -> None:
    """Every rule, over a whole study."""
    ident = fields(made.files["meta_study.txt"])["cancer_study_identifier"]
    check_metas(made, ident)
    samples = check_clinical(made)
    check_mutations(made, samples)
    check_structural(made, samples)
    check_copies(made, samples)
    check_case_lists(made, ident, samples)
    check_panels(made, samples)


def check_metas(made: StudyFiles, ident: str) -> None:
    named = {"meta_study.txt"}
    for file, text in made.files.items():
        if not file.startswith("meta_"):
            continue
        needed, fixed = METAS[file]
        told = fields(text)
        assert needed <= told.keys(), file
        assert {key: told[key] for key in fixed} == fixed, file
        if file != "meta_cancer_type.txt":
            assert told["cancer_study_identifier"] == ident
        if "data_filename" in told:
            assert told["data_filename"] in made.files
            named |= {file, told["data_filename"]}
    others = {file for file in made.files if "/" not in file}
    assert others == named


def check_clinical(made: StudyFiles) -> dict[str, str]:
    patients: set[str] = set()
    samples: dict[str, str] = {}
    for kind in ("patient", "sample"):
        text = made.files[f"data_clinical_{kind}.txt"]
        head, body = text.splitlines()[:5], rows(text)
        assert all(line.startswith("#") for line in head[:4])
        names = head[4].split("\t")
        assert all(len(line.split("\t")) == len(names) for line in head)
        assert set(head[2].removeprefix("#").split("\t")) <= {"STRING", "NUMBER", "BOOLEAN"}
        assert all(name == name.upper() for name in names)
        assert not BANNED & set(names)
        kinds = dict(zip(names, head[2].removeprefix("#").split("\t"), strict=True))
        for row in body:
            assert all(float(row[name]) >= 0 for name in names if kinds[name] == "NUMBER" and row[name])
            assert ID.fullmatch(row["PATIENT_ID"])
            if kind == "patient":
                assert row["PATIENT_ID"] not in patients
                patients.add(row["PATIENT_ID"])
            else:
                assert ID.fullmatch(row["SAMPLE_ID"])
                assert row["SAMPLE_ID"] not in samples
                samples[row["SAMPLE_ID"]] = row["PATIENT_ID"]
    assert set(samples.values()) == patients
    return samples


def check_mutations(made: StudyFiles, samples: dict[str, str]) -> None:
    if "data_mutations.txt" not in made.files:
        return
    genome = {"hg19": "GRCh37", "hg38": "GRCh38"}[fields(made.files["meta_study.txt"])["reference_genome"]]
    for row in rows(made.files["data_mutations.txt"]):
        assert row.keys() >= MAF_REQUIRED
        assert all(row[name] for name in MAF_REQUIRED - {"HGVSp_Short"})
        assert row["NCBI_Build"] == genome
        assert row["Variant_Classification"] in CLASSIFICATIONS
        assert row["Tumor_Sample_Barcode"] in samples
        assert row["Mutation_Status"] in {"Somatic", "Germline", "Unknown"}
        assert not row["Chromosome"].startswith("chr")
        start, end = int(row["Start_Position"]), int(row["End_Position"])
        ref, alt = row["Reference_Allele"], row["Tumor_Seq_Allele2"]
        assert re.fullmatch(r"-|[ACGTN]+", ref)
        assert re.fullmatch(r"-|[ACGTN]+", alt)
        assert ref != alt
        assert end - start == (1 if ref == "-" else len(ref) - 1)
        assert row["Variant_Type"] == variant_type(ref, alt)
        assert len(row["cbp_driver_annotation"]) <= 80
        assert len(row["cbp_driver_tiers_annotation"]) <= 80
        assert len(row["cbp_driver_tiers"]) <= 20
        assert row["cbp_driver"] in {"Putative_Driver", "Putative_Passenger", "Unknown"}


def check_structural(made: StudyFiles, samples: dict[str, str]) -> None:
    for row in rows(made.files.get("data_sv.txt", "Sample_Id\n")):
        assert row["Sample_Id"] in samples
        assert row["SV_Status"] in {"SOMATIC", "GERMLINE"}
        assert row["Site1_Hugo_Symbol"] or row["Site2_Hugo_Symbol"]
        assert row["NCBI_Build"] in {"GRCh37", "GRCh38"}
        assert {row["DNA_Support"], row["RNA_Support"]} <= {"Yes", "No", ""}


def check_copies(made: StudyFiles, samples: dict[str, str]) -> None:
    found = rows(made.files.get("data_cna.txt", "Sample_Id\n"))
    for row in found:
        assert row["Sample_Id"] in samples
        assert row["Value"] in {"-2", "-1", "0", "1", "2"}
    assert len({(row["Hugo_Symbol"], row["Sample_Id"]) for row in found}) == len(found)


def check_case_lists(made: StudyFiles, ident: str, samples: dict[str, str]) -> None:
    lists = {}
    for file, text in made.files.items():
        if not file.startswith("case_lists/"):
            continue
        told = fields(text)
        assert told["cancer_study_identifier"] == ident
        assert told["stable_id"].startswith(f"{ident}_")
        assert told["case_list_name"]
        assert told["case_list_description"]
        assert told["case_list_category"] in CATEGORIES
        ids = told["case_list_ids"].split("\t")
        assert len(ids) == len(set(ids))
        lists[told["stable_id"].removeprefix(f"{ident}_")] = set(ids)
    assert lists["all"] == set(samples)
    assert all(each <= set(samples) for each in lists.values())
    for suffix, file, column in (
        ("sequenced", "data_mutations.txt", "Tumor_Sample_Barcode"),
        ("sv", "data_sv.txt", "Sample_Id"),
        ("cna", "data_cna.txt", "Sample_Id"),
    ):
        if file in made.files:
            assert {row[column] for row in rows(made.files[file])} <= lists[suffix]


def check_panels(made: StudyFiles, samples: dict[str, str]) -> None:
    panels = {}
    for file, text in made.files.items():
        if file.startswith("gene_panels/"):
            told = fields(text)
            genes = told["gene_list"].split("\t")
            assert genes
            assert len(genes) == len(set(genes))
            assert told["description"]
            panels[told["stable_id"]] = genes
    if "data_gene_panel_matrix.txt" not in made.files:
        assert not panels
        return
    matrix = rows(made.files["data_gene_panel_matrix.txt"])
    assert {row["SAMPLE_ID"] for row in matrix} == set(samples)
    columns = matrix[0].keys() - {"SAMPLE_ID"}
    assert {f"meta_{PROFILE_FILES[each]}.txt" for each in columns} <= made.files.keys()
    assert {row[each] for row in matrix for each in columns} - {"NA"} == set(panels)


@pytest.mark.parametrize("name", DEMOS)
def test_the_study_of_one_report_keeps_the_rules(name: str) -> None:
    check_study(study(demo(name)))


def test_a_study_of_many_reports_keeps_the_rules() -> None:
    made = study(*map(demo, DEMOS), every_kind(), name=StudyName("demo_2026", "The demo"))
    check_study(made)
    assert made.samples == 5


# -- nothing is lost silently -------------------------------------------------------------------


@pytest.mark.parametrize("content", [*map(demo, DEMOS), every_kind()], ids=[*DEMOS, "every_kind"])
def test_each_finding_is_a_row_a_value_or_a_sentence(content: ReportContent) -> None:
    found = rows_of(content, "S")
    told = len(found.mutations) + len(found.structural) + len(found.copies) + len(found.notes)
    kinds = Counter(each.kind for each in content.findings)
    assert told == sum(kinds.values()) - kinds["tmb"] - kinds["msi"] - kinds["hrd"]
    assert len(set(found.notes)) == len(found.notes)


def test_a_mutation_says_what_the_report_says() -> None:
    content = demo("invented_colorectal")
    found = {row["Hugo_Symbol"]: row for row in rows(study(content).files["data_mutations.txt"])}
    braf, told = found["BRAF"], content.finding("sv:0")
    assert (braf["Chromosome"], braf["Start_Position"]) == ("7", "140453136")
    assert (braf["Reference_Allele"], braf["Tumor_Seq_Allele2"]) == ("A", "T")
    assert braf["HGVSp_Short"] == "p.V600E"
    assert float(braf["PRESIS.allele_fraction"]) == told.allele_fraction
    assert (braf["t_alt_count"], braf["t_ref_count"]) == ("255", "557")  # 812 reads, 31.42 %
    assert braf["Mutation_Status"] == "Unknown"  # a tumour alone doesn't prove it
    assert braf["PRESIS.origin"] == "somatic"


def test_a_loss_of_unknown_depth_is_told_and_not_guessed() -> None:
    made = study(every_kind())
    values = {row["Hugo_Symbol"]: row["Value"] for row in rows(made.files["data_cna.txt"])}
    assert values == {"ERBB2": "2", "PTEN": "-2"}
    assert "T-1: RB1 deletion isn't in the study; the report lacks how many copies are left." in made.notes


def test_what_the_format_has_no_place_for_is_told() -> None:
    notes = study(every_kind()).notes
    assert (
        "T-1: BRCA1 exon 2-3 loss isn't in the study; the format has no place for exon copy number." in notes
    )
    assert "T-1: PTEN LOH isn't in the study; the format has no place for loh." in notes


def test_a_variant_without_a_genome_is_told() -> None:
    content = demo("invented_colorectal").model_copy(update={"build": None})
    made = study(content)
    assert "data_mutations.txt" not in made.files
    assert (
        "INVENTED-CRC-1: BRAF p.V600E isn't in the study; the report lacks a reference genome." in made.notes
    )


def test_a_variant_whose_allele_is_no_base_is_told() -> None:
    content = demo("invented_colorectal")
    told = [content.findings[0].model_copy(update={"place": "13:28608250 A><DUP>"}), *content.findings[1:]]
    notes = study(content.model_copy(update={"findings": told})).notes
    assert (
        "INVENTED-CRC-1: BRAF p.V600E isn't in the study; the report lacks a position with both alleles in bases."
        in notes
    )


def test_a_fusion_names_a_gene_at_each_side_and_where_it_was_seen() -> None:
    found = {row["Annotation"]: row for row in rows(study(every_kind()).files["data_sv.txt"])}
    row = found["EML4::ALK/OVERLAP"]
    assert (row["Site1_Hugo_Symbol"], row["Site2_Hugo_Symbol"]) == ("EML4", "ALK")
    assert (row["Site2_Chromosome"], row["Site2_Position"]) == ("2", "29446394")
    assert "Genes overlap at a breakpoint; the first is named." in row["Comments"]
    assert (row["DNA_Support"], row["RNA_Support"]) == (
        "",
        "",
    )  # both were looked at: the report doesn't tell
    alone = rows(study(demo("rna_fusion_control")).files["data_sv.txt"])
    assert {(row["DNA_Support"], row["RNA_Support"]) for row in alone} == {("", "Yes")}


# -- what was tested ----------------------------------------------------------------------------


def test_a_sample_is_in_the_lists_of_what_it_was_tested_for() -> None:
    made = study(demo("invented_colorectal"), demo("rna_fusion_control"))
    assert "INVENTED-CRC-1" in made.files["case_lists/cases_sequenced.txt"]
    assert "FUSION-CONTROL-R01" not in made.files["case_lists/cases_sequenced.txt"]
    assert "INVENTED-CRC-1" not in made.files["case_lists/cases_sv.txt"]  # its RNA failed
    matrix = {row["SAMPLE_ID"]: row for row in rows(made.files["data_gene_panel_matrix.txt"])}
    assert matrix["INVENTED-CRC-1"]["structural_variants"] == "NA"
    assert matrix["FUSION-CONTROL-R01"]["mutations"] == "NA"


def test_what_was_found_though_the_rest_is_not_known_is_told() -> None:
    made = study(content_of(tumour(variant("BRAF", "V600E"), covers=all_but(small_variant=Tested.UNKNOWN))))
    check_study(made)
    assert "T-1: mutations found are in the study, though what was not found isn't known." in made.notes


def test_a_panel_is_the_genes_that_were_looked_at() -> None:
    content = demo("invented_colorectal")
    made = study(content)
    (text,) = [text for file, text in made.files.items() if "_mutations_" in file]
    assert tuple(fields(text)["gene_list"].split("\t")) == genes_tested(content, "mutations")
    assert len(genes_tested(content, "mutations")) == 523


# -- refusals -----------------------------------------------------------------------------------


def test_two_reports_on_one_sample_are_refused() -> None:
    with pytest.raises(
        BadInput, match="two reports are on sample INVENTED-CRC-1; a study holds one a sample"
    ):
        study(demo("invented_colorectal"), demo("invented_colorectal"))


def test_two_reference_genomes_are_refused() -> None:
    other = demo("na12878").model_copy(update={"build": "GRCh38"})
    with pytest.raises(BadInput, match="the reports stand on GRCh37 and GRCh38; a study holds one"):
        study(demo("invented_colorectal"), other)


def test_a_replaced_version_is_refused() -> None:
    old = ReportStatus(state="superseded", number="R-2026-0001", version=1, replaced_by=2)
    with pytest.raises(BadInput, match="version 1 was replaced by version 2"):
        cbioportal_study([Reported(every_kind(), old)], StudyName())


def test_an_id_that_is_none_is_refused() -> None:
    with pytest.raises(
        BadInput, match="'My study' is no id of a study; use small letters, digits and underscores"
    ):
        study(every_kind(), name=StudyName("My study"))


def test_two_samples_of_one_patient_are_one_patient() -> None:
    first = every_kind()
    made = study(first, first.model_copy(update={"sample": "T 2"}))
    check_study(made)
    assert [row["PATIENT_ID"] for row in rows(made.files["data_clinical_patient.txt"])] == ["P-1"]
    assert "T_2: the id was 'T 2', with signs that cBioPortal doesn't take." in made.notes


def test_a_change_without_protein_has_none() -> None:
    made = study(content_of(tumour(without_protein("MET", "splice_donor_variant"))))
    check_study(made)
    (row,) = rows(made.files["data_mutations.txt"])
    assert (row["HGVSp_Short"], row["Variant_Classification"]) == ("", "Splice_Site")


# -- a MAF's coordinates and classes ------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place("7", 100, "A", "T"), (100, 100, "A", "T")),
        (Place("7", 100, "A", "ACC"), (100, 101, "-", "CC")),
        (Place("7", 100, "ACC", "A"), (101, 102, "CC", "-")),
        (Place("7", 100, "ACC", "AG"), (101, 102, "CC", "G")),
    ],
)
def test_a_place_of_a_vcf_becomes_one_of_a_maf(place: Place, expected: tuple[int, int, str, str]) -> None:
    assert maf_place(place) == expected


@given(
    before=st.text("ACGT", max_size=5), ref=st.text("ACGT", min_size=1, max_size=5),
    alt=st.text("ACGT", min_size=1, max_size=5), after=st.text("ACGT", min_size=1, max_size=5),
)  # fmt: skip
def test_a_maf_describes_the_same_change_as_the_vcf(before: str, ref: str, alt: str, after: str) -> None:
    genome = before + ref + after
    changed = before + alt + after
    start, end, old, new = maf_place(Place("1", len(before) + 1, ref, alt))
    if old == "-":
        made = genome[:start] + new.strip("-") + genome[end - 1 :]
    else:
        assert genome[start - 1 : end] == old
        made = genome[: start - 1] + new.strip("-") + genome[end:]
    assert made == changed


@pytest.mark.parametrize(
    ("terms", "kind", "ref", "alt", "expected"),
    [
        (["missense_variant"], "SNP", "A", "T", "Missense_Mutation"),
        (["splice_region_variant", "missense_variant"], "SNP", "A", "T", "Missense_Mutation"),
        (["frameshift_variant"], "DEL", "A", "-", "Frame_Shift_Del"),
        (["frameshift_variant"], "INS", "-", "A", "Frame_Shift_Ins"),
        (["protein_altering_variant"], "DEL", "AAAA", "C", "In_Frame_Del"),
        (["upstream_gene_variant"], "SNP", "G", "A", "5'Flank"),
        (["a_term_of_tomorrow"], "SNP", "G", "A", "Unknown"),
        ([], "SNP", "G", "A", "Unknown"),
    ],
)
def test_a_class_follows_from_the_terms(
    terms: list[str], kind: str, ref: str, alt: str, expected: str
) -> None:
    assert classification(terms, kind, ref, alt) == expected


@pytest.mark.parametrize(
    ("protein", "expected"), [("p.(Val600Glu)", "p.V600E"), ("p.(Gly645ValfsTer58)", "p.G645Vfs*58"), (None, ""), ("p.odd", "p.odd"), ("p.[Val600Glu;Lys601Glu]", "")]
)  # fmt: skip
def test_a_protein_change_is_told_in_short(protein: str | None, expected: str) -> None:
    assert short_protein(protein) == expected
