"""How long 1,000 trials take on 10,000 patients, as MatchEngine answers and strictly.

Usage: python benchmarks/match_ctml.py [TRIALS PATIENTS]
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date
from typing import Any

from presis.matching.ctml import (
    Asking,
    Cohort,
    Coverage,
    Mode,
    Remarks,
    read_trial,
    strict_verdicts,
    upstream_matches,
)
from presis.matching.ctml.patients import Patient, Record

GENES = [f"GENE{number}" for number in range(300)]
DIAGNOSES = ["Lung Adenocarcinoma", "Melanoma", "Colon Adenocarcinoma", "Glioblastoma Multiforme", "Breast"]
LETTERS = "ACDEFGHIKLMNPQRSTVWY"


def genomic(chance: random.Random) -> dict[str, Any]:
    gene = chance.choice(GENES)
    sign = "!" if chance.random() < 0.2 else ""
    return chance.choice(
        [
            {"hugo_symbol": gene, "variant_category": f"{sign}Mutation"},
            {
                "hugo_symbol": gene,
                "wildcard_protein_change": f"{sign}p.{chance.choice(LETTERS)}{chance.randint(1, 50)}",
            },
            {"hugo_symbol": gene, "variant_category": "CNV", "cnv_call": "High Amplification"},
            {"hugo_symbol": f"{sign}{gene}", "variant_category": "Structural Variation"},
            {"mmr_status": f"{sign}MMR-Deficient"},
        ]
    )


def trial(number: int, chance: random.Random) -> dict[str, Any]:
    def clause() -> list[dict[str, Any]]:
        clinical = {
            "age_numerical": ">=18",
            "oncotree_primary_diagnosis": chance.choice([*DIAGNOSES, "_SOLID_"]),
        }
        either = {"or": [{"genomic": genomic(chance)} for _ in range(4)]}
        return [{"and": [{"clinical": clinical}, {"genomic": genomic(chance)}, either]}]

    arms = [{"arm_suspended": "N", "match": clause()} for _ in range(3)]
    status = {"status": [{"value": "open to accrual"}]}
    return {"protocol_no": f"{number:06}", "_summary": status, "treatment_list": {"step": [{"arm": arms}]}}


def record(chance: random.Random) -> dict[str, Any]:
    gene = chance.choice(GENES)
    return chance.choice(
        [
            {
                "VARIANT_CATEGORY": "MUTATION",
                "TRUE_HUGO_SYMBOL": gene,
                "TRUE_PROTEIN_CHANGE": f"p.{chance.choice(LETTERS)}{chance.randint(1, 50)}{chance.choice(LETTERS)}",
            },
            {"VARIANT_CATEGORY": "CNV", "TRUE_HUGO_SYMBOL": gene, "CNV_CALL": "High level amplification"},
            {"VARIANT_CATEGORY": "SV", "LEFT_PARTNER_GENE": gene, "RIGHT_PARTNER_GENE": chance.choice(GENES)},
            {"VARIANT_CATEGORY": "SIGNATURE", "MMR_STATUS": "Proficient (MMR-P / MSS)"},
        ]
    )


def cohort(size: int, chance: random.Random) -> Cohort:
    patients = []
    for number in range(size):
        fields = {"VITAL_STATUS": "alive", "ONCOTREE_PRIMARY_DIAGNOSIS_NAME": chance.choice(DIAGNOSES)}
        born = chance.randint(1940, 2015) * 10000 + 615
        patients.append(Patient(f"S{number:06}", fields, (born, born), date(2020, 1, 1)))
    records = [Record(number, record(chance)) for number in range(size) for _ in range(10)]
    return Cohort(tuple(patients), tuple(records))


def main() -> None:
    trials, size = (int(each) for each in sys.argv[1:3]) if len(sys.argv) > 2 else (1000, 10000)
    chance = random.Random(1)
    remarks = Remarks(Mode.STRICT)
    read = [read_trial(trial(number, chance), "trial", remarks) for number in range(trials)]
    remarks.stop()
    people, asking = cohort(size, chance), Asking(date(2026, 3, 14))
    half = frozenset({"mutation", "amplification", "deletion", "sv"})
    tested = Coverage(
        {f"S{number:06}": {gene.lower(): half for gene in GENES} for number in range(0, size, 2)}
    )
    kept = [each for each in read if each is not None]
    started = time.perf_counter()
    matches = sum(map(len, upstream_matches(kept, people, asking).values()))
    middle = time.perf_counter()
    verdicts = strict_verdicts(kept, people, tested, asking).values()
    ended = time.perf_counter()
    unknown = sum(len(each.unknown) for each in verdicts)
    print(f"{trials} trials on {size} patients: ctml {middle - started:.1f} s, {matches} matches;")
    print(
        f"strict {ended - middle:.1f} s, {sum(len(each.satisfied) for each in verdicts)} satisfied, {unknown} unknown."
    )


if __name__ == "__main__":
    main()
