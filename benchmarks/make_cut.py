"""Make an invented cut of a nation's tumours, and options to match: seeded, so that it can be made again.

    python benchmarks/make_cut.py --tumours 1000000 --options 1000 --out DIR

Frequencies are invented, of the order that pan-cancer panels show: some eight findings a tumour, most of
unknown significance; four panels; a third of the patients without laboratory values. Nothing is of a person.
"""

from __future__ import annotations

import argparse
import shutil
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml

from presis.knowledge import load_library
from presis.matching.bulk.tables import TABLES
from presis.record.cut_files import write_manifest, write_partition

AT = date(2026, 11, 1)
GENES = ["TP53", "KRAS", "PIK3CA", "BRAF", "EGFR", "ERBB2", "PTEN", "APC", "CDKN2A", "NRAS", "HRAS", "IDH1", "IDH2", "FGFR1", "FGFR2", "FGFR3", "MET", "ALK", "ROS1", "RET", "NTRK1", "NTRK2", "NTRK3", "BRCA1", "BRCA2", "ATM", "PALB2", "CHEK2", "RAD51C", "RAD51D", "MLH1", "MSH2", "MSH6", "PMS2", "KIT", "PDGFRA", "AKT1", "MTOR", "TSC1", "TSC2", "NF1", "NF2", "SMAD4", "STK11", "KEAP1", "ARID1A", "CTNNB1", "FBXW7", "RB1", "CCND1", "CDK4", "MDM2", "MYC", "MYCN", "VHL", "PTCH1", "SMO", "GNA11", "GNAQ", "MAP2K1", "ESR1", "AR", "ERBB3", "POLE", "RNF43", "EZH2", "JAK2", "FLT3", "NPM1", "ARAF", "RAF1", "NRG1", "KMT2A", "SF3B1", "BAP1", "SMARCB1", "CDH1", "NOTCH1", "GATA3", "SPOP", "FOXA1", "CDK12", "BARD1", "FANCA"]  # fmt: skip
TUMOURS = [
    "COAD",
    "READ",
    "LUAD",
    "LUSC",
    "BRCA",
    "IDC",
    "PRAD",
    "PAAD",
    "SKCM",
    "GB",
    "CHOL",
    "HCC",
    "STAD",
    "ESCA",
    "UCEC",
    "HGSOC",
    "CESC",
    "BLCA",
    "RCC",
    "THPA",
    "GIST",
    "SOC",
    "MEL",
]
DRUGS = ["carboplatin", "cisplatin", "pembrolizumab", "nivolumab", "osimertinib", "encorafenib", "cetuximab", "trastuzumab", "olaparib", "capecitabine", "paclitaxel", "docetaxel", "bevacizumab", "alectinib", "vemurafenib", "dabrafenib", "trametinib"]  # fmt: skip
PANELS = ("tso500", "tso500-no-rna", "small-panel", "tso500-few-cells")
TESTS = (
    ("neutrophils", "10^9/l", 4.0, 1.5), ("haemoglobin", "g/dl", 12.5, 1.8), ("platelets", "10^9/l", 240.0, 80.0),
    ("bilirubin", "µmol/l", 12.0, 7.0), ("AST", "U/l", 30.0, 20.0), ("ALT", "U/l", 30.0, 22.0),
    ("creatinine", "µmol/l", 80.0, 22.0), ("creatinine_clearance", "ml/min", 80.0, 25.0),
)  # fmt: skip
LIMITS = {"bilirubin": 25.0, "AST": 45.0, "ALT": 70.0, "creatinine": 105.0}
#: What trials ask in common, for options that don't ask for a use outside the drug's label.
GENERAL: list[dict[str, Any]] = [
    {"state": {"what": "alive"}}, {"consent": {"to": "treatment"}}, {"extent": {"extents": ["locally_advanced", "metastatic"]}},
    {"uses": "adult"}, {"uses": "no-standard-left"}, {"uses": "performance"}, {"uses": "evaluable-disease"},
    {"uses": "adequate-organ-function"}, {"uses": "washout"},
]  # fmt: skip
CLASSES = (
    "oncogenic", "likely_oncogenic", "vus;likely_oncogenic", "vus", "likely_benign;vus", "likely_benign"
)  # fmt: skip
HOTSPOTS = {
    "KRAS": ("p.G12D", "p.G12V", "p.G12C", "p.G13D", "p.Q61H"), "NRAS": ("p.Q61R", "p.Q61K", "p.G12D"),
    "BRAF": ("p.V600E", "p.V600K", "p.G469A", "p.D594G"), "PIK3CA": ("p.H1047R", "p.E545K", "p.E542K", "p.N345K"),
    "EGFR": ("p.L858R", "p.E746_A750del", "p.T790M", "p.G719A"), "IDH1": ("p.R132H", "p.R132C"), "AKT1": ("p.E17K",),
    "ESR1": ("p.D538G", "p.Y537S"), "KIT": ("p.D816V", "p.V559D"), "ERBB2": ("p.S310F", "p.L755S"),
}  # fmt: skip


