"""Find containers by scanning or by words, look at one, edit what its label says."""

from typing import Any

import pytest

from tests.installation import Installation
from tests.sql.shelf import Shelf, shelf

RECEIVE = 'SELECT container_id FROM inventory.receive(\'{"received_on": "2026-01-05"}\', %s)'
Known = dict[str, int]


def receive(on: Shelf, name: str, barcode: str, amount: str | None = "2.5", unit: str = "L", **fields: Any) -> int:
    """A new chemical with one container."""
    from psycopg.types.json import Jsonb

    chemical = {"name": name, **fields.pop("chemical", {})}
    line = {"chemical": chemical, "count": 1, "barcodes": [barcode], "amount": amount, "unit": unit}
    [[container]] = on.run(RECEIVE, Jsonb([line | {"container": {"unit": unit, **fields}}]))
    return int(container)


@pytest.fixture(scope="module")
def known(installation: Installation) -> Known:
    """Three containers of curie's, one of them held by ben and one disposed of; one of hodgkin's."""
    with shelf(installation) as on:
        [[room]] = on.run("INSERT INTO inventory.locations (kind, name) VALUES ('room', 'Room 2.14') RETURNING id")
        [[cabinet]] = on.run(
            "INSERT INTO inventory.locations (parent_id, kind, name) VALUES (%s, 'storage', 'Cabinet 1') RETURNING id",
            room,
        )
        thf = receive(
            on,
            "Tetrahydrofuran",
            "CT-A1",
            chemical={
                "synonyms": ["THF"],
                "cas_number": "109-99-9",
                "pictograms": ["GHS02"],
                "density_g_per_ml": "0.889",
            },
            location_id=cabinet,
            pack_size="2.5",
            pack_unit="L",
            expires_on="2020-01-01",
        )
        salt = receive(on, "Table salt", "CT-A2", "500", "g", location_id=room)
        gone = receive(on, "Old ether", "CT-B1")
        unknown = receive(on, "Mystery", "x:1", None, "g")
        on.post(gone, "dispose")
    with shelf(installation, "ben") as on:
        on.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", salt)
    with shelf(installation, "eve", "hodgkin") as on:
        eves = receive(on, "Lysozyme", "CT-A1", "50", "mg")
    return {"room": room, "cabinet": cabinet, "thf": thf, "salt": salt, "gone": gone, "unknown": unknown, "eves": eves}


def barcodes(installation: Installation, who: str = "ada", lab: str = "curie", **search: Any) -> list[str]:
    answer = installation.as_user(who).get(f"/labs/{lab}/containers", params=search)
    assert answer.status_code == 200, answer.text
    return [item["barcode"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({}, ["x:1", "CT-A2", "CT-A1"]),  # by the chemical's name
        ({"sort": "barcode"}, ["CT-A1", "CT-A2", "x:1"]),
        ({"disposed": "true", "sort": "barcode"}, ["CT-A1", "CT-A2", "CT-B1", "x:1"]),
        ({"q": "CT-A2"}, ["CT-A2"]),
        ({"q": " ct-a2 "}, ["CT-A2"]),
        ({"q": "CT-B1"}, ["CT-B1"]),  # scanned: found though it was disposed of
        ({"q": "CT-A"}, ["CT-A2", "CT-A1"]),
        ({"q": "ct-a"}, ["CT-A2", "CT-A1"]),
        ({"q": "thf"}, ["CT-A1"]),
        ({"q": "109-99-9"}, ["CT-A1"]),
        ({"q": "table salt"}, ["CT-A2"]),
        ({"q": "salt thf"}, []),
        ({"q": "old"}, []),
        ({"q": "%"}, []),
        ({"q": "lysozyme"}, []),
        ({"held": "anyone"}, ["CT-A2"]),
        ({"held": "me"}, []),
        ({"held": "nobody", "sort": "barcode"}, ["CT-A1", "x:1"]),
        ({"missing": "true"}, []),
    ],
)
def test_a_scan_or_words_find_containers(
    installation: Installation, known: Known, search: dict[str, str], found: list[str]
) -> None:
    assert barcodes(installation, **search) == found


def test_a_scan_is_told_from_a_search(installation: Installation, known: Known) -> None:
    ada = installation.as_user("ada")
    for q, exact in (("CT-A1", True), ("CT-B1", True), ("CT-A", False), ("thf", False), ("", False)):
        assert ada.get("/labs/curie/containers", params={"q": q}).json()["exact"] is exact


