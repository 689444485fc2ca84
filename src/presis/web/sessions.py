"""Who is logged in: sessions kept at the server, so that logging out ends them, and idleness too."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from presis.record import Actor

COOKIE = "presis"


@dataclass(slots=True)
class Session:
    """One login. `csrf` stands in every form of it; times are those of the application's clock.

    `id_token` is the provider's, by which it knows the login again when one leaves.
    """

    actor: Actor
    csrf: str
    begun: datetime
    used: datetime
    notice: str | None = None
    id_token: str | None = field(default=None, repr=False)


@dataclass(slots=True)
class Sessions:
    """All logins of this server, by the hash of the cookie's token."""

    idle: timedelta
    longest: timedelta
    _open: dict[str, Session] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def begin(self, actor: Actor, now: datetime, id_token: str | None = None) -> str:
        """A new login; the token for the cookie."""
        return self._add(Session(actor, secrets.token_urlsafe(24), now, now, id_token=id_token), now)

    def change(self, token: str, session: Session, actor: Actor, now: datetime) -> str:
        """The same login in another post: a new token, and no longer to live than before."""
        self.end(token)
        changed = Session(actor, secrets.token_urlsafe(24), session.begun, now, id_token=session.id_token)
        return self._add(changed, now)

    def _add(self, session: Session, now: datetime) -> str:
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._open = {key: each for key, each in self._open.items() if self._is_open(each, now)}
            self._open[_key(token)] = session
        return token

    def find(self, token: str | None, now: datetime) -> Session | None:
        """The login of a token, if it is neither idle for too long nor too old; its time is set anew."""
        if not token:
            return None
        with self._lock:
            session = self._open.get(_key(token))
            if session is None or not self._is_open(session, now):
                self._open.pop(_key(token), None)
                return None
            session.used = now
            return session

    def end(self, token: str | None) -> None:
        """Log out."""
        with self._lock:
            self._open.pop(_key(token or ""), None)

    def _is_open(self, session: Session, now: datetime) -> bool:
        return now - session.used < self.idle and now - session.begun < self.longest


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
