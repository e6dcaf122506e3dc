"""The list's state: everything is in its address, so that a list can be kept, sent and gone back to."""

from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from pages.common.filters import as_day, day, relative, things, today
from pages.common.navigation import path
from pages.common.problems import Problem

SINGLE = ("q", "location", "h_code", "mass_from", "mass_to", "expires_before", "cas_number", "sort", "cursor")
SEVERAL = ("state", "hazard", "flag")
FLAGS = {
    "low": "Low",
    "expiring": "Expires within 30 days",
    "expired": "Expired",
    "marked": "Marked for deletion",
    "held": "Taken by somebody",
    "missing": "Not found when counted",
}
STATES = {"solid": "Solid", "liquid": "Liquid", "gas": "Gas"}
HAZARDS = {
    "GHS01": "Explosive",
    "GHS02": "Flammable",
    "GHS03": "Oxidising",
    "GHS04": "Gas under pressure",
    "GHS05": "Corrosive",
    "GHS06": "Acutely toxic",
    "GHS07": "Harmful or irritant",
    "GHS08": "Health hazard",
    "GHS09": "Hazardous to the environment",
    "unknown": "Hazards not known",
}
OTHER_HAZARDS = {"none": "Checked: none"}
MOST_PLACES = 14
"""So many locations are shown without asking for one."""
LONGEST_PLACE = 24
"""Letters that a column of places has room for."""
OPEN_LONG = 6
"""Months after which a list says how long a container is open."""


@dataclass
class Chip:
    """An active filter, and the address without it."""

    label: str
    value: str
    remove: str


