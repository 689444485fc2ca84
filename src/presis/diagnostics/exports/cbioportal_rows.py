"""A report's findings as rows of cBioPortal's files: mutations, structural variants, copy number.

Source of the formats: cBioPortal, docs/File-Formats.md. A finding that has no place there becomes a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from presis.diagnostics.exports.fhir_findings import Place, place_of
from presis.diagnostics.hgvs import parse_protein
from presis.diagnostics.report_model import FindingJson, ReportContent

Row = dict[str, str]

MAF_COLUMNS = (
    *("Hugo_Symbol", "NCBI_Build", "Chromosome", "Start_Position", "End_Position", "Strand"),
    *("Variant_Classification", "Variant_Type", "Reference_Allele", "Tumor_Seq_Allele1"),
    *("Tumor_Seq_Allele2", "Tumor_Sample_Barcode", "Mutation_Status", "HGVSp_Short"),
    *("t_alt_count", "t_ref_count"),
    *("cbp_driver", "cbp_driver_annotation", "cbp_driver_tiers", "cbp_driver_tiers_annotation"),
    *(
        "PRESIS.allele_fraction",
        "PRESIS.depth",
        "PRESIS.transcript",
        "PRESIS.cdna",
        "PRESIS.protein",
        "PRESIS.origin",
    ),
)
SV_COLUMNS = (
    *("Sample_Id", "SV_Status", "Site1_Hugo_Symbol", "Site1_Chromosome", "Site1_Position"),
    *("Site2_Hugo_Symbol", "Site2_Chromosome", "Site2_Position", "NCBI_Build", "Tumor_Variant_Count"),
    *("Event_Info", "Annotation", "DNA_Support", "RNA_Support", "Comments"),
)
CNA_COLUMNS = (
    *("Hugo_Symbol", "Sample_Id", "Value"),
    *("PRESIS.fold_change", "PRESIS.absolute_copies"),
)
#: limits of the format, in characters
ANNOTATION, TIER = 80, 20
DRIVERS = {"oncogenic", "likely_oncogenic"}
PASSENGERS = {"benign", "likely_benign"}
#: what stands elsewhere in a study (clinical data of the sample)
ELSEWHERE = ("tmb", "msi", "hrd")


@dataclass(slots=True)
class Rows:
    """The rows of one report, and a sentence for each finding that has none."""

    mutations: list[Row] = field(default_factory=list)
    structural: list[Row] = field(default_factory=list)
    copies: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def rows_of(content: ReportContent, sample: str) -> Rows:
    """Every finding of a report as a row under its sample's id, or as a sentence."""
    rows = Rows()
    for finding in content.findings:
        if finding.kind == "small_variant":
            _mutation(rows, content, finding, sample)
        elif finding.kind in ("fusion", "splice"):
            _structural(rows, content, finding, sample)
        elif finding.kind == "copy_number":
            _copies(rows, finding, sample)
        elif finding.kind not in ELSEWHERE:
            kind = finding.kind.replace("_", " ")
            rows.notes.append(
                f"{sample}: {finding.label} isn't in the study; the format has no place for {kind}."
            )
    return rows


# -- mutations ----------------------------------------------------------------------------------


def _mutation(rows: Rows, content: ReportContent, finding: FindingJson, sample: str) -> None:
    place = place_of(finding)
    lacks = [
        name
        for name, there in (
            ("a gene", finding.genes),
            ("a position with both alleles in bases", place),
            ("a reference genome", content.build in ("GRCh37", "GRCh38")),
        )
        if not there
    ]
    if lacks or place is None:
        rows.notes.append(
            f"{sample}: {finding.label} isn't in the study; the report lacks {' and '.join(lacks)}."
        )
        return
    start, end, ref, alt = maf_place(place)
    kind = variant_type(ref, alt)
    reference, altered = _counts(finding)
    rows.mutations.append(
        {
            "Hugo_Symbol": finding.genes[0],
            "NCBI_Build": content.build or "",
            "Chromosome": place.chromosome,
            "Start_Position": str(start),
            "End_Position": str(end),
            "Strand": "+",
            "Variant_Classification": classification(finding.consequences, kind, ref, alt),
            "Variant_Type": kind,
            "Reference_Allele": ref,
            "Tumor_Seq_Allele2": alt,
            "Tumor_Sample_Barcode": sample,
            "Mutation_Status": _mutation_status(finding),
            "HGVSp_Short": short_protein(finding.protein),
            "t_alt_count": altered,
            "t_ref_count": reference,
            **_driver(finding),
            "PRESIS.allele_fraction": _number(finding.allele_fraction),
            "PRESIS.depth": _number(finding.depth),
            "PRESIS.transcript": finding.transcript or "",
            "PRESIS.cdna": finding.cdna or "",
            "PRESIS.protein": finding.protein or "",
            "PRESIS.origin": finding.origin.kind if finding.origin else "",
        }
    )


