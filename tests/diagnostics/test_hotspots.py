"""Hotspots: positive, negative at a depth, or not assessable; and what that makes of wild type."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from tests.diagnostics.readers.panel_files import combined, metrics
from tests.diagnostics.readers.vcf_files import block, csq, genome_vcf, row, vcf

from presis.cli.panel_view import profile_json, profile_text
from presis.diagnostics.assemble import read_profile
from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.criteria import WildType, ask
from presis.diagnostics.findings import Findings
from presis.diagnostics.hotspots import Region, hotspot_list
from presis.diagnostics.intake import name_fault
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.position_coverage import HotspotAnswer, HotspotState, assess
from presis.diagnostics.profile import Alteration, GenomeBuild, MolecularProfile
from presis.diagnostics.profile import Tested as State
from presis.diagnostics.readers.genome_vcf import is_genome_vcf, read_genome_vcf
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_model import HotspotsJson, parse_content
from presis.diagnostics.report_render import as_html, as_pdf
from presis.diagnostics.report_view import ReportStatus, report_view
from presis.diagnostics.wild_type import depth_answer, parse_rule, shipped_rules
from presis.documents.language import Language
from presis.documents.runs import plain
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.methods.rules import Truth, evaluate

RAS = WildType(("KRAS", "NRAS"), ((12, 13), (59, 59), (61, 61), (117, 117), (146, 146)))


def profile_of(folder: Path, gvcf: str | None, **named: str) -> MolecularProfile:
    """LocalApp's digest of P1 (BRAF V600E; GRCh37), beside a genome VCF and other files by name."""
    files = {"P1.tsv": combined("localapp"), **{key.replace("__", "."): text for key, text in named.items()}}
    if gvcf is not None:
        files["P1-D.hard-filtered.gvcf"] = gvcf
    for name, text in files.items():
        (folder / name).write_text(text)
    return read_profile([folder / name for name in files])


def findings_of(profile: MolecularProfile) -> Findings:
    return Interpreter(load_library()).read(profile, "COADREAD")


def answers(profile: MolecularProfile) -> dict[str, HotspotAnswer]:
    return {each.hotspot.id: each for each in assess(findings_of(profile))}


def place(ident: str, build: GenomeBuild = GenomeBuild.GRCH37) -> Region:
    return next(each.places[build] for each in hotspot_list().hotspots if each.id == ident)


KRAS12 = place("KRAS-12-13")


def test_the_list_names_each_position_once_on_both_genomes():
    hotspots = hotspot_list().hotspots
    assert len({each.id for each in hotspots}) == len(hotspots) == 60
    for each in hotspots:
        lengths = {region.end - region.start for region in each.places.values()}
        assert len(lengths) == 1
        if each.codons is not None and not each.what.startswith("exon"):
            assert lengths == {3 * (each.codons[1] - each.codons[0] + 1) - 1}


def test_a_kept_finding_makes_a_position_positive(tmp_path):
    found = answers(profile_of(tmp_path, genome_vcf()))
    assert found["BRAF-600-601"].state is HotspotState.POSITIVE
    assert found["BRAF-600-601"].findings == ("sv:0",)
    assert found["BRAF-594-597"].state is HotspotState.NEGATIVE


def test_depth_enough_and_no_finding_is_negative(tmp_path):
    each = answers(profile_of(tmp_path, genome_vcf()))["KRAS-12-13"]
    assert (each.state, each.depth, each.needed) == (HotspotState.NEGATIVE, 300, 100)
    assert each.file == "P1-D.hard-filtered.gvcf"


