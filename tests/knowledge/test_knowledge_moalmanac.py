"""A user's own copy of MOAlmanac becomes a pack whose rows wait for confirmation."""

import json
from collections import Counter
from pathlib import Path

import pytest

from presis.errors import BadInput
from presis.knowledge import Library, load_library
from presis.knowledge.build import build
from presis.knowledge.release import SHIPPED
from presis.knowledge.verification import verify

VARIANT = {"protein_change": None, "variant_annotation": None, "exon": None, "_present": True}


def marker(
    identifier: int, name: str, kind: str, genes: list[int] | None = None, **has: object
) -> dict[str, object]:
    extensions = [{"name": key, "value": value} for key, value in {"biomarker_type": kind, **has}.items()]
    return {"id": identifier, "name": name, "genes": genes or [], "extensions": extensions}


def copy_of_ours(
    folder: Path, biomarkers: list[dict[str, object]], coding: str = "oncotree:COADREAD"
) -> Path:
    """An invented copy with one statement for each marker."""
    ids = range(len(biomarkers))
    tables: dict[str, object] = {
        "about": {"last_updated": "2026-05-07"},
        "biomarkers": biomarkers,
        "genes": [{"id": 0, "name": "BRAF"}, {"id": 1, "name": "RET"}],
        "diseases": [{"id": 0, "name": "An invented tumour", "primary_coding_id": coding}],
        "therapies": [
            {"id": 0, "name": "Encorafenib", "extensions": []},
            {"id": 1, "name": "Hopinib", "extensions": [{"name": "therapy_strategy", "value": ["hope"]}]},
        ],
        "therapy_groups": [{"id": 0, "therapies": [0, 1]}],
        "indications": [
            {
                "id": "i",
                "document_id": "d",
                "indication": "For an invented tumour.",
                "initial_approval_date": "2026-01-02",
                "initial_approval_url": "https://example.org",
            }
        ],
        "documents": [
            {
                "id": "d",
                "agent_id": "ema",
                "name": "A label",
                "drug_name_brand": "Brand",
                "status": "Active",
            }
        ],
        "propositions": [
            {
                "id": each,
                "biomarkers": [each],
                "conditionQualifier_id": 0,
                "therapy_id": None,
                "therapy_group_id": 0,
            }
            for each in ids
        ],
        "statements": [
            {"id": each, "proposition_id": each, "indication_id": "i", "reportedIn": ["d"]} for each in ids
        ],
    }
    folder.mkdir(exist_ok=True)
    for name, content in tables.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def imported(folder: Path, biomarkers: list[dict[str, object]], coding: str = "oncotree:COADREAD") -> Library:
    pack = build("moalmanac", [copy_of_ours(folder / "copy", biomarkers, coding)], folder / "out")
    return load_library([pack.folder])


def test_a_statement_becomes_an_approval_that_waits(tmp_path: Path) -> None:
    change = marker(
        0,
        "BRAF p.V600E",
        "Somatic Variant",
        [0],
        **VARIANT
        | {
            "protein_change": "p.V600E",
            "variant_annotation": "Missense",
        },
    )
    library = imported(tmp_path, [change])
    approval = library.approvals[-1]
    assert (approval.row, approval.agency, approval.biomarker) == ("moa-0", "EMA", "BRAF p.V600E")
    assert approval.drugs == ("encorafenib", "hopinib")
    assert approval.oncotree == ("COADREAD",)
    assert (approval.confidence, approval.counts) == ("imported", False)
    hopinib = library.drug("Hopinib")
    assert hopinib is not None
    assert hopinib.drug_class == "hope"


