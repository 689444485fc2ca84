"""What is known of the specimen: from a file of its own, PRONTO's metadata, or the sample's id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.profile import NotUsable, Specimen
from presis.diagnostics.readers.sample_id import parse_inpred
from presis.diagnostics.readers.text import TextFile, read_text
from presis.errors import BadInput, Problem, Where
from presis.methods.reasons import Reason

_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_SEX = {"m": "male", "male": "male", "f": "female", "female": "female", "other": "other"}


def _sex(value: object) -> object:
    return _SEX.get(value.casefold(), value) if isinstance(value, str) else value


def _date(value: object) -> object:
    text = str(value) if not isinstance(value, bool) else ""
    if not _DATE.fullmatch(text):
        raise ValueError("should be a date, a month or a year: 2025-03-14, 2025-03 or 2025")
    return text


class SpecimenFile(BaseModel):
    """The form of `specimen.yaml`; every key may be left out, no other is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)

    pseudonym: str | None = None
    birth_year: Annotated[int, Field(ge=1880, le=2200)] | None = None
    birth_month: Annotated[int, Field(ge=1, le=12)] | None = None
    sex: Annotated[Literal["male", "female", "other"], BeforeValidator(_sex)] | None = None
    tumour: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None
    tumour_text: str | None = None
    site: str | None = None
    sample_type: str | None = None
    material: str | None = None
    treatment: Literal["before", "after"] | None = None
    collected: Annotated[str, BeforeValidator(_date)] | None = None
    tumour_cell_fraction: Annotated[float, Field(ge=0, le=1, strict=False)] | None = None
    dna_failed: bool | None = None
    rna_failed: bool | None = None
    predisposition_declined: bool | None = None
    invented: bool = False
    comments: Annotated[tuple[str, ...], Field(strict=False)] = ()

    @field_validator("collected")
    @classmethod
    def _after_birth(cls, value: str | None, info: ValidationInfo) -> str | None:
        born = info.data.get("birth_year")
        if value is not None and born is not None and int(value[:4]) < born:
            raise ValueError(f"is before the patient was born ({born})")
        return value

    def to_specimen(self) -> Specimen:
        """The same as the profile's value."""
        return Specimen(**dict(self))


def read_specimen(path: Path) -> Specimen:
    """Read a specimen file. Raises `BadInput` with every problem, each with line and field."""
    return parse_specimen(read_text(path))


def parse_specimen(text: TextFile) -> Specimen:
    """The specimen in a YAML text that was read before."""
    content = "\n".join(text.lines)
    try:
        document = yaml.safe_load(content)
        lines = _lines(yaml.compose(content, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        raise BadInput.of(
            "yaml.malformed",
            "isn't readable as YAML; check indents, colons and quotes",
            file=text.name,
            line=line,
        ) from error
    if len(lines) < _count_keys(content):
        raise BadInput.of("yaml.key-twice", "a key stands twice; keep one of them", file=text.name)
    if not isinstance(document, dict):
        raise BadInput.of("yaml.shape", "should be keys and values such as `tumour: COAD`", file=text.name)
    try:
        return SpecimenFile.model_validate(document).to_specimen()
    except ValidationError as error:
        problems = [_problem(text.name, each, lines) for each in error.errors(include_url=False)]
        raise BadInput(*problems) from error


def _count_keys(content: str) -> int:
    node = yaml.compose(content, Loader=yaml.SafeLoader)
    return len(node.value) if isinstance(node, yaml.MappingNode) else 0


def _lines(node: yaml.Node | None) -> dict[str, int]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): key.start_mark.line + 1 for key, _ in node.value}


def _problem(file: str, error: Any, lines: dict[str, int]) -> Problem:
    path = [str(part) for part in error["loc"] if not str(part).startswith("function")]
    key = path[0] if path else ""
    if error["type"] == "extra_forbidden":
        message = f"{key} is no key of a specimen; take one of {', '.join(SpecimenFile.model_fields)}"
    else:
        message = str(error["msg"]).removeprefix("Value error, ")
        message = f"{message[0].lower()}{message[1:]}"
    return Problem(
        "specimen", message, Where(file, lines.get(key), None, ".".join(path)), str(error["input"])[:80]
    )


def from_sample_id(sample: str) -> Specimen:
    """What an InPreD sample id says of its specimen; nothing for any other id."""
    known = parse_inpred(sample)
    if known is None:
        return Specimen()
    return Specimen(
        pseudonym=known.patient,
        sample_type=known.sample_type,
        treatment=known.treatment,
        material=known.material,
        site=known.site,
    )


def combine(sources: list[tuple[str, int, Specimen]]) -> tuple[Specimen, tuple[NotUsable, ...]]:
    """One specimen from several sources (name, line, what it says), the most trusted first.

    What a source leaves out is taken from the next; what it contradicts is listed as a remark.
    """
    values: dict[str, Any] = {}
    said_by: dict[str, str] = {}
    remarks: list[NotUsable] = []
    for name, line, specimen in sources:
        for key, value in _given(specimen):
            if key not in values:
                values[key], said_by[key] = value, name
            elif values[key] != value and key not in ("comments", "invented"):
                remarks.append(
                    not_usable(
                        file=name,
                        line=line,
                        why=Reason.of(
                            "reading.contradicts", field=key, other=said_by[key], value=str(values[key])
                        ),
                        found=str(value),
                        severity="remark",
                    )
                )
    values["comments"] = tuple(dict.fromkeys(each for _, _, given in sources for each in given.comments))
    return Specimen(**values), tuple(remarks)


def _given(specimen: Specimen) -> Iterator[tuple[str, Any]]:
    for each in fields(specimen):
        value = getattr(specimen, each.name)
        if (value is not None and value != () and value is not False) or (
            each.name.endswith(("_failed", "_declined")) and value is False
        ):
            yield each.name, value
