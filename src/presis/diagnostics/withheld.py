"""What a patient who declined to hear of inherited risks isn't told: in reports, and in what lists the files.

Left out is what would tell of such a risk alone. What bears on treatment stays, and so does all that
isn't suspected to be inherited. Nothing that remains may give it away: neither a count of a file's rows,
nor a position, nor what is said of the gene's other allele.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from presis.diagnostics.expected_fractions import predisposition_genes
from presis.diagnostics.findings import Findings
from presis.diagnostics.germline_followup import PATHOGENIC, declined, hidden
from presis.diagnostics.interpretation import Interpretation, Interpreter
from presis.diagnostics.not_usable import in_english
from presis.diagnostics.origin import place_of
from presis.diagnostics.profile import InputFile, MolecularProfile, NotUsable, RegionDepth, SmallVariant
from presis.diagnostics.profile_places import changed_bases
from presis.diagnostics.readers.tsoppi_table import NORMAL_ALONE
from presis.diagnostics.tumour_reading import AllelicKind, AllelicState
from presis.diagnostics.variant_facts import facts_of
from presis.methods.reasons import Reason
from presis.methods.rules import Truth

#: AMP levels of CIViC's proposals that bear on treatment
_BEARING = frozenset({"A", "B", "C"})


def as_told(interpretation: Interpretation) -> Interpretation:
    """The interpretation as the patient's report may tell it; the same one unless the patient declined."""
    findings = interpretation.findings
    if not declined(findings.profile.specimen):
        return interpretation
    drugs = {ident for option in interpretation.actionability.options for ident in option.findings}
    out = hidden(findings, interpretation.follow_ups, _bearing_on_treatment(interpretation))
    withheld = _withheld(interpretation, out)
    gone = {id(each) for each in withheld}
    genes = predisposition_genes()
    profile = _without(interpretation.profile, withheld)
    return replace(
        interpretation,
        profile=profile,
        findings=replace(
            findings,
            profile=profile,
            variants=tuple(each for each in findings.variants if each.id not in out),
            left_out=tuple(each for each in findings.left_out if id(each.variant) not in gone),
            by_gene={
                gene: tuple(e for e in group if e.id not in out) for gene, group in findings.by_gene.items()
            },
            origins={ident: origin for ident, origin in findings.origins.items() if ident not in out},
            allelic=dict(_alleles_told(findings, out)),
        ),
        civic=tuple(each for each in interpretation.civic if each.finding not in out),
        tiers={ident: tiers for ident, tiers in interpretation.tiers.items() if ident not in out},
        follow_ups=tuple(each for each in interpretation.follow_ups if each.finding in drugs),
        dropped=tuple(
            each
            for each in interpretation.dropped
            if each.judged.verdict != "germline" or genes.isdisjoint(each.genes)
        ),
    )


def _alleles_told(findings: Findings, out: Collection[str]) -> Iterator[tuple[str, AllelicState]]:
    """Both alleles by what is told alone: with another hit of the gene unknown, as it would be by that."""
    hidden_labels = {each.variant.label for each in findings.variants if each.id in out}
    for gene, state in findings.allelic.items():
        if not set(out).intersection(state.evidence):
            yield gene, state
            continue
        left = tuple(each.id for each in findings.by_gene.get(gene, ()) if each.id not in out)
        if acting := tuple(ident for ident in left if ident in state.evidence):
            why = tuple(
                each
                for each in state.reasons
                if "finding" in each.values
                and not any(label in str(each.values["finding"]) for label in hidden_labels)
            )
            settled = (Reason.of("settle.other-allele", gene=gene),)
            yield gene, AllelicState(gene, AllelicKind.UNKNOWN, Truth.UNKNOWN, why, settled, acting)


def told_profile(profile: MolecularProfile, interpreter: Interpreter) -> MolecularProfile:
    """A profile as it may be listed; the same one unless the patient declined."""
    if not declined(profile.specimen):
        return profile
    return as_told(interpreter.interpret(profile)).profile


