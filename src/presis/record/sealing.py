"""Sealing: what is of a person, encrypted under a key of that person's own.

A master key in a file outside the data folder wraps a key for each patient; the patient's key seals what
is of the patient. Destroying the one key makes all of it unreadable, and no fact changes. Ciphertexts are
AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits, bound to the patient they belong to; keys of
the two uses are derived by HKDF-SHA-256 (RFC 5869). What must be found again by its text is found by a
keyed hash of it (HMAC-SHA-256): without the master key nobody can try texts against it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from presis.errors import BadInput

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VARIABLE = "PRESIS_KEYS"
_FORM = "presis-master-key-1"
_NONCE = 12
_SIZE = 32

#: Random bytes of a length; enters at the edge.
Randomness = Callable[[int], bytes]


class MasterKey:
    """The key over all keys: 32 random bytes, kept in a file."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != _SIZE:
            raise ValueError(f"a master key has {_SIZE} bytes")
        self._secret = secret

    def _derived(self, use: bytes) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), _SIZE, salt=None, info=b"presis/" + use).derive(self._secret)

    @cached_property
    def _wrapping(self) -> AESGCM:
        return _cipher(self._derived(b"wrap"))

    @cached_property
    def _indexing(self) -> bytes:
        return self._derived(b"index")

    def wrap(self, subject: str, key: bytes, nonce: bytes) -> bytes:
        """A subject's key, encrypted."""
        return nonce + self._wrapping.encrypt(nonce, key, subject.encode())

    def unwrap(self, subject: str, wrapped: bytes) -> bytes:
        """A subject's key again.

        Raises:
            BadInput: if this isn't the master key that wrapped it.

        """
        return _opened(
            self._wrapping,
            wrapped,
            subject,
            BadInput.of(
                "keys-wrong",
                f"the master key in {VARIABLE} isn't the one of this record; name the right file.",
                field=VARIABLE,
            ),
        )

    def index(self, kind: str, text: str) -> str:
        """The blind index of a text: the same text gives the same 64 hexadecimal digits, in one kind."""
        return hmac.new(self._indexing, f"{kind}\x1f{text}".encode(), hashlib.sha256).hexdigest()


#: Loads the master key when it is first needed.
Keys = Callable[[], MasterKey]


def no_keys() -> MasterKey:
    """There is no master key: say how to come by one.

    Raises:
        BadInput: always.

    """
    raise BadInput.of(
        "keys-missing",
        f"what is of a patient is sealed, and no master key is named; set {VARIABLE} to its file "
        "(make one with `presis keys make FILE`, outside the record's folder).",
        field=VARIABLE,
        accepted="a file made by `presis keys make`",
    )


def make_master_key(file: Path, random: Randomness) -> None:
    """Write a new master key, readable by its owner alone; never over a file that is there.

    Raises:
        BadInput: if there is a file already, or it can't be written.

    """
    text = f"{_FORM} {base64.b64encode(random(_SIZE)).decode()}\n"
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(text, encoding="ascii")
    except FileExistsError:
        raise BadInput.of(
            "keys-there", "there is a file already; a master key is never written over.", file=str(file)
        ) from None
    except OSError as error:
        raise BadInput.of(
            "keys-unwritable", f"can't be written ({error.strerror}); name another.", file=str(file)
        ) from None


def load_master_key(named: str | None, record_file: str | None) -> MasterKey:
    """The master key of a file; `record_file` is where an SQLite record lies.

    Raises:
        BadInput: if none is named, it can't be read, others can read it, or it lies beside the record, where
            whoever copies the one copies the other.

    """
    if not named:
        return no_keys()
    file = Path(named).expanduser()
    if record_file is not None and Path(record_file).resolve().parent in file.resolve().parents:
        raise BadInput.of(
            "keys-beside-record",
            "the master key lies in the record's own folder, where a copy takes both; move it elsewhere.",
            file=str(file),
            field=VARIABLE,
        )
    try:
        if file.stat().st_mode & 0o077:
            raise BadInput.of(
                "keys-open",
                "others than its owner can read the master key; run `chmod 600` on it.",
                file=str(file),
            )
        form, _, secret = file.read_text(encoding="ascii").strip().partition(" ")
        if form == _FORM:
            return MasterKey(base64.b64decode(secret, validate=True))
    except OSError as error:
        raise BadInput.of(
            "keys-unreadable",
            f"the master key can't be read ({error.strerror}).",
            file=str(file),
            field=VARIABLE,
        ) from None
    except (UnicodeDecodeError, binascii.Error, ValueError):
        pass
    raise BadInput.of(
        "keys-malformed",
        "isn't a master key; make one with `presis keys make FILE`.",
        file=str(file),
        field=VARIABLE,
    )


def seal(key: bytes, subject: str, content: bytes, nonce: bytes) -> bytes:
    """A content, compressed and encrypted under a subject's key."""
    return nonce + _cipher(key).encrypt(nonce, zlib.compress(content, 1), subject.encode())


def unseal(key: bytes, subject: str, sealed: bytes) -> bytes:
    """A sealed content again.

    Raises:
        BadInput: if it was changed, or belongs to another subject.

    """
    changed = BadInput.of("content-unreadable", "a sealed content was changed or isn't this patient's.")
    return zlib.decompress(_opened(_cipher(key), sealed, subject, changed))


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _opened(cipher: AESGCM, sealed: bytes, subject: str, problem: BadInput) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], subject.encode())
    except InvalidTag:
        raise problem from None


@dataclass(slots=True)
class Vault:
    """What a decision seals: ciphertexts by their hash, and the keys made for new subjects.

    `stored` gives a subject's wrapped key, None if there is none yet. All is written with the facts.
    """

    keys: Keys
    stored: Callable[[str], bytes | None]
    random: Randomness
    sealed: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    wrapped: dict[str, bytes] = field(default_factory=dict)
    _open: dict[str, bytes] = field(default_factory=dict)

    def seal(self, subject: str, content: bytes) -> str:
        """Seal a content of a subject; the ciphertext's SHA-256, hexadecimal, for the fact that names it."""
        data = seal(self._key(subject), subject, content, self.random(_NONCE))
        digest = hashlib.sha256(data).hexdigest()
        self.sealed[digest] = (subject, data)
        return digest

    def _key(self, subject: str) -> bytes:
        if subject not in self._open:
            wrapped = self.stored(subject)
            if wrapped is None:
                key = self.random(_SIZE)
                self.wrapped[subject] = self.keys().wrap(subject, key, self.random(_NONCE))
            else:
                key = self.keys().unwrap(subject, wrapped)
            self._open[subject] = key
        return self._open[subject]
