"""Judgements of people, put over a profile before it is interpreted.

What was dropped is taken out and listed; a variant that the filter left out and a person kept comes back;
a class that a person gave takes the place of the computed one, which stays beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from presis.diagnostics.finding_keys import Call, finding_key
from presis.diagnostics.oncogenicity import Oncogenicity
from presis.diagnostics.profile import Fusion, MolecularProfile, SmallVariant

DROPS = ("artefact", "germline", "not_relevant")
VERDICTS = ("keep", *DROPS, "reclassified")
C = TypeVar("C", bound=Call)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person said of one finding, who and on which day.

    `oncogenicity` is a class of theirs, `computed` those that were computed when they judged; `reason` is
    for the laboratory, `text` for the report's reader.
    """

    verdict: str
    oncogenicity: str | None
    reason: str
    text: str | None
    person: str
    on: str
    computed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """A finding that a person took out."""

    key: str
    kind: str
    label: str
    place: str | None
    genes: tuple[str, ...]
    judged: Judged


#: By the finding's key.
Judgements = Mapping[str, Judged]


def without_dropped(
    profile: MolecularProfile, judged: Judgements
) -> tuple[MolecularProfile, tuple[Dropped, ...]]:
    """The profile without what a person dropped, and that."""
    if not any(each.verdict in DROPS for each in judged.values()):
        return profile, ()
    dropped: list[Dropped] = []

    def kept(calls: tuple[C, ...], kind: str) -> tuple[C, ...]:
        out = []
        for call in calls:
            key = finding_key(call, profile.build)
            judgement = judged.get(key)
            if judgement is None or judgement.verdict not in DROPS:
                out.append(call)
            else:
                dropped.append(Dropped(key, kind, label_of(call), _place(call), _genes(call), judgement))
        return tuple(out)

    cleaned = replace(
        profile,
        small_variants=kept(profile.small_variants, "small_variant"),
        copy_numbers=kept(profile.copy_numbers, "copy_number"),
        exon_copy_numbers=kept(profile.exon_copy_numbers, "exon_copy_number"),
        losses_of_heterozygosity=kept(profile.losses_of_heterozygosity, "loh"),
        fusions=kept(profile.fusions, "fusion"),
        splice_variants=kept(profile.splice_variants, "splice"),
    )
    return cleaned, tuple(dropped)


def overruled(computed: Oncogenicity | None, judged: Judged | None) -> Oncogenicity | None:
    """The class that counts: a person's, if they gave one; points and criteria stay as computed."""
    if computed is None or judged is None or judged.verdict != "reclassified" or not judged.oncogenicity:
        return computed
    return replace(computed, classes=(judged.oncogenicity,), overruled=True)


def label_of(call: Call) -> str:
    """What people call a finding."""
    if isinstance(call, SmallVariant | Fusion):
        return call.label
    return finding_key(call, None).partition(" ")[2]


def _genes(call: Call) -> tuple[str, ...]:
    if isinstance(call, Fusion):
        return call.genes
    return () if call.gene is None else (call.gene,)


def _place(call: Call) -> str | None:
    if not isinstance(call, SmallVariant):
        return None
    return f"{call.chromosome}:{call.position} {call.ref}>{call.alt}"
