"""Panel files taken in for a requisition: read, interpreted, and cut to its own sample for keeping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from presis.diagnostics.bench import Beside
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.keeping import ATTACHMENTS, kept_files
from presis.diagnostics.kept_profile import profile_bytes
from presis.diagnostics.other_results import for_report
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.reading import read_one
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_making import refuse_unannotated, with_tumour
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.requisition import Requisition
from presis.diagnostics.requisition_specimen import with_requisition
from presis.diagnostics.review import Upload
from presis.diagnostics.tumour_context import OtherSamples


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What `ReadFiles` is given: the files as they are kept, the profile as it is sealed, its content."""

    files: tuple[Upload, ...]
    profile: bytes
    content: ReportContent


def take_in(
    paths: Sequence[Path],
    state: Requisition,
    interpreter: Interpreter,
    laboratory: str | None,
    beside: Beside,
    sample: str | None = None,
) -> TakenIn:
    """Read one specimen's files beside what the laboratory has; `sample` names it where they hold several.

    Raises:
        BadInput: if they can't be used, or contradict the requisition.

    """
    panel = [path for path in paths if path.suffix.lower() not in ATTACHMENTS]
    profile = read_one(panel, interpreter.library, sample=sample)
    refuse_unannotated(profile)
    profile = with_tumour(profile, None, interpreter.library)
    content = content_of(profile, state, interpreter, laboratory, beside)
    return TakenIn(kept_files(paths, profile), profile_bytes(profile), content)


def content_of(
    profile: MolecularProfile,
    state: Requisition,
    interpreter: Interpreter,
    laboratory: str | None,
    beside: Beside,
) -> ReportContent:
    """What is computed of a profile and its requisition, before anybody has judged.

    Raises:
        BadInput: if the two contradict each other.

    """
    profile = replace(profile, specimen=with_requisition(profile.specimen, state))
    others = beside(profile)
    interpretation = interpreter.interpret(profile, others=OtherSamples(normal=others.normal))
    checks = for_report(others.checks(profile))
    return report_content(interpretation, interpreter.library, laboratory, checks)
