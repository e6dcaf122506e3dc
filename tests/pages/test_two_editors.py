"""Two people open the same form: the second to save overwrites nothing of the first, sees both versions, and loses nothing typed."""

from typing import Any, NamedTuple

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from tests.installation import Client, Installation, PageClient, fields_of, words


class Case(NamedTuple):
    """A form that two people open. `page`, `path`, `form`: where it is; `first`, `apart`, `against`: the fields that the first person, and
    then the second, type; `shown`: what the second is told about the first one's change.
    """

    page: str
    path: str
    form: str
    first: dict[str, Any]
    apart: dict[str, Any]
    """Fields that the first person did not change, so that both changes are saved. `against` has fields that both change."""
    against: dict[str, Any]
    shown: str


def made(client: Client, path: str, body: dict[str, Any]) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def cases(installation: Installation) -> dict[str, Case]:
    ada, root = installation.as_user("ada"), installation.as_user("root")
    chemical = made(ada, "/labs/curie/chemicals", {"name": "Of two editors"})["id"]
    line = {"chemical_id": chemical, "count": 1, "amount": "5", "unit": "g"}
    container = made(ada, "/labs/curie/deliveries", {"lines": [line]})["containers"][0]["id"]
    east = made(ada, "/labs/curie/locations", {"kind": "building", "name": "East"})["id"]
    west = made(ada, "/labs/curie/locations", {"kind": "building", "name": "West"})["id"]
    room = made(ada, "/labs/curie/locations", {"kind": "room", "name": "Room of two"})["id"]
    made(root, "/labs", {"slug": "meitner", "name": "Meitner lab"})
    made(root, "/labs", {"slug": "perutz", "name": "Perutz lab"})
    made(root, "/logins", {"logins": [{"username": "otto"}, {"username": "rudi", "name": "Rudi"}]})
    assert root.patch("/logins/ben", json={"administrator": True}).status_code == 204
    otto = made(root, "/labs/perutz/members", {"usernames": ["otto"], "role": "viewer"})["items"][0]["user_id"]
    return {
        "chemical": Case(
            "chemicals",
            f"/chemicals/curie/{chemical}/edit",
            "form:has([name=was])",
            {"notes": "first", "act": "save"},
            {"supplier": "Merck", "act": "save"},
            {"notes": "second", "act": "save"},
            "It is now: first.",
        ),
        "label": Case(
            "chemicals",
            f"/chemicals/curie/containers/{container}/edit",
            "form:has([name=was])",
            {"lot": "L1"},
            {"purity": "99 %"},
            {"lot": "L2"},
            "It is now: L1.",
        ),
        "location": Case(
            "reconcile",
            f"/reconcile/curie/locations/{room}/edit",
            "form:has([name=was])",
            {"parent_id": str(east)},
            {"count_period_days": "30"},
            {"parent_id": str(west)},
            "It is now: East.",
        ),
        "lab": Case(
            "admin",
            "/admin/labs/meitner/edit",
            "form:has([name=was])",
            {"slug": "hahn"},
            {"time_zone": "Europe/Vienna"},
            {"slug": "strassmann"},
            "It is now: hahn.",
        ),
        "login": Case(
            "admin",
            "/admin/logins/rudi/edit",
            "form:has([name=was])",
            {"administrator": "1"},
            {"name": "Rudi the second"},
            {"name": "Rudi the third"},
            "It is now: Rudi the second.",
        ),
        "role": Case(
            "admin",
            "/admin/labs/perutz",
            f'form[action$="/members/{otto}/role"]',
            {"role": "manager"},
            {},
            {"role": "member"},
            "Somebody else made otto a manager meanwhile.",
        ),
        "password": Case(
            "admin",
            "/admin/logins/otto/password",
            "form:has([name=version])",
            {},
            {},
            {},
            "Somebody else changed this login or made a new password for it meanwhile.",
        ),
    }


def opened(client: PageClient, path: str, form: str) -> tuple[str, dict[str, list[Any]]]:
    """The address to which the form is sent, and its fields as they stand."""
    found = client.soup(path).select_one(form)
    assert found is not None, f"{path} has no form {form!r}"
    return str(found.get("action") or path), fields_of(found)


def sent(client: PageClient, form: tuple[str, dict[str, list[Any]]], typed: dict[str, Any]) -> TestResponse:
    address, fields = form
    return client.post(address, data=fields | {name: [value] for name, value in typed.items()})


@pytest.mark.parametrize("name", ["chemical", "label", "location", "lab", "login", "role", "password"])
def test_the_second_to_save_sees_what_the_first_saved(
    installation: Installation, cases: dict[str, Case], name: str
) -> None:
    case = cases[name]
    both = ("root", "ben") if case.page == "admin" else ("ada", "ben")
    if name == "location":
        installation.psql(
            "UPDATE control.members SET role = 'manager' WHERE lab_id = %s AND user_id = (SELECT id FROM control.users WHERE username = 'ben')",
            installation.lab_id("curie"),
        )
    first, second = (installation.page(case.page, who) for who in both)
    hers, his, later = (opened(client, case.path, case.form) for client in (first, second, second))
    assert sent(first, hers, case.first).status_code in (200, 302, 303)
    if case.apart:
        assert sent(second, his, case.apart).status_code in (302, 303)
    refused = sent(second, later, case.against)
    assert refused.status_code == 409
    assert case.shown in words(refused)
    shown = BeautifulSoup(refused.text, "html.parser").select_one(case.form)
    assert shown is not None
    kept = fields_of(shown)
    if name != "role":
        assert {field: kept[field] for field in case.against if field != "act"} == {
            field: [value] for field, value in case.against.items() if field != "act"
        }
    if case.apart:
        for field, value in (case.first | case.apart | case.against).items():
            assert field == "act" or kept[field] == [value], field
    if name != "role":
        assert sent(second, (later[0], kept), {"act": "save"} if "act" in case.against else {}).status_code < 400


def test_a_member_who_was_removed_meanwhile_is_said(installation: Installation) -> None:
    root = installation.as_user("root")
    made(root, "/labs", {"slug": "noether", "name": "Noether lab"})
    made(root, "/logins", {"logins": [{"username": "emil"}]})
    emil = made(root, "/labs/noether/members", {"usernames": ["emil"], "role": "viewer"})["items"][0]["user_id"]
    page = installation.page("admin", "root")
    form = opened(page, "/admin/labs/noether", f'form[action$="/members/{emil}/role"]')
    assert root.delete(f"/labs/noether/members/{emil}").status_code == 204
    refused = sent(page, form, {"role": "manager"})
    assert refused.status_code == 409
    assert "Somebody removed emil from the lab meanwhile." in words(refused)


def test_a_location_that_was_archived_meanwhile_keeps_what_was_typed(installation: Installation) -> None:
    ada = installation.as_user("ada")
    room = made(ada, "/labs/curie/locations", {"kind": "room", "name": "Closed room"})["id"]
    page = installation.page("reconcile", "ada")
    form = opened(page, f"/reconcile/curie/locations/{room}/edit", "form:has([name=was])")
    assert ada.patch(f"/labs/curie/locations/{room}", json={"archived": True}).status_code == 200
    refused = sent(page, form, {"name": "Open room"})
    assert refused.status_code == 409
    assert "Somebody archived this location meanwhile." in words(refused)
    assert 'value="Open room"' in refused.text
