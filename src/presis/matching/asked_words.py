"""A criterion in words of the reader's language: what is asked, and so what would be accepted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from presis.diagnostics.criteria import (
    BiallelicLoss,
    CopyNumberIs,
    Criterion,
    ExonLossIs,
    FusionIs,
    GisReported,
    ListNotHeld,
    MsiIs,
    OtherTest,
    SpliceIs,
    TmbAtLeast,
    WildType,
)
from presis.diagnostics.profile import Alteration
from presis.diagnostics.variant_fit import SmallVariantIs
from presis.documents.language import Words
from presis.knowledge import load_library
from presis.matching.criteria import (
    AgeIs,
    Asked,
    BrainIs,
    ConsentIs,
    DoctorStates,
    EcogIs,
    ExtentIs,
    GermlineIs,
    LabelCondition,
    LaboratoryIs,
    LinesAre,
    MeasurableIs,
    Molecular,
    OutsideLabel,
    SameTargetBefore,
    SexIs,
    StageIs,
    StandardIs,
    StateIs,
    TreatedWith,
    TumourIs,
    WashoutIs,
)
from presis.matching.said import statement_name, test_name
from presis.matching.table_words import biomarker_text, class_words, label_words, list_words
from presis.methods.rules import AllOf, AnyOf, AtLeast, Leaf, Not, Rule


def _joined(words: Iterable[str], say: Words, code: str = "asked.or") -> str:
    return say.say(code).join(dict.fromkeys(words))


def _terms(group: str, words: Iterable[str], say: Words) -> str:
    return _joined((say.term(group, each) for each in words), say)


def _tumour_name(code: str, say: Words) -> str:
    """A tumour type by its name in OncoTree, with the code; a word for many as it is said."""
    node = load_library().oncotree.node(code)
    return say.term("solid-word", code) if node is None else f"{node.name} ({node.code})"


def _classes(words: Iterable[str], say: Words) -> str:
    return _joined((class_words(each, say.language) for each in words), say)


def asked_text(leaf: Asked, say: Words) -> str:
    """What a criterion asks, in a few words."""
    match leaf:
        case Molecular(rule=rule, origin=origin):
            text = tumour_text(rule, say)
            return say.say("asked.somatic-origin", {"what": text}) if origin == "somatic" else text
        case GermlineIs(gene=gene):
            return say.say("asked.germline", {"gene": gene})
        case TumourIs(codes=codes, excluded=excluded):
            left_out = ", ".join(_tumour_name(each, say) for each in excluded)
            values = {
                "codes": _joined((_tumour_name(each, say) for each in codes), say),
                "excluded": left_out,
            }
            return say.say("asked.tumour-but" if excluded else "asked.tumour", values)
        case StageIs(stages=stages):
            return say.say("asked.stage", {"stages": _joined(stages, say)})
        case ExtentIs(extents=extents):
            return say.say("asked.extent", {"extents": _terms("found-word", extents, say)})
        case MeasurableIs(by=by, evaluable=evaluable):
            return say.say("asked.evaluable" if evaluable else "asked.measurable", {"by": _joined(by, say)})
        case BrainIs(controlled=controlled):
            return say.say("asked.brain-controlled" if controlled else "asked.brain-none")
        case LinesAre() | TreatedWith() | SameTargetBefore() | StandardIs() | WashoutIs() | OutsideLabel():
            return _course_text(leaf, say)
        case _:
            return _person_text(leaf, say)


def _course_text(
    leaf: LinesAre | TreatedWith | SameTargetBefore | StandardIs | WashoutIs | OutsideLabel, say: Words
) -> str:
    match leaf:
        case LinesAre(least=None, most=0):
            return say.say("asked.lines-none")
        case LinesAre(least=least, most=most):
            return _between("asked.lines", least, most, {}, say)
        case TreatedWith(outcomes=outcomes):
            values = {"what": _classes(leaf.names, say), "outcomes": _terms("found-word", outcomes, say)}
            return say.say("asked.treated-outcome" if outcomes else "asked.treated", values)
        case SameTargetBefore(targets=targets):
            return say.say("asked.same-target", {"targets": ", ".join(targets)})
        case StandardIs(states=states):
            text = say.say("asked.standard", {"states": _terms("found-word", states, say)})
            return _within(text, leaf.within_days, say)
        case WashoutIs(days=days, drugs=drugs, classes=classes):
            what = _classes((*drugs, *classes), say)
            return say.say("asked.washout-of" if what else "asked.washout", {"days": days, "what": what})
        case OutsideLabel(drug=drug, agency=agency):
            return say.say("asked.outside-label", {"drug": drug, "agency": agency})
        case _:
            assert_never(leaf)


def _person_text(
    leaf: AgeIs | EcogIs | SexIs | StateIs | ConsentIs | DoctorStates | LaboratoryIs | LabelCondition,
    say: Words,
) -> str:
    match leaf:
        case AgeIs(least=least, most=most):
            return _between("asked.age", least, most, {}, say)
        case EcogIs(most=most):
            return _within(say.say("asked.ecog", {"most": most}), leaf.within_days, say)
        case SexIs(sex=sex):
            return say.say("asked.sex", {"sex": say.term("found-word", sex)})
        case StateIs(what=what):
            return _within(say.say(f"asked.{what}"), leaf.within_days, say)
        case ConsentIs(to=to):
            return say.say("asked.consent", {"to": say.term("found-word", to)})
        case DoctorStates(of=of):
            text = say.say("asked.statement", {"of": statement_name(of, say)})
            return _within(text, leaf.within_days, say)
        case LaboratoryIs(test=test):
            return _within(_laboratory_text(leaf, test_name(test, say), say), leaf.within_days, say)
        case LabelCondition(text=text):
            return say.say("asked.label-condition", {"text": label_words(text, say.language)})
        case _:
            assert_never(leaf)


def _laboratory_text(leaf: LaboratoryIs, test: str, say: Words) -> str:
    values: dict[str, str] = {"test": test, "unit": leaf.unit}
    parts = []
    if leaf.above:
        parts.append(say.say("asked.lab-above", {**values, "least": leaf.least}))
    if leaf.below:
        parts.append(say.say("asked.lab-below", {**values, "most": leaf.most}))
    least, most = None if leaf.above else leaf.least, None if leaf.below else leaf.most
    if least is not None or most is not None:
        parts.append(_between("asked.lab", least, most, values, say))
    return _joined(parts, say, "asked.and")


def _between(code: str, least: float | None, most: float | None, values: dict[str, str], say: Words) -> str:
    word = "least" if most is None else "most" if least is None else "between"
    return say.say(f"{code}-{word}", {**values, "least": least, "most": most})


def _within(text: str, days: int | None, say: Words) -> str:
    return text if days is None else say.say("asked.within", {"what": text, "days": days})


def tumour_text(rule: Rule[Criterion], say: Words) -> str:
    """A rule on the tumour's findings in words."""
    match rule:
        case Leaf(of=leaf):
            return _criterion_text(leaf, say)
        case Not(of=inner):
            return f"{say.say('asked.not')} {tumour_text(inner, say)}"
        case AnyOf(of=of):
            return _joined((tumour_text(each, say) for each in of), say)
        case AllOf(of=of):
            parts = (tumour_text(each, say) for each in of)
            return _joined(parts, say, "asked.and")
        case AtLeast(count=count, of=of):
            head = say.say("asked.at-least", {"count": count})
            return f"{head} {', '.join(tumour_text(each, say) for each in of)}"
        case _:
            assert_never(rule)


