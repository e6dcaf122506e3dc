"""Mark for deletion, confirm or take back; nothing is erased, and a disposal can be corrected."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import requests

from tests.installation import Installation, confirmation
from tests.sql.shelf import shelf

Line = dict[str, Any]


def receive(installation: Installation, name: str, *amounts: str, user: str = "ada", lab: str = "curie") -> list[Line]:
    """Receives containers of a new chemical with these amounts ("" is an unknown one) and returns them."""
    first, *others = amounts
    client = installation.as_user(user)
    line: Line = {"chemical": {"name": name, "cas_number": "7726-95-6", "belong_together": True}, **contents(first)}
    answer = client.post(f"/labs/{lab}/deliveries", json={"lines": [line]})
    assert answer.status_code == 201, answer.text
    chemical = client.get(f"/labs/{lab}/deliveries/{answer.json()['id']}").json()["items"][0]["chemical_id"]
    if others:
        lines = [{"chemical_id": chemical, **contents(amount)} for amount in others]
        assert client.post(f"/labs/{lab}/deliveries", json={"lines": lines}).status_code == 201
    found = client.get(f"/labs/{lab}/containers", params={"chemical": chemical}).json()["items"]
    return sorted(found, key=lambda item: int(item["id"]))


def contents(amount: str) -> Line:
    return {"amount": amount} if amount else {"amount_unknown": True}


def act(installation: Installation, path: str, user: str = "ada", lab: str = "curie", **body: Any) -> requests.Response:
    return installation.as_user(user).post(f"/labs/{lab}/disposals{path}", json=body)


def mark(installation: Installation, *lines: Line, reason: str = "Cap corroded", user: str = "ben") -> list[int]:
    answer = act(installation, "", user, lines=lines, reason=reason)
    assert answer.status_code == 201, answer.text
    return list(answer.json()["disposal_ids"])


def confirm(installation: Installation, *ids: int, user: str = "ada") -> Line:
    answer = act(installation, "/confirmations", user, **confirmation(installation.as_user("cleo"), ids))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def shown(installation: Installation, disposal: int, user: str = "cleo") -> Line:
    asked: Line = {"state": "any", "id": disposal}
    answer = installation.as_user(user).get("/labs/curie/disposals", params=asked)
    [item] = answer.json()["items"]
    return dict(item)


def container(installation: Installation, one: Line) -> Line:
    return dict(installation.as_user("cleo").get(f"/labs/curie/containers/{one['id']}").json())


def correct(
    installation: Installation, movement: int, amount: str, user: str = "ada", **more: object
) -> requests.Response:
    line = {"movement_id": movement, "amount": amount, **more}
    return installation.as_user(user).post("/labs/curie/corrections", json={"lines": [line], "reason": "Not that one"})


def disposal_line(installation: Installation, one: Line) -> int:
    [movement, *_] = [line for line in container(installation, one)["movements"] if line["kind"] == "dispose"]
    return int(movement["id"])


def test_ben_marks_and_ada_confirms(installation: Installation) -> None:
    bottle, other = receive(installation, "Bromine", "120 mL", "40 mL")
    [disposal] = mark(installation, {"container_id": bottle["id"]})
    item = shown(installation, disposal)
    expected = {
        "chemical_name": "Bromine",
        "barcode": bottle["barcode"],
        "reason": "Cap corroded",
        "marked_by_name": "Ben Okoro",
        "outcome": None,
        "decided_at": None,
        "containers": 1,
        "unknown_amounts": 0,
        "totals": [{"amount": "120", "unit": "mL"}],
    }
    assert {name: item[name] for name in expected} == expected
    assert container(installation, bottle)["amount"] == "120"
    assert container(installation, bottle)["marked"] is True

    assert confirm(installation, disposal) == {"disposed_containers": 1, "retired_chemicals": 0}
    item = shown(installation, disposal)
    assert (item["outcome"], item["decided_by_name"], item["totals"], item["brought_back"]) == (
        "disposed",
        "Ada Lind",
        [{"amount": "120", "unit": "mL"}],
        0,
    )
    gone = container(installation, bottle)
    assert (gone["amount"], gone["disposed_at"] is not None, gone["marked"]) == ("0", True, False)
    [line] = [line for line in gone["movements"] if line["kind"] == "dispose"]
    assert (line["amount"], line["balance"], line["reason"], line["made_by_name"]) == (
        "-120",
        "0",
        "Cap corroded",
        "Ada Lind",
    )
    assert container(installation, other)["amount"] == "40"


def test_a_whole_chemical_is_retired_with_all_its_containers(installation: Installation) -> None:
    bottles = receive(installation, "Picric acid", "10 g", "1 kg", "5 mL", "")
    chemical = {"chemical_id": bottles[0]["chemical_id"]}
    [single] = mark(installation, {"container_id": bottles[0]["id"]}, reason="Dry")
    [whole] = mark(installation, chemical, reason="No longer allowed")
    item = shown(installation, whole)
    assert (item["containers"], item["unknown_amounts"], item["container_id"]) == (4, 1, None)
    assert item["totals"] == [{"amount": "1.01", "unit": "kg"}, {"amount": "5", "unit": "mL"}]

    assert confirm(installation, whole) == {"disposed_containers": 4, "retired_chemicals": 1}
    assert all(container(installation, bottle)["disposed_at"] for bottle in bottles)
    assert shown(installation, whole)["totals"] == item["totals"]
    assert shown(installation, whole)["containers"] == 4
    # The mark of one of its containers is decided with it.
    assert (shown(installation, single)["outcome"], shown(installation, single)["containers"]) == ("disposed", 1)
    listed = installation.as_user("cleo").get("/labs/curie/chemicals", params={"q": "picric"}).json()["items"]
    assert listed == []
    assert installation.as_user("cleo").get(f"/labs/curie/chemicals/{chemical['chemical_id']}").status_code == 200


def test_several_are_confirmed_in_one_go_or_not_at_all(installation: Installation) -> None:
    bottles = receive(installation, "Ether", "100 mL", "200 mL", "300 mL")
    ids = mark(installation, *({"container_id": bottle["id"]} for bottle in bottles), reason="Peroxides")
    act(installation, "/withdrawals", disposal_ids=ids[1:2])
    answer = act(installation, "/confirmations", **confirmation(installation.as_user("cleo"), ids))
    assert answer.status_code == 409
    sentence = f"The mark on {bottles[1]['barcode']} was confirmed or taken back already."
    assert answer.json()["errors"] == [{"pointer": "/disposal_ids/1", "detail": sentence}]
    assert [container(installation, bottle)["amount"] for bottle in bottles] == ["100", "200", "300"]
    assert confirm(installation, ids[2], ids[0], ids[2])["disposed_containers"] == 2


def test_only_the_bottles_that_were_shown_are_disposed_of(installation: Installation) -> None:
    """As many bottles as before are not the same bottles: one left, one came back."""
    bottles = receive(installation, "Swapped", "1 g", "2 g", "3 g")
    first, second, third = bottles
    confirm(installation, *mark(installation, {"container_id": first["id"]}))
    line = disposal_line(installation, first)
    [whole] = mark(installation, {"chemical_id": first["chemical_id"]})
    seen = confirmation(installation.as_user("ada"), [whole])
    assert seen["container_ids"] == [second["id"], third["id"]]
    with shelf(installation) as on:
        on.run(
            "INSERT INTO inventory.movements (container_id, kind, reason) VALUES (%s, 'dispose', 'Broke')", second["id"]
        )
    assert correct(installation, line, "0").status_code == 201
    answer = act(installation, "/confirmations", **seen)
    assert answer.status_code == 409
    sentence = (
        f"{first['barcode']} came in meanwhile; {second['barcode']} is no longer here, or no longer marked. "
        "Nothing was disposed of: look at what is here now, then decide."
    )
    assert answer.json()["errors"] == [{"pointer": "/container_ids", "detail": sentence}]
    assert [container(installation, one)["disposed_at"] is None for one in bottles] == [True, False, True]
    assert confirm(installation, whole)["disposed_containers"] == 2


def test_another_labs_bottle_is_not_named_by_a_confirmation(installation: Installation) -> None:
    [bottle], [theirs] = (
        receive(installation, "Ours", "1 g"),
        receive(installation, "Theirs too", "1 g", user="eve", lab="hodgkin"),
    )
    [disposal] = mark(installation, {"container_id": bottle["id"]})
    seen: Line = {"disposal_ids": [disposal], "container_ids": [bottle["id"], theirs["id"]]}
    answer = act(installation, "/confirmations", **seen)
    assert answer.status_code == 409
    assert theirs["barcode"] not in answer.text
    assert container(installation, bottle)["disposed_at"] is None


def test_a_disposal_ends_the_holding_of_its_bottle(installation: Installation) -> None:
    [bottle] = receive(installation, "Held", "5 g")
    taken = installation.as_user("ben").post("/labs/curie/holdings", json={"container_ids": [bottle["id"]]})
    assert taken.status_code == 201, taken.text
    [disposal] = mark(installation, {"container_id": bottle["id"]})
    assert shown(installation, disposal)["holder"] == "Ben Okoro"
    confirm(installation, disposal)
    gone = container(installation, bottle)
    assert gone["holder"] is None
    assert "bring_back" in {line["kind"] for line in gone["movements"]}


def test_a_mark_is_taken_back_by_who_made_it_or_by_a_manager(installation: Installation) -> None:
    [bottle] = receive(installation, "Kept", "5 g")
    line = {"container_id": bottle["id"]}
    [adas] = mark(installation, line, user="ada")
    refused = act(installation, "/withdrawals", "ben", disposal_ids=[adas])
    assert refused.status_code == 403
    assert shown(installation, adas)["outcome"] is None
    assert act(installation, "/withdrawals", "ada", disposal_ids=[adas]).json() == {"disposal_ids": [adas]}
    [bens] = mark(installation, line, user="ben")
    assert act(installation, "/withdrawals", "ben", disposal_ids=[bens]).status_code == 201
    [again] = mark(installation, line, user="ben")
    assert act(installation, "/withdrawals", "ada", disposal_ids=[again]).status_code == 201
    item = shown(installation, bens)
    assert (item["outcome"], item["decided_by_name"], item["totals"]) == (
        "kept",
        "Ben Okoro",
        [{"amount": "5", "unit": "g"}],
    )
    assert container(installation, bottle)["marked"] is False
    assert act(installation, "/withdrawals", "ben", disposal_ids=[bens]).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("cleo", 403), ("eve", 404), ("root", 404)])
def test_only_a_manager_confirms(installation: Installation, who: str, status: int) -> None:
    [bottle] = receive(installation, "Guarded", "5 g")
    [disposal] = mark(installation, {"container_id": bottle["id"]})
    seen: Line = {"disposal_ids": [disposal], "container_ids": [bottle["id"]]}
    assert act(installation, "/confirmations", who, **seen).status_code == status
    assert container(installation, bottle)["amount"] == "5"


def test_a_viewer_sees_the_list_and_marks_nothing(installation: Installation) -> None:
    [bottle] = receive(installation, "Seen", "5 g")
    assert act(installation, "", "cleo", lines=[{"container_id": bottle["id"]}], reason="x").status_code == 403
    assert installation.as_user("cleo").get("/labs/curie/disposals").status_code == 200


def test_what_is_marked_gone_or_another_labs_is_not_marked_again(installation: Installation) -> None:
    first, second, third = receive(installation, "Twice", "1 g", "2 g", "3 g")
    [theirs] = receive(installation, "Theirs", "1 g", user="eve", lab="hodgkin")
    confirm(installation, *mark(installation, {"container_id": first["id"]}))
    mark(installation, {"container_id": second["id"]})
    before = installation.as_user("cleo").get("/labs/curie/disposals").json()["counts"]
    answer = act(
        installation,
        "",
        "ben",
        lines=[{"container_id": one["id"]} for one in (first, second, third, theirs)]
        + [{"chemical_id": theirs["chemical_id"]}],
        reason="Empty",
    )
    assert answer.status_code == 404
    nothing = "There is nothing here. If you scanned a label, it may be another lab's."
    assert {error["pointer"]: error["detail"] for error in answer.json()["errors"]} == {
        "/lines/0/container_id": f"{first['barcode']} was disposed of.",
        "/lines/1/container_id": f"{second['barcode']} is marked for deletion already.",
        "/lines/3/container_id": nothing,
        "/lines/4/chemical_id": nothing,
    }
    assert answer.json()["detail"] == "4 of 5 cannot be marked."
    nowhere = act(installation, "", "ben", lines=[{"container_id": 2**62}], reason="Empty")
    foreign = act(installation, "", "ben", lines=[{"container_id": theirs["id"]}], reason="Empty")
    assert nowhere.json() == foreign.json()
    twice = act(installation, "", "ben", lines=[{"container_id": third["id"]}] * 2, reason="Empty")
    assert twice.status_code == 409
    assert installation.as_user("cleo").get("/labs/curie/disposals").json()["counts"] == before

    chemical = {"chemical_id": third["chemical_id"]}
    [whole] = mark(installation, chemical)
    again = act(installation, "", "ben", lines=[chemical], reason="Empty")
    assert again.json()["errors"][0]["detail"] == "Twice is marked for deletion already."
    part = act(installation, "", "ben", lines=[{"container_id": third["id"]}], reason="Empty")
    assert part.json()["errors"][0]["detail"] == "All of Twice is marked for deletion already."
    confirm(installation, whole)
    retired = act(installation, "", "ben", lines=[chemical], reason="Empty")
    assert retired.status_code == 409
    assert retired.json()["errors"][0]["detail"] == "Twice was retired."


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("", {"reason": "x"}, "/lines"),
        ("", {"lines": [], "reason": "x"}, "/lines"),
        ("", {"lines": [{}], "reason": "x"}, "/lines/0"),
        ("", {"lines": [{"container_id": 1, "chemical_id": 1}], "reason": "x"}, "/lines/0"),
        ("", {"lines": [{"container_id": 0}], "reason": "x"}, "/lines/0/container_id"),
        ("", {"lines": [{"container_id": 2**63}], "reason": "x"}, "/lines/0/container_id"),
        ("", {"lines": [{"container_id": 1}] * 201, "reason": "x"}, "/lines"),
        ("", {"lines": [{"container_id": 1}]}, "/reason"),
        ("", {"lines": [{"container_id": 1}], "reason": "  "}, "/reason"),
        ("", {"lines": [{"container_id": 1}], "reason": "x" * 501}, "/reason"),
        ("", {"lines": [{"container_id": 1}], "reason": "a\x00b"}, "/reason"),
        ("", {"lines": [{"container_id": 1}], "reason": "x", "marked_by": 1}, "/marked_by"),
        ("/confirmations", {"container_ids": []}, "/disposal_ids"),
        ("/confirmations", {"disposal_ids": [1]}, "/container_ids"),
        ("/confirmations", {"disposal_ids": [1], "container_ids": [2**63]}, "/container_ids/0"),
        ("/confirmations", {"disposal_ids": [], "container_ids": []}, "/disposal_ids"),
        ("/confirmations", {"disposal_ids": [2**63], "container_ids": []}, "/disposal_ids/0"),
        ("/confirmations", {"disposal_ids": ["x"], "container_ids": []}, "/disposal_ids/0"),
        ("/withdrawals", {"disposal_ids": []}, "/disposal_ids"),
        ("/withdrawals", {"disposal_ids": [None]}, "/disposal_ids/0"),
    ],
)
def test_bad_input_is_refused_beside_its_field(installation: Installation, path: str, body: Line, pointer: str) -> None:
    answer = act(installation, path, **body)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("path", ["/confirmations", "/withdrawals"])
def test_another_labs_mark_is_not_there(installation: Installation, path: str) -> None:
    [bottle] = receive(installation, "Curie's", "1 g")
    [disposal] = mark(installation, {"container_id": bottle["id"]})
    seen: Line = {"container_ids": [bottle["id"]]} if path == "/confirmations" else {}
    theirs = act(installation, path, "eve", "hodgkin", disposal_ids=[disposal], **seen)
    nobodys = act(installation, path, "eve", "hodgkin", disposal_ids=[2**62], **seen)
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json() == nobodys.json()
    asked: Line = {"state": "any", "id": disposal}
    listed = installation.as_user("eve").get("/labs/hodgkin/disposals", params=asked).json()
    assert listed["items"] == []
    asked = {"container": bottle["id"], "chemical": bottle["chemical_id"], "barcode": bottle["barcode"]}
    assert installation.as_user("eve").get("/labs/hodgkin/disposals/new", params=asked).json()["items"] == []
    assert shown(installation, disposal)["outcome"] is None


def test_two_managers_confirm_once(installation: Installation) -> None:
    [bottle] = receive(installation, "Raced", "5 g")
    [disposal] = mark(installation, {"container_id": bottle["id"]})
    seen: Line = {"disposal_ids": [disposal], "container_ids": [bottle["id"]]}
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: act(installation, "/confirmations", **seen).status_code, range(2)))
    assert sorted(answers) == [201, 409]


def test_an_open_stocktake_does_not_stand_in_the_way(installation: Installation) -> None:
    [bottle] = receive(installation, "Counted", "5 g")
    with shelf(installation) as ada:
        [[stocktake]] = ada.run("INSERT INTO inventory.stocktakes (location_id) VALUES (NULL) RETURNING id")
        ada.run(
            "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found, counted, counted_unit)"
            " VALUES (%s, %s, true, 4, 'g')",
            stocktake,
            bottle["id"],
        )
    [disposal] = mark(installation, {"container_id": bottle["id"]})
    assert confirm(installation, disposal)["disposed_containers"] == 1
    with shelf(installation) as ada:
        ada.run("SELECT inventory.post_stocktake(%s)", stocktake)
    assert container(installation, bottle)["amount"] == "0"


@pytest.mark.parametrize("amount", ["120 mL", ""])
def test_a_disposal_is_corrected_and_the_container_is_back(installation: Installation, amount: str) -> None:
    [bottle] = receive(installation, f"Lazarus {amount or 'unknown'}", amount)
    [disposal] = mark(installation, {"chemical_id": bottle["chemical_id"]})
    confirm(installation, disposal)
    line = disposal_line(installation, bottle)
    refused = correct(installation, line, "5", unit="mL")
    assert refused.status_code == 422, refused.text
    assert "disposed of whole" in refused.json()["errors"][0]["detail"]
    assert correct(installation, line, "0", user="ben").status_code == 403

    answer = correct(installation, line, "0")
    assert answer.status_code == 201, answer.text
    back = container(installation, bottle)
    assert (back["amount"], back["unit"], back["disposed_at"]) == ((amount or None) and "120", bottle["unit"], None)
    name = bottle["chemical_name"]
    listed = installation.as_user("cleo").get("/labs/curie/chemicals", params={"q": name}).json()["items"]
    assert [item["name"] for item in listed] == [name]
    assert shown(installation, disposal)["brought_back"] == 1
    assert correct(installation, line, "0").status_code == 409

    # The container can be disposed of again, and the first correction does not change that disposal.
    [again] = mark(installation, {"container_id": bottle["id"]})
    confirm(installation, again)
    assert correct(installation, line, "0").status_code == 409
    assert container(installation, bottle)["disposed_at"] is not None


def test_lines_of_what_was_disposed_of_are_not_corrected(installation: Installation) -> None:
    [bottle] = receive(installation, "Closed book", "10 g")
    confirm(installation, *mark(installation, {"container_id": bottle["id"]}))
    [received] = [line for line in container(installation, bottle)["movements"] if line["kind"] == "receive"]
    assert correct(installation, received["id"], "9").status_code == 409
    assert container(installation, bottle)["amount"] == "0"


def test_a_member_cannot_dispose_past_the_api(installation: Installation) -> None:
    """The database refuses the disposal, even if it is asked with the API's own login."""
    [bottle] = receive(installation, "Bypass", "10 g")
    token = str(installation.as_user("ben").headers["Authorization"]).removeprefix("Bearer ")
    with psycopg.connect(installation.dsn("chemuser")) as connection:
        session = hashlib.sha256(token.encode()).hexdigest()
        connection.execute("SELECT control.enter_session(%s, 'curie', 'member')", [session])
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="a manager disposes"):
            connection.execute(
                "INSERT INTO inventory.movements (container_id, kind) VALUES (%s, 'dispose')", [bottle["id"]]
            )


