"""Two people change the same thing: whoever read it before the other saved is refused, and overwrites nothing."""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg
import pytest
import requests

from tests.installation import Client, Installation

WITHOUT = {
    "PATCH /labs/{lab}/stocktakes/{stocktake}/counts": "the latest count of a bottle holds, and each is kept",
    "PUT /labs/{lab}/imports/{import_id}/reading": "an import is read anew, as often as somebody says how",
    "PUT /sessions/current/password": "whoever changes a password says the present one",
    "PUT /sessions/current/second-factor": "refused where there is one already",
    "PUT /sessions/current/confirmation": "whoever confirms says the present password, and nothing is overwritten",
    "PUT /labs/{lab}/chemicals/columns": "each member chooses for themselves, anew as a whole",
}
"""Changes without a version → the reason."""


WAITING = """
SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
 WHERE a.datname = current_database() AND a.usename = 'chemuser' AND NOT l.granted"""


class Kept(NamedTuple):
    """A thing that two people change: who they are, the paths where it is read and written, and two changes."""

    user: str
    path: str
    read: Callable[[Client], dict[str, Any]]
    one: dict[str, Any]
    other: dict[str, Any]
    method: str = "PATCH"


def _made(client: Client, path: str, body: dict[str, Any]) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def _item(path: str, key: str, value: object) -> Callable[[Client], dict[str, Any]]:
    def read(client: Client) -> dict[str, Any]:
        [found] = [item for item in client.get(path).json()["items"] if item[key] == value]
        return dict(found)

    return read


def _kept(installation: Installation) -> dict[str, Kept]:
    ada, root = installation.as_user("ada"), installation.as_user("root")
    chemical = _made(ada, "/labs/curie/chemicals", {"name": "Aconitic acid"})["id"]
    line = {"chemical_id": chemical, "count": 1, "amount": "5", "unit": "g"}
    container = _made(ada, "/labs/curie/deliveries", {"lines": [line]})["containers"][0]["id"]
    room = _made(ada, "/labs/curie/locations", {"kind": "room", "name": "Room of versions"})["id"]
    _made(root, "/labs", {"slug": "versions", "name": "Lab of versions"})
    _made(root, "/logins", {"logins": [{"username": "vera"}]})
    member = _made(root, "/labs/versions/members", {"usernames": ["vera"], "role": "viewer"})["items"][0]["user_id"]
    login = _item("/logins", "username", "vera")
    return {
        "PATCH /labs/{lab}/chemicals/{chemical}": Kept(
            "ada",
            f"/labs/curie/chemicals/{chemical}",
            lambda client: client.get(f"/labs/curie/chemicals/{chemical}").json(),
            {"notes": "One"},
            {"notes": "Other"},
        ),
        "PATCH /labs/{lab}/containers/{container}": Kept(
            "ada",
            f"/labs/curie/containers/{container}",
            lambda client: client.get(f"/labs/curie/containers/{container}").json(),
            {"lot": "One"},
            {"lot": "Other"},
        ),
        "PATCH /labs/{lab}/locations/{location}": Kept(
            "ada",
            f"/labs/curie/locations/{room}",
            _item("/labs/curie/locations", "id", room),
            {"name": "One"},
            {"name": "Other"},
        ),
        "PATCH /labs/{lab}": Kept(
            "root", "/labs/versions", _item("/labs", "slug", "versions"), {"name": "One"}, {"name": "Other"}
        ),
        "PATCH /labs/{lab}/members/{user}": Kept(
            "root",
            f"/labs/versions/members/{member}",
            _item("/labs/versions/members", "user_id", member),
            {"role": "member"},
            {"role": "manager"},
        ),
        "PATCH /logins/{username}": Kept("root", "/logins/vera", login, {"name": "One"}, {"administrator": True}),
        "PUT /logins/{username}/password": Kept("root", "/logins/vera/password", login, {}, {}, "PUT"),
        "PUT /labs/{lab}/check-out-rules": Kept(
            "ada",
            "/labs/curie/check-out-rules",
            lambda client: client.get("/labs/curie/check-out-rules").json(),
            {"expired": "warn", "marked": "warn", "peroxides": "refuse"},
            {"expired": "warn", "marked": "warn", "peroxides": "warn"},
            "PUT",
        ),
        "PUT /labs/{lab}/labels/settings": Kept(
            "ada",
            "/labs/curie/labels/settings",
            lambda client: client.get("/labs/curie/labels/preview").json()["settings"],
            {"sheet": "roll-62", "fields": ["lot"]},
            {"sheet": "roll-62", "fields": []},
            "PUT",
        ),
    }


@pytest.fixture(scope="module")
def kept(installation: Installation) -> dict[str, Kept]:
    return _kept(installation)


def test_every_change_takes_a_version(installation: Installation, kept: dict[str, Kept]) -> None:
    document = installation.service.get("/openapi.json").json()
    changes = {
        f"{method.upper()} {path}": operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in ("patch", "put")
    }
    assert changes.keys() == kept.keys() | WITHOUT.keys()
    for name in kept:
        schema = changes[name]["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        assert "version" in document["components"]["schemas"][schema]["properties"], name


def test_whoever_read_it_before_another_saved_is_refused(installation: Installation, kept: dict[str, Kept]) -> None:
    for name, thing in kept.items():
        client = installation.as_user(thing.user)
        read = thing.read(client)

        def change(fields: dict[str, Any], version: object, client: Client = client, thing: Kept = thing) -> int:
            answer = client.request(thing.method, thing.path, json=fields | {"version": version})
            if answer.status_code == 409:
                assert "Somebody else changed this" in answer.json()["detail"]
            return answer.status_code

        assert change(thing.one, read["version"]) < 300, name
        now = thing.read(client)
        assert now["version"] != read["version"], name
        assert change(thing.other, read["version"]) == 409, name
        assert thing.read(client) == now, f"{name}: the refused change changed something"
        assert change(thing.other, now["version"]) < 300, name


def test_of_two_at_the_same_moment_one_is_refused(installation: Installation, kept: dict[str, Kept]) -> None:
    """The first change waits in its transaction while the second is sent, so that the second reads the row after the first has changed it."""
    thing = kept["PATCH /labs/{lab}/chemicals/{chemical}"]
    ada = installation.as_user("ada")
    read = thing.read(ada)
    [[user]] = installation.psql("SELECT id FROM control.users WHERE username = 'ada'")
    answers: list[requests.Response] = []

    def send() -> None:
        answers.append(ada.patch(thing.path, json=thing.one | {"version": read["version"]}))

    with psycopg.connect(installation.dsn("dba")) as connection:
        for name, value in (("app.lab_id", installation.lab_id("curie")), ("app.user_id", user), ("role", "chemuser")):
            connection.execute("SELECT set_config(%s, %s, true)", (name, str(value)))
        connection.execute(
            "UPDATE inventory.chemicals SET notes = 'Just now' WHERE id = %s", (int(thing.path.rsplit("/", 1)[1]),)
        )
        second = threading.Thread(target=send)
        second.start()
        while second.is_alive() and not installation.psql(WAITING)[0][0]:
            pass
        connection.commit()
    second.join()
    assert answers[0].status_code == 409
    assert thing.read(ada)["notes"] == "Just now"
