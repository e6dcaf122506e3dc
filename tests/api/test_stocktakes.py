"""Stocktakes: expected and counted amounts and their variance; posting while other members go on taking."""

import csv
import io
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from tests.installation import Client, Installation
from tests.sql.shelf import LEDGER_FAULTS, shelf


class Stocktake:
    """A stocktake as `user` counts it."""

    def __init__(self, installation: Installation, location: int | None, user: str = "ben", lab: str = "curie") -> None:
        answer = installation.as_user(user).post(f"/labs/{lab}/stocktakes", json={"location_id": location})
        assert answer.status_code == 201, answer.text
        self.take_part(installation, int(answer.json()["id"]), user, lab)

    @classmethod
    def of(cls, installation: Installation, number: int, user: str) -> "Stocktake":
        """A stocktake of the lab curie that was started already."""
        made = cls.__new__(cls)
        made.take_part(installation, number, user, "curie")
        return made

    def take_part(self, installation: Installation, number: int, user: str, lab: str) -> None:
        self.client: Client = installation.as_user(user)
        self.id = number
        self.path = f"/labs/{lab}/stocktakes/{number}"

    def count(self, *lines: dict[str, Any]) -> Any:
        return self.client.post(f"{self.path}/counts", json={"lines": list(lines)})

    def counted(self, container: int, amount: str, unit: str = "g", **said: Any) -> None:
        answer = self.count({"container_id": container, "counted": amount, "unit": unit, **said})
        assert answer.status_code == 200, answer.text

    def rest(self, result: str, at: int | None = None) -> int:
        answer = self.client.post(f"{self.path}/counts/rest", json={"result": result, "at": at})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["counted"])

    def look(self) -> dict[str, Any]:
        answer = self.client.get(self.path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def lines(self, **asked: Any) -> list[dict[str, Any]]:
        answer = self.client.get(f"{self.path}/lines", params=asked)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def line(self, container: int) -> dict[str, Any]:
        answer = self.client.get(f"{self.path}/lines", params={"container": container})
        assert answer.status_code == 200, answer.text
        hit: dict[str, Any] = answer.json()["hit"]
        return hit

    def review(self, **said: Any) -> Any:
        return self.client.patch(f"{self.path}/counts", json=said)

    def post(self) -> Any:
        return self.client.post(f"{self.path}/post")


def add_location(installation: Installation, name: str, **fields: Any) -> int:
    location = {"name": name, "kind": "room", **fields}
    answer = installation.as_user("ada").post("/labs/curie/locations", json=location)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def stand(
    installation: Installation,
    location: int | None,
    amount: str | None = "100",
    unit: str | None = "g",
    name: str = "Salt",
    density: str | None = None,
) -> int:
    """Makes a container in `location`; returns its id."""
    with shelf(installation) as here:
        container = here.add_container(amount, unit, name, density)
        here.run("UPDATE inventory.containers SET location_id = %s WHERE id = %s", location, container)
    return container


def take(installation: Installation, container: int, amount: str, unit: str = "g", kind: str = "check_out") -> None:
    with shelf(installation, "ada") as here:
        here.post(container, kind, amount, unit)


def container(installation: Installation, number: int, *columns: str) -> tuple[Any, ...]:
    with shelf(installation) as here:
        [row] = here.run(f"SELECT {', '.join(columns)} FROM inventory.containers WHERE id = %s", number)
    return row


def amount_of(installation: Installation, number: int) -> Decimal | None:
    amount: Decimal | None = container(installation, number, "amount")[0]
    return amount


@pytest.fixture
def room(installation: Installation, request: pytest.FixtureRequest) -> int:
    return add_location(installation, f"Room of {request.node.name}"[:80])


@pytest.fixture(autouse=True)
def the_ledger_adds_up(installation: Installation) -> Any:
    yield
    with shelf(installation) as here:
        assert here.run(LEDGER_FAULTS) == []


# ── counting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stocktake_expects_what_stands_in_its_location_and_below(installation: Installation, room: int) -> None:
    board = add_location(installation, "Board", kind="shelf", parent_id=room)
    here, below, elsewhere = stand(installation, room), stand(installation, board), stand(installation, None)
    taken, gone = stand(installation, room, name="Taken"), stand(installation, room, name="Gone")
    with shelf(installation) as someone:
        someone.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", taken)
        someone.post(gone, "dispose")
    stocktake = Stocktake(installation, room)
    assert {line["container_id"] for line in stocktake.lines()} == {here, below}
    assert elsewhere not in {line["container_id"] for line in stocktake.lines()}
    found = stocktake.look()
    assert (found["expected"], found["counted"], found["with_somebody"]) == (2, 0, 1)
    assert [(location["name"], location["depth"], location["expected"]) for location in found["locations"]][1:] == [
        ("Board", 1, 1)
    ]
    assert [line["container_id"] for line in stocktake.lines(at=board)] == [below]


@pytest.mark.parametrize(
    ("amount", "unit", "counted", "counted_unit", "state", "variance", "percent"),
    [
        ("855", "mL", "855", "mL", "matched", "0", 0),
        ("855", "mL", "0.855", "L", "matched", "0", 0),
        ("855", "mL", "850", "mL", "tolerance", "-5", -1),
        ("100", "mL", "95", "mL", "tolerance", "-5", -5),  # neither more than 5 % nor more than 5 mL
        ("100", "mL", "94.9", "mL", "off", "-5.1", -5),
        ("50", "mL", "45", "mL", "tolerance", "-5", -10),  # more than 5 %, not more than 5 mL
        ("1.2", "kg", "1.35", "kg", "off", "0.15", 13),
        ("2000", "g", "1.95", "kg", "tolerance", "-50", -3),
        ("0", "g", "6", "g", "off", "6", None),
        ("10", "each", "9", "each", "off", "-1", -10),
        ("100", "each", "99", "each", "tolerance", "-1", -1),
        (None, "g", "40", "g", "first", None, None),
        (None, None, "2", "lb", "first", None, None),
    ],
)
def test_a_count_is_off_beyond_five_per_cent_and_five_grams(
    installation: Installation,
    room: int,
    amount: str | None,
    unit: str | None,
    counted: str,
    counted_unit: str,
    state: str,
    variance: str | None,
    percent: int | None,
) -> None:
    bottle = stand(installation, room, amount, unit)
    stocktake = Stocktake(installation, room)
    stocktake.counted(bottle, counted, counted_unit)
    [line] = stocktake.lines()
    assert (line["state"], line["variance"], line["percent"]) == (state, variance, percent)
    assert stocktake.look()["states"][state] == 1
    assert [item["container_id"] for item in stocktake.lines(state=state)] == [bottle]
    assert stocktake.post().status_code == 200
    assert container(installation, bottle, "unit")[0] in (unit, "g")  # a pound is kept as grams
    assert stocktake.lines()[0]["state"] == state


def test_mass_and_volume_are_counted_by_density_and_refused_without(installation: Installation, room: int) -> None:
    dense, other = stand(installation, room, "100", "mL", density="0.8"), stand(installation, room, "100", "mL")
    stocktake = Stocktake(installation, room)
    stocktake.counted(dense, "72", "g")
    assert stocktake.line(dense)["variance"] == "-10"
    refused = stocktake.count(
        {"container_id": dense, "result": "as_expected"}, {"container_id": other, "counted": "72", "unit": "g"}
    )
    assert refused.status_code == 422, refused.text
    [error] = refused.json()["errors"]
    assert error["pointer"] == "/lines/1/unit"
    assert stocktake.line(dense)["variance"] == "-10"  # the refused line undid the other line too


def test_a_container_is_counted_as_expected_as_there_or_as_not_found(installation: Installation, room: int) -> None:
    known, unknown = stand(installation, room, "100"), stand(installation, room, None)
    there, lost = stand(installation, room, "7"), stand(installation, room, "9")
    stocktake = Stocktake(installation, room)
    answer = stocktake.count(
        {"container_id": known, "result": "as_expected"},
        {"container_id": unknown, "result": "as_expected"},
        {"container_id": there, "result": "there"},
        {"container_id": lost, "result": "not_found"},
    )
    assert answer.json() == {"counted": 4, "elsewhere": 0}
    said = {line["container_id"]: (line["state"], line["counted"]) for line in stocktake.lines()}
    assert said == {
        known: ("matched", "100"),
        unknown: ("matched", None),
        there: ("matched", None),
        lost: ("not_found", None),
    }
    assert stocktake.look()["posting"] | {"uncounted": 0} == {
        "counts": 1, "amounts_changed": 0, "moved": 0, "missing": 1, "left_for_recount": 0, "uncounted": 0, "off": 0, "clashes": 0,
    }  # fmt: skip
    posted = stocktake.post().json()
    assert (posted["counts"], posted["missing"]) == (1, 1)
    assert container(installation, lost, "missing_since IS NOT NULL", "amount") == (True, Decimal(9))
    for number in (known, unknown, there):
        assert container(installation, number, "last_counted_at IS NOT NULL", "missing_since") == (True, None)
    assert amount_of(installation, unknown) is None


def test_counting_again_replaces_the_count_and_expects_anew(installation: Installation, room: int) -> None:
    """A bottle of 100 is counted as 90, then 20 are taken, then it is counted as 90 again: that is 10 more than expected by then."""
    bottle = stand(installation, room, "100")
    stocktake = Stocktake(installation, room)
    stocktake.counted(bottle, "90")
    take(installation, bottle, "20")
    assert stocktake.line(bottle)["variance"] == "-10"
    stocktake.counted(bottle, "90")
    assert (stocktake.line(bottle)["expected"], stocktake.line(bottle)["variance"]) == ("80", "10")
    assert stocktake.post().json()["amounts_changed"] == 1
    assert amount_of(installation, bottle) == 90


def test_a_count_is_taken_back(installation: Installation, room: int) -> None:
    bottle = stand(installation, room)
    stocktake = Stocktake(installation, room)
    stocktake.counted(bottle, "90")
    undo = f"{stocktake.path}/counts/{bottle}"
    assert stocktake.client.delete(undo).status_code == 204
    assert stocktake.line(bottle)["state"] == "not_counted"
    assert stocktake.client.delete(undo).status_code == 404


def test_a_barcode_is_scanned_in_any_case_and_its_hit_says_what_happened_since(
    installation: Installation, room: int
) -> None:
    bottle = stand(installation, room, "100")
    [barcode] = container(installation, bottle, "barcode")
    stocktake = Stocktake(installation, room)
    take(installation, bottle, "25")
    answer = stocktake.client.get(f"{stocktake.path}/lines", params={"scan": barcode.lower(), "at": room}).json()
    hit = answer["hit"]
    assert (hit["container_id"], hit["belongs"], hit["has_count"], hit["expected"], hit["amount"]) == (
        bottle,
        True,
        False,
        "75",
        "75",
    )
    assert [(line["kind"], line["amount"], line["made_by_name"]) for line in hit["since"]] == [
        ("check_out", "-25", "Ada Lind")
    ]
    assert [line["container_id"] for line in answer["items"]] == [bottle]
    assert answer["here"] == {"id": room, "full_name": answer["here"]["full_name"], "expected": 1, "counted": 0}
    assert stocktake.count({"barcode": barcode, "result": "as_expected"}).status_code == 200
    assert stocktake.line(bottle)["has_count"] is True


def test_what_is_no_barcode_looks_for_names(installation: Installation, room: int) -> None:
    toluene, _ = stand(installation, room, name="Toluene"), stand(installation, room, name="Anisole")
    stocktake = Stocktake(installation, room)
    answer = stocktake.client.get(f"{stocktake.path}/lines", params={"scan": "tolu"}).json()
    assert answer["hit"] is None
    assert [line["container_id"] for line in answer["items"]] == [toluene]


def test_an_unknown_code_is_named_so_that_it_can_be_received(installation: Installation, room: int) -> None:
    bottle = stand(installation, room)
    stocktake = Stocktake(installation, room)
    refused = stocktake.count({"container_id": bottle, "result": "there"}, {"barcode": "NEW-1", "result": "there"})
    assert refused.status_code == 404
    assert refused.json()["unknown"] == ["NEW-1"]
    assert refused.json()["errors"] == [
        {"pointer": "/lines/1/barcode", "detail": "NEW-1 is no container of this lab. Receive it, or scan it again."}
    ]
    assert stocktake.look()["counted"] == 0


# ── found elsewhere ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_belongs_elsewhere_moves_here_on_posting(installation: Installation, room: int) -> None:
    board = add_location(installation, "Board for finds", kind="shelf", parent_id=room)
    other = add_location(installation, "Other room")
    stray, at_home = stand(installation, other, "100"), stand(installation, board, "100")
    stocktake = Stocktake(installation, room)
    hit = stocktake.client.get(f"{stocktake.path}/lines", params={"container": stray, "at": board}).json()["hit"]
    assert (hit["belongs"], hit["state"], hit["has_count"]) == (False, "not_counted", False)
    answer = stocktake.count(
        {"container_id": stray, "result": "as_expected", "location_id": board},
        {"container_id": at_home, "result": "as_expected", "location_id": room},  # it stands below: nothing to move
    )
    assert answer.json() == {"counted": 2, "elsewhere": 1}
    found = stocktake.look()
    assert (found["expected"], found["counted"], found["states"]["elsewhere"], found["posting"]["moved"]) == (
        1,
        1,
        1,
        1,
    )
    assert [line["container_id"] for line in stocktake.lines(state="elsewhere")] == [stray]
    assert container(installation, stray, "location_id") == (other,)
    assert stocktake.post().json()["moved"] == 1
    assert container(installation, stray, "location_id") == (board,)
    assert container(installation, at_home, "location_id") == (board,)
    history = installation.psql(
        "SELECT kind, from_location_id, to_location_id FROM inventory.transfers WHERE container_id = %s ORDER BY id DESC LIMIT 1",
        stray,
        lab="curie",
    )
    assert history == [("move", other, board)]


def test_who_moved_it_since_it_was_counted_knows_better(installation: Installation, room: int) -> None:
    other, third = add_location(installation, "From here"), add_location(installation, "To there")
    stray, lost = stand(installation, other), stand(installation, room)
    stocktake = Stocktake(installation, room)
    stocktake.count({"container_id": stray, "result": "there"}, {"container_id": lost, "result": "not_found"})
    with shelf(installation) as someone:
        someone.run("UPDATE inventory.containers SET location_id = %s WHERE id = ANY (%s)", third, [stray, lost])
    posted = stocktake.post().json()
    assert (posted["moved"], posted["missing"]) == (0, 0)
    assert container(installation, stray, "location_id") == (third,)
    assert container(installation, lost, "location_id", "missing_since") == (third, None)


def test_who_took_from_it_since_it_was_not_found_has_found_it(installation: Installation, room: int) -> None:
    seen, lost = stand(installation, room), stand(installation, room)
    stocktake = Stocktake(installation, room)
    assert stocktake.rest("not_found") == 2
    take(installation, seen, "1")
    assert stocktake.post().json()["missing"] == 1
    assert container(installation, seen, "missing_since") == (None,)
    assert container(installation, lost, "missing_since IS NOT NULL") == (True,)


def test_a_missing_container_that_turns_up_is_there_again(installation: Installation, room: int) -> None:
    other = add_location(installation, "Where it was missed")
    bottle = stand(installation, other)
    first = Stocktake(installation, other)
    assert first.rest("not_found") == 1
    assert first.post().json()["missing"] == 1
    second = Stocktake(installation, room)
    assert second.lines() == []
    second.counted(bottle, "80")
    assert second.post().json()["moved"] == 1
    assert container(installation, bottle, "location_id", "missing_since", "amount") == (room, None, Decimal(80))


# ── review ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reason_and_a_recount_leave_the_count_as_it_is(installation: Installation, room: int) -> None:
    off, other = stand(installation, room, "100"), stand(installation, room, "100")
    stocktake = Stocktake(installation, room)
    stocktake.counted(off, "50")
    stocktake.counted(other, "40")
    take(installation, off, "10")
    lines = [{"container_id": off, "reason": "Evaporated"}, {"container_id": other, "recount": True}]
    assert stocktake.review(lines=lines).json() == {"changed": 2}
    line = stocktake.line(off)
    assert (line["reason"], line["recount"], line["expected"], line["variance"]) == ("Evaporated", False, "100", "-50")
    assert [line["container_id"] for line in stocktake.lines(state="recount")] == [other]
    assert [line["container_id"] for line in stocktake.lines(state="to_count")] == [other]
    assert len(stocktake.lines(state="off")) == 2
    found = stocktake.look()
    assert (found["recount"], found["counted"], found["posting"]["off"], found["posting"]["left_for_recount"]) == (
        1,
        1,
        1,
        1,
    )
    assert stocktake.review(state="recount", recount=False).json() == {"changed": 1}
    assert stocktake.review(state="off", recount=True).json() == {"changed": 2}
    stocktake.counted(other, "60")
    assert stocktake.line(other)["recount"] is False
    posted = stocktake.post().json()
    assert (posted["counts"], posted["amounts_changed"], posted["left_for_recount"]) == (1, 1, 1)
    assert (amount_of(installation, off), amount_of(installation, other)) == (90, 60)


def test_the_movements_carry_the_stocktake_and_the_reason(installation: Installation, room: int) -> None:
    bottle = stand(installation, room, "100")
    stocktake = Stocktake(installation, room)
    stocktake.counted(bottle, "0.05", "kg")
    stocktake.review(lines=[{"container_id": bottle, "reason": "Spilled"}])
    assert stocktake.post().status_code == 200
    rows = installation.psql(
        "SELECT kind, typed_amount, typed_unit, amount, balance, reason, stocktake_id FROM inventory.movements WHERE container_id = %s ORDER BY line DESC LIMIT 1",
        bottle,
        lab="curie",
    )
    assert rows == [("count", Decimal("0.05"), "kg", Decimal(-50), Decimal(50), "Spilled", stocktake.id)]


# ── posting ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_frozen_while_counting(installation: Installation, room: int) -> None:
    """Eight people take from ten bottles between counting and posting: every check-out is kept."""
    bottles = [stand(installation, room, "100") for _ in range(10)]
    stocktake = Stocktake(installation, room)
    for number, bottle in enumerate(bottles):
        stocktake.counted(bottle, str(100 - number))  # 0 to 9 g less than expected
    failures: list[BaseException] = []

    def run(work: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    def take_from_all() -> None:
        for bottle in bottles:
            take(installation, bottle, "1")

    posted: list[Any] = []
    threads = [run(take_from_all) for _ in range(4)]
    threads.append(run(lambda: posted.append(stocktake.post())))
    threads += [run(take_from_all) for _ in range(4)]
    for thread in threads:
        thread.join()
    assert failures == []
    assert posted[0].status_code == 200, posted[0].text
    for number, bottle in enumerate(bottles):
        assert amount_of(installation, bottle) == 100 - number - 8


def test_counting_while_others_take_expects_what_the_ledger_says_at_that_moment(
    installation: Installation, room: int
) -> None:
    """One member counts "as expected" while another takes: whichever request comes first, no count is off."""
    bottles = [stand(installation, room, "100") for _ in range(20)]
    stocktake = Stocktake(installation, room)

    def take_from_all() -> None:
        for bottle in bottles:
            take(installation, bottle, "1")

    threads = [threading.Thread(target=take_from_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert stocktake.rest("as_expected") == 20
    stocktake.count(*({"container_id": bottle, "result": "as_expected"} for bottle in reversed(bottles)))
    for thread in threads:
        thread.join()
    assert {line["variance"] for line in stocktake.lines()} == {"0"}
    assert stocktake.post().json()["amounts_changed"] == 0
    assert {amount_of(installation, bottle) for bottle in bottles} == {Decimal(96)}


def test_counting_goes_on_until_the_moment_of_posting(installation: Installation, room: int) -> None:
    """A count that is sent during the posting is either posted or refused because the stocktake is over; no requests block each other."""
    bottles = [stand(installation, room, "100") for _ in range(20)]
    stocktake = Stocktake(installation, room)
    stocktake.rest("as_expected")
    answers: list[int] = []

    def count_all(order: list[int]) -> None:
        for _ in range(5):
            lines = ({"container_id": bottle, "counted": "99", "unit": "g"} for bottle in order)
            answers.append(stocktake.count(*lines).status_code)

    threads = [threading.Thread(target=count_all, args=[order]) for order in (bottles, bottles[::-1], bottles)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    posted = stocktake.post()
    for thread in threads:
        thread.join()
    assert posted.status_code == 200, posted.text
    assert set(answers) <= {200, 409}
    assert {amount_of(installation, bottle) for bottle in bottles} in ({Decimal(99)}, {Decimal(100)})


def test_a_posting_that_would_leave_less_than_nothing_names_the_container_and_posts_nothing(
    installation: Installation, room: int
) -> None:
    fine, clash = stand(installation, room, "100"), stand(installation, room, "100")
    [barcode] = container(installation, clash, "barcode")
    stocktake = Stocktake(installation, room)
    stocktake.counted(fine, "90")
    stocktake.counted(clash, "10")
    take(installation, clash, "50")
    assert stocktake.look()["posting"]["clashes"] == 1
    refused = stocktake.post()
    assert refused.status_code == 409
    assert refused.json()["detail"] == (
        f"More was taken from {barcode} since it was counted than was found in it. Count it again. Nothing was posted."
    )
    assert (refused.json()["container_id"], refused.json()["errors"][0]["pointer"]) == (clash, f"/counts/{clash}")
    assert (amount_of(installation, fine), amount_of(installation, clash)) == (100, 50)
    assert stocktake.look()["open"] is True
    stocktake.counted(clash, "8")
    assert stocktake.post().status_code == 200
    assert (amount_of(installation, fine), amount_of(installation, clash)) == (90, 8)


def test_a_later_count_holds_against_an_earlier_one(installation: Installation, room: int) -> None:
    """Two stocktakes count the same bottle, and one bottle is counted at the bench meanwhile: no variance is written twice."""
    twice, bench = stand(installation, room, "100"), stand(installation, room, "100")
    one, other = Stocktake(installation, room), Stocktake(installation, None)
    one.counted(twice, "80")
    one.counted(bench, "80")
    other.counted(twice, "80")
    take(installation, bench, "78", kind="count")
    assert other.post().status_code == 200
    assert amount_of(installation, twice) == 80
    take(installation, twice, "5")
    assert one.post().status_code == 200
    assert (amount_of(installation, twice), amount_of(installation, bench)) == (75, 78)


def test_posting_says_when_a_location_was_counted_whole(installation: Installation, room: int) -> None:
    full = add_location(installation, "Counted board", kind="shelf", parent_id=room, count_period_days=30)
    half = add_location(installation, "Half-counted board", kind="shelf", parent_id=room, count_period_days=30)
    empty = add_location(installation, "Empty board", kind="shelf", parent_id=room)
    stand(installation, full), stand(installation, full, "5"), stand(installation, half)
    left = stand(installation, half, name="Left out")
    due = [location["id"] for location in installation.as_user("cleo").get("/labs/curie/stocktakes").json()["due"]]
    assert {full, half} <= set(due)
    stocktake = Stocktake(installation, room)
    stocktake.rest("as_expected", at=full)
    stocktake.rest("as_expected", at=half)
    stocktake.client.delete(f"{stocktake.path}/counts/{left}")
    assert stocktake.post().json()["uncounted"] == 1
    tree = {item["id"]: item for item in installation.as_user("ada").get("/labs/curie/locations").json()["items"]}
    assert [tree[location]["last_counted_at"] is not None for location in (full, empty, half, room)] == [
        True,
        True,
        False,
        False,
    ]
    listed = installation.as_user("cleo").get("/labs/curie/stocktakes").json()
    assert half in {location["id"] for location in listed["due"]}
    assert full not in {location["id"] for location in listed["due"]}
    assert listed["items"][0]["id"] == stocktake.id
    assert listed["items"][0]["outcome"]["counts"] == 3
    over = stocktake.look()
    assert (over["open"], over["expected"], over["counted"], over["states"]["not_counted"]) == (False, 4, 3, 1)


def test_what_is_over_takes_no_more_counts(installation: Installation, room: int) -> None:
    bottle = stand(installation, room)
    for end in ("post", "cancel"):
        stocktake = Stocktake(installation, room)
        stocktake.counted(bottle, "90")
        assert stocktake.client.post(f"{stocktake.path}/{end}").status_code == 200
        for answer in (
            stocktake.count({"container_id": bottle, "result": "there"}),
            stocktake.review(lines=[{"container_id": bottle, "recount": True}]),
            stocktake.client.delete(f"{stocktake.path}/counts/{bottle}"),
            stocktake.post(),
            stocktake.client.post(f"{stocktake.path}/cancel"),
        ):
            assert (answer.status_code, answer.json()["detail"]) == (409, "This stocktake is over.")
        assert [line["counted"] for line in stocktake.lines()] == ["90"]
    assert amount_of(installation, bottle) == 90


def test_a_second_click_posts_once_and_answers_the_same(installation: Installation, room: int) -> None:
    bottle = stand(installation, room, "100")
    stocktake = Stocktake(installation, room)
    stocktake.counted(bottle, "70")
    first = stocktake.client.send_once(f"{stocktake.path}/post", {}, key="post-it-once")
    again = stocktake.client.send_once(f"{stocktake.path}/post", {}, key="post-it-once")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert amount_of(installation, bottle) == 70


def test_one_stocktake_is_open_on_a_location(installation: Installation, room: int) -> None:
    first = Stocktake(installation, room)
    again = installation.as_user("ada").post("/labs/curie/stocktakes", json={"location_id": room})
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (409, "/location_id")
    assert first.client.post(f"{first.path}/cancel").status_code == 200
    Stocktake(installation, room)


def test_a_location_that_is_counted_is_not_archived(installation: Installation, room: int) -> None:
    board = add_location(installation, "Find board", kind="shelf", parent_id=room)
    other = add_location(installation, "Far away")
    stray = stand(installation, other)
    stocktake = Stocktake(installation, room)
    stocktake.count({"container_id": stray, "result": "there", "location_id": board})
    ada = installation.as_user("ada")
    for location in (room, board):
        refused = ada.patch(f"/labs/curie/locations/{location}", json={"archived": True})
        assert refused.status_code == 409
        assert refused.json()["errors"][0]["detail"].startswith("A stocktake of this location is open.")


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_pages_of_lines_join_without_gap_or_overlap_in_both_directions(installation: Installation, room: int) -> None:
    board = add_location(installation, "Second location", kind="shelf", parent_id=room)
    bottles = [
        stand(installation, location, name=name) for location in (room, board) for name in ("Salt", "Ether", "Salt")
    ]
    stocktake = Stocktake(installation, room)
    path = f"{stocktake.path}/lines"
    everything = [line["container_id"] for line in stocktake.lines()]
    assert sorted(everything) == sorted(bottles)
    forwards: list[int] = []
    backwards: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = stocktake.client.get(path, params={"limit": "1", "cursor": cursor}).json()
        forwards += [line["container_id"] for line in page["items"]]
        cursor = page["next"]
    cursor = page["previous"]
    while cursor is not None:
        page = stocktake.client.get(path, params={"limit": "1", "cursor": cursor}).json()
        backwards += [line["container_id"] for line in page["items"]]
        cursor = page["previous"]
    assert forwards == everything
    assert backwards == everything[-2::-1]


def test_past_stocktakes_come_latest_first_page_by_page(installation: Installation, room: int) -> None:
    made = []
    for _ in range(3):
        stocktake = Stocktake(installation, room)
        assert stocktake.client.post(f"{stocktake.path}/cancel").status_code == 200
        made.append(stocktake.id)
    cleo = installation.as_user("cleo")
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = cleo.get("/labs/curie/stocktakes", params={"limit": "1", "cursor": cursor}).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert seen[:3] == made[::-1]
    assert seen == sorted(seen, reverse=True)
    back = cleo.get("/labs/curie/stocktakes", params={"limit": "1", "cursor": page["previous"]}).json()
    assert [item["id"] for item in back["items"]] == seen[-2:-1]


def test_the_report_has_every_line(installation: Installation, room: int) -> None:
    off, stray = stand(installation, room, "100", name="=Salt"), stand(installation, None, "5", name="Stray")
    stand(installation, room, "7", name="Uncounted")
    stocktake = Stocktake(installation, room)
    stocktake.counted(off, "50")
    stocktake.counted(stray, "5")
    answer = stocktake.client.get(f"{stocktake.path}/report.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    said = {
        row["Chemical"]: (row["Result"], row["Expected"], row["Counted"], row["Variance"], row["Counted by"])
        for row in rows
    }
    assert said == {
        "'=Salt": ("off", "100", "50", "-50", "Ben Okoro"),
        "Uncounted": ("not counted", "7", "", "", ""),
        "Stray": ("found elsewhere", "5", "5", "0", "Ben Okoro"),
    }


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────────────────────

BAD_LINES: list[tuple[dict[str, Any], str, str | None]] = [
    ({"counted": "1", "unit": "g"}, "/lines/0/barcode", "Scan a container, or choose one."),
    ({"container_id": 1, "barcode": "X", "result": "there"}, "/lines/0/barcode", "Scan a container, or choose one."),
    ({"container_id": "HERE"}, "/lines/0/counted", "Write an amount, such as 2.5 g."),
    ({"container_id": "HERE", "counted": ""}, "/lines/0/counted", "Write an amount, such as 2.5 g."),
    ({"container_id": "HERE", "counted": "1,5", "unit": "g"}, "/lines/0/counted", "Write the decimal point as a point: 1.5"),
    ({"container_id": "HERE", "counted": "-1", "unit": "g"}, "/lines/0/counted", None),
    ({"container_id": "HERE", "counted": "NaN", "unit": "g"}, "/lines/0/counted", None),
    ({"container_id": "HERE", "counted": "1e5", "unit": "g"}, "/lines/0/counted", None),
    ({"container_id": "HERE", "counted": "9" * 400, "unit": "g"}, "/lines/0/counted", None),
    ({"container_id": "HERE", "counted": "5"}, "/lines/0/unit", "Write the unit beside the amount, such as g or mL."),
    ({"container_id": "HERE", "counted": "5", "unit": "furlong"}, "/lines/0/unit", None),
    ({"container_id": "HERE", "counted": "5", "unit": "mL"}, "/lines/0/unit", None),
    ({"container_id": "HERE", "counted": "5", "unit": "each"}, "/lines/0/unit", None),
    ({"container_id": 2**70, "result": "there"}, "/lines/0/container_id", None),
    ({"container_id": 0, "result": "there"}, "/lines/0/container_id", None),
    ({"container_id": "x", "result": "there"}, "/lines/0/container_id", None),
    ({"barcode": "a\x00b", "result": "there"}, "/lines/0/barcode", None),
    ({"barcode": "x" * 300, "result": "there"}, "/lines/0/barcode", "At most 200 characters."),
    ({"container_id": "HERE", "result": "eaten"}, "/lines/0/result", None),
    ({"container_id": "HERE", "result": "there", "location_id": 2**62}, "/lines/0/location_id", "This location is not part of this stocktake."),
    ({"container_id": "HERE", "result": "there", "location_id": "OUTSIDE"}, "/lines/0/location_id", "This location is not part of this stocktake."),
    ({"container_id": "HERE", "result": "there", "expected": "5"}, "/lines/0/expected", "There is no such field."),
]  # fmt: skip


@pytest.mark.parametrize(("line", "pointer", "sentence"), BAD_LINES)
def test_a_bad_count_is_refused_beside_its_field(
    installation: Installation, room: int, line: dict[str, Any], pointer: str, sentence: str | None
) -> None:
    bottle, outside = stand(installation, room), add_location(installation, f"Outside of {room}")
    stocktake = Stocktake(installation, room)
    named = {"HERE": bottle, "OUTSIDE": outside}
    answer = stocktake.count(
        {key: named.get(value, value) if isinstance(value, str) else value for key, value in line.items()}
    )
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert sentence in (None, error["detail"])
    assert stocktake.look()["counted"] == 0


def test_other_bad_requests_are_refused_and_change_nothing(installation: Installation, room: int) -> None:
    bottle, gone = stand(installation, room), stand(installation, room)
    take(installation, gone, "0", kind="count")
    with shelf(installation) as here:
        here.post(gone, "dispose")
    stocktake = Stocktake(installation, room)
    client, path = stocktake.client, stocktake.path
    twice = {"container_id": bottle, "result": "there"}
    cases: list[tuple[Any, int]] = [
        (stocktake.count(), 422),
        (stocktake.count(twice, twice), 422),
        (stocktake.count({"container_id": gone, "result": "there"}), 409),
        (stocktake.count({"container_id": 2**62, "result": "there"}), 404),
        (client.post(f"{path}/counts", json={"lines": [twice] * 10_001}), 422),
        (client.post(f"{path}/counts", json=[]), 422),
        (client.post(f"{path}/counts", data="{", headers={"Content-Type": "application/json"}), 400),
        (client.post(f"{path}/counts/rest", json={"result": "counted"}), 422),
        (client.post(f"{path}/counts/rest", json={"result": "there", "at": 2**62}), 404),
        (stocktake.review(), 422),
        (stocktake.review(state="off"), 422),
        (stocktake.review(state="nonsense", recount=True), 422),
        (stocktake.review(lines=[{"container_id": bottle, "recount": True}]), 404),
        (stocktake.review(lines=[{"container_id": bottle, "reason": "x" * 201}]), 422),
        (client.get(f"{path}/lines", params={"cursor": "bm9uc2Vuc2U"}), 422),
        (client.get(f"{path}/lines", params={"state": "nonsense"}), 422),
        (client.get(f"{path}/lines", params={"limit": 0}), 422),
        (client.get(f"{path}/lines", params={"at": 2**62}), 404),
        (client.get(f"{path}/lines", params={"at": 2**70}), 422),
        (client.get(f"{path}/lines", params={"container": 2**62}), 404),
        (client.get(f"{path}/lines", params={"scan": "a\x00b"}), 422),
        (client.get(f"{path}/lines", params={"scan": "%_\\ '\""}), 200),
        (client.post("/labs/curie/stocktakes", json={"location_id": 2**62}), 404),
        (client.post("/labs/curie/stocktakes", json={"location_id": 2**70}), 422),
        (client.post("/labs/curie/stocktakes", json={"location_id": "x"}), 422),
        (client.post("/labs/curie/stocktakes", json={}), 422),
        (client.get("/labs/curie/stocktakes", params={"cursor": "x"}), 422),
        (client.get(f"/labs/curie/stocktakes/{2**62}"), 404),
        (client.get(f"/labs/curie/stocktakes/{2**70}"), 422),
        (client.post(f"/labs/curie/stocktakes/{2**62}/post"), 404),
        (client.post(f"/labs/curie/stocktakes/{2**62}/cancel"), 404),
        (client.get(f"/labs/curie/stocktakes/{2**62}/report.csv"), 404),
    ]
    for answer, status in cases:
        assert answer.status_code == status, f"{answer.request.method} {answer.request.url}: {answer.text}"
    assert (stocktake.look()["counted"], stocktake.look()["recount"]) == (0, 0)


def test_a_viewer_looks_and_does_not_count(installation: Installation, room: int) -> None:
    bottle = stand(installation, room)
    stocktake, cleo = Stocktake(installation, room), installation.as_user("cleo")
    stocktake.counted(bottle, "90")
    for path in ("", f"/{stocktake.id}", f"/{stocktake.id}/lines", f"/{stocktake.id}/report.csv"):
        assert cleo.get(f"/labs/curie/stocktakes{path}").status_code == 200
    line = {"lines": [{"container_id": bottle, "result": "there"}]}
    refusals = [
        cleo.post("/labs/curie/stocktakes", json={"location_id": None}),
        cleo.post(f"{stocktake.path}/counts", json=line),
        cleo.post(f"{stocktake.path}/counts/rest", json={"result": "there"}),
        cleo.patch(f"{stocktake.path}/counts", json={"lines": [{"container_id": bottle, "recount": True}]}),
        cleo.delete(f"{stocktake.path}/counts/{bottle}"),
        cleo.post(f"{stocktake.path}/post"),
        cleo.post(f"{stocktake.path}/cancel"),
    ]
    assert {answer.status_code for answer in refusals} == {403}
    assert stocktake.line(bottle)["counted"] == "90"


def test_eve_reaches_nothing_of_curies_stocktake(installation: Installation, room: int) -> None:
    bottle = stand(installation, room)
    [barcode] = container(installation, bottle, "barcode")
    stocktake, eve = Stocktake(installation, room), installation.as_user("eve")
    own = Stocktake(installation, None, "eve", "hodgkin")
    assert own.lines() == []
    for here, nowhere in (
        (eve.get(f"/labs/hodgkin/stocktakes/{stocktake.id}"), eve.get(f"/labs/hodgkin/stocktakes/{2**62}")),
        (eve.post(f"/labs/hodgkin/stocktakes/{stocktake.id}/post"), eve.post(f"/labs/hodgkin/stocktakes/{2**62}/post")),
        (
            eve.post("/labs/hodgkin/stocktakes", json={"location_id": room}),
            eve.post("/labs/hodgkin/stocktakes", json={"location_id": 2**62}),
        ),
        (own.count({"container_id": bottle, "result": "there"}), own.count({"container_id": 2**62, "result": "there"})),
        (
            eve.get(f"{own.path}/lines", params={"container": bottle}),
            eve.get(f"{own.path}/lines", params={"container": 2**62}),
        ),
    ):
        assert here.status_code == nowhere.status_code == 404
        assert here.json() == nowhere.json()
    if not eve.get("/labs/hodgkin/containers", params={"q": barcode}).json().get("items"):
        assert eve.get(f"{own.path}/lines", params={"scan": barcode}).json()["hit"] is None
    for user in ("eve", "root"):
        client = installation.as_user(user)
        for path in ("", f"/{stocktake.id}", f"/{stocktake.id}/lines", f"/{stocktake.id}/report.csv"):
            assert client.get(f"/labs/curie/stocktakes{path}").status_code == 404
        assert client.post(f"{stocktake.path}/post").status_code == 404


def test_thousands_are_counted_as_expected_in_bulk(installation: Installation) -> None:
    """A college's 5,683 containers in one request each; bench/stocktakes.py measures how long they take."""
    [[lab]] = installation.psql("INSERT INTO control.labs (slug, name) VALUES ('college', 'College') RETURNING id")
    installation.psql(
        "INSERT INTO control.members (lab_id, user_id, role) SELECT %s, id, 'manager' FROM control.users WHERE username = 'ada'",
        lab,
    )
    with shelf(installation, "ada", "college") as here:
        here.run(
            "INSERT INTO inventory.locations (kind, name) SELECT 'room', 'Room ' || g FROM generate_series(1, 300) AS g"
        )
        here.run("INSERT INTO inventory.chemicals (name) SELECT 'Salt ' || g FROM generate_series(1, 2000) AS g")
        here.run(
            """INSERT INTO inventory.containers (chemical_id, location_id, unit, barcode)
               SELECT h.id, l.id, 'g', 'B' || g
                 FROM generate_series(1, 5683) AS g
                 JOIN (SELECT id, row_number() OVER () AS n FROM inventory.chemicals) AS h ON h.n = g % 2000 + 1
                 JOIN (SELECT id, row_number() OVER () AS n FROM inventory.locations) AS l ON l.n = g % 300 + 1"""
        )
        here.run(
            "INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit) SELECT id, 'receive', 100, 'g' FROM inventory.containers ORDER BY id"
        )
    with psycopg.connect(installation.dsn(), autocommit=True) as owner:  # autovacuum would do this within a minute
        owner.execute("SET ROLE chemowner")
        owner.execute("ANALYZE inventory.containers, inventory.chemicals, inventory.locations, inventory.movements")
    stocktake = Stocktake(installation, None, "ada", "college")
    assert len(stocktake.lines()) == 50
    assert stocktake.rest("as_expected") == 5683
    assert stocktake.post().json() | {"off": 0} == {
        "counts": 5683, "amounts_changed": 0, "moved": 0, "missing": 0, "left_for_recount": 0, "uncounted": 0, "off": 0, "clashes": 0,
    }  # fmt: skip
