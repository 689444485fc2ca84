"""One case: what Presis reports against what the laboratory stated, field by field, with reasons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from presis.diagnostics.oncogenicity import CLASSES
from presis.diagnostics.profile import SmallVariant
from presis.diagnostics.report_model import CoversJson, FindingJson, LeftOutJson, ReportContent
from presis.diagnostics.validation.expected import COPIES, MARKERS, SMALL, Expected, partners
from presis.diagnostics.validation.fields import Answer, compare_class, compare_tier, compare_value
from presis.diagnostics.validation.matching import fits, same_change
from presis.diagnostics.validation.outcome import AGREE, DIFFER, FOUND, OPEN, Comparison
from presis.documents.language import Language, words
from presis.methods.reasons import Reason

SAY = words(Language.EN)
Symbol = Callable[[str], str]
#: kinds that a row can state; the rest of a report's findings (wild type, pathology) isn't asked for
_ASKED = {
    "small_variant": ("small_variant",),
    "copy_number": ("amplification", "deletion"),
    "exon_copy_number": ("exon_cnv",),
    "loh": ("loh",),
    "fusion": ("rna_fusion", "dna_fusion"),
    "splice": ("splice",),
    "tmb": ("tmb",),
    "msi": ("msi",),
    "hrd": ("hrd",),
}
_MOST_NEAR = 6


@dataclass(frozen=True, slots=True)
class Sample:
    """A case's report, and the small variants of its files, kept or not."""

    name: str
    content: ReportContent
    variants: tuple[SmallVariant, ...]
    symbol: Symbol


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of a case; `not_stated`: Presis' findings of which the table says nothing, by kind."""

    case: str
    comparisons: tuple[Comparison, ...]
    not_stated: dict[str, int]


def compare_case(sample: Sample, rows: Sequence[Expected]) -> CaseResult:
    """Every stated field of a case's rows. A finding that a row names isn't "any other" of another row."""
    comparisons: list[Comparison] = []
    taken: set[str] = set()
    for group in _by_exactness(rows):
        claimed: set[str] = set()
        for row in group:
            found = [f for f in sample.content.findings if f.id not in taken and fits(row, f, sample.symbol)]
            if row.floor is not None:
                found = [each for each in found if _reaches(row.floor, each)]
            claimed |= {each.id for each in found}
            comparisons += _row(sample, row, found)
        taken |= claimed
    left: Counter[str] = Counter(
        f.kind for f in sample.content.findings if f.id not in taken and f.kind in _ASKED
    )
    stated = {kind: left[kind] for kind in _ASKED if left[kind] and kind not in MARKERS}
    return CaseResult(sample.name, tuple(sorted(comparisons, key=lambda each: each.line)), stated)


def _reaches(floor: str, finding: FindingJson) -> bool:
    """Whether a finding may be of the class or a more oncogenic one; one without a class may."""
    onco = finding.oncogenicity
    return onco is None or any(CLASSES.index(each) >= CLASSES.index(floor) for each in onco.classes)


def _surely_reaches(floor: str, finding: FindingJson) -> bool:
    onco = finding.oncogenicity
    return onco is not None and CLASSES.index(onco.classes[0]) >= CLASSES.index(floor)


def _by_exactness(rows: Sequence[Expected]) -> Iterator[list[Expected]]:
    """Rows that name a change, then those of a whole gene, then those of a whole kind."""
    exact = [row for row in rows if row.change is not None or (row.gene and "::" in row.gene)]
    yield [*exact, *(row for row in rows if row.kind in MARKERS)]
    yield [row for row in rows if row.gene is not None and row not in exact]
    yield [row for row in rows if row.gene is None and row.kind not in MARKERS]


def _row(sample: Sample, row: Expected, found: list[FindingJson]) -> Iterator[Comparison]:
    if row.reported is not None:
        yield from _detection(sample, row, found)
    class_told = row.oncogenicity if row.floor is None else None
    asked = {"class": class_told, "amp": row.amp, "escat": row.escat, row.kind: row.value}
    for field, told in asked.items():
        if told is not None:
            answer = _one(sample, row, found, field, told)
            yield _comparison(row, field, told.replace("_", " "), answer)


def _comparison(row: Expected, field: str, told: str, answer: Answer, subject: str = "") -> Comparison:
    return Comparison(
        case=row.case,
        kind=row.kind,
        subject=subject or row.subject,
        line=row.line,
        field=field,
        outcome=answer.outcome,
        laboratory=told,
        presis=answer.presis,
        why=answer.why,
    )


def _one(sample: Sample, row: Expected, found: list[FindingJson], field: str, told: str) -> Answer:
    """A field of the one finding that the row is about."""
    if len(found) > 1 and row.kind not in MARKERS:
        names = ", ".join(each.label for each in found)
        return Answer(OPEN, "several findings", (f"the row fits {names}; name the change",))
    if not found or (field == row.kind and found[0].value is None):
        return _absent(sample, row)
    if field == "class":
        return compare_class(told, found[0])
    if field in ("amp", "escat"):
        return compare_tier(field, told, found[0], sample.content)
    return compare_value(row.kind, told, found[0])


def _absent(sample: Sample, row: Expected) -> Answer:
    reasons = _not_assessable(sample.content, row, sample.symbol)
    marker = next((f for f in sample.content.findings if f.kind == row.kind and row.kind in MARKERS), None)
    if marker is not None and marker.marker_reason is not None:
        reasons = (marker.marker_reason.text,)
    return Answer(OPEN, "not reported", reasons or ("Presis reports no such finding",))


