"""Signs that nobody sees, as they come with pasted and scanned texts, are dropped in each field; what is seen stays."""

import sys
from typing import Any

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder

from api.core import unseen as in_the_api
from pages.common import unseen as in_the_pages
from tests.installation import Installation, fields_of, words

NOISE = "\ufeff{}\u200b{}\u00a0"
"""A code or name in two halves, with a byte order mark before, a space of no width inside and a no-break space behind."""


@pytest.fixture(scope="module")
def bottle(installation: Installation) -> dict[str, Any]:
    """A bottle on a shelf, received in the page with noise in each field of a code or a name."""
    ada = installation.as_user("ada")
    room = ada.post("/labs/curie/locations", json={"kind": "room", "name": NOISE.format("Room", " 1")}).json()["id"]
    typed: dict[str, Any] = {
        "lines-0-chemical-name": NOISE.format("Sea", " salt, 25 ℃ 🔥"),
        "lines-0-chemical-cas_number": NOISE.format("7647", "-14-5"),
        "lines-0-count": NOISE.format("", "1"),
        "lines-0-pack-amount": NOISE.format("5", "00"),
        "lines-0-pack-unit": "g",
        "lines-0-scans": "1",
        "lines-0-barcodes": NOISE.format("MINE", "-9"),
        "lines-0-lot": NOISE.format("L", "-7"),
        "lines-0-location_id": str(room),
        "supplier": NOISE.format("V", "WR"),
    }
    page = installation.page("checkin", "ada")
    first = page.submit("/checkin/curie", "#work form", press="[name=add][value=new]")
    form = BeautifulSoup(first.text, "html.parser").select_one("#work form")
    assert form
    assert typed.keys() <= fields_of(form).keys()
    done = page.post("/checkin/curie", data=fields_of(form) | typed | {"act": "receive"}, follow_redirects=True)
    assert "1 container received" in words(done), words(done)
    [row] = ada.get("/labs/curie/containers", params={"q": "MINE-9"}).json()["items"]
    return dict(row)


def test_names_and_codes_are_kept_as_they_are_seen(bottle: dict[str, Any]) -> None:
    assert (bottle["barcode"], bottle["lot"], bottle["supplier"]) == ("MINE-9", "L-7", "VWR")
    assert (bottle["chemical_name"], bottle["cas_number"]) == ("Sea salt, 25 ℃ 🔥", "7647-14-5")
    assert (bottle["amount"], bottle["unit"], bottle["location"]) == ("500", "g", "Room 1")


@pytest.mark.parametrize(
    ("page", "address", "answer"),
    [
        ("chemicals", "/chemicals/curie?q={code}", "/C/curie/MINE-9"),
        ("chemicals", "/chemicals/curie?q={name}", "Sea salt"),
        ("chemicals", "/chemicals/curie/labels?scan={code}", "container="),
        ("chemicals", "/chemicals/curie/scanned?code={code}", "Sea salt"),
        ("chemicals", "/C/curie/{code}", "container="),
        ("checkout", "/checkout/curie?scan={code}", "MINE-9"),
        ("history", "/history/curie/move?scan={code}", "MINE-9, added"),
        ("history", "/history/curie?q={code}", "Sea salt"),
        ("disposal", "/disposal/curie?scan={code}", "container="),
    ],
)
def test_it_is_found_by_what_is_scanned_or_typed(
    installation: Installation, bottle: dict[str, Any], page: str, address: str, answer: str
) -> None:
    where = address.format(code=NOISE.format("mi", "ne-9"), name=NOISE.format("sea", " salt"))
    found = installation.page(page, "ada").get(where)
    assert answer in (found.headers.get("Location") or words(found)), words(found)[:2000]


def test_pages_and_api_drop_the_same_and_nothing_that_is_seen() -> None:
    for number in range(sys.maxunicode + 1):
        sign = chr(number)
        assert in_the_pages.as_seen(sign) == in_the_api.as_seen(sign)
    for seen in ("25 ℃", "🔥", "👩\u200d🔬", "می\u200cخواهم", "x\ny", "½", "µ", "Nº 5"):
        assert in_the_api.as_seen(seen) == seen


def test_a_password_stays_as_it_is() -> None:
    sent: MultiDict[str, str] = MultiDict({"username": "\ufeffada", "new_password": "a\u00a0b\u200b"})
    form = in_the_pages.PageRequest(EnvironBuilder(method="POST", data=sent).get_environ()).form
    assert form.to_dict() == {"username": "ada", "new_password": "a\u00a0b\u200b"}
