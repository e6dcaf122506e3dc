"""Names and choices that several pages show. A test compares each with the API's."""

from types import MappingProxyType

PICTOGRAMS = MappingProxyType(
    {
        "GHS01": "Explosive",
        "GHS02": "Flammable",
        "GHS03": "Oxidising",
        "GHS04": "Gas under pressure",
        "GHS05": "Corrosive",
        "GHS06": "Acutely toxic",
        "GHS07": "Harmful or irritant",
        "GHS08": "Health hazard",
        "GHS09": "Hazardous to the environment",
    }
)
"""The names of the pictograms, the same as the API's."""

UNITS = (
    "mg",
    "g",
    "kg",
    "µg",
    "mL",
    "L",
    "µL",
    "each",
    "mmol",
    "mol",
    "µmol",
    "U",
    "kU",
    "bar",
    "psi",
    "lb",
    "oz",
    "gal",
    "qt",
)
"""The units in the order in which a choice offers them."""

LOCATION_KINDS = MappingProxyType({"building": "Building", "room": "Room", "storage": "Storage unit", "shelf": "Shelf"})
"""The kinds of locations, from the outermost."""
