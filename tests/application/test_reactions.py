"""Reactions: a fact here, so a command there; in order, once, and nothing hidden."""

from typing import Any
from uuid import UUID

from tests.record.samples import (
    ACCESS,
    KARI,
    MONA,
    DiscardSample,
    MeasureSample,
    ReceiveSample,
    SampleDiscarded,
    SampleMeasured,
    SampleReceived,
)

from presis.application import Application
from presis.governance.roles import SYSTEM
from presis.governance.tasks import CloseTask, open_tasks
from presis.reactions import Reaction, Stopped, command_id, react
from presis.record import Actor, Fact, Refusal, corrected
from presis.record.progress import Progress, progress

MANAGER = Actor("nils.lab", "laboratory_manager", "haukeland")
STEWARD = Actor("ola.data", "data_steward", "ous")


def sample_of(fact: Fact[Any]) -> str:
    return fact.stream.removeprefix("sample-")


MEASURE = Reaction(
    name="measure-on-receipt",
    on=(SampleReceived,),
    command=lambda fact, new: MeasureSample(id=new, sample=sample_of(fact), tumour_percent=10),
)
DISCARD_IF_POOR = Reaction(
    name="discard-if-poor",
    on=(SampleMeasured,),
    command=lambda fact, new: (
        DiscardSample(id=new, sample=sample_of(fact)) if fact.payload.tumour_percent < 20 else None
    ),
)
MEASURE_AFTER_DISCARD = Reaction(
    name="measure-after-discard",
    on=(SampleDiscarded,),
    command=lambda fact, new: MeasureSample(id=new, sample=sample_of(fact), tumour_percent=30),
)


def receive(application: Application, number: int) -> str:
    outcome = application.handle(ReceiveSample(id=UUID(int=number), tissue="colon"), MONA)
    assert isinstance(outcome, tuple)
    return outcome[0].stream


def kinds(application: Application, stream: str) -> list[str]:
    return [fact.kind.partition("/")[0] for fact in application.record.stream(stream)]


def test_a_fact_is_followed_by_a_command_of_presis_itself(application: Application) -> None:
    stream = receive(application, 1)
    report = react(application, [MEASURE])
    assert (report.done, report.tasks, report.stopped) == (1, 0, ())
    fact = application.record.stream(stream)[1]
    assert fact.actor == SYSTEM
    assert fact.command == str(command_id(1, "measure-on-receipt"))


def test_running_again_does_nothing(application: Application) -> None:
    receive(application, 1)
    react(application, [MEASURE])
    before = application.record.head()
    assert react(application, [MEASURE]).done == 0
    assert application.record.head() == before


def test_a_lost_position_does_nothing_twice(application: Application) -> None:
    receive(application, 1)
    react(application, [MEASURE])
    before = application.record.head()
    with application.record.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM reaction_positions")
    react(application, [MEASURE])
    assert application.record.head() == before


def test_reactions_react_to_what_reactions_wrote(application: Application) -> None:
    stream = receive(application, 1)
    assert react(application, [MEASURE, DISCARD_IF_POOR]).done == 2
    assert kinds(application, stream) == ["samples.received", "samples.measured", "samples.discarded"]


def test_a_command_runs_its_reactions_after_the_commit(application: Application) -> None:
    application.on_commit = lambda app: react(app, [MEASURE, DISCARD_IF_POOR])
    stream = receive(application, 1)
    assert kinds(application, stream) == ["samples.received", "samples.measured", "samples.discarded"]


def test_a_new_reaction_begins_at_the_first_fact(application: Application) -> None:
    receive(application, 1)
    react(application, [MEASURE])
    assert react(application, [MEASURE, DISCARD_IF_POOR]).done == 1


