"""Amounts: what is read, what is refused and with which words, and that nothing is lost on the way."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.chemistry.quantities import (
    UNITS,
    Quantity,
    QuantityError,
    convert,
    display,
    parse_amount,
    parse_fields,
    plain,
    shown,
    stored,
)
from pages.common import filters
from tests.installation import Installation

amounts = some.decimals(min_value=0, max_value=Decimal("999999999999"), places=3)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("2.5 ml", "2.5", "mL"),
        ("500uL", "500", "µL"),
        ("500 \u03bcL", "500", "µL"),
        ("500 \u00b5l", "500", "µL"),
        (" .5 G ", "0.5", "g"),
        ("1 KG", "1", "kg"),
        ("3 ku", "3", "kU"),
        ("10 litres", "10", "L"),
        ("0 g", "0", "g"),
        ("999999999999.999999999 g", "999999999999.999999999", "g"),
    ],
)
def test_an_amount_is_read_in_the_ways_people_write_it(text: str, amount: str, unit: str) -> None:
    assert parse_amount(text) == Quantity(Decimal(amount), unit)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write an amount, such as 2.5 g."),
        ("g", "“g” is not a number. Write an amount, such as 2.5 g."),
        ("5", "Write the unit beside the amount, such as g or mL."),
        ("1,5 g", "Write the decimal point as a point: 1.5"),
        ("1,500 g", "Write 1500 without a comma, or the decimal point as a point: 1.500"),
        ("1 000 g", "Write the number without spaces or commas: 1000"),
        ("1\u202f000 g", "Write the number without spaces or commas: 1000"),
        ("-1 g", "An amount cannot be negative. Write it without the minus sign."),
        ("−1 g", "An amount cannot be negative. Write it without the minus sign."),
        ("nan g", "“nan” is not a number. Write an amount, such as 2.5 g."),
        ("Infinity g", "“Infinity” is not a number. Write an amount, such as 2.5 g."),
        ("1e3 g", "Write the number in full, without an exponent, such as 0.001."),
        ("1e999999999 g", "Write the number in full, without an exponent, such as 0.001."),
        ("1000000000000 g", "An amount must be below 1000000000000. Check the number, or write it in a larger unit."),
        ("0.1234567891 g", "Write at most 9 digits after the point."),
        ("9" * 500 + " g", "That is too long for an amount. Write it such as 2.5 g."),
        ("٣ g", "“٣” is not a number. Write an amount, such as 2.5 g."),
    ],
)
def test_a_doubtful_amount_is_refused_with_what_to_write(text: str, sentence: str) -> None:
    with pytest.raises(QuantityError) as refused:
        parse_amount(text)
    assert str(refused.value) == sentence


def test_an_unknown_unit_is_refused_with_the_units_there_are() -> None:
    with pytest.raises(QuantityError, match=r"“mM” is not a unit here\. Write one of µg, mg, .* bar or psi\."):
        parse_fields("5", "mM")


def test_zero_is_refused_where_something_must_move() -> None:
    with pytest.raises(QuantityError, match="above zero"):
        parse_amount("0 g", zero=False)


@given(some.text(max_size=40))
def test_any_text_is_an_amount_or_refused_with_a_sentence(text: str) -> None:
    with suppress(QuantityError):
        quantity = parse_amount(text)
        assert quantity.amount >= 0
        assert quantity.unit in UNITS


@given(amounts, some.sampled_from(sorted(UNITS)))
def test_what_is_shown_is_read_as_the_same_amount(amount: Decimal, unit: str) -> None:
    assert parse_amount(str(Quantity(amount, unit))) == Quantity(amount, unit)


@given(amounts, some.sampled_from(["µg", "mg", "g", "kg"]), some.sampled_from(["µg", "mg", "g", "kg"]))
def test_metric_units_convert_there_and_back_without_loss(amount: Decimal, one: str, other: str) -> None:
    assert convert(Quantity(convert(Quantity(amount, one), other), other), one) == amount


@pytest.mark.parametrize(
    ("text", "unit", "result"),
    [
        ("250 mg", "g", "0.25"),
        ("1 lb", "g", "453.59237"),
        ("16 oz", "g", "453.59237"),
        ("4 qt", "mL", "3785.411784"),
        ("100 psi", "bar", "6.89475729"),
        ("1 bar", "psi", "14.503773779685869116358699"),
        ("500 U", "kU", "0.5"),
        ("0.001 µg", "kg", "0.000000000001"),
    ],
)
def test_units_of_one_dimension_convert(text: str, unit: str, result: str) -> None:
    assert convert(parse_amount(text), unit) == Decimal(result)


def test_a_density_leads_from_mass_to_volume_and_back() -> None:
    ethanol = Decimal("0.789")
    assert convert(parse_amount("789 g"), "L", ethanol) == 1
    assert convert(parse_amount("1 L"), "g", ethanol) == 789
    assert convert(parse_amount("10 g"), "mL", ethanol) == Decimal("12.674271229404309252217997")


@pytest.mark.parametrize(
    ("text", "unit", "density", "sentence"),
    [
        ("1 mL", "g", None, "mL and g convert only by a density, and none is recorded: "),
        ("1 mL", "g", Decimal(0), "A density must be above zero, in g/mL."),
        ("1 mL", "g", Decimal("NaN"), "A density must be above zero, in g/mL."),
        ("1 mol", "g", Decimal(1), "mol measures an amount of substance and g a mass: write the amount in g."),
        ("1 g", "each", None, "g measures a mass and each a number of pieces: write the amount in each."),
    ],
)
def test_what_does_not_convert_says_what_to_write(text: str, unit: str, density: Decimal | None, sentence: str) -> None:
    with pytest.raises(QuantityError) as refused:
        convert(parse_amount(text), unit, density)
    assert str(refused.value).startswith(sentence)


def test_american_units_are_kept_as_metric_ones() -> None:
    assert str(stored(parse_amount("5 lb"))) == "2267.96185 g"
    assert str(stored(parse_amount("2 gal"))) == "7.570823568 L"
    assert str(stored(parse_amount("2000 psi"))) == "2000 psi"


def test_every_unit_is_kept_in_one_that_stays() -> None:
    assert all(UNITS[unit.stored_as].stored_as == unit.stored_as for unit in UNITS.values())


def test_numbers_are_shown_without_exponent_and_without_zeros_at_the_end() -> None:
    assert plain(Decimal("1E-7")) == "0.0000001"
    assert plain(Decimal("1E+3")) == "1000"
    assert plain(Decimal("2.00")) == "2"
    assert plain(Decimal("-0.0")) == "0"
    assert display(Decimal("-0.250")) == "−0.25"


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        ("0.00025", "kg", "0.25 g"),
        ("0.05", "L", "0.05 L"),
        ("0.004", "L", "4 mL"),
        ("0.126422250316055625790139064", "L", "0.1264 L"),
        ("373.577749683944374209860936", "mL", "373.6 mL"),
        ("12345.678901234567891", "g", "12346 g"),
        ("-0.000126422250316055625", "L", "−0.1264 mL"),
        ("0.000000001", "kg", "1 µg"),
        ("3.785411784", "L", "3.785411784 L"),
        ("0", "g", "0 g"),
        ("5", None, "5"),
    ],
)
def test_amounts_are_shown_as_people_write_them(amount: str, unit: str | None, said: str) -> None:
    assert shown(Decimal(amount), unit) == said
    assert filters.amount(amount, unit) == said


def test_units_and_conversions_are_the_same_in_sql(installation: Installation) -> None:
    rows = installation.psql("SELECT unit, dimension, factor, entry_only FROM reference.units")
    assert {unit: tuple(others) for unit, *others in rows} == {
        unit.symbol: (unit.dimension, unit.factor, unit.stored_as != unit.symbol) for unit in UNITS.values()
    }
    amount = Decimal("123.456789")
    converted = installation.psql(
        """SELECT f.unit, t.unit, inventory.convert(%s, f.unit, t.unit, 0.789) FROM reference.units f, reference.units t
           WHERE f.dimension = t.dimension OR ARRAY[f.dimension, t.dimension] <@ ARRAY['mass', 'volume']""",
        amount,
    )
    for unit, other, result in converted:
        exact = convert(Quantity(amount, unit), other, Decimal("0.789"))
        assert exact == result, (unit, other)
