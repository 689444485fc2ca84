"""A finding as the review shows it: a row of the list, and the whole of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from presis.diagnostics.judged import Judged
from presis.diagnostics.memory import Seen
from presis.diagnostics.report_findings import finding_name, oncogenicity_text
from presis.diagnostics.report_model import (
    FindingJson,
    LeftOutJson,
    OptionJson,
    ReportContent,
)
from presis.diagnostics.report_parts import ReasonJson
from presis.diagnostics.report_tumour import (
    alleles_text,
    copies_text,
    follow_up_text,
    origin_in_full,
)
from presis.diagnostics.review_lists import measured_text, order_of, tier_text
from presis.documents.language import Words
from presis.documents.runs import Runs
from presis.methods.reasons import Reason

#: Where IGV listens on the pathologist's own machine; the link works only while it runs there.
_IGV = "http://localhost:60151/goto?locus="


@dataclass(frozen=True, slots=True)
class ListRow:
    """A finding in the list; `tone` is `over` for what was dropped, `open` for what nobody judged."""

    key: str
    name: Runs
    measured: str
    computed: str
    tier: str
    verdict: str | None
    seen: str | None
    is_artefact: bool
    order: tuple[int, str, float, str]
    href: str = ""
    current: bool = False

    def marked(self, current: bool, href: str) -> ListRow:  # noqa: FBT001 - a mark, set in one place
        """The row with its address, and whether it is the one that is shown."""
        return replace(self, current=current, href=href)


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion of the oncogenicity standard that was met, or that could still add points."""

    code: str
    points: str
    why: str
    tone: str


@dataclass(frozen=True, slots=True)
class OptionRow:
    """A drug that the finding speaks for or against; `only_if` are the tests that it hangs on besides."""

    drug: str
    direction: str
    tier: str
    holds: str
    only_if: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """The whole of a finding."""

    key: str
    label: str
    name: Runs
    pairs: tuple[tuple[str, str], ...]
    computed: str
    criteria: tuple[CriterionRow, ...]
    options: tuple[OptionRow, ...]
    left_out: str | None
    igv: str | None


def list_row(
    each: FindingJson | LeftOutJson, judged: Judged | None, seen: Seen | None, say: Words
) -> ListRow:
    """A finding as a row."""
    if isinstance(each, LeftOutJson):
        name: Runs = (("", each.label),)
        measured, computed, tier = "", say.term("step", each.step), ""
    else:
        name, measured = finding_name(each, say), measured_text(each, say)
        computed, tier = oncogenicity_text(each, say), tier_text(each.amp, say)
    verdict = None
    if judged is not None:
        verdict = say.say(f"verdict.{judged.verdict}")
        if judged.oncogenicity:
            verdict = say.say(f"class.{judged.oncogenicity}")
    return ListRow(
        key=each.key or "",
        name=name,
        measured=measured,
        computed=computed,
        tier=tier,
        verdict=verdict,
        seen=None if seen is None else say.say("web.seen-times", {"times": seen.times}),
        is_artefact=seen is not None and seen.is_artefact,
        order=order_of(each),
    )


def finding_view(each: FindingJson | LeftOutJson, content: ReportContent, say: Words) -> FindingView:
    """The whole of a finding; of a variant that was left out, what is known of it and why."""
    if isinstance(each, LeftOutJson):
        why = "; ".join(_why(reason, say) for reason in each.why)
        step = say.term("step", each.step)
        return FindingView(
            key=each.key or "",
            label=each.label,
            name=(("", each.label),),
            pairs=_told((("place", each.place), ("source", each.source)), say),
            computed="",
            criteria=(),
            options=(),
            left_out=say.say("web.left-out-because", {"step": step, "why": why}) if why else step,
            igv=_igv(each.place, content.build),
        )
    return FindingView(
        key=each.key or "",
        label=each.label,
        name=finding_name(each, say),
        pairs=(*_pairs(each, say), *_in_the_tumour(each, content, say)),
        computed=oncogenicity_text(each, say),
        criteria=_criteria(each, say),
        options=tuple(_option(option, say) for option in content.options if _speaks_of(option, each.id)),
        left_out=None,
        igv=_igv(each.place, content.build),
    )


