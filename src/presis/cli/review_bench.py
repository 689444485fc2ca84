"""What a review works on, and a finding found by its key or its name."""

from __future__ import annotations

from dataclasses import dataclass

from presis.cli.desk import Desk, patient_of
from presis.diagnostics.bench import computed_content, opened_judgements
from presis.diagnostics.judged import Judgements
from presis.diagnostics.report_model import FindingJson, ReportContent
from presis.diagnostics.requisition import Requisition
from presis.diagnostics.review_lists import Reviewed
from presis.errors import BadInput


@dataclass(frozen=True, slots=True)
class Bench:
    """A requisition whose files were read: what was computed, and what people judged."""

    state: Requisition
    version: int
    content: ReportContent
    judged: Judgements

    @property
    def number(self) -> str:
        """The requisition's number."""
        return self.state.number


def bench_of(desk: Desk, number: str, page: str, action: str | None = None) -> Bench:
    """The bench of a review, for a look or for an action; `BadInput` if no files were read yet.

    What is opened here is shown, whole or in part: it is written down as a view of `page`.
    """
    state, version = desk.look(number) if action is None else desk.allowed(number, action)
    if state.reading is None:
        raise BadInput.of(
            "nothing-read",
            f"no files of {number} have been read yet; take them in with `presis requisition read`.",
        )
    desk.shown(f"requisitions/{number}/{page}", [patient_of(state)])
    unseal = desk.application.open_content
    return Bench(state, version, computed_content(state, unseal), opened_judgements(state, unseal))


def finding_named(bench: Bench, text: str) -> Reviewed:
    """The one finding with a key, or with a name; raises `BadInput` for none and for several."""
    every: list[Reviewed] = [*bench.content.findings, *bench.content.left_out]
    every = [each for each in every if each.key]
    found = [each for each in every if each.key == text.strip()]
    found = found or [each for each in every if _plain(text) in _names(each)]
    if len(found) == 1:
        return found[0]
    if found:
        listed = "; ".join(f"“{each.key}”" for each in found)
        raise BadInput.of(
            "finding-unclear",
            f"{len(found)} findings of {bench.number} are called {text!r}; name one by its key: {listed}.",
            field="FINDING",
            found=text,
            accepted=listed,
        )
    raise BadInput.of(
        "finding-absent",
        f"{bench.number} has no finding {text!r}; `presis review list {bench.number}` prints their keys.",
        field="FINDING",
        found=text,
        accepted="the key of a finding",
    )


def _names(each: Reviewed) -> set[str]:
    names = {_plain(each.label)}
    if isinstance(each, FindingJson) and each.genes:
        names |= {_plain(f"{each.genes[0]} {change}") for change in (each.protein, each.cdna) if change}
    return names


def _plain(text: str) -> str:
    """A name without what people write one way or the other: case, blanks, `p.` and its brackets."""
    plain = text.casefold().replace(" ", "").replace("\u200b", "")
    return plain.replace("p.", "").replace("(", "").replace(")", "")
