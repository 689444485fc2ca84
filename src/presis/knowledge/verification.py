"""Checks of the packs: the files are the ones described, and what they refer to exists.

The words of the biomarker column are parsed by `presis.diagnostics`, which knows the vocabulary.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from presis.errors import BadInput, Problem, Where
from presis.knowledge.drugs import parts
from presis.knowledge.forms import COLUMNS
from presis.knowledge.library import Library
from presis.knowledge.lines import Line
from presis.knowledge.oncotree import SOLID
from presis.knowledge.release import Pack, PackFile, Release
from presis.knowledge.rows import ID_COLUMNS, rows_of
from presis.knowledge.shipped_confirmations import ShippedConfirmation

#: Papers whose variants test the oncogenicity standard: Horak 2022 and its erratum. No row rests on them.
VALIDATION_PMIDS = ("35101336", "36063163")
#: The columns of each form that hold OncoTree codes, joined by `;`.
ONCOTREE_COLUMNS = {
    "approvals": ("oncotree", "oncotree_excluded"),
    "resistance": ("oncotree",),
    "escat": ("oncotree",),
    "diseases": ("oncotree",),
    "not_solid": ("code",),
    "oncotree": ("parent",),
}
#: The forms whose `drug` column names drugs of the table, or chemotherapy in words.
DRUG_FORMS = ("approvals", "norway_access")
#: The forms whose `gene` column must be a gene of MANE, by today's symbol or a former one.
GENE_FORMS = (
    *("civic", "critical_domains", "drivers", "escat", "functional_evidence", "gene_roles", "hotspots"),
    "protein_lengths",
)
_VERSION_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Verified:
    """A pack with the rows of its tables and what is wrong with it."""

    release: Release
    rows: str
    problems: tuple[Problem, ...]


def verify(library: Library) -> tuple[Verified, ...]:
    """Every pack checked: bytes, row counts, cells, references, and ids that stand once.

    What rows refer to may lie in any pack, so it is looked at only once every pack's files are sound.
    """
    checked = []
    for pack in library.packs.values():
        problems = [problem for file in pack.manifest.files for problem in _file_problems(pack, file)]
        checked.append(Verified(pack.release, pack.manifest.rows, tuple(problems)))
    if not any(pack.problems for pack in checked):
        checked = [
            _with(pack, list(_reference_problems(library, library.packs[pack.release.pack])))
            for pack in checked
        ]
    if not any(pack.problems for pack in checked):
        checked = [_with(pack, _table_problems(library, pack.release.pack)) for pack in checked]
    return tuple(sorted(checked, key=lambda pack: pack.release.pack))


def _with(pack: Verified, problems: list[Problem]) -> Verified:
    return Verified(pack.release, pack.rows, (*pack.problems, *problems))


def _file_problems(pack: Pack, file: PackFile) -> list[Problem]:
    """What is wrong with a table's bytes, header, lines and number of rows."""
    place = str(pack.folder / file.name)
    if file.form not in COLUMNS:
        return [
            Problem(
                "pack-form",
                "the manifest names a form that Presis doesn't know.",
                Where(place),
                file.form,
                ", ".join(COLUMNS),
            )
        ]
    try:
        found = sum(1 for _ in pack.lines(file, COLUMNS[file.form]))
    except BadInput as error:
        return list(error.problems)
    if found != file.rows:
        message = f"rows found: {found}; its manifest says {file.rows}."
        return [Problem("pack-rows", message, Where(place), str(found), str(file.rows))]
    return []


def _reference_problems(library: Library, pack: Pack) -> Iterator[Problem]:
    """What a pack's cells refer to that isn't there, and papers that no row may rest on."""
    for file in pack.manifest.files:
        for line in pack.lines(file, COLUMNS[file.form]):
            yield from _tumour_problems(library, file.form, line)
            yield from _name_problems(library, file.form, line)
            for column, cell in line.cells.items():
                if any(pmid in cell for pmid in VALIDATION_PMIDS):
                    yield _problem(line, column, "taken from the standard's validation set", cell)


