"""The history's state: everything is in its address, so that a list can be kept, sent and gone back to."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from pages.common.filters import as_day, clock, grouped, long_day, things, today
from pages.common.navigation import path
from pages.common.problems import Problem

Line = dict[str, Any]

KINDS = {
    "receive": "Receive",
    "check_out": "Check-out",
    "return": "Return",
    "count": "Count",
    "dispose": "Disposal",
    "correct": "Correction",
    "move": "Move",
    "take": "Bottle taken",
    "bring_back": "Bottle back",
}
TYPED = ("q", "member", "from", "to")
"""What has a field of its own; the rest comes with a link from elsewhere and goes with its chip."""
LINKED = ("chemical", "container", "barcode", "stocktake", "delivery", "line")


class Chip(NamedTuple):
    """An active filter, and the address without it."""

    label: str
    value: str
    remove: str


class Day(NamedTuple):
    """The lines of a day, the latest first."""

    name: str
    lines: list[Line]


@dataclass
class Listing:
    """What the address asks for. `given` has only what was said: {'q': 'acet', 'kind': ['count']}."""

    given: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, asked: MultiDict[str, str]) -> "Listing":
        """Read the query of a request; what the list does not know is left out."""
        single: dict[str, Any] = {name: asked.get(name, "").strip() for name in (*TYPED, *LINKED, "cursor")}
        single["kind"] = [kind for kind in KINDS if kind in asked.getlist("kind")]
        return cls({name: value for name, value in single.items() if value})

    def drop(self, refused: Problem) -> None:
        """Leave out what the API refused, and keep what it said of it beside what was typed."""
        self.errors = {f"/{pointer.split('/')[1]}": said for pointer, said in refused.by_field.items() if pointer}
        bad = {pointer[1:] for pointer in self.errors} & self.given.keys() or {"cursor"} & self.given.keys()
        for name in bad or set(self.given):
            self.given.pop(name, None)

    def get(self, name: str, default: Any = "") -> Any:
        """What is asked for under a name."""
        return self.given.get(name, default)

    @property
    def filters(self) -> dict[str, Any]:
        """What narrows the list, without the page."""
        return {name: value for name, value in self.given.items() if name != "cursor"}

    @property
    def linked(self) -> dict[str, Any]:
        """The filters that have no field."""
        return {name: value for name, value in self.given.items() if name in LINKED}

    def address(self, *parts: str, **changed: Any) -> str:
        """The address of this list with some of it changed; None takes a filter away."""
        query = {name: value or None for name, value in (self.filters | changed).items()}
        return path("history", *parts, **query)

    def chips(self, facets: dict[str, Any]) -> list[Chip]:
        """One for each filter."""
        nobody = "which is not here"
        names = {
            "q": ("Chemical or container", self.get("q")),
            "chemical": ("Chemical", facets["chemical"] or nobody),
            "container": ("Container", facets["container"] or nobody),
            "barcode": ("Container", facets["container"] or self.get("barcode")),
            "member": ("By", facets["member"] or nobody),
            "from": ("From", long_day(self.get("from"))),
            "to": ("To", long_day(self.get("to"))),
            "stocktake": ("Stocktake of", facets["stocktake"] or nobody),
            "delivery": ("Delivery", facets["delivery"] or nobody),
            "line": ("One line", "and what corrects or returns it"),
        }
        chips = [Chip(*names[name], self.address(**{name: None})) for name in names if name in self.given]
        kinds = self.get("kind", [])
        for kind in kinds:
            chips.append(Chip("Kind", KINDS[kind], self.address(kind=[one for one in kinds if one != kind])))
        return chips


def counted(facets: dict[str, Any]) -> str:
    """How many lines fit: 386 lines, or more than 500."""
    number = facets["count"]
    return things(number, "line") if facets["counted_all"] else f"more than {grouped(number)} lines"


def by_day(lines: list[Line]) -> list[Day]:
    """The lines under their days, as the lab's calendar has them."""
    found = [(as_day(line["made_at"]), line) for line in lines]
    days = groupby(found, key=lambda pair: pair[0])
    return [Day(name_of(day), [line for _, line in pairs]) for day, pairs in days if day]


def name_of(day: date) -> str:
    """Today, 18 November · Yesterday, 17 November · Sunday, 16 November · 16 November 2024"""
    now = today()
    if day.year != now.year and now - day > timedelta(days=1):
        return long_day(day)
    words = {now: "Today", now - timedelta(days=1): "Yesterday"}
    return f"{words.get(day) or f'{day:%A}'}, {day.day} {day:%B}"


def span(lines: list[Line]) -> str:
    """What a page holds: 18 November, 14:32 back to 17 November, 09:05"""
    ends = [lines[0], lines[-1]] if lines else []
    days = [(as_day(line["made_at"]), clock(line["made_at"])) for line in ends]
    said = [
        f"{day.day} {day:%B}{'' if day.year == today().year else f' {day.year}'}, {hour}" for day, hour in days if day
    ]
    return " back to ".join(dict.fromkeys(said))
