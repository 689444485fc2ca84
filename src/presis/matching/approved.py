"""Approved indications as options, derived from the approvals; their access from the national decisions."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

from presis.diagnostics.national_access import access_of
from presis.documents.language import Language, words
from presis.knowledge import Approval, Library
from presis.matching.known import Known
from presis.matching.labels import indication_rule
from presis.matching.option import Access, Evidence, MatchOption
from presis.matching.table_words import biomarker_text, tumour_words
from presis.programme.files import load_yaml

#: a label of which the day isn't known holds as long as anybody asks
SINCE_EVER = date(1900, 1, 1)
HOME = "EMA"


def approved_options(known: Known) -> tuple[MatchOption, ...]:
    """Every approval in force that counts: the EMA's as approved, others' as approved elsewhere."""
    return tuple(_option(each, known) for each in known.library.approvals if each.in_force and each.counts)


def _option(approval: Approval, known: Known) -> MatchOption:
    text = f"{approval.agency} {approval.document}"
    return MatchOption(
        id=approval.row,
        kind="approved" if approval.agency == HOME else "approved_elsewhere",
        names={each.value: _name(approval, each) for each in Language},
        drug=approval.drug,
        rule=indication_rule(approval, known),
        offers={
            each.value: f"{words(each).phrase('drugs', approval.drug)} ({approval.brand})"
            for each in Language
        },
        valid_from=approval.date or SINCE_EVER,
        evidence=(Evidence(text, approval.address or approval.document, approval.confidence),),
        approval=approval,
        file="approvals",
    )


def _name(approval: Approval, language: Language) -> str:
    """Drug, biomarker and tumour as the approvals' table has them, in a language."""
    parts = [words(language).phrase("drugs", approval.drug), tumour_words(approval.tumour, language)]
    if approval.biomarker != "none":
        parts.insert(1, biomarker_text(approval.biomarker, language))
    return " · ".join(parts)


def national_access(option: MatchOption, library: Library, tumour: str | None, at: date) -> Access:
    """Access to an approved indication in this tumour type: the latest national decision that is held.

    Without one it isn't known. A use that the home agency hasn't approved is the hospital's own decision.
    """
    if option.kind == "approved_elsewhere" or option.approval is None:
        return Access("hospital_decision", "hospital", source="not approved by the EMA for this use")
    return _decided(option.approval, library, tumour, at)


@lru_cache(maxsize=8192)
def _decided(approval: Approval, library: Library, tumour: str | None, at: date) -> Access:
    rows = [
        each
        for each in access_of(approval.drug, approval.biomarker, library, tumour)
        if (each.date is None or each.date <= at) and _same_setting(each.indication, approval)
    ]
    if not rows:
        return Access("not_known", "beslutningsforum")
    latest = max(rows, key=lambda each: each.date or SINCE_EVER)
    return Access(
        _decisions().get(latest.decision, "not_known"), "beslutningsforum", latest.date, None,
        latest.method_id, latest.address, latest.confidence, latest.indication,
    )  # fmt: skip


def _same_setting(indication: str, approval: Approval) -> bool:
    """Whether a decision's words are of the approval's setting: early or advanced, and not a trial's own."""
    words = load_yaml("rules/access_statuses.yaml")
    if any(each in indication for each in words["of_a_trial"]):
        return False
    label = f"{approval.line} {approval.tumour} {approval.conditions or ''}"
    for row in words["only_for"]:
        if row["decision"] in indication and not any(each in label for each in row["label"]):
            return False
    early = any(each in indication for each in words["early"])
    label = f"{approval.line} {approval.tumour}"
    return early == any(each in label for each in words["early"])


@cache
def _decisions() -> dict[str, str]:
    rows = load_yaml("rules/access_statuses.yaml")["decisions"]
    return {row["words"]: row["status"] for row in rows}
