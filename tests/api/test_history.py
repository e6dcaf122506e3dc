"""The lab's history: filters, pages in both directions, the file, and what belongs to a line."""

import base64
import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from api.resources.history.queries import PAGE, Beginning, Filter, statement
from tests.installation import Installation
from tests.sql.shelf import Shelf, shelf

CLOCK = "SELECT set_config('app.clock', %s, false)"
Known = dict[str, int]
Line = dict[str, Any]


def at(on: Shelf, moment: str) -> None:
    """The lines written from now on get the time `moment`."""
    on.run(CLOCK, moment)


@pytest.fixture(scope="module")
def known(installation: Installation) -> Known:
    """Ten lines of curie's, which keeps London's time; six of hodgkin's at one instant."""
    with shelf(installation, "ada") as ada, shelf(installation, "ben") as ben:
        [[room]] = ada.run("INSERT INTO inventory.locations (kind, name) VALUES ('room', 'Cold room') RETURNING id")
        at(ada, "2025-03-02T09:00:00Z")
        thf = ada.add_container("2", "L", "Tetrahydrofuran")
        salt = ada.add_container("500", "g", "Table salt")
        ada.run("UPDATE inventory.containers SET location_id = %s WHERE id = %s", room, thf)
        # 23:30 on 30 June in Greenwich, which is 0:30 on 1 July in London
        at(ben, "2025-06-30T23:30:00Z")
        wrong, *_ = ben.post(thf, "check_out", "250", "mL", reason="Lithiation, CK-421")
        at(ben, "2025-07-01T10:00:00Z")
        ben.post(thf, "return", "50", "mL", refers_to=wrong)
        ben.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", salt)
        at(ada, "2025-07-02T10:00:00Z")
        ada.post(thf, "correct", "300", "mL", refers_to=wrong, reason="Misread")
        counted, *_ = ada.post(salt, "count", "490")
        at(ada, "2025-07-03T10:00:00Z")
        gone = ada.add_container("5", "g", "=HYPERLINK(evil)")
        ada.post(gone, "dispose", reason="Old")
        [[barcode]] = ada.run("SELECT barcode FROM inventory.containers WHERE id = %s", salt)
        [[chemical]] = ada.run("SELECT chemical_id FROM inventory.containers WHERE id = %s", thf)
    with shelf(installation, "eve", "hodgkin") as eve:
        at(eve, "2025-08-01T12:00:00Z")
        [[bench]] = eve.run("INSERT INTO inventory.locations (kind, name) VALUES ('room', 'Bench') RETURNING id")
        for _ in range(3):
            eves = eve.add_container("1", "mg", "Lysozyme")
            eve.run("UPDATE inventory.containers SET location_id = %s WHERE id = %s", bench, eves)
    [[ben_id]] = installation.psql("SELECT id FROM control.users WHERE username = 'ben'")
    names = {"room": room, "thf": thf, "salt": salt, "gone": gone, "wrong": wrong, "counted": counted, "eves": eves}
    return names | {"barcode": barcode, "chemical": chemical, "ben": ben_id}


def ask(installation: Installation, who: str = "ada", lab: str = "curie", **search: Any) -> Line:
    answer = installation.as_user(who).get(f"/labs/{lab}/history", params=search)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def kinds(installation: Installation, **search: Any) -> list[str]:
    return [line["kind"] for line in ask(installation, **search)["items"]]


ALL = ["dispose", "receive", "count", "correct", "take", "return", "check_out", "move", "receive", "receive"]


