"""Amounts on pages: as people write them, with the exact value at hand; and the question when a bottle would hold too much."""

from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.installation import Installation, PageClient, fields_of
from tests.sql.shelf import Shelf, shelf


@pytest.fixture
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as on:
        yield on


def page(installation: Installation, name: str) -> PageClient:
    return installation.page(name, "ada")


def words(found: Any) -> str:
    return " ".join(found.text.split())


def test_grams_of_a_bottle_in_millilitres_are_shown_with_the_digits_that_mean_something(
    installation: Installation, ada: Shelf
) -> None:
    bottle = ada.add_container("500", "mL", "Acetone", density="0.791")
    ada.post(bottle, "check_out", "100", "g")
    [[chemical]] = ada.run("SELECT chemical_id FROM inventory.containers WHERE id = %s", bottle)
    for where, path in (
        ("history", f"/history/curie?container={bottle}"),
        ("chemicals", f"/chemicals/curie/{chemical}"),
        ("chemicals", f"/chemicals/curie/containers/{bottle}"),
        ("chemicals", "/chemicals/curie?q=acetone"),
        ("home", "/home/curie"),
        ("checkout", f"/checkout/curie?container={bottle}"),
    ):
        soup = page(installation, where).soup(path)
        assert "126.42225" not in soup.text, path
        assert "373.577749" not in soup.text, path
    soup = page(installation, "history").soup(f"/history/curie?container={bottle}")
    amounts = [words(found) for found in soup.select(".ct-amt")]
    assert "−100g" in amounts
    assert "373.6mL" in amounts
    [exact] = {str(found["title"]) for found in soup.select(".ct-amt[title]") if found.text.startswith("373.6")}
    assert exact.startswith("373.5777496839")
    file = page(installation, "history").get(f"/history/curie/history.csv?container={bottle}").text
    assert "-126.422250316055" in file


def test_milligrams_of_a_jar_in_kilograms_stay_milligrams(installation: Installation, ada: Shelf) -> None:
    jar = ada.add_container("1", "kg", "Sodium azide")
    taken, *_ = ada.post(jar, "check_out", "250", "mg")
    [[chemical]] = ada.run("SELECT chemical_id FROM inventory.containers WHERE id = %s", jar)
    for where, path in (
        ("history", f"/history/curie?container={jar}"),
        ("home", "/home/curie"),
        ("chemicals", f"/chemicals/curie/{chemical}"),
        ("checkout", "/checkout/curie"),
        ("checkout", f"/checkout/curie/returns?movement={taken}"),
        ("history", f"/history/curie/{taken}/correct"),
    ):
        soup = page(installation, where).soup(path)
        assert "0.00025" not in soup.text, path
    out = page(installation, "checkout").soup(f"/checkout/curie/returns?movement={taken}")
    assert "250 mg taken" in words(out)


def test_a_count_that_is_corrected_says_empty_and_did_not_happen_apart(installation: Installation, ada: Shelf) -> None:
    history = page(installation, "history")
    jar = ada.add_container("100")
    counted, *_ = ada.post(jar, "count", "60")
    path = f"/history/curie/{counted}/correct"
    asked = words(history.soup(path).select_one("section.ct-confirm"))
    assert "0: it is empty." in asked
    assert "Nobody counted this container? Then the amount before the count holds again." in asked
    emptied = history.submit(path, "section.ct-confirm form", amount="0")
    assert "It holds 0 g now" in emptied.text
    assert ada.left(jar) == 0
    undone = history.submit(path, "section.ct-confirm form", press="button[value=undone]")
    assert "Undone. It holds 100 g now" in undone.text
    assert ada.left(jar) == 100
    lines = words(history.soup(f"/history/curie?container={jar}").select_one("#results"))
    assert "it did not happen" in lines


def overfull(ada: Shelf, amount: str | None = "400") -> int:
    container = ada.add_container(amount, "mL", "Brine")
    ada.run("UPDATE inventory.containers SET pack_size = 500, pack_unit = 'mL' WHERE id = %s", container)
    return container


QUESTION = "This is a pack of 500 mL. Does it really hold 600 mL?"


def agreed(client: PageClient, answer: Any, form: str, **more: str) -> Any:
    """Answers the question of a form with yes and sends the form again, which still has everything that was typed."""
    soup = BeautifulSoup(answer.text, "html.parser")
    assert QUESTION in words(soup), words(soup)[:500]
    found = soup.select_one(form)
    assert found is not None
    fields: dict[str, Any] = fields_of(found)
    box = found.select_one("input[type=checkbox][name$=holds_more]")
    assert box is not None
    return client.open(
        str(found["action"]), method="POST", data=fields | {str(box["name"]): ["1"]} | more, follow_redirects=True
    )


def test_the_question_is_answered_in_each_form(installation: Installation, ada: Shelf) -> None:
    checkout, history = page(installation, "checkout"), page(installation, "history")
    reconcile, checkin = page(installation, "reconcile"), page(installation, "checkin")

    unknown = overfull(ada, None)
    typed: dict[str, Any] = {"lines-0-left_before": "600", "lines-0-left_unit": "mL", "lines-0-amount": "5"}
    answer = checkout.submit(f"/checkout/curie?container={unknown}", "#basket", **typed)
    assert "5 mL of Brine checked out" in agreed(checkout, answer, "#basket").text
    assert ada.left(unknown) == 595

    held = overfull(ada)
    ada.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", held)
    answer = checkout.submit(f"/checkout/curie/bring-back?container={held}", "form.ct-panel", left_amount="600")
    assert "Brine is back" in agreed(checkout, answer, "form.ct-panel").text
    assert ada.left(held) == 600

    jar = overfull(ada)
    counted, *_ = ada.post(jar, "count", "450", "mL")
    answer = history.submit(f"/history/curie/{counted}/correct", "section.ct-confirm form", amount="600")
    assert "It holds 600 mL now" in agreed(history, answer, "section.ct-confirm form").text

    [[stocktake]] = ada.run("INSERT INTO inventory.stocktakes DEFAULT VALUES RETURNING id")
    path = f"/reconcile/curie/{stocktake}/count?container={overfull(ada)}"
    answer = reconcile.submit(path, "#count-form", press="button[value=counted]", amount="600")
    assert "600 mL" in agreed(reconcile, answer, "#count-form", result="counted").text

    form = {
        "lines-0-chemical-name": "Brine",
        "lines-0-pack-amount": "500",
        "lines-0-pack-unit": "mL",
        "lines-0-amount": "600",
        "lines-0-unit": "mL",
        "lines-0-count": "1",
    }
    answer = checkin.post(
        "/checkin/curie", data=form | {"csrf_token": token_of(checkin), "key": "receive-1", "act": "receive"}
    )
    assert QUESTION in answer.text


def token_of(client: PageClient) -> str:
    found = client.soup("/checkin/curie").select_one("input[name=csrf_token]")
    assert found is not None
    return str(found["value"])
