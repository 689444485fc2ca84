"""What a finding means for treatment in this tumour type: AMP/ASCO/CAP tiers and curated ESCAT.

The unit is (finding, tumour type, drug). Sensitivity and resistance stand apart and are never
netted; the two scales are never mixed (Li 2017, PMC5707196, table 3; Mateo 2018, PMC6158764).
ESCAT is a curated judgement, never derived. A row that nobody confirmed gives no tier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from presis.diagnostics.biomarkers import parse_biomarker
from presis.diagnostics.criteria import Criterion, OtherTest, ask
from presis.diagnostics.drug_names import names_drug, same_drug
from presis.diagnostics.findings import Findings
from presis.diagnostics.option import (
    LEVELS,
    Actionability,
    AmpTier,
    Direction,
    EscatTier,
    Option,
    Statement,
    Unsettled,
)
from presis.knowledge import Approval, EscatRow, Library, NorwayAccess, Relation, ResistanceStatement
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Explained, Rule, Truth, evaluate, leaves
from presis.programme.files import load_yaml


@dataclass(frozen=True, slots=True)
class _Hit:
    """A row whose biomarker isn't absent, before rows on the same drug are joined."""

    drug: str
    direction: Direction
    findings: tuple[str, ...]
    truth: Truth
    relation: Relation
    amp: tuple[AmpTier, ...]
    note: Reason | None
    explained: Explained[Criterion]
    open_conditions: tuple[Reason, ...]
    statement: Statement


def find_options(findings: Findings, library: Library, tumour: str | None) -> Actionability:
    """Every option that the findings speak for or against, for a tumour's OncoTree code or None."""
    remember: dict[Criterion, Answer] = {}

    def answer(leaf: Criterion) -> Answer:
        if leaf not in remember:
            remember[leaf] = ask(leaf, findings)
        return remember[leaf]

    hits: list[_Hit] = []
    unsettled: list[Unsettled] = []
    for approval in library.approvals:
        relation = library.oncotree.relation(tumour, approval.oncotree, approval.oncotree_excluded)
        rule = parse_biomarker(approval.biomarker)
        hit = _hit(
            rule, answer, partial(_approval_tier, approval, relation), approval.drug, "sensitivity", relation
        )
        if hit is None or _is_elsewheres_normal(hit, findings):
            continue
        if hit.findings:
            hits.append(hit)
        elif relation is Relation.THIS_TYPE and approval.status == "current" and approval.counts:
            unsettled.extend(_unsettled(approval, hit))
    for statement in library.resistance:
        relation = library.oncotree.relation(tumour, statement.oncotree, ())
        if relation in {Relation.OTHER_TYPE, Relation.EXCLUDED}:
            continue
        rule = parse_biomarker(statement.biomarker)
        tier = partial(_resistance_tier, statement, relation)
        hit = _hit(rule, answer, tier, statement.drug_or_class, "resistance", relation)
        if hit is not None and hit.findings:
            hits.append(hit)
    escat = [row for row in library.escat if _escat_applies(row, answer, library, tumour)]
    options = _with_conflicts(_joined(hits, escat, library, tumour), library)
    here = [a for a in library.approvals if a.counts and a.status == "current"]
    return Actionability(
        tuple(sorted(options, key=_strength)),
        _grouped(unsettled),
        _not_found(here, answer, library, tumour),
    )


def _is_elsewheres_normal(hit: _Hit, findings: Findings) -> bool:
    """A normal marker, such as stable microsatellites, is no finding for another tumour type's drug."""
    normal = hit.findings == ("msi",) and findings.msi.name == "stable"
    return normal and hit.relation not in {Relation.THIS_TYPE, Relation.COARSER}


def _not_found(
    approvals: Iterable[Approval], answer: Callable[[Criterion], Answer], library: Library, tumour: str | None
) -> tuple[tuple[str, str], ...]:
    """What the approvals of this tumour type ask for and a test that looked didn't find."""
    found: dict[tuple[str, str], None] = {}
    for approval in approvals:
        relation = library.oncotree.relation(tumour, approval.oncotree, approval.oncotree_excluded)
        if relation is not Relation.THIS_TYPE:
            continue
        for leaf in leaves(parse_biomarker(approval.biomarker)):
            for reason in answer(leaf).reasons:
                if reason.code == "covered.not-found":
                    found[str(reason.values["gene"]), str(reason.values["method"])] = None
    return tuple(sorted(found))


