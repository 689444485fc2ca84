"""Which files speak of one specimen: by pair id, sample list, or ids such as `X-D01` and `X-R01`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.profile import NotUsable, Specimen
from presis.diagnostics.readers.all_fusions import AllFusions
from presis.diagnostics.readers.collect import Parts
from presis.diagnostics.readers.combined import Combined
from presis.diagnostics.readers.pronto_metadata import MetadataRow
from presis.diagnostics.readers.sample_id import bare, parse_library, same_specimen, spells
from presis.diagnostics.readers.sample_list import SampleList
from presis.diagnostics.readers.tsoppi_summary import SummaryRow, VariantSummary
from presis.diagnostics.readers.tsoppi_table import TsoppiTable
from presis.diagnostics.readers.vcf_grouping import VcfParts, add_vcfs
from presis.errors import BadInput
from presis.methods.reasons import Reason

_FUSION_ENDINGS = ("_AllFusions", "_Fusions", "_CombinedVariantOutput")


@dataclass(slots=True)
class Draft:
    """The parts of one specimen."""

    combined: list[Combined] = field(default_factory=list)
    table: TsoppiTable | None = None
    table_dna: str | None = None
    sample_list: SampleList | None = None
    summary: list[tuple[VariantSummary, SummaryRow, str]] = field(default_factory=list)
    fusions: list[AllFusions] = field(default_factory=list)
    metadata: list[tuple[str, MetadataRow]] = field(default_factory=list)
    specimen: tuple[str, Specimen] | None = None
    remarks: list[NotUsable] = field(default_factory=list)
    named: str | None = None
    vcf: VcfParts = field(default_factory=VcfParts)

    @property
    def pair(self) -> str | None:
        """The pair id, of the DNA file first."""
        files = sorted(self.combined, key=lambda each: each.dna is None)
        return next((each.pair for each in files if each.pair), None)

    @property
    def dna(self) -> str | None:
        """The DNA library's id."""
        own = next((each.dna for each in self.combined if each.dna), None)
        row = next((bare(row.sample) for _, row, acid in self.summary if acid == "DNA"), None)
        return own or self.table_dna or row or self.vcf.dna

    @property
    def rna(self) -> str | None:
        """The RNA library's id."""
        own = next((each.rna for each in self.combined if each.rna), None)
        listed = self.sample_list.rna[0] if self.sample_list and self.sample_list.rna else None
        row = next((bare(row.sample) for _, row, acid in self.summary if acid == "RNA"), None)
        return own or listed or row or (self.table.rna if self.table else None) or self.vcf.rna

    @property
    def sample(self) -> str:
        """What the specimen is called: the pair id, else the DNA's, else the RNA's."""
        ctdna = any(each.assay.kind == "ctdna" for each in self.combined)
        first = (self.dna, self.pair) if ctdna else (self.pair, self.dna)
        return next(name for name in (*first, self.rna, self.named, "unnamed") if name)

    @property
    def ids(self) -> frozenset[str]:
        """Every id of the specimen, without `_P`."""
        names = [self.sample, self.dna, self.rna, *(each.pair for each in self.combined)]
        if self.table is not None:
            names.append(self.table.sample)
        return frozenset(bare(name) for name in names if name)

    @property
    def folders(self) -> frozenset[Path]:
        """The folders that its files lie in."""
        texts = [combined.text for combined in self.combined]
        texts += [fusions.text for fusions in self.fusions]
        texts += [self.table.text] if self.table else []
        return frozenset(path.parent for path in (*(text.path for text in texts), *self.vcf.paths()))


def group(parts: Parts) -> list[Draft]:
    """One draft per specimen. Raises `BadInput` where two files claim the same library."""
    drafts = _from_combined(parts.combined)
    _add_tables(parts.tables, drafts)
    _add_sample_lists(parts.sample_lists, drafts, parts.remarks)
    drafts = _join_by_ids(drafts)
    add_vcfs(parts, drafts, lambda name: Draft(named=name))
    for summary in parts.summaries:
        _add_summary(summary, drafts)
    for fusions in parts.fusions:
        _add_fusions(fusions, drafts)
    _add_metadata(parts, drafts)
    _add_specimens(parts, drafts)
    return drafts


def _add_metadata(parts: Parts, drafts: list[Draft]) -> None:
    for metadata in parts.metadata:
        used = False
        for row in metadata.rows:
            for draft in drafts:
                if bare(row.sample) in draft.ids:
                    draft.metadata.append((metadata.text.name, row))
                    used = True
        if not used:
            parts.remarks.append(_unused(metadata.text.name))


