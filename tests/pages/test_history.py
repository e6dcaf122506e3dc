"""The history page: filters, correcting a line, moving containers."""

import csv
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

from tests.installation import Installation, PageClient, fields_of
from tests.sql.shelf import Shelf, shelf

Known = dict[str, int]


def at(on: Shelf, moment: str) -> None:
    """Gives everything that is written from now on the time `moment`; "" stands for the real time."""
    on.run("SELECT set_config('app.clock', %s, false)", moment)


@pytest.fixture(scope="module")
def known(installation: Installation) -> Known:
    """A shelf of curie's with a history of three days, and one bottle of hodgkin's."""
    with shelf(installation, "ada") as ada, shelf(installation, "ben") as ben:
        location = "INSERT INTO inventory.locations (parent_id, kind, name) VALUES (%s, %s, %s) RETURNING id"
        [[room]] = ada.run(location, None, "room", "Room 2.14")
        [[cold]] = ada.run(location, None, "room", "Cold room")
        [[shelf_2]] = ada.run(location, room, "shelf", "Shelf 2")
        at(ada, "2025-03-02T09:00:00Z")
        thf = ada.add_container("2", "L", "Tetrahydrofuran")
        salt = ada.add_container("500", "g", "Table salt")
        ada.run("UPDATE inventory.containers SET location_id = %s WHERE id IN (%s, %s)", shelf_2, thf, salt)
        at(ben, "2025-07-01T10:00:00Z")
        wrong, *_ = ben.post(thf, "check_out", "250", "mL", reason="Lithiation, <CK-421>")
        at(ada, "2025-07-02T10:00:00Z")
        correction, *_ = ada.post(thf, "correct", "25", "mL", refers_to=wrong, reason="Misread")
        held = ada.add_container("5", "g", "Palladium on carbon")
        gone = ada.add_container("5", "g", "Old ether")
        disposal, *_ = ada.post(gone, "dispose")
        at(ben, "2025-07-03T10:00:00Z")
        ben.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", held)
    with shelf(installation, "eve", "hodgkin") as eve:
        eves = eve.add_container("1", "mg", "Lysozyme")
    return {
        "thf": thf, "salt": salt, "held": held, "gone": gone, "eves": eves, "wrong": wrong, "correction": correction,
        "disposal": disposal, "shelf": shelf_2, "cold": cold,
    }  # fmt: skip


@pytest.fixture
def ada(installation: Installation, known: Known) -> PageClient:
    return installation.page("history", "ada")


@pytest.fixture
def ben(installation: Installation, known: Known) -> PageClient:
    return installation.page("history", "ben")


