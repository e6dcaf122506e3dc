"""Receipts and chemicals that are mistakes are taken back, as long as nothing has happened since: by their author for a day, or a manager."""

import hashlib
from typing import Any

import psycopg
import pytest

from tests.installation import Client, Installation
from tests.sql.shelf import LEDGER_FAULTS, shelf


def received(client: Client, *barcodes: str, lab: str = "curie", **chemical: Any) -> dict[str, Any]:
    line = {"chemical": {"name": "By mistake"} | chemical, "count": 2, "pack_size": "500 g", "barcodes": list(barcodes)}
    answer = client.post(f"/labs/{lab}/deliveries", json={"lines": [line]})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_receipt_is_taken_back_and_its_barcodes_can_be_used_again(installation: Installation) -> None:
    ben = installation.as_user("ben")
    made = received(ben, "BACK-1", "BACK-2")
    path = f"/labs/curie/deliveries/{made['id']}"
    done = ben.post(f"{path}/take-back")
    assert (done.status_code, done.json()) == (200, {"containers": 2})
    shown = ben.get(path).json()
    assert shown["taken_back_by_name"]
    assert all(item["disposed_at"] for item in shown["items"])
    chemical = ben.get(f"/labs/curie/chemicals/{shown['items'][0]['chemical_id']}").json()
    assert chemical["retired_at"]
    again = ben.post(f"{path}/take-back")
    assert (again.status_code, again.json()["detail"]) == (409, "This receipt was taken back already.")
    assert len(received(ben, "BACK-1", "BACK-2")["containers"]) == 2
    history = ben.get(f"/labs/curie/history?container={shown['items'][0]['id']}").json()["items"]
    assert [(line["kind"], line["reason"]) for line in history] == [
        ("dispose", "Receipt taken back"),
        ("receive", None),
    ]
    undone = installation.as_user("ada").post("/labs/curie/undo", json={"movement_ids": [history[0]["id"]]})
    assert undone.status_code == 201
    assert ben.get(f"/labs/curie/containers/{shown['items'][0]['id']}").json()["amount"] == "500"
    with shelf(installation) as on:
        assert on.run(LEDGER_FAULTS) == []


def test_nobody_keeps_a_receipt_from_being_taken_back_by_a_barcode(installation: Installation) -> None:
    ada, ben = installation.as_user("ada"), installation.as_user("ben")
    made = received(ada, "KEPT-1", "KEPT-2")
    first, second = (container["id"] for container in made["containers"])
    received(ben, f"KEPT-1:{first}", f"kept-2:{second}")
    received(ben, f"KEPT-1:{first}:1", "KEPT-3")
    assert ada.post(f"/labs/curie/deliveries/{made['id']}/take-back").json() == {"containers": 2}
    given_up = [ada.get(f"/labs/curie/containers/{container}").json()["barcode"] for container in (first, second)]
    assert given_up == [f"KEPT-1:{first}:2", f"KEPT-2:{second}:1"]


@pytest.mark.parametrize("what", ["checked out", "counted", "moved", "taken", "disposed of"])
def test_what_happened_since_is_named_and_nothing_is_taken_back(installation: Installation, what: str) -> None:
    ada = installation.as_user("ada")
    made = received(ada)
    used, other = made["containers"]
    container = used["id"]
    taken = {"lines": [{"container_id": container, "amount": "1", "unit": "g"}], "purpose": ""}
    if what == "checked out":
        assert ada.post("/labs/curie/check-outs", json=taken).status_code == 201
    elif what == "counted":
        stocktake = ada.post("/labs/curie/stocktakes", json={"location_id": None}).json()["id"]
        line = {"container_id": container, "result": "as_expected"}
        counted = ada.post(f"/labs/curie/stocktakes/{stocktake}/counts", json={"lines": [line]})
        assert counted.status_code in (200, 201), counted.text
        assert ada.post(f"/labs/curie/stocktakes/{stocktake}/cancel").status_code < 300
    elif what == "moved":
        room = ada.post("/labs/curie/locations", json={"kind": "room", "name": "Elsewhere"}).json()["id"]
        moved = ada.post("/labs/curie/moves", json={"location_id": room, "container_ids": [container]})
        assert moved.status_code == 201
    elif what == "taken":
        assert ada.post("/labs/curie/holdings", json={"container_ids": [container]}).status_code == 201
    else:
        with shelf(installation) as on:
            on.post(container, "dispose")
    refused = ada.post(f"/labs/curie/deliveries/{made['id']}/take-back")
    assert refused.status_code == 409
    assert f"{used['barcode']} was {what}" in refused.json()["detail"]
    assert ada.get(f"/labs/curie/containers/{other['id']}").json()["disposed_at"] is None
    if what == "checked out":
        line = ada.get(f"/labs/curie/history?container={container}").json()["items"][0]["id"]
        assert ada.post("/labs/curie/undo", json={"movement_ids": [line]}).status_code == 201
        assert ada.post(f"/labs/curie/deliveries/{made['id']}/take-back").status_code == 200


