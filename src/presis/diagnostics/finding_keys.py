"""What makes a finding the same finding in another specimen: its key, and the index of it.

A small variant is its place and change in a build, the rest its genes and what became of them. The key is
in sealed contents only; facts hold a keyed hash of it.
"""

from __future__ import annotations

from presis.diagnostics.profile import (
    CopyNumber,
    ExonCopyNumber,
    Fusion,
    GenomeBuild,
    LossOfHeterozygosity,
    SmallVariant,
    SpliceVariant,
)

Call = SmallVariant | CopyNumber | ExonCopyNumber | LossOfHeterozygosity | Fusion | SpliceVariant


def finding_key(call: Call, build: GenomeBuild | None) -> str:
    """The key of a finding, as `sv GRCh37 7:140453136 A>T`, `cn ERBB2 amplification`, `fu EML4::ALK`."""
    match call:
        case SmallVariant():
            place = f"{call.chromosome}:{call.position} {call.ref}>{call.alt}"
            return f"sv {build or 'build-unknown'} {place}"
        case CopyNumber():
            return f"cn {call.gene} {call.kind}"
        case ExonCopyNumber():
            return f"ec {call.gene} {call.exons or '?'} {call.change}"
        case LossOfHeterozygosity():
            return f"lo {call.gene}"
        case Fusion():
            return f"fu {call.label if call.order_known else '::'.join(sorted(call.genes))}"
        case SpliceVariant():
            return f"sp {call.gene} {call.name or call.exons or '?'}"
