"""To which specimen a VCF, or one of PCGR's tables, belongs: by its sample's name, else by the file's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from presis.diagnostics.profile import GenomeBuild, InputFile, NotUsable
from presis.diagnostics.readers.copy_vcf import CopyVcf
from presis.diagnostics.readers.pcgr import PcgrTable
from presis.diagnostics.readers.sample_id import bare, parse_library, same_specimen, spells
from presis.diagnostics.readers.small_vcf import SmallVcf
from presis.diagnostics.readers.splice_vcf import SpliceVcf
from presis.diagnostics.readers.text import TextFile
from presis.diagnostics.readers.vcf_sample import GENERIC
from presis.errors import BadInput

VcfFile = SmallVcf | CopyVcf | SpliceVcf | PcgrTable
_ENDINGS = re.compile(r"_(?:SpliceVariants|DragenExonCNV|CopyNumberVariants|Fusions|AllFusions)$")


@dataclass(slots=True)
class VcfParts:
    """The VCFs and PCGR tables of one specimen."""

    small: list[SmallVcf] = field(default_factory=list)
    copies: list[CopyVcf] = field(default_factory=list)
    splices: list[SpliceVcf] = field(default_factory=list)
    pcgr: list[PcgrTable] = field(default_factory=list)

    def __bool__(self) -> bool:
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
        found += [*self.splices, *self.pcgr]
        return tuple(found)

    def builds(self) -> dict[str, GenomeBuild]:
        """What each file says of the genome."""
        return {each.text.name: each.build for each in self.files() if each.build is not None}

    def inputs(self) -> tuple[InputFile, ...]:
        """Each file's entry in the profile."""
        return tuple(each.file for each in self.files())

    def texts(self) -> list[TextFile]:
        """Each file's text."""
        return [each.text for each in self.files()]

    def listed(self) -> Iterable[NotUsable]:
        """What each file's reader listed."""
        return (entry for each in self.files() for entry in each.not_usable)

    def add(self, file: VcfFile) -> None:
        """Add a file; raises `BadInput` where one of its kind is there already."""
        other = next((each for each in self.files() if each.file.kind == file.file.kind), None)
        if other is not None:
            raise BadInput.of(
                "same-sample",
                f"gives the same sample as {other.text.name}; give one of them",
                file=file.text.name,
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


def stem_of(path: Path) -> str:
    """The sample as a file's name spells it: up to the first dot, without what DRAGEN puts behind."""
    return _ENDINGS.sub("", path.name.partition(".")[0])


def vcf_sample(file: VcfFile) -> str:
    """The sample's name: the tumour's column if it names anybody, else the file's."""
    name = None if isinstance(file, PcgrTable) else file.tumour.name
    return stem_of(file.text.path) if name is None or name.casefold() in GENERIC else name


def names_somebody(file: VcfFile) -> bool:
    """Whether the file itself, and not only its name, says whose sample it is."""
    return not isinstance(file, PcgrTable) and vcf_sample(file) == file.tumour.name


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
        "no-sample",
        "can't be joined to one of the samples given; name it as the sample is called, or give it alone",
        file=file.text.name,
        found=vcf_sample(file),
        accepted=", ".join(samples),
    )