def test_without_such_a_file_the_depth_is_not_known(tmp_path):
    found = answers(profile_of(tmp_path, None))
    assert found["KRAS-12-13"].state is HotspotState.DEPTH_UNKNOWN
    assert found["BRAF-600-601"].state is HotspotState.POSITIVE
    assert not [each for each in found.values() if each.state is HotspotState.NEGATIVE]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([block(KRAS12, 40)], "hotspot.thin"),
        ([block(KRAS12, 99)], "hotspot.thin"),
        ([block(KRAS12, 300, "low_depth")], "hotspot.filtered"),
        ([block(KRAS12, 300, "excluded_regions")], "hotspot.filtered"),
        ([], "hotspot.bases-missing"),
        ([block(replace(KRAS12, end=KRAS12.end - 1), 300)], "hotspot.bases-missing"),
        ([block(KRAS12, 300), row("chr12:25398284", "C", "T")], "hotspot.call"),
        (
            [block(KRAS12, 300), row("chr12:25398284", "C", "T", passes="weak_evidence")],
            "hotspot.call-failed",
        ),
        ([block(KRAS12, 300), row("chr12:25398279", "C", "CA")], "hotspot.call"),
        ([block(KRAS12, 300).replace("0/0", "./.")], "hotspot.filtered"),
        ([block(KRAS12, 300).replace("0/0", "0/1")], "hotspot.filtered"),
        ([block(KRAS12, 300), row("chr12:25398284", "C", "<DEL>")], "hotspot.filtered"),
    ],
)
def test_a_negative_is_never_said_where_it_cannot_be_known(tmp_path, rows, code):
    each = answers(profile_of(tmp_path, genome_vcf(*rows, but=("KRAS-12-13",))))["KRAS-12-13"]
    assert (each.state, each.why.code) == (HotspotState.NOT_ASSESSABLE, code)


def test_a_block_without_its_least_depth_tells_none(tmp_path):
    text = genome_vcf(block(KRAS12, 300, keys="GT:DP"), but=("KRAS-12-13",))
    profile = profile_of(tmp_path, text)
    assert answers(profile)["KRAS-12-13"].state is HotspotState.DEPTH_UNKNOWN
    assert any("without their least depth" in each.reason for each in profile.not_usable)


def test_base_by_base_rows_are_as_good_as_a_block(tmp_path):
    bases = [block(Region("12", pos, pos), 150, keys="GT:DP") for pos in range(KRAS12.start, KRAS12.end + 1)]
    each = answers(profile_of(tmp_path, genome_vcf(*bases, but=("KRAS-12-13",))))["KRAS-12-13"]
    assert (each.state, each.depth) == (HotspotState.NEGATIVE, 150)


def test_a_candidate_that_the_caller_takes_for_reference_is_no_call(tmp_path):
    candidate = row("chr12:25398284", "C", "T,<NON_REF>", keys="GT:DP", samples=("0/0:250",))
    each = answers(profile_of(tmp_path, genome_vcf(candidate)))["KRAS-12-13"]
    assert (each.state, each.depth) == (HotspotState.NEGATIVE, 250)


def test_a_call_next_to_the_position_does_not_concern_it(tmp_path):
    beside = row(f"chr12:{KRAS12.end + 1}", "C", "T")
    assert answers(profile_of(tmp_path, genome_vcf(beside)))["KRAS-12-13"].state is HotspotState.NEGATIVE


def test_a_call_that_was_left_out_in_doubt_is_not_negative(tmp_path):
    small = vcf(
        row("chr12:25398284", "C", "T", info=csq({"SYMBOL": "KRAS", "HGVSp": "E:p.Gly12Asp", "Gene": "G"}),
            passes="weak_evidence"),
        samples=("P1-D",), build="GRCh37",
    )  # fmt: skip
    each = answers(profile_of(tmp_path, genome_vcf(), **{"P1-D__vcf": small}))["KRAS-12-13"]
    assert (each.state, each.why.code) == (HotspotState.NOT_ASSESSABLE, "hotspot.left-out")


def test_a_synonymous_change_leaves_a_position_negative(tmp_path):
    entry = {"SYMBOL": "KRAS", "Gene": "G", "HGVSp": "E:p.Gly12%3D", "Consequence": "synonymous_variant"}
    small = vcf(row("chr12:25398284", "C", "T", info=csq(entry)), samples=("P1-D",), build="GRCh37")
    gvcf = genome_vcf(row("chr12:25398284", "C", "T"))
    each = answers(profile_of(tmp_path, gvcf, **{"P1-D__vcf": small}))["KRAS-12-13"]
    assert each.state is HotspotState.NEGATIVE