def _tumour_problems(library: Library, form: str, line: Line) -> Iterator[Problem]:
    codes = [(column, code) for column in ONCOTREE_COLUMNS.get(form, ()) for code in line.codes(column)]
    for column, code in codes:
        if code != SOLID and library.oncotree.node(code) is None:
            yield _problem(line, column, "no such tumour type", code)


def _name_problems(library: Library, form: str, line: Line) -> Iterator[Problem]:
    if form in DRUG_FORMS:
        for name in parts(line["drug"]):
            if library.drug(name) is None and name not in library.backbones:
                yield _problem(line, "drug", "no such drug in the drug table", name)
    if form in GENE_FORMS and not _is_gene(library, line["gene"]):
        yield _problem(line, "gene", "no gene of MANE, and no former symbol of one", line["gene"])
    if form == "escat" and not _VERSION_DATE.fullmatch(line["version_date"]):
        yield _problem(line, "version_date", "no year, month or day", line["version_date"])


def _confirmation_problems(library: Library, line: Line) -> Iterator[Problem]:
    """A confirmation that confirms nothing, or no longer what was read."""
    ShippedConfirmation.read(line)
    row = library.row(line["row"])
    if row is None:
        yield _problem(line, "row", "confirmed, but no pack has such a row", line["row"])
    elif row.content != line["content"]:
        yield _problem(line, "content", f"{row.row} is worded otherwise now; read it anew", line["content"])
    elif row.confidence in (None, "read"):
        yield _problem(line, "row", "needs no confirmation", line["row"])


def _is_gene(library: Library, symbol: str) -> bool:
    return library.mane(symbol) is not None or symbol in library.other_names


def _problem(line: Line, column: str, what: str, found: str) -> Problem:
    return Problem(
        "pack-reference", f"{found!r}: {what}.", Where(line.file, line.number, field=column), found
    )


def _table_problems(library: Library, pack: str) -> list[Problem]:
    """What shows when a pack's tables are read as what they are, and ids that stand in it twice."""
    problems: list[Problem] = []
    for file in library.packs[pack].files("confirmations"):
        for line in library.packs[pack].lines(file, COLUMNS[file.form]):
            try:
                problems += _confirmation_problems(library, line)
            except BadInput as error:
                problems += error.problems
    for form in sorted({file.form for file in library.packs[pack].manifest.files}):
        try:
            _readers(library).get(form, lambda: None)()
        except BadInput as error:
            problems += error.problems
    ids = Counter(row.row for row in rows_of(library.packs.values()))
    own = [row.row for row in rows_of([library.packs[pack]]) if ids[row.row] > 1]
    for row in dict.fromkeys(own):
        problems.append(
            Problem(
                "pack-row-twice", f"the row id {row} stands twice.", Where(field=" or ".join(ID_COLUMNS)), row
            )
        )
    return problems


def _readers(library: Library) -> dict[str, Callable[[], object]]:
    """By form, what reads every line of it."""
    return {
        "approvals": lambda: library.approvals,
        "civic": lambda: library.civic,
        "critical_domains": lambda: library.domains(""),
        "diseases": lambda: library.diseases,
        "drivers": lambda: library.predicted_driver("", ""),
        "drugs": lambda: library.drugs,
        "escat": lambda: library.escat,
        "functional_evidence": lambda: library.functional(""),
        "gene_roles": lambda: library.gene_role(""),
        "grantham": lambda: library.grantham("A", "C"),
        "hotspots": lambda: library.hotspots,
        "mane": lambda: library.mane_status("NM_000000"),
        "norway_access": lambda: library.norway_access,
        "oncotree": lambda: library.oncotree,
        "protein_lengths": lambda: library.protein_length(""),
        "resistance": lambda: library.resistance,
    }
