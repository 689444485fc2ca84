"""Alterations and markers, answered by diagnostics' criteria on the findings of the patient's report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from presis.diagnostics.criteria import Criterion
from presis.diagnostics.findings import Findings
from presis.diagnostics.profile import CopyNumber, ExonCopyNumber, Fusion, Source, SpliceVariant
from presis.diagnostics.tumour_reading import OriginKind
from presis.diagnostics.variant_fit import SmallVariantIs
from presis.matching.criteria import GermlineIs, Molecular
from presis.matching.subject import Subject
from presis.matching.told import placed
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Rule, Truth, evaluate, leaves

_Call = CopyNumber | ExonCopyNumber | Fusion | SpliceVariant
AskTumour = Callable[[Criterion], Answer]
NO_REPORT = Answer(Truth.UNKNOWN, (Reason.of("match.no-report"),), (Reason.of("settle.report"),))


def molecular(leaf: Molecular, subject: Subject, ask: AskTumour, at: date) -> Answer:
    """The rule over the tumour's findings, with the findings that decided and where they are written."""
    for gene in leaf.inherited_too:
        if (told := by_germline_test(gene, subject, at)) is not None and told.truth is Truth.YES:
            return told
    findings = subject.findings
    if findings is None:
        return NO_REPORT
    explained = evaluate(leaf.rule, ask)
    reasons = explained.reasons()
    if explained.truth is Truth.NO:
        reasons = _beside_what_was_found(reasons, leaf.rule, findings)
    answer = Answer(explained.truth, reasons, explained.settled_by(), explained.evidence())
    if leaf.origin == "somatic" and answer.truth is not Truth.NO:
        answer = _somatic(answer, findings)
    return _with_place(answer, subject, findings)


def _beside_what_was_found(
    reasons: tuple[Reason, ...], rule: Rule[Criterion], findings: Findings
) -> tuple[Reason, ...]:
    """What was found in a gene asked, and isn't what is asked, is named in the place of "not found"."""
    genes = dict.fromkeys(each.gene for each in leaves(rule) if isinstance(each, SmallVariantIs))
    other = {gene: [each.variant.label for each in findings.by_gene.get(gene, ())] for gene in genes}

    def told(reason: Reason) -> Reason:
        labels = other.get(str(reason.values.get("gene")))
        absent = reason.code == "covered.not-found" and reason.values["method"] == "small_variant"
        return Reason.of("match.found-other", finding=", ".join(labels)) if absent and labels else reason

    return tuple(map(told, reasons))


def _with_place(answer: Answer, subject: Subject, findings: Findings) -> Answer:
    """The first reason says where the findings behind it are written."""
    if not answer.evidence or not answer.reasons:
        return answer
    places = dict(_sources(findings))
    told = ", ".join(
        f"{ident} ({place.file}:{place.line})" if (place := places.get(ident)) else ident
        for ident in answer.evidence
    )
    first, *others = answer.reasons
    reasons = (placed(first, f"{subject.report}: {told}", None), *others)
    return Answer(answer.truth, reasons, answer.settled_by, answer.evidence)


def _sources(findings: Findings) -> list[tuple[str, Source | None]]:
    profile = findings.profile
    calls: dict[str, tuple[_Call, ...]] = {
        "cn": profile.copy_numbers,
        "ec": profile.exon_copy_numbers,
        "fu": profile.fusions,
        "sp": profile.splice_variants,
    }
    out: list[tuple[str, Source | None]] = [(each.id, each.variant.source) for each in findings.variants]
    for kind, found in calls.items():
        out += [(f"{kind}:{index}", call.source) for index, call in enumerate(found)]
    return out


def _somatic(answer: Answer, findings: Findings) -> Answer:
    """A tumour alone suggests an origin; proven by a normal it decides."""
    origins = [findings.origins.get(each) for each in answer.evidence]
    proven = [each.kind for each in origins if each is not None and each.proven]
    if OriginKind.SOMATIC in proven:
        return answer
    settled = (Reason.of("settle.normal"),)
    if proven and len(proven) == len(answer.evidence):
        return Answer(Truth.NO, (*answer.reasons, Reason.of("match.origin.germline")), (), answer.evidence)
    reasons = (*answer.reasons, Reason.of("match.origin.open"))
    return Answer(Truth.UNKNOWN, reasons, (*answer.settled_by, *settled), answer.evidence)


def by_germline_test(gene: str, subject: Subject, at: date) -> Answer | None:
    """What a germline test that the case tells says of a gene; None where there was none on the day.

    It never grows old: what is inherited doesn't change.
    """
    told = subject.germline.get(gene)
    if told is None or (told.on is not None and told.on.first > at):
        return None
    truth = Truth.YES if told.value == "pathogenic" else Truth.NO
    reason = Reason.of("match.germline.tested", gene=gene, found=told.value)
    return Answer(truth, (placed(reason, told.where, told.on),))


def germline(leaf: GermlineIs, subject: Subject, ask: AskTumour, at: date) -> Answer:
    """An inherited change: by a germline test, else by a matched normal; a tumour alone leaves it open."""
    tested = by_germline_test(leaf.gene, subject, at)
    if tested is not None:
        return tested
    settled = (Reason.of("settle.germline", gene=leaf.gene),)
    if subject.findings is None:
        return Answer(Truth.UNKNOWN, (Reason.of("match.no-report"),), settled)
    found = molecular(Molecular(leaf.rule), subject, ask, at)
    if found.truth is Truth.NO:
        return found
    origins = [subject.findings.origins.get(each) for each in found.evidence]
    proven = [each.kind for each in origins if each is not None and each.proven]
    if OriginKind.LIKELY_GERMLINE in proven and found.truth is Truth.YES:
        return Answer(Truth.YES, (*found.reasons, Reason.of("match.origin.germline")), (), found.evidence)
    if proven and len(proven) == len(found.evidence) and set(proven) == {OriginKind.SOMATIC}:
        return Answer(Truth.NO, (*found.reasons, Reason.of("match.origin.somatic")), (), found.evidence)
    return Answer(Truth.UNKNOWN, (*found.reasons, Reason.of("match.origin.open")), settled, found.evidence)
