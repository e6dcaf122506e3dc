"""The ledger: each movement has its unit and its sign, is refused where it is impossible, and the lines always add up."""

import threading
from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest

from tests.installation import Installation
from tests.sql.shelf import LEDGER_FAULTS, Shelf, shelf


@pytest.fixture
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as at_shelf:
        yield at_shelf
        assert at_shelf.run(LEDGER_FAULTS) == []


def refused(error: pytest.ExceptionInfo[psycopg.Error]) -> str | None:
    return error.value.diag.constraint_name


@pytest.mark.parametrize(
    ("unit", "typed", "typed_unit", "density", "left"),
    [
        ("g", "250", "mg", None, "99.75"),
        ("kg", "1", "µg", None, "99.999999999"),
        ("mL", "0.05", "L", None, "50"),
        ("g", "1", "oz", None, "71.650476875"),
        ("mL", "8.9", "g", "0.89", "90"),
        ("g", "10", "mL", "1.5", "85"),
        ("each", "3", "each", None, "97"),
        ("bar", "100", "psi", None, "93.10524271"),
    ],
)
def test_a_check_out_in_any_fitting_unit_lowers_the_amount(
    ada: Shelf, unit: str, typed: str, typed_unit: str, density: str | None, left: str
) -> None:
    container = ada.add_container("100", unit, density=density)
    ada.post(container, "check_out", typed, typed_unit)
    assert ada.left(container) == Decimal(left)


@pytest.mark.parametrize(("unit", "typed_unit"), [("g", "mL"), ("mL", "each"), ("bar", "g"), ("mol", "g")])
def test_a_unit_of_another_dimension_is_refused(ada: Shelf, unit: str, typed_unit: str) -> None:
    container = ada.add_container("100", unit)
    with pytest.raises(psycopg.Error) as error:
        ada.post(container, "check_out", "1", typed_unit)
    assert refused(error) == "unit_fits_the_container"
    assert ada.left(container) == 100


def test_more_than_is_left_is_refused_with_what_is_left(ada: Shelf) -> None:
    container = ada.add_container("140", "mL")
    with pytest.raises(psycopg.Error) as error:
        ada.post(container, "check_out", "200", "mL")
    assert refused(error) == "containers_amount_is_not_negative"
    assert '"left": 140' in (error.value.diag.message_detail or "")


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity", "1e12"])
def test_what_is_no_amount_is_refused(ada: Shelf, amount: str) -> None:
    container = ada.add_container("100")
    with pytest.raises(psycopg.Error):
        ada.post(container, "check_out", amount)
    assert ada.left(container) == 100


def test_an_unknown_amount_stays_unknown_until_a_count_sets_it(ada: Shelf) -> None:
    container = ada.add_container(None, None)
    assert ada.left(container) is None
    with pytest.raises(psycopg.Error) as error:
        ada.post(container, "check_out", "1")
    assert refused(error) == "movements_amount_left_is_known"
    assert ada.post(container, "count", "40", "mL")[1:] == (40, 40)
    ada.post(container, "check_out", "500", "µL")
    assert ada.left(container) == Decimal("39.5")


def test_what_comes_back_of_a_check_out_is_at_most_what_was_taken(ada: Shelf) -> None:
    container = ada.add_container("100")
    taken, *_ = ada.post(container, "check_out", "30")
    ada.post(container, "return", "20", refers_to=taken)
    with pytest.raises(psycopg.Error) as error:
        ada.post(container, "return", "10.1", refers_to=taken)
    assert refused(error) == "movements_return_at_most_what_is_out"
    ada.post(container, "return", "10", refers_to=taken)
    assert ada.left(container) == 100


def test_a_correction_says_what_is_right_and_points_at_the_line(ada: Shelf) -> None:
    container = ada.add_container("100")
    taken, *_ = ada.post(container, "check_out", "25")
    assert ada.post(container, "correct", "2.5", refers_to=taken)[1:] == (Decimal("22.5"), Decimal("97.5"))
    assert ada.post(container, "correct", "3", refers_to=taken)[1:] == (Decimal("-0.5"), 97)
    assert ada.post(container, "correct", "0", refers_to=taken)[1:] == (3, 100)


@pytest.mark.parametrize(("kind", "right", "left"), [("receive", "80", 80), ("count", "60", 60), ("return", "1", 96)])
def test_lines_of_other_kinds_are_corrected_too(ada: Shelf, kind: str, right: str, left: int) -> None:
    container = ada.add_container("100")
    line = ada.run("SELECT id FROM inventory.movements WHERE container_id = %s", container)[0][0]
    if kind == "count":
        line, *_ = ada.post(container, "count", "90")
    if kind == "return":
        taken, *_ = ada.post(container, "check_out", "5")
        line, *_ = ada.post(container, "return", "2", refers_to=taken)
    ada.post(container, "correct", right, refers_to=line)
    assert ada.left(container) == left


