"""The address on a label is followed where it is of this lab and this installation. If not, each scan field says where it leads."""

from urllib.parse import quote

import pytest

from tests.installation import Installation, words
from tests.sql.shelf import shelf

FIELDS = {
    "checkout": "/checkout/curie?scan=",
    "checkin": "/checkin/curie?q=",
    "disposal": "/disposal/curie?scan=",
    "history": "/history/curie/move?scan=",
    "chemicals": "/chemicals/curie?q=",
    "labels": "/chemicals/curie/labels?scan=",
}


@pytest.fixture(scope="module")
def bottle(installation: Installation) -> tuple[int, str]:
    with shelf(installation) as on:
        number = on.add_container(name="Label salt")
        [[barcode]] = on.run("SELECT barcode FROM inventory.containers WHERE id = %s", number)
    return number, str(barcode)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    ("host", "lab"),
    [("CHEM.EXAMPLE", "HODGKIN"), ("CHEM.EXAMPLE.ORG", "CURIE"), ("]Q1HTTPS://OTHER.EXAMPLE:1", "CURIE")],
)
def test_another_labels_address_is_not_followed_and_the_field_says_so(
    installation: Installation, bottle: tuple[int, str], field: str, host: str, lab: str
) -> None:
    address = f"{host if '//' in host else 'HTTPS://' + host}/C/{lab}/{bottle[1]}"
    answer = installation.page("chemicals" if field == "labels" else field, "ben").get(
        FIELDS[field] + quote(address, safe="")
    )
    assert answer.status_code == 200
    shown = f"{bottle[1]} is on no container here: its label leads to the lab “{lab.lower()}” at {host.split('//')[-1].lower()}."
    assert shown in " ".join(answer.text.split())


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("host", ["HTTPS://CHEM.EXAMPLE", "]Q1https://chem.example", "HTTP://OLD.EXAMPLE:8443"])
def test_the_labs_own_address_is_as_good_as_the_barcode(
    installation: Installation, bottle: tuple[int, str], field: str, host: str
) -> None:
    client = installation.page("chemicals" if field == "labels" else field, "ben")
    by_code, by_address = (
        client.get(FIELDS[field] + quote(typed, safe="")) for typed in (bottle[1], f"{host}/C/CURIE/{bottle[1]}")
    )
    assert by_address.status_code == by_code.status_code
    if by_code.status_code == 302:
        assert by_address.location == by_code.location
    else:
        assert bottle[1] in words(client.soup(FIELDS[field] + quote(f"{host}/C/CURIE/{bottle[1]}", safe="")))
    assert "its label leads to" not in by_address.text