@dataclass
class Listing:
    """What the address asks for. `given` has only what was said: {'q': 'acet', 'hazard': ['GHS02']}."""

    given: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, asked: MultiDict[str, str]) -> "Listing":
        """Read the query of a request; what the list does not know is left out."""
        single = {name: asked.get(name, "").strip() for name in SINGLE}
        several: dict[str, Any] = {name: [value for value in asked.getlist(name) if value] for name in SEVERAL}
        return cls({name: value for name, value in (single | several).items() if value})

    def drop(self, refused: Problem) -> None:
        """Leave out what the API refused, and keep what it said of it."""
        self.errors = {f"/{pointer.split('/')[1]}": said for pointer, said in refused.by_field.items() if pointer}
        bad = {pointer[1:] for pointer in self.errors} & self.given.keys() or {"cursor"}
        for name in bad:
            self.given.pop(name, None)

    def get(self, name: str, default: Any = "") -> Any:
        """What is asked for under a name."""
        return self.given.get(name, default)

    def address(self, without: dict[str, Any] | None = None, page: str = "", **changed: Any) -> str:
        """The address of this list with some of it changed; None and {'hazard': 'GHS02'} in `without` take things away."""
        query = {name: value for name, value in self.given.items() if name != "cursor"} | changed
        for name, value in (without or {}).items():
            kept = [one for one in query.get(name, []) if one != value] if name in SEVERAL else None
            query[name] = kept or None
        return path("chemicals", *([page] if page else []), **{name: value for name, value in query.items() if value})

    @property
    def filters(self) -> dict[str, Any]:
        """What narrows the list, without words, order and page."""
        return {name: value for name, value in self.given.items() if name not in ("q", "sort", "cursor")}

    @property
    def sort(self) -> str:
        """What the list is sorted by, with - before it for the last first."""
        return str(self.get("sort", "name"))

    def sorting(self, column: str) -> tuple[str, str]:
        """Of a column's head: the address that sorts by it, or by it the other way round, and its aria-sort."""
        now = {column: "ascending", f"-{column}": "descending"}.get(self.sort, "")
        wanted = f"-{column}" if now == "ascending" else column
        return self.address(sort=None if wanted == "name" else wanted), now

    def chips(self, place: dict[str, Any] | None) -> list[Chip]:
        """One for each filter, in the order of the rail."""
        chips = []
        if "location" in self.given:
            name = place["full_name"].split(" › ")[-1] if place else "a place that is not here"
            chips.append(Chip("In", name, self.address(location=None)))
        names = {"hazard": HAZARDS | OTHER_HAZARDS, "flag": FLAGS, "state": STATES}
        labels = {"hazard": "Hazard", "flag": "Stock", "state": "State"}
        for name in ("hazard", "flag", "state"):
            for value in self.get(name, []):
                chips.append(Chip(labels[name], names[name].get(value, value), self.address({name: value})))
        if "h_code" in self.given:
            chips.append(Chip("H code", self.get("h_code"), self.address(h_code=None)))
        if self.mass_is_given:
            low, high = self.get("mass_from"), self.get("mass_to")
            words = f"{low}–{high}" if low and high else f"from {low}" if low else f"to {high}"
            chips.append(Chip("Molar mass", f"{words} g/mol", self.address(mass_from=None, mass_to=None)))
        if "expires_before" in self.given:
            chips.append(Chip("Expires before", day(self.get("expires_before")), self.address(expires_before=None)))
        if "cas_number" in self.given:
            chips.append(Chip("CAS RN", self.get("cas_number"), self.address(cas_number=None)))
        return chips

    @property
    def mass_is_given(self) -> bool:
        """Whether the list is narrowed or sorted by molar mass, so that it shows it."""
        return "mass_from" in self.given or "mass_to" in self.given

    def rail(self, locations: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The locations to choose from: the upper ones, and those around the chosen one; each with its depth."""
        children: dict[int | None, list[dict[str, Any]]] = {}
        by_id = {place["id"]: place for place in locations}
        for place in locations:
            children.setdefault(place["parent_id"] if place["parent_id"] in by_id else None, []).append(place)
        roots = children.get(None, [])
        opened = set()
        if len(roots) + sum(len(children.get(root["id"], [])) for root in roots) <= MOST_PLACES:
            opened = {root["id"] for root in roots}
        chosen = next((place for place in locations if str(place["id"]) == self.get("location")), None)
        while chosen:
            opened.add(chosen["id"])
            chosen = by_id.get(chosen["parent_id"])
        shown: list[dict[str, Any]] = []
        waiting = [(root, 0) for root in reversed(roots)]
        while waiting:
            place, depth = waiting.pop()
            shown.append(place | {"depth": depth, "more": len(children.get(place["id"], []))})
            if place["id"] in opened:
                waiting += [(child, depth + 1) for child in reversed(children.get(place["id"], []))]
        return shown


def place(full_name: str | None) -> str:
    """The last two steps of a place, or the last alone where both would be cut."""
    steps = (full_name or "").split(" › ")[-2:]
    both = " › ".join(steps)
    return both if len(both) <= LONGEST_PLACE else steps[-1]


def state_of_hazards(thing: dict[str, Any]) -> str:
    """What is known of the hazards of a chemical or container: unknown, none or classified."""
    if thing["pictograms"] is None:
        return "unknown"
    return "classified" if thing["pictograms"] or thing["signal_word"] or thing["h_statements"] else "none"


def days_left(expires_on: Any) -> int | None:
    """Days until a day, below zero when it is past, as the lab's calendar has it."""
    expiry = as_day(expires_on)
    return (expiry - today()).days if expiry else None


def badge_of(line: dict[str, Any]) -> tuple[str, str, str] | None:
    """The most urgent thing to know of a line, as text, kind and icon of a badge: one a row."""
    expiry = line["earliest_expiry"]
    left = days_left(expiry)
    if left is not None and left < 0:
        return "Expired", "danger", "alert"
    if line["marked"]:
        return "Marked", "", "bin"
    if line["low"]:
        return "Low", "warn", "alert"
    if left is not None and left <= 30:
        return relative(expiry) if left > 1 else f"expires {relative(expiry)}", "warn", "clock"
    opened = as_day(line["earliest_opened"])
    months = (today() - opened).days // 30 if opened else 0
    return (f"Open {things(months, 'month')}", "line", "clock") if months >= OPEN_LONG else None
