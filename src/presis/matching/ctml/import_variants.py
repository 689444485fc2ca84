"""A leaf of CTML on a mutation as the criterion `small_variant`."""

from __future__ import annotations

import re
from typing import Any

from presis.diagnostics.hgvs import ProteinKind, parse_protein
from presis.matching.ctml.criteria import Genomic
from presis.matching.ctml.import_notes import BY_HAND, At, Document
from presis.programme.files import load_yaml

#: words of MAF and the kind that is the same
_KINDS = {
    "missense_mutation": "missense",
    "in_frame_del": "inframe_del",
    "in_frame_ins": "inframe_ins",
    "splice_site": "splice_site",
}
#: words of MAF of which `truncating` is all together: enough to exclude, too wide to include
_TRUNCATING = frozenset({"nonsense_mutation", "frame_shift_del", "frame_shift_ins"})
_RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
_WILDCARD = re.compile(rf"(?:p\.)?([{_RESIDUES}])([1-9]\d*)", re.ASCII)
#: written in more than one way, so that none of them is excluded by one of them
_MANY_SPELLINGS = frozenset({ProteinKind.FRAMESHIFT, ProteinKind.EXTENSION, ProteinKind.UNKNOWN})


def small_variant(leaf: Genomic, gene: str, at: At, *, negative: bool) -> Document | None:
    """The criterion for a mutation of a gene, or for its wild type; None if there is none."""
    if leaf.value("wildtype") is True:
        return _wild_type(leaf, gene, at, negative=negative)
    asked: dict[str, Any] = {"gene": gene}
    faults = len(at.notes.faults)
    _protein(leaf, asked, at, negative=negative)
    _exon(leaf, asked, at, negative=negative)
    _classification(leaf, asked, at, negative=negative)
    if len(at.notes.faults) > faults:
        return None
    if not negative and not asked.keys() & {"proteins", "kinds"}:
        asked["kinds"] = ["any"]  # a synonymous change is none that a trial means
    return {"small_variant": asked}


def _wild_type(leaf: Genomic, gene: str, at: At, *, negative: bool) -> Document | None:
    beside = [
        each.key
        for each in leaf.conditions
        if each.key not in {"hugo_symbol", "variant_category", "wildtype"}
    ]
    for key in beside:
        at.fault("isn't told of a wild type; take it out", key)
    if negative:
        said = "excludes wild type, which has no counterpart; ask for a mutation: take out wildtype and the !"
        at.fault(said, "wildtype")
    if beside or negative:
        return None
    return {"not": {"small_variant": {"gene": gene}}}


def _protein(leaf: Genomic, asked: dict[str, Any], at: At, *, negative: bool) -> None:
    change, wildcard = leaf.value("protein_change"), leaf.value("wildcard_protein_change")
    if change is not None:
        text = str(change) if str(change).startswith("p.") else f"p.{change}"
        read = parse_protein(text)
        if read is None or read.position is None or read.short != text:
            meant = "" if read is None or read.position is None else f"; perhaps {read.short} is meant"
            at.fault(f"{str(change)!r} is no protein change as p.V600E{meant}", "protein_change", change)
        elif negative and read.kind in _MANY_SPELLINGS:
            said = "is written in several ways, so that excluding this one may miss it; exclude the gene's "
            at.fault(f"{said}frameshifts by variant_classification", "protein_change", change)
        else:
            asked["proteins"] = [text]
    if wildcard is not None:
        match = _WILDCARD.fullmatch(str(wildcard))
        if match is None:
            said = f"{str(wildcard)!r} is no residue as p.V600; write one letter and its number"
            at.fault(said, "wildcard_protein_change", wildcard)
            return
        others = [letter for letter in _RESIDUES if letter != match[1]]
        asked["proteins"] = [f"p.{match[1]}{match[2]}{letter}" for letter in others]
        if negative:
            asked["proteins"].append(f"p.{match[1]}{match[2]}=")


def _exon(leaf: Genomic, asked: dict[str, Any], at: At, *, negative: bool) -> None:
    value = leaf.value("exon")
    if value is None:
        return
    exon = int(str(value))
    if exon < 1:
        at.fault("should be 1 or more", "exon", value)
        return
    held = {(row["gene"], row["exon"]) for row in load_yaml("rules/biomarker_terms.yaml")["exons"]}
    if negative and (asked["gene"], exon) not in held:
        said = (
            f"excludes exon {exon} of {asked['gene']}, whose residues aren't held, so that a change without"
        )
        at.fault(f"{said} an exon number would be missed; exclude the gene, or its changes", "exon", value)
        return
    asked["exon"] = exon


def _classification(leaf: Genomic, asked: dict[str, Any], at: At, *, negative: bool) -> None:
    key = "variant_classification"
    value = leaf.value(key)
    if value is None:
        return
    word = str(value).lower()
    if word == "missense_mutation" and negative:  # two residues for two are one, and no `missense`
        asked["kinds"] = ["any"]
        at.stricter("excludes every change of protein, since neighbouring ones may be told as one", key)
    elif word in _KINDS:
        asked["kinds"] = [_KINDS[word]]
    elif word in _TRUNCATING and negative:
        asked["kinds"] = ["truncating"]
        at.stricter(f"excludes every nonsense or frameshift change, and not {value} alone", key)
    elif word in _TRUNCATING:
        said = f"{value} has no counterpart by itself: truncating is any nonsense or frameshift change"
        at.fault(f"{said}; {BY_HAND}", key, value)
    else:
        at.fault(f"{str(value)!r} has no counterpart ({', '.join(_NAMES)} have one); {BY_HAND}", key, value)


_NAMES = ("Missense_Mutation", "In_Frame_Del", "In_Frame_Ins", "Splice_Site")
