"""Pages of other sites call for a lab from the origins that are listed for it, and from no other."""

from collections.abc import Iterator

import pytest
import requests

from pages.common.config import PageSettings, read_settings
from pages.common.problems import Misconfigured
from pages.programs.page import create_app
from tests.api.test_tokens import made
from tests.installation import Client, Installation
from tests.pages.test_programs import Program, is_problem, served
from tests.pages.test_programs import ada as ada  # a fixture

LISTED, OTHER = "https://eln.example.edu", "https://evil.example"
PERMISSION = "Access-Control-Allow-Origin"


@pytest.fixture(scope="module")
def address(installation: Installation) -> Iterator[str]:
    """The container, where one site is listed for curie and another for hodgkin."""
    settings = PageSettings(
        api_url=installation.api_url,
        service_token=installation.service_token,
        cookie_key=installation.cookie_key,
        cookie_secure=False,
        origins=f"curie:{LISTED} hodgkin:https://lims.example.edu:8443",
    )
    with served(create_app(settings)) as url:
        yield url


def preflight(address: str, lab: str, origin: str, method: str = "PATCH") -> requests.Response:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,if-match",
    }
    return requests.options(f"{address}/api/v1/labs/{lab}/chemicals/1", headers=headers, timeout=20)


def permissions(answer: requests.Response) -> list[str]:
    return [name for name in answer.headers if name.lower().startswith("access-control")]


def test_a_page_of_a_listed_site_may_ask_and_call(address: str, ada: Client) -> None:
    asked = preflight(address, "curie", LISTED)
    assert (asked.status_code, asked.text) == (204, "")
    assert asked.headers[PERMISSION] == LISTED
    assert "PATCH" in asked.headers["Access-Control-Allow-Methods"]
    for name in ("Authorization", "Content-Type", "Idempotency-Key", "If-Match"):
        assert name in asked.headers["Access-Control-Allow-Headers"]
    assert "Origin" in asked.headers["Vary"]
    got = Program(address, made(ada)["token"]).get("/labs/curie/chemicals", headers={"Origin": LISTED})
    assert (got.status_code, got.headers[PERMISSION]) == (200, LISTED)
    assert "ETag" in got.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in got.headers


def test_a_refusal_can_be_read_there_too(address: str) -> None:
    refused = Program(address, "").get("/labs/curie/chemicals", headers={"Origin": LISTED})
    is_problem(refused, 401)
    assert refused.headers[PERMISSION] == LISTED


@pytest.mark.parametrize(
    ("lab", "origin"),
    [
        ("hodgkin", LISTED),
        ("curie", "https://lims.example.edu:8443"),
        ("nowhere", LISTED),
        ("curie", OTHER),
        ("curie", "null"),
        ("curie", f"{LISTED}.evil.example"),
        ("curie", LISTED.replace("https", "http")),
        ("curie", f"{LISTED}:8443"),
        ("curie", LISTED.upper()),
        ("curie/../hodgkin", LISTED),
    ],
)
def test_no_other_site_gets_a_permission(address: str, ada: Client, lab: str, origin: str) -> None:
    asked = preflight(address, lab, origin)
    got = Program(address, made(ada)["token"]).get(f"/labs/{lab}/chemicals", headers={"Origin": origin})
    assert asked.status_code in (404, 405)
    assert permissions(asked) == permissions(got) == []


def test_no_page_may_call_outside_the_labs(address: str) -> None:
    for path in ("/api/v1/openapi.json", "/api/docs", "/health", "/api/v1/labs/curie"):
        answer = requests.get(f"{address}{path}", headers={"Origin": LISTED}, timeout=20)
        assert permissions(answer) == [], path


@pytest.mark.parametrize(
    "listed",
    [
        "*",
        "curie:*",
        "curie",
        "curie:https://eln.example.edu/",
        "curie:http://eln.example.edu",
        "curie:null",
        "https://eln.example.edu",
        "curie:https://ELN.example.edu",
    ],
)
def test_what_is_no_origin_of_a_lab_stops_the_container(monkeypatch: pytest.MonkeyPatch, listed: str) -> None:
    for name, value in (
        ("API_URL", "http://x"),
        ("SERVICE_TOKEN", "t" * 16),
        ("COOKIE_KEY", "k" * 16),
        ("ORIGINS", listed),
    ):
        monkeypatch.setenv(f"CHEMTRACK_{name}", value)
    with pytest.raises(Misconfigured, match=r"CHEMTRACK_ORIGINS: .*such as curie:https://eln.example.edu"):
        read_settings()


def test_the_setting_is_read_from_the_environment_and_empty_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("API_URL", "http://x"),
        ("SERVICE_TOKEN", "t" * 16),
        ("COOKIE_KEY", "k" * 16),
        ("ORIGINS", ""),
    ):
        monkeypatch.setenv(f"CHEMTRACK_{name}", value)
    assert read_settings().origins == {}
    monkeypatch.setenv("CHEMTRACK_ORIGINS", f"curie:{LISTED} curie:http://localhost:5173")
    assert read_settings().origins == {"curie": {LISTED, "http://localhost:5173"}}