def test_a_location_has_what_stands_below_it(installation: Installation, known: Known) -> None:
    assert barcodes(installation, location=known["room"], sort="barcode") == ["CT-A1", "CT-A2"]
    assert barcodes(installation, location=known["cabinet"]) == ["CT-A1"]
    assert barcodes(installation, location=10**15) == []


def test_pages_of_containers_join_in_both_directions(installation: Installation, known: Known) -> None:
    ada = installation.as_user("ada")
    everything = barcodes(installation)
    first = ada.get("/labs/curie/containers", params={"limit": 1}).json()
    second = ada.get("/labs/curie/containers", params={"limit": 1, "cursor": first["next"]}).json()
    back = ada.get("/labs/curie/containers", params={"limit": 1, "cursor": second["previous"]}).json()
    assert first["previous"] is None
    assert [page["items"][0]["barcode"] for page in (first, second, back)] == [*everything[:2], everything[0]]


def test_a_container_says_all_that_a_work_page_needs(installation: Installation, known: Known) -> None:
    ada = installation.as_user("ada")
    thf = ada.get("/labs/curie/containers/by-barcode/CT-A1").json()
    assert (thf["chemical_name"], thf["amount"], thf["unit"]) == ("Tetrahydrofuran", "2.5", "L")
    assert thf["location"] == "Room 2.14 › Cabinet 1"
    assert thf["pictograms"] == ["GHS02"]
    assert thf["expired"] is True
    assert thf["units"][0] == "L"
    assert {"mL", "g"} < set(thf["units"])  # its density is known
    assert "mol" not in thf["units"]
    salt = ada.get("/labs/curie/containers/by-barcode/CT-A2").json()
    assert salt["holder"] == "Ben Okoro"
    assert salt["held_since"]
    assert salt["pictograms"] is None
    assert "mL" not in salt["units"]
    unknown = ada.get(f"/labs/curie/containers/{known['unknown']}").json()
    assert unknown["amount"] is None
    assert unknown["unit"] == "g"


def test_a_container_has_its_own_history(installation: Installation, known: Known) -> None:
    salt = installation.as_user("cleo").get(f"/labs/curie/containers/{known['salt']}").json()
    assert [(line["kind"], line["made_by_name"]) for line in salt["movements"]] == [
        ("take", "Ben Okoro"),
        ("receive", "Ada Lind"),
    ]
    assert salt["movements"][1]["amount"] == "500"
    assert salt["mark"] is None


def test_a_very_small_amount_has_no_exponent(installation: Installation) -> None:
    with shelf(installation) as on:
        tiny = receive(on, "Polonium", "PO-1", "0.0000001", "g")
    found = installation.as_user("ada").get(f"/labs/curie/containers/{tiny}").json()
    assert (found["amount"], found["movements"][0]["amount"]) == ("0.0000001", "0.0000001")


def test_what_the_label_says_is_edited(installation: Installation, known: Known) -> None:
    ben, path = installation.as_user("ben"), f"/labs/curie/containers/{known['thf']}"
    change = {
        "lot": " STBK0412 ",
        "purity": "99.9 %",
        "pack_size": "2",
        "pack_unit": "lb",
        "holds_more": True,
        "price": "58.40",
        "currency": "GBP",
        "opened_on": "2026-02-01",
        "expires_on": "",
        "notes": "Over sieves\nand argon",
    }
    assert ben.patch(path, json=change).status_code == 200
    found = ben.get(path).json()
    assert (found["lot"], found["purity"], found["opened_on"]) == ("STBK0412", "99.9 %", "2026-02-01")
    assert (found["pack_size"], found["pack_unit"]) == ("907.18474", "g")  # 2 lb, kept in metric
    assert (found["price"], found["currency"], found["expires_on"]) == ("58.4", "GBP", None)
    assert found["amount"] == "2.5"
    ben.patch(path, json={"pack_size": "", "pack_unit": "L", "price": "", "currency": "GBP"})
    found = ben.get(path).json()
    assert [found[name] for name in ("pack_size", "pack_unit", "price", "currency")] == [None] * 4


