"""The list of the history: its filters, their chips, and its days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from pages.common.filters import as_day, clock, grouped, long_day, things, today
from pages.common.listing import Chip, Listing

if TYPE_CHECKING:
    from pages.common import answers

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
"""Parameters with a field on the page. The others (LINKED) come from links on other pages and are removed by their chip."""
LINKED = ("chemical", "container", "barcode", "stocktake", "delivery", "line")


class Day(NamedTuple):
    """A day's lines of the ledger, the latest first."""

    name: str
    lines: list[answers.HistoryLine]


class HistoryListing(Listing):
    """The lines of the history that fit the filters."""

    page = "history"
    single = (*TYPED, *LINKED)
    several = ("kind",)

    @property
    def linked(self) -> dict[str, Any]:
        """The filters without a field on the page, which come from links."""
        return {name: value for name, value in self.given.items() if name in LINKED}

    def chips(self, facets: answers.HistoryFacets) -> list[Chip]:
        """A chip for each active filter."""
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
        kinds = [kind for kind in KINDS if kind in self.get("kind", [])]
        return chips + [Chip("Kind", KINDS[kind], self.without("kind", kind)) for kind in kinds]


def counted(facets: answers.HistoryFacets) -> str:
    """The number of lines that fit, in words: 386 lines, or more than 500."""
    number = facets["count"]
    return things(number, "line") if facets["counted_all"] else f"more than {grouped(number)} lines"


def by_day(lines: list[answers.HistoryLine]) -> list[Day]:
    """The lines grouped by day in the lab's time zone."""
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


def span(lines: list[answers.HistoryLine]) -> str:
    """The time that a page of lines covers: 18 November, 14:32 back to 17 November, 09:05"""
    ends = [lines[0], lines[-1]] if lines else []
    days = [(as_day(line["made_at"]), clock(line["made_at"])) for line in ends]
    ends_in_words = [
        f"{day.day} {day:%B}{'' if day.year == today().year else f' {day.year}'}, {hour}" for day, hour in days if day
    ]
    return " back to ".join(dict.fromkeys(ends_in_words))
