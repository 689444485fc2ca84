"""`presis record …`: tables for people, JSON for programs, exit codes, and one sentence for each error."""

import json
import sqlite3
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from presis.application import open_application
from presis.cli.main import run
from presis.governance.facts import TaskRaised
from presis.governance.roles import SYSTEM
from presis.governance.tasks import RaiseTask

TASK = TaskRaised(
    reaction="measure-on-receipt",
    position=1,
    stream="sample-1",
    organisation="haukeland",
    code="sample-discarded",
    rule="samples/measure-what-is-there",
    message="S-1 was discarded and can't be measured.",
)


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A record with two tasks, named in the environment."""
    file = tmp_path / "presis.db"
    monkeypatch.setenv("PRESIS_RECORD", str(file))
    monkeypatch.delenv("PRESIS_AS", raising=False)
    assert run(["record", "init"]) == 0
    application = open_application(f"sqlite:///{file}")
    for number in (1, 2):
        assert isinstance(application.handle(RaiseTask(id=UUID(int=number), task=TASK), SYSTEM), tuple)
    application.record.database.close()
    capsys.readouterr()
    return file


def said(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    return out + err


def parsed(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_init_says_what_it_made_and_leaves_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new.db"
    assert run(["record", "init", "--record", str(file)]) == 0
    assert said(capsys) == f"Created the record {file}.\n"
    assert run(["record", "init", "--record", str(file)]) == 0
    assert said(capsys) == f"{file} is a record already, with 0 facts; nothing was changed.\n"
    assert run(["record", "init", "--record", str(file), "--json"]) == 0
    assert parsed(capsys) == {"record": str(file), "new": False, "facts": 0}


def test_log_lists_the_facts(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "log"]) == 0
    text = said(capsys)
    assert "Position" in text
    assert text.count("governance.task-raised") == 2
    assert run(["record", "log", "--json", "--after", "1", "--limit", "5"]) == 0
    (fact,) = parsed(capsys)
    assert (fact["position"], fact["kind"]) == (2, "governance.task-raised/1")
    assert fact["actor"] == {"person": "presis", "role": "system", "organisation": "presis"}
    assert fact["payload"]["message"] == TASK.message
    assert run(["record", "log", "--json", "--limit", "1"]) == 0
    assert [fact["position"] for fact in parsed(capsys)] == [2]
    assert run(["record", "log", "--json", "--known-at", "1"]) == 0
    assert [fact["position"] for fact in parsed(capsys)] == [1]


def test_show_shows_a_fact_or_a_stream(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "show", "1"]) == 0
    text = said(capsys)
    assert text.startswith("Position 1\n")
    assert "by presis (system, presis)" in text
    stream = text.partition("stream    ")[2].partition(",")[0]
    assert run(["record", "show", stream, "--json"]) == 0
    assert [fact["position"] for fact in parsed(capsys)] == [1]


def test_what_is_not_there_is_one_sentence_and_exit_code_2(
    record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["record", "show", "99"]) == 2
    assert said(capsys) == "presis: the record holds nothing at 99; look with `presis record log`.\n"
    assert run(["record", "log", "--known-at", "yesterday"]) == 2
    assert "'yesterday' isn't a moment" in said(capsys)


def test_an_absent_record_is_one_sentence_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "none.db"
    for command in (["log"], ["verify"], ["rebuild"], ["show", "1"], ["tasks", "--as", "kari.lab"]):
        assert run(["record", *command, "--record", str(file)]) == 2
        assert said(capsys) == (
            f"presis: there is no record at {file}; make one with `presis record init`, "
            "or name another with --record or PRESIS_RECORD.\n"
        )


def test_verify_gives_the_head_and_takes_it_back(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "verify"]) == 0
    text = said(capsys)
    assert text.startswith("The chain holds: 2 facts.\nIts head, to note elsewhere for --anchor: 2:")
    head = text.rstrip().rpartition(" ")[2]
    assert run(["record", "verify", "--anchor", head]) == 0
    assert run(["record", "verify", "--anchor", "3" + head[1:]]) == 2
    assert "and now it is gone." in said(capsys)
    assert run(["record", "verify", "--anchor", "x"]) == 2
    assert "'x' isn't a position and a hash" in said(capsys)


def test_verify_names_the_first_broken_fact(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    connection = sqlite3.connect(record)
    connection.execute("DROP TRIGGER facts_never_updated")
    connection.execute("UPDATE facts SET actor_person = 'somebody' WHERE position = 2")
    connection.commit()
    connection.close()
    assert run(["record", "verify"]) == 2
    assert said(capsys) == (
        "presis: the chain is broken at position 2: its content doesn't match its hash: "
        "it was changed after it was recorded.\nThe 1 facts before it hold.\n"
    )
    assert run(["record", "verify", "--json"]) == 2
    found = parsed(capsys)
    assert (found["facts"], found["fault"]["position"], found["fault"]["what"]) == (1, 2, "hash")


@pytest.mark.parametrize("kept", [3000, 40_000])
def test_verify_of_a_file_that_is_damaged_says_what_sqlite_says(
    record: Path, capsys: pytest.CaptureFixture[str], kept: int
) -> None:
    record.write_bytes(record.read_bytes()[:kept])
    assert run(["record", "verify"]) == 2
    assert said(capsys) == (
        f"presis: {record} is damaged: SQLite says 'database disk image is malformed'; "
        "restore a backup, and verify that.\n"
    )


def test_a_position_that_the_record_has_not_reached_is_refused(
    record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = "presis: field --known-at: the record ends at position 2, before 99; name an earlier one.\n"
    commands = (
        ["record", "log"],
        ["record", "show", "task-1"],
        ["report", "show", "R-1", "--as", "mona.bio"],
    )
    for command in commands:
        assert run([*command, "--known-at", "99"]) == 2
        assert said(capsys) == sentence
    assert run(["record", "log", "--known-at", "2"]) == 0


def test_a_role_that_is_left_empty_is_refused(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "tasks", "--as", "kari.lab/"]) == 2
    assert "kari.lab has no post as ''; choose one that the person has." in said(capsys)


def test_a_table_in_a_pipe_has_no_blanks_at_its_lines_ends(
    record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["record", "log"], ["knowledge", "list"], ["variant", "BRAF", "V600E"]):
        assert run(command) == 0
        lines = said(capsys).splitlines()
        assert [line for line in lines if line != line.rstrip(" ")] == []
        assert len(lines) > 2


def test_rebuild_counts_the_rows(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "rebuild", "--json"]) == 0
    assert parsed(capsys)["tasks"] == 2
    assert run(["record", "rebuild"]) == 0
    assert "tasks: 2 rows\n" in said(capsys)


def test_tasks_are_listed_and_closed_by_who_may(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", "tasks", "--as", "kari.lab", "--json"]) == 0
    first, _ = (row["stream"] for row in parsed(capsys))
    assert run(["record", "tasks", "--as", "jonas.lab"]) == 0
    assert said(capsys) == "No open tasks.\n"
    assert run(["record", "tasks", "--as", "erik.onc"]) == 3
    assert said(capsys).startswith("presis: as oncologist one may not show a task")
    close = ["record", "close-task", first, "--reason", "a new block was ordered"]
    assert run(close) == 2  # nobody acts
    assert "say who acts with --as ID, or set PRESIS_AS." in said(capsys)
    assert run([*close, "--as", "jonas.lab"]) == 3
    assert (
        said(capsys) == "presis: you may not close a task of this name, or there is none; look at the id.\n"
    )
    assert run([*close, "--as", "kari.lab"]) == 0
    assert said(capsys) == f"{first} is closed.\n"
    assert run(["record", "tasks", "--as", "kari.lab"]) == 0
    assert said(capsys).count("measure-on-receipt") == 1


def test_react_says_what_it_did(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from typer.main import get_command

    from presis.cli.record import react_app

    get_command(react_app).main([], standalone_mode=False)
    assert said(capsys) == "0 commands done, 0 tasks raised.\n"