def test_pages_of_marks_join_without_gap_or_overlap(installation: Installation) -> None:
    bottles = receive(installation, "Many", *["1 g"] * 7)
    ids = mark(installation, *({"container_id": bottle["id"]} for bottle in bottles))
    confirm(installation, *ids[:5])
    for state in ("open", "disposed", "kept", "any"):
        cleo = installation.as_user("cleo")
        everything = cleo.get("/labs/curie/disposals", params={"state": state, "limit": "200"}).json()["items"]
        forwards: list[int] = []
        cursor: str | None = ""
        while cursor is not None:
            page = cleo.get("/labs/curie/disposals", params={"state": state, "limit": "2", "cursor": cursor}).json()
            forwards += [item["id"] for item in page["items"]]
            cursor = page["next"]
        assert forwards == [item["id"] for item in everything]
        backwards: list[int] = []
        cursor = page["previous"]
        while cursor is not None:
            page = cleo.get("/labs/curie/disposals", params={"state": state, "limit": "2", "cursor": cursor}).json()
            backwards = [item["id"] for item in page["items"]] + backwards
            cursor = page["previous"]
        assert backwards == forwards[: len(backwards)]
        assert len(forwards) - len(backwards) <= 2


def test_candidates_say_what_would_be_marked(installation: Installation) -> None:
    first, second = receive(installation, "Candidate", "100 mL", "1 L")
    [disposal] = mark(installation, {"container_id": second["id"]})
    asked = {"container": [second["id"], first["id"], 2**62], "chemical": [first["chemical_id"]]}
    items = installation.as_user("ben").get("/labs/curie/disposals/new", params=asked).json()["items"]
    assert [(item["barcode"], item["disposal_id"], item["gone"]) for item in items] == [
        (second["barcode"], disposal, False),
        (first["barcode"], None, False),
        (None, None, False),
    ]
    assert [item["totals"] for item in items] == [
        [{"amount": "1", "unit": "L"}],
        [{"amount": "100", "unit": "mL"}],
        [{"amount": "1.1", "unit": "L"}],
    ]
    code = first["barcode"].lower()
    [scanned] = installation.as_user("ben").get("/labs/curie/disposals/new", params={"barcode": code}).json()["items"]
    assert scanned["container_id"] == first["id"]
    assert installation.as_user("ben").get("/labs/curie/disposals/new").json()["items"] == []


def test_the_same_key_again_marks_once(installation: Installation) -> None:
    [bottle] = receive(installation, "Once", "1 g")
    body = {"lines": [{"container_id": bottle["id"]}], "reason": "Empty"}
    ben = installation.as_user("ben")
    first = ben.send_once("/labs/curie/disposals", body, key="mark-only-once")
    second = ben.send_once("/labs/curie/disposals", body, key="mark-only-once")
    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (201, first.json())
