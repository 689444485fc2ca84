"""A requisition's data beside those that the laboratory has already: the patient's others, and its run's.

A reading stands while its requisition is in review or later; one that is to be repeated stands no more,
so that data found to be another's are compared with nothing. Only the patient's own results are named in
a report: of the run's other patients it says how many were compared, and what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from presis.diagnostics import requisition
from presis.diagnostics.identity import (
    Accepted,
    IdentityCheck,
    Match,
    check_name,
    identity_checks,
    libraries_of,
    same_patient,
)
from presis.diagnostics.identity_acceptance import acceptances, with_acceptances
from presis.diagnostics.kept_profile import parse_profile
from presis.diagnostics.origin import Normal
from presis.diagnostics.profile import Alteration, MolecularProfile
from presis.diagnostics.report_parts import RequestedJson
from presis.diagnostics.requested import requested
from presis.diagnostics.requisition_specimen import by_requisition
from presis.diagnostics.sample_types import normals
from presis.diagnostics.specimen_numbers import elsewhere
from presis.methods.reasons import Reason
from presis.record import Fact, View, fold

if TYPE_CHECKING:
    from presis.record.store import Record

STANDING = ("review", "to_sign", "signed")
#: Another patient's files carry this one's pseudonym.
_SAME_PSEUDONYM = "identity.same-pseudonym"
_WORST = (Match.MISMATCH, Match.UNKNOWN, Match.MATCH)


def _rows(_stream: str, facts: Sequence[Fact[Any]]) -> Iterable[dict[str, Any]]:
    state: requisition.Requisition = fold(requisition.apply, requisition.Requisition(), facts)
    if state.received is None or state.reading is None or state.state not in STANDING:
        return
    yield {
        "number": state.received.number,
        "organisation": state.received.organisation,
        "patient": state.received.patient,
        "sample_type": state.received.sample_type,
        "run": state.reading.run,
        "profile": state.reading.profile,
    }


#: The reading that stands, of each requisition that has one; `run` is the blind index of its run.
READINGS = View(
    name="readings",
    version=1,
    prefix="requisition",
    columns={
        "number": str,
        "organisation": str,
        "patient": str,
        "sample_type": str,
        "run": str,
        "profile": str,
    },
    rows=_rows,
    indexes=(("patient", "organisation"), ("run", "organisation")),
)


@dataclass(frozen=True, slots=True)
class OtherResult:
    """What stands of another requisition: its number, and its profile."""

    number: str
    profile: MolecularProfile


@dataclass(frozen=True, slots=True)
class OtherResults:
    """Of the same patient, and of other patients of the same run; `normal` is the patient's own.

    `same_number` are other patients' requisitions of a specimen with this number. `requested` is whose the
    data are to be by the requisition, `accepted` the mismatches that people
    answer for, by their keys.
    """

    earlier: tuple[OtherResult, ...] = ()
    neighbours: tuple[OtherResult, ...] = ()
    normal: Normal | None = None
    requested: RequestedJson | None = None
    accepted: Mapping[str, Accepted] = field(default_factory=dict)
    same_number: tuple[str, ...] = ()

    def _named(self, profile: MolecularProfile, asked: RequestedJson) -> tuple[IdentityCheck, ...]:
        """Whether the files bear the requisition's names, and whether another patient's bears its number."""
        names = libraries_of(profile.sample, profile.dna_sample, profile.rna_sample)
        own = check_name(profile.specimen.pseudonym, names, asked.patient, asked.specimen)
        twice = tuple(
            IdentityCheck(
                check="specimen",
                result=Match.MISMATCH,
                reason=Reason.of("identity.specimen-twice", specimen=asked.specimen),
                counts={},
                other=each,
            )
            for each in self.same_number[:1]
        )
        return (own, *twice)

    def checks(self, profile: MolecularProfile) -> tuple[IdentityCheck, ...]:
        """Every check of identity, each other result named by its requisition."""
        libraries = (profile.dna_sample, profile.rna_sample)
        named = () if self.requested is None else self._named(profile, self.requested)
        earlier = [replace(each.profile, sample=each.number) for each in self.earlier]
        neighbours = [replace(each.profile, sample=each.number) for each in self.neighbours]
        claimed = [
            IdentityCheck(
                check="pseudonym",
                result=Match.MISMATCH,
                reason=Reason.of(_SAME_PSEUDONYM, other=each.sample),
                counts={},
                other=each.sample,
            )
            for each in neighbours
            if same_patient(profile, each)
        ]
        taken = [
            IdentityCheck(
                check="neighbour",
                result=Match.MISMATCH,
                reason=Reason.of("identity.neighbour-library", other=each.sample),
                counts={},
                other=each.sample,
            )
            for each in neighbours
            if {each.dna_sample, each.rna_sample} & {name for name in libraries if name}
        ]
        every = (*named, *identity_checks(profile, earlier, neighbours), *claimed, *taken)
        return with_acceptances(every, self.accepted)


def other_results(
    record: Record,
    unseal: Callable[[str], bytes],
    index: Callable[[str, str], str],
    state: requisition.Requisition,
    profile: MolecularProfile,
) -> OtherResults:
    """What the requisition's laboratory has beside a profile; `index` makes a blind index."""
    received = state.received
    if received is None:
        return OtherResults()

    def rows(column: str, value: str) -> list[dict[str, Any]]:
        return record.view_rows(
            READINGS.name,
            lambda table: (
                (table.c[column] == value)
                & (table.c.organisation == received.organisation)
                & (table.c.number != received.number)
            ),
        )

    def opened(found: Iterable[dict[str, Any]]) -> tuple[OtherResult, ...]:
        in_order = sorted(found, key=lambda row: str(row["number"]))
        return tuple(OtherResult(row["number"], _standing(record, unseal, row)) for row in in_order)

    own = rows("patient", received.patient)
    of_run = rows("run", index("run", profile.run)) if profile.run else []
    of_normals = [row for row in own if row["sample_type"] in normals()]
    return OtherResults(
        earlier=opened(own),
        neighbours=opened(row for row in of_run if row["patient"] != received.patient),
        normal=_normal(profile, [each.profile for each in opened(of_normals)]),
        requested=requested(record, unseal, state),
        accepted=acceptances(state, unseal),
        same_number=elsewhere(record, received.organisation, received.specimen, received.patient),
    )


