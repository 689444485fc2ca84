"""What was tested in each sample, gene by gene: a CSV of SAMPLE_ID, gene, type.

Not tested is not the same as not found. Without this table every "none found" is unknown.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from presis.errors import Where
from presis.matching.ctml.remarks import Remarks
from presis.matching.ctml.trial_files import read_text

COLUMNS = ("SAMPLE_ID", "gene", "type")
#: the table's words, without their case: what was looked for
TYPES = {
    "mutation": frozenset({"mutation"}),
    "small_variant": frozenset({"mutation"}),
    "cnv": frozenset({"amplification", "deletion"}),
    "amplification": frozenset({"amplification"}),
    "deletion": frozenset({"deletion"}),
    "sv": frozenset({"sv"}),
}
#: instead of a gene: every gene
EVERY_GENE = "*"
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Coverage:
    """For each sample and gene (lower case) the types that were tested."""

    tested: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)

    def missing(self, sample: str, genes: Iterable[str], types: frozenset[str]) -> frozenset[str]:
        """Which of the types were not tested in the sample in any of the genes."""
        of_sample = self.tested.get(sample)
        if of_sample is None:
            return types
        found = of_sample.get(EVERY_GENE, NOTHING)
        for gene in genes:
            found = found | of_sample.get(gene.lower(), NOTHING)
        return types - found


def read_coverage(path: Path, samples: frozenset[str], remarks: Remarks) -> Coverage:
    """Read the table; rows that can't be used are errors, samples without a document are warned of."""
    rows = csv.reader(read_text(path).splitlines())
    header = [each.strip() for each in next(rows, [])]
    if sorted(header) != sorted(COLUMNS):
        said = f"should have the columns {', '.join(COLUMNS)}"
        remarks.error("coverage", said, Where(file=str(path), line=1), ",".join(header))
        return Coverage()
    sample_at, gene_at, type_at = (header.index(name) for name in COLUMNS)
    tested: dict[str, dict[str, frozenset[str]]] = {}
    for line, row in enumerate(rows, start=2):
        if not row:
            continue
        where = Where(file=str(path), line=line)
        if len(row) != len(COLUMNS) or not all(each.strip() for each in row):
            remarks.error("coverage", "should hold a sample, a gene and a type", where, ",".join(row))
            continue
        types = TYPES.get(row[type_at].strip().lower())
        if types is None:
            remarks.error("coverage", f"type should be one of {', '.join(TYPES)}", where, row[type_at])
            continue
        genes = tested.setdefault(row[sample_at].strip(), {})
        gene = row[gene_at].strip().lower()
        genes[gene] = genes.get(gene, NOTHING) | types
    if strangers := sorted(set(tested) - samples):
        said = f"samples without a clinical document: {len(strangers)}, such as {strangers[0]}"
        remarks.warn("coverage_sample", said, Where(file=str(path)))
    return Coverage(tested)
