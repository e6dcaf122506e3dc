"""Labels of locations: the code on them, and that Move and a count take a scan of it as the location."""

from psycopg.rows import dict_row

from api.resources.location_labels import label_of
from tests.installation import Installation, words
from tests.sql.shelf import shelf as shelf_of


def test_a_locations_label_has_its_code_and_a_scan_takes_it_as_where(installation: Installation) -> None:
    ada = installation.as_user("ada")
    room = ada.post("/labs/curie/locations", json={"kind": "room", "name": "Room 2.14"}).json()["id"]
    shelf = ada.post("/labs/curie/locations", json={"kind": "shelf", "name": "Shelf 3", "parent_id": room}).json()["id"]
    line = {"chemical": {"name": "Roaming"}, "count": 1, "amount": "5", "unit": "g", "location_id": room}
    [bottle] = ada.send_once("/labs/curie/deliveries", {"lines": [line]}).json()["containers"]
    pages = installation.page("reconcile", "ada")
    link = pages.soup("/reconcile/curie/locations").select_one('a[href$="/labels"]')
    assert link
    assert pages.submit(str(link["href"]), "#print").content_type == "application/pdf"
    with shelf_of(installation) as on:
        [row] = on.connection.cursor(row_factory=dict_row).execute(
            "SELECT id, name, full_name FROM inventory.locations WHERE id = %s", [shelf]
        )
    label = label_of(row, "Curie lab")
    code = f"LOC-{shelf:06}"
    assert (label.code, label.name, label.location) == (code, "Shelf 3", "Room 2.14 › Shelf 3")
    assert label.is_location, "a shelf is no container: nothing is said of hazards"
    all_of_it, one = (pages.get(f"/reconcile/curie/locations/labels.pdf?inside={here}").data for here in (room, shelf))
    assert len(all_of_it) > len(one)

    history = installation.page("history", "ada")
    moved = history.submit(f"/history/curie/move?container={bottle['id']}", "#move", scan=code.lower(), follow=True)
    assert "To Room 2.14 › Shelf 3" in words(moved)
    assert f'<option value="{shelf}" selected>' in moved.text
    stocktake = ada.post("/labs/curie/stocktakes", json={"location_id": None}).json()["id"]
    answer = pages.get(f"/reconcile/curie/{stocktake}/count?scan={code}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/reconcile/curie/{stocktake}/count?at={shelf}"

    eve = installation.page("reconcile", "eve")
    assert eve.get(f"/reconcile/hodgkin/locations/labels.pdf?inside={shelf}").status_code == 404


def test_a_locations_label_is_seen_before_it_is_printed_with_a_note_on_signs_that_no_font_has(
    installation: Installation,
) -> None:
    ada = installation.as_user("ada")
    room = ada.post("/labs/curie/locations", json={"kind": "room", "name": "Hot room 🔥"}).json()["id"]
    shelf = ada.post("/labs/curie/locations", json={"kind": "shelf", "name": "ᜀᜁᜂ", "parent_id": room}).json()["id"]
    kept = ada.put("/labs/curie/labels/settings", json={"sheet": "roll-62", "fields": []})
    assert kept.status_code == 200, kept.text
    pages = installation.page("reconcile", "cleo")
    shown = pages.soup(f"/reconcile/curie/locations/labels?inside={room}")
    hot, unwritten = (words(row) for row in shown.select("tbody tr"))
    assert "No font has 🔥: printed as “Hot room”" in hot
    assert "No font has 🔥ᜀᜁᜂ: printed as “(no printable name)”" in unwritten
    [paper] = shown.select("[name=sheet] option[selected]")
    assert paper["value"] == "roll-62", "the lab's own"
    picture = shown.select_one("figure img")
    assert picture
    first = pages.get(str(picture["src"]))
    assert first.data.startswith(b"\x89PNG")
    other = pages.get(f"/reconcile/curie/locations/labels.png?inside={shelf}").data
    assert first.data != other
    refused = pages.submit(f"/reconcile/curie/locations/labels?inside={shelf}", "#print", skip="99")
    assert refused.status_code == 422
    assert "ᜀᜁᜂ" in refused.text, "what was chosen is still there"
    eve = installation.page("reconcile", "eve")
    for name in ("labels", "labels.png"):
        assert eve.get(f"/reconcile/hodgkin/locations/{name}?inside={shelf}").status_code == 404
    assert "No locations yet" in words(eve.soup("/reconcile/hodgkin/locations/labels"))
