"""A VCF of small variants: annotated by VEP, or not, and then without genes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.profile import GenomeBuild, InNormal, InputFile, NotUsable, SmallVariant, Source
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.values import Listing, clip
from presis.diagnostics.readers.vcf_build import build_of
from presis.diagnostics.readers.vcf_sample import (
    Reads,
    ReadsOf,
    Tumour,
    control_of,
    normal_of,
    phase_of,
    tumour_of,
)
from presis.diagnostics.readers.vcf_text import (
    ANY_OTHER,
    SPANNING,
    VcfHeader,
    VcfRow,
    is_bases,
    read_header,
    rows,
    trimmed,
)
from presis.diagnostics.readers.vep import KEY, Chosen, Entry, Vep, choose, command, of_allele, vep_of
from presis.diagnostics.readers.vep_variant import Frequencies, annotated, frequencies_of
from presis.methods.reasons import Reason

KIND, UNANNOTATED = "vcf", "vcf_unannotated"
#: what a row of an unannotated file is listed as; the word variant makes every gene's coverage unknown
NO_GENE = Reason.of("reading.no-genes-named")
_LINES_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallVcf:
    """One file's small variants. Without annotation `variants` have no gene and are no findings yet."""

    file: InputFile
    text: TextFile
    tumour: Tumour
    build: GenomeBuild | None
    is_annotated: bool
    tso500: bool
    variants: tuple[SmallVariant, ...]
    not_usable: tuple[NotUsable, ...]

    def how_to_annotate(self) -> NotUsable:
        """The command that would make the file readable, at the line of its header."""
        return not_usable(
            file=self.text.name,
            line=0,
            why=Reason.of("reading.not-annotated", command=command(self.text.path.name, self.build)),
            found=f"{len(self.variants)} variants",
            severity="remark",
        )


def read_small_vcf(text: TextFile, wanted: str | None = None) -> SmallVcf:
    """Read a VCF of small variants; `wanted` names the tumour's column where there are several.

    Raises `BadInput` if it is cut, of another version or genome, if its annotation can't be read by
    name, or if nothing tells which column is the tumour.
    """
    header = read_header(text)
    build = build_of(header, text.name)
    tumour = tumour_of(header, wanted, text.name)
    vep = vep_of(header, text.name)
    listing = Listing(text.name)
    reader = _Reader(header, tumour, vep, listing)
    count = 0
    for row in rows(text, header, listing):
        count += 1
        reader.read(row)
    reader.say_how(header.line)
    return SmallVcf(
        file=text.as_input(UNANNOTATED if vep is None else KIND, count),
        text=text,
        tumour=tumour,
        build=build,
        is_annotated=vep is not None,
        tso500="GermlineStatus" in header.info,
        variants=tuple(reader.variants),
        not_usable=(*text.remarks, *listing.entries),
    )


@dataclass(slots=True)
class _Counts:
    """How often transcripts were chosen in which way, with the first lines."""

    lines: dict[str, list[int]] = field(default_factory=dict)

    def note(self, by: str, line: int) -> None:
        self.lines.setdefault(by, []).append(line)


