"""Amounts: a Decimal and a unit from one short table.

People write amounts ("2.5 ml", "500 uL"). They are read strictly: an amount that could mean two things is refused with a sentence
that says what to write. Amounts are stored in a unit of the same dimension (mass, volume …), and never as floats.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from types import MappingProxyType

LARGEST = Decimal(10) ** 12
"""Amounts are below this number in any unit; the database has the same bound."""
LONGEST_TEXT = 80
DIGITS_AFTER_THE_POINT = 9
DIGITS_AFTER_CONVERSION = 24
"""The number of digits after the point that a converted amount keeps, as inventory.convert does: 1 fg in a jar measured in kg is exact."""


class QuantityError(ValueError):
    """The text is not an amount, or the amount does not convert; the message is one sentence that says what to write."""


@dataclass(frozen=True)
class Unit:
    """A unit: one of it is `factor` of its dimension's base unit (g, mL, each, mol, U or bar)."""

    symbol: str
    dimension: str
    factor: Decimal
    stored_as: str
    """The unit in which an amount is kept: this unit, or a metric one for units that may only be typed (lb, oz, gal, qt)."""


def _table() -> dict[str, Unit]:
    # lb, oz: exact by the 1959 agreement; US gal = 231 cubic inches, qt = gal / 4: NIST Handbook 44, appendix C.
    # psi: 0.45359237 kg × 9.80665 m/s² ÷ (0.0254 m)² = 6894.757293168361… Pa (NIST SP 811, appendix B.8), here in bar to
    # ten places.
    rows = """
        µg mass 0.000001 | mg mass 0.001 | g mass 1 | kg mass 1000 | lb mass 453.59237 g | oz mass 28.349523125 g
        µL volume 0.001 | mL volume 1 | L volume 1000 | gal volume 3785.411784 L | qt volume 946.352946 mL
        each count 1
        µmol substance 0.000001 | mmol substance 0.001 | mol substance 1
        U enzyme 1 | kU enzyme 1000
        bar pressure 1 | psi pressure 0.0689475729"""
    table = {}
    for row in re.split(r"[|\n]", rows):
        if row.strip():
            symbol, dimension, factor, *stored_as = row.split()
            table[symbol] = Unit(symbol, dimension, Decimal(factor), *(stored_as or [symbol]))
    return table


UNITS = MappingProxyType(_table())
"""Every unit by its symbol, in the order in which a form lists them. `reference.units` holds the same rows."""

DIMENSION_NAMES = MappingProxyType(
    {
        "mass": "a mass",
        "volume": "a volume",
        "count": "a number of pieces",
        "substance": "an amount of substance",
        "enzyme": "an enzyme activity",
        "pressure": "a pressure",
    }
)

_OTHER_SPELLINGS = MappingProxyType(
    {
        other: symbol
        for symbol, others in {
            "µg": "ug mcg microgram micrograms",
            "mg": "milligram milligrams",
            "g": "gm gms gram grams gramme grammes",
            "kg": "kgs kilo kilos kilogram kilograms",
            "lb": "lbs pound pounds",
            "oz": "ounce ounces",
            "µL": "ul microlitre microlitres microliter microliters",
            "mL": "mls cc millilitre millilitres milliliter milliliters",
            "L": "ltr litre litres liter liters",
            "gal": "gals gallon gallons",
            "qt": "qts quart quarts",
            "each": "ea pc pcs piece pieces",
            "µmol": "umol micromole micromoles",
            "mmol": "millimole millimoles",
            "mol": "mole moles",
            "psi": "psig",
        }.items()
        for other in others.split()
    }
    | {symbol.casefold().replace("μ", "µ"): symbol for symbol in UNITS}
)


@dataclass(frozen=True)
class Quantity:
    """An amount in a unit of the table, as it was written: Quantity(Decimal("2.5"), "mL")."""

    amount: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{display(self.amount)} {self.unit}"


