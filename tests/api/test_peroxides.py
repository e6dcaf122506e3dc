"""Peroxide formers are tested in time, and a lab decides whether somebody may take from what should not be used."""

from collections.abc import Iterator
from datetime import date, timedelta
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


@pytest.fixture
def rules(installation: Installation) -> Iterator[Any]:
    """Sets the lab's rules; in the end everything is a warning again."""

    def keep(**refused: str) -> None:
        said = dict.fromkeys(("expired", "marked", "peroxides"), "warn") | refused
        answer = installation.as_user("ada").put("/labs/curie/check-out-rules", json=said)
        assert answer.status_code == 200, answer.text

    yield keep
    keep()


def today(ada: Shelf) -> date:
    [[day]] = ada.run("SELECT control.today()")
    return day  # type: ignore[no-any-return]


def former(ada: Shelf, kind: str | None = "B", name: str = "Ether") -> int:
    bottle = ada.add_container("500", "mL", name=name)
    ada.run(
        "UPDATE inventory.chemicals SET peroxide_class = %s WHERE id = (SELECT chemical_id FROM inventory.containers WHERE id = %s)",
        kind,
        bottle,
    )
    return bottle


def open_on(ada: Shelf, bottle: int, day: date) -> None:
    ada.run("UPDATE inventory.containers SET opened_on = %s WHERE id = %s", day, bottle)


def send(installation: Installation, path: str, body: dict[str, Any], who: str = "ben") -> requests.Response:
    return installation.as_user(who).send_once(f"/labs/curie{path}", body)


def note(installation: Installation, bottle: int, ppm: str, **more: str) -> requests.Response:
    return send(installation, f"/containers/{bottle}/peroxide-tests", {"ppm": ppm, **more})


def state(installation: Installation, bottle: int) -> tuple[str, str]:
    found = installation.as_user("ben").get(f"/labs/curie/containers/{bottle}").json()["peroxides"]
    return found["state"], found["due_on"]


def take(installation: Installation, bottle: int, who: str = "ben") -> requests.Response:
    lines = [{"container_id": bottle, "amount": "1", "unit": "mL"}]
    return send(installation, "/check-outs", {"lines": lines}, who)


# ── tests ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("kind", "days"), [("A", 90), ("B", 180), ("C", 180), ("D", 365)])
def test_a_first_test_is_due_after_opening(installation: Installation, ada: Shelf, kind: str, days: int) -> None:
    bottle = former(ada, kind)
    opened = today(ada) - timedelta(days=days)
    open_on(ada, bottle, opened)
    assert state(installation, bottle) == ("due", today(ada).isoformat())
    open_on(ada, bottle, opened + timedelta(days=1))
    assert state(installation, bottle) == ("tested", (today(ada) + timedelta(days=1)).isoformat())


def test_what_was_neither_opened_nor_received_on_a_known_day_is_due_at_once(
    installation: Installation, ada: Shelf
) -> None:
    assert state(installation, former(ada))[0] == "due"


def test_a_bottle_that_has_been_here_for_long_is_due_when_it_is_opened(installation: Installation, ada: Shelf) -> None:
    bottle = former(ada)
    ada.run("UPDATE inventory.containers SET received_on = control.today() - 200 WHERE id = %s", bottle)
    assert take(installation, bottle).status_code == 201
    assert state(installation, bottle)[0] == "due"


def test_a_test_says_when_the_next_is_due(installation: Installation, ada: Shelf) -> None:
    bottle = former(ada)
    now = today(ada)
    assert note(installation, bottle, "100").status_code == 201
    assert state(installation, bottle) == ("tested", (now + timedelta(days=180)).isoformat())
    later = (now + timedelta(days=7)).isoformat()
    assert note(installation, bottle, "100.5", next_due=later).status_code == 201
    assert state(installation, bottle) == ("over", later)
    before = (now - timedelta(days=3)).isoformat()
    assert note(installation, bottle, "0", tested_on=before).status_code == 201  # an older test is not the latest
    assert state(installation, bottle) == ("over", later)
    log = installation.as_user("ben").get(f"/labs/curie/containers/{bottle}").json()["peroxide_tests"]
    assert [(test["ppm"], test["noted_by_name"]) for test in log] == [
        ("100.5", "Ben Okoro"),
        ("100", "Ben Okoro"),
        ("0", "Ben Okoro"),
    ]


