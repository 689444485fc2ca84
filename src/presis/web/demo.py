"""The demo: a record of its own in a folder that goes when the server stops, with invented requisitions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from presis.application import Application, all_rooms, now, open_application
from presis.diagnostics.bench import laboratory_interpreter
from presis.diagnostics.intake import take_in
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.other_results import other_results
from presis.diagnostics.requisition import AssessMaterial, ReceiveRequisition, TakeStep
from presis.diagnostics.review import ReadFiles
from presis.governance.patients import Identity, normalised
from presis.record import Actor, Command, Fact
from presis.record.sealing import MasterKey, load_master_key, make_master_key
from presis.record.store import initialise

MONA = Actor("mona.bio", "bioinformatician", "haukeland")
KARI = Actor("kari.lab", "molecular_pathologist", "haukeland")

#: Invented requisitions: patient, specimen, tumour, days ago, urgent, how far it has come, its files.
SAMPLES = (
    ("INVENTED-CRC-1", "H26-1001", "COAD", 6, True, "read", "invented_colorectal"),
    ("ACROMETRIX", "H26-1002", None, 5, False, "read", "acrometrix"),
    ("NA12878", "CL-NA12878N25", None, 4, False, "read", "na12878"),
    ("INVENTED-4", "H26-1004", "LUAD", 9, False, "sequenced", None),
    ("INVENTED-5", "H26-1005", "CHOL", 7, False, "library", None),
    ("INVENTED-6", "H26-1006", "BRCA", 3, True, "material", None),
    ("INVENTED-7", "H26-1007", "SKCM", 1, False, "received", None),
    ("INVENTED-8", "H26-1008", "PRAD", 0, False, "received", None),
)


@contextmanager
def demo_application() -> Iterator[Application]:
    """An application over a new record with invented requisitions."""
    with (
        TemporaryDirectory(prefix="presis-demo-") as folder,
        TemporaryDirectory(prefix="presis-key-") as apart,
    ):
        key = Path(apart) / "master.key"
        make_master_key(key, os.urandom)
        file = str(Path(folder) / "presis.db")
        url = f"sqlite:///{file}"
        initialise(url, all_rooms(), now)
        loaded: list[MasterKey] = [load_master_key(str(key), file)]
        application = open_application(url, keys=lambda: loaded[0])
        fill(application)
        yield application
        application.record.database.close()


def fill(application: Application) -> None:
    """The invented requisitions, each as far as it has come."""
    interpreter = laboratory_interpreter(application.record, MONA.organisation)
    for patient, specimen, tumour, ago, urgent, reached, folder in SAMPLES:
        day = application.clock().date()
        received = day.fromordinal(day.toordinal() - ago).isoformat()
        identity = Identity(
            text=patient,
            index=application.keys().index("identity", normalised(MONA.organisation, patient)),
        )
        command = ReceiveRequisition(
            id=application.ids(), identity=identity, received=received, requester="ahus", urgent=urgent,
            specimen=specimen, tumour=tumour, details="Invented for demonstration.",
        )  # fmt: skip
        outcome = _done(application, command, MONA)
        number = next(f.payload.number for f in outcome if f.stream.startswith("requisition-"))
        _on(application, number, reached)
        if folder is not None:
            _read(application, interpreter, number, folder)


def _done(application: Application, command: Command, actor: Actor) -> tuple[Fact[Any], ...]:
    outcome = application.handle(command, actor)
    if not isinstance(outcome, tuple):
        raise TypeError(outcome.message)
    return outcome


def _on(application: Application, number: str, reached: str) -> None:
    if reached == "received":
        return
    _done(application, AssessMaterial(id=application.ids(), number=number, adequate=True, cells=0.6), KARI)
    for step in ("extracted", "library", "sequenced"):
        if reached == "material":
            return
        _done(application, TakeStep(id=application.ids(), number=number, step=step), MONA)
        if reached == step:
            return


def _read(application: Application, interpreter: Interpreter, number: str, name: str) -> None:
    folder = Path(str(files("presis.diagnostics") / "demo_data" / name))
    state = application.look(MONA, "show-requisition", f"requisition-{number}").state  # type: ignore[union-attr]
    beside = partial(
        other_results, application.record, application.open_content, application.keys().index, state
    )
    laboratory = "Haukeland universitetssjukehus"
    taken = take_in(sorted(folder.iterdir()), state, interpreter, laboratory, beside)
    command = ReadFiles(
        id=application.ids(),
        number=number,
        files=taken.files,
        profile=taken.profile,
        content=taken.content,
    )
    _done(application, command, MONA)
