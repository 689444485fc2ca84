"""Cancer hotspots: how many tumours were mutated at a residue, and how many with each change.

Chang et al., Cancer Discovery 2018 (PMID 29247016), release v2 of cancerhotspots.org. Positions follow
the transcripts of hg19, not MANE's, so the reference residue must agree. A residue's `samples` is its
total and stands once; the counts of its changes and of its synonymous samples add up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from presis.knowledge.lines import Line

COLUMNS = ("gene", "ref", "position", "kind", "samples", "cohort", "alt", "count")
SOURCE = "cancerhotspots.org v2, PMID 29247016"


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotResidue:
    """A recurrently mutated residue, or the codon beside a splice site.

    `changes` maps the one-letter new residue (`*` is nonsense, `splice` at a splice site) to its
    samples; `synonymous` samples repeat the reference and are never a hit. `cohort` is the number of
    samples that were searched.
    """

    gene: str
    ref: str
    position: int
    samples: int
    cohort: int
    changes: Mapping[str, int]
    synonymous: int
    splice: bool
    source: str = SOURCE


def read_residues(lines: Iterable[Line]) -> Iterator[HotspotResidue]:
    """The residues of a table whose lines, one a change, stand together by residue.

    Raises:
        BadInput: if a number is none, or the changes of a residue don't add up to its samples.

    """
    for (gene, kind, position), group in groupby(
        lines, lambda x: (x["gene"], x["kind"], x.integer("position"))
    ):
        together = list(group)
        first = together[0]
        ref = first["ref"]
        counts = {line["alt"]: line.integer("count") for line in together}
        splice = first.one_of("kind", ("residue", "splice")) == kind == "splice"
        samples = first.integer("samples")
        if sum(counts.values()) != samples:
            raise first.bad("samples", f"the sum of the residue's counts, {sum(counts.values())}")
        synonymous = 0 if splice else counts.pop(ref, 0)
        yield HotspotResidue(
            gene=gene,
            ref=ref,
            position=position,
            samples=samples,
            cohort=first.integer("cohort"),
            changes=counts,
            synonymous=synonymous,
            splice=splice,
        )
