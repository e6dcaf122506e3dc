"""Strangers who send bodies slowly, or large ones, do not keep others from signing in."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import requests

from local import gateway, health
from tests.installation import Installation
from tests.server import free_port

THREADS = 16
START_SECONDS = 60


@pytest.fixture(scope="module")
def login_page(installation: Installation) -> Iterator[str]:
    """The login page as it is shipped: gunicorn, one process of 16 threads."""
    port = free_port()
    environment = os.environ | {
        "CHEMTRACK_API_URL": installation.api_url,
        "CHEMTRACK_SERVICE_TOKEN": installation.service_token,
        "CHEMTRACK_COOKIE_KEY": installation.cookie_key,
        "CHEMTRACK_COOKIE_SECURE": "false",
        "CHEMTRACK_WORKERS": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "pages/gunicorn.conf.py", f"--bind=127.0.0.1:{port}"]
    with subprocess.Popen([*command, "pages.login.page:create_app()"], env=environment) as process:
        url = f"http://127.0.0.1:{port}"
        assert not health.wait_for({"login": f"{url}/health"}, START_SECONDS)
        yield url
        process.terminate()


@contextmanager
def slow_bodies(url: str, number: int) -> Iterator[None]:
    """Keeps `number` connections busy: each begins a form of 4,000 bytes and sends a byte every third of a second. A connection that
    the server closes is opened again."""
    host, port = url.removeprefix("http://").split(":")
    head = (
        f"POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 4000\r\n\r\nusername="
    )
    over = threading.Event()

    def drip() -> None:
        while not over.is_set():
            with socket.create_connection((host, int(port)), timeout=30) as connection:
                try:
                    connection.sendall(head.encode())
                    while not over.wait(0.33):
                        connection.sendall(b"a")
                except OSError:
                    over.wait(0.5)

    with ExitStack() as stack:
        threads = [threading.Thread(target=drip, daemon=True) for _ in range(number)]
        for thread in threads:
            stack.callback(thread.join)
            thread.start()
        stack.callback(over.set)
        yield


def test_an_address_may_name_five_hundred_containers_of_any_number(login_page: str, installation: Installation) -> None:
    chosen = {"container": [2**63 - 1 - number for number in range(500)]}
    answer = requests.get(f"{login_page}/login", params=chosen, headers={"HX-Current-URL": "x" * 16_000}, timeout=30)
    assert len(answer.request.url or "") > 14_000
    assert (answer.status_code, "Sign in" in answer.text) == (200, True)
    asked = installation.as_user("ada").get("/labs/curie/labels/preview", params=chosen)
    assert (asked.status_code, asked.headers["Content-Type"]) == (404, "application/problem+json")


def wrong_sign_in(url: str) -> int:
    """The status that answers a sign-in form without CSRF token: 400, which shows that the page answers."""
    return requests.post(f"{url}/login", data={"username": "ada", "password": "guess"}, timeout=30).status_code


def test_the_page_answers_while_slow_bodies_come(login_page: str) -> None:
    with slow_bodies(login_page, THREADS):
        for _ in range(5):
            assert requests.get(f"{login_page}/login", timeout=30).status_code == 200
            assert wrong_sign_in(login_page) == 400


def test_the_gateway_answers_while_slow_bodies_come(login_page: str) -> None:
    with gateway.running(gateway.create_app({"login": login_page})) as url, slow_bodies(url, 2 * THREADS):
        for _ in range(5):
            assert requests.get(f"{url}/login", timeout=30).status_code == 200
            assert wrong_sign_in(url) == 400


def test_a_large_body_is_refused_before_it_is_read(login_page: str) -> None:
    large = {"username": "a" * 200_000}
    assert requests.post(f"{login_page}/login", data=large, timeout=30).status_code == 413
    with gateway.running(gateway.create_app({"login": login_page})) as url:
        assert requests.post(f"{url}/login", data=large, timeout=30).status_code == 413
        assert requests.post(f"{url}/login", data=iter([b"a" * 200_000]), timeout=30).status_code == 413


def test_a_body_that_comes_in_parts_is_read(login_page: str) -> None:
    """A phone in the cold room: the form takes two seconds."""
    host, port = login_page.removeprefix("http://").split(":")
    body = b"username=ada&password=guess"
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        head = f"POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode())
        for byte in body:
            connection.sendall(bytes([byte]))
            threading.Event().wait(0.07)
        assert connection.makefile("rb").readline().startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("header", ["SCRIPT_NAME", "Script-Name", "X-Forwarded-Prefix", "PATH_INFO", "X-Script-Name"])
def test_nobody_says_by_a_header_where_the_pages_stand(login_page: str, header: str) -> None:
    """If a page took the beginning of its addresses from a header of the request, its links and redirections would lead where a stranger wants."""
    for value in ("/evil", "/login", "//evil.example"):
        for path in ("/login", "/logout", "/account"):
            plain = requests.get(f"{login_page}{path}", timeout=30, allow_redirects=False)
            answer = requests.get(f"{login_page}{path}", headers={header: value}, timeout=30, allow_redirects=False)
            assert (answer.status_code, answer.headers.get("Location")) == (
                plain.status_code,
                plain.headers.get("Location"),
            )
            assert "evil" not in answer.text
