"""The cookies and cached pages that a browser keeps after a sign-in, and after signing out."""

import base64
import hashlib

import pytest

from pages.common import kept_forms, signing
from pages.common.config import PageSettings
from pages.login import known_browser
from pages.login.page import create_app
from tests.installation import PASSWORD, Installation, PageClient


@pytest.fixture
def over_https(installation: Installation) -> PageClient:
    """A browser on the page Login, with HTTPS as in AWS."""
    settings = PageSettings(
        api_url=installation.api_url,
        service_token=installation.service_token,
        cookie_key=installation.cookie_key,
        cookie_secure=True,
    )
    app = create_app(settings)
    app.test_client_class = PageClient
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


SECURE = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/login"}}


def fields(client: PageClient, path: str) -> dict[str, str]:
    token = client.soup(path, base_url="https://localhost").select_one("input[name=csrf_token]")
    assert token
    return {"csrf_token": str(token["value"])}


def test_the_cookie_is_for_this_host_alone(over_https: PageClient) -> None:
    form = fields(over_https, "/login") | {"username": "ada", "password": PASSWORD}
    answer = over_https.post("/login", data=form, **SECURE)
    assert answer.status_code == 302
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-chemtrack", "__Host-chemtrack-browser"}
    for cookie in cookies:
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_every_cookie_is_for_this_host_alone(over_https: PageClient) -> None:
    form = fields(over_https, "/login") | {"theme": "dark"}
    [cookie, *_] = over_https.post("/login/theme", data=form, **SECURE).headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-chemtrack-theme=dark;")
    assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert 'data-bs-theme="dark"' in over_https.get("/login", base_url="https://localhost").text


def test_cookies_and_forms_are_signed_by_sha256(over_https: PageClient) -> None:
    form = fields(over_https, "/login")
    over_https.post("/login", data=form | {"username": "ada", "password": PASSWORD}, **SECURE)
    signed = {"form": form["csrf_token"]}
    for name in ("__Host-chemtrack", "__Host-chemtrack-browser"):
        cookie = over_https.get_cookie(name)
        assert cookie
        signed[name] = cookie.value
    with over_https.application.test_request_context("/login"):
        signed["kept form"] = kept_forms.seal(kept_forms.KeptForm(1, "/", "/", [], False)) or ""
    for what, text in signed.items():
        signature = text.rpartition(".")[2]
        assert len(base64.urlsafe_b64decode(signature + "==")) == hashlib.sha256().digest_size, what


def test_signing_out_clears_what_the_browser_has_stored(over_https: PageClient) -> None:
    over_https.post("/login", data=fields(over_https, "/login") | {"username": "ada", "password": PASSWORD}, **SECURE)
    answer = over_https.post("/logout", data=fields(over_https, "/logout"), **SECURE)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_the_owner_signs_in_from_a_known_browser_while_a_stranger_guesses(installation: Installation) -> None:
    browser = installation.page("login")
    form = "form:has([name=password])"
    assert browser.submit("/login", form, follow=False, username="cleo", password=PASSWORD).status_code == 302
    browser.submit("/logout", "form[action='/logout']:not(:has([name=theme]))")
    stranger = installation.page("login")
    for _ in range(5):
        assert stranger.submit("/login", form, username="cleo", password="guess").status_code == 401
    assert stranger.submit("/login", form, username="cleo", password=PASSWORD).status_code == 429
    assert browser.submit("/login", form, follow=False, username="cleo", password=PASSWORD).status_code == 302


def test_a_cookie_of_another_users_browser_helps_nobody(installation: Installation) -> None:
    app = installation.page_app("login")
    with app.test_request_context("/login"):
        signed = signing.serializer(known_browser.PURPOSE).dumps({"eve": "eves-browser"})
    forged = signed[:-2] + ("AA" if signed[-2:] != "AA" else "BB")
    for cookie, found in ((signed, ""), (forged, ""), ("nonsense", "")):
        headers = {"Cookie": f"chemtrack-browser={cookie}"}
        with app.test_request_context("/login", headers=headers) as context:
            assert known_browser.device_of(context.request, "cleo") == found
    with app.test_request_context("/login", headers={"Cookie": f"chemtrack-browser={signed}"}) as context:
        assert known_browser.device_of(context.request, " Eve ") == "eves-browser"


def test_a_made_password_leads_to_the_account_page(installation: Installation) -> None:
    made = installation.as_user("root").post("/logins", json={"logins": [{"username": "xena"}]}).json()["items"][0]
    browser = installation.page("login")
    answer = browser.submit("/login", "form:has([name=password])", username="xena", password=made["password"])
    assert answer.request.path == "/account"
    assert "Choose a password of your own" in answer.text
    wrong = browser.submit(
        "/account",
        "form:has([name=new_password])",
        current_password=made["password"],
        new_password="password1234",
        new_password_again="password1234",
    )
    assert (wrong.status_code, "guessed quickly" in wrong.text) == (422, True)


def test_the_account_page_lists_my_sessions_and_ends_one(installation: Installation) -> None:
    phone, desk = (installation.page("login") for _ in range(2))
    agent = "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"
    form = "form:has([name=password])"
    phone.environ_base["HTTP_USER_AGENT"] = agent
    phone.submit("/login", form, username="eve", password=PASSWORD)
    desk.submit("/login", form, username="eve", password=PASSWORD)
    shown = desk.soup("/account")
    assert "Firefox on Android" in shown.text
    [end] = [line.select_one("form") for line in shown.select("li") if "Firefox on Android" in line.text]
    assert end is not None
    desk.submit("/account", f"form[action='{end['action']}']")
    assert "Firefox on Android" not in desk.soup("/account").text
    assert phone.get("/login/lab").status_code == 302
