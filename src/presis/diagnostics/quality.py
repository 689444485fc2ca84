"""Quality of a sample: each metric against its limit, and what a miss makes unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from presis.diagnostics.limits import (
    DNA_ALTERATIONS,
    RNA_ALTERATIONS,
    Limit,
    governed,
    governed_by_section,
    on_instrument,
    table_limits,
)
from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.profile import (
    Alteration,
    Assay,
    NotUsable,
    Quality,
    QualityMeasure,
    Source,
    Verdict,
)
from presis.diagnostics.readers.metrics import MetricRow, Metrics, MetricSection
from presis.diagnostics.readers.sample_id import bare
from presis.methods.reasons import Reason

SCORE, P_VALUE = "CONTAMINATION_SCORE", "CONTAMINATION_P_VALUE"


@dataclass(frozen=True, slots=True)
class Identity:
    """The ids that a sample's columns may carry."""

    pair: str | None
    dna: str | None
    rna: str | None

    def columns_for(self, nucleic_acid: str) -> tuple[str, ...]:
        """Ids to look for, the library's own first; an id and LocalApp's `<id>_P` are the same.

        The other library's id is last: a column of DRAGEN 2.6 holds a pair, and may be named after either.
        """
        own, other = (self.dna, self.rna) if nucleic_acid == "DNA" else (self.rna, self.dna)
        ids = [each for each in (own, self.pair, other if own else None) if each]
        return tuple(dict.fromkeys(name for each in ids for name in (each, f"{bare(each)}_P", bare(each))))


@dataclass(frozen=True, slots=True)
class Bench:
    """What measures are held against: the assay, its instrument, the laboratory's own limits."""

    assay: Assay
    instrument: str | None
    laboratory: tuple[Limit, ...] = ()

    def limits(self, table: tuple[Limit, ...], section: MetricSection, metric: str) -> list[Limit]:
        """The rows of a table of limits that speak of this metric, assay and instrument."""
        kind = section.nucleic_acid
        return [
            limit
            for limit in table
            if limit.holds_for(self.assay, section.name, kind, metric)
            and on_instrument(limit, self.instrument)
        ]


def judge(
    files: Sequence[Metrics], identity: Identity, bench: Bench
) -> tuple[Quality, tuple[NotUsable, ...]]:
    """The sample's quality from the metrics files given; unknown where there is none.

    Limits: the laboratory's, else the file's, else the shipped table's. LocalApp's contamination
    score and p-value count together. Source of the rules: Illumina's metrics guides.
    """
    measures: list[QualityMeasure] = []
    unknown: dict[Alteration, list[str]] = {}
    remarks: list[NotUsable] = []
    known = False
    for file in files:
        found = list(_measures(file, identity, bench))
        mine = [each for each in found if each.nucleic_acid != "run"]
        status = _status_reasons(file, identity)
        if not mine and status is None:
            remarks.append(_no_column(file, identity))
            continue
        known = True
        measures.extend(each for each in found if not _repeated(each, measures))
        for alteration, reason in status or ():
            unknown.setdefault(alteration, []).append(reason)
    measures = _contamination_together(measures)
    for measure in measures:
        if measure.verdict is Verdict.FAIL:
            for alteration in measure.governs:
                unknown.setdefault(alteration, []).append(_reason(measure))
    contaminated = any(each.metric == SCORE and each.verdict is Verdict.FAIL for each in measures)
    remarks.extend(_unused_limits(bench, measures) if known else ())
    reasons = {alteration: tuple(dict.fromkeys(texts)) for alteration, texts in unknown.items()}
    quality = Quality(known=known, measures=tuple(measures), unknown=reasons, contaminated=contaminated)
    return quality, tuple(remarks)


def _repeated(measure: QualityMeasure, before: Iterable[QualityMeasure]) -> bool:
    key = (measure.section, measure.metric, measure.value)
    return any((each.section, each.metric, each.value) == key for each in before)


def _measures(file: Metrics, identity: Identity, bench: Bench) -> Iterator[QualityMeasure]:
    for section in file.sections:
        column = _column(section, identity)
        if column is None:
            continue
        for row in section.rows:
            yield _measure(section, row, row.values.get(column), bench, Source(file.text.name, row.line))


def _column(section: MetricSection, identity: Identity) -> str | None:
    """The sample's column with values; one that is all `NA` is a library of the other kind."""
    if section.nucleic_acid == "run":
        return section.columns[0] if section.columns else None
    for name in identity.columns_for(section.nucleic_acid):
        if name in section.columns and any(row.values.get(name) is not None for row in section.rows):
            return name
    return None


def _measure(
    section: MetricSection, row: MetricRow, value: float | None, bench: Bench, source: Source
) -> QualityMeasure:
    kind = section.nucleic_acid
    lower, upper = row.lower, row.upper
    origin = None if lower is None and upper is None else "file"
    rows = bench.limits(bench.laboratory, section, row.name)
    if rows:
        lower, upper = _bounds(rows, lower, upper)
        origin = "laboratory"
    elif origin is None and "expanded" not in section.name.casefold():
        rows = bench.limits(table_limits(), section, row.name)
        lower, upper = _bounds(rows, None, None)
        origin = "table" if rows else None
    words = [limit.governs for limit in rows if limit.governs]
    governs = (
        tuple(dict.fromkeys(each for word in words for each in governed(word, kind, bench.assay.kind)))
        if words
        else governed_by_section(section.name, kind, bench.assay.kind)
    )
    return QualityMeasure(
        section=section.name,
        metric=row.name,
        unit=row.unit,
        value=value,
        lower=lower,
        upper=upper,
        limit_from=origin,
        governs=governs,
        verdict=_verdict(value, lower, upper),
        nucleic_acid=kind,
        source=source,
    )


