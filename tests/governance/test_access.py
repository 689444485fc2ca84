"""The access table: read with every fault at once, and answering for a subject and a list alike."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.record.samples import KARI, LIV, ROOMS, SampleDiscarded, SampleReceived, ticking

from presis.application import all_rooms
from presis.errors import BadInput
from presis.governance import AccessTable, Role, Scope, load_access, load_directory
from presis.governance.access import AccessFile, AccessRow
from presis.governance.actors import programme_file
from presis.governance.documents import Document
from presis.record import Actor, NewFact, Room, Subject
from presis.record.store import Record, initialise

DIAGNOSTICS = next(room for room in all_rooms() if room.name == "diagnostics")


SMALL = Room(
    name="diagnostics",
    actions={
        "register-report": ("new", "draft"),
        "sign-report": ("draft", "signed"),
        "amend-report": ("draft", "signed"),
        "show-report": ("draft", "signed"),
    },
)


def write(tmp_path: Path, text: str) -> Path:
    (tmp_path / "diagnostics.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_worked_programmes_access_fits_the_rooms_of_the_house() -> None:
    table = load_access(all_rooms())
    assert table.may_ever(Actor("presis", "system", "presis"), "raise-task") is None


@pytest.mark.parametrize("file", sorted(programme_file("access").glob("*.yaml")), ids=lambda file: file.stem)
def test_each_access_file_is_valid_and_named_for_its_room(file: Path) -> None:
    assert Document(file).parse(AccessFile).room == file.stem


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        ("register-report", {"bioinformatician", "molecular_pathologist"}),
        ("sign-report", {"molecular_pathologist"}),
        ("amend-report", {"molecular_pathologist"}),
        ("show-report", {"bioinformatician", "molecular_pathologist"}),
        ("show-draft", {"bioinformatician", "molecular_pathologist"}),
    ],
)
def test_who_may_do_what_with_a_report(action: str, roles: set[str]) -> None:
    table = load_access([DIAGNOSTICS])
    for role in Role:
        here = table.authorise(Actor("x", role, "haukeland"), action, Subject("draft", "haukeland"))
        assert (here is None) == (role.value in roles)


def test_a_signed_report_is_for_the_board_and_for_the_oncologists_of_who_asked() -> None:
    table = load_access([DIAGNOSTICS])
    report = {state: Subject(state, "haukeland", "ahus") for state in ("draft", "signed", "amending")}
    erik, liv = Actor("erik.onc", "oncologist", "ahus"), Actor("liv.onc", "oncologist", "haukeland")
    berit = Actor("berit.board", "board_coordinator", "ous")
    for state, subject in report.items():
        assert (table.authorise(erik, "show-report", subject) is None) is (state != "draft")
        assert (table.authorise(berit, "show-report", subject) is None) is (state != "draft")
        assert table.authorise(liv, "show-report", subject) == table.stranger("show-report")
        for actor in (erik, liv, berit):
            assert table.may_ever(actor, "show-draft") is not None


@pytest.mark.parametrize("action", ["sign-report", "amend-report", "register-report"])
def test_a_report_is_signed_and_amended_in_its_own_organisation_only(action: str) -> None:
    table = load_access([DIAGNOSTICS])
    elsewhere = Actor("jonas.lab", "molecular_pathologist", "ous")
    assert table.authorise(KARI, action, Subject("draft", "haukeland")) is None
    assert table.authorise(elsewhere, action, Subject("draft", "haukeland")) == table.stranger(action)
    assert table.authorise(elsewhere, action, None) == table.stranger(action)


def test_every_fault_of_a_file_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        """room: diagnostics
rows:
  - {role: molecular_pathologist, action: sign-report, state: [drafted, draft], scope: own-organisation}
  - {role: molecular_pathologist, action: burn-report, state: any, scope: any}
  - {role: molecular_pathologist, action: show-report, state: any, scope: any}
""",
    )
    with pytest.raises(BadInput) as told:
        load_access([SMALL], folder)
    file = folder / "diagnostics.yaml"
    assert [str(problem).removeprefix(f"{file}, ") for problem in told.value.problems] == [
        "line 3, field rows.0.state.0: sign-report knows no such state; use one of its words or any.",
        "line 4, field rows.1.action: the diagnostics room has no such action; use one of its words.",
        "line 2, field rows: no row says who may register-report; add one.",
        "line 2, field rows: no row says who may amend-report; add one.",
    ]
    assert told.value.problems[0].found == "drafted"
    assert told.value.problems[0].accepted == "draft, signed"


def test_a_row_of_another_shape_is_told_with_line_and_what_is_accepted(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        """room: diagnostics
rows:
  - role: pathologist
    action: sign-report
    state: any
    scope: everything
  - {role: oncologist, action: show-report, scope: any, colour: red}
