"""The answer of a criterion "both alleles lost": yes, unknown with reasons, or no where nothing was hit."""

from __future__ import annotations

from presis.diagnostics.findings import Findings
from presis.diagnostics.profile import Alteration
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Truth

#: What must have been looked at before a gene counts as untouched.
LOOKED_AT = (Alteration.SMALL_VARIANT, Alteration.DELETION, Alteration.EXON_CNV)


def both_lost(gene: str, findings: Findings) -> Answer:
    """Whether both alleles of a gene are lost; one hit never makes it a no, the other may be hidden."""
    state = findings.allelic.get(gene)
    if state is not None:
        return Answer(state.both_lost, state.reasons, state.settled_by, state.evidence)
    settled = (Reason.of("settle.other-allele", gene=gene),)
    if gene in findings.doubtful:
        labels = ", ".join(f"{e.variant.label} ({e.kept_by})" for e in findings.doubtful[gene])
        return Answer(
            Truth.UNKNOWN,
            (Reason.of("left-out.doubtful", finding=labels),),
            (Reason.of("settle.repeat", gene=gene),),
        )
    if any(c.gene == gene and c.minor_copies == 0 for c in findings.profile.losses_of_heterozygosity):
        return Answer(Truth.UNKNOWN, (Reason.of("allelic.loh-alone", gene=gene),), settled)
    missing = [each for each in LOOKED_AT if findings.covered(each, gene) is not Truth.YES]
    if missing:
        return Answer(
            Truth.UNKNOWN,
            tuple(Reason.of("covered.not-tested", gene=gene, method=each.value) for each in missing),
            tuple(Reason.of("settle.test", gene=gene, method=each.value) for each in missing),
        )
    return Answer(Truth.NO, (Reason.of("covered.not-found", gene=gene, method="small_variant"),))
