"""What the share of tumour cells, plasma, and the noise of counting add to an answer."""

from __future__ import annotations

from dataclasses import replace

from presis.diagnostics.assay import NON_INFORMATIVE
from presis.diagnostics.findings import Findings
from presis.diagnostics.profile import Alteration, Tested
from presis.diagnostics.signatures import FEW_CELLS, MarkerClass
from presis.diagnostics.tumour_content import holds_on_condition, least_content
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Truth

_METHODS: dict[str, tuple[Alteration, ...]] = {"fusion": (Alteration.RNA_FUSION, Alteration.DNA_FUSION)}
_BY_NAME: dict[str, tuple[Alteration, ...]] = {each.value: (each,) for each in Alteration}
#: Reasons of a marker's answer that rest on what was not seen, and the marker.
_MARKERS = {"msi.class": Alteration.MSI, "tmb.compared": Alteration.TMB}


def with_content(answer: Answer, findings: Findings) -> Answer:
    """A negative says on what share of tumour cells it hangs; an unknown says if that is why."""
    if not answer.reasons:
        return answer
    first = answer.reasons[0]
    if first.code in {"covered.unknown", "covered.not-tested", "wild-type.not-tested"}:
        return _why_unknown(answer, findings)
    if not holds_on_condition(findings.profile) or not _rests_on_absence(answer, findings):
        return answer
    methods = _methods(first)
    if not methods:
        return answer
    least = max(least_content(each) for each in methods)
    return replace(answer, reasons=(*answer.reasons, Reason.of("tumour-content.condition", least=least)))


def _rests_on_absence(answer: Answer, findings: Findings) -> bool:
    first = answer.reasons[0].code
    if first == "msi.class":
        return findings.msi.name == "stable"
    return answer.truth is Truth.NO and (first == "covered.not-found" or first in _MARKERS)


def _methods(reason: Reason) -> tuple[Alteration, ...]:
    if reason.code in _MARKERS:
        return (_MARKERS[reason.code],)
    if reason.code == "wild-type.not-tested":
        return (Alteration.SMALL_VARIANT,)
    method = str(reason.values.get("method", ""))
    return _METHODS.get(method, _BY_NAME.get(method, ()))


def _why_unknown(answer: Answer, findings: Findings) -> Answer:
    """In place of "not tested": tested, but with too few tumour cells, or in plasma."""
    first = answer.reasons[0]
    gene = str(first.values.get("gene", first.values.get("genes", "")))
    told = [findings.profile.covers.get(each) for each in _methods(first)]
    reasons = {
        each.reason
        for each in told
        if each is not None
        and each.state is Tested.UNKNOWN
        and (not each.genes or set(gene.split("/")) & each.genes)
    }
    if answer.truth is not Truth.UNKNOWN:
        return answer
    if reasons & FEW_CELLS:
        return _said(answer, gene, "few-cells", "settle.more-cells")
    if NON_INFORMATIVE in reasons:
        return _said(answer, gene, "plasma", "settle.tissue")
    return answer


def _said(answer: Answer, gene: str, why: str, settle: str) -> Answer:
    first = answer.reasons[0]
    if first.code == "wild-type.not-tested":
        told = Reason.of(f"wild-type.{why}", genes=gene)
        rest: tuple[Reason, ...] = ()
    else:
        told = Reason.of(f"covered.{why}", gene=gene, method=str(first.values.get("method", "")))
        rest = answer.reasons[1:]
    return replace(answer, reasons=(told, *rest), settled_by=(Reason.of(settle),))


def near_limit(marker: MarkerClass, limit: float) -> Reason | None:
    """That the interval of a rate from its count reaches over the limit asked for."""
    if marker.interval is None or not marker.interval[0] < limit <= marker.interval[1]:
        return None
    low, high = (round(each, 1) for each in marker.interval)
    return Reason.of("tmb.near-limit", low=low, high=high, limit=limit)
