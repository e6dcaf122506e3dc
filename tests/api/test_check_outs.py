"""Check-outs: several containers, all or nothing, each refusal at its line; and the contents of the form."""

import hashlib
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
import requests

from tests.installation import Client, Installation
from tests.sql.shelf import LEDGER_FAULTS, Shelf, shelf

TAKERS = """
WITH given AS (SELECT * FROM unnest(%s::text[], %s::bytea[]) AS g (name, token_hash)),
     takers AS (INSERT INTO control.users (username, name) SELECT name, name FROM given RETURNING id, name),
     joined AS (INSERT INTO control.members (lab_id, user_id, role) SELECT l.id, t.id, 'member' FROM takers t, control.labs l WHERE l.slug = 'curie')
INSERT INTO control.sessions (token_hash, user_id, expires_at)
SELECT g.token_hash, t.id, now() + interval '1 hour' FROM given g JOIN takers t USING (name)"""
"""People who join Curie lab and are signed in."""


@pytest.fixture
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as on:
        yield on
        assert on.run(LEDGER_FAULTS) == []


def check_out(
    installation: Installation,
    *lines: dict[str, Any],
    who: str = "ben",
    purpose: str | None = "CK-421",
    lab: str = "curie",
) -> requests.Response:
    return installation.as_user(who).send_once(f"/labs/{lab}/check-outs", {"purpose": purpose, "lines": lines})


def errors(answer: requests.Response) -> dict[str, str]:
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}


