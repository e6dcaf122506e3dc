"""The page of stocktakes and locations, against the real API."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.installation import Installation, PageClient, fields_of, words
from tests.sql.shelf import shelf


def add_location(installation: Installation, name: str, **fields: Any) -> int:
    answer = installation.as_user("ada").post("/labs/curie/locations", json={"name": name, "kind": "room", **fields})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def stand(installation: Installation, location: int, name: str, amount: str | None = "100", unit: str = "g") -> str:
    """The barcode of a container that stands at `location`."""
    with shelf(installation) as here:
        container = here.add_container(amount, unit, name)
        here.run("UPDATE inventory.containers SET location_id = %s WHERE id = %s", location, container)
        [[barcode]] = here.run("SELECT barcode FROM inventory.containers WHERE id = %s", container)
    return str(barcode)


@pytest.fixture
def ben(installation: Installation) -> PageClient:
    return installation.page("reconcile", "ben")


@pytest.fixture
def ada(installation: Installation) -> PageClient:
    return installation.page("reconcile", "ada")


@pytest.fixture
def room(installation: Installation, request: pytest.FixtureRequest) -> int:
    return add_location(installation, f"Room {abs(hash(request.node.name))}")


def start(client: PageClient, location: int) -> str:
    """Starts a stocktake on its page; returns the path of the stocktake."""
    answer = client.submit(
        "/reconcile/curie/new", "form:has(button[name=location_id])", follow=False, location_id=str(location)
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).removesuffix("/count")


def path_of(answer: Any) -> str:
    """The path to which a redirect leads."""
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_ben_counts_a_room_and_posts_it(installation: Installation, ben: PageClient, room: int) -> None:
    toluene = stand(installation, room, "Toluene", "855", "mL")
    stand(installation, room, "Anisole", "410", "mL")
    stand(installation, room, "Iodine", "100", "g")
    stocktake = start(ben, room)

    page = ben.soup(f"{stocktake}/count")
    assert "0 of 3" in page.text
    assert [name.text for name in page.select("#count-list .name")] == ["Anisole", "Iodine", "Toluene"]

    hit = ben.soup(f"{stocktake}/count?scan={toluene}")
    assert hit.select_one("#count-hit .big").text == "Toluene"  # type: ignore[union-attr]
    assert "Belongs here" in hit.text
    assert [button.text.strip() for button in hit.select("#count-thumb button")] == [
        "As expected · 855 mL",
        "Not measured",
    ]
    answer = ben.submit(
        f"{stocktake}/count?scan={toluene}", "#count-form", follow=False, amount="780", unit="mL", result="counted"
    )
    done = ben.soup(path_of(answer))
    assert "780 mL" in done.select_one("#count-hit").text  # type: ignore[union-attr]
    assert "expected 855 mL" in done.text

    ben.submit(f"{stocktake}/count", "#count-list form", row=f"as_expected:{row_of(ben, stocktake, 'Anisole')}")
    ben.submit(f"{stocktake}/count", "#count-list form", row=f"not_found:{row_of(ben, stocktake, 'Iodine')}")
    assert "Everything is counted" in ben.soup(f"{stocktake}/count").text

    review = ben.soup(stocktake)
    assert [name.text for name in review.select("#review .name")] == ["Toluene"]
    assert "Off means more than 5 % and more than 5 g or 5 mL" in review.text
    assert "−75" in review.text
    assert "−9 %" in review.text
    assert review.select_one("#will").text.strip() == "Posting writes 2 counts. 1 amount changes, 1 becomes missing."  # type: ignore[union-attr]

    posted = ben.submit(f"{stocktake}/post", "form:has(footer)")
    assert "Posted: 2 counts, 1 amount changed, 1 missing" in posted.text
    assert "/history/curie?stocktake=" in posted.text
    assert "Post the stocktake" not in posted.text


def row_of(client: PageClient, stocktake: str, name: str) -> str:
    """The number of a container in the list of counting."""
    link = client.soup(f"{stocktake}/count").find("a", string=name)
    assert link is not None
    found = re.search(r"container=(\d+)", str(link["href"]))
    assert found
    return found[1]


def test_what_is_typed_wrong_stays_beside_its_sentence(installation: Installation, ben: PageClient, room: int) -> None:
    barcode = stand(installation, room, "Toluene", "855", "mL")
    stocktake = start(ben, room)
    where = f"{stocktake}/count?scan={barcode}"
    for amount, unit, sentence in (
        ("1,5", "mL", "Write the decimal point as a point: 1.5"),
        ("", "mL", "Write an amount, such as 2.5 g."),
        ("-1", "mL", "An amount cannot be negative"),
        ("much", "mL", "is not a number"),
        ("5 g", "", "g does not fit what is kept in mL"),
    ):
        answer = ben.submit(where, "#count-form", amount=amount, unit=unit, result="counted")
        assert answer.status_code == 422, amount
        assert sentence in answer.text
        assert f'value="{amount}"' in answer.text
        assert 'aria-invalid="true"' in answer.text
    assert "0 of 1" in ben.soup(where).text


def test_an_unknown_code_offers_to_receive_it(installation: Installation, ben: PageClient, room: int) -> None:
    stand(installation, room, "Toluene")
    stocktake = start(ben, room)
    page = ben.soup(f"{stocktake}/count?scan=NEW-77")
    assert "“NEW-77” is on no container here" in page.text
    assert page.select_one('a[href="/checkin/curie?barcode=NEW-77"]')
    quick = ben.submit(f"{stocktake}/count?quick=1", "form:has([data-scan])", scan="NEW-77")
    assert quick.status_code == 404
    assert "“NEW-77” is on no container here" in words(quick)


def test_part_of_a_name_finds_its_lines(installation: Installation, ben: PageClient, room: int) -> None:
    stand(installation, room, "Toluene")
    stand(installation, room, "Anisole")
    page = ben.soup(f"{start(ben, room)}/count?scan=tolu")
    assert "1 line fits “tolu”" in page.text
    assert [name.text for name in page.select("#count-list .name")] == ["Toluene"]


def test_a_scan_may_mean_as_expected(installation: Installation, ben: PageClient, room: int) -> None:
    barcode = stand(installation, room, "Toluene", "855", "mL")
    stocktake = start(ben, room)
    answer = ben.submit(f"{stocktake}/count?quick=1", "form:has([data-scan])", scan=barcode)
    assert "855 mL, as expected" in answer.text
    assert "1 of 1" in answer.text
    undone = ben.submit(f"{stocktake}/count?scan={barcode}&done=1", "#count-hit form")
    assert "0 of 1" in undone.text


def test_the_same_code_twice_asks_and_changes_nothing(installation: Installation, ben: PageClient, room: int) -> None:
    barcode = stand(installation, room, "Counted twice", "855", "mL")
    stocktake = start(ben, room)
    quick = f"{stocktake}/count?quick=1"
    ben.submit(quick, "form:has([data-scan])", scan=barcode)
    undone = ben.submit(f"{stocktake}/count?scan={barcode}", "#count-form", amount="800", unit="mL")
    assert "800 mL" in words(undone)
    again = ben.submit(quick, "form:has([data-scan])", scan=barcode)
    assert again.status_code == 409
    assert "This container was counted already. Is this the same container once more?" in words(again)
    assert "800 mL" in words(again)
    assert "800 mL" in words(ben.get(f"{stocktake}/count?show=counted"))
    thumb = ben.submit(f"{quick}&scan={barcode}", "#count-thumb", press="button[value=as_expected]")
    assert "855 mL, as expected" in words(thumb)


def test_what_belongs_elsewhere_says_where_it_goes(installation: Installation, ben: PageClient, room: int) -> None:
    board = add_location(installation, "Board 2", kind="shelf", parent_id=room)
    other = add_location(installation, "Elsewhere")
    barcode = stand(installation, other, "Stray", "5")
    stocktake = start(ben, room)
    locations = ben.soup(f"{stocktake}/locations")
    assert [link.text for link in locations.select("table a.name")][2:] == ["Board 2"]
    where = f"{stocktake}/count?at={board}&scan={barcode}"
    page = ben.soup(where)
    assert "Belongs elsewhere" in page.text
    assert "It belongs in Elsewhere. Counting it here moves it to" in re.sub(r"\s+", " ", page.text)
    ben.submit(where, "#count-form", amount="5", result="counted")
    review = ben.soup(f"{stocktake}?state=elsewhere")
    assert [name.text for name in review.select("#review .name")] == ["Stray"]
    assert "1 container moves here" in review.text


def test_an_unknown_amount_is_there_or_said(installation: Installation, ben: PageClient, room: int) -> None:
    barcode = stand(installation, room, "Old salt", None)
    stocktake = start(ben, room)
    page = ben.soup(f"{stocktake}/count?scan={barcode}")
    assert "It is there · amount unknown" in page.text
    answer = ben.submit(f"{stocktake}/count?scan={barcode}", "#count-form", amount="40", unit="g", result="counted")
    assert "40 g" in answer.text
    assert "First amount 1" in re.sub(r"\s+", " ", ben.soup(stocktake).text)


def test_one_result_is_recorded_for_all_that_are_left_after_a_question(
    installation: Installation, ben: PageClient, room: int
) -> None:
    for name in ("One", "Two", "Three"):
        stand(installation, room, name)
    stocktake = start(ben, room)
    question = ben.soup(f"{stocktake}/rest?result=as_expected")
    assert "Is the rest as expected?" in question.text
    answer = ben.submit(f"{stocktake}/rest?result=not_found", "form:has(footer)")
    assert "3 of 3" in answer.text
    assert "Not found 3" in re.sub(r"\s+", " ", ben.soup(stocktake).text)


def test_a_reviewer_says_why_and_asks_for_a_recount(installation: Installation, ben: PageClient, room: int) -> None:
    names = ("Toluene", "Iodine")
    for name in names:
        stand(installation, room, name)
    stocktake = start(ben, room)
    number = {name: row_of(ben, stocktake, name) for name in names}
    for name in names:
        ben.submit(f"{stocktake}/count?container={number[name]}", "#count-form", amount="50", result="counted")
    said: dict[str, Any] = {f"reason-{number['Toluene']}": "Evaporated", f"then-{number['Iodine']}": "recount"}
    page = ben.submit(stocktake, "#review", **said)
    assert "Recount <b>1</b>" in page.text
    assert "1 waits for a recount." in page.text
    again = ben.soup(stocktake)
    assert again.select_one(f"#why{number['Toluene']} option[selected]").text == "Evaporated"  # type: ignore[union-attr]
    assert "count again" in ben.soup(f"{stocktake}/count").text
    part = ben.post(
        f"{stocktake}/review",
        data={
            "csrf_token": csrf(again),
            "state": "off",
            "container": number["Iodine"],
            f"then-{number['Iodine']}": "post",
        },
        headers={"HX-Request": "true"},
    )
    assert part.status_code == 200
    assert 'id="will"' in part.text
    assert f'id="then-was-{number["Iodine"]}"' in part.text
    assert "waits for a recount" not in part.text
    everything = ben.submit(stocktake, "form[action$='review-all']", then="recount")
    assert "2 wait for a recount." in everything.text


@pytest.mark.parametrize("htmx", [True, False])
def test_a_reviewer_overwrites_no_remark_unseen(
    installation: Installation, ben: PageClient, room: int, htmx: bool
) -> None:
    stand(installation, room, "Toluene")
    stocktake = start(ben, room)
    number = row_of(ben, stocktake, "Toluene")
    ben.submit(f"{stocktake}/count?container={number}", "#count-form", amount="50", result="counted")
    opened = ben.soup(stocktake).select_one("#review")
    assert opened
    typed = fields_of(opened) | {f"reason-{number}": "Spilled", f"then-{number}": "recount"}
    headers = {"HX-Request": "true"} if htmx else {}
    first: dict[str, Any] = {f"reason-{number}": "Evaporated"}
    ben.submit(stocktake, "#review", **first)
    late = ben.post(f"{stocktake}/review", data=typed, headers=headers)
    assert late.status_code == 409
    assert "Somebody else changed this meanwhile. It is now: Evaporated." in words(late)
    seen = BeautifulSoup(late.text, "html.parser")
    assert str(seen.select(f"#reason-was-{number}")[0]["value"]) == "Evaporated"
    if not htmx:
        assert seen.select_one(f"#why{number} option[selected]").text == "Spilled"  # type: ignore[union-attr]
        assert seen.select_one(f"[name=then-{number}][value=recount][checked]")
    assert ben.soup(stocktake).select_one(f"#why{number} option[selected]").text == "Evaporated"  # type: ignore[union-attr]
    again = ben.post(f"{stocktake}/review", data=typed | {f"reason-was-{number}": "Evaporated"}, headers=headers)
    assert again.status_code == (200 if htmx else 303)
    assert ben.soup(stocktake).select_one(f"#why{number} option[selected]").text == "Spilled"  # type: ignore[union-attr]


def csrf(page: Any) -> str:
    return str(page.select_one("[name=csrf_token]")["value"])


def test_a_clash_names_the_container_and_offers_its_recount(
    installation: Installation, ben: PageClient, room: int
) -> None:
    barcode = stand(installation, room, "Toluene")
    stocktake = start(ben, room)
    number = row_of(ben, stocktake, "Toluene")
    ben.submit(f"{stocktake}/count?container={number}", "#count-form", amount="10", result="counted")
    with shelf(installation) as here:
        here.post(int(number), "check_out", "50")
    assert "1 container needs a recount." in ben.soup(stocktake).text
    refused = ben.submit(f"{stocktake}/post", "form:has(footer)")
    assert refused.status_code == 409
    assert f"More was taken from {barcode} since it was counted than was found in it." in refused.text
    assert f"Count {barcode} again" in refused.text
    sent = {"csrf_token": csrf(ben.soup(stocktake)), "container_id": number, "key": "recount-this-one"}
    counting = ben.post(f"{stocktake}/recount", data=sent, follow_redirects=True)
    assert "To be counted again." in counting.text


def test_a_stocktake_is_cancelled_after_a_question(installation: Installation, ben: PageClient, room: int) -> None:
    stand(installation, room, "Toluene")
    stocktake = start(ben, room)
    ben.submit(f"{stocktake}/rest?result=as_expected", "form:has(footer)")
    overview = ben.submit(f"{stocktake}/cancel", "form:has(footer)")
    assert "Stocktake cancelled: nothing was written" in overview.text
    assert "Cancelled" in ben.soup(stocktake).text
    assert "Post the stocktake" not in ben.soup(stocktake).text
    assert "This stocktake is over." in ben.soup(f"{stocktake}/count").text


def test_the_report_is_passed_on(installation: Installation, ben: PageClient, room: int) -> None:
    stand(installation, room, "Toluene")
    answer = ben.get(f"{start(ben, room)}/report.csv")
    assert answer.mimetype == "text/csv"
    assert "Toluene" in answer.text


def test_what_is_due_is_started_with_one_press(installation: Installation, ben: PageClient, room: int) -> None:
    installation.as_user("ada").patch(f"/labs/curie/locations/{room}", json={"count_period_days": 30})
    overview = ben.soup("/reconcile/curie")
    row = next(form for form in overview.select("table form") if form.select_one(f'button[value="{room}"]'))
    assert "every" in overview.text.lower()
    sent = {field["name"]: field["value"] for field in row.select("input")} | {"location_id": str(room)}
    assert ben.post("/reconcile/curie/new", data=sent).status_code == 303
    again = ben.post("/reconcile/curie/new", data=sent | {"key": "another-key-1"})
    assert again.status_code == 409
    assert "A stocktake of this location is open already." in again.text
    assert "Go on counting" in ben.soup("/reconcile/curie").text


# ── locations ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ada_builds_the_tree(installation: Installation, ada: PageClient) -> None:
    page = ada.submit(
        "/reconcile/curie/locations/new", "form:has([name=kind])", name="West wing", count_period_days="90"
    )
    assert "West wing is added" in page.text
    wing = next(
        item
        for item in installation.as_user("ada").get("/labs/curie/locations").json()["items"]
        if item["name"] == "West wing"
    )
    assert (wing["kind"], wing["count_period_days"]) == ("building", 90)
    inside = f"/reconcile/curie/locations/new?inside={wing['id']}"
    form = ada.soup(inside)
    assert form.select_one("#kind option[selected]")["value"] == "room"  # type: ignore[index]
    again = ada.submit(inside, "form:has([name=kind])", name="Room W1", again="1")
    assert again.request.path == "/reconcile/curie/locations/new"
    assert f'value="{wing["id"]}" selected' in again.text
    twin = ada.submit(inside, "form:has([name=kind])", name="room w1")
    assert twin.status_code == 409
    assert "There is a location of this name here already" in twin.text
    bad = ada.submit(inside, "form:has([name=kind])", name="Room W2", count_period_days="often")
    assert bad.status_code == 422
    assert "Write a whole number." in bad.text
    assert 'value="often"' in bad.text
    there = f"/reconcile/curie/locations/{wing['id']}"
    edit = f"{there}/edit"
    assert "West wing" not in [option.text for option in ada.soup(edit).select("#parent_id option")]
    moved = ada.submit(edit, "form:has([name=kind])", name="East wing", count_period_days="")
    assert "East wing is changed" in moved.text
    gone = ada.submit(f"{there}/archive", "form:has(footer)")
    assert "East wing" not in [link.text for link in gone_links(gone)]
    archived = ada.soup("/reconcile/curie/locations?archived=1")
    assert "East wing" in archived.text
    back = ada.submit("/reconcile/curie/locations?archived=1", f'form[action="{there}/archive"]')
    assert "Brought back" in back.text


def gone_links(answer: Any) -> Any:
    from bs4 import BeautifulSoup

    return BeautifulSoup(answer.text, "html.parser").select(".ct-tree .name")


def test_an_occupied_location_is_not_archived(installation: Installation, ada: PageClient, room: int) -> None:
    stand(installation, room, "Toluene")
    there = f"/reconcile/curie/locations/{room}"
    assert "can be archived when they have moved" in words(ada.soup(f"{there}/edit"))
    refused = ada.submit(f"{there}/archive", "form:has(footer)")
    assert refused.status_code == 409
    assert "Containers still stand in this location: 1." in refused.text


def test_others_see_the_tree_and_do_not_keep_it(installation: Installation, room: int) -> None:
    for name in ("ben", "cleo"):
        client = installation.page("reconcile", name)
        page = client.soup("/reconcile/curie/locations")
        assert f"l{room}" in str(page)
        assert "Add" not in page.select_one("main").text  # type: ignore[union-attr]
        for path in ("new", f"{room}/edit", f"{room}/archive"):
            assert client.get(f"/reconcile/curie/locations/{path}").status_code == 403


def test_an_empty_lab_offers_the_first_building(installation: Installation) -> None:
    eve, ben = installation.page("reconcile", "eve"), installation.page("reconcile", "ben")
    assert "Make the first building" in eve.soup("/reconcile/hodgkin/locations").text
    assert "Make the first building" not in ben.soup("/reconcile/hodgkin/locations").text
    assert "Nothing was counted yet" in eve.soup("/reconcile/hodgkin").text
    assert "This lab has no locations yet" in eve.soup("/reconcile/hodgkin/new").text


def test_cleo_looks_and_is_offered_no_counting(installation: Installation, ben: PageClient, room: int) -> None:
    stand(installation, room, "Toluene")
    stocktake = start(ben, room)
    cleo = installation.page("reconcile", "cleo")
    for page in (cleo.soup("/reconcile/curie"), cleo.soup(stocktake), cleo.soup(f"{stocktake}?state=not_counted")):
        main = page.select_one("main")
        assert main is not None
        assert not main.select("button, form[method=post] button, a[href*='/count'], a[href$='/post'], a[href$='/new']")
    for path in ("count", "locations", "rest", "post", "cancel"):
        assert cleo.get(f"{stocktake}/{path}").status_code == 403
    assert cleo.get("/reconcile/curie/new").status_code == 403


@pytest.mark.parametrize("who", ["eve", "root"])
def test_strangers_find_nothing(installation: Installation, ben: PageClient, room: int, who: str) -> None:
    stocktake = start(ben, room)
    client = installation.page("reconcile", who)
    for path in (
        "/reconcile/curie",
        stocktake,
        f"{stocktake}/count",
        f"{stocktake}/report.csv",
        "/reconcile/curie/locations",
    ):
        assert client.get(path).status_code == 404
    if who == "eve":
        own = stocktake.replace("curie", "hodgkin")
        for path in (own, f"{own}/count", f"{own}/post", f"{own}/report.csv"):
            assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["0", "9" * 30, "x", "1/count/x", "locations/0", "locations/x"])
def test_addresses_of_nothing_are_not_found(ben: PageClient, path: str) -> None:
    assert ben.get(f"/reconcile/curie/{path}").status_code == 404


def test_the_location_that_another_page_led_here_for_is_offered_first(
    ben: PageClient, installation: Installation, room: int
) -> None:
    stand(installation, room, "Waiting salt")
    first = ben.soup(f"/reconcile/curie/new?location={room}").select("button[name=location_id]")[0]
    assert (first["value"], first.text.startswith("Count Room")) == (str(room), True)
    for nowhere in ("", "0", "x", "99999999", "9" * 30):
        assert ben.soup(f"/reconcile/curie/new?location={nowhere}").select("button[name=location_id]")[0]["value"] == ""


def test_a_blind_stocktake_shows_nothing_that_is_expected(
    installation: Installation, ben: PageClient, room: int
) -> None:
    barcode = stand(installation, room, "Toluene", "855", "mL")
    choice = "form:has(button[name=location_id])"
    started = ben.submit("/reconcile/curie/new", choice, follow=False, blind="1", location_id=str(room))
    counting = path_of(started)
    for path in (counting, f"{counting}?scan={barcode}", f"{counting}?quick=1"):
        page = ben.soup(path)
        assert "Counted blind" in words(page)
        assert "855" not in words(page)
        assert "xpected" not in words(page)
    done = ben.soup(
        path_of(ben.submit(f"{counting}?scan={barcode}", "#count-form", follow=False, amount="855", result="counted"))
    )
    assert "855 mL" in words(done)
    assert "xpected" not in words(done)
    assert "xpected" not in words(ben.soup(f"{counting}?show=counted"))
    assert "Matched" in ben.soup(counting.removesuffix("/count")).text


def test_a_part_of_a_room_is_counted_by_its_own_tolerance(
    installation: Installation, ada: PageClient, ben: PageClient, room: int
) -> None:
    stand(installation, room, "Toluene")
    choice = "form:has(button[name=location_id])"
    how: dict[str, Any] = {
        "location_id": str(room),
        "sample_percent": "99",
        "not_counted_days": "90",
        "dangerous_only": "1",
    }
    refused = ada.submit("/reconcile/curie/new", choice, **(how | {"sample_percent": "100", "tolerance_amount": "7"}))
    assert refused.status_code == 422
    assert "aria-invalid" in refused.text
    assert 'value="7"' in refused.text
    stocktake = path_of(ada.submit("/reconcile/curie/new", choice, follow=False, **how)).removesuffix("/count")
    assert "a random 99 % · not counted for 90 days · danger or hazards not known" in words(
        ada.soup("/reconcile/curie")
    )
    assert "Off means more than 5 % and more than 5 g or 5 mL" in words(ada.soup(stocktake))
    assert "A manager can choose another tolerance" in words(ben.soup("/reconcile/curie/new"))
    assert "tolerance_percent" not in str(ben.soup("/reconcile/curie/new"))
