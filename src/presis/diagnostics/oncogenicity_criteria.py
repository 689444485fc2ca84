"""How each criterion of the oncogenicity standard is decided, one function a criterion.

Each takes what is known of the change, the knowledge, and the criterion's record
(`programme/rules/oncogenicity.yaml`), and says met, not met or not assessed, with its points and
its reason. What excludes what is not decided here. Source of each: the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache

from presis.diagnostics.hgvs import ProteinKind
from presis.diagnostics.variant_facts import VariantFacts
from presis.knowledge import CriticalDomain, FunctionalEvidence, HotspotResidue, Library
from presis.methods.reasons import Reason, Value


class State(StrEnum):
    """What came of a criterion. `suppressed`: met, but another says the same already."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_ASSESSED = "not_assessed"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Record:
    """A criterion as data: its points, its source, and the numbers that its rule uses."""

    code: str
    label: str
    points: int
    source: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    single_cause: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion's answer: points from `low` to `high`, why, and where that is written.

    `could_add`: what it would add if it were assessed and met; outside `low` to `high`.
    """

    code: str
    label: str
    state: State
    low: int
    high: int
    why: Reason
    sources: tuple[str, ...] = ()
    could_add: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds the question: the knowledge, the tumour (OncoTree code), the populations that count."""

    library: Library
    tumour: str | None
    populations: frozenset[str]


Decide = Callable[[VariantFacts, Record, Setting], Criterion]


def _made(record: Record, state: State, why: str, points: tuple[int, int], **values: Value) -> Criterion:
    reason = Reason(f"{record.code}.{why}", values)
    could_add = record.points if state is State.NOT_ASSESSED else 0
    return Criterion(record.code, record.label, state, points[0], points[1], reason, (), could_add)


def _met(record: Record, why: str = "met", /, *, sources: tuple[str, ...] = (), **values: Value) -> Criterion:
    reason = Reason(f"{record.code}.{why}", values)
    return Criterion(record.code, record.label, State.MET, record.points, record.points, reason, sources)


def _not_met(record: Record, why: str = "not-met", **values: Value) -> Criterion:
    if not values:
        return _constant(record.code, record.label, 0, State.NOT_MET, why)
    return _made(record, State.NOT_MET, why, (0, 0), **values)


def _not_assessed(record: Record, why: str = "not-assessed", **values: Value) -> Criterion:
    if not values:
        return _constant(record.code, record.label, record.points, State.NOT_ASSESSED, why)
    return _made(record, State.NOT_ASSESSED, why, (0, 0), **values)


@cache
def _constant(code: str, label: str, could_add: int, state: State, why: str) -> Criterion:
    """An answer without values is the same for every variant: made once."""
    return Criterion(code, label, state, 0, 0, Reason(f"{code}.{why}"), (), could_add)


