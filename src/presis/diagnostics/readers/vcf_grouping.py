"""To which specimen a VCF, or one of PCGR's tables, belongs: by its sample's name, else by the file's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.profile import GenomeBuild, InputFile, NotUsable
from presis.diagnostics.readers.collect import Parts
from presis.diagnostics.readers.copy_vcf import CopyVcf
from presis.diagnostics.readers.coverage_table import CoverageTable
from presis.diagnostics.readers.genome_vcf import GenomeVcf
from presis.diagnostics.readers.pcgr import PcgrTable
from presis.diagnostics.readers.sample_id import bare, parse_library, same_specimen, spells
from presis.diagnostics.readers.small_vcf import SmallVcf
from presis.diagnostics.readers.splice_vcf import SpliceVcf
from presis.diagnostics.readers.vcf_sample import GENERIC
from presis.errors import BadInput
from presis.methods.reasons import Reason

DepthFile = GenomeVcf | CoverageTable
VcfFile = SmallVcf | CopyVcf | SpliceVcf | PcgrTable | DepthFile
_ENDINGS = re.compile(
    r"[_.-](?:hard-filtered|exon_(?:read_)?cov_report|SpliceVariants|DragenExonCNV|CopyNumberVariants"
    r"|Fusions|AllFusions)$"
)


@dataclass(slots=True)
class VcfParts:
    """The VCFs and PCGR tables of one specimen."""

    small: list[SmallVcf] = field(default_factory=list)
    copies: list[CopyVcf] = field(default_factory=list)
    splices: list[SpliceVcf] = field(default_factory=list)
    pcgr: list[PcgrTable] = field(default_factory=list)
    depths: list[DepthFile] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether a file of findings is there; depth alone is none."""
        return any((self.small, self.copies, self.splices, self.pcgr))

    @property
    def dna(self) -> str | None:
        """The DNA's id: the tumour's column, else the file's name."""
        dna: list[VcfFile] = [*self.small, *self.copies]
        return next((vcf_sample(each) for each in dna), None)

    @property
    def rna(self) -> str | None:
        """The RNA's id, of the splice variants."""
        return next((vcf_sample(each) for each in self.splices), None)

    @property
    def annotated(self) -> SmallVcf | None:
        """The file of small variants whose genes are known."""
        return next((each for each in self.small if each.is_annotated), None)

    @property
    def unannotated(self) -> SmallVcf | None:
        """The file of small variants without genes."""
        return next((each for each in self.small if not each.is_annotated), None)

    def files(self) -> tuple[VcfFile, ...]:
        """Every file."""
        found: list[VcfFile] = [*self.small, *self.copies]
        found += [*self.splices, *self.pcgr, *self.depths]
        return tuple(found)

    def builds(self) -> dict[str, GenomeBuild]:
        """What each file says of the genome."""
        return {each.file.name: each.build for each in self.files() if each.build is not None}

    def inputs(self) -> tuple[InputFile, ...]:
        """Each file's entry in the profile."""
        return tuple(each.file for each in self.files())

    def paths(self) -> list[Path]:
        """Where each file lies."""
        return [path_of(each) for each in self.files()]

    def listed(self) -> Iterable[NotUsable]:
        """What each file's reader listed."""
        return (entry for each in self.files() for entry in each.not_usable)

    def add(self, file: VcfFile) -> None:
        """Add a file; raises `BadInput` where one of its kind is there already."""
        other = next((each for each in self.files() if each.file.kind == file.file.kind), None)
        if other is not None:
            raise BadInput.of(
                "same-sample",
                f"gives the same sample as {other.file.name}; give one of them",
                file=file.file.name,
                other=other.file.name,
            )
        match file:
            case SmallVcf():
                self.small.append(file)
            case CopyVcf():
                self.copies.append(file)
            case SpliceVcf():
                self.splices.append(file)
            case PcgrTable():
                self.pcgr.append(file)
            case _:
                self.depths.append(file)


