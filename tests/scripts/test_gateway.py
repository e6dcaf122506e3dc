"""The gateway routes like the load balancer and changes nothing on the way."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

import release
from local import gateway

TABLE: dict[str, gateway.Entry] = {
    "home": {"priority": 20, "paths": ["/", "/home", "/home/*"]},
    "checkout": {"priority": 40, "paths": ["/checkout", "/checkout/*", "/C/??"]},
    "stopped": {"priority": 50, "paths": ["/stopped"]},
    "missing": {"priority": 60, "paths": ["/missing"]},
}


class Page(BaseHTTPRequestHandler):
    """A page that answers with the request that it got."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/checkout/cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            self.close_connection = True
            return
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        told = {"method": self.command, "path": self.path, "headers": self.headers.items(), "bytes": len(body)}
        answer = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_POST = do_HEAD = do_DELETE = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    page = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=page.serve_forever, daemon=True).start()
    upstream = f"http://127.0.0.1:{page.server_port}"
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        stopped = f"http://127.0.0.1:{unused.getsockname()[1]}"
    table = tmp_path_factory.mktemp("gateway") / "pages.json"
    table.write_text(json.dumps(TABLE))
    app = gateway.create_app({"home": upstream, "checkout": upstream, "stopped": stopped}, table)
    with gateway.running(app) as base:
        yield base
    page.shutdown()


def send(url: str, head: str) -> str:
    """The answer to these bytes, sent unchanged; the package requests would tidy the path first."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.encode())
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return answer.decode()


def path_told(answer: str) -> str:
    return str(json.loads(answer.partition("\r\n\r\n")[2])["path"])


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", "home"),
        ("/home", "home"),
        ("/home/curie", "home"),
        ("/home/curie/x/y", "home"),
        ("/checkout", "checkout"),
        ("/checkout/", "checkout"),
        ("/checkout/curie", "checkout"),
        ("/C/ab", "checkout"),
        ("/Checkout/curie", None),
        ("/CHECKOUT", None),
        ("/checkouts", None),
        ("/C/abc", None),
        ("/c/ab", None),
        ("/health", None),
        ("//home", None),
        ("/%63heckout", None),
        ("/x/../home", None),
        ("/homes", None),
        ("/home%2f..", None),
    ],
)
def test_a_path_leads_to_its_page_as_on_the_load_balancer(path: str, page: str | None) -> None:
    assert gateway.find_page(gateway.read_rules(TABLE), path) == page


@pytest.mark.parametrize(
    "path",
    ["/labs/curie/chemicals", "/labs", "/sessions", "/sessions/current", "/logins", "/isolation", "/substances", "/openapi.json", "/health"],
)  # fmt: skip
def test_the_api_has_no_address_outside(path: str) -> None:
    assert gateway.find_page(gateway.read_rules(json.loads(gateway.TABLE.read_text())), path) is None


def test_a_rule_of_smaller_priority_is_asked_first() -> None:
    rules = gateway.read_rules({"all": {"priority": 9, "paths": ["/*"]}, "one": {"priority": 2, "paths": ["/a"]}})
    assert gateway.find_page(rules, "/a") == "one"
    assert gateway.find_page(rules, "/b") == "all"


@pytest.mark.parametrize(
    "path",
    [
        "/checkout/../health",
        "/checkout/%2e%2e/health",
        "/checkout//a",
        "/checkout/a%2fb",
        "/checkout/%C3%A4?q=a+b%20c&x=%26",
    ],
)
def test_a_path_travels_on_unchanged(url: str, path: str) -> None:
    assert path_told(send(url, f"GET {path} HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n")) == path


@pytest.mark.parametrize("target", ["http://elsewhere/home", "*", "//elsewhere/home", "/health/", "/%68ealth"])
def test_what_names_no_page_gets_no_further(url: str, target: str) -> None:
    status = send(url, f"GET {target} HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n").split()[1]
    assert status in {"400", "404"}


def test_health_is_the_gateways_own_and_reaches_no_page(url: str) -> None:
    answer = requests.get(f"{url}/health", timeout=30)
    assert answer.json() == {"status": "ok", "version": release.VERSION, "commit": release.COMMIT}


def test_a_page_learns_who_asked_and_how_as_behind_the_load_balancer(url: str) -> None:
    told = requests.get(
        f"{url}/checkout", headers={"X-Forwarded-For": "10.0.0.9", "X-Forwarded-Proto": "https"}, timeout=10
    ).json()
    headers = dict(told["headers"])
    assert headers["X-Forwarded-For"] == "10.0.0.9, 127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "http"
    assert headers["X-Forwarded-Port"] == url.rpartition(":")[2]
    assert headers["Host"] == url.removeprefix("http://")


def test_headers_of_the_connection_stay_behind(url: str) -> None:
    answer = send(
        url,
        "GET /home HTTP/1.1\r\nHost: lab\r\nConnection: close, X-Own\r\nX-Own: 1\r\nTE: trailers\r\nX-Kept: 2\r\n\r\n",
    )
    names = {name.lower() for name, _ in json.loads(answer.partition("\r\n\r\n")[2])["headers"]}
    assert "x-kept" in names
    assert not names & {"x-own", "te"}


def test_every_cookie_of_a_page_arrives(url: str) -> None:
    assert requests.get(f"{url}/home", timeout=30).cookies.get_dict() == {"a": "1", "b": "2"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_methods_travel_on(url: str, method: str) -> None:
    answer = requests.request(method, f"{url}/home", timeout=30)
    assert answer.status_code == 200
    assert answer.content == b"" if method == "HEAD" else answer.json()["method"] == method


def test_a_large_upload_arrives_whole_with_and_without_a_length(url: str) -> None:
    twenty_megabytes = b"x" * 20_000_000
    assert requests.post(f"{url}/home", data=twenty_megabytes, timeout=30).json()["bytes"] == 20_000_000
    assert requests.post(f"{url}/home", data=iter([b"a" * 1000] * 50), timeout=30).json()["bytes"] == 50_000


def test_a_page_that_does_not_answer_is_named(url: str) -> None:
    answer = requests.get(f"{url}/stopped", timeout=30)
    assert answer.status_code == 502
    assert "“stopped” does not answer" in answer.text


def test_a_page_that_was_not_started_is_named(url: str) -> None:
    answer = requests.get(f"{url}/missing", timeout=30)
    assert answer.status_code == 503
    assert "“missing” is not running" in answer.text


def test_half_an_answer_is_not_passed_off_as_whole(url: str) -> None:
    with pytest.raises(requests.exceptions.RequestException):
        _ = requests.get(f"{url}/checkout/cut", timeout=30).content
