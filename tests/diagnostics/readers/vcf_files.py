"""Invented VCFs in VEP's and DRAGEN's documented forms, as texts; no value is anybody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from presis.diagnostics.hotspots import Region, hotspot_list
from presis.diagnostics.profile import GenomeBuild

CSQ = (
    "Allele", "Consequence", "IMPACT", "SYMBOL", "Gene", "Feature_type", "Feature", "BIOTYPE", "EXON", "INTRON",
    "HGVSc", "HGVSp", "ALLELE_NUM", "PICK", "CANONICAL", "MANE_SELECT", "MANE_PLUS_CLINICAL",
    "gnomADe_AF", "gnomADe_NFE_AF", "gnomADg_AF", "gnomADg_AMI_AF",
)  # fmt: skip
CONTIGS = {"GRCh37": 159138663, "GRCh38": 159345973}
BRAF = {
    "Consequence": "missense_variant", "SYMBOL": "BRAF", "Gene": "ENSG00000157764", "Feature_type": "Transcript",
    "Feature": "ENST00000646891", "BIOTYPE": "protein_coding", "EXON": "15/18",
    "HGVSc": "ENST00000646891.2:c.1799T>A", "HGVSp": "ENSP00000493543.1:p.Val600Glu",
    "MANE_SELECT": "NM_004333.6", "CANONICAL": "YES",
}  # fmt: skip


def csq(*entries: Mapping[str, str], columns: Sequence[str] = CSQ) -> str:
    """An INFO field of entries, each by column name; `Allele` is T where none is given."""
    full = [{"Allele": "T", **BRAF, **each} for each in entries] or [{"Allele": "T", **BRAF}]
    return "CSQ=" + ",".join("|".join(each.get(name, "") for name in columns) for each in full)


def row(
    place: str = "chr7:140753336", ref: str = "A", alt: str = "T", *, info: str | None = None, passes: str = "PASS",
    keys: str = "GT:AD:AF:DP", samples: Sequence[str] = ("0/1:560,252:0.31:812",),
) -> str:  # fmt: skip
    """One row; `info` is BRAF V600E's annotation where none is given."""
    chrom, _, pos = place.partition(":")
    cells = [chrom, pos, ".", ref, alt, ".", passes, csq({"Allele": alt}) if info is None else info]
    return "\t".join((*cells, keys, *samples) if samples else cells)


def vcf(
    *rows: str, samples: Sequence[str] = ("P1-D01",), columns: Sequence[str] | None = CSQ, build: str = "GRCh38",
    lines: Sequence[str] = (),
) -> str:  # fmt: skip
    """A whole file. `columns` None: without annotation; `lines`: further header lines."""
    head = ["##fileformat=VCFv4.2", f"##contig=<ID=chr7,length={CONTIGS[build]}>", *lines]
    head += [
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads of each allele">',
        '##FORMAT=<ID=AF,Number=A,Type=Float,Description="Fraction">',
    ]
    if columns is not None:
        told = f"Consequence annotations from Ensembl VEP. Format: {'|'.join(columns)}"
        head.append(f'##INFO=<ID=CSQ,Number=.,Type=String,Description="{told}">')
    names = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
    names += ["FORMAT", *samples] if samples else []
    return "\n".join((*head, "\t".join(names), *rows)) + "\n"


CNV_HEAD = (
    '##INFO=<ID=SEGID,Number=1,Type=String,Description="Segment">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
    '##FORMAT=<ID=SM,Number=1,Type=Float,Description="Linear copy ratio">',
    '##ALT=<ID=DUP,Description="Gain">',
    '##ALT=<ID=DEL,Description="Loss">',
)


def cnv(*rows: str, samples: Sequence[str] = ("P1-D01",)) -> str:
    """DRAGEN's gene-wise copy number."""
    return vcf(*rows, samples=samples, columns=None, build="GRCh37", lines=CNV_HEAD)


def cnv_row(gene: str, alt: str, ratio: str, passes: str = "PASS") -> str:
    """One gene's segment."""
    info = f"SEGID={gene};END=116436178;REFLEN=1000"
    return row("chr7:116312249", "N", alt, info=info, passes=passes, keys="GT:SM:BC:PE",
               samples=(f"./1:{ratio}:40:0,0",))  # fmt: skip


def exon_cnv(*rows: str) -> str:
    """DRAGEN's calls of BRCA exons: no contigs, and a header line that is none."""
    lines = [
        "##fileformat=VCFv4.2",
        "##20260807=fileDate=20260101",
        '##FILTER=<ID=Undetermined,Number=1,Type=String,Description="Not determined">',
        '##INFO=<ID=GENE,Number=1,Type=String,Description="Gene">',
        '##INFO=<ID=FC,Number=1,Type=Float,Description="Fold change">',
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
    ]
    return "\n".join((*lines, *rows)) + "\n"


def splice(*rows: str) -> str:
    """DRAGEN's splice variants: one column, called SAMPLE."""
    lines = [
        "##source=SpliceGirl 1.0.0.614",
        '##FORMAT=<ID=AD,Number=1,Type=Integer,Description="Reads that support it">',
    ]
    return vcf(*rows, samples=("SAMPLE",), columns=None, build="GRCh37", lines=lines)


def splice_row(first: int, end: int, passes: str = "PASS", gene: str | None = None) -> str:
    """One junction on chromosome 7."""
    info = f"END={end};ALTDEDUP=3;REFDEDUP=1" + (f";GENE={gene}" if gene else "")
    return row(f"chr7:{first}", "N", "<DEL>", info=info, passes=passes, keys="AD:DP", samples=("64:1",))


def genome_vcf(
    *rows: str,
    depth: int = 300,
    samples: Sequence[str] = ("P1-D",),
    build: str = "GRCh37",
    but: Sequence[str] = (),
) -> str:
    """A genome VCF with a block of reference over every hotspot but those whose ids are named; then `rows`."""
    blocks = [
        block(each.places[GenomeBuild(build)], depth)
        for each in hotspot_list().hotspots
        if each.id not in but
    ]
    lines = ['##INFO=<ID=END,Number=1,Type=Integer,Description="End of the block">']
    return vcf(*blocks, *rows, samples=samples, columns=None, build=build, lines=lines)


def block(place: Region, depth: int, passes: str = "PASS", keys: str = "GT:DP:MIN_DP") -> str:
    """One block of reference, twice as deep on the whole as at its least."""
    cells = f"0/0:{2 * depth}:{depth}" if "MIN_DP" in keys else f"0/0:{depth}"
    return row(f"chr{place.chromosome}:{place.start}", "N", ".", info=f"END={place.end}", passes=passes,
               keys=keys, samples=(cells,))  # fmt: skip
