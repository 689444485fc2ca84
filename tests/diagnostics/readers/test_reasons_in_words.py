"""Why a line can't be used: a code with values that both languages have words for."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import presis.diagnostics
from presis.diagnostics.kept_profile import parse_profile, profile_bytes
from presis.diagnostics.not_usable import PART, not_usable, reason_of
from presis.diagnostics.profile import Assay, MolecularProfile, NotUsable, Specimen
from presis.diagnostics.readers.values import UnreadableError
from presis.diagnostics.report_model import NotUsableJson
from presis.documents.language import Language, load, words
from presis.methods.reasons import Reason

CODE = re.compile(r"(reading|cell)\.[a-z0-9-]+")
TREES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for path in Path(presis.diagnostics.__path__[0]).rglob("*.py")
}
NB, EN = words(Language.NB), words(Language.EN)


def asked(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def codes() -> dict[str, list[ast.Call | None]]:
    """Each code that the rooms' modules name, with the calls that give its values."""
    found: dict[str, list[ast.Call | None]] = defaultdict(list)
    for tree in TREES.values():
        called = {id(call.args[0]): call for call in calls(tree) if call.args}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and CODE.fullmatch(str(node.value)):
                found[node.value].append(called.get(id(node)))
    return found


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def given(call: ast.Call) -> set[str | None]:
    nested = isinstance(call.func, ast.Attribute) and call.func.attr in {"inside", "wrapped"}
    return {each.arg for each in call.keywords} | ({PART} if nested else set())


def test_every_code_has_words_in_both_languages_and_every_sentence_is_used() -> None:
    used = set(codes())
    assert len(used) > 100
    for language in Language:
        assert {code for code in load(language) if CODE.fullmatch(code)} == used


def test_every_placeholder_of_a_sentence_is_given_where_its_code_is() -> None:
    for code, places in codes().items():
        for call in places:
            if call is None or None in given(call):
                continue  # chosen before it is called, or its values stand in a variable
            for language in Language:
                assert asked(load(language)[code]) == given(call), (code, language)


def test_nothing_is_listed_in_words_of_one_language() -> None:
    made = {
        path.name for path, tree in TREES.items() if any(name_of(each) == "NotUsable" for each in calls(tree))
    }
    assert made == {"not_usable.py", "profile_of_report.py"}, "list it with `not_usable`, by a code"


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def test_what_is_wrong_with_a_cell_stands_in_the_words_of_its_line() -> None:
    why = UnreadableError("cell.not-each-allele", accepted=2).inside("reading.cell", column="AD")
    lost = not_usable(file="a.vcf", line=7, why=why, found="1,2,3")
    assert lost.reason == reason_of(lost, EN) == "AD doesn't hold 2 values, one for each allele"
    assert reason_of(lost, NB) == "AD har ikke 2 verdier, én for hvert allel"


def test_what_was_kept_before_reasons_were_codes_is_read_and_says_its_own_words() -> None:
    profile = MolecularProfile(
        sample="P1",
        dna_sample=None,
        rna_sample=None,
        build=None,
        assay=Assay(name="TSO500", kind="tissue", software=None, software_version=None),
        specimen=Specimen(),
        covers={},
        not_usable=(NotUsable(file="a.tsv", line=4, reason="Depth is no number", found="many"),),
    )
    older = re.sub(rb',"code":null,"values":\{\}', b"", profile_bytes(profile))
    (entry,) = parse_profile(older).not_usable
    assert b'"code"' not in older
    assert (reason_of(entry, NB), entry.code) == ("Depth is no number", None)


def test_a_profile_keeps_code_and_values() -> None:
    entry = not_usable(file="a", line=1, why=Reason.of("reading.width", cells=3, columns=5), found="x")
    assert NotUsableJson.model_validate_json(
        NotUsableJson(**{name: getattr(entry, name) for name in NotUsableJson.model_fields}).model_dump_json()
    ).values == {"cells": 3, "columns": 5}


def test_an_older_contents_bytes_and_so_its_hash_stay_as_they_were() -> None:
    older = '{"file":"a.tsv","line":4,"reason":"Depth is no number","found":"many","severity":"lost"}'
    assert NotUsableJson.model_validate_json(older).model_dump_json() == older