def soup_of(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def rows(page: BeautifulSoup) -> list[Tag]:
    return page.select("tbody tr:not(.day)")


def kinds(page: BeautifulSoup) -> list[str]:
    return [row.select("td")[1].get_text(strip=True) for row in rows(page)]


def words(found: Tag | None) -> str:
    assert found is not None
    return " ".join(found.get_text(" ").split())


def barcode(installation: Installation, container: int) -> str:
    return str(
        installation.psql("SELECT barcode FROM inventory.containers WHERE id = %s", container, as_="dba", lab="curie")[
            0
        ][0]
    )


# ── what happened ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_lines_stand_under_their_days_latest_first(ada: PageClient, known: Known) -> None:
    page = ada.soup("/history/curie")
    days = [words(row) for row in page.select("tr.day")]
    assert days == ["3 July 2025", "2 July 2025", "1 July 2025", "2 March 2025"]
    taken = page.select_one(f"#m{known['wrong']}")
    assert taken is not None
    cells = [words(cell) for cell in taken.select("td")]
    assert cells[0] == "11:00"
    assert cells[4] == "−250 mL"
    assert cells[5] == "1.75 L"
    assert "Lithiation, <CK-421>" in cells[7]
    assert "Ben Okoro" in cells[6]
    moved = next(row for row in rows(page) if "Move" in row.text)
    assert "no location → Room 2.14 › Shelf 2" in words(moved)
    assert words(page.select_one(".ct-chips")) == "10 lines"


def test_a_line_and_its_correction_lead_to_each_other(ada: PageClient, known: Known) -> None:
    page = ada.soup("/history/curie")
    taken, correction = page.select_one(f"#m{known['wrong']}"), page.select_one(f"#m{known['correction']}")
    assert taken is not None
    assert correction is not None
    assert "corrected to 25 mL by Ada Lind" in words(taken)
    assert taken.select_one(f"a[href='#m{known['correction']}']")
    assert "corrects the check-out of 250 mL to 25 mL" in words(correction)
    assert correction.select_one(f"a[href='#m{known['wrong']}']")
    alone = ada.soup("/history/curie?kind=correct")
    [link] = alone.select(f"td.hide a[href='/history/curie?line={known['wrong']}']")
    assert kinds(ada.soup(str(link["href"]))) == ["Correction", "Check-out"]


def test_filters_narrow_the_list_and_are_chips(ada: PageClient, known: Known) -> None:
    page = ada.soup(
        f"/history/curie?q=tetra&kind=check_out&kind=receive&from=2025-03-02&to=2025-07-31&container={known['thf']}"
    )
    assert kinds(page) == ["Check-out", "Receive"]
    chips = [words(chip) for chip in page.select(".ct-chip")]
    code = words(rows(page)[0].select_one(".ct-code"))
    assert chips == [
        "Chemical or container tetra", f"Container {code}", "From 2 March 2025", "To 31 July 2025", "Kind Receive", "Kind Check-out",
    ]  # fmt: skip
    [without] = [a["href"] for a in page.select(".ct-chip a") if "Kind Receive" in str(a["aria-label"])]
    assert kinds(ada.soup(str(without))) == ["Check-out"]
    assert page.select_one(f"form input[name=container][value='{known['thf']}']")
    assert words(page.select_one("summary.form-select")) == "2 kinds"
    assert "kind=receive" in str(page.select_one("#csv")["href"])  # type: ignore[index]


def test_a_filter_of_something_that_is_not_here_is_an_empty_list(ada: PageClient, known: Known) -> None:
    page = ada.soup(f"/history/curie?container={known['eves']}")
    assert rows(page) == []
    assert "Nothing fits these filters" in page.text
    assert "Container which is not here" in words(page.select_one(".ct-chips"))
    assert "Lysozyme" not in page.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=2025-07-02&to=2025-07-01", "This is before the first day."),
        ("to=yesterday", "Write a date as 2026-03-31."),
        ("member=me", "Write a whole number."),
        ("q=" + "x" * 201, "At most 200 characters."),
    ],
)
def test_a_bad_filter_is_said_beside_its_field_and_left_out(ada: PageClient, query: str, sentence: str) -> None:
    answer = ada.get(f"/history/curie?{query}")
    assert answer.status_code == 422
    page = soup_of(answer)
    assert words(page.select_one(".ct-error")) == sentence
    assert page.select_one("[aria-invalid=true]")
    assert rows(page)


@pytest.mark.parametrize(
    "query", ["cursor=nonsense", "container=99999999999999999999", "line=x", "chemical=-1", "kind=explode"]
)
def test_a_broken_address_shows_the_history(ada: PageClient, query: str) -> None:
    answer = ada.get(f"/history/curie?{query}")
    assert answer.status_code in (200, 422)
    assert rows(soup_of(answer))


def test_htmx_gets_the_list_alone_with_its_address(ada: PageClient) -> None:
    answer = ada.get("/history/curie?q=tetra&member=&from=&to=", headers={"HX-Request": "true"})
    assert answer.headers["HX-Push-Url"] == "/history/curie?q=tetra"
    page = soup_of(answer)
    assert page.select_one("html") is None
    assert page.select_one("#results")
    assert page.select_one("#csv[hx-swap-oob]")
    refused = ada.get("/history/curie?from=2025-07-02&to=2025-07-01", headers={"HX-Request": "true"})
    assert refused.headers["HX-Redirect"] == "/history/curie?from=2025-07-02&to=2025-07-01"


