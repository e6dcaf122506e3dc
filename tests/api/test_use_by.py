"""Until when a container may be used: the day on its label or, if that is sooner, a number of days after opening."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.installation import Installation, words
from tests.sql.shelf import Shelf, shelf

PRINTED = date(2040, 1, 31)


@pytest.fixture
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as on:
        yield on


def today(ada: Shelf) -> date:
    [[day]] = ada.run("SELECT control.today()")
    return day  # type: ignore[no-any-return]


def keep(ada: Shelf, container: int, days: int | None) -> None:
    change = "UPDATE inventory.chemicals SET days_after_opening = %s WHERE id = (SELECT chemical_id FROM inventory.containers WHERE id = %s)"
    ada.run(change, days, container)


def fill(ada: Shelf, container: int, **columns: object) -> None:
    for name, value in columns.items():
        ada.run(f"UPDATE inventory.containers SET {name} = %s WHERE id = %s", value, container)


def use_by(installation: Installation, container: int) -> tuple[str | None, str | None]:
    found = installation.as_user("ada").get(f"/labs/curie/containers/{container}").json()
    return found["use_by"], found["use_by_is"]


@pytest.mark.parametrize(
    ("days", "opened", "expires", "expected"),
    [
        (90, date(2026, 1, 1), PRINTED, ("2026-04-01", "opened")),
        (90, date(2026, 1, 1), None, ("2026-04-01", "opened")),
        (90, date(2026, 1, 1), date(2026, 2, 1), ("2026-02-01", "printed")),
        (90, None, PRINTED, ("2040-01-31", "printed")),
        (90, None, None, (None, None)),
        (None, date(2026, 1, 1), PRINTED, ("2040-01-31", "printed")),
        (None, date(2026, 1, 1), None, (None, None)),
    ],
)
def test_the_sooner_of_both_days_holds(
    installation: Installation, ada: Shelf, days: int | None, opened: date | None, expires: date | None, expected: Any
) -> None:
    jar = ada.add_container()
    keep(ada, jar, days)
    fill(ada, jar, opened_on=opened, expires_on=expires)
    assert use_by(installation, jar) == expected
    # The same values, in the other order of writing.
    other = ada.add_container()
    fill(ada, other, expires_on=expires, opened_on=opened)
    keep(ada, other, days)
    assert use_by(installation, other) == expected
    put = "INSERT INTO inventory.containers (chemical_id, opened_on, expires_on) SELECT chemical_id, opened_on, expires_on FROM inventory.containers WHERE id = %s RETURNING id"
    [[received]] = ada.run(put, jar)
    assert use_by(installation, received) == expected


def test_the_first_check_out_opens_it_and_undoing_that_closes_it_again(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container()
    keep(ada, jar, 30)
    fill(ada, jar, expires_on=PRINTED)
    asked = installation.as_user("ada")
    line = installation.page("checkout", "ada").soup(f"/checkout/curie?container={jar}").select_one("[data-line]")
    assert "recorded as opened today, if not before: it keeps 30 days" in words(line)
    taken = asked.send_once("/labs/curie/check-outs", {"lines": [{"container_id": jar, "amount": "1", "unit": "g"}]})
    assert taken.status_code == 201, taken.text
    assert use_by(installation, jar) == ((today(ada) + timedelta(days=30)).isoformat(), "opened")
    movement = taken.json()["items"][0]["movement_id"]
    assert asked.send_once("/labs/curie/undo", {"movement_ids": [movement]}).status_code in (200, 201)
    assert use_by(installation, jar) == (PRINTED.isoformat(), "printed")


def test_what_the_lab_extends_holds_until_the_container_is_opened(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container()
    keep(ada, jar, 30)
    fill(ada, jar, opened_on=today(ada) - timedelta(days=40), expires_on=PRINTED)
    asked = installation.as_user("ada")
    assert asked.get(f"/labs/curie/containers/{jar}").json()["expired"]
    until = (today(ada) + timedelta(days=60)).isoformat()
    said = {"container_ids": [jar], "expires_on": until, "reason": "Titrated"}
    assert asked.send_once("/labs/curie/containers/extensions", said).status_code == 201
    assert use_by(installation, jar) == (until, "extended")
    fill(ada, jar, opened_on=today(ada) + timedelta(days=1))  # it was not open when somebody looked
    assert use_by(installation, jar) == ((today(ada) + timedelta(days=31)).isoformat(), "opened")


def test_lists_filters_and_files_go_by_the_day_that_holds(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container(name="Opened long ago")
    keep(ada, jar, 30)
    opened = today(ada) - timedelta(days=31)
    fill(ada, jar, opened_on=opened, expires_on=PRINTED)
    past = (opened + timedelta(days=30)).isoformat()
    asked = installation.as_user("ada")

    def found(**query: Any) -> list[dict[str, Any]]:
        answer = asked.get("/labs/curie/chemicals", params={"q": "Opened long ago"} | query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]  # type: ignore[no-any-return]

    assert [line["earliest_expiry"] for line in found(sort="expiry")] == [past]
    for query in ({"flag": "expired"}, {"expires_before": today(ada).isoformat()}):
        assert found(**query), query
    assert not found(flag="expiring")
    assert not found(unknown="expiry")
    [home] = [one for one in asked.get("/labs/curie/summary").json()["expiring"] if one["id"] == jar]
    assert home["expired"]
    text = asked.get("/labs/curie/containers.csv", params={"container": jar}).content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["Usable until"], row["Expires"], row["Opened"]) == (past, PRINTED.isoformat(), opened.isoformat())
    assert row["Keeps after opening (days)"] == "30"
    for page, address in (
        ("chemicals", f"/chemicals/curie/containers/{jar}"),
        ("chemicals", f"/chemicals/curie/containers/extend?container={jar}"),
        ("checkout", f"/checkout/curie?container={jar}"),
        ("home", "/home/curie"),
    ):
        assert " days after opening" in words(installation.page(page, "ada").soup(address)), address


def test_an_unknown_day_of_opening_is_said(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container()
    keep(ada, jar, 30)
    page = installation.page("chemicals", "ada")
    assert "30 days after opening; when it was opened is not recorded" in words(
        page.soup(f"/chemicals/curie/containers/{jar}")
    )
    fill(ada, jar, expires_on=PRINTED)
    shown = words(page.soup(f"/chemicals/curie/containers/{jar}"))
    assert "31 January 2040, or 30 days after opening if that is sooner" in shown


def test_entries_that_become_one_are_used_by_what_holds_for_it(installation: Installation, ada: Shelf) -> None:
    kept, merged = (ada.add_container(name="Twice listed") for _ in range(2))
    keep(ada, kept, 30)
    fill(ada, merged, opened_on=date(2026, 1, 1))
    [[one], [other]] = ada.run(
        "SELECT chemical_id FROM inventory.containers WHERE id = ANY (%s) ORDER BY id", [kept, merged]
    )
    ada.run("SELECT inventory.merge_chemicals(%s, %s)", one, other)
    assert use_by(installation, merged) == ("2026-01-31", "opened")
