"""A report as a FHIR bundle: valid R4B, every finding once, unknown said to be unknown."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from exported import DEMOS, content_of, demo, every_kind
from fhir.resources.R4B.bundle import Bundle
from tumours import all_but, tumour

from presis.diagnostics.exports.fhir import fhir_bundle, fhir_status
from presis.diagnostics.exports.fhir_codes import code_table, coding, concept, system
from presis.diagnostics.exports.fhir_findings import Place, change_type, place_of
from presis.diagnostics.profile import Alteration, Tested
from presis.diagnostics.report_model import FindingJson, ReportContent
from presis.diagnostics.report_view import ReportStatus, Signed
from presis.documents.language import Language
from presis.errors import BadInput
from presis.knowledge import load_library

SIGNED = ReportStatus(
    state="signed",
    number="R-2026-0001",
    signatures=(
        Signed(
            datetime(2026, 11, 25, 12, tzinfo=UTC), "Kari Solbakken", "molecular_pathologist", "Haukeland"
        ),
    ),
)

Json = dict[str, Any]


def bundle(content: ReportContent, status: ReportStatus = SIGNED, language: Language = Language.EN) -> Json:
    made = fhir_bundle(content, status, language, load_library().hgnc)
    Bundle.model_validate(made)
    return made


def resources(made: Json, kind: str) -> list[Json]:
    return [each["resource"] for each in made["entry"] if each["resource"]["resourceType"] == kind]


def named(made: Json) -> dict[str, Json]:
    """Observations by their name within the report."""
    return {each["identifier"][0]["value"].partition("#")[2]: each for each in resources(made, "Observation")}


def part(observation: Json, name: str) -> Json | None:
    """The component with a code of the table."""
    code = concept(name)
    return next((each for each in observation.get("component", ()) if each["code"] == code), None)


def genes(observation: Json) -> list[str]:
    code = concept("gene")
    return [
        each["valueCodeableConcept"]["text"]
        for each in observation.get("component", ())
        if each["code"] == code
    ]


# -- round trip ---------------------------------------------------------------------------------


def said_again(observation: Json, finding: FindingJson) -> None:
    """An observation says of a finding what the report says: genes, change, fraction, value."""
    assert genes(observation) == finding.genes
    for name, told in (("coding-change", finding.cdna), ("protein-change", finding.protein)):
        found = part(observation, name)
        assert (found["valueCodeableConcept"]["text"] if found else None) == told
    for name, number in (
        ("allelic-frequency", finding.allele_fraction),
        ("total-depth", finding.depth),
        ("allelic-reads", finding.supporting_reads),
        ("fold-change", finding.fold_change),
        ("copy-number", finding.absolute_copies),
    ):
        found = part(observation, name)
        assert (found["valueQuantity"]["value"] if found else None) == number
    place = place_of(finding)
    if place is not None:
        span = part(observation, "start-end")
        assert span is not None
        assert span["valueRange"]["low"]["value"] == place.position
        assert part(observation, "ref-allele") == {"code": concept("ref-allele"), "valueString": place.ref}
        assert part(observation, "alt-allele") == {"code": concept("alt-allele"), "valueString": place.alt}


@pytest.mark.parametrize("name", DEMOS)
def test_each_finding_of_a_demo_report_is_in_the_bundle_once_and_says_the_same(name: str) -> None:
    content = demo(name)
    made = bundle(content)
    counted = Counter(each["identifier"][0]["value"] for each in resources(made, "Observation"))
    assert set(counted.values()) == {1}
    found = named(made)
    for finding in content.findings:
        said_again(found[finding.id], finding)


def test_each_kind_of_alteration_is_a_variant_that_is_present() -> None:
    content = every_kind()
    found = named(bundle(content))
    kinds = {"small_variant", "copy_number", "exon_copy_number", "loh", "fusion", "splice"}
    alterations = [each for each in content.findings if each.kind in kinds]
    assert {each.kind for each in alterations} == kinds
    for each in alterations:
        observation = found[each.id]
        assert observation["code"]["coding"][0]["code"] == "69548-6"
        assert observation["valueCodeableConcept"]["coding"][0]["code"] == "LA9633-4"
        said_again(observation, each)


@pytest.mark.parametrize("name", DEMOS)
def test_every_reference_leads_to_a_resource_of_the_bundle(name: str) -> None:
    made = bundle(demo(name))
    addresses = [each["fullUrl"] for each in made["entry"]]
    assert len(addresses) == len(set(addresses))

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["reference"]] if "reference" in node else []
            return own + [each for value in node.values() for each in references(value)]
        return [each for value in node for each in references(value)] if isinstance(node, list) else []

    assert set(references(made)) <= set(addresses)
    results = [each["reference"] for each in resources(made, "DiagnosticReport")[0]["result"]]
    observations = [e["fullUrl"] for e in made["entry"] if e["resource"]["resourceType"] == "Observation"]
    assert sorted(results) == sorted(observations)


def test_the_same_report_gives_the_same_bundle() -> None:
    content = demo("invented_colorectal")
    assert json.dumps(bundle(content)) == json.dumps(bundle(content))


# -- status and people --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (ReportStatus(), "preliminary"),
        (ReportStatus(state="draft", number="R-2026-0001", version=2), "preliminary"),
        (SIGNED, "final"),
        (
            ReportStatus(state="signed", number="R-2026-0001", version=2, signatures=SIGNED.signatures),
            "amended",
        ),
    ],
)
def test_a_report_stands_as_it_does_in_its_life(status: ReportStatus, expected: str) -> None:
    made = bundle(every_kind(), status)
    assert fhir_status(status) == expected
    assert {each["status"] for each in resources(made, "Observation")} == {expected}
    report = resources(made, "DiagnosticReport")[0]
    assert report["status"] == expected
    assert ("issued" in report) == (expected != "preliminary")


def test_a_replaced_version_is_not_exported() -> None:
    old = ReportStatus(state="superseded", number="R-2026-0001", version=1, replaced_by=2)
    with pytest.raises(BadInput, match=r"version 1 was replaced by version 2; export that one\."):
        fhir_bundle(every_kind(), old, Language.EN, load_library().hgnc)


def test_the_patient_is_a_pseudonym_and_signers_are_words() -> None:
    made = bundle(demo("invented_colorectal"))
    assert not resources(made, "Patient")
    report = resources(made, "DiagnosticReport")[0]
    assert report["subject"]["identifier"]["value"] == "INVENTED-CRC-1"
    assert report["resultsInterpreter"] == [{"display": "Kari Solbakken, molecular pathologist, Haukeland"}]
    assert all("birth" not in key.lower() for each in made["entry"] for key in each["resource"])


@pytest.mark.parametrize("language", Language)
def test_the_conclusion_is_the_one_that_was_signed_in_the_language_asked_for(language: Language) -> None:
    content = demo("invented_colorectal")
    report = resources(bundle(content, language=language), "DiagnosticReport")[0]
    assert report["conclusion"] == "".join(text for _, text in content.conclusion[language.value])
    assert report["language"] == language.value


def test_invented_data_is_marked_in_every_resource() -> None:
    made = bundle(demo("invented_colorectal"))
    marks = {each["resource"]["meta"]["security"][0]["code"] for each in made["entry"]}
    assert marks == {"HTEST"}
    assert "HTEST" not in json.dumps(bundle(demo("na12878")))


def test_the_tumour_is_oncotrees_code_in_its_release() -> None:
    (condition,) = resources(bundle(demo("invented_colorectal")), "Condition")
    (code,) = condition["code"]["coding"]
    assert (code["code"], code["version"]) == ("COAD", "2025-10-03")
    assert not resources(bundle(demo("na12878")), "Condition")


def test_a_gene_has_hgncs_id_and_one_that_is_unknown_its_symbol() -> None:
    content = every_kind()
    (known,) = [
        each for each in named(bundle(content))["sv:0"]["component"] if each["code"] == concept("gene")
    ]
    assert known["valueCodeableConcept"]["coding"][0]["code"] == "HGNC:1097"
    bare = fhir_bundle(content, SIGNED, Language.EN, lambda _: None)
    assert "HGNC" not in json.dumps(bare)
    assert genes(named(bare)["sv:0"]) == ["BRAF"]


# -- unknown is unknown -------------------------------------------------------------------------


def test_a_marker_that_was_not_tested_has_no_value_but_its_reason() -> None:
    found = named(bundle(demo("rna_fusion_control")))
    for ident in ("tmb", "msi"):
        assert not found[ident].keys() & {"valueQuantity", "valueCodeableConcept"}
        reason = found[ident]["dataAbsentReason"]
        assert reason["coding"][0]["code"] == "not-performed"
        assert reason["text"] == "no DNA was analysed"


def test_what_was_not_tested_or_is_not_known_is_said_for_each_alteration() -> None:
    content = demo("invented_colorectal")
    found = named(bundle(content))
    for alteration, covers in content.covers.items():
        absent = found[f"covers:{alteration}"].get("dataAbsentReason")
        expected = {"yes": None, "no": "not-performed", "unknown": "unknown"}[covers.state]
        assert (absent["coding"][0]["code"] if absent else None) == expected


def test_a_drug_that_hangs_on_something_unknown_is_never_said_to_act() -> None:
    content = demo("acrometrix")
    found = named(bundle(content))
    held = Counter(option.holds for option in content.options)
    assert held["yes"]
    assert held["unknown"]
    for index, option in enumerate(content.options):
        answer = part(found[f"option:{index}"], "therapeutic-implication")
        assert answer is not None
        waits = any(each.code.startswith("settle.") for each in option.conditions)  # on another test
        if option.holds == "unknown" or waits:
            assert "valueCodeableConcept" not in answer
            assert answer["dataAbsentReason"]["coding"][0]["code"] == "unknown"
        else:
            code = answer["valueCodeableConcept"]["coding"][0]["code"]
            assert code == ("LA9661-5" if option.direction == "sensitivity" else "LA9660-7")


def test_a_hotspot_is_absent_only_where_it_is_negative() -> None:
    content = demo("invented_colorectal")
    found = named(bundle(content))
    assert content.hotspots.positions
    for position in content.hotspots.positions:
        observation = found.get(f"hotspot:{position.id}")
        assert (observation is None) == (position.state == "positive")
        if observation is not None:
            assert ("valueCodeableConcept" in observation) == (position.state == "negative")


def test_a_tumour_alone_never_proves_where_a_variant_comes_from() -> None:
    content = every_kind()
    finding = content.finding("sv:0")
    assert finding.origin is not None
    assert not finding.origin.proven
    source = part(named(bundle(content))["sv:0"], "source-class")
    if source is not None:
        assert source["valueCodeableConcept"]["coding"][0]["code"] not in ("LA6684-0", "LA6683-2")


def test_msi_without_a_class_has_its_percentage_and_no_answer() -> None:
    content = demo("invented_colorectal")
    told = [
        each.model_copy(update={"marker_class": None}) if each.id == "msi" else each
        for each in content.findings
    ]
    found = named(bundle(content.model_copy(update={"findings": told})))["msi"]
    assert found["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    percent = part(found, "percent-unstable")
    assert percent is not None
    assert percent["valueQuantity"]["value"] == 41.38


def test_nothing_tested_gives_no_negative() -> None:
    content = content_of(tumour(covers=all_but(**{each.value: Tested.NO for each in Alteration})))
    assert "LA9634-2" not in json.dumps(bundle(content))


# -- the table of codes -------------------------------------------------------------------------


def test_a_code_that_was_only_recalled_goes_out_as_words() -> None:
    recalled = [name for name, each in code_table().codes.items() if each.confidence == "recalled"]
    assert recalled
    for name in recalled:
        assert coding(name) is None
        assert concept(name) == {"text": code_table().codes[name].display}


def test_every_code_names_a_source_and_a_system_of_the_table() -> None:
    table = code_table()
    for each in table.codes.values():
        assert each.source is None or each.source in table.sources
        assert each.system is None or each.system in table.systems
    assert set(table.systems) == set(table.system_sources)
    assert {*table.system_sources.values(), *(e.source for e in table.profiles.values())} <= set(
        table.sources
    )


@pytest.mark.parametrize("name", DEMOS)
def test_a_bundle_holds_no_code_that_is_not_in_the_table(name: str) -> None:
    table = code_table()
    known = {each.code for each in table.codes.values()} | set(table.chromosomes.values())
    free = {system(each) for each in ("hgnc", "hgvs", "refseq", "oncotree")}

    def codings(node: Any) -> list[Json]:
        if isinstance(node, dict):
            own = list(node.get("coding", ()))
            return own + [each for value in node.values() for each in codings(value)]
        return [each for value in node for each in codings(value)] if isinstance(node, list) else []

    for each in codings(bundle(demo(name))):
        assert each["system"] in set(table.systems.values())
        assert each["system"] in free or each["code"] in known


@pytest.mark.parametrize(
    ("ref", "alt", "expected"),
    [("A", "T", "snv"), ("AC", "GT", "mnv"), ("A", "ACC", "insertion"), ("ACC", "A", "deletion"), ("ACC", "GT", "delins")],
)  # fmt: skip
def test_the_type_of_a_change_follows_from_its_alleles(ref: str, alt: str, expected: str) -> None:
    assert change_type(Place("7", 100, ref, alt)) == expected
