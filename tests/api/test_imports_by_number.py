"""Lists that belong together: one has the containers, and names a chemical and a location only by its number in another list."""

from typing import Any

import pytest

from tests.api.test_imports import commit, empty_labs, loaded, stock, uploaded  # noqa: F401 (a fixture)
from tests.installation import Client, Installation

CHEMICALS = "chem_id,Name,CAS\n7,Sodium chloride,7647-14-5\n8,Agar,\n"
PLACES = 'place_id,Location\n3,Main > Room 1\n4,"Main > Room 2, left"\n5,Main > Room 3\n'
BOTTLES = "Barcode,chem_id,place_id,Amount\nB-1,7,3,500 g\nB-2,8.0,4,1 kg\nB-3,9,3,2 g\n"


@pytest.fixture
def ada(installation: Installation, empty_labs: None) -> Client:  # noqa: F811
    return installation.as_user("ada")


def reading_of(client: Client, path: str, **query: Any) -> dict[str, Any]:
    """The reading that is proposed, with what the page sends besides."""
    looked = client.get(f"{path}/columns", params=query)
    assert looked.status_code == 200, looked.text
    said = looked.json()
    columns = {str(column["index"]): column["field"] for column in said["columns"]}
    lists = {one["head"]: one["id"] for one in said["lists"] if one["chosen"]}
    return {"head_row": said["head_row"], "columns": columns, "lists": lists}


def load_places(client: Client) -> None:
    path = uploaded(client, PLACES)
    assert client.put(f"{path}/reading", json=reading_of(client, path) | {"all_locations": True}).status_code == 200
    assert commit(client, path)[-1]["outcome"] == {"loaded": 3, "containers": 0, "chemicals": 0}


def offered(client: Client, path: str) -> list[str]:
    """The lists that are offered as the query has them."""
    return [f"{one['id']} {one['head']}" for one in client.get(f"{path}/columns").json()["lists"]]


def test_a_list_of_containers_takes_names_and_locations_by_their_numbers(
    installation: Installation, ada: Client
) -> None:
    loaded(ada, CHEMICALS)
    load_places(ada)
    path = uploaded(ada, BOTTLES)
    looked = ada.get(f"{path}/columns").json()
    assert [one["chosen"] for one in looked["lists"]] == [False, False], "nothing is joined unasked"
    assert [column["head"] for column in looked["columns"]] == ["Barcode", "chem_id", "place_id", "Amount"]

    reading = reading_of(ada, path, list=offered(ada, path))
    assert [field for field in reading["columns"].values() if field] == [
        "barcode", "amount", "name", "cas_number", "location"]  # fmt: skip
    read = ada.put(f"{path}/reading", json=reading)
    assert read.status_code == 200, read.text
    assert read.json()["summary"]["makes"] == {"containers": 2, "chemicals": 0, "locations": 0}
    commit(ada, path)
    assert stock(installation) == [
        ("B-1", "Sodium chloride", 500, "g", "Main › Room 1"),
        ("B-2", "Agar", 1, "kg", "Main › Room 2, left"),
    ]
    left_out = ada.get(f"{path}/refused.csv").text
    assert "B-3,9,3,2 g" in left_out, "the number 9 is in no list"


def test_a_list_of_containers_alone_says_which_list_comes_first(ada: Client) -> None:
    path = uploaded(ada, BOTTLES)
    answer = ada.put(f"{path}/reading", json=reading_of(ada, path))
    assert answer.status_code == 422
    assert "Where a column has only numbers of another list, load that list first" in answer.json()["detail"]


def test_numbers_that_stand_twice_or_were_taken_back_are_not_offered(ada: Client) -> None:
    loaded(ada, CHEMICALS.replace("8,", "7,"))
    path = uploaded(ada, BOTTLES)
    assert offered(ada, path) == []
    loaded(ada, CHEMICALS.replace("CAS", "CAS number"))
    [one] = offered(ada, path)
    reading = reading_of(ada, path, list=[one])
    assert "name" in reading["columns"].values(), "its chemicals were here already"
    assert ada.post(f"/labs/curie/imports/{one.split()[0]}/take-back").status_code == 200
    gone = ada.put(f"{path}/reading", json=reading)
    assert (gone.status_code, gone.json()["errors"][0]["pointer"]) == (422, "/lists")
    assert offered(ada, path) == []


def test_a_number_of_two_chemicals_names_none(installation: Installation, ada: Client) -> None:
    loaded(ada, "chem_id,Name\n8,Agar\n8,Agarose\n" + "".join(f"{number},Salt {number}\n" for number in range(20, 40)))
    path = uploaded(ada, "Barcode,chem_id,Amount\nB-1,8,1 g\nB-2,20,1 g\n")
    ada.put(f"{path}/reading", json=reading_of(ada, path, list=offered(ada, path)))
    assert commit(ada, path)[-1]["outcome"] == {"loaded": 1, "refused": 1, "containers": 1, "chemicals": 0}
    assert [row[:2] for row in stock(installation)] == [("B-2", "Salt 20")]


def test_the_numbers_of_another_lab_are_not_there(installation: Installation, ada: Client) -> None:
    loaded(ada, CHEMICALS)
    [one] = offered(ada, uploaded(ada, BOTTLES))
    eve = installation.as_user("eve")
    path = uploaded(eve, BOTTLES, lab="hodgkin")
    assert offered(eve, path) == []
    assert eve.get(f"{path}/columns", params={"list": one}).status_code == 422
    forged = reading_of(eve, path) | {"lists": {"chem_id": int(one.split()[0])}}
    forged["columns"] |= {"4": "name"}
    answer = eve.put(f"{path}/reading", json=forged)
    assert answer.status_code == 422
    assert "Sodium" not in answer.text


@pytest.mark.parametrize("query", ["x chem_id", "12", "99999999999999999999 chem_id", "1 \x00"])
def test_a_list_that_cannot_be_is_refused(ada: Client, query: str) -> None:
    path = uploaded(ada, BOTTLES)
    assert ada.get(f"{path}/columns", params={"list": query}).status_code == 422


def test_rows_that_are_locations_need_a_column_of_locations(ada: Client) -> None:
    path = uploaded(ada, PLACES)
    without = reading_of(ada, path)
    assert ada.put(f"{path}/reading", json=without).status_code == 422
    answer = ada.put(f"{path}/reading", json=without | {"columns": {"0": "lot"}, "all_locations": True})
    assert answer.json()["detail"] == "Choose which column is the location."
