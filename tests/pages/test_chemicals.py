"""The pages of chemicals: the list, one chemical, its form, containers and labels; with the real API and database."""

import csv
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from psycopg.types.json import Jsonb

from pages.chemicals.forms import UNITS, codes_of
from tests.installation import Installation
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


def words(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.text.split())


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
    soup = client.soup("/chemicals/curie?q=tetra&hazard=GHS02&flag=low&mass_from=40&mass_to=&location=&state=")
    assert rows(soup) == ["Tetrahydrofuran"]
    chips = {words(chip).removesuffix(" "): chip.a["href"] for chip in soup.select(".ct-chip") if chip.a}
    assert chips == {
        "Hazard Flammable": "/chemicals/curie?q=tetra&mass_from=40&flag=low",
        "Stock Low": "/chemicals/curie?q=tetra&mass_from=40&hazard=GHS02",
        "Molar mass from 40 g/mol": "/chemicals/curie?q=tetra&hazard=GHS02&flag=low",
    }
    assert {str(box["value"]) for box in soup.select("input[type=checkbox][checked]")} == {"GHS02", "low"}
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
    soup = client.soup("/chemicals/curie?mass_from=1,5&h_code=nonsense&q=tetra")
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
    assert client.get("/C/curie/CT-NOWHERE").status_code == 404
    assert client.get("/C/curie/%00").status_code in (404, 422)


def test_htmx_gets_only_what_changes(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ada")
    typing = client.get(
        "/chemicals/curie?q=tetra&location=&mass_from=", headers={"HX-Request": "true", "HX-Trigger": "q"}
    )
    assert typing.headers["HX-Replace-Url"] == "/chemicals/curie?q=tetra"
    assert "<html" not in typing.text
    assert 'id="locations"' not in typing.text
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
    assert links == [
        "/chemicals/curie/chemicals.csv?q=tetra&sort=-name",
        "/chemicals/curie/containers.csv?q=tetra&sort=-name",
    ]
    chemicals, containers = (
        list(csv.DictReader(io.StringIO(client.get(link).data.decode("utf-8-sig")))) for link in links
    )
    assert [line["Name"] for line in chemicals] == ["Tetrahydrofuran"]
    assert [line["Barcode"] for line in containers] == ["CT-A1", "CT-A2"]


# -- one chemical -------------------------------------------------------------------------------------------------


def test_a_chemical_shows_hazards_in_words_and_its_containers(installation: Installation, ids: dict[str, int]) -> None:
    soup = installation.page("chemicals", "ben").soup(f"/chemicals/curie/{ids['thf']}")
    assert words(soup.select_one(".ct-hazside")) == "DangerFlammableHarmful or irritant"
    assert "H225Highly flammable liquid and vapour." in words(soup.select_one(".ct-dl"))
    first, second = soup.select("table.k2 tbody tr")
    assert "Expired" in first.text
    assert first.select_one("svg.ct-level")["aria-label"] == "40 % left"  # type: ignore[index]
    assert "with Ben since today" in words(second)
    assert "3.5 L in stock, below the reorder point" in soup.text
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
        "H332+H312",
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
    moving = ("changed_at", "changed_by_name")
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
        ("h_statements", "H225 nonsense", "“nonsense” is not a code of this kind. Write codes such as H225."),
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


def test_a_look_up_by_htmx_touches_only_what_was_empty(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ada")
    token = client.soup("/chemicals/curie/new").select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    given = {"cas_number": "109-99-9", "name": "", "formula": "C4H8O", "hazards": "none", "csrf_token": token}
    answer = client.post("/chemicals/curie/look-up", data=given, headers={"HX-Request": "true"})
    soup = BeautifulSoup(answer.text, "html.parser")
    filled = [str(field["id"]) for field in soup.select("[hx-swap-oob]")]
    assert "f-name" in filled
    assert "f-formula" not in filled
    assert "f-hazards" not in filled  # somebody chose
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
