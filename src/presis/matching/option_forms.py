"""Options in YAML (`programme/options/*.yaml`): the form, and every fault of every file at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from presis.errors import BadInput, Problem
from presis.matching.known import Known
from presis.matching.option import Access, Evidence, MatchOption
from presis.matching.rule_checks import contradictions
from presis.matching.rule_reading import NamedRules, read_named, read_rule
from presis.matching.yaml_text import YamlText, read_yaml, said_of
from presis.programme.files import ROOT, load_yaml

OPTIONS = ROOT / "options"


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class TextForm(_Form):
    """The same words in each language."""

    en: str
    nb: str


class EvidenceForm(_Form):
    """What speaks for an option."""

    text: str
    source: str
    confidence: Literal["read", "recalled"]


class AccessForm(_Form):
    """A dated status of access."""

    status: str
    since: date | None = None
    until: date | None = None
    method_id: str | None = None
    decided_by: str | None = None
    source: str
    confidence: Literal["read", "recalled", "illustrative"]


class OptionForm(_Form):
    """One option. `eligibility` and `replaces` hold rules, which are read apart."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    kind: Literal["trial_cohort", "external_trial", "off_label", "compassionate_use", "access_scheme"]
    name: TextForm
    drug: str
    trial: str | None = None
    offers: TextForm
    valid_from: date
    valid_until: date | None = None
    opens: date | None = None
    closes: date | None = None
    places: Annotated[int, Field(ge=0)] | None = None
    eligibility: Any
    replaces: dict[str, Any] = {}
    evidence: Annotated[list[EvidenceForm], Field(min_length=1)]
    access: Annotated[list[AccessForm], Field(min_length=1)]
    illustrative: list[Literal["eligibility", "places", "opening", "offers", "access"]] = []


def read_options(paths: Iterable[Path], known: Known, base: NamedRules) -> tuple[MatchOption, ...]:
    """The options of files, or of folders of files; a file of `rules` adds named rules to those at hand.

    Raises:
        BadInput: with every fault of every file at once, each with file and line.

    """
    found, problems = read_sound(paths, known, base)
    if problems:
        raise BadInput(*problems)
    return found


def read_sound(
    paths: Iterable[Path], known: Known, base: NamedRules
) -> tuple[tuple[MatchOption, ...], list[Problem]]:
    """The options without a fault, and the faults of the others."""
    problems: list[Problem] = []
    found: list[MatchOption] = []
    ids: dict[str, str] = {}
    for text, named in _texts(files_of(paths), known, base, problems):
        try:
            found += _sound(text, known, named, problems)
        except BadInput as error:
            problems += error.problems
            continue
        for index, row in enumerate(text.value["options"]):
            ident, path = str(row.get("id")) if isinstance(row, dict) else "", f"options[{index}].id"
            if ident in ids:
                said = f"the id {ident} stands in {ids[ident]}, too; ids are unique"
                problems.append(text.problem("option", path, said, ident))
            elif ident:
                ids[ident] = f"{text.name} line {text.line(path)}"
    return tuple(found), problems


def _texts(
    paths: Iterable[Path], known: Known, named: NamedRules, problems: list[Problem]
) -> list[tuple[YamlText, NamedRules]]:
    """The files that hold options, read, with every named rule that the files bring."""
    texts = []
    for path in paths:
        try:
            text = read_yaml(path)
            if isinstance(text.value, dict) and "rules" in text.value and "options" not in text.value:
                named = read_named(text, known, named)
            else:
                texts.append(text)
        except BadInput as error:
            problems += error.problems
    return [(text, named) for text in texts]


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The YAML files among paths and in folders; raises `BadInput` for a path that isn't there."""
    out: list[Path] = []
    for path in paths:
        if not path.exists():
            raise BadInput.of("option", "isn't there; name a YAML file or a folder of them", file=str(path))
        out += sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    return out


def parse_options(text: YamlText, known: Known, named: NamedRules) -> tuple[MatchOption, ...]:
    """The options of one document; raises `BadInput` with every fault of it."""
    problems: list[Problem] = []
    made = _sound(text, known, named, problems)
    if problems:
        raise BadInput(*problems)
    return tuple(made)