def test_a_lost_row_of_the_gene_leaves_it_unknown(tmp_path):
    broken = combined("localapp").replace("BRAF\tchr7\t140453136", "KRAS\tchr12\tx")
    profile = profile_of(tmp_path, genome_vcf(), P1__tsv=broken)
    assert answers(profile)["KRAS-12-13"].why.code == "hotspot.lost"


def test_quality_that_failed_makes_every_negative_unknown(tmp_path):
    profile = profile_of(tmp_path, genome_vcf())
    covers = dict(profile.covers)
    covers[Alteration.SMALL_VARIANT] = replace(
        covers[Alteration.SMALL_VARIANT], state=State.UNKNOWN, reason="quality_failed"
    )
    found = answers(replace(profile, covers=covers))
    assert {each.state for each in found.values()} == {HotspotState.POSITIVE, HotspotState.NOT_ASSESSABLE}


def test_plasma_is_never_negative_by_depth(tmp_path):
    (tmp_path / "P1.tsv").write_text(combined("ctdna-2.6"))
    (tmp_path / "P1-D.gvcf").write_text(genome_vcf(depth=5000))
    found = answers(read_profile([tmp_path]))
    assert not [each for each in found.values() if each.state is HotspotState.NEGATIVE]


def test_a_vcf_without_a_panel_is_negative_only_by_a_genome_vcf_of_its_own_build(tmp_path):
    (tmp_path / "P1.vcf").write_text(vcf(row(), samples=("P1-D",)))
    (tmp_path / "P1.gvcf").write_text(genome_vcf(build="GRCh38"))
    found = answers(read_profile([tmp_path]))
    assert found["KRAS-12-13"].state is HotspotState.NEGATIVE
    (tmp_path / "P1.gvcf").unlink()
    assert answers(read_profile([tmp_path]))["KRAS-12-13"].why.code == "hotspot.panel-unknown"


def test_a_genome_vcf_of_another_build_is_refused(tmp_path):
    with pytest.raises(BadInput, match="counts positions on GRCh37, but GRCh38 was given beside it"):
        profile_of(tmp_path, genome_vcf(build="GRCh38"))


# -- coverage tables ----------------------------------------------------------------------------

HEADS = {
    "dragen": "#chrom\tstart\tend\tname\ttotal_cvg\tmean_cvg\tmedian_cvg\tmin_cvg\tmax_cvg",
    "ctdna": "chr\tstart\tend\tgene\tmean\tmedian\tmin\tmax",
    "plain": "chrom\tstart\tend\tname\tdepth",
}


def table(kind: str, *cells: str) -> str:
    return "\n".join((HEADS[kind], *cells)) + "\n"


EXON2 = "chr12\t25398200\t25398330"


@pytest.mark.parametrize(
    ("text", "state", "depth"),
    [
        (table("dragen", f"{EXON2}\tKRAS_2\t9\t400\t410\t250\t500"), HotspotState.NEGATIVE, 250),
        (table("ctdna", f"{EXON2}\tKRAS\t400\t410\t250\t500"), HotspotState.NEGATIVE, 250),
        (table("ctdna", f"{EXON2}\tKRAS\t400\t410\t60\t500"), HotspotState.NOT_ASSESSABLE, 60),
        (table("plain", f"{EXON2}\tKRAS_2\t400"), HotspotState.DEPTH_UNKNOWN, None),  # a mean, perhaps
        (table("plain", f"{EXON2}\tKRAS_2\t60"), HotspotState.NOT_ASSESSABLE, None),
        (table("plain", *(f"chr12\t{p}\t{p}\tKRAS\t140" for p in range(KRAS12.start, KRAS12.end + 1))),
         HotspotState.NEGATIVE, 140),
        (table("ctdna", f"chr12\t{KRAS12.start}\t{KRAS12.end}\tKRAS\t400\t410\t250\t500"),
         HotspotState.DEPTH_UNKNOWN, 250),  # counted from 0, its first base would not be covered
    ],
)  # fmt: skip
def test_a_table_of_coverage_tells_the_least_depth_or_what_it_cannot_exceed(tmp_path, text, state, depth):
    each = answers(profile_of(tmp_path, None, **{"P1-D__exon_cov_report__tsv": text}))["KRAS-12-13"]
    assert (each.state, each.depth) == (state, depth)


