"""Of a restricted chemical named members alone take, each for a purpose; and its balance runs from line to line."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import requests

from tests.installation import Installation, words
from tests.sql.shelf import Shelf, shelf


@pytest.fixture
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as on:
        yield on


def send(installation: Installation, path: str, body: dict[str, Any], who: str = "ben") -> requests.Response:
    return installation.as_user(who).send_once(f"/labs/curie{path}", body)


def user(installation: Installation, who: str) -> int:
    [[number]] = installation.psql("SELECT id FROM control.users WHERE username = %s", who)
    return int(number)


def chemical_of(ada: Shelf, container: int) -> int:
    [[chemical]] = ada.run("SELECT chemical_id FROM inventory.containers WHERE id = %s", container)
    return int(chemical)


def restrict(installation: Installation, chemical: int, *names: str, restricted: bool = True) -> requests.Response:
    said = {"is_restricted": restricted, "user_ids": [user(installation, who) for who in names]}
    return installation.as_user("ada").put(f"/labs/curie/chemicals/{chemical}/restriction", json=said)


def take(installation: Installation, container: int, who: str, purpose: str | None = "Synthesis") -> requests.Response:
    lines = [{"container_id": container, "amount": "1", "unit": "g"}]
    return send(installation, "/check-outs", {"purpose": purpose, "lines": lines}, who)


def test_named_members_alone_take_and_say_what_for(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container("100", "g", name="Morphine")
    chemical = chemical_of(ada, jar)
    assert restrict(installation, chemical, "ben").status_code == 204
    assert take(installation, jar, "ben").status_code == 201
    for refused, status, sentence in (
        (take(installation, jar, "ada"), 403, "holds a restricted chemical, and you are not named among those who take it."),
        (take(installation, jar, "ben", None), 422, "holds a restricted chemical: take an amount of it, and write the purpose."),
        (take(installation, jar, "ben", "  "), 422, "holds a restricted chemical: take an amount of it, and write the purpose."),
    ):  # fmt: skip
        assert refused.status_code == status, refused.text
        [error] = refused.json()["errors"]
        assert error["pointer"] == "/lines/0/container_id"
        assert error["detail"].endswith(sentence)
    for who in ("ada", "ben"):
        assert send(installation, "/holdings", {"container_ids": [jar]}, who).status_code in (403, 422)
    # Ada is refused by the database itself, a manager though she is.
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ada.post(jar, "check_out", "1", reason="Synthesis")
    assert restrict(installation, chemical, restricted=False).status_code == 204
    assert take(installation, jar, "ada", None).status_code == 201


def test_nobody_named_means_nobody(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container("100", "g")
    assert restrict(installation, chemical_of(ada, jar)).status_code == 204
    assert {take(installation, jar, who).status_code for who in ("ada", "ben")} == {403}


def test_a_line_moves_to_no_container_that_its_writer_may_not_take(installation: Installation, ada: Shelf) -> None:
    salt, secret = ada.add_container("100", "g"), ada.add_container("100", "g")
    taken = take(installation, salt, "ben").json()["items"][0]["movement_id"]
    assert restrict(installation, chemical_of(ada, secret), "ada").status_code == 204
    moved = send(installation, "/corrections", {"lines": [{"movement_id": taken, "container_id": secret}]})
    assert moved.status_code == 403, moved.text


def test_a_bottle_taken_before_is_brought_back_by_a_manager(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container("100", "g")
    assert send(installation, "/holdings", {"container_ids": [jar]}).status_code == 201
    assert restrict(installation, chemical_of(ada, jar)).status_code == 204
    back = {"lines": [{"container_id": jar, "left_amount": "60", "left_unit": "g"}]}
    assert send(installation, "/holdings/returns", back).status_code == 403
    assert send(installation, "/holdings/returns", back, "ada").status_code == 201
    assert ada.left(jar) == 60


def test_managers_alone_restrict_and_only_members_are_named(installation: Installation, ada: Shelf) -> None:
    chemical = chemical_of(ada, ada.add_container())
    path = f"/labs/curie/chemicals/{chemical}/restriction"
    assert installation.as_user("ben").put(path, json={"is_restricted": True}).status_code == 403
    for stranger in ("eve", "cleo"):
        refused = restrict(installation, chemical, stranger)
        assert refused.status_code == 422
        assert [error["pointer"] for error in refused.json()["errors"]] == ["/user_ids"]
    assert restrict(installation, chemical, "ada").status_code == 204
    named = installation.as_user("ada").get(path).json()["members"]
    assert [person["id"] for person in named] == [user(installation, "ada")]


def test_a_restricted_entry_is_merged_into_no_other(installation: Installation, ada: Shelf) -> None:
    one, other = (chemical_of(ada, ada.add_container(name="Codeine")) for _ in range(2))
    assert restrict(installation, other).status_code == 204
    merged = send(installation, "/mergers", {"kept_id": one, "merged_id": other}, "ada")
    assert merged.status_code == 409
    assert "restricted" in merged.json()["detail"]


def test_the_balance_runs_over_all_containers(installation: Installation, ada: Shelf) -> None:
    one = ada.add_container("1", "kg", name="Balanced salt")
    chemical = chemical_of(ada, one)
    put = "INSERT INTO inventory.containers (chemical_id, unit) VALUES (%s, 'g') RETURNING id"
    [[two]] = ada.run(put, chemical)
    ada.post(two, "receive")
    ada.post(one, "check_out", "250", "g", reason="Synthesis")
    ada.post(two, "count", "40")
    ada.post(two, "check_out", "40")
    path = f"/labs/curie/chemicals/{chemical}/balance"
    found = installation.as_user("ben").get(path).json()
    assert [(line["total"], line["total_unit"], line["unknown"]) for line in reversed(found["items"])] == [
        ("1000", "g", 0),
        ("1000", "g", 1),
        ("750", "g", 1),
        ("790", "g", 0),
        ("750", "g", 0),
    ]
    rows = list(csv.DictReader(io.StringIO(installation.as_user("ben").get(f"{path}.csv").content.decode("utf-8-sig"))))
    assert [(row["Kind"], row["Balance"], row["Amounts not known"]) for row in rows] == [
        ("receive", "1000", "0"),
        ("receive", "1000", "1"),
        ("check_out", "750", "1"),
        ("count", "790", "0"),
        ("check_out", "750", "0"),
    ]
    assert rows[2]["Purpose"] == "Synthesis"
    page = words(installation.page("chemicals", "ben").soup(f"/chemicals/curie/{chemical}/balance"))
    assert "and 1 container whose amount was not known" in page
    assert installation.as_user("eve").get(f"/labs/hodgkin/chemicals/{chemical}/balance").status_code == 404


def test_the_pages_say_who_may_take_it(installation: Installation, ada: Shelf) -> None:
    chemical = chemical_of(ada, ada.add_container(name="Kept under lock"))
    page = installation.page("chemicals", "ada")
    address = f"/chemicals/curie/{chemical}/restriction"
    page.submit(address, "form:has([name=is_restricted])", is_restricted="1", user=[str(user(installation, "ben"))])
    shown = words(page.soup(f"/chemicals/curie/{chemical}"))
    assert "Restricted: Ben Okoro may take it, and says what for." in shown
    [box] = page.soup(address).select("[name=user][checked]")
    assert box["value"] == str(user(installation, "ben"))
    assert installation.page("chemicals", "ben").get(address).status_code == 403
    listed = page.soup("/chemicals/curie?flag=restricted")
    assert "Kept under lock" in words(listed)
