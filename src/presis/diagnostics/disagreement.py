"""Two methods that can't both be right of one thing: a finding of its own, in which neither overrules.

Panel against pathology (microsatellites, HER2, fusions), pathology against itself, and DNA against
RNA where an exon is left out. Which results contradict each other, and what is then open, is data:
`rules/disagreement.yaml`. Tissue against plasma: `several_results`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from presis.diagnostics.criteria import CopyNumberIs, FusionIs, MsiIs, SpliceIs
from presis.diagnostics.criteria import ask as ask_panel
from presis.diagnostics.findings import ClassifiedVariant, Findings
from presis.diagnostics.marker_answers import Result, matching, result_reason
from presis.diagnostics.marker_vocabulary import method_names
from presis.diagnostics.pathology import Disagreement, Side
from presis.diagnostics.profile import Alteration, MolecularProfile
from presis.diagnostics.variant_fit import SmallVariantIs, fits
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Truth
from presis.programme.files import load_yaml

FILE = "rules/disagreement.yaml"


def disagreements(findings: Findings) -> tuple[Disagreement, ...]:
    """Every disagreement in one specimen's results, in the order of the rules."""
    rules = load_yaml(FILE)
    found: list[Disagreement] = []
    if findings.profile.markers:
        for rule in rules["panel_against_pathology"]:
            found += _panel_against(rule, findings)
        for rule in rules["pathology_against_itself"]:
            found += _against_itself(rule, findings.profile)
    for rule in rules["dna_against_rna"]:
        found += _dna_against_rna(rule, findings)
    return tuple(found)


def _panel_against(rule: Mapping[str, Any], findings: Findings) -> Iterator[Disagreement]:
    panel, result = _panel(rule, findings)
    if panel.truth is Truth.UNKNOWN:
        return
    conditions = rule.get("against_yes" if panel.truth is Truth.YES else "against_no", ())
    against = [hit for each in conditions for hit in matching(each, findings.profile)]
    if against:
        sides = (_by_panel(findings.profile, result), *map(_by_pathology, against))
        ids = (*panel.evidence, *(each.id for each in against))
        yield _disagreement(rule, sides, ids)


def _panel(rule: Mapping[str, Any], findings: Findings) -> tuple[Answer, Reason]:
    """The panel's yes or no, and its words."""
    if rule["panel"] == "msi":
        answer = ask_panel(MsiIs(frozenset({"unstable"})), findings)
        marked = Answer(answer.truth, answer.reasons, answer.settled_by, ("msi",))
        return marked, findings.msi.reason
    genes = tuple(rule["genes"]) if "genes" in rule else (rule["gene"],)
    what = "/".join(genes)
    if rule["panel"] == "amplification":
        answer = ask_panel(CopyNumberIs(genes[0], Alteration.AMPLIFICATION), findings)
        kind = "amplification"
    else:
        answers = [ask_panel(FusionIs(frozenset({gene})), findings) for gene in genes]
        answer = max(answers, key=lambda each: each.truth)
        kind = "fusion"
    return answer, _seen(answer, what, kind)


def _seen(answer: Answer, what: str, kind: str) -> Reason:
    if answer.truth is Truth.YES:
        named = what if kind == "amplification" else str(answer.reasons[0].values.get("finding", what))
        return Reason.of(f"side.{kind}-found", what=named)
    return Reason.of(f"side.{kind}-not-found", what=what)


def _against_itself(rule: Mapping[str, Any], profile: MolecularProfile) -> Iterator[Disagreement]:
    for first, second in rule["pairs"]:
        one, other = matching(first, profile), matching(second, profile)
        if one and other:
            both = (*one, *other)
            yield _disagreement(rule, tuple(map(_by_pathology, both)), tuple(each.id for each in both))


def _dna_against_rna(rule: Mapping[str, Any], findings: Findings) -> Iterator[Disagreement]:
    """A change of the exon's splice site on DNA, and whether the transcript in RNA leaves the exon out."""
    gene, exon = rule["gene"], rule["exon"]
    record = next(
        each
        for each in load_yaml("rules/biomarker_terms.yaml")["exon_skipping"]
        if (each["gene"], each["exon"]) == (gene, exon)
    )
    skipped = ask_panel(SpliceIs(gene, record["name"]), findings)
    bases = tuple((first, last) for first, last in record["coding_bases"])
    leaf = SmallVariantIs(gene, kinds=frozenset({"splice_site"}), coding_bases=bases)
    site = [each for each in findings.by_gene.get(gene, ()) if fits(leaf, each) is Truth.YES]
    dna = ask_panel(leaf, findings)
    profile = findings.profile
    if site and skipped.truth is Truth.NO:
        sides = (
            _side("DNA", _site(site), profile),
            _side("RNA", Reason.of("side.skipping-not-found", what=f"{gene} exon {exon}"), profile),
        )
        yield _disagreement(rule, sides, [each.id for each in site], "dna_only")
    elif skipped.truth is Truth.YES and dna.truth is Truth.NO and not _any_near(findings, gene):
        sides = (
            _side("RNA", Reason.of("side.skipping-found", what=f"{gene} exon {exon}"), profile),
            _side("DNA", Reason.of("side.splice-site-not-found", what=f"{gene} exon {exon}"), profile),
        )
        yield _disagreement(rule, sides, skipped.evidence, "rna_only")


def _any_near(findings: Findings, gene: str) -> bool:
    """Whether DNA has a change in the gene of which it isn't told that it is no splice change."""
    return any(fits(SmallVariantIs(gene, kinds=frozenset({"exon_edge"})), each) is not Truth.NO
               for each in findings.by_gene.get(gene, ()))  # fmt: skip


def _site(site: Sequence[ClassifiedVariant]) -> Reason:
    return Reason.of("side.splice-site-found", what=", ".join(each.variant.label for each in site))


def _disagreement(
    rule: Mapping[str, Any], sides: tuple[Side, ...], ids: Sequence[str], way: str | None = None
) -> Disagreement:
    prefix = f"{way}_" if way else ""
    return Disagreement(
        id=rule["id"],
        subject=rule["subject"],
        sides=sides,
        unsettles=frozenset(rule.get(f"{prefix}unsettles", ())),
        beside=frozenset(rule.get(f"{prefix}beside", ())),
        findings=tuple(dict.fromkeys(ids)),
        settled_by=Reason.of(f"settle.disagreement-{rule['settled_by']}", subject=rule["subject"]),
    )


def _by_panel(profile: MolecularProfile, result: Reason) -> Side:
    return _side("sequencing", result, profile)


def _side(method: str, result: Reason, profile: MolecularProfile) -> Side:
    return Side(method=method, result=result, date=profile.specimen.collected, specimen=profile.sample)


def _by_pathology(result: Result) -> Side:
    marker = result.marker
    where = ", ".join(filter(None, (marker.specimen, marker.block))) or None
    assay = f" ({marker.assay})" if marker.assay else ""
    return Side(
        method=f"{method_names()[marker.method]}{assay}",
        result=result_reason(marker),
        date=marker.date,
        specimen=where,
    )
