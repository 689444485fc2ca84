"""A subject made again from a cut's rows: of what a criterion looks at, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from presis.diagnostics.findings import ClassifiedVariant, Findings, LostRows, by_gene
from presis.diagnostics.hotspots import hotspot_list
from presis.diagnostics.oncogenicity import Oncogenicity
from presis.diagnostics.oncogenicity_answer import Criterion, State
from presis.diagnostics.pathology import Disagreement, PathologyMarker
from presis.diagnostics.position_coverage import HotspotAnswer, HotspotState
from presis.diagnostics.profile import (
    Alteration,
    Assay,
    CopyNumber,
    Covers,
    ExonCopyNumber,
    Fusion,
    GenomicInstability,
    LossOfHeterozygosity,
    MolecularProfile,
    Msi,
    Quality,
    SmallVariant,
    Specimen,
    SpliceVariant,
    Tested,
    Tmb,
)
from presis.diagnostics.signatures import MarkerClass
from presis.diagnostics.tumour_reading import AllelicKind, AllelicState, FractionFits, Origin, OriginKind
from presis.diagnostics.variant_facts import facts_of
from presis.matching.days import DaySpan, parse_day
from presis.matching.subject import LabValue, Subject, Told, Treatment
from presis.methods.reasons import Reason
from presis.methods.rules import Truth

Row = Mapping[str, Any]
_TRUTHS = {truth.word: truth for truth in Truth}
_NOT_KEPT = Reason.of("marker.no-value")
_OPEN = Reason.of("match.given-not-told", what="")
#: fields that hold a yes or no, and those that hold a number
_FLAGS = frozenset({"alive", "can_swallow", "pregnant", "treatments_complete"})
_OF_NAMES = {
    "consent": "consents",
    "statement": "statements",
    "germline": "germline",
    "assessed": "assessed",
    "label_condition": "label_conditions",
}


def words_of(text: str | None) -> tuple[str, ...]:
    """The words that were joined; nothing for no text."""
    return tuple(text.split(";")) if text else ()


@cache
def day_of(text: str) -> DaySpan:
    """A day as it was told."""
    return parse_day(text)


def _told(value: Any, day: str | None = None) -> Told[Any]:
    return Told(value, "cut", day_of(day) if day else None)


def subject_of(
    patient: Row,
    sample: Row,
    findings: Findings | None,
    observations: Iterable[Row],
    treatments: Iterable[Row],
) -> Subject:
    """The subject of these rows."""
    fields: dict[str, Any] = {name: {} for name in _OF_NAMES.values()}
    laboratory: list[LabValue] = []
    for row in observations:
        kind, value = row["kind"], row["value"]
        if kind == "laboratory":
            on = day_of(row["day"]) if row["day"] else None
            laboratory.append(
                LabValue(row["name"], row["number"], value or "", "cut", on, row["upper_limit"], "")
            )
        elif kind in _OF_NAMES:
            truth = value == "yes" if kind in ("consent", "statement", "label_condition") else value
            name = row["name"] if kind != "label_condition" else tuple(row["name"].split(": ", 1))
            fields[_OF_NAMES[kind]][name] = _told(truth, row["day"])
        else:
            told = value == "yes" if kind in _FLAGS else int(value) if kind == "ecog" else value
            fields[kind] = _told(told, row["day"])
    return Subject(
        name="",
        findings=findings,
        tumour=_told(sample["tumour"]) if sample["tumour"] else None,
        birth=_told(day_of(patient["birth"])) if patient["birth"] else None,
        sex=_told(patient["sex"]) if patient["sex"] else None,
        treatments=tuple(map(treatment_of, treatments)),
        laboratory=tuple(laboratory),
        **fields,
    )


def treatment_of(row: Row) -> Treatment:
    """The treatment of a row."""

    def day(name: str) -> DaySpan | None:
        return day_of(row[name]) if row[name] else None

    return Treatment(
        drugs=words_of(row["drugs"]),
        where="cut",
        classes=words_of(row["classes"]),
        targets=frozenset(words_of(row["targets"])),
        line=row["line"],
        setting=row["setting"],
        start=day("start"),
        end=day("end"),
        ongoing=bool(row["ongoing"]),
        response=row["response"],
        outcome=row["outcome"],
    )


def covers_of(rows: Iterable[Row]) -> dict[Alteration, Covers]:
    """What was looked at, of the rows of one key."""
    return {
        Alteration(row["alteration"]): Covers(
            state=Tested(row["state"]), genes=frozenset(words_of(row["genes"])), reason=row["reason"] or ""
        )
        for row in rows
    }


def positions_of(rows: Iterable[Row]) -> dict[str, HotspotAnswer]:
    """What is told of hotspots, of the rows of one key; one that the list no longer holds answers nothing."""
    held = {each.id: each for each in hotspot_list().hotspots}
    return {
        row["hotspot"]: HotspotAnswer(
            held[row["hotspot"]], HotspotState(row["state"]), _NOT_KEPT, row["depth"], 0, (), None
        )
        for row in rows
        if row["hotspot"] in held
    }


def findings_of(
    sample: Row,
    covers: Mapping[Alteration, Covers],
    positions: Mapping[str, HotspotAnswer],
    rows: Iterable[Row],
    beside: Iterable[Row],
) -> Findings:
    """The findings of these rows; their ids are their places here."""
    made = _Made()
    for row in rows:
        made.add(row)
    markers = [row for row in beside if row["kind"] == "marker"]
    disagreements = [row for row in beside if row["kind"] == "disagreement"]
    variants = tuple(made.calls["small_variant"])
    return Findings(
        profile=_profile(sample, covers, made, tuple(map(_marker, markers))),
        variants=variants,
        left_out=(),
        by_gene=by_gene(variants),
        msi=MarkerClass(
            sample["msi_class"],
            _NOT_KEPT,
            "",
            bool(sample["msi_at_least"]),
            by_value=sample["msi_by_value"],
        ),
        tmb=MarkerClass(sample["tmb_class"], _NOT_KEPT, "", bool(sample["tmb_at_least"])),
        doubtful=by_gene(tuple(made.calls["doubtful"])),
        lost=LostRows(frozenset(words_of(sample["lost_genes"])), bool(sample["lost_nameless"])),
        origins=made.origins,
        allelic={each.gene: each for each in made.calls["allelic"]},
        disagreements=tuple(map(_disagreement, disagreements)),
        told_positions=positions,
    )


class _Made:
    """Calls by kind, and the origins of those that have one."""

    def __init__(self) -> None:
        self.calls: dict[str, list[Any]] = {kind: [] for kind in _MAKERS}
        self.origins: dict[str, Origin] = {}

    def add(self, row: Row) -> None:
        kind = row["kind"]
        own = self.calls[kind]
        ident = f"{_PREFIXES.get(kind, kind)}:{len(own)}"
        own.append(_MAKERS[kind](row, ident))
        if row["origin"]:
            self.origins[ident] = Origin(
                OriginKind(row["origin"]), FractionFits.NOT_READABLE, (), (), bool(row["origin_proven"])
            )


def small_of(row: Row, ident: str) -> ClassifiedVariant:
    """The variant of a row."""
    variant = SmallVariant(
        gene=row["genes"],
        chromosome="",
        position=0,
        ref="",
        alt="",
        cdna=row["cdna"],
        protein_short=row["protein"],
        consequences=words_of(row["consequences"]),
        exon=row["exon"],
        allele_fraction=row.get("fraction"),
        germline_class=row["germline_class"],
    )
    parts = () if row["parts"] is None else tuple(row["parts"].split(";"))
    return ClassifiedVariant(
        id=ident,
        variant=variant,
        facts=facts_of(variant),
        oncogenicity=None if row["classes"] is None else _oncogenicity(row),
        kept_by=row.get("kept_by"),
        adjacent=bool(row["adjacent"]),
        parts=tuple(_part(row["genes"], each or None) for each in parts),
        untold=bool(row["untold"]),
    )


def _part(gene: str | None, protein: str | None) -> SmallVariant:
    return SmallVariant(gene=gene, chromosome="", position=0, ref="", alt="", protein_short=protein)


def _oncogenicity(row: Row) -> Oncogenicity:
    """The classes, and what keeps them open: a study that shows it, rows that wait for confirmation."""
    state = State.MET if row["studied"] else State.NOT_ASSESSED
    code = "cut.not-confirmed" if row["could_act"] else "cut.none"
    study = Criterion("OS2", "", state, 0, 0, Reason.of(code), (), 0)
    criteria = (study,) if row["studied"] or row["could_act"] else ()
    return Oncogenicity(0, 0, words_of(row["classes"]), criteria, unless_common=False)


def _copies(row: Row, _ident: str) -> CopyNumber:
    return CopyNumber(gene=row["genes"], kind=Alteration(row["name"]), fold_change=None)


def _exons(row: Row, _ident: str) -> ExonCopyNumber:
    return ExonCopyNumber(
        gene=row["genes"], change=row["name"], exons=row["exon"], chromosome=None, start=None, end=None,
        fold_change=None,
    )  # fmt: skip


def _loss(row: Row, _ident: str) -> LossOfHeterozygosity:
    return LossOfHeterozygosity(gene=row["genes"], absolute_copies=None, minor_copies=row["copies"])


def _fusion(row: Row, _ident: str) -> Fusion:
    return Fusion(
        first=words_of(row["genes"]), second=words_of(row["partners"]), order_known=row["name"] == "ordered",
        reported="", breakpoint_first=None, breakpoint_second=None, method=Alteration.RNA_FUSION,
        supporting_reads=None,
    )  # fmt: skip


def _splice(row: Row, _ident: str) -> SpliceVariant:
    return SpliceVariant(
        gene=row["genes"], name=row["name"], exons=row["exon"], breakpoint_first=None, breakpoint_second=None,
        supporting_reads=None, reference_reads=None,
    )  # fmt: skip


def _allelic(row: Row, _ident: str) -> AllelicState:
    return AllelicState(row["genes"], AllelicKind.UNKNOWN, _TRUTHS[row["name"]], (_OPEN,))


_MAKERS: dict[str, Any] = {
    "small_variant": small_of,
    "doubtful": small_of,
    "copy_number": _copies,
    "exon_copy_number": _exons,
    "loh": _loss,
    "fusion": _fusion,
    "splice": _splice,
    "allelic": _allelic,
}
_PREFIXES = {
    "small_variant": "sv",
    "copy_number": "cn",
    "exon_copy_number": "ec",
    "fusion": "fu",
    "splice": "sp",
}


def _marker(row: Row) -> PathologyMarker:
    names = ("marker", "name", "method", "score", "low", "high", "unit", "assay", "threshold", "date")
    return PathologyMarker(**{name: row[name] for name in names}, high_open=bool(row["high_open"]))


def _disagreement(row: Row) -> Disagreement:
    return Disagreement(
        id=row["name"], subject="", sides=(), unsettles=frozenset(words_of(row["words"])),
        beside=frozenset(), findings=(), settled_by=_OPEN,
    )  # fmt: skip


def _profile(
    sample: Row, covers: Mapping[Alteration, Covers], made: _Made, markers: tuple[PathologyMarker, ...]
) -> MolecularProfile:
    tmb, msi, gis = sample["tmb"], sample["msi"], sample["gis"]
    return MolecularProfile(
        sample="",
        dna_sample=None,
        rna_sample=None,
        build=None,
        assay=Assay(name="", kind=sample["assay"] or "", software=None, software_version=None),
        specimen=Specimen(),
        covers=dict(covers),
        small_variants=tuple(each.variant for each in made.calls["small_variant"]),
        copy_numbers=tuple(made.calls["copy_number"]),
        exon_copy_numbers=tuple(made.calls["exon_copy_number"]),
        losses_of_heterozygosity=tuple(made.calls["loh"]),
        fusions=tuple(made.calls["fusion"]),
        splice_variants=tuple(made.calls["splice"]),
        tmb=None if tmb is None else Tmb(per_megabase=tmb, eligible_variants=None, megabases=None),
        msi=None if msi is None else Msi(percent_unstable=msi, unstable_sites=None, usable_sites=None),
        genomic_instability=None
        if gis is None
        else GenomicInstability(score=gis, tumour_fraction_reported=None, ploidy=None),
        quality=Quality(known=False),
        markers=markers,
    )
