"""What the knowledge room brings to the house."""

from __future__ import annotations

from collections.abc import Callable

from presis.knowledge import confirmation
from presis.knowledge.facts import RowConfirmed
from presis.knowledge.library import Library, load_library
from presis.record import Handling, Room, StreamKind


def knowledge_room(library: Callable[[], Library] = load_library) -> Room:
    """The room over a library, which is loaded when a row is confirmed."""
    return Room(
        name="knowledge",
        facts=(RowConfirmed,),
        streams=(
            StreamKind(prefix="knowledge", initial=confirmation.Confirmations(), apply=confirmation.apply),
        ),
        commands=(
            Handling(
                command=confirmation.ConfirmRow,
                action="confirm-row",
                reads=lambda command: (command.stream,),
                decide=confirmation.decider(library),
                subject=confirmation.subject,
            ),
        ),
        actions={"confirm-row": (confirmation.OPEN,)},
    )


ROOM = knowledge_room()
