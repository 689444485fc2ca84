"""Reports for the tests of exports: the demo's, and a tumour with every kind of alteration."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from tumours import interpret, tumour, variant

import presis.diagnostics
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.profile import (
    Alteration,
    CopyNumber,
    ExonCopyNumber,
    Fusion,
    LossOfHeterozygosity,
    MolecularProfile,
    SpliceVariant,
)
from presis.diagnostics.reading import read_one
from presis.diagnostics.report_content import report_content
from presis.diagnostics.report_making import make_content
from presis.diagnostics.report_model import ReportContent
from presis.knowledge import load_library

DEMO = Path(presis.diagnostics.__file__).parent / "demo_data"
DEMOS = ("invented_colorectal", "acrometrix", "na12878", "rna_fusion_control")


@cache
def demo(name: str) -> ReportContent:
    library = load_library()
    return make_content(read_one([DEMO / name], library), Interpreter(library), None, "Haukeland")


def content_of(profile: MolecularProfile) -> ReportContent:
    return report_content(interpret(profile), load_library(), "Haukeland")


def every_kind() -> ReportContent:
    return content_of(
        replace(
            tumour(variant("BRAF", "V600E", fraction=0.31)),
            copy_numbers=(
                CopyNumber(gene="ERBB2", kind=Alteration.AMPLIFICATION, fold_change=4.2, absolute_copies=9.0),
                CopyNumber(gene="PTEN", kind=Alteration.DELETION, fold_change=0.2, absolute_copies=0.0),
                CopyNumber(gene="RB1", kind=Alteration.DELETION, fold_change=0.4),
            ),
            exon_copy_numbers=(
                ExonCopyNumber(
                    gene="BRCA1", change="loss", exons="2-3", chromosome="17", start=1, end=9, fold_change=0.6
                ),
            ),
            losses_of_heterozygosity=(
                LossOfHeterozygosity(gene="PTEN", absolute_copies=1.0, minor_copies=0.0),
            ),
            fusions=(
                Fusion(
                    first=("EML4",),
                    second=("ALK", "OVERLAP"),
                    order_known=True,
                    reported="EML4-ALK",
                    breakpoint_first="chr2:42522654",
                    breakpoint_second="chr2:29446394",
                    method=Alteration.RNA_FUSION,
                    supporting_reads=75,
                ),
            ),
            splice_variants=(
                SpliceVariant(
                    gene="MET",
                    name="exon 14 skipping",
                    exons="14",
                    breakpoint_first=None,
                    breakpoint_second=None,
                    supporting_reads=40,
                    reference_reads=1,
                ),
            ),
        )
    )
