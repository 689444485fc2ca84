"""A signed report's findings, as the leaves of rules ask them: `Findings` made again from its content.

What a person judged stands: a class that they gave, a call that they kept or dropped. Nothing is computed
anew, so an old report answers as it was signed. What the content doesn't hold is unknown, never absent.
"""

from __future__ import annotations

from collections.abc import Iterator

from presis.diagnostics.expected_fractions import predisposition_genes
from presis.diagnostics.filtering import Filtered, standard_filter
from presis.diagnostics.findings import ClassifiedVariant, Findings, LostRows, by_gene, lost_rows
from presis.diagnostics.hgvs import bare_protein, parse_protein
from presis.diagnostics.hotspots import hotspot_list
from presis.diagnostics.judged import Judged
from presis.diagnostics.oncogenicity import CLASSES, Oncogenicity
from presis.diagnostics.oncogenicity_answer import Criterion, State
from presis.diagnostics.pathology import Disagreement, Side
from presis.diagnostics.position_coverage import HotspotAnswer, HotspotState
from presis.diagnostics.profile import (
    Alteration,
    CopyNumber,
    ExonCopyNumber,
    Fusion,
    LossOfHeterozygosity,
    Mane,
    PopulationFrequency,
    SmallVariant,
    SpliceVariant,
)
from presis.diagnostics.profile_of_report import bare_profile, source_of
from presis.diagnostics.report_model import (
    CriterionJson,
    FindingJson,
    LeftOutJson,
    OncogenicityJson,
    ReportContent,
)
from presis.diagnostics.report_parts import ReasonJson
from presis.diagnostics.signatures import MarkerClass
from presis.diagnostics.tumour_reading import (
    AllelicKind,
    AllelicState,
    FractionFits,
    Origin,
    OriginKind,
    TumourContent,
)
from presis.diagnostics.variant_facts import facts_of
from presis.methods.reasons import Reason
from presis.methods.rules import Truth

_TRUTHS = {truth.word: truth for truth in Truth}
_STATES = {state.value: state for state in State}
#: the classes of a change that nobody assessed: any of them
UNASSESSED = Oncogenicity(-100, 100, CLASSES, (), unless_common=True)


def findings_of_report(content: ReportContent) -> Findings:
    """The findings of a report's content, with the ids that they have there."""
    variants = tuple(_variant(each) for each in content.findings if each.kind == "small_variant")
    profile = bare_profile(content, tuple(each.variant for each in variants), _calls(content))
    left_out, doubtful = _left_out(content)
    tumour = content.tumour_content
    return Findings(
        profile=profile,
        variants=variants,
        left_out=left_out,
        by_gene=by_gene(variants),
        msi=_marker(content, "msi"),
        tmb=_marker(content, "tmb"),
        doubtful=by_gene(doubtful),
        lost=_lost(content, lost_rows(profile)),
        content=TumourContent()
        if tumour is None
        else TumourContent(tumour.estimate, tumour.low, tumour.high),
        origins=dict(_origins(content)),
        allelic={each.gene: each for each in _allelic(content)},
        disagreements=tuple(_disagreements(content)),
        told_positions={each.hotspot.id: each for each in _positions(content)},
    )


def _lost(content: ReportContent, lost: LostRows) -> LostRows:
    """Genes in which nothing found doesn't mean nothing there.

    Beside the rows that were lost: where the patient declined to hear of inherited risks, every gene that
    may tell of one; and those of a finding that a person took out as inherited.
    """
    genes = set(lost.genes)
    genes |= {gene for each in content.dropped if each.reviewed.verdict == "germline" for gene in each.genes}
    if content.specimen.predisposition_declined:
        genes |= predisposition_genes()
    return LostRows(frozenset(genes), lost.nameless)


def _place(text: str | None) -> tuple[str, int, str, str]:
    """`7:140453136 A>T` as chromosome, position, ref and alt; position 0 where none is told."""
    where, _, change = (text or "").partition(" ")
    chromosome, _, position = where.partition(":")
    ref, _, alt = change.partition(">")
    return chromosome, int(position) if position.isdigit() else 0, ref, alt


