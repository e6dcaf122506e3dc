"""The pages that ask before something is taken back, and the question of a delivery about two substances, on a desk and on a phone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.test_imports import commit, read, uploaded
from tests.browser.conftest import Browsers, accessibility_faults, fits
from tests.installation import Installation, confirmation

LONG = "2-Amino-2-(hydroxymethyl)propane-1,3-diol hydrochloride, molecular biology grade"
sizes = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])


@pytest.fixture(scope="module")
def made(installation: Installation) -> dict[str, Any]:
    """The addresses of what can be taken back: a receipt, one that cannot, an import, an unused chemical, and a disposal."""
    ada = installation.as_user("ada")

    def said(path: str, **body: Any) -> dict[str, Any]:
        answer = ada.send_once(f"/labs/curie/{path}", body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    fresh, used, gone = (
        said("deliveries", lines=[{"chemical": {"name": f"{LONG} {n}"}, "count": 1, "pack_size": "100 g"}])
        for n in range(3)
    )
    bottle = used["containers"][0]["id"]
    said("check-outs", purpose="-", lines=[{"container_id": bottle, "amount": "1", "unit": "g"}])
    marks = said("disposals", reason="-", lines=[{"container_id": gone["containers"][0]["id"]}])
    said("disposals/confirmations", **confirmation(ada, marks["disposal_ids"]))
    lines = ada.get("/labs/curie/history", params={"kind": "dispose"}).json()["items"]
    path = uploaded(ada, f"Barcode,Name,Amount,Unit\nT-1,{LONG} 4,5,g\n")
    read(ada, path)
    commit(ada, path)
    return {
        "receipt": f"/checkin/curie/received/{fresh['id']}/take-back",
        "used": f"/checkin/curie/received/{used['id']}/take-back",
        "import": f"/imports/curie/{path.rpartition('/')[2]}/take-back",
        "chemical": f"/chemicals/curie/{said('chemicals', name=LONG)['id']}/take-back",
        "disposal": f"/history/curie/{lines[0]['id']}/correct",
    }


def looks_right(page: Page) -> None:
    """Nothing is wider than the window, and axe finds no fault."""
    assert fits(page)
    assert accessibility_faults(page) == []


@sizes
@pytest.mark.parametrize("what", ["receipt", "import", "chemical", "disposal"])
def test_a_page_asks_before_something_is_taken_back(
    browsers: Browsers, made: dict[str, Any], what: str, phone: bool
) -> None:
    page = browsers("ada", made[what], phone=phone)
    looks_right(page)
    if what == "disposal":
        return expect(page.get_by_role("heading", level=1)).to_contain_text("Take back the disposal of")
    box = page.locator(".ct-confirm").bounding_box()
    view = page.viewport_size
    assert box
    assert view
    assert box["width"] <= min(520, view["width"])
    middle = page.locator("main").bounding_box()
    assert middle
    assert abs(box["x"] + box["width"] / 2 - middle["x"] - middle["width"] / 2) < 8, "in the middle of the page"
    expect(page.get_by_role("button", name="Take it back")).to_be_in_viewport()
    page.get_by_role("link", name="Leave it").click()
    return expect(page).to_have_url(re.compile(made[what].removesuffix("/take-back") + "$"))


@sizes
def test_a_refusal_stands_in_the_question(browsers: Browsers, made: dict[str, Any], phone: bool) -> None:
    page = browsers("ada", made["used"], phone=phone)
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".ct-confirm").get_by_role("alert")).to_be_visible()
    looks_right(page)


@sizes
def test_a_delivery_asks_about_two_substances_beside_its_fields(browsers: Browsers, phone: bool) -> None:
    page = browsers("ben", "/checkin/curie?q=Acetone", phone=phone)
    page.get_by_role("button", name=re.compile("not listed yet")).click()
    page.locator("#lines-0-chemical-name").fill("Acetone")
    page.locator("#lines-0-chemical-formula").fill("C3H6O")
    page.locator("#lines-0-chemical-cas_number").fill("26628-22-8")
    page.locator("#lines-0-pack-amount").fill("1 L")
    page.locator("#lines-0-amount").fill("5 L")
    page.get_by_role("button", name="No labels").click()
    said = page.get_by_text("This is a pack of 1 L. Does it really hold 5 L?")
    expect(said).to_have_count(1)
    looks_right(page)
    page.get_by_label("Yes, it holds that much").check()
    page.get_by_role("button", name="No labels").click()
    expect(page.get_by_label("Yes, they belong together")).to_be_visible()
    looks_right(page)
