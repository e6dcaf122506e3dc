"""The properties of a chemical, as api/chemistry/properties.py declares them: tests/api/test_properties.py holds the two to each other.

The form and the page of a chemical show each; the list has a column and an order for those that are `listed`, and narrows by figures
among them; a look-up fills in those that are `looked_up`.
"""

from typing import NamedTuple


class Property(NamedTuple):
    """A figure has a unit or nothing, a text its `longest`, a choice its `choices`; `listed` and `looked_up` mean the same as in the API."""

    name: str
    label: str
    unit: str = ""
    longest: int = 0
    choices: tuple[str, ...] = ()
    listed: str = ""
    looked_up: bool = False
    searched: bool = False
    """Whether search looks into the property: inventory.texts_searched in sql/tables/chemicals.sql."""
    wanted: bool = False
    """Whether the page of a chemical shows the property even if it is unknown, because it is worth finding out."""
    is_code: bool = False
    """Whether the value is a code such as SMILES, which the page shows as code."""
    help: str = ""
    type: str = "text"
    """The type of the property's <input>."""

    @property
    def is_figure(self) -> bool:
        """Whether the property is a number."""
        return not self.longest and not self.choices

    @property
    def options(self) -> list[tuple[str, str]]:
        """The options of a choice: each value with its word."""
        return [(value, value.capitalize()) for value in self.choices]

    @property
    def in_a_sentence(self) -> str:
        """The label within a sentence: storage class, but InChIKey."""
        return self.label.lower() if self.label == self.label.capitalize() else self.label


PROPERTIES = (
    Property("molar_mass_g_per_mol", "Molar mass", unit="g/mol", listed="molar_mass", looked_up=True),
    Property("physical_state", "Physical state", choices=("solid", "liquid", "gas"), listed="state", looked_up=True),
    Property(
        "storage_class", "Storage class", longest=40, listed="storage_class", looked_up=True, wanted=True,
        help="TRGS 510, such as 3.",
    ),
    Property(
        "density_g_per_ml", "Density", unit="g/mL", looked_up=True, wanted=True,
        help="At 20 °C. With it, g and mL convert.",
    ),
    Property("melting_point_celsius", "Melting point", unit="°C", looked_up=True),
    Property("boiling_point_celsius", "Boiling point", unit="°C", looked_up=True),
    Property("flash_point_celsius", "Flash point", unit="°C", looked_up=True, wanted=True),
    Property("smiles", "SMILES", longest=2000, looked_up=True, is_code=True),
    Property("inchikey", "InChIKey", longest=27, looked_up=True, is_code=True),
    Property("sds_url", "Safety data sheet", longest=1000, help="Its web address, which begins with https://.", type="url"),
)  # fmt: skip
LISTED = {one.listed: one for one in PROPERTIES if one.listed}
RANGED = {name: one for name, one in LISTED.items() if one.is_figure}
