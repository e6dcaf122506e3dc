"""Check out, return, take a bottle and bring it back: the pages without script, over the real API."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from tests.installation import Installation, PageClient, words
from tests.sql.shelf import LEDGER_FAULTS, Shelf, shelf

FORM = "form#basket"
ADD = "[data-scan-button]"


@pytest.fixture
def shelf_of_ben(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation, "ben") as on:
        yield on
        assert on.run(LEDGER_FAULTS) == []


@pytest.fixture
def ben(installation: Installation) -> PageClient:
    return installation.page("checkout", "ben")


def code_of(on: Shelf, container: int) -> str:
    [[code]] = on.run("SELECT barcode FROM inventory.containers WHERE id = %s", container)
    return str(code)


def parsed(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def typed(*amounts: str, **more: str) -> dict[str, Any]:
    """The form's fields for these amounts, one for each line; further fields belong to the first line (unit, left_before …)."""
    return {f"lines-{n}-amount": text for n, text in enumerate(amounts)} | {
        f"lines-0-{name}": v for name, v in more.items()
    }


def back(amounts: dict[int, str]) -> dict[str, Any]:
    """The fields of the form for returns."""
    return {f"amount-{movement}": text for movement, text in amounts.items()}


def line_names(answer: TestResponse | BeautifulSoup) -> list[str]:
    soup = answer if isinstance(answer, BeautifulSoup) else parsed(answer)
    return [name.text for name in soup.select(".ct-basket .name")]


def test_an_empty_form_says_what_to_do_and_offers_no_button(ben: PageClient) -> None:
    soup = ben.soup("/checkout/curie")
    assert "Nothing yet" in soup.text
    assert soup.select_one("#foot")["hidden"] == ""  # type: ignore[index]
    assert soup.select_one("#scan").has_attr("autofocus")  # type: ignore[union-attr]


def test_a_scan_adds_a_line_with_the_cursor_in_its_amount_and_enter_checks_out(
    ben: PageClient, shelf_of_ben: Shelf
) -> None:
    bottle = shelf_of_ben.add_container("1.62", "L", "Tetrahydrofuran")
    scanned = ben.submit("/checkout/curie", FORM, scan=code_of(shelf_of_ben, bottle), press=ADD)
    soup = parsed(scanned)
    assert line_names(soup) == ["Tetrahydrofuran"]
    assert soup.select_one("#lines-0-amount").has_attr("autofocus")  # type: ignore[union-attr]
    assert not soup.select_one("#scan").has_attr("autofocus")  # type: ignore[union-attr]
    assert "of 1.62 L" in soup.text
    done = ben.submit(f"/checkout/curie?container={bottle}", FORM, **typed("250", unit="mL"))
    assert "250 mL of Tetrahydrofuran checked out" in done.text
    assert shelf_of_ben.left(bottle) == Decimal("1.37")


def test_without_script_enter_in_the_scan_field_adds_the_line_and_takes_nothing(
    ben: PageClient, shelf_of_ben: Shelf
) -> None:
    jar, other = shelf_of_ben.add_container("10", "g", "First jar"), shelf_of_ben.add_container("10", "g", "Second jar")
    answer = ben.submit(
        f"/checkout/curie?container={jar}",
        FORM,
        scan=code_of(shelf_of_ben, other),
        purpose="Practical 3",
        **typed("2"),
    )
    assert answer.status_code == 200
    assert line_names(answer) == ["Second jar", "First jar"]
    soup = parsed(answer)
    assert soup.select_one("#lines-1-amount")["value"] == "2"  # type: ignore[index]
    assert soup.select_one("#purpose")["value"] == "Practical 3"  # type: ignore[index]
    assert "leaves 8 g" in soup.text
    assert shelf_of_ben.left(jar) == 10


