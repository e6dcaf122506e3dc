"""Programs with access tokens, over HTTP: what is published answers, nothing else does, and no lab sees another."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from flask import Flask
from limits import RateLimitItemPerHour, RateLimitItemPerMinute, RateLimitItemPerSecond
from werkzeug.serving import make_server

from pages.common.config import PageSettings
from pages.common.problems import Problem
from pages.programs.page import create_app
from pages.programs.passing import Door
from pages.programs.published import PUBLISHED
from pages.programs.remembered import Remembered
from tests.api.test_every_route import MARK, OPERATIONS, Ids, path_of, prepare, requests_of, send, state_of, stock
from tests.api.test_tokens import kim as kim  # a fixture
from tests.api.test_tokens import (
    let_expire,
    made,
    make_viewer,
    remove_from_lab,
    remove_login,
    revoke,
)
from tests.installation import Client, Installation

pytestmark = pytest.mark.usefixtures("published")

PROBLEM = "application/problem+json"


def app_of(installation: Installation, api_url: str = "") -> Flask:
    settings = PageSettings(
        api_url=api_url or installation.api_url,
        service_token=installation.service_token,
        cookie_key=installation.cookie_key,
        cookie_secure=False,
    )
    return create_app(settings)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def address(installation: Installation) -> Iterator[str]:
    """The container, with an allowance that this module does not use up."""
    app = app_of(installation)
    app.extensions["chemtrack-door"].of_a_token = RateLimitItemPerMinute(1_000_000)
    with served(app) as url:
        yield url


class Program(Client):
    """A program with a token; its requests come from `address`, as the load balancer says."""

    def __init__(self, url: str, token: str, address: str = "192.0.2.7") -> None:
        super().__init__(f"{url}/api/v1", "what a program says of services counts for nothing")
        self.headers["X-Forwarded-For"] = address
        if token:
            self.headers["Authorization"] = f"Bearer {token}"


@pytest.fixture(scope="module")
def ada(installation: Installation) -> Client:
    return installation.as_user("ada")


@pytest.fixture(scope="module")
def reader(address: str, ada: Client) -> Program:
    return Program(address, made(ada)["token"])


@pytest.fixture(scope="module")
def writer(address: str, ada: Client) -> Program:
    return Program(address, made(ada, "write")["token"])


@pytest.fixture(scope="module")
def eves(address: str, installation: Installation) -> Program:
    return Program(address, made(installation.as_user("eve"), "write", ("hodgkin",))["token"])


@pytest.fixture(scope="module")
def curies(ada: Client) -> Ids:
    return stock(ada, "curie")


def is_problem(answer: requests.Response, status: int) -> None:
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM), answer.text
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


# -- What is published ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", PUBLISHED)
def test_a_token_that_writes_is_answered(ada: Client, writer: Program, operation: str) -> None:
    i = prepare(ada, operation, stock(ada, "curie"))
    answer = send(writer, "curie", operation, i)
    assert answer.status_code < 300, answer.text
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("operation", PUBLISHED)
def test_a_token_that_reads_reads_and_writes_nothing(reader: Program, curies: Ids, operation: str) -> None:
    answer = send(reader, "curie", operation, curies)
    if operation.startswith("GET "):
        assert answer.status_code == 200, answer.text
    else:
        is_problem(answer, 403)


@pytest.mark.parametrize("operation", PUBLISHED)
def test_a_stranger_cannot_tell_the_lab_from_one_that_is_not_there(eves: Program, curies: Ids, operation: str) -> None:
    here, nowhere = (send(eves, lab, operation, curies) for lab in ("curie", "nowhere"))
    is_problem(here, 404)
    assert here.json() == nowhere.json()


@pytest.mark.parametrize("operation", PUBLISHED)
def test_ids_of_another_lab_reach_nothing(
    installation: Installation, eves: Program, curies: Ids, operation: str
) -> None:
    before = state_of(installation, "curie")
    answer = send(eves, "hodgkin", operation, curies)
    if "{" in operation and "{cas_number}" not in operation:
        is_problem(answer, 404)
    elif any(kind in str(requests_of(curies)[operation][1]) for kind in ("_id", "_ids")):
        assert answer.status_code >= 400, answer.text
    assert answer.status_code < 500
    if operation.startswith("GET "):
        assert MARK not in answer.text.replace(f"q={MARK}", "")
    assert state_of(installation, "curie") == before


@pytest.mark.parametrize("operation", PUBLISHED)
def test_without_an_access_token_nothing_is_answered(
    installation: Installation, address: str, curies: Ids, operation: str
) -> None:
    session = str(installation.as_user("ada").headers["Authorization"]).removeprefix("Bearer ")
    forged = "chemtrack_" + "x" * 43
    for token in ("", session, installation.service_token, forged, f"{forged}\u00a0"):
        program = Program(address, "")
        if token:
            program.headers["Authorization"] = f"Bearer {token}".encode()
        answer = send(program, "curie", operation, curies)
        is_problem(answer, 401)
        wanted = 'Bearer realm="ChemTrack"' + (', error="invalid_token"' if token == forged else "")
        assert answer.headers["WWW-Authenticate"] == wanted


# -- What is not ------------------------------------------------------------------------------------------------------


def test_nothing_else_of_the_api_is_there(installation: Installation, writer: Program, curies: Ids) -> None:
    """Each other route of the API, tried with a token and the browser's cookie: accounts, logins, tokens, administration, imports."""
    assert set(PUBLISHED) < set(OPERATIONS)
    paths = installation.service.get("/openapi.json").json()["paths"]
    ids = curies._asdict() | {"lab": "curie", "code": "CT-000001", "cas_number": "67-64-1"}
    ids |= dict.fromkeys(("user", "username", "session", "token", "import_id", "row", "number"), 1)
    tried = 0
    for path, methods in paths.items():
        for method in methods:
            if f"{method.upper()} {path.removeprefix('/labs/{lab}')}" in PUBLISHED:
                continue
            answer = writer.request(
                method.upper(), path.format(**ids), cookies={"chemtrack": installation.cookie("ada")}
            )
            assert answer.status_code in (404, 405), f"{method} {path}: {answer.text}"
            is_problem(answer, answer.status_code)
            tried += 1
    assert tried > 60


