"""A laboratory's earlier reports against Presis: what agrees, what differs and why, and that nothing is lost."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import presis.diagnostics
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.validation.adjudication import adjudicate, read_adjudications
from presis.diagnostics.validation.agreement import detection_lines, field_lines
from presis.diagnostics.validation.expected import COLUMNS, TEMPLATE, ExpectedTable, read_expected
from presis.diagnostics.validation.files import as_document, differences_csv, page, write_files
from presis.diagnostics.validation.outcome import Comparison
from presis.diagnostics.validation.previous import since_last
from presis.diagnostics.validation.run import Run, Settings, run_validation
from presis.diagnostics.validation.summary import Outcome
from presis.errors import BadInput
from presis.knowledge import load_library

DEMO = Path(presis.diagnostics.__file__).parent / "demo_data"
HEADER = "case,kind,gene,change,class,amp,escat,value,reported\n"
CRC, FUSIONS, NORMAL = "INVENTED-CRC-1", "FUSION-CONTROL-R01", "CL-NA12878N25-D01"


@cache
def interpreter() -> Interpreter:
    return Interpreter(load_library())


def table(tmp_path: Path, rows: str) -> ExpectedTable:
    file = tmp_path / "expected.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    return read_expected(file)


def compared(tmp_path: Path, rows: str, folder: Path = DEMO) -> Run:
    return run_validation(folder, table(tmp_path, rows), interpreter(), Settings())


def only(tmp_path: Path, row: str) -> Comparison:
    (comparison,) = compared(tmp_path, row).comparisons
    return comparison


# -- the table ----------------------------------------------------------------------------------


def test_the_template_is_a_table_with_every_column(tmp_path: Path) -> None:
    file = tmp_path / "expected.csv"
    file.write_text("# a comment\n" + TEMPLATE, encoding="utf-8")
    assert len(read_expected(file).rows) == len(TEMPLATE.splitlines()) - 1
    assert TEMPLATE.splitlines()[0].split(",") == list(COLUMNS)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",tmb,,,,,,4,", "expected.csv, line 2, field case: names no case; write the sample's name"),
        ("A,snv,BRAF,,,,,,yes", "expected.csv, line 2, field kind: 'snv' is no kind; use small_variant, copy_number, exon_copy_number, loh, fusion, splice, tmb, msi, hrd"),
        ("A,small_variant,BRAF,V600Q7,,,,,yes", "expected.csv, line 2, field change: 'V600Q7' can't be read; write p.V600E, c.1799T>A or 7:140453136 A>T"),
        ("A,small_variant,BRAF,V600E,pathogenic,,,,", "expected.csv, line 2, field class: 'pathogenic' can't be read; write oncogenic, likely oncogenic, vus, likely benign, benign"),
        ("A,small_variant,BRAF,V600E,,I-C,,,", "expected.csv, line 2, field amp: 'I-C' can't be read; write I-A, I-B, II-C, II-D, III, IV, I, II"),
        ("A,small_variant,BRAF,V600E,,,VI,,", "expected.csv, line 2, field escat: 'VI' can't be read; write I-A to I-C, II-A, II-B, III-A to III-C, IV-A, IV-B, V, X"),
        ("A,msi,,,,,,low,", "expected.csv, line 2, field value: 'low' can't be read; write stable, borderline, unstable, MSS, MSI-H"),
        ("A,tmb,,,,,,8.6/Mb,", "expected.csv, line 2, field value: '8.6/Mb' can't be read; write a number, such as 8.6"),
        ("A,copy_number,ERBB2,gain,,,,,yes", "expected.csv, line 2, field change: 'gain' can't be read; write amplification, deletion"),
        ("A,fusion,EML4::ALK,,,,,,maybe", "expected.csv, line 2, field reported: 'maybe' can't be read; write yes, no"),
        ("A,fusion,EML4::,,,,,,yes", "expected.csv, line 2, field gene: 'EML4::' can't be read; write EML4::ALK, EML4-ALK, or one gene"),
        ("A,fusion,ALK,,oncogenic,,,,yes", "expected.csv, line 2, field class: is for small variants alone; leave it empty"),
        ("A,fusion,,,,,,,yes", "expected.csv, line 2, field gene: is empty; name the gene (empty means 'nothing else', and needs reported=no)"),
        ("A,splice,MET,,,,,,", "expected.csv, line 2, field reported: is empty, and nothing else is stated; write yes or no"),
        ("A,tmb,,,,,,,", "expected.csv, line 2, field value: is empty; give the tmb's value, or leave the row out"),
        ("A,tmb,BRAF,,,,,4,", "expected.csv, line 2, field gene: says nothing of tmb; leave it empty"),
        ("A,tmb,,,,,,4,\nA,tmb,,,,,,5,", "expected.csv, line 3: states the same as line 2; keep one of the two"),
        ("A,tmb,,,,,,4,,x", "expected.csv, line 2: has 10 cells under 9 columns; quote a cell that holds the mark between cells"),
        ("", "expected.csv: has no row; write one for each finding"),
    ],
)  # fmt: skip
def test_a_fault_of_the_table_is_one_sentence_with_line_and_column(
    row: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput) as error:
        table(tmp_path, f"{row}\n")
    assert [str(problem) for problem in error.value.problems] == [said]


def test_every_fault_of_a_table_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        table(tmp_path, "A,snv,,,,,,,\nA,tmb,,,,,,many,\n")
    assert [problem.where.line for problem in error.value.problems] == [2, 3]


def test_a_strange_column_is_named(tmp_path: Path) -> None:
    file = tmp_path / "expected.csv"
    file.write_text("case,kind,vaf\nA,tmb,0.3\n", encoding="utf-8")
    with pytest.raises(
        BadInput, match="line 1: has the column 'vaf', which is none of the table's; use case"
    ):
        read_expected(file)


def test_semicolons_and_decimal_commas_of_a_norwegian_spreadsheet_are_read(tmp_path: Path) -> None:
    file = tmp_path / "expected.csv"
    file.write_text(
        f"{HEADER.replace(',', ';')}{CRC};tmb;;;;;;46,1;\n{CRC};fusion;ALK;;;;;;nei\n", "utf-8-sig"
    )
    first, second = read_expected(file).rows
    assert (first.value, second.reported) == ("46.1", False)


# -- findings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "outcome", "presis"),
    [
        (f"{CRC},small_variant,BRAF,V600E,,,,,yes", "agree", "found"),
        (f"{CRC},small_variant,BRAF,p.(Val600Glu),,,,,yes", "agree", "found"),
        (f"{CRC},small_variant,BRAF,NM_004333.6:c.1799T>A,,,,,yes", "agree", "found"),
        (f"{CRC},small_variant,BRAF,7:140453136 A>T,,,,,yes", "agree", "found"),
        (f"{CRC},small_variant,BRAF,p.V600K,,,,,yes", "differ", "not found"),
        (f"{CRC},small_variant,RNF43,p.G659fs,,,,,yes", "agree", "found"),
        (f"{CRC},small_variant,RNF43,c.1976delG,,,,,yes", "agree", "found"),
        (f"{CRC},small_variant,KRAS,,,,,,no", "agree", "not found"),
        (f"{CRC},small_variant,MTOR,c.2997C>T,,,,,yes", "differ", "left out: synonymous"),
        (f"{CRC},small_variant,MTOR,c.2997C>T,,,,,no", "agree", "left out: synonymous"),
        (f"{CRC},small_variant,NOGENE,,,,,,no", "not_comparable", "not assessable"),
        (f"{CRC},fusion,ALK,,,,,,no", "not_comparable", "not assessable"),
        (f"{CRC},fusion,EML4::ALK,,,,,,yes", "not_comparable", "not assessable"),
        (f"{CRC},copy_number,ERBB2,amplification,,,,,no", "agree", "not found"),
        (f"{CRC},copy_number,PTEN,deletion,,,,,no", "not_comparable", "not assessable"),
        (f"{FUSIONS},fusion,EML4-ALK,,,,,,yes", "agree", "found"),
        (f"{FUSIONS},fusion,ALK::EML4,,,,,,yes", "differ", "not found"),
        (f"{FUSIONS},fusion,ALK,,,,,,yes", "agree", "found"),
        (f"{FUSIONS},fusion,CD74::ROS1,,,,,,yes", "agree", "found"),
        (f"{FUSIONS},fusion,PAX8::PPARG,,,,,,yes", "agree", "found"),
        (f"{FUSIONS},fusion,EGFR::SEPT14,,,,,,yes", "agree", "found"),
        (f"{FUSIONS},splice,EGFR,vIII,,,,,yes", "agree", "found"),
        (f"{FUSIONS},splice,MET,exon 14 skipping,,,,,no", "differ", "found"),
    ],
)  # fmt: skip
def test_a_finding_is_in_both_in_one_or_cannot_be_told(
    row: str, outcome: str, presis: str, tmp_path: Path
) -> None:
    comparison = only(tmp_path, row)
    assert (comparison.outcome, comparison.presis) == (outcome, presis)
    assert comparison.why or outcome == "agree"


def test_what_is_not_there_under_one_notation_names_what_is_in_the_gene(tmp_path: Path) -> None:
    comparison = only(tmp_path, f"{CRC},small_variant,BRAF,p.V600K,,,,,yes")
    assert comparison.why == ("the files hold no such call", "in the gene: BRAF p.V600E")


def test_what_failed_is_never_counted_as_agreement_on_a_negative(tmp_path: Path) -> None:
    run = compared(tmp_path, f"{CRC},fusion,,,,,,,no\n")
    (line,) = detection_lines(run.comparisons, run.table.rows)
    assert (line.neither, line.not_comparable, line.negative) == (0, 1, None)
    (field,) = field_lines(run.comparisons)
    assert field.reasons == {"RNA failed": 1}
    assert field.worst is not None
    assert (field.worst.hits, field.worst.total) == (0, 1)


def test_a_row_that_was_not_read_is_no_agreement_on_a_negative(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    shutil.copytree(DEMO / "invented_colorectal", folder)
    file = folder / f"{CRC}_CombinedVariantOutput.tsv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\t7578406\t", "\t75x8406\t"), encoding="utf-8")
    rows = f"{CRC},small_variant,TP53,R175H,,,,,yes\n{CRC},small_variant,TP53,,,,,,no\n{CRC},small_variant,KRAS,,,,,,no\n"
    run = compared(tmp_path, f"{rows}{CRC},small_variant,,,oncogenic,,,,no\n", folder)
    told = {each.subject: (each.outcome, each.presis) for each in run.comparisons}
    assert told["TP53 R175H"] == ("differ", "row not read")
    assert told["TP53"] == ("not_comparable", "row not read")
    assert told["KRAS"] == ("agree", "not found")
    assert run.comparisons[-1].outcome == "not_comparable"


def test_nothing_else_makes_a_list_whole_and_shows_what_presis_alone_has(tmp_path: Path) -> None:
    rows = f"{CRC},small_variant,BRAF,V600E,,,,,yes\n{CRC},small_variant,,,,,,,no\n"
    run = compared(tmp_path, rows)
    alone = {each.subject for each in run.differences}
    assert {"TP53 p.R175H", "RNF43 p.G659Vfs*41"} <= alone
    assert not any("BRAF" in each for each in alone)
    (line,) = detection_lines(run.comparisons, run.table.rows)
    assert (line.both, line.presis_only) == (1, len(alone))
    assert line.negative is not None
    assert (line.negative.hits, line.negative.total) == (0, 1)  # one statement, however many findings
    assert line.predictive is not None
    assert (line.predictive.hits, line.predictive.total) == (1, 1 + len(alone))


def test_a_laboratory_that_reports_from_a_class_on_is_compared_from_it_on(tmp_path: Path) -> None:
    run = compared(tmp_path, f"{CRC},small_variant,,,likely oncogenic,,,,no\n")
    subjects = {each.subject for each in run.differences}
    assert {"BRAF p.V600E", "PTEN p.K267Rfs*9"} <= subjects
    assert not subjects & {"SPEN p.A970V", "EP300 p.E1492K"}
    assert run.results[0].not_stated["small_variant"] == 3  # the others are counted, not compared


def test_without_it_what_presis_alone_has_is_counted_and_not_named(tmp_path: Path) -> None:
    run = compared(tmp_path, f"{CRC},small_variant,BRAF,V600E,,,,,yes\n")
    assert run.results[0].not_stated == {"small_variant": 6}
    assert "SPEN" not in json.dumps(as_document(Outcome(run, adjudicate((), ())), (), "now"))


# -- fields -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "field", "outcome", "presis"),
    [
        (f"{CRC},small_variant,BRAF,V600E,oncogenic,,,,", "class", "possible", "likely oncogenic or oncogenic"),
        (f"{CRC},small_variant,BRAF,V600E,vus,,,,", "class", "differ", "likely oncogenic or oncogenic"),
        (f"{CRC},small_variant,RNF43,p.G659fs,likely oncogenic,,,,", "class", "agree", "likely oncogenic"),
        (f"{CRC},small_variant,KRAS,p.G12D,oncogenic,,,,", "class", "not_comparable", "not reported"),
        (f"{CRC},small_variant,BRAF,V600E,,IA,,,", "amp", "agree", "I-A"),
        (f"{CRC},small_variant,BRAF,V600E,,I,,,", "amp", "agree", "I-A"),
        (f"{CRC},small_variant,BRAF,V600E,,Tier II-C,,,", "amp", "differ", "I-A"),
        (f"{CRC},small_variant,RNF43,p.G659fs,,III,,,", "amp", "possible", "III or IV"),
        (f"{FUSIONS},fusion,TMPRSS2::ERG,,,I-A,,,", "amp", "differ", "no tier"),
        (f"{CRC},small_variant,BRAF,V600E,,,I-A,,", "escat", "not_comparable", "not confirmed"),
        (f"{CRC},small_variant,SPEN,p.A970V,,,I-A,,", "escat", "differ", "no tier"),
        (f"{CRC},tmb,,,,,,46.1,", "tmb", "agree", "46.1"),
        (f"{CRC},tmb,,,,,,46,", "tmb", "agree", "46.1"),
        (f"{CRC},tmb,,,,,,46.2,", "tmb", "differ", "46.1"),
        (f"{CRC},msi,,,,,,MSI-H,", "msi", "agree", "unstable"),
        (f"{CRC},msi,,,,,,stable,", "msi", "differ", "unstable"),
        (f"{FUSIONS},tmb,,,,,,4,", "tmb", "not_comparable", "not reported"),
        (f"{CRC},hrd,,,,,,40,", "hrd", "not_comparable", "not reported"),
    ],
)  # fmt: skip
def test_a_field_is_the_same_possible_another_or_cannot_be_compared(
    row: str, field: str, outcome: str, presis: str, tmp_path: Path
) -> None:
    comparison = only(tmp_path, row)
    assert (comparison.field, comparison.outcome, comparison.presis) == (field, outcome, presis)
    assert comparison.why or outcome == "agree"


def test_an_empty_cell_is_not_compared(tmp_path: Path) -> None:
    run = compared(tmp_path, f"{CRC},small_variant,BRAF,V600E,,I-A,,,\n")
    assert [each.field for each in run.comparisons] == ["amp"]


def test_a_row_that_fits_several_findings_is_compared_with_none(tmp_path: Path) -> None:
    comparison = only(tmp_path, f"{FUSIONS},fusion,NTRK1,,,I-A,,,")
    assert (comparison.outcome, comparison.presis) == ("not_comparable", "several findings")


def test_a_class_that_differs_says_by_which_criteria(tmp_path: Path) -> None:
    comparison = only(tmp_path, f"{CRC},small_variant,BRAF,V600E,vus,,,,")
    assert comparison.why[0] == "9 to 10 points"
    assert any(each.startswith("OS3 4: hotspot V600") for each in comparison.why)


# -- nothing is lost ----------------------------------------------------------------------------


def test_cases_without_rows_rows_without_a_case_and_what_was_not_read_are_listed(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    shutil.copytree(DEMO / "invented_colorectal", folder / "crc")
    shutil.copytree(DEMO / "na12878", folder / "normal")
    (folder / "cut").mkdir()
    whole = (DEMO / "invented_colorectal" / f"{CRC}_CombinedVariantOutput.tsv").read_bytes()
    (folder / "cut" / "X_CombinedVariantOutput.tsv").write_bytes(whole[: len(whole) // 2])
    (folder / "other").mkdir()
    (folder / "other" / "notes.csv").write_text("a,b\n", encoding="utf-8")
    run = compared(tmp_path, "crc,tmb,,,,,,46.1,\nGONE,tmb,,,,,,1,\n", folder)
    assert [(each.what, each.name) for each in run.not_compared] == [
        ("case not read", CRC),
        ("case without rows", NORMAL),
        ("rows without a case", "GONE"),
        ("folder", "other"),
    ]
    assert run.failed
    assert [each.case for each in run.results] == [CRC]


def test_a_name_that_two_cases_bear_is_compared_with_neither(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    for name in ("first", "second"):
        shutil.copytree(DEMO / "invented_colorectal", folder / name)
    run = compared(tmp_path, f"{CRC},tmb,,,,,,46.1,\n", folder)
    assert run.results == ()
    (missing,) = run.not_compared
    assert missing.why == "1 row of the expected table: 2 cases bear this name; validate them one by one"


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="holds no panel file that can be read"):
        compared(tmp_path, f"{CRC},tmb,,,,,,46.1,\n", tmp_path / "empty")


# -- judgements ---------------------------------------------------------------------------------

ROWS = f"{CRC},small_variant,BRAF,V600E,vus,II-C,,,yes\n{CRC},tmb,,,,,,46.2,\n"


def judged(tmp_path: Path, run: Run, fill: dict[str, str]) -> Outcome:
    """The run's own differences.csv, filled in by field and handed back."""
    blank = differences_csv(Outcome(run, adjudicate(run.differences, ()))).splitlines()
    lines = [blank[0]]
    for line, difference in zip(blank[1:], run.differences, strict=True):
        lines.append(line.removesuffix(",,,,") + fill.get(difference.field, ",,,,"))
    file = tmp_path / "differences.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Outcome(run, adjudicate(run.differences, read_adjudications(file)[1]))


