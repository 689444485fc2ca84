"""The edge: authorise, read, fold, decide, append; and the values it answers with."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from tests.record.samples import (
    ACCESS,
    JONAS,
    KARI,
    LIV,
    MONA,
    ROOM,
    ROOMS,
    DiscardSample,
    MeasureSample,
    ReceiveSample,
    SampleMeasured,
    measured,
)

from presis.application import Application, Look, new_id, now, uuid7
from presis.record import Actor, Command, Conflict, Edge, Fact, NewFact, Refusal


def done(outcome: Any) -> tuple[Fact[Any], ...]:
    assert isinstance(outcome, tuple), outcome
    return outcome


def refused(outcome: Any) -> Refusal:
    assert isinstance(outcome, Refusal), outcome
    return outcome


def command(number: int) -> UUID:
    return UUID(int=number)


@pytest.fixture
def sample(application: Application) -> str:
    """A sample that Haukeland has received."""
    facts = done(application.handle(ReceiveSample(id=command(1), tissue="colon"), MONA))
    return facts[0].stream.removeprefix("sample-")


def test_a_command_becomes_facts_with_actor_reason_rules_and_its_id(
    application: Application, sample: str
) -> None:
    measure = MeasureSample(id=command(2), sample=sample, tumour_percent=40, reason="second slide")
    (fact,) = done(application.handle(measure, KARI))
    assert fact.payload == SampleMeasured(tumour_percent=40)
    assert (fact.actor, fact.reason, fact.command) == (KARI, "second slide", str(command(2)))
    assert (fact.occurred, fact.rules) == ("2026-11", {"tumour-content": "2026-05"})
    assert application.record.view_rows("samples")[0]["best"] == 40


def test_numbers_that_people_say_count_by_kind_and_year(application: Application) -> None:
    streams = [
        done(application.handle(ReceiveSample(id=command(number), tissue="colon"), MONA))[0].stream
        for number in range(1, 4)
    ]
    assert streams == ["sample-S-2026-0001", "sample-S-2026-0002", "sample-S-2026-0003"]
    assert application.record.version("counter-S-2026") == 3


def test_a_repeat_is_answered_with_the_facts_and_does_nothing(application: Application, sample: str) -> None:
    measure = MeasureSample(id=command(2), sample=sample, tumour_percent=40)
    first = done(application.handle(measure, KARI))
    done(application.handle(DiscardSample(id=command(3), sample=sample), KARI))
    assert application.handle(measure, KARI) == first
    assert len(application.record.stream(f"sample-{sample}")) == 3


def test_the_repeat_of_anothers_command_tells_nothing(application: Application, sample: str) -> None:
    measure = MeasureSample(id=command(2), sample=sample, tumour_percent=40)
    done(application.handle(measure, KARI))
    assert application.handle(measure, JONAS) == ACCESS.stranger("measure")


def test_a_refusal_of_the_field_is_a_value_and_writes_nothing(application: Application, sample: str) -> None:
    done(application.handle(DiscardSample(id=command(2), sample=sample), KARI))
    outcome = refused(
        application.handle(MeasureSample(id=command(3), sample=sample, tumour_percent=40), KARI)
    )
    assert (outcome.code, outcome.rule) == ("sample-discarded", "samples/measure-what-is-there")
    assert application.record.of_command(str(command(3))) == ()


def test_a_role_without_a_row_is_refused_before_anything_is_read(application: Application) -> None:
    for name in ("S-2026-0001", "S-1999-0001"):
        outcome = application.handle(MeasureSample(id=command(9), sample=name, tumour_percent=1), LIV)
        assert refused(outcome).message == (
            "as oncologist one may not measure; it takes molecular pathologist or system."
        )


def test_unknown_elsewhere_and_in_another_state_look_the_same(application: Application, sample: str) -> None:
    elsewhere = application.handle(MeasureSample(id=command(2), sample=sample, tumour_percent=40), JONAS)
    unknown = application.handle(MeasureSample(id=command(3), sample="S-1999-0001", tumour_percent=40), JONAS)
    assert refused(elsewhere) == refused(unknown) == ACCESS.stranger("measure")
    done(application.handle(DiscardSample(id=command(4), sample=sample), KARI))
    again = application.handle(DiscardSample(id=command(5), sample=sample), KARI)
    assert refused(again) == ACCESS.stranger("discard")


def test_a_stranger_learns_nothing_from_a_wrong_version_either(application: Application, sample: str) -> None:
    outcome = application.handle(
        MeasureSample(id=command(2), sample=sample, tumour_percent=40, seen=99), JONAS
    )
    assert outcome == ACCESS.stranger("measure")


def test_what_a_person_judged_by_an_old_version_is_a_conflict_with_what_changed(
    application: Application, sample: str
) -> None:
    done(application.handle(MeasureSample(id=command(2), sample=sample, tumour_percent=40), KARI))
    outcome = application.handle(DiscardSample(id=command(3), sample=sample, seen=1), KARI)
    assert isinstance(outcome, Conflict)
    assert (outcome.expected, outcome.found) == (1, 2)
    assert [fact.payload for fact in outcome.since] == [SampleMeasured(tumour_percent=40)]
    done(application.handle(DiscardSample(id=command(4), sample=sample, seen=2), KARI))


def interfering(application: Application, sample: str, times: int) -> tuple[Application, list[int]]:
    """An application whose decision to measure is overtaken so many times by another writer."""
    decided: list[int] = []

    def decide(states: Any, measure: MeasureSample, edge: Edge) -> Any:
        stream = f"sample-{sample}"
        decided.append(len(states[stream].measured))
        if len(decided) <= times:
            version = application.record.version(stream)
            application.record.append(
                [measured(len(decided), stream)],
                expecting={stream: version},
                actor=KARI,
                command=f"other-{len(decided)}",
            )
        return [NewFact(stream=stream, payload=SampleMeasured(tumour_percent=measure.tumour_percent))]

    handlings = tuple(
        replace(each, decide=decide) if each.command is MeasureSample else each for each in ROOM.commands
    )
    rooms = (*ROOMS[:2], replace(ROOM, commands=handlings))
    return Application(application.record, rooms, ACCESS), decided


def test_a_command_without_a_judgement_is_decided_anew_after_a_conflict(
    application: Application, sample: str
) -> None:
    overtaken, decided = interfering(application, sample, times=2)
    done(overtaken.handle(MeasureSample(id=command(2), sample=sample, tumour_percent=99), KARI))
    assert decided == [0, 1, 2]  # each time from what was there by then


def test_it_is_decided_anew_a_few_times_only(application: Application, sample: str) -> None:
    overtaken, decided = interfering(application, sample, times=99)
    outcome = overtaken.handle(MeasureSample(id=command(2), sample=sample, tumour_percent=99), KARI)
    assert isinstance(outcome, Conflict)
    assert len(decided) == 5


def test_a_persons_judgement_is_never_decided_anew(application: Application, sample: str) -> None:
    overtaken, decided = interfering(application, sample, times=1)
    outcome = overtaken.handle(MeasureSample(id=command(2), sample=sample, tumour_percent=99, seen=1), KARI)
    assert isinstance(outcome, Conflict)
    assert (outcome.expected, outcome.found) == (1, 2)
    assert decided == [0]


def test_a_reader_sees_a_stream_as_known_at_a_moment(application: Application, sample: str) -> None:
    for number, percent in enumerate((40, 50), start=2):
        done(
            application.handle(MeasureSample(id=command(number), sample=sample, tumour_percent=percent), KARI)
        )
    look = application.look(KARI, "show", f"sample-{sample}")
    assert isinstance(look, Look)
    assert (look.state.measured, look.version, len(look.facts)) == ((40, 50), 3, 3)
    before = application.look(KARI, "show", f"sample-{sample}", known_at=look.facts[1].position)
    assert isinstance(before, Look)
    assert before.state.measured == (40,)


@pytest.mark.parametrize(
    "stream", ["sample-S-1999-0001", "sample-S-2026-0001", "nothing-1", "", "counter-S-2026"]
)
def test_a_reader_elsewhere_learns_nothing(application: Application, sample: str, stream: str) -> None:
    assert application.look(JONAS, "show", stream) == ACCESS.stranger("show")


def test_a_scope_of_any_sees_beyond_its_organisation(application: Application, sample: str) -> None:
    elsewhere = Actor("sara.bio", "bioinformatician", "ous")
    assert isinstance(application.look(elsewhere, "show", f"sample-{sample}"), Look)


def test_what_follows_a_commit_is_called_once_for_each_that_wrote(application: Application) -> None:
    called: list[int] = []
    application.on_commit = lambda app: called.append(app.record.head().position)
    done(application.handle(ReceiveSample(id=command(1), tissue="colon"), MONA))
    refused(application.handle(ReceiveSample(id=command(2), tissue="colon"), LIV))
    assert called == [2]


def test_an_unknown_command_is_a_fault_of_the_program(application: Application) -> None:
    class Unheard(Command):
        pass

    with pytest.raises(KeyError):
        application.handle(Unheard(id=command(1)), KARI)


def test_ids_are_uuids_of_version_7_that_sort_by_time() -> None:
    # The example of RFC 9562, appendix A.6.
    example = uuid7(0x017F22E279B0, (0xCC3 << 64 | 0x18C4DC0C0C07398F).to_bytes(10, "big"))
    assert example == UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")
    one = new_id()
    assert (one.version, one.variant) == (7, "specified in RFC 4122")
    assert abs((one.int >> 80) / 1000 - now().timestamp()) < 5
    assert uuid7(1, b"\xff" * 10) < uuid7(2, bytes(10))
    assert len({new_id() for _ in range(1000)}) == 1000
