"""A variant's origin: every rule as a case that an expert can read (cases/tumour/origin.yaml), and what holds always."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cells import cases, read_one
from hypothesis import given
from hypothesis import strategies as st
from tumours import variant

from presis.diagnostics.origin import Surroundings, origin_of
from presis.diagnostics.profile import Specimen
from presis.diagnostics.tumour_content import content_of
from presis.diagnostics.tumour_reading import OriginKind
from presis.diagnostics.variant_facts import facts_of
from presis.documents.language import Language, words


@pytest.mark.parametrize("case", cases("origin"), ids=lambda case: case["it"])
def test_origin(case: dict[str, Any]) -> None:
    origin = read_one(case).findings.origins["sv:0"]
    codes = {reason.code for reason in origin.reasons}
    assert origin.kind.value == case["origin"], sorted(codes)
    assert origin.fits.value == case.get("fits", origin.fits.value)
    assert origin.proven is case.get("proven", False)
    assert set(case.get("why", ())) <= codes
    assert set(case.get("settled_by", ())) <= {reason.code for reason in origin.settled_by}
    assert origin.reasons
    for language in Language:
        assert all(words(language).why(reason) for reason in (*origin.reasons, *origin.settled_by))


@given(st.floats(0.02, 0.98), st.floats(0.05, 1.0), st.sampled_from(["Somatic", "Germline_Proxi", None]))
def test_a_tumour_alone_never_proves(fraction: float, share: float, status: str | None) -> None:
    made = replace(variant("BRCA2", "S1982Rfs*22", fraction=fraction), germline_status=status)
    around = Surroundings(content_of(Specimen(tumour_cell_fraction=share)))
    assert not origin_of(made, facts_of(made), around).proven


@given(st.floats(0.05, 1.0), st.integers(50, 3000))
def test_an_inherited_diploid_variant_is_never_taken_for_the_tumours_own(share: float, depth: int) -> None:
    made = variant("BRCA2", "S1982Rfs*22", fraction=0.5, depth=depth)
    around = Surroundings(content_of(Specimen(tumour_cell_fraction=share)))
    assert origin_of(made, facts_of(made), around).kind is not OriginKind.SOMATIC


@given(st.floats(0.2, 0.9))
def test_a_clonal_somatic_variant_is_never_said_to_be_inherited(share: float) -> None:
    made = variant("KRAS", "G12D", fraction=share / 2)
    around = Surroundings(content_of(Specimen(tumour_cell_fraction=share)))
    assert origin_of(made, facts_of(made), around).kind is not OriginKind.LIKELY_GERMLINE