def _detection(sample: Sample, row: Expected, found: list[FindingJson]) -> Iterator[Comparison]:
    told = "reported" if row.reported else "not reported"
    if found and row.reported:
        yield _comparison(row, FOUND, told, Answer(AGREE, "found"))
        return
    for each in found:
        answer = Answer(DIFFER, "found", _what_it_is(each))
        if row.floor is not None and not _surely_reaches(row.floor, each):
            below = f"its class may lie below {row.floor.replace('_', ' ')}"
            answer = Answer(OPEN, answer.presis, (below, *answer.why))
        yield _comparison(row, FOUND, told, answer, each.label)
    if not found:
        yield _comparison(row, FOUND, told, _not_found(sample, row))


def _what_it_is(finding: FindingJson) -> tuple[str, ...]:
    """Why a finding stands in the report: its step, its class, its tier, its reads."""
    onco = finding.oncogenicity
    told = (
        f"kept by the filter's step {finding.kept_by}" if finding.kept_by else None,
        " or ".join(each.replace("_", " ") for each in onco.classes) if onco is not None else None,
        finding.amp.text if finding.amp is not None else None,
        f"{finding.supporting_reads} supporting reads" if finding.supporting_reads is not None else None,
        f"fold change {finding.fold_change:.4g}" if finding.fold_change is not None else None,
    )
    return tuple(each for each in told if each)


def _not_found(sample: Sample, row: Expected) -> Answer:
    """Left out by the filter, not assessable, or not there; the last two say what else is in the gene."""
    left_out = _left_out(sample, row)
    if left_out is not None:
        why = tuple(each.text for each in left_out.why)
        outcome = DIFFER if row.reported else AGREE
        return Answer(outcome, f"left out: {left_out.step}", why)
    lost = tuple(_lost(sample.content, row))
    if lost:
        return Answer(DIFFER if row.reported else OPEN, "row not read", lost)
    reasons = _not_assessable(sample.content, row, sample.symbol)
    if reasons:
        return Answer(OPEN, "not assessable", reasons)
    if not row.reported:
        return Answer(AGREE, "not found")
    return Answer(DIFFER, "not found", ("the files hold no such call", *_near(sample, row)))


def _lost(content: ReportContent, row: Expected) -> Iterator[str]:
    """Rows of the files that could not be read and may hold it: of its gene, any where no gene is named."""
    genes = (partners(row.gene) or ()) if row.gene else ()
    for each in content.not_usable:
        words_of_it = set(re.findall(r"[\w.-]+", each.found))
        if each.severity == "lost" and (not genes or not words_of_it.isdisjoint(genes)):
            yield f"{each.file}, line {each.line} could not be read: {each.reason}"


def _left_out(sample: Sample, row: Expected) -> LeftOutJson | None:
    if row.kind != SMALL or row.gene is None or row.change is None:
        return None
    for each in sample.variants:
        place = f"{each.chromosome}:{each.position} {each.ref}>{each.alt}"
        same_gene = each.gene is not None and sample.symbol(each.gene) == sample.symbol(row.gene)
        if same_gene and same_change(row.change, each.cdna, each.protein, place):
            return next((one for one in sample.content.left_out if one.place == place), None)
    return None


def _near(sample: Sample, row: Expected) -> tuple[str, ...]:
    """What else Presis has of the gene, so that another notation or transcript is seen."""
    genes = set(map(sample.symbol, (partners(row.gene) or ()) if row.gene else ()))
    kept = [f.label for f in sample.content.findings if genes & set(map(sample.symbol, f.genes))]
    out = [
        f"{each.label} (left out: {each.step})"
        for each in sample.content.left_out
        if sample.symbol(each.label.partition(" ")[0]) in genes
    ]
    near = [*kept, *out]
    if not near:
        return ()
    more = f" and {len(near) - _MOST_NEAR} more" if len(near) > _MOST_NEAR else ""
    return (f"in the gene: {', '.join(near[:_MOST_NEAR])}{more}",)


def _not_assessable(content: ReportContent, row: Expected, symbol: Symbol) -> tuple[str, ...]:
    """Why nothing can be said of what isn't found; empty where it was looked for."""
    asked = _ASKED[row.kind]
    if row.kind == COPIES and row.change is not None:
        asked = (row.change.lower(),)
    told = [content.covers[each] for each in asked if each in content.covers]
    genes = set(map(symbol, (partners(row.gene) or ()) if row.gene else ()))
    looked = [each for each in told if each.state == "yes"]
    if any(_covers(each, genes, symbol) for each in looked):
        return ()
    if looked:
        return (f"{' and '.join(sorted(genes))} is not among the genes looked at for {row.kind}",)
    closed = [each for each in told if each.state != "yes"]
    doubtful = [each for each in closed if each.state == "unknown"] or closed
    return tuple(dict.fromkeys(_why(each) for each in doubtful)) or ("the files don't tell it",)


def _covers(covers: CoversJson, genes: set[str], symbol: Symbol) -> bool:
    return not genes or not covers.genes or not genes.isdisjoint(map(symbol, covers.genes))


def _why(covers: CoversJson) -> str:
    return SAY.why(Reason.of(f"covers.{covers.reason}", detail="; ".join(covers.detail)))
