"""Confirmations that come with Presis: what was read for a recalled row, and only for its wording."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from presis.cli.main import run
from presis.errors import BadInput
from presis.knowledge import Library, load_library
from presis.knowledge.build.writer import Table, write_pack
from presis.knowledge.forms import COLUMNS
from presis.knowledge.lookup import look_up
from presis.knowledge.verification import verify

DESCRIPTION = {
    "title": "A pack of ours",
    "version": "1",
    "date": "2026-11-25",
    "valid_on": "2026-11-25",
    "licence": "ours",
    "sources": [{"name": "ours", "address": "https://example.org", "version": "1"}],
    "made": "by hand",
}


def roles_with(folder: Path, library: Library, gene: str, **cells: str) -> Path:
    """A pack in place of the shipped roles, with one gene's row worded otherwise."""
    rows = [
        {**line.cells, **cells} if line["gene"] == gene else line.cells
        for line in library.lines("gene_roles")
    ]
    table = Table("gene_roles.csv", "gene_roles", COLUMNS["gene_roles"], tuple(rows))
    write_pack(folder, {"pack": "gene_roles", **DESCRIPTION}, [table])
    return folder


def confirming(folder: Path, library: Library, row: str, **cells: str) -> Path:
    """A pack that confirms one more row."""
    found = library.row(row)
    given: Mapping[str, str] = {
        "row": row,
        "content": found.content if found is not None else "0" * 64,
        "source": "https://example.org/paper",
        "quote_in_own_words": "the very thing",
        "read_on": "2026-11-25",
        "pmid": "1",
        **cells,
    }
    table = Table("confirmations.csv", "confirmations", COLUMNS["confirmations"], (given,))
    write_pack(folder, {"pack": "mine", **DESCRIPTION}, [table])
    return folder


def faults(folder: Path) -> list[str]:
    return [str(problem) for each in verify(load_library([folder])) for problem in each.problems]


def test_a_recalled_row_that_was_read_since_counts(library: Library) -> None:
    mlh1 = library.gene_role("MLH1")
    assert mlh1 is not None
    assert (mlh1.confidence, mlh1.counts) == ("recalled", True)
    assert mlh1.source.startswith("https://clinvarminer.genetics.utah.edu/"), "where it was read"
    assert library.counts("gr-MLH1", "recalled")
    assert not library.counts("gr-PMS2", "recalled"), "nobody found a page that calls PMS2 a suppressor"


def test_evidence_confirmed_so_names_its_paper_and_page(library: Library) -> None:
    g719s = next(each for each in library.functional("EGFR") if each.change == "p.G719S")
    assert (g719s.counts, g719s.pmid) == (True, "17349580")
    assert g719s.address == "https://pmc.ncbi.nlm.nih.gov/articles/PMC1939942"


def test_a_row_that_names_its_own_paper_keeps_it(library: Library) -> None:
    v600e = next(each for each in library.functional("BRAF") if each.change == "p.V600E")
    line = next(line for line in library.lines("functional_evidence") if line["row"] == v600e.row)
    assert (v600e.pmid, v600e.address) == (line.text("pmid"), line.text("checked_at"))


def test_how_many_rows_of_each_pack_were_read_since(library: Library) -> None:
    rows = [library.row(line["row"]) for line in library.lines("confirmations")]
    assert Counter(row.pack for row in rows if row is not None) == {
        "critical_domains": 3,
        "drugs": 1,
        "functional_evidence": 32,
        "gene_roles": 24,
        "resistance": 1,
    }
    assert all(row is not None and row.confidence == "recalled" for row in rows)


def test_a_confirmation_says_where_and_what_was_read_in_a_sentence(library: Library) -> None:
    for line in library.lines("confirmations"):
        confirmation = library.confirmation(line["row"])
        assert confirmation is not None, line["row"]
        assert confirmation.read_on.isoformat() == "2026-11-25"
        assert 30 < len(confirmation.words) < 200, line["row"]
        assert "oncokb" not in confirmation.source.casefold()
        assert "cosmic" not in confirmation.source.casefold()


def test_a_region_read_since_counts_with_the_page_as_its_source(library: Library) -> None:
    loop = next(each for each in library.domains("KRAS") if each.row.startswith("cd-KRAS-p-loop"))
    assert (loop.counts, loop.source) == (True, "https://rostra.ai/wiki/KRAS")


def test_a_row_that_is_reworded_is_no_longer_confirmed(library: Library, tmp_path: Path) -> None:
    folder = roles_with(tmp_path, library, "MLH1", mechanism_note="another note")
    reworded = load_library([folder])
    mlh1, fh = reworded.gene_role("MLH1"), reworded.gene_role("FH")
    assert mlh1 is not None
    assert fh is not None
    assert (mlh1.counts, mlh1.source) == (False, "GeneReviews NBK1211 (Lynch syndrome)")
    assert fh.counts, "its wording is the same"
    assert not reworded.counts("gr-MLH1", "recalled")
    (fault,) = faults(folder)
    assert "gr-MLH1 is worded otherwise now; read it anew" in fault


def test_a_pack_of_ones_own_may_confirm_further_rows(library: Library, tmp_path: Path) -> None:
    own = load_library([confirming(tmp_path, library, "gr-PMS2")])
    pms2 = own.gene_role("PMS2")
    assert pms2 is not None
    assert (pms2.counts, pms2.source) == (True, "https://example.org/paper")
    region = next(each for each in library.domains("EGFR") if not each.counts)
    own = load_library([confirming(tmp_path / "two", library, region.row)])
    confirmed = next(each for each in own.domains("EGFR") if each.row == region.row)
    assert (confirmed.counts, confirmed.source) == (True, "https://example.org/paper")


def test_verify_names_confirmations_of_nothing(library: Library, tmp_path: Path) -> None:
    (absent,) = faults(confirming(tmp_path / "absent", library, "gr-HOROSCOPE"))
    assert "'gr-HOROSCOPE': confirmed, but no pack has such a row" in absent
    (needless,) = faults(confirming(tmp_path / "read", library, "gr-TP53"))
    assert "'gr-TP53': needs no confirmation" in needless


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"source": ""}, "the address of the page that was read"),
        ({"source": "a book"}, "the address of the page that was read"),
        ({"quote_in_own_words": ""}, "what the page says, in one sentence of our own"),
        ({"read_on": ""}, "the day of reading"),
        ({"read_on": "lately"}, "a day such as 2026-03-17"),
    ],
)
def test_a_confirmation_without_page_words_or_day_is_refused(
    library: Library, tmp_path: Path, cells: dict[str, str], said: str
) -> None:
    folder = confirming(tmp_path, library, "gr-PMS2", **cells)
    with pytest.raises(BadInput, match=said):
        load_library([folder]).gene_role("PMS2")
    assert any(said in fault for fault in faults(folder))


def test_show_says_what_was_read_and_where(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = look_up(library, "gr-B2M")
    assert found.fields["counts"] == "yes"
    assert "let cells escape T cells" in found.fields["confirmed with Presis"]
    assert (
        "(read on 2026-11-25 at https://pubmed.ncbi.nlm.nih.gov/8994836/"
        in (found.fields["confirmed with Presis"])
    )
    assert run(["knowledge", "show", "B2M"]) == 0
    assert "gr-B2M (recalled, confirmed)" in capsys.readouterr().out
