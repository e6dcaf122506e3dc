"""The types that properties (api/chemistry/properties.py) have in requests and answers."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, create_model

from api.chemistry.properties import AnyProperty, Day, Figure, Property, ShortText
from api.core import fields
from api.core.fields import Line, Maybe, Model, Number


def _minus(value: object) -> object:
    """The text with the typographic minus sign (−14, as pages show it) replaced by the one on the keyboard."""
    return value.replace("−", "-") if isinstance(value, str) else value


def _in_its_form(text: ShortText) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not text.fits(value):
            raise ValueError(text.hint)
        return value

    return check


def _typed(one: AnyProperty) -> Any:
    """The type of a property in a request."""
    if isinstance(one, Figure):
        least: dict[str, Any] = {"ge" if one.least else "gt": one.least}
        return Annotated[Decimal, Field(**least, le=one.most, max_digits=20), BeforeValidator(_minus)]
    if isinstance(one, ShortText):
        return Annotated[Line, Field(max_length=one.longest), AfterValidator(_in_its_form(one))]
    if isinstance(one, Day):
        return fields.Day
    return Literal[tuple(one.choices)]


def _answered(one: Property) -> Any:
    """The type of a property in an answer, where the property may be unknown."""
    return Number | None if isinstance(one, Figure) else date | None if isinstance(one, Day) else str | None


def typed(name: str, properties: Iterable[AnyProperty]) -> type[Model]:
    """A model of these properties as a person types them, each optional."""
    maybe: Any = Maybe
    types: Any = {
        one.name: (maybe[_typed(one)], Field(default=None, description=one.about or one.head)) for one in properties
    }
    return create_model(name, __base__=Model, **types)


def answered(name: str, properties: Iterable[Property]) -> type[Model]:
    """A model of these properties as an answer has them."""
    types: Any = {one.name: _answered(one) for one in properties}
    return create_model(name, __base__=Model, **types)
