"""What a review works on, opened: the profile, the judgements in words, and the content made with them.

Nothing is written here. `unseal` opens a sealed content by its hash, for whoever may see the requisition.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from presis.diagnostics.identity import IdentityCheck, acceptable, mismatch_key, stops
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.judged import Judged, Judgements
from presis.diagnostics.kept_profile import parse_profile
from presis.diagnostics.other_results import OtherResults, for_report, unnamed
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_marker_view import signing_stops_of
from presis.diagnostics.report_model import ReportContent, parse_content
from presis.diagnostics.requisition import Judgement, Requisition
from presis.diagnostics.requisition_specimen import by_requisition
from presis.diagnostics.tumour_context import OtherSamples
from presis.knowledge import Library, load_library
from presis.knowledge.confirmation import Confirmations, confirmation_stream
from presis.knowledge.confirmation import apply as apply_confirmation
from presis.methods.reasons import Reason
from presis.record import fold

if TYPE_CHECKING:
    from presis.record.store import Record

Unseal = Callable[[str], bytes]
#: What lies beside a profile.
Beside = Callable[[MolecularProfile], OtherResults]


def opened_judgement(each: Judgement, unseal: Unseal) -> tuple[str, Judged]:
    """A judgement's key, and what it says."""
    told: dict[str, Any] = json.loads(unseal(each.fact.judgement))
    judged = Judged(
        verdict=each.fact.verdict,
        oncogenicity=each.fact.oncogenicity,
        reason=told["why"],
        text=told["text"],
        person=each.person,
        on=each.on,
        computed=each.fact.computed,
    )
    return told["key"], judged


def opened_judgements(state: Requisition, unseal: Unseal) -> Judgements:
    """Every judgement of a requisition's present material by the finding's key."""
    standing = (e for e in state.judgements.values() if e.fact.reading > state.repeated_after)
    return dict(opened_judgement(each, unseal) for each in standing)


def computed_content(state: Requisition, unseal: Unseal) -> ReportContent:
    """What was computed when the files were read, before anybody judged.

    Raises:
        LookupError: if no files were read yet.

    """
    if state.reading is None:
        raise LookupError(f"no files of {state.number} were read")
    return _parsed(unseal(state.reading.content))


@lru_cache(maxsize=8)
def _parsed(data: bytes) -> ReportContent:
    """A content that stays as it is while people click through it; each look unseals it anew."""
    return parse_content(data)


def read_profile(state: Requisition, unseal: Unseal) -> MolecularProfile:
    """The profile of the last reading, with what the requisition says now of its specimen.

    Raises:
        LookupError: if no files were read yet.
        BadInput: if the files and the requisition contradict each other.

    """
    if state.reading is None:
        raise LookupError(f"no files of {state.number} were read")
    return by_requisition(parse_profile(unseal(state.reading.profile)), state)


def confirmed_by(record: Record, organisation: str, library: Library) -> frozenset[str]:
    """The rows of knowledge that a laboratory has confirmed, as far as they still stand."""
    facts = record.stream(confirmation_stream(organisation))
    confirmed: Confirmations = fold(apply_confirmation, Confirmations(), facts)
    return frozenset(confirmed.holding(library))


def laboratory_interpreter(record: Record, organisation: str) -> Interpreter:
    """The interpreter of a laboratory: the packs that ship, with what the laboratory has confirmed."""
    return _interpreter(confirmed_by(record, organisation, load_library()))


@lru_cache(maxsize=8)
def _interpreter(confirmed: frozenset[str]) -> Interpreter:
    return Interpreter(load_library(confirmed=confirmed) if confirmed else load_library())


def reviewed_content(
    state: Requisition, unseal: Unseal, interpreter: Interpreter, laboratory: str | None, beside: Beside
) -> ReportContent:
    """The report's content with every judgement put over the profile, and the text of the whole.

    Raises:
        LookupError: if no files were read yet.

    """
    profile = read_profile(state, unseal)
    text = unseal(state.text).decode() if state.text else None
    judgements = opened_judgements(state, unseal)
    others = beside(profile)
    interpretation = interpreter.interpret(
        profile, None, judgements, text or None, OtherSamples(normal=others.normal)
    )
    identity = for_report(others.checks(profile))
    return report_content(interpretation, interpreter.library, laboratory, identity, others.requested)


def mismatches(state: Requisition, unseal: Unseal, beside: Beside) -> tuple[IdentityCheck, ...]:
    """What speaks now against the data being the patient's and nobody answers for; none before a reading."""
    if state.reading is None:
        return ()
    profile = read_profile(state, unseal)
    return tuple(each for each in beside(profile).checks(profile) if stops(each))


@dataclass(frozen=True, slots=True)
class Stop:
    """A mismatch that nobody answers for, naming no other patient's requisition.

    `key` is what an acceptance names; `acceptable` whether anybody may answer for such a one.
    """

    check: str
    reason: Reason
    key: str
    acceptable: bool


def standing_stops(
    state: Requisition, content: ReportContent, unseal: Unseal, beside: Beside
) -> tuple[Stop, ...]:
    """What stands between a report and its signatures, in review by the content that is to be concluded."""
    in_review = state.state == "review" and signing_stops_of(content)
    if not in_review and state.state != "to_sign":
        return ()
    return tuple(
        Stop(each.check, unnamed(each).reason, mismatch_key(each), each.check in acceptable())
        for each in mismatches(state, unseal, beside)
    )