def test_opening_after_a_test_brings_the_next_one_forward(installation: Installation, ada: Shelf) -> None:
    bottle = former(ada, "A")
    sealed = today(ada) - timedelta(days=10)
    year = (sealed + timedelta(days=366)).isoformat()
    assert note(installation, bottle, "0", tested_on=sealed.isoformat(), next_due=year).status_code == 201
    open_on(ada, bottle, today(ada) - timedelta(days=1))
    assert state(installation, bottle) == ("tested", (today(ada) + timedelta(days=89)).isoformat())


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"ppm": "-1"}, "/ppm"),
        ({"ppm": "1000001"}, "/ppm"),
        ({"ppm": "a few"}, "/ppm"),
        ({"ppm": ""}, "/ppm"),
        ({"ppm": "1", "tested_on": "2199-01-01"}, "/tested_on"),
        ({"ppm": "1", "tested_on": "1899-01-01"}, "/tested_on"),
        ({"ppm": "1", "tested_on": "2026-01-10", "next_due": "2026-01-10"}, "/next_due"),
        ({"ppm": "1", "tested_on": "2024-01-10", "next_due": "2025-01-11"}, "/next_due"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    installation: Installation, ada: Shelf, said: dict[str, Any], pointer: str
) -> None:
    bottle = former(ada)
    refused = send(installation, f"/containers/{bottle}/peroxide-tests", said)
    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    page = installation.page("chemicals", "ben")
    answer = page.submit(f"/chemicals/curie/containers/{bottle}", "form:has([name=ppm])", **said)
    assert answer.status_code == 422
    assert f'id="{pointer[1:]}-error"' in answer.text
    for name, value in said.items():
        assert f'name="{name}"' in answer.text
        assert f'value="{value}"' in answer.text


def test_only_containers_in_stock_of_peroxide_formers_are_note(installation: Installation, ada: Shelf) -> None:
    assert note(installation, former(ada, None), "1").status_code == 409
    gone = former(ada)
    ada.post(gone, "dispose")
    assert note(installation, gone, "1").status_code == 409


def test_nobody_changes_or_deletes_a_test(installation: Installation, ada: Shelf) -> None:
    assert note(installation, former(ada), "1").status_code == 201
    forged = "INSERT INTO inventory.peroxide_tests (container_id, ppm, tested_on, next_due, noted_by) SELECT container_id, 0, tested_on, next_due, noted_by FROM inventory.peroxide_tests"
    for change in ("UPDATE inventory.peroxide_tests SET ppm = 0", "DELETE FROM inventory.peroxide_tests", forged):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ada.run(change)


def test_home_lists_what_is_to_be_note(installation: Installation, ada: Shelf) -> None:
    bottle, over = former(ada, name="Overdue ether"), former(ada, name="Ether with peroxides")
    note(installation, over, "400")
    found = installation.as_user("ben").get("/labs/curie/summary").json()
    listed = [one["id"] for one in found["peroxides"]]
    assert {bottle, over} <= set(listed)
    assert found["peroxides"][0]["peroxides"]["state"] == "over"
    assert found["totals"]["peroxides"] >= 2
    home = words(installation.page("home", "ben").soup("/home/curie"))
    assert "400 ppm of peroxides" in home
    shown = installation.as_user("ben").get("/labs/curie/chemicals", params={"flag": "peroxides", "q": "ether"}).json()
    assert {"Overdue ether", "Ether with peroxides"} <= {line["name"] for line in shown["items"]}
    assert note(installation, bottle, "2").status_code == 201
    again = installation.as_user("ben").get("/labs/curie/summary").json()
    assert bottle not in [one["id"] for one in again["peroxides"]]


# ── rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def unfit(installation: Installation, ada: Shelf, why: str) -> tuple[int, str]:
    """A bottle that should not be used, and the rule that it falls under."""
    bottle = former(ada, "B" if why in ("due", "over") else None)
    if why == "due":
        open_on(ada, bottle, today(ada) - timedelta(days=200))
    if why == "over":
        assert note(installation, bottle, "101").status_code == 201
    if why == "expired":
        ada.run("UPDATE inventory.containers SET expires_on = control.today() - 1 WHERE id = %s", bottle)
    if why == "marked":
        ada.run(
            "INSERT INTO inventory.disposals (chemical_id, container_id, reason) SELECT chemical_id, id, 'Old' FROM inventory.containers WHERE id = %s",
            bottle,
        )
    return bottle, "peroxides" if why in ("due", "over") else why


SAID = {
    "expired": " was to be used by ",
    "marked": " is marked for deletion. ",
    "over": "101 ppm of peroxides were found in ",
    "due": " had to be tested for peroxides by ",
}


@pytest.mark.parametrize("why", SAID)
def test_a_lab_warns_until_it_refuses(installation: Installation, ada: Shelf, rules: Any, why: str) -> None:
    bottle, rule = unfit(installation, ada, why)
    others = {name: "refuse" for name in ("expired", "marked", "peroxides") if name != rule}
    rules(**others)
    assert take(installation, bottle).status_code == 201
    rules(**{rule: "refuse"})
    refused = take(installation, bottle)
    assert refused.status_code == 409, refused.text
    [error] = refused.json()["errors"]
    assert error["pointer"] == "/lines/0/container_id"
    assert SAID[why] in error["detail"]
    assert error["detail"].endswith("This lab lets nobody take from it.")
    assert send(installation, "/holdings", {"container_ids": [bottle]}).status_code == 409
    # Not the API alone: whatever writes into the ledger is refused.
    with pytest.raises(psycopg.errors.CheckViolation):
        ada.post(bottle, "check_out", "1", "mL")
    page = installation.page("checkout", "ben")
    typed: dict[str, Any] = {"lines-0-amount": "1"}
    answer = page.submit(f"/checkout/curie?container={bottle}", "#basket", press="button:not([formaction])", **typed)
    assert error["detail"] in answer.text


def test_who_has_a_bottle_brings_it_back(installation: Installation, ada: Shelf, rules: Any) -> None:
    bottle, _ = unfit(installation, ada, "expired")
    assert send(installation, "/holdings", {"container_ids": [bottle]}).status_code == 201
    rules(expired="refuse")
    back = {"lines": [{"container_id": bottle, "left_amount": "400", "left_unit": "mL"}]}
    assert send(installation, "/holdings/returns", back).status_code == 201
    assert ada.left(bottle) == 400


def test_managers_alone_make_the_rules(installation: Installation) -> None:
    said = {"expired": "refuse", "marked": "warn", "peroxides": "warn"}
    assert installation.as_user("ben").put("/labs/curie/check-out-rules", json=said).status_code == 403


def test_the_page_of_rules_keeps_what_was_typed(installation: Installation, rules: Any) -> None:
    page = installation.page("checkout", "ada")
    form = "form:has([name=peroxides])"
    refused = page.submit("/checkout/curie/rules", form, expired="refuse", peroxide_limit_ppm="0")
    assert refused.status_code == 422
    assert 'id="peroxide_limit_ppm-error"' in refused.text
    page.submit("/checkout/curie/rules", form, expired="refuse", peroxide_limit_ppm="25")
    kept = installation.as_user("ada").get("/labs/curie/check-out-rules").json()
    assert (kept["expired"], kept["marked"], kept["peroxide_limit_ppm"]) == ("refuse", "warn", "25")
    assert installation.page("checkout", "ben").get("/checkout/curie/rules").status_code == 403
    other = installation.as_user("eve").get("/labs/hodgkin/check-out-rules").json()
    assert (other["expired"], other["peroxide_limit_ppm"]) == ("warn", "100")
