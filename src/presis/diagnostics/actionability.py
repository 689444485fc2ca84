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

from presis.diagnostics.asking import ask, noted_beside
from presis.diagnostics.biomarkers import parse_biomarker, parse_resistance
from presis.diagnostics.criteria import Criterion, OtherTest, TmbAtLeast, describe
from presis.diagnostics.drug_names import names_drug
from presis.diagnostics.findings import Findings
from presis.diagnostics.marker_answers import carrying_findings, normal_ids
from presis.diagnostics.national_access import access_of
from presis.diagnostics.option import (
    LEVELS,
    OTHER_TESTS,
    Actionability,
    AmpTier,
    Direction,
    EscatTier,
    Option,
    Statement,
    Unsettled,
)
from presis.diagnostics.variant_fit import SmallVariantIs
from presis.diagnostics.wild_type import PREFIX as WILD_TYPE
from presis.knowledge import Approval, EscatRow, Library, Relation, ResistanceStatement
from presis.methods.reasons import Reason
from presis.methods.rules import AllOf, Answer, AnyOf, Explained, Leaf, Rule, Truth, evaluate, leaves
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

    def relation_of(approval: Approval) -> Relation:
        return library.oncotree.relation(tumour, approval.oncotree, approval.oncotree_excluded)

    hits: list[_Hit] = []
    unsettled: list[Unsettled] = []
    for approval in library.approvals:
        relation = relation_of(approval)
        rule = parse_biomarker(approval.biomarker)
        hit = _hit(
            rule, answer, partial(_approval_tier, approval, relation), approval.drug, "sensitivity", relation
        )
        if hit is None or _is_elsewheres_normal(hit, findings):
            continue
        hit = _beside_pathology(hit, rule, findings)
        if hit.findings:
            hits.append(hit)
        elif relation is Relation.THIS_TYPE and approval.in_force and approval.counts:
            unsettled.extend(_unsettled(approval, hit))
    for statement in library.resistance:
        relation = library.oncotree.relation(tumour, statement.oncotree, ())
        if relation in {Relation.OTHER_TYPE, Relation.EXCLUDED}:
            continue
        rule = parse_resistance(statement.biomarker)
        tier = partial(_resistance_tier, statement, relation)
        hit = _hit(rule, answer, tier, statement.drug_or_class, "resistance", relation)
        if hit is not None and hit.findings:
            hits.append(_within_limits(hit, findings))
    escat = [row for row in library.escat if _escat_applies(row, answer, library, tumour)]
    options = _with_conflicts(_joined(hits, escat, library, tumour), library)
    here = [a for a in library.approvals if a.counts and a.in_force]
    return Actionability(
        tuple(sorted(options, key=_strength)),
        _grouped(unsettled),
        _not_found(here, answer, findings, relation_of),
    )


def _within_limits(hit: _Hit, findings: Findings) -> _Hit:
    """A statement whose words are narrower than its biomarker is open for what they leave out."""
    limits = load_yaml("rules/resistance_limits.yaml")["rows"].get(hit.statement.row)
    if limits is None or hit.truth is not Truth.YES:
        return hit
    changes = [
        each.facts.protein
        for each in findings.variants
        if each.id in hit.findings and each.facts is not None and each.facts.protein is not None
    ]
    codons, never = limits.get("codons"), limits.get("not", ())
    meant = [
        change
        for change in changes
        if change.short not in never and (codons is None or change.position in codons)
    ]
    return hit if meant else replace(hit, truth=Truth.UNKNOWN)


def _beside_pathology(hit: _Hit, rule: Rule[Criterion], findings: Findings) -> _Hit:
    """Pathology's results are findings where they carry the option; a disagreement stands beside it."""
    disagree = any(each.code == "disagreement.open" for each in hit.explained.reasons())
    in_doubt = hit.truth is Truth.UNKNOWN and not disagree
    carrying = carrying_findings(hit.findings, findings.profile, in_doubt=in_doubt)
    conditions = (*hit.open_conditions, *noted_beside(rule, findings))
    return replace(hit, findings=carrying, open_conditions=conditions)


def _is_elsewheres_normal(hit: _Hit, findings: Findings) -> bool:
    """A normal marker, such as stable microsatellites, is no finding for another tumour type's drug."""
    usual = normal_ids(findings.profile) | ({"msi"} if findings.msi.name == "stable" else set())
    normal = bool(hit.findings) and all(each.startswith(WILD_TYPE) or each in usual for each in hit.findings)
    return normal and hit.relation not in {Relation.THIS_TYPE, Relation.COARSER}


