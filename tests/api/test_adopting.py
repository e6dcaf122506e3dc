"""Labs adopt hazards from published lists: for all, for one, again from a later version; the database believes nobody's word for it."""

from typing import Any

import pytest

from tests.api.test_classifications import upload
from tests.installation import Client, Installation

FIRST = """CAS,Name,H codes,Pictograms,Signal word
109-66-0,pentane,H225 H304,GHS02 GHS08,Danger
7440-66-6,zinc (pyrophoric),H250 H260,GHS02,Danger
7440-66-6,zinc (stabilised),H410,GHS09,Warning
110-83-8,cyclohexene,H225 H302,GHS02 GHS07,Danger
109-99-9,tetrahydrofuran,H225 H999,GHS02,Danger
"""
SECOND = """CAS,Name,H codes,Pictograms,Signal word
109-66-0,pentane,H225 H304 H336 H411,GHS02 GHS07 GHS08 GHS09,Danger
110-83-8,cyclohexene,H225 H302,GHS02 GHS07,Danger
"""


def keep(root: Client, version: str, text: str) -> int:
    made = upload(root, "Worksafe", version, text)
    assert made.status_code == 201, made.text
    assert root.post(f"/classifications/{made.json()['id']}/keep").status_code == 200
    return int(made.json()["id"])


@pytest.fixture(scope="module")
def ids(installation: Installation) -> dict[str, int]:
    keep(installation.as_user("root"), "2021", FIRST)
    ada = installation.as_user("ada")
    made: dict[str, dict[str, Any]] = {
        "pentane": {"name": "Fraction 5", "cas_number": "109-66-0", "belong_together": True},
        "zinc": {"name": "Zinc dust", "cas_number": "7440-66-6"},
        "checked": {"name": "Looked at", "cas_number": "110-83-8", "pictograms": [], "belong_together": True},
        "left out": {"name": "Row that was not understood", "cas_number": "109-99-9", "belong_together": True},
        "without": {"name": "Without a number"},
    }
    return {key: ada.post("/labs/curie/chemicals", json=fields).json()["id"] for key, fields in made.items()}


def hazards(installation: Installation, chemical: int) -> tuple[Any, ...]:
    found = installation.as_user("ada").get(f"/labs/curie/chemicals/{chemical}").json()
    return (
        found["pictograms"],
        found["signal_word"],
        [one["code"] for one in found["h_statements"]],
        found["hazards_from"],
    )


UNKNOWN: tuple[Any, ...] = (None, None, [], None)
ADOPTED = (["GHS02", "GHS08"], "Danger", ["H225", "H304"], "Worksafe, 2021")


def test_a_lab_adopts_for_all_where_entries_agree_and_undoes_it(
    installation: Installation, ids: dict[str, int]
) -> None:
    ben = installation.as_user("ben")
    offered = ben.get("/labs/curie/adoptions/new").json()
    assert [one["chemical_id"] for one in offered["adoptable"]] == [ids["pentane"]]
    assert [one["chemical_id"] for one in offered["to_choose"]] == [ids["zinc"]]
    assert (offered["adopted"], offered["several"], offered["differing"]) == (1, 1, 0)
    assert ben.get("/labs/curie/adoptions/new", params={"q": "zinc"}).json()["adopted"] == 0
    done = ben.send_once("/labs/curie/adoptions", {}, key="adopt-once")
    assert done.status_code == 201, done.text
    assert done.json() == ben.send_once("/labs/curie/adoptions", {}, key="adopt-once").json()
    assert hazards(installation, ids["pentane"]) == ADOPTED
    assert hazards(installation, ids["zinc"]) == UNKNOWN
    assert hazards(installation, ids["left out"]) == UNKNOWN
    assert hazards(installation, ids["checked"]) == ([], None, [], None)
    assert ben.post("/labs/curie/adoptions", json={}).status_code == 409
    undone = ben.post(f"/labs/curie/enrichments/{done.json()['id']}/undo").json()
    assert undone == {"emptied": 4, "kept": 0}
    assert hazards(installation, ids["pentane"]) == UNKNOWN


