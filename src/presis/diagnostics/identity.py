"""Whether a specimen's data are the patient's: sex, DNA against RNA and earlier samples, neighbours.

Each check gives match, mismatch or unknown, with counts. A mismatch stops the signing of a report;
unknown doesn't, and says why it can't be told. The numbers are data: `rules/identity.yaml`.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from presis.diagnostics.profile import (
    Alteration,
    MolecularProfile,
    SmallVariant,
    Tested,
    Verdict,
)
from presis.diagnostics.quality import SCORE
from presis.methods.reasons import Reason
from presis.programme.files import load_yaml

Place = tuple[str, int, str, str]


class Match(StrEnum):
    """What a check of identity gives."""

    MATCH = "match"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A person's yes to data that a check speaks against: who, on which day, and why."""

    person: str
    on: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCheck:
    """One check: `name`, `specimen`, `sex`, `dna_rna`, `pseudonym`, `earlier`, `neighbour`, `contamination`.

    `other` is the sample compared with. `counts` are the numbers that the result rests on. `accepted`: a
    person answers for it that a mismatch isn't one.
    """

    check: str
    result: Match
    reason: Reason
    counts: Mapping[str, int]
    other: str | None = None
    accepted: Accepted | None = None


def acceptable() -> tuple[str, ...]:
    """The checks whose mismatch a person may answer for."""
    return tuple(_rules()["acceptable"])


def mismatch_key(check: IdentityCheck) -> str:
    """A mismatch with the names and numbers that it rests on, as text."""
    return json.dumps([check.check, check.reason.code, sorted(check.reason.values.items())])


def libraries_of(sample: str, dna: str | None, rna: str | None) -> tuple[str, ...]:
    """The names of a sample's libraries; its own where the files name none."""
    return tuple(each for each in (dna, rna) if each) or (sample,)


def check_name(pseudonym: str | None, libraries: Sequence[str], patient: str, specimen: str) -> IdentityCheck:
    """Whether the files bear the requisition's names: its patient's, or its specimen's number.

    Each library has to bear one of the two. So has a pseudonym, where the files tell one, unless the
    libraries begin with it: then it is the run's own name of the specimen.
    """
    wanted = (patient, specimen)
    told = [each for each in libraries if not any(_bears(each, name) for name in wanted)]
    if pseudonym and not any(_bears(pseudonym, name) for name in wanted):
        told = told if not told and all(_bears(each, pseudonym) for each in libraries) else [pseudonym, *told]
    if libraries and not told:
        word = "specimen" if all(_bears(each, specimen) for each in libraries) else "patient"
        reason = Reason.of(f"identity.name-{word}", found=libraries[0])
        return IdentityCheck(check="name", result=Match.MATCH, reason=reason, counts={})
    reason = Reason.of("identity.name-other", found=", ".join(dict.fromkeys(told[:2])), specimen=specimen)
    return IdentityCheck(check="name", result=Match.MISMATCH, reason=reason, counts={})


def _bears(name: str, wanted: str) -> bool:
    """Whether a name is another, or begins with it as a whole: `H26-1001-D01` bears `H26-1001`."""
    one, other = (unicodedata.normalize("NFKC", each).casefold().strip() for each in (name, wanted))
    if not other or not one.startswith(other):
        return False
    rest = one[len(other) :]
    return not rest or (len(other) >= _rules()["name"]["least_signs"] and not rest[0].isalnum())


def own_checks(profile: MolecularProfile) -> tuple[IdentityCheck, ...]:
    """What one profile tells by itself."""
    return (check_sex(profile), check_dna_rna(profile), check_contamination(profile))


def identity_checks(
    profile: MolecularProfile,
    earlier: Sequence[MolecularProfile] = (),
    neighbours: Sequence[MolecularProfile] = (),
) -> tuple[IdentityCheck, ...]:
    """Every check: alone, against the patient's `earlier` samples, and against `neighbours` of the run."""
    return (
        *own_checks(profile),
        *(check for each in earlier for check in _against(profile, each)),
        *check_neighbours(profile, neighbours),
    )


def _against(profile: MolecularProfile, earlier: MolecularProfile) -> Iterator[IdentityCheck]:
    """By the variants; and where both are told, by the pseudonyms."""
    one, other = profile.specimen.pseudonym, earlier.specimen.pseudonym
    if one is not None and other is not None and one != other:
        reason = Reason.of("identity.other-pseudonym", other=earlier.sample)
        yield IdentityCheck(
            check="pseudonym", result=Match.MISMATCH, reason=reason, counts={}, other=earlier.sample
        )
    yield check_earlier(profile, earlier)