class _Reader:
    """Makes variants of rows, one for each alternative allele."""

    def __init__(self, header: VcfHeader, tumour: Tumour, vep: Vep | None, listing: Listing) -> None:
        self.header, self.tumour, self.vep, self.listing = header, tumour, vep, listing
        self.reads_of = ReadsOf(header, tumour)
        self.normal = normal_of(header, tumour)
        self.normal_reads_of = ReadsOf(header, self.normal) if self.normal else None
        self.frequencies: Frequencies | None = None if vep is None else frequencies_of(vep)
        self.chosen_by = _Counts()
        self.variants: list[SmallVariant] = []
        # of a file that other patients share, what only they carry is counted and not told
        self.is_shared = len(header.samples) > (1 if self.normal is None else 2)
        self.of_others = 0
        self.seen: dict[tuple[str, int, str, str], int] = {}

    def read(self, row: VcfRow) -> None:
        """The row's variants; what is none is listed."""
        if all(alt in ANY_OTHER or alt in (".", "") for alt in row.alts):
            self.listing.remark(row.line, Reason.of("reading.no-alternative"), row.place)
            return
        entries, damaged = self.vep.entries(row) if self.vep else ([], 0)
        if damaged:
            reason = Reason.of("reading.annotation-entries", count=damaged)
            self.listing.lost(row.line, reason, row.place)
        for index, alt in enumerate(row.alts):
            if is_bases(alt):
                self._allele(row, index, entries)
            elif alt == SPANNING:
                self.listing.remark(row.line, Reason.of("reading.star"), row.place)
            elif alt not in ANY_OTHER:
                code = "reading.breakend" if "[" in alt or "]" in alt else "reading.symbolic"
                self.listing.lost(row.line, Reason.of(code, allele=clip(alt)), row.place)

    def _allele(self, row: VcfRow, index: int, entries: list[Entry]) -> None:
        reads = self.reads_of(row, index)
        alt = row.alts[index].upper()
        what = f"{row.chromosome}:{row.position} {row.ref}>{clip(alt)}"
        for name, error, value in reads.faults:
            self.listing.lost(row.line, error.inside("reading.cell", column=name), value)
        if not self._called(row, reads, what):
            return
        variant = self._bare(row, index, reads)
        if self.vep is not None:
            fitting = of_allele(entries, row, index)
            if not fitting:
                reason = Reason.of("reading.allele-untold", column=KEY)
                self.listing.lost(row.line, reason, what)
                return
            variant = self._annotated(variant, choose(fitting), row.line)
        key = (variant.chromosome, variant.position, variant.ref, variant.alt)
        if key in self.seen:
            self.listing.remark(row.line, Reason.of("reading.same-change", line=self.seen[key]), what)
            return
        self.seen[key] = row.line
        self.variants.append(variant)

    def _called(self, row: VcfRow, reads: Reads, what: str) -> bool:
        """Whether the tumour has the allele; says why not."""
        if reads.called is False and not reads.supporting:
            if self.is_shared and not reads.fraction:
                self.of_others += 1
                return False
            self.listing.remark(row.line, Reason.of("reading.not-in-genotype"), what)
        elif reads.called is False:
            reason = Reason.of("reading.genotype-against-reads", reads=str(reads.supporting))
            self.listing.lost(row.line, reason, what)
        elif reads.called is None and "GT" in row.format_keys and not (reads.supporting or reads.fraction):
            self.listing.lost(row.line, Reason.of("reading.no-genotype"), what)
        else:
            return True
        return False

    def _bare(self, row: VcfRow, index: int, reads: Reads) -> SmallVariant:
        place = (row.position, row.ref, row.alts[index].upper())
        if len(row.alts) > 1:
            place = trimmed(*place)
        return SmallVariant(
            gene=None,
            chromosome=row.chromosome,
            position=place[0],
            ref=place[1],
            alt=place[2],
            depth=reads.depth,
            allele_fraction=reads.fraction,
            file_filters=row.filters,
            passed=row.passed,
            germline_status=row.info.get("GermlineStatus") or None,
            mnv=row.info.get("MNVTAG") or None,
            normal=self._in_normal(row, index),
            phase=phase_of(row.values(self.tumour.column), index),
            source=Source(self.listing.file, row.line),
        )

    def _in_normal(self, row: VcfRow, index: int) -> InNormal | None:
        if self.normal_reads_of is None:
            return control_of(row.values(self.tumour.column), index)
        reads = self.normal_reads_of(row, index)
        for name, error, value in reads.faults:
            self.listing.remark(row.line, error.inside("reading.normal-cell", column=name), value)
        return InNormal(depth=reads.depth, fraction=reads.fraction, called=reads.called)

    def _annotated(self, variant: SmallVariant, chosen: Chosen, line: int) -> SmallVariant:
        if self.vep is None:
            return variant
        if chosen.entry.get("Feature"):
            self.chosen_by.note(chosen.by, line)
        for other in chosen.others:
            found = f"{other['SYMBOL']} {other.get('HGVSp') or other.get('HGVSc') or other['Consequence']}"
            self.listing.remark(line, Reason.of("reading.another-gene"), found)
        return annotated(variant, chosen, self.vep, self.frequencies, self.listing)

    def say_how(self, line: int) -> None:
        """Remarks on the whole file: the tumour's column, columns that lack, transcripts chosen otherwise."""
        if len(self.header.samples) > 1:
            told = {"tumour": str(self.tumour.name), "known_by": self.tumour.known_by}
            reason = Reason.of("reading.tumour-column", **told)
            if self.normal is not None:
                reason = Reason.of("reading.tumour-and-normal", **told, normal=str(self.normal.name))
            self.listing.remark(line, reason, ", ".join(self.header.samples))
        if self.of_others:
            reason = Reason.of("reading.changes-of-others")
            self.listing.remark(line, reason, f"changes: {self.of_others}")
        if not self.header.samples:
            self.listing.remark(line, Reason.of("reading.no-sample-columns"))
        if self.vep is None:
            return
        if self.vep.lacking:
            self.listing.remark(line, Reason.of("reading.vep-lacks", columns=", ".join(self.vep.lacking)))
        if self.frequencies is None:
            self.listing.remark(line, Reason.of("reading.vep-no-frequencies"))
        elif self.frequencies.unused:
            reason = Reason.of("reading.small-populations")
            self.listing.remark(line, reason, ", ".join(self.frequencies.unused))
        for by, lines in self.chosen_by.lines.items():
            if by != "MANE_SELECT":
                shown = ", ".join(map(str, lines[:_LINES_NAMED])) + (
                    " …" if len(lines) > _LINES_NAMED else ""
                )
                reason = Reason.of("reading.no-mane", count=len(lines), by=by)
                self.listing.remark(lines[0], reason, f"lines {shown}")


def unannotated_rows(vcf: SmallVcf) -> Iterator[NotUsable]:
    """Every variant of a file without annotation, as one that can't be interpreted."""
    yield replace(vcf.how_to_annotate(), severity="lost")
    for each in vcf.variants:
        place = f"{each.chromosome}:{each.position} {each.ref}>{clip(each.alt)}"
        line = each.source.line if each.source else 0
        yield not_usable(file=vcf.text.name, line=line, why=NO_GENE, found=place)
