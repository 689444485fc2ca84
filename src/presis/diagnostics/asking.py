"""The questions to a tumour, answered by every method: the panel, and what pathology's results add.

`criteria.ask` answers by the panel alone.
"""

from __future__ import annotations

from presis.diagnostics.criteria import Criterion, FusionIs, MsiIs, OtherTest, SpliceIs
from presis.diagnostics.criteria import ask as ask_panel
from presis.diagnostics.findings import Findings
from presis.diagnostics.marker_answers import settled
from presis.diagnostics.variant_fit import SmallVariantIs
from presis.methods.reasons import Reason
from presis.methods.rules import Answer, Rule, leaves


def biomarkers_of(leaf: Criterion) -> tuple[str, ...]:
    """What other tests call the thing that a leaf asks: where they may settle it or disagree."""
    match leaf:
        case OtherTest(marker=marker):
            return (marker,)
        case MsiIs(classes=classes):
            return ("MSI-H",) if classes == {"unstable"} else ("MSI-H absent",)
        case FusionIs(genes=genes, both=False):
            return tuple(f"{gene} fusion" for gene in sorted(genes))
        case SpliceIs(gene=gene, name=name):
            return (f"{gene} {name}",)
        case SmallVariantIs(gene=gene) if leaf.coding_bases:
            return (f"{gene} splice site",)
        case _:
            return ()


def noted_beside(rule: Rule[Criterion], findings: Findings) -> tuple[Reason, ...]:
    """Disagreements on what a rule asks that leave it standing, since its approval names one of the tests."""
    names = {name for leaf in leaves(rule) for name in biomarkers_of(leaf)}
    return tuple(
        Reason.of("disagreement.beside", subject=each.subject)
        for each in findings.disagreements
        if not each.beside.isdisjoint(names)
    )


def ask(leaf: Criterion, findings: Findings) -> Answer:
    """Answer one leaf for one tumour; unknown where two methods disagree on it."""
    panel = ask_panel(leaf, findings)
    names = biomarkers_of(leaf)
    if not names or not (findings.profile.markers or findings.disagreements):
        return panel
    by_panel = not isinstance(leaf, OtherTest)
    return settled(names, panel, findings.profile, findings.disagreements, by_panel=by_panel)