def signing_stops(checks: Iterable[IdentityCheck]) -> tuple[Reason, ...]:
    """Why a report must not be signed: each mismatch that nobody answers for. Empty: nothing known."""
    return tuple(each.reason for each in checks if stops(each))


def stops(check: IdentityCheck) -> bool:
    """Whether a check stops signing."""
    return check.result is Match.MISMATCH and check.accepted is None


def _rules() -> Any:
    return load_yaml("rules/identity.yaml")


def _common(profile: MolecularProfile) -> Iterator[SmallVariant]:
    """Single-base variants that are common in a population and read deep enough."""
    rule = _rules()["sites"]
    for each in profile.small_variants:
        deep = each.depth is not None and each.depth >= rule["least_depth"]
        single = len(each.ref) == len(each.alt) == 1
        common = each.population is not None and each.population.highest >= rule["common_from"]
        if single and common and deep and each.allele_fraction is not None:
            yield each


def _place(variant: SmallVariant) -> Place:
    return (variant.chromosome, variant.position, variant.ref, variant.alt)


def check_sex(profile: MolecularProfile) -> IdentityCheck:
    """The recorded sex against variants on chrX and chrY."""
    rule = _rules()["sex"]

    def result(match: Match, word: str, **counts: int) -> IdentityCheck:
        reason = Reason.of(f"identity.sex-{word}", **counts)
        return IdentityCheck(check="sex", result=match, reason=reason, counts=counts)

    sex = profile.specimen.sex
    if sex not in ("male", "female"):
        return result(Match.UNKNOWN, "not-recorded")
    if profile.build is None:
        return result(Match.UNKNOWN, "no-build")
    outside = [each for each in _common(profile) if not _shared_region(each, profile, rule["shared_regions"])]
    on_x = [each.allele_fraction or 0.0 for each in outside if each.chromosome == "X"]
    het = sum(rule["heterozygous_from"] <= each <= rule["heterozygous_to"] for each in on_x)
    hom = sum(each >= rule["homozygous_from"] for each in on_x)
    on_y = sum(
        each.chromosome == "Y" and (each.allele_fraction or 0.0) >= rule["homozygous_from"]
        for each in outside
    )
    if sex == "male":
        if het >= rule["least_heterozygous_x"]:
            return result(Match.MISMATCH, "male-mismatch", heterozygous=het, homozygous=hom)
        if het == 0 and hom >= rule["least_homozygous_x"]:
            return result(Match.MATCH, "male-match", homozygous=hom)
        return result(Match.UNKNOWN, "few", heterozygous=het, homozygous=hom, on_y=on_y)
    if on_y >= rule["least_y"]:
        return result(Match.MISMATCH, "female-mismatch", on_y=on_y)
    if het >= rule["least_heterozygous_x"]:
        return result(Match.MATCH, "female-match", heterozygous=het)
    return result(Match.UNKNOWN, "few", heterozygous=het, homozygous=hom, on_y=on_y)


def _shared_region(variant: SmallVariant, profile: MolecularProfile, regions: Any) -> bool:
    return any(
        (each["build"], each["chromosome"]) == (str(profile.build), variant.chromosome)
        and each["first"] <= variant.position <= each["last"]
        for each in regions
    )


def check_dna_rna(profile: MolecularProfile) -> IdentityCheck:
    """Whether the DNA's common variants are in the RNA, where RNA was read deep enough."""
    rule = _rules()["dna_rna"]
    seen = [
        (each.rna_allele_fraction or 0.0) >= rule["least_rna_fraction"]
        for each in _common(profile)
        if (each.allele_fraction or 0.0) >= rule["least_dna_fraction"]
        and each.rna_allele_fraction is not None
        and (each.rna_depth or 0) >= rule["least_rna_depth"]
    ]
    counts = {"shared": sum(seen), "sites": len(seen)}
    if profile.dna_sample is None or profile.rna_sample is None:
        reason = Reason.of("identity.rna-alone")
        return IdentityCheck(check="dna_rna", result=Match.UNKNOWN, reason=reason, counts={})
    return _by_share("dna_rna", "rna", rule, counts, profile.rna_sample)


