"""The properties of a chemical (PROPERTIES) and of a container (OF_CONTAINERS): each is kept in one column of inventory.chemicals or
inventory.containers, and declared here and nowhere else in the API.

From its line here the API knows how to accept, return, export and import a property and, if the line says so, to sort and narrow a list
by it and to look it up. pages/common/properties.py has a line for each property too, and sql/tables/ its column; docs/adding.md has the
steps. Fields with rules of their own (names, CAS RN, formula, hazards, amounts and prices, notes) are written where their rules are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Property:
    """`name` is the column and the field of the API."""

    name: str
    label: str
    heads: str
    """A regular expression for the heads of the column in spreadsheets, which are compared without case, spaces and marks."""
    listed: str = field(default="", kw_only=True)
    """The property's name as an order and as a column of the list of chemicals, or of containers; empty: the list has neither."""
    looked_up: bool = field(default=False, kw_only=True)
    """Whether the reference tables have the property, so that a CAS RN fills it in."""
    about: str = field(default="", kw_only=True)
    """A hint for people who fill in the column of a spreadsheet."""
    received: bool = field(default=False, kw_only=True)
    """Of a container: whether the property is typed when the container is received."""
    of_product: bool = field(default=False, kw_only=True)
    """Of a container: whether the next container of the same product is received with the same value."""

    @property
    def head(self) -> str:
        """The head of its column in a file."""
        return self.label


@dataclass(frozen=True)
class Scale:
    """The way from a unit to ChemTrack's: 68 °F are 36 above the zero of °C, and each of them is 5/9 °C."""

    factor: Fraction
    zero: Fraction = Fraction(0)
    digits: int = 9
    """How many digits after the point the result has at most."""

    def convert(self, number: Decimal) -> Decimal:
        """The number in ChemTrack's unit."""
        found = round((Fraction(number) - self.zero) * self.factor, self.digits)
        return Decimal(found.numerator) / found.denominator


def fold_unit(text: str) -> str:
    """The unit in small letters, without blanks, points, degree signs and raised digits: g·mol⁻¹ → gmol-1, °F → f."""
    return re.sub(r"[ .·^°]|deg(ree)?s?(?=[ cf]|$)", "", text.casefold()).translate(str.maketrans("³⁻¹", "3-1"))


@dataclass(frozen=True)
class Figure(Property):
    """A number. `least` and `most` are the bounds of the column's constraint, in `unit`. Where `least` is 0,
    the value 0 is refused, because nothing weighs nothing. A figure that is `listed` is a range too (`molar_mass`: `molar_mass_from`, `molar_mass_to`)."""

    unit: str
    least: Decimal
    most: Decimal
    has_key: bool = field(default=False, kw_only=True)
    """Whether `sql/tables` has a column NAME_sort (double precision) and indexes for it, which make the figure's order and range quick in
    a lab of 100,000 chemicals too; without them the lab's chemicals are read."""
    units: Mapping[str, Scale] = field(default_factory=dict, kw_only=True)
    """Units beside `unit` that a spreadsheet may use, folded by `fold_unit`."""

    def scale_of(self, unit: str) -> Scale | None:
        """The scale of a unit as somebody wrote it; None if it is not known."""
        folded = fold_unit(unit)
        return Scale(Fraction(1)) if folded == fold_unit(self.unit) else self.units.get(folded)

    @property
    def head(self) -> str:
        """The head of its column in a file."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True)
class ShortText(Property):
    """One line of at most `longest` characters, the bound of the column's constraint."""

    longest: int
    form: str = field(default=".*", kw_only=True)
    """A regular expression that the whole text must fit, as in the column's constraint."""
    hint: str = field(default="", kw_only=True)
    """The sentence for a person whose text does not fit `form`."""

    def fits(self, text: str) -> bool:
        """Whether the text can be kept."""
        return len(text) <= self.longest and re.fullmatch(self.form, text) is not None


@dataclass(frozen=True)
class Choice(Property):
    """One of a few words."""

    choices: Mapping[str, str]
    """Each word of the choice → a regular expression for the texts in spreadsheets that mean it, in any case."""


@dataclass(frozen=True)
class Day(Property):
    """A day. `ahead`: the day may lie in the future, and a month in a spreadsheet means its last day."""

    ahead: bool = field(default=False, kw_only=True)


AnyProperty = Figure | ShortText | Choice | Day

