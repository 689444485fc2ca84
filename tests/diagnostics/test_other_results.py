"""A requisition's data beside the patient's other results and the run's other patients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import laboratory as lab
import pytest
from tumours import all_but, tumour, variant

from presis.application import Application
from presis.diagnostics.origin import OriginKind
from presis.diagnostics.profile import MolecularProfile, PopulationFrequency, SmallVariant
from presis.diagnostics.requisition import AskRepeat
from presis.diagnostics.review import ReopenReview
from presis.record import Refusal

COMMON = PopulationFrequency(by_population={"global": 0.2}, source="test")
RARE = PopulationFrequency(by_population={}, source="test")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Application]:
    application = lab.opened(f"sqlite:///{tmp_path / 'presis.db'}")
    yield application
    application.record.database.close()


def some(
    count: int, start: int, population: PopulationFrequency, fraction: float = 0.5
) -> list[SmallVariant]:
    plain = replace(variant("BRAF", "V600E", fraction=fraction), population=population, depth=200)
    return [replace(plain, chromosome="1", position=5_000_000 + start + each) for each in range(count)]


def made(
    *variants: SmallVariant, run: str | None = "RUN-1", pseudonym: str | None = None
) -> MolecularProfile:
    profile = tumour(*variants)
    return replace(profile, run=run, specimen=replace(profile.specimen, pseudonym=pseudonym))


def read(house: Application, patient: str, profile: MolecularProfile, **told: Any) -> str:
    number = lab.received(house, patient, **told)
    lab.assessed(house, number)
    lab.sequenced(house, number)
    lab.read(house, number, profile)
    return number


def stopped(outcome: Any) -> str:
    assert isinstance(outcome, Refusal), outcome
    assert outcome.code == "identity-mismatch"
    return outcome.message


def test_an_earlier_sample_that_is_another_persons_stops_the_report(house: Application) -> None:
    earlier = read(house, "P-1", made(*some(20, 0, COMMON), run="RUN-0"))
    now = read(house, "P-1", made(*some(20, 100, COMMON)))
    assert earlier in stopped(lab.concluded(house, now))
    # whichever of the two is wrong: once it is to be repeated, the other isn't held against it
    lab.facts(house.handle(AskRepeat(id=house.ids(), number=earlier, what="library"), lab.KARI))
    lab.facts(lab.concluded(house, now))


def test_a_signed_result_that_was_wrong_is_reopened_and_repeated(house: Application) -> None:
    earlier = read(house, "P-1", made(*some(20, 0, COMMON), run="RUN-0"))
    lab.facts(lab.concluded(house, earlier))
    lab.signed(house, earlier, lab.KARI, lab.NILS)
    now = read(house, "P-1", made(*some(20, 100, COMMON)))
    stopped(lab.concluded(house, now))
    lab.facts(house.handle(ReopenReview(id=house.ids(), number=earlier, why="a swap"), lab.KARI))
    lab.facts(house.handle(AskRepeat(id=house.ids(), number=earlier, what="extraction"), lab.KARI))
    lab.facts(lab.concluded(house, now))


def test_the_same_persons_samples_match(house: Application) -> None:
    earlier = read(house, "P-1", made(*some(20, 0, COMMON), run="RUN-0"))
    now = read(house, "P-1", made(*some(20, 0, COMMON)))
    (check,) = [each for each in lab.content_now(house, now).identity if each.check == "earlier"]
    assert (check.result, check.other) == ("match", earlier)


def test_a_neighbour_of_the_run_with_the_same_rare_variants_stops_the_report(house: Application) -> None:
    other = read(house, "P-1", made(*some(8, 0, RARE)))
    now = read(house, "P-2", made(*some(8, 0, RARE)))
    content = lab.content_now(house, now)
    (check,) = [each for each in content.identity if each.check == "neighbour"]
    assert (check.result, check.counts) == ("mismatch", {"samples": 1, "shared": 8, "rare": 8})
    stopped(lab.concluded(house, now))
    stopped(lab.concluded(house, other))
    # a report tells nothing of another patient, a requisition's number neither
    assert other.encode() not in content.canonical()


def test_a_result_that_comes_after_the_review_stops_the_second_signature(house: Application) -> None:
    now = read(house, "P-2", made(*some(8, 0, RARE)))
    lab.facts(lab.concluded(house, now))
    lab.facts(lab.signed(house, now, lab.KARI))
    read(house, "P-1", made(*some(8, 0, RARE)))
    stopped(lab.signed(house, now, lab.NILS))


def test_only_the_same_run_and_the_same_laboratory_are_neighbours(house: Application) -> None:
    read(house, "P-1", made(*some(8, 0, RARE), run="RUN-0"))
    now = read(house, "P-2", made(*some(8, 0, RARE)))
    assert not [each for each in lab.content_now(house, now).identity if each.check == "neighbour"]
    assert lab.beside(house, now)(made()).neighbours == ()
    lab.facts(lab.concluded(house, now))


def test_two_patients_whose_files_carry_one_pseudonym_are_stopped(house: Application) -> None:
    other = read(house, "P-1", made(*some(8, 0, RARE), pseudonym="IPA0001"))
    now = read(house, "P-2", made(*some(8, 50, RARE), pseudonym="IPA0001"))
    assert other not in stopped(lab.concluded(house, now))
    assert other.encode() not in lab.content_now(house, now).canonical()


def test_a_run_is_known_by_its_keyed_hash_alone(house: Application) -> None:
    number = read(house, "P-1", made(run="230101_A00001_0001_AHXXXX"))
    reading = lab.state(house, number).reading
    assert reading is not None
    assert reading.run is not None
    assert "230101" not in reading.run


def test_a_normal_of_the_same_patient_tells_what_is_inherited(house: Application) -> None:
    inherited, acquired = some(1, 0, RARE)[0], some(1, 50, RARE)[0]
    normal = replace(made(inherited), covers=all_but())
    read(house, "P-1", normal, sample_type="normal", specimen="B26-1")
    now = read(house, "P-1", made(inherited, acquired))
    origins = {each.place: each.origin for each in lab.content_now(house, now).findings if each.origin}
    kinds = {place.split(" ")[0]: origin.kind for place, origin in origins.items() if place}
    assert kinds["1:5000000"] == OriginKind.LIKELY_GERMLINE.value
    assert kinds["1:5000050"] == OriginKind.SOMATIC.value
