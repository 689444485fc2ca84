"""The builder of CIViC's pack: which release lies there is told by the columns of its evidence items.

Two layouts are known: that of 2018, which names a gene and a variant, and today's, which names a
molecular profile (`civic_today`). The release of 2018-10-01 is the one that comes with Presis.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from presis.errors import BadInput
from presis.knowledge.build import civic_today
from presis.knowledge.build.sources import Row, Sources, own_tables
from presis.knowledge.build.writer import Table
from presis.knowledge.civic import COLUMNS, DISEASE_COLUMNS

SHIPPED_RELEASE = "01-Oct-2018-"
#: How the file of evidence items ends; the first that lies there is taken. The newest releases have a
#: file of accepted items, another with submitted ones, and the plain name as a link to the first.
ENDINGS = (
    "AcceptedClinicalEvidenceSummaries.tsv",
    "AcceptedAndSubmittedClinicalEvidenceSummaries.tsv",
    "ClinicalEvidenceSummaries.tsv",
)
_DATED = re.compile(r"(\d{2}-[A-Z][a-z]{2}-\d{4})-")
_OLD = {
    "evidence_id": "evidence_id",
    "gene": "gene",
    "variant": "variant",
    "disease": "disease",
    "doid": "doid",
    "evidence_type": "evidence_type",
    "direction": "evidence_direction",
    "level": "evidence_level",
    "significance": "clinical_significance",
    "rating": "rating",
    "pubmed_id": "pubmed_id",
    "variant_origin": "variant_origin",
}
_OLD_COLUMNS = (*_OLD.values(), "drugs", "nct_ids", "evidence_status")


def civic(sources: Sources) -> list[Table]:
    """The accepted evidence items, and the diseases that are mapped to OncoTree; of today's layout more."""
    path, prefix = _evidence_file(sources)
    rows = Sources((path,)).rows(path.name, delimiter="\t")
    if _is_todays(path, tuple(rows[0]) if rows else ()):
        return civic_today.tables(rows, _variants(sources, path, prefix))
    diseases = own_tables().rows("doid_oncotree.csv")
    return [
        Table("civic.csv.gz", "civic", COLUMNS, tuple(_old_items(rows))),
        Table("diseases.csv", "diseases", DISEASE_COLUMNS, tuple(diseases)),
    ]


def described(sources: Sources, tables: Sequence[Table]) -> dict[str, Any]:
    """What the manifest says of a release other than the shipped one: version, day, what is unknown.

    A monthly release carries its day in its files' names; a nightly one has none, and is called by the
    last day on which an item of it was reviewed.
    """
    path, prefix = _evidence_file(sources)
    if prefix == SHIPPED_RELEASE:
        return {}
    rows = Sources((path,)).rows(path.name, delimiter="\t")
    dated = _DATED.fullmatch(prefix)
    date = _day(dated[1], path) if dated else None
    reviewed = max((row.get("last_review_date", "")[:10] for row in rows), default="")
    valid_on = str(date) if date else reviewed
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", valid_on):
        raise BadInput.of(
            "build-civic-date",
            "neither the file's name nor its last_review_date tells the release's day; name the file as "
            "CIViC does, such as 01-Nov-2026-ClinicalEvidenceSummaries.tsv.",
            file=str(path),
        )
    version = valid_on if date else f"nightly, reviewed to {valid_on}"
    return {
        "version": version,
        "date": date,
        "valid_on": dt.date.fromisoformat(valid_on),
        "sources": [
            {
                "name": "CIViC, Clinical Interpretation of Variants in Cancer",
                "address": "https://civicdb.org",
                "version": f"{path.name}, one's own copy",
            }
        ],
        "made": "accepted items of one variant each, diseases mapped to OncoTree; left_out.csv has the rest",
        "caution": civic_today.caution(tables),
    }


