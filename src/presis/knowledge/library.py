"""The library: every pack in one place, each table read when it is first asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from presis.knowledge import forms
from presis.knowledge.approvals import Approval, Counts, EscatRow, NorwayAccess, ResistanceStatement
from presis.knowledge.civic import CivicItem, DiseaseMapping
from presis.knowledge.drugs import Drug
from presis.knowledge.functional import CriticalDomain, FunctionalEvidence
from presis.knowledge.genes import (
    Driver,
    GeneRole,
    ManeTranscript,
    ProteinLength,
    is_transcript,
    without_version,
)
from presis.knowledge.hotspots import HotspotResidue, read_residues
from presis.knowledge.lines import Line
from presis.knowledge.oncotree import Node, OncoTree
from presis.knowledge.release import MANIFEST, SHIPPED, Pack, Release, open_pack
from presis.knowledge.rows import PackRow, rows_of
from presis.knowledge.shipped_confirmations import ShippedConfirmation, with_paper, with_source

T = TypeVar("T")
G = TypeVar("G", GeneRole, FunctionalEvidence, CriticalDomain, HotspotResidue, Driver, ProteinLength)
H = TypeVar("H", FunctionalEvidence, CriticalDomain, CivicItem)


class Library:
    """What is known, from the packs given. Genes may be asked for by a former symbol.

    An extra pack with the name of a shipped one takes its place; another adds its rows. A row counts if
    it was read at its source, if a pack's confirmation of it holds, or if its id is among `confirmed`.
    """

    def __init__(self, packs: Iterable[Pack], confirmed: Collection[str] = ()) -> None:
        self.packs = {pack.manifest.pack: pack for pack in packs}
        self.confirmed = frozenset(confirmed)

    @cached_property
    def releases(self) -> tuple[Release, ...]:
        """The packs in use, as a report names them."""
        return tuple(
            pack.release for pack in sorted(self.packs.values(), key=lambda pack: pack.manifest.pack)
        )

    def counts(self, row: str, confidence: str) -> bool:
        """Whether a row may give tiers and points: read, or confirmed by a pack or by the laboratory."""
        return confidence == "read" or row in self.confirmed or self.confirmation(row) is not None

    def confirmation(self, row: str) -> ShippedConfirmation | None:
        """The packs' confirmation of a row; None as well if the row is now worded otherwise."""
        found = map(ShippedConfirmation.read, self._confirmations.get(row, ()))
        return next((each for each in found if each.holds_for(self.row(row))), None)

    @cached_property
    def _confirmations(self) -> Mapping[str, Sequence[Line]]:
        by_row: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines("confirmations"):
            by_row[line["row"]].append(line)
        return by_row

    def lines(self, form: str) -> Iterator[Line]:
        """The lines of every table of a form."""
        for pack in self.packs.values():
            for file in pack.files(form):
                yield from pack.lines(file, forms.COLUMNS[form])

    def row(self, row: str) -> PackRow | None:
        """Any row of any pack by its id, as the pack has it."""
        return self._rows.get(row)

    @cached_property
    def _rows(self) -> Mapping[str, PackRow]:
        return {row.row: row for row in rows_of(self.packs.values())}

    # Genes

    def current_symbol(self, symbol: str) -> str:
        """Today's symbol of a gene; the symbol itself if it isn't a former one."""
        return self._symbols.get(symbol, symbol)

    def gene_role(self, gene: str) -> GeneRole | None:
        """The gene's role in cancer; None: not in the table."""
        return self._roles.get(self.current_symbol(gene))

    def protein_length(self, gene: str) -> int | None:
        """The residues of the gene's MANE Select protein; None: not known, or not read yet."""
        return self._lengths.get(self.current_symbol(gene))

    @cached_property
    def other_names(self) -> Mapping[str, str]:
        """Names that stand in gene columns and are no gene of MANE, with what they mean."""
        return {line["name"]: line["meaning"] for line in self.lines("other_names")}

    def predicted_driver(self, gene: str, change: str) -> Driver | None:
        """The prediction for a change such as `p.E17K`."""
        return self._drivers.get((self.current_symbol(gene), change))

    def mane(self, gene: str) -> ManeTranscript | None:
        """The gene's MANE Select transcript."""
        transcripts = self.mane_transcripts(gene)
        return transcripts[0] if transcripts else None

    def hgnc(self, gene: str) -> str | None:
        """A gene's HGNC id, as `HGNC:1097`, by MANE's table; None for a gene without a MANE transcript."""
        found = self.mane_transcripts(gene)
        return found[0].hgnc if found else None

    def mane_transcripts(self, gene: str) -> tuple[ManeTranscript, ...]:
        """The gene's MANE transcripts: Select first, then Plus Clinical."""
        return tuple(map(ManeTranscript.read, self._mane_lines[0].get(self.current_symbol(gene), ())))

    def mane_status(self, accession: str) -> str:
        """`select`, `plus_clinical` or `other`; `unknown` if it is no transcript. Versions are set aside."""
        found = self._mane_lines[1].get(without_version(accession))
        return found or ("other" if is_transcript(accession) else "unknown")

    # Variants

    def residue(self, gene: str, position: int, ref: str) -> HotspotResidue | None:
        """The hotspot at a residue whose reference (one letter) agrees."""
        found = self._hotspots.get((self.current_symbol(gene), position, False))
        return found if found is not None and found.ref == ref else None

    def hotspot_splice(self, gene: str, position: int) -> HotspotResidue | None:
        """The hotspot at the splice site beside this codon."""
        return self._hotspots.get((self.current_symbol(gene), position, True))

    def functional(self, gene: str) -> tuple[FunctionalEvidence, ...]:
        """What studies showed of the gene's changes."""
        return self._functional.get(self.current_symbol(gene), ())

    def domains(self, gene: str) -> tuple[CriticalDomain, ...]:
        """The critical regions of the gene's protein."""
        return self._domains.get(self.current_symbol(gene), ())

    def grantham(self, first: str, second: str) -> int:
        """Grantham's distance of two amino acids by one-letter code, from 5 to 215; 0 for the same.

        Raises:
            KeyError: if a letter is none of the twenty.

        """
        a, b = sorted((first, second))
        return self._grantham[a, b]

    # Tumour types

    @cached_property
    def oncotree(self) -> OncoTree:
        """The tree of tumour types."""
        not_solid = (line["code"] for line in self.lines("not_solid"))
        return OncoTree(map(Node.read, self.lines("oncotree")), not_solid)

    # Drugs and evidence

    @cached_property
    def approvals(self) -> tuple[Approval, ...]:
        """Every approval, withdrawn ones too."""
        return self._statements("approvals", Approval.read)

    @cached_property
    def resistance(self) -> tuple[ResistanceStatement, ...]:
        """Every statement of resistance or lacking benefit."""
        return self._statements("resistance", ResistanceStatement.read)

    @cached_property
    def escat(self) -> tuple[EscatRow, ...]:
        """Every ESCAT tier, each in its dated version."""
        return self._statements("escat", EscatRow.read)

    @cached_property
    def norway_access(self) -> tuple[NorwayAccess, ...]:
        """Every national decision."""
        return self._statements("norway_access", NorwayAccess.read)

    @cached_property
    def drugs(self) -> tuple[Drug, ...]:
        """Every drug."""
        return self._statements("drugs", Drug.read)

    def drug(self, name: str) -> Drug | None:
        """The drug of a generic name, brand or development code, in any case."""
        return self._drug_names.get(name.strip().casefold())

    def drugs_in_class(self, words: str) -> tuple[Drug, ...]:
        """The drugs whose class holds all the words, singular or plural: `PARP inhibitors`."""
        return tuple(drug for drug in self.drugs if drug.is_in(words))

    @cached_property
    def backbones(self) -> Mapping[str, str]:
        """Chemotherapy and classes that approvals name in words, with their meaning."""
        return {line["name"]: line["meaning"] for line in self.lines("backbones")}

    @cached_property
    def civic(self) -> tuple[CivicItem, ...]:
        """Every accepted evidence item."""
        return tuple(
            CivicItem.read(line, self.diseases.get(line["doid"]), self.current_symbol(line["gene"]))
            for line in self.lines("civic")
        )

    def civic_for(self, gene: str) -> tuple[CivicItem, ...]:
        """The evidence items on a gene."""
        return self._civic.get(self.current_symbol(gene), ())

    @cached_property
    def diseases(self) -> Mapping[str, DiseaseMapping]:
        """OncoTree's nodes by Disease Ontology id (digits alone)."""
        return {line["doid"]: DiseaseMapping.read(line) for line in self.lines("diseases")}

    # How the above are found

    def _statements(self, form: str, read: Callable[[Line, Counts], T]) -> tuple[T, ...]:
        return tuple(read(line, self.counts) for line in self.lines(form))

    @cached_property
    def _symbols(self) -> Mapping[str, str]:
        return {line["former"]: line["current"] for line in self.lines("symbols")}

    def _by_gene(self, found: Iterable[G]) -> Iterator[G]:
        """The same things, each under its gene's present symbol."""
        for thing in found:
            current = self.current_symbol(thing.gene)
            yield thing if current == thing.gene else replace(thing, gene=current)

    @cached_property
    def _roles(self) -> Mapping[str, GeneRole]:
        roles = self._by_gene(self._statements("gene_roles", GeneRole.read))
        return {role.gene: with_source(role, self.confirmation(role.row)) for role in roles}

    @cached_property
    def _lengths(self) -> Mapping[str, int]:
        lengths = self._by_gene(self._statements("protein_lengths", ProteinLength.read))
        return {length.gene: length.residues for length in lengths if length.counts}

    @cached_property
    def _drivers(self) -> Mapping[tuple[str, str], Driver]:
        found = self._by_gene(map(Driver.read, self.lines("drivers")))
        return {(driver.gene, driver.change): driver for driver in found}

    @cached_property
    def _mane_lines(self) -> tuple[Mapping[str, Sequence[Line]], Mapping[str, str]]:
        """By gene the lines, Select first; by transcript without version the status."""
        by_gene: dict[str, list[Line]] = defaultdict(list)
        status: dict[str, str] = {}
        for line in self.lines("mane"):
            by_gene[line["gene"]].append(line)
            for column in ("refseq_nuc", "ensembl_nuc"):
                status[without_version(line[column])] = line["status"]
        return by_gene, status

    @cached_property
    def _hotspots(self) -> Mapping[tuple[str, int, bool], HotspotResidue]:
        found = self._by_gene(read_residues(self.lines("hotspots")))
        return {(residue.gene, residue.position, residue.splice): residue for residue in found}

    @property
    def hotspots(self) -> tuple[HotspotResidue, ...]:
        """Every hotspot residue and splice site."""
        return tuple(self._hotspots.values())

    @cached_property
    def _functional(self) -> Mapping[str, tuple[FunctionalEvidence, ...]]:
        found = self._by_gene(self._statements("functional_evidence", FunctionalEvidence.read))
        return _grouped(with_paper(each, self.confirmation(each.row)) for each in found)

    @cached_property
    def _domains(self) -> Mapping[str, tuple[CriticalDomain, ...]]:
        found = self._by_gene(self._statements("critical_domains", CriticalDomain.read))
        return _grouped(with_source(each, self.confirmation(each.row)) for each in found)

    @cached_property
    def _grantham(self) -> Mapping[tuple[str, str], int]:
        found = {(line["first"], line["second"]): line.integer("distance") for line in self.lines("grantham")}
        letters = {letter for pair in found for letter in pair}
        return {**found, **{(letter, letter): 0 for letter in letters}}

    @cached_property
    def _drug_names(self) -> Mapping[str, Drug]:
        return {name.casefold(): drug for drug in self.drugs for name in drug.names}

    @cached_property
    def _civic(self) -> Mapping[str, tuple[CivicItem, ...]]:
        return _grouped(self.civic)


def _grouped(found: Iterable[H]) -> Mapping[str, tuple[H, ...]]:
    groups: dict[str, list[H]] = defaultdict(list)
    for thing in found:
        groups[thing.gene].append(thing)
    return {gene: tuple(things) for gene, things in groups.items()}


def load_library(extra: Sequence[Path] = (), *, confirmed: Collection[str] = ()) -> Library:
    """The library of the shipped packs, then of the extra ones; the same arguments, the same object.

    `extra` names pack folders; `confirmed` the ids of recalled rows that the laboratory has confirmed.

    Raises:
        BadInput: if a folder holds no readable pack. A table's own faults show when it is first read.

    """
    return _load(tuple(Path(folder) for folder in extra), frozenset(confirmed))


@lru_cache(maxsize=8)
def _load(extra: tuple[Path, ...], confirmed: frozenset[str]) -> Library:
    shipped = sorted(path.parent for path in SHIPPED.glob(f"*/{MANIFEST}"))
    return Library((open_pack(folder) for folder in [*shipped, *extra]), confirmed)
