"""Panel files taken in for a requisition: read, interpreted, and cut to its own sample for keeping."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from presis.diagnostics.bench import Beside, Unseal
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.keeping import ATTACHMENTS, kept_files
from presis.diagnostics.kept_profile import parse_profile, profile_bytes
from presis.diagnostics.not_usable import reason_of
from presis.diagnostics.other_results import for_report
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.reading import read_one
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_making import refuse_unannotated, with_tumour
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.requisition import Requisition
from presis.diagnostics.requisition_correction import CorrectRequisition, put_right
from presis.diagnostics.requisition_specimen import by_requisition
from presis.diagnostics.review import Upload
from presis.diagnostics.tumour_context import OtherSamples
from presis.documents.language import Words

#: What a panel's folder may hold; a file's content decides what it is.
SUFFIXES = (".tsv", ".csv", ".txt", ".yaml", ".yml", ".json", ".vcf", ".gvcf", ".gz", ".bed", *ATTACHMENTS)


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
    *,
    invented: bool = False,
) -> TakenIn:
    """Read one specimen's files beside what the laboratory has; `sample` names it where they hold several.

    `invented`: in a demonstration nothing is anybody's, whatever the files say.

    Raises:
        BadInput: if they can't be used, or contradict the requisition.

    """
    profile = read_one(paths, interpreter.library, sample=sample)
    refuse_unannotated(profile)
    profile = with_tumour(profile, None, interpreter.library)
    profile = replace(
        profile, specimen=replace(profile.specimen, invented=invented or profile.specimen.invented)
    )
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
    profile = by_requisition(profile, state)
    others = beside(profile)
    interpretation = interpreter.interpret(profile, others=OtherSamples(normal=others.normal))
    checks = for_report(others.checks(profile))
    return report_content(interpretation, interpreter.library, laboratory, checks, others.requested)


def corrected_content(
    state: Requisition,
    command: CorrectRequisition,
    unseal: Unseal,
    interpreter: Interpreter,
    laboratory: str | None,
    beside: Callable[[Requisition], Beside],
) -> ReportContent | None:
    """What a requisition's files say once it is put right; None where they aren't in review.

    Raises:
        BadInput: if the files and the corrected requisition contradict each other.

    """
    if state.reading is None or state.received is None or state.state != "review":
        return None
    corrected = replace(state, received=put_right(state.received, command))
    profile = parse_profile(unseal(state.reading.profile))
    return content_of(profile, corrected, interpreter, laboratory, beside(corrected))


def name_fault(names: Sequence[str]) -> tuple[str, dict[str, str]] | None:
    """Why files of these names aren't taken in, as the catalogue's code and its values; None if they are."""
    if not names:
        return "web.no-files", {}
    for name in names:
        if not name.lower().endswith(SUFFIXES):
            return "web.file-type", {"name": name, "accepted": ", ".join(SUFFIXES)}
    twice = next((name for name in names if names.count(name) > 1), None)
    return ("web.file-twice", {"name": twice}) if twice else None


@dataclass(frozen=True, slots=True)
class WhatWasRead:
    """What came of reading: each line that no finding was made of, remarks, and how quality stands.

    `lost` has the place and what stood there; `quality` is the catalogue's code, `failed` the measures
    outside their limits.
    """

    lost: tuple[tuple[str, str], ...]
    remarks: int
    quality: str
    failed: int


def what_was_read(content: ReportContent, say: Words) -> WhatWasRead:
    """What came of reading a content's files, in a language."""
    lost = [each for each in content.not_usable if each.severity == "lost"]
    failed = sum(1 for each in content.quality.measures if each.verdict == "fail")
    known = "web.quality-failed" if failed else "web.quality-ok"
    return WhatWasRead(
        lost=tuple((f"{each.file}:{each.line}", f"{each.found} ({reason_of(each, say)})") for each in lost),
        remarks=len(content.not_usable) - len(lost),
        quality=known if content.quality.known else "web.quality-unknown",
        failed=failed,
    )