def _sound(text: YamlText, known: Known, named: NamedRules, problems: list[Problem]) -> list[MatchOption]:
    """The options of a document without a fault; faults of the others go to `problems`."""
    rows = text.value.get("options") if isinstance(text.value, dict) else None
    if not isinstance(rows, list):
        raise BadInput(text.problem("option", "", "should hold options: a list, each with an id"))
    made: list[MatchOption] = []
    for index, row in enumerate(rows):
        path = f"options[{index}]"
        try:
            made.append(_option(text, path, row, known, named))
        except BadInput as error:
            problems += error.problems
    return made


def _option(text: YamlText, path: str, row: Any, known: Known, named: NamedRules) -> MatchOption:
    problems: list[Problem] = []
    form: OptionForm | None = None
    try:
        form = OptionForm.model_validate(row)
    except ValidationError as error:
        problems += [_problem(text, path, each) for each in error.errors(include_url=False)]
    drugs: list[str] = []
    drug = row.get("drug") if isinstance(row, dict) else None
    for part in str(drug or "").split(" + "):
        try:
            drugs += [known.drug(part)] if drug else []
        except ValueError as error:
            problems.append(text.problem("option", f"{path}.drug", str(error), part))
    rule = None
    if isinstance(row, dict) and "eligibility" in row:
        try:
            replaces = row.get("replaces")
            own = replaces if isinstance(replaces, Mapping) else {}
            _known_names(text, path, own, named, problems)
            rule = read_rule(text, f"{path}.eligibility", known.for_drugs(drugs), named, own)
        except BadInput as error:
            problems += error.problems
    if form is not None:
        problems += _contradictions(text, path, form)
    if problems and rule is not None:  # else they are told with those of the sound options
        at = f"{path}.eligibility"
        problems += [text.problem("rule.check", at, said) for said in contradictions(rule, known)]
    if problems or form is None or rule is None:
        raise BadInput(*problems)
    return MatchOption(
        id=form.id, kind=form.kind, names=dict(form.name), drug=" + ".join(drugs), rule=rule,
        offers=dict(form.offers), valid_from=form.valid_from, valid_until=form.valid_until, trial=form.trial,
        opens=form.opens, closes=form.closes, places=form.places,
        evidence=tuple(Evidence(**dict(each)) for each in form.evidence),
        access=tuple(map(_access, form.access)), illustrative=frozenset(form.illustrative), file=text.name,
        line=text.line(path),
    )  # fmt: skip


def _known_names(
    text: YamlText, path: str, own: Mapping[str, Any], named: NamedRules, problems: list[Problem]
) -> None:
    for name in own:
        try:
            named.get(name)
        except ValueError as error:
            problems.append(text.problem("option", f"{path}.replaces.{name}", str(error), name))


def _access(form: AccessForm) -> Access:
    by = form.decided_by or statuses()[form.status]
    return Access(form.status, by, form.since, form.until, form.method_id, form.source, form.confidence, None)


def statuses() -> Mapping[str, str]:
    """The statuses of access, each with who decides unless an option says otherwise."""
    rows = load_yaml("rules/access_statuses.yaml")["statuses"]
    return {row["status"]: row["decided_by"] for row in rows}


def _contradictions(text: YamlText, path: str, form: OptionForm) -> Iterable[Problem]:
    pairs = (("opens", "closes"), ("valid_from", "valid_until"))
    for first, last in pairs:
        begin, end = getattr(form, first), getattr(form, last)
        if begin is not None and end is not None and end < begin:
            yield text.problem("option", f"{path}.{last}", f"{end} is before {first} ({begin})", end)
    for index, each in enumerate(form.access):
        place = f"{path}.access[{index}]"
        if each.status not in statuses():
            said = f"{each.status!r} is no status; use one of {', '.join(statuses())}"
            yield text.problem("option", f"{place}.status", said, each.status)
        if each.confidence == "illustrative" and "access" not in form.illustrative:
            yield text.problem("option", place, "is illustrative; name access under illustrative, too")


def _problem(text: YamlText, path: str, error: Any) -> Problem:
    place = path + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"])
    return text.problem("option", place, said_of(error), error["input"])
