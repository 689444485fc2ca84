"""Pathology's results, pictures and disagreements of a molecular profile, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console

from presis.diagnostics.as_json import reason_json
from presis.diagnostics.marker_answers import result_reason
from presis.diagnostics.pathology import Attachment, Disagreement, PathologyMarker
from presis.documents.language import Language, words

MARKER_COLUMNS = ("result", "assay", "date", "specimen", "line")
PICTURE_COLUMNS = ("file", "what", "sha256")


def marker_row(marker: PathologyMarker) -> tuple[str, ...]:
    """One result of pathology."""
    where = ", ".join(filter(None, (marker.specimen, marker.block)))
    result = words(Language.EN).why(result_reason(marker))
    return (result, marker.assay or "", marker.date or "", where, str(marker.line))


def picture_row(picture: Attachment) -> tuple[str, ...]:
    """One picture, with the beginning of its hash."""
    return (picture.name, words(Language.EN).say(f"picture.{picture.kind}"), picture.sha256[:12])


def disagreements_text(out: Console, disagreements: Iterable[Disagreement]) -> None:
    """Each disagreement with both sides."""
    say = words(Language.EN)
    for each in disagreements:
        out.print(f"\n{each.subject}: methods disagree, neither overrules.", markup=False)
        for side in each.sides:
            told = ", ".join((side.date or "date not reported", side.specimen or "specimen not reported"))
            method = say.term("side-method", side.method)
            out.print(f"  {method}: {say.why(side.result)} ({told})", markup=False)
        out.print(f"  Settled by: {say.why(each.settled_by)}", markup=False)


def disagreement_json(each: Disagreement) -> dict[str, Any]:
    """A disagreement as data, with English sentences."""
    say = words(Language.EN)
    return {
        "id": each.id,
        "subject": each.subject,
        "sides": [
            {"method": s.method, "result": reason_json(s.result, say), "date": s.date, "specimen": s.specimen}
            for s in each.sides
        ],
        "unsettles": sorted(each.unsettles),
        "beside": sorted(each.beside),
        "settled_by": reason_json(each.settled_by, say),
    }
