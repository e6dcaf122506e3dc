"""After signing in, a person comes back to the page where they were, and never to another site."""

import pytest
from flask import Flask

from pages.common.paths import on_this_site
from tests.pages.sample_page import sample_page


@pytest.mark.parametrize(
    "target",
    [
        "",
        None,
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\n//evil.example",
        " //evil.example",
        "/%2f%2fevil.example",
        "/%2fevil.example",
        "/%252fevil.example",
        "/%5cevil.example",
        "/%09/evil.example",
        "%2f%2fevil.example",
        "https://evil.example",
        "https:evil.example",
        "https:/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        ".evil.example",
        "@evil.example",
        "/.//evil.example",
        "/checkout//evil.example",
        "/checkout\r\nSet-Cookie: a=b",
        "/checkout\x00",
        "/" + "x" * 3000,
    ],
)
def test_what_may_leave_the_site_is_refused(target: str | None) -> None:
    assert on_this_site(target) is None


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/checkout/curie",
        "/chemicals/curie?q=acet&after=a%2Fb",
        "/chemicals/curie?q=https://x//y",
        "/C/curie/CT-00A7F2",
    ],
)
def test_paths_of_this_site_are_kept(target: str) -> None:
    assert on_this_site(target) == target


@pytest.fixture(scope="module")
def app() -> Flask:
    return sample_page()


def test_a_stranger_is_sent_to_sign_in_and_back(app: Flask) -> None:
    answer = app.test_client().get("/checkout/curie?q=acet&n=2")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/checkout/curie%3Fq%3Dacet%26n%3D2"


def test_a_stranger_who_sends_a_form_comes_back_to_the_page_it_was_on(app: Flask) -> None:
    client = app.test_client()
    here = client.post("/checkout/curie", headers={"Referer": "http://localhost/checkout/curie?step=2"})
    assert here.status_code == 401
    assert 'name="next" value="/checkout/curie?step=2"' in here.text
    elsewhere = client.post("/checkout/curie", headers={"Referer": "http://evil.example/checkout/curie"})
    assert 'name="next" value="/"' in elsewhere.text


def test_a_part_of_a_page_says_that_nobody_is_signed_in(app: Flask) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/chemicals/curie?q=a"}
    answer = app.test_client().get("/checkout/curie", headers=headers)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "#ct-problem")
    assert "You were signed out" in answer.text


def test_an_address_that_is_not_there_shows_a_stranger_nothing(app: Flask) -> None:
    assert app.test_client().get("/checkout/curie/none").location == "/login?next=/checkout/curie/none"
