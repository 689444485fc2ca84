"""Any value of a Pydantic model, for laws over all kinds of fact of the house."""

import types
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    float: st.floats(allow_nan=False, allow_infinity=False),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False, places=3),
    datetime: st.datetimes(timezones=st.just(UTC)),
    AwareDatetime: st.datetimes(timezones=st.just(UTC)),
    date: st.dates(),
}


def models(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Instances of a model, of every shape that its fields allow."""
    fields = {name: of_field(field) for name, field in model.model_fields.items()}
    return st.fixed_dictionaries(fields).map(model.model_validate)


def of_field(field: FieldInfo) -> st.SearchStrategy[Any]:
    return of_type(field.annotation, field.metadata)


def of_type(annotation: Any, metadata: typing.Sequence[Any] = ()) -> st.SearchStrategy[Any]:
    limits = {key: value for each in metadata for key in ("pattern", "min_length", "ge", "gt", "le")
              if (value := getattr(each, key, None)) is not None}  # fmt: skip
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if "pattern" in limits:
        return st.from_regex(limits["pattern"], fullmatch=True)
    if origin is Annotated:
        return of_type(arguments[0], arguments[1:])
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*(of_type(each) for each in arguments))
    if origin is tuple and arguments[-1] is Ellipsis:
        size = limits.get("min_length", 0)
        return st.lists(of_type(arguments[0]), min_size=size, max_size=size + 3).map(tuple)
    if origin in (dict, Mapping):
        return st.dictionaries(of_type(arguments[0]), of_type(arguments[1]), max_size=3)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return st.deferred(lambda: models(annotation))
    values = PLAIN.get(annotation, st.from_type(annotation))
    return values.filter(lambda value: _within(value, limits)) if limits else values


def _within(value: Any, limits: Mapping[str, Any]) -> bool:
    return (
        ("min_length" not in limits or len(value) >= limits["min_length"])
        and ("ge" not in limits or value >= limits["ge"])
        and ("gt" not in limits or value > limits["gt"])
        and ("le" not in limits or value <= limits["le"])
    )
