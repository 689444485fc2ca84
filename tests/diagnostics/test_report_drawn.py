"""The report: its content, its conclusion, its life, and what a reader sees of it."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from pypdf import PdfReader
from tumours import all_but, amplified, fused, interpret, tumour, variant

from presis.diagnostics.profile import Alteration, Covers, MolecularProfile, NotUsable, Tested
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_model import ReportContent, parse_content
from presis.diagnostics.report_render import as_html, as_json, as_pdf, render
from presis.diagnostics.report_view import ReportStatus, Signed, report_view
from presis.documents.language import Language
from presis.documents.runs import plain
from presis.knowledge import load_library

SIGNED = ReportStatus(
    state="signed", number="R-2026-0001", version=1, signatures=(Signed(datetime(2026, 11, 25, 13, 5, tzinfo=UTC), "Kari Solbakken",
    "molecular_pathologist", "Haukeland universitetssjukehus"),),
)  # fmt: skip


def content(profile: MolecularProfile) -> ReportContent:
    return report_content(interpret(profile), load_library(), "Haukeland universitetssjukehus")


def conclusion(profile: MolecularProfile, language: Language = Language.EN) -> str:
    return plain(report_view(content(profile), ReportStatus(), language).lead)


RNA_FAILED = all_but(rna_fusion=Tested.UNKNOWN, splice=Tested.UNKNOWN, dna_fusion=Tested.NO)
RNA_FAILED = {
    key: replace(covers, reason="rna_failed") if covers.state is Tested.UNKNOWN else covers
    for key, covers in RNA_FAILED.items()
}
BRAF_MSI = tumour(variant("BRAF", "V600E"), msi=41.4, tmb=46.2, covers=RNA_FAILED)
CELLS = " The share of tumour cells is not reported: what was not found holds only if there were enough."
QUALITY = " Quality not known: no metrics of this sample were given."


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        (
            BRAF_MSI,
            "BRAF p.(Val600Glu) and MSI-H. They have approved treatment in colorectal adenocarcinoma. TMB high. "
            "Approved treatment in colorectal adenocarcinoma hangs on another test. "
            "Resistance by BRAF p.(Val600Glu): BRAF inhibitor alone; "
            "EGFR antibodies (cetuximab, panitumumab) without a BRAF inhibitor. "
            "The share of tumour cells is not reported: what was not found holds only if there were enough. RNA failed: fusions on RNA, splice variants unknown, not excluded."
            + QUALITY,
        ),
        (tumour(), "No finding in what was tested has approved treatment in the tables." + CELLS + QUALITY),
        (
            tumour(variant("BRAF", "V600E"), code=None),
            "BRAF p.(Val600Glu). The tumour type is not reported, so which treatment is approved for it is not known."
            + CELLS
            + QUALITY,
        ),
        (
            tumour(variant("IDH1", "R132H"), code="COADREAD"),
            "IDH1 p.(Arg132His). Treatment for it is approved in other tumour types than colorectal adenocarcinoma."
            + CELLS
            + QUALITY,
        ),
    ],
)
def test_the_conclusion_says_what_was_found_what_it_opens_and_what_stays_unknown(
    profile: MolecularProfile, said: str
) -> None:
    assert conclusion(profile) == said


def test_the_conclusion_stands_in_norwegian_too() -> None:
    assert conclusion(BRAF_MSI, Language.NB).startswith(
        "BRAF p.(Val600Glu) og MSI-H. For disse finnes godkjent behandling ved krefttypen Colorectal Adenocarcinoma. Høy TMB. "
    )


def test_what_was_not_tested_stands_on_the_report_with_what_settles_it() -> None:
    view = report_view(content(BRAF_MSI), ReportStatus(), Language.EN)
    row = next(row for row in view.untested if "fusions on RNA" in row.what)
    assert (row.why, row.settled_by) == ("RNA failed", "new RNA")
    assert "larotrectinib" in row.matters


def test_ras_wild_type_is_not_claimed_without_depth() -> None:
    view = report_view(content(tumour()), ReportStatus(), Language.EN)
    assert any(row.what == "KRAS/NRAS wild type" and "panitumumab" in row.matters for row in view.untested)


def test_content_reads_back_as_it_was_written_and_keeps_its_hash() -> None:
    made = content(BRAF_MSI)
    again = parse_content(made.canonical())
    assert again == made
    assert again.content_hash() == made.content_hash()
    assert content(BRAF_MSI).content_hash() == made.content_hash()
    assert content(tumour()).content_hash() != made.content_hash()


def test_every_variant_left_out_keeps_its_reason_in_the_json_report() -> None:
    low = replace(variant("TP53", "R175H"), depth=7)
    document = json.loads(as_json(content(tumour(low)), ReportStatus()))
    assert [(row["label"], row["step"], row["why"][0]["text"]) for row in document["report"]["left_out"]] == [
        ("TP53 p.R175H", "low-depth", "depth: 7")
    ]


def test_what_no_finding_was_made_of_is_counted_on_the_report() -> None:
    lost = NotUsable(file="x.tsv", line=9, reason="not a number", found="abc")
    view = report_view(content(replace(tumour(), not_usable=(lost,))), ReportStatus(), Language.EN)
    assert view.not_usable == "Lines of the files that could not be used: 1. See the JSON report."


@pytest.mark.parametrize(
    ("status", "banner", "lines"),
    [
        (ReportStatus(), "Draft. Not signed, not for use.", ("Draft, not signed",)),
        (SIGNED, None, ("Signed 25 Nov 2026 14:05 by Kari Solbakken, molecular pathologist, Haukeland universitetssjukehus",)),
        (
            replace(SIGNED, version=2, replaces=1, reason="MSI sites corrected"), None,
            ("Signed 25 Nov 2026 14:05 by Kari Solbakken, molecular pathologist, Haukeland universitetssjukehus",
             "Replaces version 1: MSI sites corrected"),
        ),
        (
            replace(SIGNED, state="superseded", replaced_by=2), "Replaced by version 2. Don't use this one.",
            ("Signed 25 Nov 2026 14:05 by Kari Solbakken, molecular pathologist, Haukeland universitetssjukehus",),
        ),
    ],
)  # fmt: skip
def test_an_old_version_never_looks_current(
    status: ReportStatus, banner: str | None, lines: tuple[str, ...]
) -> None:
    made = content(BRAF_MSI)
    view = report_view(made, status, Language.EN)
    assert (view.banner, view.status_lines) == (banner, lines)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(view))).pages)
    assert (banner is None) or banner in text
    assert escape(banner or view.title) in as_html(view)


def test_the_page_is_one_file_that_loads_nothing_and_escapes_everything() -> None:
    nasty = tumour(variant("BRAF", "V600E"))
    nasty = replace(nasty, specimen=replace(nasty.specimen, pseudonym="<script>alert(1)</script>"))
    page = as_html(report_view(content(nasty), SIGNED, Language.EN))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"""(src|href)\s*=|url\((?!"data:)|@import""", page)


def test_the_pdf_is_tagged_for_screen_readers_and_names_its_language_and_title() -> None:
    reader = PdfReader(io.BytesIO(as_pdf(report_view(content(BRAF_MSI), SIGNED, Language.NB))))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nb"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert reader.metadata.title == "Molekylær rapport · P-1, R-2026-0001, versjon 1"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_a_person_wrote_keeps_its_lines(end: str) -> None:
    written = content(BRAF_MSI).model_copy(update={"interpretation": f"First line.{end}{end}Second line."})
    view = report_view(written, SIGNED, Language.EN)
    page = as_html(view)
    assert f'<p class="written">First line.{end}{end}Second line.</p>' in page
    assert ".written { white-space: pre-line; }" in page
    lines = PdfReader(io.BytesIO(as_pdf(view))).pages[0].extract_text().splitlines()
    assert {"First line.", "Second line."} <= {line.strip() for line in lines}


def test_a_short_row_of_the_findings_is_not_cut_by_the_foot_of_the_page() -> None:
    drawn = content(tumour(variant("BRAF", "V600E"), variant("PIK3CA", "H1047R"), msi=41.4, tmb=46.2))
    cut = []
    for lines in range(0, 44, 4):
        longer = drawn.model_copy(update={"interpretation": "\n".join("A line." for _ in range(lines + 1))})
        for page in PdfReader(io.BytesIO(as_pdf(report_view(longer, SIGNED, Language.EN)))).pages[1:]:
            # what follows the head of a table that goes on is the first word of a row, its number
            after = page.extract_text().partition("Drug · Evidence")[2].strip()
            cut += [lines] if after and not after[0].isdigit() else []
    assert cut == []


def test_scales_are_always_named() -> None:
    document = json.loads(as_json(content(BRAF_MSI), ReportStatus()))["report"]
    tiers = [option["amp"] for option in document["options"] if option["amp"]]
    assert tiers
    assert all(tier["scale"] == "AMP/ASCO/CAP 2017" and tier["text"].startswith("AMP ") for tier in tiers)
    assert all("scale" in each for option in document["options"] for each in option["escat"] or [])


CHANGES = [
    "BRAF V600E",
    "KRAS G12C",
    "TP53 R175H",
    "EGFR E746_A750del",
    "BRCA2 S1982Rfs*22",
    "NOTCH1 V1578M",
    "APC R1450*",
]
SOME = st.lists(st.sampled_from(CHANGES), max_size=6)


@settings(max_examples=25, deadline=None)
@given(SOME, st.booleans(), st.booleans(), st.sampled_from(["COADREAD", "MEL", "NSCLC", "LUNG", "CHOL", "AML", None]),
       st.sets(st.sampled_from(list(Alteration))), st.sampled_from(list(Language)))  # fmt: skip
def test_any_tumour_can_be_drawn_in_both_languages(
    changes: list[str],
    fusion: bool,
    amplification: bool,
    code: str | None,
    missing: set[Alteration],
    language: Language,
) -> None:
    profile = tumour(
        *(variant(*change.split(), absent=index % 2 == 0) for index, change in enumerate(changes)),
        fusions=(fused("EML4", "ALK"),) if fusion else (),
        copies=(amplified("ERBB2"),) if amplification else (),
        covers=all_but(**{each.value: Tested.UNKNOWN for each in missing}),
        code=code,
    )
    drawn = render(content(profile), ReportStatus(), language, ("html", "json"))
    assert "None" not in re.sub(r"<style>.*?</style>", "", drawn["html"].decode(), flags=re.DOTALL)


@pytest.mark.parametrize("reason", ["not_on_assay", "not_by_software", "no_rna", "no_dna", "rna_failed", "dna_failed",
                                    "not_reported", "quality_failed", "contaminated"])  # fmt: skip
def test_every_reason_for_not_testing_has_its_words(reason: str) -> None:
    covers = all_but() | {Alteration.RNA_FUSION: Covers(state=Tested.UNKNOWN, reason=reason, detail=("x",))}
    for language in Language:
        assert report_view(content(tumour(covers=covers)), ReportStatus(), language).untested