def test_others_receipts_are_taken_back_by_a_manager(installation: Installation) -> None:
    ada, ben, cleo, eve = (installation.as_user(name) for name in ("ada", "ben", "cleo", "eve"))
    hers, his = received(ada)["id"], received(ben)["id"]
    assert cleo.post(f"/labs/curie/deliveries/{his}/take-back").status_code == 403
    assert eve.post(f"/labs/hodgkin/deliveries/{his}/take-back").status_code == 404
    assert eve.post(f"/labs/curie/deliveries/{his}/take-back").status_code == 404
    refused = ben.post(f"/labs/curie/deliveries/{hers}/take-back")
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "Only the member who received the delivery, within a day, or a manager can take it back.",
    )
    assert ada.post(f"/labs/curie/deliveries/{his}/take-back").status_code == 200


def test_a_member_disposes_of_nothing_but_what_he_has_just_received(installation: Installation) -> None:
    ada, ben = installation.as_user("ada"), installation.as_user("ben")
    hers, his = received(ada)["containers"][0]["id"], received(ben)["containers"][0]["id"]
    taken = {"lines": [{"container_id": his, "amount": "1", "unit": "g"}], "purpose": ""}
    assert ben.post("/labs/curie/check-outs", json=taken).status_code == 201
    session = hashlib.sha256(str(ben.headers["Authorization"]).removeprefix("Bearer ").encode()).hexdigest()
    for container in (hers, his):
        with psycopg.connect(installation.dsn("chemuser")) as connection:
            connection.execute("SELECT control.enter_session(%s, 'curie', 'member')", [session])
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="a manager disposes"):
                connection.execute(
                    "INSERT INTO inventory.movements (container_id, kind) VALUES (%s, 'dispose')", [container]
                )


def test_a_chemical_without_containers_is_taken_back(installation: Installation) -> None:
    ada, ben, cleo = (installation.as_user(name) for name in ("ada", "ben", "cleo"))
    his = ben.post("/labs/curie/chemicals", json={"name": "Mistyped"}).json()["id"]
    hers = ada.post("/labs/curie/chemicals", json={"name": "Mistyped too"}).json()["id"]
    assert cleo.post(f"/labs/curie/chemicals/{his}/take-back").status_code == 403
    assert ben.post(f"/labs/curie/chemicals/{hers}/take-back").status_code == 403
    assert installation.as_user("eve").post(f"/labs/hodgkin/chemicals/{his}/take-back").status_code == 404
    assert ben.post(f"/labs/curie/chemicals/{his}/take-back").status_code == 200
    assert ada.post(f"/labs/curie/chemicals/{hers}/take-back").status_code == 200
    assert ada.get("/labs/curie/chemicals?q=Mistyped").json()["items"] == []
    assert ben.post(f"/labs/curie/chemicals/{his}/take-back").status_code == 404
    full = received(ben, name="In use")
    used = ben.get(f"/labs/curie/deliveries/{full['id']}").json()["items"][0]["chemical_id"]
    refused = ben.post(f"/labs/curie/chemicals/{used}/take-back")
    assert refused.status_code == 409
    assert "it has or had containers" in refused.json()["detail"]


def test_a_delivery_asks_where_a_new_chemical_is_of_two_substances(installation: Installation) -> None:
    ada = installation.as_user("ada")
    mixed = {"name": "Acetone", "cas_number": "26628-22-8"}
    line = {"chemical": mixed, "pack_size": "1 L"}
    asked = ada.post("/labs/curie/deliveries", json={"lines": [line]})
    assert asked.status_code == 409
    assert asked.json()["errors"][0]["pointer"] == "/lines/0/chemical/belong_together"
    assert "26628-22-8 is Sodium azide; Acetone has 67-64-1." in asked.json()["detail"]
    assert ada.get("/labs/curie/chemicals?q=26628-22-8").json()["items"] == []
    sure = {"chemical": mixed | {"belong_together": True}, "pack_size": "1 L"}
    assert ada.post("/labs/curie/deliveries", json={"lines": [sure]}).status_code == 201


def test_a_pack_size_below_what_is_in_it_is_asked_about(installation: Installation) -> None:
    ada = installation.as_user("ada")
    container = received(ada)["containers"][0]["id"]
    path = f"/labs/curie/containers/{container}"
    asked = ada.patch(path, json={"pack_size": "250", "pack_unit": "g"})
    assert asked.status_code == 409
    assert asked.json()["errors"] == [
        {"pointer": "/holds_more", "detail": "This is a pack of 250 g. Does it really hold 500 g?"}
    ]
    assert ada.get(path).json()["pack_size"] == "500"
    sure = {"pack_size": "250", "pack_unit": "g", "holds_more": True}
    assert ada.patch(path, json=sure).status_code == 200
    assert ada.patch(path, json={"lot": "L", "pack_size": "250", "pack_unit": "g"}).status_code == 200
    assert ada.patch(path, json={"holds_more": True}).status_code == 422