def maf_place(place: Place) -> tuple[int, int, str, str]:
    """Start, end and alleles as a MAF has them: without the bases that both begin with, and `-` for none.

    Of an insertion start and end are the bases beside it.
    """
    ref, alt, start = place.ref, place.alt, place.position
    while ref and alt and ref[0] == alt[0]:
        ref, alt, start = ref[1:], alt[1:], start + 1
    if not ref:
        return start - 1, start, "-", alt
    return start, start + len(ref) - 1, ref, alt or "-"


def variant_type(ref: str, alt: str) -> str:
    """SNP, DNP, TNP, ONP, INS or DEL, by the alleles of a MAF."""
    before, after = len(ref.strip("-")), len(alt.strip("-"))
    if before == after:
        return {1: "SNP", 2: "DNP", 3: "TNP"}.get(before, "ONP")
    return "INS" if before < after else "DEL"


@cache
def _classes() -> tuple[tuple[tuple[str, str], ...], str]:
    table = yaml.safe_load((Path(__file__).parent / "maf_classes.yaml").read_text(encoding="utf-8"))
    return tuple((term, found) for term, found in table["classes"]), str(table["other"])


def classification(consequences: list[str], kind: str, ref: str, alt: str) -> str:
    """`Variant_Classification` by the most severe term; `Unknown` where no term tells one."""
    known, other = _classes()
    found = next((name for term, name in known if term in consequences), other)
    if found != "by_length":
        return found
    if kind not in ("INS", "DEL"):
        return other
    shift = (len(ref.strip("-")) - len(alt.strip("-"))) % 3
    return f"{'Frame_Shift' if shift else 'In_Frame'}_{kind.capitalize()}"


def short_protein(protein: str | None) -> str:
    """`p.V600E` of `p.(Val600Glu)`; empty where none is told, as it stands where it can't be read.

    cBioPortal takes one change without comma, semicolon or plus; another stands in `PRESIS.protein` alone.
    """
    if protein is None:
        return ""
    change = parse_protein(protein)
    told = protein if change is None else change.short
    return "" if set(told) & set(",;+") or "p." in told[1:] else told


def _mutation_status(finding: FindingJson) -> str:
    """Somatic or Germline only where a matched normal has decided it."""
    if finding.origin is None or not finding.origin.proven:
        return "Unknown"
    return {"somatic": "Somatic", "likely_germline": "Germline"}.get(finding.origin.kind, "Unknown")


def _counts(finding: FindingJson) -> tuple[str, str]:
    """Reads of the reference and of the variant, from depth and fraction; empty where one isn't told."""
    if finding.depth is None or finding.allele_fraction is None:
        return "", ""
    altered = round(finding.depth * finding.allele_fraction)
    return str(finding.depth - altered), str(altered)


def _driver(finding: FindingJson) -> Row:
    """The report's own classes in the columns for custom annotations, within their limits."""
    classes = finding.oncogenicity.classes if finding.oncogenicity else []
    driver = "Unknown"
    if classes and set(classes) <= DRIVERS:
        driver = "Putative_Driver"
    elif classes and set(classes) <= PASSENGERS:
        driver = "Putative_Passenger"
    tier = finding.amp.text if finding.amp else ""
    return {
        "cbp_driver": driver,
        "cbp_driver_annotation": " or ".join(classes).replace("_", " ")[:ANNOTATION],
        "cbp_driver_tiers": tier if len(tier) <= TIER else "AMP, several",
        "cbp_driver_tiers_annotation": tier[:ANNOTATION],
    }


# -- structural variants ------------------------------------------------------------------------


