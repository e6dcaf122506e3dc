"""Manufacturers' codes: read from printed images as scanners send them, remembered by the lab that received them, found at a check-out."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import zxingcpp

from api.core.product_codes import ProductCode, read_product_code
from tests.installation import Installation
from tests.sql.shelf import shelf

GTIN = "04012345678901"
YEAR = datetime.now(UTC).year
FULL = ProductCode(GTIN, "LOT-7", date(2026, 2, 28), "S1", "P/100")
TEXT = f"(01){GTIN}(17)260200(10)LOT-7(240)P/100(21)S1"
FORMAT = zxingcpp.BarcodeFormat


def scanned(text: str, kind: Any, gs1: bool = False) -> str:
    """The text that a scanner sends for a symbol, which is drawn and then read: its AIM identifier and its data."""
    image = zxingcpp.create_barcode(text, kind, **({"gs1": True} if gs1 else {})).to_image(scale=4)
    [found] = zxingcpp.read_barcodes(image)
    return found.symbology_identifier + found.bytes.decode()


@pytest.mark.parametrize("kind", [FORMAT.DataMatrix, FORMAT.Code128, FORMAT.QRCode])
@pytest.mark.parametrize(
    "send",
    [
        lambda code: code,
        lambda code: code[3:],  # a scanner that sends no identifier
        lambda code: f"\x1d{code[3:]}\r\n",  # FNC1 in front as well
        lambda code: code + "\x1d",
    ],
    ids=["identifier", "none", "leading separator", "separator at the end"],
)
def test_a_printed_code_is_read_whole(kind: Any, send: Any) -> None:
    code = scanned(TEXT, kind, gs1=True)
    assert "\x1d" in code
    assert read_product_code(send(code)) == FULL


@pytest.mark.parametrize(
    ("text", "kind", "gtin"),
    [
        ("4006381333931", FORMAT.EAN13, "04006381333931"),
        ("12345670", FORMAT.EAN8, "00000012345670"),
        ("036000291452", FORMAT.UPCA, "00036000291452"),
    ],
)
def test_a_retail_code_is_a_gtin_with_zeros_in_front(text: str, kind: Any, gtin: str) -> None:
    assert read_product_code(scanned(text, kind)) == ProductCode(gtin)
    assert read_product_code(text) == ProductCode(gtin, is_certain=False)


@pytest.mark.parametrize("kind", [FORMAT.DataMatrix, FORMAT.Code128, FORMAT.QRCode])
def test_a_plain_symbol_is_never_taken_for_gs1(kind: Any) -> None:
    assert read_product_code(scanned(f"01{GTIN}10LOT", kind)) is None


@pytest.mark.parametrize(
    "text", ["CT-000123", "", "01", "00000000", "12345671", "0104012345678902", "]C0123", "]d10104012345678901"]
)
def test_what_is_no_manufacturers_code_is_left_alone(text: str) -> None:
    assert read_product_code(text) is None


@pytest.mark.parametrize(
    ("day", "expires_on"),
    [
        ("280200", date(2028, 2, 29)),
        ("271231", date(2027, 12, 31)),
        (f"{(YEAR + 50) % 100:02}0101", date(YEAR + 50, 1, 1)),
        (f"{(YEAR + 51) % 100:02}0101", date(YEAR - 49, 1, 1)),
        (f"{(YEAR - 49) % 100:02}0101", date(YEAR - 49, 1, 1)),
    ],
)
def test_days_follow_the_rule_of_gs1(day: str, expires_on: date) -> None:
    code = read_product_code(f"]d201{GTIN}17{day}")
    assert code
    assert code.expires_on == expires_on


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"]C101{GTIN[:-1]}2", "check digit"),
        (f"]C101{GTIN}17261301", "form of GS1"),
        (f"]d201{GTIN}10{'A' * 20}21XYZ", "too long"),
        (f"]d201{GTIN}10A\x1d10B", "two things"),
        ("]d210LOT", "names no product"),
        ("]E04006381333930", "check digit"),
    ],
)
def test_a_damaged_code_is_refused_and_says_why(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_product_code(text)


@pytest.mark.parametrize("joined", ["LOT-721S1", "LOT17270131", "AB240X"])
def test_a_lot_that_may_hold_more_is_asked_about(joined: str) -> None:
    code = read_product_code(f"01{GTIN}10{joined}")
    assert code
    assert (code.lot, code.joined) == (None, joined)


@pytest.mark.parametrize(
    ("weight", "kilograms"),
    [
        ("3103001234", "1.234"),
        ("3100000025", "25"),
        ("3105000500", "0.005"),
        ("3103000000", None),
        ("31030012343102000123", None),
        ("3203001234", None),
    ],
    ids=["grams", "kilograms", "centigrams", "nothing", "two different", "pounds"],
)
def test_a_net_weight_is_read_in_kilograms(weight: str, kilograms: str | None) -> None:
    expected = ProductCode(GTIN, lot="L1", net_weight_kg=Decimal(kilograms) if kilograms else None)
    assert read_product_code(scanned(f"(01){GTIN}({weight[:4]}){weight[4:10]}(10)L1", FORMAT.Code128, gs1=True)) == (
        expected if len(weight) == 10 else read_product_code(f"]C101{GTIN}{weight[:10]}10L1")
    )
    assert read_product_code(f"]C101{GTIN}{weight}10L1") == expected


# -- remembered, found ----------------------------------------------------------------------------------------------------


def received(installation: Installation, lab: str, who: str, **line: Any) -> list[dict[str, Any]]:
    client = installation.as_user(who)
    chemical = client.post(f"/labs/{lab}/chemicals", json={"name": f"Packed salt {line['gtin']}"})
    given = {"chemical_id": chemical.json()["id"], "pack_size": "500 g"} | line
    answer = client.send_once(f"/labs/{lab}/deliveries", {"lines": [given]})
    assert answer.status_code == 201, answer.text
    return list(answer.json()["containers"])


def read(installation: Installation, lab: str, who: str, code: str) -> Any:
    answer = installation.as_user(who).get(f"/labs/{lab}/product-codes/scanned", params={"code": code})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_gtin_is_remembered_as_the_product_in_this_lab_alone(installation: Installation) -> None:
    assert read(installation, "curie", "ben", "4006381333931")["product"] is None
    [one] = received(installation, "curie", "ben", gtin="4006381333931", catalogue_number="P-1", lot="L1")
    known = read(installation, "curie", "cleo", "]E04006381333931")["product"]
    assert (known["name"], known["pack_size"], known["pack_unit"]) == ("Packed salt 4006381333931", "500", "g")
    assert known["catalogue_number"] == "P-1"
    assert read(installation, "hodgkin", "eve", "]E04006381333931")["product"] is None
    with shelf(installation, "eve", lab="hodgkin") as on:
        assert on.run("SELECT count(*) FROM inventory.product_codes") == [(0,)]
        assert on.run("SELECT count(*) FROM inventory.containers_of_product('04006381333931', NULL, NULL)") == [(0,)]
    assert one["barcode"]


def test_at_a_check_out_the_code_finds_its_pack(installation: Installation) -> None:
    gtin, other = "04012345678901", "00036000291452"
    first, second = received(installation, "curie", "ben", gtin=gtin, count=2, lot="LOT-7", serial_numbers=["S1", "S2"])
    [single] = received(installation, "curie", "ben", gtin=other, lot="L1")

    def form(code: str) -> Any:
        return installation.as_user("ben").get("/labs/curie/check-outs/new", params={"q": code}).json()

    assert form(f"]d201{gtin}10LOT-7\x1d21S2")["added"] == second["id"]
    assert [hit["id"] for hit in form(f"]d201{gtin}10LOT-7")["hits"]] == [first["id"], second["id"]]
    assert form("]E00036000291452")["added"] == single["id"]
    assert form(f"]C101{other}10L1")["added"] == single["id"]
    another = form(f"]C101{other}10L2")
    assert (another["added"], another["hits"], another["product"]["lot"]) == (None, [], "L2")
    assert "check digit" in form(f"]C101{other[:-1]}1")["product"]["fault"]
    assert form("CT-NOWHERE")["product"] is None


def attach(installation: Installation, who: str, code: str, *ids: int, lab: str = "curie") -> Any:
    return installation.as_user(who).send_once(f"/labs/{lab}/product-codes", {"code": code, "container_ids": list(ids)})


def test_each_scan_field_finds_the_pack(installation: Installation) -> None:
    gtin, ben = "05012345678900", installation.as_user("ben")
    first, second = received(installation, "curie", "ben", gtin=gtin, count=2, lot="L5", serial_numbers=["S1", "S2"])
    whole, any_of_both = f"]d201{gtin}10L5\x1d21S2", f"]C101{gtin}10L5"
    stocktake = ben.post("/labs/curie/stocktakes", json={"location_id": None}).json()["id"]

    def asked(path: str, **query: Any) -> Any:
        answer = ben.get(f"/labs/curie/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    moves = asked("moves/new", q=whole)
    assert (moves["added"], moves["product"]) == (second["id"], None)
    assert [hit["id"] for hit in asked("moves/new", q=any_of_both)["hits"]] == [first["id"], second["id"]]
    lines = asked(f"stocktakes/{stocktake}/lines", scan=whole)
    assert (lines["hit"]["container_id"], lines["product"]) == (second["id"], None)
    both = asked(f"stocktakes/{stocktake}/lines", scan=any_of_both)
    assert both["hit"] is None
    assert {line["container_id"] for line in both["items"]} == {first["id"], second["id"]}
    counts = f"/labs/curie/stocktakes/{stocktake}/counts"
    assert ben.post(counts, json={"lines": [{"barcode": whole, "result": "as_expected"}]}).json()["counted"] == 1
    refused = ben.post(counts, json={"lines": [{"barcode": any_of_both, "result": "as_expected"}]})
    assert (refused.status_code, refused.json()["unknown"]) == (404, [any_of_both])
    listed = asked("chemicals", q=whole)
    assert (listed["container"]["id"], listed["product"]["product"]["name"]) == (second["id"], f"Packed salt {gtin}")
    assert asked("chemicals", q=any_of_both)["container"] is None
    assert asked("containers/scanned", code=["CT-NOWHERE", whole]) == {
        "place": 1,
        "id": second["id"],
        "barcode": second["barcode"],
        "chemical_name": f"Packed salt {gtin}",
    }
    exact = asked("containers", q=whole)
    assert (exact["exact"], [one["id"] for one in exact["items"]]) == (True, [second["id"]])
    assert [one["container_id"] for one in asked("disposals/new", barcode=whole)["items"]] == [second["id"]]
    eve = installation.as_user("eve")
    assert eve.get("/labs/hodgkin/moves/new", params={"q": whole}).json()["hits"] == []
    assert eve.get("/labs/hodgkin/chemicals", params={"q": whole}).json()["product"]["product"] is None


def test_two_packs_with_the_same_serial_number_are_a_choice(installation: Installation) -> None:
    gtin = "05012345678917"
    twice = received(installation, "curie", "ben", gtin=gtin, serial_numbers=["S1"]) + received_again(
        installation, gtin
    )
    form = installation.as_user("ben").get("/labs/curie/moves/new", params={"q": f"]d201{gtin}21S1"}).json()
    assert form["added"] is None
    assert {hit["id"] for hit in form["hits"]} == {one["id"] for one in twice}


def received_again(installation: Installation, gtin: str) -> list[dict[str, Any]]:
    client = installation.as_user("ben")
    chemical = client.get("/labs/curie/chemicals", params={"q": f"Packed salt {gtin}"}).json()["items"][0]["id"]
    line = {"chemical_id": chemical, "pack_size": "500 g", "gtin": gtin, "serial_numbers": ["S1"]}
    return list(client.send_once("/labs/curie/deliveries", {"lines": [line]}).json()["containers"])


def test_a_code_is_attached_to_packs_that_came_without_one_and_taken_off(installation: Installation) -> None:
    ben, gtin = installation.as_user("ben"), "05012345678924"
    chemical = ben.post("/labs/curie/chemicals", json={"name": "Came without a code"}).json()["id"]
    line = {"chemical_id": chemical, "pack_size": "1 kg", "count": 3, "lot": "L9"}
    packs = [one["id"] for one in ben.send_once("/labs/curie/deliveries", {"lines": [line]}).json()["containers"]]
    form = ben.get("/labs/curie/product-codes/new", params={"code": gtin, "q": "Came without"}).json()
    assert (form["code"]["gtin"], form["carriers"], form["found"]) == (gtin, [], None)
    assert [one["id"] for one in form["items"]] == packs
    other_lot = attach(installation, "ben", f"]C101{gtin}10L8", packs[0])
    assert (other_lot.status_code, other_lot.json()["errors"][0]["pointer"]) == (409, "/container_ids/0")
    assert attach(installation, "ben", f"]d201{gtin}10L9\x1d21S7", packs[0]).json() == {"gtin": gtin, "attached": 1}
    assert attach(installation, "ben", gtin, packs[1], packs[2]).json() == {"gtin": gtin, "attached": 2}
    added = ben.get("/labs/curie/moves/new", params={"q": f"]d201{gtin}10L9\x1d21S7"}).json()["added"]
    assert added == packs[0]
    again = attach(installation, "ben", gtin, packs[0])
    assert "carries this GTIN already" in again.json()["detail"]
    another = attach(installation, "ben", "05012345678931", packs[1])
    assert "Take that off first" in another.json()["detail"]
    assert ben.delete(f"/labs/curie/product-codes/{packs[1]}").json()["gtin"] == gtin
    assert ben.delete(f"/labs/curie/product-codes/{packs[1]}").status_code == 404
    same = attach(installation, "ben", f"]d201{gtin}21S7", packs[1])
    assert (same.status_code, same.json()["errors"][0]["pointer"]) == (409, "/container_ids")


def test_only_members_attach_a_code_and_only_in_their_lab(installation: Installation) -> None:
    ben, gtin = installation.as_user("ben"), "05012345678948"
    chemical = ben.post("/labs/curie/chemicals", json={"name": "Guarded"}).json()["id"]
    line = {"chemical_id": chemical, "pack_size": "1 g"}
    [pack] = ben.send_once("/labs/curie/deliveries", {"lines": [line]}).json()["containers"]
    assert attach(installation, "cleo", gtin, pack["id"]).status_code == 403, "a viewer"
    assert attach(installation, "eve", gtin, pack["id"], lab="hodgkin").status_code == 404
    assert attach(installation, "eve", gtin, pack["id"]).status_code == 404
    assert attach(installation, "ben", gtin, pack["id"]).status_code == 201
    assert installation.as_user("eve").delete(f"/labs/hodgkin/product-codes/{pack['id']}").status_code == 404
    with shelf(installation, "eve", lab="hodgkin") as on:
        assert on.run("DELETE FROM inventory.product_codes WHERE gtin = '05012345678948' RETURNING 1") == []
        assert on.run("SELECT inventory.find_scanned('', '05012345678948', NULL, NULL)") == [(None,)]
    assert read(installation, "curie", "ben", gtin)["product"]["name"] == "Guarded"


@pytest.mark.parametrize("code", ["CT-000001", "]C0123", f"]C101{GTIN[:-1]}2", "]d210LOT"])
def test_what_names_no_product_is_not_attached(installation: Installation, code: str) -> None:
    answer = attach(installation, "ben", code, 1)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, ["/code"])


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ({"gtin": "4006381333930"}, "/lines/0/gtin"),
        ({"gtin": "4006381333931", "serial_numbers": ["1", "2"]}, "/lines/0/serial_numbers"),
        ({"gtin": "4006381333931", "serial_numbers": ["x" * 21]}, "/lines/0/serial_numbers/0"),
    ],
)
def test_a_wrong_gtin_or_serial_number_is_refused_beside_its_field(
    installation: Installation, line: dict[str, Any], pointer: str
) -> None:
    chemical = (
        installation.as_user("ben").post("/labs/curie/chemicals", json={"name": f"Refused {pointer}"}).json()["id"]
    )
    given = {"chemical_id": chemical, "pack_size": "1 g"} | line
    answer = installation.as_user("ben").send_once("/labs/curie/deliveries", {"lines": [given]})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
