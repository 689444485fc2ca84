"""A profile read from end to end: filtered, classified, tiered; every conclusion with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from presis.diagnostics.actionability import by_finding, find_options
from presis.diagnostics.civic_evidence import CivicEvidence, civic_evidence
from presis.diagnostics.disagreement import FILE as DISAGREEMENT_RULES
from presis.diagnostics.disagreement import disagreements
from presis.diagnostics.filtering import (
    Filtered,
    VariantFilter,
    compile_filter,
    setting_of,
    standard_filter,
)
from presis.diagnostics.finding_keys import finding_key
from presis.diagnostics.findings import ClassifiedVariant, Findings, by_gene, lost_rows, mark_adjacent
from presis.diagnostics.germline_followup import FollowUp, follow_ups
from presis.diagnostics.hotspots import FILE as HOTSPOTS
from presis.diagnostics.judged import Dropped, Judgements, overruled, without_dropped
from presis.diagnostics.oncogenicity import BENIGN, Oncogenicity, assessor, standard
from presis.diagnostics.one_change import read_as_one
from presis.diagnostics.option import Actionability, AmpTier
from presis.diagnostics.pathology import Disagreement
from presis.diagnostics.profile import MolecularProfile
from presis.diagnostics.signatures import msi_class, tmb_class
from presis.diagnostics.tumour_content import assessable
from presis.diagnostics.tumour_context import OtherSamples, in_context
from presis.diagnostics.variant_facts import VariantFacts, facts_of
from presis.knowledge import Library, Release
from presis.methods.bulk import no_cycle_collection
from presis.methods.rules import Truth
from presis.programme.files import load_yaml

#: A variant at least this common in a population has no strong claim to be a driver (AMP 2017, table 7).
COMMON = 0.01


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What a profile means, with the versions of the rules and knowledge that it was read by.

    `judged` is what people said of findings, `dropped` what they took out, `text` their interpretation.
    `tiers` gives each finding's best possible AMP tiers, III and IV included: several where data lacks.
    """

    profile: MolecularProfile
    tumour: str | None
    findings: Findings
    actionability: Actionability
    civic: tuple[CivicEvidence, ...]
    tiers: Mapping[str, tuple[AmpTier, ...]]
    rules: Mapping[str, str]
    releases: tuple[Release, ...]
    judged: Judgements = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()
    text: str | None = None
    follow_ups: tuple[FollowUp, ...] = ()