def test_pages_of_a_long_history_are_newer_and_older(installation: Installation, ada: PageClient, known: Known) -> None:
    with shelf(installation, "eve", "hodgkin") as eve:
        at(eve, "2025-05-01T12:00:00Z")
        bottle = eve.add_container("1000", "g", "Agarose")
        for _ in range(60):
            eve.post(bottle, "check_out", "1")
    eve_page = installation.page("history", "eve")
    page = eve_page.soup(f"/history/hodgkin?container={bottle}")
    assert len(rows(page)) == 50
    assert words(page.select_one(".ct-pager > span")) == "1 May 2025, 08:00"
    older = eve_page.soup(str(page.select_one("a[rel=next]")["href"]))  # type: ignore[index]
    assert len(rows(older)) == 11
    newer = eve_page.soup(str(older.select_one("a[rel=prev]")["href"]))  # type: ignore[index]
    assert [row.get("id") for row in rows(newer)] == [row.get("id") for row in rows(page)]


def test_the_file_is_passed_on_with_its_name(ada: PageClient) -> None:
    answer = ada.get("/history/curie/history.csv?kind=check_out&q=tetra")
    assert answer.status_code == 200
    assert 'filename="history-curie-' in answer.headers["Content-Disposition"]
    [line] = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (line["Change"], line["Purpose"]) == ("-0.25", "Lithiation, <CK-421>")


def test_a_viewer_sees_the_history_and_no_action(installation: Installation, known: Known) -> None:
    cleo = installation.page("history", "cleo")
    page = cleo.soup("/history/curie")
    assert len(rows(page)) >= 9
    assert not page.select("a[data-dialog][href*=correct]")
    assert "Move containers" not in page.text
    assert cleo.get("/history/curie/move").status_code == 403
    assert cleo.get(f"/history/curie/{known['wrong']}/correct").status_code == 403


def test_strangers_find_nothing(installation: Installation, known: Known) -> None:
    eve = installation.page("history", "eve")
    for path in ("", "/history.csv", "/move", f"/{known['wrong']}/correct"):
        assert eve.get(f"/history/curie{path}").status_code == 404
    assert eve.get(f"/history/hodgkin/{known['wrong']}/correct").status_code == 404
    assert installation.page("history").get("/history/curie/move").location == "/login?next=/history/curie/move"


def test_what_was_counted_since_is_said_before_a_line_is_corrected(installation: Installation, ada: PageClient) -> None:
    with shelf(installation) as on:
        bottle = on.add_container("500", "mL", "Counted since")
        taken, *_ = on.post(bottle, "check_out", "300", "mL")
        counted, *_ = on.post(bottle, "count", "200", "mL")
    page = ada.soup(f"/history/curie/{taken}/correct")
    assert "wrote 200 mL as what was there after this check-out, and that stays" in words(page)
    assert page.select_one(f"a[href^='/history/curie/{counted}/correct']")


# ── correct a line ────────────────────────────────────────────────────────────────────────────────────────────────────

FORM = "form:has([name=reason])"


@pytest.fixture
def mistake(installation: Installation, known: Known) -> int:
    """The id of the line with which Ben has just taken from the salt."""
    with shelf(installation, "ben") as on:
        return int(on.post(known["salt"], "check_out", "25", "g")[0])


def left(installation: Installation, container: int) -> str:
    found = installation.as_user("ada").get(f"/labs/curie/containers/{container}").json()
    return f"{found['amount']} {found['unit']}"


def test_the_author_corrects_an_amount_and_comes_back(
    installation: Installation, ben: PageClient, known: Known, mistake: int
) -> None:
    before = left(installation, known["salt"])
    page = ben.soup("/history/curie?q=salt")
    link = page.select_one(f"#m{mistake} a[data-dialog]")
    assert link is not None
    answer = ben.submit(str(link["href"]), FORM, follow=False, amount="2.5", unit="g", reason="Read the wrong scale")
    assert answer.location == "/history/curie?q=salt"
    after = ben.soup(answer.location)
    assert "Corrected. It holds" in words(after.select_one(".ct-toast"))
    assert "corrected to 2.5 g by Ben Okoro" in words(after.select_one(f"#m{mistake}"))
    assert float(left(installation, known["salt"]).split()[0]) == float(before.split()[0]) + 22.5


