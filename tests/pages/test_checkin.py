"""Receive a purchase, page by page and without a script: nothing typed is lost on the way."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from tests.installation import Installation, PageClient, fields_of, words

FORM = "#work form"


@pytest.fixture(scope="module", autouse=True)
def shelf(installation: Installation) -> int:
    """Curie lab has a room, acetonitrile with one bottle, and ethanol; hodgkin has lysozyme."""
    ada, eve = installation.as_user("ada"), installation.as_user("eve")
    room = ada.post("/labs/curie/locations", json={"kind": "room", "name": "Room 2.14"}).json()["id"]
    for name, cas_number in (("Acetonitrile", "75-05-8"), ("Ethanol", "64-17-5")):
        chemical = {"name": name, "cas_number": cas_number, "pictograms": ["GHS02"], "signal_word": "Danger"}
        assert ada.post("/labs/curie/chemicals", json=chemical).status_code == 201
    line = {"chemical_id": 1, "pack_size": "2.5 L", "location_id": room, "barcodes": ["ACN-1"]}
    assert ada.post("/labs/curie/deliveries", json={"supplier": "VWR", "lines": [line]}).status_code == 201
    assert eve.post("/labs/hodgkin/chemicals", json={"name": "Lysozyme"}).status_code == 201
    return int(room)


def parse(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def step(client: PageClient, page: Tag, status: Any = 200, **values: Any) -> BeautifulSoup:
    """Send the form of `page` as it stands, with `values` typed into it and the button among them pressed."""
    form = page.select_one(FORM)
    assert form is not None
    fields = fields_of(form)
    for name, value in values.items():
        name = name.replace("__", "-")
        assert form.select_one(f'[name="{name}"]'), f"there is no field {name}"
        fields[name] = value if isinstance(value, list) else [value]
    answer = client.post("/checkin/curie", data=fields, follow_redirects=True)
    assert answer.status_code == status, answer.text
    return parse(answer.text)


def value(page: Tag, name: str) -> str:
    """The value of a field."""
    form = page.select_one(FORM)
    assert form is not None
    [one] = fields_of(form)[name]
    return str(one)


def titles(page: Tag) -> list[str]:
    """The lines of the delivery."""
    return [heading.get_text(strip=True) for heading in page.select("h2[id^=line-]")]


def said(page: Tag) -> str:
    state = page.select_one(".ct-scan-state")
    assert state is not None
    return state.get_text(" ", strip=True)


def deliveries(installation: Installation) -> list[dict[str, Any]]:
    return list(installation.as_user("ada").get("/labs/curie/deliveries", params={"limit": "200"}).json()["items"])


def test_ben_receives_a_delivery_of_a_known_and_a_new_chemical(installation: Installation, shelf: int) -> None:
    ben = installation.page("checkin", "ben")
    page = ben.soup("/checkin/curie")
    page = step(ben, page, scan="aceto", act="find", order_number="4500123", supplier="Sigma-Aldrich")
    assert "Acetonitrile" in page.select_one("#found").get_text()  # type: ignore[union-attr]
    page = step(ben, page, add="1")
    assert titles(page) == ["Acetonitrile"]
    # Size and location are proposed as they were for the last bottle.
    assert value(page, "lines-0-pack-amount") == "2.5"
    assert value(page, "lines-0-pack-unit") == "L"
    assert value(page, "lines-0-location_id") == str(shelf)
    page = step(ben, page, scan="109-99-9", act="find", lines__0__count="4", lines__0__lot="SHBQ4471")
    assert "is not known here" in said(page)
    page = step(ben, page, add="new")
    assert value(page, "lines-1-chemical-cas_number") == "109-99-9"
    assert value(page, "lines-1-chemical-name") == "Tetrahydrofuran"
    assert "Flammable" in str(page.select_one("#known-1"))
    page = step(ben, page, act="print", lines__1__amount="1", lines__1__unit="L")

    assert page.h1 is not None
    assert page.h1.get_text() == "5 containers received"
    assert "5 containers received" in page.select_one("#ct-toasts").get_text()  # type: ignore[union-attr]
    assert "order 4500123" in words(page)
    latest = deliveries(installation)[0]
    assert latest["supplier"] == "Sigma-Aldrich"
    assert [(one["name"], one["containers"]) for one in latest["chemicals"]] == [
        ("Acetonitrile", 4),
        ("Tetrahydrofuran", 1),
    ]
    found = installation.as_user("ada").get(f"/labs/curie/deliveries/{latest['id']}").json()["items"]
    assert {one["lot"] for one in found} == {"SHBQ4471", None}
    assert [code.get_text() for code in page.select("td .ct-code")] == [one["barcode"] for one in found]


def test_printing_follows_by_itself_and_only_where_it_was_asked_for(installation: Installation) -> None:
    ben = installation.page("checkin", "ben")
    for act, refreshed in (("print", True), ("receive", False)):
        page = step(ben, ben.soup("/checkin/curie?chemical=1"), act="find")
        form = page.select_one(FORM)
        assert form is not None
        answer = ben.post("/checkin/curie", data=fields_of(form) | {"act": [act]})
        assert answer.status_code == 303
        shown = ben.get(answer.headers["Location"])
        assert shown.status_code == 200
        if refreshed:
            _, _, where = shown.headers["Refresh"].partition("url=")
            assert ben.get(where).headers["Content-Disposition"].startswith("attachment")
        assert ("labels.pdf" in shown.headers.get("Refresh", "")) is refreshed


def test_labels_are_of_the_deliverys_containers(installation: Installation) -> None:
    ben = installation.page("checkin", "ben")
    latest = deliveries(installation)[0]["id"]
    answer = ben.get(f"/checkin/curie/received/{latest}/labels.pdf")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_a_refused_delivery_keeps_what_was_typed_and_says_what_is_wrong(installation: Installation) -> None:
    before = len(deliveries(installation))
    ben = installation.page("checkin", "ben")
    page = step(ben, ben.soup("/checkin/curie?chemical=1&chemical=2"), act="find")
    typed = {
        "lines__0__amount": "1,5",
        "lines__0__unit": "L",
        "lines__0__price": "12",
        "lines__0__currency": "E",
        "lines__1__scans": "1",
        "lines__1__barcodes": "NEW-1\nACN-1\nbad code",
        "lines__1__lot": "L-77",
        "order_number": "4500999",
    }
    page = step(ben, page, 422, act="print", **typed)
    wrong = {str(field["name"]) for field in page.select("[aria-invalid=true]")}
    assert wrong == {"lines-0-amount", "lines-0-price", "lines-1-amount", "lines-1-barcodes"}
    assert "Write the decimal point as a point: 1.5" in page.get_text()
    assert "Nothing was received." in words(page.select_one(".ct-act"))
    for name, sent in typed.items():
        assert value(page, name.replace("__", "-")) == sent
    page = step(
        ben,
        page,
        409,
        act="print",
        lines__0__amount="",
        lines__0__price="",
        lines__1__amount_unknown="1",
        lines__1__count="2",
        lines__1__barcodes="NEW-1\nACN-1",
    )
    assert "ACN-1 is on another container of the lab." in page.get_text()
    assert len(deliveries(installation)) == before
    page = step(ben, page, act="print", lines__1__barcodes="NEW-1")
    assert "3 containers received" in page.get_text()


def test_codes_are_scanned_onto_the_containers_of_the_last_line(installation: Installation) -> None:
    ben = installation.page("checkin", "ben")
    page = step(ben, ben.soup("/checkin/curie?chemical=1"), act="find", lines__0__count="2", lines__0__scans="1")
    page = step(ben, page, scan="S-1", act="find")
    assert said(page) == "S-1 is barcode 1 of 2."
    page = step(ben, page, scan="S-1", act="find")
    assert said(page) == "S-1 is in this delivery already."
    page = step(ben, page, scan="ACN-1", act="find")
    assert said(page) == "ACN-1 is on another container of the lab."
    page = step(ben, page, scan="S-2", act="find")
    assert value(page, "lines-0-barcodes") == "S-1\nS-2"
    page = step(ben, page, scan="S-3", act="find")  # all containers have a barcode, so this may be a new bottle
    assert "is not known here" in said(page)
    page = step(ben, page, act="receive")
    assert {code.get_text() for code in page.select("td .ct-code")} == {"S-1", "S-2"}


def test_a_code_that_nobody_asked_for_can_be_given_to_a_container(installation: Installation) -> None:
    ben = installation.page("checkin", "ben")
    page = step(ben, ben.soup("/checkin/curie?chemical=1"), scan="LOOSE-1", act="find")
    page = step(ben, page, attach="0")
    assert value(page, "lines-0-barcodes") == "LOOSE-1"
    assert value(page, "lines-0-scans") == "1"


def test_a_code_scanned_elsewhere_waits_for_its_chemical(installation: Installation) -> None:
    ben = installation.page("checkin", "ben")
    page = ben.soup("/checkin/curie?barcode=WAIT-1")
    assert "WAIT-1 is on no container here yet." in page.get_text()
    page = step(ben, page, scan="Ethanol", act="find")
    assert titles(page) == ["Ethanol"]
    assert value(page, "lines-0-barcodes") == "WAIT-1"
    assert "is on no container here yet" not in page.get_text()
    assert "WAIT" not in str(ben.soup("/checkin/curie?barcode=<script>").select_one("#work"))


def test_what_was_searched_elsewhere_is_found_or_listed_here(installation: Installation) -> None:
    ben = installation.page("checkin", "ben")
    assert titles(ben.soup("/checkin/curie?q=Ethanol")) == ["Ethanol"]
    page = step(ben, ben.soup("/checkin/curie?q=Unobtainium"), add="new")
    assert titles(page) == ["Unobtainium"]


def test_enter_takes_the_chemical_of_that_name_also_where_others_contain_it(installation: Installation) -> None:
    for name in ("Picoline", "4-Aminopicoline"):
        installation.as_user("ada").post("/labs/curie/chemicals", json={"name": name})
    ben = installation.page("checkin", "ben")
    options = ben.soup("/checkin/curie/find?scan=picoline").select("[role=option]")
    assert [words(option).startswith("Picoline") for option in options] == [
        bool(option.get("data-only")) for option in options
    ]
    assert len(options) == 2
    page = step(ben, ben.soup("/checkin/curie"), scan="picoline", act="find")
    assert titles(page) == ["Picoline"]


def test_a_bottle_that_is_here_already_is_one_more_of_the_same(installation: Installation) -> None:
    ben = installation.page("checkin", "ben")
    page = step(ben, ben.soup("/checkin/curie"), scan="ACN-1", act="find")
    assert titles(page) == ["Acetonitrile"]


def test_lines_come_and_go_and_the_others_keep_what_was_typed(installation: Installation) -> None:
    ben = installation.page("checkin", "ben")
    page = step(ben, ben.soup("/checkin/curie?chemical=1&chemical=2"), act="find", lines__1__lot="KEEP")
    page = step(ben, page, remove="0")
    assert titles(page) == ["Ethanol"]
    assert value(page, "lines-0-lot") == "KEEP"
    page = step(ben, page, remove="0")
    assert "Nothing to receive yet" in page.get_text()


def test_a_new_chemical_that_the_lab_lists_already_can_be_received_as_that(installation: Installation) -> None:
    ben = installation.page("checkin", "ben")
    page = step(ben, ben.soup("/checkin/curie"), add="new")
    page = step(ben, page, act="find", **{"lines__0__chemical-cas_number": "64-17-5"})
    assert "Ethanol is listed here with this CAS RN." in page.get_text()
    page = step(ben, page, list_as="0:2")
    assert titles(page) == ["Ethanol"]


def test_htmx_gets_only_parts_of_the_page(installation: Installation) -> None:
    ben = installation.page("checkin", "ben")
    htmx = {"HX-Request": "true"}
    found = ben.get("/checkin/curie/find?scan=etha", headers=htmx)
    assert "Ethanol" in found.text
    assert "<html" not in found.text
    assert ben.get("/checkin/curie/find?scan=", headers=htmx).text.strip() == ""
    known = ben.get("/checkin/curie/known?line=3&lines-3-chemical-cas_number=67-64-1", headers=htmx)
    assert "Acetone" in known.text
    assert 'name="lines-3-chemical-fill_in"' in known.text
    assert ben.get("/checkin/curie/known", headers=htmx).status_code == 400
    form = ben.soup("/checkin/curie?chemical=1").select_one(FORM)
    assert form is not None
    answer = ben.post("/checkin/curie", data=fields_of(form) | {"act": ["find"]}, headers=htmx)
    assert answer.text.lstrip().startswith('<div id="work">')
    answer = ben.post("/checkin/curie", data=fields_of(form) | {"act": ["receive"]}, headers=htmx)
    assert answer.status_code == 204
    assert "/checkin/curie/received/" in answer.headers["HX-Redirect"]


@pytest.mark.parametrize(
    "sent",
    [
        {"remove": "9"},
        {"remove": "x"},
        {"attach": "-1"},
        {"list_as": ""},
        {"add": "9" * 30},
        {"add": "new", "called": "<script>alert(1)</script>"},
        {"scan": "x" * 5000},
        {"scan": "\x00"},
        {"lines-0-chemical_id": "abc", "act": "receive"},
        {"lines-0-chemical_id": "9" * 19, "act": "receive"},
        {"lines-0-chemical_id": "²", "lines-0-count": "²", "act": "receive"},
        {"lines-9999-count": "1", "lines-x-count": "1", "act": "find"},
        {"act": "receive"},
        {"pending": "<script>alert(1)</script>", "add": "1"},
        {"received_on": "2199-01-01", "lines-0-chemical_id": "1", "lines-0-amount": "1 g", "act": "receive"},
    ],
)
def test_a_form_that_was_tampered_with_is_refused_with_a_sentence(
    installation: Installation, sent: dict[str, str]
) -> None:
    before = len(deliveries(installation))
    ben = installation.page("checkin", "ben")
    form = ben.soup("/checkin/curie").select_one(FORM)
    assert form is not None
    answer = ben.post("/checkin/curie", data=fields_of(form) | {name: [value] for name, value in sent.items()})
    assert answer.status_code in (200, 400, 404, 409, 422), answer.text
    assert "<script>alert" not in answer.text
    assert len(deliveries(installation)) == before


def test_another_labs_chemical_adds_no_line(installation: Installation) -> None:
    [theirs] = installation.as_user("eve").get("/labs/hodgkin/chemicals", params={"q": "lysozyme"}).json()["items"]
    ben = installation.page("checkin", "ben")
    for chemical in (theirs["id"], 2**62):
        page = ben.soup(f"/checkin/curie?chemical={chemical}")
        assert titles(page) == []
        assert "it may be another lab's" in said(page).replace("’", "'")
        assert "Lysozyme" not in page.get_text()


def test_viewers_look_at_what_came_and_receive_nothing(installation: Installation) -> None:
    cleo = installation.page("checkin", "cleo")
    assert cleo.get("/checkin/curie").status_code == 403
    page = cleo.soup("/checkin/curie/received")
    assert "Acetonitrile" in page.get_text()
    assert not page.select('a[href="/checkin/curie"]')
    latest = deliveries(installation)[0]["id"]
    assert not cleo.soup(f"/checkin/curie/received/{latest}").select('a[href="/checkin/curie"]')


@pytest.mark.parametrize(
    "path", ["", "/received", "/received/1", "/received/1/labels.pdf", "/find?scan=a", "/known?lines-0-lot=1"]
)
def test_strangers_and_the_signed_out_see_nothing(installation: Installation, path: str) -> None:
    assert installation.page("checkin", "eve").get(f"/checkin/curie{path}").status_code == 404
    assert "/login" in installation.page("checkin").get(f"/checkin/curie{path}").headers["Location"]


def test_deliveries_are_paged(installation: Installation) -> None:
    ada = installation.as_user("ada")
    for _ in range(55):
        ada.post("/labs/curie/deliveries", json={"lines": [{"chemical_id": 1, "amount": "1 g"}]})
    ben = installation.page("checkin", "ben")
    page = ben.soup("/checkin/curie/received")
    assert len(page.select("tbody tr")) == 50
    following = page.select_one("a[rel=next]")
    assert following is not None
    assert len(ben.soup(str(following["href"])).select("tbody tr")) == len(deliveries(installation)) - 50
    assert ben.get("/checkin/curie/received?cursor=nonsense").status_code == 422