def form(installation: Installation, who: str = "ben", lab: str = "curie", **asked: Any) -> dict[str, Any]:
    answer = installation.as_user(who).get(f"/labs/{lab}/check-outs/new", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_amounts_of_several_containers_leave_in_one_go_each_in_its_unit(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container("50", "g")
    bottle = ada.add_container("1.62", "L", density="0.889")
    answer = check_out(
        installation,
        {"container_id": bottle, "amount": "250", "unit": "ml"},
        {"container_id": jar, "amount": "250 mg"},
    )
    assert answer.status_code == 201, answer.text
    taken = {item["container_id"]: item for item in answer.json()["items"]}
    assert (taken[bottle]["typed_amount"], taken[bottle]["typed_unit"]) == ("250", "mL")
    assert (taken[bottle]["balance"], taken[bottle]["unit"]) == ("1.37", "L")
    assert (taken[jar]["balance"], taken[jar]["unit"]) == ("49.75", "g")
    [[who, why]] = ada.run(
        "SELECT u.username, m.reason FROM inventory.movements m JOIN control.users u ON u.id = m.made_by WHERE m.id = %s",
        taken[jar]["movement_id"],
    )
    assert (who, why) == ("ben", "CK-421")


def test_more_than_is_left_is_refused_at_its_line_and_nothing_moves(installation: Installation, ada: Shelf) -> None:
    plenty, little = ada.add_container("500", "mL"), ada.add_container("140", "mL")
    answer = check_out(
        installation,
        {"container_id": plenty, "amount": "10", "unit": "mL"},
        {"container_id": little, "amount": "200", "unit": "mL"},
    )
    assert answer.status_code == 409
    sentence = "Only 140 mL is left in this bottle. Take less, or scan a second one."
    assert errors(answer) == {"/lines/1/amount": sentence}
    assert answer.json()["detail"] == sentence
    assert (ada.left(plenty), ada.left(little)) == (500, 140)


def test_everything_that_is_wrong_is_said_at_once(installation: Installation, ada: Shelf) -> None:
    fine, little, unknown, gone = (
        ada.add_container("5", "g"),
        ada.add_container("1", "g"),
        ada.add_container(None, None),
        ada.add_container("5", "g"),
    )
    ada.post(gone, "dispose")
    [[barcode]] = ada.run("SELECT barcode FROM inventory.containers WHERE id = %s", unknown)
    [[gone_code]] = ada.run("SELECT barcode FROM inventory.containers WHERE id = %s", gone)
    answer = check_out(
        installation,
        {"container_id": gone, "amount": "1", "unit": "g"},
        {"container_id": unknown, "amount": "1", "unit": "g"},
        {"container_id": fine, "amount": "1", "unit": "g"},
        {"container_id": little, "amount": "2", "unit": "g"},
        {"container_id": fine, "amount": "1", "unit": "mL"},
        {"container_id": fine, "amount": "0", "unit": "g"},
    )
    assert answer.status_code == 422
    assert errors(answer) == {
        "/lines/0/container_id": f"{gone_code} was disposed of.",
        "/lines/1/left_before": f"How much is in {barcode} is not known. Write what is in it first.",
        "/lines/3/amount": "Only 1 g is left in this bottle. Take less, or scan a second one.",
        "/lines/4/unit": "mL does not fit what is kept in g. Write the amount in a unit like g.",
        "/lines/5/amount": "Write an amount above zero.",
    }
    assert answer.json()["detail"] == "5 lines need a look. Nothing was changed."
    assert ada.left(fine) == 5


def test_the_same_container_twice_adds_up(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container("10", "g")
    line = {"container_id": jar, "amount": "6", "unit": "g"}
    assert errors(check_out(installation, line, line)) == {
        "/lines/1/amount": "Only 4 g is left in this bottle. Take less, or scan a second one."
    }
    assert ada.left(jar) == 10
    assert check_out(installation, line | {"amount": "4"}, line).status_code == 201
    assert ada.left(jar) == 0


def test_an_unknown_amount_is_said_first_and_recorded_as_a_count(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container(None, None)
    line = {"container_id": jar, "amount": "250", "unit": "mg", "left_before": "40", "left_unit": "g"}
    assert check_out(installation, line).status_code == 201
    lines = ada.run("SELECT kind, amount FROM inventory.movements WHERE container_id = %s ORDER BY line", jar)
    assert lines[1:] == [("count", Decimal(40)), ("check_out", Decimal("-0.25"))]
    assert ada.left(jar) == Decimal("39.75")


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"left_before": "0.1", "left_unit": "g"}, "/lines/0/amount"),
        ({"left_before": "5"}, "/lines/0/left_unit"),
        ({"left_before": "1,5", "left_unit": "g"}, "/lines/0/left_before"),
        ({"left_before": "-5", "left_unit": "g"}, "/lines/0/left_before"),
        ({"left_before": "5", "left_unit": "mL"}, "/lines/0/left_unit"),
    ],
)
def test_what_is_said_to_be_in_it_is_refused_beside_its_field(
    installation: Installation, ada: Shelf, said: dict[str, str], pointer: str
) -> None:
    jar = ada.add_container(None, "g")
    answer = check_out(installation, {"container_id": jar, "amount": "1", "unit": "g"} | said)
    assert pointer in errors(answer)
    assert ada.left(jar) is None


