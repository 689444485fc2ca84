"""A second, slow, obvious MatchEngine: every way through the raw match list, every record, key by key.

Written apart from the engine: it shares no code with it, and reads raw documents.
"""

from __future__ import annotations

import json
import re
from collections import deque
from datetime import date
from pathlib import Path
from typing import Any

Leaf = tuple[str, dict[str, Any]]
Way = list[Leaf]
MAP = json.loads(
    (
        Path(__file__).parents[2] / "src/presis/matching/ctml/data/matchengine_oncotree_mapping.json"
    ).read_text()
)
IGNORED = ("her2_status", "er_status", "pr_status", "disease_status", "display_name")
ONE_TO_ONE = {
    "hugo_symbol": "TRUE_HUGO_SYMBOL",
    "protein_change": "TRUE_PROTEIN_CHANGE",
    "variant_classification": "TRUE_VARIANT_CLASSIFICATION",
    "exon": "TRUE_TRANSCRIPT_EXON",
    "wildtype": "WILDTYPE",
    "apobec_signature": "APOBEC_STATUS",
    "tobacco_signature": "TABACCO_STATUS",
    "gender": "GENDER",
}


class Graph:
    """MatchEngine's graph of a match list, hung up box by box as it does.

    Ors that are found in an and wait behind all that wait already; what stands in an or is done at once.
    """

    def __init__(self, items: list[dict[str, Any]]) -> None:
        self.asked: list[Way] = [[]]
        self.to: list[list[int]] = [[]]
        self.first_or: list[int | None] = [None]
        self.waiting = deque[tuple[int, list[Any]]]((0, item["or_1"]) for item in items if "or_1" in item)
        self.fill(0, [item for item in items if "or_1" not in item])
        while self.waiting:
            self.hang(*self.waiting.popleft())

    def box(self, under: int) -> int:
        self.asked.append([])
        self.to.append([])
        self.first_or.append(None)
        self.to[under].append(len(self.to) - 1)
        return len(self.to) - 1

    def fill(self, at: int, several: list[dict[str, Any]]) -> None:
        for key, value in ((key, value) for item in several for key, value in item.items()):
            if key == "or_1":
                self.waiting.append((at, value))
            elif key != "and":
                self.asked[at].append((key, {str(name).lower(): each for name, each in value.items()}))
        for item in reversed(several):
            self.fill(at, item.get("and", []))

    def hang(self, parent: int, several: list[dict[str, Any]]) -> None:
        start = self.first_or[parent]
        hooks = [parent] if start is None else [each for each in self.below(start) if not self.to[each]]
        new = self.box(hooks[0])
        for hook in hooks[1:]:
            self.to[hook].append(new)
        self.first_or[parent] = new if start is None else start
        self.offer(new, several)

    def offer(self, at: int, several: list[dict[str, Any]]) -> None:
        for item in several:
            if "or_1" in item:
                self.offer(self.box(at), item["or_1"])
            else:
                self.fill(self.box(at), item.get("and", [item]))

    def below(self, at: int) -> set[int]:
        return {at}.union(*(self.below(each) for each in self.to[at]))

    def ways(self, at: int = 0) -> list[Way]:
        """All ways from a box to an end."""
        if not self.to[at]:
            return [self.asked[at]]
        return [self.asked[at] + rest for each in self.to[at] for rest in self.ways(each)]


def matches(
    match: list[dict[str, Any]],
    patient: dict[str, Any],
    records: list[dict[str, Any]],
    at: date,
    *,
    all_clinical: bool,
) -> bool:
    if patient.get("VITAL_STATUS") != "alive":
        return False
    for way in Graph(match).ways():
        asked = [(kind, {k: v for k, v in leaf.items() if k not in IGNORED}) for kind, leaf in way]
        asked = [(kind, leaf) for kind, leaf in asked if leaf]
        told = all_clinical or any(kind == "genomic" or "tmb_numerical" in leaf for kind, leaf in asked)
        if asked and told and all(_leaf(kind, leaf, patient, records, at) for kind, leaf in asked):
            return True
    return False


def _leaf(
    kind: str, leaf: dict[str, Any], patient: dict[str, Any], records: list[dict[str, Any]], at: date
) -> bool:
    if kind == "clinical":
        for key, value in leaf.items():
            bang = isinstance(value, str) and value.startswith("!")
            plain = value[1:] if bang else value
            if _clinical(key, plain, patient, at) is bang:
                return False
        return True
    bang = any(isinstance(value, str) and value.startswith("!") for value in leaf.values())
    plain = {k: v[1:] if isinstance(v, str) and v.startswith("!") else v for k, v in leaf.items()}
    found = any(_record(plain, record, patient) for record in records)
    return not found if bang else found


