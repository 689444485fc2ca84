"""What a review works on, opened: the profile, the judgements in words, and the content made with them.

Nothing is written here. `unseal` opens a sealed content by its hash, for whoever may see the requisition.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.judged import Judged, Judgements
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_model import ReportContent, parse_content
from presis.diagnostics.requisition import Judgement, Requisition
from presis.knowledge import Library, load_library
from presis.knowledge.confirmation import Confirmations, confirmation_stream
from presis.knowledge.confirmation import apply as apply_confirmation
from presis.record import fold

if TYPE_CHECKING:
    from presis.record.store import Record

Unseal = Callable[[str], bytes]


@cache
def _profiles() -> TypeAdapter[MolecularProfile]:
    return TypeAdapter(MolecularProfile)


def profile_bytes(profile: MolecularProfile) -> bytes:
    """A profile as it is sealed."""
    return _profiles().dump_json(profile)


def parse_profile(data: bytes) -> MolecularProfile:
    """A profile again."""
    return _profiles().validate_json(data)


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
    """Every judgement of a requisition by the finding's key."""
    return dict(opened_judgement(each, unseal) for each in state.judgements.values())


def computed_content(state: Requisition, unseal: Unseal) -> ReportContent:
    """What was computed when the files were read, before anybody judged.

    Raises:
        LookupError: if no files were read yet.

    """
    if state.reading is None:
        raise LookupError(f"no files of {state.number} were read")
    return parse_content(unseal(state.reading.content))


def confirmed_by(record: Record, organisation: str, library: Library) -> frozenset[str]:
    """The rows of knowledge that a laboratory has confirmed, as far as they still stand."""
    facts = record.stream(confirmation_stream(organisation))
    confirmed: Confirmations = fold(apply_confirmation, Confirmations(), facts)
    return frozenset(confirmed.holding(library))


def laboratory_interpreter(record: Record, organisation: str) -> Interpreter:
    """The interpreter of a laboratory: the packs that ship, with what the laboratory has confirmed."""
    library = load_library()
    if confirmed := confirmed_by(record, organisation, library):
        library = load_library(confirmed=confirmed)
    return Interpreter(library)


def reviewed_content(
    state: Requisition, unseal: Unseal, interpreter: Interpreter, laboratory: str | None
) -> ReportContent:
    """The report's content with every judgement put over the profile, and the text of the whole.

    Raises:
        LookupError: if no files were read yet.

    """
    if state.reading is None:
        raise LookupError(f"no files of {state.number} were read")
    profile = parse_profile(unseal(state.reading.profile))
    text = unseal(state.text).decode() if state.text else None
    judgements = opened_judgements(state, unseal)
    interpretation = interpreter.interpret(profile, None, judgements, text or None)
    return report_content(interpretation, interpreter.library, laboratory)


def content_now(record: Record, state: Requisition, unseal: Unseal, laboratory: str | None) -> ReportContent:
    """The content as review has it now, with what its laboratory has confirmed.

    Raises:
        LookupError: if no files were read yet.

    """
    organisation = state.received.organisation if state.received else ""
    return reviewed_content(state, unseal, laboratory_interpreter(record, organisation), laboratory)
