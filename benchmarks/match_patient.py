"""How long one patient takes against 1,000 options with full reasons, warm.

Usage: python benchmarks/match_patient.py [OPTIONS]. The options are made up and all different; the patient is
the demo's invented colorectal tumour with the demo's case. Prints the best and the median of 15 runs.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from datetime import date
from pathlib import Path

import presis.diagnostics
import presis.matching
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.reading import read_one
from presis.diagnostics.report_content import report_content
from presis.knowledge import load_library
from presis.matching.answering import Questions
from presis.matching.approved import approved_options
from presis.matching.case_reading import subject_of_report, with_case
from presis.matching.known import Known, known_of
from presis.matching.option import MatchOption
from presis.matching.option_forms import parse_options
from presis.matching.ranking import match_patient
from presis.matching.rule_reading import shipped_named
from presis.matching.subject import Subject
from presis.matching.yaml_text import parse_yaml
from presis.methods.rules import leaves

AT = date(2026, 11, 25)


def options(count: int, known: Known, chance: random.Random) -> list[MatchOption]:
    """So many options, no two alike."""
    library = known.library
    genes = chance.sample(sorted({each.gene for each in library.hotspots}), 32)
    codes = sorted(code for code, node in library.oncotree.nodes.items() if node.level == 2)
    groups = ["SOLID", *(", ".join(chance.sample(codes, 3)) for _ in range(30))]
    drugs = chance.sample([each.generic for each in library.drugs], 80)
    rows = []
    for number in range(count):
        gene, other = chance.sample(genes, 2)
        marker = chance.choice(
            [
                f"{{small_variant: {{gene: {gene}, oncogenic: true}}}}",
                f"{{small_variant: {{gene: {gene}, codons: [{number % 9 + 1}, {number % 9 + 12}]}}}}",
                f"{{amplification: {{gene: {gene}}}}}",
                f"{{fusion: {{genes: [{gene}, {other}]}}}}",
                f"{{loss: {{gene: {gene}}}}}",
                f"{{biallelic_loss: {{genes: [{gene}]}}}}",
            ]
        )
        tumours = chance.choice(groups)
        rows.append(
            f"- {{id: o-{number}, kind: trial_cohort, trial: T, name: {{en: 'o {number}', nb: 'o {number}'}}, "
            f"drug: {chance.choice(drugs)}, offers: {{en: a, nb: a}}, valid_from: 2024-01-01, "
            f"eligibility: {{all: [{{tumour: {{codes: [{tumours}]}}}}, {marker}, "
            f"{{not: {{small_variant: {{gene: {other}, oncogenic: true}}}}}}, "
            f"{{age: {{at_least: {chance.choice([12, 16, 18])}}}}}, {{not: {{same_target_before: {{}}}}}}, "
            f"{{uses: {chance.choice(['trial-oral', 'trial-general'])}}}]}}, "
            "evidence: [{text: a, source: b, confidence: recalled}], "
            "access: [{status: trial, source: b, confidence: read}]}\n"
        )
    made: list[MatchOption] = []
    for start in range(0, count, 500):  # a file is at most 1 MB
        text = parse_yaml("options:\n" + "".join(rows[start : start + 500]), "made.yaml")
        made += parse_options(text, known, shipped_named(known))
    return made


def patient(known: Known) -> Subject:
    """The demo's colorectal tumour with its case."""
    folder = Path(presis.diagnostics.__file__).parent / "demo_data" / "invented_colorectal"
    profile = read_one(sorted(folder.iterdir()), known.library)
    content = report_content(Interpreter(known.library).interpret(profile), known.library)
    case = Path(presis.matching.__file__).parent / "demo_data" / "case.yaml"
    return with_case(subject_of_report(content), [case], known, AT)


def main(count: int) -> None:
    """Measure and print."""
    known = known_of(load_library())
    made = options(count, known, random.Random(1))
    approved = approved_options(known)
    subject = patient(known)
    criteria = {leaf for each in made for leaf in leaves(each.rule)}
    for name, offered in ((f"{count} options", made), ("the approved indications", list(approved))):
        times, processor = [], []
        for _ in range(15):
            start, used = time.perf_counter(), time.process_time()
            match_patient(Questions(subject, known, AT), offered)
            times.append((time.perf_counter() - start) * 1000)
            processor.append((time.process_time() - used) * 1000)
        told = f"best {min(times):.1f} ms, median {statistics.median(times):.1f} ms"
        print(f"{name}: {told}; of the processor {min(processor):.1f} ms")
    print(f"{len(criteria)} distinct criteria in the made options; {len(approved)} approved indications")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
