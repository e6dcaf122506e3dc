"""Home: the way to one's lab, what needs attention there, the numbers of the side bar."""

import json
from collections.abc import Iterator

import pytest

from tests.installation import Installation, PageClient
from tests.sql.shelf import Shelf, shelf


@pytest.fixture
def at_shelf(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as on:
        yield on


@pytest.fixture
def ada(installation: Installation) -> PageClient:
    return installation.page("home", "ada")


def rows(client: PageClient, path: str = "/home/curie") -> dict[str, str]:
    """What is to be done: title → badge."""
    [panel] = [panel for panel in client.soup(path).select(".ct-panel") if panel.h2 and panel.h2.text == "Do next"]
    return {
        str(row.select_one(".name").text): row.select_one(".ct-badge").text.strip()  # type: ignore[union-attr]
        for row in panel.select("li")
    }


@pytest.mark.parametrize(
    ("who", "where"), [("ada", "/home/curie"), ("ben", "/login/lab"), ("root", "/admin"), (None, "/login")]
)
def test_the_root_leads_to_ones_lab(installation: Installation, who: str | None, where: str) -> None:
    answer = installation.page("home", who).get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == where


def test_the_root_leads_to_the_lab_where_one_was_last(installation: Installation) -> None:
    ben = installation.page("home", "ben")
    ben.get("/home/hodgkin")
    assert ben.get("/").headers["Location"] == "/home/hodgkin"


def test_a_new_labs_home_shows_three_doors_to_those_who_may_enter(installation: Installation) -> None:
    soup = installation.page("home", "eve").soup("/home/hodgkin")
    assert "Hodgkin lab has no chemicals yet" in soup.text
    assert [door["href"] for door in soup.select("main .ct-pick")] == [
        "/imports/hodgkin",
        "/checkin/hodgkin",
        "/chemicals/hodgkin/new",
    ]
    viewer = installation.page("home", "ben").soup("/home/hodgkin")
    assert "Hodgkin lab has no chemicals yet" in viewer.text
    assert not viewer.select("main .ct-pick")


def test_a_lab_with_nothing_to_do_says_so_and_each_part_says_why_it_is_empty(
    installation: Installation, ada: PageClient, at_shelf: Shelf
) -> None:
    at_shelf.add_container("100", "g", "Quiet salt")
    soup = ada.soup("/home/curie")
    assert "Nothing to do" in soup.text
    assert "Nothing was taken or received in the last ten weeks." in soup.text
    assert "The first posted stocktake shows here" in soup.text
    assert "Receive" in soup.select("table tbody tr")[0].text


def test_each_thing_that_needs_attention_is_a_row_with_what_to_do(
    installation: Installation, ada: PageClient, at_shelf: Shelf
) -> None:
    run = at_shelf.run
    expired = at_shelf.add_container("340", "mL", "Aniline")
    run("UPDATE inventory.containers SET expires_on = control.today() - 3 WHERE id = %s", expired)
    soon = at_shelf.add_container("210", "mL", "Acetyl chloride")
    run("UPDATE inventory.containers SET expires_on = control.today() + 12 WHERE id = %s", soon)
    at_shelf.add_container("7.6", "L", "Acetone")
    run("UPDATE inventory.chemicals SET low_stock_amount = 10, low_stock_unit = 'L' WHERE name = 'Acetone'")
    at_shelf.add_container(None, None, "Unweighed")
    run("INSERT INTO inventory.locations (kind, name, count_period_days) VALUES ('room', 'Room 2.14', 30)")
    with shelf(installation, "ben") as on:
        held = on.add_container("1", "L", "Held by who left")
        on.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", held)
    [[ben]] = installation.psql("SELECT id FROM control.users WHERE username = 'ben'")
    lab = installation.lab_id("curie")
    installation.psql("UPDATE control.members SET ended_at = now() WHERE user_id = %s AND lab_id = %s", ben, lab)
    found = rows(ada)
    acts = {str(link["aria-label"]): str(link["href"]) for link in ada.soup("/home/curie").select("main li a.btn")}
    viewer = installation.page("home", "cleo")
    seen, offered = rows(viewer), viewer.soup("/home/curie").select("main a.btn")
    installation.psql("UPDATE control.members SET ended_at = NULL WHERE user_id = %s AND lab_id = %s", ben, lab)

    assert found["Held by who left"] == "Its holder left the lab"
    assert found["Aniline"].startswith("Expired ")
    assert found["Acetyl chloride"] == "Expires in 12 days"
    assert found["Acetone"] == "Low: 7.6 of 10 L"
    assert found["Room 2.14"] == "Count due since today"
    assert found["1 container whose amount is not known"] == "Unknown"
    assert list(found)[:2] == ["Held by who left", "Aniline"]
    assert acts["Bring back: Held by who left"] == f"/checkout/curie/bring-back?container={held}"
    assert acts["Mark for deletion: Aniline"] == f"/disposal/curie/mark?container={expired}"
    assert acts["Extend: Acetyl chloride"] == f"/chemicals/curie/containers/{soon}/edit"
    assert "Receive more: Acetone" in acts
    assert seen == found
    assert not offered


def test_my_bottles_and_the_open_stocktake_are_beside(
    installation: Installation, ada: PageClient, at_shelf: Shelf
) -> None:
    bottle = at_shelf.add_container("1", "L", "In my hood")
    at_shelf.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", bottle)
    [[stocktake]] = at_shelf.run("INSERT INTO inventory.stocktakes DEFAULT VALUES RETURNING id")
    soup = ada.soup("/home/curie")
    assert soup.select_one(f"a[href='/checkout/curie/bring-back?container={bottle}']")
    assert "Open stocktake" in soup.text
    assert "Whole lab" in soup.text
    counts = ada.get("/home/curie/counts").text
    assert 'id="n-reconcile" hx-swap-oob="true">2<' in counts  # the stocktake, and Room 2.14 of the test before
    assert 'id="n-disposal" hx-swap-oob="true" hidden>0<' in counts
    at_shelf.run("UPDATE inventory.stocktakes SET cancelled_at = now() WHERE id = %s", stocktake)


def test_plots_have_their_finding_in_words(ada: PageClient, at_shelf: Shelf) -> None:
    jar = at_shelf.add_container("100", "g", "Plotted")
    at_shelf.post(jar, "check_out", "1")
    [canvas] = ada.soup("/home/curie").select("canvas")
    spec = json.loads(str(canvas["data-plot"]))
    assert spec["sets"][0]["data"][-1] >= 1
    assert len(spec["labels"]) == 10
    assert "this week 1 out, 0 in" in str(canvas["aria-label"])


@pytest.mark.parametrize("path", ["/home/curie", "/home/curie/counts"])
@pytest.mark.parametrize("who", ["eve", "root"])
def test_a_stranger_finds_nothing(installation: Installation, who: str, path: str) -> None:
    client = installation.page("home", who)
    assert client.get(path).status_code == client.get(path.replace("curie", "nowhere")).status_code == 404
    assert client.get(path, headers={"X-Quiet": "1"}).status_code == 204
