"""How each criterion of the oncogenicity standard is decided, one function a criterion.

Each takes what is known of the change, the knowledge, and the criterion's record
(`programme/rules/oncogenicity.yaml`), and says met, not met or not assessed, with its points and
its reason. What excludes what is not decided here. Source of each: the record.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from presis.diagnostics.hgvs import ProteinKind
from presis.diagnostics.oncogenicity_answer import (
    Criterion,
    Record,
    Setting,
    State,
    met,
    not_assessed,
    not_met,
)
from presis.diagnostics.variant_facts import VariantFacts
from presis.knowledge import CriticalDomain, FunctionalEvidence, HotspotResidue, Library
from presis.methods.reasons import Reason, Value

Decide = Callable[[VariantFacts, Record, Setting], Criterion]


def ovs1(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """Null variant in a bona fide tumour suppressor; fewer points where a product may remain."""
    start_loss = "start_lost" in facts.consequences
    ablation = "transcript_ablation" in facts.consequences
    if not (facts.is_truncating or facts.is_splice_site or start_loss or ablation):
        return not_met(record, "not-null")
    role = setting.library.gene_role(facts.gene)
    if role is None:
        return not_met(record, "role-unknown", gene=facts.gene)
    if role.lof_by_truncation != "yes":
        return not_met(record, "role", gene=facts.gene, role=role.role, truncation=role.lof_by_truncation)
    if not (role.counts or role.second_role in {"tumour_suppressor", "both"}):
        return not_assessed(record, "role-not-confirmed", gene=facts.gene, row=role.row)
    low, why = _null_points(facts, record, _tail(facts, setting), start_loss=start_loss)
    values: dict[str, Value] = {"gene": facts.gene, "exon": facts.exon or "", "low": low}
    reason = Reason(f"{record.code}.{why}", values)
    return Criterion(record.code, record.label, State.MET, low, record.points, reason, (role.source,))


def _tail(facts: VariantFacts, setting: Setting) -> float | None:
    """The share of the protein from the change to its end; None where its length or place isn't known."""
    length = setting.library.protein_length(facts.gene)
    place = facts.protein.position if facts.protein else None
    return None if length is None or place is None or place > length else (length - place + 1) / length


def _null_points(
    facts: VariantFacts, record: Record, tail: float | None, *, start_loss: bool
) -> tuple[int, str]:
    """The lowest points: fewer where the transcript may survive, more of them if much is lost even then."""
    if start_loss:
        return int(record.numbers["start_loss_low"]), "start-loss"
    exon = facts.exon_number
    if not facts.is_truncating or (exon is not None and exon[1] is not None and exon[0] < exon[1] - 1):
        return record.points, "met"
    short_tail = tail is not None and tail <= record.numbers["much_lost"]
    if exon is None or exon[1] is None:
        if short_tail:
            return int(record.numbers["last_exon_low"]), "tail"
        return record.points, "met-exon-unknown"
    if exon[0] < exon[1]:
        return record.points, "last-but-one-exon"
    if tail is None or short_tail:
        return int(record.numbers["last_exon_low"]), "last-exon"
    return int(record.numbers["last_exon_low_if_much_lost"]), "last-exon-much-lost"


def os1(_facts: VariantFacts, record: Record, _setting: Setting) -> Criterion:
    """Same amino-acid change as one established by this standard: no pack holds any yet."""
    return not_met(record, "no-pack")


@dataclass(frozen=True, slots=True)
class _Studies:
    """A gene's studies of one criterion: those of one change by its name, and those of many."""

    exact: Mapping[str, tuple[FunctionalEvidence, ...]]
    of_many: tuple[FunctionalEvidence, ...]
    missense: Mapping[str, tuple[FunctionalEvidence, ...]]