def test_rows_of_a_table_that_cannot_be_read_are_listed(tmp_path):
    rows = (
        f"{EXON2}\tKRAS\t400\t410\tx\t500",
        "chr12\t9\t4\tKRAS\t1\t1\t1\t1",
        "chr12\t9",
        "GL000\t1\t9\t\t1\t1\t1\t1",
    )
    profile = profile_of(tmp_path, None, **{"P1-D__exon_cov_report__tsv": table("ctdna", *rows)})
    assert sum("no depth" in each.reason for each in profile.not_usable) == 3


def test_depth_alone_is_no_profile(tmp_path):
    (tmp_path / "P1.gvcf").write_text(genome_vcf())
    with pytest.raises(BadInput, match="none of the files holds findings"):
        read_profile([tmp_path / "P1.gvcf"])


# -- streaming ----------------------------------------------------------------------------------


def test_a_genome_vcf_is_known_by_its_rows_and_kept_small(tmp_path):
    path = tmp_path / "P1-D.vcf.gz"
    far = "\n".join(f"chr7\t{pos}\t.\tA\t.\t.\tPASS\tEND={pos}\tGT:DP\t0/0:9" for pos in range(1, 20_000))
    path.write_bytes(gzip.compress((genome_vcf() + far + "\n").encode()))
    assert is_genome_vcf(path)
    wanted = {build: hotspot_list().regions(build) for build in GenomeBuild}
    found = read_genome_vcf(path, wanted)
    assert found.file.rows == 20_059
    assert [len(each) for each in found.depths.values()] == [60]
    assert not is_genome_vcf(_written(tmp_path / "small.vcf", vcf(row(), row("chr7:9"))))


def _written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.99])
def test_a_cut_genome_vcf_is_refused(tmp_path, cut):
    whole = gzip.compress(genome_vcf().encode())
    path = tmp_path / "P1-D.gvcf.gz"
    path.write_bytes(whole[: int(len(whole) * cut)])
    wanted = {build: hotspot_list().regions(build) for build in GenomeBuild}
    with pytest.raises(BadInput, match="the gzip file is cut or damaged"):
        read_genome_vcf(path, wanted)


def test_a_row_of_depth_that_cannot_be_read_is_listed(tmp_path):
    text = genome_vcf(block(KRAS12, 300).replace(":300", ":x"), but=("KRAS-12-13",))
    profile = profile_of(tmp_path, text)
    assert any("no depth: MIN_DP or DP" in each.reason for each in profile.not_usable)
    assert answers(profile)["KRAS-12-13"].state is HotspotState.DEPTH_UNKNOWN


# -- wild type ----------------------------------------------------------------------------------


def test_ras_is_wild_type_where_its_codons_are_deep_enough(tmp_path):
    answer = ask(RAS, findings_of(profile_of(tmp_path, genome_vcf())))
    assert (answer.truth, answer.reasons[0].code, answer.evidence) == (
        Truth.YES, "wild-type.covered", ("wt:KRAS/NRAS",))  # fmt: skip
    assert answer.reasons[0].values["depth"] == 300


def test_one_thin_codon_leaves_wild_type_unknown(tmp_path):
    text = genome_vcf(block(place("NRAS-61"), 70), but=("NRAS-61",))
    answer = ask(RAS, findings_of(profile_of(tmp_path, text)))
    assert (answer.truth, answer.reasons[0].values) == (
        Truth.UNKNOWN, {"genes": "KRAS/NRAS", "what": "NRAS codon 61"})  # fmt: skip


