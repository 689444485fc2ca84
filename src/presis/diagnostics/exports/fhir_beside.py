"""What a report says beside its findings: drugs, negatives, coverage, and what unsettles them."""

from __future__ import annotations

from collections.abc import Iterator

from presis.diagnostics.exports.fhir_codes import concept
from presis.diagnostics.exports.fhir_parts import (
    Bundling,
    Json,
    absent,
    component,
    extension,
    quantity,
    sentence,
    text_component,
)
from presis.diagnostics.option import OTHER_TESTS
from presis.diagnostics.report_model import CoversJson, OptionJson, StatementJson, UnsettledJson
from presis.diagnostics.report_positions_form import HotspotJson


def add_beside(bundling: Bundling) -> Iterator[Json]:
    """Put in all that the report says beside its findings; the references for its results."""
    content = bundling.content
    for index, option in enumerate(content.options):
        yield bundling.add(f"option:{index}", _option(bundling, f"option:{index}", option))
    for index, unsettled in enumerate(content.unsettled):
        name = f"unsettled:{index}"
        yield bundling.add(name, _unsettled(bundling, name, unsettled))
    for index, (what, method) in enumerate(content.not_found):
        name = f"not-found:{index}"
        yield bundling.add(name, _not_found(bundling, name, what, method))
    for position in content.hotspots.positions:
        if position.state != "positive":  # the finding that lies there is in the bundle already
            name = f"hotspot:{position.id}"
            yield bundling.add(name, _hotspot(bundling, name, position))
    for alteration, covers in content.covers.items():
        name = f"covers:{alteration}"
        yield bundling.add(name, _covers(bundling, name, alteration, covers))
    if content.specimen.tumour_cell_fraction is not None:
        share = quantity(content.specimen.tumour_cell_fraction, "1", "1")
        cells = bundling.observation("tumour-cells", concept("tumour-cells"), valueQuantity=share)
        yield bundling.add("tumour-cells", cells)
    for name, code, text, findings in _statements(bundling):
        told = bundling.observation(
            name,
            concept(code),
            valueString=text,
            derivedFrom=_derived(bundling, findings),
        )
        yield bundling.add(name, told)


def _derived(bundling: Bundling, findings: list[str]) -> list[Json]:
    """References to the findings that are in the report."""
    there = {each.id for each in bundling.content.findings}
    return [bundling.reference(each) for each in findings if each in there]


def _option(bundling: Bundling, name: str, option: OptionJson) -> Json:
    """A drug that findings speak for or against; unknown is said to be unknown."""
    parts = [text_component("medication", option.drug)]
    if option.holds == "yes" and not any(each.code in OTHER_TESTS for each in option.conditions):
        answer = concept("responsive" if option.direction == "sensitivity" else "resistant", option.direction)
        parts.append(component("therapeutic-implication", valueCodeableConcept=answer))
    else:
        why = sentence(each.text for each in (*option.conditions, *option.settled_by))
        nothing = absent("unknown", sentence((option.direction, "unknown", why)))
        parts.append(component("therapeutic-implication", dataAbsentReason=nothing))
    tumour = bundling.tumour()
    if tumour is not None:
        parts.append(component("treatment-context", valueCodeableConcept=tumour))
    tiers = [option.amp.text if option.amp else None, *(each.text for each in option.escat or ())]
    if level := sentence(tiers):
        parts.append(text_component("evidence-level", level))
    reasons = [*option.why, *([option.note] if option.note else []), *option.conditions]
    said = [*(each.text for each in reasons), *option.conflicts]
    if words := sentence(said):
        parts.append(text_component("conclusion", words))
    derived = _derived(bundling, [each.id for each in option.findings])
    return bundling.observation(
        name,
        concept("therapeutic-implication"),
        claims="therapeutic-implication" if derived else None,
        extension=[_citation(each) for each in option.sources],
        derivedFrom=derived,
        component=parts,
    )


def _citation(statement: StatementJson) -> Json:
    """A row of a table that speaks of the drug, as a citation."""
    told = sentence(
        (statement.authority, statement.biomarker, statement.tumour, statement.date, f"row {statement.row}"),
        ", ",
    )
    artifact: Json = {"type": "citation", "citation": told}
    if statement.address:
        artifact["url"] = statement.address
    return extension("related-artifact", valueRelatedArtifact=artifact)


