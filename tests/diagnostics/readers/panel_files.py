"""Invented panel files in the layouts of each software, as texts; no value is anybody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SMALL_VARIANTS = (
    "Gene\tChromosome\tGenomic Position\tReference Call\tAlternative Call\tAllele Frequency\tDepth\t"
    "P-Dot Notation\tC-Dot Notation\tConsequence(s)\tAffected Exon(s)"
)
BRAF = "BRAF\tchr7\t140453136\tA\tT\t0.31\t812\tNP_004324.2:p.(Val600Glu)\tNM_004333.4:c.1799T>A\tmissense_variant\t15/18"
SPLICE_SITE = "MTOR\tchr1\t11174511\tC\tA\t0.0467\t899\t\tNM_004958.3:c.7165-1G>T\tsplice_acceptor_variant\t"
INTERGENIC = "\tchr9\t19072413\tC\tT\t0.1033\t400\t\t\t\t"
FUSIONS = "Gene Pair\tBreakpoint 1\tBreakpoint 2\tFusion Supporting Reads\tGene 1 Reference Reads\tGene 2 Reference Reads"
EML4_ALK = "EML4-ALK\tchr2:42522654\tchr2:29446394\t75\t749\t9"
SPLICES = (
    "Gene\tAffected Exon\tBreakpoint 1\tBreakpoint 2\tSplice Supporting Reads\tReference Reads Transcript"
)
EXONS = "Gene\tChromosome\tStart\tStop\tAffected Exon(s)\tFold Change\tCNV Type"
TITLES = {
    "localapp": "TruSight Oncology 500 - {what}",
    "dragen-2.1": "DRAGEN TruSight Oncology 500 Analysis Software - {what}",
    "dragen-2.5": "DRAGEN TruSight Oncology 500 Analysis Software - {what}",
    "dragen-2.6": "DRAGEN TruSight Oncology 500 v2.6.2 Analysis Software - {what}",
    "ctdna-2.6": "DRAGEN TruSight Oncology 500 ctDNA v2.6.0 Analysis Software - {what}",
}
VERSIONS = {
    "localapp": "ruo-2.2.0.12",
    "dragen-2.1": "ruo-2.1.1.4",
    "dragen-2.5": "2.5.4.1",
    "dragen-2.6": "2.6.2.4",
    "ctdna-2.6": "2.6.0.22",
}
RESEARCH = "For Research Use Only. Not for use in diagnostic procedures."
BETA = "ABSOLUTE COPY NUMBER AND LOSS OF HETEROZYGOSITY ARE BETA FEATURES. SEE THE USER GUIDE."

Sections = dict[str, list[str]]


def combined_sections(layout: str, pair: str = "P1", dna: str = "P1-D", rna: str = "P1-R") -> Sections:
    """The sections of a CombinedVariantOutput with findings of every kind that the layout has."""
    details = [f"Pair ID\t{pair}", f"DNA Sample ID\t{dna}", f"RNA Sample ID\t{rna}"]
    if layout == "dragen-2.6":
        details.append("Library Prep Kit\tTSO500_v2")
    if layout == "ctdna-2.6":
        details = [f"DNA Sample ID\t{dna}"]
    details += ["Output Date\t2026-01-02", "Output Time\t01:02:03", "Module Version\tNA"]
    details.append(f"Pipeline Version\t{VERSIONS[layout]}")
    sections: Sections = {
        "Analysis Details": details,
        "Sequencing Run Details": ["NA"],
        "TMB": [
            "Total TMB\t7.1",
            "Coding Region Size in Megabases\t1.27",
            "Number of Passing Eligible Variants\t9",
        ],
        "MSI": ["Usable MSI Sites\t121", "Total MSI Sites Unstable\t3", "Percent Unstable MSI Sites\t2.48"],
    }
    gis = ["Genomic Instability Score\t31", "Tumor Fraction\t0.62", "Ploidy\t2.10"]
    typed = "Gene\tFold Change\tCopy Number Variant\tAbsolute Copy Number"
    splice = [
        SPLICES,
        "AR\t\tchrX:66905968\tchrX:66914514\t27\t573",
        "EGFR\t2-7\tchr7:55087058\tchr7:55223522\t64\t1",
    ]
    fusions = [FUSIONS, EML4_ALK, "PPARG/AC016683.6-PAX8\tchr3:12421199\tchr2:113992971\t182\t11\t0"]
    none_in_brca = [EXONS, "BRCA1\tNA", "BRCA2\tchr13\t32890597\t32972907\t3-8\t0.52\tLOSS"]
    small = [SMALL_VARIANTS, BRAF, SPLICE_SITE, INTERGENIC]
    match layout:
        case "localapp":
            tables = {
                "Gene Amplifications": ["Gene\tFold Change", "MYCL1\t2.173"],
                "Splice Variants": splice,
                "Fusions": fusions,
            }
        case "dragen-2.1":
            sections["GIS"] = gis
            tables = {
                "Gene Amplifications": ["Gene\tFold Change", "MET\t2.173"],
                "Splice Variants": splice,
                "Fusions": fusions,
                "Exon-Level CNVs": none_in_brca,
            }
        case "dragen-2.5":
            tables = {
                "Copy Number Variants": [typed, "MET\t2.173\tDUP\t6", "PTEN\t0.4\tDEL\t0"],
                "Splice Variants": splice,
                "Fusions": fusions,
                "Exon-Level CNVs": none_in_brca,
            }
        case "dragen-2.6":
            sections["GIS"] = [*gis[:1], "Tumor Fraction\t55", "Ploidy\t2.1", BETA]
            tables = {
                "Copy Number Variants": [typed, BETA, "EGFR\t1.5\t<DUP>\t5", "ERRFI1\t0.41\t<DEL>\t0.8"],
                "Loss of Heterozygosity": [
                    "Gene\tAbsolute Copy Number\tMinor Copy Number",
                    BETA,
                    "BRCA1\t1\t0",
                ],
                "Splice Variants": splice,
                "Fusions": fusions,
                "Large Rearrangements": [
                    EXONS,
                    "BRCA1\tNA",
                    "BRCA2\tchr13\t32890597\t32972907\t3-8\t0.52\t<LOSS>",
                ],
            }
        case _:
            sections["MSI"] = ["SUM_JSD\t1.83"]
            tables = {
                "Copy Number Variants": [typed, "MET\t2.9\t<DUP>\tNA"],
                "DNA Fusions": [FUSIONS, EML4_ALK],
            }
    return {**sections, **tables, "Small Variants": small}


def sectioned(
    layout: str,
    sections: Mapping[str, Sequence[str]],
    what: str = "Combined Variant Output",
    *,
    padded: int = 0,
) -> str:
    """The text of a sectioned file; `padded` fills every line with tabs to that many columns."""
    lines = [TITLES[layout].format(what=what), RESEARCH, ""]
    for name, rows in sections.items():
        lines += [f"[{name}]", *rows, ""]
    if padded:
        lines = [line + "\t" * max(0, padded - 1 - line.count("\t")) for line in lines]
    return "\n".join(lines) + "\n"


def combined(layout: str = "localapp", *, padded: int = 0, **ids: str) -> str:
    """A whole CombinedVariantOutput."""
    return sectioned(layout, combined_sections(layout, **ids), padded=padded)


METRICS = {
    "localapp": {
        "DNA Library QC Metrics": ["CONTAMINATION_SCORE (NA)\t0\t3106\t{CONTAMINATION_SCORE}", "CONTAMINATION_P_VALUE (NA)\t0.000\t0.049\t{P}"],
        "DNA Library QC Metrics for Small Variant Calling and TMB": ["MEDIAN_INSERT_SIZE (bp)\t70\tNA\t120", "MEDIAN_EXON_COVERAGE (Count)\t150\tNA\t800", "PCT_EXON_50X (%)\t90.0\tNA\t{PCT_EXON_50X}"],
        "DNA Library QC Metrics for MSI": ["USABLE_MSI_SITES (Count)\t40\tNA\t{MSI}"],
        "DNA Library QC Metrics for CNV": ["COVERAGE_MAD (Count)\t0.000\t0.210\t{MAD}", "MEDIAN_BIN_COUNT_CNV_TARGET (Count)\t1.0\tNA\t6.1"],
    },
    "dragen-2.6": {
        "DNA Library QC Metrics": ["CONTAMINATION_SCORE (NA)\t0\t1457\t{CONTAMINATION_SCORE}"],
        "DNA Library QC Metrics for Small Variant Calling and TMB": ["MEDIAN_EXON_COVERAGE (Count)\t150\tNA\t800", "PCT_EXON_50X (%)\t90\tNA\t{PCT_EXON_50X}"],
        "DNA Library QC Metrics for MSI": ["USABLE_MSI_SITES (Count)\t40\tNA\t{MSI}"],
        "DNA Library QC Metrics for CNV": ["GENE_SCALED_MAD (Count)\t0\t0.134\t{MAD}"],
        "DNA Library QC Metrics for GIS": ["PCT_TARGET_HRD_50X (%)\t50\tNA\t98", "EXCESSIVE_TF (NA)\tNA\t0\t0"],
    },
    "ctdna-2.6": {
        "DNA Library QC Metrics": ["CONTAMINATION_SCORE (NA)\t0\t1227\t{CONTAMINATION_SCORE}"],
        "DNA Library QC Metrics for Small Variant Calling and TMB": ["MEDIAN_EXON_COVERAGE (count)\t1300\tNA\t2000"],
        "DNA Library QC Metrics for MSI and Fusions": ["MEDIAN_EXON_COVERAGE (count)\t1300\tNA\t{COVERAGE}"],
        "DNA Library QC Metrics for CNV Calling": ["GENE_SCALED_MAD (count)\t0\t0.059\t0.03"],
    },
}  # fmt: skip
_GOOD = {"CONTAMINATION_SCORE": "100", "P": "1.000", "PCT_EXON_50X": "99.1", "MSI": "118", "MAD": "0.05", "COVERAGE": "2000", "READS": "12000000"}  # fmt: skip


def metrics(
    layout: str = "localapp",
    column: str = "P1",
    *,
    other: str = "ZZ-9",
    status: Mapping[str, str] | None = None,
    rna: bool = True,
    **values: str,
) -> str:
    """A MetricsOutput with the sample's column behind another sample's all-`NA` one."""
    given = {**_GOOD, **values}
    header = f"Metric (UOM)\tLSL Guideline\tUSL Guideline\t{other}\t{column}"
    steps = {
        "COMPLETED_ALL_STEPS": "TRUE",
        "FAILED_STEPS": "NA",
        "STEPS_NOT_EXECUTED": "NA",
        **(status or {}),
    }
    sections: Sections = {
        "Header": ["Output Date\t2026-01-02", "Output Time\t01:02:03", f"Workflow Version\t{VERSIONS[layout]}"],
        "Run QC Metrics": ["Metric (UOM)\tLSL Guideline\tUSL Guideline\tValue", "PCT_Q30_R1 (%)\tNA\tNA\tNA"],
        "Analysis Status": [f"\t{other}\t{column}", *(f"{key}\tTRUE\t{value}" if key[0] == "C" else f"{key}\tNA\t{value}" for key, value in steps.items())],
    }  # fmt: skip
    for name, rows in METRICS[layout].items():
        sections[name] = [header, *(_with_other(row.format(**given)) for row in rows)]
    if layout != "ctdna-2.6":
        value = given["READS"] if rna else "NA"
        sections["RNA Library QC Metrics"] = [
            header,
            f"TOTAL_ON_TARGET_READS (Count)\t9000000\tNA\tNA\t{value}",
        ]
    sections["DNA Expanded Metrics"] = [header, "PCT_EXON_100X (%)\tNA\tNA\tNA\t98.1"]
    sections["Notes"] = ["Run Metrics\tRun Metrics are not generated when starting from FASTQ files."]
    return sectioned(layout, sections, "Metrics Output")


def _with_other(row: str) -> str:
    name, lower, upper, value = row.split("\t")
    return f"{name}\t{lower}\t{upper}\tNA\t{value}"


TSOPPI_COLUMNS = (
    "Sample_ID", "Gene_symbol", "Ensembl_transcript_ID", "RefSeq_mRNA", "Genomic_location", "DNA_change",
    "cDNA_change", "Exon_number", "Protein_change_short", "Protein_change", "Change_summary", "Coding_status",
    "Depth_tumor_DNA", "AF_tumor_DNA", "Global_AF_gnomAD", "Germline_population_AFs", "Tier", "CPSR_ACMG_class",
    "CPSR_ClinVar_class", "TSO500_LocalApp_class", "Filters", "IGV_QC", "Run_QC", "Class_judgement",
    "Class_judgement_comments", "Reporting_judgement", "Reporting_judgement_comments",
)  # fmt: skip
TSOPPI_ROW = {
    "Sample_ID": "CL-Inv", "Gene_symbol": "BRAF", "Ensembl_transcript_ID": "ENST00000288602", "RefSeq_mRNA": "NA",
    "Genomic_location": "7:140453136", "DNA_change": "A>T", "cDNA_change": "c.1799T>A", "Exon_number": "exon15",
    "Protein_change_short": "V600E", "Protein_change": "Val600Glu", "Change_summary": "NA",
    "Coding_status": "missense_variant", "Depth_tumor_DNA": "778", "AF_tumor_DNA": "0.15", "Global_AF_gnomAD": "4e-06",
    "Germline_population_AFs": "NA", "Tier": "TIER_2", "CPSR_ACMG_class": "NA", "CPSR_ClinVar_class": "NA",
    "TSO500_LocalApp_class": "SOM", "Filters": "NA", "IGV_QC": ".", "Run_QC": ".", "Class_judgement": "include",
    "Class_judgement_comments": ".", "Reporting_judgement": ".", "Reporting_judgement_comments": ".",
}  # fmt: skip


def tsoppi_table(
    *rows: Mapping[str, str],
    reference: str = "hg19",
    columns: Sequence[str] = TSOPPI_COLUMNS,
    rna: str = "NA",
) -> str:
    """A small variant table; each row names only what differs from `TSOPPI_ROW`."""
    comments = [
        f"# [CL-Inv] Version string: 2.2.0.12/0.3.2:22-06-07/1.0.0/1.0.0/{reference}/T",
        "# [CL-Inv] Size of the target coding region (in millions ot bases): 1.28",
        "# [CL-Inv] Specified tumor purity (as a fraction between 0 and 1): not specified",
        f"# [CL-Inv] ID of the matched tumor RNA sample: {rna}",
    ]
    body = ["\t".join({**TSOPPI_ROW, **row}[name] for name in columns) for row in rows or ({},)]
    return "\n".join([*comments, "\t".join(columns), *body]) + "\n"


SUMMARY_HEADER = "sample_id\tTMB\tMSI\tgene_amplifications\tsplice_variants\tfusions"


def tsoppi_summary(*rows: str) -> str:
    """A variant summary with its padded comment lines."""
    return "\n".join(["# Field formats:\t\t\t\t\t", SUMMARY_HEADER, *rows]) + "\n"


def sample_list(*rows: str) -> str:
    """A sample list; rows as `DNA_tumor\\tX-D01`."""
    header = "#sample_type\tsample_ID\tsample_pair_ID\tsample_output_ID\tsample_host_system_run_directory"
    body = [
        f"{row}\t{row.split(chr(9))[1]}_P\t{row.split(chr(9))[1]}\t/runs/260101_A00000_0001_AINVENTED_LocalApp_results"
        for row in rows
    ]
    return "\n".join([header, *body]) + "\n"


ALL_FUSIONS_COLUMNS = (
    "Caller,Gene A,Gene B,Gene A Breakpoint,Gene B Breakpoint,Score,Filter,Precise/Imprecise,Intragenic Call,"
    "Ref A Split,Ref A Pair,Ref B Split,Ref B Pair,Alt Split,Alt Pair,CandidateAlt,Contig,ContigAlign1,ContigAlign2,"
    "KeepFusion,Ref A Dedup,Ref B Dedup,Alt Split Dedup,Alt Pair Dedup,Fusion Directionality Known"
)
DRAGEN_COLUMNS = ",Gene A Location,Gene B Location,Gene A Sense,Gene B Sense"


def fusion_row(
    gene_a: str,
    gene_b: str,
    place_a: str,
    place_b: str,
    *,
    keep: str = "True",
    filters: str = "PASS",
    known: str = "True",
    caller: str = "RnaFusionFilter",
) -> str:
    """One row of AllFusions: 60 + 15 supporting reads."""
    return (f"{caller},{gene_a},{gene_b},{place_a},{place_b},0.9,{filters},Precise,N/A,1,1,1,1,70,20,N/A,ACGT,50,50,"
            f"{keep},749,9,60,15,{known}")  # fmt: skip


def all_fusions(*rows: str, dragen: bool = False) -> str:
    """An AllFusions.csv of LocalApp's or DRAGEN's columns."""
    tail = ",IntactExon,IntactExon,True,True" if dragen else ""
    header = ALL_FUSIONS_COLUMNS + (DRAGEN_COLUMNS if dragen else "")
    return (
        "\n".join(
            ["# Source = FusionProcessor 1.0.0", "# Caller = text", header, *(row + tail for row in rows)]
        )
        + "\n"
    )