@pytest.mark.parametrize(
    ("change", "pointer", "sentence"),
    [
        ({"lot": "x" * 101}, "/lot", "At most 100 characters."),
        ({"lot": "a\x00b"}, "/lot", None),
        ({"notes": "a\x00b"}, "/notes", None),
        ({"notes": "x" * 2001}, "/notes", "At most 2000 characters."),
        ({"pack_size": "1,5", "pack_unit": "L"}, "/pack_size", "Write the decimal point as a point: 1.5"),
        ({"pack_size": "0", "pack_unit": "L"}, "/pack_size", "Write a number above 0."),
        ({"pack_size": "1"}, "/pack_unit", "Write the unit beside the pack size, such as mL."),
        ({"pack_size": "1", "pack_unit": "stone"}, "/pack_unit", None),
        (
            {"pack_size": "5", "pack_unit": "bar"},
            "/pack_unit",
            "bar measures a pressure and g a mass: write the amount in g.",
        ),
        ({"price": "5"}, "/currency", "Write the currency beside the price, such as EUR."),
        (
            {"price": "-5", "currency": "EUR"},
            "/price",
            "An amount cannot be negative. Write it without the minus sign.",
        ),
        ({"price": "NaN", "currency": "EUR"}, "/price", None),
        ({"price": "999999999999", "currency": "EUR"}, "/price", "Write a number below 1000000000."),
        ({"price": "5", "currency": "euro"}, "/currency", None),
        ({"expires_on": "31.12.2026"}, "/expires_on", "Write a date as 2026-03-31."),
        ({"expires_on": "0001-01-01"}, "/expires_on", None),
        ({"expires_on": "20261231"}, "/expires_on", "Write a date as 2026-03-31."),
        ({"amount": "5"}, "/amount", "There is no such field."),
        ({"location_id": 1}, "/location_id", "There is no such field."),
        ({"lab_id": 2}, "/lab_id", "There is no such field."),
        ({}, "/body", "Say what is to be changed."),
    ],
)
def test_bad_label_facts_are_refused_beside_their_field(
    installation: Installation, known: Known, change: dict[str, Any], pointer: str, sentence: str | None
) -> None:
    ada, path = installation.as_user("ada"), f"/labs/curie/containers/{known['salt']}"
    before = ada.get(path).json()
    answer = ada.patch(path, json=change)
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert sentence in (None, error["detail"])
    assert ada.get(path).json() == before


def test_a_viewer_looks_and_does_not_edit(installation: Installation, known: Known) -> None:
    cleo, path = installation.as_user("cleo"), f"/labs/curie/containers/{known['salt']}"
    assert cleo.get(path).status_code == 200
    assert cleo.patch(path, json={"lot": "x"}).status_code == 403


@pytest.mark.parametrize("path", ["containers", "containers/by-barcode/CT-A1", "containers/1", "labels?container=1"])
@pytest.mark.parametrize("who", ["eve", "root"])
def test_a_stranger_finds_no_lab(installation: Installation, known: Known, who: str, path: str) -> None:
    assert installation.as_user(who).get(f"/labs/curie/{path}").status_code == 404


def test_another_labs_container_is_as_if_there_were_none(installation: Installation, known: Known) -> None:
    eve = installation.as_user("eve")
    nothing = eve.get(f"/labs/hodgkin/containers/{10**12}")
    assert nothing.status_code == 404
    for answer in (
        eve.get(f"/labs/hodgkin/containers/{known['thf']}"),
        eve.get("/labs/hodgkin/containers/by-barcode/CT-A2"),
        eve.patch(f"/labs/hodgkin/containers/{known['thf']}", json={"lot": "mine"}),
    ):
        assert answer.status_code == 404
        assert answer.json() == nothing.json()
    # The same barcode in two labs: each sees its own.
    assert eve.get("/labs/hodgkin/containers/by-barcode/CT-A1").json()["chemical_name"] == "Lysozyme"
    assert barcodes(installation, "eve", "hodgkin", q="CT-A") == ["CT-A1"]
    assert barcodes(installation, "eve", "hodgkin", location=known["room"]) == []


@pytest.mark.parametrize(
    "path",
    [
        f"containers/{2**63}",
        "containers/0",
        "containers/-1",
        "containers/x",
        f"containers?location={2**70}",
        "containers?location=x",
        "containers?cursor=W10",
        "containers?held=you",
        "containers?limit=0",
        "containers?nonsense=1",
        f"containers?q={'x' * 201}",
        f"containers/by-barcode/{'x' * 65}",
    ],
)
def test_a_senseless_address_is_refused(installation: Installation, path: str) -> None:
    assert installation.as_user("ada").get(f"/labs/curie/{path}").status_code == 422


@pytest.mark.parametrize("q", ["%00", "a%00b", "%F0%9F%92%A5", "'; DROP TABLE x; --"])
def test_no_search_is_a_fault_of_ours(installation: Installation, q: str) -> None:
    assert installation.as_user("ada").get(f"/labs/curie/containers?q={q}").status_code in (200, 422)
    assert installation.as_user("ada").get(f"/labs/curie/containers/by-barcode/{q}").status_code in (404, 422)