def test_a_judged_difference_is_explained_and_the_rest_stays_open(tmp_path: Path) -> None:
    run = compared(tmp_path, ROWS)
    assert Counter(each.field for each in run.differences) == {"class": 1, "amp": 1, "tmb": 1}
    outcome = judged(tmp_path, run, {"class": ',presis,"typed wrongly,\nthen",KS,2026-11-25'})
    assert [each.field for each in outcome.adjudicated.unexplained] == ["amp", "tmb"]


def test_what_a_spreadsheet_would_run_is_written_as_a_text_and_comes_back(tmp_path: Path) -> None:
    run = compared(tmp_path, ROWS)
    outcome = judged(tmp_path, run, {"tmb": ',presis,"=HYPERLINK(""x"")",@KS,-1'})
    file = tmp_path / "again.csv"
    file.write_text(differences_csv(outcome), encoding="utf-8")
    assert """presis,"'=HYPERLINK(""x"")",'@KS,-1\n""" in file.read_text(encoding="utf-8")
    (again,) = read_adjudications(file)[1]
    assert (again.explanation, again.by, again.on) == ('=HYPERLINK("x")', "@KS", "-1")


def test_a_judgement_changes_no_figure_of_agreement(tmp_path: Path) -> None:
    run = compared(tmp_path, ROWS)
    plain = as_document(Outcome(run, adjudicate(run.differences, ())), (), "now")
    after = as_document(judged(tmp_path, run, {"class": ",presis,typed wrongly,KS,"}), (), "now")
    assert (plain["fields"], plain["detection"]) == (after["fields"], after["detection"])
    assert (plain["unexplained"], after["unexplained"]) == (3, 2)


