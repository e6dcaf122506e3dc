"""Two entries of one substance become one: proposed by CAS RN, name or InChIKey, never done unasked, and undone."""

from typing import Any

import pytest

from tests.installation import Client, Installation

KEY = "CSCPPACGZOOCGX-UHFFFAOYSA-N"


@pytest.fixture
def ids(installation: Installation) -> dict[str, int]:
    """Entries of acetone, each with a bottle, and one of another lab."""
    ada, eve = installation.as_user("ada"), installation.as_user("eve")
    fields: dict[str, dict[str, Any]] = {
        "kept": {"name": "Acetone", "cas_number": "67-64-1", "inchikey": KEY, "synonyms": ["Propanone"]},
        "cas": {"name": "Acetone p.a.", "cas_number": "67-64-1", "synonyms": ["Propanone", "Dimethylketone"]},
        "name": {"name": "PROPANONE"},
        "key": {"name": "Solvent of Ada", "inchikey": KEY},
        "unlike": {"name": "Acetone oxime"},
    }
    made = {name: ada.post("/labs/curie/chemicals", json=given).json()["id"] for name, given in fields.items()}
    made["eve's"] = eve.post("/labs/hodgkin/chemicals", json=fields["kept"]).json()["id"]
    return made


def received(ada: Client, chemical: int) -> dict[str, Any]:
    line = {"chemical_id": chemical, "count": 1, "amount": "100", "unit": "mL"}
    return dict(ada.post("/labs/curie/deliveries", json={"lines": [line]}).json()["containers"][0])


def chemical(client: Client, number: int) -> dict[str, Any]:
    return dict(client.get(f"/labs/curie/chemicals/{number}").json())


def test_entries_that_may_be_the_same_are_proposed(installation: Installation, ids: dict[str, int]) -> None:
    found = installation.as_user("ada").get("/labs/curie/mergers/new", params={"chemical": ids["kept"]}).json()
    assert found["kept"]["name"] == "Acetone"
    because = {one["id"]: one["because"] for one in found["items"]}
    assert {ids["cas"]: "cas_number", ids["name"]: "name", ids["key"]: "inchikey"}.items() <= because.items()
    assert not {ids["kept"], ids["unlike"], ids["eve's"]} & because.keys()


def test_two_entries_are_merged_and_that_is_undone(installation: Installation, ids: dict[str, int]) -> None:
    ada = installation.as_user("ada")
    bottle = received(ada, ids["cas"])
    taken = {"purpose": "x", "lines": [{"container_id": bottle["id"], "amount": "10", "unit": "mL"}]}
    assert ada.post("/labs/curie/check-outs", json=taken).status_code == 201
    assert ada.post(
        "/labs/curie/disposals", json={"reason": "Old", "lines": [{"container_id": bottle["id"]}]}
    ).status_code == 201  # fmt: skip
    both = {"kept_id": ids["kept"], "merged_id": ids["cas"]}
    answer = ada.send_once("/labs/curie/mergers", both, key=f"merge-once-{ids['kept']}")
    assert answer.status_code == 201, answer.text
    assert answer.json()["containers"] == 1
    assert ada.send_once("/labs/curie/mergers", both, key=f"merge-once-{ids['kept']}").json() == answer.json()
    kept, gone = chemical(ada, ids["kept"]), chemical(ada, ids["cas"])
    assert [one["id"] for one in kept["containers"]] == [bottle["id"]]
    assert kept["containers"][0]["marked"]
    assert {line["kind"] for line in kept["movements"]} >= {"receive", "check_out"}
    assert kept["synonyms"] == ["Propanone", "Acetone p.a.", "Dimethylketone"]
    assert (gone["retired_at"] is None, gone["containers"], gone["movements"]) == (False, [], [])
    for name in ("Acetone p.a.", "Dimethylketone"):
        found = ada.get("/labs/curie/chemicals", params={"q": name}).json()["items"]
        assert ids["kept"] in [one["id"] for one in found], name
        assert ids["cas"] not in [one["id"] for one in found], name
    assert ada.post("/labs/curie/mergers", json=both).status_code == 409, "it is no longer listed"

    since = received(ada, ids["kept"])
    where = f"/labs/curie/mergers/{answer.json()['id']}/undo"
    assert installation.as_user("ben").post(where).status_code == 403
    assert installation.as_user("eve").post(where.replace("curie", "hodgkin")).status_code == 404
    assert ada.post(where).json() == {"containers": 1}
    kept, back = chemical(ada, ids["kept"]), chemical(ada, ids["cas"])
    assert [one["id"] for one in kept["containers"]] == [since["id"]]
    assert kept["synonyms"] == ["Propanone"]
    assert ([one["id"] for one in back["containers"]], back["retired_at"]) == ([bottle["id"]], None)
    assert back["containers"][0]["marked"]
    assert ada.post(where).status_code == 409
    kinds = [line["kind"] for line in ada.get("/labs/curie/events").json()["items"]]
    assert kinds[:2] == ["merger_undone", "chemicals_merged"]


def test_a_chain_is_undone_from_its_end(installation: Installation, ids: dict[str, int]) -> None:
    ada = installation.as_user("ada")
    bottle = received(ada, ids["key"])
    first = ada.post("/labs/curie/mergers", json={"kept_id": ids["name"], "merged_id": ids["key"]}).json()["id"]
    last = ada.post("/labs/curie/mergers", json={"kept_id": ids["kept"], "merged_id": ids["name"]}).json()["id"]
    refused = ada.post(f"/labs/curie/mergers/{first}/undo")
    assert (refused.status_code, "undo that first" in refused.text) == (409, True)
    for merger in (last, first):
        assert ada.post(f"/labs/curie/mergers/{merger}/undo").json() == {"containers": 1}
    assert [one["id"] for one in chemical(ada, ids["key"])["containers"]] == [bottle["id"]]


def test_what_may_not_be_merged_is_left_alone(installation: Installation, ids: dict[str, int]) -> None:
    ada, ben = installation.as_user("ada"), installation.as_user("ben")
    path, both = "/labs/curie/mergers", {"kept_id": ids["kept"], "merged_id": ids["cas"]}
    assert ben.post(path, json=both).status_code == 403
    assert ada.post(path, json=both | {"merged_id": ids["kept"]}).status_code == 422
    assert ada.post(path, json=both | {"merged_id": ids["eve's"]}).status_code == 404
    assert installation.as_user("eve").post(path.replace("curie", "hodgkin"), json=both).status_code == 404
    mark = {"reason": "Old", "lines": [{"chemical_id": ids["cas"]}]}
    assert ada.post("/labs/curie/disposals", json=mark).status_code == 201
    refused = ada.post(path, json=both)
    assert (refused.status_code, "marked for deletion" in refused.text) == (409, True)
    assert chemical(ada, ids["cas"])["retired_at"] is None