def test_a_label_is_printed_for_each_container(installation: Installation, known: Known) -> None:
    cleo, chosen = installation.as_user("cleo"), {"container": [known["thf"], known["salt"]]}
    shown = cleo.get("/labs/curie/labels/preview", params=chosen).json()
    assert [item["barcode"] for item in shown["items"]] == ["CT-A1", "CT-A2"]
    assert {sheet["name"] for sheet in shown["sheets"]} >= {"a4-70x37", "roll-62"}
    one, both = (
        cleo.get("/labs/curie/labels", params={"container": ids, "sheet": "roll-62"})
        for ids in (chosen["container"][:1], chosen["container"])
    )
    assert one.headers["Content-Type"] == "application/pdf"
    assert one.content.startswith(b"%PDF")
    assert both.content.count(b"/Type /Page\n") == 2 * one.content.count(b"/Type /Page\n") == 2


def test_what_no_font_has_is_said_before_it_is_printed(installation: Installation) -> None:
    with shelf(installation) as on:
        tamil = receive(on, "எத்தனால்", "FONT-1", "1", "L")
        marked = receive(on, "Hexane 🔥", "FONT-2", "1", "L")
        plain = receive(on, "Ацетон", "FONT-3", "1", "L")
    cleo = installation.as_user("cleo")
    items = cleo.get("/labs/curie/labels/preview", params={"container": [tamil, marked, plain]}).json()["items"]
    assert [(one["printed_name"], one["unprintable"]) for one in items] == [
        ("(no printable name)", "எதனால"), ("Hexane", "🔥"), ("Ацетон", ""),
    ]  # fmt: skip


def test_labels_of_a_chemical_are_those_of_what_is_in_stock(installation: Installation, known: Known) -> None:
    ada = installation.as_user("ada")
    salt, gone = (ada.get(f"/labs/curie/containers/{known[name]}").json()["chemical_id"] for name in ("salt", "gone"))
    shown = ada.get("/labs/curie/labels/preview", params={"chemical": [salt, gone]}).json()
    assert [item["barcode"] for item in shown["items"]] == ["CT-A2"]
    assert ada.get("/labs/curie/labels", params={"chemical": gone}).status_code == 422


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 422),
        ({"sheet": "papyrus"}, 422),
        ({"skip": 24}, 422),
        ({"skip": -1}, 422),
        ({"container": 10**12}, 404),
        ({"container": 2**63}, 422),
        ({"container": ["1"] * 501}, 422),
        ({"nonsense": 1}, 422),
    ],
)
def test_labels_that_cannot_be_printed_are_refused(
    installation: Installation, known: Known, asked: dict[str, Any], status: int
) -> None:
    given = ({"container": known["thf"]} if {"sheet", "skip"} & asked.keys() else {}) | asked
    assert installation.as_user("ada").get("/labs/curie/labels", params=given).status_code == status


def test_a_lab_keeps_what_its_labels_say_and_no_other_lab_sees_it(installation: Installation, known: Known) -> None:
    ada, ben, eve = (installation.as_user(name) for name in ("ada", "ben", "eve"))
    usual = ben.get("/labs/curie/labels/preview").json()
    assert usual["settings"]["fields"] == [field["name"] for field in usual["fields"]]
    kept = {"sheet": "brother-dk-22205", "fields": ["lot", "cas_number"]}
    assert ben.put("/labs/curie/labels/settings", json=kept).status_code == 403
    answer = ada.put("/labs/curie/labels/settings", json=kept).json()
    settings = ben.get("/labs/curie/labels/preview").json()["settings"]
    assert settings == {"sheet": kept["sheet"], "fields": ["cas_number", "lot"], "version": answer["version"]}
    assert settings == answer
    assert eve.get("/labs/hodgkin/labels/preview").json()["settings"] == usual["settings"]
    printed = ben.get("/labs/curie/labels", params={"container": known["thf"]})
    assert b"/MediaBox [ 0 0 175.748 113.3858 ]" in printed.content, "62 × 40 mm"
    assert ada.put("/labs/curie/labels/settings", json={"sheet": "roll-62", "fields": []}).status_code == 200
    for wrong in ({"sheet": "papyrus"}, {"fields": ["price"]}):
        answer = ada.put("/labs/curie/labels/settings", json=kept | wrong)
        assert (answer.status_code, [error["pointer"].split("/")[1] for error in answer.json()["errors"]]) == (
            422,
            [*wrong],
        )
    assert ada.put("/labs/curie/labels/settings", json=usual["settings"]).status_code == 409, "of when nothing was kept"
    assert ada.put("/labs/curie/labels/settings", json=usual["settings"] | {"version": None}).status_code == 200