def test_an_amount_may_carry_its_unit(installation: Installation, ben: PageClient, known: Known, mistake: int) -> None:
    answer = ben.submit(f"/history/curie/{mistake}/correct", FORM, amount="500 mg")
    assert answer.status_code == 200
    assert "corrected to 500 mg" in " ".join(answer.text.split())


def test_what_was_taken_from_the_wrong_container_is_put_right(
    installation: Installation, ben: PageClient, known: Known, mistake: int
) -> None:
    with shelf(installation, "ada") as on:
        right = on.add_container("1", "kg", "Fine salt")
    code = barcode(installation, right)
    before = float(left(installation, known["salt"]).split()[0])
    answer = ben.submit(f"/history/curie/{mistake}/correct", FORM, what="container", right_container=code.lower())
    assert f"Moved to {code}. It holds 0.975 kg now." in answer.text
    assert float(left(installation, known["salt"]).split()[0]) == before + 25


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"amount": ""}, "amount", "Write the right amount, such as 25 mL, or say that it did not happen."),
        ({"amount": "1,5"}, "amount", "Write the decimal point as a point: 1.5"),
        ({"amount": "-3"}, "amount", "An amount cannot be negative. Write it without the minus sign."),
        ({"amount": "9" * 30}, "amount", None),
        ({"amount": "5 mL"}, "amount", "mL does not fit what is kept in g. Write the amount in a unit like g."),
        ({"amount": "5 furlongs"}, "amount", None),
        ({"amount": "100000"}, "amount", None),
        (
            {"what": "container", "right_container": ""},
            "right_container",
            "Scan the right container, or type its barcode.",
        ),
        ({"what": "container", "right_container": "CT-NOPE"}, "right_container", None),
        ({"what": "container", "right_container": "../../labs"}, "right_container", None),
        ({"what": "container", "right_container": "a\x00b"}, "right_container", None),
        ({"amount": "1", "reason": "x" * 501}, "reason", "At most 500 characters."),
    ],
)
def test_a_bad_correction_is_refused_beside_its_field_and_changes_nothing(
    installation: Installation, ben: PageClient, known: Known, mistake: int,
    typed: dict[str, Any], field: str, sentence: str | None,
) -> None:  # fmt: skip
    before = left(installation, known["salt"])
    answer = ben.submit(f"/history/curie/{mistake}/correct", FORM, **typed)
    assert answer.status_code == 422
    page = soup_of(answer)
    input_ = page.select_one(f"#{field}")
    assert input_ is not None
    assert input_["aria-invalid"] == "true"
    said = words(page.select_one(f"#{input_['aria-describedby']}"))
    assert sentence in (None, said)
    assert len(said) > 10
    assert left(installation, known["salt"]) == before
    if "\x00" not in "".join(typed.values()):
        assert input_.get("value", "") == typed[field]


def test_another_labs_container_is_not_the_right_one(installation: Installation, ben: PageClient, mistake: int) -> None:
    with shelf(installation, "eve", "hodgkin") as on:
        on.run(
            "INSERT INTO inventory.containers (chemical_id, unit, barcode) SELECT chemical_id, 'g', 'EVE-1' FROM inventory.containers LIMIT 1"
        )
    answer = ben.submit(f"/history/curie/{mistake}/correct", FORM, what="container", right_container="EVE-1")
    assert answer.status_code == 422
    assert "it may be another lab's." in words(soup_of(answer).select_one("#right_container-error"))


def test_a_disposal_is_taken_back_by_a_manager(installation: Installation, ada: PageClient, known: Known) -> None:
    path = f"/history/curie/{known['disposal']}/correct"
    assert "Take back the disposal of" in ada.soup(path).text
    answer = ada.submit(path, FORM, reason="Wrong bottle")
    assert "It holds 5 g now." in answer.text
    assert "taken back by Ada Lind" in answer.text
    assert "The disposal was taken back already." in ada.soup(path).text