_TierOf = Callable[[], tuple[tuple[AmpTier, ...], Reason | None, Statement]]


def _hit(
    rule: Rule[Criterion],
    answer: Callable[[Criterion], Answer],
    tier_of: _TierOf,
    drug: str,
    direction: Direction,
    relation: Relation,
) -> _Hit | None:
    """The row as a hit; None where its biomarker is absent, or where it asks for none."""
    explained = evaluate(rule, answer)
    if explained.truth is Truth.NO or (not explained.parts and explained.answer is None):
        return None
    # what another test shows is a condition beside the finding, not a doubt about the finding
    if explained.truth is Truth.UNKNOWN:
        molecular = evaluate(rule, partial(_other_tests_met, answer=answer))
        conditions = tuple(_open_conditions(explained))
    else:
        molecular, conditions = explained, ()
    amp, note, statement = tier_of()
    return _Hit(
        drug,
        direction,
        explained.evidence(),
        molecular.truth,
        relation,
        amp,
        note,
        molecular,
        conditions,
        statement,
    )


def _other_tests_met(leaf: Criterion, *, answer: Callable[[Criterion], Answer]) -> Answer:
    given = answer(leaf)
    if isinstance(leaf, OtherTest):
        return Answer(Truth.YES, given.reasons, given.settled_by, given.evidence)
    return given


def _open_conditions(explained: Explained[Criterion]) -> Iterable[Reason]:
    for leaf in explained.decisive():
        if leaf.answer is not None and leaf.truth is Truth.UNKNOWN:
            yield from (r for r in leaf.answer.settled_by if r.code == "settle.other-test")


def _approval_tier(
    approval: Approval, relation: Relation
) -> tuple[tuple[AmpTier, ...], Reason | None, Statement]:
    statement = Statement(
        approval.row, "approval", approval.agency, approval.biomarker, approval.tumour, approval.line,
        approval.conditions, approval.date, approval.address, approval.status, approval.counts, relation,
    )  # fmt: skip
    if relation is Relation.EXCLUDED:
        return (), Reason.of("option.excluded", agency=approval.agency, row=approval.row), statement
    if approval.status == "opinion only":
        return (), Reason.of("option.opinion-only", agency=approval.agency), statement
    if approval.status != "current":
        return (), Reason.of("option.withdrawn", agency=approval.agency, status=approval.status), statement
    if not approval.counts:
        return (), Reason.of("option.not-confirmed", row=approval.row), statement
    match relation:
        case Relation.THIS_TYPE:
            return (LEVELS["A"],), None, statement
        case Relation.OTHER_TYPE:
            return (LEVELS["C"],), None, statement
        case Relation.COARSER:
            note = Reason.of("option.tumour-coarse", codes=", ".join(approval.oncotree))
            return (LEVELS["A"], LEVELS["C"]), note, statement
        case _:
            return (LEVELS["A"], LEVELS["C"]), Reason.of("option.tumour-unknown"), statement


def _resistance_tier(
    row: ResistanceStatement, relation: Relation
) -> tuple[tuple[AmpTier, ...], Reason | None, Statement]:
    statement = Statement(
        row.row, "resistance", row.level_basis, row.biomarker, row.tumour, row.setting, row.effect, None,
        row.address, "current", row.counts, relation,
    )  # fmt: skip
    if not row.counts:
        return (), Reason.of("option.not-confirmed", row=row.row), statement
    note = Reason.of("option.level-basis", basis=row.level_basis)
    if relation is not Relation.THIS_TYPE:
        note = Reason.of("option.tumour-coarse", codes=", ".join(row.oncotree))
    return (LEVELS[row.amp_level],), note, statement


def _unsettled(approval: Approval, hit: _Hit) -> Iterable[Unsettled]:
    """An unknown with nothing found: worth saying if a test on the tumour's genes would settle it."""
    if hit.truth is Truth.YES:
        return  # hangs on another test alone, as it does for every patient
    settled = hit.explained.settled_by()
    yield Unsettled(approval.drug, approval.biomarker, (approval.row,), hit.explained.reasons(), settled)


def _grouped(unsettled: Sequence[Unsettled]) -> tuple[Unsettled, ...]:
    """One entry for each drug and biomarker, with all its rows."""
    groups: dict[tuple[str, str], Unsettled] = {}
    for each in unsettled:
        key = (each.drug, each.biomarker)
        first = groups.get(key)
        rows = (first.rows if first else ()) + each.rows
        groups[key] = Unsettled(each.drug, each.biomarker, rows, each.reasons, each.settled_by)
    return tuple(groups.values())


