"""Searches of the list that a member saves: their own stay theirs, shared ones are the lab's, and no other lab sees either."""

from typing import Any

import pytest

from tests.installation import Installation, PageClient
from tests.sql.shelf import shelf


@pytest.fixture(scope="module", autouse=True)
def chemical(installation: Installation) -> None:
    made = installation.as_user("ada").post("/labs/curie/chemicals", json={"name": "Acetone"})
    assert made.status_code == 201, made.text


@pytest.fixture(autouse=True)
def clean(installation: Installation) -> Any:
    yield
    installation.psql("DELETE FROM inventory.saved_searches", lab="curie")


def save(installation: Installation, who: str, lab: str = "curie", **said: Any) -> Any:
    body = {"name": "Flammable", "query": "flash_point_to=23&state=liquid"} | said
    return installation.as_user(who).post(f"/labs/{lab}/chemicals/searches", json=body)


def seen(installation: Installation, who: str, lab: str = "curie") -> dict[str, tuple[str, bool, bool]]:
    answer = installation.as_user(who).get(f"/labs/{lab}/chemicals", params={"facets": True}).json()
    return {one["name"]: (one["query"], one["shared"], one["own"]) for one in answer["searches"]}


def test_an_own_search_is_seen_by_its_author_alone_and_a_shared_one_by_the_lab(installation: Installation) -> None:
    assert save(installation, "ben").status_code == 201
    assert save(installation, "ada", name="Ours", query="h_code=H225 H319", shared=True).status_code == 201
    flammable, ours = "flash_point_to=23&state=liquid", "h_code=H225+H319"
    assert seen(installation, "ben") == {"Flammable": (flammable, False, True), "Ours": (ours, True, False)}
    assert seen(installation, "ada") == {"Ours": (ours, True, True)}
    assert seen(installation, "cleo") == {"Ours": (ours, True, False)}
    assert seen(installation, "eve", "hodgkin") == {} == seen(installation, "ben", "hodgkin")


def test_only_a_manager_shares_and_only_author_or_manager_removes(installation: Installation) -> None:
    assert save(installation, "ben", shared=True).status_code == 403
    assert save(installation, "cleo").status_code == 403
    bens = save(installation, "ben").json()["id"]
    shared = save(installation, "ada", shared=True).json()["id"]
    for who, search, status in (
        ("ada", bens, 404),
        ("ben", shared, 403),
        ("cleo", shared, 403),
        ("eve", shared, 404),
        ("ada", shared, 204),
        ("ben", bens, 204),
        ("ben", bens, 404),
    ):
        lab = "hodgkin" if who == "eve" else "curie"
        answer = installation.as_user(who).delete(f"/labs/{lab}/chemicals/searches/{search}")
        assert answer.status_code == status, (who, answer.text)


@pytest.mark.parametrize(
    ("said", "pointer", "sentence"),
    [
        ({"query": "colour=red"}, "/query", "The list has no such search: colour."),
        ({"query": "flash_point_to=low"}, "/query", "The list has no such search: flash_point_to."),
        ({"query": ""}, "/query", "Search for something first, or choose a filter."),
        ({"query": "sort=-name&cursor=x"}, "/query", "Search for something first, or choose a filter."),
        ({"query": "&".join(["state=gas"] * 300)}, "/query", "This is no search of the list."),
        ({"name": " "}, "/name", None),
        ({"name": 61 * "x"}, "/name", None),
    ],
)
def test_what_is_no_search_is_refused_beside_its_field(
    installation: Installation, said: dict[str, str], pointer: str, sentence: str | None
) -> None:
    answer = save(installation, "ada", **said)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert sentence in (None, error["detail"])


def test_nobody_saves_searches_without_end(installation: Installation) -> None:
    """Each opening of the list looks through all searches of the lab."""
    with shelf(installation) as ada:
        ada.run(
            "INSERT INTO inventory.saved_searches (name, query) SELECT 'No. ' || n, 'q=x' FROM generate_series(1, 99) AS n"
        )
    assert save(installation, "ada", name="The hundredth", query="q=x").status_code == 201
    refused = save(installation, "ada", name="One more", query="q=x")
    assert (refused.status_code, "Remove one first" in refused.text) == (409, True)
    assert "One more" not in seen(installation, "ada")
    assert save(installation, "ben", name="Of somebody else", query="q=x").status_code == 201


def test_the_page_saves_the_present_search_opens_it_again_and_removes_it(installation: Installation) -> None:
    page: PageClient = installation.page("chemicals", "ben")
    address = "/chemicals/curie?flash_point_to=23&state=liquid"
    [offered] = [link for link in page.soup(address).select("#results a") if "Save this search" in link.text]
    answer = page.submit(str(offered["href"]), "form.ct-panel", follow=False, name="Flammable")
    assert (answer.status_code, answer.location) == (303, address)
    again = page.submit(str(offered["href"]), "form.ct-panel", follow=False, name="Flammable")
    assert again.status_code == 409
    assert "You saved a search of this name before." in again.text
    assert 'value="Flammable"' in again.text
    soup = page.soup("/chemicals/curie")
    [link] = [link for link in soup.select("#results a") if link.text.strip() == "Flammable"]
    assert page.soup(str(link["href"])).select("[aria-label='Remove the filter: Flash point to 23 °C']")
    page.submit("/chemicals/curie", "form[action$='/remove']", follow=False)
    assert seen(installation, "ben") == {}


def test_a_viewer_opens_shared_searches_and_saves_none(installation: Installation) -> None:
    save(installation, "ada", name="Ours", shared=True)
    soup = installation.page("chemicals", "cleo").soup("/chemicals/curie?state=gas")
    assert [link.text.split()[0] for link in soup.select("#results .ct-pop a")] == ["Ours"]
    assert not soup.select("form[action$='/remove']")