@pytest.mark.parametrize(
    ("given", "term"),
    [
        (marker(0, "v::RET", "Rearrangement", [1], rearrangement_type="Fusion"), "RET fusion"),
        (marker(0, "RET rearrangements", "Rearrangement", [1], rearrangement_type=None), "RET rearrangement"),
        (marker(0, "BRAF pathogenic variants", "Germline Variant", [0]), "BRAF germline pathogenic"),
        (
            marker(0, "BRAF amplification", "Copy Number", [0], direction="Amplification"),
            "BRAF amplification",
        ),
        (marker(0, "TMB-H (>= 10 mutations / Mb)", "Tumor mutational burden"), "TMB >= 10"),
        (marker(0, "MSI-H", "Microsatellite Stability"), "MSI-H"),
        (
            marker(0, "BRAF oncogenic variants", "Somatic Variant", [0], **VARIANT, requires_oncogenic=True),
            "BRAF activating",
        ),
        (marker(0, "BRAF somatic variants", "Somatic Variant", [0], **VARIANT), "BRAF mutation"),
    ],
)
def test_a_marker_in_our_words(tmp_path: Path, given: dict[str, object], term: str) -> None:
    assert imported(tmp_path, [given]).approvals[-1].biomarker == term


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (marker(0, "PD-L1 >= 1%", "Protein expression"), "PD-L1 >= 1% isn't in the vocabulary of markers"),
        (
            marker(0, "RET::BRAF", "Rearrangement", [1, 0], rearrangement_type="Fusion"),
            "RET::BRAF isn't in the vocabulary of markers",
        ),
        (
            marker(0, "BRAF p.V600E", "Somatic Variant", [0], **VARIANT | {"_present": False}),
            "BRAF p.V600E must be absent, which our words say for RAS and MSI alone",
        ),
    ],
)
def test_what_our_words_cannot_say_is_listed(tmp_path: Path, given: dict[str, object], reason: str) -> None:
    library = imported(tmp_path, [given])
    assert not any(approval.row.startswith("moa-") for approval in library.approvals)
    assert [line["reason"] for line in library.lines("left_out")] == [reason]


@pytest.mark.parametrize(
    ("coding", "nodes", "excluded"),
    [
        ("oncotree:BALL", ("BLL",), ()),
        ("oncotree:MM", ("PCM",), ()),
        ("ncit:C132146", ("SOLID",), ()),
        ("ncit:C135017", ("NSCLC",), ("LUSC",)),
    ],
)
def test_a_tumour_of_an_older_oncotree_or_of_another_list(
    tmp_path: Path, coding: str, nodes: tuple[str, ...], excluded: tuple[str, ...]
) -> None:
    library = imported(tmp_path, [marker(0, "MSI-H", "Microsatellite Stability")], coding)
    approval = library.approvals[-1]
    assert (approval.oncotree, approval.oncotree_excluded) == (nodes, excluded)


def test_a_tumour_without_a_node_is_listed(tmp_path: Path) -> None:
    library = imported(tmp_path, [marker(0, "MSI-H", "Microsatellite Stability")], "ncit:C7007")
    (line,) = library.lines("left_out")
    assert line["reason"] == "the tumour An invented tumour (ncit:C7007) has no node in OncoTree 2025-10-03"


def test_the_pack_may_not_be_written_among_those_that_are_shipped(tmp_path: Path) -> None:
    copy = copy_of_ours(tmp_path / "copy", [marker(0, "MSI-H", "Microsatellite Stability")])
    with pytest.raises(BadInput, match="the pack moalmanac may not be shipped with Presis"):
        build("moalmanac", [copy], SHIPPED)


def test_a_whole_copy_is_imported_or_listed_and_holds(source_folder: Path, tmp_path: Path) -> None:
    folder = source_folder / "moalmanac"
    if not folder.is_dir():
        pytest.skip("no copy of moalmanac-db is here")
    pack = build("moalmanac", [folder], tmp_path)
    library = load_library([pack.folder])
    statements = json.loads((folder / "statements.json").read_text("utf-8"))
    rows = [approval for approval in library.approvals if approval.row.startswith("moa-")]
    left_out = list(library.lines("left_out"))
    assert len(rows) + len(left_out) == len(statements) == 1944
    assert len(rows) > 1200
    assert not any(row.counts for row in rows)
    assert Counter(row.agency for row in rows).keys() == {"FDA", "EMA", "HC", "HSE", "HPRA"}
    assert [problem for each in verify(library) for problem in each.problems] == []
