"""What can't be so in a case: days in the future, values that no patient has, statements that contradict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from presis.errors import Problem
from presis.matching.case_form import CaseForm
from presis.matching.days import DaySpan
from presis.matching.known import HAEMATOLOGICAL, SOLID, Known
from presis.matching.labels import open_words
from presis.matching.laboratory import lab_test
from presis.matching.leaf_forms import one_of
from presis.matching.subject import Subject, label_of
from presis.matching.yaml_text import YamlText


def faults(form: CaseForm, text: YamlText, known: Known, at: date, subject: Subject) -> Iterator[Problem]:
    """Every fault of a case that its form alone doesn't show; `subject` is what was told before."""
    checks = _Checks(form, text, known, at, subject)
    yield from checks.days()
    yield from checks.words()
    yield from checks.laboratory()
    yield from checks.contradictions()
    yield from checks.against_before()


#: years; nobody is known to have grown older (122, recalled)
OLDEST = 125


class _Checks:
    def __init__(self, form: CaseForm, text: YamlText, known: Known, at: date, subject: Subject) -> None:
        self.form, self.text, self.known, self.at, self.subject = form, text, known, at, subject

    def _fault(self, path: str, message: str, found: object = None) -> Problem:
        return self.text.problem("case", path, message, found)

    def days(self) -> Iterator[Problem]:
        """Nothing lies in the future, before birth or, but for death itself, after death."""
        told = self.subject.birth
        birth, died = self.form.birth or (told.value if told else None), self.form.died
        if self.form.birth is not None and self.form.birth.years_before(self.at)[0] > OLDEST:
            said = (
                f"{self.form.birth.text} is more than {OLDEST} years before the day asked about ({self.at})"
            )
            yield self._fault("birth", f"{said}; see to it", self.form.birth.text)
        for path, day in self._days():
            if day.first > self.at:
                yield self._fault(
                    path,
                    f"{day.text} is after the day asked about ({self.at}); mend it, or ask about a later day "
                    "with --at",
                    day.text,
                )
            elif birth is not None and path != "birth" and day.last < birth.first:
                yield self._fault(path, f"{day.text} is before the patient was born ({birth.text})", day.text)
            elif died is not None and path not in ("died", "birth") and day.first > died.last:
                yield self._fault(path, f"{day.text} is after the patient died ({died.text})", day.text)
        for index, each in enumerate(self.form.treatments):
            if each.start is not None and each.end is not None and each.end.last < each.start.first:
                said = f"it ended ({each.end.text}) before it began ({each.start.text})"
                yield self._fault(f"treatments[{index}].end", said, each.end.text)

    def _days(self) -> Iterator[tuple[str, DaySpan]]:
        """Every day of the form with its path."""
        for name in CaseForm.model_fields:
            value = getattr(self.form, name)
            rows = [(name, value)]
            if isinstance(value, tuple):
                rows = [(f"{name}[{index}]", each) for index, each in enumerate(value)]
            for path, each in rows:
                if isinstance(each, DaySpan):
                    yield path, each
                    continue
                for key in ("on", "start", "end"):
                    day = getattr(each, key, None)
                    if isinstance(day, DaySpan):
                        yield f"{path}.{key}", day

    def words(self) -> Iterator[Problem]:
        """Codes, drugs, genes and the words of lists."""
        form, known = self.form, self.known
        stage = form.stage.value if form.stage else None
        asked: list[tuple[str, str | None, Callable[[str], object]]] = [
            ("tumour", form.tumour, lambda code: _node(code, known)),
            ("stage", stage, lambda word: one_of(word, "stages", "stage")),
        ]
        for i, assessed in enumerate(form.measurable_disease):
            criteria = partial(one_of, name="assessment_criteria", what="criteria of assessment")
            asked.append((f"measurable_disease[{i}].by", assessed.by, criteria))
        for i, treatment in enumerate(form.treatments):
            asked += [
                (f"treatments[{i}].drugs[{j}]", drug, known.drug) for j, drug in enumerate(treatment.drugs)
            ]
            for key, words in (("setting", "settings"), ("response", "responses"), ("outcome", "outcomes")):
                value = getattr(treatment, key)
                asked.append((f"treatments[{i}].{key}", value, partial(one_of, name=words, what=key)))
            if not treatment.drugs and not treatment.other:
                yield self._fault(f"treatments[{i}]", "names no drug; give drugs, or other for one not held")
        asked += [(f"germline[{i}].gene", each.gene, known.gene) for i, each in enumerate(form.germline)]
        for i, stated in enumerate(form.statements):
            asked.append((f"statements[{i}].of", stated.of, lambda w: one_of(w, "statements", "statement")))
        yield from self._labels()
        for path, word, check in asked:
            try:
                if word is not None:
                    check(word)
            except ValueError as error:
                yield self._fault(path, str(error), word)

    def _labels(self) -> Iterator[Problem]:
        """Open words of an approval's row, each answered by itself; whole labels by their drug."""
        seen: set[tuple[str, str]] = set()
        for i, each in enumerate(self.form.outside_labels):
            path = f"outside_labels[{i}].drug"
            try:
                key = each.agency, label_of(self.known.drug(part) for part in each.drug.split(" + "))
            except ValueError as error:
                yield self._fault(path, str(error), each.drug)
                continue
            if key in seen:
                yield self._fault(path, f"{each.drug} stands twice; keep one of them", each.drug)
            seen.add(key)
        rows = {each.row: each for each in self.known.library.approvals}
        for i, label in enumerate(self.form.label_conditions):
            path = f"label_conditions[{i}]"
            if label.row not in rows:
                yield self._fault(f"{path}.row", f"{label.row!r} is no row of the approvals", label.row)
                continue
            listed = open_words(rows[label.row], self.known)
            accepted = " or ".join(repr(each) for each in listed) or "none: the row leaves nothing open"
            if label.words is None and label.value is not None:
                yield self._fault(
                    path,
                    f"answers {label.row} as a whole, and each of its open words is answered by itself; "
                    f"give words: {accepted} (`--ask` prints them)",
                )
            elif label.words is not None and label.words not in listed:
                yield self._fault(
                    f"{path}.words", f"{label.row} has no such open words; give {accepted}", label.words
                )

    def laboratory(self) -> Iterator[Problem]:
        """Tests and units that are held, and values that a patient can have."""
        seen: dict[tuple[str, str], tuple[float, int]] = {}
        for index, each in enumerate(self.form.laboratory):
            path = f"laboratory[{index}]"
            try:
                test = lab_test(each.test)
            except ValueError as error:
                yield self._fault(f"{path}.test", str(error), each.test)
                continue
            if each.value is None:
                continue
            if each.unit is None:
                yield self._fault(
                    path, f"{each.test} has a value without its unit; write it, such as {test.unit}"
                )
                continue
            try:
                value = test.converted(each.value, each.unit)
            except ValueError as error:
                yield self._fault(f"{path}.unit", str(error), each.unit)
                continue
            limit = None if each.upper_limit is None else test.converted(each.upper_limit, each.unit)
            if limit is not None and test.limits is not None and not test.plausible_limit(limit):
                least, most = test.limits
                yield self._fault(
                    f"{path}.upper_limit",
                    f"an upper limit of {each.upper_limit:g} {each.unit} can't be a laboratory's "
                    f"(accepted: {least:g} to {most:g} {test.unit}); write it in the value's unit",
                    each.upper_limit,
                )
            if not test.plausible(value):
                yield self._fault(
                    f"{path}.value",
                    f"{each.test} of {each.value:g} {each.unit} can't be a patient's (accepted: "
                    f"{test.least:g} to {test.most:g} {test.unit}); see to value and unit",
                    each.value,
                )
            if each.on is not None:
                key = (test.test, each.on.text)
                if key in seen and abs(seen[key][0] - value) > 1e-9:
                    said = f"{each.test} of {each.on.text} stands twice, with different values; keep one"
                    yield self._fault(path, said)
                seen[key] = (value, index)

    def contradictions(self) -> Iterator[Problem]:
        """Statements of one case that can't both be so."""
        form = self.form
        if form.died is not None and form.alive is not None and form.alive.value:
            yield self._fault("alive", f"says alive, and died says {form.died.text}; one of them is wrong")
        sex = form.sex or (self.subject.sex and self.subject.sex.value)
        if sex == "male" and form.pregnant is not None and form.pregnant.value:
            yield self._fault("pregnant", "says pregnant of a man; see to sex and pregnant")
        for index, each in enumerate(form.treatments):
            if each.ongoing and each.end is not None:
                yield self._fault(f"treatments[{index}]", "is ongoing and has an end; leave one of them out")
        standard = form.standard_treatment
        if standard is not None and standard.state is not None and standard.on is None:
            yield self._fault("standard_treatment", "is a statement of a day; give it, as on: 2026-03-14")
        stage = form.stage.value if form.stage else None
        extent = form.extent.value if form.extent else None
        if stage is not None and extent == "localised" and stage.startswith("IV"):
            yield self._fault("extent", f"says localised, and stage says {stage}; one of them is wrong")
        for name, key in (
            ("consent", "to"),
            ("germline", "gene"),
            ("statements", "of"),
            ("label_conditions", "row"),
        ):
            rows = [(getattr(each, key), getattr(each, "words", None)) for each in getattr(form, name)]
            for index, row in enumerate(rows):
                word = ": ".join(filter(None, row))
                if row in rows[:index]:
                    yield self._fault(f"{name}[{index}]", f"{word} stands twice; keep one of them", word)

    def against_before(self) -> Iterator[Problem]:
        """What contradicts the report, or an earlier file of the case."""
        form, subject = self.form, self.subject
        if form.sex is not None and subject.sex is not None and form.sex != subject.sex.value:
            yield self._fault(
                "sex", f"says {form.sex}, and {subject.sex.where} says {subject.sex.value}", form.sex
            )
        if form.birth is not None and subject.birth is not None:
            before = subject.birth.value
            if form.birth.last < before.first or form.birth.first > before.last:
                said = f"says {form.birth.text}, and {subject.birth.where} says {before.text}"
                yield self._fault("birth", said, form.birth.text)
        if form.pseudonym is not None and subject.findings is not None and form.pseudonym != subject.name:
            yield self._fault(
                "pseudonym",
                f"says {form.pseudonym}, and {subject.report} is of {subject.name}; "
                "see that both are the patient's",
                form.pseudonym,
            )
        told = subject.tumour
        tree = self.known.library.oncotree
        if form.tumour is not None and told is not None and tree.node(form.tumour) and tree.node(told.value):
            near = tree.is_at_or_below(form.tumour, told.value) or tree.is_at_or_below(
                told.value, form.tumour
            )
            if not near:
                yield self._fault(
                    "tumour",
                    f"says {form.tumour}, and {told.where} says {told.value}, which is another tumour type",
                    form.tumour,
                )


def _node(code: str, known: Known) -> None:
    if code in {SOLID, HAEMATOLOGICAL}:
        raise ValueError(f"{code} is no tumour type; give an OncoTree code")
    known.tumour(code)