@lru_cache(maxsize=4096)
def _studies(library: Library, gene: str, criterion: str) -> _Studies:
    rows = [row for row in library.functional(gene) if row.criterion == criterion]
    exact: defaultdict[str, tuple[FunctionalEvidence, ...]] = defaultdict(tuple)
    missense: defaultdict[str, tuple[FunctionalEvidence, ...]] = defaultdict(tuple)
    for row in rows:
        if row.pattern_type == "exact":
            exact[row.pattern] += (row,)
            if _MISSENSE.fullmatch(row.pattern):
                missense[row.pattern[:-1]] += (row,)
    return _Studies(dict(exact), tuple(row for row in rows if row.pattern_type != "exact"), dict(missense))


_MISSENSE = re.compile(r"p\.[A-Z]\d+[A-Z]")


def _functional(facts: VariantFacts, setting: Setting, criterion: str) -> FunctionalEvidence | None:
    """The functional study that speaks of this change; one that counts before one that doesn't."""
    studies = _studies(setting.library, facts.gene, criterion)
    names = (facts.protein.short if facts.protein else "", facts.coding_text or "")
    rows = [row for name in names for row in studies.exact.get(name, ())]
    rows += [row for row in studies.of_many if matches_pattern(row, facts)]
    if not rows:
        return None
    return max(rows, key=lambda row: (row.counts, row.pattern_type == "exact"))


def matches_pattern(row: FunctionalEvidence, facts: VariantFacts) -> bool:
    """Whether a row about many changes speaks of this one (pattern types: the knowledge room)."""
    protein = facts.protein
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
    if row is None and facts.residues_untold:
        return not_assessed(record, "no-protein")
    if row is None:
        return not_met(record, "no-study")
    if not row.counts:
        return not_assessed(record, "not-confirmed", study=row.study, row=row.row)
    return met(record, study=row.study, effect=row.effect, sources=_sources(row))


def _sources(row: FunctionalEvidence) -> tuple[str, ...]:
    if row.pmid:
        return (f"PMID {row.pmid}",)
    return (row.address,) if row.address else ()


_ONE_RESIDUE = {
    ProteinKind.MISSENSE,
    ProteinKind.NONSENSE,
    ProteinKind.START_LOSS,
    ProteinKind.EXTENSION,
}


def _hotspot(facts: VariantFacts, setting: Setting) -> tuple[HotspotResidue, int] | None:
    """The hotspot residue of this change and the samples with this very change; None: not listed."""
    library = setting.library
    if facts.is_splice_site and facts.coding is not None:
        if facts.coding.start.base != facts.coding.end.base:
            return None  # an exon or more is gone, which is no point change at a splice site
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
        return not_assessed(record, "indels-not-listed")
    if facts.residues_untold:
        return not_assessed(record, "no-protein")
    hit = _hotspot(facts, setting)
    if hit is None:
        return not_met(record, "not-listed")
    residue, change = hit
    if not accept(residue.samples, change):
        return not_met(record, "counts", **_hotspot_values(hit))
    why = "met-truncating" if facts.is_truncating or facts.is_splice_site else "met"
    return met(record, why, sources=(residue.source,), **_hotspot_values(hit))


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
    if facts.residues_untold:
        return not_assessed(record, "no-protein")
    if protein is None or protein.position is None or not (facts.is_missense or facts.is_inframe):
        return not_met(record, "not-inframe")
    end = protein.end or protein.position
    hits = [d for d in setting.library.domains(facts.gene) if d.start <= end and protein.position <= d.end]
    if not hits:
        return not_assessed(record, "no-domain")
    best: CriticalDomain = max(hits, key=lambda domain: domain.counts)
    place: dict[str, Value] = {"domain": best.domain, "start": best.start, "end": best.end}
    if not best.counts:
        return not_assessed(record, "not-confirmed", row=best.row, **place)
    return met(record, sources=(best.source,), **place)


