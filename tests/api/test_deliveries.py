"""Receive a purchase: one delivery of many lines becomes containers with barcodes."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.installation import Installation, confirmation


@pytest.fixture(scope="module")
def chemical(installation: Installation) -> int:
    """The id of acetonitrile in Curie lab."""
    answer = installation.as_user("ada").post(
        "/labs/curie/chemicals", json={"name": "Acetonitrile", "cas_number": "75-05-8", "density_g_per_ml": "0.786"}
    )
    return int(answer.json()["id"])


@pytest.fixture(scope="module")
def shelf(installation: Installation) -> int:
    """The id of a location of Curie lab."""
    answer = installation.as_user("ada").post("/labs/curie/locations", json={"kind": "room", "name": "Room 2.14"})
    return int(answer.json()["id"])


def send(installation: Installation, *lines: dict[str, object], user: str = "ben", **head: object) -> requests.Response:
    return installation.as_user(user).post("/labs/curie/deliveries", json={"lines": lines, **head})


def received(installation: Installation, *lines: dict[str, object], **head: Any) -> list[dict[str, Any]]:
    """The containers that the delivery made, as they are now."""
    answer = send(installation, *lines, **head)
    assert answer.status_code == 201, answer.text
    found = installation.as_user("ben").get(f"/labs/curie/deliveries/{answer.json()['id']}").json()
    order = [made["id"] for made in answer.json()["containers"]]
    return sorted(found["items"], key=lambda item: order.index(item["id"]))


def stock(installation: Installation) -> tuple[int, int, int]:
    """The numbers of deliveries, chemicals and containers in Curie lab."""
    [row] = installation.psql(
        "SELECT (SELECT count(*) FROM inventory.deliveries), (SELECT count(*) FROM inventory.chemicals),"
        " (SELECT count(*) FROM inventory.containers)",
        as_="dba",
        lab="curie",
    )
    return row


def test_a_delivery_of_several_lines_becomes_containers(installation: Installation, chemical: int, shelf: int) -> None:
    answer = send(
        installation,
        {
            "chemical_id": chemical,
            "count": 3,
            "pack_size": "500",
            "pack_unit": "ml",
            "lot": "SHBQ4471",
            "catalogue_number": "34851",
            "purity": "99.9 %",
            "expires_on": "2030-06-30",
            "location_id": shelf,
            "price": "41.20",
            "currency": "eur",
            "barcodes": ["A-1", "", "A-3"],
        },
        {"chemical": {"name": "House dust"}, "amount": "12 g"},
        order_number="4500123",
        supplier="Sigma-Aldrich",
        received_on="2025-03-31",
    )
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert [container["line"] for container in made["containers"]] == [0, 0, 0, 1]
    assert {"A-1", "A-3"} < {container["barcode"] for container in made["containers"]}
    assert made["warnings"] == []

    delivery = installation.as_user("cleo").get(f"/labs/curie/deliveries/{made['id']}").json()
    assert (delivery["order_number"], delivery["supplier"], delivery["received_on"]) == (
        "4500123",
        "Sigma-Aldrich",
        "2025-03-31",
    )
    assert delivery["made_by_name"] == "Ben Okoro"
    assert [(chemical["name"], chemical["containers"]) for chemical in delivery["chemicals"]] == [
        ("Acetonitrile", 3),
        ("House dust", 1),
    ]
    first, *_, dust = delivery["items"]
    expected = {
        "amount": "500",
        "unit": "mL",
        "received_amount": "500",
        "received_unit": "mL",
        "pack_size": "500",
        "pack_unit": "mL",
        "lot": "SHBQ4471",
        "supplier": "Sigma-Aldrich",
        "catalogue_number": "34851",
        "purity": "99.9 %",
        "expires_on": "2030-06-30",
        "received_on": "2025-03-31",
        "location": "Room 2.14",
        "price": "41.2",
        "currency": "EUR",
        "delivery_id": made["id"],
    }
    assert {name: first[name] for name in expected} == expected
    assert (dust["amount"], dust["unit"], dust["pack_size"], dust["location"]) == ("12", "g", None, None)


@pytest.mark.parametrize(
    ("line", "kept", "typed", "pack"),
    [
        ({"pack_size": "1", "pack_unit": "lb"}, ("453.59237", "g"), ("1", "lb"), ("453.59237", "g")),
        ({"pack_size": "1 gal"}, ("3.785411784", "L"), ("1", "gal"), ("3.785411784", "L")),
        ({"pack_size": "2.5", "pack_unit": "L"}, ("2.5", "L"), ("2.5", "L"), ("2.5", "L")),
        ({"pack_size": "500 mL", "amount": "120"} | {"unit": "mL"}, ("120", "mL"), ("120", "mL"), ("500", "mL")),
        ({"pack_size": "500 mL", "amount": "300 g"}, ("300", "g"), ("300", "g"), ("500", "mL")),
        ({"pack_size": "500 mL", "amount_unknown": True}, (None, "mL"), (None, None), ("500", "mL")),
        ({"amount_unknown": True}, (None, None), (None, None), (None, None)),
        ({"amount_unknown": True, "unit": "lb"}, (None, "g"), (None, None), (None, None)),
        ({"amount": "150 bar"}, ("150", "bar"), ("150", "bar"), (None, None)),
        ({"amount": "5 ea"}, ("5", "each"), ("5", "each"), (None, None)),
        ({"pack_size": 0.1, "pack_unit": "µL"}, ("0.1", "µL"), ("0.1", "µL"), ("0.1", "µL")),
    ],
)
def test_what_is_in_each_is_the_pack_unless_said_and_typed_units_stay_in_the_ledger(
    installation: Installation,
    chemical: int,
    line: dict[str, object],
    kept: tuple[str, str],
    typed: tuple[str, str],
    pack: tuple[str, str],
) -> None:
    [made] = received(installation, {"chemical_id": chemical, **line})
    assert (made["amount"], made["unit"]) == kept
    assert (made["received_amount"], made["received_unit"]) == typed
    assert (made["pack_size"], made["pack_unit"]) == pack


def test_a_new_chemical_is_listed_with_what_is_known_of_its_cas_number(installation: Installation) -> None:
    [made] = received(installation, {"chemical": {"cas_number": "67-64-1", "fill_in": True}, "pack_size": "1 L"})
    found = installation.as_user("ada").get(f"/labs/curie/chemicals/{made['chemical_id']}").json()
    assert found["name"] == "Acetone"
    assert found["formula"] == "C3H6O"
    assert "GHS02" in found["pictograms"]
    assert found["signal_word"] == "Danger"
    assert "propan-2-one" in found["synonyms"]
    assert made["h_statements"][:2] == ["H225", "H319"]


def test_what_the_lab_says_goes_before_what_is_known(installation: Installation) -> None:
    line = {
        "chemical": {
            "name": "Acetone-d6 mix",
            "cas_number": "67-64-1",
            "formula": "C3D6O",
            "fill_in": True,
            "belong_together": True,
        }
    }
    [made] = received(installation, {**line, "amount": "1 g"})
    found = installation.as_user("ada").get(f"/labs/curie/chemicals/{made['chemical_id']}").json()
    assert (found["name"], found["formula"]) == ("Acetone-d6 mix", "C3D6O")
    assert abs(float(found["molar_mass_g_per_mol"]) - 64.12) < 0.01


def test_nothing_is_filled_in_unless_asked_for(installation: Installation) -> None:
    [made] = received(installation, {"chemical": {"name": "Plain", "cas_number": "67-64-1"}, "amount": "1 g"})
    assert made["pictograms"] is None


def test_made_barcodes_leave_out_those_given_in_the_same_delivery(installation: Installation, chemical: int) -> None:
    [before] = received(installation, {"chemical_id": chemical, "amount": "1 g"})
    number = int(before["barcode"].removeprefix("CT-"))
    soon = [f"CT-{number + 1:06}", f"CT-{number + 3:06}"]
    made = received(
        installation,
        {"chemical_id": chemical, "amount": "1 g", "count": 2},
        {"chemical_id": chemical, "amount": "1 g", "count": 2, "barcodes": soon},
    )
    assert [container["barcode"] for container in made] == [f"CT-{number + n:06}" for n in (2, 4, 1, 3)]


def test_received_today_is_the_labs_today(installation: Installation, chemical: int) -> None:
    [made] = received(installation, {"chemical_id": chemical, "amount": "1 g"})
    [[today]] = installation.psql("SELECT control.today()", as_="dba", lab="curie")
    assert made["received_on"] == today.isoformat()


def test_what_had_expired_before_it_came_is_received_with_a_warning(installation: Installation, chemical: int) -> None:
    answer = send(
        installation,
        {"chemical_id": chemical, "amount": "1 g"},
        {"chemical_id": chemical, "amount": "1 g", "expires_on": "2020-01-01"},
    )
    assert answer.status_code == 201
    assert answer.json()["warnings"] == [
        {"pointer": "/lines/1/expires_on", "detail": "It had expired before it arrived, on 2020-01-01."}
    ]


GOOD: dict[str, object] = {"chemical": {"name": "Never listed"}, "amount": "1", "unit": "g"}


@pytest.mark.parametrize(
    ("line", "pointer", "sentence"),
    [
        ({"chemical": None}, "chemical", "Choose a chemical, or write the name of a new one."),
        ({"chemical_id": 1}, "chemical", "Choose a chemical, or write the name of a new one."),
        ({"chemical": {}}, "chemical/name", "This is needed."),
        ({"chemical": {"name": " "}}, "chemical/name", "This is needed."),
        ({"chemical": {"cas_number": "1-11-1", "fill_in": True}}, "chemical/cas_number", None),
        ({"chemical": {"name": "x" * 301}}, "chemical/name", "At most 300 characters."),
        ({"chemical": {"name": "a\nb"}}, "chemical/name", None),
        (
            {"chemical": {"name": "x", "cas_number": "109-99-8"}},
            "chemical/cas_number",
            "The check digit of 109-99 is 9. Did you mean 109-99-9?",
        ),
        ({"chemical": {"name": "x", "formula": "Qq"}}, "chemical/formula", None),
        ({"chemical": {"name": "x", "lab_id": 2}}, "chemical/lab_id", "There is no such field."),
        ({"count": 0}, "count", "Write 1 or more."),
        ({"count": 101}, "count", "Write 100 or less."),
        ({"count": "many"}, "count", "Write a whole number."),
        ({"count": 1.5}, "count", "Write a whole number."),
        ({"amount": "1,5"}, "amount", "Write the decimal point as a point: 1.5"),
        ({"amount": "-1"}, "amount", "An amount cannot be negative. Write it without the minus sign."),
        ({"amount": "0"}, "amount", "Write a number above 0."),
        ({"amount": "NaN"}, "amount", None),
        ({"amount": "1e12"}, "amount", None),
        ({"amount": "9" * 13}, "amount", None),
        ({"unit": "furlong"}, "unit", None),
        ({"unit": ""}, "unit", "Write the unit beside the amount, such as g or mL."),
        ({"amount": ""}, "amount", "Write how much is in each, such as 500 mL, or say that it is not known."),
        ({"amount_unknown": True}, "amount", "Leave this empty where the amount is not known."),
        ({"pack_size": "500"}, "pack_unit", "Write the unit beside the pack size, such as mL."),
        ({"pack_size": "0", "pack_unit": "mL"}, "pack_size", None),
        ({"pack_size": "5", "pack_unit": "each"}, "unit", None),
        ({"barcodes": ["a b"]}, "barcodes/0", "A barcode has letters, digits and . _ : + - only, at most 64 of them."),
        ({"barcodes": ["x" * 65]}, "barcodes/0", None),
        ({"barcodes": ["a\x00b"]}, "barcodes/0", None),
        ({"barcodes": ["B-1", "B-2"]}, "barcodes", "2 barcodes for 1 container: take some away, or receive more."),
        ({"count": 2, "barcodes": ["B-1", "B-1"]}, "barcodes/1", "B-1 is here twice."),
        ({"lot": "x" * 101}, "lot", "At most 100 characters."),
        ({"expires_on": "31/11/2027"}, "expires_on", None),
        ({"expires_on": "2027-11-31"}, "expires_on", None),
        ({"expires_on": "9999-01-01"}, "expires_on", None),
        ({"location_id": 2**62}, "location_id", None),
        ({"location_id": 2**64}, "location_id", None),
        ({"location_id": -1}, "location_id", None),
        ({"price": "12"}, "currency", "Write the currency beside the price, such as EUR."),
        ({"price": "12", "currency": "euro"}, "currency", "Write the currency beside the price, such as EUR."),
        ({"price": "-12", "currency": "EUR"}, "price", None),
        ({"price": "12,50", "currency": "EUR"}, "price", "Write the decimal point as a point: 12.50"),
        ({"nonsense": 1}, "nonsense", "There is no such field."),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_changes_nothing(
    installation: Installation, chemical: int, line: dict[str, object], pointer: str, sentence: str | None
) -> None:
    before = stock(installation)
    good = {"chemical_id": chemical, "amount": "1 g"}
    answer = send(installation, good, GOOD | line)
    assert answer.status_code in (404, 422), answer.text
    [error] = answer.json()["errors"]
    assert error["pointer"] == f"/lines/1/{pointer}"
    assert sentence in (None, error["detail"])
    assert stock(installation) == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/lines"),
        ({"lines": []}, "/lines"),
        ({"lines": "x"}, "/lines"),
        ({"lines": [GOOD] * 101}, "/lines"),
        ({"lines": [GOOD | {"count": 100}] * 6}, "/lines"),
        ({"lines": [GOOD], "received_on": "2199-01-01"}, "/received_on"),
        ({"lines": [GOOD], "received_on": "1949-01-01"}, "/received_on"),
        ({"lines": [GOOD], "received_on": "yesterday"}, "/received_on"),
        ({"lines": [GOOD], "order_number": "x" * 101}, "/order_number"),
        ({"lines": [GOOD], "supplier": "a\x00b"}, "/supplier"),
        ({"lines": [GOOD], "lab_id": 2}, "/lab_id"),
        ({"lines": [GOOD | {"barcodes": ["C-1"]}, GOOD | {"barcodes": ["C-1"]}]}, "/lines/1/barcodes/0"),
    ],
)
def test_a_delivery_that_is_none_is_refused(installation: Installation, body: dict[str, object], pointer: str) -> None:
    before = stock(installation)
    answer = installation.as_user("ben").post("/labs/curie/deliveries", json=body)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert stock(installation) == before


def test_all_barcodes_that_are_taken_are_named_at_once(installation: Installation, chemical: int) -> None:
    line = {"chemical_id": chemical, "amount": "1 g"}
    received(installation, line | {"count": 2, "barcodes": ["T-1", "T-2"]})
    before = stock(installation)
    answer = send(installation, line | {"barcodes": ["T-2"]}, line | {"count": 3, "barcodes": ["T-3", "T-1"]})
    assert answer.status_code == 409
    assert answer.json()["errors"] == [
        {"pointer": "/lines/0/barcodes/0", "detail": "T-2 is on another container of the lab."},
        {"pointer": "/lines/1/barcodes/1", "detail": "T-1 is on another container of the lab."},
    ]
    assert stock(installation) == before


def test_two_who_bring_the_same_barcode_at_once_get_one_container(installation: Installation, chemical: int) -> None:
    line = {"chemical_id": chemical, "amount": "1 g"}
    lines = [line | {"barcodes": [f"R-{n}"]} for n in range(20)]

    def race(order: list[dict[str, object]]) -> requests.Response:
        return installation.as_user("ben").post("/labs/curie/deliveries", json={"lines": order})

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(race, [lines, lines])
    assert {first.status_code, second.status_code} == {201, 409}
    loser = first if first.status_code == 409 else second
    assert loser.json()["errors"][0]["pointer"] == "/lines/0/barcodes/0"


def test_the_same_barcode_may_be_in_two_labs(installation: Installation, chemical: int) -> None:
    received(installation, {"chemical_id": chemical, "amount": "1 g", "barcodes": ["BOTH-1"]})
    answer = installation.as_user("eve").post(
        "/labs/hodgkin/deliveries", json={"lines": [GOOD | {"barcodes": ["BOTH-1"]}]}
    )
    assert answer.status_code == 201


def test_what_was_retired_is_not_received_again(installation: Installation) -> None:
    ada = installation.as_user("ada")
    [made] = received(installation, {"chemical": {"name": "Old stain"}, "amount": "1 g"})
    line = {"chemical_id": made["chemical_id"]}
    mark = ada.post("/labs/curie/disposals", json={"lines": [line], "reason": "Empty"}).json()
    assert (
        ada.post("/labs/curie/disposals/confirmations", json=confirmation(ada, mark["disposal_ids"])).status_code == 201
    )
    answer = send(installation, line | {"amount": "1 g"})
    assert answer.status_code == 409
    sentence = "Old stain was retired as no longer available. List it as a new chemical."
    assert answer.json()["errors"] == [{"pointer": "/lines/0/chemical_id", "detail": sentence}]


def test_the_same_key_again_receives_once(installation: Installation, chemical: int) -> None:
    body = {"lines": [{"chemical_id": chemical, "amount": "1 g", "count": 2}]}
    ben = installation.as_user("ben")
    first = ben.send_once("/labs/curie/deliveries", body, key="delivery-once")
    before = stock(installation)
    second = ben.send_once("/labs/curie/deliveries", body, key="delivery-once")
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert stock(installation) == before


def test_five_hundred_containers_are_received_in_one_go(installation: Installation, chemical: int) -> None:
    answer = send(installation, *[{"chemical_id": chemical, "amount": "1 g", "count": 100}] * 5)
    assert answer.status_code == 201
    found = installation.as_user("ben").get(f"/labs/curie/deliveries/{answer.json()['id']}").json()
    assert len(found["items"]) == found["containers"] == 500


def test_pages_of_deliveries_join_without_gap_or_overlap(installation: Installation, chemical: int) -> None:
    for day in ("2024-01-02", "2024-01-01", "2024-01-02"):
        received(installation, {"chemical_id": chemical, "amount": "1 g"}, received_on=day)
    cleo = installation.as_user("cleo")
    everything = cleo.get("/labs/curie/deliveries", params={"limit": "200"}).json()
    keys = [(item["received_on"], item["id"]) for item in everything["items"]]
    assert keys == sorted(keys, reverse=True)
    assert everything["next"] is everything["previous"] is None
    forwards: list[tuple[str, int]] = []
    backwards: list[tuple[str, int]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = cleo.get("/labs/curie/deliveries", params={"limit": "2", "cursor": cursor}).json()
        forwards += [(item["received_on"], item["id"]) for item in page["items"]]
        cursor = page["next"]
    cursor = page["previous"]
    while cursor is not None:
        page = cleo.get("/labs/curie/deliveries", params={"limit": "2", "cursor": cursor}).json()
        backwards = [(item["received_on"], item["id"]) for item in page["items"]] + backwards
        cursor = page["previous"]
    assert forwards == keys
    assert backwards == keys[: len(backwards)]
    assert len(keys) - len(backwards) <= 2
    assert cleo.get("/labs/curie/deliveries", params={"cursor": "WyJuZXh0IiwgIngiLCAxXQ"}).status_code == 422


def test_the_form_is_offered_all_that_it_needs_in_one_call(
    installation: Installation, chemical: int, shelf: int
) -> None:
    received(
        installation,
        {"chemical_id": chemical, "pack_size": "2.5 L", "location_id": shelf, "price": "9", "currency": "CHF"},
        supplier="VWR",
    )
    asked: dict[str, Any] = {
        "chemical": [chemical, 2**62],
        "cas_number": ["75-05-8", "67-64-1", "7647-14-5", "nonsense", "50-00"],
    }
    offer = installation.as_user("ben").get("/labs/curie/deliveries/new", params=asked).json()
    [listed] = offer["chemicals"]
    assert (listed["name"], listed["pack_size"], listed["pack_unit"]) == ("Acetonitrile", "2.5", "L")
    assert listed["location_id"] == shelf
    assert {total["unit"] for total in listed["totals"]} >= {"L", "g"}
    known = {item["cas_number"]: item for item in offer["known"]}
    assert set(known) == {"75-05-8", "67-64-1", "7647-14-5"}
    assert known["75-05-8"]["listed"] == [{"id": chemical, "name": "Acetonitrile"}]
    assert known["67-64-1"]["name"] == "Acetone"
    assert (offer["suppliers"][0], offer["currency"]) == ("VWR", "CHF")
    assert offer["locations"] == [{"id": shelf, "full_name": "Room 2.14"}]
    assert offer["units"][:3] == ["µg", "mg", "g"]


def test_a_viewer_reads_deliveries_and_receives_none(installation: Installation) -> None:
    assert installation.as_user("cleo").get("/labs/curie/deliveries").status_code == 200
    assert send(installation, GOOD, user="cleo").status_code == 403


@pytest.mark.parametrize("who", ["eve", "root"])
def test_a_stranger_finds_and_receives_nothing_in_curie(installation: Installation, chemical: int, who: str) -> None:
    stranger = installation.as_user(who)
    for path in ("/labs/curie/deliveries", "/labs/curie/deliveries/1", "/labs/curie/deliveries/new"):
        assert stranger.get(path).status_code == 404
    assert send(installation, GOOD, user=who).status_code == 404


def test_eve_reaches_nothing_of_curies_through_her_own_lab(
    installation: Installation, chemical: int, shelf: int
) -> None:
    eve, ben = installation.as_user("eve"), installation.as_user("ben")
    delivery = ben.get("/labs/curie/deliveries").json()["items"][0]["id"]
    assert eve.get(f"/labs/hodgkin/deliveries/{delivery}").status_code == 404
    offer = eve.get("/labs/hodgkin/deliveries/new", params={"chemical": chemical, "cas_number": "75-05-8"}).json()
    assert offer["chemicals"] == offer["locations"] == offer["known"][0]["listed"] == []
    theirs = eve.post("/labs/hodgkin/deliveries", json={"lines": [{"chemical_id": chemical, "amount": "1 g"}]})
    nobodys = eve.post("/labs/hodgkin/deliveries", json={"lines": [{"chemical_id": 2**62, "amount": "1 g"}]})
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json() == nobodys.json()
    assert theirs.json()["errors"][0]["pointer"] == "/lines/0/chemical_id"
    refused = eve.post("/labs/hodgkin/deliveries", json={"lines": [GOOD | {"location_id": shelf}]})
    assert refused.status_code == 404
    assert refused.json()["errors"][0]["pointer"] == "/lines/0/location_id"


@pytest.mark.parametrize("unit", ["lb", "gal"])
def test_more_than_can_be_kept_is_refused_in_a_plain_sentence(
    installation: Installation, chemical: int, unit: str
) -> None:
    """Typed in one unit and kept in another, an amount may grow beyond what the database keeps."""
    line = {"chemical_id": chemical, "pack_size": "1", "pack_unit": "mg", "amount": "999999999999", "unit": unit}
    answer = send(installation, line | {"holds_more": True})
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert error["pointer"] == "/lines/0/amount"
    assert re.fullmatch(
        r"A container cannot hold that much: an amount must be below 1000000000000 \w+\.", error["detail"]
    )