def _unsettled(bundling: Bundling, name: str, unsettled: UnsettledJson) -> Json:
    """An approved drug that hangs on something unknown: of no finding, so it claims no profile."""
    why = sentence(each.text for each in (*unsettled.why, *unsettled.settled_by))
    words = sentence((f"hangs on {unsettled.biomarker}", why))
    nothing = component("therapeutic-implication", dataAbsentReason=absent("unknown", words))
    return bundling.observation(
        name,
        concept("therapeutic-implication"),
        component=[text_component("medication", unsettled.drug), nothing],
    )


def _not_found(bundling: Bundling, name: str, what: str, method: str) -> Json:
    """What an approval asks for, tested and not found."""
    return bundling.observation(
        name,
        concept("variant"),
        claims="variant",
        valueCodeableConcept=concept("absent"),
        method=concept("sequencing"),
        component=[text_component("variation", what)],
        note=[{"text": f"Tested as {method.replace('_', ' ')}, and not found."}],
    )


def _hotspot(bundling: Bundling, name: str, position: HotspotJson) -> Json:
    """A position of the list: absent where the depth suffices, else why nothing can be said."""
    value: Json = {"valueCodeableConcept": concept("absent")}
    if position.state != "negative":
        state = "no" if position.state == "not_tested" else "unknown"
        value = {"dataAbsentReason": absent(state, position.why)}
    parts = [bundling.gene(position.gene), text_component("variation", f"{position.gene} {position.what}")]
    if position.depth is not None:
        parts.append(component("total-depth", valueQuantity=quantity(position.depth, "reads", "{reads}")))
    return bundling.observation(
        name,
        concept("variant"),
        claims="variant",
        **value,
        component=parts,
        note=[{"text": position.why}] if position.why else [],
    )


def _covers(bundling: Bundling, name: str, alteration: str, covers: CoversJson) -> Json:
    """What one alteration was tested for, with its genes; or why it wasn't."""
    words = alteration.replace("_", " ")
    if covers.state == "yes":
        genes = f" in {len(covers.genes)} genes: {', '.join(covers.genes)}" if covers.genes else ""
        told = f"{words}: tested{genes}"
    else:
        reason = sentence((covers.reason.replace("_", " "), *covers.detail), ", ")
        told = f"{words}: {'not tested' if covers.state == 'no' else 'not known'} ({reason})"
    return bundling.observation(
        name,
        concept("region-studied"),
        dataAbsentReason=None if covers.state == "yes" else absent(covers.state, told),
        component=[text_component("region-description", told)],
    )


def _statements(bundling: Bundling) -> Iterator[tuple[str, str, str, list[str]]]:
    """What is said in words alone: name, code, sentence, the findings that it is about."""
    content = bundling.content
    for index, allelic in enumerate(content.allelic_states):
        why = sentence(each.text for each in (*allelic.why, *allelic.settled_by))
        text = f"{allelic.gene}: {allelic.state.replace('_', ' ')}, both lost: {allelic.both_lost}. {why}"
        yield f"allelic:{index}", "allelic-state", text.strip(), allelic.findings
    for index, follow in enumerate(content.follow_ups):
        why = sentence(each.text for each in (*follow.why, *follow.settled_by))
        text = f"{follow.finding.label}: {follow.recommended} ({follow.edition}, {follow.confidence}). {why}"
        yield f"follow-up:{index}", "follow-up", text.strip(), [follow.finding.id]
    for index, against in enumerate(content.disagreements):
        sides = sentence(f"{side.method}: {side.result.text}" for side in against.sides)
        text = f"{against.subject}: {sides}. Settled by: {against.settled_by.text}"
        yield f"disagreement:{index}", "disagreement", text, against.findings
    for index, dropped in enumerate(content.dropped):
        text = sentence((dropped.label, dropped.place, dropped.reviewed.verdict, dropped.reviewed.text))
        yield f"dropped:{index}", "taken-out", text, []
    if content.left_out:
        yield "left-out", "left-out", f"{len(content.left_out)} small variants", []
    yield "quality", "quality", _quality(bundling), []


def _quality(bundling: Bundling) -> str:
    """The sample's quality in a sentence: measures that missed their limits, or that none is known."""
    quality = bundling.content.quality
    if not quality.known:
        return "Not known: no metrics of this sample were given."
    missed = [each for each in quality.measures if each.verdict in ("fail", "warn")]
    lines = [
        f"{each.metric} {each.value if each.value is not None else '?'}: {each.verdict}" for each in missed
    ]
    contaminated = ["contaminated"] if quality.contaminated else []
    return sentence([*contaminated, *lines]) or "Every measure is within its limits."
