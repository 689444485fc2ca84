"""The conclusion of a report: what was found, what it opens, what stays unknown, in a few sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presis.diagnostics.report_findings import ActionableRow, finding_name
from presis.diagnostics.report_limits import ASSAY_LACKS
from presis.diagnostics.report_marker_view import identity_sentences
from presis.diagnostics.report_marker_view import lead_sentences as marker_sentences
from presis.diagnostics.report_model import ReportContent
from presis.diagnostics.report_tumour import lead_sentences
from presis.documents.language import Language, Words
from presis.documents.runs import Runs, capitalised, joined, plain

#: who is in the names of OncoTree
_PEOPLE = frozenset({
    "Brenner", "Burkitt", "Chester", "Dorfman", "Down", "Duclos", "Erdheim", "Ewing", "Hodgkin",
    "Hurthle", "Langerhans", "Leydig", "Lhermitte", "Merkel", "Paget", "Rosai", "Sertoli", "Sezary",
    "Vater", "Waldenstrom", "Wilms",
})  # fmt: skip
_WORD = re.compile(r"\b[A-Z][a-z]+\b")
MOST_NAMES = 4
MOST_RESISTANCES = 4


def lead(content: ReportContent, say: Words, rows: Sequence[ActionableRow]) -> Runs:
    """The conclusion in a few sentences: what was found, what it opens, what stays unknown."""
    sentences: list[Runs] = []
    approved = [row for row in rows if _is_first(content, row) and _speaks_for(content, row.id, "I")]
    # a score without a cut-off of its own opens nothing in another tumour type, however low it may be
    other = [r for r in rows if r not in approved and r.id != "gis" and _speaks_for(content, r.id, "II")]
    tumour = _in_a_sentence(content.tumour_name or say.say("report.not-reported"), say)
    if content.tumour is None and rows:
        certain = [row for row in rows if row in approved or row in other]
        sentences += [_names(certain or rows, say), (("", say.say("report.lead-approved-unknown-tumour")),)]
    elif approved:
        sentences += _approved(content, approved, tumour, say)
    elif other:
        code = "report.lead-other" if len(other) == 1 else "report.lead-other-many"
        sentences += [_names(other, say), (("", say.say(code, {"tumour": tumour})),)]
    else:
        sentences.append((("bold", say.say("report.lead-none")),))
    sentences += identity_sentences(content, say, answered_for=False) + _resistance(content, say)
    sentences += marker_sentences(content, say) + lead_sentences(content, say) + _unknowns(content, say)
    sentences += identity_sentences(content, say, answered_for=True)
    return joined([capitalised(sentence) for sentence in sentences], " ")


def _approved(content: ReportContent, rows: Sequence[ActionableRow], tumour: str, say: Words) -> list[Runs]:
    """Findings with approved treatment here; apart, those whose every drug hangs on another test."""
    waiting = [row for row in rows if _waits(content, row.id)]
    firm = [row for row in rows if row not in waiting]
    out: list[Runs] = []
    if firm:
        code = "report.lead-approved-one" if len(firm) == 1 else "report.lead-approved-many"
        if any(_is_open(content, row) for row in firm):
            code = "report.lead-coarse"
        out += [_names(firm, say), (("", say.say(code, {"tumour": tumour})),)]
    if waiting:
        out += [_names(waiting, say), (("open", say.say("report.lead-conditional", {"tumour": tumour})),)]
    return out


def _is_open(content: ReportContent, row: ActionableRow) -> bool:
    amp = content.finding(row.id).amp
    return amp is not None and len(amp.possible) > 1


def _is_first(content: ReportContent, row: ActionableRow) -> bool:
    amp = content.finding(row.id).amp
    return amp is not None and amp.possible[0].tier == "I"


def _speaks_for(content: ReportContent, ident: str, tier: str) -> bool:
    return any(
        option.direction == "sensitivity"
        and option.holds == "yes"
        and option.amp is not None
        and option.amp.possible[0].tier == tier
        and any(each.id == ident for each in option.findings)
        for option in content.options
    )


def _names(rows: Sequence[ActionableRow], say: Words) -> Runs:
    """The findings by name; how many more there are is said."""
    styled = {"": "bold", "gene": "gene-bold"}
    names: list[Runs] = [tuple((styled.get(s, s), text) for s, text in row.name) for row in rows[:MOST_NAMES]]
    if len(rows) > MOST_NAMES:
        names.append((("bold", say.say("report.lead-more", {"count": len(rows) - MOST_NAMES})),))
    return (*joined(names, ", ", f" {say.say('report.and')} "), ("bold", "."))


def _resistance(content: ReportContent, say: Words) -> list[Runs]:
    """Resistance that holds in this tumour type, each with the finding that brings it."""
    against = [
        option
        for option in content.options
        if (option.direction, option.holds, option.relation) == ("resistance", "yes", "this_type")
        and option.amp
    ]
    if not against:
        return []
    groups: dict[str, list[str]] = {}
    for option in against:
        names = [plain(finding_name(content.finding(each.id), say)) for each in option.findings]
        groups.setdefault(", ".join(names), []).append(say.phrase("drugs", option.drug))
    told: list[Runs] = [
        (("stop", say.say("report.lead-resistance", {"finding": finding, "what": "; ".join(drugs)})),)
        for finding, drugs in groups.items()
    ]
    if len(told) > MOST_RESISTANCES:
        more = say.say("report.lead-more-resistance", {"count": len(told) - MOST_RESISTANCES})
        told = [*told[:MOST_RESISTANCES], (("stop", more),)]
    return told


def _unknowns(content: ReportContent, say: Words) -> list[Runs]:
    """Failed RNA or DNA, contamination and missing quality are said in the conclusion itself."""
    out: list[Runs] = []
    if content.quality.contaminated:
        out.append((("stop", say.say("report.lead-contaminated")), ("", ".")))
    failed = ("rna_failed", "dna_failed", "quality_failed", "no_rna", "no_dna", "ctdna_non_informative")
    for reason in failed:
        kinds = [
            name
            for name, covers in content.covers.items()
            if covers.reason == reason and covers.state != "yes"
        ]
        named = [name for name in kinds if name not in {"loh", ASSAY_LACKS.get(content.assay.kind)}]
        if not named:
            continue
        what = ", ".join(dict.fromkeys(say.say(f"kind.{name}") for name in named[:5]))
        why = say.say(f"why-not.{reason}")
        text = say.say("report.lead-unknown", {"what": what})
        out.append(
            (
                ("", say.say("report.lead-unknown-why", {"why": why[0].upper() + why[1:]})),
                ("open", text),
                ("", "."),
            )
        )
    out += _doubts(content, say)
    if not content.quality.known:
        why = say.say("report.lead-quality-why")
        out.append((("open", say.say("report.lead-quality")), ("", f": {why}.")))
    return out


def _waits(content: ReportContent, ident: str) -> bool:
    """Whether every approved drug of a finding hangs on another test."""
    first = [
        option
        for option in content.options
        if option.amp
        and option.amp.possible[0].tier == "I"
        and option.direction == "sensitivity"
        and any(each.id == ident for each in option.findings)
    ]
    return bool(first) and all(
        any(each.code != "disagreement.beside" for each in option.conditions) for option in first
    )


def _doubts(content: ReportContent, say: Words) -> list[Runs]:
    """Calls left out in doubt, options that may hold, and rows that could not be read: unknown, said here."""
    told: dict[str, None] = {}
    for each in content.unsettled:
        for reason in each.why:
            if reason.code == "left-out.doubtful":
                told[str(reason.values["finding"])] = None
    out: list[Runs] = []
    if told:
        out.append((("open", say.say("report.lead-doubtful", {"what": "; ".join(told)})), ("", ".")))
    first = [o for o in content.options if o.amp and o.amp.possible[0].tier == "I"]
    certain = {each.label for o in first if o.holds == "yes" for each in o.findings}
    may = dict.fromkeys(each.label for o in first if o.holds == "unknown" for each in o.findings)
    open_ones = [label for label in may if label not in certain]
    if open_ones:
        out.append(
            (("open", say.say("report.lead-may", {"what": ", ".join(open_ones[:MOST_NAMES])})), ("", "."))
        )
    lost = sum(1 for each in content.not_usable if each.severity == "lost")
    if lost:
        out.append((("open", say.say("report.lead-lost", {"count": lost})), ("", ".")))
    return out


def _in_a_sentence(name: str, say: Words) -> str:
    """A tumour's name within a sentence: small letters, but for symbols and people's names.

    OncoTree's names are English: in another language one stands as it is, a name and no word of the sentence.
    """
    if say.language is not Language.EN:
        return name
    return _WORD.sub(lambda word: word[0] if word[0] in _PEOPLE else word[0].lower(), name)
