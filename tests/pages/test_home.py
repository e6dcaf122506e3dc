"""Home: the way to the lab of a person, the things that need attention there, the numbers of the side bar."""

import json
from collections.abc import Iterator

import pytest

from tests.installation import Installation, PageClient, words
from tests.sql.shelf import Shelf, shelf


@pytest.fixture
def at_shelf(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as on:
        yield on


@pytest.fixture
def ada(installation: Installation) -> PageClient:
    return installation.page("home", "ada")


def rows(client: PageClient, path: str = "/home/curie") -> dict[str, str]:
    """The tasks that Home lists: title → badge."""
    [panel] = [panel for panel in client.soup(path).select(".ct-panel") if panel.h2 and panel.h2.text == "Do next"]
    return {
        str(row.select_one(".name").text): row.select_one(".ct-badge").text.strip()  # type: ignore[union-attr]
        for row in panel.select("li")
        if row.select_one(".name")
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
    assert "After the first posted stocktake, this plot shows" in soup.text
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
    assert acts["Extend: Acetyl chloride"] == f"/chemicals/curie/containers/extend?container={soon}"
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


def test_bottles_of_a_lot_are_one_row_and_a_link_leads_to_all(installation: Installation, ada: PageClient) -> None:
    api = installation.as_user("ada")
    line = {
        "chemical": {"name": "Lot of four"},
        "count": 4,
        "amount": "5",
        "unit": "g",
        "lot": "B-77",
        "expires_on": "2021-03-01",
    }
    others = [line | {"chemical": {"name": f"Old {n}"}, "count": 1, "expires_on": "2021-03-02"} for n in range(5)]
    came = api.send_once("/labs/curie/deliveries", {"lines": [line, *others]})
    assert came.status_code == 201, came.text
    soup = ada.soup("/home/curie")
    [row] = [row for row in soup.select(".ct-list.acts li") if "Lot of four" in row.text]
    assert "4 bottles · lot B-77" in words(row)
    act = row.select_one("a.btn")
    assert act
    assert str(act["href"]).count("container=") == 4
    assert "Mark for deletion" in act.text
    [every] = [
        link for link in soup.select(".ct-list.acts a") if " expired" in link.text and link.text.startswith("All ")
    ]
    assert every["href"] == "/chemicals/curie?flag=expired"


def test_extending_asks_for_a_day_and_a_reason_and_writes_both_down(installation: Installation) -> None:
    ada = installation.as_user("ada")
    line = {"chemical": {"name": "Nearly out"}, "count": 2, "amount": "5", "unit": "g", "expires_on": "2021-03-01"}
    came = ada.send_once("/labs/curie/deliveries", {"lines": [line]}).json()["containers"]
    ids = [container["id"] for container in came]
    page = installation.page("chemicals", "ada")
    where = f"/chemicals/curie/containers/extend?container={ids[0]}&container={ids[1]}"
    refused = page.submit(where, "main form", expires_on="2031-05-01", reason="")
    assert refused.status_code == 422
    assert 'value="2031-05-01"' in refused.text
    assert (
        page.submit(where, "main form", follow=False, expires_on="2031-05-01", reason="Titrated: 99.8 %").status_code
        == 303
    )
    for container in ids:
        now = ada.get(f"/labs/curie/containers/{container}").json()
        assert now["expires_on"] == "2031-05-01"
        assert "Expires 2031-05-01 instead of 2021-03-01: Titrated: 99.8 % (Ada Lind, " in now["notes"]
    foreign = installation.as_user("eve").post(
        "/labs/hodgkin/containers/extensions", json={"container_ids": ids, "expires_on": "2031-05-01", "reason": "No"}
    )
    assert foreign.status_code == 404
    viewer = installation.as_user("cleo").post(
        "/labs/curie/containers/extensions", json={"container_ids": ids, "expires_on": "2031-05-01", "reason": "No"}
    )
    assert viewer.status_code == 403


def test_bottles_without_a_location_are_put_away_from_home(installation: Installation, ada: PageClient) -> None:
    api = installation.as_user("ada")
    location = api.post("/labs/curie/locations", json={"kind": "room", "name": "Room for the rest"})
    assert location.status_code == 201
    came = api.send_once(
        "/labs/curie/deliveries",
        {"lines": [{"chemical": {"name": "Left on the bench"}, "count": 3, "amount": "5", "unit": "g"}]},
    )
    ids = {container["id"] for container in came.json()["containers"]}
    before = api.get("/labs/curie/summary").json()["totals"]["without_location"]
    [act] = ada.soup("/home/curie").select(".ct-list.acts a.btn:-soup-contains('Put away')")
    load = installation.page("history", "ada").soup(str(act["href"]))
    assert ids <= {int(str(field["value"])) for field in load.select("input[name=container]")}
    moved = api.send_once("/labs/curie/moves", {"location_id": location.json()["id"], "container_ids": list(ids)})
    assert moved.status_code == 201
    assert api.get("/labs/curie/summary").json()["totals"]["without_location"] == before - 3


def test_each_link_to_all_opens_exactly_what_it_counts(
    installation: Installation, ada: PageClient, at_shelf: Shelf
) -> None:
    for name, first in (("Gone by", -9), ("Going by", 9)):
        for number in range(6):
            container = at_shelf.add_container(name=f"{name} {number}")
            at_shelf.run(
                "UPDATE inventory.containers SET expires_on = control.today() + %s WHERE id = %s",
                first + number,
                container,
            )
    links = [link for link in ada.soup("/home/curie").select("main li > a.ct-small") if "/chemicals/" in link["href"]]
    assert {words(link).split(maxsplit=2)[2] for link in links} >= {"expired", "that expire soon"}
    for link in links:
        shown = installation.page("chemicals", "ada").soup(str(link["href"]))
        assert words(shown.select_one("#results [role=status]")).split()[0] == words(link).split()[1], link


def test_each_tile_opens_exactly_what_it_counts(installation: Installation, ada: PageClient, at_shelf: Shelf) -> None:
    [[chemical]] = at_shelf.run("INSERT INTO inventory.chemicals (name) VALUES ('Of many days') RETURNING id")
    for day in (
        "current_date - 3",
        "current_date - 2",
        "current_date + 20",
        "current_date + 29",
        "current_date + 60",
        "NULL",
    ):
        [[container]] = at_shelf.run(
            f"INSERT INTO inventory.containers (chemical_id, unit, expires_on) VALUES (%s, 'g', {day}) RETURNING id",
            chemical,
        )
        at_shelf.post(container, "receive", "1", "g")
    for who in ("ada", "cleo"):
        tiles = [
            (int(tile.b.text.replace(",", "")), str(tile["href"]))  # type: ignore[union-attr]
            for tile in installation.page("home", who).soup("/home/curie").select(".ct-tiles a")
        ]
        lists = [(count, where) for count, where in tiles if where.startswith("/chemicals/")]
        assert len(lists) == (3 if who == "ada" else 4)
        for count, where in lists:
            shown = installation.page("chemicals", who).soup(where).select("#results tbody tr[data-row]")
            assert len(shown) == count, where