def test_without_depth_wild_type_is_unknown(tmp_path):
    answer = ask(RAS, findings_of(profile_of(tmp_path, None)))
    assert (answer.truth, answer.reasons[0].code) == (Truth.UNKNOWN, "wild-type.depth-unknown")


RULE = {"id": "r", "genes": ["KRAS", "NRAS"], "assay": "tissue",
        "needs": {"metric": "PCT_EXON_50X", "verdict": "pass"}, "confirmed_by": "A. Nordmann, 2026-03-01"}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "share", "truth"),
    [
        ({}, "99.4", Truth.YES),
        ({}, "71.0", Truth.UNKNOWN),
        ({}, None, Truth.UNKNOWN),
        ({"confirmed_by": None}, "99.4", Truth.UNKNOWN),
        ({"genes": ["KRAS"]}, "99.4", Truth.UNKNOWN),
        ({"assay": "ctdna"}, "99.4", Truth.UNKNOWN),
    ],
)
def test_a_rule_accepts_exon_coverage_only_once_somebody_has_confirmed_it(tmp_path, change, share, truth):
    named = {} if share is None else {"MetricsOutput__tsv": metrics("localapp", PCT_EXON_50X=share)}
    findings = findings_of(profile_of(tmp_path, None, **named))
    rule = parse_rule({**RULE, **change})
    assert depth_answer(findings, RAS.genes, RAS.codons, [rule])[0] is truth


def test_no_shipped_rule_is_confirmed():
    assert [each.confirmed_by for each in shipped_rules()] == [None]


# -- the report ---------------------------------------------------------------------------------


def content(profile: MolecularProfile):
    interpretation = Interpreter(load_library()).interpret(profile, "COADREAD")
    return report_content(interpretation, load_library())


def said(profile: MolecularProfile, language: Language = Language.EN) -> list[str]:
    view = report_view(content(profile), ReportStatus(), language)
    assert view.hotspots is not None
    return [plain(line) for line in view.hotspots.lines]


def test_the_report_names_positives_and_what_it_cannot_assess_and_counts_the_rest(tmp_path):
    text = genome_vcf(block(place("NRAS-61"), 70), but=("NRAS-61",))
    lines = said(profile_of(tmp_path, text))
    assert lines[0] == "Positive: BRAF codons 600-601, exon 15 (BRAF p.V600E)."
    assert lines[1] == "Not assessable: NRAS codon 61 – depth 70, needed 100."
    assert lines[2] == "Negative: 57 positions in 22 genes, least depth 300, needed 100."
    assert len(lines) == 3


def test_the_report_says_once_that_depth_is_not_known(tmp_path):
    profile = profile_of(tmp_path, None)
    assert said(profile)[1].startswith(
        "Depth at the positions not known: 58 positions in 22 genes of the panel."
    )
    assert said(profile, Language.NB)[1].startswith(
        "Dybden i posisjonene er ikke kjent: 58 posisjoner i 22 gener"
    )
    assert said(profile, Language.NB)[0] == "Positive: BRAF kodon 600-601, ekson 15 (BRAF p.V600E)."


def test_a_wild_type_that_holds_is_a_finding_with_its_drugs(tmp_path):
    no_braf = (
        combined("localapp")
        .replace("p.(Val600Glu)", "p.(Val600=)")
        .replace("missense_variant", "synonymous_variant")
    )
    made = content(profile_of(tmp_path, genome_vcf(), P1__tsv=no_braf))
    assert made.finding("wt:KRAS/NRAS").label == "KRAS/NRAS wild type"
    drugs = {o.drug for o in made.options if any(each.id == "wt:KRAS/NRAS" for each in o.findings)}
    assert any("panitumumab" in drug for drug in drugs)
    for language in Language:
        view = report_view(made, ReportStatus(), language)
        assert as_pdf(view).startswith(b"%PDF")
        assert "KRAS/NRAS" in as_html(view)
    elsewhere = Interpreter(load_library()).interpret(
        profile_of(tmp_path, genome_vcf(), P1__tsv=no_braf), "LUAD"
    )
    assert not [o for o in elsewhere.actionability.options if "wt:KRAS/NRAS" in o.findings]


