"""The links that each person is shown, and the page to which switching the lab leads."""

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from pages.common import navigation
from tests.installation import words
from tests.pages.sample_page import sample_page, signed_in

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def app() -> Flask:
    return sample_page()


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).text, "html.parser")


def links(page: BeautifulSoup, where: str) -> list[str]:
    return [link.get_text(strip=True) for link in page.select(where)]


def test_a_manager_is_shown_all_of_a_lab(app: Flask) -> None:
    page = soup(signed_in(app), "/checkout/curie")
    assert links(page, ".ct-side nav a") == [
        "Home",
        "Chemicals",
        "Check out",
        "Check in",
        "Move",
        "Reconcile",
        "Locations",
        "Disposal",
        "History",
        "Imports",
    ]
    assert links(page, ".ct-side nav [aria-current=page]") == ["Check out"]
    assert links(page, ".ct-tabs > a, .ct-tabs summary") == ["Home", "Find", "Scan", "Count", "More"]
    assert links(page, ".ct-more .ct-menu > a")[:3] == ["Check in", "Move", "Locations"]


def test_a_viewer_is_not_shown_what_they_may_not_do(app: Flask) -> None:
    page = soup(signed_in(app), "/checkout/hodgkin")
    assert "Check out" not in links(page, "nav a")
    assert "Check in" not in links(page, "nav a")
    assert "Imports" not in links(page, "nav a")
    assert "Chemicals" in links(page, "nav a")


def test_the_lab_is_always_named_and_coloured(app: Flask) -> None:
    page = soup(signed_in(app), "/checkout/hodgkin")
    assert page.body
    assert page.body["class"] == ["ct-lab-2"]
    assert links(page, ".ct-side .ct-lab summary b") == ["Hodgkin lab"]
    assert page.title
    assert page.title.text == "Parts · Hodgkin lab · ChemTrack"


def test_switching_the_lab_keeps_the_page_if_the_role_there_allows_it(app: Flask) -> None:
    page = soup(signed_in(app), "/checkout/curie")
    assert [str(link["href"]) for link in page.select(".ct-side .ct-menu a")][:1] == [
        "/home/hodgkin"
    ]  # ben is a viewer there
    page = soup(signed_in(app), "/checkout/hodgkin")
    assert [str(link["href"]) for link in page.select(".ct-side .ct-menu a")][:1] == ["/checkout/curie"]


def test_the_search_is_the_labs(app: Flask) -> None:
    page = soup(signed_in(app), "/checkout/hodgkin")
    form = page.select_one("form[role=search]")
    assert form
    assert form["action"] == "/chemicals/hodgkin"
    assert page.select_one('[hx-get="/home/hodgkin/counts"]')


def test_an_administrator_has_another_side_bar_and_no_lab(app: Flask) -> None:
    page = soup(signed_in(app, labs="none"), "/checkout/curie/none")
    assert links(page, ".ct-side nav a") == [
        "Labs and members",
        "Logins",
        "Classifications",
        "Prove isolation",
        "Events",
    ]
    assert "no lab’s chemicals here" in words(page)
    assert page.body
    assert page.body["class"] == ["ct-lab-none"]
    assert not page.select('a[href^="/chemicals"]')


def test_addresses_are_quoted(app: Flask) -> None:
    with app.test_request_context("/checkout/curie"):
        assert navigation.path("chemicals", 12, lab="curie", q="a&b", none=None, tag=["x", "y"]) == (
            "/chemicals/curie/12?q=a%26b&tag=x&tag=y"
        )
        assert navigation.path("C", "A/B ?", lab="curie") == "/C/curie/A%2FB%20%3F"
        assert navigation.path("admin", lab="") == "/admin"


def test_every_page_of_the_side_bar_is_routed() -> None:
    routed = json.loads((ROOT / "cloudformation" / "pages.json").read_text())
    for entry in navigation.ENTRIES:
        assert f"/{entry.page}/*" in routed[entry.page]["paths"]
    assert {"/login/*", "/logout", "/account"} <= set(routed["login"]["paths"])