def _from_combined(files: Iterable[Combined]) -> list[Draft]:
    drafts: list[Draft] = []
    for file in files:
        ids = {bare(each) for each in (file.pair, file.dna, file.rna) if each}
        home = next((draft for draft in drafts if draft.ids & ids), None)
        if home is None:
            drafts.append(Draft(combined=[file]))
            continue
        for other in home.combined:
            if (file.dna and other.dna) or (file.rna and other.rna):
                raise BadInput.of(
                    "same-sample",
                    f"gives the same sample ({_name(file)}) as {other.text.name}; give one of them",
                    file=file.text.name,
                    other=other.text.name,
                )
        home.combined.append(file)
    return drafts


def _name(file: Combined) -> str:
    return file.pair or file.dna or file.rna or ""


def _table_dna(table: TsoppiTable) -> str:
    """The DNA id: in the file's name if that continues the table's own spelling, else as in the table."""
    named = table.text.path.name.partition("_small_variant_table")[0]
    return named if spells(table.sample, named) else bare(table.sample)


def _add_tables(tables: Iterable[TsoppiTable], drafts: list[Draft]) -> None:
    chosen: dict[str, TsoppiTable] = {}
    said: dict[str, list[NotUsable]] = {}
    for table in tables:
        dna = _table_dna(table)
        other = chosen.setdefault(dna, table)
        if other is table:
            continue
        if other.for_qc == table.for_qc:
            raise BadInput.of(
                "same-sample",
                f"gives the same sample ({dna}) as {other.text.name}; give one of them",
                file=table.text.name,
                other=other.text.name,
            )
        after, plain = (table, other) if table.for_qc else (other, table)
        chosen[dna] = after
        reason = Reason.of("reading.before-control", other=after.text.name)
        said.setdefault(dna, []).append(
            not_usable(
                file=plain.text.name,
                line=0,
                why=reason,
                found=f"{plain.file.rows} rows",
                severity="remark",
            )
        )
    for dna, table in chosen.items():
        homes = [
            draft for draft in drafts if draft.dna and (bare(draft.dna) == dna or spells(dna, draft.dna))
        ]
        home = homes[0] if len(homes) == 1 else Draft()
        if len(homes) != 1:
            drafts.append(home)
        home.table, home.table_dna = table, dna
        home.remarks.extend(said.get(dna, ()))


def _add_sample_lists(lists: Iterable[SampleList], drafts: list[Draft], remarks: list[NotUsable]) -> None:
    for sample_list in lists:
        fitting = [
            draft for draft in drafts if draft.dna and any(_same(draft.dna, each) for each in sample_list.dna)
        ]
        for draft in fitting:
            draft.sample_list = _only_partner(sample_list, draft.dna or "")
        if not fitting:
            remarks.append(_unused(sample_list.text.name))


def _unused(file: str) -> NotUsable:
    reason = Reason.of("reading.names-none")
    return not_usable(file=file, line=0, why=reason, found="", severity="remark")


def _only_partner(sample_list: SampleList, dna: str) -> SampleList:
    """A list of several specimens, cut down to the one whose DNA is asked for."""
    if len(sample_list.dna) == 1:
        return sample_list
    rna = tuple(each for each in sample_list.rna if same_specimen(dna, each))
    return SampleList(
        file=sample_list.file,
        text=sample_list.text,
        dna=tuple(each for each in sample_list.dna if _same(dna, each)),
        rna=rna,
        normal=sample_list.normal,
        runs=sample_list.runs,
        not_usable=sample_list.not_usable,
    )


def _same(dna: str, listed: str) -> bool:
    return spells(dna, listed) or spells(listed, dna)


def _join_by_ids(drafts: list[Draft]) -> list[Draft]:
    """DNA and RNA that came in files of their own, where one partner alone fits."""
    rna_only = [draft for draft in drafts if draft.dna is None and draft.rna is not None and draft.combined]
    for rna in rna_only:
        partners = [draft for draft in drafts if draft.dna is not None and _partners(draft, rna)]
        if len(partners) == 1 and not any(each.rna for each in partners[0].combined):
            partners[0].combined.extend(rna.combined)
            partners[0].remarks.extend(rna.remarks)
            drafts = [draft for draft in drafts if draft is not rna]
        elif partners:
            names = ", ".join(draft.sample for draft in partners)
            text = rna.combined[0].text
            remark = not_usable(
                file=text.name,
                line=0,
                why=Reason.of("reading.several-dna"),
                found=names,
                severity="remark",
            )
            rna.remarks.append(remark)
    return drafts


def _partners(dna: Draft, rna: Draft) -> bool:
    if dna.sample_list is not None and bare(rna.rna or "") in map(bare, dna.sample_list.rna):
        return True
    return same_specimen(dna.dna or "", rna.rna or "")