@pytest.mark.parametrize(
    ("line", "pointer", "sentence"),
    [
        ({"amount": ""}, "/lines/0/amount", "Write an amount, such as 2.5 g."),
        ({"amount": "1,5"}, "/lines/0/amount", "Write the decimal point as a point: 1.5"),
        ({"amount": "-3"}, "/lines/0/amount", "An amount cannot be negative. Write it without the minus sign."),
        ({"amount": -3}, "/lines/0/amount", "An amount cannot be negative. Write it without the minus sign."),
        ({"amount": "1e3"}, "/lines/0/amount", "Write the number in full, without an exponent, such as 0.001."),
        ({"amount": "9" * 60}, "/lines/0/amount", None),
        ({"amount": "NaN"}, "/lines/0/amount", None),
        ({"amount": "12\x00"}, "/lines/0/amount", None),
        ({"amount": "a lot"}, "/lines/0/amount", None),
        ({"amount": None}, "/lines/0/amount", None),
        ({"amount": True}, "/lines/0/amount", None),
        ({"unit": "stone"}, "/lines/0/unit", None),
        ({"unit": ""}, "/lines/0/unit", "Write the unit beside the amount, such as g or mL."),
        ({"container_id": 0}, "/lines/0/container_id", None),
        ({"container_id": 2**63}, "/lines/0/container_id", None),
        ({"container_id": "x"}, "/lines/0/container_id", "Write a whole number."),
        ({"nonsense": 1}, "/lines/0/nonsense", "There is no such field."),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_changes_nothing(
    installation: Installation, ada: Shelf, line: dict[str, Any], pointer: str, sentence: str | None
) -> None:
    jar = ada.add_container("10", "g")
    answer = check_out(installation, {"container_id": jar, "amount": "1", "unit": "g"} | line)
    assert answer.status_code == 422, answer.text
    assert pointer in errors(answer)
    assert sentence in (None, errors(answer)[pointer])
    assert ada.left(jar) == 10


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"lines": []}, "/lines"),
        ({"lines": [{"container_id": 1, "amount": "1", "unit": "g"}] * 101}, "/lines"),
        ({}, "/lines"),
        ({"lines": [{"container_id": 1, "amount": "1", "unit": "g"}], "purpose": "x" * 201}, "/purpose"),
        ({"lines": [{"container_id": 1, "amount": "1", "unit": "g"}], "purpose": "a\x00b"}, "/purpose"),
    ],
)
def test_a_request_of_no_or_too_much_is_refused(installation: Installation, body: dict[str, Any], pointer: str) -> None:
    answer = installation.as_user("ben").send_once("/labs/curie/check-outs", body)
    assert answer.status_code == 422
    assert pointer in errors(answer)