def test_movements_and_transfers_are_one_list_latest_first(installation: Installation, known: Known) -> None:
    page = ask(installation)
    assert [line["kind"] for line in page["items"]] == ALL
    assert (page["next"], page["previous"], page["facets"]) == (None, None, None)
    taken = page["items"][6]
    shown = ("chemical_name", "amount", "unit", "typed_amount", "typed_unit", "balance", "made_by_name", "reason")
    assert [taken[name] for name in shown] == [
        "Tetrahydrofuran", "-0.25", "L", "250", "mL", "1.75", "Ben Okoro", "Lithiation, CK-421",
    ]  # fmt: skip
    moved = page["items"][7]
    assert (moved["source"], moved["from_location"], moved["to_location"]) == ("transfer", None, "Cold room")
    assert page["items"][4]["to_holder"] == "Ben Okoro"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"q": "tetra"}, ["correct", "return", "check_out", "move", "receive"]),
        ({"q": "tetra fur"}, ["correct", "return", "check_out", "move", "receive"]),  # found inside the name
        ({"q": "tetra xylo"}, []),
        ({"q": "BARCODE"}, ["count", "take", "receive"]),
        ({"q": "!!!"}, []),
        ({"chemical": "CHEMICAL"}, ["correct", "return", "check_out", "move", "receive"]),
        ({"chemical": "999999"}, []),
        ({"chemical": ""}, ALL),
        ({"container": "SALT"}, ["count", "take", "receive"]),
        ({"barcode": "BARCODE"}, ["count", "take", "receive"]),
        ({"barcode": "barcode"}, ["count", "take", "receive"]),
        ({"container": "EVES"}, []),
        ({"member": "BEN"}, ["take", "return", "check_out"]),
        ({"member": "BEN", "kind": "return"}, ["return"]),
        ({"kind": ["take", "check_out"]}, ["take", "check_out"]),
        ({"kind": ["move", "move"]}, ["move"]),
        ({"kind": "bring_back"}, []),
        ({"q": "tetra", "kind": ["receive", "move"]}, ["move", "receive"]),
        ({"stocktake": "1"}, []),
        ({"stocktake": "1", "kind": "move"}, []),
        ({"delivery": "1"}, []),
        ({"line": "WRONG"}, ["correct", "return", "check_out"]),
        ({"limit": "3"}, ALL[:3]),
    ],
)
def test_the_history_is_narrowed(
    installation: Installation, known: Known, search: dict[str, Any], found: list[str]
) -> None:
    barcode = str(known["barcode"])
    meant = {"BARCODE": barcode, "barcode": barcode.lower(), "SALT": known["salt"], "EVES": known["eves"]}
    meant |= {"BEN": known["ben"], "CHEMICAL": known["chemical"], "WRONG": known["wrong"]}
    given = {name: meant.get(value, value) if isinstance(value, str) else value for name, value in search.items()}
    assert kinds(installation, **given) == found


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2025-07-01", None, ALL[:7]),
        ("2025-07-02", None, ALL[:4]),
        (None, "2025-06-30", ALL[7:]),
        ("2025-07-01", "2025-07-01", ALL[4:7]),
        ("2025-06-30", "2025-06-30", []),
    ],
)
def test_a_day_is_one_of_the_labs_time_zone(
    installation: Installation, known: Known, first: str | None, last: str | None, found: list[str]
) -> None:
    assert kinds(installation, **{"from": first, "to": last}) == found


