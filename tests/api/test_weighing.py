"""What is left in a container is weighed with it: the tare comes off, and where that cannot be done, a sentence says why."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import requests
from bs4 import BeautifulSoup

from tests.api.test_stocktakes import add_location
from tests.installation import Installation
from tests.sql.shelf import Shelf, shelf

TARE = "212.1"


@pytest.fixture
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as on:
        yield on


def bottle_of(ada: Shelf, amount: str | None, unit: str, tare: str | None = TARE, density: str | None = None) -> int:
    container = ada.add_container(amount, unit, density=density)
    ada.run("UPDATE inventory.containers SET tare_g = %s WHERE id = %s", tare, container)
    return container


def send(installation: Installation, path: str, body: dict[str, Any]) -> requests.Response:
    return installation.as_user("ada").send_once(f"/labs/curie{path}", body)


@pytest.fixture
def stocktake(installation: Installation, request: pytest.FixtureRequest) -> Iterator[int]:
    place = add_location(installation, request.node.name[-80:])
    made = send(installation, "/stocktakes", {"location_id": place}).json()["id"]
    yield made
    assert send(installation, f"/stocktakes/{made}/cancel", {}).status_code == 200


def count(installation: Installation, stocktake: int, container: int, **line: Any) -> requests.Response:
    lines = [{"container_id": container, **line}]
    return send(installation, f"/stocktakes/{stocktake}/counts", {"lines": lines})


def counted(installation: Installation, stocktake: int, container: int) -> tuple[str, str]:
    path = f"/labs/curie/stocktakes/{stocktake}/lines"
    hit = installation.as_user("ada").get(path, params={"container": container}).json()["hit"]
    assert hit["tare_g"] == TARE
    return hit["counted"], hit["counted_unit"]


@pytest.mark.parametrize(
    "line",
    [
        {"counted": "512.3 g gross"},
        {"counted": "512.3gross", "unit": "g"},
        {"counted": "512.3 g Gross", "unit": "kg"},
        {"counted": "0.5123", "unit": "kg", "gross": True},
    ],
)
def test_the_tare_comes_off_what_was_weighed(
    installation: Installation, ada: Shelf, stocktake: int, line: dict[str, Any]
) -> None:
    jar = bottle_of(ada, "310", "g")
    assert count(installation, stocktake, jar, **line).status_code == 200
    assert counted(installation, stocktake, jar) == ("300.2", "g")


def test_a_volume_is_weighed_by_its_density(installation: Installation, ada: Shelf, stocktake: int) -> None:
    bottle = bottle_of(ada, "100", "mL", density="0.8")
    assert count(installation, stocktake, bottle, counted="252.1 g gross").status_code == 200
    path = f"/labs/curie/stocktakes/{stocktake}/lines"
    hit = installation.as_user("ada").get(path, params={"container": bottle}).json()["hit"]
    assert (hit["counted"], hit["counted_unit"], hit["variance"], hit["unit"]) == ("40", "g", "-50", "mL")


def test_an_unknown_amount_is_weighed(installation: Installation, ada: Shelf, stocktake: int) -> None:
    jar = bottle_of(ada, None, "g")
    assert count(installation, stocktake, jar, counted="0.5123 kg gross").status_code == 200
    assert counted(installation, stocktake, jar) == ("300.2", "g")


def test_an_empty_container_weighs_its_tare(installation: Installation, ada: Shelf, stocktake: int) -> None:
    jar = bottle_of(ada, "5", "g")
    assert count(installation, stocktake, jar, counted=f"{TARE} g gross").status_code == 200
    assert counted(installation, stocktake, jar) == ("0", "g")


@pytest.mark.parametrize(
    ("amount", "unit", "tare", "typed", "sentence"),
    [
        ("10", "g", TARE, "212 g gross", "212 g is less than the tare of {code}, 212.1 g. Weigh it again, or correct its tare."),
        ("10", "g", None, "300 g gross", "The tare of {code} is not known. Write what the empty container weighs on its label first."),
        ("10", "g", TARE, "300 mL gross", "Write the weight with a unit of mass, such as 512.3 g gross."),
        ("10", "mL", TARE, "300 g gross", "What is in {code} is kept as a volume. Write the density of its chemical first, or measure the volume."),
        ("10", "each", TARE, "300 g gross", "What is in {code} is not kept as a mass or volume. Count it instead."),
    ],
)  # fmt: skip
def test_what_cannot_be_weighed_is_said_beside_the_field(
    installation: Installation,
    ada: Shelf,
    stocktake: int,
    amount: str,
    unit: str,
    tare: str | None,
    typed: str,
    sentence: str,
) -> None:
    jar = bottle_of(ada, amount, unit, tare)
    [[code]] = ada.run("SELECT barcode FROM inventory.containers WHERE id = %s", jar)
    said = [{"pointer": "/lines/0/counted", "detail": sentence.format(code=code)}]
    refused = count(installation, stocktake, jar, counted=typed)
    assert (refused.status_code, refused.json()["errors"]) == (422, said)
    line, *_ = ada.post(jar, "count", amount, unit)
    refused = send(installation, "/corrections", {"lines": [{"movement_id": line, "amount": typed}]})
    assert refused.status_code == 422
    assert refused.json()["errors"] == [said[0] | {"pointer": "/lines/0/amount"}]


def test_more_than_the_pack_is_asked_about_without_the_tare(
    installation: Installation, ada: Shelf, stocktake: int
) -> None:
    jar = bottle_of(ada, "300", "g")
    ada.run("UPDATE inventory.containers SET pack_size = 500, pack_unit = 'g' WHERE id = %s", jar)
    assert count(installation, stocktake, jar, counted="712.1 g gross").status_code == 200
    asked = count(installation, stocktake, jar, counted="712.2 g gross")
    question = {"pointer": "/lines/0/holds_more", "detail": "This is a pack of 500 g. Does it really hold 500.1 g?"}
    assert (asked.status_code, asked.json()["errors"]) == (409, [question])


def test_a_count_is_corrected_by_a_weight_and_nothing_else_is(installation: Installation, ada: Shelf) -> None:
    jar = bottle_of(ada, "400", "g")
    line, *_ = ada.post(jar, "count", "350")
    corrected = send(installation, "/corrections", {"lines": [{"movement_id": line, "amount": "512.3 g gross"}]})
    assert corrected.status_code == 201, corrected.text
    assert corrected.json()["items"][0]["balance"] == "300.2"
    taken, *_ = ada.post(jar, "check_out", "10")
    refused = send(
        installation, "/corrections", {"lines": [{"movement_id": taken, "amount": "300", "unit": "g", "gross": True}]}
    )
    assert refused.status_code == 409
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/lines/0/amount"]


def test_the_tare_of_an_empty_container_of_the_same_pack_is_proposed(installation: Installation, ada: Shelf) -> None:
    emptied = bottle_of(ada, "500", "g", "211")
    ada.post(emptied, "check_out", "500")
    pack = "500, 'g', %s, %s"
    [[code, chemical]] = ada.run("SELECT barcode, chemical_id FROM inventory.containers WHERE id = %s", emptied)
    ada.run(
        "UPDATE inventory.containers SET (pack_size, pack_unit, supplier) = (500, 'g', 'Merck') WHERE id = %s", emptied
    )
    columns = "chemical_id, unit, pack_size, pack_unit, supplier, tare_g"
    put = f"INSERT INTO inventory.containers ({columns}) VALUES (%s, 'g', {pack}) RETURNING id"
    [[another]] = ada.run(put, chemical, "merck", None)
    ada.run(put, chemical, "Merck", "99")  # nobody has said that this one is empty
    asked = installation.as_user("ada")
    found = asked.get(f"/labs/curie/containers/{another}").json()
    assert found["tare_g"] is None
    assert found["tare_proposal"] == {"container_id": emptied, "barcode": code, "tare_g": "211"}
    page = installation.page("chemicals", "ada")
    address = f"/chemicals/curie/containers/{another}/edit"
    form = page.soup(address)
    assert form.select_one("#tare_g").get("value", "") == ""  # type: ignore[union-attr]
    [proposal] = form.select("[name=take_tare]")
    assert proposal["value"] == "211"
    assert not proposal.has_attr("checked")
    page.submit(address, "form:has([name=was])", take_tare="211")
    assert asked.get(f"/labs/curie/containers/{another}").json()["tare_g"] == "211"
    for column, value in (("pack_size", "250"), ("supplier", "Roth")):
        [[other]] = ada.run(put, chemical, "Merck", None)
        ada.run(f"UPDATE inventory.containers SET {column} = %s WHERE id = %s", value, other)
        assert asked.get(f"/labs/curie/containers/{other}").json()["tare_proposal"] is None


def test_the_page_of_counting_takes_the_tare_off_and_keeps_what_was_typed(
    installation: Installation, ada: Shelf, stocktake: int
) -> None:
    jar, bare = bottle_of(ada, "310", "g"), bottle_of(ada, "310", "g", None)
    page = installation.page("reconcile", "ada")
    form = "form#count-form"
    address = f"/reconcile/curie/{stocktake}/count?container={jar}"
    refused = page.submit(address, form, amount="200", gross="1", press="button[value=counted]")
    assert refused.status_code == 422
    shown = BeautifulSoup(refused.data, "html.parser")
    assert "200 g is less than the tare" in shown.select_one("#amount-error").text  # type: ignore[union-attr]
    assert shown.select_one("#amount")["value"] == "200"  # type: ignore[index]
    assert shown.select_one("[name=gross]").has_attr("checked")  # type: ignore[union-attr]
    page.submit(address, form, amount="512.3", gross="1", press="button[value=counted]")
    assert counted(installation, stocktake, jar) == ("300.2", "g")
    shown = page.soup(f"/reconcile/curie/{stocktake}/count?container={bare}")
    assert not shown.select("[name=gross]")
    [link] = shown.select(f'a[href="/chemicals/curie/containers/{bare}/edit"]')
    assert "tare" in link.text
    line, *_ = ada.post(jar, "count", "350")
    history = installation.page("history", "ada")
    history.submit(f"/history/curie/{line}/correct", "form:has([name=reason])", amount="412.1", gross="1")
    assert ada.left(jar) == Decimal(200)