def parse_amount(text: str, *, zero: bool = True) -> Quantity:
    """Read "2.5 ml" or "500uL". Raises QuantityError; `zero=False` refuses 0 too."""
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        raise QuantityError("That is too long for an amount. Write it such as 2.5 g.")
    # The number ends before the first letter, unless that letter is the e of an exponent such as 1e3.
    number, unit = re.findall(r"([^A-Za-zµμ]*(?:(?<=[0-9])[eE][-+]?[0-9]+)?)(.*)", text, re.DOTALL)[0]
    if text and not number:
        number = text.split()[0]
    return parse_fields(number, unit, zero=zero)


def parse_fields(amount: str, unit: str, *, zero: bool = True) -> Quantity:
    """Read an amount and a unit typed in two fields. Raises QuantityError."""
    number = parse_number(amount, zero=zero)
    return Quantity(number, parse_unit(unit))


def parse_number(text: str, *, zero: bool = True) -> Decimal:
    """Read a plain decimal number such as "2.5" or ".5", from 0 to below 10¹², at most 9 digits after the point."""
    text = text.strip()
    if not text:
        raise QuantityError("Write an amount, such as 2.5 g.")
    if len(text) > LONGEST_TEXT:
        raise QuantityError("That is too long for an amount. Write it such as 2.5 g.")
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?|\.[0-9]+", text):
        raise QuantityError(_what_is_wrong_with_number(text))
    number = Decimal(text)
    if number >= LARGEST:
        raise QuantityError("An amount must be below 1000000000000. Check the number, or write it in a larger unit.")
    if len(text.partition(".")[2]) > DIGITS_AFTER_THE_POINT:
        raise QuantityError(f"Write at most {DIGITS_AFTER_THE_POINT} digits after the point.")
    if not number and not zero:
        raise QuantityError("Write an amount above zero.")
    return number


def _what_is_wrong_with_number(text: str) -> str:
    if re.fullmatch(r"[0-9]{1,12},[0-9]{1,9}", text):
        whole, _, rest = text.partition(",")
        if len(rest) == 3 and whole.strip("0"):
            return f"Write {whole}{rest} without a comma, or the decimal point as a point: {whole}.{rest}"
        return f"Write the decimal point as a point: {whole}.{rest}"
    if re.fullmatch(r"[0-9]{1,3}([\s,'’][0-9]{3}){1,4}(\.[0-9]+)?", text):
        return f"Write the number without spaces or commas: {re.sub(r'[^0-9.]', '', text)}"
    if re.fullmatch(r"[-−–]\s*[0-9.,]*[0-9][0-9.,]*", text):
        return "An amount cannot be negative. Write it without the minus sign."
    if re.fullmatch(r"[-+]?[0-9.]+[eE][-+]?[0-9]+", text):
        return "Write the number in full, without an exponent, such as 0.001."
    return f"“{_short(text)}” is not a number. Write an amount, such as 2.5 g."


def parse_unit(text: str) -> str:
    """The symbol of the unit that `text` names in any case and with either of Unicode's two letters mu: "UL" → "µL"."""
    text = text.strip()
    if not text:
        raise QuantityError("Write the unit beside the amount, such as g or mL.")
    if is_pieces_or_enzyme(text):
        raise QuantityError(f"“{text}” may be pieces or units of an enzyme. Write each or U.")
    symbol = _OTHER_SPELLINGS.get(text.rstrip(".").casefold().replace("μ", "µ"))
    if symbol is None:
        *most, last = UNITS
        raise QuantityError(f"“{_short(text)}” is not a unit here. Write one of {', '.join(most)} or {last}.")
    return symbol


def is_pieces_or_enzyme(unit: str) -> bool:
    """Whether the unit is written "unit", which means pieces in most stock lists and enzyme units (U) to biochemists."""
    return unit.strip().rstrip(".").casefold() in ("unit", "units")