def test_words_with_several_hits_are_chosen_from_a_list(ben: PageClient, shelf_of_ben: Shelf) -> None:
    jars = [shelf_of_ben.add_container("10", "g", f"Zirconyl salt {number}") for number in (1, 2)]
    path = "/checkout/curie?scan=zirconyl"
    assert [words(hit) for hit in ben.soup(path).select(".ct-list button[name=add]")] == ["Add", "Add"]
    answer = ben.submit(path, FORM, press=f"button[name=add][value='{jars[1]}']")
    assert line_names(answer) == ["Zirconyl salt 2"]
    assert line_names(ben.soup("/checkout/curie?scan=zirconyl+2")) == ["Zirconyl salt 2"]
    assert line_names(ben.soup(f"/checkout/curie?scan={code_of(shelf_of_ben, jars[0])}")) == ["Zirconyl salt 1"]


def test_an_unknown_code_is_a_miss_that_offers_to_receive_it(ben: PageClient) -> None:
    soup = ben.soup("/checkout/curie?scan=NO-SUCH-1")
    state = soup.select_one("#scan-state")
    assert state
    assert state.select_one("[data-sound=miss]")
    assert "“NO-SUCH-1” is on no container here." in state.text
    assert state.select_one("a")["href"] == "/checkin/curie?barcode=NO-SUCH-1"  # type: ignore[index]


def test_a_line_is_taken_out_again_and_the_others_stay(ben: PageClient, shelf_of_ben: Shelf) -> None:
    jars = [shelf_of_ben.add_container("10", "g", name) for name in ("Keep me", "Leave me")]
    path = f"/checkout/curie?container={jars[0]}&amount=1&unit=mg&container={jars[1]}&amount=2&unit=g"
    answer = ben.submit(path, FORM, press=f"button[name=remove][value='{jars[1]}']")
    assert line_names(answer) == ["Keep me"]
    soup = parsed(answer)
    assert soup.select_one("#lines-0-amount")["value"] == "1"  # type: ignore[index]
    assert soup.select_one("#lines-0-unit option[selected]").text == "mg"  # type: ignore[union-attr]


def test_what_is_refused_is_said_on_each_line_and_what_was_typed_stays(ben: PageClient, shelf_of_ben: Shelf) -> None:
    names = ("Plenty", "Little", "Comma")
    jars = [
        shelf_of_ben.add_container(amount, "g", name) for amount, name in zip(("100", "1", "100"), names, strict=True)
    ]
    path = "/checkout/curie?" + "&".join(f"container={jar}" for jar in jars)
    answer = ben.submit(path, FORM, purpose="CK-421", **typed("5", "2", "5 mL"))
    assert answer.status_code == 422
    soup = parsed(answer)
    assert [error.text.strip() for error in soup.select(".ct-error")] == [
        "Only 1 g is left in this bottle. Take less, or scan a second one.",
        "mL does not fit what is kept in g. Write the amount in a unit like g.",
    ]
    assert [field["id"] for field in soup.select("[aria-invalid=true]")] == ["lines-1-amount", "lines-2-amount"]
    assert soup.select_one("#lines-1-amount")["value"] == "2"  # type: ignore[index]
    assert soup.select_one("#purpose")["value"] == "CK-421"  # type: ignore[index]
    assert "2 of 3 need a look before anything moves." in words(soup)
    assert [shelf_of_ben.left(jar) for jar in jars] == [100, 1, 100]


@pytest.mark.parametrize("amount", ["", "1,5", "-1", "0", "1e3", "9" * 39, "x", "NaN"])
def test_a_bad_amount_is_refused_on_its_line(ben: PageClient, shelf_of_ben: Shelf, amount: str) -> None:
    jar = shelf_of_ben.add_container("10", "g", "Patient jar")
    answer = ben.submit(f"/checkout/curie?container={jar}", FORM, **typed(amount))
    assert answer.status_code == 422
    assert parsed(answer).select_one("#lines-0-error")
    assert shelf_of_ben.left(jar) == 10


