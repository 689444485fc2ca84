"""What happened: facts in streams, known at any moment, chained, corrected and never edited.

The store's libraries are loaded when a record is opened, not when this package is imported.
"""

from presis.record.actor import Actor
from presis.record.command import Command, Edge, Handling, Subject, numbered
from presis.record.fact import Fact, Moment, NewFact, clinical_date, corrected, entered_in_error
from presis.record.fold import fold, in_place
from presis.record.location import record_url
from presis.record.outcome import Conflict, Refusal
from presis.record.registry import FactModel, Registry, Upcaster
from presis.record.room import Room, StreamKind
from presis.record.views import View

__all__ = [
    "Actor",
    "Command",
    "Conflict",
    "Edge",
    "Fact",
    "FactModel",
    "Handling",
    "Moment",
    "NewFact",
    "Refusal",
    "Registry",
    "Room",
    "StreamKind",
    "Subject",
    "Upcaster",
    "View",
    "clinical_date",
    "corrected",
    "entered_in_error",
    "fold",
    "in_place",
    "numbered",
    "record_url",
]