def test_a_correction_that_would_leave_less_than_nothing_is_refused(ada: Shelf) -> None:
    container = ada.add_container("100")
    [[received]] = ada.run("SELECT id FROM inventory.movements WHERE container_id = %s", container)
    ada.post(container, "check_out", "60")
    with pytest.raises(psycopg.Error) as error:
        ada.post(container, "correct", "50", refers_to=received)
    assert refused(error) == "containers_amount_is_not_negative"


def test_disposal_empties_the_container_and_its_correction_brings_it_back(ada: Shelf) -> None:
    container = ada.add_container("100")
    disposed, amount, left = ada.post(container, "dispose")
    assert (amount, left) == (-100, 0)
    with pytest.raises(psycopg.Error) as error:
        ada.post(container, "check_out", "1")
    assert refused(error) == "movements_container_is_there"
    ada.post(container, "correct", "0", refers_to=disposed)
    ada.post(container, "check_out", "1")
    assert ada.left(container) == 99


def test_lines_are_numbered_and_carry_what_was_typed(ada: Shelf) -> None:
    container = ada.add_container("1", "kg")
    ada.post(container, "check_out", "250", "g", reason="Lithiation")
    rows = ada.run(
        "SELECT line, kind, typed_amount, typed_unit, amount, unit, balance, reason FROM inventory.movements"
        " WHERE container_id = %s ORDER BY line",
        container,
    )
    assert rows == [
        (1, "receive", 1, "kg", 1, "kg", 1, None),
        (2, "check_out", 250, "g", Decimal("-0.25"), "kg", Decimal("0.75"), "Lithiation"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE inventory.movements SET amount = 1",
        "DELETE FROM inventory.movements",
        "TRUNCATE inventory.movements",
        "UPDATE inventory.containers SET amount = 1000",
        "UPDATE inventory.containers SET unit = 'kg'",
        "DELETE FROM inventory.containers",
        "INSERT INTO inventory.movements (container_id, kind, amount) SELECT id, 'receive', 5 FROM inventory.containers",
        "INSERT INTO inventory.movements (container_id, kind, made_by) SELECT id, 'receive', 1 FROM inventory.containers",
        "INSERT INTO inventory.movements (container_id, kind, made_at) SELECT id, 'receive', now() FROM inventory.containers",
    ],
)
def test_the_ledger_alone_moves_amounts_and_is_append_only(ada: Shelf, statement: str) -> None:
    ada.add_container("100")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ada.run(statement)


def test_two_hundred_check_outs_at_one_container_never_overdraw(installation: Installation, ada: Shelf) -> None:
    container = ada.add_container("100")
    taken, failed = [], []

    def take(times: int) -> None:
        with shelf(installation, "ben") as ben:
            for _ in range(times):
                try:
                    taken.append(ben.post(container, "check_out", "0.7")[0])
                except psycopg.errors.CheckViolation as error:
                    failed.append(error)

    threads = [threading.Thread(target=take, args=(25,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 142  # 100 / 0.7
    assert len(failed) == 58
    assert ada.left(container) == Decimal("0.6")


def test_many_containers_in_one_statement_do_not_deadlock(installation: Installation, ada: Shelf) -> None:
    containers = [ada.add_container("1000") for _ in range(6)]
    faults: list[psycopg.Error] = []

    def take(order: list[int]) -> None:
        with shelf(installation, "ben") as ben:
            for _ in range(20):
                try:
                    ben.run(
                        "INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit)"
                        " SELECT id, 'check_out', 1, 'g' FROM unnest(%s::bigint[]) AS id ORDER BY id",
                        order,
                    )
                except psycopg.Error as error:
                    faults.append(error)

    threads = [threading.Thread(target=take, args=(order,)) for order in (containers, containers[::-1]) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [ada.left(container) for container in containers] == [880] * 6


def test_a_day_old_line_is_corrected_by_a_manager_only(installation: Installation, ada: Shelf) -> None:
    """The author may correct for a day. A DBA may do so always, so the test corrects through the API."""
    container = ada.add_container("100")
    ada.run("SELECT set_config('app.clock', %s, false)", "2026-01-01T10:00Z")
    with shelf(installation, "ben") as ben:
        ben.run("SELECT set_config('app.clock', %s, false)", "2026-01-01T10:00Z")
        taken, *_ = ben.post(container, "check_out", "10")
    correct = {"reason": "typed 10 for 1", "lines": [{"movement_id": taken, "amount": "1", "unit": "g"}]}
    assert installation.as_user("cleo").post("/labs/curie/corrections", json=correct).status_code == 403
    assert installation.as_user("ben").post("/labs/curie/corrections", json=correct).status_code == 403
    assert installation.as_user("ada").post("/labs/curie/corrections", json=correct).status_code == 201