@pytest.mark.parametrize(
    "path",
    [
        "/sessions",
        "/openapi.json/../../sessions",
        "/labs/curie/../../sessions/current",
        "/labs/curie/%2e%2e/%2e%2e/sessions/current",
        "/labs/%2e%2e/chemicals",
        "/labs/curie/chemicals/..%2f..%2f..%2fsessions",
        "/labs/curie/chemicals/%2e%2e",
        "/labs/curie/containers/by-barcode/%2e%2e",
        "/labs/curie/chemicals/1%3fx=1",
        "//sessions",
        "/labs//chemicals",
    ],
)
def test_no_detour_leads_elsewhere(address: str, writer: Program, path: str) -> None:
    prepared = requests.Request("GET", "http://x/", headers=dict(writer.headers)).prepare()
    prepared.url = f"{address}/api/v1{path}"
    answer = requests.Session().send(prepared)
    is_problem(answer, 404)


def test_a_cookie_signs_nobody_in(installation: Installation, address: str) -> None:
    answer = requests.get(
        f"{address}/api/v1/labs/curie/chemicals", cookies={"chemtrack": installation.cookie("ada")}, timeout=20
    )
    is_problem(answer, 401)


def test_pages_of_other_sites_get_no_permission(address: str, reader: Program) -> None:
    url = f"{address}/api/v1/labs/curie/chemicals"
    asked = requests.options(
        url, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}, timeout=20
    )
    is_problem(asked, 405)
    got = reader.get("/labs/curie/chemicals", headers={"Origin": "https://evil.example"})
    assert [name for name in (*asked.headers, *got.headers) if name.lower().startswith("access-control")] == []
    is_problem(reader.request("PUT", "/labs/curie/chemicals"), 405)
    assert reader.request("HEAD", "/labs/curie/chemicals").status_code == 405


def test_a_body_is_bounded(writer: Program) -> None:
    large = b'{"name": "' + b"a" * 1024 * 1024 + b'"}'
    kind = {"Content-Type": "application/json"}
    is_problem(writer.post("/labs/curie/chemicals", data=large, headers=kind), 413)
    is_problem(writer.post("/labs/curie/chemicals", data=iter([large]), headers=kind), 413)