def test_one_chooses_among_several_entries_of_a_chemical(installation: Installation, ids: dict[str, int]) -> None:
    ben, where = installation.as_user("ben"), f"/labs/curie/adoptions/{ids['zinc']}"
    found = ben.get(where).json()
    assert [(one["name"], one["is_present"]) for one in found["items"]] == [
        ("zinc (pyrophoric)", False),
        ("zinc (stabilised)", False),
    ]
    chosen = {"list_id": found["items"][1]["list_id"], "place": found["items"][1]["place"], "version": found["version"]}
    assert ben.post(where, json=chosen).status_code == 200
    assert hazards(installation, ids["zinc"]) == (["GHS09"], "Warning", ["H410"], "Worksafe, 2021")
    assert ben.post(where, json=chosen).status_code == 409  # the chemical is not as it was read
    assert [one["is_present"] for one in ben.get(where).json()["items"]] == [False, True]
    assert ben.post(where, json={"list_id": chosen["list_id"], "place": 1}).status_code == 409  # of another CAS RN
    assert installation.as_user("ada").get(f"/labs/curie/chemicals/{ids['zinc']}").json()["classifications"] == 2
    changed = installation.as_user("ada").patch(f"/labs/curie/chemicals/{ids['zinc']}", json={"h_statements": ["H411"]})
    assert changed.status_code == 200, changed.text
    assert hazards(installation, ids["zinc"])[3] is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({}, "Worksafe, 2021"),
        ({"h_statements": ["H225"]}, None),
        ({"pictograms": ["GHS02"]}, None),
        ({"signal_word": "Warning"}, None),
        ({"hazards_from": "Worksafe, 2099"}, None),
        ({"cas_number": "7440-66-6"}, None),
    ],
)  # fmt: skip
def test_that_hazards_were_adopted_is_proved_by_the_database(
    installation: Installation, said: dict[str, Any], kept: str | None
) -> None:
    given = {
        "name": f"Claimed {len(str(said))}", "cas_number": "109-66-0", "pictograms": ["GHS08", "GHS02"], "signal_word": "Danger",
        "h_statements": ["H304", "H225"], "hazards_from": "Worksafe, 2021", "belong_together": True,
    }  # fmt: skip
    made = installation.as_user("ada").post("/labs/curie/chemicals", json=given | said)
    assert made.status_code == 201, made.text
    assert hazards(installation, made.json()["id"])[3] == kept


def test_of_a_list_that_was_not_kept_nothing_is_adopted(installation: Installation) -> None:
    root, ada = installation.as_user("root"), installation.as_user("ada")
    draft = upload(root, "Draft", "1", "CAS,H codes,Pictograms,Signal word\n110-54-3,H225,GHS02,Danger\n").json()["id"]
    given = {
        "name": "Hexane of a draft",
        "cas_number": "110-54-3",
        "pictograms": ["GHS02"],
        "signal_word": "Danger",
        "h_statements": ["H225"],
    }
    made = ada.post("/labs/curie/chemicals", json=given | {"hazards_from": "Draft, 1", "belong_together": True}).json()[
        "id"
    ]
    assert hazards(installation, made)[3] is None
    assert ada.get(f"/labs/curie/adoptions/{made}").json()["items"] == []
    assert ada.post(f"/labs/curie/adoptions/{made}", json={"list_id": draft, "place": 1}).status_code == 409
    assert ada.get("/labs/curie/adoptions/new", params={"q": "draft"}).json()["adopted"] == 0


def test_a_later_version_shows_what_differs_and_is_adopted_again(
    installation: Installation, ids: dict[str, int]
) -> None:
    ben = installation.as_user("ben")
    ben.post("/labs/curie/adoptions", json={})
    assert hazards(installation, ids["pentane"]) == ADOPTED
    keep(installation.as_user("root"), "2026", SECOND)
    assert hazards(installation, ids["pentane"]) == ADOPTED
    changed = ben.get("/labs/curie/adoptions/new").json()["changed"]
    assert {
        "chemical_id": ids["pentane"],
        "name": "Fraction 5",
        "cas_number": "109-66-0",
        "hazards_from": "Worksafe, 2021",
    } in changed
    where = f"/labs/curie/adoptions/{ids['pentane']}"
    [entry] = ben.get(where).json()["items"]
    assert (entry["title"], entry["is_present"]) == ("Worksafe, 2026", False)
    assert ben.post(where, json={"list_id": entry["list_id"], "place": entry["place"]}).status_code == 200
    assert hazards(installation, ids["pentane"])[3] == "Worksafe, 2026"
    assert ids["pentane"] not in [one["chemical_id"] for one in ben.get("/labs/curie/adoptions/new").json()["changed"]]


def test_a_viewer_and_another_lab_adopt_nothing(installation: Installation, ids: dict[str, int]) -> None:
    cleo, eve = installation.as_user("cleo"), installation.as_user("eve")
    where = f"/labs/curie/adoptions/{ids['zinc']}"
    entry = cleo.get(where).json()["items"] or [{"list_id": 1, "place": 1}]
    chosen = {"list_id": entry[0]["list_id"], "place": entry[0]["place"]}
    assert cleo.post("/labs/curie/adoptions", json={}).status_code == 403
    assert cleo.post(where, json=chosen).status_code == 403
    assert eve.get("/labs/curie/adoptions/new").status_code == 404
    assert eve.post("/labs/curie/adoptions", json={}).status_code == 404
    assert eve.get(f"/labs/hodgkin/adoptions/{ids['zinc']}").status_code == 404
    assert eve.post(f"/labs/hodgkin/adoptions/{ids['zinc']}", json=chosen).status_code == 404