def om2(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """In-frame loss or gain in a gene with a role, or stop loss in a suppressor."""
    stop_loss = "stop_lost" in facts.consequences
    if not (facts.is_inframe or stop_loss):
        return not_met(record, "kind")
    role = setting.library.gene_role(facts.gene)
    fitting = {"tumour_suppressor", "both"} if stop_loss else {"tumour_suppressor", "oncogene", "both"}
    if role is None or role.role not in fitting:
        return not_met(record, "role", gene=facts.gene, role=role.role if role else "unknown")
    if not role.counts:
        return not_assessed(record, "role-not-confirmed", gene=facts.gene, row=role.row)
    return met(record, gene=facts.gene, role=role.role, sources=(role.source,))


def other_missense(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """Another missense at this residue is known to act, and this one is about as far from the reference."""
    protein = facts.protein
    if facts.residues_untold:
        return not_assessed(record, "no-protein")
    if not facts.is_missense or protein is None:
        return not_met(record, "not-missense")
    stem = f"p.{protein.ref}{protein.position}"
    share = record.numbers["share_of_known_distance"]
    grantham = setting.library.grantham
    for row in _studies(setting.library, facts.gene, "OS2").missense.get(stem, ()):
        known = row.pattern[-1]
        if not row.counts or known == protein.alt:
            continue
        here, there = grantham(protein.ref, protein.alt), grantham(protein.ref, known)
        if here >= share * there:
            values: dict[str, Value] = {"known": row.pattern, "distance": here, "known_distance": there}
            return met(record, sources=_sources(row), **values)
    return not_met(record, "none-known", residue=stem)


def op1(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """Predicted to act: the driver analysis of the cancer atlas; no other predictor is shipped."""
    driver = setting.library.predicted_driver(facts.gene, facts.protein.short) if facts.protein else None
    if driver is None:
        return not_assessed(record, "no-predictor")
    return met(record, sources=(f"PMID {driver.pmid}",))


def op2(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    """The gene is the one cause of this malignancy."""
    codes = [code for gene, code in record.single_cause if gene == facts.gene]
    if not codes:
        return not_met(record, gene=facts.gene)
    if setting.tumour is None:
        return not_assessed(record, "no-tumour")
    tree = setting.library.oncotree
    if any(tree.is_at_or_below(setting.tumour, code) for code in codes):
        return met(record, gene=facts.gene, tumour=setting.tumour)
    return not_met(record, "other-tumour", gene=facts.gene, tumour=setting.tumour)


def op4(facts: VariantFacts, record: Record, _setting: Setting) -> Criterion:
    """Absent from populations, or extremely rare in every one given."""
    if facts.population is None:
        why = Reason(f"{record.code}.no-column", {})
        return Criterion(record.code, record.label, State.NOT_ASSESSED, 0, record.points, why)
    if not facts.population:
        return met(record, "absent")
    highest, where = _highest(facts.population)
    if highest < record.numbers["below"]:
        return met(record, "rare", frequency=highest, population=where)
    return not_met(record, "frequency", frequency=highest, population=where)


def _highest(population: tuple[tuple[str, float], ...]) -> tuple[float, str]:
    return max((value, name) for name, value in population)


def _common(facts: VariantFacts, record: Record, setting: Setting) -> Criterion:
    if facts.population is None:
        return not_assessed(record, "no-column")
    counted = tuple(pair for pair in facts.population if pair[0] in setting.populations)
    if not counted:
        return not_met(record, "absent")
    highest, where = _highest(counted)
    if highest > record.numbers["above"]:
        return met(record, frequency=highest, population=where)
    return not_met(record, "frequency", frequency=highest, population=where)


def sbp1(_facts: VariantFacts, record: Record, _setting: Setting) -> Criterion:
    """All predictors say no effect: none is shipped."""
    return not_assessed(record, "no-predictor")


def sbp2(facts: VariantFacts, record: Record, _setting: Setting) -> Criterion:
    """Synonymous, no splice effect predicted, base not conserved: no predictor is shipped."""
    if "synonymous_variant" not in facts.consequences and facts.kind is not ProteinKind.SYNONYMOUS:
        return not_met(record, "not-synonymous")
    return not_assessed(record, "no-predictor")


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