def _not_found(
    approvals: Iterable[Approval],
    answer: Callable[[Criterion], Answer],
    findings: Findings,
    relation_of: Callable[[Approval], Relation],
) -> tuple[tuple[str, str], ...]:
    """What the approvals of this tumour type ask for and a test that looked didn't find.

    A change is named, never its gene alone; a gene in which something was kept, or left out in doubt,
    is left out here: what was found of it stands elsewhere.
    """
    found: dict[tuple[str, str], None] = {}
    for approval in approvals:
        if relation_of(approval) is not Relation.THIS_TYPE:
            continue
        for leaf in leaves(parse_biomarker(approval.biomarker)):
            given = answer(leaf)
            if isinstance(leaf, SmallVariantIs) and leaf.unsure:
                continue  # a hint only: its absence says nothing
            gene = str(given.reasons[0].values.get("gene", "")) if given.reasons else ""
            silent = gene in findings.by_gene or gene in findings.doubtful
            if given.truth is Truth.NO and not silent and given.reasons[0].code == "covered.not-found":
                found[describe(leaf), str(given.reasons[0].values["method"])] = None
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
    molecular = explained
    conditions: tuple[Reason, ...] = ()
    if direction == "sensitivity":
        # what another test shows is a condition beside the finding, not a doubt about the finding
        if explained.truth is Truth.UNKNOWN:
            molecular = _if_other_tests_hold(rule, answer)
        conditions = tuple(_open_conditions(explained, rule))
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


def _if_other_tests_hold(
    rule: Rule[Criterion], answer: Callable[[Criterion], Answer]
) -> Explained[Criterion]:
    """The rule as if what this test can't show held; but no alternative to a finding that is in doubt."""
    match rule:
        case Leaf(of=leaf):
            given = answer(leaf)
            spoken_against = any(reason.code in _AGAINST for reason in given.reasons)
            open_test = isinstance(leaf, OtherTest) and given.truth is Truth.UNKNOWN and not spoken_against
            truth = Truth.YES if open_test else given.truth
            return Explained(rule, truth, Answer(truth, given.reasons, given.settled_by, given.evidence))
        case AllOf(of=of):
            parts = tuple(_if_other_tests_hold(each, answer) for each in of)
            return Explained(rule, min(part.truth for part in parts), None, parts)
        case AnyOf(of=of):
            own = [each for each in of if not (isinstance(each, Leaf) and isinstance(each.of, OtherTest))]
            shown = tuple(_if_other_tests_hold(each, answer) for each in own)
            best = max((part.truth for part in shown), default=Truth.NO)
            if best is Truth.NO:
                shown = tuple(_if_other_tests_hold(each, answer) for each in of)
                best = max(part.truth for part in shown)
            return Explained(rule, best, None, shown)
        case _:
            return evaluate(rule, answer)


#: why a test's biomarker is in doubt
_AGAINST = frozenset({"other-test.contradicted", "disagreement.open"})


def _open_conditions(explained: Explained[Criterion], rule: Rule[Criterion]) -> Iterable[Reason]:
    """What else the label asks: other tests that are open, and a limit that belongs to another assay."""
    if explained.truth is Truth.UNKNOWN:
        for leaf in explained.decisive():
            if leaf.answer is not None and leaf.truth is Truth.UNKNOWN:
                yield from (r for r in leaf.answer.settled_by if r.code in OTHER_TESTS)
    if any(isinstance(leaf, TmbAtLeast) for leaf in leaves(rule)) and explained.evidence():
        yield Reason.of("condition.tmb-test")
        yield from (reason for reason in explained.reasons() if reason.code == "tmb.near-limit")


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
        note = Reason.of("option.if-tumour", codes=", ".join(row.oncotree))
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
    amp = lead.amp
    if lead.truth is Truth.UNKNOWN:  # what is certain elsewhere stays beside what may hold here
        amp = tuple(sorted({*amp, *(t for hit in group if hit.truth is Truth.YES for t in hit.amp)}))
    named = [] if excluded or lead.direction == "resistance" else [
        row for row in escat if names_drug(library, row.drug_or_class, lead.drug)
    ]  # fmt: skip
    return Option(
        drug=lead.drug,
        direction=lead.direction,
        findings=lead.findings,
        truth=lead.truth,
        relation=lead.relation,
        amp=amp,
        escat=tuple(EscatTier(r.escat_tier, r.version_date, r.row, r.source) for r in named if r.counts),
        escat_unconfirmed=tuple(r.row for r in named if not r.counts),
        note=lead.note,
        reasons=lead.explained.reasons(),
        settled_by=lead.explained.settled_by(),
        open_conditions=lead.open_conditions,
        statements=tuple(replace(hit.statement, holds=hit.truth) for hit in sorted(group, key=_hit_strength)),
        access=()
        if lead.direction == "resistance"
        else access_of(lead.drug, lead.statement.text, library, tumour),
    )


_NEARNESS = {Relation.THIS_TYPE: 0, Relation.COARSER: 1, Relation.UNKNOWN: 1}


def _hit_strength(hit: _Hit) -> tuple[int, int, AmpTier, int, int]:
    """Sort key: this tumour type before others, sure before unsure, the best tier, the fewest conditions."""
    return (
        _NEARNESS.get(hit.relation, 2),
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
    against = [o for o in options if o.direction == "resistance" and o.truth is Truth.YES]
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