def _add_summary(summary: VariantSummary, drafts: list[Draft]) -> None:
    """The rows of each draft; alone, the summary's DNA rows are specimens of their own."""
    if not drafts:
        drafts.extend(_from_summary(summary))
        return
    used = set()
    for draft in drafts:
        for acid, wanted in (("DNA", draft.dna), ("RNA", draft.rna)):
            row = _summary_row(summary, draft, acid, wanted)
            if row is not None:
                used.add(row.line)
                draft.summary.append((summary, row, acid))
    others = len(summary.rows) - len(used)
    for draft in drafts:
        if others:
            reason = Reason.of("reading.other-samples")
            draft.remarks.append(
                not_usable(
                    file=summary.text.name, line=0, why=reason, found=f"{others} rows", severity="remark"
                )
            )


def _summary_row(summary: VariantSummary, draft: Draft, acid: str, wanted: str | None) -> SummaryRow | None:
    rows = [row for row in summary.rows if _nucleic_acid(row.sample) in (acid, None)]
    if wanted is not None:
        exact = [row for row in rows if bare(row.sample) == bare(wanted)]
        fitting = exact or [row for row in rows if _same(wanted, row.sample)]
    else:
        fitting = [
            row for row in rows if acid == "RNA" and draft.dna and same_specimen(draft.dna, row.sample)
        ]
    if acid == "RNA":
        fitting = [row for row in fitting if _nucleic_acid(row.sample) == "RNA" or bare(row.sample) == wanted]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        draft.remarks.append(
            not_usable(
                file=summary.text.name,
                line=fitting[0].line,
                why=Reason.of("reading.several-rows", sample=str(draft.sample)),
                found=", ".join(row.sample for row in fitting),
            )
        )
    return None


def _nucleic_acid(sample: str) -> str | None:
    library = parse_library(sample)
    return library.nucleic_acid if library else None


def _from_summary(summary: VariantSummary) -> list[Draft]:
    drafts = [
        Draft(summary=[(summary, row, "DNA")]) for row in summary.rows if _nucleic_acid(row.sample) != "RNA"
    ]
    for row in summary.rows:
        if _nucleic_acid(row.sample) != "RNA":
            continue
        partners = [draft for draft in drafts if draft.dna and same_specimen(draft.dna, row.sample)]
        if len(partners) == 1:
            partners[0].summary.append((summary, row, "RNA"))
        else:
            drafts.append(Draft(summary=[(summary, row, "RNA")]))
    return drafts


def _stem(name: str) -> str:
    stem = name.partition(".")[0]
    for ending in _FUSION_ENDINGS:
        stem = stem.removesuffix(ending)
    return stem


def _add_fusions(fusions: AllFusions, drafts: list[Draft]) -> None:
    """To the sample that the file's name spells, else to the only one whose fusions it holds."""
    stem = _stem(fusions.text.path.name)
    homes = [draft for draft in drafts if _named_alike(draft, stem)]
    if not homes:
        homes = [draft for draft in drafts if _holds(fusions, draft)]
    if not homes and not drafts:
        homes = [Draft(named=stem)]
        drafts.extend(homes)
    if len(homes) != 1:
        raise BadInput.of(
            "no-sample.fusions",
            "can't be joined to one of the samples given; name it <sample>_AllFusions.csv, or give it alone",
            file=fusions.text.name,
            found=", ".join(draft.sample for draft in drafts),
        )
    if homes[0].fusions:
        raise BadInput.of(
            "same-sample",
            f"gives the same sample ({homes[0].sample}) as {homes[0].fusions[0].text.name}; give one of them",
            file=fusions.text.name,
            other=homes[0].fusions[0].text.name,
        )
    homes[0].fusions.append(fusions)


def _named_alike(draft: Draft, stem: str) -> bool:
    stems = {_stem(each.text.path.name) for each in draft.combined}
    return stem in stems or bare(stem) in draft.ids


def _holds(fusions: AllFusions, draft: Draft) -> bool:
    """Whether every fusion of the sample's digest is among the file's kept ones."""
    kept = {(each.breakpoint_first, each.breakpoint_second) for each in fusions.kept}
    digest = [each for file in draft.combined for each in file.fusions]
    return bool(digest) and all((each.breakpoint_first, each.breakpoint_second) in kept for each in digest)


def _add_specimens(parts: Parts, drafts: list[Draft]) -> None:
    for text, specimen in parts.specimens:
        folder = text.path.parent
        near = [draft for draft in drafts if any(folder in (each, each.parent) for each in draft.folders)]
        homes = drafts if len(drafts) == 1 else near
        if len(homes) == 1 and homes[0].specimen is None:
            homes[0].specimen = (text.name, specimen)
        else:
            reason = Reason.of("reading.whose-specimen")
            parts.remarks.append(not_usable(file=text.name, line=0, why=reason, found="", severity="remark"))