def stem_of(path: Path) -> str:
    """The sample as a file's name spells it: up to the first dot, without what DRAGEN puts behind."""
    return _ENDINGS.sub("", path.name.partition(".")[0])


def path_of(file: VcfFile) -> Path:
    """Where a file lies."""
    return file.path if isinstance(file, GenomeVcf) else file.text.path


def vcf_sample(file: VcfFile) -> str:
    """The sample's name: the tumour's column if it names anybody, else the file's."""
    name = None if isinstance(file, PcgrTable | CoverageTable) else file.tumour.name
    return stem_of(path_of(file)) if name is None or name.casefold() in GENERIC else name


def names_somebody(file: VcfFile) -> bool:
    """Whether the file itself, and not only its name, says whose sample it is."""
    return not isinstance(file, PcgrTable | CoverageTable) and vcf_sample(file) == file.tumour.name


def belongs(name: str, ids: Iterable[str], dna: str | None, rna: str | None) -> bool:
    """Whether a sample's name is one of these ids, spelled in full or in short, or their other library."""
    if any(bare(name) == bare(each) or spells(name, each) for each in ids):
        return True
    library = parse_library(name)
    if library is None:
        return False
    partner = dna if library.nucleic_acid == "RNA" else rna
    pair = (partner or "", name) if library.nucleic_acid == "RNA" else (name, partner or "")
    return partner is not None and same_specimen(*pair)


def unplaced(file: VcfFile, samples: Iterable[str]) -> BadInput:
    """The error for a file that is no specimen of its own and fits none, or several."""
    return BadInput.of(
        "no-sample.vcf",
        "can't be joined to one of the samples given; name it as the sample is called, or give it alone",
        file=file.file.name,
        found=vcf_sample(file),
        accepted=", ".join(samples),
    )


class Home(Protocol):
    """A specimen that files may belong to."""

    vcf: VcfParts

    @property
    def ids(self) -> frozenset[str]:
        """Every id of the specimen."""

    @property
    def dna(self) -> str | None:
        """The DNA library's id."""

    @property
    def rna(self) -> str | None:
        """The RNA library's id."""

    @property
    def sample(self) -> str:
        """What the specimen is called."""


H = TypeVar("H", bound=Home)


def add_vcfs(parts: Parts, homes: list[H], make: Callable[[str], H]) -> None:
    """To the sample that each file names; one that names somebody else is a specimen of its own.

    Raises `BadInput` for a file that fits none, or several.
    """
    files: list[VcfFile] = [*parts.small_vcfs, *parts.copy_vcfs]
    files += [*parts.splice_vcfs, *parts.pcgr]
    for file in files:
        fitting = _fitting(file, homes)
        if not fitting and (not homes or names_somebody(file)):
            fitting = [make(vcf_sample(file))]
            homes.extend(fitting)
        if len(fitting) != 1:
            raise unplaced(file, (each.sample for each in homes))
        fitting[0].vcf.add(file)
    depths: list[DepthFile] = [*parts.genome_vcfs]
    depths += parts.coverage
    for depth in depths:
        fitting = _fitting(depth, homes)
        if len(fitting) == 1:
            fitting[0].vcf.add(depth)
        elif homes:
            raise unplaced(depth, (each.sample for each in homes))
        else:
            reason = Reason.of("reading.depth-alone")
            parts.remarks.append(
                not_usable(file=depth.file.name, line=0, why=reason, found="", severity="remark")
            )


def _fitting(file: VcfFile, homes: list[H]) -> list[H]:
    for name in dict.fromkeys((vcf_sample(file), stem_of(path_of(file)))):
        found = [each for each in homes if _is_of(each, name)]
        if found:
            return found
    return []


def _is_of(home: Home, name: str) -> bool:
    stems = {stem_of(path) for path in home.vcf.paths()}
    return belongs(name, home.ids | stems, home.dna, home.rna)