# -- When a token ends ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "reading", "writing"),
    [
        (revoke, 401, 401),
        (let_expire, 401, 401),
        (remove_from_lab, 404, 404),
        (make_viewer, 200, 403),
        (remove_login, 401, 401),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_token_ends_at_once(
    installation: Installation,
    address: str,
    kim: Client,
    end: Callable[[Installation, Client, int], None],
    reading: int,
    writing: int,
) -> None:
    token = made(kim, "write")
    program = Program(address, token["token"], "203.0.113.9")
    assert program.get("/labs/curie/chemicals").status_code == 200
    end(installation, kim, token["id"])
    assert program.get("/labs/curie/chemicals").status_code == reading
    assert program.post("/labs/curie/chemicals", json={"name": "Late"}).status_code == writing


# -- How often --------------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_what_is_remembered_is_bounded_in_time_and_number(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    remembered = Remembered(60, clock)
    remembered.add("a")
    assert "a" in remembered
    clock.now += 61
    assert "a" not in remembered
    monkeypatch.setattr("pages.programs.remembered.MOST_KEYS", 3)
    for key in "abcd":
        remembered.add(key)
    assert [key in remembered for key in "abcd"] == [False, True, True, True]


def test_tokens_are_not_counted_for_ever() -> None:
    door = Door(RateLimitItemPerSecond(5))
    for number in range(1000):
        door.check(f"token {number}", "198.51.100.0/24")
    time.sleep(1.1)
    door.check("one more", "198.51.100.0/24")
    deadline = time.monotonic() + 60
    while len(door.counted.storage.storage) > 10 and time.monotonic() < deadline:  # type: ignore[attr-defined]
        time.sleep(0.05)
    assert len(door.counted.storage.storage) <= 10  # type: ignore[attr-defined]


def test_a_token_that_asks_too_often_is_told_when_to_go_on(installation: Installation, ada: Client) -> None:
    app = app_of(installation)
    app.extensions["chemtrack-door"].of_a_token = RateLimitItemPerHour(3)
    with served(app) as url:
        busy, other = (Program(url, made(ada)["token"]) for _ in range(2))
        for _ in range(3):
            assert busy.get("/labs/curie/chemicals").status_code == 200
        refused = busy.get("/labs/curie/chemicals")
        is_problem(refused, 429)
        assert 3500 < int(refused.headers["Retry-After"]) <= 3600
        assert other.get("/labs/curie/chemicals").status_code == 200


def test_unknown_tokens_are_slowed_for_their_network_alone(installation: Installation, ada: Client) -> None:
    app = app_of(installation)
    with served(app) as url:
        known = Program(url, made(ada)["token"], "198.51.100.1")
        assert known.get("/labs/curie/chemicals").status_code == 200
        answers = [
            Program(url, f"chemtrack_{number:043}", "198.51.100.9").get("/labs/curie/chemicals").status_code
            for number in range(21)
        ]
        assert answers == [401] * 20 + [429]
        is_problem(Program(url, made(ada)["token"], "198.51.100.77").get("/labs/curie/chemicals"), 429)
        assert known.get("/labs/curie/chemicals").status_code == 200, "a token that was known before goes on"
        elsewhere = Program(url, made(ada)["token"], "198.51.101.9")
        assert elsewhere.get("/labs/curie/chemicals").status_code == 200


def test_a_program_that_pauses_is_not_kept_out_by_guesses_of_its_neighbours() -> None:
    clock = Clock()
    door, network = Door(clock=clock), "198.51.100.0/24"
    door.learn("a balance", network, accepted=True)
    clock.now += 12 * 3600
    for number in range(20):
        door.learn(f"guess {number}", network, accepted=False)
    with pytest.raises(Problem, match="429"):
        door.check("one more guess", network)
    door.check("a balance", network)


def test_a_program_that_goes_on_with_a_revoked_token_slows_nobody(installation: Installation, ada: Client) -> None:
    with served(app_of(installation)) as url:
        for _ in range(30):
            is_problem(Program(url, "chemtrack_" + "y" * 43).get("/labs/curie/chemicals"), 401)
        assert Program(url, made(ada)["token"]).get("/labs/curie/chemicals").status_code == 200


# -- Sending again ----------------------------------------------------------------------------------------------------


def test_a_check_out_that_is_sent_twice_takes_once(ada: Client, writer: Program) -> None:
    i = stock(ada, "curie")
    body = {"lines": [{"container_id": i.container, "amount": "5", "unit": "g"}]}
    first, again = (writer.send_once("/labs/curie/check-outs", body, "a-key-of-the-balance") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert writer.get(f"/labs/curie/containers/{i.container}").json()["amount"] == "85"


def test_without_the_api_it_is_said_that_it_may_be_sent_again(installation: Installation) -> None:
    with served(app_of(installation, "http://127.0.0.1:9")) as url:
        answer = Program(url, "chemtrack_" + "z" * 43).post("/labs/curie/check-outs", json={})
        is_problem(answer, 503)
        assert answer.headers["Retry-After"] == "2"
        is_problem(requests.get(f"{url}/api/v1/openapi.json", timeout=20), 503)


# -- Two editors ------------------------------------------------------------------------------------------------------

CHANGES = [name for name in PUBLISHED if name.startswith(("PATCH", "PUT"))]
EDITS = {"PATCH /chemicals/{chemical}": "notes", "PATCH /containers/{container}": "lot"}


@pytest.mark.parametrize("operation", CHANGES)
def test_whoever_read_it_before_another_changed_it_overwrites_nothing(
    ada: Client, writer: Program, operation: str
) -> None:
    path, field = path_of("curie", operation, stock(ada, "curie"))[1], EDITS[operation]

    def change(value: str, tag: str) -> requests.Response:
        return writer.request("PATCH", path, json={field: value}, headers={"If-Match": tag})

    first = writer.get(path)
    tag = first.headers["ETag"]
    assert tag == f'"{first.json()["version"]}"'
    assert change("One", tag).status_code == 200
    is_problem(change("Other", tag), 412)
    now = writer.get(path)
    assert (now.json()[field], now.headers["ETag"] != tag) == ("One", True)
    is_problem(change("Other", f"W/{now.headers['ETag']}"), 422)
    is_problem(change("Other", f"{tag}, {now.headers['ETag']}"), 422)
    assert writer.get(path).json()[field] == "One"
    assert change("Other", now.headers["ETag"]).status_code == 200
    assert change("Any", "*").status_code == 200
    stale = writer.request("PATCH", path, json={field: "Late", "version": now.json()["version"]})
    is_problem(stale, 409)
    assert writer.get(path).json()[field] == "Any"


def test_what_can_be_changed_is_described_with_its_etag(address: str) -> None:
    paths = requests.get(f"{address}/api/v1/openapi.json", timeout=20).json()["paths"]
    for operation in CHANGES:
        method, path = operation.split(" ")
        described = paths["/labs/{lab}" + path]
        assert "If-Match" in [parameter["name"].title() for parameter in described[method.lower()]["parameters"]], (
            operation
        )
        assert "ETag" in described["get"]["responses"]["200"]["headers"], operation


# -- The description --------------------------------------------------------------------------------------------------


def test_what_is_published_is_described_and_nothing_else(address: str) -> None:
    described = requests.get(f"{address}/api/v1/openapi.json", timeout=20).json()
    assert described["openapi"].startswith("3.1")
    found = {
        f"{method.upper()} {path.removeprefix('/labs/{lab}')}"
        for path, methods in described["paths"].items()
        for method in methods
    }
    assert found == set(PUBLISHED)
    text = str(described)
    for word in ("X-Chemtrack-Service", "Credentials", "NewSession", "MadeToken", "/logins"):
        assert word not in text
    for schema in described["components"]["schemas"]:
        assert f"#/components/schemas/{schema}'" in text, f"nothing refers to {schema}"


def test_the_page_shows_each_resource_with_requests_to_copy(address: str) -> None:
    page = requests.get(f"{address}/api/docs", timeout=20)
    assert page.status_code == 200
    assert "<script" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    for operation in PUBLISHED:
        method, path = operation.split(" ")
        assert f"{method} /api/v1/labs/{{lab}}{path}</h3>" in page.text
    assert page.text.count("curl -H") == page.text.count("requests.") == len(PUBLISHED)
    for start in ("/api", "/api/", "/programs"):
        assert requests.get(f"{address}{start}", allow_redirects=False, timeout=20).headers["Location"] == "/api/docs"


@pytest.mark.parametrize("operation", [name for name in PUBLISHED if name.startswith(("POST", "PATCH"))])
def test_each_example_of_a_body_has_the_form_that_the_api_asks_for(
    installation: Installation, address: str, writer: Program, curies: Ids, operation: str
) -> None:
    """An example may be refused for what the lab has, not for its form."""
    from pages.programs.describing import example_of

    described = requests.get(f"{address}/api/v1/openapi.json", timeout=20).json()
    method, path = operation.split(" ")
    body = described["paths"]["/labs/{lab}" + path][method.lower()].get("requestBody")
    if body is None:
        return
    example: Any = example_of(body["content"]["application/json"]["schema"], described)
    answer = writer.request(method, path_of("curie", operation, curies)[1], json=example)
    assert answer.status_code in (200, 201, 204, 404, 409) or "needed" not in answer.text, answer.text
    assert answer.status_code < 500
