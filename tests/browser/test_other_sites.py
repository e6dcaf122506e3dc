"""A real browser lets a page of another site call /api/v1 of a lab for which its origin is listed, and of no other lab."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from pages.common.config import PageSettings
from pages.programs.page import create_app
from tests.api.test_tokens import made
from tests.installation import Installation
from tests.pages.test_programs import served

CALL = """async ([url, token]) => {
  try {
    const answer = await fetch(url, {headers: {Authorization: `Bearer ${token}`}})
    return answer.status
  } catch (error) { return error.name }
}"""


@pytest.fixture
def other_site() -> Iterator[str]:
    app = Flask("other site")
    app.add_url_rule("/", view_func=lambda: "A notebook")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_page_of_a_listed_site_reads_and_no_other_lab(
    installation: Installation, chromium: Browser, other_site: str
) -> None:
    settings = PageSettings(
        api_url=installation.api_url,
        service_token=installation.service_token,
        cookie_key=installation.cookie_key,
        cookie_secure=False,
        origins=f"curie:{other_site}",
    )
    ben = installation.as_user("ben")
    token = made(ben, "read", ("curie", "hodgkin"))["token"]
    with served(create_app(settings)) as api, chromium.new_page() as page:
        page.goto(other_site)
        assert page.evaluate(CALL, [f"{api}/api/v1/labs/curie/chemicals", token]) == 200
        assert page.evaluate(CALL, [f"{api}/api/v1/labs/hodgkin/chemicals", token]) == "TypeError"