def words(rng: np.random.Generator, choices: Any, size: int, p: Any = None) -> pa.Array:
    """A column of words drawn from choices; None among them is null."""
    listed = list(choices)
    places = rng.choice(len(listed), size, p=p)
    known = [each for each in listed if each is not None]
    where = np.array([known.index(each) if each is not None else -1 for each in listed])[places]
    return pa.DictionaryArray.from_arrays(
        pa.array(where, pa.int32(), mask=where < 0), pa.array(known, pa.string())
    )


def of(table: dict[str, Any], name: str, size: int) -> pa.Table:
    """A table with the columns told, and nulls for the rest."""
    schema = TABLES[name]
    arrays = [
        table[field.name].cast(field.type)
        if isinstance(table.get(field.name), pa.Array)
        else pa.array(table[field.name], field.type)
        if field.name in table
        else pa.nulls(size, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def days(rng: np.random.Generator, size: int, most: int) -> pa.Array:
    """Days up to so many before the cut's."""
    listed = [(AT - timedelta(days=n)).isoformat() for n in range(most + 1)]
    return words(rng, listed, size)


def names_of(first: int, size: int, suffix: str = "") -> pa.Array:
    return pa.array([f"P{place:08d}{suffix}" for place in range(first, first + size)])


def coverage() -> pa.Table:
    """Four panels, each with what it looks at."""
    kinds = (
        "small_variant",
        "amplification",
        "deletion",
        "exon_cnv",
        "rna_fusion",
        "dna_fusion",
        "splice",
        "loh",
    )
    rows = []
    for panel in PANELS:
        for kind in kinds:
            state = "no" if kind in ("loh", "dna_fusion") else "yes"
            if panel == "tso500-no-rna" and kind in ("rna_fusion", "splice"):
                state = "no"
            if panel == "small-panel" and kind not in ("small_variant", "amplification"):
                state = "no"
            if panel == "tso500-few-cells" and kind in ("small_variant", "deletion", "exon_cnv"):
                state = "unknown"
            genes = GENES[:30] if panel == "small-panel" else GENES
            reason = {"yes": "assayed", "no": "not_on_panel", "unknown": "low_tumour_content"}[state]
            rows.append(
                {
                    "coverage": panel,
                    "alteration": kind,
                    "state": state,
                    "reason": reason,
                    "genes": ";".join(genes),
                }
            )
        rows += [
            {"coverage": panel, "alteration": kind, "state": "yes", "reason": "assayed", "genes": ""}
            for kind in ("tmb", "msi")
        ]
    return pa.Table.from_pylist(rows, TABLES["coverage"])


def changes(rng: np.random.Generator) -> list[dict[str, str | None]]:
    """The small variants that a nation has: hotspots, and many of each gene that few have."""
    out: list[dict[str, str | None]] = []
    residues = "ACDEFGHIKLMNPQRSTVWY"
    for gene in GENES:
        for protein in HOTSPOTS.get(gene, ()):
            kind = "inframe_deletion" if "del" in protein else "missense_variant"
            out.append({"genes": gene, "protein": protein, "consequences": kind, "classes": "oncogenic"})
        for _ in range(60):
            one, other = rng.choice(list(residues), 2, replace=False)
            place = int(rng.integers(10, 900))
            cut = rng.random() < 0.25
            out.append(
                {
                    "genes": gene,
                    "protein": f"p.{one}{place}*" if cut else f"p.{one}{place}{other}",
                    "consequences": "stop_gained" if cut else "missense_variant",
                    "classes": CLASSES[rng.choice(6, p=[0.1, 0.15, 0.15, 0.4, 0.1, 0.1])],
                }
            )
    return out


def findings(rng: np.random.Generator, samples: pa.Array, known: list[dict[str, str | None]]) -> pa.Table:
    """Small variants, copy numbers, fusions, splice variants; a few that are in doubt."""
    size = len(samples)
    weights = np.array(
        [8.0 if each["protein"] in HOTSPOTS.get(str(each["genes"]), ()) else 1.0 for each in known]
    )
    weights *= np.array([1.0 / (1 + GENES.index(str(each["genes"]))) ** 0.4 for each in known])
    counts = rng.poisson(6.0, size)
    owners = np.repeat(np.arange(size), counts)
    picks = rng.choice(len(known), owners.size, p=weights / weights.sum())
    small: dict[str, Any] = {
        name: pa.array([each[name] for each in known]).dictionary_encode().take(pa.array(picks))
        for name in ("genes", "protein", "consequences", "classes")
    }
    flags = {
        name: np.zeros(owners.size, bool)
        for name in ("could_act", "studied", "adjacent", "untold", "origin_proven")
    }
    small |= flags | {
        "sample": samples.take(pa.array(owners)),
        "kind": words(rng, ("small_variant", "doubtful"), owners.size, (0.97, 0.03)),
        "kept_by": words(rng, ("protein_change",), owners.size),
        "fraction": np.round(rng.beta(2, 5, owners.size), 3),
        "origin": words(rng, ("somatic", "likely_germline", "unclear"), owners.size, (0.7, 0.05, 0.25)),
    }
    parts = [of(small, "findings", owners.size)]
    calls = (
        ("copy_number", 0.8, {"name": (("amplification", "deletion"), (0.8, 0.2))}),
        (
            "fusion",
            0.05,
            {"partners": (("EML4", "KIF5B", "CD74", "TPM3", "CCDC6"), None), "name": (("ordered",), None)},
        ),
        ("splice", 0.01, {"name": (("exon 14 skipping", "AR-V7"), None)}),
        ("exon_copy_number", 0.02, {"name": (("loss", "gain"), None)}),
    )
    for kind, rate, columns in calls:
        owners = np.repeat(np.arange(size), rng.poisson(rate, size))
        genes = {
            "fusion": ("ALK", "ROS1", "RET", "NTRK1", "NTRK3", "FGFR2", "MET"),
            "splice": ("MET", "AR"),
        }.get(kind, GENES)
        table: dict[str, Any] = {
            "sample": samples.take(pa.array(owners)),
            "kind": words(rng, (kind,), owners.size),
            "genes": words(rng, genes, owners.size),
            **{name: words(rng, choices, owners.size, p) for name, (choices, p) in columns.items()},
        }
        parts.append(of(table, "findings", owners.size))
    return pa.concat_tables(parts).unify_dictionaries()


def observations(rng: np.random.Generator, patients: pa.Array) -> pa.Table:
    """What is told of the person and the course; each told of a share of the patients."""
    size = len(patients)
    plain = (
        ("ecog", None, 0.7, ("0", "1", "2", "3"), (0.35, 0.4, 0.18, 0.07)), ("stage", None, 0.8, ("II", "III", "IV"), (0.1, 0.2, 0.7)),
        ("extent", None, 0.8, ("metastatic", "locally_advanced"), (0.85, 0.15)), ("assessed", "RECIST 1.1", 0.6, ("measurable", "evaluable", "none"), (0.7, 0.2, 0.1)),
        ("brain", None, 0.6, ("none", "controlled", "uncontrolled"), (0.85, 0.1, 0.05)), ("alive", None, 0.99, ("yes", "no"), (0.7, 0.3)),
        ("can_swallow", None, 0.6, ("yes", "no"), (0.95, 0.05)), ("pregnant", None, 0.2, ("no", "yes"), (0.99, 0.01)),
        ("standard", None, 0.5, ("exhausted", "not_tolerated", "available"), (0.5, 0.1, 0.4)), ("treatments_complete", None, 0.7, ("yes", "no"), (0.9, 0.1)),
        ("consent", "treatment", 0.5, ("yes", "no"), (0.95, 0.05)), ("consent", "profiling", 0.9, ("yes", "no"), (0.98, 0.02)),
    )  # fmt: skip
    parts = []
    for kind, name, share, choices, p in plain:
        own = patients.filter(pa.array(rng.random(size) < share))
        parts.append(
            of(
                {
                    "patient": own,
                    "kind": words(rng, (kind,), len(own)),
                    "name": words(rng, (name,), len(own)) if name else pa.nulls(len(own), pa.string()),
                    "value": words(rng, choices, len(own), p),
                    "day": days(rng, len(own), 50),
                },
                "observations",
                len(own),
            )
        )
    tested = rng.random(size) < 0.65
    for test, unit, mean, spread in TESTS:
        own = patients.filter(pa.array(tested))
        limit = LIMITS.get(test, float("nan"))
        parts.append(
            of(
                {
                    "patient": own,
                    "kind": words(rng, ("laboratory",), len(own)),
                    "name": words(rng, (test,), len(own)),
                    "value": words(rng, (unit,), len(own)),
                    "number": np.round(np.abs(rng.normal(mean, spread, len(own))), 2),
                    "upper_limit": pa.array(
                        np.full(len(own), limit), mask=np.full(len(own), np.isnan(limit))
                    ),
                    "day": days(rng, len(own), 25),
                },
                "observations",
                len(own),
            )
        )
    return pa.concat_tables(parts).unify_dictionaries()


def treatments(rng: np.random.Generator, patients: pa.Array) -> pa.Table:
    """Up to four lines a patient."""
    counts = rng.choice(5, len(patients), p=(0.15, 0.35, 0.3, 0.15, 0.05))
    owners = np.repeat(np.arange(len(patients)), counts)
    lines = np.arange(owners.size) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    size = owners.size
    table = {
        "patient": patients.take(pa.array(owners)),
        "drugs": words(rng, (*DRUGS, "carboplatin;pembrolizumab", "dabrafenib;trametinib"), size),
        "classes": words(rng, ("",), size),
        "targets": words(rng, ("",), size),
        "line": pa.array(lines, pa.int16()),
        "setting": words(rng, ("advanced", "adjuvant"), size, (0.9, 0.1)),
        "start": days(rng, size, 900),
        "end": days(rng, size, 300),
        "ongoing": rng.random(size) < 0.1,
        "outcome": words(rng, ("progression", "toxicity", None), size, (0.6, 0.1, 0.3)),
    }
    return of(table, "treatments", size)


def partition(
    rng: np.random.Generator, first: int, size: int, known: list[dict[str, str | None]]
) -> dict[str, pa.Table]:
    """One partition's tables."""
    patients, samples = names_of(first, size), names_of(first, size, "-1")
    births = [f"{year}-{month:02d}" for year in range(1935, 2009) for month in range(1, 13)]
    tmb = np.round(np.exp(rng.normal(1.4, 0.9, size)), 1)
    high = np.where(tmb >= 16, "high", np.where(tmb >= 6, "intermediate", "low"))
    msi = rng.random(size)
    table = {
        "sample": samples,
        "patient": patients,
        "tumour": words(rng, TUMOURS, size),
        "coverage": words(rng, (*PANELS, None), size, (0.55, 0.15, 0.15, 0.1, 0.05)),
        "lost_nameless": np.zeros(size, bool),
        "assay": words(rng, ("tissue", "ctdna"), size, (0.9, 0.1)),
        "tmb": tmb,
        "tmb_class": pa.array(high).dictionary_encode(),
        "tmb_at_least": np.zeros(size, bool),
        "msi": np.round(msi * 30, 1),
        "msi_class": pa.array(
            np.where(msi > 0.96, "unstable", np.where(msi > 0.9, "borderline", "stable"))
        ).dictionary_encode(),
        "msi_at_least": np.zeros(size, bool),
    }
    return {
        "patients": of({"patient": patients, "birth": words(rng, births, size), "sex": words(rng, ("female", "male"), size)}, "patients", size),
        "samples": of(table, "samples", size),
        "coverage": coverage(),
        "positions": TABLES["positions"].empty_table(),
        "findings": findings(rng, samples, known),
        "markers": TABLES["markers"].empty_table(),
        "observations": observations(rng, patients),
        "treatments": treatments(rng, patients),
    }  # fmt: skip


def options(rng: np.random.Generator, count: int) -> list[dict[str, Any]]:
    """Options in the form of the programme's: an alteration, a tumour type or any solid one, the trial's general rule."""
    library = load_library()
    drugs = sorted(each.generic for each in library.drugs)
    out = []
    for place in range(count):
        gene = GENES[place % len(GENES)]
        kinds: list[dict[str, Any]] = [
            {"small_variant": {"gene": gene, "oncogenic": True}},
            {"small_variant": {"gene": gene, "codons": [int(a := rng.integers(10, 800)), int(a + 20)]}},
            {"amplification": {"gene": gene}},
            {"biallelic_loss": {"genes": [gene]}},
            {"small_variant": {"gene": gene, "kinds": ["truncating"], "least_fraction": 0.05}},
            {
                "any": [
                    {"amplification": {"gene": gene}},
                    {"small_variant": {"gene": gene, "oncogenic": True}},
                ]
            },
            {"fusion": {"genes": [gene]}},
            {"tmb": {"at_least": int(rng.choice([10, 16])), "unit": "mutations/Mb"}},
        ]
        alteration = kinds[(place // len(GENES)) % len(kinds)]
        codes = ["SOLID"] if rng.random() < 0.4 else [str(rng.choice(TUMOURS))]
        general = [{"uses": "trial-general"}] if rng.random() < 0.5 else deepcopy(GENERAL)  # no anchors
        parts: list[dict[str, Any]] = [{"tumour": {"codes": codes}}, alteration, *general]
        if rng.random() < 0.5:
            parts.append({"not": {"treated_with": {"drugs": [str(rng.choice(DRUGS))]}}})
        if rng.random() < 0.3:
            parts.append({"not": {"small_variant": {"gene": "KRAS", "oncogenic": True}}})
        if rng.random() < 0.3:
            parts.append({"washout": {"days": int(rng.choice([14, 21, 28]))}})
        text = f"Invented option {place}"
        out.append(
            {
                "id": f"invented-{place:04d}",
                "kind": "trial_cohort",
                "name": {"en": text, "nb": text},
                "drug": drugs[place % len(drugs)],
                "offers": {"en": text, "nb": text},
                "valid_from": AT.replace(month=1, day=1),
                "eligibility": {"all": parts},
                "evidence": [{"text": "invented", "source": "benchmarks/make_cut.py", "confidence": "read"}],
                "access": [{"status": "trial", "source": "invented", "confidence": "illustrative"}],
                "illustrative": ["eligibility", "access"],
            }
        )
    return out


def main() -> None:
    """Write the cut and its options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tumours", type=int, default=20_000)
    parser.add_argument("--options", type=int, default=1_000)
    parser.add_argument("--partition", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    if asked.out.exists():
        shutil.rmtree(asked.out)
    known = changes(np.random.default_rng(asked.seed))
    told = {}
    for place, first in enumerate(range(0, asked.tumours, asked.partition)):
        rng = np.random.default_rng((asked.seed, place))
        size = min(asked.partition, asked.tumours - first)
        name = f"part-{place:05d}.parquet"
        told[name] = write_partition(asked.out, name, partition(rng, first, size, known))
    write_manifest(asked.out, told, purpose="benchmark", made_of="benchmarks/make_cut.py", at=AT.isoformat())
    rows = options(np.random.default_rng((asked.seed, 10**6)), asked.options)
    folder = asked.out / "options"
    folder.mkdir()
    text = yaml.safe_dump({"options": rows}, allow_unicode=True, sort_keys=False)
    (folder / "invented.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