def test_a_refused_reaction_becomes_a_task_that_a_person_sees_and_closes(application: Application) -> None:
    receive(application, 1)
    report = react(application, [MEASURE, DISCARD_IF_POOR, MEASURE_AFTER_DISCARD])
    assert (report.done, report.tasks, report.stopped) == (2, 1, ())
    (task,) = _tasks(application, MANAGER)
    assert task["message"] == "S-2026-0001 was discarded and can't be measured."
    assert (task["reaction"], task["position"], task["code"]) == (
        "measure-after-discard",
        4,
        "sample-discarded",
    )
    react(application, [MEASURE, DISCARD_IF_POOR, MEASURE_AFTER_DISCARD])
    assert len(_tasks(application, MANAGER)) == 1  # not raised twice

    close = CloseTask(id=UUID(int=50), stream=task["stream"])
    outcome = application.handle(close, MANAGER)
    assert isinstance(outcome, Refusal)
    assert outcome.code == "reason-missing"
    with_reason = CloseTask(id=UUID(int=51), stream=task["stream"], reason="a new block was ordered")
    assert isinstance(application.handle(with_reason, MANAGER), tuple)
    assert _tasks(application, MANAGER) == []


def _tasks(application: Application, actor: Actor) -> list[dict[str, Any]]:
    found = open_tasks(application.record, ACCESS, actor)
    assert isinstance(found, list)
    return found


def test_a_task_is_listed_within_the_scope_only(application: Application) -> None:
    receive(application, 1)
    react(application, [MEASURE, DISCARD_IF_POOR, MEASURE_AFTER_DISCARD])
    # It is the system's discarding that was followed, so the task is Presis' own: only `any` sees it.
    receive_discarded = [
        fact for fact in application.record.facts() if fact.kind == "governance.task-raised/1"
    ]
    assert len(receive_discarded) == 1
    assert len(_tasks(application, STEWARD)) == 1
    assert _tasks(application, Actor("x", "laboratory_manager", "ous")) == []
    assert isinstance(open_tasks(application.record, ACCESS, KARI), Refusal)


def test_a_reaction_that_fails_stops_there_and_says_so_and_the_others_go_on(application: Application) -> None:
    healthy = False

    def fragile(fact: Fact[Any], new: UUID) -> MeasureSample:
        if fact.position == 3 and not healthy:
            raise RuntimeError("the analyser is off")
        return MeasureSample(id=new, sample=sample_of(fact), tumour_percent=50)

    reactions = [Reaction(name="fragile", on=(SampleReceived,), command=fragile), DISCARD_IF_POOR]
    streams = [receive(application, number) for number in (1, 2, 3)]
    report = react(application, reactions)
    assert report.stopped == (Stopped("fragile", 3, "RuntimeError: the analyser is off"),)
    stopped = progress(application.record.database)["fragile"]
    assert stopped == Progress(position=2, stopped=3, problem="RuntimeError: the analyser is off")
    assert (
        progress(application.record.database)["discard-if-poor"].position
        == application.record.head().position
    )
    assert [len(kinds(application, stream)) for stream in streams] == [2, 1, 1]  # nothing out of order

    assert react(application, reactions).stopped == report.stopped  # tried again, and still said
    healthy = True
    assert react(application, reactions).stopped == ()
    assert [len(kinds(application, stream)) for stream in streams] == [2, 2, 2]
    assert progress(application.record.database)["fragile"].stopped is None


def test_a_failing_reaction_does_not_make_the_command_fail(application: Application) -> None:
    def broken(_fact: Fact[Any], _new: UUID) -> None:
        raise RuntimeError("off")

    application.on_commit = lambda app: react(
        app, [Reaction(name="broken", on=(SampleReceived,), command=broken)]
    )
    receive(application, 1)
    assert progress(application.record.database)["broken"].stopped == 1


def test_a_reaction_sees_corrections_and_decides(application: Application) -> None:
    stream = receive(application, 1)
    outcome = application.handle(
        MeasureSample(id=UUID(int=2), sample=stream.removeprefix("sample-"), tumour_percent=90), KARI
    )
    assert isinstance(outcome, tuple)
    assert react(application, [DISCARD_IF_POOR]).done == 0
    application.record.append(
        [corrected(outcome[0], SampleMeasured(tumour_percent=9), reason="a zero too many")],
        expecting={stream: 2},
        actor=KARI,
        command="correction",
    )
    assert react(application, [DISCARD_IF_POOR]).done == 1
    assert kinds(application, stream)[-1] == "samples.discarded"


def test_without_reactions_nothing_runs(application: Application) -> None:
    receive(application, 1)
    assert react(application, []).done == 0
