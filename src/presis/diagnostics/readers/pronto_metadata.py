"""PRONTO's clinical metadata file: one row per DNA or RNA sample, `-` where nothing is known."""

from __future__ import annotations

from dataclasses import dataclass

from presis.diagnostics.profile import InputFile, NotUsable, Specimen
from presis.diagnostics.readers.sections import Row, below_comments, column_index, require_columns, split_row
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.values import MISSING, Listing, UnreadableError, positive, whole
from presis.methods.reasons import Reason

KIND = "pronto_metadata"
REQUIRED = ("Sample_id", "Sequencing_run_id", "Create_report")
_COMMENTS = (
    "Pathology_comment",
    "Molecular_pathology_comment",
    "Sample_info_comment",
    "Extraction_data_comment",
    "Library_data_comment",
    "Library_preparation_data_comment",
)
_USED = frozenset(
    name.casefold()
    for name in (
        *REQUIRED,
        *_COMMENTS,
        "Year_of_birth",
        "Clinical_diagnosis",
        "Sex",
        "Year_of_sample_collection",
        "Tumor_content_pathology",
        "Material",
        "Sample_type",
    )
)
_SEX = {"m": "male", "f": "female"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataRow:
    """What the file says of one sample."""

    sample: str
    run: str | None
    specimen: Specimen
    line: int
    not_usable: tuple[NotUsable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The file's rows, in its order."""

    file: InputFile
    text: TextFile
    rows: tuple[MetadataRow, ...]
    not_usable: tuple[NotUsable, ...]


def read_metadata(text: TextFile) -> Metadata:
    """Read either version (16 or 18 columns, or PRONTO's output copy). Raises `BadInput` if cut."""
    rows = [Row(index, split_row(line)) for index, line in below_comments(text.lines)]
    if not rows:
        raise text.without_header()
    header = rows[0]
    columns = column_index(header.cells)
    require_columns(text.name, header.line, columns, REQUIRED, "the metadata file")
    last = rows[-1]
    if not text.complete and last.line == len(text.lines) and len(last.cells) < len(header.cells):
        raise text.cut_row(last.line, len(last.cells), len(header.cells))
    listing = Listing(text.name)
    unused = [name for name in header.cells if name.casefold() not in _USED]
    if unused:
        listing.remark(header.line, Reason.of("reading.unused-columns"), ", ".join(unused))
    found = []
    for row in rows[1:]:
        sample = row.cells[columns["sample_id"]] if columns["sample_id"] < len(row.cells) else ""
        if sample.startswith("#"):
            listing.remark(row.line, Reason.of("reading.commented-out"), sample)
            continue
        if sample in MISSING or len(row.cells) > len(header.cells):
            listing.lost(row.line, Reason.of("reading.no-sample-id"), "\t".join(row.cells))
            continue
        found.append(_metadata_row(text.name, row, columns, sample))
    return Metadata(
        file=text.as_input(KIND, len(rows) - 1),
        text=text,
        rows=tuple(found),
        not_usable=(*text.remarks, *listing.entries),
    )


def _metadata_row(file: str, row: Row, columns: dict[str, int], sample: str) -> MetadataRow:
    listing = Listing(file)

    def cell(name: str) -> str | None:
        index = columns.get(name.casefold(), -1)
        text = row.cells[index] if 0 <= index < len(row.cells) else ""
        return None if text in MISSING else text

    def year(name: str) -> int | None:
        text = cell(name)
        if text is None:
            return None
        try:
            value = whole(text)
        except UnreadableError:
            value = 0
        if not 1880 <= value <= 2200:
            listing.lost(row.line, Reason.of("reading.no-year", column=name), text)
            return None
        return value

    collected = year("Year_of_sample_collection")
    sex = cell("Sex")
    if sex is not None and sex.casefold() not in _SEX:
        listing.lost(row.line, Reason.of("reading.sex"), sex)
    specimen = Specimen(
        birth_year=year("Year_of_birth"),
        sex=_SEX.get(sex.casefold()) if sex else None,
        tumour_text=cell("Clinical_diagnosis"),
        sample_type=cell("Sample_type"),
        material=cell("Material"),
        collected=None if collected is None else str(collected),
        tumour_cell_fraction=_fraction(cell("Tumor_content_pathology"), row.line, listing),
        comments=tuple(comment for name in _COMMENTS if (comment := cell(name)) is not None),
    )
    return MetadataRow(
        sample=sample,
        run=cell("Sequencing_run_id"),
        specimen=specimen,
        line=row.line,
        not_usable=tuple(listing.entries),
    )


def _fraction(text: str | None, line: int, listing: Listing) -> float | None:
    """Tumour content in percent, as a fraction; a range or a word is listed."""
    if text is None:
        return None
    try:
        percent = positive(text.removesuffix("%").strip())
        if percent > 100:
            raise UnreadableError("cell.above-100")  # noqa: TRY301 - the same entry in the list
        if 0 < percent < 1:
            raise UnreadableError("cell.below-1")  # noqa: TRY301
    except UnreadableError as error:
        listing.lost(line, error.inside("reading.cell", column="Tumor_content_pathology"), text)
        return None
    return percent / 100
