"""What is in stock: missing bottles do not count; a limit in grams counts litres by the density; a count of 0 g where 5 g were expected is shown as off."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.installation import Installation
from tests.sql.shelf import Shelf, shelf


@pytest.fixture
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as on:
        yield on


def chemical_of(ada: Shelf, container: int, limit: str | None, unit: str | None) -> int:
    [[chemical]] = ada.run(
        """UPDATE inventory.chemicals SET low_stock_amount = %s, low_stock_unit = %s
            WHERE id = (SELECT chemical_id FROM inventory.containers WHERE id = %s) RETURNING id""",
        limit,
        unit,
        container,
    )
    return int(chemical)


def shown(installation: Installation, chemical: int) -> Any:
    return installation.as_user("ada").get(f"/labs/curie/chemicals/{chemical}").json()


@pytest.mark.parametrize(
    ("amount", "unit", "density", "limit", "limit_unit", "low", "there"),
    [
        ("5", "kg", "0.8", "500", "mL", False, "6250"),
        ("10", "L", "0.8", "500", "g", False, "8000"),
        ("0.4", "kg", "0.8", "500", "mL", False, "500"),
        ("0.399", "kg", "0.8", "500", "mL", True, "498.75"),
        ("0.6", "L", "0.8", "500", "g", True, "480"),
        ("10", "L", None, "500", "g", True, "0"),
        ("2", "kg", None, "1", "kg", False, "2"),
    ],
)
def test_low_stock_converts_by_the_density(
    installation: Installation, ada: Shelf, amount: str, unit: str, density: str | None, limit: str, limit_unit: str,
    low: bool, there: str,
) -> None:  # fmt: skip
    chemical = chemical_of(ada, ada.add_container(amount, unit, density=density), limit, limit_unit)
    found = shown(installation, chemical)
    assert (found["low"], found["stock_amount"]) == (low, there)


def test_what_is_missing_is_not_in_stock(installation: Installation, ada: Shelf) -> None:
    container = ada.add_container("150", "mL", "Lost one")
    chemical = chemical_of(ada, container, "100", "mL")
    assert shown(installation, chemical)["low"] is False
    [[stocktake]] = ada.run("INSERT INTO inventory.stocktakes DEFAULT VALUES RETURNING id")
    ada.run(
        "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found) VALUES (%s, %s, false)",
        stocktake,
        container,
    )
    ada.run("SELECT * FROM inventory.post_stocktake(%s)", stocktake)
    found = shown(installation, chemical)
    assert (found["low"], found["stock_amount"], found["totals"]) == (True, "0", [])
    [line] = installation.as_user("ada").get("/labs/curie/chemicals", params={"q": "Lost one"}).json()["items"]
    assert (line["containers"], line["totals"], line["unknown_amounts"]) == (0, [], 0)
    page = installation.page("chemicals", "ada").soup(f"/chemicals/curie/{chemical}").text
    assert "none in stock, 1 missing" in page
    assert "0 mL in stock, 1 missing and not counted in" in page
    [low] = [
        low
        for low in installation.as_user("ada").get("/labs/curie/summary").json()["low"]
        if low["chemical_id"] == chemical
    ]
    assert (low["amount"], low["containers"], low["missing"]) == ("0", 0, 1)


@pytest.mark.parametrize(
    ("expected", "counted", "state"),
    [("5", "0", "off"), ("4", "0.1", "off"), ("4", "1.9", "off"), ("4", "2.1", "tolerance"), ("5", "4.9", "tolerance"),
     ("5", "5", "matched"), ("0", "0", "matched"), ("200", "194", "tolerance"), ("200", "180", "off")],
)  # fmt: skip
def test_a_bottle_that_is_half_empty_is_never_within_tolerance(
    ada: Shelf, expected: str, counted: str, state: str
) -> None:
    container = ada.add_container(expected)
    [[stocktake]] = ada.run("INSERT INTO inventory.stocktakes DEFAULT VALUES RETURNING id")
    ada.run(
        """INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found, counted, counted_unit)
           VALUES (%s, %s, true, %s, 'g')""",
        stocktake,
        container,
        counted,
    )
    found = ada.run(
        "SELECT state FROM inventory.stocktake_lines WHERE stocktake_id = %s AND container_id = %s",
        stocktake,
        container,
    )
    assert found == [(state,)]
    ada.run("UPDATE inventory.stocktakes SET cancelled_at = now() WHERE id = %s", stocktake)