def stored(quantity: Quantity) -> Quantity:
    """The quantity as a container keeps it: 2 lb becomes 907.18474 g; metric units stay as they are."""
    return Quantity(convert(quantity, UNITS[quantity.unit].stored_as), UNITS[quantity.unit].stored_as)


def convert(quantity: Quantity, unit: str, density_g_per_ml: Decimal | None = None) -> Decimal:
    """The amount of `quantity` in `unit`, to 24 digits after the point as inventory.convert does it in SQL.

    Mass and volume convert into each other only by the chemical's density in g/mL. Raises QuantityError.
    """
    if unit not in UNITS:
        parse_unit(unit)
    old, new = UNITS[quantity.unit], UNITS[unit]
    if old == new:
        return quantity.amount
    if old.dimension != new.dimension:
        _check_dimensions(old, new, density_g_per_ml)
    with localcontext() as context:
        context.prec = 80
        amount = quantity.amount * old.factor
        if old.dimension == "mass" and new.dimension == "volume" and density_g_per_ml:
            amount /= density_g_per_ml * new.factor
        elif old.dimension == "volume" and new.dimension == "mass" and density_g_per_ml:
            amount = amount * density_g_per_ml / new.factor
        else:
            amount /= new.factor
        return Decimal(plain(amount.quantize(Decimal(1).scaleb(-DIGITS_AFTER_CONVERSION), ROUND_HALF_UP)))


def _check_dimensions(old: Unit, new: Unit, density_g_per_ml: Decimal | None) -> None:
    if {old.dimension, new.dimension} != {"mass", "volume"}:
        raise QuantityError(
            f"{old.symbol} measures {DIMENSION_NAMES[old.dimension]} and {new.symbol} "
            f"{DIMENSION_NAMES[new.dimension]}: write the amount in {new.symbol}."
        )
    if density_g_per_ml is None:
        raise QuantityError(
            f"{old.symbol} and {new.symbol} convert only by a density, and none is recorded: "
            f"write the amount in {new.symbol}, or record the chemical's density."
        )
    if not density_g_per_ml.is_finite() or density_g_per_ml <= 0:
        raise QuantityError("A density must be above zero, in g/mL.")


def units_fitting(unit: str | None, pack_unit: str | None = None, *, density_is_known: bool = False) -> list[str]:
    """The units in which an amount of a container may be typed, beginning with the container's own unit.

    With a density, both mass and volume fit. A container without a unit takes the units of its pack size; without a pack size, any.
    """
    own = unit or pack_unit
    if own is None:
        return list(UNITS)
    dimensions = {UNITS[own].dimension}
    if density_is_known and dimensions <= {"mass", "volume"}:
        dimensions = {"mass", "volume"}
    fitting = [other.symbol for other in UNITS.values() if other.dimension in dimensions and other.symbol != own]
    return [own, *fitting]


def plain(number: Decimal) -> str:
    """The number as JSON and CSV carry it, without an exponent and without trailing zeros: "1.5", "-0.25"."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def display(number: Decimal) -> str:
    """The number as people read it: like `plain`, but with the typographic minus sign (−)."""
    return plain(number).replace("-", "−")


SHOWN_DIGITS = 4
"""How many significant digits are shown of a number with endless decimals: no more than a density usually has (docs/amounts.md)."""
_SMALLER = {"kg": "g", "g": "mg", "mg": "µg", "L": "mL", "mL": "µL", "mol": "mmol", "mmol": "µmol", "kU": "U"}


def shown(number: Decimal, unit: str | None) -> str:
    """The amount as people would write it: 0.00025 kg as "0.25 g", 0.126422250316055… L as "0.1264 L"."""
    while unit in _SMALLER and 0 < abs(number) < Decimal("0.01"):
        number, unit = number * 1000, _SMALLER[unit]
    if -int(number.normalize().as_tuple().exponent) > DIGITS_AFTER_THE_POINT:
        number = round(number, max(0, SHOWN_DIGITS - 1 - number.adjusted()))
    return f"{display(number)} {unit or ''}".strip()


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"
