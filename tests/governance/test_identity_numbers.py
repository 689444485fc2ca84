"""Identity numbers: what holds is read, and a slip of the pen never leads to another person."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from presis.errors import BadInput
from presis.governance.identity_numbers import NumberKind, parse_identity_number, synthetic_number

DAYS = st.dates(date(1940, 1, 1), date(2039, 12, 31))


@st.composite
def numbers(draw: st.DrawFn) -> str:
    number = synthetic_number(draw(DAYS), draw(st.integers(0, 999)))
    assume(number is not None)
    assert number is not None
    return number


@given(DAYS, st.integers(0, 999))
def test_a_synthetic_number_holds_its_day_of_birth_and_is_nobodys(born: date, within: int) -> None:
    number = synthetic_number(born, within)
    assume(number is not None)
    assert number is not None
    read = parse_identity_number(f"{number[:6]} {number[6:]}")
    assert (read.digits, read.kind, read.born) == (number, NumberKind.SYNTHETIC, born)


@given(numbers(), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_found(number: str, place: int, by: int) -> None:
    wrong = f"{number[:place]}{(int(number[place]) + by) % 10}{number[place + 1 :]}"
    with pytest.raises(BadInput):
        parse_identity_number(wrong)


@given(numbers(), st.integers(0, 9))
def test_two_neighbours_that_changed_places_are_found(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    wrong = f"{number[:place]}{number[place + 1]}{number[place]}{number[place + 2 :]}"
    with pytest.raises(BadInput):
        parse_identity_number(wrong)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1284850009", "an identity number has 11 digits, this has 10; look at it again."),
        ("", "an identity number has 11 digits, this has 0; look at it again."),
        ("1284850009x", "an identity number has digits only; look at it again."),
        (
            "32848500095",
            "the first six digits of this identity number are no day of birth; look at it again.",
        ),
        (
            "12848500096",
            "the check digits of this identity number don't fit; a digit is wrong; look at it again.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_the_number_is_not_repeated(text: str, said: str) -> None:
    with pytest.raises(BadInput) as error:
        parse_identity_number(text)
    assert str(error.value) == said
    assert error.value.problems[0].found is None
