"""The client of the API, tested with a real HTTP server that answers as the API would."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask

from pages.common import api
from pages.common.problems import Problem
from tests.pages.sample_page import NOWHERE, TOKEN, sample_page, signed_in, token_of

MEMBER = {
    "lab": {"id": 1, "slug": "curie", "name": "Curie lab", "time_zone": "Europe/London"},
    "user": {"id": 3, "username": "ada", "name": "Ada Lind"},
    "role": "viewer",
}


class Answers(BaseHTTPRequestHandler):
    """Answers by path, and remembers what it was asked."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str, dict[str, str], bytes]]
    connections: set[tuple[str, int]]

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.asked.append((self.command, self.path, dict(self.headers), body))
        self.connections.add(self.client_address)
        path = self.path.partition("?")[0]
        if path == "/busy" and len(self.asked) == 1:
            self.answer(503, {"title": "Busy"})
        elif path == "/labs/busy/check-outs":
            detail = "Somebody else is changing this just now. Nothing was changed: try again."
            self.answer(503, {"title": "Not available", "detail": detail})
        elif path == "/no-json":
            self.answer(200, "<html>", "text/html")
        elif path == "/bad-gateway":
            self.answer(502, "<html>", "text/html")
        elif path == "/redirect":
            self.answer(302, "", "text/html", Location="http://127.0.0.1:9/")
        elif path == "/bad-member":
            self.answer(200, {}, **{"X-Chemtrack-Member": "%%%"})
        elif path == "/labs/curie/check-outs":
            errors = [{"pointer": "/lines/0/amount", "detail": "Only 140 mL is left."}, "odd"]
            self.answer(409, {"title": "Conflict", "detail": "Nothing was taken.", "errors": errors, "left": "140"})
        elif path == "/labs/curie/export.csv":
            self.answer(
                200, "a,b\n" * 50_000, "text/csv", **{"Content-Disposition": 'attachment; filename="curie.csv"'}
            )
        elif path == "/cookie":
            self.answer(200, {}, **{"Set-Cookie": "a=b"})
        else:
            member = base64.urlsafe_b64encode(json.dumps(MEMBER).encode()).decode().rstrip("=")
            self.answer(200, {"path": self.path}, **{"X-Chemtrack-Member": member})

    do_POST = do_GET  # noqa: N815 — the name is the library's

    def answer(self, status: int, body: Any, kind: str = "application/problem+json", **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Answers.asked, Answers.connections = [], set()
    made = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.daemon_threads = True
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def app(server: ThreadingHTTPServer) -> Flask:
    return sample_page(f"http://127.0.0.1:{server.server_address[1]}")


def test_a_call_carries_the_service_the_session_and_the_reference(app: Flask) -> None:
    answer = signed_in(app).get("/checkout/curie/ask/labs/curie/chemicals?q=acet&state=solid&state=gas")
    _, path, headers, _ = Answers.asked[0]
    assert answer.json == {"answer": {"path": "/labs/curie/chemicals?q=acet&state=solid&state=gas"}, "role": "viewer"}
    assert headers["X-Chemtrack-Service"] == "s" * 20
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert len(headers["X-Request-Id"]) == 9
    assert path.startswith("/labs/curie/chemicals?")


def test_the_role_is_the_apis_not_the_cookies(app: Flask) -> None:
    client = signed_in(app)  # a browser whose cookie says that its user is a manager
    assert client.get("/checkout/curie/ask/labs/curie/chemicals").get_json()["role"] == "viewer"


def test_a_problem_is_read_with_its_fields(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(Problem) as caught:
        api.post("/labs/curie/check-outs", {}, key="0b8f4c1e-0000-4000-8000-000000000000")
    refused = caught.value
    assert (refused.status, refused.detail) == (409, "Nothing was taken.")
    assert refused.by_field == {"/lines/0/amount": "Only 140 mL is left."}
    assert refused.extra == {"left": "140"}
    assert refused.for_form() is refused
    assert Answers.asked[0][2]["Idempotency-Key"] == "0b8f4c1e-0000-4000-8000-000000000000"


def test_what_the_user_cannot_mend_is_not_for_the_form() -> None:
    with pytest.raises(Problem):
        Problem(404, "Not found").for_form()


@pytest.mark.parametrize(("path", "status"), [("/no-json", 502), ("/bad-gateway", 503), ("/redirect", 502)])
def test_an_answer_that_is_not_the_apis_is_a_problem(app: Flask, path: str, status: int) -> None:
    with app.test_request_context("/"), pytest.raises(Problem) as caught:
        api.get(path)
    assert caught.value.status == status


def test_a_member_header_that_cannot_be_read_is_none(app: Flask) -> None:
    assert signed_in(app).get("/checkout/curie/ask/bad-member").get_json()["role"] is None


def test_a_read_is_tried_again_and_a_write_is_not(app: Flask) -> None:
    with app.test_request_context("/"):
        assert api.get("/busy") == {"path": "/busy"}
        assert len(Answers.asked) == 2
        Answers.asked.clear()
        with pytest.raises(Problem):
            api.post("/busy", {})
        assert len(Answers.asked) == 1


def test_connections_are_kept_and_cookies_are_not(app: Flask) -> None:
    with app.test_request_context("/"):
        for _ in range(5):
            api.get("/cookie")
    assert len(Answers.connections) == 1
    assert all("Cookie" not in headers for _, _, headers, _ in Answers.asked)


@pytest.mark.parametrize(
    "path", ["/labs/../logins", "/labs/./a", "/labs//a", "/a?b", "/a#b", "a", "/a\\b", "/a\nb", "/.."]
)
def test_no_path_leads_elsewhere(app: Flask, path: str) -> None:
    with app.test_request_context("/"), pytest.raises(Problem) as caught:
        api.get(path)
    assert caught.value.status == 404
    assert Answers.asked == []


def test_what_a_user_typed_is_one_part_of_the_path(app: Flask) -> None:
    with app.test_request_context("/"):
        assert api.get("/containers/CT 1%2f..é") == {"path": "/containers/CT%201%252f..%C3%A9"}


@pytest.mark.parametrize("key", ["", "short", "a" * 65, "a b c d e f g", "key\r\nX-Other: 1", "Schlüssel-123"])
def test_a_key_that_was_tampered_with_is_refused(app: Flask, key: str) -> None:
    with app.test_request_context("/"), pytest.raises(Problem) as caught:
        api.post("/labs/curie/check-outs", {}, key=key)
    assert caught.value.status == 400


def test_a_download_is_passed_on_with_its_name(app: Flask) -> None:
    answer = signed_in(app).get("/checkout/curie/download")
    assert answer.data == b"a,b\n" * 50_000
    assert answer.headers["Content-Disposition"] == 'attachment; filename="curie.csv"'
    assert answer.mimetype == "text/csv"


def test_when_the_api_is_away_a_form_is_kept_and_sent_again_with_its_key() -> None:
    client = signed_in(sample_page(NOWHERE))
    fields = {"csrf_token": token_of(client), "key": "the-same-key", "lines-0-amount": '5"<', "purpose": ["a", "b"]}
    answer = client.post("/checkout/curie?step=2", data=fields)
    assert answer.status_code == 503
    assert 'action="/checkout/curie?step=2"' in answer.text
    assert 'name="key" value="the-same-key"' in answer.text
    assert 'name="lines-0-amount" value="5&#34;&lt;"' in answer.text
    assert answer.text.count('name="purpose"') == 2


def test_when_the_database_is_away_a_form_is_kept_and_the_api_says_why(app: Flask) -> None:
    client = signed_in(app)
    answer = client.post("/checkout/busy", data={"csrf_token": token_of(client), "key": "the-same-key"})
    assert answer.status_code == 503
    assert "Somebody else is changing this just now." in answer.text
    assert 'name="key" value="the-same-key"' in answer.text


def test_when_the_api_is_away_no_password_comes_back() -> None:
    client = signed_in(sample_page(NOWHERE))
    answer = client.post("/checkout/curie", data={"csrf_token": token_of(client), "new_password": "hunter2hunter2"})
    assert answer.status_code == 503
    assert "hunter2" not in answer.text