def _clinical(key: str, value: Any, patient: dict[str, Any], at: date) -> bool:
    if key == "age_numerical":
        if "BIRTH_DATE" not in patient:
            return False
        sign, number = re.fullmatch(r"([<>=]+)([\d.]+)", value).groups()  # type: ignore[union-attr]
        months = int(float(number)) * 12 + round((float(number) % 1) * 12)
        year, month = at.year, at.month
        for _ in range(months):
            month -= 1
            if month == 0:
                year, month = year - 1, 12
        day = at.day
        while True:
            try:
                limit = date(year, month, day)
                break
            except ValueError:
                day -= 1
        born = date.fromisoformat(patient["BIRTH_DATE"])
        return {
            ">=": born <= limit,
            ">": born < limit,
            "<=": born >= limit,
            "<": born > limit,
            "==": born == limit,
        }[sign]
    if key == "tmb_numerical":
        rate = patient.get("TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE")
        sign, number = re.fullmatch(r"([<>=]+)([\d.]+)", value).groups()  # type: ignore[union-attr]
        return rate is not None and bool(eval(f"{rate} {sign} {float(number)}"))  # noqa: S307 - numbers of our own
    if key == "oncotree_primary_diagnosis":
        return patient.get("ONCOTREE_PRIMARY_DIAGNOSIS_NAME") in MAP.get(value, [value])
    return patient.get(ONE_TO_ONE.get(key, key.upper())) == value


def _record(leaf: dict[str, Any], record: dict[str, Any], patient: dict[str, Any]) -> bool:
    structural = leaf.get("variant_category") == "Structural Variation"
    status = any(key.endswith("_signature") or key in {"mmr_status", "ms_status"} for key in leaf)
    if structural and not _structural(leaf, record, patient):
        return False
    for key, value in leaf.items():
        if structural and key in {"hugo_symbol", "fusion_partner_hugo_symbol", "variant_category"}:
            continue
        if status and key == "hugo_symbol":
            continue
        if not _key(key, value, record):
            return False
    return True


def _key(key: str, value: Any, record: dict[str, Any]) -> bool:
    if key == "variant_category":
        words = {
            "copy number variation": ["CNV"],
            "any variation": ["MUTATION", "CNV"],
            "structural variation": ["SV"],
        }
        return record.get("VARIANT_CATEGORY") in words.get(value.lower(), [value.upper()])
    if key == "wildcard_protein_change":
        change, start = record.get("TRUE_PROTEIN_CHANGE", ""), "p." + value.replace("p.", "")
        return change[:-1].lower() == start.lower() and change[-1].upper() in "ACDEFGHIKLMNPQRSTVWY"
    if key == "cnv_call":
        words2 = {"High Amplification": "High level amplification", "Low Amplification": "Gain"}
        return record.get("CNV_CALL") == words2.get(value, value.replace(" D", " d"))
    if key in {"mmr_status", "ms_status"}:
        wanted = (
            "Deficient (MMR-D / MSI-H)" if value in {"MMR-Deficient", "MSI-H"} else "Proficient (MMR-P / MSS)"
        )
        return record.get("MMR_STATUS") == wanted
    found = record.get(ONE_TO_ONE.get(key, key.upper()))
    return type(found) is type(value) and found == value


def _structural(leaf: dict[str, Any], record: dict[str, Any], patient: dict[str, Any]) -> bool:
    gene, partner = leaf.get("hugo_symbol"), leaf.get("fusion_partner_hugo_symbol")
    if patient.get("REPORT_DATE", "1900-01-01") < "2018-12-01":
        words = re.split(r"\W", record.get("STRUCTURAL_VARIANT_COMMENT", "").lower())
        return len(words) > 1 and str(gene).lower() in words
    if record.get("VARIANT_CATEGORY") != "SV":
        return False
    sides = [record.get("LEFT_PARTNER_GENE"), record.get("RIGHT_PARTNER_GENE")]

    def is_side(asked: str | None, found: str | None) -> bool:
        if asked is None:
            return True
        if asked == "any_gene":
            return found is not None
        return found is None if asked == "intergenic" else asked == found

    return any(is_side(gene, one) and is_side(partner, other) for one, other in (sides, sides[::-1]))
