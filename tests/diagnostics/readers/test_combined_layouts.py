"""Layouts of CombinedVariantOutput that differ by software, and the traps that each has."""

from __future__ import annotations

import gzip

import pytest
from tests.diagnostics.readers.panel_files import (
    BETA,
    BRAF,
    EXONS,
    FUSIONS,
    RESEARCH,
    SMALL_VARIANTS,
    combined,
    combined_sections,
    sectioned,
)

from presis.diagnostics.assay import NON_INFORMATIVE
from presis.diagnostics.assemble import read_profile
from presis.diagnostics.profile import Alteration, MolecularProfile
from presis.diagnostics.profile import Tested as State
from presis.errors import BadInput


@pytest.fixture
def read(tmp_path):
    def from_text(text: str | bytes, name: str = "any_name.txt") -> MolecularProfile:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_profile([path])

    return from_text


def lost(profile: MolecularProfile) -> list[str]:
    return [each.found for each in profile.not_usable if each.severity == "lost"]


LAYOUTS = {
    "localapp": ("tissue", "localapp-2.x", "ruo-2.2.0.12"),
    "dragen-2.1": ("tissue", "dragen-2.1", "ruo-2.1.1.4"),
    "dragen-2.5": ("tissue", "dragen-2.5", "2.5.4.1"),
    "dragen-2.6": ("tissue", "dragen-2.6", "2.6.2.4"),
    "ctdna-2.6": ("ctdna", "dragen-2.6", "2.6.0.22"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("padded", [0, 3, 11])
def test_each_layout_is_recognised_and_read_padded_or_not(read, layout, padded):
    profile = read(combined(layout, padded=padded))
    assay = profile.assay
    assert (assay.kind, assay.software, assay.software_version) == LAYOUTS[layout]
    assert not assay.software_assumed
    assert [each.label for each in profile.small_variants] == [
        "BRAF p.V600E",
        "MTOR c.7165-1G>T",
        "intergenic 9:19072413 C>T",
    ]
    assert profile.small_variants[0].allele_fraction == 0.31
    assert lost(profile) == []


@pytest.mark.parametrize("layout", ["dragen-2.1", "dragen-2.6", "ctdna-2.6"])
def test_order_of_sections_does_not_matter(read, layout):
    sections = combined_sections(layout)
    turned = dict(reversed(sections.items()))
    one, other = read(sectioned(layout, sections)), read(sectioned(layout, turned))
    assert [each.label for each in one.fusions] == [each.label for each in other.fusions]
    assert (one.covers, one.tmb and one.tmb.per_megabase) == (
        other.covers,
        other.tmb and other.tmb.per_megabase,
    )


def test_columns_go_by_name(read):
    sections = combined_sections("localapp")
    names = SMALL_VARIANTS.split("\t")
    cells = dict(zip(names, BRAF.split("\t"), strict=True))
    sections["Small Variants"] = [
        "\t".join(reversed(names)),
        "\t".join(cells[name] for name in reversed(names)),
    ]
    assert read(sectioned("localapp", sections)).small_variants[0].label == "BRAF p.V600E"


def test_a_missing_column_is_named(read):
    text = combined("localapp").replace("Alternative Call", "Alt")
    with pytest.raises(BadInput, match="lacks the column Alternative Call"):
        read(text)


def test_dragen_2_6_notes_are_remarks_and_no_rows(read):
    profile = read(combined("dragen-2.6"))
    assert [each.found for each in profile.not_usable].count(BETA[:80] + "…") == 3
    calls = [(each.gene, each.kind, each.fold_change, each.absolute_copies) for each in profile.copy_numbers]
    assert calls == [("EGFR", "amplification", 1.5, 5), ("ERRFI1", "deletion", 0.41, 0.8)]
    assert [(each.gene, each.minor_copies) for each in profile.losses_of_heterozygosity] == [("BRCA1", 0)]
    assert profile.genomic_instability.tumour_fraction_reported == "55"


@pytest.mark.parametrize("layout", ["dragen-2.1", "dragen-2.5", "dragen-2.6"])
def test_exon_calls_of_brca_and_none_found_in_the_other_gene(read, layout):
    profile = read(combined(layout))
    call = profile.exon_copy_numbers[0]
    assert (len(profile.exon_copy_numbers), call.gene, call.change, call.exons) == (1, "BRCA2", "loss", "3-8")
    assert (call.chromosome, call.start, call.end, call.fold_change) == ("13", 32890597, 32972907, 0.52)
    assert profile.covers[Alteration.EXON_CNV].genes == {"BRCA1", "BRCA2"}


def test_cryptic_exon_of_the_androgen_receptor_is_named_by_its_breakpoints(read):
    names = [(each.gene, each.name, each.exons) for each in read(combined("dragen-2.1")).splice_variants]
    assert names == [("AR", "AR-V7", None), ("EGFR", "EGFRvIII", "2-7")]


def test_dragen_writes_unknown_order_with_a_slash_and_overlapping_genes_with_a_hyphen(read):
    fusion = read(combined("dragen-2.1")).fusions[1]
    assert set(fusion.genes) == {"PPARG", "AC016683.6", "PAX8"}
    assert (fusion.order_known, fusion.reported) == (False, "PPARG/AC016683.6-PAX8")


def test_symbols_with_a_hyphen_and_old_symbols(read):
    sections = combined_sections("localapp")
    sections["Fusions"] = [
        FUSIONS,
        "NKX2-1-ALK\tchr14:1\tchr2:2\t5\t0\t0",
        "MLL-SEPT6\tchr11:1\tchrX:2\t5\t0\t0",
    ]
    profile = read(sectioned("localapp", sections))
    assert [each.label for each in profile.fusions] == ["NKX2-1::ALK", "KMT2A::SEPTIN6"]
    assert profile.copy_numbers[0].gene == "MYCL"


COVERED = {
    "localapp": {Alteration.DELETION: "not_by_software", Alteration.EXON_CNV: "not_by_software", Alteration.HRD: "not_by_software"},
    "dragen-2.1": {Alteration.DELETION: "not_by_software", Alteration.HRD: "assayed", Alteration.LOH: "not_on_assay"},
    "dragen-2.5": {Alteration.DELETION: "assayed", Alteration.HRD: "not_on_assay", Alteration.EXON_CNV: "assayed"},
    "dragen-2.6": {Alteration.DELETION: "assayed", Alteration.HRD: "assayed", Alteration.LOH: "not_reported"},
    "ctdna-2.6": {Alteration.RNA_FUSION: "not_on_assay", Alteration.DNA_FUSION: NON_INFORMATIVE, Alteration.TMB: "assayed",
                  Alteration.MSI: "assayed", Alteration.SMALL_VARIANT: NON_INFORMATIVE},
}  # fmt: skip


@pytest.mark.parametrize("layout", COVERED)
def test_what_each_software_tested(read, layout):
    covers = read(combined(layout)).covers
    assert set(covers) == set(Alteration)
    for alteration, reason in COVERED[layout].items():
        assert covers[alteration].reason == reason, alteration


def test_plasma_has_no_percentage_of_unstable_sites_and_its_negatives_are_unknown(read):
    profile = read(combined("ctdna-2.6"))
    assert (profile.msi.sum_jsd, profile.msi.percent_unstable, profile.sample) == (1.83, None, "P1-D")
    assert profile.fusions[0].method is Alteration.DNA_FUSION
    fusions = profile.covers[Alteration.DNA_FUSION]
    assert (fusions.state, "NTRK2" in fusions.genes, "KMT2A" in fusions.genes) == (
        State.UNKNOWN,
        True,
        False,
    )


def test_plasma_may_name_its_sample_sample_id(read):
    profile = read(combined("ctdna-2.6").replace("DNA Sample ID", "Sample ID"))
    assert profile.sample == "P1-D"


def test_a_wrapper_may_strip_the_research_line(read):
    assert read(combined("dragen-2.1").replace(RESEARCH + "\n", "")).sample == "P1"


def test_an_unknown_section_is_listed_row_by_row(read):
    sections = {**combined_sections("dragen-2.6"), "Pharmacogenomics": ["Gene\tStar allele", "DPYD\t*1/*2A"]}
    profile = read(sectioned("dragen-2.6", sections))
    assert {"[Pharmacogenomics]", "DPYD\t*1/*2A"} <= {each.found for each in profile.not_usable}


@pytest.mark.parametrize("marker", [["NA"], ["NA\t\t\t"], []])
def test_an_empty_table_is_none_found(read, marker):
    sections = combined_sections("dragen-2.6")
    sections["Fusions"] = [FUSIONS, *marker]
    profile = read(sectioned("dragen-2.6", sections))
    assert profile.fusions == ()
    assert profile.covers[Alteration.RNA_FUSION].state is State.YES


def test_without_rna_empty_tables_are_not_assayed(read):
    sections = combined_sections("localapp", rna="NA")
    sections["Fusions"], sections["Splice Variants"] = [FUSIONS, "NA"], [sections["Splice Variants"][0], "NA"]
    covers = read(sectioned("localapp", sections)).covers
    assert {covers[each].reason for each in (Alteration.RNA_FUSION, Alteration.SPLICE)} == {"no_rna"}


def test_where_nobody_says_whether_rna_exists_it_is_unknown(read):
    sections = combined_sections("localapp")
    sections["Analysis Details"] = [row for row in sections["Analysis Details"] if not row.startswith("RNA")]
    sections["Fusions"], sections["Splice Variants"] = [FUSIONS, "NA"], [sections["Splice Variants"][0], "NA"]
    covers = read(sectioned("localapp", sections)).covers
    assert (covers[Alteration.RNA_FUSION].state, covers[Alteration.RNA_FUSION].reason) == (
        State.UNKNOWN,
        "not_reported",
    )


def test_tmb_without_a_value_is_unknown(read):
    sections = combined_sections("localapp")
    sections["TMB"] = [
        "Total TMB\tNA",
        "Coding Region Size in Megabases\tNA",
        "Number of Passing Eligible Variants\tNA",
    ]
    sections["MSI"] = [
        "Usable MSI Sites\t0",
        "Total MSI Sites Unstable\tNA",
        "Percent Unstable MSI Sites\tNA",
    ]
    profile = read(sectioned("localapp", sections))
    assert {profile.covers[each].state for each in (Alteration.TMB, Alteration.MSI)} == {State.UNKNOWN}
    assert profile.msi.usable_sites == 0


def test_a_version_that_is_not_tabulated_is_said_to_be_read_as_another(read):
    profile = read(combined("dragen-2.6").replace("v2.6.2", "v2.8.0").replace("2.6.2.4", "2.8.0.1"))
    assert profile.assay.software == "dragen-2.8"
    assert profile.covers[Alteration.SMALL_VARIANT].detail == ("coverage as of dragen-2.6",)


def test_software_is_assumed_by_its_sections_where_nothing_tells(read):
    text = combined("dragen-2.1").replace("ruo-2.1.1.4", "1").replace("[GIS]", "[Other]")
    assay = read(text).assay
    assert (assay.software, assay.software_assumed, assay.software_version) == ("dragen-2.1", True, None)


@pytest.mark.parametrize(
    ("layout", "software"),
    [("localapp", "localapp-2.x"), ("dragen-2.6", "dragen-2.6"), ("ctdna-2.6", "dragen-2.6")],
)
def test_without_a_title_the_sections_tell_the_software(read, layout, software):
    profile = read(combined(layout).split("\n", 1)[1])
    assert profile.assay.software == software
    assert any("no title line" in each.reason for each in profile.not_usable)


def test_keys_and_columns_of_no_use_are_said(read):
    text = (
        combined("dragen-2.6")
        .replace("[MSI]", "Germline TMB\t3\n[MSI]")
        .replace("\tCNV Type", "\tCNV Type\tQuality")
    )
    found = {each.found for each in read(text).not_usable if "of no use" in each.reason}
    assert found == {"Germline TMB\t3", "quality"}


@pytest.mark.parametrize("gone", ["Small Variants", "Fusions", "MSI", "TMB", "Splice Variants"])
@pytest.mark.parametrize("layout", ["localapp", "dragen-2.1"])
def test_a_file_without_a_section_that_is_always_written_is_cut(read, layout, gone):
    sections = combined_sections(layout)
    del sections[gone]
    with pytest.raises(BadInput, match=rf"cut or damaged \(the section \[{gone}\]"):
        read(sectioned(layout, sections))


def test_dragen_2_6_may_lack_small_variants_which_are_then_unknown(read):
    sections = combined_sections("dragen-2.6")
    del sections["Small Variants"]
    profile = read(sectioned("dragen-2.6", sections))
    assert profile.covers[Alteration.SMALL_VARIANT].state is State.UNKNOWN
    assert lost(profile) == ["[Small Variants]"]


def test_cells_that_a_spreadsheet_has_quoted(read):
    text = combined("localapp").replace(
        "missense_variant\t15/18", '"missense_variant,splice_region_variant"\t15/18'
    )
    profile = read(text.replace("0.31", '"0,31"'))
    variant = profile.small_variants[0]
    assert (variant.consequences, variant.allele_fraction) == (
        ("missense_variant", "splice_region_variant"),
        0.31,
    )


def test_plasma_files_may_lack_columns_that_are_known_at_second_hand(read):
    sections = combined_sections("ctdna-2.6")
    sections["Small Variants"] = ["\t".join(SMALL_VARIANTS.split("\t")[:7]), "\t".join(BRAF.split("\t")[:7])]
    assert read(sectioned("ctdna-2.6", sections)).small_variants[0].allele_fraction == 0.31


def test_a_file_that_ends_inside_a_row_is_cut(read):
    text = combined("localapp")
    cut = text[: text.index("NM_004333.4:c.17") + 10]
    with pytest.raises(BadInput, match="cut or damaged"):
        read(cut)


def test_localapp_writes_na_under_an_empty_table_so_a_header_at_the_end_is_a_cut(read):
    text = combined("localapp")
    with pytest.raises(BadInput, match=r"it ends with the header of \[Small Variants\]"):
        read(text[: text.index("BRAF")])


def test_a_whole_last_row_of_empty_cells_is_no_cut_without_its_line_end(read):
    text = combined("localapp").rstrip("\n")
    assert text.endswith("400\t\t\t\t")
    assert len(read(text).small_variants) == 3


def test_no_line_end_behind_a_whole_row_is_a_remark(read):
    profile = read(combined("localapp", padded=11).rstrip("\n"))
    assert any("without a line end" in each.reason for each in profile.not_usable)


BAD_CELLS = [
    ("0.31\t812", "NaN\t812", "allele_fraction", None),
    ("0.31\t812", "inf\t812", "allele_fraction", None),
    ("0.31\t812", "-0.1\t812", "allele_fraction", None),
    ("0.31\t812", "1.7\t812", "allele_fraction", None),
    ("0.31\t812", "31%\t812", "allele_fraction", None),
    ("0.31\t812", "0.31\t1,234", "depth", None),
    ("0.31\t812", "0.31\t-5", "depth", None),
    ("0.31\t812", "0.31\t81.5", "depth", None),
]


@pytest.mark.parametrize(("old", "new", "field", "value"), BAD_CELLS)
def test_a_value_that_cannot_be_used_is_listed_and_the_variant_stays(read, old, new, field, value):
    text = combined("localapp").replace(old, new)
    profile = read(text)
    assert getattr(profile.small_variants[0], field) is value
    assert len(lost(profile)) == 1
    assert profile.not_usable[0].line == text[: text.index("BRAF")].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("chr7\t140453136", "chr77\t140453136"),
        ("140453136", "0"),
        ("140453136", "1e3x"),
        ("\tA\tT\t0.31", "\tA\t<DEL>\t0.31"),
    ],
)
def test_a_row_that_is_no_variant_is_listed_whole(read, old, new):
    profile = read(combined("localapp").replace(old, new))
    assert len(profile.small_variants) == 2
    assert len(lost(profile)) == 1