def _criterion_text(leaf: Criterion, say: Words) -> str:
    match leaf:
        case SmallVariantIs():
            return _variant_text(leaf, say)
        case CopyNumberIs(gene=gene, kind=kind):
            code = "asked.amplification" if kind is Alteration.AMPLIFICATION else "asked.deletion"
            return say.say(code, {"gene": gene})
        case ExonLossIs(gene=gene):
            return say.say("asked.exon-loss", {"gene": gene})
        case FusionIs(genes=genes, both=both):
            code = "asked.fusion-both" if both else "asked.fusion"
            return say.say(code, {"genes": "/".join(sorted(genes))})
        case SpliceIs(gene=gene, name=name):
            return say.say("asked.splice", {"gene": gene, "name": name})
        case BiallelicLoss(gene=gene):
            return say.say("asked.biallelic", {"gene": gene})
        case TmbAtLeast(per_megabase=limit):
            return say.say("asked.tmb", {"limit": limit})
        case MsiIs(classes=classes):
            return say.say("asked.msi", {"classes": _terms("msi-word", sorted(classes), say)})
        case WildType(genes=genes):
            return say.say("asked.wild-type", {"genes": "/".join(genes)})
        case ListNotHeld(genes=genes, what=what):
            return say.say(
                "asked.label-list", {"genes": "/".join(genes), "what": list_words(what, say.language)}
            )
        case GisReported() | OtherTest():
            return (
                biomarker_text(leaf.marker, say.language)
                if isinstance(leaf, OtherTest)
                else say.say("asked.gis")
            )
        case _:
            assert_never(leaf)


def _variant_text(leaf: SmallVariantIs, say: Words) -> str:
    parts = [*sorted(leaf.proteins)]
    if leaf.exon is not None:
        parts.append(say.say("asked.exon", {"number": leaf.exon}))
    elif leaf.codons is not None:
        first, last = leaf.codons
        code = "asked.codon" if first == last else "asked.codons"
        parts.append(say.say(code, {"first": first, "last": last}))
    parts += [say.term("asked-kind", each) for each in sorted(leaf.kinds - {"any"})]
    if leaf.classes:
        parts.append(say.say("asked.oncogenic" if parts else "asked.oncogenic-variant"))
    if leaf.least_fraction is not None:
        parts.append(say.say("asked.fraction", {"fraction": leaf.least_fraction}))
    if not parts:
        return say.say("asked.variant-any", {"gene": leaf.gene})
    return say.say("asked.variant", {"gene": leaf.gene, "what": " ".join(parts)})