def _evidence_file(sources: Sources) -> tuple[Path, str]:
    """The file of evidence items, and what its name begins with (`01-Nov-2026-`, `nightly-`)."""
    files = sources.ending((*ENDINGS, *(f"{ending}.gz" for ending in ENDINGS)))
    by_prefix: dict[str, list[Path]] = {}
    for path in files:
        prefix = path.name.removesuffix(".gz").removesuffix(_ending(path))
        by_prefix.setdefault(prefix, []).append(path)
    for prefix, found in by_prefix.items():
        best = min(map(_rank, found))
        by_prefix[prefix] = [path for path in found if _rank(path) == best]
    if len(by_prefix) != 1 or any(len(found) > 1 for found in by_prefix.values()):
        number = sum(map(len, by_prefix.values()))
        raise BadInput.of(
            "build-source",
            f"{number or 'no'} releases of CIViC (files named …{ENDINGS[-1]}) lie in what --from names; "
            "name the folder of one.",
            found=", ".join(map(str, files or sources.paths)) or "nothing",
            accepted=f"01-Nov-2026-{ENDINGS[-1]} or the like, in one folder",
        )
    ((prefix, (path,)),) = by_prefix.items()
    return path, prefix


def _ending(path: Path) -> str:
    return next(each for each in ENDINGS if path.name.removesuffix(".gz").endswith(each))


def _rank(path: Path) -> tuple[int, bool]:
    return ENDINGS.index(_ending(path)), path.name.endswith(".gz")


def _is_todays(path: Path, header: tuple[str, ...]) -> bool:
    """Whether the columns are today's and not those of 2018; raises `BadInput` if they are neither."""
    today = "molecular_profile_id" in header
    wanted = civic_today.EVIDENCE_COLUMNS if today else _OLD_COLUMNS
    missing = [column for column in wanted if column not in header]
    if missing:
        raise BadInput.of(
            "build-civic-layout",
            f"the columns are neither those of CIViC's release of 2018 nor today's: {', '.join(missing)} "
            "missing; give the file as CIViC's page of releases has it.",
            file=str(path),
            line=1,
            found=", ".join(header) or "no row",
            accepted=", ".join(wanted),
        )
    return today


def _variants(sources: Sources, evidence: Path, prefix: str) -> list[Row]:
    """The variants of the same release, which tell the profiles of one variant."""
    name = f"{prefix}VariantSummaries.tsv"
    names = (name, f"{name}.gz")
    beside = [evidence.parent / each for each in names if (evidence.parent / each).is_file()]
    exact = [*beside, *(path for path in sources.ending(names) if path.name in names)]
    if not exact:
        raise BadInput.of(
            "build-source",
            f"{name} is missing, which tells the gene and the variant of each molecular profile; "
            "download it from the same release and put it beside the evidence items.",
            file=str(evidence.parent),
            accepted=name,
        )
    rows = Sources((exact[0],)).rows(exact[0].name, delimiter="\t")
    missing = [column for column in civic_today.VARIANT_COLUMNS if not rows or column not in rows[0]]
    if missing:
        raise BadInput.of(
            "build-civic-layout",
            f"the variants lack {', '.join(missing)}; give the file of the same release as CIViC has it.",
            file=str(exact[0]),
            line=1,
            accepted=", ".join(civic_today.VARIANT_COLUMNS),
        )
    return rows


def _day(text: str, path: Path) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%d-%b-%Y").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise BadInput.of(
            "build-civic-date",
            f"{text} in the file's name is no day; name the file as CIViC does.",
            file=str(path),
            found=text,
            accepted="01-Nov-2026",
        ) from None


def _old_items(rows: Sequence[Row]) -> list[Row]:
    items = [
        {
            **{column: " ".join(item[source].split()) for column, source in _OLD.items()},
            "drugs": ";".join(part.strip() for part in item["drugs"].split(",")),
            "nct": ";".join(sorted({part.strip() for part in item["nct_ids"].split(",")})),
        }
        for item in rows
        if item["evidence_status"] == "accepted"
    ]
    return sorted(items, key=lambda row: int(row["evidence_id"]))
