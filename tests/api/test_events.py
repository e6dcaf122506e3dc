"""The trace as managers and administrators read it."""

import csv
import io
import secrets
from typing import Any

import pytest

from tests.installation import Client, Installation


@pytest.fixture(scope="module")
def root(installation: Installation) -> Client:
    return installation.as_user("root")


@pytest.fixture(scope="module")
def kim(installation: Installation, root: Client) -> str:
    """A login that was added to curie as a viewer, and to hodgkin."""
    name = f"kim-{secrets.token_hex(3)}"
    assert root.post("/logins", json={"logins": [{"username": name}]}).status_code == 201
    for lab in ("curie", "hodgkin"):
        assert root.post(f"/labs/{lab}/members", json={"usernames": [name], "role": "viewer"}).status_code == 201
    return name


def found(client: Client, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_a_manager_reads_the_lines_of_the_lab_and_an_administrator_all(
    installation: Installation, root: Client, kim: str
) -> None:
    [line] = found(installation.as_user("ada"), "/labs/curie/events", person=kim)
    assert (line["title"], line["made_by_name"], line["about_name"], line["lab"], line["more"]) == (
        "Member added",
        "root",
        kim,
        "curie",
        "role: viewer",
    )
    everywhere = found(root, "/events", person=kim)
    assert [(line["kind"], line["lab"]) for line in everywhere] == [
        ("member_added", "hodgkin"),
        ("member_added", "curie"),
        ("login_made", None),
    ]


@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("cleo", 403), ("eve", 404), ("root", 404)])
def test_nobody_else_reads_the_lines_of_a_lab(installation: Installation, who: str, status: int) -> None:
    for path in ("/labs/curie/events", "/labs/curie/events.csv"):
        assert installation.as_user(who).get(path).status_code == status


@pytest.mark.parametrize("who", ["ada", "cleo"])
def test_no_manager_reads_the_lines_of_all_labs(installation: Installation, who: str) -> None:
    for path in ("/events", "/events.csv"):
        assert installation.as_user(who).get(path).status_code == 403


def test_pages_go_on_where_the_last_one_ended(root: Client, kim: str) -> None:
    everything = [line["id"] for line in found(root, "/events", limit=200)]
    assert everything == sorted(everything, reverse=True)
    walked: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = root.get("/events", params={"limit": 5, "cursor": cursor}).json()
        walked += [line["id"] for line in page["items"]]
        cursor = page["next"]
    # Reading pages is no act, so it adds no line to the trace.
    assert walked == everything


def test_filters_narrow_and_wrong_ones_are_refused(root: Client, kim: str) -> None:
    assert {line["kind"] for line in found(root, "/events", kind=["login_made", "lab_made"])} == {
        "login_made",
        "lab_made",
    }
    assert found(root, "/events", to="2020-01-01") == []
    assert found(root, "/events", **{"from": "2020-01-01", "person": kim.upper()}) != []
    refused = root.get("/events", params={"from": "2026-02-01", "to": "2026-01-01"})
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/to"]
    for bad in ({"kind": "x; DROP"}, {"cursor": "e30"}, {"sort": "id"}, {"person": "x" * 65}):
        assert 400 <= root.get("/events", params=bad).status_code < 500


def test_files_hold_all_lines_and_leave_one(installation: Installation, root: Client, kim: str) -> None:
    for client, path in ((root, "/events.csv"), (installation.as_user("ada"), "/labs/curie/events.csv")):
        answer = client.get(path, params={"person": kim})
        assert answer.status_code == 200
        rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        assert {row["Concerns"] for row in rows} == {kim}
        assert {row["By"] for row in rows} == {"root"}
        [line, *_] = found(client, path.removesuffix(".csv"), kind="exported")
        assert line["more"] == "file: events"


def test_home_tells_managers_whom_administrators_added(installation: Installation, root: Client, kim: str) -> None:
    ada, ben = (installation.as_user(who).get("/labs/curie/summary").json()["additions"] for who in ("ada", "ben"))
    assert (ada[0]["by"], ada[0]["name"], ada[0]["role"], ada[0]["themselves"]) == ("root", kim, "viewer", False)
    assert ben == []
    assert root.post("/labs/curie/members", json={"usernames": ["root"], "role": "manager"}).status_code == 201
    [newest, *_] = installation.as_user("ada").get("/labs/curie/summary").json()["additions"]
    assert (newest["name"], newest["themselves"]) == ("root", True)
    [user] = installation.psql("SELECT id FROM control.users WHERE username = 'root'")
    assert root.delete(f"/labs/curie/members/{user[0]}").status_code == 204
