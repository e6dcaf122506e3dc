"""Amounts compared with exact fractions: the rest is what arithmetic says, taking everything leaves 0, and no portion is refused."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import psycopg
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from api.chemistry.quantities import UNITS, Unit
from tests.installation import Installation
from tests.sql.shelf import LEDGER_FAULTS, Shelf, shelf

MOST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
densities = st.decimals(Decimal("0.1"), Decimal("20"), places=4)
METRIC = [unit for unit in UNITS.values() if unit.dimension in ("mass", "volume") and unit.stored_as == unit.symbol]


@pytest.fixture(scope="module")
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as at_shelf:
        yield at_shelf
        assert at_shelf.run(LEDGER_FAULTS) == []


def in_unit(amount: Decimal, unit: str, other: str, density: Decimal) -> Fraction:
    """The amount in the other unit, exactly."""
    here, there = UNITS[unit], UNITS[other]
    base = Fraction(amount) * Fraction(here.factor)
    if here.dimension == "mass" and there.dimension == "volume":
        base /= Fraction(density)
    if here.dimension == "volume" and there.dimension == "mass":
        base *= Fraction(density)
    return base / Fraction(there.factor)


@MOST
@given(
    density=densities,
    unit=st.sampled_from(METRIC),
    steps=st.lists(
        st.tuples(st.sampled_from(METRIC), st.decimals(Decimal("0.001"), Decimal("50"), places=3)),
        min_size=1,
        max_size=5,
    ),
)
def test_what_is_left_is_what_fractions_say(
    ada: Shelf, density: Decimal, unit: Unit, steps: list[tuple[Unit, Decimal]]
) -> None:
    whole = Decimal(100_000_000)
    container = ada.add_container(str(whole), unit.symbol, density=str(density))
    left = Fraction(whole)
    for typed_unit, amount in steps:
        taken = in_unit(amount, typed_unit.symbol, unit.symbol, density)
        assume(taken < left / 2)
        ada.post(container, "check_out", str(amount), typed_unit.symbol)
        left -= taken
    found = ada.left(container)
    assert found is not None
    assert abs(Fraction(found) - left) <= Fraction(len(steps), 10**24)


@MOST
@given(density=densities, portions=st.integers(1, 12), whole=st.decimals(Decimal("0.05"), Decimal("5"), places=2))
def test_equal_portions_by_weight_empty_a_bottle_and_none_is_refused(
    ada: Shelf, density: Decimal, portions: int, whole: Decimal
) -> None:
    portion = whole * 1000 * density / portions  # g
    typed = portion.quantize(Decimal("0.000000001"))
    assume(typed == portion)
    container = ada.add_container(str(whole), "L", density=str(density))
    for _ in range(portions):
        ada.post(container, "check_out", str(typed), "g")
    assert ada.left(container) == 0


@pytest.mark.parametrize(
    ("whole", "unit", "density", "portion", "portion_unit", "times"),
    [
        ("1", "L", "0.7857", "261.9", "g", 3),
        ("1", "L", "1.4892", "496.4", "g", 3),
        ("1", "L", "0.6603", "220.1", "g", 3),
        ("1", "L", "13.534", "6767", "g", 2),
        ("1", "L", "0.786", "131", "g", 6),
        ("1000", "psi", None, "11.4912621", "bar", 6),
        ("0.5", "L", "0.791", "63.28", "g", 6.25),
        ("1", "kg", "0.7857", "200", "mL", 6.3637520682),
    ],
)
def test_a_bottle_is_empty_when_all_was_taken(
    ada: Shelf, whole: str, unit: str, density: str | None, portion: str, portion_unit: str, times: float
) -> None:
    container = ada.add_container(whole, unit, density=density)
    for _ in range(int(times)):
        ada.post(container, "check_out", portion, portion_unit)
    if times == int(times):
        assert ada.left(container) == 0
        return
    # The amount that is left as a page shows it, with four digits. Typed in again, it means all that is left.
    left = ada.left(container)
    assert left is not None
    ada.post(container, "check_out", f"{left:.4g}", unit)
    assert ada.left(container) == 0


@pytest.mark.parametrize("density", ["0.7857", "0.7893", "0.8765", "1.4892", "0.6603", "1.1974", "0.9982"])
def test_one_unit_of_the_last_digit_is_a_difference(ada: Shelf, density: str) -> None:
    """785.69 g of a litre of 785.70 g leave 0.01 g, 785.71 g are more than there is, and 785.7 g are all."""
    all_of_it = Decimal(density) * 1000
    step = Decimal("0.01")
    rest = Fraction(step) / Fraction(all_of_it)
    jar = ada.add_container("1", "L", density=density)
    ada.post(jar, "check_out", str(all_of_it - step), "g")
    left = ada.left(jar)
    assert left is not None
    assert abs(Fraction(left) - rest) < Fraction(1, 10**20)
    jar = ada.add_container("1", "L", density=density)
    with pytest.raises(psycopg.errors.CheckViolation):
        ada.post(jar, "check_out", str(all_of_it + step), "g")
    ada.post(jar, "check_out", str(all_of_it), "g")
    assert ada.left(jar) == 0
    # What comes back is compared alike: more than was taken is refused, less leaves some out.
    jar = ada.add_container("1", "L", density=density)
    taken, *_ = ada.post(jar, "check_out", str(all_of_it), "g")
    with pytest.raises(psycopg.errors.CheckViolation):
        ada.post(jar, "return", str(all_of_it + step), "g", refers_to=taken)
    ada.post(jar, "return", str(all_of_it - step), "g", refers_to=taken)
    left = ada.left(jar)
    assert left is not None
    assert abs(1 - Fraction(left) - rest) < Fraction(1, 10**20)


@pytest.mark.parametrize(
    ("whole", "unit", "taken", "taken_unit", "left"),
    [
        ("1", "kg", "999.999", "g", "0.000001"),
        ("1", "kg", "999.999999999", "g", "0.000000000001"),
        ("131.4", "g", "131", "g", "0.4"),
        ("1", "L", "999999.999", "µL", "0.000000001"),
    ],
)
def test_nothing_is_rounded_where_nothing_was_divided(
    ada: Shelf, whole: str, unit: str, taken: str, taken_unit: str, left: str
) -> None:
    container = ada.add_container(whole, unit)
    ada.post(container, "check_out", taken, taken_unit)
    assert ada.left(container) == Decimal(left)


def test_a_rest_that_a_balance_can_weigh_stays(ada: Shelf) -> None:
    """131 g are taken of 131.4 g that are kept in litres: the 0.4 g that stay are more than an error of rounding."""
    container = ada.add_container("1", "L", density="0.786")
    for portion in ("131", "131", "131", "131", "130.6"):
        ada.post(container, "check_out", portion, "g")
    ada.post(container, "check_out", "131", "g")
    left = ada.left(container)
    assert left is not None
    assert abs(Fraction(left) - Fraction(4, 7860)) < Fraction(1, 10**20)


def test_corrections_and_returns_mean_what_the_line_meant_when_it_was_written(ada: Shelf) -> None:
    def set_density(container: int, density: str) -> None:
        ada.run(
            "UPDATE inventory.chemicals SET density_g_per_ml = %s"
            " WHERE id = (SELECT chemical_id FROM inventory.containers WHERE id = %s)",
            density,
            container,
        )

    for old, new in (("0.8", "1.6"), ("1", "2"), ("2", "1")):
        jar = ada.add_container("1000", "g", density=old)
        counted, *_ = ada.post(jar, "count", "500", "mL")
        set_density(jar, new)
        ada.post(jar, "correct", "450", "g", refers_to=counted)
        assert ada.left(jar) == 450
        ada.post(jar, "correct", "500", "mL", refers_to=counted)
        assert ada.left(jar) == 500 * Decimal(old)

        jar = ada.add_container("1000", "g", density=old)
        [[stocktake]] = ada.run("INSERT INTO inventory.stocktakes DEFAULT VALUES RETURNING id")
        ada.run(
            """INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found, counted, counted_unit)
               VALUES (%s, %s, true, 300, 'mL')""",
            stocktake,
            jar,
        )
        set_density(jar, new)
        ada.run("SELECT * FROM inventory.post_stocktake(%s)", stocktake)
        assert ada.left(jar) == 300 * Decimal(old)

        jar = ada.add_container("1000", "g", density=old)
        taken, *_ = ada.post(jar, "check_out", "100", "mL")
        set_density(jar, new)
        ada.post(jar, "return", "100", "mL", refers_to=taken)
        assert ada.left(jar) == 1000
