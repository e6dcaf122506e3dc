"""The properties of a chemical (PROPERTIES) and of a container (OF_CONTAINERS), as api/chemistry/properties.py declares them:
tests/api/test_properties.py holds the two files to each other.

The form and the page of a chemical show each of its properties; the list has a column and an order for those that are `listed`, and
narrows by figures among them; a look-up fills in those that are `looked_up`. The form and the page of a container show each of its
properties, a chemical's page has a column for those that are `listed`, and a delivery asks for those that are `received`.
"""

from typing import NamedTuple


class Property(NamedTuple):
    """A figure has a unit or nothing, a text its `longest`, a choice its `choices`, a day the type "date"; `listed`, `looked_up`, `received`
    and `of_product` mean the same as in the API."""

    name: str
    label: str
    unit: str = ""
    longest: int = 0
    choices: tuple[str, ...] = ()
    listed: str = ""
    looked_up: bool = False
    received: bool = False
    of_product: bool = False
    searched: bool = False
    """Whether search looks into the property: inventory.texts_searched in sql/tables/chemicals.sql and containers.sql."""
    wanted: bool = False
    """Whether the page of a chemical shows the property even if it is unknown, because it is worth finding out."""
    is_code: bool = False
    """Whether the value is a code such as SMILES, which the page shows as code."""
    help: str = ""
    type: str = "text"
    """The type of the property's <input>."""
    unknown: str = ""
    """What a container's page says while the property is unknown, instead of "not recorded"."""

    @property
    def is_day(self) -> bool:
        """Whether the property is a day."""
        return self.type == "date"

    @property
    def is_figure(self) -> bool:
        """Whether the property is a number."""
        return not (self.longest or self.choices or self.is_day)

    @property
    def options(self) -> list[tuple[str, str]]:
        """The options of a choice: each value with its word."""
        return [(value, value[:1].upper() + value[1:]) for value in self.choices]

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
        "storage_temperature", "Storage temperature", listed="storage_temperature", help="Refrigerator is 2 to 8 °C, freezer −20 °C.",
        choices=("room temperature", "cool", "refrigerator", "freezer", "deep freezer", "liquid nitrogen"),
    ),
    Property("un_number", "UN number", longest=7, listed="un_number", help="For transport, such as UN 1203."),
    Property("packing_group", "Packing group", choices=("I", "II", "III"), listed="packing_group", help="For transport."),
    Property(
        "density_g_per_ml", "Density", unit="g/mL", listed="density", looked_up=True, wanted=True,
        help="At 20 °C. With it, g and mL convert.",
    ),
    Property("melting_point_celsius", "Melting point", unit="°C", listed="melting_point", looked_up=True),
    Property("boiling_point_celsius", "Boiling point", unit="°C", listed="boiling_point", looked_up=True),
    Property("flash_point_celsius", "Flash point", unit="°C", listed="flash_point", looked_up=True, wanted=True),
    Property(
        "days_after_opening", "Keeps after opening", unit="days",
        help="Its containers are used by this many days after they are opened, if that is before the day on the label.",
    ),
    Property(
        "peroxide_class", "Peroxide class", choices=("A", "B", "C", "D"),
        help="Explosive peroxides form, A: as it stands, B: when concentrated, C: and it polymerises, D: otherwise. Its containers are tested.",
    ),
    Property("smiles", "SMILES", longest=2000, looked_up=True, is_code=True),
    Property("inchikey", "InChIKey", longest=27, looked_up=True, is_code=True),
    Property("sds_url", "Safety data sheet", longest=1000, help="Its web address, which begins with https://.", type="url"),
)  # fmt: skip
OF_CONTAINERS = (
    Property("lot", "Lot", longest=100, listed="lot", received=True, searched=True),
    Property("supplier", "Supplier", longest=200, searched=True),
    Property("catalogue_number", "Catalogue number", longest=100, received=True, of_product=True, searched=True),
    Property("purity", "Purity", longest=100, received=True, of_product=True, help="As printed: 99.9 %, HPLC grade."),
    Property("received_on", "Received", type="date"),
    Property("opened_on", "Opened", type="date", listed="opened", unknown="not yet"),
    Property("expires_on", "Expires", type="date", listed="expiry", received=True),
    Property(
        "tare_g",
        "Tare",
        unit="g",
        help="What the empty container weighs, with its cap. With it, what is left can be weighed.",
    ),
)
LISTED = {one.listed: one for one in PROPERTIES if one.listed}
RANGED = {name: one for name, one in LISTED.items() if one.is_figure}
