"""What create_page gives every page: headers, cookie, CSRF, sign-in, error pages, log."""

import hashlib
import json
import logging
import re
import socket

import pytest
from flask import Flask
from flask.testing import FlaskClient

import release
from logs import JsonLines
from pages.common.config import PageSettings, read_settings
from pages.common.problems import Misconfigured
from tests.pages.sample_page import TOKEN, sample_page, signed_in, token_of

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
)

POLICY_OF_SCANNING = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")


@pytest.fixture(scope="module")
def app() -> Flask:
    return sample_page()


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    return signed_in(app)


def test_health_needs_no_session_and_makes_none(app: Flask) -> None:
    answer = app.test_client().get("/health")
    assert (answer.status_code, answer.json) == (
        200,
        {"status": "ok", "version": release.VERSION, "commit": release.COMMIT},
    )
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/checkout/curie", "/checkout/curie/none", "/checkout/curie/fail/409", "/health"])
def test_every_answer_has_the_strict_headers(ada: FlaskClient, path: str) -> None:
    answer = ada.get(path)
    headers = answer.headers
    scans = "data-scan " in answer.text
    assert headers["Content-Security-Policy"] == (POLICY_OF_SCANNING if scans else POLICY)
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(self), microphone=(), geolocation=()"
    assert "Strict-Transport-Security" not in headers


def test_tasks_are_told_apart_without_their_hosts_names(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = set()
    for host in ("ip-10-0-3-7.ec2.internal", "ip-10-0-4-9.ec2.internal"):
        monkeypatch.setattr(socket, "gethostname", lambda name=host: name)
        app = sample_page()
        answers = [app.test_client().get(path) for path in ("/checkout/curie", "/health")]
        [task] = {answer.headers["X-Chemtrack-Task"] for answer in answers}
        assert re.fullmatch("[0-9a-f]{8}", task)
        tasks.add(task)
        unsigned = (hashlib.sha256(text.encode()).hexdigest() for text in (host, f"task {host}"))
        assert not any(digest.startswith(task) for digest in unsigned), "addresses are few enough to try them all"
    assert len(tasks) == 2


def test_a_page_is_not_kept_by_the_browser(ada: FlaskClient) -> None:
    headers = ada.get("/checkout/curie").headers
    assert headers["Cache-Control"] == "no-store"
    assert {"Cookie", "HX-Request"} <= set(headers["Vary"].split(", "))


def test_the_cookie_is_for_this_site_over_https_and_not_for_scripts() -> None:
    answer = sample_page(secure=True).test_client().get("/checkout/sign-in", base_url="https://chemtrack.example")
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-chemtrack="))
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Expires=" in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31556926; includeSubDomains"


def test_on_one_machine_the_cookie_goes_over_http(app: Flask) -> None:
    answer = app.test_client().get("/checkout/sign-in")
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers


def test_a_session_past_its_time_is_none(app: Flask) -> None:
    assert signed_in(app, seconds=60).get("/checkout/curie").status_code == 200
    client = signed_in(app, seconds=0)
    assert client.get("/checkout/curie").location == "/login?next=/checkout/curie"


@pytest.mark.parametrize("path", ["/checkout//curie", "/checkout/curie//dispose"])
def test_a_double_slash_leads_to_no_host_that_a_stranger_names(ada: FlaskClient, path: str) -> None:
    answer = ada.get(path, headers={"Host": "evil.example"})
    assert "evil.example" not in answer.headers.get("Location", "")
    assert ada.get(path).status_code == 404


def test_a_cookie_that_was_tampered_with_is_none(app: Flask) -> None:
    client = signed_in(app)
    cookie = client.get_cookie("chemtrack")
    assert cookie
    client.set_cookie("chemtrack", cookie.value[:-2] + ("AA" if cookie.value[-2:] != "AA" else "BB"))
    assert client.get("/checkout/curie").status_code == 302


def test_signing_in_begins_a_new_session(app: Flask) -> None:
    client = signed_in(app)
    before = token_of(client)
    client.get("/checkout/sign-in")
    answer = client.post("/checkout/curie", data={"csrf_token": before})
    assert answer.status_code == 409  # a form with the token of the former session is not sent
    assert "Nothing was sent yet" in answer.text


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_a_form_without_its_token_is_refused(ada: FlaskClient, token: str | None) -> None:
    answer = ada.post("/checkout/curie", data={"csrf_token": token} if token is not None else {})
    assert answer.status_code == 400
    assert "This form is too old" in answer.text


def test_htmx_sends_the_token_in_a_header(ada: FlaskClient) -> None:
    [token] = re.findall(r'"X-CSRFToken": "([^"]+)"', ada.get("/checkout/curie").text)
    answer = ada.post("/checkout/curie", headers={"X-CSRFToken": token})
    assert answer.status_code == 503  # the token was accepted; only the API does not answer


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/checkout/curie/none", 404, "There is nothing here"),
        ("/checkout/Curie", 404, "There is nothing here"),
        ("/checkout/..", 404, "There is nothing here"),
        ("/checkout/curie%00", 404, "There is nothing here"),
        ("/checkout/curie/fail/403", 403, "A sentence of the API."),
        ("/checkout/curie/fail/409", 409, "A sentence of the API."),
        ("/checkout/curie/fail/422", 422, "Of a field."),
        ("/checkout/curie/fail/404", 404, "it may be another lab’s"),
        ("/checkout/curie/fail/429", 429, "A sentence of the API."),
        ("/checkout/curie/fail/500", 500, "Something is wrong on our side"),
        ("/checkout/curie/fail/418", 418, "A sentence of the API."),
        ("/checkout/curie/broken", 500, "Something is wrong on our side"),
        ("/checkout/curie/ask/labs/curie/x", 503, "The inventory cannot be reached"),
    ],
)
def test_what_goes_wrong_is_a_sentence_in_the_frame(ada: FlaskClient, path: str, status: int, words: str) -> None:
    answer = ada.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert "Curie lab" in answer.text
    assert "Traceback" not in answer.text