def test_a_unit_beside_the_number_goes_before_the_list(ben: PageClient, shelf_of_ben: Shelf) -> None:
    jar = shelf_of_ben.add_container("10", "g", "Weighed jar")
    ben.submit(f"/checkout/curie?container={jar}", FORM, **typed("250mg"))
    assert shelf_of_ben.left(jar) == Decimal("9.75")


def test_what_is_in_it_is_asked_where_nobody_knows(ben: PageClient, shelf_of_ben: Shelf) -> None:
    jar = shelf_of_ben.add_container(None, "g", "Old jar")
    path = f"/checkout/curie?container={jar}"
    refused = ben.submit(path, FORM, **typed("1"))
    assert refused.status_code == 422
    assert "is not known. Write what is in it first." in parsed(refused).select_one("#lines-0-before-error").text  # type: ignore[union-attr]
    ben.submit(path, FORM, **typed("1", left_before="40"))
    assert shelf_of_ben.left(jar) == 39


def test_several_are_checked_out_in_one_go_and_undone_in_one(ben: PageClient, shelf_of_ben: Shelf) -> None:
    jars = [shelf_of_ben.add_container("10", "g", f"Undone jar {number}") for number in (1, 2)]
    path = f"/checkout/curie?container={jars[0]}&container={jars[1]}"
    done = ben.submit(path, FORM, **typed("1", "2"))
    assert "2 amounts checked out" in done.text
    assert [shelf_of_ben.left(jar) for jar in jars] == [9, 8]
    [toast] = parsed(done).select(".ct-toast form")
    data = {str(field["name"]): str(field["value"]) for field in toast.select("input")}
    undone = ben.post(str(toast["action"]), data=data, follow_redirects=True)
    assert "Undone: all is as it was" in undone.text
    assert [shelf_of_ben.left(jar) for jar in jars] == [10, 10]


def test_wear_and_watch_counts_hazards_in_words(ben: PageClient, shelf_of_ben: Shelf) -> None:
    first, second = shelf_of_ben.add_container("10", "g", "Fiery"), shelf_of_ben.add_container("10", "g", "Unlooked at")
    shelf_of_ben.run("UPDATE inventory.chemicals SET pictograms = '{GHS02,GHS07}' WHERE name = 'Fiery'")
    watch = ben.soup(f"/checkout/curie?container={first}&container={second}").select_one("#watch")
    assert watch
    assert "In what you take: flammable (1), harmful or irritant (1), not known (1)." in " ".join(watch.text.split())
    assert "Treat it as hazardous." in watch.text


def test_an_answer_for_htmx_holds_only_what_changed_and_the_address(ben: PageClient, shelf_of_ben: Shelf) -> None:
    jar = shelf_of_ben.add_container("10", "g", "Live jar")
    soup = ben.soup("/checkout/curie")
    token = soup.select_one("input[name=csrf_token]")
    assert token
    data = {"csrf_token": token["value"], "scan": code_of(shelf_of_ben, jar)}
    answer = ben.post("/checkout/curie/lines", data=data, headers={"HX-Request": "true"})
    assert answer.headers["HX-Replace-Url"] == f"/checkout/curie?container={jar}&amount=&unit=g"
    changed = parsed(answer)
    assert {element["id"] for element in changed.select("[hx-swap-oob]")} == {"scan-state", "watch", "foot"}
    assert changed.select_one("#taking [data-focus]")["id"] == "lines-0-amount"  # type: ignore[index]
    assert not changed.select("#scan, html, [name=csrf_token]")


# -- bottles and rests ------------------------------------------------------------------------------------------------