def told_profiles(
    profiles: Sequence[MolecularProfile], interpreter: Interpreter
) -> tuple[MolecularProfile, ...]:
    """Several results of one patient: what one of them may not tell, none tells."""
    if not any(declined(each.specimen) for each in profiles):
        return tuple(profiles)
    gone = set()
    for each in profiles:
        asked = replace(each, specimen=replace(each.specimen, predisposition_declined=True))
        kept = {place_of(v) for v in told_profile(asked, interpreter).small_variants}
        gone |= {place_of(v) for v in each.small_variants} - kept
    return tuple(_without(each, [v for v in each.small_variants if place_of(v) in gone]) for each in profiles)


def _bearing_on_treatment(interpretation: Interpretation) -> frozenset[str]:
    """Findings that a drug hangs on, for or against, or that an unsettled approval names.

    Of CIViC's items those do that propose more than level D: a report shows no drug for preclinical
    work and small studies, so they are no reason to tell of a risk that the patient won't hear of.
    """
    action = interpretation.actionability
    named = {ident for option in action.options for ident in option.findings}
    named |= {each.finding for each in interpretation.civic if each.proposed in _BEARING}
    said = _said(interpretation)
    named |= {each.id for each in interpretation.findings.variants if each.variant.label in said}
    return frozenset(named)


def _said(interpretation: Interpretation) -> str:
    """All that is said of approvals that hang on something."""
    unsettled = interpretation.actionability.unsettled
    return " ".join(str(value) for each in unsettled for r in each.reasons for value in r.values.values())


def _withheld(interpretation: Interpretation, out: Collection[str]) -> tuple[SmallVariant, ...]:
    """The variants that aren't told: of those kept, and of those that the filter left out."""
    findings = interpretation.findings
    kept = [v for each in findings.variants if each.id in out for v in (each.variant, *each.parts)]
    said = _said(interpretation)
    left = [
        each.variant
        for each in findings.left_out
        if place_of(each.variant) in findings.inherited_left_out
        and each.variant.label not in said
        and _of_a_risk(each.variant)
    ]
    return (*kept, *left)


def _of_a_risk(variant: SmallVariant) -> bool:
    """Whether it would tell of a risk if it were inherited: by its gene, its class, or what it does."""
    facts = facts_of(variant)
    return (
        variant.gene in predisposition_genes()
        or variant.germline_class in PATHOGENIC
        or (facts is not None and facts.is_truncating)
    )


def _without(profile: MolecularProfile, withheld: Iterable[SmallVariant]) -> MolecularProfile:
    """The profile without these variants, and without what else its files say of them."""
    gone = tuple(withheld)
    variants = {id(each) for each in gone}
    lines = {(each.source.file, each.source.line) for each in gone if each.source is not None}
    spans = _spans(gone)
    noted = [
        each for each in profile.not_usable
        if (each.file, each.line) in lines or each.reason == in_english(NORMAL_ALONE)
    ]  # fmt: skip
    return replace(
        profile,
        small_variants=tuple(each for each in profile.small_variants if id(each) not in variants),
        not_usable=tuple(each for each in profile.not_usable if each not in noted),
        inputs=tuple(_fewer(each, lines, noted) for each in profile.inputs),
        depths=tuple(each for each in profile.depths if not _overlaps(each, spans)),
    )


def _fewer(file: InputFile, lines: Collection[tuple[str, int]], noted: Iterable[NotUsable]) -> InputFile:
    """The file with as many rows as are accounted for."""
    gone = {line for name, line in lines if name == file.name}
    gone |= {each.line for each in noted if each.file == file.name}
    return replace(file, rows=max(0, file.rows - len(gone)))


Spans = Mapping[str, tuple[tuple[int, int], ...]]


def _spans(variants: Iterable[SmallVariant]) -> Spans:
    out: dict[str, tuple[tuple[int, int], ...]] = {}
    for each in variants:
        span = changed_bases(each.position, each.ref, each.alt)
        out[each.chromosome] = (*out.get(each.chromosome, ()), span)
    return out


def _overlaps(region: RegionDepth, spans: Spans) -> bool:
    """Whether a stretch of a chromosome holds a base of these."""
    return any(
        first <= region.end and region.start <= last for first, last in spans.get(region.chromosome, ())
    )
