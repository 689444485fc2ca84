"""Which rows of pathology's files belong to a specimen; contradictory ones are used as neither."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.pathology import PathologyMarker
from presis.diagnostics.profile import InputFile, NotUsable
from presis.diagnostics.readers.pathology_markers import MarkerFile
from presis.diagnostics.readers.sample_id import bare, spells
from presis.methods.reasons import Reason

#: rows of other specimens are listed one by one up to here, then counted
MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class OwnRows:
    """The results of one specimen, what wasn't used of the files, and the files that they came from."""

    markers: tuple[PathologyMarker, ...] = ()
    not_usable: tuple[NotUsable, ...] = ()
    files: tuple[InputFile, ...] = ()


def own_rows(files: Sequence[MarkerFile], ids: frozenset[str], others: Sequence[frozenset[str]]) -> OwnRows:
    """The rows whose specimen is one of `ids`; `others` are the ids of the other specimens given.

    A row without a specimen belongs to the only specimen there is. One that fits several belongs to none.
    """
    found: list[PathologyMarker] = []
    listed: list[NotUsable] = []
    used: list[InputFile] = []
    for file in files:
        mine = [each for each in file.markers if _fits(each, ids, alone=not others)]
        unclear = [each for each in mine if any(_fits(each, other, alone=False) for other in others)]
        unclear += [each for each in file.markers if each.specimen is None and others]
        listed += [_lost(each, Reason.of("reading.marker-whose")) for each in unclear]
        kept = [each for each in mine if each not in unclear]
        placed = [each for each in file.markers if any(_fits(each, told, alone=False) for told in others)]
        foreign = [each for each in file.markers if each not in (*mine, *unclear, *placed)]
        listed += _foreign(file, foreign, any_used=bool(kept) or bool(placed))
        listed += file.not_usable
        if kept or unclear or not others:
            used.append(file.file)
        found += kept
    good, remarks = _agreeing(found)
    return OwnRows(tuple(good), (*listed, *remarks), tuple(used))


def _fits(marker: PathologyMarker, ids: frozenset[str], *, alone: bool) -> bool:
    if marker.specimen is None:
        return alone
    told = bare(marker.specimen)
    return any(told == each or spells(told, each) for each in ids)


def _foreign(file: MarkerFile, rows: Sequence[PathologyMarker], *, any_used: bool) -> Iterator[NotUsable]:
    """Rows of other specimens, without saying whose; if nothing else is there, a result may be lost."""
    severity = "remark" if any_used else "lost"
    reason = Reason.of("reading.marker-foreign")
    if len(rows) > MOST_LISTED:
        yield not_usable(
            file=file.text.name, line=0, why=reason, found=f"{len(rows)} rows", severity=severity
        )
        return
    for each in rows:
        yield not_usable(file=each.file, line=each.line, why=reason, found=each.name, severity=severity)


def _agreeing(found: Sequence[PathologyMarker]) -> tuple[list[PathologyMarker], list[NotUsable]]:
    """Results without those that contradict each other, and without what is said twice."""
    good: list[PathologyMarker] = []
    remarks: list[NotUsable] = []
    for index, each in enumerate(found):
        against = [other for other in found if other is not each and _contradicts(each, other)]
        if against:
            lines = ", ".join(f"{other.score} in {other.file}:{other.line}" for other in against)
            remarks.append(_lost(each, Reason.of("reading.marker-contradicted", lines=lines)))
        elif any(_same(each, other) for other in found[:index]):
            reason = Reason.of("reading.marker-twice")
            remarks.append(
                not_usable(file=each.file, line=each.line, why=reason, found=_words(each), severity="remark")
            )
        else:
            good.append(each)
    return good, remarks


def _contradicts(one: PathologyMarker, other: PathologyMarker) -> bool:
    """Another score of one test on what may be one block and day; one that failed contradicts none."""
    if (one.marker, one.method) != (other.marker, other.method) or one.score == other.score:
        return False
    if not (one.assessable and other.assessable):
        return False
    if (one.low is None) is not (other.low is None):
        return False  # a word and a number: what each says is asked when something hangs on it
    spans = (one.low, one.high, other.low, other.high)
    if None not in spans and (one.low or 0) <= (other.high or 0) and (other.low or 0) <= (one.high or 0):
        return False  # spans that overlap
    pairs = ((one.block, other.block), (one.date, other.date), (one.assay, other.assay))
    return all(a is None or b is None or a == b for a, b in pairs)


def _same(one: PathologyMarker, other: PathologyMarker) -> bool:
    names = ("marker", "method", "score", "unit", "assay", "threshold", "date", "block")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _lost(marker: PathologyMarker, reason: Reason) -> NotUsable:
    return not_usable(file=marker.file, line=marker.line, why=reason, found=_words(marker))


def _words(marker: PathologyMarker) -> str:
    return f"{marker.name} {marker.method} {marker.score}"