def test_a_number_that_json_cannot_hold_is_refused(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container("10", "g")
    for number in ("NaN", "Infinity", "1e400", "1e300", "-1e-300"):
        body = f'{{"lines": [{{"container_id": {jar}, "amount": {number}, "unit": "g"}}]}}'
        answer = installation.as_user("ben").post(
            "/labs/curie/check-outs", data=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422, f"{number}: {answer.text}"
    assert ada.left(jar) == 10


@pytest.mark.parametrize("field", ["purpose", "amount", "unit"])
def test_half_a_letter_is_refused(installation: Installation, ada: Shelf, field: str) -> None:
    line = {"container_id": ada.add_container("10", "g"), "amount": "1", "unit": "g"} | {field: "\ud800"}
    body = {"purpose": line.pop("purpose", None), "lines": [line]}
    assert installation.as_user("ben").post("/labs/curie/check-outs", json=body).status_code == 422


def test_a_double_click_takes_once(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container("10", "g")
    body = {"lines": [{"container_id": jar, "amount": "1.50", "unit": "g"}]}
    ben = installation.as_user("ben")
    first, second = (ben.send_once("/labs/curie/check-outs", body, key="one-and-the-same") for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert ada.left(jar) == Decimal("8.5")


def test_two_who_take_at_once_never_take_more_than_there_is(installation: Installation, ada: Shelf) -> None:
    jars = [ada.add_container("10", "g") for _ in range(3)]
    answers: list[int] = []

    def take(order: list[int]) -> None:
        client = installation.service.__class__(installation.api_url, installation.service_token)
        client.headers["Authorization"] = f"Bearer {installation.new_token('ben')}"
        lines = [{"container_id": jar, "amount": "6", "unit": "g"} for jar in order]
        answers.append(client.send_once("/labs/curie/check-outs", {"lines": lines}).status_code)

    threads = [threading.Thread(target=take, args=(order,)) for order in (jars, jars[::-1], jars[1:] + jars[:1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409, 409]
    assert [ada.left(jar) for jar in jars] == [4, 4, 4]


def test_two_hundred_members_at_one_container_never_take_more_than_there_is(
    installation: Installation, ada: Shelf
) -> None:
    """A request that finds too many others waiting is answered with 503, and is sent again with the same key."""
    jar = ada.add_container("150", "g")
    tokens = {f"taker-{number}": secrets.token_urlsafe() for number in range(200)}
    hashes = [hashlib.sha256(hashlib.sha256(token.encode()).digest()).digest() for token in tokens.values()]
    installation.psql(TAKERS, list(tokens), hashes)
    begin = threading.Barrier(len(tokens))

    def take(name: str) -> int:
        client = Client(installation.api_url, installation.service_token)
        client.headers["Authorization"] = f"Bearer {tokens[name]}"
        body = {"lines": [{"container_id": jar, "amount": "1", "unit": "g"}]}
        begin.wait(60)
        for _ in range(20):
            answer = client.send_once("/labs/curie/check-outs", body, key=f"the one gram of {name}")
            if answer.status_code != 503:
                break
        return answer.status_code

    with ThreadPoolExecutor(len(tokens)) as threads:
        answers = Counter(threads.map(take, tokens))
    assert answers == {201: 150, 409: 50}
    assert ada.left(jar) == 0
    [[lines, takers]] = ada.run(
        "SELECT count(*), count(DISTINCT made_by) FROM inventory.movements WHERE kind = 'check_out' AND container_id = %s",
        jar,
    )
    assert (lines, takers) == (150, 150)


def test_a_viewer_and_a_stranger_take_nothing(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container("10", "g")
    line = {"container_id": jar, "amount": "1", "unit": "g"}
    assert check_out(installation, line, who="cleo").status_code == 403
    assert check_out(installation, line, who="eve").status_code == 404
    assert check_out(installation, line, who="root").status_code == 404
    theirs = check_out(installation, line, who="eve", lab="hodgkin")
    nowhere = check_out(installation, line | {"container_id": 10**9}, who="eve", lab="hodgkin")
    assert theirs.status_code == nowhere.status_code == 404
    assert theirs.json() == nowhere.json()
    assert ada.left(jar) == 10


# -- what the form shows ----------------------------------------------------------------------------------------------


def test_a_scanned_barcode_adds_its_container_to_the_form(installation: Installation, ada: Shelf) -> None:
    first = ada.add_container("1.62", "L", "Tetrahydrofuran", "0.889")
    second = ada.add_container("5", "g", "Salt of the form")
    [[code]] = ada.run("SELECT barcode FROM inventory.containers WHERE id = %s", first)
    shown = form(installation, container=[second], q=code.lower())
    assert [item["id"] for item in shown["containers"]] == [second, first]
    assert shown["added"] == first
    assert shown["hits"] == []
    bottle = shown["containers"][1]
    assert bottle["units"][0] == "L"
    assert {"L", "mL", "g"} <= set(bottle["units"])
    assert (bottle["factors"]["mL"], bottle["factors"]["L"]) == ("0.001", "1")
    again = form(installation, container=[second, first], q=code)
    assert [item["id"] for item in again["containers"]] == [second, first]
    assert again["added"] == first


def test_words_add_the_one_they_find_or_offer_several(installation: Installation, ada: Shelf) -> None:
    only = ada.add_container("5", "g", "Uranyl acetate")
    several = [ada.add_container("5", "g", "Vanadyl acetylacetonate") for _ in range(2)]
    assert form(installation, q="urany acet")["added"] == only
    found = form(installation, q="vanadyl")
    assert found["added"] is None
    assert [item["id"] for item in found["hits"]] == several
    assert found["containers"] == []
    nothing = form(installation, q="nosuchthing")
    assert (nothing["added"], nothing["hits"]) == (None, [])
    assert form(installation, q="??")["hits"] == []


def test_what_is_found_by_chance_is_offered_and_not_added(installation: Installation, ada: Shelf) -> None:
    only = ada.add_container("5", "g", "Lanthanum bromide 13536-80-6")
    ada.run("UPDATE inventory.chemicals SET cas_number = '13536-80-6' WHERE name LIKE 'Lanthanum bromide%%'")
    ada.run("UPDATE inventory.containers SET lot = 'LB-77421' WHERE id = %s", only)
    for sure in ("lanthanum bromide", "lantha", "13536-80-6", "13536806", "LB-77421", "bromide 13536-80-6"):
        assert form(installation, q=sure)["added"] == only, sure
    for chance in ("anthanum", "lantahnum", "lanthanumm", "13536", "135368", "LB-7742", "lantha 13536"):
        shown = form(installation, q=chance)
        assert (shown["added"], [hit["id"] for hit in shown["hits"]]) == (None, [only]), chance


def test_a_disposed_container_is_found_by_its_barcode_but_not_added(installation: Installation, ada: Shelf) -> None:
    gone = ada.add_container("5", "g", "Wasted away")
    ada.post(gone, "dispose")
    [[code]] = ada.run("SELECT barcode FROM inventory.containers WHERE id = %s", gone)
    shown = form(installation, q=code)
    assert shown["added"] is None
    [hit] = shown["hits"]
    assert hit["disposed_at"]
    assert form(installation, q="wasted")["hits"] == []


def test_the_form_warns_of_grave_hazards_in_words(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container("5", "g", "n-Butyllithium")
    ada.run(
        "UPDATE inventory.chemicals SET pictograms = '{GHS02}', h_statements = '{H250,H302}' WHERE name = 'n-Butyllithium'"
    )
    [warned] = form(installation, container=[jar])["watch"]
    assert (warned["code"], warned["chemicals"]) == ("H250", ["n-Butyllithium"])
    assert "fire" in warned["text"]


def test_the_form_offers_my_last_five_purposes_and_what_is_still_out(installation: Installation, ada: Shelf) -> None:
    with shelf(installation, "ben") as on:
        jar = on.add_container("100", "g", "Often used")
        for number in (1, 2, 3, 4, 5, 6, 2):
            last, *_ = on.post(jar, "check_out", "1", reason=f"Practical {number}")
        on.post(jar, "return", "0.4", refers_to=last)
        all_back, *_ = on.post(jar, "check_out", "3", reason="Practical 2")
        on.post(jar, "return", "3", refers_to=all_back)
        undone, *_ = on.post(jar, "check_out", "3", reason="Practical 2")
        on.post(jar, "correct", "0", refers_to=undone)
    shown = form(installation)
    assert shown["purposes"] == [f"Practical {number}" for number in (2, 6, 5, 4, 3)]
    mine = [item for item in shown["out"] if item["container_id"] == jar]
    assert [item["still_out"] for item in mine] == ["0.6", "1", "1", "1", "1", "1", "1"]
    assert form(installation, who="ada", movement=[last])["out"][0]["made_by_name"] == "Ben Okoro"
    assert all(item["made_by_name"] == "Ada Lind" for item in form(installation, who="ada")["out"])


def test_the_form_shows_only_the_labs_own(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container("5", "g", "Curie's secret")
    [[code]] = ada.run("SELECT barcode FROM inventory.containers WHERE id = %s", jar)
    assert form(installation, who="eve", lab="hodgkin", container=[jar])["containers"] == []
    seen = form(installation, who="eve", lab="hodgkin", q="Curie's secret")
    assert (seen["added"], seen["hits"]) == (None, [])
    assert code not in str(form(installation, who="eve", lab="hodgkin", q=code)["containers"])
    assert installation.as_user("eve").get("/labs/curie/check-outs/new").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["container=x", "container=0", "container=9223372036854775808", "movement=-1", "q=" + "x" * 201, "lab_id=2"],
)
def test_a_query_that_cannot_be_is_refused(installation: Installation, query: str) -> None:
    assert installation.as_user("ben").get(f"/labs/curie/check-outs/new?{query}").status_code == 422


@pytest.mark.parametrize("query", ["%00", "%", "\\", "'; --", "🧪", "x" * 200])
def test_any_text_may_be_scanned(installation: Installation, query: str) -> None:
    assert form(installation, q=query)["added"] is None
