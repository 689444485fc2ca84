"""Who acts: a named person, in one of that person's posts."""

from pathlib import Path

import pytest

from presis.errors import BadInput
from presis.governance import load_directory, resolve_actor
from presis.governance.actors import programme_file
from presis.record import Actor

DIRECTORY = load_directory()


@pytest.mark.parametrize(
    ("given", "environment", "actor"),
    [
        ("kari.lab", {}, Actor("kari.lab", "molecular_pathologist", "haukeland")),
        (None, {"PRESIS_AS": "mona.bio"}, Actor("mona.bio", "bioinformatician", "haukeland")),
        ("kari.lab", {"PRESIS_AS": "mona.bio"}, Actor("kari.lab", "molecular_pathologist", "haukeland")),
        ("nils.lab", {}, Actor("nils.lab", "molecular_pathologist", "haukeland")),
        ("nils.lab/laboratory_manager", {}, Actor("nils.lab", "laboratory_manager", "haukeland")),
    ],
)
def test_the_actor_is_named_by_option_or_environment(
    given: str | None, environment: dict[str, str], actor: Actor
) -> None:
    assert resolve_actor(given, environment, DIRECTORY) == actor


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (None, "field --as: say who acts with --as ID, or set PRESIS_AS."),
        ("ola", "field --as: nobody in this programme has the id 'ola'; name one of its people."),
        (
            "kari.lab/oncologist",
            "field --as: kari.lab has no post as 'oncologist'; choose one that the person has.",
        ),
    ],
)
def test_who_is_not_known_is_one_sentence(given: str | None, sentence: str) -> None:
    with pytest.raises(BadInput) as told:
        resolve_actor(given, {}, DIRECTORY)
    assert str(told.value) == sentence


def test_nobody_can_pass_for_presis_itself() -> None:
    with pytest.raises(BadInput, match="nobody in this programme has the id 'presis'"):
        resolve_actor("presis", {}, DIRECTORY)


def test_the_file_says_that_its_people_are_invented() -> None:
    text = programme_file("organisations.yaml").read_text(encoding="utf-8")
    assert text.startswith("# The people of the worked programme are invented")


def test_every_fault_of_a_directory_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "organisations.yaml"
    file.write_text(
        """organisations:
  - {id: ous, name: Oslo universitetssykehus, short_name: OUS}
  - {id: ous, name: Another, short_name: Other}
people:
  - id: a
    name: A
    posts:
      - {role: oncologist, organisation: riket}
  - {id: a, name: B, posts: [{role: system, organisation: ous}]}
""",
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as told:
        load_directory(file)
    no_such = "there is no such organisation here; add it or name another."
    assert [str(problem).removeprefix(f"{file}, ") for problem in told.value.problems] == [
        "line 3, field organisations.1.id: this id stands twice; change one.",
        "line 9, field people.1.id: this id stands twice; change one.",
        f"line 8, field people.0.posts.0.organisation: {no_such}",
        "line 9, field people.1.posts.0.role: only Presis itself acts as system; name another role.",
    ]
