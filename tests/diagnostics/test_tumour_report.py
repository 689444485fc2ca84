"""The report tells what was read with the tumour's content in mind, in both languages, and old reports still open."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape

import pytest
from cells import in_plasma, with_cells
from tumours import amplified, deleted, fused, interpret, tumour, variant

from presis.diagnostics.profile import (
    GenomicInstability,
    MolecularProfile,
    Quality,
    QualityMeasure,
    Tmb,
    Verdict,
)
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_model import ReportContent, parse_content
from presis.diagnostics.report_render import as_html, as_pdf
from presis.diagnostics.report_tumour_model import ReadFinding, ReadReport, ReadSpecimen
from presis.diagnostics.report_view import ReportStatus, ReportView, report_view
from presis.documents.language import Language
from presis.documents.runs import plain
from presis.knowledge import load_library


def content(profile: MolecularProfile, code: str | None = None) -> ReportContent:
    return report_content(interpret(profile, code), load_library())


def view(profile: MolecularProfile, language: Language = Language.EN, code: str | None = None) -> ReportView:
    return report_view(content(profile, code), ReportStatus(), language)


def full(share: float | None = 0.3) -> MolecularProfile:
    """One of everything that this reading tells."""
    halves = (
        replace(variant("BRAF", "V600E", fraction=0.15), cdna="c.1799T>A", position=10, mnv="t"),
        replace(variant("BRAF", "V600M", fraction=0.14), cdna=None, position=11, mnv="t"),
    )
    profile = tumour(
        variant("KRAS", "G12D", fraction=0.15), variant("BRCA2", "S1982Rfs*22", fraction=0.5), variant("DNMT3A", "R882H", fraction=0.05),
        *halves, copies=(amplified("ERBB2", 2.2), deleted("PTEN")),
    )  # fmt: skip
    profile = replace(
        profile,
        tmb=Tmb(per_megabase=10.2, eligible_variants=13, megabases=1.28),
        genomic_instability=GenomicInstability(score=42.0, tumour_fraction_reported="0.4", ploidy=2.1),
    )
    return with_cells(profile, share)


def test_every_small_variant_has_its_origin() -> None:
    made = content(full())
    kinds = {each.label: each.origin.kind for each in made.findings if each.origin is not None}
    assert kinds["KRAS p.G12D"] == "somatic"
    assert kinds["BRCA2 p.S1982Rfs*22"] == "likely_germline"
    assert kinds["DNMT3A p.R882H"] == "possible_ch"
    assert len(kinds) == sum(each.kind == "small_variant" for each in made.findings)
    shown = view(full())
    texts = [row.detail for row in shown.actionable] + [row.note for row in shown.others]
    for words in (
        "suggests somatic",
        "likely germline: confirm in blood",
        "possibly of blood cells (CH): leucocytes tell",
    ):
        assert any(words in text for text in texts), words


def test_copies_stand_beside_the_fold_change_as_a_range() -> None:
    (row,) = (each for each in view(full()).actionable if plain(each.name).startswith("ERBB2"))
    assert (row.measured, row.measured_detail) == ("2.2 times normal", "about 10 copies (8 to 14)")


def test_copies_that_cannot_be_computed_say_so() -> None:
    told = content(full()).finding("cn:1").copies
    assert told is not None
    assert told.best is None
    assert told.why is not None
    assert told.why.text == "too few tumour cells, or subclonal"


def test_a_rate_stands_with_its_interval() -> None:
    (row,) = (each for each in view(full()).actionable if plain(each.name).startswith("TMB"))
    assert row.measured_detail == "13 over 1.28 Mb; 95 % 5.4 to 17.4, on both sides of 10"
    interval = content(full()).finding("tmb").interval
    assert interval is not None
    assert (round(interval.low, 1), round(interval.high, 1), interval.crossed) == (5.4, 17.4, [10.0])


def test_both_alleles_follow_up_and_joined_parts_have_their_lines() -> None:
    lines = [text for _, text in view(full()).tumour]
    assert (
        lines[0]
        == "30\u202f%, as an estimate 20\u202f% to 40\u202f%; losses hide: one copy lost would read 0.85 times normal, both 0.7"
    )
    assert any(line.startswith("BRCA2: not known (") for line in lines)
    assert any(
        line.startswith(
            "consider referral to medical genetics: BRCA2 p.S1982Rfs*22 (suspected to be inherited;"
        )
        for line in lines
    )
    assert any("what they mean as one is unknown until annotated as one" in line for line in lines)
    assert not any("diagnos" in line for line in lines)


def test_the_conclusion_names_a_referral_and_what_few_cells_hide() -> None:
    said = plain(view(full()).lead)
    assert "Consider referral to medical genetics: BRCA2 p.S1982Rfs*22." in said
    assert "Too few tumour cells: deletions, losses and gains of exons unknown, not excluded." in said
    low = plain(view(with_cells(tumour(), 0.10)).lead)
    assert "Too few tumour cells: what was not found, MSI, TMB unknown, not excluded." in low


def test_few_tumour_cells_leave_no_negative_in_the_report() -> None:
    made = content(with_cells(tumour(), 0.10), "LUAD")
    assert made.not_found == []
    rows = view(with_cells(tumour(), 0.10), code="LUAD").untested
    assert any(
        "too few tumour cells: 10\u202f% < 20\u202f%" in row.why and "small variants" in row.what
        for row in rows
    )


def test_a_share_that_nobody_gave_stands_in_conclusion_limits_and_beside_the_negatives() -> None:
    shown = view(tumour())
    assert (
        "The share of tumour cells is not reported: what was not found holds only if there were enough."
        in plain(shown.lead)
    )
    assert shown.untested[0].what == "Everything that was not found"
    assert any("not reported: this holds only from" in plain(each) for each in shown.negatives)
    assert "not reported" not in plain(view(with_cells(tumour(), 0.6)).lead)


def test_plasma_has_no_share_of_tumour_cells() -> None:
    shown = view(in_plasma(tumour()))
    assert "share of tumour cells" not in plain(shown.lead)
    assert not any("Tumour cells" in term for term, _ in shown.tumour)


def test_the_instability_score_stands_with_what_to_mind() -> None:
    notes = [each.code for each in content(full()).finding("gis").notes]
    assert notes == ["gis.not-myriad", "gis.own-estimates"]
    line = content(with_cells(full(), 0.3, sample_type="cell_line")).finding("gis").notes[0]
    assert line.text == "a cell line: the score is not valid"


def test_msi_stable_with_few_cells_has_no_class_and_shows_its_sites() -> None:
    finding = content(with_cells(tumour(msi=5.0), 0.10)).finding("msi")
    assert finding.marker_class is None
    assert finding.marker_reason is not None
    assert "6 of 120" in finding.marker_reason.text


def test_an_older_report_without_these_fields_still_opens() -> None:
    kept = json.loads(content(full()).canonical())
    for name in ReadReport.model_fields:
        kept.pop(name, None)
    for name in ReadSpecimen.model_fields:
        del kept["specimen"][name]
    for finding in kept["findings"]:
        for name in ReadFinding.model_fields:
            del finding[name]
    old = parse_content(json.dumps(kept))
    assert old.finding("sv:0").origin is None
    assert report_view(old, ReportStatus(), Language.NB).tumour == ()


def test_a_report_without_a_matched_normal_keeps_the_hash_that_it_had() -> None:
    made = content(full())
    assert not made.matched_normal
    assert b"matched_normal" not in made.canonical()
    assert parse_content(made.canonical()).content_hash() == made.content_hash()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("share", [None, 0.10, 0.30, 0.80])
def test_it_is_drawn_in_both_languages(language: Language, share: float | None) -> None:
    shown = view(full(share), language)
    html = unescape(as_html(shown))
    assert shown.tumour_head in html
    assert all(text in html for _, text in shown.tumour)
    assert as_pdf(shown).startswith(b"%PDF")


def test_what_is_the_same_content_reads_back_the_same() -> None:
    made = content(full())
    assert parse_content(made.canonical()) == made


def test_the_versions_of_these_rules_stand_in_the_report() -> None:
    assert {"tumour-content", "tmb-interval", "variant-origin", "germline-followup"} <= set(
        content(full()).rules
    )


def test_a_fusion_found_with_few_cells_opens_its_drug() -> None:
    made = content(with_cells(tumour(fusions=(fused("EML4", "ALK"),)), 0.05), "LUAD")
    assert any(option.drug == "alectinib" and option.holds == "yes" for option in made.options)


@pytest.mark.parametrize(
    ("fraction", "words"), [(0.001, "little or no tumour DNA seen"), (0.2, "tumour DNA seen")]
)
def test_a_report_on_plasma_tells_how_much_tumour_dna_it_shows(fraction: float, words: str) -> None:
    measure = QualityMeasure(
        section="DNA Expanded Metrics", metric="MAX_SOMATIC_AF", unit="NA", value=fraction, lower=None, upper=None,
        limit_from=None, governs=(), verdict=Verdict.NO_LIMIT, nucleic_acid="DNA",
    )  # fmt: skip
    plain_tumour = tumour(variant("KRAS", "G12D"))
    profile = in_plasma(replace(plain_tumour, quality=Quality(known=True, measures=(measure,))))
    assert any(words in text for _, text in view(profile).tumour)


def test_the_instability_score_carries_its_caveat_among_the_actionable_findings() -> None:
    profile = replace(
        tumour(code="HGSOC"),
        genomic_instability=GenomicInstability(score=60.0, tumour_fraction_reported=None, ploidy=None),
    )
    (row,) = (each for each in view(with_cells(profile, 0.6), code="HGSOC").actionable if each.id == "gis")
    assert "follows Myriad's score, and isn't it" in row.detail


def test_a_score_without_a_cut_off_is_no_finding_with_treatment_in_another_tumour_type() -> None:
    score = GenomicInstability(score=5.0, tumour_fraction_reported=None, ploidy=None)
    shown = view(with_cells(replace(tumour(code="LUAD"), genomic_instability=score), 0.6), code="LUAD")
    assert "GIS" in {plain(row.name) for row in (*shown.actionable, *shown.others)}
    assert "GIS" not in plain(shown.lead)
