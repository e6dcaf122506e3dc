"""A ChemTrack for one test module: a database, logins and a running API. The fixtures of conftest.py make it."""

import importlib
import json
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import requests
import uvicorn
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

if TYPE_CHECKING:
    from api.core.config import Settings

PASSWORD = "chemtrack-demo"
CAST = ("ada", "ben", "cleo", "eve", "root")
PAGES = sorted(file.parent.name for file in (Path(__file__).parent.parent / "pages").glob("*/page.py"))


class Client(requests.Session):
    """Talks to the API with the service token, and as `username` where given: client.get("/labs/curie/chemicals")."""

    def __init__(self, url: str, service_token: str) -> None:
        super().__init__()
        self.trust_env = False
        self.url = url
        self.headers["X-Chemtrack-Service"] = service_token

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", 30)
        return super().request(method, self.url + str(url), *args, **kwargs)

    def get(self, url: str | bytes, **kwargs: Any) -> requests.Response:
        return self.request("GET", url, **kwargs)

    def send_once(self, path: str, json: object, key: str | None = None) -> requests.Response:
        """POST with an Idempotency-Key, a new one unless given."""
        return self.post(path, json=json, headers={"Idempotency-Key": key or str(uuid.uuid4())})


def make_login(root: Client, username: str, password: str = "a password of their own") -> None:
    """A login whose owner has chosen this password: `root` makes the login, and the owner signs in once to change what was made."""
    made = root.post("/logins", json={"logins": [{"username": username}]})
    assert made.status_code == 201, made.text
    [login] = made.json()["items"]
    owner = Client(root.url, str(root.headers["X-Chemtrack-Service"]))
    first = owner.post("/sessions", json=login | {"address": "127.0.0.1"}).json()
    owner.headers["Authorization"] = f"Bearer {first['token']}"
    change = {"current_password": login["password"], "new_password": password}
    changed = owner.put("/sessions/current/password", json=change)
    assert changed.status_code == 200, changed.text
    owner.headers["Authorization"] = f"Bearer {changed.json()['token']}"
    assert owner.delete("/sessions/current").status_code == 204


class PageClient(FlaskClient):
    """Flask's test client that can also fill in forms as a browser does."""

    def soup(self, path: str, **kwargs: Any) -> BeautifulSoup:
        """GET `path`, which must answer 200, and parse it."""
        answer = self.get(path, **kwargs)
        assert answer.status_code == 200, f"{path}: {answer.status}\n{answer.text[:2000]}"
        page = BeautifulSoup(answer.text, "html.parser")
        if over := page.find("template", id="ct-over"):
            over.extract()  # what session.js shows later: no selector of a browser looks into a template, but soupsieve 2 does
        return page

    def submit(self, path: str, form: str, follow: bool = True, press: str = "", **values: Any) -> TestResponse:
        """Open `path`, fill `values` into the form that the CSS selector `form` finds, and send it.

        Every other field is sent as it stands in the form (hidden fields, CSRF token, key). A field that the form
        does not have is an error, so that a test cannot send what no user could. A value of None leaves the field out.
        `press` is the CSS selector of the button that is pressed, for forms with several buttons.
        """
        where = self.soup(path)
        found = where.select_one(form)
        assert found is not None, f"{path} has no form {form!r}"
        fields = fields_of(found)
        for name, value in values.items():
            assert name in fields or found.select_one(f'[name="{name}"]'), f"the form {form!r} has no field {name!r}"
            fields[name] = value if isinstance(value, list) else [value]
        button = found.select_one(press) if press else None
        assert not press or button, f"the form {form!r} has no button {press!r}"
        if button and button.get("name"):
            fields[str(button["name"])] = [str(button.get("value", ""))]
        data = {name: [value for value in several if value is not None] for name, several in fields.items()}
        method = str(found.get("method", "get")).upper()
        return self.open(
            str((button and button.get("formaction")) or found.get("action") or path),
            method=method,
            data=data if method == "POST" else None,
            query_string=None if method == "POST" else data,
            content_type="multipart/form-data" if found.get("enctype") else None,
            follow_redirects=follow,
        )


def confirmation(client: Client, disposal_ids: Sequence[int], lab: str = "curie") -> dict[str, Any]:
    """The body that confirms these marks as they are shown now."""
    asked = {"state": "any", "id": list(disposal_ids), "limit": 200}
    items = client.get(f"/labs/{lab}/disposals", params=asked).json()["items"]
    return {
        "disposal_ids": list(disposal_ids),
        "container_ids": [one for item in items for one in item["container_ids"]],
    }


def words(shown: Any) -> str:
    """The text of a tag, a page or an answer as a browser shows it, with each run of white space as one space."""
    soup = BeautifulSoup(shown.text, "html.parser") if isinstance(shown, TestResponse) else shown
    assert isinstance(soup, Tag), "there is nothing to read"
    return " ".join(soup.get_text().split())


def fields_of(form: Tag) -> dict[str, list[Any]]:
    """The fields that a browser would send for an untouched form, without the value of any button."""
    fields: dict[str, list[Any]] = {}
    for tag in form.select("input[name], select[name], textarea[name]"):
        kind = str(tag.get("type", "text"))
        if tag.has_attr("disabled") or kind in ("submit", "button", "image", "file", "reset"):
            continue
        if kind in ("checkbox", "radio") and not tag.has_attr("checked"):
            continue
        values: list[str]
        if tag.name == "select":
            options = tag.select("option")
            chosen = [option for option in options if option.has_attr("selected")] or options[
                : not tag.has_attr("multiple")
            ]
            values = [str(option.get("value", option.text)) for option in chosen]
        elif tag.name == "textarea":
            values = [tag.text.removeprefix("\n")]
        else:
            values = [str(tag.get("value", "on" if kind in ("checkbox", "radio") else ""))]
        fields.setdefault(str(tag["name"]), []).extend(values)
    return fields


