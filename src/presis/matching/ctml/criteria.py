"""The leaves of a CTML clause, and the tables of its keys.

As DFCI's configuration of MatchEngine has them (dfci/matchengine-V2, `config/dfci_config.json`).
Keys are written in lower case here; in a trial their case doesn't count.
"""

from __future__ import annotations

from dataclasses import dataclass

Scalar = str | int | float | bool | None

#: key: field of a genomic record
GENOMIC_FIELDS = {
    "hugo_symbol": "TRUE_HUGO_SYMBOL",
    "protein_change": "TRUE_PROTEIN_CHANGE",
    "wildcard_protein_change": "TRUE_PROTEIN_CHANGE",
    "variant_classification": "TRUE_VARIANT_CLASSIFICATION",
    "exon": "TRUE_TRANSCRIPT_EXON",
    "variant_category": "VARIANT_CATEGORY",
    "cnv_call": "CNV_CALL",
    "wildtype": "WILDTYPE",
    "mmr_status": "MMR_STATUS",
    "ms_status": "MMR_STATUS",
    "apobec_signature": "APOBEC_STATUS",
    "pole_signature": "POLE_STATUS",
    "tobacco_signature": "TABACCO_STATUS",  # so spelt upstream
    "temozolomide_signature": "TEMOZOLOMIDE_STATUS",
    "uva_signature": "UVA_STATUS",
    "fusion_partner_hugo_symbol": "FUSION_PARTNER_HUGO_SYMBOL",
}
#: keys of a genomic leaf that name something for people and ask nothing
GENOMIC_LABELS = frozenset({"display_name"})

#: key: field of a clinical document
CLINICAL_FIELDS = {
    "age_numerical": "BIRTH_DATE",
    "gender": "GENDER",
    "oncotree_primary_diagnosis": "ONCOTREE_PRIMARY_DIAGNOSIS_NAME",
    "tmb_numerical": "TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE",
    "her2_status": "HER2_STATUS",
    "er_status": "ER_STATUS",
    "pr_status": "PR_STATUS",
    "disease_status": "DISEASE_STATUS",
}
RECEPTORS = frozenset({"her2_status", "er_status", "pr_status"})
#: criteria that MatchEngine accepts and never tests
NEVER_TESTED = RECEPTORS | {"disease_status"}

#: so written, and not otherwise, MatchEngine reads a structural variant as one
STRUCTURAL = "Structural Variation"
#: how CTML writes a category, without its case: the words of a record. Others are upper-cased.
CATEGORIES = {
    "mutation": ("MUTATION",),
    "copy number variation": ("CNV",),
    "cnv": ("CNV",),
    "structural variation": ("SV",),
    "sv": ("SV",),
    "signature": ("SIGNATURE",),
    "any variation": ("MUTATION", "CNV"),
}
CNV_CALLS = {
    "High Amplification": "High level amplification",
    "Low Amplification": "Gain",
    "Homozygous Deletion": "Homozygous deletion",
    "Heterozygous Deletion": "Heterozygous deletion",
}
DEFICIENT, PROFICIENT = "Deficient (MMR-D / MSI-H)", "Proficient (MMR-P / MSS)"
REPAIR = {
    "MMR-Deficient": DEFICIENT,
    "MSI-H": DEFICIENT,
    "MMR-Proficient": PROFICIENT,
    "MSS": PROFICIENT,
    "MSI-L": PROFICIENT,
}
REPAIR_KEYS = frozenset({"mmr_status", "ms_status"})
SIGNATURE_KEYS = frozenset(key for key in GENOMIC_FIELDS if key.endswith("_signature"))
#: with one of these, MatchEngine doesn't look at the gene
STATUS_KEYS = REPAIR_KEYS | SIGNATURE_KEYS
STATUS_FIELDS = frozenset(GENOMIC_FIELDS[key] for key in STATUS_KEYS)


@dataclass(frozen=True, slots=True)
class Condition:
    """A key of a leaf and the value that it asks for, without the `!` before it."""

    key: str
    value: Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Genomic:
    """One genomic record must satisfy all conditions."""

    conditions: tuple[Condition, ...]

    def value(self, key: str) -> Scalar:
        """What the leaf asks of a key; nothing if it doesn't."""
        found = next((each.value for each in self.conditions if each.key == key), None)
        return None if isinstance(found, tuple) else found

    def asks(self, keys: frozenset[str]) -> bool:
        """Whether one of the keys is asked."""
        return any(each.key in keys for each in self.conditions)


@dataclass(frozen=True, slots=True)
class Clinical:
    """One condition on the clinical document."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class PriorTreatment:
    """Earlier treatment: MatchEngine is configured for it but can't report it; no document here tells it."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Alive:
    """What MatchEngine asks of every sample unless told otherwise."""


Criterion = Genomic | Clinical | PriorTreatment | Alive


def genomic_field(key: str) -> str:
    """The record's field; an unknown key is looked up as a field of that name."""
    return GENOMIC_FIELDS.get(key, key.upper())


def clinical_field(key: str) -> str:
    """The clinical document's field; an unknown key is looked up as a field of that name."""
    return CLINICAL_FIELDS.get(key, key.upper())


def categories(value: str) -> tuple[str, ...]:
    """The record's words for a variant category."""
    return CATEGORIES.get(value.lower(), (value.upper(),))