@pytest.mark.parametrize(
    ("who", "search"),
    [
        ("ada", {}),
        ("ada", {"kind": ["receive", "move", "count", "take"]}),
        ("ada", {"q": "ta"}),
        ("eve", {}),  # all at the same instant
    ],
)
def test_pages_join_without_gap_or_overlap_in_both_directions(
    installation: Installation, known: Known, who: str, search: dict[str, Any]
) -> None:
    lab = "curie" if who == "ada" else "hodgkin"
    everything = [(line["source"], line["id"]) for line in ask(installation, who, lab, **search)["items"]]
    assert len(everything) >= 3
    forwards: list[tuple[str, int]] = []
    backwards: list[tuple[str, int]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = ask(installation, who, lab, limit=1, cursor=cursor, **search)
        forwards += [(line["source"], line["id"]) for line in page["items"]]
        cursor = page["next"]
    cursor = page["previous"]
    while cursor is not None:
        page = ask(installation, who, lab, limit=1, cursor=cursor, **search)
        backwards += [(line["source"], line["id"]) for line in page["items"]]
        cursor = page["previous"]
    assert forwards == everything
    assert backwards == everything[-2::-1]


def test_a_correction_and_its_line_point_at_each_other(installation: Installation, known: Known) -> None:
    lines = ask(installation)["items"]
    taken, correction = lines[6], lines[3]
    [entry] = taken["corrections"]
    assert entry["id"] == correction["id"]
    assert [entry[name] for name in ("typed_amount", "typed_unit", "amount", "unit", "made_by_name", "reason")] == [
        "300", "mL", "-0.05", "L", "Ada Lind", "Misread",
    ]  # fmt: skip
    assert correction["refers_to"]["id"] == taken["id"]
    assert correction["refers_to"]["amount"] == "-0.25"
    assert lines[5]["refers_to"]["kind"] == "check_out"


def test_one_line_comes_with_its_container(installation: Installation, known: Known) -> None:
    answer = installation.as_user("ben").get(f"/labs/curie/history/{known['wrong']}")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["line"]["id"] == known["wrong"]
    assert found["container"]["id"] == known["thf"]
    assert found["container"]["units"][0] == "L"
    assert found["line"]["corrections"][0]["typed_amount"] == "300"


def test_facets_say_what_one_may_narrow_by(installation: Installation, known: Known) -> None:
    search: Line = {"member": known["ben"], "chemical": known["chemical"], "container": known["thf"], "facets": True}
    facets = ask(installation, **search)["facets"]
    assert [person["name"] for person in facets["members"]] == ["Ada Lind", "Ben Okoro"]
    assert facets["kinds"] == ["receive", "check_out", "return", "count", "dispose", "correct", "move", "take"]
    assert (facets["member"], facets["chemical"]) == ("Ben Okoro", "Tetrahydrofuran")
    assert facets["container"].startswith("CT-")
    assert (facets["stocktake"], facets["delivery"]) == (None, None)
    assert (facets["count"], facets["counted_all"]) == (2, True)


def download(installation: Installation, who: str = "ada", lab: str = "curie", **search: Any) -> requests.Response:
    return installation.as_user(who).get(f"/labs/{lab}/history.csv", params=search)


def rows_of(answer: requests.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_file_has_the_same_lines(installation: Installation, known: Known) -> None:
    answer = download(installation, to="2025-07-03")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="history-curie-20' in answer.headers["Content-Disposition"]
    rows = rows_of(answer)
    assert [row["Kind"] for row in rows] == ALL
    taken = rows[6]
    assert taken["Time"] == "2025-07-01 00:30:00"
    assert taken["Time (UTC)"] == "2025-06-30T23:30:00Z"
    assert [taken[name] for name in ("Change", "Unit", "Left", "Typed amount", "Typed unit", "Purpose", "Member")] == [
        "-0.25", "L", "1.75", "250", "mL", "Lithiation, CK-421", "Ben Okoro",
    ]  # fmt: skip
    assert rows[0]["Chemical"] == "'=HYPERLINK(evil)"
    assert rows[3]["Refers to id"] == taken["Id"]
    assert [row["Kind"] for row in rows_of(download(installation, kind="move"))] == ["move"]


def test_the_file_is_read_in_many_pages(
    installation: Installation, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows_of(download(installation))
    monkeypatch.setattr("api.resources.history.routes.ROWS_A_READ", 2)
    assert rows_of(download(installation)) == whole
    assert len(rows_of(download(installation, q="tetra"))) == 5
    assert rows_of(download(installation, q="nothing")) == []


def test_a_file_that_breaks_off_does_not_look_whole(
    installation: Installation, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.resources.history.routes.ROWS_A_READ", 2)
    begun: list[str] = []

    class FailingAtTheThird(Beginning):
        def __init__(self, cursor: str) -> None:
            super().__init__(cursor)
            begun.append(cursor)
            if len(begun) == 3:
                raise RuntimeError("as if the database went away")

    monkeypatch.setattr("api.resources.history.routes.Beginning", FailingAtTheThird)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        download(installation)


@pytest.mark.parametrize(
    ("search", "pointer", "sentence"),
    [
        ({"from": "yesterday"}, "/from", "Write a date as 2026-03-31."),
        ({"from": "2025-02-30"}, "/from", "Write a date as 2026-03-31."),
        ({"to": "11/01/2025"}, "/to", "Write a date as 2026-03-31."),
        ({"from": "2025-07-02", "to": "2025-07-01"}, "/to", "This is before the first day."),
        ({"chemical": "1e9"}, "/chemical", "Write a whole number."),
        ({"container": str(2**63)}, "/container", None),
        ({"member": "-1"}, "/member", "Write 1 or more."),
        ({"kind": "explode"}, "/kind/0", None),
        ({"limit": "201"}, "/limit", "Write 200 or less."),
        ({"q": "x" * 201}, "/q", "At most 200 characters."),
        ({"order": "made_at; DROP TABLE"}, "/order", "There is no such field."),
        ({"cursor": "nonsense"}, None, "This page of the list cannot be found. Start again from its beginning."),
        ({"q": "a\x00b"}, None, None),
        ({"barcode": "\x00"}, None, None),
    ],
)
def test_a_bad_filter_is_refused_beside_its_field(
    installation: Installation, search: dict[str, str], pointer: str | None, sentence: str | None
) -> None:
    for path in ("history", "history.csv"):
        if path == "history.csv" and search.keys() & {"limit", "cursor"}:
            continue
        answer = installation.as_user("ada").get(f"/labs/curie/{path}", params=search)
        assert answer.status_code == 422, answer.text
        errors = {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
        if pointer:
            assert pointer in errors
            assert sentence in (None, errors[pointer])
        elif sentence:
            assert answer.json()["detail"] == sentence


@pytest.mark.parametrize(
    "values",
    [
        ["next", "2025-01-01T00:00:00+00:00", "container", 1],
        ["sideways", "2025-01-01T00:00:00+00:00", "movement", 1],
        ["next", "noon", "movement", 1],
        ["next", "0001-01-01T00:00:00+14:00", "movement", 1],
        ["next", "2025-01-01T00:00:00+00:00", "movement", "1"],
        ["next", "2025-01-01T00:00:00+00:00", "movement"],
    ],
)
def test_a_made_up_cursor_is_refused(installation: Installation, values: list[object]) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    answer = installation.as_user("ada").get("/labs/curie/history", params={"cursor": cursor})
    assert answer.status_code == 422, answer.text


def test_a_cursor_far_outside_is_an_empty_page(installation: Installation, known: Known) -> None:
    for moment, last in (("0002-01-01T00:00:00+00:00", 1), ("2000-01-01T00:00:00+00:00", 10**30)):
        cursor = base64.urlsafe_b64encode(json.dumps(["next", moment, "transfer", last]).encode()).decode().rstrip("=")
        assert ask(installation, cursor=cursor)["items"] == []


def test_viewers_read_the_history_and_strangers_do_not(installation: Installation, known: Known) -> None:
    assert len(ask(installation, "cleo")["items"]) >= len(ALL)
    assert rows_of(download(installation, "cleo"))
    for who in ("eve", "root"):
        for path in ("history", "history.csv", f"history/{known['wrong']}"):
            assert installation.as_user(who).get(f"/labs/curie/{path}").status_code == 404
    assert installation.as_user("eve").get(f"/labs/hodgkin/history/{known['wrong']}").status_code == 404
    assert installation.as_user("ada").get(f"/labs/curie/history/{2**63}").status_code == 422
    seen = {line["chemical_name"] for line in ask(installation, "eve", "hodgkin")["items"]}
    assert "Tetrahydrofuran" not in seen
    assert ask(installation, "eve", "hodgkin", container=known["thf"])["items"] == []


@pytest.fixture
def plans(installation: Installation) -> Iterator[Any]:
    """PostgreSQL's plans for a page, as chemuser. Sequential scans are made as expensive as they are in a long ledger."""
    with shelf(installation, "ada") as on:
        on.run("SET enable_seqscan = off")
        on.run("SET enable_bitmapscan = off")

        def plan(**search: Any) -> str:
            sql, given = statement(Filter(**search), PAGE, 51, columns="e.id")
            rows = on.connection.execute(f"EXPLAIN (COSTS OFF) {sql}".encode(), given).fetchall()
            return "\n".join(row[0] for row in rows)

        yield plan


@pytest.mark.parametrize(
    ("search", "indexes"),
    [
        ({}, ["movements_by_time", "transfers_by_time"]),
        ({"kind": ["dispose", "take"]}, ["movements_by_kind", "transfers_by_kind"]),
    ],
)
def test_a_page_is_read_in_the_order_of_an_index(plans: Any, search: dict[str, Any], indexes: list[str]) -> None:
    plan = plans(**search)
    for index in indexes:
        assert f"Index Only Scan Backward using {index}" in plan or f"Index Scan Backward using {index}" in plan, plan


def correctable(installation: Installation, who: str) -> list[str]:
    return [line["kind"] for line in ask(installation, who)["items"] if line["correctable"]]


def test_who_may_correct_a_line_is_said_with_it(installation: Installation, known: Known) -> None:
    # The receipt of a bottle that was disposed of cannot be corrected any more, but its disposal can.
    assert correctable(installation, "ada") == ["dispose", "count", "return", "check_out", "receive", "receive"]
    assert correctable(installation, "ben") == []  # all lines of ben are older than a day
    assert correctable(installation, "cleo") == []
    with shelf(installation, "ben") as ben:
        ben.post(known["salt"], "check_out", "1")
    assert correctable(installation, "ben") == ["check_out"]
    assert correctable(installation, "cleo") == []
