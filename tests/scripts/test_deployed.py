"""tests/deployed holds on an installation that is whole, and says what is broken on one that is not."""

import importlib
import itertools
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, Response, redirect
from werkzeug.exceptions import NotFound
from werkzeug.serving import make_server

from local import gateway
from pages.common.config import PageSettings
from tests.attacks.test_database_certificate import certificate, pem
from tests.behind_gateway import behind_gateway
from tests.conftest import ROOT
from tests.installation import PAGES, PASSWORD, Installation

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

TABLE = json.loads(gateway.TABLE.read_text())


def tried(
    address: str, *options: str, username: str = "root", password: str = PASSWORD, **environment: str
) -> tuple[int, str]:
    """The exit code of tests/deployed, and what it prints."""
    told = subprocess.run(
        [sys.executable, ROOT / "tests" / "deployed", address, *options],
        env={**os.environ, "CHEMTRACK_USERNAME": username, "CHEMTRACK_PASSWORD": password, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    assert told.stderr == ""
    return told.returncode, told.stdout


def failures(printed: str) -> list[str]:
    return [line.removeprefix("FAILED  ") for line in printed.splitlines() if line.startswith("FAILED")]


@pytest.fixture(scope="module")
def url(installation: Installation) -> Iterator[str]:
    with behind_gateway(installation) as address:
        yield address


def movements(installation: Installation) -> list[Any]:
    return installation.psql("SELECT kind FROM inventory.movements ORDER BY id", lab="deployment-test")


def test_a_whole_installation_keeps_every_promise_twice(installation: Installation, url: str) -> None:
    for _ in range(2):
        status, printed = tried(url)
        assert failures(printed) == []
        assert status == 0
        assert f"{url}: 12 of 14 promises held, 2 not tried" in printed
        assert "every page opens: " in printed
        for page in PAGES:
            assert f"{page} 1" in printed, "each page names its task"
    kinds = [kind for [kind] in movements(installation)]
    assert kinds == ["receive", "check_out", "correct", "check_out", "correct"], (
        "one bottle, taken from and undone twice"
    )
    [[archived]] = installation.psql("SELECT archived_at IS NOT NULL FROM control.labs WHERE slug = 'deployment-test'")
    assert archived


def page_app(
    installation: Installation, name: str, change: Callable[[Flask], object] = repr, https: bool = False
) -> Flask:
    """One more task of a page, changed by `change`."""
    settings = PageSettings(
        api_url=installation.api_url,
        service_token=installation.service_token,
        cookie_key=installation.cookie_key,
        cookie_secure=https,
    )
    app: Flask = importlib.import_module(f"pages.{name}.page").create_app(settings)
    change(app)
    return app


def without_policy(app: Flask) -> None:
    @app.after_request
    def forget(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = ""
        return response


def undoing_nothing(app: Flask) -> None:
    app.view_functions["checkout.undo"] = lambda lab: redirect(f"/checkout/{lab}", 303)


def test_everything_that_is_broken_is_said(installation: Installation, tmp_path: Path) -> None:
    table = tmp_path / "pages.json"
    table.write_text(json.dumps(TABLE | {"api": {"priority": 1, "paths": ["/labs*"]}}))
    readable = page_app(installation, "login", lambda app: app.config.update(SESSION_COOKIE_HTTPONLY=False))
    with behind_gateway(
        installation,
        table,
        api=installation.api_url,
        login=readable,
        home=page_app(installation, "home", without_policy),
        checkout=page_app(installation, "checkout", undoing_nothing),
        history=None,
    ) as url:
        status, printed = tried(url, "--tasks", "2")
    assert status == 1
    assert failures(printed) == [
        "strangers are led to sign in: /history/deployment-test answers 503",
        "the api cannot be reached: /labs answers 403 in JSON, as the API does",
        "the session is kept from scripts and from other sites: the cookie chemtrack lacks HttpOnly",
        "every page opens: /history/deployment-test/move answers 503, /history/deployment-test answers 503, "
        "/history/deployment-test/events?kind=member_added answers 503",
        "every page sends the headers of security: /home/deployment-test sends nothing as Content-Security-Policy",
        "tasks answer in turn: 1 of 2 tasks of admin answered",
        "a check out is made and undone: 1 L were in the bottle, and afterwards 0.999 L",
    ]
    assert f"{url}: 5 of 14 promises held, 2 not tried" in printed


def test_two_tasks_are_told_apart(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "another")
    others = {name: page_app(installation, name) for name in PAGES}
    monkeypatch.undo()

    def in_turn(name: str) -> "WSGIApplication":
        tasks = itertools.cycle((installation.page_app(name), others[name]))
        return lambda environ, start: next(tasks)(environ, start)

    with behind_gateway(installation, gateway.TABLE, **{name: in_turn(name) for name in PAGES}) as url:
        status, printed = tried(url, "--tasks", "2")
    assert failures(printed) == []
    assert status == 0
    assert "home 2" in printed


@pytest.mark.parametrize(
    ("username", "password", "sentence"),
    [
        ("root", "wrong", "a person signs in: root is refused: /login answers 401"),
        ("ada", PASSWORD, "a lab is made for this: /admin/new-lab answers 403"),
    ],
)
def test_it_stops_where_it_is_not_let_in(url: str, username: str, password: str, sentence: str) -> None:
    status, printed = tried(url, username=username, password=password)
    assert status == 1
    assert failures(printed) == [sentence]
    assert "Nothing after this can be tried." in printed


def led_to_https(_: object, start: Any) -> list[bytes]:
    start("301 Moved Permanently", [("Location", "https://localhost/login")])
    return []


@contextmanager
def served(app: "WSGIApplication", tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port on which `app` is served."""
    server = make_server("localhost", 0, app, threaded=True, ssl_context=tls)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


def test_https_is_tried_too(installation: Installation, tmp_path: Path) -> None:
    apps, rules = {name: page_app(installation, name, https=True) for name in PAGES}, gateway.read_rules(TABLE)
    nothing = NotFound()

    def site(environ: Any, start: Any) -> Any:
        page = gateway.find_page(rules, environ["RAW_URI"].partition("?")[0])
        return (apps[page] if page else nothing)(environ, start)

    file = pem(certificate("localhost"), tmp_path / "localhost.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    trust = {"SSL_CERT_FILE": str(file)}
    with served(site, tls) as port, served(led_to_https) as plain, served(site) as not_led:
        address = f"https://localhost:{port}"
        status, printed = tried(address, "--http", f"http://localhost:{plain}", **trust)
        assert failures(printed) == []
        assert status == 0
        assert "13 of 14 promises held, 1 not tried" in printed
        assert "__Host-chemtrack" in printed
        assert "Strict-Transport-Security" in printed
        _, printed = tried(address, "--http", f"http://localhost:{not_led}", password="wrong", **trust)
        assert failures(printed)[0] == "plain http leads to https: /login answers 200"
        status, printed = tried(address)
        assert status == 1
        assert "CERTIFICATE_VERIFY_FAILED" in printed


NONE = "is no address such as https://chem.example.edu"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("chem.example.edu", NONE),
        ("ftp://chem.example.edu", NONE),
        ("https://chem.example.edu/home", NONE),
        ("", NONE),
        ("http://localhost:http", NONE),
        ("http://chem.example.edu", "a password leaves this machine over https only"),
    ],
)
def test_an_address_that_cannot_be_tried_is_refused(address: str, sentence: str) -> None:
    told = subprocess.run(
        [sys.executable, ROOT / "tests" / "deployed", address], capture_output=True, text=True, check=False
    )
    assert told.returncode == 2
    assert sentence in told.stderr
