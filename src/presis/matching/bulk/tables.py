"""What matching asks of a data cut: its tables, one row a thing told; what nobody told has no row.

A cut is a folder with a folder for each table and in it a Parquet file for each partition; a partition holds
whole patients, under the same file name in every table. Lists of words are joined by `;`. Days are text as
they were told: `2026-03-14`, `2026-03` or `2026`.
"""

from __future__ import annotations

import pyarrow as pa

_WORD = pa.dictionary(pa.int32(), pa.string())

#: One row a patient: a pseudonym of the cut's purpose, day of birth, sex.
PATIENTS = pa.schema([("patient", pa.string()), ("birth", pa.string()), ("sex", _WORD)])

#: One row a tumour that was analysed or referred. `coverage` and `positions` name what was looked at, by
#: their tables; null: there is no report. `lost_genes`: genes with rows that couldn't be read;
#: `lost_nameless`: some name none. Markers as the report classed them: null is "no class".
SAMPLES = pa.schema(
    [
        ("sample", pa.string()),
        ("patient", pa.string()),
        ("tumour", _WORD),
        ("coverage", _WORD),
        ("positions", _WORD),
        ("lost_genes", _WORD),
        ("lost_nameless", pa.bool_()),
        ("assay", _WORD),
        ("tmb", pa.float64()),
        ("tmb_class", _WORD),
        ("tmb_at_least", pa.bool_()),
        ("msi", pa.float64()),
        ("msi_class", _WORD),
        ("msi_by_value", _WORD),
        ("msi_at_least", pa.bool_()),
        ("gis", pa.float64()),
    ]
)

#: What was looked at: by a key that samples share, each alteration with its state (`yes`, `no`, `unknown`),
#: why, and the genes.
COVERAGE = pa.schema(
    [
        ("coverage", pa.string()),
        ("alteration", _WORD),
        ("state", _WORD),
        ("reason", _WORD),
        ("genes", pa.string()),
    ]
)

#: Hotspots that were told of, by a key that samples share: `positive`, `negative`, `not_assessable` ...
POSITIONS = pa.schema(
    [("positions", pa.string()), ("hotspot", _WORD), ("state", _WORD), ("depth", pa.int32())]
)

#: One row a finding. `kind`: `small_variant`, `doubtful` (left out, and in doubt), `copy_number`,
#: `exon_copy_number`, `loh`, `fusion`, `splice`, or `allelic` (both alleles of a gene). `genes` are those at
#: the first, `partners` those at the second breakpoint. `name`: a splice variant's, a direction, a state.
#: `classes` of oncogenicity from the most benign; null: not classed. `could_act`, `studied`: rows that wait
#: for confirmation, or a study, show that it acts. `parts`: protein changes that were joined in it.
#: `kept_by`: the step of the filter.
FINDINGS = pa.schema(
    [
        ("sample", pa.string()),
        ("kind", _WORD),
        ("genes", _WORD),
        ("partners", _WORD),
        ("name", _WORD),
        ("protein", _WORD),
        ("cdna", _WORD),
        ("consequences", _WORD),
        ("exon", _WORD),
        ("classes", _WORD),
        ("could_act", pa.bool_()),
        ("studied", pa.bool_()),
        ("germline_class", _WORD),
        ("adjacent", pa.bool_()),
        ("untold", pa.bool_()),
        ("parts", _WORD),
        ("kept_by", _WORD),
        ("origin", _WORD),
        ("origin_proven", pa.bool_()),
        ("fraction", pa.float64()),
        ("copies", pa.float64()),
    ]
)

#: What other tests than the panel say, and where two methods disagree (`kind` `marker` or `disagreement`).
#: `low` and `high` bound a number. Of a disagreement `name` is its id, `words` what it leaves unknown.
MARKERS = pa.schema(
    [
        ("sample", pa.string()),
        ("kind", _WORD),
        ("marker", _WORD),
        ("name", _WORD),
        ("method", _WORD),
        ("score", _WORD),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("high_open", pa.bool_()),
        ("unit", _WORD),
        ("assay", _WORD),
        ("threshold", _WORD),
        ("date", _WORD),
        ("words", _WORD),
    ]
)

#: What is told of the patient, the newest alone but for laboratory values. `kind` is a field of the subject
#: (`ecog`, `stage`, `consent`, `statement`, `laboratory`, ...), `name` what it is of (a test, a gene, ...).
OBSERVATIONS = pa.schema(
    [
        ("patient", pa.string()),
        ("kind", _WORD),
        ("name", _WORD),
        ("value", _WORD),
        ("number", pa.float64()),
        ("upper_limit", pa.float64()),
        ("day", _WORD),
    ]
)

#: Treatments given, drugs by generic name.
TREATMENTS = pa.schema(
    [
        ("patient", pa.string()),
        ("drugs", _WORD),
        ("classes", _WORD),
        ("targets", _WORD),
        ("line", pa.int16()),
        ("setting", _WORD),
        ("start", _WORD),
        ("end", _WORD),
        ("ongoing", pa.bool_()),
        ("response", _WORD),
        ("outcome", _WORD),
    ]
)

TABLES = {
    "patients": PATIENTS,
    "samples": SAMPLES,
    "coverage": COVERAGE,
    "positions": POSITIONS,
    "findings": FINDINGS,
    "markers": MARKERS,
    "observations": OBSERVATIONS,
    "treatments": TREATMENTS,
}