def test_an_error_page_has_a_reference_that_is_in_the_log(ada: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        text = ada.get("/checkout/curie/broken").text
    found = re.search(r"[0-9a-f]{4}-[0-9a-f]{4}</span>", text)
    assert found
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert found[0].removesuffix("</span>") in {line.get("request") for line in lines if line["level"] == "error"}


def test_no_token_and_no_query_is_in_the_log(ada: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        ada.get("/checkout/curie?q=secret-search")
        ada.get("/checkout/curie/ask/labs/curie/x?q=secret-search")
        ada.post("/checkout/curie", data={"csrf_token": token_of(ada), "password": "secret-word"})
    cookie = ada.get_cookie("chemtrack")
    assert cookie
    ours = "\n".join(JsonLines().format(record) for record in caplog.records if record.name.startswith("pages"))
    assert '"method": "GET", "rule": "/checkout/<lab>", "status": 200' in ours
    for secret in (TOKEN, "s" * 20, "secret-search", "secret-word", cookie.value):
        assert secret not in ours


def test_a_problem_for_htmx_is_a_note_at_the_top(ada: FlaskClient) -> None:
    answer = ada.get("/checkout/curie/fail/409", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#ct-problem"
    assert "<html" not in answer.text
    assert "A sentence of the API." in answer.text


def test_a_part_that_is_fine_to_miss_is_missed_in_silence(ada: FlaskClient) -> None:
    answer = ada.get("/home/curie/counts", headers={"HX-Request": "true", "X-Quiet": "1"})
    assert (answer.status_code, answer.data) == (204, b"")


def test_a_page_that_htmx_restores_is_whole(ada: FlaskClient) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in ada.get("/checkout/curie/fail/409", headers=headers).text


def test_a_body_that_is_too_large_is_refused_with_a_sentence(ada: FlaskClient) -> None:
    answer = ada.post("/checkout/curie", data=b"x" * (26 * 1024 * 1024), content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "25 MB" in answer.text


def test_a_form_is_not_an_address(ada: FlaskClient) -> None:
    answer = ada.put("/checkout/curie", headers={"X-CSRFToken": token_of(ada)})
    assert answer.status_code == 405
    assert "There is nothing here" in answer.text


def test_the_client_cannot_name_the_host_and_the_balancer_names_the_client(app: Flask) -> None:
    client = app.test_client()
    headers = {"X-Forwarded-Host": "evil.example", "Referer": "http://evil.example/checkout/curie"}
    assert 'name="next" value="/"' in client.post("/checkout/curie", headers=headers).text


def test_a_toast_is_shown_once_with_its_undo(ada: FlaskClient) -> None:
    text = ada.get("/checkout/curie?toast=1").text
    assert "250 mL checked out" in text
    assert 'action="/checkout/curie/undo"' in text
    assert 'name="ids" value="4,5"' in text
    assert "250 mL checked out" not in ada.get("/checkout/curie").text


@pytest.mark.parametrize(
    ("theme", "attribute"), [("dark", ' data-bs-theme="dark"'), ("light", ' data-bs-theme="light"'), ("x", "")]
)
def test_the_theme_is_written_by_the_server(ada: FlaskClient, theme: str, attribute: str) -> None:
    ada.set_cookie("chemtrack-theme", theme)
    assert f'<html lang="en"{attribute}>' in ada.get("/checkout/curie").text


def test_a_missing_setting_stops_the_start_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PageSettings.model_fields:
        monkeypatch.delenv(f"CHEMTRACK_{name.upper()}", raising=False)
    monkeypatch.setenv("CHEMTRACK_API_URL", "not an address")
    monkeypatch.setenv("CHEMTRACK_COOKIE_KEY", "short")
    with pytest.raises(Misconfigured) as caught:
        read_settings()
    said = str(caught.value)
    assert "CHEMTRACK_API_URL" in said
    assert "CHEMTRACK_SERVICE_TOKEN: Field required" in said
    assert "CHEMTRACK_COOKIE_KEY" in said
    assert "short" not in said.replace("should", "")


@pytest.mark.parametrize("path", ["/checkout/curie", "/health"])
def test_no_route_takes_trace(ada: FlaskClient, path: str) -> None:
    answer = ada.open(path, method="TRACE", headers={"X-Echo": "do not say this again"})
    assert answer.status_code == 405
    assert "do not say this again" not in answer.text
