"""Enter in a field presses the first submit button of its form: that does the obvious act, or one that harms nothing."""

import re

import pytest
from bs4 import BeautifulSoup, Tag

from tests.api.test_every_route import stock
from tests.installation import Installation
from tests.pages.test_crawl import Crawler

FIRST = {
    "/checkin/LAB": "Find",
    "/checkin/LAB/attach": "Find",
    "/checkout/LAB": "Check out",
    "/chemicals/LAB/N/edit": "Save",
    "/chemicals/LAB/labels.pdf": "Print labels",
    "/chemicals/LAB/new": "Save",
    "/history/LAB/N/correct": "Correct it",
    "/history/LAB/move": "Find",
    "/reconcile/LAB/locations/new": "Add it",
    "/reconcile/LAB/new": "Enter starts no count",
}
"""Address of a form with several submit buttons → the button that Enter presses. Every other form has one button. In an amount of a
check-out Enter checks out (scan, amount, Enter); the scan field has a button of its own."""


TYPED = "input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), select"
"""CSS selector of fields in which Enter sends the form."""


def buttons_of(form: Tag, page: BeautifulSoup) -> list[Tag]:
    """The buttons that send the form, in the order of the page, including those outside the form."""
    own = str(form.get("id", ""))
    return [
        button
        for button in page.select("button, input[type=submit], input[type=image]")
        if button.get("type", "submit") in ("submit", "image")
        and (button.get("form") == own if button.has_attr("form") else button.find_parent("form") is form)
    ]


def acts(button: Tag) -> tuple[str, ...]:
    return tuple(str(button.get(name, "")) for name in ("name", "value", "formaction"))


@pytest.mark.timeout(600)
def test_enter_never_presses_a_button_that_nobody_chose_for_it(installation: Installation) -> None:
    ada = installation.as_user("ada")
    i = stock(ada, "curie")
    again = ada.post(
        "/labs/curie/check-outs",
        json={"purpose": "", "lines": [{"container_id": i.container, "amount": "1", "unit": "g"}]},
    )
    line = again.json()["items"][0]["movement_id"]
    starts = [
        "/home/curie",
        f"/history/curie/correct/{line}",
        f"/checkout/curie?container={i.container}",
        f"/checkin/curie?chemical={i.chemical}",
        f"/checkin/curie/attach?code=4006381333931&q={i.barcode}",
        f"/history/curie/move?container={i.container}",
        f"/disposal/curie/mark?container={i.container}",
        "/chemicals/curie/new?q=109-99-9",
    ]
    found: dict[str, str] = {}
    for who, begin in (("ada", starts), ("root", ["/admin"])):
        for path, (_, text) in Crawler(installation, who).crawl(*begin).items():
            page = BeautifulSoup(text, "html.parser")
            for form in (form for form in page.select("form") if form.select_one(TYPED)):
                buttons = buttons_of(form, page)
                if len({acts(button) for button in buttons}) > 1:
                    address = re.sub(r"\d+", "N", str(form.get("action") or path).split("?")[0]).replace("curie", "LAB")
                    found[address] = " ".join(buttons[0].get_text().split()) or str(buttons[0].get("aria-label"))
    assert found == FIRST
