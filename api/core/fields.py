"""Types of fields that several resources have, and the checks that they share."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from api.chemistry.cas_numbers import parse_cas_number
from api.chemistry.formulas import known_molar_mass
from api.chemistry.quantities import parse_number, parse_unit, plain
from api.core.unseen import as_seen


class Model(BaseModel):
    """The base of all models. pydantic builds a model when it is first used, so that the API starts faster."""

    model_config = ConfigDict(defer_build=True)


Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""The id of a row. Numbers too large for PostgreSQL's bigint are refused."""


def _number(value: object) -> object:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        exact = Decimal(str(value))
        value = f"{exact:f}" if exact.is_finite() else value
    return parse_number(value) if isinstance(value, str) else value


def blank_is_none(value: object) -> object:
    """None for an empty text, because a browser sends an empty field of a form as ""."""
    return None if isinstance(value, str) and not value.strip() else value


def _cas_number(value: object) -> object:
    return parse_cas_number(value) if isinstance(value, str) else value


def _day(value: object) -> object:
    """Refuses numbers such as 20260331, which pydantic would read as seconds since 1970."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        return value.strip()
    raise ValueError("Write a date as 2026-03-31.")


Day = Annotated[date, BeforeValidator(_day), Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]
"""A day as a form gives it, 2026-03-31."""

Version = Annotated[
    str, Field(description="of the row as it is now; a change that sends it back is refused after another")
]
"""The version of a row: a text that every change of the row changes."""

VersionIn = Annotated[
    str | None,
    Field(
        max_length=100, description="as it was read: 409 where somebody changed the row since; null: change it anyhow"
    ),
]
"""The version that is sent with a change, so that the change overwrites nothing that somebody else saved meanwhile."""

Number = Annotated[Decimal, PlainSerializer(plain, return_type=str)]
"""A number in an answer: a string without exponent, "1.5"."""

AmountIn = Annotated[Decimal, BeforeValidator(_number)]
"""A number as typed, "2.5": zero or more, read strictly (a decimal comma is refused with a hint)."""

UnitIn = Annotated[str, BeforeValidator(lambda value: parse_unit(value) if isinstance(value, str) else value)]
"""A unit as typed, "ml"; becomes its symbol, "mL"."""

T = TypeVar("T")
Maybe = Annotated[T | None, BeforeValidator(blank_is_none)]
"""An optional field, Maybe[Annotated[Line, Field(max_length=100)]]; a blank text becomes None.

Limits go inside: pydantic would apply those outside, Annotated[Maybe[Line], Field(max_length=100)], to None and fail.
"""


class Days(Model):
    """A part of a filter: the first and the last day, both included."""

    from_day: Annotated[Maybe[Day], Field(alias="from")] = None
    to_day: Annotated[Maybe[Day], Field(alias="to")] = None

    @field_validator("to_day")
    @classmethod
    def days_are_in_order(cls, to_day: date | None, info: ValidationInfo) -> date | None:
        """Refuses an end before the beginning."""
        from_day = info.data.get("from_day")
        if to_day and from_day and to_day < from_day:
            raise ValueError("This is before the first day.")
        return to_day


Pictogram = Literal["GHS01", "GHS02", "GHS03", "GHS04", "GHS05", "GHS06", "GHS07", "GHS08", "GHS09"]

CasNumberIn = Maybe[Annotated[str, BeforeValidator(_cas_number)]]
"""A CAS RN as typed; its check digit is verified. Blank is none."""


def _as_seen(value: object) -> object:
    return as_seen(value) if isinstance(value, str) else value


Line = Annotated[
    str, BeforeValidator(_as_seen), StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")
]
"""One line of text."""


def _formula(value: str) -> str:
    known_molar_mass(value)
    return value


FormulaIn = Maybe[Annotated[Line, Field(max_length=200), AfterValidator(_formula)]]
"""A chemical formula as typed. A text that is not a formula, or that can be read in two ways, is refused; a formula whose mass cannot
be worked out is accepted."""

Text = Annotated[str, BeforeValidator(_as_seen), StringConstraints(strip_whitespace=True, pattern=r"^[^\x00]*$")]
"""Text of several lines."""


def split_amount(values: Any, amount: str, unit: str) -> Any:
    """The fields of a form: "250 mg" typed into the amount's field, with the unit's field empty, becomes 250 and mg."""
    if isinstance(values, dict) and isinstance(values.get(amount), str) and not values.get(unit):
        text = values[amount].strip()
        number = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZµμ. ")
        return values | {amount: number, unit: text[len(number) :].strip()}
    return values


def split_weighed(values: Any, amount: str, unit: str) -> Any:
    """The fields of a form: the weight of a whole container, "512.3 g gross", becomes 512.3, g and `gross`."""
    if isinstance(values, dict) and isinstance(values.get(amount), str):
        text = values[amount].strip()
        if text.casefold().endswith("gross"):
            typed = split_amount({amount: text[: -len("gross")]}, amount, unit)
            return values | {amount: typed[amount], unit: typed[unit] or values.get(unit), "gross": True}
    return values


class TypedAmount(Model):
    """An amount as a person types it: number and unit in two fields, or both ("250 mg") in the first."""

    amount: AmountIn
    unit: UnitIn

    @model_validator(mode="before")
    @classmethod
    def split_amount_and_unit(cls, values: Any) -> Any:
        """Parts an amount that brings its unit: "250 mg" in the first field becomes 250 and mg."""
        return split_amount(values, "amount", "unit")
