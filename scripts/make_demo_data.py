"""Write the demo inputs: three commercial or public control samples and one invented tumour.

    python scripts/make_demo_data.py PANELS

`PANELS` is a folder with the control samples' files (`tsoppi/`, `tso500/`). The files written hold
the controls' values only: without columns whose content comes from COSMIC, PCGR, CPSR or another
source with terms of its own, without read sequences, and with invented run and sample names.
"""

from __future__ import annotations

import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src" / "presis" / "diagnostics" / "demo_data"
RUN = "260105_A00001_0001_AINVENTED1"
KEPT = (
    "Sample_ID", "Gene_symbol", "Ensembl_transcript_ID", "RefSeq_mRNA", "Genomic_location", "DNA_change",
    "cDNA_change", "Exon_number", "Protein_change_short", "Protein_change", "Change_summary", "Coding_status",
    "Depth_tumor_DNA", "AF_tumor_DNA", "Depth_normal_DNA", "AF_normal_DNA", "Depth_tumor_RNA", "AF_tumor_RNA",
    "dbSNP_rs_ID", "ClinVar_variation_ID", "Global_AF_gnomAD", "Global_AF_1KG", "NFE_AF_gnomAD",
    "Germline_population_AFs", "TSO500_LocalApp_class", "Filters", "IGV_QC", "Run_QC", "Class_judgement",
    "Class_judgement_comments", "Reporting_judgement", "Reporting_judgement_comments",
)  # fmt: skip
READ_SEQUENCES = ("Contig", "ContigAlign1", "ContigAlign2", "CandidateAlt")
CONTROL = """\
# A control sample, not a patient: no tumour is reported.
sample_type: control
comments:
  - {comment}
"""


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("make_demo_data.py: give the folder with the control samples' files")
    panels = Path(sys.argv[1])
    tsoppi_control(panels, "acrometrix", "CL-AcroMetrix-D01", "AcroMetrix oncology hotspot control")
    tsoppi_control(panels, "na12878", "CL-NA12878N25-D01", "NA12878, a public reference cell line")
    fusion_control(panels)
    invented_tumour()