def ovs1(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """Null variant in a bona fide tumour suppressor; fewer points where a product may remain."""
    start_loss = "start_lost" in facts.consequences
    ablation = "transcript_ablation" in facts.consequences
    if not (facts.is_truncating or facts.is_splice_site or start_loss or ablation):
        return _not_met(record, "not-null")
    role = setting.library.gene_role(facts.gene)
    if role is None:
        return _not_met(record, "role-unknown", gene=facts.gene)
    if role.lof_by_truncation != "yes":
        return _not_met(record, "role", gene=facts.gene, role=role.role, truncation=role.lof_by_truncation)
    if not (role.counts or role.second_role in {"tumour_suppressor", "both"}):
        return _not_assessed(record, "role-not-confirmed", gene=facts.gene, row=role.row)
    low, why = _null_points(facts, record, start_loss=start_loss)
    reason = Reason(f"{record.code}.{why}", {"gene": facts.gene, "exon": facts.exon or "", "low": low})
    return Criterion(record.code, record.label, State.MET, low, record.points, reason, (role.source,))


def _null_points(facts: VariantFacts, record: Record, *, start_loss: bool) -> tuple[int, str]:
    if start_loss:
        return int(record.numbers["start_loss_low"]), "start-loss"
    if facts.is_truncating:
        exon = facts.exon_number
        if exon is None or exon[1] is None:
            return record.points, "met-exon-unknown"
        if exon[0] == exon[1]:
            return int(record.numbers["last_exon_low"]), "last-exon"
        if exon[0] == exon[1] - 1:
            return record.points, "last-but-one-exon"
    return record.points, "met"


def os1(_facts: VariantFacts, record: Record, _setting: Setting) -> Criterion:
    """Same amino-acid change as one established by this standard: no pack holds any yet."""
    return _not_met(record, "no-pack")


def _functional(facts: VariantFacts, setting: Setting, criterion: str) -> FunctionalEvidence | None:
    """The functional study that speaks of this change; one that counts before one that doesn't."""
    rows = [row for row in _studies(setting.library, facts.gene, criterion) if matches_pattern(row, facts)]
    if not rows:
        return None
    return max(rows, key=lambda row: (row.counts, row.pattern_type == "exact"))


@lru_cache(maxsize=4096)
def _studies(library: Library, gene: str, criterion: str) -> tuple[FunctionalEvidence, ...]:
    """A gene's studies of one criterion."""
    return tuple(row for row in library.functional(gene) if row.criterion == criterion)


def matches_pattern(row: FunctionalEvidence, facts: VariantFacts) -> bool:
    """Whether a row of the functional evidence speaks of this change (pattern types: PROVENANCE)."""
    protein = facts.protein
    if row.pattern_type == "exact":
        if row.pattern.startswith("c."):
            return facts.coding_text == row.pattern
        return protein is not None and protein.short == row.pattern
    if protein is None or protein.position is None:
        return False
    if row.pattern_type == "codon":
        return facts.is_missense and f"p.{protein.ref}{protein.position}" == row.pattern
    first, last = _range(row.pattern)
    inside = first <= protein.position and (protein.end or protein.position) <= last
    if row.pattern_type == "truncating":
        return inside and facts.is_truncating
    if row.pattern_type == "exon_inframe_del":
        return inside and facts.net_residues < 0
    if row.pattern_type == "exon_inframe_ins":
        return inside and facts.net_residues > 0
    return False


def _range(pattern: str) -> tuple[int, int]:
    first, _, last = pattern.partition(":")[2].partition("-")
    return int(first), int(last)


def _functional_criterion(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    row = _functional(facts, setting, record.code)
    if row is None:
        return _not_met(record, "no-study")
    if not row.counts:
        return _not_assessed(record, "not-confirmed", study=row.study, row=row.row)
    return _met(record, study=row.study, effect=row.effect, sources=_sources(row))


def _sources(row: FunctionalEvidence) -> tuple[str, ...]:
    if row.pmid:
        return (f"PMID {row.pmid}",)
    return (row.address,) if row.address else ()


_ONE_RESIDUE = {ProteinKind.MISSENSE, ProteinKind.NONSENSE}


def _hotspot(facts: VariantFacts, setting: Setting) -> tuple[HotspotResidue, int] | None:
    """The hotspot residue of this change and the samples with this very change; None: not listed."""
    library = setting.library
    if facts.is_splice_site and facts.coding is not None:
        codon = (facts.coding.position + 2) // 3
        residue = library.hotspot_splice(facts.gene, codon)
        return None if residue is None else (residue, residue.samples)
    protein = facts.protein
    if protein is None or protein.position is None or protein.kind not in _ONE_RESIDUE:
        return None
    residue = library.residue(facts.gene, protein.position, protein.ref)
    return None if residue is None else (residue, residue.changes.get(protein.alt, 0))


def _hotspot_values(hit: tuple[HotspotResidue, int]) -> dict[str, Value]:
    residue, change = hit
    return {"residue": f"{residue.ref}{residue.position}", "samples": residue.samples, "change": change}


def _hotspot_criterion(
    facts: VariantFacts, record: Record, setting: Setting, accept: Callable[[int, int], bool]
) -> Criterion:
    if facts.is_inframe or "frameshift_variant" in facts.consequences:
        return _not_assessed(record, "indels-not-listed")
    hit = _hotspot(facts, setting)
    if hit is None:
        return _not_met(record, "not-listed")
    residue, change = hit
    if not accept(residue.samples, change):
        return _not_met(record, "counts", **_hotspot_values(hit))
    why = "met-truncating" if facts.is_truncating or facts.is_splice_site else "met"
    return _met(record, why, sources=(residue.source,), **_hotspot_values(hit))


def os3(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """A frequent hotspot: many samples at the residue and enough with this change."""
    numbers = record.numbers
    return _hotspot_criterion(
        facts,
        record,
        setting,
        lambda samples, change: samples >= numbers["residue_samples"] and change >= numbers["change_samples"],
    )


def hotspot_moderate(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """A lesser hotspot: fewer samples at the residue, but enough with this change."""
    numbers = record.numbers
    return _hotspot_criterion(
        facts,
        record,
        setting,
        lambda samples, change: samples < numbers["residue_samples"] and change >= numbers["change_samples"],
    )


def op3(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """A listed hotspot in which this change is rare."""
    limit = record.numbers["change_samples"]
    return _hotspot_criterion(facts, record, setting, lambda _samples, change: 1 <= change < limit)


def om1(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """In a critical, well-known part of a domain."""
    protein = facts.protein
    if protein is None or protein.position is None or not (facts.is_missense or facts.is_inframe):
        return _not_met(record, "not-inframe")
    end = protein.end or protein.position
    hits = [d for d in setting.library.domains(facts.gene) if d.start <= end and protein.position <= d.end]
    if not hits:
        return _not_assessed(record, "no-domain")
    best: CriticalDomain = max(hits, key=lambda domain: domain.counts)
    place: dict[str, Value] = {"domain": best.domain, "start": best.start, "end": best.end}
    if not best.counts:
        return _not_assessed(record, "not-confirmed", row=best.row, **place)
    return _met(record, sources=(best.source,), **place)


def om2(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """In-frame loss or gain in a gene with a role, or stop loss in a suppressor."""
    stop_loss = "stop_lost" in facts.consequences
    if not (facts.is_inframe or stop_loss):
        return _not_met(record, "kind")
    role = setting.library.gene_role(facts.gene)
    fitting = {"tumour_suppressor", "both"} if stop_loss else {"tumour_suppressor", "oncogene", "both"}
    if role is None or role.role not in fitting:
        return _not_met(record, "role", gene=facts.gene, role=role.role if role else "unknown")
    if not role.counts:
        return _not_assessed(record, "role-not-confirmed", gene=facts.gene, row=role.row)
    return _met(record, gene=facts.gene, role=role.role, sources=(role.source,))


def other_missense(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """Another missense at this residue is known to act, and this one is about as far from the reference."""
    protein = facts.protein
    if not facts.is_missense or protein is None:
        return _not_met(record, "not-missense")
    stem = f"p.{protein.ref}{protein.position}"
    share = record.numbers["share_of_known_distance"]
    grantham = setting.library.grantham
    for row in _studies(setting.library, facts.gene, "OS2"):
        known = row.pattern.removeprefix(stem)
        fits = row.pattern_type == "exact" and row.pattern.startswith(stem)
        if not (fits and row.counts and len(known) == 1 and known.isalpha() and known != protein.alt):
            continue
        here, there = grantham(protein.ref, protein.alt), grantham(protein.ref, known)
        if here >= share * there:
            values: dict[str, Value] = {"known": row.pattern, "distance": here, "known_distance": there}
            return _met(record, sources=_sources(row), **values)
    return _not_met(record, "none-known", residue=stem)


def op1(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """Predicted to act: the driver analysis of the cancer atlas; no other predictor is shipped."""
    driver = setting.library.predicted_driver(facts.gene, facts.protein.short) if facts.protein else None
    if driver is None:
        return _not_assessed(record, "no-predictor")
    return _met(record, sources=(f"PMID {driver.pmid}",))


def op2(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """The gene is the one cause of this malignancy."""
    codes = [code for gene, code in record.single_cause if gene == facts.gene]
    if not codes:
        return _not_met(record, gene=facts.gene)
    if setting.tumour is None:
        return _not_assessed(record, "no-tumour")
    tree = setting.library.oncotree
    if any(tree.is_at_or_below(setting.tumour, code) for code in codes):
        return _met(record, gene=facts.gene, tumour=setting.tumour)
    return _not_met(record, "other-tumour", gene=facts.gene, tumour=setting.tumour)


def op4(facts: VariantFacts, record: Record, _setting: Setting) -> Criterion:
    """Absent from populations, or extremely rare in every one given."""
    if facts.population is None:
        why = Reason(f"{record.code}.no-column", {})
        return Criterion(record.code, record.label, State.NOT_ASSESSED, 0, record.points, why)
    if not facts.population:
        return _met(record, "absent")
    highest, where = _highest(facts.population)
    if highest < record.numbers["below"]:
        return _met(record, "rare", frequency=highest, population=where)
    return _not_met(record, "frequency", frequency=highest, population=where)


def _highest(population: tuple[tuple[str, float], ...]) -> tuple[float, str]:
    return max((value, name) for name, value in population)


def _common(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    if facts.population is None:
        return _not_assessed(record, "no-column")
    counted = tuple(pair for pair in facts.population if pair[0] in setting.populations)
    if not counted:
        return _not_met(record, "absent")
    highest, where = _highest(counted)
    if highest > record.numbers["above"]:
        return _met(record, frequency=highest, population=where)
    return _not_met(record, "frequency", frequency=highest, population=where)


def sbp1(_facts: VariantFacts, record: Record, _setting: Setting) -> Criterion:
    """All predictors say no effect: none is shipped."""
    return _not_assessed(record, "no-predictor")


def sbp2(facts: VariantFacts, record: Record, _setting: Setting) -> Criterion:
    """Synonymous, no splice effect predicted, base not conserved: no predictor is shipped."""
    if "synonymous_variant" not in facts.consequences and facts.kind is not ProteinKind.SYNONYMOUS:
        return _not_met(record, "not-synonymous")
    return _not_assessed(record, "no-predictor")


DECISIONS: Mapping[str, Decide] = {
    "OVS1": ovs1,
    "OS1": os1,
    "OS2": _functional_criterion,
    "OS3": os3,
    "OM1": om1,
    "OM2": om2,
    "hotspot_moderate": hotspot_moderate,
    "other_missense": other_missense,
    "OP1": op1,
    "OP2": op2,
    "OP3": op3,
    "OP4": op4,
    "SBVS1": _common,
    "SBS1": _common,
    "SBS2": _functional_criterion,
    "SBP1": sbp1,
    "SBP2": sbp2,
}
