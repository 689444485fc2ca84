"""Variant rows a second, read from a panel's file and interpreted, in a warm process.

Usage: python benchmarks/reading.py [--rows N] [--repeat N]. Two files of invented rows: a digest of
DRAGEN's, most of whose rows the filter leaves out, and a TSOPPI table, most of whose rows are kept.
No change occurs twice in a file beyond chance, and the interpreter's memory is emptied before each run.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.reading import read_one
from presis.diagnostics.report_content import report_content
from presis.knowledge import load_library

GENES = [
    "ALK",
    "APC",
    "ARID1A",
    "ATM",
    "ATR",
    "BRAF",
    "BRCA1",
    "BRCA2",
    "CDKN2A",
    "CTNNB1",
    "EGFR",
    "ERBB2",
    "FBXW7",
    "FGFR1",
    "FGFR2",
    "FGFR3",
    "IDH1",
    "KIT",
    "KMT2D",
    "KRAS",
    "MET",
    "MTOR",
    "NF1",
    "NOTCH1",
    "NRAS",
    "PDGFRA",
    "PIK3CA",
    "POLE",
    "PTEN",
    "RB1",
    "RET",
    "ROS1",
    "SMAD4",
    "SPEN",
    "STK11",
    "TP53",
    "TSC2",
    "VHL",
]
RESIDUES = {"Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E", "Gly": "G", "His": "H", "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F", "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V"}  # fmt: skip


def change(rng: random.Random) -> tuple[str, str, int, str]:
    gene, position = rng.choice(GENES), rng.randrange(2, 2500)
    ref, alt = rng.sample(list(RESIDUES), 2)
    return gene, ref, position, alt


def digest(path: Path, rows: int, rng: random.Random) -> Path:
    """A CombinedVariantOutput as DRAGEN 2.1 writes it: a third missense, the rest synonymous or intronic."""
    lines = [
        "DRAGEN TruSight Oncology 500 Analysis Software - Combined Variant Output", "", "[Analysis Details]",
        "Pair ID\tB1", "DNA Sample ID\tB1-D01", "RNA Sample ID\tNA", "Output Date\t2026-01-01", "Output Time\t10:00:00",
        "Module Version\tNA", "Pipeline Version\truo-2.1.1.4", "", "[Sequencing Run Details]", "NA", "", "[TMB]",
        "Total TMB\t8.1", "Coding Region Size in Megabases\t1.28", "Number of Passing Eligible Variants\t10", "", "[MSI]",
        "Usable MSI Sites\t118", "Total MSI Sites Unstable\t4", "Percent Unstable MSI Sites\t3.4", "",
        "[Gene Amplifications]", "Gene\tFold Change", "NA", "", "[Splice Variants]",
        "Gene\tAffected Exon\tBreakpoint 1\tBreakpoint 2\tSplice Supporting Reads\tReference Reads Transcript", "NA", "",
        "[Fusions]", "Gene Pair\tBreakpoint 1\tBreakpoint 2\tFusion Supporting Reads\tGene 1 Reference Reads\tGene 2 Reference Reads", "NA", "",
        "[Exon-Level CNVs]", "Gene\tChromosome\tStart\tStop\tAffected Exon(s)\tFold Change\tCNV Type", "NA", "",
        "[Small Variants]",
        "Gene\tChromosome\tGenomic Position\tReference Call\tAlternative Call\tAllele Frequency\tDepth\tP-Dot Notation\tC-Dot Notation\tConsequence(s)\tAffected Exon(s)",
    ]  # fmt: skip
    for index in range(rows):
        gene, ref, position, alt = change(rng)
        coding = f"NM_{1000 + index % 500:06d}.3:c.{position * 3}"
        where = f"chr{1 + index % 22}\t{1_000_000 + index * 17}\tC\tT\t{rng.uniform(0.03, 0.9):.4f}\t{rng.randrange(100, 2000)}"
        kind = index % 3
        if kind == 0:
            rest = f"NP_1.2:p.({ref}{position}{alt})\t{coding}C>T\tmissense_variant\t3/20"
        elif kind == 1:
            rest = f"{coding}C>T(p.({ref}{position}=))\t{coding}C>T\tsynonymous_variant\t3/20"
        else:
            rest = f"\t{coding}+37C>T\tintron_variant\t"
        lines.append(f"{gene}\t{where}\t{rest}")
    path.write_text("\n".join(lines) + "\n\n")
    return path


def table(path: Path, rows: int, rng: random.Random) -> Path:
    """A TSOPPI small variant table, nine in ten rows missense and included."""
    columns = [
        "Sample_ID",
        "Gene_symbol",
        "Ensembl_transcript_ID",
        "RefSeq_mRNA",
        "Genomic_location",
        "DNA_change",
        "cDNA_change",
        "Exon_number",
        "Protein_change_short",
        "Protein_change",
        "Coding_status",
        "Depth_tumor_DNA",
        "AF_tumor_DNA",
        "Global_AF_gnomAD",
        "NFE_AF_gnomAD",
        "Germline_population_AFs",
        "TSO500_LocalApp_class",
        "Filters",
        "IGV_QC",
        "Run_QC",
        "Class_judgement",
        "Class_judgement_comments",
        "Reporting_judgement",
        "Reporting_judgement_comments",
    ]
    lines = [
        "# [B2] Version string: 2.2.0.12/0.3.2:22-06-07/1.0.0/1.0.0/hg19/T",
        "# [B2] Size of the target coding region (in millions ot bases): 1.28", "\t".join(columns),
    ]  # fmt: skip
    for index in range(rows):
        gene, ref, position, alt = change(rng)
        cells = ["B2", gene, "ENST00000288602", "NM_004333", f"{1 + index % 22}:{1_000_000 + index * 17}", "C>T",
                 f"c.{position * 3}C>T", "exon3", f"{RESIDUES[ref]}{position}{RESIDUES[alt]}", f"{ref}{position}{alt}",
                 "missense_variant", str(rng.randrange(100, 2000)), f"{rng.uniform(0.03, 0.9):.3f}", "NA", "NA", "NA", "SOM",
                 "NA", ".", ".", "include" if index % 10 else "exclude", ".", ".", "."]  # fmt: skip
        lines.append("\t".join(cells))
    path.write_text("\n".join(lines) + "\n")
    return path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    library = load_library()
    Interpreter(library).interpret(
        read_one([Path(__file__).parents[1] / "src/presis/diagnostics/demo_data/na12878"], library)
    )
    with tempfile.TemporaryDirectory() as folder:
        files = {
            "digest, a third kept": digest(
                Path(folder) / "B1_CombinedVariantOutput.tsv", arguments.rows, random.Random(1)
            ),
            "table, nine in ten kept": table(
                Path(folder) / "B2_small_variant_table.tsv", arguments.rows, random.Random(2)
            ),
        }
        for name, path in files.items():
            seconds, kept = [], 0
            for _ in range(arguments.repeat):
                interpreter = Interpreter(library)
                start = time.perf_counter()
                profile = read_one([path], library)
                result = interpreter.interpret(profile, "COADREAD")
                seconds.append(time.perf_counter() - start)
                kept = len(result.findings.variants)
            start = time.perf_counter()
            report_content(result, library)
            content = time.perf_counter() - start
            median = statistics.median(seconds)
            print(f"{name}: {arguments.rows / median:,.0f} rows a second read and interpreted "
                  f"({kept} of {len(profile.small_variants)} kept; the report's content of them {content:.2f} s more)")  # fmt: skip


if __name__ == "__main__":
    main()