def test_a_judgement_of_what_says_something_else_since_no_longer_counts(tmp_path: Path) -> None:
    run = compared(tmp_path, ROWS)
    judged(tmp_path, run, {"tmb": ",presis,rounded,KS,"})
    later = compared(tmp_path, ROWS.replace("46.2", "47.0"))
    outcome = adjudicate(later.differences, read_adjudications(tmp_path / "differences.csv")[1])
    assert len(outcome.unexplained) == 3
    assert [each.explanation for each in outcome.stale] == ["rounded"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("x1,us,because,KS", "line 2, field right: 'us' can't be read; write one of laboratory, presis, both, neither"),
        ("x1,presis,,KS", "line 2, field explanation: is empty; write why, since somebody will ask"),
        ("x1,presis,because,", "line 2, field by: is empty; write who judged"),
        ("x1,presis,because,KS\nx1,both,because,KS", "line 3, field difference: 'x1' is judged twice; keep one of the two"),
    ],
)  # fmt: skip
def test_a_judgement_without_a_reason_or_a_name_is_refused(cells: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "judged.csv"
    file.write_text(f"difference,right,explanation,by\n{cells}\n", encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_adjudications(file)
    assert str(error.value) == f"judged.csv, {said}"


# -- the files ----------------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_bytes_but_for_the_time(tmp_path: Path) -> None:
    for name, made in (("a", "2026-11-25T10:00:00+00:00"), ("b", "2026-11-26T11:11:11+00:00")):
        run = compared(tmp_path, ROWS)
        write_files(tmp_path / name, Outcome(run, adjudicate(run.differences, ())), (), made)
    for first in sorted((tmp_path / "a").iterdir()):
        second = (tmp_path / "b" / first.name).read_text(encoding="utf-8")
        same = second.replace("2026-11-26T11:11:11+00:00", "2026-11-25T10:00:00+00:00")
        assert first.read_text(encoding="utf-8") == same


def test_versions_and_hashes_of_every_input_stand_in_the_document(tmp_path: Path) -> None:
    run = compared(tmp_path, ROWS)
    document = as_document(Outcome(run, adjudicate(run.differences, ())), (("filter", "abc"),), "now")
    assert document["versions"]["rules"]["clingen-cgc-vicc-oncogenicity"]
    assert all(len(each["sha256"]) == 64 for each in document["versions"]["knowledge"])
    named = {each["file"] for each in document["inputs"]}
    assert {"expected table", "filter", "invented_colorectal/MetricsOutput.tsv"} <= named


def test_nothing_of_a_patient_but_what_the_table_names_is_in_the_files(tmp_path: Path) -> None:
    run = compared(tmp_path, f"{CRC},small_variant,BRAF,V600E,oncogenic,,,,yes\n")
    outcome = Outcome(run, adjudicate(run.differences, ()))
    text = page(outcome, (), "now") + json.dumps(as_document(outcome, (), "now"))
    for told in ("1958", "female", "right colon", "COAD", "TP53", "Invented for demonstration"):
        assert told not in text


def test_the_page_loads_nothing_and_escapes_what_the_table_says(tmp_path: Path) -> None:
    run = compared(tmp_path, f"<b>X</b>,tmb,,,,,,1,\n{CRC},tmb,,,,,,46.1,\n")
    text = page(Outcome(run, adjudicate((), ())), (), "now")
    assert "&lt;b&gt;X&lt;/b&gt;" in text
    assert "<b>X" not in text
    assert "http" not in text


def test_what_moved_since_an_earlier_run_is_listed_with_the_versions(tmp_path: Path) -> None:
    run = compared(tmp_path, ROWS)
    before = as_document(Outcome(run, adjudicate(run.differences, ())), (), "2026-01-01")
    assert since_last(run, before).moved == ()
    for each in before["comparisons"]:
        if each["field"] == "amp":
            each["presis"] = "II-C"
    before["versions"]["presis"] = "0.0.9"
    since = since_last(run, before)
    assert [(each.field, each.before, each.now) for each in since.moved] == [
        ("amp", "differ: II-C", "differ: I-A")
    ]
    assert since.versions[0][:2] == ("Presis", "0.0.9")