ABSOLUTE_ZERO = Decimal("-273.15")
HOTTEST = Decimal(10000)
# lb/gal: 453.59237 g in 3785.411784 mL; lb/ft³: in 28316.846592 mL (NIST Handbook 44, appendix C).
DENSITIES = {unit: Scale(Fraction(factor)) for unit, factor in {
    "g/ml": "1", "g/cm3": "1", "g/cc": "1", "kg/l": "1", "kg/dm3": "1", "g/l": "0.001", "kg/m3": "0.001", "g/dm3": "0.001",
    "lb/gal": "0.119826427", "lb/ft3": "0.016018463",
}.items()}  # fmt: skip
MASSES = {unit: Scale(Fraction(factor)) for unit, factor in {
    "g/mol": "1", "gmol-1": "1", "da": "1", "mg/mmol": "1", "kg/mol": "1000", "kda": "1000", "kg/kmol": "1",
}.items()}  # fmt: skip
WEIGHTS = {unit: Scale(Fraction(factor)) for unit, factor in {
    "mg": "0.001", "kg": "1000", "gram": "1", "grams": "1", "lb": "453.59237", "oz": "28.349523125",
}.items()}  # fmt: skip
CELSIUS, KELVIN, FAHRENHEIT = (
    Scale(Fraction(1)),
    Scale(Fraction(1), Fraction("273.15")),
    Scale(Fraction(5, 9), Fraction(32), digits=2),
)
TEMPERATURES = {
    "c": CELSIUS, "celsius": CELSIUS, "k": KELVIN, "kelvin": KELVIN, "f": FAHRENHEIT, "fahrenheit": FAHRENHEIT,
}  # fmt: skip
STATES = {
    "gas": r"(.* )?gas(es|eous)?|(compressed|liquefied|lecture bottle).*|vapou?r",
    "liquid": r"(.* )?(liq(uid)?s?|solution|oil)|l|sol'?n|aq(ueous)?|suspension|emulsion",
    "solid": r"(.* )?(solids?|powder|crystals?|crystalline|pellets?|flakes?|granul(es|ar)|beads|chips)|s|lumps?|foil|wire",
}
# The words for a temperature, and the ranges that suppliers print: "2-8 °C", "-20C", "+4 °C".
TEMPERATURES_OF_STORAGE = {
    "room temperature": r"(store at )?(room|ambient)( temp(erature)?)?|r\.?t\.?|(15|20) ?[-–] ?(25|30) ?°? ?c?",
    "cool": r"cool|8 ?[-–] ?15 ?°? ?c?",
    "refrigerator": r"refrigerat(or|ed)|fridge|(2 ?[-–] ?8|\+?4) ?°? ?c?",
    "freezer": r"freezer|frozen|[-–−] ?(18|20|25) ?°? ?c?",
    "deep freezer": r"deep ?[- ]?(freezer|frozen)|ultra[- ]?low|[-–−] ?(70|80|86) ?°? ?c?",
    "liquid nitrogen": r"liquid nitrogen|ln2|[-–−] ?196 ?°? ?c?",
}
PACKING_GROUPS = {
    group: rf"(pg|(packing |packaging )?group)? ?({group}|{number})"
    for number, group in enumerate(("I", "II", "III"), 1)
}
PROPERTIES: tuple[AnyProperty, ...] = (
    Figure("molar_mass_g_per_mol", "Molar mass", "mw|fw|(mol(ar|ecular)?|formula)(mass|weight|wt)(gmol)?|molmasse",
           "g/mol", Decimal(0), Decimal("999999999"), listed="molar_mass", has_key=True, looked_up=True,
           units=MASSES),
    Choice("physical_state", "Physical state", "(physical)?(state|form)|phase|physicaldescription", STATES, listed="state", looked_up=True),
    ShortText("storage_class", "Storage class",
         "stor(age|ing)(class|group|code|category|hint|colou?r).*|(chemical)?compatibility(group)?|lgk|trgs510", 40,
         listed="storage_class", looked_up=True),
    Choice("storage_temperature", "Storage temperature", "stor(age|ing|e)temp(erature)?(range)?|lagertemperatur", TEMPERATURES_OF_STORAGE,
           listed="storage_temperature"),
    ShortText("un_number", "UN number", "un(no|nr|num|number|id|code)|unnummer", 7, form="([Uu][Nn])? ?[0-9]{4}",
         hint="Write the four digits of the UN number, such as UN 1203.", listed="un_number"),
    Choice("packing_group", "Packing group", "pack(ing|aging)?(group|grp)|verpackungsgruppe", PACKING_GROUPS, listed="packing_group"),
    Figure("density_g_per_ml", "Density", "density.*|specificgravity|spgr|dichte", "g/mL", Decimal(0), Decimal("99.999999"),
           listed="density", looked_up=True, units=DENSITIES),
    Figure("melting_point_celsius", "Melting point", "meltingp(oin)?t|mp|schmelzpunkt", "°C", ABSOLUTE_ZERO, HOTTEST,
           listed="melting_point", looked_up=True, units=TEMPERATURES),
    Figure("boiling_point_celsius", "Boiling point", "boilingp(oin)?t|bp|siedepunkt", "°C", ABSOLUTE_ZERO, HOTTEST,
           listed="boiling_point", looked_up=True, units=TEMPERATURES),
    Figure("flash_point_celsius", "Flash point", "flashp(oin)?t|flammpunkt", "°C", ABSOLUTE_ZERO, HOTTEST,
           listed="flash_point", looked_up=True, units=TEMPERATURES),
    Figure("days_after_opening", "Keeps after opening", "keepsafteropening|(days|shelflife)(after|once)open(ing|ed)", "days", Decimal(1),
           Decimal(3650)),
    Choice("peroxide_class", "Peroxide class", "peroxide(forming|former)?(class|category|group)",
           {word: rf"(class|category|group)? ?{word}" for word in "ABCD"}),
    ShortText("smiles", "SMILES", ".*smiles", 2000, looked_up=True),
    ShortText("inchikey", "InChIKey", "(standard)?inchikey", 27, form="[A-Z]{14}-[A-Z]{10}-[A-Z]",
         hint="Write an InChIKey, such as WYURNTSHIVDZCO-UHFFFAOYSA-N.", looked_up=True),
    ShortText("sds_url", "Safety data sheet", "(m?sds|safetydatasheet)(link|url|file|address)?", 1000, form=r'https?://[^\s<>"]+',
         hint="Write a web address that begins with https://."),
)  # fmt: skip
OF_CONTAINERS: tuple[AnyProperty, ...] = (
    ShortText("lot", "Lot", "(lot|batch)(no|nr|number)?(or.*)?|charge", 100, about="Lot or batch number.", listed="lot", received=True),
    ShortText("supplier", "Supplier",
         "(supplier|vendor|manufacturer)(s|name|company|source)?|maker|brand|company|source|producer|mfr|mfg|web(site)?|distributor"
         "|lieferant|hersteller", 200),
    ShortText("catalogue_number", "Catalogue number",
         "cat(alog(ue)?)?(no|nr|num|number|id)?|(supplier|vendor|manufacturer)?(product|article|part)(no|nr|number|code|id(entifier)?)"
         "|(supplier|vendor|manufacturer)(item|catalog(ue)?)(no|nr|number|code|id(entifier)?)|sku(no|nr|number|code)?"
         "|(item|material)(no|nr|number|code)", 100,
         about="The supplier's.", received=True, of_product=True),
    ShortText("purity", "Purity", "purity.*|grade|assay|quality|conc(entration)?|strength|reinheit", 100, about="Or grade: 99 %, HPLC.",
         received=True, of_product=True),
    Day("received_on", "Received",
        "(date)?(received|purchased|delivered|arrived)(on|date)?|datein"
        "|(receipt|purchase|delivery|arrival|acquisition)date|date(of)?(receipt|purchase|delivery|arrival|acquisition)",
        about="A day: 2026-03-31."),
    Day("opened_on", "Opened", "(date)?opened(on|date)?|open(ing)?date|dateopen", about="A day.", listed="opened"),
    Day("expires_on", "Expires", "expir(y|es|ation|ing).*|exp(date)?|useby|bestbefore|validuntil|shelflifeend",
        about="A day, or a month: its last day is meant.", listed="expiry", received=True, ahead=True),
    Figure("tare_g", "Tare", "tare(weight|mass)?|empty(container|bottle)?(weight|mass)|weight(of)?empty(container|bottle)|leergewicht|tara(gewicht)?", "g", Decimal(0),
           Decimal(1_000_000), units=WEIGHTS, about="What the empty container weighs, with its cap."),
)  # fmt: skip
ALSO_OF_CHEMICALS = ("supplier", "catalogue_number")
"""Fields that both a chemical and its containers have; a spreadsheet has one column for both."""
EVERY = (*PROPERTIES, *OF_CONTAINERS)
"""All properties, as the columns of a spreadsheet have them side by side."""
FIGURES = tuple(one for one in EVERY if isinstance(one, Figure))
DAYS = tuple(one.name for one in EVERY if isinstance(one, Day))
IN_THE_LIST = tuple(one for one in PROPERTIES if one.listed)
RANGED = tuple(one for one in PROPERTIES if isinstance(one, Figure) and one.listed)
FILLED_IN = {
    "name": "Name",
    "cas_number": "CAS RN",
    "synonyms": "Synonyms",
    "formula": "Formula",
    **{one.name: one.label for one in PROPERTIES if one.looked_up},
}
"""The fields that are filled in from the reference, beside hazards, with the names by which files call them."""
