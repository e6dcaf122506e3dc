"""Single sign-on with a real identity provider: who it lets in, and who not."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.installation import Client
from tests.provider import SECRET, Campus, campus

if TYPE_CHECKING:
    from tests.server import Server


@pytest.fixture(scope="module")
def there(server: "Server", aws: str) -> Iterator[Campus]:
    with campus(server) as made:
        yield made


def begun(there: Campus, again: bool = False) -> dict[str, str]:
    answer = there.installation.service.post("/single-sign-on", json={"again": again})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def arrive(there: Campus, way: dict[str, str], code: str, **changed: str) -> requests.Response:
    kept = {name: way[name] for name in ("nonce", "verifier")}
    return there.installation.service.post(
        "/sessions/single-sign-on", json=kept | {"code": code, "address": "192.0.2.7"} | changed
    )


def sign_in(there: Campus, subject: str, again: bool = False) -> requests.Response:
    way = begun(there, again)
    back = there.back_from(way["address"], subject)
    assert back["state"] == way["state"]
    return arrive(there, way, back["code"])


def as_session(there: Campus, session: dict[str, Any]) -> Client:
    client = Client(there.installation.api_url, there.installation.service_token)
    client.headers["Authorization"] = f"Bearer {session['token']}"
    return client


def test_whom_the_provider_confirms_is_signed_in_as_their_login(there: Campus) -> None:
    answer = sign_in(there, "staff/ben")
    assert answer.status_code == 201, answer.text
    session = answer.json()
    assert session["user"]["username"] == "ben"
    assert {lab["slug"] for lab in session["labs"]} >= {"curie"}
    assert not session["password_first"]
    assert as_session(there, session).get("/labs/curie/membership").status_code == 204
    lines = there.installation.psql(
        "SELECT e.kind, e.about_name, e.details FROM control.events e WHERE e.kind IN ('signed_in', 'provider_login_set') ORDER BY e.id DESC LIMIT 2"
    )
    assert lines == [
        ("signed_in", "ben", {"by": "single sign-on"}),
        ("provider_login_set", "ben", {"issuer": there.issuer}),
    ]


def test_a_name_that_the_provider_gives_to_somebody_else_opens_nothing(there: Campus) -> None:
    assert sign_in(there, "staff/ada").status_code == 201
    refused = sign_in(there, "students/ada")
    assert refused.status_code == 401
    assert "belongs to another person" in refused.json()["detail"]
    assert sign_in(there, "staff/ada").status_code == 201


def test_somebody_without_a_login_is_told_so(there: Campus) -> None:
    refused = sign_in(there, "staff/stranger")
    assert refused.status_code == 401
    assert "You are “stranger” at the identity provider, and ChemTrack has no login" in refused.json()["detail"]
    known = there.installation.psql("SELECT count(*) FROM control.users WHERE username = 'stranger'")
    assert known == [(0,)]


def test_a_login_that_was_removed_is_not_opened(there: Campus) -> None:
    root = there.installation.as_user("root")
    assert root.post("/logins", json={"logins": [{"username": "gone"}]}).status_code == 201
    session = sign_in(there, "staff/gone").json()
    assert root.delete("/logins/gone").status_code == 204
    assert as_session(there, session).get("/sessions/current").status_code == 401
    assert sign_in(there, "staff/gone").status_code == 401


def test_a_made_password_neither_stops_a_single_sign_on_nor_is_used_up_by_it(there: Campus) -> None:
    root = there.installation.as_user("root")
    made = root.post("/logins", json={"logins": [{"username": "newcomer"}]}).json()["items"][0]
    session = sign_in(there, "staff/newcomer").json()
    assert not session["password_first"]
    assert there.installation.new_token("newcomer", made["password"])


@pytest.mark.parametrize("wrong", ["nonce", "verifier", "code"])
def test_what_was_kept_for_another_browser_signs_nobody_in(there: Campus, wrong: str) -> None:
    way, other = begun(there), begun(there)
    back = there.back_from(way["address"], "staff/ben")
    changed = {"nonce": other["nonce"], "verifier": other["verifier"], "code": "made-up"}[wrong]
    values = {"nonce": way["nonce"], "verifier": way["verifier"], "code": back["code"]} | {wrong: changed}
    refused = arrive(there, values, values["code"])
    assert (refused.status_code, "did not confirm" in refused.json()["detail"]) == (401, True)


def test_a_code_counts_once(there: Campus) -> None:
    way = begun(there)
    code = there.back_from(way["address"], "staff/ben")["code"]
    assert arrive(there, way, code).status_code == 201
    assert arrive(there, way, code).status_code == 401


def test_a_grave_act_needs_that_the_person_was_seen_lately(there: Campus) -> None:
    """The moment counts at which the provider saw them, not the moment of the sign-in, which may have asked nobody."""
    given = "SELECT s.password_given_at > now() - interval '1 minute', s.password_given_from FROM control.sessions s ORDER BY s.id DESC LIMIT 1"
    session = sign_in(there, "staff/ben").json()
    assert there.installation.psql(given) == [(False, "192.0.2.0/24")], "the provider does not say when it saw them"
    [own] = [item for item in as_session(there, session).get("/sessions").json()["items"] if item["this_one"]]
    refused = as_session(there, session).delete(f"/sessions/{own['id']}")
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["pointer"] == "/session/password"
    session = sign_in(there, "staff/ben", again=True).json()
    assert there.installation.psql(given) == [(True, "192.0.2.0/24")]
    assert as_session(there, session).delete(f"/sessions/{own['id']}").status_code == 204


def logout_token(there: Campus, key: RSAKey, **changed: Any) -> str:
    claims = {
        "iss": there.issuer,
        "aud": "chemtrack",
        "iat": int(time.time()),
        "exp": int(time.time()) + 120,
        "sub": "staff/ben",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }
    return jwt.encode({"alg": "RS256", "typ": "logout+jwt"}, claims | changed, key)


def test_a_logout_token_that_is_not_the_providers_ends_nothing(there: Campus) -> None:
    session = sign_in(there, "staff/ben").json()
    forged = logout_token(there, RSAKey.generate_key(2048, {"kid": "keystore-CHANGE-ME"}))
    unsigned = "eyJhbGciOiJub25lIn0." + forged.split(".")[1] + "."
    for token in (forged, unsigned, "nothing", "a.b.c"):
        refused = there.installation.service.post("/single-sign-on/ended", json={"logout_token": token})
        assert refused.status_code == 400, token
    assert as_session(there, session).get("/sessions/current").status_code == 200


def test_an_id_token_is_no_logout_token(there: Campus) -> None:
    way = begun(there)
    code = there.back_from(way["address"], "staff/ben")["code"]
    document = requests.get(f"{there.issuer}/.well-known/openid-configuration", timeout=30).json()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": way["verifier"],
        "redirect_uri": f"{there.chemtrack}/login/single-sign-on/back",
    }
    given = requests.post(document["token_endpoint"], data=form, auth=("chemtrack", quote(SECRET)), timeout=30)
    token = given.json()["id_token"]
    refused = there.installation.service.post("/single-sign-on/ended", json={"logout_token": token})
    assert refused.status_code == 400


def test_a_page_takes_back_only_what_this_browser_began(there: Campus) -> None:
    began, other = there.installation.page("login"), there.installation.page("login")
    address = str(began.get("/login/single-sign-on?next=/account").location)
    back = there.back_from(address, "staff/ben")
    for browser, state in ((other, back["state"]), (began, "another")):
        answer = browser.get("/login/single-sign-on/back", query_string=back | {"state": state})
        assert answer.location == "/login", "nobody is signed in by a link that somebody else sent"
        assert browser.get("/account").status_code == 302
    answer = began.get("/login/single-sign-on/back", query_string=back)
    assert answer.location == "/login", "what was kept is gone after the first try"
    address = str(began.get("/login/single-sign-on?next=/account").location)
    answer = began.get("/login/single-sign-on/back", query_string=there.back_from(address, "staff/ben"))
    assert answer.location == "/account"
    assert began.get("/account").status_code == 200


@pytest.mark.parametrize(("comes_from", "leads"), [("cross-site", False), ("same-site", False), ("same-origin", True)])
def test_another_sites_link_signs_nobody_in(there: Campus, comes_from: str, leads: bool) -> None:
    answer = there.installation.page("login").get(
        "/login/single-sign-on?next=/account", headers={"Sec-Fetch-Site": comes_from}
    )
    assert answer.location
    assert answer.location.startswith(there.issuer if leads else "/login?next=/account")


def test_without_a_provider_there_is_nothing(installation: Any) -> None:
    for method, path, body in (
        ("POST", "/single-sign-on", {}),
        ("POST", "/sessions/single-sign-on", {"code": "x", "nonce": "x", "verifier": "x" * 43}),
        ("POST", "/single-sign-on/ended", {"logout_token": "x"}),
        ("GET", "/single-sign-on/sign-out", None),
    ):
        assert installation.service.request(method, path, json=body).status_code == 404, path
    login = installation.page("login")
    assert "Sign in with" not in login.soup("/login").text
    assert login.get("/login/single-sign-on").status_code == 404