def _small(finding: FindingJson) -> SmallVariant:
    chromosome, position, ref, alt = _place(finding.place)
    gene = finding.genes[0] if finding.genes else None
    change = finding.label.partition(" ")[2]
    word = next((w for w in _germline_words(finding)), None)
    return SmallVariant(
        gene=gene,
        chromosome=chromosome,
        position=position,
        ref=ref,
        alt=alt,
        transcript=finding.transcript,
        mane=Mane(finding.mane) if finding.mane else Mane.UNKNOWN,
        cdna=finding.cdna,
        protein=finding.protein,
        protein_short=change if change.startswith("p.") else None,
        consequences=tuple(finding.consequences),
        exon=finding.exon,
        depth=finding.depth,
        allele_fraction=finding.allele_fraction,
        population=None
        if finding.population is None
        else PopulationFrequency(by_population=dict(finding.population), source="report"),
        caller_class=finding.caller_class,
        germline_class=word,
        source=source_of(finding.source),
    )


def _germline_words(finding: FindingJson) -> Iterator[str]:
    """The file's class for an inherited variant, which the origin's reasons tell."""
    for reason in finding.origin.why if finding.origin else ():
        if reason.code == "origin.germline-class":
            yield str(reason.values["word"]).replace(" ", "_")


def _variant(finding: FindingJson) -> ClassifiedVariant:
    variant = _small(finding)
    reviewed = finding.reviewed
    reclassified = reviewed is not None and reviewed.verdict == "reclassified"
    onco = finding.oncogenicity
    parts = tuple(_part(each.label, each.place, each.allele_fraction) for each in finding.parts)
    return ClassifiedVariant(
        id=finding.id,
        variant=variant,
        facts=facts_of(variant),
        oncogenicity=None if onco is None else _oncogenicity(onco, overruled=reclassified),
        kept_by=finding.kept_by,
        adjacent=finding.adjacent,
        parts=parts,
        untold=finding.untold,
        judged=None
        if reviewed is None
        else Judged(reviewed.verdict, None, "", reviewed.text, reviewed.person, reviewed.on),
        computed=() if reviewed is None else tuple(reviewed.computed),
    )


def _part(label: str, place: str | None, fraction: float | None) -> SmallVariant:
    """A variant of which the report tells its label and place only."""
    chromosome, position, ref, alt = _place(place)
    gene, _, change = label.partition(" ")
    protein = bare_protein(change) if change.startswith("p.") else None
    parsed = parse_protein(protein) if protein else None
    return SmallVariant(
        gene=None if gene == "intergenic" else gene,
        chromosome=chromosome,
        position=position,
        ref=ref,
        alt=alt,
        cdna=change if change.startswith("c.") else None,
        protein=parsed.long if parsed else None,
        protein_short=change if parsed else None,
        allele_fraction=fraction,
    )


def _oncogenicity(told: OncogenicityJson, *, overruled: bool) -> Oncogenicity:
    return Oncogenicity(
        low=told.total[0],
        high=told.total[1],
        classes=tuple(told.classes),
        criteria=tuple(map(_criterion, told.criteria)),
        unless_common=told.unless_common,
        overruled=overruled,
    )


def _criterion(each: CriterionJson) -> Criterion:
    low, high = (each.points, each.points) if isinstance(each.points, int) else each.points
    why = Reason(each.why_code, each.why_values)
    state = _STATES[each.state]
    return Criterion(each.code, each.label, state, low, high, why, tuple(each.sources), each.could_add)


def _left_out(content: ReportContent) -> tuple[tuple[Filtered, ...], tuple[ClassifiedVariant, ...]]:
    """What the filter left out, and of that what is in doubt: by its step, and by any step not known here."""
    sure = {step.id for step in standard_filter().steps if step.effect != "keep" and not step.doubt}
    left_out, doubtful = [], []
    for index, each in enumerate(content.left_out):
        variant = _part(each.label, each.place, None)
        reasons = tuple(map(_reason, each.why))
        doubt = each.step not in sure
        left_out.append(Filtered(variant, kept=False, step=each.step, reasons=reasons, doubt=doubt))
        if doubt:
            doubtful.append(_in_doubt(f"lo:{index}", variant, each))
    return tuple(left_out), tuple(doubtful)


def _in_doubt(ident: str, variant: SmallVariant, each: LeftOutJson) -> ClassifiedVariant:
    """Its class isn't in the report, and what it does may not be either."""
    facts = facts_of(variant)
    untold = variant.protein_short is None
    return ClassifiedVariant(ident, variant, facts, UNASSESSED, each.step, untold=untold)


def _calls(content: ReportContent) -> dict[str, tuple[object, ...]]:
    """The other calls of the profile, by the profile's fields, each in the order of its ids."""
    calls: dict[str, list[object]] = {}
    for each in content.findings:
        made = _call(each)
        if made is not None:
            calls.setdefault(made[0], []).append(made[1])
    return {name: tuple(found) for name, found in calls.items()}


