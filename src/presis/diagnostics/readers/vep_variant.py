"""A small variant from a VCF row and its VEP entry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from presis.diagnostics.hgvs import parse_protein
from presis.diagnostics.profile import Mane, PopulationFrequency, SmallVariant
from presis.diagnostics.readers.values import Listing, UnreadableError, fraction, text_or_none
from presis.diagnostics.readers.vep import Chosen, Entry, Vep, mane_of, terms
from presis.diagnostics.symbols import current_symbol
from presis.methods.reasons import Reason

_GNOMAD = re.compile(r"(gnomAD[eg]?)_(?:([A-Z]+)_)?AF")
_THOUSAND = re.compile(r"(?:(AFR|AMR|EAS|EUR|SAS)_)?AF")
_KEYS = {
    "AFR": "afr", "AMR": "amr", "ASJ": "asj", "EAS": "eas", "EUR": "nfe", "FIN": "fin", "NFE": "nfe",
    "OTH": "oth", "REMAINING": "oth", "SAS": "sas", "": "global",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Which columns hold a frequency of which population, and those that are left out."""

    columns: Mapping[str, str]
    unused: tuple[str, ...]
    source: str


def frequencies_of(vep: Vep) -> Frequencies | None:
    """The columns of gnomAD and of 1000 Genomes; None where the file has none.

    Amish and Middle Eastern genomes are so few (456 and 158 in gnomAD 3.1) that one person lifts the
    frequency to what counts as common, so they are left out.
    """
    found: dict[str, str] = {}
    unused: list[str] = []
    for name in vep.columns:
        gnomad, thousand = _GNOMAD.fullmatch(name), _THOUSAND.fullmatch(name)
        if gnomad is None and thousand is None:
            continue
        population = (gnomad[2] if gnomad else thousand[1] if thousand else None) or ""
        if population in _KEYS:
            found[name] = _KEYS[population]
        else:
            unused.append(name)
    if not found:
        return None
    sources = [name for name, mark in (("gnomAD", "gnomAD"), ("1000 Genomes", "AF")) if _has(found, mark)]
    return Frequencies(found, tuple(unused), f"{' and '.join(sources)}, as VEP writes them")


def _has(columns: Mapping[str, str], mark: str) -> bool:
    if mark == "gnomAD":
        return any(name.startswith(mark) for name in columns)
    return any(_THOUSAND.fullmatch(name) for name in columns)


def population(
    entry: Entry, frequencies: Frequencies | None, line: int, listing: Listing
) -> PopulationFrequency | None:
    """The highest frequency that the file gives of each population; none given is absent from them."""
    if frequencies is None:
        return None
    found: dict[str, float] = {}
    for name, key in frequencies.columns.items():
        text = entry.get(name, "")
        if text in ("", "."):
            continue
        values = []
        for part in text.split("&"):
            try:
                values.append(fraction(part))
            except UnreadableError as error:
                listing.lost(line, error.inside("reading.cell", column=name), part)
        if len(set(values)) > 1:
            # several known variants share the place: the rarer one filters nothing out wrongly
            listing.remark(line, Reason.of("reading.several-frequencies", column=name), text)
        if values:
            found[key] = max(min(values), found.get(key, 0.0))
    return PopulationFrequency(by_population=found, source=frequencies.source)


def annotated(
    bare: SmallVariant, chosen: Chosen, vep: Vep, frequencies: Frequencies | None, listing: Listing
) -> SmallVariant:
    """The variant with what VEP says of it."""
    entry, line = chosen.entry, bare.source.line if bare.source else 0
    gene = text_or_none(entry["SYMBOL"]) or text_or_none(entry.get("Gene", ""))
    protein, short = _protein(entry.get("HGVSp", ""), line, listing)
    is_transcript = entry.get("Feature_type", "Transcript") in ("Transcript", "")
    return replace(
        bare,
        gene=None if gene is None else current_symbol(gene),
        transcript=text_or_none(entry.get("Feature", "")) if is_transcript else None,
        mane=mane_of(entry, vep) if is_transcript else Mane.UNKNOWN,
        cdna=_without_accession(entry.get("HGVSc", "")),
        protein=protein,
        protein_short=short,
        consequences=terms(entry),
        exon=text_or_none(entry.get("EXON", "")),
        population=population(entry, frequencies, line, listing),
    )


def _without_accession(text: str) -> str | None:
    return text_or_none(text.rpartition(":")[2])


def _protein(text: str, line: int, listing: Listing) -> tuple[str | None, str | None]:
    """VEP leaves the brackets out (`p.Val600Glu`); what follows from DNA is predicted: `p.(Val600Glu)`."""
    body = _without_accession(text)
    if body is None:
        return None, None
    change = parse_protein(body)
    if change is None:
        listing.remark(line, Reason.of("reading.protein"), body)
        return body, None
    return change.long, change.short
