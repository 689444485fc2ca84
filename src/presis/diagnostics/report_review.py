"""What review made of the findings, as the report's reader sees it."""

from __future__ import annotations

from presis.diagnostics.report_model import ReportContent
from presis.documents.language import Words


def review_lines(content: ReportContent, say: Words) -> tuple[str, ...]:
    """A line for each finding that a person took out, classed otherwise, brought back or wrote of."""
    lines = []
    for each in content.dropped:
        told = {"label": each.label, "verdict": say.say(f"verdict.{each.reviewed.verdict}")}
        lines.append(_with(say.say("report.taken-out", told), each.reviewed.text))
    for finding in content.findings:
        reviewed = finding.reviewed
        if reviewed is None:
            continue
        if reviewed.verdict == "reclassified" and finding.oncogenicity is not None:
            told = {
                "label": finding.label,
                "now": _classes(finding.oncogenicity.classes, say),
                "computed": _classes(reviewed.computed, say),
            }
            lines.append(_with(say.say("report.classed-by-hand", told), reviewed.text))
        elif finding.kept_by == "review":
            lines.append(_with(say.say("report.brought-back", {"label": finding.label}), reviewed.text))
        elif reviewed.text:
            lines.append(f"{finding.label}: {reviewed.text}")
    return tuple(lines)


def _with(line: str, text: str | None) -> str:
    return f"{line} {text}" if text else line


def _classes(classes: list[str], say: Words) -> str:
    return " / ".join(say.say(f"class.{each}") for each in classes) or "–"
