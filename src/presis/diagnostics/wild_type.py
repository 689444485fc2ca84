"""When nothing activating found may be called wild type: by depth at the codons, or by a confirmed rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from presis.diagnostics.findings import Findings
from presis.diagnostics.position_coverage import HotspotAnswer, HotspotState, at_label_codons
from presis.diagnostics.profile import Alteration, Verdict
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Truth
from presis.programme.files import load_yaml

#: how the evidence of a wild type is named: a finding of its own in the report
PREFIX = "wt:"


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """A laboratory's rule by which a gene's coverage is accepted as a whole; it counts once confirmed."""

    id: str
    genes: frozenset[str]
    assay: str
    metric: str
    verdict: str
    confirmed_by: str | None


@cache
def shipped_rules() -> tuple[CoverageRule, ...]:
    """The rules that come with the programme."""
    return tuple(parse_rule(record) for record in load_yaml("rules/wild_type.yaml")["rules"])


def parse_rule(record: Mapping[str, object]) -> CoverageRule:
    """A rule of its YAML record."""
    genes, needs = record["genes"], record["needs"]
    if not isinstance(genes, list) or not isinstance(needs, Mapping):
        raise TypeError("a rule needs a list of genes, and what it needs")
    confirmed = record["confirmed_by"]
    return CoverageRule(
        str(record["id"]),
        frozenset(map(str, genes)),
        str(record["assay"]),
        str(needs["metric"]),
        str(needs["verdict"]),
        None if confirmed is None else str(confirmed),
    )


def depth_answer(
    findings: Findings,
    genes: Sequence[str],
    codons: Sequence[tuple[int, int]],
    rules: Sequence[CoverageRule] | None = None,
) -> tuple[Truth, Reason]:
    """Whether genes in which nothing was found are wild type at these codons: yes or unknown, and why."""
    names = "/".join(genes)
    by_gene = {gene: at_label_codons(findings, gene, codons) for gene in genes}
    held = [each for answers in by_gene.values() for each in answers or ()]
    told = [each for each in held if each.state is not HotspotState.DEPTH_UNKNOWN]
    bad = [each for each in told if each.state is not HotspotState.NEGATIVE]
    if bad:
        what = ", ".join(f"{each.hotspot.gene} {each.hotspot.what}" for each in bad)
        return Truth.UNKNOWN, Reason.of("wild-type.not-assessable", genes=names, what=what)
    open_genes = [gene for gene in genes if not _all_negative(by_gene[gene])]
    used = [_rule_for(findings, gene, shipped_rules() if rules is None else rules) for gene in open_genes]
    if not all(used):
        return Truth.UNKNOWN, Reason.of("wild-type.depth-unknown", genes=names)
    if open_genes:
        ids = ", ".join(dict.fromkeys(each.id for each in used if each is not None))
        return Truth.YES, Reason.of("wild-type.accepted", genes=names, rule=ids)
    depth = min(each.depth or 0 for each in held)
    return Truth.YES, Reason.of("wild-type.covered", genes=names, depth=depth)


def by_coverage(findings: Findings, genes: Sequence[str], codons: Sequence[tuple[int, int]]) -> Answer:
    """The answer for genes in which nothing that acts was found."""
    names = "/".join(genes)
    settle = (Reason.of("settle.depth", genes=names),)
    covered = min(findings.covered(Alteration.SMALL_VARIANT, gene) for gene in genes)
    if covered is not Truth.YES and not panel_is_unknown(findings):
        return Answer(Truth.UNKNOWN, (Reason.of("wild-type.not-tested", genes=names),), settle)
    truth, reason = depth_answer(findings, genes, codons)
    if truth is Truth.YES:
        return Answer(truth, (reason,), (), (f"{PREFIX}{names}",))
    return Answer(Truth.UNKNOWN, (reason,), settle)


def panel_is_unknown(findings: Findings) -> bool:
    """Whether small variants were read, and only the list of genes looked at isn't known."""
    covers = findings.profile.covers.get(Alteration.SMALL_VARIANT)
    return covers is not None and covers.reason == "panel_unknown" and not findings.lost.nameless


def _all_negative(answers: Sequence[HotspotAnswer] | None) -> bool:
    return answers is not None and all(each.state is HotspotState.NEGATIVE for each in answers)


def _rule_for(findings: Findings, gene: str, rules: Sequence[CoverageRule]) -> CoverageRule | None:
    """The confirmed rule by which this sample's exon coverage is enough for the gene."""
    profile = findings.profile
    if gene in findings.doubtful or findings.covered(Alteration.SMALL_VARIANT, gene) is not Truth.YES:
        return None
    for rule in rules:
        if rule.confirmed_by is None or gene not in rule.genes or rule.assay != profile.assay.kind:
            continue
        measured = [
            each
            for each in profile.quality.measures
            if each.metric == rule.metric and each.nucleic_acid == "DNA"
        ]
        if measured and all(each.verdict is Verdict(rule.verdict) for each in measured):
            return rule
    return None
