"""A clinical condition of CTML, or an earlier treatment, as a criterion. Stricter, never wider."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from presis.matching.ctml.criteria import RECEPTORS, Condition, PriorTreatment
from presis.matching.ctml.import_diagnoses import tumour_criterion
from presis.matching.ctml.import_notes import BY_HAND, At, Document
from presis.matching.ctml.ranges import Range, parse_range
from presis.matching.known import Known

_EXTENTS = {
    "metastatic": "metastatic",
    "locally advanced": "locally_advanced",
    "localized": "localised",
    "localised": "localised",
}
_OLDEST = 130
_HR_POSITIVE: Document = {"protein": {"marker": "HR", "result": "positive"}}


def clinical_criterion(condition: Condition, at: At, known: Known, *, negative: bool) -> Document | None:
    """The criterion for a condition without its sign; None if there is none, which is noted."""
    key, value = condition.key, condition.value
    if key == "age_numerical":
        return _age(parse_range(value), at)
    if key == "tmb_numerical":
        return _tmb(parse_range(value), at)
    if key == "oncotree_primary_diagnosis":
        return tumour_criterion(str(value), at, known, negative=negative)
    if key == "gender":
        return _sex(str(value), at)
    words = [str(each) for each in (value if isinstance(value, tuple) else (value,))]
    if key in RECEPTORS:
        return _any_of(words, lambda word: _receptor(key, word, at, negative=negative))
    return _any_of(words, lambda word: _extent(word, at))


def treatment_criterion(leaf: PriorTreatment, at: At, known: Known) -> Document | None:
    """The criterion for an earlier treatment with a drug."""
    drugs = []
    for each in leaf.conditions:
        try:
            drugs.append(known.drug(str(each.value)))
        except ValueError as error:
            at.fault(str(error), each.key, each.value)
    if len(drugs) != 1 or len(leaf.conditions) != 1:
        if len(drugs) == len(leaf.conditions):
            at.fault("should name one drug")
        return None
    return {"treated_with": {"drugs": drugs}}


def _any_of(words: Iterable[str], made: Callable[[str], Document | None]) -> Document | None:
    parts = [made(word) for word in words]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts) or not found:
        return None
    return found[0] if len(found) == 1 else {"any": found}


def _age(limits: Range, at: At) -> Document | None:
    key = "age_numerical"
    years, rest = divmod(limits.months, 12)
    asked = f"{limits.sign}{limits.digits}"
    if rest or years > _OLDEST:
        at.fault(f"{asked} has no counterpart: ages are whole years to {_OLDEST}; {BY_HAND}", key, asked)
    elif limits.sign == ">=":
        return {"age": {"at_least": years}}
    elif limits.sign == "==":
        at.fault("asks for the age of one day; write >= and < instead", key, asked)
    elif limits.sign == ">":
        said = f"asks for more than {years} years by a day; write >={years}, or >={years + 1}, as it is meant"
        at.fault(said, key, asked)
    elif years == 0:
        at.fault("asks for an age below 0", key, asked)
    else:
        if limits.sign == "<=":
            at.stricter(f"takes {years - 1} years at most; of those of {years} the birthday alone", key)
        return {"age": {"at_most": years - 1}}
    return None


def _tmb(limits: Range, at: At) -> Document | None:
    key, rate = "tmb_numerical", float(limits.digits)
    asked = f"{limits.sign}{limits.digits}"
    if rate <= 0:
        at.fault("asks nothing of a rate, or what none has; take it out", key, asked)
        return None
    least: Document = {"tmb": {"at_least": rate, "unit": "mutations/Mb"}}
    if limits.sign == ">=":
        return least
    if limits.sign in {"<", "<="}:
        if limits.sign == "<=":
            at.stricter(f"takes rates below {limits.digits} alone", key)
        return {"not": least}
    at.fault(f"{asked} has no counterpart: write >= or <, as it is meant", key, asked)
    return None


def _sex(word: str, at: At) -> Document | None:
    if word.lower() in {"male", "female"}:
        return {"sex": {"sex": word.lower()}}
    at.fault(f"{word!r} has no counterpart (Male and Female have one); {BY_HAND}", "gender", word)
    return None


def _receptor(key: str, word: str, at: At, *, negative: bool) -> Document | None:
    """Of progesterone no result is held: without hormone receptors there is none of it."""
    state = {"true": "positive", "false": "negative"}.get(word.lower(), word.lower())
    if state == "unknown":
        at.fault("asks for what isn't known, which is no criterion; take it out", key, word)
        return None
    if key == "her2_status":
        return {"protein": {"marker": "ERBB2", "result": state}}
    if key == "er_status":
        positive: Document = {"protein": {"marker": "ER", "result": "positive"}}
        return positive if state == "positive" else {"not": positive}
    if (state == "positive") == negative:  # what is wanted is that there is none
        at.stricter("wants ER negative, too: PR is asked together with ER", key)
        return _HR_POSITIVE if negative else {"not": _HR_POSITIVE}
    said = f"PR positive has no counterpart: it is asked together with ER, as HR; {BY_HAND}"
    at.fault(said, key, word)
    return None


def _extent(word: str, at: At) -> Document | None:
    extent = _EXTENTS.get(word.lower())
    if extent is None:
        at.fault(
            f"{word!r} has no counterpart ({', '.join(_SPELT)} have one); {BY_HAND}", "disease_status", word
        )
        return None
    return {"extent": {"extents": [extent]}}


_SPELT = ("Metastatic", "Locally Advanced", "Localized")
