"""The pages of chemicals: the list, one chemical, its form, containers and labels; with the real API and database."""

import csv
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from psycopg.types.json import Jsonb
from werkzeug.test import TestResponse

from pages.chemicals.forms import codes_of
from pages.common.words import UNITS
from tests.installation import Installation, PageClient, fields_of, words
from tests.sql.shelf import shelf

FORM = "form#chemical"
RECEIVE = "SELECT container_id FROM inventory.receive('{}', %s)"


@pytest.fixture(scope="module")
def ids(installation: Installation) -> dict[str, int]:
    """Curie has THF in two containers, one of them with Ben; salt, of which nothing is known; hodgkin has lysozyme."""
    ada, eve = installation.as_user("ada"), installation.as_user("eve")
    thf = {
        "name": "Tetrahydrofuran",
        "synonyms": ["THF"],
        "cas_number": "109-99-9",
        "formula": "C4H8O",
        "physical_state": "liquid",
        "pictograms": ["GHS02", "GHS07"],
        "signal_word": "Danger",
        "h_statements": ["H225", "EUH019"],
        "p_statements": ["P210"],
        "low_stock_amount": "5",
        "low_stock_unit": "L",
        "sds_url": "https://example.org/thf.pdf",
    }
    made = {
        "thf": ada.post("/labs/curie/chemicals", json=thf).json()["id"],
        "salt": ada.post("/labs/curie/chemicals", json={"name": "Table salt <b>"}).json()["id"],
        "lysozyme": eve.post("/labs/hodgkin/chemicals", json={"name": "Lysozyme"}).json()["id"],
    }
    with shelf(installation) as on:
        [[room]] = on.run("INSERT INTO inventory.locations (kind, name) VALUES ('room', 'Room 2.14') RETURNING id")
        lines = [
            {"chemical_id": made["thf"], "count": 1, "barcodes": [code], "amount": amount, "unit": "L",
             "container": {"unit": "L", "location_id": room, "pack_size": "2.5", "pack_unit": "L", "expires_on": day}}
            for code, amount, day in (("CT-A1", "1", "2020-01-01"), ("CT-A2", "2.5", None))
        ]  # fmt: skip
        rows = on.run(RECEIVE, Jsonb(lines))
        on.run(
            "UPDATE inventory.containers SET holder_id = (SELECT id FROM control.users WHERE username = 'ben') WHERE barcode = 'CT-A2'"
        )
    with shelf(installation, "eve", "hodgkin") as on:
        line = {
            "chemical_id": made["lysozyme"],
            "count": 1,
            "barcodes": ["H-1"],
            "amount": "50",
            "unit": "mg",
            "container": {"unit": "mg"},
        }
        [[eves]] = on.run(RECEIVE, Jsonb([line]))
    return made | {"room": room, "a1": rows[0][0], "a2": rows[1][0], "eves": eves}


def rows(soup: BeautifulSoup) -> list[str]:
    return [row.text.strip() for row in soup.select("#results tbody a.name")]


# -- the list -----------------------------------------------------------------------------------------------------


def test_the_list_shows_stock_hazards_and_what_is_urgent(installation: Installation, ids: dict[str, int]) -> None:
    soup = installation.page("chemicals", "ada").soup("/chemicals/curie")
    assert rows(soup) == ["Table salt <b>", "Tetrahydrofuran"]
    salt, thf = soup.select("#results tbody tr")
    assert "Not known" in salt.text
    assert "none" in words(salt.select_one("td.p1"))
    assert words(thf.select_one("td.p1")) == "3.5L"
    assert [image["alt"] for image in thf.select("img")] == ["Flammable", "Harmful or irritant"]
    assert words(thf.select_one("td.p3")) == "Expired"
    assert words(soup.select_one("#results [role=status]")) == "2 chemicals"
    assert soup.select_one("th[aria-sort=ascending]").text.strip() == "Name"  # type: ignore[union-attr]


def test_words_and_filters_narrow_the_list_and_can_be_taken_back(
    installation: Installation, ids: dict[str, int]
) -> None:
    client = installation.page("chemicals", "ada")
    soup = client.soup(
        "/chemicals/curie?q=tetra&hazard=GHS02&flag=low&molar_mass_from=40&molar_mass_to=&location=&state="
    )
    assert rows(soup) == ["Tetrahydrofuran"]
    chips = {words(chip).removesuffix(" "): chip.a["href"] for chip in soup.select(".ct-chip") if chip.a}
    assert chips == {
        "Hazard Flammable": "/chemicals/curie?q=tetra&molar_mass_from=40&flag=low",
        "Stock Low": "/chemicals/curie?q=tetra&molar_mass_from=40&hazard=GHS02",
        "Molar mass from 40 g/mol": "/chemicals/curie?q=tetra&hazard=GHS02&flag=low",
    }
    assert {str(box["value"]) for box in soup.select("input[form=find][type=checkbox][checked]")} == {"GHS02", "low"}
    assert rows(client.soup(f"/chemicals/curie?location={ids['room']}")) == ["Tetrahydrofuran"]
    assert words(client.soup(f"/chemicals/curie?location={ids['room']}").select_one(".ct-chip")) == "In Room 2.14"
    assert rows(client.soup("/chemicals/curie?hazard=unknown")) == ["Table salt <b>"]


def test_a_search_that_finds_nothing_offers_what_to_do(installation: Installation, ids: dict[str, int]) -> None:
    soup = installation.page("chemicals", "ben").soup("/chemicals/curie?q=67-64-1&flag=low")
    offered = {words(link): link["href"] for link in soup.select(".ct-empty a")}
    assert offered["Low"] == "/chemicals/curie?q=67-64-1"
    assert offered["Receive it"] == "/checkin/curie?q=67-64-1"
    assert offered["Add chemical"] == "/chemicals/curie/new?q=67-64-1"
    cleo = installation.page("chemicals", "cleo").soup("/chemicals/curie?q=nowhere")
    assert "Receive" not in cleo.select_one(".ct-empty").text  # type: ignore[union-attr]


