"""Nothing that a person can type, set, write in YAML or find in the record is undocumented."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from scripts import cli_reference, report_schema
from tests.docs.pages import DOCS, REPO, coded, read, sections

from presis.application import all_rooms
from presis.cli.main import COMMANDS
from presis.diagnostics import variant_criteria
from presis.diagnostics.report_view import ReportStatus
from presis.diagnostics.specimen import SpecimenFile
from presis.errors import ExitCode
from presis.governance.access import AccessFile, AccessRow
from presis.governance.actors import Directory, Organisation, Person, Post
from presis.governance.roles import Role
from presis.governance.signing import Signature
from presis.knowledge.forms import COLUMNS
from presis.knowledge.release import Manifest, PackFile, PackSource
from presis.matching.case_form import FORMS as CASE_FORMS
from presis.matching.leaf_forms import FORMS
from presis.matching.option_forms import AccessForm, EvidenceForm, OptionForm
from presis.record import FactModel
from presis.record.schema import facts as facts_table

PROGRAMME = REPO / "src" / "presis" / "programme"
REFERENCE = DOCS / "reference"
KINDS = [model for room in all_rooms() for model in room.facts]


def said_in(page: str, heading: str) -> set[str]:
    return coded(sections(REFERENCE / page)[heading])


# -- commands -----------------------------------------------------------------------------------


def test_the_command_line_reference_is_made_from_the_commands() -> None:
    assert read(cli_reference.PAGE) == cli_reference.page(), "run python scripts/cli_reference.py"


def test_every_command_has_its_section() -> None:
    page = read(cli_reference.PAGE)
    assert all(f"\n## presis {name}\n" in page for name in COMMANDS)


def test_a_stale_reference_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "cli.md"
    stale.write_text("old", encoding="utf-8")
    monkeypatch.setattr(cli_reference, "PAGE", stale)
    assert cli_reference.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("docs/reference/cli.md differs from the commands")
    assert said.count("\n") == 1


# -- the report ---------------------------------------------------------------------------------


def test_the_reports_reference_and_schema_are_made_from_the_model() -> None:
    assert report_schema.main(["--check"]) == 0, "run python scripts/report_schema.py"


def test_a_field_without_a_meaning_is_named() -> None:
    models = {"ReportContent": {"properties": {"sample": {}, "colour": {}}}}
    meanings = {"ReportContent": {"sample": "The sample.", "shape": "Its shape."}}
    assert list(report_schema.unexplained(models, meanings)) == [
        "ReportContent.colour has no meaning; add it",
        "ReportContent.shape is no field of the report; remove it",
    ]


def test_every_part_of_a_reports_status_is_documented() -> None:
    assert {each.name for each in fields(ReportStatus)} <= coded(report_schema.HEAD)


# -- facts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.kind)
def test_every_kind_of_fact_is_documented_with_its_fields(model: type[FactModel]) -> None:
    found = sections(REFERENCE / "facts.md", level=3)
    assert model.kind in found, f"docs/reference/facts.md lacks {model.kind}"
    assert set(model.model_fields) <= coded(found[model.kind])


def test_no_kind_is_documented_that_is_not_there() -> None:
    assert set(sections(REFERENCE / "facts.md", level=3)) == {model.kind for model in KINDS}


def test_every_column_of_a_fact_is_documented() -> None:
    names = {"person", "role", "organisation", "actor"}
    columns = {column.name for column in facts_table.columns if not column.name.startswith("actor_")}
    assert columns | names <= said_in("facts.md", "Every fact")


def test_every_part_of_a_signature_is_documented() -> None:
    found = sections(REFERENCE / "facts.md", level=3)["diagnostics.report-signed/1"]
    assert set(Signature.model_fields) <= coded(found)


# -- settings, errors, roles --------------------------------------------------------------------


def test_every_environment_variable_is_documented() -> None:
    named = {
        name
        for path in (REPO / "src").rglob("*.py")
        for name in re.findall(r"\bPRESIS_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= coded(read(REFERENCE / "settings.md"))


def test_every_exit_code_is_documented() -> None:
    rows = re.findall(r"^\| (\d+) \|", read(REFERENCE / "errors.md"), flags=re.MULTILINE)
    assert [int(each) for each in rows] == [int(code) for code in ExitCode]


def test_every_role_action_and_state_is_documented() -> None:
    assert {role.value for role in Role} <= said_in("programme.md", "organisations.yaml")
    rows = re.findall(r"^\| (\w+) \| `([\w-]+)` \| (.+) \|$", read(REFERENCE / "programme.md"), re.MULTILINE)
    told = {(room, action): set(re.findall(r"`(\w+)`", states)) for room, action, states in rows}
    held = {
        (room.name, action): {str(state) for state in states}
        for room in all_rooms()
        for action, states in room.actions.items()
    }
    assert told == held


# -- the programme ------------------------------------------------------------------------------


#: keys that hold a rule: its criteria are documented with matching
RULES = {"rule", "eligibility", "replaces"}


def keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            if key not in RULES:
                yield from keys(value)
    elif isinstance(node, list):
        for each in node:
            yield from keys(each)


def yaml_files() -> list[str]:
    return sorted(str(path.relative_to(PROGRAMME)) for path in PROGRAMME.rglob("*.yaml"))


@pytest.mark.parametrize("file", yaml_files())
def test_every_key_of_a_programme_file_is_documented(file: str) -> None:
    heading = "access/ROOM.yaml" if file.startswith("access/") else file
    heading = "options/*.yaml" if file.startswith("options/") else heading
    told = said_in("programme.md", heading)
    held = set(keys(yaml.safe_load((PROGRAMME / file).read_text(encoding="utf-8"))))
    data = {"rules/gene_names.yaml": "names", "rules/norway_indications.yaml": "markers"}
    document = yaml.safe_load((PROGRAMME / file).read_text(encoding="utf-8"))
    told |= set(document.get(data.get(file, ""), ()))  # words that are the content, not the form
    missing = {key for key in held - told if not re.fullmatch(r"(escat|no|res)-\d+", key)}
    assert not missing, f"docs/reference/programme.md, {heading}: add {', '.join(sorted(missing))}"


@pytest.mark.parametrize(
    "file", sorted(str(path.relative_to(PROGRAMME)) for path in PROGRAMME.rglob("*.csv"))
)
def test_every_column_of_a_programme_table_is_documented(file: str) -> None:
    with (PROGRAMME / file).open(encoding="utf-8", newline="") as table:
        columns = next(csv.reader(table))
    assert set(columns) <= said_in("programme.md", file)


@pytest.mark.parametrize(
    ("heading", "models"),
    [
        ("organisations.yaml", (Directory, Organisation, Person, Post)),
        ("access/ROOM.yaml", (AccessFile, AccessRow)),
        ("specimen.yaml", (SpecimenFile,)),
    ],
)
def test_every_key_that_a_form_takes_is_documented(heading: str, models: tuple[Any, ...]) -> None:
    taken = {name for model in models for name in model.model_fields}
    assert taken <= said_in("programme.md", heading)


def test_every_criterion_of_eligibility_is_documented_with_its_keys() -> None:
    page = sections(REFERENCE / "matching.md")
    text = "".join(page[each] for each in ("Alterations and markers", "Disease", "Person and course"))
    rows = dict(re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (.*) \|$", text, re.MULTILINE))
    told = {name: coded(rest) for names, rest in rows.items() for name in re.findall(r"`(\w+)`", names)}
    for name, form in FORMS.items():
        assert set(form.model_fields) <= told[name], name


@pytest.mark.parametrize("form", CASE_FORMS)
def test_every_key_of_a_case_is_documented(form: Any) -> None:
    assert set(form.model_fields) <= said_in("matching.md", "case.yaml")


def test_every_key_of_an_option_is_documented() -> None:
    taken = {key for form in (OptionForm, EvidenceForm, AccessForm) for key in form.model_fields}
    assert taken <= said_in("programme.md", "options/*.yaml")


def test_every_key_of_an_answer_is_documented() -> None:
    text = (REPO / "src" / "presis" / "cli" / "match_patient.py").read_text(encoding="utf-8")
    written = set(re.findall(r'^ +"(\w+)": ', text, re.MULTILINE))
    assert written <= said_in("matching.md", "JSON")


def test_every_criterion_of_a_filter_is_documented() -> None:
    with pytest.raises(ValueError, match="use one of") as error:
        variant_criteria.parse_leaf("nothing", True)
    criteria = str(error.value).partition("use one of ")[2].split(", ")
    told = said_in("programme.md", "rules/small_variant_filter.yaml")
    assert {*criteria, "all", "any", "not", "at_least", "keep", "exclude"} <= told


# -- packs --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", COLUMNS)
def test_every_form_of_a_table_is_documented_with_its_columns(form: str) -> None:
    row = re.search(rf"^\| `{form}` \| .+ \| (.+) \|$", read(REFERENCE / "knowledge-packs.md"), re.MULTILINE)
    assert row, f"docs/reference/knowledge-packs.md lacks the form {form}"
    assert re.findall(r"`([^`]+)`", row[1]) == list(COLUMNS[form])


def test_every_key_of_a_manifest_is_documented() -> None:
    taken = {name for model in (Manifest, PackFile, PackSource) for name in model.model_fields}
    assert taken <= said_in("knowledge-packs.md", "manifest.yaml")


def test_every_room_has_a_readme_of_one_screen_that_the_site_shows() -> None:
    folders = {room.name for room in all_rooms()} | {"methods", "documents", "programme", "matching", "cli"}
    for folder in folders:
        text = read(REPO / "src" / "presis" / folder / "README.md")
        assert len(text.splitlines()) <= 60, folder
        assert f'"src/presis/{folder}/README.md"' in read(DOCS / "rooms" / f"{folder}.md")
    kinds = {model.kind: model.kind.partition(".")[0] for model in KINDS}
    for kind, folder in kinds.items():
        assert kind in read(REPO / "src" / "presis" / folder / "README.md"), kind