def test_a_bottle_is_taken_with_one_press_and_brought_back_with_what_is_left(
    installation: Installation, ben: PageClient, shelf_of_ben: Shelf
) -> None:
    bottle, other = (shelf_of_ben.add_container("1", "L", name) for name in ("Borrowed", "Stays in the list"))
    path = f"/checkout/curie?container={bottle}&amount=&unit=L&container={other}&amount=20&unit=mL"
    taken = ben.submit(path, FORM, press=f"button[name=bottle][value='{bottle}']")
    assert f"You have Borrowed, {code_of(shelf_of_ben, bottle)}" in taken.text
    assert line_names(taken) == ["Stays in the list"]
    assert parsed(taken).select_one("#lines-0-amount")["value"] == "20"  # type: ignore[index]
    assert "with you since today" in taken.text

    adas = installation.page("checkout", "ada").submit(
        f"/checkout/curie?container={other}", FORM, press="button[name=bottle]"
    )
    assert "You have Stays in the list" in adas.text
    refused = ben.submit(path, FORM, press=f"button[name=remove][value='{bottle}']")
    assert "with Ada Lind since today" in refused.text

    back = f"/checkout/curie/bring-back?container={bottle}"
    wrong = ben.submit(back, "form.ct-panel", left_amount="")
    assert wrong.status_code == 422
    assert "Write what is left in it, or say that nothing was used." in wrong.text
    done = ben.submit(back, "form.ct-panel", left_amount="750", left_unit="mL", purpose="Column")
    assert "Borrowed is back: 0.25 L used" in done.text
    assert shelf_of_ben.left(bottle) == Decimal("0.75")


def test_a_bottle_that_somebody_took_meanwhile_is_refused_on_its_line(
    installation: Installation, ben: PageClient, shelf_of_ben: Shelf
) -> None:
    bottle = shelf_of_ben.add_container("1", "L", "Contested")
    path = f"/checkout/curie?container={bottle}"
    soup = ben.soup(path)
    installation.as_user("ada").post("/labs/curie/holdings", json={"container_ids": [bottle]})
    form = soup.select_one(FORM)
    assert form
    data = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[name]")}
    answer = ben.post("/checkout/curie/bottles", data=data | {"bottle": str(bottle)})
    assert answer.status_code == 422
    assert "Ada Lind has this bottle since today." in parsed(answer).select_one("#lines-0-error").text  # type: ignore[union-attr]


def test_nothing_was_used_brings_it_back_unchanged_and_undo_takes_it_again(
    ben: PageClient, shelf_of_ben: Shelf
) -> None:
    bottle = shelf_of_ben.add_container("1", "L", "Untouched")
    ben.submit(f"/checkout/curie?container={bottle}", FORM, press="button[name=bottle]")
    done = ben.submit(f"/checkout/curie/bring-back?container={bottle}", "form.ct-panel", press="button[name=unchanged]")
    assert "Untouched is back" in done.text
    assert shelf_of_ben.left(bottle) == 1
    [toast] = parsed(done).select(".ct-toast form")
    data = {str(field["name"]): str(field["value"]) for field in toast.select("input")}
    assert "Undone: all is as it was" in ben.post(str(toast["action"]), data=data, follow_redirects=True).text
    assert "Untouched" in ben.get(f"/checkout/curie/bring-back?container={bottle}").text


def test_a_manager_gives_a_bottle_to_somebody_else(
    installation: Installation, ben: PageClient, shelf_of_ben: Shelf
) -> None:
    bottle = shelf_of_ben.add_container("1", "L", "Handed over")
    ben.submit(f"/checkout/curie?container={bottle}", FORM, press="button[name=bottle]")
    back = f"/checkout/curie/bring-back?container={bottle}"
    assert not ben.soup(back).select("[name=holder_id]")
    [[ada]] = installation.psql("SELECT id FROM control.users WHERE username = 'ada'")
    manager = installation.page("checkout", "ada")
    soup = manager.soup(back)
    form = soup.select_one(f"form#c{bottle}-give")
    assert form
    assert soup.select_one(f"select[form=c{bottle}-give]")
    data = {str(field["name"]): str(field["value"]) for field in form.select("input")} | {"holder_id": str(ada)}
    given = manager.post(str(form["action"]), data=data, follow_redirects=True)
    assert "Handed over" in given.text
    assert "is with Ada Lind now" in given.text
    assert "somebody else has it" in ben.get(back).text


