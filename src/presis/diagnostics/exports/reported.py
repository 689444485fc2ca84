"""A report to be exported: its content and where it stands; read back from its JSON file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from presis.diagnostics.report_model import ReportContent, parse_content
from presis.diagnostics.report_view import ReportStatus, Signed
from presis.errors import BadInput


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, and its state as its file or the record tells it."""

    content: ReportContent
    status: ReportStatus


def read_reported(path: Path) -> Reported:
    """A report from the JSON file that `presis report make` or `show --out` wrote.

    The content is checked against the hash beside it. The status isn't part of what was signed: a file's
    status is as good as the file.

    Raises:
        BadInput: if the file can't be read, is no report, or its content was changed.

    """
    file = str(path)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput.of("export.unreadable", f"can't be read ({error.strerror}).", file=file) from None
    except (ValueError, RecursionError):  # the second: nested too deep
        raise BadInput.of("export.no-report", "is no JSON; give the JSON of a report.", file=file) from None
    if not isinstance(document, dict) or not {"report", "status", "content_hash"} <= set(document):
        raise BadInput.of(
            "export.no-report",
            "is no report of Presis; give the JSON that presis report make or show --out wrote.",
            file=file,
        )
    try:
        content = parse_content(json.dumps(document["report"]))
        status = _status(document["status"])
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        raise BadInput.of("export.no-report", f"{place}: {fault['msg']}.", file=file) from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BadInput.of(
            "export.no-report", "its status can't be read.", file=file, field="status"
        ) from None
    if content.content_hash() != document["content_hash"]:
        raise BadInput.of(
            "export.changed",
            "the content isn't the one whose hash stands beside it; it was changed after it was made.",
            file=file,
            found=content.content_hash()[:16],
            accepted=str(document["content_hash"])[:16],
        )
    return Reported(content, status)


def _status(told: dict[str, Any]) -> ReportStatus:
    """The status of a file; raises an error of its kind where a part lacks."""
    signatures = tuple(
        Signed(datetime.fromisoformat(each["at"]), each["by"], each["role"], each["organisation"])
        for each in told.get("signatures", ())
    )
    state = told["state"]
    if state not in ("draft", "signed", "superseded") or (state == "signed" and not signatures):
        raise ValueError(state)
    return ReportStatus(
        state=state,
        number=told.get("number"),
        version=int(told.get("version", 1)),
        signatures=signatures,
        needed=int(told.get("needed", 1)),
        replaces=told.get("replaces"),
        reason=told.get("reason"),
        replaced_by=told.get("replaced_by"),
    )