class Interpreter:
    """Interprets profiles with one library, one filter and, per tumour type, one memory of changes seen."""

    def __init__(
        self,
        library: Library,
        variant_filter: VariantFilter | None = None,
        blacklist: Path | None = None,
    ) -> None:
        self.library = library
        self.filter = variant_filter or standard_filter()
        self.blacklist = blacklist
        self._assessors: dict[str | None, Callable[[VariantFacts], Oncogenicity]] = {}

    def read(
        self, profile: MolecularProfile, tumour: str | None, judgements: Judgements | None = None
    ) -> Findings:
        """Filter and classify; `tumour` is an OncoTree code or None. What a person kept or classed stands."""
        judgements = judgements or {}
        profile = assessable(profile)
        setting = setting_of(profile.assay.kind, profile.build, self.blacklist)
        apply = compile_filter(self.filter.steps, setting)
        assess = self._assessor(tumour)
        kept: list[ClassifiedVariant] = []
        left_out: list[Filtered] = []
        doubtful: list[ClassifiedVariant] = []
        for one in read_as_one(profile.small_variants):
            variant = one.variant
            outcome = apply(variant)
            judged = judgements.get(finding_key(variant, profile.build)) if judgements else None
            if judged is not None and not outcome.kept:
                outcome = Filtered(variant, kept=True, step="review", reasons=())
            if not outcome.kept:
                left_out.append(outcome)
                if not outcome.doubt:
                    continue
            facts = facts_of(variant)
            computed = None if facts is None or one.untold else assess(facts)
            classified = ClassifiedVariant(
                f"sv:{one.index}",
                variant,
                facts,
                overruled(computed, judged),
                outcome.step,
                parts=one.parts,
                untold=one.untold,
                judged=judged,
                computed=computed.classes if computed else (),
            )
            (kept if outcome.kept else doubtful).append(classified)
        kept = mark_adjacent(kept)
        findings = Findings(
            profile,
            tuple(kept),
            tuple(left_out),
            by_gene(kept),
            msi_class(profile),
            tmb_class(profile),
            by_gene(doubtful),
            lost_rows(profile),
        )
        return replace(findings, disagreements=disagreements(findings))

    def disagreements(self, profile: MolecularProfile) -> tuple[Disagreement, ...]:
        """Where two methods disagree on a profile; quick where no other method speaks of it."""
        genes = {each["gene"] for each in load_yaml(DISAGREEMENT_RULES)["dna_against_rna"]}
        own = {each.gene for each in profile.small_variants} | {each.gene for each in profile.splice_variants}
        if not profile.markers and genes.isdisjoint(own):
            return ()
        return self.read(profile, profile.specimen.tumour).disagreements

    def interpret(
        self,
        profile: MolecularProfile,
        tumour: str | None = None,
        judgements: Judgements | None = None,
        text: str | None = None,
        others: OtherSamples | None = None,
    ) -> Interpretation:
        """The whole interpretation; the specimen's own tumour type where none is given.

        `judgements` are what people said of findings, `text` what they wrote of the whole, `others` what
        a matched normal, blood or phasing showed.
        """
        code = tumour or profile.specimen.tumour
        cleaned, dropped = without_dropped(profile, judgements or {})
        with no_cycle_collection():
            made = self._interpret(cleaned, code, judgements or {}, others or OtherSamples())
        return replace(made, judged=judgements or {}, dropped=dropped, text=text)

    def _interpret(
        self,
        profile: MolecularProfile,
        code: str | None,
        judgements: Judgements,
        others: OtherSamples,
    ) -> Interpretation:
        findings = in_context(self.read(profile, code, judgements), self.library, others)
        actionability = find_options(findings, self.library, code)
        civic = civic_evidence(findings, self.library, code, actionability.options)
        rules = standard()
        return Interpretation(
            profile=findings.profile,
            tumour=code,
            findings=findings,
            actionability=actionability,
            civic=civic,
            tiers=_tiers(findings, actionability, civic),
            rules={self.filter.id: str(self.filter.version), rules.id: str(rules.version), **_versions()},
            releases=self.library.releases,
            follow_ups=follow_ups(findings, others.on),
        )

    def _assessor(self, tumour: str | None) -> Callable[[VariantFacts], Oncogenicity]:
        if tumour not in self._assessors:
            self._assessors[tumour] = assessor(self.library, tumour)
        return self._assessors[tumour]


@cache
def _versions() -> dict[str, str]:
    """The versions of the rules that classes of markers and the words of biomarkers come from."""
    names = (
        *("biomarker_terms", "escat_biomarkers", "resistance_limits", "norway_indications"),
        *("tumour_content", "tmb_interval", "variant_origin", "germline_followup", "wild_type"),
        *("pathology_markers", "disagreement"),
    )
    markers = load_yaml("rules/markers.yaml").values()
    records = [*markers, *(load_yaml(f"rules/{name}.yaml") for name in names), load_yaml(HOTSPOTS)]
    return {record["id"]: str(record["version"]) for record in records}


def _tiers(
    findings: Findings, actionability: Actionability, civic: tuple[CivicEvidence, ...]
) -> dict[str, tuple[AmpTier, ...]]:
    """The best tiers of each finding; where nothing speaks for it, III or IV by frequency and class."""
    options = by_finding(actionability.options)
    with_evidence = {each.finding for each in civic if each.proposed is not None}
    tiers: dict[str, tuple[AmpTier, ...]] = {}
    for each in findings.variants:
        tiers[each.id] = _without_evidence(each)
        if each.id in with_evidence:
            tiers[each.id] = (AmpTier("II", "D"),)
    for finding, group in options.items():
        known = [option for option in group if option.amp]
        if known:
            unsure = tiers.get(finding, ()) if known[0].truth is not Truth.YES else ()
            tiers[finding] = tuple(sorted({*known[0].amp, *unsure}))
    return tiers


def _without_evidence(each: ClassifiedVariant) -> tuple[AmpTier, ...]:
    population = each.variant.population
    benign = each.oncogenicity is not None and BENIGN.issuperset(each.oncogenicity.classes)
    if benign or (population is not None and population.highest >= COMMON):
        return (AmpTier("IV"),)
    if population is None:
        return (AmpTier("III"), AmpTier("IV"))
    return (AmpTier("III"),)