def _escat_applies(
    row: EscatRow, answer: Callable[[Criterion], Answer], library: Library, tumour: str | None
) -> bool:
    biomarker = load_yaml("rules/escat_biomarkers.yaml")["rows"].get(row.row)
    if biomarker is None or library.oncotree.relation(tumour, row.oncotree, ()) is not Relation.THIS_TYPE:
        return False
    return evaluate(parse_biomarker(biomarker), answer).truth is Truth.YES


def _joined(
    hits: Sequence[_Hit], escat: Sequence[EscatRow], library: Library, tumour: str | None
) -> list[Option]:
    """Rows on the same drug, for the same findings and in the same direction, are one option."""
    groups: defaultdict[tuple[str, Direction, tuple[str, ...]], list[_Hit]] = defaultdict(list)
    for hit in hits:
        groups[hit.drug, hit.direction, hit.findings].append(hit)
    return [_join(group, escat, library, tumour) for group in groups.values()]


def _join(group: Sequence[_Hit], escat: Sequence[EscatRow], library: Library, tumour: str | None) -> Option:
    """The best row leads; but where a label excludes this tumour, the drug gets no tier at all."""
    excluded = [hit for hit in group if hit.relation is Relation.EXCLUDED and hit.truth is Truth.YES]
    lead = excluded[0] if excluded else min(group, key=_hit_strength)
    named = [] if excluded or lead.direction == "resistance" else [
        row for row in escat if names_drug(library, row.drug_or_class, lead.drug)
    ]  # fmt: skip
    return Option(
        drug=lead.drug,
        direction=lead.direction,
        findings=lead.findings,
        truth=lead.truth,
        relation=lead.relation,
        amp=lead.amp,
        escat=tuple(EscatTier(r.escat_tier, r.version_date, r.row, r.source) for r in named if r.counts),
        escat_unconfirmed=tuple(r.row for r in named if not r.counts),
        note=lead.note,
        reasons=lead.explained.reasons(),
        settled_by=lead.explained.settled_by(),
        open_conditions=lead.open_conditions,
        statements=tuple(hit.statement for hit in sorted(group, key=_hit_strength)),
        access=_access(lead, library, tumour),
    )


def _access(lead: _Hit, library: Library, tumour: str | None) -> tuple[NorwayAccess, ...]:
    """The national decisions on this drug for this tumour type, whatever the marker."""
    if lead.direction == "resistance" or tumour is None:
        return ()
    codes = load_yaml("rules/norway_indications.yaml")["rows"]
    return tuple(
        each
        for each in library.norway_access
        if same_drug(library, each.drug, lead.drug)
        and library.oncotree.relation(tumour, codes.get(each.row, ()), ()) is Relation.THIS_TYPE
    )


def _hit_strength(hit: _Hit) -> tuple[int, AmpTier, int, int]:
    return (
        -hit.truth,
        min(hit.amp, default=AmpTier("V")),
        len(hit.open_conditions),
        hit.statement.authority != "EMA",
    )


def _strength(option: Option) -> tuple[int, AmpTier, int, int, str]:
    """Sort key: best tier first, sure before unsure, sensitivity before resistance, by name."""
    best = min(option.amp, default=AmpTier("V"))
    sure = 0 if option.truth is Truth.YES else 1
    return (sure, best, len(option.open_conditions), option.direction == "resistance", option.drug)


def _with_conflicts(options: Sequence[Option], library: Library) -> list[Option]:
    """Beside each option for a drug, the statements of resistance to the same drug."""
    against = [option for option in options if option.direction == "resistance"]
    out = []
    for option in options:
        rows: tuple[str, ...] = ()
        if option.direction == "sensitivity":
            rows = tuple(
                statement.row
                for each in against
                if names_drug(library, each.drug, option.drug)
                for statement in each.statements
            )
        out.append(replace(option, conflicts=rows) if rows else option)
    return out


def by_finding(options: Sequence[Option]) -> Mapping[str, tuple[Option, ...]]:
    """Options by the finding that speaks for them, in the order given."""
    groups: defaultdict[str, list[Option]] = defaultdict(list)
    for option in options:
        for finding in option.findings:
            groups[finding].append(option)
    return {finding: tuple(group) for finding, group in groups.items()}
