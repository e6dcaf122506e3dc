"""How the list of chemicals shows its filters, each declared once, in the groups of the panel. api/resources/chemicals/filters.py has their
SQL: tests/api/test_chemical_filters.py holds the two files to each other.
"""

from __future__ import annotations

from typing import NamedTuple

from pages.common.filters import day
from pages.common.properties import LISTED, RANGED


class Filter(NamedTuple):
    """A filter with one field, or with a check for each of its `options`."""

    name: str
    label: str
    part: str = ""
    """The key in UNKNOWN of what may be unknown, so that a chemical is not found although it may fit."""
    unit: str = ""
    type: str = "text"
    """The type of the <input>."""
    options: tuple[tuple[str, str], ...] = ()
    """Each value with its word."""
    example: str = ""
    longest: int = 200
    several: bool = False
    """Whether more than one of the options can be chosen."""

    def words(self, value: str) -> str:
        """The value as its chip says it."""
        if self.type == "date":
            return day(value)
        return f"{dict(self.options).get(value, value)} {self.unit}".strip()


STATE = Filter("state", "Physical state", part="state", options=tuple(LISTED["state"].options), several=True)
STRUCTURE = Filter("structure", "SMILES or SMARTS", part="structure", example="c1ccccc1C(=O)O", longest=2000)
MATCHES = {"substructure": "Part", "exact": "Structure", "similar": "Similar"}
"""How the structure is looked for, by what its chip says."""
LEAST_SIMILAR = 70
STOCK = (Filter("amount_from", "At least in stock", part="amount", example="500 mL"),)
GROUPS: dict[str, tuple[Filter, ...]] = {
    "Formula": (
        Filter("formula", "Formula", part="formula", example="C2H6O"),
        Filter("elements", "Has the elements", part="formula", example="C, H, Br>=1"),
    ),
    "H codes and signal word": (
        Filter("h_code", "All of these H codes", part="h_codes", example="H225 H319"),
        Filter("h_code_any", "At least one of these H codes", part="h_codes", example="H340 H350 H360"),
        Filter("h_code_none", "None of these H codes", part="h_codes", example="H350 H360"),
        Filter("signal_word", "Signal word", part="signal_word", options=(("Danger", "Danger"), ("Warning", "Warning")), several=True),
    ),
    "Storage and transport": (
        Filter("storage_class", "Storage class", part="storage_class", example="8A"),
        Filter("storage_temperature", "Storage temperature", part="storage_temperature",
               options=tuple(LISTED["storage_temperature"].options), several=True),
        Filter("un_number", "UN number", part="un_number", example="UN 1203"),
        Filter("packing_group", "Packing group", part="packing_group", options=tuple(LISTED["packing_group"].options), several=True),
    ),
    "Expiry and use": (
        Filter("expires_before", "Expires before", part="expiry", type="date"),
        Filter("expires_within", "Expires within", part="expiry", unit="days", example="90"),
        Filter("open_longer_than", "Open longer than", unit="days", example="180"),
        Filter("held_by", "Held by", example="Name"),
        Filter("checked_out", "Checked out", options=(("never", "Never checked out"),)),
    ),
    "Supplier and lot": (
        Filter("supplier", "Supplier"),
        Filter("lot_number", "Lot"),
        Filter("catalogue_number", "Catalogue number"),
        Filter("order_number", "Order number"),
    ),
    "Added and changed": (
        Filter("added_since", "Added since", type="date"),
        Filter("changed_since", "Changed since", type="date"),
    ),
}  # fmt: skip
"""The groups of the panel that are folded until somebody opens them or a filter of theirs is set."""
FILTERS = {one.name: one for one in (STATE, STRUCTURE, *STOCK, *(one for group in GROUPS.values() for one in group))}
UNKNOWN = {
    "hazards": "Hazards",
    "h_codes": "H codes",
    "signal_word": "Signal word",
    **{name: one.label for name, one in LISTED.items()},
    "formula": "Formula",
    "structure": "Structure",
    "amount": "Amount in stock",
    "expiry": "Expiry",
}
"""What may be unknown of a chemical, and the list can be narrowed to those of which it is."""
RANGES = {f"{name}_{end}": name for name in RANGED for end in ("from", "to")}
"""A lower or an upper bound → the figure that it is for."""
PARTS = {"hazard": "hazards", **RANGES, **{one.name: one.part for one in FILTERS.values()}}
"""Each filter with the key in UNKNOWN of what may be unknown."""
