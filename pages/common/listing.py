"""A list's state is the query of its address, so that a list can be kept, sent and gone back to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Self

from werkzeug.datastructures import MultiDict

from pages.common.navigation import path
from pages.common.problems import Problem


class Chip(NamedTuple):
    """An active filter, and the address without it."""

    label: str
    value: str
    remove: str


@dataclass
class Listing:
    """The query of the address. `given` has only the parameters that are set: {'q': 'acet', 'hazard': ['GHS02']}."""

    given: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)

    page: ClassVar[str]
    single: ClassVar[tuple[str, ...]]
    """Parameters with one value."""
    several: ClassVar[tuple[str, ...]]
    """Parameters that may be given several times."""

    @classmethod
    def read(cls, asked: MultiDict[str, str]) -> Self:
        """Read the query of a request; unknown parameters are left out."""
        single = {name: asked.get(name, "").strip() for name in (*cls.single, "cursor")}
        several: dict[str, Any] = {name: [value for value in asked.getlist(name) if value] for name in cls.several}
        return cls({name: value for name, value in (single | several).items() if value})

    def drop(self, refused: Problem) -> None:
        """Leave out the filters that the API refused, and keep its sentence about each in `errors`, to show beside the field."""
        self.errors = {
            f"/{pointer.split('/')[1]}": sentence for pointer, sentence in refused.by_field.items() if pointer
        }
        bad = {pointer[1:] for pointer in self.errors} & self.given.keys() or {"cursor"} & self.given.keys()
        for name in bad or set(self.given):
            self.given.pop(name, None)

    def get(self, name: str, default: Any = "") -> Any:
        """The value of a parameter, `default` if it is not set."""
        return self.given.get(name, default)

    @property
    def query(self) -> dict[str, Any]:
        """The parameters without the cursor, which holds for one page of the list only."""
        return {name: value for name, value in self.given.items() if name != "cursor"}

    def address(self, *parts: str, **changed: Any) -> str:
        """The list's address with some parameters changed; None removes a parameter."""
        return path(self.page, *parts, **{name: value for name, value in (self.query | changed).items() if value})

    def without(self, name: str, value: str) -> str:
        """The list's address without one value of a parameter that has several."""
        return self.address(**{name: [one for one in self.get(name, []) if one != value]})
