"""Findings with the tumour's content in mind: where each variant comes from, and both alleles of a gene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import ceil

from presis.diagnostics.allelic_state import Known, Phases, allelic_state
from presis.diagnostics.findings import Findings
from presis.diagnostics.germline_followup import declined
from presis.diagnostics.origin import Normal, Surroundings, origin_of, place_of
from presis.diagnostics.profile import Alteration, SmallVariant
from presis.diagnostics.tumour_content import content_of, copies_for, diploid
from presis.diagnostics.tumour_reading import AllelicState, Origin, OriginKind
from presis.diagnostics.variant_facts import VariantFacts, facts_of
from presis.knowledge import Library

SUPPRESSORS = frozenset({"tumour_suppressor", "both"})
#: Copies of an amplified gene beyond these change a fraction by less than counting does.
MOST_COPIES = 30


@dataclass(frozen=True, slots=True)
class OtherSamples:
    """What other samples of the patient showed: a matched normal or blood, and who shares an allele.

    `phases`: pairs of finding ids to `cis` or `trans`. `on`: the day by whose rules a referral is judged;
    None: the newest.
    """

    normal: Normal | None = None
    phases: Phases = field(default_factory=dict)
    on: date | None = None


def in_context(findings: Findings, library: Library, others: OtherSamples) -> Findings:
    """The findings with the share of tumour cells, an origin for each variant, and states of suppressors."""
    profile = findings.profile
    content = content_of(profile.specimen)
    copies = {}
    for call in profile.copy_numbers:
        if call.kind is Alteration.AMPLIFICATION:
            told = copies_for(call.gene, call.fold_change, profile.specimen)
            most = MOST_COPIES if told.high is None else ceil(told.high)
            copies[call.gene] = min(MOST_COPIES, most)
    around = Surroundings(content, profile.assay.kind == "ctdna", copies, others.normal)
    one_copy = replace(around, diploid=False)

    def origin(variant: SmallVariant, facts: VariantFacts | None) -> Origin:
        two = diploid(profile.specimen, variant.gene, variant.chromosome)
        return origin_of(variant, facts, around if two else one_copy)

    origins = {each.id: origin(each.variant, each.facts) for each in findings.variants}
    inherited = frozenset(
        place_of(each.variant)
        for each in (findings.left_out if declined(profile.specimen) else ())
        if origin(each.variant, facts_of(each.variant)).kind is OriginKind.LIKELY_GERMLINE
    )
    known = Known(profile, content, origins, others.phases, copies)
    states = _states(findings, known, library)
    return replace(findings, content=content, origins=origins, allelic=states, inherited_left_out=inherited)


def _states(findings: Findings, known: Known, library: Library) -> Mapping[str, AllelicState]:
    profile = findings.profile
    touched = dict.fromkeys(
        (
            *findings.by_gene,
            *(call.gene for call in profile.copy_numbers),
            *(call.gene for call in profile.exon_copy_numbers),
        )
    )
    out = {}
    for gene in touched:
        role = library.gene_role(gene)
        if role is None or role.role not in SUPPRESSORS:
            continue
        state = allelic_state(gene, findings.by_gene.get(gene, ()), known)
        if state is not None:
            out[gene] = state
    return out
