"""Which findings of a tumour are a reason to consider referral to medical genetics: a recommendation only.

By editions of a published guideline held as data (`rules/germline_followup.yaml`). A condition that
can't be answered leaves the recommendation open and says so; a variant below a limit isn't thereby
somatic. No finding of a tumour is a diagnosis of an inherited disease.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from presis.diagnostics.expected_fractions import predisposition_genes
from presis.diagnostics.findings import ClassifiedVariant, Findings
from presis.diagnostics.profile import Specimen
from presis.diagnostics.tumour_reading import Origin, OriginKind
from presis.diagnostics.variant_fit import acts
from presis.errors import BadInput
from presis.methods.reasons import Reason
from presis.methods.rules import Truth
from presis.programme.files import load_yaml

#: classes by which an inherited variant would matter
PATHOGENIC = frozenset({"Pathogenic", "Likely_Pathogenic"})


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One variant's recommendation: `yes` consider referral, `unknown` it hangs on what isn't known.

    `edition` and `confidence` say whose rule it is and whether that was read or recalled.
    """

    finding: str
    gene: str
    recommended: Truth
    reasons: tuple[Reason, ...]
    settled_by: tuple[Reason, ...]
    edition: str
    confidence: str


def editions(on: date | None = None) -> tuple[Mapping[str, Any], ...]:
    """The editions in force on a day, the newest first; all of them where no day is given.

    Raises:
        BadInput: if no edition is that old.

    """
    record = load_yaml("rules/germline_followup.yaml")
    told = [each for each in record["editions"] if on is None or each["valid_from"] <= on]
    if not told:
        raise BadInput.of(
            "germline-followup.date",
            f"no edition of the rules for germline follow-up was in force on {on}.",
            field="on",
            found=str(on),
        )
    return tuple(sorted(told, key=lambda each: each["valid_from"], reverse=True))


def follow_ups(findings: Findings, on: date | None = None) -> tuple[FollowUp, ...]:
    """The recommendations for the variants kept, in their order, then for exons lost."""
    told = (_follow_up(each, findings, on) for each in findings.variants)
    return (*(each for each in told if each is not None), *_of_exon_losses(findings, on))


def _of_exon_losses(findings: Findings, on: date | None) -> Iterator[FollowUp]:
    """Exons lost in a listed gene: no fraction tells where they were lost, so the question stays open."""
    for index, call in enumerate(findings.profile.exon_copy_numbers):
        if call.change != "loss":
            continue
        row, edition, found = _row(call.gene, findings, on)
        if row is None or min((truth for truth, _ in found), default=Truth.YES) is Truth.NO:
            continue
        reasons = [Reason.of("followup.exon-loss"), *(reason for _, reason in found if reason is not None)]
        yield FollowUp(
            f"ec:{index}", call.gene, Truth.UNKNOWN, tuple(reasons), _settled(None), edition["id"],
            row["confidence"],
        )  # fmt: skip


def _follow_up(each: ClassifiedVariant, findings: Findings, on: date | None) -> FollowUp | None:
    gene, origin = each.variant.gene, findings.origins.get(each.id)
    pathogenic = _pathogenic(each)
    if gene is None or pathogenic is Truth.NO:
        return None
    if origin is not None and origin.proven and origin.kind is OriginKind.SOMATIC:
        return None
    row, edition, found = _row(gene, findings, on)
    suspected = origin is not None and origin.kind is OriginKind.LIKELY_GERMLINE
    if row is None and not suspected:
        return None
    conditions = [(pathogenic, _class_reason(each, pathogenic)), *found]
    if origin is not None and not (suspected and origin.proven):
        conditions.append(_fraction(each, origin))
    truth = min(condition for condition, _ in conditions)
    reasons = [reason for _, reason in conditions if reason is not None]
    if suspected:
        # what looks inherited is worth a question, whatever the conditions of the lists
        listed = gene in predisposition_genes()
        truth = pathogenic if listed else Truth.UNKNOWN
        reasons.insert(0, Reason.of("followup.suspected"))
        reasons += [] if listed else [Reason.of("followup.not-listed", gene=gene)]
    if truth is Truth.NO:
        return None
    if findings.tmb.name == "high":
        reasons.append(Reason.of("followup.hypermutated"))
    return FollowUp(
        each.id, gene, truth, tuple(reasons), _settled(origin), edition["id"],
        row["confidence"] if row else "derived",
    )  # fmt: skip


def _settled(origin: Origin | None) -> tuple[Reason, ...]:
    if origin is not None and origin.proven:
        return (Reason.of("followup.settle-counselling"),)
    return (Reason.of("followup.settle-blood"),)


Condition = tuple[Truth, Reason | None]


def _row(
    gene: str, findings: Findings, on: date | None
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any], list[Condition]]:
    """The row that settles a gene: the newest edition's, unless an older one is better known."""
    open_row: tuple[Mapping[str, Any], Mapping[str, Any], list[Condition]] | None = None
    told = editions(on)
    rarely: list[Condition] = []
    for edition in told:
        for row in edition["rows"]:
            if gene not in row["genes"]:
                continue
            if "low_conversion" in row:
                rarely.append((Truth.YES, Reason.of("followup.rarely", share=row["low_conversion"])))
                continue
            conditions = [*_conditions(row, gene, findings), *rarely]
            if min((truth for truth, _ in conditions), default=Truth.YES) is Truth.YES:
                return row, edition, [*conditions, (Truth.YES, _named(gene, row, edition))]
            if open_row is None:
                open_row = row, edition, [*conditions, (Truth.YES, _named(gene, row, edition))]
    return open_row or (None, told[0], rarely)