def test_labels_leave_as_zpl_and_as_a_picture(installation: Installation, known: Known) -> None:
    ben, eve = installation.as_user("ben"), installation.as_user("eve")
    asked = {"container": known["thf"], "sheet": "roll-62"}
    zpl = ben.get("/labs/curie/labels", params=asked | {"format": "zpl-203"})
    assert (zpl.content[:13], zpl.headers["Content-Type"]) == (b"^XA^PW495^LL2", "application/vnd.zebra-zpl")
    assert 'attachment; filename="labels-curie.zpl"' in zpl.headers["Content-Disposition"]
    on_sheets = ben.get("/labs/curie/labels", params=asked | {"format": "zpl-203", "sheet": "avery-l7160"})
    assert (on_sheets.status_code, on_sheets.json()["errors"][0]["pointer"]) == (422, "/format")
    assert ben.get("/labs/curie/labels", params=asked | {"format": "epl"}).status_code == 422
    pictures = [
        ben.get("/labs/curie/labels/picture", params=asked | {"fields": fields}).content
        for fields in ("", "cas_number")
    ]
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert pictures[0] != pictures[1]
    assert ben.get("/labs/curie/labels/picture").status_code == 404
    assert eve.get("/labs/hodgkin/labels/picture", params=asked).status_code == 404
    places = ben.get("/labs/curie/location-labels", params={"sheet": "roll-62", "format": "zpl-300"})
    assert places.content.startswith(b"^XA^PW732")


def test_no_label_of_another_labs_container_is_printed(installation: Installation, known: Known) -> None:
    eve = installation.as_user("eve")
    for path in ("labels", "labels/preview"):
        answer = eve.get(f"/labs/hodgkin/{path}", params={"container": [known["eves"], known["thf"]]})
        assert answer.status_code == 404
    assert eve.get("/labs/hodgkin/labels/preview", params={"chemical": known["thf"]}).json()["items"] == []


def test_a_container_says_how_full_it_is(installation: Installation) -> None:
    with shelf(installation) as on:
        jar = receive(on, "Half a jar", "HALF-1", "1.25", "kg", pack_size="2500", pack_unit="g")
        flask = receive(on, "No pack size", "HALF-2", "1", "L")
    ada = installation.as_user("ada")
    assert ada.get(f"/labs/curie/containers/{jar}").json()["left_percent"] == 50
    assert ada.get(f"/labs/curie/containers/{flask}").json()["left_percent"] is None


@pytest.mark.parametrize(
    "typed",
    [
        "CT-A1",
        " CT-A1\t\r",
        "\x04CT-A1",  # EOT
        "\x1eCT-A1\x1d",  # RS and GS
        "]C1CT-A1",  # the AIM identifiers of Code 128 and of a Data Matrix
        "]d2CT-A1",
        "*CT-A1*",  # Code 39
        "]A0*CT-A1*",
        "ＣＴ－Ａ１",  # full-width letters
        "http://chem.example/C/curie/CT-A1",
        "HTTPS://OLD.EXAMPLE:8443/C/CURIE/CT-A1",  # a label with an earlier address of the installation
        "]Q3https://chem.example/c/Curie/CT-A1\r",
    ],
)
def test_what_scanners_add_to_a_code_is_cut_off(installation: Installation, known: Known, typed: str) -> None:
    found = installation.as_user("cleo").get("/labs/curie/containers/scanned", params={"code": ["no", typed]})
    assert found.json() == {"place": 1, "id": known["thf"], "barcode": "CT-A1", "chemical_name": "Tetrahydrofuran"}
    alone = installation.as_user("cleo").get("/labs/curie/check-outs/new", params={"q": typed})
    assert alone.json()["added"] == known["thf"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "*",
        "**",
        "]C1",
        "\x00",
        "x" * 200,
        "http://chem.example/C/hodgkin/CT-A1",
        "HTTPS://CHEM.EXAMPLE.ORG/C/CURIE/CT-A1",  # another installation that has a lab curie
        "http://chem.example:8444/C/curie/CT-A1",
        "http://chem.example/C/curie/",
        "CT-A1CT-A1",
    ],
)
def test_what_is_no_code_of_the_lab_finds_nothing(installation: Installation, known: Known, typed: str) -> None:
    found = installation.as_user("cleo").get("/labs/curie/containers/scanned", params={"code": typed})
    assert found.status_code in (200, 422)
    assert found.status_code == 422 or found.json() is None
