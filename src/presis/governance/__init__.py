"""Who may do and see what: people in roles, the access table, signatures, and the tasks that wait."""

from presis.governance.access import AccessTable, load_access
from presis.governance.actors import Directory, Organisation, Person, load_directory, resolve_actor
from presis.governance.roles import SYSTEM, Role
from presis.governance.scopes import Scope
from presis.governance.signing import Meaning, Signature, sign

__all__ = [
    "SYSTEM",
    "AccessTable",
    "Directory",
    "Meaning",
    "Organisation",
    "Person",
    "Role",
    "Scope",
    "Signature",
    "load_access",
    "load_directory",
    "resolve_actor",
    "sign",
]