def write(folder: str, name: str, lines: list[str]) -> None:
    path = TARGET / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def tsoppi_control(panels: Path, folder: str, sample: str, what: str) -> None:
    source = panels / "tsoppi" / sample
    table = (source / f"{sample}_small_variant_table.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in table if not line.startswith("#")]
    name = rows[1][rows[0].index("Sample_ID")]
    at = [rows[0].index(column) for column in KEPT]
    comments = [
        f"# [{name}] Version string: 2.2.0.12/0.3.2:22-06-07/1.0.0/1.0.0/hg19/T",
        f"# [{name}] Size of the target coding region (in millions ot bases): 1.28",
        f"# [{name}] Specified tumor purity (as a fraction between 0 and 1): not specified",
        f"# [{name}] ID of the matched normal DNA sample: NA",
        f"# [{name}] ID of the matched tumor RNA sample: NA",
    ]
    body = ["\t".join(row[index] for index in at) for row in rows]
    write(folder, f"{sample}_small_variant_table.tsv", comments + body)
    listed = (source / "sample_list.tsv").read_text(encoding="utf-8").splitlines()
    run_directory = f"/runs/{RUN}_LocalApp_results"
    write(folder, "sample_list.tsv",
          [listed[0], *("\t".join([*line.split("\t")[:4], run_directory]) for line in listed[1:])])  # fmt: skip
    summary = next((panels / "tsoppi").glob("*_variant_summary.tsv")).read_text(encoding="utf-8").splitlines()
    stem = sample.removesuffix("-D01")
    write(folder, f"{RUN}_variant_summary.tsv",
          [line for line in summary if line.startswith(("sample_id", stem))])  # fmt: skip
    write(folder, "specimen.yaml", CONTROL.format(comment=what).splitlines())


def fusion_control(panels: Path) -> None:
    sample, folder = "FUSION-CONTROL-R01", "rna_fusion_control"
    digest = (panels / "tso500" / "rna_fusion_control_CombinedVariantOutput.tsv").read_text(encoding="utf-8")
    new = {
        "Pair ID": sample, "RNA Sample ID": sample, "Output Date": "2026-01-06", "Output Time": "09:00:00",
        "Run Name": RUN, "Run Date": "2026-01-05", "RNA Sample Index ID": "NA", "Instrument ID": "A00001",
        "SBS Reagent Cartridge Lot Number": "NA", "Cluster Reagent Cartridge Lot Number": "NA",
    }  # fmt: skip
    lines = []
    for line in digest.splitlines():
        cells = line.split("\t")
        if cells[0] in new:
            cells[1] = new[cells[0]]
        lines.append("\t".join(cells))
    write(folder, f"{sample}_CombinedVariantOutput.tsv", lines)
    fusions = (
        (panels / "tso500" / "rna_fusion_control_AllFusions.csv").read_text(encoding="utf-8").splitlines()
    )
    rows = [line.split(",") for line in fusions if not line.startswith("#")]
    at = [index for index, column in enumerate(rows[0]) if column not in READ_SEQUENCES]
    body = [",".join(row[index] for index in at) for row in rows]
    write(folder, f"{sample}_AllFusions.csv", ["# Source = FusionProcessor 1.0.0.407", *body])
    write(folder, "specimen.yaml", CONTROL.format(comment="an RNA fusion reference mix").splitlines())


SPECIMEN = """\
# Invented from beginning to end: no patient has this tumour.
invented: true
pseudonym: INVENTED-CRC-1
birth_year: 1958
birth_month: 4
sex: female
tumour: COAD
tumour_text: adenocarcinoma of the right colon (invented)
site: colon
sample_type: primary
material: ffpe
treatment: before
collected: 2026-09
tumour_cell_fraction: 0.6
dna_failed: false
rna_failed: true
comments:
  - Invented for demonstration.
"""

VARIANTS = (
    ("BRAF", "chr7", "140453136", "A", "T", "0.3142", "812", "NP_004324.2:p.(Val600Glu)", "NM_004333.4:c.1799T>A", "missense_variant", "15/18"),
    ("RNF43", "chr17", "56435160", "AC", "A", "0.2874", "647", "NP_060233.3:p.(Gly659ValfsTer41)", "NM_017763.5:c.1976del", "frameshift_variant", "9/10"),
    ("TP53", "chr17", "7578406", "C", "T", "0.2711", "903", "NP_000537.3:p.(Arg175His)", "NM_000546.5:c.524G>A", "missense_variant", "5/11"),
    ("PTEN", "chr10", "89717769", "TA", "T", "0.2563", "518", "NP_000305.3:p.(Lys267ArgfsTer9)", "NM_000314.4:c.800del", "frameshift_variant", "7/9"),
    ("SPEN", "chr1", "16255644", "C", "T", "0.3019", "1104", "NP_055816.2:p.(Ala970Val)", "NM_015001.2:c.2909C>T", "missense_variant", "11/15"),
    ("ARFRP1", "chr20", "62331839", "C", "T", "0.2408", "866", "NP_003215.1:p.(Val188Met)", "NM_003224.5:c.562G>A", "missense_variant", "8/8"),
    ("EP300", "chr22", "41568524", "G", "A", "0.2657", "735", "NP_001420.2:p.(Glu1492Lys)", "NM_001429.3:c.4474G>A", "missense_variant", "28/31"),
    ("MTOR", "chr1", "11288758", "G", "A", "0.4963", "1388", "NM_004958.3:c.2997C>T(p.(Asn999=))", "NM_004958.3:c.2997C>T", "synonymous_variant", "19/58"),
    ("FGF14", "chr13", "102382362", "C", "A", "0.4871", "1112", "", "NM_175929.2:c.424-3202G>T", "intron_variant", ""),
)  # fmt: skip


def invented_tumour() -> None:
    """A mismatch repair deficient colon cancer with BRAF V600E; its RNA failed."""
    title = "TruSight Oncology 500 - {}"
    research = "For Research Use Only. Not for use in diagnostic procedures."
    header = (
        "Gene", "Chromosome", "Genomic Position", "Reference Call", "Alternative Call", "Allele Frequency",
        "Depth", "P-Dot Notation", "C-Dot Notation", "Consequence(s)", "Affected Exon(s)",
    )  # fmt: skip
    fusions = ("Gene Pair", "Breakpoint 1", "Breakpoint 2", "Fusion Supporting Reads", "Gene 1 Reference Reads", "Gene 2 Reference Reads")  # fmt: skip
    splices = ("Gene", "Affected Exon", "Breakpoint 1", "Breakpoint 2", "Splice Supporting Reads", "Reference Reads Transcript")  # fmt: skip
    sections: dict[str, list[tuple[str, ...]]] = {
        "Analysis Details": [
            ("Pair ID", "INVENTED-CRC-1"), ("DNA Sample ID", "INVENTED-CRC-1-D01"),
            ("RNA Sample ID", "INVENTED-CRC-1-R01"), ("Output Date", "2026-10-02"), ("Output Time", "08:00:00"),
            ("Module Version", "NA"), ("Pipeline Version", "ruo-2.2.0.12"),
        ],
        "Sequencing Run Details": [("Run Name", RUN), ("Run Date", "2026-10-01"), ("Instrument Type", "NovaSeq6000")],
        "TMB": [("Total TMB", "46.1"), ("Coding Region Size in Megabases", "1.28"), ("Number of Passing Eligible Variants", "59")],
        "MSI": [("Usable MSI Sites", "116"), ("Total MSI Sites Unstable", "48"), ("Percent Unstable MSI Sites", "41.38")],
        "Gene Amplifications": [("Gene", "Fold Change"), ("NA",)],
        "Splice Variants": [splices, ("NA",)],
        "Fusions": [fusions, ("NA",)],
        "Small Variants": [header, *VARIANTS],
    }  # fmt: skip
    folder = "invented_colorectal"
    write(folder, "INVENTED-CRC-1_CombinedVariantOutput.tsv",
          padded([title.format("Combined Variant Output"), research, "", *lines_of(sections)], 11))  # fmt: skip
    write(folder, "MetricsOutput.tsv",
          padded([title.format("Metrics Output"), research, "", *lines_of(metrics())], 5))  # fmt: skip
    write(folder, "specimen.yaml", SPECIMEN.splitlines())


def metrics() -> dict[str, list[tuple[str, ...]]]:
    """LocalApp's metrics of both libraries; the RNA's miss their limits."""
    dna, rna = "INVENTED-CRC-1-D01_P", "INVENTED-CRC-1-R01_P"
    header = ("Metric (UOM)", "LSL Guideline", "USL Guideline", dna, rna)
    return {
        "Header": [("Output Date", "2026-10-02"), ("Output Time", "08:00:00"), ("Workflow Version", "ruo-2.2.0.12")],
        "Run QC Metrics": [
            ("Metric (UOM)", "LSL Guideline", "USL Guideline", "Value"),
            ("PCT_PF_READS (%)", "55.0", "NA", "81.4"), ("PCT_Q30_R1 (%)", "80.0", "NA", "93.1"),
            ("PCT_Q30_R2 (%)", "80.0", "NA", "91.7"),
        ],
        "Analysis Status": [
            ("", dna, rna), ("COMPLETED_ALL_STEPS", "TRUE", "TRUE"), ("FAILED_STEPS", "NA", "NA"),
            ("STEPS_NOT_EXECUTED", "NA", "NA"),
        ],
        "DNA Library QC Metrics": [
            header, ("CONTAMINATION_SCORE (NA)", "0", "3106", "412", "NA"),
            ("CONTAMINATION_P_VALUE (NA)", "0.000", "0.049", "1.000", "NA"),
        ],
        "DNA Library QC Metrics for Small Variant Calling and TMB": [
            header, ("MEDIAN_INSERT_SIZE (bp)", "70", "NA", "118", "NA"),
            ("MEDIAN_EXON_COVERAGE (Count)", "150", "NA", "842", "NA"), ("PCT_EXON_50X (%)", "90.0", "NA", "99.4", "NA"),
        ],
        "DNA Library QC Metrics for MSI": [header, ("USABLE_MSI_SITES (Count)", "40", "NA", "116", "NA")],
        "DNA Library QC Metrics for CNV": [
            header, ("COVERAGE_MAD (Count)", "0.000", "0.210", "0.121", "NA"),
            ("MEDIAN_BIN_COUNT_CNV_TARGET (Count)", "1.0", "NA", "8.3", "NA"),
        ],
        "DNA Expanded Metrics": [header, ("PCT_CONTAMINATION_EST (%)", "NA", "NA", "0.6", "NA"), ("PCT_EXON_100X (%)", "NA", "NA", "98.9", "NA")],
        "RNA Library QC Metrics": [
            header, ("MEDIAN_CV_GENE_500X (%)", "0.00", "93.00", "NA", "118.40"),
            ("TOTAL_ON_TARGET_READS (Count)", "9000000", "NA", "NA", "812345"), ("MEDIAN_INSERT_SIZE (Count)", "80", "NA", "NA", "74"),
        ],
        "RNA Expanded Metrics": [header, ("PCT_ON_TARGET_READS (%)", "NA", "NA", "NA", "22.1")],
        "Notes": [("Invented", "Every value in this file is invented.")],
    }  # fmt: skip


def lines_of(sections: dict[str, list[tuple[str, ...]]]) -> list[str]:
    lines = []
    for name, rows in sections.items():
        lines += [f"[{name}]", *("\t".join(row) for row in rows), ""]
    return lines


def padded(lines: list[str], columns: int) -> list[str]:
    """As LocalApp writes them: every line filled up with tabs."""
    return [line + "\t" * (columns - 1 - line.count("\t")) for line in lines]


if __name__ == "__main__":
    main()
