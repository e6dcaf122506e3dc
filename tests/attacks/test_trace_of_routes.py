"""Every route that writes in administration, sessions or imports, proves, or gives a file away leaves its line in control.events.

A new route of these kinds fails here until somebody says what line it leaves, or why none.
"""

import secrets
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
import requests

from tests.api.test_every_route import Ids, requests_of, stock
from tests.installation import Client, Installation, make_login

NO_LINE = {
    "PUT /labs/{lab}/imports/{import_id}/reading": "says how a file is to be read, and loads nothing yet",
    "POST /sessions/current/second-factor/keys": "a random key, which is stored nowhere",
    "POST /single-sign-on": "an address of the identity provider, and random texts, which are stored nowhere",
    "POST /sessions/single-sign-on": "it takes a provider: tests/api/test_single_sign_on.py looks for its lines",
    "POST /single-sign-on/ended": "it takes a provider: tests/browser/test_single_sign_on.py",
    "GET /labs/{lab}/imports/template.xlsx": "an empty form, the same for all labs",
    "GET /labs/{lab}/labels/picture": "one label is looked at while its fields are chosen; printing leaves a line",
    "GET /labs/{lab}/location-labels/picture": "one label is looked at while its paper is chosen; printing leaves a line",
    "GET /labs/{lab}/chemicals/{chemical}/structure": "a part of the chemical's page, which leaves none either",
}
"""Routes that write and leave no line → the reason."""
LIST = b"Name,CAS,Amount,Unit,Location\nTraced salt,7647-14-5,5,g,Shelf T\n"