def test_an_older_report_without_hotspots_reads_back_and_keeps_its_hash(tmp_path):
    made = content(profile_of(tmp_path, None))
    older = made.model_copy(update={"hotspots": HotspotsJson()})
    assert b"list_id" not in older.canonical()
    again = parse_content(older.canonical())
    assert again.content_hash() == older.content_hash()
    assert report_view(again, ReportStatus(), Language.EN).hotspots is None
    assert parse_content(made.canonical()).content_hash() == made.content_hash()


def test_panel_show_tells_depth_segments_and_what_a_vcf_says_beside_a_change(tmp_path, capsys):
    tagged = csq({}) + ";GermlineStatus=Somatic;MNVTAG=7:140753335_CA->TT"
    (tmp_path / "P1.vcf").write_text(vcf(row(info=tagged, passes="low_depth"), samples=("P1-D",)))
    (tmp_path / "P1.gvcf").write_text(genome_vcf(build="GRCh38", but=("NRAS-61",)))
    (tmp_path / "P1.cna.tsv").write_text("Chromosome\tStart\tEnd\tnMajor\tnMinor\n1\t10\t900\t1\t0\n")
    profile_text(read_profile([tmp_path]), rows=None)
    said = " ".join(capsys.readouterr().out.split())
    for text in (
        "1 small variant, 1 copy segment",
        "failed: low_depth",
        "Somatic",
        "Segments without a gene: 1",
        "1:10-900",
        "59 of 60 hotspots at a depth of 100 or more (P1.gvcf)",
        "NRAS codon 61 3 bases missing",
    ):
        assert text in said
    assert profile_json(read_profile([tmp_path]))["depths"]


@pytest.mark.parametrize(
    ("gvcf", "change", "truth"),
    [
        (genome_vcf(), "KRAS p.G12C", "no"),
        (None, "KRAS p.G12C", "no"),
        (genome_vcf(but=["KRAS-12-13"]), "KRAS p.G12C", "unknown"),
        (genome_vcf(but=["KRAS-12-13"]), "KRAS p.Q61H", "no"),
        (genome_vcf(but=["EGFR-858", "EGFR-exon-21"]), "EGFR exon19 inframe_del", "no"),
        (genome_vcf(but=["EGFR-858", "EGFR-exon-21"]), "EGFR p.L858R", "unknown"),
        (genome_vcf(block(place("EGFR-858"), 300), but=["EGFR-858", "EGFR-exon-21"]), "EGFR p.L858R", "no"),
    ],
)
def test_a_change_is_absent_only_where_its_position_could_be_assessed(tmp_path, gvcf, change, truth):
    findings = findings_of(profile_of(tmp_path, gvcf))
    told = evaluate(parse_biomarker(change), lambda leaf: ask(leaf, findings))
    assert told.truth.word == truth
    if truth == "unknown":
        assert [reason.code for reason in told.reasons()] == ["covered.not-assessable"]


def test_a_report_lists_no_change_as_not_found_where_its_position_is_too_thin(tmp_path):
    change = ("KRAS p.G12C", "small_variant")
    assert change in content(profile_of(tmp_path, genome_vcf())).not_found
    made = content(profile_of(tmp_path, genome_vcf(but=["KRAS-12-13"])))
    assert change not in made.not_found
    shown = report_view(made, ReportStatus(), Language.EN).untested
    assert any("KRAS: not found; not assessable at KRAS codons 12-13" in row.what for row in shown)


@pytest.mark.parametrize("name", ["P1-D.hard-filtered.gvcf", "P1-D.hard-filtered.gvcf.gz", "P1-D.genome.vcf"])
def test_a_genome_vcf_is_taken_at_the_bench_by_the_names_that_it_bears(name):
    assert name_fault([name]) is None