def test_decimal_commas_are_read_where_they_cannot_be_thousands(read):
    text = combined("localapp").replace("0.31\t812", "0,31\t812").replace("7.1\n", "7,1\n")
    profile = read(text)
    assert (profile.small_variants[0].allele_fraction, profile.tmb.per_megabase) == (0.31, 7.1)
    assert lost(profile) == []


def test_a_fold_change_that_may_be_thousands_is_listed(read):
    profile = read(combined("localapp").replace("MYCL1\t2.173", "MYCL1\t2,173"))
    assert (profile.copy_numbers[0].gene, profile.copy_numbers[0].fold_change) == ("MYCL", None)
    assert lost(profile) == ["2,173"]


ENCODINGS = {
    "mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "gzip": lambda text: gzip.compress(text.encode()),
    "latin-1": lambda text: text.replace("P1-R", "P1-RØ").encode("latin-1"),
    "tail": lambda text: (text + "\n\t\t\n\t\n").encode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("layout", ["localapp", "dragen-2.6"])
def test_encodings_and_line_ends(read, layout, encoding):
    profile = read(ENCODINGS[encoding](combined(layout)))
    assert len(profile.small_variants) == 3
    assert any("Latin-1" in each.reason for each in profile.not_usable) == (encoding == "latin-1")


@pytest.mark.parametrize("damage", [lambda data: data[:-30], lambda data: data[:12] + b"xx" + data[14:]])
def test_a_damaged_gzip_file_is_refused(read, damage):
    with pytest.raises(BadInput, match="gzip file is cut or damaged"):
        read(damage(gzip.compress(combined("localapp").encode())))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\0\1\2", "no text file"),
        (b"a,b\n1,2\n", "isn't a file that can be read"),
    ],
)
def test_what_is_no_panel_file_is_refused_in_one_sentence(read, content, message):
    with pytest.raises(BadInput, match=message):
        read(content)


def test_exon_rows_of_unknown_type_are_listed(read):
    sections = combined_sections("dragen-2.1")
    sections["Exon-Level CNVs"] = [EXONS, "BRCA1\tchr17\t1\t2\t3\t0.5\tNEUTRAL"]
    assert lost(read(sectioned("dragen-2.1", sections))) == ["BRCA1\tchr17\t1\t2\t3\t0.5\tNEUTRAL"]