def test_why_a_line_cannot_be_corrected_is_said(
    installation: Installation, ada: PageClient, ben: PageClient, known: Known
) -> None:
    old = ben.soup(f"/history/curie/{known['wrong']}/correct")
    assert "Only the member who wrote the line, within a day, or a manager can correct it." in old.text
    assert not old.select(FORM)
    assert "correct that other line again" in ada.soup(f"/history/curie/{known['correction']}/correct").text
    with shelf(installation, "ada") as on:
        unknown = on.add_container(None, "g", "Mystery")
        [[line]] = on.run("SELECT id FROM inventory.movements WHERE container_id = %s", unknown)
    assert "Count the container instead." in ada.soup(f"/history/curie/{line}/correct").text
    assert ada.get("/history/curie/999999/correct").status_code == 404
    assert ada.get(f"/history/curie/{2**70}/correct").status_code == 404


def test_a_forged_way_back_leads_to_the_history(ben: PageClient, mistake: int) -> None:
    answer = ben.submit(f"/history/curie/{mistake}/correct?next=//evil.org", FORM, follow=False, amount="1")
    assert answer.location == "/history/curie"


# ── move containers ───────────────────────────────────────────────────────────────────────────────────────────────────

WORK = "form#move"


def location(installation: Installation, container: int) -> Any:
    return installation.as_user("ada").get(f"/labs/curie/containers/{container}").json()["location_id"]


def listed(page: BeautifulSoup) -> list[int]:
    return [int(str(tag["value"])) for tag in page.select("input[name=container]")]


def test_containers_are_scanned_one_after_another_and_moved(
    installation: Installation, ben: PageClient, known: Known
) -> None:
    first = soup_of(ben.submit("/history/curie/move", WORK, scan=barcode(installation, known["thf"])))
    assert "Tetrahydrofuran, " in words(first.select_one(".ct-scan-state"))
    path = f"/history/curie/move?container={known['thf']}&to={known['cold']}"
    second = soup_of(ben.submit(path, WORK, scan=barcode(installation, known["salt"]).lower()))
    assert listed(second) == [known["salt"], known["thf"]]
    assert words(second.select_one(".ct-act button")) == "Move 2 containers to Cold room"
    path = f"/history/curie/move?container={known['thf']}&container={known['salt']}&to={known['cold']}"
    token = fields(ben.soup(path))
    answer = ben.post("/history/curie/move", data=token | {"act": "move"})
    assert answer.location == f"/history/curie/move?to={known['cold']}"
    assert (location(installation, known["thf"]), location(installation, known["salt"])) == (
        known["cold"],
        known["cold"],
    )
    assert "2 containers moved to Cold room" in words(ben.soup(answer.location).select_one(".ct-toast"))


def fields(page: BeautifulSoup) -> dict[str, Any]:
    """The fields that the form would send."""
    form = page.select_one(WORK)
    assert form is not None
    return fields_of(form)


def test_a_move_is_undone_from_its_toast(installation: Installation, ben: PageClient, known: Known) -> None:
    with shelf(installation, "ada") as on:
        bottles = [on.add_container() for _ in range(3)]
    chosen = "".join(f"&container={bottle}" for bottle in bottles)
    sent = fields(ben.soup(f"/history/curie/move?to={known['shelf']}{chosen}"))
    answer = ben.post("/history/curie/move", data=sent | {"act": "move"})
    assert answer.status_code == 303
    page = ben.soup(answer.location)
    form = page.select_one(".ct-toast form")
    assert form is not None
    undo = fields_of(form)
    assert "-" in undo["transfers"][0]
    done = ben.post(str(form["action"]), data=undo, follow_redirects=True)
    assert "Undone: 3 containers moved back" in done.text
    assert [location(installation, bottle) for bottle in bottles] == [None, None, None]
    twice = ben.post(str(form["action"]), data=undo | {"key": ["another-key"]})
    assert twice.status_code == 409
    assert "Nothing was undone." in twice.text


def test_a_held_bottle_says_what_moving_it_means(
    installation: Installation, ada: PageClient, ben: PageClient, known: Known
) -> None:
    path = f"/history/curie/move?container={known['held']}"
    seen = words(ada.soup(path).select_one("#moving"))
    assert "With Ben Okoro since 3 Jul 25, and stays so: its location is where it goes when it is back." in seen
    link = ben.soup(path).select_one("#moving a[href*=bring-back]")
    assert link is not None
    assert link["href"] == f"/checkout/curie/bring-back?container={known['held']}"


