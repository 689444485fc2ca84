"""Trials and patients by chance, from few words, so that they meet."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

GENES = ["KRAS", "ALK", "EML4"]
CHANGES = ["p.G12C", "p.G12D", "p.G12*"]
DIAGNOSES = [
    "Melanoma",
    "Lung Adenocarcinoma",
    "Non-Small Cell Lung Cancer",
    "Lung",
    "Acute Myeloid Leukemia",
    "Gibberish",
]
DATES = ["2008-03-14", "2008-03-15", "2007-09-14", "1950-02-28"]


def denied(words: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(words + [f"!{word}" for word in words])


def dicts(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


SV_LEAF = dicts(
    {"variant_category": denied(["Structural Variation"])},
    {
        "hugo_symbol": denied([*GENES, "any_gene"]),
        "fusion_partner_hugo_symbol": denied([*GENES, "any_gene", "intergenic"]),
    },
)
STATUS_LEAF = dicts(
    {},
    {
        "mmr_status": denied(["MMR-Deficient", "MSS", "MSI-L"]),
        "apobec_signature": denied(["Yes", "No"]),
        "tobacco_signature": denied(["Yes", "No"]),
        "hugo_symbol": denied(GENES),
    },
).filter(lambda leaf: any(key != "hugo_symbol" for key in leaf))
GENE_LEAF = dicts(
    {"hugo_symbol": denied(GENES)},
    {
        "variant_category": denied(["Mutation", "CNV", "Any Variation", "Copy Number Variation", "SV"]),
        "exon": st.sampled_from([2, 3, "2", "!2"]),
        "variant_classification": denied(["Missense_Mutation", "Nonsense_Mutation"]),
        "cnv_call": denied(["High Amplification", "Homozygous Deletion"]),
        "wildtype": st.booleans(),
        "display_name": st.just("a name"),
    },
)
CHANGE_LEAF = st.one_of(
    dicts({"hugo_symbol": denied(GENES), "protein_change": denied(CHANGES)}, {}),
    dicts({"HUGO_SYMBOL": denied(GENES), "wildcard_protein_change": denied(["p.G12", "G12"])}, {}),
)
GENOMIC = st.one_of(GENE_LEAF, CHANGE_LEAF, SV_LEAF, STATUS_LEAF)
CLINICAL = dicts(
    {},
    {
        "age_numerical": st.sampled_from(
            [">=18", ">18", "<18", "<=18", "==18", ">=18.5", "<.5".replace(".", "0.")]
        ),
        "gender": denied(["Male", "Female"]),
        "oncotree_primary_diagnosis": denied(["_SOLID_", "_LIQUID_", *DIAGNOSES[:4]]),
        "tmb_numerical": st.sampled_from([">=10", "<10", "==10"]),
        "her2_status": denied(["Positive", "Negative"]),
    },
).filter(bool)
LEAF = st.one_of(
    st.builds(lambda leaf: {"genomic": leaf}, GENOMIC),
    st.builds(lambda leaf: {"clinical": leaf}, CLINICAL),
    st.builds(lambda one, other: {"genomic": one, "clinical": other}, GENOMIC, CLINICAL),
)
ITEM = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.builds(lambda items: {"and": items}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda items: {"or_1": items}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=5,
)
MATCH = st.lists(ITEM, min_size=1, max_size=3)
#: of few words and deep, where MatchEngine's way through the lists isn't the one that is written
_GENE = st.builds(lambda gene: {"genomic": {"hugo_symbol": gene}}, denied(["A", "B", "C", "D"]))


def _either(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.builds(lambda items: {"or_1": items}, several)


def _all(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(lambda items: {"and": items}, st.lists(inner, min_size=1, max_size=3))


_DEEP = _either(st.one_of(_GENE, _all(st.one_of(_GENE, _either(st.one_of(_GENE, _all(_either(_GENE))))))))
NESTED = st.lists(st.one_of(_GENE, _DEEP, _all(_DEEP)), min_size=1, max_size=3)

#: whole documents: each key that a kind of record has is there
MUTATION = dicts(
    {
        "VARIANT_CATEGORY": st.just("MUTATION"),
        "TRUE_HUGO_SYMBOL": st.sampled_from(GENES),
        "TRUE_PROTEIN_CHANGE": st.sampled_from(CHANGES),
        "TRUE_TRANSCRIPT_EXON": st.sampled_from([2, 3]),
        "TRUE_VARIANT_CLASSIFICATION": st.sampled_from(["Missense_Mutation", "Nonsense_Mutation"]),
        "WILDTYPE": st.just(False),
    },
    {},
)
CNV = dicts(
    {
        "VARIANT_CATEGORY": st.just("CNV"),
        "TRUE_HUGO_SYMBOL": st.sampled_from(GENES),
        "CNV_CALL": st.sampled_from(["High level amplification", "Homozygous deletion", "Gain"]),
    },
    {},
)
PARTNER = st.sampled_from([*GENES, None])
SV = dicts(
    {"VARIANT_CATEGORY": st.just("SV"), "LEFT_PARTNER_GENE": PARTNER, "RIGHT_PARTNER_GENE": PARTNER}, {}
)
COMMENT = dicts(
    {
        "VARIANT_CATEGORY": st.just("SV"),
        "STRUCTURAL_VARIANT_COMMENT": st.sampled_from(["ALK", "EML4-ALK seen", "no alk", "none", "STALK"]),
    },
    {},
)
STATUS = dicts(
    {
        "VARIANT_CATEGORY": st.just("SIGNATURE"),
        "MMR_STATUS": st.sampled_from(["Deficient (MMR-D / MSI-H)", "Proficient (MMR-P / MSS)"]),
        "APOBEC_STATUS": st.sampled_from(["Yes", "No"]),
        "TABACCO_STATUS": st.sampled_from(["Yes", "No"]),
    },
    {},
)
FINDINGS = st.lists(st.one_of(MUTATION, CNV, SV, COMMENT), max_size=4)
RECORDS = st.lists(st.one_of(MUTATION, CNV, SV, COMMENT, STATUS), max_size=4)
PATIENT = dicts(
    {
        "VITAL_STATUS": st.sampled_from(["alive", "alive", "alive", "deceased"]),
        "BIRTH_DATE": st.sampled_from(DATES),
        "GENDER": st.sampled_from(["Male", "Female"]),
        "ONCOTREE_PRIMARY_DIAGNOSIS_NAME": st.sampled_from(DIAGNOSES),
        "TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE": st.sampled_from([9.9, 10, 12.5]),
        "HER2_STATUS": st.sampled_from(["Positive", "Negative"]),
        "REPORT_DATE": st.sampled_from(["2018-11-30", "2018-12-01", "2024-01-01"]),
    },
    {},
)


@st.composite
def gaps(draw: st.DrawFn, document: dict[str, Any], always: tuple[str, ...] = ()) -> dict[str, Any]:
    """A document of which some keys are not known."""
    return {key: value for key, value in document.items() if key in always or not draw(st.booleans())}