""",
    )
    with pytest.raises(BadInput) as told:
        load_access([DIAGNOSTICS], folder)
    places = {(problem.where.line, problem.where.field) for problem in told.value.problems}
    assert places == {
        (3, "rows.0.role"),
        (6, "rows.0.scope"),
        (7, "rows.1.state"),
        (7, "rows.1.colour"),
    }
    assert "'own-organisation', 'own-request' or 'any'" in {
        problem.accepted for problem in told.value.problems
    }


def test_a_missing_file_of_a_room_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"diagnostics\.yaml: there is no such file; name another or write it"):
        load_access([DIAGNOSTICS], tmp_path)


def test_yaml_that_does_not_parse_is_told_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path, "room: diagnostics\nrows: [}\n")
    with pytest.raises(BadInput, match="line 2: this isn't YAML"):
        load_access([DIAGNOSTICS], folder)


def test_a_file_for_another_room_is_told(tmp_path: Path) -> None:
    text = programme_file("access", "diagnostics.yaml").read_text(encoding="utf-8")
    folder = write(tmp_path, text.replace("room: diagnostics", "room: board"))
    with pytest.raises(BadInput, match="line 3, field room: the file is named for another room"):
        load_access([DIAGNOSTICS], folder)


def test_a_table_without_rows_refuses_everything() -> None:
    outcome = AccessTable([]).authorise(KARI, "sign-report", Subject("draft", "haukeland"))
    assert outcome is not None
    assert outcome.message == (
        "as molecular pathologist one may not sign a report; "
        "it takes a row in the access table, and there is none."
    )


def test_the_state_narrows_a_row() -> None:
    row = AccessRow(role=Role.ONCOLOGIST, action="show", state=("signed",), scope=Scope.ANY)
    table = AccessTable([row])
    assert table.authorise(LIV, "show", Subject("signed", "ous")) is None
    assert table.authorise(LIV, "show", Subject("draft", "ous")) == table.stranger("show")


PEOPLE = [Actor("a", "oncologist", name) for name in ("haukeland", "ous", "unn", "Haukeland", "o'us")]


@pytest.fixture
def samples(place: str) -> Iterator[Record]:
    """A sample of each person's organisation, one of nobody's, and two that were discarded."""
    record, _ = initialise(place, ROOMS, ticking())
    for number, actor in enumerate(PEOPLE):
        stream = f"sample-{number}"
        facts = [NewFact(stream=stream, payload=SampleReceived(tissue="colon"))]
        if number < 2:
            facts.append(NewFact(stream=stream, payload=SampleDiscarded()))
        record.append(facts, expecting={stream: 0}, actor=actor, command=stream)
    with record.database.writing() as connection:
        connection.exec_driver_sql("UPDATE view_samples SET organisation = NULL WHERE stream = 'sample-2'")
    yield record
    record.database.close()


def subject(row: dict[str, Any]) -> Subject:
    return Subject(row["state"], row["organisation"])


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_answers_for_a_subject_as_its_condition_does_for_a_list(
    samples: Record, scope: Scope
) -> None:
    everything = samples.view_rows("samples")
    for actor in (*PEOPLE, Actor("b", "oncologist", "nowhere"), Actor("b", "oncologist", "")):
        listed = samples.view_rows(
            "samples", lambda table, actor=actor: scope.condition(actor, table.c.organisation)
        )
        assert listed == [row for row in everything if scope.allows(actor, subject(row))]


def test_own_requests_are_the_same_for_a_subject_and_a_list(samples: Record) -> None:
    everything = samples.view_rows("samples")
    for actor in PEOPLE:
        listed = samples.view_rows(
            "samples",
            lambda table, actor=actor: Scope.OWN_REQUEST.condition(
                actor, table.c.organisation, table.c.organisation
            ),
        )
        asked = [Subject(row["state"], "elsewhere", row["organisation"]) for row in everything]
        allowed = [
            row for row, each in zip(everything, asked, strict=True) if Scope.OWN_REQUEST.allows(actor, each)
        ]
        assert listed == allowed
        assert len(listed) <= 1


rows = st.builds(
    AccessRow,
    role=st.sampled_from([Role.ONCOLOGIST, Role.TRIAL_OFFICE]),
    action=st.sampled_from(["show", "burn"]),
    state=st.one_of(
        st.just("any"), st.lists(st.sampled_from(["received", "discarded", "absent"])).map(tuple)
    ),
    scope=st.sampled_from(Scope),
)


def test_the_table_answers_for_a_subject_as_its_condition_does_for_a_list(samples: Record) -> None:
    everything = samples.view_rows("samples")
    assert len(everything) == 5

    @settings(max_examples=40, deadline=None)
    @given(st.lists(rows, max_size=4), st.sampled_from(PEOPLE))
    def the_same(chosen: list[AccessRow], actor: Actor) -> None:
        table = AccessTable(chosen)
        listed = samples.view_rows(
            "samples", lambda view: table.condition(actor, "show", view.c.state, view.c.organisation)
        )
        allowed = [row for row in everything if table.authorise(actor, "show", subject(row)) is None]
        assert listed == allowed

    the_same()


def test_every_organisation_of_the_programme_has_somebody() -> None:
    directory = load_directory()
    posts = {post.organisation for person in directory.people for post in person.posts}
    assert posts == {each.id for each in directory.organisations}
