"""Builders of the packs that Presis curates itself: tables checked and passed on, every row kept."""

from __future__ import annotations

import re
from collections import Counter

from presis.errors import BadInput
from presis.knowledge.approvals import APPROVAL_COLUMNS, ESCAT_COLUMNS, NORWAY_COLUMNS, RESISTANCE_COLUMNS
from presis.knowledge.build.grantham import distance, pairs
from presis.knowledge.build.sources import Row, Sources, own_tables
from presis.knowledge.build.writer import Table
from presis.knowledge.drugs import BACKBONE_COLUMNS
from presis.knowledge.drugs import COLUMNS as DRUG_COLUMNS
from presis.knowledge.forms import GRANTHAM_COLUMNS
from presis.knowledge.functional import DOMAIN_COLUMNS, FUNCTIONAL_COLUMNS
from presis.knowledge.genes import LENGTH_COLUMNS, OTHER_NAME_COLUMNS, SYMBOL_COLUMNS
from presis.knowledge.shipped_confirmations import COLUMNS as CONFIRMATION_COLUMNS
from presis.knowledge.verification import VALIDATION_PMIDS


def approvals(sources: Sources) -> list[Table]:
    """`approvals.csv`, and after it the project's own table of what it lacked."""
    rows = [*sources.rows("approvals.csv"), *own_tables().rows("approvals_more.csv")]
    return [_table("approvals", APPROVAL_COLUMNS, rows, key="id")]


def resistance(sources: Sources) -> list[Table]:
    """`resistance.csv`, unchanged."""
    return [_same(sources, "resistance", RESISTANCE_COLUMNS)]


def escat(sources: Sources) -> list[Table]:
    """`escat.csv`, unchanged."""
    return [_same(sources, "escat", ESCAT_COLUMNS)]


def norway_access(sources: Sources) -> list[Table]:
    """`norway_access.csv`, unchanged."""
    return [_same(sources, "norway_access", NORWAY_COLUMNS)]


def drugs(sources: Sources) -> list[Table]:
    """`drugs.csv`, unchanged, and the words for chemotherapy that are no drug of the table."""
    backbones = Table(
        "backbones.csv", "backbones", BACKBONE_COLUMNS, tuple(own_tables().rows("backbones.csv"))
    )
    return [_same(sources, "drugs", DRUG_COLUMNS), backbones]


def functional_evidence(sources: Sources) -> list[Table]:
    """`functional_evidence.csv` with an id for each row, such as `fe-BRAF-p.V600E-OS2`.

    The rows that their own study was found to contradict are left out; `contradicted.csv` names them.
    """
    rows = [
        {"row": f"fe-{row['gene']}-{row['pattern'].replace(':', '_')}-{row['criterion']}", **row}
        for row in sources.rows("functional_evidence.csv")
    ]
    left_out = {row["row"] for row in own_tables().rows("contradicted.csv")}
    return [
        _table("functional_evidence", FUNCTIONAL_COLUMNS, [row for row in rows if row["row"] not in left_out])
    ]


def functional_evidence_more(_sources: Sources) -> list[Table]:
    """The project's own table of further evidence, with an id for each row, such as `fm-TP53-p.R110L-OS2`.

    It is kept apart from `functional_evidence`, whose source isn't the project's own; a change may stand in
    both, so the ids begin otherwise.
    """
    rows = [
        {"row": f"fm-{row['gene']}-{row['pattern'].replace(':', '_')}-{row['criterion']}", **row}
        for row in own_tables().rows("functional_evidence_more.csv")
    ]
    return [_table("functional_evidence_more", FUNCTIONAL_COLUMNS, rows, form="functional_evidence")]


def critical_domains(sources: Sources) -> list[Table]:
    """`critical_domains.csv` with an id for each row, such as `cd-ABL1-activation-loop-381-409`."""
    rows = [
        {"row": f"cd-{row['gene']}-{_slug(row['domain'])}-{row['protein_start']}-{row['protein_end']}", **row}
        for row in sources.rows("critical_domains.csv")
    ]
    return [_table("critical_domains", DOMAIN_COLUMNS, rows)]


def confirmations(_sources: Sources) -> list[Table]:
    """The project's own table of what was read for recalled rows, unchanged.

    The hash of a row's wording stands in the table, so that a row which was reworded isn't confirmed by
    building the pack again.
    """
    return [_table("confirmations", CONFIRMATION_COLUMNS, own_tables().rows("confirmations.csv"))]


def protein_lengths(_sources: Sources) -> list[Table]:
    """The project's own table of protein lengths, with an id for each row, such as `pl-TP53`."""
    rows = [{"row": f"pl-{row['gene']}", **row} for row in own_tables().rows("protein_lengths.csv")]
    return [_table("protein_lengths", LENGTH_COLUMNS, rows)]


def symbols(_sources: Sources) -> list[Table]:
    """The project's own table of former gene symbols, and of names in gene columns that are no gene."""
    others = Table(
        "other_names.csv", "other_names", OTHER_NAME_COLUMNS, tuple(own_tables().rows("other_names.csv"))
    )
    return [_table("symbols", SYMBOL_COLUMNS, own_tables().rows("symbols.csv"), key="former"), others]


def grantham(_sources: Sources) -> list[Table]:
    """The published distances, each held against the paper's own formula.

    The published values were rounded on the way, so the formula gives 145 of 190 exactly and all others
    within 1, save one: aspartate to tryptophan is printed as 181 and computed as 191.
    """
    published = own_tables().rows("grantham.csv")
    computed = pairs()
    rows = []
    for row in published:
        pair = (row["first"], row["second"])
        formula = computed.pop(pair)
        if abs(formula - int(row["distance"])) > 1 and pair != ("D", "W"):
            raise BadInput.of(
                "build-check",
                f"the distance {row['distance']} of {pair[0]} and {pair[1]} isn't what the formula gives.",
                found=row["distance"],
                accepted=str(distance(*pair)),
            )
        rows.append({**row, "formula": str(formula)})
    if computed:
        raise BadInput.of("build-check", f"the table lacks {len(computed)} of the 190 pairs.")
    return [Table("grantham.csv", "grantham", GRANTHAM_COLUMNS, tuple(rows))]


def _same(sources: Sources, name: str, columns: tuple[str, ...]) -> Table:
    return _table(name, columns, sources.rows(f"{name}.csv"), key="id")


def _table(
    name: str, columns: tuple[str, ...], rows: list[Row], key: str = "row", form: str | None = None
) -> Table:
    """A table after the checks that all curated ones pass: columns, unique ids, no validation set.

    Its form is its name unless given.
    """
    for number, row in enumerate(rows, start=2):
        if set(row) != set(columns):
            raise BadInput.of(
                "build-columns",
                f"{name}.csv has other columns than the pack.",
                found=", ".join(row),
                accepted=", ".join(columns),
            )
        for pmid in VALIDATION_PMIDS:
            if any(pmid in cell for cell in row.values()):
                raise BadInput.of(
                    "build-validation-set",
                    f"row {number} of {name}.csv rests on PMID {pmid}, a validation set; leave it out.",
                    line=number,
                    found=pmid,
                )
    twice = [value for value, count in Counter(row[key] for row in rows).items() if count > 1]
    if twice:
        raise BadInput.of(
            "build-row-twice",
            f"{name}.csv has rows with the same id; join or tell them apart.",
            found=", ".join(twice),
        )
    return Table(f"{name}.csv", form or name, columns, tuple(rows))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
