"""Mark, confirm, take back: page by page and without a script."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from tests.installation import Installation, fields_of, words

LIST = 'form[action="/disposal/curie"][method=post]'


def receive(
    installation: Installation, name: str, *amounts: str, user: str = "ada", lab: str = "curie"
) -> list[dict[str, Any]]:
    """The containers of a new chemical; "" is an unknown amount."""
    client = installation.as_user(user)
    chemical = client.post(f"/labs/{lab}/chemicals", json={"name": name}).json()["id"]
    said: list[dict[str, Any]] = [{"amount": amount} if amount else {"amount_unknown": True} for amount in amounts]
    lines = [{"chemical_id": chemical, **line} for line in said]
    assert client.post(f"/labs/{lab}/deliveries", json={"lines": lines}).status_code == 201
    found = client.get(f"/labs/{lab}/containers", params={"chemical": chemical}).json()["items"]
    return sorted(found, key=lambda one: int(one["id"]))


def mark(
    installation: Installation, *containers: dict[str, Any], user: str = "ben", reason: str = "Cap corroded"
) -> list[int]:
    lines = [{"container_id": one["id"]} for one in containers]
    answer = installation.as_user(user).post("/labs/curie/disposals", json={"lines": lines, "reason": reason})
    return list(answer.json()["disposal_ids"])


def rows(page: Tag) -> list[str]:
    return [row.get_text(" ", strip=True) for row in page.select("tbody tr")]


def toast(text: str) -> str:
    found = BeautifulSoup(text, "html.parser").select_one("#ct-toasts span")
    assert found is not None
    return found.get_text(strip=True)


def outcome(installation: Installation, disposal: int) -> str | None:
    asked: dict[str, Any] = {"state": "any", "id": disposal}
    [item] = installation.as_user("cleo").get("/labs/curie/disposals", params=asked).json()["items"]
    return None if item["outcome"] is None else str(item["outcome"])


def test_ben_marks_a_bottle_and_undoes_it(installation: Installation) -> None:
    [bottle] = receive(installation, "Bromine", "120 mL")
    ben = installation.page("disposal", "ben")
    where = f"/disposal/curie/mark?container={bottle['id']}"
    page = ben.soup(where)
    assert "Bromine" in rows(page)[0]
    assert "120" in rows(page)[0]
    answer = ben.submit(where, "main form", reason="Cap corroded, vapour seen")
    assert toast(answer.text) == "1 container marked for deletion"
    shown = BeautifulSoup(answer.text, "html.parser")
    [row] = [row for row in rows(shown) if bottle["barcode"] in row]
    assert "Cap corroded, vapour seen" in row
    assert "Ben Okoro, today" in row
    assert "Confirm" not in row
    undo = shown.select_one("#ct-toasts form")
    assert undo is not None
    answer = ben.post(str(undo["action"]), data=fields_of(undo), follow_redirects=True)
    assert toast(answer.text) == "1 mark taken back: in stock as before"
    assert not any(bottle["barcode"] in row for row in rows(BeautifulSoup(answer.text, "html.parser")))


def test_several_containers_and_a_chemical_are_marked_for_one_reason(installation: Installation) -> None:
    first, second = receive(installation, "Acrolein", "1 L", "2 L")
    [third] = receive(installation, "Azide", "")
    ben = installation.page("disposal", "ben")
    where = f"/disposal/curie/mark?container={first['id']}&container={second['id']}&chemical={third['chemical_id']}"
    refused = ben.submit(where, "main form", reason=" ")
    assert refused.status_code == 422
    page = BeautifulSoup(refused.text, "html.parser")
    assert page.select_one("[name=reason][aria-invalid=true]")
    assert len(rows(page)) == 3
    answer = ben.submit(where, "main form", reason="Expired")
    assert toast(answer.text) == "2 containers and 1 chemical marked for deletion"
    again = ben.soup(where)
    assert "There is nothing left to mark here." in again.get_text()
    assert "Marked already" in again.get_text()


def test_ada_confirms_one_after_a_question_that_says_what_will_happen(installation: Installation) -> None:
    [bottle] = receive(installation, "Iodine", "25 g")
    [disposal] = mark(installation, bottle)
    ada = installation.page("disposal", "ada")
    question = f"/disposal/curie/confirm?disposal={disposal}"
    links = [link["href"] for link in ada.soup("/disposal/curie").select("a[data-dialog]")]
    assert question in links
    page = ada.soup(question)
    assert page.h1 is not None
    assert page.h1.get_text() == "Dispose of 25 g of Iodine?"
    text = page.select_one("[data-dialog-body]").get_text(" ", strip=True)  # type: ignore[union-attr]
    assert "leaves the stock of Curie lab" in text
    assert "Keep it" in text
    assert page.select_one("button.btn-danger").get_text() == "Dispose of 25 g"  # type: ignore[union-attr]
    answer = ada.submit(question, "[data-dialog-body] form")
    assert toast(answer.text) == "1 container disposed of"
    past = ada.soup("/disposal/curie?state=disposed")
    [row] = [row for row in rows(past) if bottle["barcode"] in row]
    assert "25 g" in row
    assert "Ada Lind, today" in row
    assert "This mark was confirmed or taken back already" in ada.soup(question).get_text()


def test_several_are_chosen_confirmed_or_taken_back(installation: Installation) -> None:
    bottles = receive(installation, "Nitre", "1 g", "2 g", "")
    first, second, third = mark(installation, *bottles)
    ada = installation.page("disposal", "ada")
    chosen = [str(first), str(second)]
    form = ada.soup("/disposal/curie").select_one(LIST)
    assert form is not None
    asked = ada.post("/disposal/curie", data=fields_of(form) | {"disposal": chosen, "act": ["confirm"]})
    assert asked.status_code == 303
    page = ada.soup(asked.headers["Location"])
    assert page.h1 is not None
    assert page.h1.get_text() == "Dispose of 2 containers of Nitre?"
    answer = ada.submit(asked.headers["Location"], "[data-dialog-body] form")
    assert toast(answer.text) == "2 containers disposed of"
    answer = ada.submit("/disposal/curie", LIST, disposal=[str(third)], act="withdraw")
    assert toast(answer.text) == "1 mark taken back: in stock as before"
    assert [outcome(installation, one) for one in (first, second, third)] == ["disposed", "disposed", "kept"]
    nothing = ada.post("/disposal/curie", data=fields_of(form) | {"disposal": [], "act": ["confirm"]})
    assert nothing.headers["Location"].endswith("/disposal/curie")


def test_a_whole_chemical_says_that_it_will_be_retired(installation: Installation) -> None:
    bottles = receive(installation, "Picric acid", "10 g", "")
    line = {"chemical_id": bottles[0]["chemical_id"]}
    made = installation.as_user("ben").post("/labs/curie/disposals", json={"lines": [line], "reason": "Dry"}).json()
    ada = installation.page("disposal", "ada")
    question = f"/disposal/curie/confirm?disposal={made['disposal_ids'][0]}"
    page = ada.soup(question)
    assert "Dispose of 2 containers of Picric acid?" in page.get_text()
    assert "Picric acid is retired: no longer listed, kept for the history." in words(page)
    answer = ada.submit(question, "[data-dialog-body] form")
    assert toast(answer.text) == "2 containers disposed of, 1 chemical retired"


def test_what_came_in_after_the_question_is_not_disposed_of(installation: Installation) -> None:
    ada, ben = installation.as_user("ada"), installation.as_user("ben")
    chemical = ada.post("/labs/curie/chemicals", json={"name": "Arrives later"}).json()["id"]
    made = ben.post("/labs/curie/disposals", json={"lines": [{"chemical_id": chemical}], "reason": "Not used"}).json()
    page = installation.page("disposal", "ada")
    asked = page.soup(f"/disposal/curie/confirm?disposal={made['disposal_ids'][0]}").select_one(
        "[data-dialog-body] form"
    )
    assert asked
    line = {"chemical_id": chemical, "count": 1, "amount": "5", "unit": "g"}
    [came] = ben.post("/labs/curie/deliveries", json={"lines": [line]}).json()["containers"]
    late = page.post(str(asked["action"]), data=fields_of(asked))
    assert late.status_code == 409
    assert f"{came['barcode']} came in meanwhile. Nothing was disposed of" in late.text
    assert ada.get(f"/labs/curie/containers/{came['id']}").json()["disposed_at"] is None
    again = BeautifulSoup(late.text, "html.parser").select_one("[data-dialog-body] form")
    assert again
    assert page.post(str(again["action"]), data=fields_of(again)).status_code == 303
    assert ada.get(f"/labs/curie/containers/{came['id']}").json()["disposed_at"]


def test_what_came_back_after_the_question_is_not_disposed_of(installation: Installation) -> None:
    ada = installation.as_user("ada")
    first, second = receive(installation, "Comes back", "1 g", "2 g")
    [alone] = mark(installation, first)
    ada.post("/labs/curie/disposals/confirmations", json={"disposal_ids": [alone], "container_ids": [first["id"]]})
    line = {"chemical_id": second["chemical_id"]}
    made = ada.post("/labs/curie/disposals", json={"lines": [line], "reason": "Old"}).json()["disposal_ids"][0]
    page = installation.page("disposal", "ada")
    asked = page.soup(f"/disposal/curie/confirm?disposal={made}").select_one("[data-dialog-body] form")
    assert asked
    movements = ada.get(f"/labs/curie/containers/{first['id']}").json()["movements"]
    disposal = next(line["id"] for line in movements if line["kind"] == "dispose")
    assert ada.post("/labs/curie/undo", json={"movement_ids": [disposal]}).status_code == 201
    late = page.post(str(asked["action"]), data=fields_of(asked))
    assert late.status_code == 409
    assert f"{first['barcode']} came in meanwhile. Nothing was disposed of" in late.text
    assert ada.get(f"/labs/curie/containers/{second['id']}").json()["disposed_at"] is None


def test_what_others_decided_meanwhile_is_said(installation: Installation) -> None:
    bottles = receive(installation, "Quick", "1 g", "2 g")
    first, second = mark(installation, *bottles)
    ada = installation.page("disposal", "ada")
    form = ada.soup(f"/disposal/curie/confirm?disposal={first}&disposal={second}").select_one("[data-dialog-body] form")
    listed = ada.soup("/disposal/curie").select_one(LIST)
    assert form is not None
    assert listed is not None
    installation.as_user("ben").post("/labs/curie/disposals/withdrawals", json={"disposal_ids": [first]})
    answer = ada.post("/disposal/curie/confirm", data=fields_of(form))
    assert answer.status_code == 409
    assert f"The mark on {bottles[0]['barcode']} was confirmed or taken back already." in answer.text
    assert "Dispose of 2 g of Quick?" in answer.text
    answer = ada.post("/disposal/curie", data=fields_of(listed) | {"withdraw": [str(first)]})
    assert answer.status_code == 409
    assert f"The mark on {bottles[0]['barcode']} was confirmed or taken back already." in answer.text
    assert outcome(installation, second) is None


def test_a_scan_leads_to_marking_or_to_the_question(installation: Installation) -> None:
    [bottle] = receive(installation, "Scanned", "1 g")
    ada, ben = installation.page("disposal", "ada"), installation.page("disposal", "ben")
    scan = f"/disposal/curie?scan={bottle['barcode'].lower()}"
    assert ben.get(scan).headers["Location"] == f"/disposal/curie/mark?container={bottle['id']}"
    [disposal] = mark(installation, bottle)
    assert ada.get(scan).headers["Location"] == f"/disposal/curie/confirm?disposal={disposal}"
    assert "a manager confirms it" in ben.soup(scan).get_text()
    installation.as_user("ada").post(
        "/labs/curie/disposals/confirmations", json={"disposal_ids": [disposal], "container_ids": [bottle["id"]]}
    )
    assert f"{bottle['barcode']} was disposed of." in ada.soup(scan).get_text()
    for code in ("NOBODYS-1", "<script>alert(1)</script>", "x" * 300):
        page = ada.get("/disposal/curie", query_string={"scan": code})
        assert page.status_code == 200
        assert "is on no container of this lab." in page.text
        assert "<script>alert" not in page.text


def test_a_disposal_that_was_corrected_says_so(installation: Installation) -> None:
    [bottle] = receive(installation, "Lazarus", "1 g")
    ada = installation.as_user("ada")
    ada.post(
        "/labs/curie/disposals/confirmations",
        json={"disposal_ids": mark(installation, bottle), "container_ids": [bottle["id"]]},
    )
    found = ada.get(f"/labs/curie/containers/{bottle['id']}").json()["movements"]
    [line] = [one["id"] for one in found if one["kind"] == "dispose"]
    correction = {"lines": [{"movement_id": line, "amount": "0"}], "reason": "Wrong bottle"}
    assert ada.post("/labs/curie/corrections", json=correction).status_code == 201
    [row] = [
        row
        for row in rows(installation.page("disposal", "ada").soup("/disposal/curie?state=disposed"))
        if bottle["barcode"] in row
    ]
    assert "Brought back" in row


def test_a_member_takes_back_only_their_own_marks(installation: Installation) -> None:
    mine, theirs = receive(installation, "Shared", "1 g", "2 g")
    [bens], [adas] = mark(installation, mine), mark(installation, theirs, user="ada")
    ben = installation.page("disposal", "ben")
    page = ben.soup("/disposal/curie")
    offered = {button["value"] for button in page.select("button[name=withdraw]")}
    assert str(bens) in offered
    assert str(adas) not in offered
    assert not page.select("[name=disposal], [data-dialog][href*=confirm]")
    form = page.select_one(LIST)
    assert form is not None
    answer = ben.post("/disposal/curie", data=fields_of(form) | {"withdraw": [str(adas)]})
    assert answer.status_code == 403
    assert ben.get(f"/disposal/curie/confirm?disposal={bens}").status_code == 403
    sent = ben.post("/disposal/curie/confirm", data=fields_of(form) | {"disposal": [str(bens)]})
    assert sent.status_code == 403
    assert outcome(installation, adas) is None


def test_viewers_see_the_list_only(installation: Installation) -> None:
    [bottle] = receive(installation, "Looked at", "1 g")
    mark(installation, bottle)
    cleo = installation.page("disposal", "cleo")
    page = cleo.soup("/disposal/curie")
    assert "Looked at" in page.get_text()
    assert "You are a viewer of Curie lab" in page.get_text()
    assert not page.select("main [data-scan], main table button, main table input, main [data-dialog]")
    assert cleo.get(f"/disposal/curie/mark?container={bottle['id']}").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/mark",
        "/mark?container=9223372036854775806",
        "/mark?container=x",
        "/confirm",
        "/confirm?disposal=9223372036854775806",
        "/confirm?disposal=²",
        "?state=nonsense",
    ],
)
def test_what_is_not_there_is_not_found(installation: Installation, path: str) -> None:
    assert installation.page("disposal", "ada").get(f"/disposal/curie{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "/mark?container=1", "/confirm?disposal=1", "?scan=CT-000001"])
def test_strangers_and_the_signed_out_see_nothing(installation: Installation, path: str) -> None:
    [bottle] = receive(installation, "Hidden", "1 g")
    mark(installation, bottle)
    assert installation.page("disposal", "eve").get(f"/disposal/curie{path}").status_code == 404
    assert "Hidden" not in installation.page("disposal", "eve").get(f"/disposal/hodgkin{path}").text
    assert "/login" in installation.page("disposal").get(f"/disposal/curie{path}").headers["Location"]


@pytest.mark.parametrize("typed", ["²", "①", "٣", "9" * 30, "-1", "x"])
def test_what_is_no_id_is_nobodys(installation: Installation, typed: str) -> None:
    """Texts that are no ids: characters that Python calls digits but int() refuses, and numbers that no row can have."""
    client = installation.page("disposal", "ada")
    token = {"csrf_token": str(client.soup("/disposal/curie").select_one("input[name=csrf_token]")["value"])}  # type: ignore[index]
    for path, fields in (
        ("/disposal/curie", {"withdraw": typed}),
        ("/disposal/curie/withdraw", {"disposals": typed}),
    ):
        assert client.post(path, data=token | fields).status_code < 500