def test_a_filter_that_cannot_be_is_left_out_with_a_sentence(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ada")
    soup = client.soup("/chemicals/curie?molar_mass_from=1,5&h_code=nonsense&q=tetra")
    assert rows(soup) == ["Tetrahydrofuran"]
    assert "Write a number, such as 2.5. This filter is left out." in [words(note) for note in soup.select(".ct-note")]
    assert rows(client.soup("/chemicals/curie?cursor=broken"))
    assert rows(client.soup("/chemicals/curie?location=x&state=plasma&hazard=GHS99&sort=weight&nonsense=1"))


def test_a_scanned_barcode_leads_to_its_container(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "cleo")
    answer = client.get("/chemicals/curie?q=ct-a1")
    assert answer.location == "/C/curie/CT-A1"
    answer = client.get(answer.location)
    assert answer.location == f"/chemicals/curie/{ids['thf']}?container={ids['a1']}"
    soup = client.soup(answer.location)
    assert "Container CT-A1" in words(soup.select_one(".ct-chosen"))
    assert words(soup.select_one("tr[aria-selected=true] .k1")) == "CT-A1"
    for address in ("/C/CURIE/CT-A1", "/c/Curie/ct-a1"):  # addresses on labels are in capitals
        assert client.get(address).location == f"/chemicals/curie/{ids['thf']}?container={ids['a1']}"
    assert client.get("/C/HODGKIN/H-1").status_code == 404
    assert client.get("/C/-/CT-A1").status_code == 404
    assert client.get("/C/curie/CT-NOWHERE").status_code == 404
    assert client.get("/C/curie/%00").status_code in (404, 422)


@pytest.mark.parametrize(
    ("control", "value", "comes"),
    [
        ("expires_before", "2020-01-02", True),
        ("expires_before", "2020-01-01", False),
        ("flag", "held", True),
        ("flag", "missing", False),
    ],
)
def test_expiry_and_holder_have_a_control(
    installation: Installation, ids: dict[str, int], control: str, value: str, comes: bool
) -> None:
    client = installation.page("chemicals", "cleo")
    fields = client.soup("/chemicals/curie").select(f'#filters [name="{control}"]')
    assert fields
    assert control == "expires_before" or value in [field["value"] for field in fields]
    found = client.soup(f"/chemicals/curie?{control}={value}")
    assert ("Tetrahydrofuran" in rows(found)) is comes
    assert "Table salt <b>" not in rows(found)
    field = found.select_one(f'#filters [name="{control}"][value="{value}"]')
    assert field is not None
    assert control == "expires_before" or field.has_attr("checked")


def heads(soup: BeautifulSoup) -> list[str]:
    return [words(head) for head in soup.select("#results th a")]


def test_columns_that_a_member_chose_are_there_on_each_device(installation: Installation, ids: dict[str, int]) -> None:
    form, usual = "form[action$='/columns']", heads(installation.page("chemicals", "ada").soup("/chemicals/curie"))
    try:
        installation.page("chemicals", "ben").submit("/chemicals/curie", form, column=["expiry", "stock"])
        elsewhere = installation.page("chemicals", "ben")
        assert heads(elsewhere.soup("/chemicals/curie")) == ["Name", "In stock", "Expires"]
        assert heads(installation.page("chemicals", "ada").soup("/chemicals/curie")) == usual
        assert heads(elsewhere.soup("/chemicals/hodgkin")) == usual
        elsewhere.submit("/chemicals/curie", form, column=[])
        assert heads(installation.page("chemicals", "ben").soup("/chemicals/curie")) == ["Name"]
    finally:
        installation.psql("DELETE FROM inventory.list_columns", lab="curie")


def test_columns_are_chosen_and_kept_for_whom_chose_them(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "cleo")
    usual = ["Name", "CAS RN", "Hazards", "In stock", "Containers", "Location", "Attention"]
    assert heads(client.soup("/chemicals/curie")) == usual
    form = "form[action$='/columns']"
    answer = client.submit("/chemicals/curie?q=tetra", form, column=["expiry", "state", "stock", "nonsense"])
    soup = BeautifulSoup(answer.text, "html.parser")
    assert heads(soup) == ["Name", "In stock", "Physical state", "Expires"]
    assert rows(soup) == ["Tetrahydrofuran"]
    assert words(soup.select_one("#results tbody tr")).endswith("Liquid1 Jan 20")
    assert {str(box["value"]) for box in soup.select(f"{form} input[checked]")} == {"stock", "state", "expiry"}
    assert heads(client.soup("/chemicals/curie?sort=-containers")) == [*heads(soup)[:2], "Containers", *heads(soup)[2:]]
    # Somebody else who signs in with the same browser has their own.
    [kept] = [cookie for cookie in (client._cookies or {}).values() if cookie.key.startswith("columns-")]
    other = installation.page("chemicals", "ada")
    other.set_cookie(kept.key, kept.value, path=kept.path)
    assert heads(other.soup("/chemicals/curie")) == usual
    assert client.submit("/chemicals/curie", form, column=[]).status_code == 200
    assert heads(client.soup("/chemicals/curie")) == ["Name"]


def test_columns_are_kept_where_no_script_reads_them(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "cleo")
    token = client.soup("/chemicals/curie").select_one("form[action$='/columns'] [name=csrf_token]")["value"]  # type: ignore[index]
    answer = client.post(
        "/chemicals/curie/columns", data={"csrf_token": token, "column": "stock", "next": "https://evil.example"}
    )
    assert answer.location == "/chemicals/curie"
    assert {"HttpOnly", "SameSite=Lax", "Path=/chemicals/curie"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert client.post("/chemicals/curie/columns", data={"column": "stock"}).status_code == 400
    assert installation.page("chemicals", "eve").post("/chemicals/curie/columns", data={}).status_code in (400, 404)


def test_a_script_asks_which_code_is_a_bottle(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "cleo")
    assert client.get("/chemicals/curie/scanned?code=99CT-A1&code=CT-A1").json == {
        "place": 1,
        "id": ids["a1"],
        "barcode": "CT-A1",
        "chemical_name": "Tetrahydrofuran",
    }
    assert client.get("/chemicals/curie/scanned?code=H-1&code=nothing").json is None  # another lab's is unknown here
    assert client.get("/chemicals/curie/scanned").status_code == 422
    assert client.get("/chemicals/hodgkin/scanned?code=H-1").status_code == 404


def test_htmx_gets_only_what_changes(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ada")
    typing = client.get(
        "/chemicals/curie?q=tetra&location=&molar_mass_from=", headers={"HX-Request": "true", "HX-Trigger": "q"}
    )
    assert typing.headers["HX-Replace-Url"] == "/chemicals/curie?q=tetra"
    assert "<html" not in typing.text
    [liquids] = BeautifulSoup(typing.text, "html.parser").select("#left-state-liquid")
    assert (liquids.text, liquids["hx-swap-oob"]) == ("1", "true")  # the numbers beside the filters follow the words
    filtering = client.get(
        f"/chemicals/curie?location={ids['room']}", headers={"HX-Request": "true", "HX-Trigger": "filters"}
    )
    assert filtering.headers["HX-Push-Url"] == f"/chemicals/curie?location={ids['room']}"
    assert 'id="locations"' in filtering.text
    scanning = client.get("/chemicals/curie?q=CT-A1", headers={"HX-Request": "true", "HX-Trigger": "q"})
    assert "/C/curie/CT-A1" in scanning.text  # offered, not jumped to: it may be half of another one


def test_a_new_lab_is_shown_three_doors(installation: Installation) -> None:
    installation.psql("INSERT INTO control.labs (slug, name) VALUES ('franklin', 'Franklin lab')")
    installation.psql(
        "INSERT INTO control.members (lab_id, user_id, role) SELECT l.id, u.id, r.role FROM control.labs l, control.users u,"
        " (VALUES ('ada', 'manager'), ('ben', 'member'), ('cleo', 'viewer')) AS r (name, role) WHERE l.slug = 'franklin' AND u.username = r.name"
    )
    soup = installation.page("chemicals", "ada").soup("/chemicals/franklin")
    assert words(soup.h1) == "Franklin lab has no chemicals yet"
    assert [door["href"] for door in soup.select(".ct-pick")] == [
        "/imports/franklin",
        "/checkin/franklin",
        "/chemicals/franklin/new",
    ]
    soup = installation.page("chemicals", "ben").soup("/chemicals/franklin")  # a member does not import
    assert [door["href"] for door in soup.select(".ct-pick")] == ["/checkin/franklin", "/chemicals/franklin/new"]
    assert installation.page("chemicals", "cleo").soup("/chemicals/franklin").select("a.ct-pick") == []


def test_pages_of_the_list_are_walked_with_words(
    installation: Installation, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pages.common import api

    get = api.get
    monkeypatch.setattr(api, "get", lambda path, /, **params: get(path, **params | {"limit": 1}))
    client = installation.page("chemicals", "ada")
    first = client.soup("/chemicals/curie")
    assert words(first.select_one(".ct-pager span")) == "Table salt <b>"
    second = client.soup(str(first.select_one("a[rel=next]")["href"]))  # type: ignore[index]
    assert rows(second) == ["Tetrahydrofuran"]
    assert rows(client.soup(str(second.select_one("a[rel=prev]")["href"]))) == ["Table salt <b>"]  # type: ignore[index]


def test_the_list_and_its_containers_are_downloaded(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "cleo")
    links = [str(link["href"]) for link in client.soup("/chemicals/curie?q=tetra&sort=-name").select("a[download]")]
    shown = "q=tetra&sort=-name&column=cas_number&column=hazards&column=stock&column=containers&column=location&column=attention"
    assert links == [
        f"/chemicals/curie/chemicals.csv?{shown}",
        f"/chemicals/curie/chemicals.xlsx?{shown}",
        "/chemicals/curie/chemicals.csv?q=tetra&sort=-name",
        "/chemicals/curie/chemicals.sdf?q=tetra&sort=-name",
        "/chemicals/curie/containers.csv?q=tetra&sort=-name",
        "/chemicals/curie/everything.xlsx",
        "/chemicals/curie/everything.zip",
    ]
    few, chemicals, containers = (
        list(csv.DictReader(io.StringIO(client.get(link).data.decode("utf-8-sig"))))
        for link in (links[0], links[2], links[4])
    )
    assert list(few[0]) == [
        "Name", "CAS RN", "Pictograms", "Signal word", "H statements", "In stock", "Containers", "Amounts not known", "Location", "Low",
        "Marked for deletion",
    ]  # fmt: skip
    assert client.get(links[1]).data.startswith(b"PK")
    assert client.get(links[3]).data.startswith(b"Tetrahydrofuran\n")
    assert [line["Name"] for line in chemicals] == ["Tetrahydrofuran"]
    assert [line["Barcode"] for line in containers] == ["CT-A1", "CT-A2"]


def act(soup: BeautifulSoup, word: str) -> tuple[str, dict[str, list[str]]]:
    """The address to which a button of the bar below the list leads, and the fields that it sends."""
    form = soup.select_one("form:has([data-chosen-bar])")
    assert form is not None
    [button] = [button for button in form.select("[data-chosen-bar] button") if word in button.text]
    return str(button.get("formaction") or form["action"]), fields_of(form)


def test_all_that_match_are_chosen_and_done_with_together(installation: Installation, ids: dict[str, int]) -> None:
    ben, history = installation.page("chemicals", "ben"), installation.page("history", "ben")
    with shelf(installation) as on:
        [[far]] = on.run("INSERT INTO inventory.locations (kind, name) VALUES ('room', 'Far room') RETURNING id")
        bottles = [on.add_container("1", "g", f"Zeta {number:02}") for number in range(60)]
        on.run("UPDATE inventory.containers SET location_id = %s WHERE id = ANY (%s)", far, bottles[:55])
    first = ben.soup("/chemicals/curie?q=zeta")
    assert first.select("#results tbody input[checked]") == []
    [everything] = first.select("[data-chosen-bar] a")
    assert words(everything) == "Choose all 60"
    soup = ben.soup(str(everything["href"]))
    assert len(soup.select("#results tbody input[checked]")) == 60
    assert soup.select("[data-chosen-bar] a") == []

    where, sent = act(ben.soup(f"/chemicals/curie?q=zeta&location={far}&chosen=all"), "Move")
    form = BeautifulSoup(history.get(where, query_string=sent).text, "html.parser")
    shown = fields_of(form.select_one("form#move"))  # type: ignore[arg-type]
    assert sorted(map(int, shown["container"])) == bottles[:55], "of a location only what stands there"
    answer = history.post(where, data=shown | {"act": "move", "to": str(ids["room"])})
    assert answer.location == f"/chemicals/curie?q=zeta&location={far}"
    [toast] = history.soup("/history/curie").select(".ct-toast form")
    undone = history.post(str(toast["action"]), data=fields_of(toast), follow_redirects=True)
    assert "Undone: 55 containers moved back" in undone.text
    assert len(rows(ben.soup(f"/chemicals/curie?location={far}&chosen=all"))) == 55

    where, sent = act(soup, "Mark")
    form = BeautifulSoup(installation.page("disposal", "ben").get(where, query_string=sent).text, "html.parser")
    assert len(form.select("form input[name=chemical]")) == 60
    where, sent = act(soup, "Export")
    sent["chemical"] = sent["chemical"][:2]
    file = ben.get(where, query_string=sent).data.decode("utf-8-sig")
    assert [line["Name"] for line in csv.DictReader(io.StringIO(file))] == ["Zeta 00", "Zeta 01"]
    assert (
        act(installation.page("chemicals", "cleo").soup("/chemicals/curie"), "Labels")[0] == "/chemicals/curie/labels"
    )
    with pytest.raises(ValueError, match="not enough"):
        act(installation.page("chemicals", "cleo").soup("/chemicals/curie"), "Move")


def test_containers_of_a_chemical_are_chosen_too(installation: Installation, ids: dict[str, int]) -> None:
    soup = installation.page("chemicals", "ben").soup(f"/chemicals/curie/{ids['thf']}")
    boxes = [str(box["value"]) for box in soup.select("tr[data-row] input[name=container]")]
    assert boxes == [str(ids["a1"]), str(ids["a2"])]
    assert act(soup, "Move")[0] == "/history/curie/move"
    assert act(soup, "Mark")[0] == "/disposal/curie/mark"


# -- one chemical -------------------------------------------------------------------------------------------------


def test_a_chemical_shows_hazards_in_words_and_its_containers(installation: Installation, ids: dict[str, int]) -> None:
    soup = installation.page("chemicals", "ben").soup(f"/chemicals/curie/{ids['thf']}")
    hazards, _, source = words(soup.select_one(".ct-hazside")).partition(" Entered by ")
    assert hazards == "Danger FlammableHarmful or irritant"
    assert source.startswith("Ada Lind on ")
    assert "H225Highly flammable liquid and vapour." in words(soup.select_one(".ct-dl"))
    first, second = soup.select("table.k2 tbody tr")
    assert "Expired" in first.text
    assert first.select_one("svg.ct-level")["aria-label"] == "40 % left"  # type: ignore[index]
    assert "with Ben since today" in words(second)
    assert "3.5 L in stock, below the reorder point" in words(soup)
    assert "Ada received 2.5L" in words(soup.select_one("ol.ct-line"))
    assert soup.select_one('a[href="https://example.org/thf.pdf"]')["rel"] == ["noreferrer", "noopener"]  # type: ignore[index]


def test_unknown_hazards_are_a_state_that_one_sees(installation: Installation, ids: dict[str, int]) -> None:
    soup = installation.page("chemicals", "ben").soup(f"/chemicals/curie/{ids['salt']}")
    assert words(soup.h1) == "Table salt <b>"
    assert "Hazards not known" in words(soup.select_one(".ct-unknown"))
    assert soup.select_one(f'.ct-unknown a[href="/chemicals/curie/{ids["salt"]}/edit#hazards"]')


def test_a_viewer_is_offered_nothing_that_writes(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "cleo")
    for path in ("", f"/{ids['thf']}", f"/{ids['thf']}?container={ids['a1']}", f"/containers/{ids['a1']}"):
        soup = client.soup(f"/chemicals/curie{path}")
        offered = {str(link.get("href") or link.get("formaction")) for link in soup.select("main a, main button")}
        assert not [
            link
            for link in offered
            if "/checkout/" in link or "/checkin/" in link or "/edit" in link or link.endswith("/new")
        ]
        assert not [link for link in offered if "/disposal/curie/" in link]
    for path in ("new", f"{ids['thf']}/edit", f"containers/{ids['a1']}/edit"):
        assert client.get(f"/chemicals/curie/{path}").status_code == 403


@pytest.mark.parametrize("who", ["eve", "root"])
def test_a_stranger_finds_nothing_here(installation: Installation, ids: dict[str, int], who: str) -> None:
    client = installation.page("chemicals", who)
    for path in (
        "/chemicals/curie", f"/chemicals/curie/{ids['thf']}", f"/chemicals/curie/containers/{ids['a1']}", "/C/curie/CT-A1",
        "/chemicals/curie/chemicals.csv", f"/chemicals/curie/labels?container={ids['a1']}", f"/chemicals/curie/labels.pdf?container={ids['a1']}",
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert "Tetrahydrofuran" not in answer.text


def test_ben_does_not_find_hodgkins_by_an_id_in_curie(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ben")
    for path in (f"{ids['lysozyme']}", f"containers/{ids['eves']}", f"labels?container={ids['eves']}", str(10**30)):
        assert client.get(f"/chemicals/curie/{path}").status_code in (404, 422)


# -- adding and editing -------------------------------------------------------------------------------------------


def test_ada_adds_a_chemical(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ada")
    unit: dict[str, Any] = {"low_stock_amount-unit": "mL"}
    answer = client.submit(
        "/chemicals/curie/new", FORM, name="Benzaldehyde", synonyms="Bitter almond oil\n\n benzenecarbaldehyde ", cas_number="100-52-7",
        formula="C7H6O", hazards="classified", pictograms=["GHS07", "GHS08"], signal_word="Warning", h_statements="h302, H332 + H312",
        p_statements="P280", flash_point_celsius="63", boiling_point_celsius="−178", notes="Goes to benzoic acid\nin air",
        low_stock_amount="100", **unit,
    )  # fmt: skip
    assert answer.status_code == 200
    soup = BeautifulSoup(answer.text, "html.parser")
    assert words(soup.h1) == "Benzaldehyde"
    assert "Benzaldehyde is listed" in soup.select_one("#ct-toasts").text  # type: ignore[union-attr]
    page = words(soup.main)
    for said in (
        "Bitter almond oil, benzenecarbaldehyde",
        "106.12",
        "63 °C",
        "−178 °C",
        "H312+H332",
        "100mL",
        "Goes to benzoic acid",
    ):
        assert said in page, said


def test_an_edit_starts_from_what_is_there_and_changes_only_what_was_typed(
    installation: Installation, ids: dict[str, int]
) -> None:
    ada, path = installation.as_user("ada"), f"/labs/curie/chemicals/{ids['thf']}"
    before = ada.get(path).json()
    client = installation.page("chemicals", "ada")
    assert client.submit(f"/chemicals/curie/{ids['thf']}/edit", FORM).status_code == 200
    unchanged = ada.get(path).json()
    moving = ("changed_at", "changed_by_name", "version")
    assert {name: value for name, value in unchanged.items() if name not in moving} == {
        name: value for name, value in before.items() if name not in moving
    }
    client.submit(f"/chemicals/curie/{ids['thf']}/edit", FORM, hazards="none", low_stock_amount="")
    changed = ada.get(path).json()
    assert (changed["pictograms"], changed["signal_word"], changed["h_statements"], changed["low_stock_unit"]) == (
        [],
        None,
        [],
        None,
    )
    client.submit(f"/chemicals/curie/{ids['thf']}/edit", FORM, hazards="unknown")
    assert ada.get(path).json()["pictograms"] is None
    given = {"pictograms": before["pictograms"], "signal_word": "Danger", "h_statements": ["H225", "EUH019"]}
    ada.patch(path, json=given | {"low_stock_amount": "5", "low_stock_unit": "L"})


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "This is needed."),
        ("cas_number", "109-99-8", "The check digit of 109-99 is 9. Did you mean 109-99-9?"),
        ("formula", "Xx2", None),
        ("molar_mass_g_per_mol", "heavy", "Write a number, such as 2.5."),
        ("flash_point_celsius", "-300", None),
        ("low_stock_amount", "1,5", "Write the decimal point as a point: 1.5"),
        ("sds_url", "ftp://x", "Write a web address that begins with https://."),
        ("inchikey", "short", None),
        ("synonyms", "x" * 301, "At most 300 characters."),
        ("notes", "x" * 5001, "At most 5000 characters."),
        ("h_statements", "H225 nonsense", "“nonsense” is not an H statement of the GHS. Write codes such as H225."),
        ("pictograms", None, "Choose a pictogram, or write an H statement. If there is none, choose “None”."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    installation: Installation, ids: dict[str, int], field: str, typed: str | None, sentence: str | None
) -> None:
    client, ada = installation.page("chemicals", "ada"), installation.as_user("ada")
    before = ada.get("/labs/curie/chemicals").json()["total"]
    kept = {"name": "Kept name", "notes": "Kept notes", "hazards": "classified", "pictograms": ["GHS07"]}
    answer = client.submit("/chemicals/curie/new", FORM, **kept | {field: typed})  # type: ignore[arg-type]
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.text, "html.parser")
    bad = soup.select_one("[aria-invalid=true]")
    assert bad is not None
    if field != "pictograms":
        assert bad["name"] == field
    said = soup.select_one(f"#{bad.get('aria-describedby') or 'hazards-error'}")
    assert sentence in (None, words(said))
    if field != "name":
        assert soup.select_one("#name")["value"] == "Kept name"  # type: ignore[index]
    if field != "notes":
        assert soup.select_one("#notes").text.strip() == "Kept notes"  # type: ignore[union-attr]
    assert ada.get("/labs/curie/chemicals").json()["total"] == before


def test_a_look_up_fills_in_what_is_empty_without_script(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ada")
    form = client.soup("/chemicals/curie/new").select_one(FORM)
    assert form is not None
    token = form.select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    answer = client.post(
        "/chemicals/curie/new",
        data={"csrf_token": token, "act": "look-up", "cas_number": "60-29-7", "name": "My ether", "hazards": "unknown"},
    )
    soup = BeautifulSoup(answer.text, "html.parser")
    assert soup.select_one("#name")["value"] == "My ether"  # type: ignore[index]
    assert soup.select_one("#formula")["value"] == "C4H10O"  # type: ignore[index]
    assert soup.select_one("[name=hazards][checked]")["value"] == "classified"  # type: ignore[index]
    assert "Filled in from the reference of Diethyl ether" in words(soup.select_one("#looked-up"))
    broken = client.post("/chemicals/curie/new", data={"csrf_token": token, "act": "look-up", "cas_number": "60-29-8"})
    assert "Did you mean 60-29-7?" in broken.text


def test_a_look_up_says_what_the_reference_knows_and_from_where(
    installation: Installation, ids: dict[str, int]
) -> None:
    installation.psql(
        """UPDATE reference.substances SET flash_point_celsius = -45, lower_explosion_limit_percent = 1.7, stel_ppm = 500, absorbed_by_skin = true,
           iarc_group = '3', iarc_agent = 'Ethers', ntp_listing = 'known',
           sources = '{"flash_point_celsius": "IEC", "stel_ppm": "ONTARIO", "iarc_group": "IARC"}' WHERE cas_number = '60-29-7'"""
    )
    client = installation.page("chemicals", "ada")
    token = client.soup("/chemicals/curie/new").select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    given = {"csrf_token": token, "act": "look-up", "cas_number": "60-29-7", "hazards": "unknown"}
    soup = BeautifulSoup(client.post("/chemicals/curie/new", data=given).text, "html.parser")
    assert soup.select_one("#flash_point_celsius")["value"] == "-45"  # type: ignore[index]
    facts = words(soup.select_one("#looked-up dl"))
    for fact in (
        "−45 °C IEC 60079-20-1",
        "from 1.7 %",
        "500 ppm (15 minutes), taken up by the skin Ontario",
        "group 3: Ethers IARC",
        "known to be",
    ):
        assert fact in facts, facts


def test_a_look_up_by_htmx_touches_only_what_was_empty(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ada")
    token = client.soup("/chemicals/curie/new").select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    given = {"cas_number": "109-99-9", "name": "", "formula": "C4H8O", "hazards": "none", "csrf_token": token}
    answer = client.post("/chemicals/curie/look-up", data=given, headers={"HX-Request": "true"})
    soup = BeautifulSoup(answer.text, "html.parser")
    filled = [str(field["id"]) for field in soup.select("[hx-swap-oob]")]
    assert "f-name" in filled
    assert "f-formula" not in filled
    assert "f-hazards" not in filled  # the user had chosen the hazards
    assert "Tetrahydrofuran has this CAS RN too." in words(soup)
    own = client.post("/chemicals/curie/look-up", data=given | {"listed": ids["thf"]}, headers={"HX-Request": "true"})
    assert "too." not in own.text
    half = client.post("/chemicals/curie/look-up", data=given | {"cas_number": "109-9"}, headers={"HX-Request": "true"})
    assert BeautifulSoup(half.text, "html.parser").text.strip() == ""
    wrong = client.post(
        "/chemicals/curie/look-up", data=given | {"cas_number": "109-99-8"}, headers={"HX-Request": "true"}
    )
    assert "Did you mean 109-99-9?" in wrong.text
    nobody = client.post(
        "/chemicals/curie/look-up", data=given | {"cas_number": "9999999-99-5"}, headers={"HX-Request": "true"}
    )
    assert "Nothing is known here of 9999999-99-5" in nobody.text


def test_a_substance_is_suggested_and_chosen_with_and_without_script(
    installation: Installation, ids: dict[str, int]
) -> None:
    client = installation.page("chemicals", "ada")
    for field, typed in (("name", "diethyl eth"), ("cas_number", "60-29"), ("smiles", "CCOCC"), ("name", "et2o")):
        options = client.soup(f"/chemicals/curie/substances?{field}={typed}").select("[role=option]")
        assert words(options[0]).startswith("Diethyl ether"), typed
        assert options[0]["value"] == f"{field}:60-29-7"
    listed = client.soup("/chemicals/curie/substances?name=tetrahydrofur").select_one("[role=option]")
    assert "is listed here" in words(listed)
    for nothing in ("name=x", "name=" + 201 * "x", "formula=C4H10O", "cas_number=60-29-7", ""):
        assert not client.soup(f"/chemicals/curie/substances?{nothing}").select("[role=option]"), nothing

    token = client.soup("/chemicals/curie/new").select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    given = {"csrf_token": token, "hazards": "unknown", "name": "Et2O", "notes": "From the old lab"}
    asked = BeautifulSoup(client.post("/chemicals/curie/new", data=given | {"act": "look-up"}).text, "html.parser")
    chosen = asked.select("#looked-up [name=chosen]")[0]
    assert "Diethyl ether" in words(chosen)
    filled = client.post("/chemicals/curie/new", data=given | {"chosen": chosen["value"]})
    soup = BeautifulSoup(filled.text, "html.parser")
    assert [soup.select_one(f"#{name}")["value"] for name in ("name", "cas_number", "formula")] == [  # type: ignore[index]
        "Diethyl ether",
        "60-29-7",
        "C4H10O",
    ]
    assert soup.select_one("#notes").text.strip() == "From the old lab"  # type: ignore[union-attr]
    htmx = client.post(
        "/chemicals/curie/look-up", data=given | {"chosen": chosen["value"]}, headers={"HX-Request": "true"}
    )
    replaced = [str(part["id"]) for part in BeautifulSoup(htmx.text, "html.parser").select("[hx-swap-oob]")]
    assert {"f-name", "f-cas_number", "f-formula"} <= set(replaced)
    wrong = client.post("/chemicals/curie/new", data=given | {"chosen": "name:60-29-8"})
    assert "Did you mean 60-29-7?" in wrong.text
    assert BeautifulSoup(wrong.text, "html.parser").select_one("#name")["value"] == "Et2O"  # type: ignore[index]
    nobody = client.post("/chemicals/curie/new", data=given | {"act": "look-up", "name": "Qwertzol"})
    assert "Write the CAS RN to look up" in nobody.text


def test_a_field_is_marked_as_from_the_reference_until_somebody_overrules_it(
    installation: Installation, ids: dict[str, int]
) -> None:
    client, ada = installation.page("chemicals", "ada"), installation.as_user("ada")
    form = client.soup("/chemicals/curie/new").select_one(FORM)
    assert form is not None
    asked = client.post("/chemicals/curie/new", data=fields_of(form) | {"chosen": "name:67-66-3"})
    soup = BeautifulSoup(asked.text, "html.parser")
    described = soup.select_one("#density_g_per_ml")["aria-describedby"]  # type: ignore[index]
    assert "From reference: the reference (67-66-3)" in words(soup.select_one(f"#{described}"))
    assert "From reference: ChemTrack" in words(soup.select_one("#f-hazards"))
    form = soup.select_one(FORM)
    assert form is not None
    filled = fields_of(form) | {"density_g_per_ml": "1.48", "act": "save"}
    made = client.post("/chemicals/curie/new", data=filled)
    assert made.status_code == 302, made.text
    chemical = int(made.headers["Location"].rsplit("/", 1)[1])
    kept = ada.get(f"/labs/curie/chemicals/{chemical}").json()
    assert kept["origins"]["name"] == "the reference (67-66-3)"
    assert kept["origins"]["synonyms"] == "the reference (67-66-3)"
    assert "density_g_per_ml" not in kept["origins"]
    assert kept["hazards_from"].startswith("ChemTrack")
    page = client.soup(f"/chemicals/curie/{chemical}")
    assert "Molar mass the reference (67-66-3)" in words(
        page.select_one("main details dl:-soup-contains('the reference')")
    )

    assert ada.patch(f"/labs/curie/chemicals/{chemical}", json={"smiles": None}).status_code == 200
    form = client.soup(f"/chemicals/curie/{chemical}/edit").select_one(FORM)
    assert form is not None
    marked = {str(mark.find_parent(id=True)["id"]) for mark in form.select("[data-origin]")}  # type: ignore[index]
    assert {"name-help", "f-hazards"} <= marked
    assert "density_g_per_ml-help" not in marked
    # Somebody else fills in a field while the form is open: that field keeps its origin too.
    more = {"smiles": "ClC(Cl)Cl", "origins": kept["origins"]}
    assert ada.patch(f"/labs/curie/chemicals/{chemical}", json=more).status_code == 200
    changed = client.post(
        f"/chemicals/curie/{chemical}/edit", data=fields_of(form) | {"name": "My chloroform", "act": "save"}
    )
    assert changed.status_code == 302, changed.text
    now = ada.get(f"/labs/curie/chemicals/{chemical}").json()
    assert (now["name"], now["hazards_from"]) == ("My chloroform", kept["hazards_from"])
    assert now["origins"] == {name: said for name, said in kept["origins"].items() if name != "name"}


def test_the_molar_mass_of_a_formula_is_shown(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ada")
    assert "72.106 g/mol" in client.get("/chemicals/curie/molar-mass?formula=C4H8O").text
    assert "from the formula" in client.get("/chemicals/curie/molar-mass?formula=").text
    assert client.get("/chemicals/curie/molar-mass?formula=Xx").status_code == 200


def test_what_was_searched_in_vain_stands_in_the_form(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ada")
    assert client.soup("/chemicals/curie/new?q=Mystery").select_one("#name")["value"] == "Mystery"  # type: ignore[index]
    by_number = client.soup("/chemicals/curie/new?q=60-29-7")
    assert by_number.select_one("#name")["value"] == "Diethyl ether"  # type: ignore[index]


def test_the_same_form_sent_twice_lists_one_chemical(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ada")
    form = client.soup("/chemicals/curie/new").select_one(FORM)
    assert form is not None
    data = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[type=hidden]")} | {
        "name": "Sent twice",
        "hazards": "unknown",
    }
    first, second = (client.post("/chemicals/curie/new", data=data) for _ in range(2))
    assert first.location == second.location


def test_units_of_the_form_are_the_apis(installation: Installation) -> None:
    ada = installation.as_user("ada")
    made = ada.post("/labs/curie/chemicals", json={"name": "Unit by unit"}).json()["id"]
    for unit in UNITS:
        change = {"low_stock_amount": "1", "low_stock_unit": unit}
        assert ada.patch(f"/labs/curie/chemicals/{made}", json=change).status_code == 200, unit


def test_codes_are_read_as_people_write_them() -> None:
    assert codes_of("H225, H319;EUH019\nP301 + P310 ·P210") == ["H225", "H319", "EUH019", "P301+P310", "P210"]


# -- containers and labels ----------------------------------------------------------------------------------------


def test_a_containers_label_is_edited(installation: Installation, ids: dict[str, int]) -> None:
    client, path = installation.page("chemicals", "ben"), f"/chemicals/curie/containers/{ids['a1']}"
    answer = client.submit(
        f"{path}/edit", "form:has([name=lot])", lot="STBK0412", price="58.40", currency="gbp", opened_on="2026-01-31"
    )
    assert answer.status_code == 422  # a currency has capitals
    answer = client.submit(
        f"{path}/edit", "form:has([name=lot])", lot="STBK0412", price="58.40", currency="GBP", opened_on="2026-01-31"
    )
    page = words(BeautifulSoup(answer.text, "html.parser"))
    for said in ("The label of CT-A1 is changed", "STBK0412", "58.4 GBP", "31 January 2026", "40 % of 2.5 L"):
        assert said in page, said


def test_a_bad_label_keeps_what_was_typed(installation: Installation, ids: dict[str, int]) -> None:
    path = f"/chemicals/curie/containers/{ids['a2']}/edit"
    answer = installation.page("chemicals", "ben").submit(path, "form:has([name=lot])", lot="Typed", pack_size="2,5")
    soup = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422
    assert words(soup.select_one("#pack_size-error")) == "Write the decimal point as a point: 2.5"
    assert soup.select_one("#lot")["value"] == "Typed"  # type: ignore[index]


def test_a_manager_keeps_paper_and_fields_for_the_lab(installation: Installation, ids: dict[str, int]) -> None:
    ada, cleo = installation.page("chemicals", "ada"), installation.page("chemicals", "cleo")
    address = f"/chemicals/curie/labels?container={ids['a1']}"
    assert "Keep paper and fields for the lab" not in cleo.soup(address).text, "a viewer"
    picture = ada.soup(address).select_one("#label-look img")
    assert picture
    assert ada.get(str(picture["src"])).data.startswith(b"\x89PNG")
    asked = f"/chemicals/curie/labels/keep?chosen=1&container={ids['a1']}&sheet=roll-62&format=pdf&skip=0&field=lot&field=lab"
    soup = ada.soup(asked)
    assert "Brother DK-11209" in soup.text
    assert "Lot, Lab" in soup.text
    done = ada.submit(asked, "main form[method=post]", follow=False)
    assert (done.status_code, done.headers["Location"]) == (303, f"/chemicals/curie/labels?container={ids['a1']}")
    kept = cleo.soup(address)
    assert [box["value"] for box in kept.select("input[name=field][checked]")] == ["lot", "lab"]
    assert kept.select_one("#sheet option[selected]")["value"] == "roll-62"  # type: ignore[index]
    assert cleo.get(asked).status_code == 403
    meanwhile = ada.soup(asked).select_one("main form[method=post]")
    assert meanwhile
    installation.as_user("ada").put("/labs/curie/labels/settings", json={})
    late = ada.post(str(meanwhile["action"]), data=fields_of(meanwhile))
    assert (late.status_code, "Somebody else changed this" in late.text) == (409, True)
    said = [words(one) for one in BeautifulSoup(late.text, "html.parser").select("main dd")]
    assert "Lot, Lab" in said[0], "what she wanted"
    assert "Expiry" in said[1], "what is kept now"
    again = BeautifulSoup(late.text, "html.parser").select_one("main form[method=post]")
    assert again
    assert ada.post(str(again["action"]), data=fields_of(again)).status_code == 303
    installation.as_user("ada").put("/labs/curie/labels/settings", json={})
    zpl = ada.submit(address, "#print", sheet="roll-62", format="zpl-203")
    assert zpl.data.startswith(b"^XA")
    refused = ada.submit(address, "#print", sheet="avery-l7160", format="zpl-203")
    assert refused.status_code == 422
    assert "prints rolls" in words(refused)


def test_labels_are_chosen_scanned_and_printed(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "cleo")
    assert "No container is chosen" in client.soup("/chemicals/curie/labels").text
    soup = client.soup(f"/chemicals/curie/labels?chemical={ids['thf']}")
    assert [box["value"] for box in soup.select("tbody input")] == [str(ids["a1"]), str(ids["a2"])]
    added = client.submit(f"/chemicals/curie/labels?container={ids['a1']}", "form:has([name=scan])", scan="CT-A2")
    assert len(BeautifulSoup(added.text, "html.parser").select("tbody tr")) == 2
    missed = client.submit(f"/chemicals/curie/labels?container={ids['a1']}", "form:has([name=scan])", scan="nowhere")
    assert "No container of this lab has the barcode “nowhere”" in missed.text
    printed = client.submit(
        f"/chemicals/curie/labels?chemical={ids['thf']}", "form[action$='labels.pdf']", sheet="roll-62"
    )
    assert printed.mimetype == "application/pdf"
    assert printed.data.startswith(b"%PDF")
    refused = client.submit(f"/chemicals/curie/labels?chemical={ids['thf']}", "form[action$='labels.pdf']", skip="99")
    assert refused.status_code == 422
    assert BeautifulSoup(refused.text, "html.parser").select_one("#skip")["value"] == "99"  # type: ignore[index]


def test_saving_in_haste_never_saves_the_hazards_of_the_cas_number_before(
    installation: Installation, ids: dict[str, int]
) -> None:
    """Somebody changes the CAS RN and sends the form before the look-up has answered, or without script."""
    client = installation.page("chemicals", "ada")
    token = fields_of(client.soup("/chemicals/curie/new").select_one("#chemical"))["csrf_token"][0]  # type: ignore[arg-type]
    given = {"csrf_token": token, "act": "look-up", "cas_number": "67-64-1", "hazards": "unknown"}
    filled = BeautifulSoup(client.post("/chemicals/curie/new", data=given).text, "html.parser")
    sent = fields_of(filled.select_one("#chemical"))  # type: ignore[arg-type]
    assert sent["name"] == ["Acetone"]
    again = client.post("/chemicals/curie/new", data=sent | {"act": "save", "cas_number": "26628-22-8"})
    soup = BeautifulSoup(again.text, "html.parser")
    shown = fields_of(soup.select_one("#chemical"))  # type: ignore[arg-type]
    assert shown["name"] == ["Sodium azide"]
    assert "H225" not in shown["h_statements"][0]


def test_what_is_being_typed_is_suggested(installation: Installation) -> None:
    ada = installation.page("chemicals", "ada")
    api = installation.as_user("ada")
    made = [
        api.post("/labs/curie/chemicals", json={"name": f"Proposol {n}"}, headers={}).json()["id"] for n in range(10)
    ]
    options = ada.soup("/chemicals/curie/suggest?q=proposol").select("[role=option]")
    assert [option["href"] for option in options] == [f"/chemicals/curie/{made[n]}" for n in range(8)]
    assert ada.soup("/chemicals/curie/suggest?q=%20").select("[role=option]") == []
    assert ada.soup("/chemicals/curie/suggest?q=%25").select("[role=option]") == []
    [only] = ada.soup("/chemicals/curie/suggest?q=proposol+7").select("[role=option]")
    assert only["data-only"] == "proposol 7"
    api.post("/labs/curie/chemicals", json={"name": "Proposol"})
    options = ada.soup("/chemicals/curie/suggest?q=proposol").select("[role=option]")
    assert [words(option) for option in options if option.get("data-only") == "proposol"] == ["Proposol"]
    delivery = {"lines": [{"chemical_id": made[0], "pack_size": "1 L", "barcodes": ["PROPOSOL-7"]}]}
    assert api.post("/labs/curie/deliveries", json=delivery).status_code == 201
    [bottle] = ada.soup("/chemicals/curie/suggest?q=proposol-7").select("[role=option]")
    assert bottle["href"] == "/C/curie/PROPOSOL-7"
    assert installation.page("chemicals", "eve").get("/chemicals/curie/suggest?q=proposol").status_code == 404


# -- two people edit the same -------------------------------------------------------------------------------------


def opened_form(client: PageClient, path: str) -> dict[str, list[str]]:
    form = client.soup(path).select_one("form:has([name=was])")
    assert form is not None
    return fields_of(form)


def saved(client: PageClient, path: str, form: dict[str, list[str]], **typed: Any) -> TestResponse:
    fields = (
        form
        | {"act": ["save"]}
        | {name.replace("__", "-"): [value] if isinstance(value, str) else value for name, value in typed.items()}
    )
    return client.post(path, data=fields)


def test_an_older_form_does_not_wipe_what_another_saved(installation: Installation) -> None:
    ada = installation.as_user("ada")
    chemical = ada.post("/labs/curie/chemicals", json={"name": "Edited by two"}).json()["id"]
    path = f"/chemicals/curie/{chemical}/edit"
    hers, his = installation.page("chemicals", "ada"), installation.page("chemicals", "ben")
    her_form, his_form = opened_form(hers, path), opened_form(his, path)
    first = saved(
        hers, path, her_form, hazards="classified", pictograms=["GHS06"], signal_word="Danger", h_statements="H300 H330"
    )
    assert first.status_code == 302, first.text
    assert saved(his, path, his_form, notes="On the upper board").status_code == 302
    both = ada.get(f"/labs/curie/chemicals/{chemical}").json()
    assert (both["pictograms"], both["signal_word"], both["notes"]) == (["GHS06"], "Danger", "On the upper board")
    assert [said["code"] for said in both["h_statements"]] == ["H300", "H330"]


def test_what_two_people_changed_is_shown_to_the_second(installation: Installation) -> None:
    ada = installation.as_user("ada")
    chemical = ada.post("/labs/curie/chemicals", json={"name": "Changed by two", "notes": "old"}).json()["id"]
    path = f"/chemicals/curie/{chemical}/edit"
    hers, his = installation.page("chemicals", "ada"), installation.page("chemicals", "ben")
    her_form, his_form = opened_form(hers, path), opened_form(his, path)
    assert saved(hers, path, her_form, notes="hers", supplier="Sigma").status_code == 302
    refused = saved(his, path, his_form, notes="his", formula="C4H8O")
    assert refused.status_code == 409
    assert "It is now: hers." in refused.text
    again = BeautifulSoup(refused.text, "html.parser").select_one("form:has([name=was])")
    assert again is not None
    kept = fields_of(again)
    assert (kept["notes"], kept["supplier"], kept["formula"]) == (["his"], ["Sigma"], ["C4H8O"])
    assert ada.get(f"/labs/curie/chemicals/{chemical}").json()["notes"] == "hers"
    assert saved(his, path, kept).status_code == 302
    now = ada.get(f"/labs/curie/chemicals/{chemical}").json()
    assert (now["notes"], now["supplier"], now["formula"]) == ("his", "Sigma", "C4H8O")


def test_an_older_form_of_a_label_does_not_wipe_days(installation: Installation) -> None:
    with shelf(installation) as on:
        container = on.add_container("1", "g", "Labelled by two")
    path = f"/chemicals/curie/containers/{container}/edit"
    hers, his = installation.page("chemicals", "ada"), installation.page("chemicals", "ben")
    her_form, his_form = opened_form(hers, path), opened_form(his, path)
    assert saved(hers, path, her_form, expires_on="2027-05-01", opened_on="2026-01-02").status_code == 302
    assert saved(his, path, his_form, lot="L-7").status_code == 302
    now = installation.as_user("ada").get(f"/labs/curie/containers/{container}").json()
    assert (now["expires_on"], now["opened_on"], now["lot"]) == ("2027-05-01", "2026-01-02", "L-7")
    refused = saved(his, path, his_form, expires_on="2028-01-01")
    assert refused.status_code == 409
    assert "It is now: 2027-05-01." in refused.text
