"""Ensembl VEP's annotation (INFO `CSQ`): its columns by name, and the transcript that is shown.

Form: Ensembl's page on VEP's output (VCF output; the header's Description names the columns in order).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from presis.diagnostics.profile import Mane
from presis.diagnostics.readers.vcf_text import VcfHeader, VcfRow, decoded, is_bases, trimmed
from presis.errors import BadInput
from presis.programme.files import load_yaml

KEY = "CSQ"
#: without these nothing can be said of a variant; the others are read where they are
REQUIRED = ("Allele", "Consequence", "SYMBOL")
USEFUL = {"HGVSc": "--hgvs", "HGVSp": "--hgvs", "EXON": "--numbers", "MANE_SELECT": "--mane"}
#: the worst terms by which a protein changes: an entry of another gene with one of these is remarked
_CHANGES_PROTEIN_UNTIL = "protein_altering_variant"
#: from here on, terms are about what lies outside coding sequence and splice sites
_OUTSIDE_FROM = "mature_miRNA_variant"

Entry = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The entry that is shown, why it (`MANE_SELECT`, `PICK`, …), and entries of other genes that matter."""

    entry: Entry
    by: str
    others: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Vep:
    """The columns of a file's annotation."""

    columns: tuple[str, ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        """Columns of use that the file lacks, each with the flag that writes it."""
        return tuple(f"{name} ({flag})" for name, flag in USEFUL.items() if not self._has(name))

    def _has(self, name: str) -> bool:
        return name in self.columns or (name == "MANE_SELECT" and "MANE" in self.columns)

    def entries(self, row: VcfRow) -> tuple[list[Entry], int]:
        """The row's entries, percent signs decoded; and how many hold another number of columns."""
        found: list[Entry] = []
        damaged = 0
        for text in row.info.get(KEY, "").split(","):
            cells = text.split("|")
            if len(cells) == len(self.columns):
                found.append(dict(zip(self.columns, map(decoded, cells), strict=True)))
            else:
                damaged += bool(text)
        return found, damaged


def vep_of(header: VcfHeader, file: str) -> Vep | None:
    """The columns that the header names; None where the file isn't annotated.

    Raises `BadInput` for an annotation whose columns aren't told, or lack what nothing goes without.
    """
    field = header.info.get(KEY)
    if field is None:
        return None
    _, told, names = field.get("Description", "").partition("Format:")
    columns = tuple(name.strip() for name in names.strip(' ."').split("|")) if told else ()
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise BadInput.of(
            "vep-columns",
            f"its VEP annotation lacks {', '.join(missing)} in the header's Format; "
            "annotate it again with --symbol, and keep the header",
            file=file,
            field=f"INFO {KEY}",
            found="|".join(columns)[:200],
            accepted="|".join(REQUIRED),
            missing=", ".join(missing),
        )
    return Vep(columns)


def of_allele(entries: Sequence[Entry], row: VcfRow, allele: int) -> list[Entry]:
    """The entries on one alternative of the row: by ALLELE_NUM, else as VEP spells the allele."""
    if entries and entries[0].get("ALLELE_NUM"):
        return [each for each in entries if each.get("ALLELE_NUM") == str(allele + 1)]
    names = _spellings(row, allele)
    for name in names:
        fitting = [each for each in entries if each["Allele"].upper() == name]
        if fitting:
            return fitting
    return []


def _spellings(row: VcfRow, allele: int) -> tuple[str, ...]:
    """How VEP may write the allele: without the first base where all begin alike and one is an indel."""
    alt, ref = row.alts[allele].upper(), row.ref
    alleles = [each.upper() for each in row.alts if is_bases(each)]
    indel = any(len(each) != len(ref) for each in alleles)
    begins_alike = {each[0] for each in (ref, *alleles)}
    cut = alt[1:] or "-"
    _, short_ref, short = trimmed(row.position, ref, alt)
    minimal = short
    if len(short_ref) != len(short) and short_ref[0] == short[0]:
        minimal = short[1:] or "-"
    first = cut if indel and len(begins_alike) == 1 else alt
    others = (alt, minimal) if len(alleles) == 1 else (minimal,)
    return tuple(dict.fromkeys((first, *others)))


def choose(entries: Sequence[Entry]) -> Chosen:
    """The gene with the most severe consequence, and in it MANE Select, else PICK, else CANONICAL."""
    on_genes = [each for each in entries if each.get("Feature_type", "Transcript") in ("Transcript", "")]
    genes: dict[str, list[Entry]] = {}
    for each in on_genes or entries:
        genes.setdefault(each.get("Gene") or each["SYMBOL"], []).append(each)
    best = [_in_gene(group) for group in genes.values()]
    chosen, by = min(best, key=lambda pair: _rank(pair[0]))
    worst = _order()[_CHANGES_PROTEIN_UNTIL]
    others = [
        min(group, key=severity)
        for group in genes.values()
        if chosen not in group or severity(chosen) > worst
    ]
    return Chosen(chosen, by, tuple(each for each in others if severity(each) <= worst))


def _rank(entry: Entry) -> tuple[int, bool, int, bool]:
    """Severity first; where no protein or splicing changes, genes that code for one before others.

    So a change of a promoter isn't shown as one in the intron of a non-coding transcript.
    """
    worst, outside = severity(entry), _order()[_OUTSIDE_FROM]
    coding = entry.get("BIOTYPE", "protein_coding") == "protein_coding"
    return min(worst, outside), not coding, worst, entry.get("PICK") != "1"


def _in_gene(entries: Sequence[Entry]) -> tuple[Entry, str]:
    for by, fits in (
        ("MANE_SELECT", is_mane_select),
        ("PICK", lambda each: each.get("PICK") == "1"),
        ("CANONICAL", lambda each: each.get("CANONICAL") == "YES"),
    ):
        found = [each for each in entries if fits(each)]
        if found:
            return min(found, key=severity), by
    return min(entries, key=severity), "the most severe consequence"


def is_mane_select(entry: Entry) -> bool:
    """Whether VEP flags the transcript as MANE Select."""
    return bool(entry.get("MANE_SELECT")) or "select" in entry.get("MANE", "").casefold()


def mane_of(entry: Entry, vep: Vep) -> Mane:
    """What the file says of MANE; unknown where it has no such column."""
    if is_mane_select(entry):
        return Mane.SELECT
    if entry.get("MANE_PLUS_CLINICAL") or "plus" in entry.get("MANE", "").casefold():
        return Mane.PLUS_CLINICAL
    return Mane.OTHER if {"MANE_SELECT", "MANE"} & set(vep.columns) else Mane.UNKNOWN


def terms(entry: Entry) -> tuple[str, ...]:
    """The entry's Sequence Ontology terms."""
    return tuple(term for term in entry["Consequence"].split("&") if term)


def severity(entry: Entry) -> int:
    """The place of the entry's worst term in the order of severity; unknown terms come first."""
    order = _order()
    return min((order.get(term, -1) for term in terms(entry)), default=len(order))


@cache
def _order() -> dict[str, int]:
    names: Iterable[str] = load_yaml("rules/consequence_order.yaml")["terms"]
    return {name: index for index, name in enumerate(names)}


#: the command that makes a file readable, with the flags whose columns are read here
COMMAND = (
    "vep --cache --offline --assembly {build} --fasta GENOME.fa -i {file} -o {stem}.vep.vcf --vcf --symbol "
    "--hgvs --numbers --mane --canonical --flag_pick_allele_gene --allele_number --af_gnomade --af_gnomadg "
    "--no_stats"
)


def command(file: str, build: str | None) -> str:
    """The VEP command that annotates a file for Presis."""
    stem = file.removesuffix(".gz").removesuffix(".vcf")
    return COMMAND.format(build=build or "BUILD", file=file, stem=stem)
