"""A manufacturer's code that nobody knows: each scan field offers to attach it to a container, to receive it, or to ignore it."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.installation import Installation, fields_of, words

GTIN = "05412345678908"
CODE = f"]d201{GTIN}17310200" + "10L1\x1d21S1"


@pytest.fixture(scope="module")
def pack(installation: Installation) -> dict[str, object]:
    """A bottle that was received before its code was ever scanned."""
    ben = installation.as_user("ben")
    chemical = ben.post("/labs/curie/chemicals", json={"name": "Codeless bromide"}).json()["id"]
    line = {"chemical_id": chemical, "pack_size": "100 g", "lot": "L1"}
    [made] = ben.send_once("/labs/curie/deliveries", {"lines": [line]}).json()["containers"]
    return dict(made)


def test_an_unknown_code_is_offered_to_be_attached_received_or_ignored(installation: Installation) -> None:
    ben = installation.as_user("ben")
    stocktake = ben.post("/labs/curie/stocktakes", json={"location_id": None}).json()["id"]
    code = CODE.replace(GTIN, "05412345678915")
    move = installation.page("history", "ben").submit("/history/curie/move", "#move", scan=code)
    taken = installation.page("checkout", "ben").submit(
        "/checkout/curie", "#basket", press="[data-scan-button]", scan=code
    )
    reconcile = installation.page("reconcile", "ben")
    shown = reconcile.get(f"/reconcile/curie/{stocktake}/count", query_string={"scan": code})
    counted = reconcile.submit(f"/reconcile/curie/{stocktake}/count?quick=1", "form:has(#scan)", scan=code)
    listed = installation.page("chemicals", "ben").get("/chemicals/curie", query_string={"q": code})
    for answer in (move, taken, shown, counted, listed):
        links = re.findall(r'href="(/checkin/curie[^"]*)"', answer.text)
        assert any(link.startswith("/checkin/curie/attach?code=%5Dd201") and "%1D21S1" in link for link in links), links
        assert any("q=%5Dd201" in link for link in links)
        assert "05412345678915" in words(answer)
    assert all("data-ignore" in answer.text for answer in (move, taken, shown, counted))
    cleo = installation.page("chemicals", "cleo").get("/chemicals/curie", query_string={"q": code})
    assert "/attach" not in cleo.text, "a viewer attaches nothing"


def test_a_code_is_attached_to_the_scanned_container_and_finds_it(
    installation: Installation, pack: dict[str, object]
) -> None:
    page = installation.page("checkin", "ben")
    where = page.soup(f"/checkin/curie/attach?code={CODE}&q={pack['barcode']}".replace("\x1d", "%1D"))
    box = where.select_one(f'input[name=container][value="{pack["id"]}"]')
    assert box
    assert box.has_attr("checked"), "the one that was scanned"
    form, attaches = "form:has(input[name=container])", "[value=attach]"
    address = f"/checkin/curie/attach?code={CODE}&q={pack['barcode']}".replace("\x1d", "%1D")
    none = page.submit(address, form, press=attaches, container=None)
    assert none.status_code == 422
    assert "Choose the containers" in words(none)
    done = page.submit(address, form, press=attaches, follow=False)
    assert done.status_code == 303
    assert done.headers["Location"].startswith("/chemicals/curie?q=%5Dd201")
    chemicals = installation.page("chemicals", "ben")
    found = chemicals.get("/chemicals/curie", query_string={"q": CODE})
    assert found.headers["Location"].endswith(f"/C/curie/{pack['barcode']}")
    again = page.submit(address, form, press=attaches)
    assert again.status_code == 409
    assert "carries this GTIN already" in words(again)
    off = page.submit(address, "form:has(button[name=detach])", press="button[name=detach]", follow=False)
    assert off.status_code == 303
    assert chemicals.get("/chemicals/curie", query_string={"q": CODE}).status_code == 200


def test_chosen_containers_stay_chosen_while_others_are_scanned(installation: Installation) -> None:
    ben = installation.as_user("ben")
    chemical = ben.post("/labs/curie/chemicals", json={"name": "Many packs"}).json()["id"]
    made = ben.send_once(
        "/labs/curie/deliveries", {"lines": [{"chemical_id": chemical, "pack_size": "1 g", "count": 52}]}
    ).json()
    other = ben.post("/labs/curie/chemicals", json={"name": "Another thing"}).json()["id"]
    [alone] = ben.send_once("/labs/curie/deliveries", {"lines": [{"chemical_id": other, "pack_size": "1 g"}]}).json()[
        "containers"
    ]
    packs = sorted(made["containers"], key=lambda pack: str(pack["barcode"]))
    page, form = installation.page("checkin", "ben"), "form:has(#scan)"
    where = "/checkin/curie/attach?code=05412345678939"

    def ticked(where: str) -> set[int]:
        return {int(str(box["value"])) for box in page.soup(where).select("input[name=container][checked]")}

    for scanned, expected in (
        (packs[0], {packs[0]["id"]}),
        (alone, {alone["id"]}),
        (packs[-1], {packs[0]["id"], packs[-1]["id"]}),  # the last of 52, of which the page shows 50
    ):
        where = page.submit(where, form, follow=False, q=scanned["barcode"]).headers["Location"]
        assert ticked(where) == expected
    done = page.submit(where, form, press="[value=attach]", follow=False)
    assert done.status_code == 303
    holders = ben.get("/labs/curie/product-codes/new", params={"code": "05412345678939"}).json()["carriers"]
    assert {one["id"] for one in holders} == {packs[0]["id"], packs[-1]["id"]}, "what the page did not show is left"


def test_a_gtin_of_several_packs_leads_to_its_chemical(installation: Installation) -> None:
    ben, gtin = installation.as_user("ben"), "05412345678922"
    chemical = ben.post("/labs/curie/chemicals", json={"name": "Several packs"}).json()["id"]
    line = {"chemical_id": chemical, "pack_size": "100 g", "count": 2, "gtin": gtin}
    ben.send_once("/labs/curie/deliveries", {"lines": [line]})
    answer = installation.page("chemicals", "ben").get("/chemicals/curie", query_string={"q": gtin})
    assert answer.headers["Location"] == f"/chemicals/curie/{chemical}"


def test_a_code_that_is_none_is_said_to_be_none(installation: Installation) -> None:
    page = installation.page("checkin", "ben")
    assert "is no manufacturer’s code" in words(page.get("/checkin/curie/attach?code=CT-1"))
    assert "check digit" in words(page.get(f"/checkin/curie/attach?code=%5DC101{GTIN[:-1]}4"))
    assert page.get("/checkin/curie/attach").headers["Location"] == "/checkin/curie"


def test_a_net_weight_is_a_question_and_becomes_the_pack_size_when_wanted(installation: Installation) -> None:
    page = installation.page("checkin", "ben")
    chemical = installation.as_user("ben").post("/labs/curie/chemicals", json={"name": "Weighed salt"}).json()["id"]
    code = "]C101076123456098743103000500" + "10W1"
    form = page.submit("/checkin/curie", "#work form", press="[data-scan-button]", scan=code)
    assert form.status_code == 200
    hidden = dict(re.findall(r'name="(product-[a-z_]+)" value="([^"]*)"', form.text))
    assert hidden["product-net_weight_kg"] == "0.5"
    token = dict(re.findall(r"name=\"(csrf_token)\" value=\"([^\"]+)", form.text)[:1])
    sent = hidden | {"add": str(chemical), **token}
    line = page.post("/checkin/curie", data=sent)
    assert "The code on the pack says that 500 g are in it" in words(line)
    work = BeautifulSoup(line.text, "html.parser").select_one("#work form")
    assert work
    weighed = page.post("/checkin/curie", data=fields_of(work) | {"weigh": "0"})
    assert 'name="lines-0-pack-amount" value="500"' in " ".join(weighed.text.split())
    assert "are in it" not in words(weighed)