def check_earlier(profile: MolecularProfile, earlier: MolecularProfile) -> IdentityCheck:
    """Whether two samples of one patient share their common variants, in genes that both looked at."""
    rule = _rules()["earlier"]

    def unknown(word: str) -> IdentityCheck:
        reason = Reason.of(f"identity.{word}", other=earlier.sample)
        return IdentityCheck(
            check="earlier", result=Match.UNKNOWN, reason=reason, counts={}, other=earlier.sample
        )

    if profile.build is None or profile.build is not earlier.build:
        return unknown("earlier-build")
    if not any(_common(profile)) or not any(_common(earlier)):
        return unknown("earlier-no-common")
    own, other = _by_place(profile, earlier), _by_place(earlier, profile)
    all_of = (
        {_place(each) for each in earlier.small_variants},
        {_place(each) for each in profile.small_variants},
    )
    shared = {place for place in own if place in all_of[0]} | {place for place in other if place in all_of[1]}
    counts = {"shared": len(shared), "sites": len(own | other)}
    return _by_share("earlier", "earlier", rule, counts, earlier.sample)


def _by_place(profile: MolecularProfile, against: MolecularProfile) -> set[Place]:
    """The common variants of one sample whose gene the other looked at."""
    covers = against.covers.get(Alteration.SMALL_VARIANT)
    if covers is None or covers.state is not Tested.YES:
        return set()
    return {_place(each) for each in _common(profile) if each.gene in covers.genes}


def _by_share(
    check: str, word: str, rule: Mapping[str, Any], counts: Mapping[str, int], other: str
) -> IdentityCheck:
    shared, sites = counts["shared"], counts["sites"]
    if sites < rule["least_sites"]:
        match, code = Match.UNKNOWN, "few"
    elif shared / sites >= rule["match_from_share"]:
        match, code = Match.MATCH, "match"
    elif shared / sites <= rule["mismatch_up_to_share"]:
        match, code = Match.MISMATCH, "mismatch"
    else:
        match, code = Match.UNKNOWN, "between"
    reason = Reason.of(f"identity.{word}-{code}", shared=shared, sites=sites, other=other)
    return IdentityCheck(check=check, result=match, reason=reason, counts=dict(counts), other=other)


def check_neighbours(
    profile: MolecularProfile, neighbours: Sequence[MolecularProfile]
) -> Iterator[IdentityCheck]:
    """Whether another patient's sample has the same rare variants; one in many samples is an artefact."""
    rule = _rules()["neighbour"]
    strangers = [each for each in neighbours if not same_patient(profile, each)]
    seen = Counter(place for each in (profile, *strangers) for place in _rare(each))
    own = {place for place in _rare(profile) if seen[place] <= rule["most_samples"]}
    for each in strangers:
        shared = own & set(_rare(each))
        counts = {"shared": len(shared), "rare": len(own)}
        if profile.build is None or profile.build is not each.build or len(own) < rule["least_rare"]:
            match, code = Match.UNKNOWN, "few"
        elif (
            len(shared) >= rule["mismatch_from_shared"]
            and len(shared) / len(own) >= rule["mismatch_from_share"]
        ):
            match, code = Match.MISMATCH, "mismatch"
        elif len(shared) >= rule["suspect_from_shared"]:
            match, code = Match.UNKNOWN, "suspect"
        else:
            match, code = Match.MATCH, "match"
        reason = Reason.of(f"identity.neighbour-{code}", other=each.sample, **counts)
        yield IdentityCheck(check="neighbour", result=match, reason=reason, counts=counts, other=each.sample)


def same_patient(one: MolecularProfile, other: MolecularProfile) -> bool:
    """Whether both are said to be of one patient: by pseudonym."""
    told = one.specimen.pseudonym
    return told is not None and told == other.specimen.pseudonym


def _rare(profile: MolecularProfile) -> Iterator[Place]:
    rule = _rules()["neighbour"]
    for each in profile.small_variants:
        if each.population is None or each.population.highest >= rule["rare_below"]:
            continue
        artefact = any("recurrent" in name for name in each.file_filters)
        if not artefact and (each.allele_fraction or 0.0) >= rule["least_fraction"]:
            yield _place(each)


def check_contamination(profile: MolecularProfile) -> IdentityCheck:
    """Whether another person's DNA is in the sample, by the software's score."""
    score = next((each for each in profile.quality.measures if each.metric == SCORE), None)
    if profile.quality.contaminated:
        match, code = Match.MISMATCH, "contaminated"
    elif score is not None and score.verdict is Verdict.PASS:
        match, code = Match.MATCH, "not-contaminated"
    elif score is not None and score.verdict is Verdict.WARN:
        match, code = Match.UNKNOWN, "contamination-open"
    else:
        match, code = Match.UNKNOWN, "contamination-not-known"
    return IdentityCheck(check="contamination", result=match, reason=Reason.of(f"identity.{code}"), counts={})
