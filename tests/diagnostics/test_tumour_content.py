"""What can be told at a share of tumour cells: limits, copies as a range, rates with their interval."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cells import in_plasma, with_cells
from hypothesis import given
from hypothesis import strategies as st
from tumours import PANEL, all_but, amplified, deleted, fused, interpret, tumour, variant

from presis.diagnostics import tumour_content
from presis.diagnostics.assay import NON_INFORMATIVE
from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.criteria import Criterion, MsiIs, TmbAtLeast, WildType, ask
from presis.diagnostics.profile import Alteration, Covers, MolecularProfile, Specimen, Tested, Tmb
from presis.diagnostics.signatures import tmb_class
from presis.diagnostics.tumour_content import (
    adjusted_copies,
    assessable,
    content_of,
    copies_for,
    hidden_losses,
)
from presis.methods.purity import fold_change
from presis.methods.rules import Answer, evaluate


def content(share: float | None) -> tumour_content.TumourContent:
    return content_of(Specimen(tumour_cell_fraction=share))


def answer(leaf: Criterion, profile: MolecularProfile) -> Answer:
    return ask(leaf, interpret(profile).findings)


def says(biomarker: str, profile: MolecularProfile) -> str:
    findings = interpret(profile).findings
    return evaluate(parse_biomarker(biomarker), lambda leaf: ask(leaf, findings)).truth.word


def rate(per_megabase: float, count: int, megabases: float = 1.28) -> Tmb:
    return Tmb(per_megabase=per_megabase, eligible_variants=count, megabases=megabases)


# -- copies -------------------------------------------------------------------------------------


def test_copies_are_a_range_because_the_share_is_an_estimate() -> None:
    copies = adjusted_copies(2.2, content(0.30))
    assert copies.best == pytest.approx(10.0)
    assert (copies.low, copies.high) == (pytest.approx(8.0), pytest.approx(14.0))


def test_without_an_estimate_there_are_no_copies() -> None:
    assert adjusted_copies(2.2, content(None)).why == "copies.no-content"
    assert adjusted_copies(None, content(0.3)).why == "copies.no-fold"


@pytest.mark.parametrize(("share", "fold"), [(0.30, 0.50), (0.10, 0.85), (0.0, 0.9), (0.0, 2.0)])
def test_fewer_copies_than_none_are_not_computable(share: float, fold: float) -> None:
    copies = adjusted_copies(fold, content(share))
    assert (copies.best, copies.why) == (None, "copies.below-zero")


def test_a_range_that_reaches_no_tumour_cells_has_no_upper_end() -> None:
    copies = adjusted_copies(1.5, content(0.10))
    assert (copies.best, copies.high) == (pytest.approx(12.0), None)


@given(st.floats(0.02, 1.0), st.floats(0, 30))
def test_the_estimate_lies_within_its_range_and_leads_back(share: float, true: float) -> None:
    copies = adjusted_copies(fold_change(share, true), content(share))
    assert copies.best is not None
    assert copies.low is not None
    assert copies.best == pytest.approx(true, abs=1e-6)
    assert 0 <= copies.low <= copies.best + 1e-9
    assert copies.high is None or copies.best <= copies.high + 1e-9


@given(st.floats(0, 1))
def test_the_range_of_an_estimate_holds_it_and_stays_a_share(share: float) -> None:
    told = content(share)
    assert 0 <= told.low <= share <= told.high <= 1


def test_losses_hide_and_it_is_said_how() -> None:
    assert hidden_losses(content(0.30)) == (pytest.approx(0.85), pytest.approx(0.70))
    assert hidden_losses(content(0.60)) is None


@pytest.mark.parametrize(("sex", "computed"), [("female", True), ("male", False), (None, False)])
def test_a_gene_of_chromosome_x_is_read_in_women_alone(sex: str | None, computed: bool) -> None:
    copies = copies_for("AR", 2.2, Specimen(tumour_cell_fraction=0.3, sex=sex))
    assert (copies.best is not None) is computed
    assert copies_for("ERBB2", 2.2, Specimen(tumour_cell_fraction=0.3, sex=sex)).best is not None


def test_a_fraction_on_a_mans_x_says_nothing_of_origin_or_alleles() -> None:
    profile = with_cells(
        tumour(replace(variant("KDM6A", "R519*", fraction=0.85), chromosome="X")), 0.8, sex="male"
    )
    findings = interpret(profile).findings
    assert findings.origins["sv:0"].fits.value == "not_readable"
    assert findings.allelic["KDM6A"].both_lost.word == "unknown"
    assert [reason.code for reason in findings.allelic["KDM6A"].reasons] == ["allelic.sex-chromosome"]
    woman = interpret(with_cells(profile, 0.8, sex="female")).findings
    assert woman.allelic["KDM6A"].both_lost.word == "yes"


# -- limits -------------------------------------------------------------------------------------


def test_below_its_limit_a_negative_is_unknown_and_says_why() -> None:
    low = with_cells(tumour(), 0.15)
    findings = interpret(low).findings
    told = evaluate(parse_biomarker("BRAF p.V600E"), lambda leaf: ask(leaf, findings))
    assert told.truth.word == "unknown"
    assert [reason.code for reason in told.reasons()] == ["covered.few-cells"]
    assert [reason.code for reason in told.settled_by()] == ["settle.more-cells"]


@pytest.mark.parametrize("share", [0.20, 0.60, 1.0])
def test_from_the_limit_on_a_negative_is_a_negative(share: float) -> None:
    assert says("BRAF p.V600E", with_cells(tumour(), share)) == "no"


@pytest.mark.parametrize(
    ("biomarker", "found"),
    [
        ("BRAF p.V600E", tumour(variant("BRAF", "V600E"))),
        ("ALK fusion", tumour(fusions=(fused("EML4", "ALK"),))),
        ("ERBB2 amplification", tumour(copies=(amplified("ERBB2"),))),
    ],
)
def test_what_was_found_stands_at_any_share(biomarker: str, found: MolecularProfile) -> None:
    assert says(biomarker, with_cells(found, 0.05)) == "yes"


@pytest.mark.parametrize(
    "biomarker", ["ALK fusion", "ERBB2 amplification", "MSI-H", "MSI-H absent", "TMB >= 10", "KRAS wild_type"]
)
def test_what_was_not_found_is_unknown_with_few_tumour_cells(biomarker: str) -> None:
    assert says(biomarker, with_cells(tumour(), 0.05)) == "unknown"


def test_losses_have_their_own_limit() -> None:
    covers = assessable(with_cells(tumour(), 0.30)).covers
    few = {each for each, told in covers.items() if told.reason == "low_tumour_content"}
    assert few == {Alteration.DELETION, Alteration.EXON_CNV, Alteration.LOH}
    assert covers[Alteration.SMALL_VARIANT].state is Tested.YES


def test_wild_type_says_that_there_were_too_few_cells() -> None:
    told = answer(WildType(("KRAS",), ((12, 13),)), with_cells(tumour(), 0.05))
    assert [reason.code for reason in told.reasons] == ["wild-type.few-cells"]


@pytest.mark.parametrize(
    ("asked", "why"), [("KRAS wild_type", "wild-type.plasma"), ("BRAF p.V600E", "covered.plasma")]
)
def test_nothing_found_in_plasma_is_not_called_untested_and_tissue_settles_it(asked: str, why: str) -> None:
    unknown = Covers(state=Tested.UNKNOWN, genes=PANEL, reason=NON_INFORMATIVE)
    covers = {**all_but(), Alteration.SMALL_VARIANT: unknown}
    findings = interpret(in_plasma(tumour(covers=covers))).findings
    told = evaluate(parse_biomarker(asked), lambda leaf: ask(leaf, findings))
    assert [reason.code for reason in told.reasons()] == [why]
    assert [reason.code for reason in told.settled_by()] == ["settle.tissue"]


@pytest.mark.parametrize(("percent", "unstable"), [(5.0, 6), (15.0, 18), (30.0, 36)])
def test_msi_is_not_assessable_with_few_tumour_cells_and_shows_its_sites(
    percent: float, unstable: int
) -> None:
    findings = interpret(with_cells(tumour(msi=percent), 0.10)).findings
    assert (findings.msi.name, findings.msi.reason.code) == (None, "msi.few-cells")
    assert findings.msi.reason.values == {"percent": percent, "unstable": unstable, "usable": 120}
    assert findings.profile.covers[Alteration.MSI].reason == "low_tumour_content"
    assert says("MSI-H", with_cells(tumour(msi=percent), 0.10)) == "unknown"


def test_what_msi_and_the_rate_would_open_is_shown_as_open() -> None:
    for profile, ident in ((tumour(msi=30.0), "msi"), (tumour(tmb=12.0), "tmb"), (tumour(tmb=40.0), "tmb")):
        options = interpret(with_cells(profile, 0.10), "COAD").actionability.options
        found = [each for each in options if each.findings == (ident,)]
        assert found
        assert {each.truth.word for each in found} == {"unknown"}


def test_few_usable_sites_stay_unknown_also_where_the_share_is_low() -> None:
    assert (
        interpret(with_cells(tumour(msi=30.0, usable=30), 0.10)).findings.msi.reason.code == "msi.few-sites"
    )


@pytest.mark.parametrize("per_megabase", [3.0, 8.0, 12.0, 40.0])
def test_a_rate_with_few_tumour_cells_is_a_lower_end_without_a_class(per_megabase: float) -> None:
    profile = with_cells(tumour(tmb=per_megabase), 0.10)
    told = interpret(profile).findings.tmb
    assert (told.name, told.at_least) == (None, True)
    assert answer(TmbAtLeast(10), profile).truth.word == "unknown"


def test_an_unknown_share_is_never_taken_for_enough() -> None:
    told = answer(MsiIs(frozenset({"unstable"})), with_cells(tumour(), None))
    assert told.truth.word == "no"
    assert told.reasons[-1].code == "tumour-content.condition"
    stable = answer(MsiIs(frozenset({"stable"})), with_cells(tumour(), None))
    assert (stable.truth.word, stable.reasons[-1].code) == ("yes", "tumour-content.condition")
    known = answer(MsiIs(frozenset({"unstable"})), with_cells(tumour(), 0.6))
    assert [reason.code for reason in known.reasons] == ["msi.class"]


def test_a_programme_may_make_it_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    strict = {**tumour_content.rules(), "not_reported": "unknown"}
    monkeypatch.setattr(tumour_content, "rules", lambda: strict)
    assert says("BRAF p.V600E", with_cells(tumour(), None)) == "unknown"
    assert says("BRAF p.V600E", with_cells(tumour(variant("BRAF", "V600E")), None)) == "yes"
    assert says("MSI-H", with_cells(tumour(), None)) == "unknown"


def test_in_plasma_the_share_of_tumour_cells_says_nothing() -> None:
    profile = in_plasma(with_cells(tumour(), 0.05))
    assert assessable(profile) is profile


@given(st.floats(0, 1))
def test_asking_twice_is_the_same_and_nothing_unknown_becomes_known(share: float) -> None:
    profile = with_cells(tumour(copies=(deleted("PTEN"),)), share)
    once = assessable(profile)
    assert assessable(once) == once
    for alteration, covers in once.covers.items():
        before = profile.covers[alteration]
        assert covers == before or (before.state is Tested.YES and covers.state is Tested.UNKNOWN)


# -- rates --------------------------------------------------------------------------------------


def test_13_variants_over_128_megabases_reach_across_10() -> None:
    marker = tmb_class(replace(tumour(), tmb=rate(10.2, 13)))
    assert marker.interval is not None
    assert tuple(round(each, 1) for each in marker.interval) == (5.4, 17.4)
    assert marker.crossed == (10.0,)


def test_an_interval_across_a_limit_is_said_and_stands_beside_the_drug() -> None:
    profile = replace(with_cells(tumour(), 0.6), tmb=rate(10.2, 13))
    told = answer(TmbAtLeast(10), profile)
    assert (told.truth.word, told.reasons[-1].code) == ("yes", "tmb.near-limit")
    assert told.reasons[-1].values == {"low": 5.4, "high": 17.4, "limit": 10}
    below = answer(TmbAtLeast(10), replace(profile, tmb=rate(8.6, 11)))
    assert (below.truth.word, below.reasons[-1].code) == ("no", "tmb.near-limit")
    option = next(o for o in interpret(profile, "CUP").actionability.options if o.findings == ("tmb",))
    assert "tmb.near-limit" in {reason.code for reason in option.open_conditions}


def test_far_from_a_limit_nothing_is_said() -> None:
    told = answer(TmbAtLeast(10), replace(with_cells(tumour(), 0.6), tmb=rate(60.0, 77)))
    assert [reason.code for reason in told.reasons] == ["tmb.compared"]


def test_without_a_count_or_a_region_there_is_no_interval() -> None:
    for tmb in (
        Tmb(per_megabase=10.2, eligible_variants=None, megabases=1.28),
        Tmb(per_megabase=10.2, eligible_variants=13, megabases=None),
    ):
        assert tmb_class(replace(tumour(), tmb=tmb)).interval is None


def test_a_rate_in_plasma_is_never_compared_with_tissue() -> None:
    profile = in_plasma(replace(tumour(), tmb=rate(40.0, 51)))
    assert answer(TmbAtLeast(10), profile).truth.word == "unknown"
    marker = tmb_class(profile)
    assert (marker.name, marker.interval, marker.reason.code) == (None, None, "tmb.ctdna")


@pytest.mark.parametrize("usable", [0, 39])
def test_too_few_sites_are_said_where_what_was_tested_is_listed(usable: int) -> None:
    covers = assessable(with_cells(tumour(msi=30.0, usable=usable), 0.60)).covers[Alteration.MSI]
    assert (covers.state, covers.reason, covers.detail) == (Tested.UNKNOWN, "few_sites", (f"{usable} < 40",))
    assert (
        assessable(with_cells(tumour(msi=30.0, usable=40), 0.60)).covers[Alteration.MSI].state is Tested.YES
    )
