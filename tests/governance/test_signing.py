"""Signatures: who stood by which content, when, in what role, and meaning what."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from pydantic import ValidationError
from tests.record.samples import KARI, MONA

from presis.governance import Meaning, Role, Signature, sign
from presis.record import Actor, Refusal

WHEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HASH = sha256(b"the report").hexdigest()


def test_a_signature_says_who_in_what_role_where_when_over_what_and_with_what_meaning() -> None:
    signature = sign(KARI, HASH, Meaning.SIGNED, WHEN)
    assert signature == Signature(
        person="kari.lab",
        role=Role.MOLECULAR_PATHOLOGIST,
        organisation="haukeland",
        signed_at=WHEN,
        content_hash=HASH,
        meaning=Meaning.SIGNED,
    )
    assert isinstance(signature, Signature)
    assert Signature.model_validate_json(signature.model_dump_json()) == signature


def test_a_signature_is_over_one_content_only() -> None:
    signature = sign(KARI, HASH, Meaning.AMENDED, WHEN)
    assert isinstance(signature, Signature)
    assert signature.covers(HASH)
    assert not signature.covers(sha256(b"the report.").hexdigest())


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in ("molecular_pathologist", "oncologist")]
)
def test_a_role_that_does_not_sign_is_refused(role: Role) -> None:
    outcome = sign(Actor("x", role.value, "haukeland"), HASH, Meaning.SIGNED, WHEN)
    assert isinstance(outcome, Refusal)
    assert outcome.code == "role-may-not-sign"


def test_the_refusal_is_one_sentence() -> None:
    outcome = sign(MONA, HASH, Meaning.SIGNED, WHEN)
    assert isinstance(outcome, Refusal)
    assert outcome.message == "a bioinformatician doesn't sign; ask a colleague who does."
    assert outcome.accepted == "molecular_pathologist, oncologist"


@pytest.mark.parametrize(
    "change",
    [{"content_hash": "abc"}, {"signed_at": datetime(2026, 11, 24)}, {"role": "king"}],  # noqa: DTZ001 - a time without zone is the fault
)
def test_a_signature_that_says_too_little_is_none(change: dict[str, object]) -> None:
    good = sign(KARI, HASH, Meaning.SIGNED, WHEN)
    assert isinstance(good, Signature)
    with pytest.raises(ValidationError):
        Signature.model_validate(good.model_dump() | change)
