"""The list of chemicals: its filters, their chips, and what a row shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

from werkzeug.datastructures import MultiDict

from pages.chemicals.filters import FILTERS, LEAST_SIMILAR, MATCHES, PARTS, RANGES, UNKNOWN
from pages.common.filters import as_day, relative, things, today
from pages.common.listing import Chip, Listing
from pages.common.narrowing import narrowing_of
from pages.common.properties import LISTED, OF_CONTAINERS, PROPERTIES, RANGED
from pages.common.words import PICTOGRAMS

if TYPE_CHECKING:
    from pages.common import answers

FLAGS = {
    "low": "Low",
    "expiring": "Expires within 30 days",
    "expired": "Expired",
    "marked": "Marked for deletion",
    "held": "Taken by somebody",
    "missing": "Not found when counted",
    "peroxides": "Test for peroxides due, or too many",
}
HAZARDS = {**PICTOGRAMS, "unknown": "Hazards not known"}
OTHER_HAZARDS = {"none": "Checked: none"}
COLUMNS = {
    "cas_number": "CAS RN",
    "hazards": "Hazards",
    "stock": "In stock",
    "containers": "Containers",
    **{name: f"{one.label}, {one.unit}" if one.unit else one.label for name, one in LISTED.items()},
    "location": "Location",
    "expiry": "Expires",
    "attention": "Attention",
}
"""The columns that the list can show beside the name. Each key is also the name of an order in the API, by which the column is sorted."""
USUAL_COLUMNS = ("cas_number", "hazards", "stock", "containers", "location", "attention")
ORDERS = {
    "name": ("Name", "A to Z", "Z to A"),
    "plain_name": ("Name, sign by sign", "A to Z", "Z to A"),
    "cas_number": ("CAS RN", "lowest first", "highest first"),
    "hazards": ("Hazards", "Danger first", "none first"),
    "stock": ("In stock", "least first", "most first"),
    "containers": ("Containers", "fewest first", "most first"),
    **{
        name: (one.label, *(("lowest first", "highest first") if one.is_figure else ("A to Z", "Z to A")))
        for name, one in LISTED.items()
    },
    "location": ("Location", "first to last", "last to first"),
    "expiry": ("Expires", "soonest first", "latest first"),
    "attention": ("Attention", "most urgent first", "least urgent first"),
}
SEARCHED = ", ".join(
    ("names", "other names", "CAS RN", "formula", "supplier", "catalogue number",
     *(one.in_a_sentence for one in PROPERTIES if one.searched))
)  # fmt: skip
"""The names of the fields of a chemical that search looks into."""
SEARCHED_ON_LABELS = ", ".join((*(one.in_a_sentence for one in OF_CONTAINERS if one.searched), "notes"))
"""The names of the fields of a container that search looks into."""
MOST_CHOSEN = 200
"""The largest number of chemicals that can be chosen at once: the API marks or finds no more."""
MOST_LOCATIONS = 14
"""The number of locations that the filters show before somebody asks for more."""
LONGEST_LOCATION = 24
"""The number of letters for which a column of locations has room."""
OPEN_LONG = 6
"""Months after which a list says how long a container is open."""


class ChemicalListing(Listing):
    """The list of chemicals, with the filters of its rail."""

    page = "chemicals"
    single = (
        "q",
        "location",
        *RANGES,
        *(one.name for one in FILTERS.values() if not one.several),
        "match",
        "similarity",
        "cas_number",
        "retired",
        "sort",
    )
    several = (*(one.name for one in FILTERS.values() if one.several), "hazard", "flag", "unknown", "chemical")
    columns: tuple[str, ...] = USUAL_COLUMNS
    columns_are_usual: bool = True
    """Whether nobody chose the columns: then a narrow list may leave out some of them."""
    all_chosen: bool = False
    """Whether all matching chemicals are shown on one page and chosen, to do something with them together."""

    @classmethod
    def read(cls, asked: MultiDict[str, str]) -> Self:
        """Read the query of a request."""
        listing = super().read(asked)
        if listing.get("sort") == "name":  # the order of a list without this parameter
            del listing.given["sort"]
        match = listing.get("match") if "structure" in listing.given else ""
        if match not in MATCHES or match == next(iter(MATCHES)):  # the form always sends one
            listing.given.pop("match", None)
        if match != "similar" or listing.get("similarity") == str(LEAST_SIMILAR):
            listing.given.pop("similarity", None)
        listing.all_chosen = asked.get("chosen") == "all"
        return listing

    def choose(self, columns: Sequence[str] | None) -> None:
        """Show these columns, which the member chose; None: the usual ones."""
        if columns is not None:
            self.columns_are_usual = False
            self.columns = tuple(name for name in COLUMNS if name in columns)

    @property
    def filters(self) -> dict[str, Any]:
        """The filters that are set; the search words, the order and the page are no filters."""
        return {name: value for name, value in self.given.items() if name not in ("q", "sort", "cursor")}

    @property
    def narrowing(self) -> dict[str, list[str]]:
        """The filters that say something of single containers, for the form that does something with the chosen chemicals."""
        return narrowing_of(MultiDict(self.given))

    @property
    def sort(self) -> str:
        """The column that the list is sorted by; a leading - means descending."""
        return str(self.get("sort", "name"))

    def orders(self) -> list[tuple[str, str]]:
        """The orders from which a person can choose: value and words of each."""
        return [
            (sign + name, f"{title}: {words}")
            for name, (title, *both) in ORDERS.items()
            for sign, words in zip(("", "-"), both, strict=True)
        ]

    @property
    def shown(self) -> list[str]:
        """The columns of the list: those that were chosen, and those by which it is sorted or narrowed."""
        told = {name for name in RANGED if self.range_of(name) != ("", "")}
        told |= {"expiry"} if {"expires_before", "expires_within"} & self.given.keys() else set()
        return [name for name in COLUMNS if name in {*self.columns, *told, self.sort.lstrip("-")}]

    def sorting(self, column: str) -> tuple[str, str]:
        """For the head of a column: the address that sorts by the column (or reverses its order), and the head's aria-sort."""
        now = {column: "ascending", f"-{column}": "descending"}.get(self.sort, "")
        wanted = f"-{column}" if now == "ascending" else column
        return self.address(sort=None if wanted == "name" else wanted), now

    def chips(self, location: answers.ChosenLocation | None) -> list[Chip]:
        """A chip for each active filter, in the order of the rail."""
        chips = []
        if "location" in self.given:
            name = location["full_name"].split(" › ")[-1] if location else "a location that is not here"
            chips.append(Chip("In", name, self.address(location=None)))
        names = {"hazard": HAZARDS | OTHER_HAZARDS, "flag": FLAGS, "unknown": UNKNOWN}
        labels = {"hazard": "Hazard", "flag": "Stock", "unknown": "Not known"}
        for name in names:
            for value in self.get(name, []):
                chips.append(Chip(labels[name], names[name].get(value, value), self.without(name, value)))
        for name, figure in RANGED.items():
            low, high = self.range_of(name)
            if low or high:
                words = f"{low}–{high}" if low and high else f"from {low}" if low else f"to {high}"
                without = self.address(**{f"{name}_from": None, f"{name}_to": None})
                chips.append(Chip(figure.label, f"{words} {figure.unit}".strip(), without))
        if "structure" in self.given:
            match = self.get("match", next(iter(MATCHES)))
            least = f" (from {self.get('similarity', LEAST_SIMILAR)} %)" if match == "similar" else ""
            without = self.address(structure=None, match=None, similarity=None)
            chips.append(Chip(MATCHES[match], f"{self.get('structure')}{least}", without))
        for one in FILTERS.values():
            for value in self.values(one.name) if one.name != "structure" else ():
                without = self.without(one.name, value) if one.several else self.address(**{one.name: None})
                chips.append(Chip(one.label, one.words(value), without))
        if "cas_number" in self.given:
            chips.append(Chip("CAS RN", self.get("cas_number"), self.address(cas_number=None)))
        if "chemical" in self.given:
            chips.append(Chip("Chosen", things(len(self.get("chemical")), "chemical"), self.address(chemical=None)))
        if "retired" in self.given:
            chips.append(Chip("Stock", "Retired", self.address(retired=None)))
        return chips

    def values(self, name: str) -> list[str]:
        """The values of a parameter: none, one or several."""
        value = self.get(name, [])
        return value if isinstance(value, list) else [value]

    def any_of(self, names: Iterable[str]) -> bool:
        """Whether one of these filters is set, or was refused: then their group is shown unfolded."""
        return any(name in self.given or f"/{name}" in self.errors for name in names)

    def not_known(self, counts: dict[str, int]) -> list[tuple[str, int, str]]:
        """For each characteristic that is asked for and of some chemicals not known: its name, their number, and the address of their list."""
        return [
            (
                UNKNOWN[part].lower() if UNKNOWN[part] != "H codes" else UNKNOWN[part],
                count,
                self.address(
                    **{name: None for name in PARTS if PARTS[name] == part}, unknown=[*self.get("unknown", []), part]
                ),
            )
            for part, count in counts.items()
            if count
        ]

    def range_of(self, name: str) -> tuple[str, str]:
        """The bounds between which a figure is asked for; an empty text where there is none."""
        return self.get(f"{name}_from"), self.get(f"{name}_to")

    def rail(self, locations: list[answers.LocationFacet]) -> list[dict[str, Any]]:
        """The locations that the rail offers, each with its depth: the top levels, and the neighbours of the chosen location."""
        children: dict[int | None, list[answers.LocationFacet]] = {}
        by_id = {location["id"]: location for location in locations}
        for location in locations:
            children.setdefault(location["parent_id"] if location["parent_id"] in by_id else None, []).append(location)
        roots = children.get(None, [])
        opened = set()
        if len(roots) + sum(len(children.get(root["id"], [])) for root in roots) <= MOST_LOCATIONS:
            opened = {root["id"] for root in roots}
        chosen = next((location for location in locations if str(location["id"]) == self.get("location")), None)
        while chosen:
            opened.add(chosen["id"])
            chosen = by_id.get(chosen["parent_id"] or 0)
        shown: list[dict[str, Any]] = []
        waiting = [(root, 0) for root in reversed(roots)]
        while waiting:
            location, depth = waiting.pop()
            shown.append(location | {"depth": depth, "more": len(children.get(location["id"], []))})
            if location["id"] in opened:
                waiting += [(child, depth + 1) for child in reversed(children.get(location["id"], []))]
        return shown


def narrow_location(full_name: str | None) -> str:
    """The last two names of a location, or only the last one where both together would be cut off."""
    steps = (full_name or "").split(" › ")[-2:]
    both = " › ".join(steps)
    return both if len(both) <= LONGEST_LOCATION else steps[-1]


def state_of_hazards(thing: answers.Chemical | answers.ChemicalLine | answers.Container) -> str:
    """The state of a chemical's or container's hazards: "unknown", "none" or "classified"."""
    if thing["pictograms"] is None:
        return "unknown"
    return "classified" if thing["pictograms"] or thing["signal_word"] or thing["h_statements"] else "none"


def days_left(expires_on: Any) -> int | None:
    """Days from today in the lab's time zone until `expires_on`; negative when that day is past."""
    expiry = as_day(expires_on)
    return (expiry - today()).days if expiry else None


def badge_of(line: answers.ChemicalLine) -> tuple[str, str, str] | None:
    """The one badge of a row, for its most urgent fact: text, kind and icon."""
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