def _bounds(rows: list[Limit], lower: float | None, upper: float | None) -> tuple[float | None, float | None]:
    """The given limits in place of others on the same side; of several, the strictest."""
    least = [limit.value for limit in rows if limit.direction == "min"]
    most = [limit.value for limit in rows if limit.direction == "max"]
    return (max(least) if least else lower), (min(most) if most else upper)


def _verdict(value: float | None, lower: float | None, upper: float | None) -> Verdict:
    if value is None:
        return Verdict.NOT_COMPUTED
    if lower is None and upper is None:
        return Verdict.NO_LIMIT
    inside = (lower is None or value >= lower) and (upper is None or value <= upper)
    return Verdict.PASS if inside else Verdict.FAIL


def _contamination_together(measures: list[QualityMeasure]) -> list[QualityMeasure]:
    """LocalApp: a score within its limit passes whatever the p-value; above it, the p-value decides.

    A low p-value then points to a rearranged genome rather than to contamination: a warning.
    """
    score = next((each for each in measures if each.metric == SCORE), None)
    p_value = next((each for each in measures if each.metric == P_VALUE), None)
    if p_value is None or score is None:
        return measures
    if score.verdict is Verdict.FAIL and p_value.verdict is Verdict.PASS:
        note = "score above its limit, p-value within: a rearranged genome rather than contamination"
        verdicts = {SCORE: Verdict.WARN, P_VALUE: Verdict.WARN}
    elif score.verdict is Verdict.FAIL:
        note = "score and p-value both above their limits, or no p-value: contaminated"
        verdicts = {SCORE: Verdict.FAIL, P_VALUE: p_value.verdict}
    else:
        note = "looked at only if the contamination score is above its limit"
        verdicts = {P_VALUE: Verdict.PASS if score.verdict is Verdict.PASS else Verdict.NO_LIMIT}
        if p_value.value is None:
            verdicts = {}
    return [
        replace(each, verdict=verdicts[each.metric], note=note) if each.metric in verdicts else each
        for each in measures
    ]


def _reason(measure: QualityMeasure) -> str:
    value = measure.value if measure.value is not None else 0.0
    if measure.lower is not None and value < measure.lower:
        return f"{measure.metric} {value:.10g} below {measure.lower:.10g}"
    return f"{measure.metric} {value:.10g} above {measure.upper:.10g}"


def _status_reasons(file: Metrics, identity: Identity) -> list[tuple[Alteration, str]] | None:
    """What failed steps make unknown; None where the file has no status of this sample."""
    found = False
    reasons: list[tuple[Alteration, str]] = []
    for kind, scope in (("DNA", DNA_ALTERATIONS), ("RNA", RNA_ALTERATIONS)):
        for name in identity.columns_for(kind):
            status = file.status.get(name)
            if status is None:
                continue
            found = True
            steps = [("FAILED_STEPS", step) for step in status.failed]
            steps += [("STEPS_NOT_EXECUTED", step) for step in status.not_executed]
            if status.completed is False and not steps:
                reasons.extend((each, "COMPLETED_ALL_STEPS FALSE") for each in scope)
            for key, step in steps:
                reasons.extend((each, f"{key} {step}") for each in _depends_on(step) if each in scope)
            break
    return reasons if found else None


#: words in the names of analysis steps, and what depends on them; the first that fits decides
_STEPS: tuple[tuple[tuple[str, ...], tuple[Alteration, ...]], ...] = (
    (("dnafusion",), (Alteration.DNA_FUSION,)),
    (("rna", "splice"), RNA_ALTERATIONS),
    (("fusion",), (Alteration.RNA_FUSION, Alteration.DNA_FUSION)),
    (("tmb",), (Alteration.TMB,)),
    (("msi",), (Alteration.MSI,)),
    (("exoncnv", "largerearrangement"), (Alteration.EXON_CNV,)),
    (("cnv", "craft", "copynumber"), (Alteration.AMPLIFICATION, Alteration.DELETION, Alteration.EXON_CNV)),
    (("gis", "hrd", "loh"), (Alteration.HRD, Alteration.LOH)),
    (("dna",), DNA_ALTERATIONS),
)


def _depends_on(step: str) -> tuple[Alteration, ...]:
    """A step that isn't known may stand before everything."""
    name = step.replace("_", "").replace("-", "").replace(" ", "").casefold()
    for words, alterations in _STEPS:
        if any(word in name for word in words):
            return alterations
    return tuple(Alteration)


def _no_column(file: Metrics, identity: Identity) -> NotUsable:
    ids = ", ".join(dict.fromkeys(each for each in (identity.pair, identity.dna, identity.rna) if each))
    return not_usable(
        file=file.text.name,
        line=1,
        why=Reason.of("reading.no-values", samples=ids),
        found=", ".join(sorted(file.columns))[:80],
        severity="remark",
    )


def _unused_limits(bench: Bench, measures: list[QualityMeasure]) -> Iterator[NotUsable]:
    """A laboratory's limit for a metric that the file doesn't have is said, not passed over."""
    for limit in bench.laboratory:
        applies = limit.assay in ("", "any", bench.assay.kind) and limit.software in (
            "",
            "any",
            bench.assay.software,
        )
        if applies and all(each.metric.casefold() != limit.metric.casefold() for each in measures):
            yield not_usable(
                file="limits",
                line=0,
                why=Reason.of("reading.unused-limit"),
                found=limit.metric,
                severity="remark",
            )
