"""Types of fields that several resources have: read strictly, written plainly."""

import base64
import binascii
import json
import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints, model_validator

from api.access import Row, Visit
from api.cas_numbers import parse_cas_number
from api.problems import Problem
from api.quantities import parse_number, parse_unit, plain


class Model(BaseModel):
    """What the models of all resources are: pydantic builds each when it is used first, not when the API starts."""

    model_config = ConfigDict(defer_build=True)


Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""The number of a row; what the database could not hold is refused."""


def _number(value: object) -> object:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        exact = Decimal(str(value))
        value = f"{exact:f}" if exact.is_finite() else value
    return parse_number(value) if isinstance(value, str) else value


def blank_is_none(value: object) -> object:
    """An empty field of a form says nothing."""
    return None if isinstance(value, str) and not value.strip() else value


def _cas_number(value: object) -> object:
    return parse_cas_number(value) if isinstance(value, str) else value


def _day(value: object) -> object:
    """Refuses what pydantic would read as seconds since 1970, such as 20260331."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        return value.strip()
    raise ValueError("Write a date as 2026-03-31.")


Day = Annotated[date, BeforeValidator(_day), Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]
"""A day as a form gives it, 2026-03-31."""

Number = Annotated[Decimal, PlainSerializer(plain, return_type=str)]
"""A number in an answer: a string without exponent, "1.5"."""

AmountIn = Annotated[Decimal, BeforeValidator(_number)]
"""A number as typed, "2.5": zero or more, read strictly (a decimal comma is refused with a hint)."""

UnitIn = Annotated[str, BeforeValidator(lambda value: parse_unit(value) if isinstance(value, str) else value)]
"""A unit as typed, "ml"; becomes its symbol, "mL"."""

T = TypeVar("T")
Maybe = Annotated[T | None, BeforeValidator(blank_is_none)]
"""What may be left out, Maybe[Annotated[Line, Field(max_length=100)]]; blank is none.

Limits go inside: pydantic would apply those outside, Annotated[Maybe[Line], Field(max_length=100)], to None and fail.
"""

Pictogram = Literal["GHS01", "GHS02", "GHS03", "GHS04", "GHS05", "GHS06", "GHS07", "GHS08", "GHS09"]

CasNumberIn = Maybe[Annotated[str, BeforeValidator(_cas_number)]]
"""A CAS RN as typed; its check digit is verified. Blank is none."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line of text."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00]*$")]
"""Text of several lines."""


def split_amount(values: Any, amount: str, unit: str) -> Any:
    """The fields of a form, with what was typed in the first of two, "250 mg" and no unit, in both."""
    if isinstance(values, dict) and isinstance(values.get(amount), str) and not values.get(unit):
        text = values[amount].strip()
        number = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZµμ. ")
        return values | {amount: number, unit: text[len(number) :].strip()}
    return values


class TypedAmount(Model):
    """An amount as a person writes it: in two fields, or "250 mg" in the first."""

    amount: AmountIn
    unit: UnitIn

    @model_validator(mode="before")
    @classmethod
    def split_amount_and_unit(cls, values: Any) -> Any:
        """ "250 mg" and no unit becomes 250 and mg."""
        return split_amount(values, "amount", "unit")


class Page(Model):
    """What every list has: cursors for the neighbouring pages, null at the ends."""

    next: str | None = None
    previous: str | None = None


def written_page(visit: Visit, answer: Row) -> Response:
    """A Page whose `items` are texts of JSON as the database wrote them, sent as they are: of a long list, the quickest way.

    Nothing is checked here: a test holds what a route sends against the model that it names.
    """
    around = json.dumps({name: value for name, value in answer.items() if name != "items"}, default=str)
    text = f'{{"items":[{",".join(answer["items"])}],{around[1:]}'
    return Response(text, media_type="application/json", headers=dict(visit.response.headers))


def encode_cursor(*values: object) -> str:
    """Where a page of a list ends, opaque to the caller."""
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    """The values of `encode_cursor`; 422 for anything else, wherever it comes from."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(kinds):
            raise ValueError(cursor)
        if not all(kind is object or type(value) is kind for value, kind in zip(values, kinds, strict=True)):
            raise ValueError(cursor)
    except (ValueError, binascii.Error, UnicodeDecodeError, RecursionError) as error:
        raise Problem(422, "This page of the list cannot be found. Start again from its beginning.") from error
    return tuple(values)
