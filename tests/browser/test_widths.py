"""No page is wider than its window, from the smallest phone to a wide screen, with long names, paths and amounts in it."""

import pytest

from tests.browser.conftest import Browsers, accessibility_faults
from tests.installation import Installation

WIDTHS = range(320, 1601, 40)
WIDTH_WHEN_DRAWN = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
  done(document.documentElement.scrollWidth))))"""
"""A page learns of its window's new width when it is drawn: filters fold then, and plots shrink."""
LONG = "2-(Dimethylamino)ethyl methacrylate hexafluorophosphate monohydrate"
PAGES = {
    "ada": (
        "/home/curie",
        "/chemicals/curie",
        "/chemicals/curie?q=hexa&hazard=GHS02",
        "/chemicals/curie/{chemical}",
        "/chemicals/curie/{chemical}?container={container}",
        "/chemicals/curie/{chemical}/edit",
        "/chemicals/curie/containers/{container}",
        "/chemicals/curie/containers/{container}/edit",
        "/chemicals/curie/labels?container={container}",
        "/checkout/curie?container={container}",
        "/checkout/curie/returns",
        "/checkout/curie/bring-back",
        "/checkout/curie/rules",
        "/checkin/curie?chemical={chemical}",
        "/checkin/curie/received",
        "/checkin/curie/received/{delivery}",
        "/reconcile/curie",
        "/reconcile/curie/new",
        "/reconcile/curie/locations",
        "/reconcile/curie/locations/new",
        "/reconcile/curie/locations/labels",
        "/reconcile/curie/{stocktake}",
        "/reconcile/curie/{stocktake}/count",
        "/disposal/curie",
        "/disposal/curie/mark?container={container}",
        "/history/curie",
        "/history/curie/move?container={container}",
        "/imports/curie",
        "/account",
        "/login/lab",
    ),
    "root": (
        "/admin",
        "/admin/new-lab",
        "/admin/logins",
        "/admin/logins/new",
        "/admin/isolation?lab=curie&other=hodgkin",
        "/admin/classifications",
    ),
}


@pytest.fixture(scope="module")
def stock(installation: Installation) -> dict[str, int]:
    """Fills Curie lab with long names, paths and amounts; returns the ids that the tested addresses need."""
    ada = installation.as_user("ada")

    def made(path: str, **json: object) -> dict[str, int]:
        answer = ada.send_once(f"/labs/curie/{path}", json)
        assert answer.status_code == 201, answer.text
        found: dict[str, int] = answer.json()
        return found

    location = None
    for kind, name in (
        ("building", "Building of Inorganic and Physical Chemistry"),
        ("room", "Preparation room 2.14 (north wing)"),
        ("storage", "Cabinet for flammable liquids, below the fume hood"),
        ("shelf", "Shelf 12, left"),
    ):
        location = made("locations", kind=kind, name=name, parent_id=location, count_period_days=30)["id"]
    chemical = made(
        "chemicals",
        name=LONG,
        synonyms=[LONG.replace(" ", "-")],
        cas_number="109-99-9",
        h_statements=["H225", "H302", "H319", "H335", "H351", "H410"],
        low_stock_amount="1234567.25",
        low_stock_unit="mL",
    )["id"]
    lines = [
        {"chemical_id": chemical, "count": 3, "amount": "1250.125", "unit": "mL", "location_id": location, "lot": "LOT-" + "7" * 40,
         "expires_on": "2020-01-01"},
        {"chemical": {"name": "Salt"}, "count": 2, "unit": "g", "amount_unknown": True},
    ]  # fmt: skip
    received = made(
        "deliveries", supplier="Sigma-Aldrich Chemie GmbH, Taufkirchen", order_number="4500" * 10, lines=lines
    )
    container = received["containers"][0]["id"]  # type: ignore[index]
    made(
        "check-outs",
        purpose="Synthesis of the third batch for the review",
        lines=[{"container_id": container, "amount": "250.5", "unit": "mL"}],
    )
    made("holdings", container_ids=[container])
    marked = received["containers"][1]["id"]  # type: ignore[index]
    made("disposals", reason="Peroxides were found in it by the yearly test", lines=[{"container_id": marked}])
    stocktake = made("stocktakes", location_id=None)["id"]
    return {"chemical": chemical, "container": container, "delivery": received["id"], "stocktake": stocktake}


@pytest.mark.parametrize("who", PAGES)
def test_no_page_is_wider_than_its_window(browsers: Browsers, stock: dict[str, int], who: str) -> None:
    page = browsers(who, "/account")
    wide: dict[str, dict[int, int]] = {}
    for path in PAGES[who]:
        answer = page.goto(path.format(**stock))
        assert answer
        assert answer.status == 200, path
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if (found := page.evaluate(WIDTH_WHEN_DRAWN)) > width:
                wide.setdefault(path, {})[width] = found
    assert not wide, "\n".join(f"{path}: {found}" for path, found in wide.items())


@pytest.mark.parametrize("width", [320, 390, 768, 820, 899, 1024, 1200, 1440])
def test_the_list_always_shows_names(browsers: Browsers, stock: dict[str, int], width: int) -> None:
    page = browsers("ada", "/chemicals/curie", viewport={"width": width, "height": 900})
    name = page.locator("#results tbody a.name").first
    cell = name.locator("xpath=ancestor::td").bounding_box()
    assert cell
    assert cell["width"] >= 140


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
@pytest.mark.parametrize("path", ["/reconcile/curie/locations", "/chemicals/curie", "/history/curie"])
def test_what_is_clicked_is_large_enough(browsers: Browsers, stock: dict[str, int], path: str, width: int) -> None:
    page = browsers("ada", path, viewport={"width": width, "height": 900})
    assert accessibility_faults(page) == []
