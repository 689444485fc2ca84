"""Further functional evidence: known changes come out as the studies say, and only such as were read."""

import pytest

from presis.knowledge import Library
from presis.knowledge.functional import FunctionalEvidence

#: Where no row may come from: the sets that validate the standard, and what repeats its classes or the
#: terms of whose owner don't allow it.
BANNED = ("35101336", "36063163", "oncovi", "oncokb", "cosmic", "hgmd", "vicc", "clingen/cgc")


def studies(library: Library, gene: str, change: str) -> dict[str, FunctionalEvidence]:
    """What counts on a change, by criterion."""
    found = [row for row in library.functional(gene) if row.pattern == change and row.counts]
    return {row.criterion: row for row in found}


def lines(library: Library) -> list[dict[str, str]]:
    return [
        dict(line.cells) for line in library.lines("functional_evidence") if line["row"].startswith("fm-")
    ]


@pytest.mark.parametrize(
    "change",
    ["p.R110L", "p.K132N", "p.C135Y", "p.V173L", "p.H179R", "p.Y205C", "p.V216M", "p.G245D", "p.R280K"],
)
def test_tp53_changes_that_lose_function_count_as_os2(library: Library, change: str) -> None:
    found = studies(library, "TP53", change)
    assert set(found) == {"OS2"}
    assert found["OS2"].effect == "loss_of_function"
    assert found["OS2"].pmid == "12826609"
    assert found["OS2"].address


@pytest.mark.parametrize("change", ["p.V217M", "p.H168Y"])
def test_tp53_changes_that_keep_function_count_as_sbs2(library: Library, change: str) -> None:
    assert set(studies(library, "TP53", change)) == {"SBS2"}


@pytest.mark.parametrize("change", ["p.P152L", "p.R213Q", "p.R181H", "p.T125M", "p.P72R"])
def test_nothing_is_said_where_the_studies_disagree(library: Library, change: str) -> None:
    assert studies(library, "TP53", change) == {}


@pytest.mark.parametrize(
    ("gene", "change", "criterion", "pmid"),
    [
        ("KEAP1", "p.G333C", "OS2", "24322982"),
        ("KEAP1", "p.R470C", "OS2", "24322982"),
        ("KEAP1", "p.S224Y", "SBS2", None),
        ("KRAS", "p.L19F", "OS2", "34117033"),
        ("DNMT3A", "p.R882H", "OS2", "31582562"),
        ("H3-3A", "p.K28M", "OS2", "23539183"),
        ("H3F3A", "p.K28M", "OS2", "23539183"),
        ("AR", "p.T878A", "OS2", "2260966"),
        ("MET", "p.V1092I", "OS2", "10417759"),
        ("FGFR3", "p.R248C", "OS2", None),
    ],
)
def test_what_other_studies_showed(
    library: Library, gene: str, change: str, criterion: str, pmid: str | None
) -> None:
    found = studies(library, gene, change)
    assert set(found) == {criterion}
    assert found[criterion].pmid == pmid


@pytest.mark.parametrize(
    ("gene", "change"), [("EGFR", "p.C797S"), ("KIT", "p.M541L"), ("ERBB2", "p.R678Q"), ("RHOA", "p.Y42C")]
)
def test_resistance_or_a_disputed_effect_is_no_evidence(library: Library, gene: str, change: str) -> None:
    assert studies(library, gene, change) == {}


def test_a_loss_shown_in_human_cells_alone_says_so(library: Library) -> None:
    c176f = studies(library, "TP53", "p.C176F")["OS2"]
    assert c176f.pmid == "30224644"
    assert "partly kept" in c176f.study


def test_no_change_has_evidence_for_both_sides(library: Library) -> None:
    rows = [row for line in lines(library) for row in library.functional(line["gene"])]
    counted = [row for row in rows if row.counts]
    oncogenic = {(row.gene, row.pattern) for row in counted if row.criterion == "OS2"}
    benign = {(row.gene, row.pattern) for row in counted if row.criterion == "SBS2"}
    assert not oncogenic & benign


def test_each_row_was_read_and_names_study_and_page(library: Library) -> None:
    rows = lines(library)
    assert len({row["row"] for row in rows}) == len(rows)
    for row in rows:
        assert row["confidence"] == "read"
        assert row["checked_at"].startswith(("https://", "http://")), row["row"]
        assert 20 < len(row["study"]) < 220, row["row"]
        assert (row["effect"] == "no_effect") == (row["criterion"] == "SBS2"), row["row"]


def test_no_row_comes_from_a_validation_set_or_a_closed_source(library: Library) -> None:
    for row in lines(library):
        text = " ".join(row.values()).casefold()
        assert not [word for word in BANNED if word in text], row["row"]


def test_a_row_says_nothing_twice_that_already_counted(library: Library) -> None:
    own = {(row["gene"], row["pattern"], row["criterion"]) for row in lines(library)}
    for gene, pattern, criterion in own:
        others = [row for row in library.functional(gene) if not row.row.startswith("fm-")]
        same = [row for row in others if (row.pattern, row.criterion) == (pattern, criterion)]
        assert not [row for row in same if row.counts], pattern


def test_a_recalled_row_that_its_study_contradicts_is_left_out_and_told_right_elsewhere(
    library: Library,
) -> None:
    ids = {row.row for row in library.functional("TP53")}
    for change in ("p.C176F", "p.G245D", "p.H179Y", "p.V173L"):
        assert f"fe-TP53-{change}-OS2" not in ids
        assert f"fm-TP53-{change}-OS2" in ids
