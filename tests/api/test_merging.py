"""Two entries of one substance become one: proposed by CAS RN, name or InChIKey, never done unasked, and undone."""

from typing import Any

import pytest

from tests.installation import Client, Installation, confirmation

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
    assert ada.post(where).json() == {"containers": 1, "containers_stayed": 0, "names_stayed": []}
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
        assert ada.post(f"/labs/curie/mergers/{merger}/undo").json()["containers"] == 1
    assert [one["id"] for one in chemical(ada, ids["key"])["containers"]] == [bottle["id"]]


def merged(ada: Client, kept: int, gone: int) -> int:
    answer = ada.post("/labs/curie/mergers", json={"kept_id": kept, "merged_id": gone})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def undone(ada: Client, merger: int) -> dict[str, Any]:
    answer = ada.post(f"/labs/curie/mergers/{merger}/undo")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("first_merged", [0, 1])
@pytest.mark.parametrize("first_undone", [0, 1])
def test_a_name_that_two_merged_entries_have_goes_with_the_last_of_them(
    installation: Installation, first_merged: int, first_undone: int
) -> None:
    ada = installation.as_user("ada")
    kept, *others = (
        ada.post("/labs/curie/chemicals", json={"name": name, "synonyms": synonyms}).json()["id"]
        for name, synonyms in (("Kept", ["Own"]), ("First", ["Both", "One"]), ("Second", ["Both", "Two"]))
    )
    mergers = {}
    for other in (first_merged, 1 - first_merged):
        mergers[other] = merged(ada, kept, others[other])
    assert undone(ada, mergers[first_undone])["names_stayed"] == (["Both"] if first_undone == first_merged else [])
    name, own = (("Second", "Two"), ("First", "One"))[first_undone]
    assert sorted(chemical(ada, kept)["synonyms"]) == sorted(["Own", name, "Both", own])
    assert undone(ada, mergers[1 - first_undone])["names_stayed"] == []
    assert chemical(ada, kept)["synonyms"] == ["Own"]
    assert [chemical(ada, other)["retired_at"] for other in others] == [None, None]


def test_what_somebody_changed_since_is_not_undone_with_a_merger(
    installation: Installation, ids: dict[str, int]
) -> None:
    ada = installation.as_user("ada")
    merger = merged(ada, ids["kept"], ids["cas"])
    version = chemical(ada, ids["kept"])["version"]
    edit = {"name": "Acetone p.a.", "synonyms": ["Propanone", "Acetone", "Dimethylketone, old"], "version": version}
    assert ada.patch(f"/labs/curie/chemicals/{ids['kept']}", json=edit).status_code == 200
    assert undone(ada, merger)["names_stayed"] == ["Acetone p.a."]
    kept = chemical(ada, ids["kept"])
    assert (kept["name"], kept["synonyms"]) == ("Acetone p.a.", ["Propanone", "Acetone", "Dimethylketone, old"])
    assert chemical(ada, ids["cas"])["synonyms"] == ["Propanone", "Dimethylketone"]


def test_an_undone_merger_takes_no_container_out_of_a_decision_about_the_whole_entry(
    installation: Installation, ids: dict[str, int]
) -> None:
    ada = installation.as_user("ada")
    bottle = received(ada, ids["cas"])
    merger = merged(ada, ids["kept"], ids["cas"])
    own = received(ada, ids["kept"])
    mark = {"reason": "Old", "lines": [{"chemical_id": ids["kept"]}]}
    [whole] = ada.post("/labs/curie/disposals", json=mark).json()["disposal_ids"]
    refused = ada.post(f"/labs/curie/mergers/{merger}/undo")
    assert (refused.status_code, "Decide about the mark first" in refused.text) == (409, True)
    done = ada.post("/labs/curie/disposals/confirmations", json=confirmation(ada, [whole]))
    assert done.json()["disposed_containers"] == 2
    assert undone(ada, merger) == {"containers": 0, "containers_stayed": 1, "names_stayed": []}
    [item] = ada.get("/labs/curie/disposals", params={"state": "any", "id": whole}).json()["items"]
    assert item["container_ids"] == [bottle["id"], own["id"]]
    assert chemical(ada, ids["kept"])["retired_at"], "what was retired since stays retired"
    assert chemical(ada, ids["cas"])["retired_at"] is None


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
