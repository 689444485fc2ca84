"""The report's section on hotspots: its data, and its words in one language, grouped by gene."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from presis.diagnostics.as_json import amp_json
from presis.diagnostics.hotspots import hotspot_list
from presis.diagnostics.interpretation import Interpretation
from presis.diagnostics.position_coverage import HotspotAnswer, assess
from presis.diagnostics.report_positions_form import HotspotJson, HotspotsJson
from presis.diagnostics.wild_type import PREFIX
from presis.documents.language import Words
from presis.documents.runs import Runs
from presis.methods.reasons import Reason, Value

Json = dict[str, Any]


def hotspots_json(interpretation: Interpretation, en: Words) -> Json:
    """The section's data."""
    positions = hotspot_list()
    answers = assess(interpretation.findings, positions)
    return {
        "list_id": positions.id,
        "list_version": positions.version,
        "positions": [_hotspot(each, interpretation, en) for each in answers],
    }


def _hotspot(each: HotspotAnswer, interpretation: Interpretation, en: Words) -> Json:
    build = interpretation.profile.build
    place = None if build is None else each.hotspot.places[build]
    return {
        "id": each.hotspot.id,
        "gene": each.hotspot.gene,
        "what": each.hotspot.what,
        "place": None if place is None else f"{place.chromosome}:{place.start}-{place.end}",
        "state": each.state.value,
        "depth": each.depth,
        "needed": each.needed,
        "findings": list(each.findings),
        "file": each.file,
        "why": _why(each.why.code, each.why.values, en),
        "why_code": each.why.code,
        "why_values": dict(each.why.values),
    }


def wild_type_findings(interpretation: Interpretation, en: Words) -> Iterator[Json]:
    """A wild type that holds and that a drug hangs on, as a finding of its own."""
    named = {ident for option in interpretation.actionability.options for ident in option.findings}
    for ident in sorted(each for each in named if each.startswith(PREFIX)):
        genes = ident.removeprefix(PREFIX)
        yield {
            "id": ident,
            "kind": "wild_type",
            "genes": genes.split("/"),
            "label": f"{genes} wild type",
            "amp": amp_json(interpretation.tiers.get(ident, ()), None, en),
        }


def _why(code: str, values: Mapping[str, Value], say: Words) -> str:
    """A reason in words, the words of filters and of coverage within it too."""
    told = {
        **values,
        **({"step": say.term("step", str(values["step"]))} if "step" in values else {}),
        **({"reason": say.term("why-not", str(values["reason"]))} if "reason" in values else {}),
    }
    return say.why(Reason(code, told))


@dataclass(frozen=True, slots=True)
class HotspotsView:
    """The section in words: positives and what can't be assessed by name, the rest counted."""

    title: str
    lines: tuple[Runs, ...]


def hotspots_view(hotspots: HotspotsJson, say: Words) -> HotspotsView | None:
    """The section; None where the content is older than it."""
    if not hotspots.positions:
        return None
    by_state: dict[str, list[HotspotJson]] = {}
    for each in hotspots.positions:
        by_state.setdefault(each.state, []).append(each)
    lines = [
        _named("positive", by_state.get("positive", ()), say),
        *_not_assessable(by_state.get("not_assessable", ()), say),
        _negative(by_state.get("negative", ()), say),
        _counted("depth-unknown", by_state.get("depth_unknown", ()), say),
        _counted("not-tested", by_state.get("not_tested", ()), say),
    ]
    return HotspotsView(say.say("hotspots.title"), tuple(line for line in lines if line))


def _named(code: str, positions: Iterable[HotspotJson], say: Words) -> Runs:
    """The positives by gene: `BRAF codons 600-601 (BRAF p.V600E)`."""
    runs: list[tuple[str, str]] = []
    for gene, group in _by_gene(positions).items():
        # a change may lie in a codon and in its exon: it is named once, with the positions that hold it
        by_finding: dict[str, list[str]] = {}
        for each in group:
            by_finding.setdefault(str(each.why_values.get("finding", "")), []).append(_what(each, say))
        texts = [f"{', '.join(places)} ({finding})" for finding, places in by_finding.items()]
        runs += [("", "; " if runs else ""), ("gene", gene), ("", f" {'; '.join(texts)}")]
    return (("bold", f"{say.say(f'hotspots.{code}')} "), *runs, ("", ".")) if runs else ()


def _not_assessable(positions: Sequence[HotspotJson], say: Words) -> Iterator[Runs]:
    """One line for each reason that many share, else by gene with the reason behind each position."""
    groups: dict[str, list[HotspotJson]] = {}
    for each in positions:
        groups.setdefault(_why(each.why_code, each.why_values, say), []).append(each)
    for why, group in groups.items():
        runs: list[tuple[str, str]] = [("open", f"{say.say('hotspots.not-assessable')}: ")]
        if len(group) == len(positions) and len(group) > 1:
            yield (*runs, ("", say.say("hotspots.all", {"count": len(group), "why": why})))
            continue
        for gene, own in _by_gene(group).items():
            names = ", ".join(_what(each, say) for each in own)
            runs += [("", "; " if len(runs) > 1 else ""), ("gene", gene), ("", f" {names}")]
        yield (*runs, ("", f" – {why}."))


def _negative(positions: Iterable[HotspotJson], say: Words) -> Runs:
    found = list(positions)
    if not found:
        return ()
    values = {
        "count": len(found),
        "genes": len({each.gene for each in found}),
        "depth": min(each.depth or 0 for each in found),
        "needed": max(each.needed or 0 for each in found),
    }
    return (("", say.say("hotspots.negative", values)),)


def _counted(code: str, positions: Iterable[HotspotJson], say: Words) -> Runs:
    found = list(positions)
    values = {"count": len(found), "genes": len({each.gene for each in found})}
    return (("open", say.say(f"hotspots.{code}", values)),) if found else ()


def _by_gene(positions: Iterable[HotspotJson]) -> Mapping[str, list[HotspotJson]]:
    groups: dict[str, list[HotspotJson]] = {}
    for each in positions:
        groups.setdefault(each.gene, []).append(each)
    return groups


def _what(each: HotspotJson, say: Words) -> str:
    """`codons 12-13` in the language of the report; what the catalogue doesn't know stays as it is."""
    whole = say.term("hotspot-what", each.what)
    if whole != each.what:
        return whole
    word, _, rest = each.what.partition(" ")
    return f"{say.term('hotspot-word', word)} {rest}".strip()