def test_what_was_scanned_is_answered(installation: Installation, ben: PageClient, known: Known) -> None:
    def state(scan: str, listed: str = "") -> str:
        return words(ben.soup(f"/history/curie/move?scan={scan}{listed}").select_one(".ct-scan-state"))

    code = barcode(installation, known["thf"])
    assert "is in the list already" in state(code, f"&container={known['thf']}")
    assert "is on no container here" in state("CT-NOPE")
    assert "is on no container here" in state("%3Cscript%3E")
    with shelf(installation, "ada") as on:
        gone = on.add_container(name="Old acid")
        on.post(gone, "dispose")
    assert "was disposed of" in state(barcode(installation, gone))
    page = ben.soup("/history/curie/move?scan=salt")
    assert "found: choose" in words(page.select_one(".ct-scan-state")) or listed(page)
    assert "is on no container here" in state("Lysozyme")


def test_a_choice_is_added_and_a_line_is_removed(installation: Installation, ben: PageClient, known: Known) -> None:
    path = f"/history/curie/move?container={known['thf']}&container={known['salt']}"
    sent = fields(ben.soup(path))
    removed = soup_of(ben.post("/history/curie/move", data=sent | {"remove": known["thf"]}))
    assert listed(removed) == [known["salt"]]
    added = soup_of(ben.post("/history/curie/move", data=sent | {"add": known["held"]}, headers={"HX-Request": "true"}))
    assert listed(added) == [known["held"], known["thf"], known["salt"]]
    assert added.select_one("html") is None


def test_the_address_has_the_scanned_list(installation: Installation, ben: PageClient, known: Known) -> None:
    sent = fields(ben.soup(f"/history/curie/move?container={known['thf']}&to={known['cold']}&next=/home/curie"))
    answer = ben.post("/history/curie/move", data=sent | {"scan": "CT-NOPE"}, headers={"HX-Request": "true"})
    address = answer.headers["HX-Replace-Url"]
    assert address == f"/history/curie/move?container={known['thf']}&to={known['cold']}&next=%2Fhome%2Fcurie"
    assert fields(ben.soup(address))["container"] == sent["container"]


def test_without_a_location_nothing_moves(installation: Installation, ben: PageClient, known: Known) -> None:
    before = location(installation, known["thf"])
    sent = fields(ben.soup(f"/history/curie/move?container={known['thf']}"))
    answer = ben.post("/history/curie/move", data=sent | {"act": "move"})
    assert answer.status_code == 422
    page = soup_of(answer)
    assert words(page.select_one("#to-error")) == "Choose where they stand now."
    assert listed(page) == [known["thf"]]
    assert location(installation, known["thf"]) == before


@pytest.mark.parametrize(
    "sent",
    [
        {"to": "99999999999999999999", "container": ["1"]},
        {"to": "999999", "container": ["1"]},
        {"to": "x", "container": ["x", "-1", "2e9"]},
        {"to": "1", "container": []},
        {"to": "1", "container": ["EVES"]},
        {"to": "1", "container": [str(n) for n in range(1, 600)]},
    ],
)
def test_a_changed_form_moves_nothing(
    installation: Installation, ben: PageClient, known: Known, sent: dict[str, Any]
) -> None:
    token = fields(ben.soup("/history/curie/move"))
    given = {**sent, "container": [str(known["eves"]) if text == "EVES" else text for text in sent["container"]]}
    [[before]] = installation.psql("SELECT count(*) FROM inventory.transfers", as_="dba", lab="curie")
    answer = ben.post("/history/curie/move", data=token | given | {"act": "move"})
    assert answer.status_code in (404, 409, 422), answer.status
    [[after]] = installation.psql("SELECT count(*) FROM inventory.transfers", as_="dba", lab="curie")
    assert after == before


@pytest.mark.parametrize("transfers", ["", "x", "1-99999999", "5-1", "999999", "9" * 30])
def test_a_made_up_undo_is_refused(ben: PageClient, transfers: str) -> None:
    token = fields(ben.soup("/history/curie/move"))
    answer = ben.post("/history/curie/move/undo", data=token | {"transfers": transfers})
    assert answer.status_code in (403, 404, 409, 422)