def test_a_rest_comes_back_of_the_check_outs_that_were_filled_in(ben: PageClient, shelf_of_ben: Shelf) -> None:
    jars = [shelf_of_ben.add_container("100", "g", f"Rest of {number}") for number in (1, 2, 3)]
    movements = [shelf_of_ben.post(jar, "check_out", "10", reason="Practical")[0] for jar in jars]
    path = "/checkout/curie/returns?" + "&".join(f"movement={movement}" for movement in movements)
    wrong = ben.submit(path, "main form", **back({movements[2]: "11"}))
    assert wrong.status_code == 422
    soup = parsed(wrong)
    [said] = soup.select(f"#amount-{movements[2]}-error")
    assert said.text.strip() == "More cannot come back than was taken: 10 g."
    assert soup.select_one(f"#amount-{movements[2]}")["value"] == "11"  # type: ignore[index]
    assert "of at least one" in ben.submit(path, "main form").text
    done = ben.submit(path, "main form", **back({movements[1]: "4", movements[2]: "500 mg"}))
    assert "2 amounts put back" in done.text
    assert [shelf_of_ben.left(jar) for jar in jars] == [90, 94, Decimal("90.5")]
    mine = ben.soup("/checkout/curie/returns")
    assert "of 6 g out" in mine.text


# -- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/returns", "/bring-back"])
def test_a_viewer_is_told_that_they_look_and_do_not_change(installation: Installation, path: str) -> None:
    answer = installation.page("checkout", "cleo").get(f"/checkout/curie{path}")
    assert answer.status_code == 403
    assert "You are a viewer of Curie lab: you can look, not change." in answer.text


def test_a_member_is_told_that_only_a_manager_may(installation: Installation) -> None:
    answer = installation.page("reconcile", "ben").get("/reconcile/curie/locations/new")
    assert answer.status_code == 403
    assert "You are a member of Curie lab: only a manager may do this." in answer.text


@pytest.mark.parametrize("who", ["eve", "root"])
def test_a_stranger_finds_nothing(installation: Installation, who: str) -> None:
    client = installation.page("checkout", who)
    assert client.get("/checkout/curie").status_code == client.get("/checkout/nowhere").status_code == 404


def test_another_labs_container_is_not_there(installation: Installation, shelf_of_ben: Shelf) -> None:
    jar = shelf_of_ben.add_container("10", "g", "Curie's alone")
    eve = installation.page("checkout", "eve")
    soup = eve.soup(f"/checkout/hodgkin?container={jar}&scan=Curie")
    assert line_names(soup) == []
    assert "Curie's alone" not in soup.text


@pytest.mark.parametrize(
    "query", ["container=x", "container=-1", "container=9999999999999999999", "amount=1", "movement=%00", "scan=%00%01"]
)
def test_an_address_that_cannot_be_shows_the_form_all_the_same(ben: PageClient, query: str) -> None:
    for path in ("", "/returns", "/bring-back"):
        assert ben.get(f"/checkout/curie{path}?{query}").status_code == 200


@pytest.mark.parametrize("path", ["", "/lines", "/bottles", "/undo", "/returns", "/bring-back", "/give"])
@pytest.mark.parametrize("fields", [{}, {"movements": "x y", "bottle": "x", "container_id": "9" * 30, "remove": "-1"}])
def test_a_form_of_nonsense_changes_nothing_and_is_no_fault_of_ours(
    ben: PageClient, path: str, fields: dict[str, Any]
) -> None:
    token = ben.soup("/checkout/curie").select_one("input[name=csrf_token]")
    assert token
    answer = ben.post(f"/checkout/curie{path}", data={"csrf_token": token["value"], **fields})
    assert answer.status_code in (200, 404, 422), answer.status


def test_a_form_without_its_token_is_refused(ben: PageClient) -> None:
    assert ben.post("/checkout/curie", data={"lines-0-container_id": "1"}).status_code == 400
