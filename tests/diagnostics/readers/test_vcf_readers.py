"""VCFs: annotated by VEP, DRAGEN's, and those that name no gene."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
from tests.diagnostics.readers.panel_files import combined
from tests.diagnostics.readers.vcf_files import (
    CSQ,
    cnv,
    cnv_row,
    csq,
    exon_cnv,
    row,
    splice,
    splice_row,
    vcf,
)

from presis.diagnostics.assemble import read_profile, read_profiles
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.profile import Alteration, GenomeBuild, Mane, MolecularProfile
from presis.diagnostics.profile import Tested as State
from presis.diagnostics.readers.text import LARGEST_UNPACKED
from presis.diagnostics.report_making import make_content
from presis.errors import BadInput
from presis.knowledge import load_library


def read(folder: Path, *texts: str, sample: str | None = None, **named: str) -> MolecularProfile:
    """The profile of VCFs written to a folder; `named` are files by name, `__` for a dot."""
    paths = []
    for index, text in enumerate(texts):
        paths.append(folder / f"P{index}.vcf")
        paths[-1].write_text(text)
    for name, text in named.items():
        paths.append(folder / name.replace("__", "."))
        paths[-1].write_text(text)
    return read_profile(paths, sample=sample)


def lost(profile: MolecularProfile) -> list[str]:
    return [each.reason for each in profile.not_usable if each.severity == "lost"]


def remarks(profile: MolecularProfile) -> str:
    return "\n".join(each.reason for each in profile.not_usable if each.severity == "remark")


def test_an_annotated_variant_arrives_with_its_values(tmp_path):
    info = csq({"gnomADe_AF": "1.2e-05", "gnomADg_AF": "3.4e-05", "gnomADe_NFE_AF": "0.0001"})
    profile = read(tmp_path, vcf(row(info=info)))
    (variant,) = profile.small_variants
    assert (variant.gene, variant.chromosome, variant.position, variant.ref, variant.alt) == (
        "BRAF", "7", 140753336, "A", "T")  # fmt: skip
    assert (variant.transcript, variant.mane) == ("ENST00000646891", Mane.SELECT)
    assert (variant.cdna, variant.protein, variant.protein_short) == (
        "c.1799T>A", "p.(Val600Glu)", "p.V600E")  # fmt: skip
    assert (variant.consequences, variant.exon) == (("missense_variant",), "15/18")
    assert (variant.depth, variant.allele_fraction, variant.passed) == (812, 0.31, True)
    assert variant.population is not None
    assert variant.population.by_population == {"global": 3.4e-05, "nfe": 0.0001}
    assert (profile.sample, profile.build) == ("P1-D01", GenomeBuild.GRCH38)
    assert variant.source is not None
    assert profile.inputs[0].kind == "vcf"
    assert lost(profile) == []


def test_which_genes_a_vcf_looked_at_is_not_known(tmp_path):
    covers = read(tmp_path, vcf(row())).covers
    assert {each.state for each in covers.values()} == {State.UNKNOWN}
    assert covers[Alteration.SMALL_VARIANT].reason == "panel_unknown"
    assert covers[Alteration.TMB].reason == "not_reported"


def test_columns_of_the_annotation_are_found_by_name(tmp_path):
    other = tuple(reversed(CSQ))
    profile = read(tmp_path, vcf(row(info=csq({}, columns=other)), columns=other))
    assert profile.small_variants[0].label == "BRAF p.V600E"


def test_percent_signs_are_decoded(tmp_path):
    entry = {
        "Consequence": "synonymous_variant",
        "HGVSp": "ENSP00000493543.1:p.Val600%3D",
        "HGVSc": "E:c.1800G>A",
    }
    (variant,) = read(tmp_path, vcf(row(info=csq(entry)))).small_variants
    assert (variant.protein, variant.protein_short) == ("p.(Val600=)", "p.V600=")


def test_consequences_joined_by_an_ampersand_are_several(tmp_path):
    entry = {"Consequence": "missense_variant&splice_region_variant"}
    (variant,) = read(tmp_path, vcf(row(info=csq(entry)))).small_variants
    assert variant.consequences == ("missense_variant", "splice_region_variant")


@pytest.mark.parametrize(
    ("entry", "columns", "expected"),
    [
        ({}, CSQ, {}),  # columns without a value: absent from them
        ({"gnomADe_AF": "0"}, CSQ, {"global": 0.0}),
        ({}, CSQ[:-4], None),  # no column: not known
    ],
)
def test_absent_from_a_population_is_not_the_same_as_not_asked(tmp_path, entry, columns, expected):
    profile = read(tmp_path, vcf(row(info=csq(entry, columns=columns)), columns=columns))
    population = profile.small_variants[0].population
    assert (None if population is None else population.by_population) == expected
    assert ("no population frequencies" in remarks(profile)) == (expected is None)


def test_the_amish_are_too_few_to_make_a_variant_common(tmp_path):
    profile = read(tmp_path, vcf(row(info=csq({"gnomADg_AMI_AF": "0.0011"}))))
    assert profile.small_variants[0].population.highest == 0
    assert "too few people" in remarks(profile)


# -- several transcripts ------------------------------------------------------------------------

OTHER = {"Feature": "ENST00000288602", "HGVSc": "ENST00000288602.11:c.1919T>A",
         "HGVSp": "ENSP00000288602.7:p.Val640Glu", "MANE_SELECT": "", "CANONICAL": ""}  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "transcript", "said"),
    [
        ([OTHER, {}], "ENST00000646891", None),
        ([OTHER, {"MANE_SELECT": "", "PICK": "1"}], "ENST00000646891", "so PICK chose"),
        ([OTHER, {"MANE_SELECT": ""}], "ENST00000646891", "so CANONICAL chose"),
        ([OTHER], "ENST00000288602", "so the most severe consequence chose"),
    ],
)
def test_mane_select_is_shown_else_a_fallback_that_is_remarked(tmp_path, entries, transcript, said):
    profile = read(tmp_path, vcf(row(info=csq(*entries))))
    assert profile.small_variants[0].transcript == transcript
    assert (said in remarks(profile)) if said else ("MANE Select, so" not in remarks(profile))


def test_a_neighbours_transcript_never_hides_the_gene_that_is_changed(tmp_path):
    near = {"SYMBOL": "NEAR1", "Gene": "ENSG1", "Feature": "ENST1", "Consequence": "downstream_gene_variant",
            "PICK": "1", "HGVSc": "", "HGVSp": ""}  # fmt: skip
    (variant,) = read(tmp_path, vcf(row(info=csq(near, {})))).small_variants
    assert variant.label == "BRAF p.V600E"


def test_a_promoter_is_not_hidden_by_a_transcript_that_codes_for_nothing(tmp_path):
    noise = {"SYMBOL": "", "Gene": "ENSG2", "Feature": "ENST2", "BIOTYPE": "lncRNA", "MANE_SELECT": "",
             "Consequence": "intron_variant&non_coding_transcript_variant", "HGVSc": "", "HGVSp": ""}  # fmt: skip
    tert = {"SYMBOL": "TERT", "Gene": "ENSG3", "Feature": "ENST3", "Consequence": "upstream_gene_variant",
            "HGVSc": "", "HGVSp": "", "MANE_SELECT": "NM_198253.3", "EXON": ""}  # fmt: skip
    info = csq({"Allele": "A", **noise}, {"Allele": "A", **tert})
    (variant,) = read(tmp_path, vcf(row("chr5:1295113", "G", "A", info=info))).small_variants
    assert variant.gene == "TERT"


def test_another_gene_whose_protein_changes_too_is_named(tmp_path):
    second = {"SYMBOL": "GENE2", "Gene": "ENSG4", "Feature": "ENST4", "HGVSp": "ENSP4.1:p.Arg1Cys"}
    profile = read(tmp_path, vcf(row(info=csq({}, second))))
    assert "also changes another gene" in remarks(profile)


# -- alleles ------------------------------------------------------------------------------------


def test_each_alternative_gets_its_own_reads_and_annotation(tmp_path):
    info = csq(
        {"Allele": "T"}, {"Allele": "C", "HGVSp": "ENSP00000493543.1:p.Val600Gly", "HGVSc": "E:c.1799T>G"}
    )
    text = vcf(row(alt="T,C", info=info, samples=("0/1/2:500,200,100:0.25,0.125:800",)))
    found = {each.alt: each for each in read(tmp_path, text).small_variants}
    assert (found["T"].protein_short, found["T"].allele_fraction) == ("p.V600E", 0.25)
    assert (found["C"].protein_short, found["C"].allele_fraction) == ("p.V600G", 0.125)


def test_alleles_of_different_lengths_are_matched_as_vep_spells_them(tmp_path):
    deletion = {
        "Allele": "-",
        "Consequence": "inframe_deletion",
        "HGVSc": "E:c.1_3del",
        "HGVSp": "E:p.Lys1del",
    }
    insertion = {"Allele": "AGGT", "Consequence": "frameshift_variant", "HGVSc": "E:c.1_2insG", "HGVSp": ""}
    text = vcf(row(ref="CAGG", alt="C,CAGGT", info=csq(deletion, insertion),
                   samples=("0/1/2:5,3,2:0.3,0.2:10",)))  # fmt: skip
    found = [
        (each.position, each.ref, each.alt, each.consequences) for each in read(tmp_path, text).small_variants
    ]
    assert found == [
        (140753336, "CAGG", "C", ("inframe_deletion",)),
        (140753339, "G", "GT", ("frameshift_variant",)),
    ]


def test_the_number_of_the_allele_decides_where_vep_writes_it(tmp_path):
    info = csq({"Allele": "X", "ALLELE_NUM": "2", "SYMBOL": "SECOND"}, {"Allele": "X", "ALLELE_NUM": "1"})
    text = vcf(row(alt="T,C", info=info, samples=("0/1/2:5,3,2:0.3,0.2:10",)))
    assert [each.gene for each in read(tmp_path, text).small_variants] == ["BRAF", "SECOND"]


def test_an_allele_that_vep_says_nothing_of_is_lost_and_no_finding(tmp_path):
    profile = read(tmp_path, vcf(row(), row("chr7:5", "A", "G", info=csq({"Allele": "C"}))))
    assert len(profile.small_variants) == 1
    assert lost(profile) == ["this variant can't be interpreted: VEP's CSQ says nothing of this allele"]


@pytest.mark.parametrize(
    ("alt", "severity", "said"),
    [
        ("<DEL>", "lost", "the symbolic allele <DEL> isn't read here"),
        ("G]17:198982]", "lost", "the breakend G]17:198982] isn't read here"),
        ("*", "remark", "a deletion that another row calls"),
        (".", "remark", "no alternative allele"),
        ("<NON_REF>", "remark", "no alternative allele"),
    ],
)
def test_an_allele_that_is_no_sequence_is_listed(tmp_path, alt, severity, said):
    profile = read(tmp_path, vcf(row(), row("chr7:9", "A", alt)))
    assert len(profile.small_variants) == 1
    assert any(said in each.reason and each.severity == severity and each.line for each in profile.not_usable)


# -- reads --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "cells", "depth", "fraction"),
    [
        ("GT:AD:AF:DP", "0/1:560,252:0.31:812", 812, 0.31),
        ("GT:AD", "0/1:75,25", 100, 0.25),
        ("GT:AD:DP", "0/1:.:812", 812, None),
        ("GT", "0/1", None, None),
        ("GT:RD:AD:FREQ:DP", "0/1:75:25:25%:100", 100, 0.25),
        ("GT:RO:AO", "0/1:60,0:20", None, None),
        ("GT:RO:AO", "0/1:60:20", 80, 0.25),
        ("DP:AU:CU:GU:TU", "100:75,76:0,0:0,0:25,26", 100, 0.25),
        ("GT:DPT:ADT", "0/1:40:30,10", 40, 0.25),
        ("GT:AF", "0/1:.", None, None),
    ],
)
def test_depth_and_fraction_are_read_as_callers_write_them(tmp_path, keys, cells, depth, fraction):
    text = vcf(row(keys=keys, samples=(cells,)))
    if "FREQ" in keys:
        text = text.replace("ID=AD,Number=R", "ID=AD,Number=1")
    (variant,) = read(tmp_path, text).small_variants
    assert (variant.depth, variant.allele_fraction) == (depth, fraction)


def test_reads_of_the_wrong_number_are_no_value_and_said(tmp_path):
    profile = read(tmp_path, vcf(row(keys="GT:AD:DP", samples=("0/1:5,3,2:10",))))
    assert profile.small_variants[0].allele_fraction is None
    assert lost(profile) == ["AD doesn't hold 2 values, one for each allele"]


@pytest.mark.parametrize(
    ("cells", "kept", "said"),
    [
        ("./.:560,252:0.31:812", True, ""),
        ("./.:.:.:.", False, "the genotype is missing"),
        ("0/0:812,0:0:812", False, "not in the tumour's genotype"),
        ("0/0:560,252:0.31:812", False, "252 reads hold it, but the tumour's genotype doesn't"),
    ],
)
def test_a_missing_or_reference_genotype_makes_no_finding_silently(tmp_path, cells, kept, said):
    profile = read(tmp_path, vcf(row("chr7:9"), row(samples=(cells,))))
    assert (len(profile.small_variants) == 2) == kept
    assert said in "\n".join(each.reason for each in profile.not_usable)


def test_what_failed_the_callers_filters_is_doubtful_and_not_absent(tmp_path):
    profile = read(tmp_path, vcf(row(passes="weak_evidence;base_quality")))
    assert profile.small_variants[0].file_filters == ("weak_evidence", "base_quality")
    findings = Interpreter(load_library()).read(profile, "COADREAD")
    assert findings.variants == ()
    assert [each.step for each in findings.left_out] == ["failed-by-caller"]
    assert list(findings.doubtful) == ["BRAF"]


def test_a_change_that_stands_twice_counts_once(tmp_path):
    profile = read(tmp_path, vcf(row(), row()))
    assert len(profile.small_variants) == 1
    assert "the same change as in line" in remarks(profile)


# -- which column is the tumour -----------------------------------------------------------------

TWO = ("0/1:560,252:0.31:812", "0/0:400,0:0:400")


@pytest.mark.parametrize(
    ("samples", "lines", "wanted", "column"),
    [
        (("A", "B"), ["##tumor_sample=B", "##normal_sample=A"], None, "B"),
        (("A", "B"), ["##normal_sample=A"], None, "B"),
        (("NORMAL", "TUMOR"), [], None, "TUMOR"),
        (("P1_normal", "P1_x"), [], None, "P1_x"),
        (("A", "B"), ['##SAMPLE=<ID=B,Description="tumour, FFPE">'], None, "B"),
        (("A", "B"), [], "B", "B"),
    ],
)
def test_the_tumours_column_is_known_by_its_header_or_name(tmp_path, samples, lines, wanted, column):
    cells = TWO if samples.index(column) == 0 else TWO[::-1]
    profile = read(tmp_path, vcf(row(samples=cells), samples=samples, lines=lines), sample=wanted)
    assert profile.small_variants[0].allele_fraction == 0.31
    assert f"the tumour's column is {column}" in remarks(profile)


@pytest.mark.parametrize(("samples", "lines"), [(("A", "B"), []), (("A",), ["##normal_sample=A"])])
def test_a_tumour_that_nothing_tells_is_refused_and_never_guessed(tmp_path, samples, lines):
    with pytest.raises(BadInput) as error:
        read(tmp_path, vcf(row(samples=TWO[: len(samples)]), samples=samples, lines=lines))
    assert str(error.value).startswith("P0.vcf, line ")
    assert (
        f"which of its samples is the tumour isn't told ({', '.join(samples)}); name one with --sample"
        in str(error.value)
    )


# -- genome -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "build"),
    [
        (["##reference=file:///data/GRCh38.fa"], GenomeBuild.GRCH38),
        (["##reference=hs37d5.fa"], GenomeBuild.GRCH37),
        (['##VEP="v110" time="x" assembly="GRCh37.p13" gnomADe="r2.1.1"'], GenomeBuild.GRCH37),
        (["##contig=<ID=1,length=249250621,assembly=b37>"], GenomeBuild.GRCH37),
        ([], None),
    ],
)
def test_the_genome_is_what_the_header_says(tmp_path, lines, build):
    text = "\n".join(line for line in vcf(row(), lines=lines).split("\n") if "ID=chr7," not in line)
    assert read(tmp_path, text).build is build


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("##reference=hg19.fa", "names two genomes in its header"),
        ("##reference=mm10.fa", "counts positions on mm10"),
        ("##contig=<ID=chr1,length=247249719>", "counts positions on a genome that isn't known here"),
    ],
)
def test_two_genomes_or_another_are_refused(tmp_path, line, said):
    with pytest.raises(BadInput, match=said):
        read(tmp_path, vcf(row(), lines=[line]))


def test_a_vcf_on_another_genome_than_the_digest_is_refused(tmp_path):
    with pytest.raises(BadInput, match="counts positions on GRCh37, but GRCh38 was given beside it"):
        read(tmp_path, P1__tsv=combined("localapp"), P1__vcf=vcf(row(), samples=("P1-D",)))


# -- damaged ------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [b"", b"##fileformat=VCFv4.2\n##x="], ids=["one line", "a header line"])
def test_a_small_file_that_unpacks_to_very_much_is_refused_with_little_memory(tmp_path, start):
    path = tmp_path / "P.vcf.gz"
    with gzip.open(path, "wb", compresslevel=1) as packed:
        packed.write(start)
        for _ in range(LARGEST_UNPACKED // 1024**2 + 1):
            packed.write(b"A" * 1024**2)
    assert path.stat().st_size < 4 * 1024**2
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match="unpacks to more than 256 MB"):
            read_profile([path])
        assert tracemalloc.get_traced_memory()[1] < 3 * LARGEST_UNPACKED
    finally:
        tracemalloc.stop()


def test_packed_files_are_bounded_together(tmp_path, monkeypatch):
    monkeypatch.setattr("presis.diagnostics.readers.collect.LARGEST_TOGETHER", 1024**2)
    for name in "AB":
        text = vcf(row(), lines=(f"##{name}={'x' * 600_000}",))
        (tmp_path / f"{name}.vcf.gz").write_bytes(gzip.compress(text.encode()))
    assert read_profile([tmp_path / "A.vcf.gz"]).small_variants
    said = "B.vcf.gz: with the files before it unpacks to more than 1 MB; give the files of one specimen"
    with pytest.raises(BadInput, match=said):
        read_profile([tmp_path / "A.vcf.gz", tmp_path / "B.vcf.gz"])


def test_a_cut_bgzip_file_is_refused_even_between_two_blocks(tmp_path):
    block = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
    head = bytearray(gzip.compress(vcf(row()).encode()))
    whole = bytes(head[:3]) + b"\x04" + bytes(head[4:10]) + b"\x06\x00BC\x02\x00\x00\x00" + bytes(head[10:])
    path = tmp_path / "P.vcf.gz"
    path.write_bytes(whole + block)
    assert read_profile([path]).small_variants
    path.write_bytes(whole)
    with pytest.raises(BadInput, match="the gzip file is cut or damaged; give the whole file"):
        read_profile([path])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda text: text[: text.index("#CHROM")],
            "the file is cut or damaged \\(there is no #CHROM line\\)",
        ),
        (lambda text: text[:-30], "its last row has"),
        (lambda text: text.replace("VCFv4.2", "VCFv3.3"), "is VCF 3.3, and only version 4 is read"),
        (lambda text: text.replace("\tPOS\t", "\tPLACE\t"), "its #CHROM line isn't that of a VCF"),
        (lambda text: text.replace("|SYMBOL|", "|NAME|"), "its VEP annotation lacks SYMBOL"),
        (lambda text: text.replace("Format: ", ""), "its VEP annotation lacks Allele, Consequence, SYMBOL"),
    ],
)
def test_a_damaged_vcf_is_refused_in_one_sentence(tmp_path, change, said):
    with pytest.raises(BadInput, match=said) as error:
        read(
            tmp_path,
            change(vcf(row(keys="GT:AD", samples=("0/1:5,252", "0/0:9,1")), samples=("TUMOR", "NORMAL"))),
        )
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "broken",
    [
        row("chr7:0"), row("chr7:x"), row(ref="R"), row("chrQ:5"), row() + "\textra", "chr7\t1",
        row(info=csq({}) + "|x"), row(info="DP=1"),
    ],
)  # fmt: skip
def test_every_row_is_a_finding_or_listed(tmp_path, broken):
    profile = read(tmp_path, vcf(row("chr7:9", "A", "T"), broken))
    assert len(profile.small_variants) == 1
    assert lost(profile)


# -- without annotation -------------------------------------------------------------------------


def test_without_annotation_every_row_is_listed_with_the_command_and_none_is_a_finding(tmp_path):
    profile = read(tmp_path, vcf(row(info="."), row("chr7:9", info="."), columns=None))
    assert profile.small_variants == ()
    assert sum("this variant can't be interpreted" in each for each in lost(profile)) == 2
    (command,) = [each for each in lost(profile) if "vep --cache --offline --assembly GRCh38" in each]
    assert "-i P0.vcf -o P0.vep.vcf --vcf --symbol --hgvs --numbers --mane --canonical" in command
    covers = profile.covers[Alteration.SMALL_VARIANT]
    assert (covers.state, covers.reason) == (State.UNKNOWN, "not_annotated")


def test_no_report_is_made_of_a_vcf_without_genes(tmp_path):
    profile = read(tmp_path, vcf(row(info="."), columns=None))
    with pytest.raises(BadInput) as error:
        make_content(profile, Interpreter(load_library()), "COADREAD", None)
    assert str(error.value) == (
        "P0.vcf: names no genes, so nothing in it can be interpreted; annotate it with VEP "
        "(presis panel show gives the command)"
    )


GERMLINE = '##INFO=<ID=GermlineStatus,Number=1,Type=String,Description="x">'


def test_dragens_vcf_adds_what_it_knows_to_the_digests_variants(tmp_path):
    beside = vcf(
        row("chr7:140453136", info="GermlineStatus=Somatic;MNVTAG=7:140453136_AC->TT"),
        row("chr7:140453137", "C", "T", info="GermlineStatus=Somatic;MNVTAG=7:140453136_AC->TT", passes="low_depth"),
        row("chr9:5", "C", "T", info="GermlineStatus=Germline_DB"),
        samples=("P1-D",), columns=None, build="GRCh37", lines=[GERMLINE],
    )  # fmt: skip
    profile = read(tmp_path, P1__tsv=combined("dragen-2.6"), P1__vcf=beside)
    braf = next(each for each in profile.small_variants if each.gene == "BRAF")
    assert (braf.germline_status, braf.mnv) == ("Somatic", "7:140453136_AC->TT")
    assert lost(profile) == [
        "this variant can't be interpreted: the file names no genes; annotate it with VEP"
    ]
    assert "not kept by its caller (low_depth)" in remarks(profile)
    assert profile.covers[Alteration.SMALL_VARIANT].state is State.YES
    assert make_content(profile, Interpreter(load_library()), "COADREAD", None).findings


def test_parts_of_one_multi_nucleotide_variant_are_known_as_parts(tmp_path):
    tagged = csq({}) + ";MNVTAG=7:140753335_CA->TT"
    rows = [row(info=tagged), row("chr7:140753335", "C", "T", info=tagged)]
    (one,) = Interpreter(load_library()).read(read(tmp_path, vcf(*rows)), "MEL").variants
    assert len(one.parts) == 2
    (alone,) = Interpreter(load_library()).read(read(tmp_path, vcf(rows[0])), "MEL").variants
    assert alone.adjacent  # its other part isn't in the file


def test_a_part_that_failed_its_filters_makes_the_whole_doubtful(tmp_path):
    tagged = csq({}) + ";MNVTAG=7:140753335_CA->TT"
    text = vcf(row(info=tagged), row("chr7:140753335", "C", "T", info=tagged, passes="base_quality"))
    findings = Interpreter(load_library()).read(read(tmp_path, text), "MEL")
    assert (findings.variants, list(findings.doubtful)) == ((), ["BRAF"])


# -- copy number, exons, splice -----------------------------------------------------------------


def test_dragens_copy_numbers_are_ratios_by_gene(tmp_path):
    profile = read(
        tmp_path,
        cnv(cnv_row("MET", "<DUP>", "2.17"), cnv_row("MYCL1", "<DUP>", "3.1"), cnv_row("PTEN", "<DEL>", "0.4"),
            cnv_row("EGFR", ".", "1.02"), cnv_row("KRAS", "<DUP>", "1.9", "cnvQual")),
    )  # fmt: skip
    assert [(each.gene, each.kind, each.fold_change) for each in profile.copy_numbers] == [
        ("MET", Alteration.AMPLIFICATION, 2.17),
        ("MYCL", Alteration.AMPLIFICATION, 3.1),
        ("PTEN", Alteration.DELETION, 0.4),
    ]
    assert "copy neutral" in remarks(profile)
    assert lost(profile) == ["no copy number: the call failed its caller's filter cnvQual"]
    assert profile.covers[Alteration.AMPLIFICATION].state is State.YES
    assert profile.covers[Alteration.SMALL_VARIANT].state is State.UNKNOWN


def test_calls_of_exons_are_read_without_contig_lines(tmp_path):
    lines = ["chr13\t32890597\t.\tN\t<DEL>\t.\tPASS\tGENE=BRCA2;FC=0.52;END=32972907",
             "chr17\t41196312\t.\tN\t<DEL>\t.\tUndetermined\tGENE=BRCA1;FC=0.9;END=41277500"]  # fmt: skip
    profile = read(tmp_path, exon_cnv(*lines))
    (call,) = profile.exon_copy_numbers
    assert (call.gene, call.change, call.fold_change, call.start, call.end) == (
        "BRCA2", "loss", 0.52, 32890597, 32972907)  # fmt: skip
    assert lost(profile) == ["no copy number: the call failed its caller's filter Undetermined"]


def test_splice_variants_are_named_by_their_breakpoints(tmp_path):
    text = splice(
        splice_row(55087058, 55223522),
        splice_row(116411708, 116414934),
        splice_row(5, 900, gene="EGFR"),
        splice_row(7, 900, "LowUniqueAlignments"),
        splice_row(9, 900),
    )
    profile = read(tmp_path, **{"P1-R01_SpliceVariants__vcf": text})
    assert [(e.gene, e.name, e.supporting_reads, e.reference_reads) for e in profile.splice_variants] == [
        ("EGFR", "EGFRvIII", 64, 1),
        ("MET", "MET exon 14 skipping", 64, 1),
        ("EGFR", None, 64, 1),
    ]
    assert profile.rna_sample == "P1-R01"
    assert lost(profile) == ["no splice call: it names no gene"]


def test_files_of_one_sample_join_and_a_call_counts_once(tmp_path):
    profile = read(
        tmp_path,
        P1__tsv=combined("dragen-2.5"),
        P1__cnv__vcf=cnv(cnv_row("MET", "<DUP>", "2.17"), samples=("P1-D",)),
    )
    assert [each.gene for each in profile.copy_numbers] == ["MET", "PTEN"]
    assert "the same call as in the digest" in remarks(profile)


def test_two_files_of_one_kind_for_one_sample_are_refused(tmp_path):
    with pytest.raises(BadInput, match=r"gives the same sample as P0\.vcf; give one of them"):
        read(tmp_path, vcf(row()), vcf(row("chr7:9")))


def test_two_samples_are_two_profiles(tmp_path):
    for name in ("A", "B"):
        (tmp_path / f"{name}.vcf").write_text(vcf(row(), samples=(name,)).replace("ENST", f"ENST{ord(name)}"))
    assert [each.sample for each in read_profiles([tmp_path])] == ["A", "B"]


# -- PCGR's tables ------------------------------------------------------------------------------

SEGMENTS = "Chromosome\tStart\tEnd\tnMajor\tnMinor\n1\t10\t900\t1\t0\n17\t5\t4\t1\t1\n2\t5\t40\t9\t1\n"
FUSIONS = "FusionGene\tLeftBreakpoint\tRightBreakpoint\tSplitReads\nEML4--ALK\t2:42295554\t2:29223528\t100\nALK\t2:1\t2:2\t3\n"


def test_segments_stay_segments_since_no_gene_can_be_named(tmp_path):
    profile = read(tmp_path, T1__grch38__cna__tsv=SEGMENTS)
    assert [
        (e.chromosome, e.start, e.end, e.total_copies, e.minor_copies) for e in profile.copy_segments
    ] == [
        ("1", 10, 900, 1, 0),
        ("2", 5, 40, 10, 1),
    ]
    assert profile.copy_numbers == ()
    assert "segments without a gene" in remarks(profile)
    assert lost(profile) == ["End lies before Start"]
    assert (profile.sample, profile.build) == ("T1", GenomeBuild.GRCH38)


def test_fusions_of_the_table_join_their_sample_by_name(tmp_path):
    named = {"T1__grch38__vcf": vcf(row(), samples=("SOMEBODY",)), "T1__grch38__fusions__tsv": FUSIONS}
    profile = read(tmp_path, **named)
    (fusion,) = profile.fusions
    assert (fusion.label, fusion.order_known, fusion.supporting_reads) == ("EML4::ALK", False, 100)
    assert (fusion.breakpoint_first, fusion.breakpoint_second) == ("chr2:42295554", "chr2:29223528")
    assert lost(profile) == ["no fusion: FusionGene isn't two genes with -- between them"]
    assert profile.covers[Alteration.RNA_FUSION].state is State.UNKNOWN


def test_a_table_that_names_nobody_given_is_refused(tmp_path):
    with pytest.raises(BadInput, match="can't be joined to one of the samples given"):
        read(tmp_path, T1__vcf=vcf(row(), samples=("SOMEBODY",)), T2__fusions__tsv=FUSIONS)