@dataclass
class Installation:
    """A database, and the API on it. Tests name people by their user names; the password of each is PASSWORD."""

    api_url: str
    service_token: str
    cookie_key: str
    host: str
    port: int
    database: str
    passwords: dict[str, str] = field(repr=False)
    login_secret: str = ""
    single_sign_on: str = ""
    gateway_port: int = 0
    _clients: dict[str, Client] = field(default_factory=dict, repr=False)
    _pages: dict[str, Flask] = field(default_factory=dict, repr=False)
    _cookies: dict[str, str] = field(default_factory=dict, repr=False)

    # -- the API --------------------------------------------------------------------------------------------------

    @cached_property
    def service(self) -> Client:
        """A client of the API with the service token alone, like a page to which nobody is signed in."""
        return Client(self.api_url, self.service_token)

    def as_user(self, username: str) -> Client:
        """A client of the API with a session of `username`, who signs in once in each module."""
        if username not in self._clients:
            client = Client(self.api_url, self.service_token)
            client.headers["Authorization"] = f"Bearer {self.new_token(username)}"
            self._clients[username] = client
        return self._clients[username]

    def new_token(self, username: str, password: str = PASSWORD) -> str:
        """The token of a new session."""
        login = {"username": username, "password": password, "address": "127.0.0.1"}
        answer = self.service.post("/sessions", json=login)
        assert answer.status_code == 201, f"{username} cannot sign in: {answer.text}"
        return str(answer.json()["token"])

    # -- the pages ------------------------------------------------------------------------------------------------

    def page_app(self, name: str) -> Flask:
        """The Flask app of the page `name`, wired to this API."""
        if name not in self._pages:
            config = importlib.import_module("pages.common.config")
            settings = config.PageSettings(
                api_url=self.api_url,
                service_token=self.service_token,
                cookie_key=self.cookie_key,
                cookie_secure=False,
                single_sign_on=self.single_sign_on,
            )
            app = importlib.import_module(f"pages.{name}.page").create_app(settings)
            app.testing = True
            app.test_client_class = PageClient
            self._pages[name] = app
        return self._pages[name]

    def page(self, name: str, username: str | None = None) -> PageClient:
        """A new browser on the page `name`; signed in as `username` where given."""
        client = self.page_app(name).test_client()
        assert isinstance(client, PageClient)
        if username:
            self.sign_in(client, username)
        return client

    def sign_in(self, client: FlaskClient, username: str) -> None:
        """Give `client` the cookie of `username`."""
        client.set_cookie("chemtrack", self.cookie(username))

    def cookie(self, username: str) -> str:
        """The cookie that the login page gave to the browser of `username`, who signs in once in each module."""
        if username not in self._cookies:
            login = self.page("login")
            form = "form:has([name=password])"
            answer = login.submit("/login", form, follow=False, username=username, password=PASSWORD)
            assert answer.status_code in (302, 303), f"{username} cannot sign in: {answer.status}\n{answer.text[:2000]}"
            cookie = login.get_cookie("chemtrack")
            assert cookie is not None
            self._cookies[username] = cookie.value
        return self._cookies[username]

    def settings(self, **more: Any) -> "Settings":
        """The settings of another API on this database."""
        from api.core.config import Settings

        return Settings(
            database_host=self.host,
            database_port=self.port,
            database_name=self.database,
            chemuser_password=self.passwords["chemuser"],
            chemadmin_password=self.passwords["chemadmin"],
            service_token=self.service_token,
            login_secrets=[self.login_secret],
            **more,
        )

    # -- the database ---------------------------------------------------------------------------------------------

    def dsn(self, login: str = "chemtrack_master") -> str:
        """The connection string for this database as `login`: chemtrack_master (its owner), chemuser, chemadmin or dba."""
        return psycopg.conninfo.make_conninfo(
            host=self.host, port=self.port, dbname=self.database, user=login, password=self.passwords[login]
        )

    def psql(self, sql: str, *values: object, as_: str = "owner", lab: str | None = None) -> list[tuple[Any, ...]]:
        """Run one statement, committed, and give its rows.

        `as_`: "owner" is the database's owner as chemowner; "dba" is a login in chem_dba as chemuser; "chemuser",
        "chemadmin" are these logins themselves. `lab` is the slug whose rows are meant (app.lab_id).
        """
        login, role = {"owner": ("chemtrack_master", "chemowner"), "dba": ("dba", "chemuser")}.get(as_, (as_, ""))
        with psycopg.connect(self.dsn(login)) as connection:
            if lab:
                connection.execute("SELECT set_config('app.lab_id', %s, false)", [str(self.lab_id(lab))])
            if role:
                connection.execute(psycopg.sql.SQL("SET ROLE {}").format(psycopg.sql.Identifier(role)))
            cursor = connection.execute(sql.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def lab_id(self, slug: str) -> int:
        """The lab's number."""
        with psycopg.connect(self.dsn()) as connection:
            connection.execute("SET ROLE chemowner")
            row = connection.execute("SELECT id FROM control.labs WHERE slug = %s", [slug]).fetchone()
        assert row, f"there is no lab {slug!r}"
        return int(row[0])


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Run an ASGI app in a thread of its own and yield its URL. Raises the error of an app that cannot start."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=5,
        timeout_keep_alive=600,  # the default of 5 s could close a connection just as a test sends on it
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True, name="api")
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the API did not start: see the captured log"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def logins_secret() -> str:
    """The cast's logins as an operator would type them: one is an argon2id hash, the others plain text."""
    from argon2 import PasswordHasher

    hashed = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    return json.dumps({name: hashed if name == "eve" else PASSWORD for name in CAST})