def _call(each: FindingJson) -> tuple[str, object] | None:
    source = source_of(each.source)
    first, second, *_ = [*each.breakpoints, None, None]
    match each.kind:
        case "copy_number":
            kind = Alteration(each.direction or "amplification")
            call: object = CopyNumber(
                gene=each.genes[0], kind=kind, fold_change=each.fold_change,
                absolute_copies=each.absolute_copies, source=source,
            )  # fmt: skip
            return "copy_numbers", call
        case "exon_copy_number":
            call = ExonCopyNumber(
                gene=each.genes[0], change=each.direction or "", exons=each.exon, chromosome=None, start=None,
                end=None, fold_change=each.fold_change, source=source,
            )  # fmt: skip
            return "exon_copy_numbers", call
        case "loh":  # the copies of the rarer allele aren't in the report: a loss is what was called
            call = LossOfHeterozygosity(
                gene=each.genes[0], absolute_copies=each.absolute_copies, minor_copies=0, source=source
            )
            return "losses_of_heterozygosity", call
        case "fusion":
            ends = each.label.partition("::")
            call = Fusion(
                first=tuple(ends[0].split("/")), second=tuple(filter(None, ends[2].split("/"))),
                order_known=each.direction is None, reported=each.label, breakpoint_first=first,
                breakpoint_second=second, method=Alteration.RNA_FUSION,
                supporting_reads=each.supporting_reads, source=source,
            )  # fmt: skip
            return "fusions", call
        case "splice":
            call = SpliceVariant(
                gene=each.genes[0], name=_splice_name(each), exons=each.exon, breakpoint_first=first,
                breakpoint_second=second, supporting_reads=each.supporting_reads, reference_reads=None,
                source=source,
            )  # fmt: skip
            return "splice_variants", call
        case _:
            return None


def _splice_name(each: FindingJson) -> str | None:
    name = each.label.removeprefix(f"{each.genes[0]} ")
    return None if name == "splice variant" else name


def _marker(content: ReportContent, ident: str) -> MarkerClass:
    for each in content.findings:
        if each.id == ident:
            interval = each.interval
            return MarkerClass(
                name=each.marker_class,
                reason=Reason.of("marker.no-value")
                if each.marker_reason is None
                else _reason(each.marker_reason),
                source=each.marker_source or "",
                at_least=each.at_least,
                interval=None if interval is None else (interval.low, interval.high),
                crossed=() if interval is None else tuple(interval.crossed),
            )
    return MarkerClass(None, Reason.of("marker.no-value"), "")


def _reason(told: ReasonJson) -> Reason:
    return Reason(told.code, told.values)


def _reasons(told: list[ReasonJson]) -> tuple[Reason, ...]:
    return tuple(map(_reason, told))


def _origins(content: ReportContent) -> Iterator[tuple[str, Origin]]:
    for each in content.findings:
        if (told := each.origin) is not None:
            yield (
                each.id,
                Origin(
                    OriginKind(told.kind),
                    FractionFits(told.fraction_fits),
                    _reasons(told.why),
                    _reasons(told.settled_by),
                    told.proven,
                ),
            )


def _allelic(content: ReportContent) -> Iterator[AllelicState]:
    for each in content.allelic_states:
        yield AllelicState(
            each.gene,
            AllelicKind(each.state),
            _TRUTHS[each.both_lost],
            _reasons(each.why),
            _reasons(each.settled_by),
            tuple(each.findings),
        )


def _disagreements(content: ReportContent) -> Iterator[Disagreement]:
    for each in content.disagreements:
        yield Disagreement(
            id=each.id,
            subject=each.subject,
            sides=tuple(
                Side(method=side.method, result=_reason(side.result), date=side.date, specimen=side.specimen)
                for side in each.sides
            ),
            unsettles=frozenset(each.unsettles),
            beside=frozenset(each.beside),
            findings=tuple(each.findings),
            settled_by=_reason(each.settled_by),
        )


def _positions(content: ReportContent) -> Iterator[HotspotAnswer]:
    """The report's answers on hotspots; a position that the list no longer holds answers nothing."""
    held = {each.id: each for each in hotspot_list().hotspots}
    for each in content.hotspots.positions:
        if each.id in held:
            yield HotspotAnswer(
                held[each.id],
                HotspotState(each.state),
                Reason(each.why_code, each.why_values),
                each.depth,
                each.needed,
                tuple(each.findings),
                each.file,
            )