def _structural(rows: Rows, content: ReportContent, finding: FindingJson, sample: str) -> None:
    first, second = _partners(finding)
    if not first:
        rows.notes.append(f"{sample}: {finding.label} isn't in the study; the report lacks a gene.")
        return
    sites = finding.breakpoints if len(finding.breakpoints) == 2 else ["", ""]
    (chromosome1, position1), (chromosome2, position2) = map(_breakpoint, sites)
    comments = ["Which gene comes first isn't told."] if finding.direction == "order_unknown" else []
    if "/" in finding.label.partition(" ")[0]:
        comments.append("Genes overlap at a breakpoint; the first is named.")
    if len(finding.breakpoints) == 1:
        comments.append(f"One breakpoint told: {finding.breakpoints[0]}")
    if finding.exon:
        comments.append(f"Exons {finding.exon}")
    dna, rna = _support(content, finding)
    rows.structural.append(
        {
            "Sample_Id": sample,
            "SV_Status": "SOMATIC",
            "Site1_Hugo_Symbol": first,
            "Site1_Chromosome": chromosome1,
            "Site1_Position": position1,
            "Site2_Hugo_Symbol": second,
            "Site2_Chromosome": chromosome2,
            "Site2_Position": position2,
            "NCBI_Build": content.build or "",
            "Tumor_Variant_Count": _number(finding.supporting_reads),
            "Event_Info": "Fusion" if finding.kind == "fusion" else "Splice variant",
            "Annotation": finding.label,
            "DNA_Support": dna,
            "RNA_Support": rna,
            "Comments": " ".join(comments),
        }
    )


def _partners(finding: FindingJson) -> tuple[str, str]:
    """The gene at each side: of overlapping genes the first; a splice variant is within one gene."""
    if finding.kind == "splice":
        return (finding.genes[0], finding.genes[0]) if finding.genes else ("", "")
    first, joined, second = finding.label.partition("::")
    if not joined:
        return (finding.genes[0], finding.genes[-1]) if finding.genes else ("", "")
    return first.partition("/")[0], second.partition("/")[0]


def _breakpoint(text: str) -> tuple[str, str]:
    """Chromosome and position of `chr1:154142876`; empty where it isn't of that form."""
    chromosome, _, position = text.partition(":")
    return (chromosome.removeprefix("chr"), position) if position.isdigit() else ("", "")


def _support(content: ReportContent, finding: FindingJson) -> tuple[str, str]:
    """Whether DNA or RNA shows it: told only where one of the two was looked at alone."""
    if finding.kind == "splice":
        return "", "Yes"
    dna, rna = (
        name in content.covers and content.covers[name].state != "no" for name in ("dna_fusion", "rna_fusion")
    )
    return "Yes" if dna and not rna else "", "Yes" if rna and not dna else ""


# -- copy number --------------------------------------------------------------------------------


def _copies(rows: Rows, finding: FindingJson, sample: str) -> None:
    value = _discrete(finding)
    gene = finding.genes[0] if finding.genes else ""
    if value is None or not gene:
        lacks = "how many copies are left" if gene else "a gene"
        rows.notes.append(f"{sample}: {finding.label} isn't in the study; the report lacks {lacks}.")
        return
    if any(row["Hugo_Symbol"] == gene for row in rows.copies):
        rows.notes.append(
            f"{sample}: a second call of {gene}'s copies isn't in the study; it holds one a gene."
        )
        return
    rows.copies.append(
        {
            "Hugo_Symbol": gene,
            "Sample_Id": sample,
            "Value": value,
            "PRESIS.fold_change": _number(finding.fold_change),
            "PRESIS.absolute_copies": _number(finding.absolute_copies),
        }
    )


def _discrete(finding: FindingJson) -> str | None:
    """2 for an amplification, -2 or -1 for a deletion of which the copies are told; else None."""
    if finding.direction == "amplification":
        return "2"
    copies = finding.absolute_copies
    if finding.direction != "deletion" or copies is None or round(copies) > 1:
        return None
    return "-2" if round(copies) == 0 else "-1"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def distinct(notes: Iterator[str]) -> tuple[str, ...]:
    """Sentences in their order, each once."""
    return tuple(dict.fromkeys(notes))