def _pairs(each: FindingJson, say: Words) -> tuple[tuple[str, str], ...]:
    transcript = " ".join(filter(None, (each.transcript, each.cdna)))
    fraction = say.percent(each.allele_fraction) if each.allele_fraction is not None else None
    population = None
    if each.population is not None:
        highest = max(each.population.values(), default=0.0)
        population = say.percent(highest) if each.population else say.say("web.absent-from-populations")
    return _told(
        (
            ("transcript", transcript or None),
            ("consequence", ", ".join(_consequence(word, say) for word in each.consequences) or None),
            ("exon", each.exon),
            ("place", each.place),
            ("fraction", fraction),
            ("depth", str(each.depth) if each.depth is not None else None),
            ("population", population),
            ("fold", say.number(each.fold_change, 2) if each.fold_change is not None else None),
            ("reads", str(each.supporting_reads) if each.supporting_reads is not None else None),
            ("breakpoints", " – ".join(each.breakpoints) or None),
            ("tier", tier_text(each.amp, say) or None),
            ("caller-class", each.caller_class),
            ("kept-by", say.term("step", each.kept_by) if each.kept_by else None),
            ("source", each.source),
        ),
        say,
    )


def _consequence(word: str, say: Words) -> str:
    """A consequence of Sequence Ontology in words; one that the catalogue lacks as it is written."""
    return say.term("consequence", word).replace("_", " ")


def _in_the_tumour(each: FindingJson, content: ReportContent, say: Words) -> tuple[tuple[str, str], ...]:
    """What the share of tumour cells makes of it: origin, copies, both alleles of the gene, referral."""
    alleles = [state for state in content.allelic_states if state.gene in each.genes]
    referrals = [told for told in content.follow_ups if told.finding.id == each.id]
    parts = ", ".join(f"{part.label} ({part.place})" for part in each.parts)
    notes = "; ".join(_why(note, say) for note in each.notes)
    return _told(
        (
            ("origin", origin_in_full(each, say) or None),
            ("copies", copies_text(each, say) or None),
            *(("alleles", alleles_text(state, say)) for state in alleles),
            ("parts", parts or None),
            ("notes", notes or None),
            *(("referral", follow_up_text(told, say)) for told in referrals),
        ),
        say,
    )


def _told(pairs: tuple[tuple[str, str | None], ...], say: Words) -> tuple[tuple[str, str], ...]:
    return tuple((say.say(f"field.{name}"), value) for name, value in pairs if value)


def _criteria(each: FindingJson, say: Words) -> tuple[CriterionRow, ...]:
    """What gave points first, then what could still add some; what was asked and didn't hold is left off."""
    if each.oncogenicity is None:
        return ()
    rows = []
    for told in each.oncogenicity.criteria:
        if told.met == "no" and not told.could_add:
            continue
        points = (
            told.points
            if isinstance(told.points, int)
            else f"{told.points[0]} {say.say('report.to')} {told.points[1]}"
        )
        met = told.state == "met"
        shown = f"{points:+d}" if isinstance(points, int) else points
        could = say.say("web.could-add", {"points": f"{told.could_add:+d}"})
        why = say.why(Reason(told.why_code, told.why_values))
        rows.append(CriterionRow(told.code, shown if met else could, why, "fits" if met else "open"))
    return tuple(sorted(rows, key=lambda row: row.tone != "fits"))


def _option(option: OptionJson, say: Words) -> OptionRow:
    word = "report.resistance" if option.direction == "resistance" else "web.sensitivity"
    return OptionRow(
        drug=say.phrase("drugs", option.drug),
        direction=say.say(word),
        tier=tier_text(option.amp, say),
        holds=say.say(f"truth.{option.holds}"),
        only_if="; ".join(_why(each, say) for each in option.conditions),
    )


def _speaks_of(option: OptionJson, ident: str) -> bool:
    return any(each.id == ident for each in option.findings)


def _why(reason: ReasonJson, say: Words) -> str:
    return say.why(Reason(reason.code, reason.values))


def _igv(place: str | None, build: str | None) -> str | None:
    """A link that moves an IGV that is open on the same machine to the place."""
    if place is None:
        return None
    locus = place.split(" ", 1)[0]
    chromosome, _, position = locus.partition(":")
    if not position.isdigit():
        return None
    around = f"chr{chromosome}:{int(position) - 40}-{int(position) + 40}"
    genome = {"GRCh37": "&genome=hg19", "GRCh38": "&genome=hg38"}.get(build or "", "")
    return f"{_IGV}{quote(around, safe=':-')}{genome}"
