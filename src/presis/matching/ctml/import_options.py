"""Trials in CTML as options of this programme: one for each step, arm or dose level that has a match list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from presis.errors import BadInput, Problem, Where
from presis.matching.ctml.import_notes import Document, Notes
from presis.matching.ctml.import_rules import rule_of
from presis.matching.ctml.reading import Clause, Trial
from presis.matching.known import Known
from presis.matching.option_forms import parse_options
from presis.matching.rule_checks import check_options
from presis.matching.rule_reading import NamedRules
from presis.matching.yaml_text import parse_yaml

_LEVELS = {"step": ("step", "trinn"), "arm": ("arm", "arm"), "dose_level": ("dose level", "dosenivå")}
ILLUSTRATIVE = ("offers", "access")


@dataclass(frozen=True, slots=True)
class Imported:
    """A trial's options as YAML, and how many; `left_out` says which levels aren't among them, and why."""

    trial: Trial
    text: str
    options: int
    stricter: tuple[Problem, ...] = ()
    left_out: tuple[Problem, ...] = ()

    @property
    def file(self) -> str:
        """The name of the file that holds them."""
        return f"{slug(self.trial.protocol)}.yaml"


@dataclass(frozen=True)
class Importing:
    """What is at hand: known words, named rules, the day, and drugs by option or protocol."""

    known: Known
    named: NamedRules
    valid_from: date
    drugs: Mapping[str, str] = field(default_factory=dict)


def imported(
    trials: Iterable[Trial], at_hand: Importing, before: Sequence[Problem] = ()
) -> tuple[Imported, ...]:
    """Every trial's options; `before` are faults of reading the trials.

    Raises:
        BadInput: with those, and with everything that has no counterpart, each with file and place.

    """
    notes, used = Notes([*before]), set[str]()
    made = [_trial(trial, at_hand, notes, used) for trial in trials]
    notes.faults += _same_file(made)
    for each in sorted(set(at_hand.drugs) - used):
        said = f"no option or trial that is imported is called {each!r}"
        notes.faults.append(Problem("ctml.import", said, Where(field="--drug"), each))
    if not notes.faults:
        notes.faults += [fault for each in made for fault in _faults(each, at_hand)]
    if notes.faults:
        raise BadInput(*notes.faults)
    return tuple(made)


def slug(text: str) -> str:
    """Words as an option's id has them: small letters, digits, hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "trial"


def _same_file(made: Sequence[Imported]) -> Iterator[Problem]:
    found: dict[str, Trial] = {}
    for each in made:
        first = found.setdefault(each.file, each.trial)
        if first is not each.trial:
            said = f"{each.trial.protocol} and {first.protocol} are one file, {each.file}; import them apart"
            yield Problem("ctml.import", said, Where(file=each.trial.file, field="protocol_no"))


def _trial(trial: Trial, at_hand: Importing, notes: Notes, used: set[str]) -> Imported:
    rows: list[Document] = []
    left_out = []
    own = Notes(notes.faults)
    used |= at_hand.drugs.keys() & {trial.protocol}
    for clause in trial.clauses:
        if reason := _closed(trial, clause):
            left_out.append(Problem("ctml.left_out", reason, Where(file=trial.file, field=clause.path)))
            continue
        ident = _ident(trial, clause, {row["id"] for row in rows})
        rule = rule_of(clause, trial.file, at_hand.known, own)
        rows.append(_row(trial, clause, ident, rule, _drug(trial, ident, at_hand, own, used), at_hand))
    if not trial.clauses:
        said = "has no match list on a step, arm or dose level; there is nothing to import"
        left_out.append(Problem("ctml.left_out", said, Where(file=trial.file, field="treatment_list")))
    return Imported(trial, _yaml(trial, rows), len(rows), tuple(own.stricter), tuple(left_out))


def _closed(trial: Trial, clause: Clause) -> str | None:
    if not trial.open:
        return "is of a trial that isn't open to accrual; left out"
    if clause.suspended:
        return f"is of a suspended {clause.level.replace('_', ' ')}; left out"
    return None


def _ident(trial: Trial, clause: Clause, taken: set[str]) -> str:
    """`10-001-arm-a`: the protocol, the level and its code; the level's own id and a number where needed."""
    level = clause.level.replace("_", "-")
    code = clause.code or clause.internal_id or "1"
    ident = slug(f"{trial.protocol}-{level}-{code}")
    if ident in taken:
        ident = slug(f"{ident}-{clause.internal_id}")
    number, base = 2, ident
    while ident in taken:
        ident, number = f"{base}-{number}", number + 1
    return ident


