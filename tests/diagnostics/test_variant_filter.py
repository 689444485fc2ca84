"""The filter: what is kept, what is left out and why; PRONTO's own selection on the control samples."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tumours import variant

from presis.diagnostics import variant_criteria
from presis.diagnostics.filtering import compile_filter, read_filter, standard_filter
from presis.diagnostics.profile import GenomeBuild, Judgement, PopulationFrequency, SmallVariant
from presis.diagnostics.reading import read_one
from presis.diagnostics.variant_criteria import Setting
from presis.errors import BadInput
from presis.knowledge import load_library
from presis.methods.rules import compiled, evaluate_array

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "panels" / "tsoppi"
TISSUE = Setting("tissue", GenomeBuild.GRCH37)


def outcome(each: SmallVariant, setting: Setting = TISSUE) -> tuple[bool, str | None]:
    found = compile_filter(standard_filter().steps, setting)(each)
    return found.kept, found.step


def frequency(value: float) -> PopulationFrequency:
    return PopulationFrequency(by_population={"nfe": value}, source="test")


BRAF = variant("BRAF", "V600E")
STOP = variant("CHEK2", "T367Mfs*15")


@pytest.mark.parametrize(
    ("given_variant", "kept", "step"),
    [
        (BRAF, True, None),
        (replace(BRAF, allele_fraction=0.019), False, "low-allele-fraction"),
        (replace(BRAF, allele_fraction=0.02), True, None),
        (replace(BRAF, depth=19), False, "low-depth"),
        (replace(BRAF, depth=20), True, None),
        (replace(BRAF, population=frequency(0.001)), False, "population-frequency"),
        (replace(BRAF, population=frequency(0.0009)), True, None),
        (replace(STOP, population=frequency(0.001)), False, "common-truncating"),
        (replace(STOP, population=frequency(0.0099), file_filters=("recurrent_germline",)), False, "common-truncating"),
        (replace(STOP, population=frequency(0.01)), False, "population-frequency"),
        (replace(STOP, population=frequency(0.0009)), True, None),
        (replace(BRAF, population=None), True, None),
        (replace(BRAF, depth=None, allele_fraction=None), True, None),
        (replace(BRAF, consequences=("synonymous_variant",)), False, "synonymous"),
        (replace(BRAF, consequences=("splice_region_variant", "synonymous_variant")), False, "synonymous"),
        (replace(BRAF, consequences=("intron_variant",)), False, "not-coding"),
        (replace(BRAF, consequences=("splice_region_variant", "intron_variant")), True, None),
        (replace(BRAF, consequences=()), True, None),
        (replace(BRAF, gene=None, consequences=()), False, "between-genes"),
        (replace(BRAF, file_filters=("recurrent_artifact",)), False, "recurrent-artefact"),
        (replace(BRAF, file_filters=("HET_VAF_RANGE",)), True, None),
        (replace(BRAF, gene="TERT", consequences=("upstream_gene_variant",)), True, "rescue-tert-promoter"),
        (replace(BRAF, judgement=Judgement(class_judgement="exclude")), False, "excluded-by-laboratory"),
        (replace(BRAF, judgement=Judgement(class_judgement="exclude"), germline_class="Pathogenic"), True, "rescue-pathogenic-germline"),
        (replace(BRAF, judgement=Judgement(class_judgement="SOM"), depth=10), True, "included-by-laboratory"),
        (replace(BRAF, judgement=Judgement(class_judgement="include", igv_qc="Not OK")), False, "igv-not-ok"),
    ],
)  # fmt: skip
def test_a_variant_is_kept_or_left_out_by_the_first_step_that_says_yes(
    given_variant: SmallVariant, kept: bool, step: str | None
) -> None:
    assert outcome(given_variant) == (kept, step)


def test_plasma_keeps_what_its_caller_passes_at_low_fractions() -> None:
    assert outcome(replace(BRAF, allele_fraction=0.004), Setting("ctdna"))[0] is True


def test_the_blacklist_is_by_position_and_change() -> None:
    listed = Setting("tissue", GenomeBuild.GRCH37, {("1", 1000, "A", "T"): "homopolymer"})
    assert outcome(BRAF, listed) == (False, "blacklist")
    assert outcome(replace(BRAF, alt="G"), listed) == (True, None)


def test_what_is_left_out_carries_its_reason_with_its_numbers() -> None:
    found = compile_filter(standard_filter().steps, TISSUE)(replace(BRAF, depth=12))
    assert [dict(reason.values) for reason in found.reasons] == [
        {"field": "depth", "bound": "below", "limit": 20.0, "found": 12}
    ]


@given(
    st.lists(
        st.builds(
            lambda fraction, depth, population, consequence: replace(
                BRAF, allele_fraction=fraction, depth=depth, consequences=consequence,
                population=None if population is None else frequency(population),
            ),
            st.none() | st.floats(0, 1), st.none() | st.integers(0, 3000), st.none() | st.floats(0, 1),
            st.sampled_from([("missense_variant",), ("synonymous_variant",), ("intron_variant",), ()]),
        ),
        min_size=1, max_size=20,
    )
)  # fmt: skip
def test_one_variant_and_a_table_of_variants_are_filtered_alike(variants: list[SmallVariant]) -> None:
    for step in standard_filter().steps:
        together = evaluate_array(
            step.rule, partial(variant_criteria.ask_array, variants=variants, setting=TISSUE), len(variants)
        )
        holds = compiled(step.rule, partial(variant_criteria.compile_leaf, setting=TISSUE))
        apart = [holds(v) for v in variants]
        assert np.array_equal(together, apart)


def test_every_fault_of_a_filter_is_said_with_its_path() -> None:
    document = {
        "id": "x", "version": 1, "valid_from": "2026-01-01", "source": "test",
        "steps": [{"id": "a", "effect": "exclude", "when": {"depht": {"below": 20}}},
                  {"id": "b", "effect": "exclude", "when": {"depth": {"under": 20}}}],
    }  # fmt: skip
    with pytest.raises(BadInput) as caught:
        read_filter(document, "filter.yaml")
    places = [(p.where.file, p.where.field) for p in caught.value.problems]
    assert places == [("filter.yaml", "steps[0].when.depht"), ("filter.yaml", "steps[1].when.depth")]


@pytest.mark.parametrize(
    ("sample", "selected", "counted"), [("CL-AcroMetrix-D01", 484, 328), ("CL-NA12878N25-D01", 5, 1)]
)
def test_prontos_selection_and_its_count_come_out_on_the_control_samples(
    sample: str, selected: int, counted: int
) -> None:
    """Check values: working table 484 and 5 rows, of which 328 and 1 count for TMB (TSOPPI's FORMAT, section 5)."""
    if not SHARED.exists():
        pytest.skip("the control samples' original tables are not beside the repository")
    profile = read_one([SHARED / sample], load_library())
    included = {"LikSOM", "SOM", "LikGL", "incon", "include"}
    working = [
        v for v in profile.small_variants
        if v.germline_class in {"Pathogenic", "Likely_Pathogenic"} or v.gene == "TERT"
        or (v.judgement is not None and v.judgement.class_judgement in included)
    ]  # fmt: skip
    assert len(working) == selected
    noncoding = {"x:noncoding_variant"}
    eligible = [
        v for v in working
        if noncoding.isdisjoint(v.consequences) and "synonymous_variant" not in v.consequences
        and (v.allele_fraction or 0) >= 0.05 and (v.depth or 0) >= 50
    ]  # fmt: skip
    assert len(eligible) == counted