def _named(gene: str, row: Mapping[str, Any], edition: Mapping[str, Any]) -> Reason:
    return Reason.of(f"followup.listed-{row['confidence']}", gene=gene, edition=_name(edition["id"]))


def _name(edition: str) -> str:
    organisation, _, year = edition.partition("-")
    return f"{organisation.upper()} {year}"


def _conditions(row: Mapping[str, Any], gene: str, findings: Findings) -> list[Condition]:
    """Tumour, age and number of hits as the row asks for them."""
    out: list[Condition] = []
    if row.get("tumours") in {"own", "unknown"}:
        out.append((Truth.UNKNOWN, Reason.of(f"followup.tumours-{row['tumours']}", gene=gene)))
    if row.get("age") == "unknown":
        out.append((Truth.UNKNOWN, Reason.of("followup.age-untold", gene=gene)))
    if "age_below" in row:
        out.append(_age(findings.profile.specimen, row["age_below"]))
    if "hits" in row:
        hits = [e for e in findings.by_gene.get(gene, ()) if _pathogenic(e) is not Truth.NO]
        enough = len(hits) >= row["hits"]
        code = "followup.hits" if enough else "followup.one-hit"
        out.append((Truth.YES if enough else Truth.UNKNOWN, Reason.of(code, gene=gene, hits=row["hits"])))
    return out


def _age(specimen: Specimen, below: int) -> Condition:
    """Younger than a limit when the specimen was taken, as far as the dates known to the month tell."""
    bounds = age_bounds(specimen)
    if bounds is None:
        return Truth.UNKNOWN, Reason.of("followup.age-unknown", below=below)
    youngest, oldest = bounds
    if oldest < below:
        return Truth.YES, Reason.of("followup.age-below", below=below)
    if youngest >= below:
        return Truth.NO, Reason.of("followup.age-above", below=below)
    return Truth.UNKNOWN, Reason.of("followup.age-unknown", below=below)


def age_bounds(specimen: Specimen) -> tuple[int, int] | None:
    """The least and the most years that the patient can have had; None if a date isn't told."""
    if specimen.birth_year is None or specimen.collected is None:
        return None
    year, *rest = (int(part) for part in specimen.collected.split("-"))
    years = year - specimen.birth_year
    if specimen.birth_month is None or not rest:
        return years - 1, years
    if rest[0] > specimen.birth_month:
        return years, years
    if rest[0] < specimen.birth_month:
        return years - 1, years - 1
    return years - 1, years


def _pathogenic(each: ClassifiedVariant) -> Truth:
    """Whether the variant is one that would matter if it were inherited."""
    if each.variant.germline_class in PATHOGENIC:
        return Truth.YES
    truth = acts(each)
    if truth is Truth.NO and each.facts is not None and each.facts.is_truncating:
        return Truth.UNKNOWN
    return truth


def _class_reason(each: ClassifiedVariant, truth: Truth) -> Reason:
    if each.variant.germline_class in PATHOGENIC:
        return Reason.of("followup.germline-class", word=each.variant.germline_class.replace("_", " "))
    return Reason.of("followup.acts" if truth is Truth.YES else "followup.may-act")


def _fraction(each: ClassifiedVariant, origin: Origin) -> Condition:
    """The least allele fraction of the guideline.

    It is recalled, and a variant below it isn't shown to be somatic: it rules out only what the
    fraction says is the tumour's own as well.
    """
    limits = load_yaml("rules/germline_followup.yaml")["fractions"]
    substitution = len(each.variant.ref) == len(each.variant.alt)
    least = limits["substitution"] if substitution else limits["indel"]
    fraction = each.variant.allele_fraction
    if fraction is None:
        return Truth.UNKNOWN, Reason.of("followup.no-fraction")
    if fraction >= least:
        return Truth.YES, Reason.of("followup.fraction-reached", fraction=fraction, least=least)
    truth = Truth.NO if origin.kind is OriginKind.SOMATIC else Truth.UNKNOWN
    return truth, Reason.of("followup.fraction-below", fraction=fraction, least=least)


def declined(specimen: Specimen) -> bool:
    """Whether the patient wants no inherited risk told but what bears on treatment."""
    return specimen.predisposition_declined is True


def hidden(
    findings: Findings, told: Sequence[FollowUp], bearing_on_treatment: frozenset[str]
) -> frozenset[str]:
    """Findings that would tell of an inherited risk alone; none unless the patient declined to know."""
    if not declined(findings.profile.specimen):
        return frozenset()
    genes = predisposition_genes()
    suspected = {
        ident for ident, origin in findings.origins.items() if origin.kind is OriginKind.LIKELY_GERMLINE
    }
    return frozenset(
        each.id
        for each in findings.variants
        if each.id in suspected
        and each.id not in bearing_on_treatment
        and (each.variant.gene in genes or each.variant.germline_class in PATHOGENIC)
    ) | frozenset(
        each.finding
        for each in told
        if each.finding in suspected and each.finding not in bearing_on_treatment
    )