class Traced:
    """The clients and ids for the requests below: ada and root, a login and a lab of the test's own, an import, one of each thing of curie."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.ada, self.root = installation.as_user("ada"), installation.as_user("root")

    @property
    def ids(self) -> Ids:
        return stock(self.ada, "curie")

    def login(self) -> str:
        name = f"tess-{secrets.token_hex(3)}"
        make_login(self.root, name)
        return name

    def session(self) -> Client:
        client = Client(self.installation.api_url, self.installation.service_token)
        token = self.installation.new_token(self.login(), "a password of their own")
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    def factor(self) -> tuple[requests.Response, Client]:
        client = self.session()
        key = client.post("/sessions/current/second-factor/keys", json={}).json()["key"]
        wanted = {"password": "a password of their own", "key": key, "code": pyotp.TOTP(key).now()}
        return client.put("/sessions/current/second-factor", json=wanted), client

    def lab(self) -> str:
        slug = f"lab-{secrets.token_hex(3)}"
        assert self.root.post("/labs", json={"slug": slug, "name": "Lab"}).status_code == 201
        return slug

    def member(self) -> tuple[str, int]:
        lab, name = self.lab(), self.login()
        added = self.root.post(f"/labs/{lab}/members", json={"usernames": [name], "role": "viewer"})
        return lab, int(added.json()["items"][0]["user_id"])

    def classifications(self) -> requests.Response:
        named = {"name": f"List {secrets.token_hex(3)}", "version": "1"}
        return self.root.post(
            "/classifications", data=named, files={"file": ("list.csv", b"CAS,H codes\n64-17-5,H225\n")}
        )

    def upload(self) -> requests.Response:
        return self.ada.post("/labs/curie/imports", files={"file": (f"{secrets.token_hex(3)}.csv", LIST)})

    def read(self) -> str:
        path = f"/labs/curie/imports/{self.upload().json()['id']}"
        columns = self.ada.get(f"{path}/columns").json()["columns"]
        chosen = {str(column["index"]): column["field"] for column in columns if column["field"]}
        read = self.ada.put(f"{path}/reading", json={"sheet": "", "head_row": 1, "columns": chosen, "choices": {}})
        assert read.status_code == 200, read.text
        return path

    def loaded(self) -> str:
        path = self.read()
        assert '"outcome"' in self.ada.post(f"{path}/commit", json={"with_questions": True}).text
        return path


Act = Callable[[Traced], requests.Response]


def of_member(method: str, body: Any = None) -> Act:
    def act(t: Traced) -> requests.Response:
        lab, user = t.member()
        return t.root.request(method, f"/labs/{lab}/members/{user}", json=body)

    return act


def end_elsewhere(t: Traced) -> requests.Response:
    here = t.session()
    who = here.get("/sessions/current").json()["user"]["username"]
    t.installation.new_token(who, "a password of their own")
    [other] = [one["id"] for one in here.get("/sessions").json()["items"] if not one["this_one"]]
    return here.delete(f"/sessions/{other}")


def give_code(t: Traced) -> requests.Response:
    set_up, client = t.factor()
    who = {"username": client.get("/sessions/current").json()["user"]["username"], "address": "127.0.0.1"}
    ticket = t.installation.service.post("/sessions", json=who | {"password": "a password of their own"}).json()[
        "ticket"
    ]
    code = set_up.json()["recovery_codes"][0]
    return t.installation.service.post("/sessions/second", json=who | {"ticket": ticket, "code": code})


def turn_off(t: Traced) -> requests.Response:
    set_up, client = t.factor()
    wanted = {"password": "a password of their own", "code": set_up.json()["recovery_codes"][0]}
    return client.post("/sessions/current/second-factor/off", json=wanted)


def reset_factor(t: Traced) -> requests.Response:
    _, client = t.factor()
    return t.root.delete(f"/logins/{client.get('/sessions/current').json()['user']['username']}/second-factor")


CHANGE = {"current_password": "a password of their own", "new_password": "violet tractor under glass"}
SIGN_IN = {"username": "ada", "password": "chemtrack-demo", "address": "127.0.0.1"}
TOKEN = {"name": "Balance", "access": "read", "labs": ["curie"]}


def revoke(t: Traced) -> requests.Response:
    return t.ada.delete(f"/tokens/{t.ada.post('/tokens', json=TOKEN).json()['id']}")


PROGRAMS = "/labs/curie/service-accounts"


def account(t: Traced) -> str:
    return f"{PROGRAMS}/{t.ada.post(PROGRAMS, json={'name': 'Balances'}).json()['id']}"


def revoke_of_account(t: Traced) -> requests.Response:
    place = f"{account(t)}/tokens"
    return t.ada.delete(f"{place}/{t.ada.post(place, json={'name': 'Balance', 'access': 'read'}).json()['id']}")


ACTS: dict[str, tuple[str, Act]] = {
    "POST /labs/{lab}/service-accounts": (
        "service_account_made",
        lambda t: t.ada.post(PROGRAMS, json={"name": "Balances"}),
    ),
    "DELETE /labs/{lab}/service-accounts/{account}": ("service_account_removed", lambda t: t.ada.delete(account(t))),
    "POST /labs/{lab}/service-accounts/{account}/tokens": (
        "token_made",
        lambda t: t.ada.post(f"{account(t)}/tokens", json={"name": "Balance", "access": "read"}),
    ),
    "DELETE /labs/{lab}/service-accounts/{account}/tokens/{token}": ("token_revoked", revoke_of_account),
    "POST /sessions": ("signed_in", lambda t: t.installation.service.post("/sessions", json=SIGN_IN)),
    "DELETE /sessions/current": ("session_ended", lambda t: t.session().delete("/sessions/current")),
    "DELETE /sessions/{session}": ("session_ended", end_elsewhere),
    "PUT /sessions/current/confirmation": (
        "password_confirmed",
        lambda t: t.session().put("/sessions/current/confirmation", json={"password": "a password of their own"}),
    ),
    "POST /tokens": ("token_made", lambda t: t.ada.post("/tokens", json=TOKEN)),
    "DELETE /tokens/{token}": ("token_revoked", revoke),
    "PUT /sessions/current/password": (
        "password_changed",
        lambda t: t.session().put("/sessions/current/password", json=CHANGE),
    ),
    "POST /sessions/second": ("signed_in", give_code),
    "PUT /sessions/current/second-factor": ("second_factor_set", lambda t: t.factor()[0]),
    "POST /sessions/current/second-factor/off": ("second_factor_removed", turn_off),
    "DELETE /logins/{username}/second-factor": ("second_factor_reset", reset_factor),
    "POST /logins": (
        "login_made",
        lambda t: t.root.post("/logins", json={"logins": [{"username": f"u-{secrets.token_hex(3)}"}]}),
    ),
    "PATCH /logins/{username}": (
        "administrator_made",
        lambda t: t.root.patch(f"/logins/{t.login()}", json={"administrator": True}),
    ),
    "PUT /logins/{username}/password": (
        "password_reset",
        lambda t: t.root.put(f"/logins/{t.login()}/password", json={}),
    ),
    "DELETE /logins/{username}": ("login_removed", lambda t: t.root.delete(f"/logins/{t.login()}")),
    "POST /labs": (
        "lab_made",
        lambda t: t.root.post("/labs", json={"slug": f"l-{secrets.token_hex(3)}", "name": "Lab"}),
    ),
    "PATCH /labs/{lab}": ("lab_archived", lambda t: t.root.patch(f"/labs/{t.lab()}", json={"archived": True})),
    "POST /labs/{lab}/members": (
        "member_added",
        lambda t: t.root.post(f"/labs/{t.lab()}/members", json={"usernames": [t.login()], "role": "viewer"}),
    ),
    "PATCH /labs/{lab}/members/{user}": ("role_changed", of_member("PATCH", {"role": "manager"})),
    "DELETE /labs/{lab}/members/{user}": ("member_removed", of_member("DELETE")),
    "GET /isolation": (
        "isolation_held",
        lambda t: t.root.get("/isolation", params={"lab": "curie", "other": "hodgkin"}),
    ),
    "POST /classifications": ("classifications_uploaded", lambda t: t.classifications()),
    "POST /classifications/{number}/keep": (
        "classifications_kept",
        lambda t: t.root.post(f"/classifications/{t.classifications().json()['id']}/keep"),
    ),
    "DELETE /classifications/{number}": (
        "classifications_discarded",
        lambda t: t.root.delete(f"/classifications/{t.classifications().json()['id']}"),
    ),
    "GET /events.csv": ("exported", lambda t: t.root.get("/events.csv")),
    "POST /labs/{lab}/imports": ("import_uploaded", lambda t: t.upload()),
    "POST /labs/{lab}/imports/{import_id}/commit": (
        "import_loaded",
        lambda t: t.ada.post(f"{t.read()}/commit", json={"with_questions": True}),
    ),
    "POST /labs/{lab}/imports/{import_id}/cancel": ("import_cancelled", lambda t: t.ada.post(f"{t.read()}/cancel")),
    "POST /labs/{lab}/imports/{import_id}/take-back": (
        "import_taken_back",
        lambda t: t.ada.post(f"{t.loaded()}/take-back"),
    ),
    "GET /labs/{lab}/imports/{import_id}/file": ("exported", lambda t: t.ada.get(f"{t.read()}/file")),
    "GET /labs/{lab}/imports/{import_id}/refused.csv": ("exported", lambda t: t.ada.get(f"{t.loaded()}/refused.csv")),
}
"""Route → the kind of the line that it leaves, and a request to the route."""


def file_of_curie(operation: str) -> Act:
    def act(t: Traced) -> requests.Response:
        ids = t.ids
        route = operation.replace("/labs/{lab}", "", 1)
        path = route.split(" ", 1)[1].format(**ids._asdict())
        return t.ada.get(f"/labs/curie{path}", params=requests_of(ids)[route][0])

    return act


FILES = [
    "GET /labs/{lab}/chemicals.csv",
    "GET /labs/{lab}/chemicals.xlsx",
    "GET /labs/{lab}/chemicals.sdf",
    "GET /labs/{lab}/chemicals/{chemical}/balance.csv",
    "GET /labs/{lab}/containers.csv",
    "GET /labs/{lab}/events.csv",
    "GET /labs/{lab}/everything.xlsx",
    "GET /labs/{lab}/everything.zip",
    "GET /labs/{lab}/history.csv",
    "GET /labs/{lab}/labels",
    "GET /labs/{lab}/location-labels",
    "GET /labs/{lab}/stocktakes/{stocktake}/report.csv",
]
ACTS |= {operation: ("exported", file_of_curie(operation)) for operation in FILES}


def test_every_route_that_leaves_a_line_is_tried_here(installation: Installation) -> None:
    paths = installation.service.get("/openapi.json").json()["paths"]
    found = set()
    for path, methods in paths.items():
        for method, route in methods.items():
            kinds = {
                kind
                for code, answer in route["responses"].items()
                if code[0] == "2"
                for kind in answer.get("content", {})
            }
            writes = method != "get" and set(route["tags"]) & {"administration", "sessions", "tokens", "imports"}
            gives_a_file = method == "get" and kinds - {"application/json"}
            if writes or gives_a_file or path == "/isolation":
                found.add(f"{method.upper()} {path}")
    assert found == {*ACTS, *NO_LINE}


@pytest.fixture(scope="module")
def traced(installation: Installation) -> Traced:
    return Traced(installation)


@pytest.mark.parametrize("operation", ACTS)
def test_it_leaves_its_line(installation: Installation, traced: Traced, operation: str) -> None:
    kind, act = ACTS[operation]
    count = "SELECT count(*) FROM control.events WHERE kind = %s AND made_by IS NOT NULL"
    [(before,)] = installation.psql(count, kind)
    answer = act(traced)
    assert answer.status_code < 300, answer.text
    [(after,)] = installation.psql(count, kind)
    assert after > before