def _standing(record: Record, unseal: Callable[[str], bytes], row: Mapping[str, Any]) -> MolecularProfile:
    """A profile with what its own requisition says of the specimen."""
    facts = record.stream(requisition.stream_of(row["number"]))
    state: requisition.Requisition = fold(requisition.apply, requisition.Requisition(), facts)
    return by_requisition(parse_profile(unseal(row["profile"])), state)


def _normal(profile: MolecularProfile, normals: Sequence[MolecularProfile]) -> Normal | None:
    """The latest normal that was read on the same genome."""
    fitting = [each for each in normals if each.build is not None and each.build is profile.build]
    if not fitting:
        return None
    covers = fitting[-1].covers.get(Alteration.SMALL_VARIANT)
    return Normal(
        {(v.chromosome, v.position, v.ref, v.alt): v.allele_fraction for v in fitting[-1].small_variants},
        frozenset(covers.genes) if covers is not None else frozenset(),
    )


def for_report(checks: Sequence[IdentityCheck]) -> tuple[IdentityCheck, ...]:
    """The checks as a report may hold them: other patients' samples are counted, none is named."""
    own = tuple(unnamed(each) for each in checks if each.check != "neighbour")
    near = [each for each in checks if each.check == "neighbour"]
    if not near:
        return own
    worst = min(near, key=lambda each: (_WORST.index(each.result), -each.counts.get("shared", 0)))
    word = worst.reason.code.removeprefix("identity.neighbour-")
    counts = {"samples": len({each.other for each in near}), **worst.counts}
    reason = Reason.of(f"identity.run-{word}", **counts)
    return (*own, IdentityCheck(check="neighbour", result=worst.result, reason=reason, counts=counts))


def unnamed(check: IdentityCheck) -> IdentityCheck:
    """A check without the other patient's requisition, where it names one."""
    if check.check == "neighbour":
        word = check.reason.code.removeprefix("identity.neighbour-")
        reason = Reason.of(f"identity.run-{word}", samples=1, **check.counts)
        return replace(check, reason=reason, other=None)
    if check.check == "specimen":
        return replace(check, other=None)
    if check.reason.code != _SAME_PSEUDONYM:
        return check
    return replace(check, reason=Reason.of("identity.run-same-pseudonym"), other=None)