def _drug(trial: Trial, ident: str, at_hand: Importing, notes: Notes, used: set[str]) -> str:
    """The option's drug: as it is told, else the trial's, if it can only be that."""
    for name in (ident, trial.protocol):
        if name in at_hand.drugs:
            used.add(name)
            return _checked(at_hand.drugs[name], Where(field="--drug"), "", at_hand.known, notes)
    where = Where(file=trial.file, field="drug_list.drug")
    given = _drugs(trial.document)
    advice = f"; give it with --drug {ident}=DRUG"
    if not given:
        notes.faults.append(Problem("ctml.import_drug", f"names no drug{advice}", where))
        return ""
    if len(given) > 1 and len(trial.clauses) > 1:
        said = f"names several drugs, and not which is {ident}'s{advice}, joined by ' + ' if several"
        notes.faults.append(Problem("ctml.import_drug", said, where, ", ".join(given)))
        return ""
    return _checked(" + ".join(given), where, advice, at_hand.known, notes)


def _checked(drug: str, where: Where, advice: str, known: Known, notes: Notes) -> str:
    found = []
    for part in drug.split(" + "):
        name = part if known.library.drug(part) else part.lower()
        try:
            found.append(known.drug(name))
        except ValueError as error:
            said = str(error).replace(repr(name), repr(part), 1)
            notes.faults.append(Problem("ctml.import_drug", f"{said}{advice}", where, part))
    return " + ".join(dict.fromkeys(found))


def _drugs(document: Mapping[str, Any]) -> list[str]:
    listed = document.get("drug_list")
    rows = listed.get("drug") if isinstance(listed, Mapping) else None
    if not isinstance(rows, list):
        return []
    names = [row.get("drug_name") for row in rows if isinstance(row, Mapping)]
    return list(dict.fromkeys(str(name) for name in names if name))


def _row(trial: Trial, clause: Clause, ident: str, rule: Document, drug: str, at_hand: Importing) -> Document:
    told = trial.document
    english, norwegian = _LEVELS.get(clause.level, (clause.level, clause.level))
    code = clause.code or clause.internal_id
    names = {
        "en": f"{drug}, trial {trial.protocol}, {english} {code}".strip(),
        "nb": f"{drug}, studie {trial.protocol}, {norwegian} {code}".strip(),
    }
    about = [_told(told, key, say) for key, say in _ABOUT.items()]
    source = f"CTML {trial.protocol}" + (f" ({told['nct_id']})" if _is_text(told.get("nct_id")) else "")
    return {
        "id": ident,
        "kind": "external_trial",
        "trial": trial.protocol,
        "name": names,
        "drug": drug,
        "offers": {"en": f"{drug} in the trial", "nb": f"{drug} i studien"},
        "valid_from": at_hand.valid_from,
        "eligibility": rule,
        "evidence": [
            {
                "text": "; ".join(filter(None, about)) or "not told by the trial's file",
                "source": source,
                "confidence": "recalled",
            }
        ],
        "access": [{"status": "trial_abroad", "source": source, "confidence": "illustrative"}],
        "illustrative": list(ILLUSTRATIVE),
    }


_ABOUT = {"short_title": "{}", "long_title": "{}", "phase": "phase {}"}


def _is_text(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and bool(value)


def _told(document: Mapping[str, Any], key: str, say: str) -> str | None:
    value = document.get(key)
    return say.format(" ".join(str(value).split())) if _is_text(value) else None


class _Plain(yaml.SafeDumper):
    """No anchors: what stands twice is written twice."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - as the base has it
        return True


def _yaml(trial: Trial, rows: list[Document]) -> str:
    head = (
        f"# Imported from CTML, trial {' '.join(trial.protocol.split())}. A person completes what each option"
        " offers, its access and\n# evidence, and takes those off `illustrative` that are right.\n"
    )
    body = yaml.dump(
        {"options": rows},
        Dumper=_Plain,
        sort_keys=False,
        allow_unicode=True,
        width=110,
        default_flow_style=None,
    )
    return head + body


def _faults(made: Imported, at_hand: Importing) -> Iterator[Problem]:
    """What `presis rules check` would say of the options, before they are written."""
    try:
        options = parse_options(parse_yaml(made.text, made.file), at_hand.known, at_hand.named)
    except BadInput as error:
        problems: Iterable[Problem] = error.problems
    else:
        problems = check_options(options, at_hand.known)[0]
    for each in problems:
        yield Problem(
            each.code, each.message, Where(file=made.trial.file, field="treatment_list"), each.found
        )
