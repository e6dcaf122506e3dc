"""Which fields of a chemical are as the reference said: kept with its source until somebody changes the field."""

import csv
import io
from typing import Any

from tests.api.test_imports import commit, read, uploaded
from tests.installation import Installation

FILLED = {"formula": "C3H6O", "melting_point_celsius": "-94.8", "boiling_point_celsius": "56.05"}
ORIGINS = {
    "formula": "the reference (67-64-1)",
    "melting_point_celsius": "CRC (67-64-1)",
    "boiling_point_celsius": "CRC (67-64-1)",
}


def made(installation: Installation, **fields: Any) -> str:
    answer = installation.as_user("ben").post("/labs/curie/chemicals", json={"name": "Acetone of Ben", **fields})
    assert answer.status_code == 201, answer.text
    return f"/labs/curie/chemicals/{answer.json()['id']}"


def origins(installation: Installation, path: str) -> dict[str, str]:
    return dict(installation.as_user("ben").get(path).json()["origins"])


def test_a_field_keeps_its_origin_until_it_is_changed(installation: Installation) -> None:
    ben = installation.as_user("ben")
    path = made(installation, **FILLED, origins=ORIGINS | {"density_g_per_ml": "CRC (67-64-1)"})
    assert origins(installation, path) == ORIGINS, "an empty field has no origin"
    same = {"notes": "Opened", "melting_point_celsius": "-94.80"}
    assert ben.patch(path, json=same).status_code == 200
    assert origins(installation, path) == ORIGINS
    assert ben.patch(path, json={"melting_point_celsius": "-95"}).status_code == 200
    assert set(origins(installation, path)) == {"formula", "boiling_point_celsius"}
    assert ben.patch(path, json={"boiling_point_celsius": None, "origins": ORIGINS}).status_code == 200
    assert origins(installation, path) == {name: ORIGINS[name] for name in ("formula", "melting_point_celsius")}
    other = {"formula": "C2H6O", "origins": {"formula": "the reference (64-17-5)"}}
    assert ben.patch(path, json=other).status_code == 200
    assert origins(installation, path) == other["origins"]


def test_only_fields_that_are_filled_in_have_an_origin(installation: Installation) -> None:
    ben = installation.as_user("ben")
    for wrong in ({"notes": "x"}, {"formula": ""}, {"formula": "x" * 301}, {"formula": None}, "x"):
        answer = ben.post("/labs/curie/chemicals", json={"name": "X", "origins": wrong})
        assert answer.status_code == 422, answer.text


def test_a_receipt_that_fills_in_says_what_it_filled(installation: Installation) -> None:
    ben = installation.as_user("ben")
    chemical = {"fill_in": True, "cas_number": "60-29-7", "formula": "C4H10O", "name": "Ether"}
    line = {"chemical": chemical, "count": 1, "pack_size": "1 L"}
    [container] = ben.post("/labs/curie/deliveries", json={"lines": [line]}).json()["containers"]
    where = ben.get(f"/labs/curie/containers/{container['id']}").json()["chemical_id"]
    said = origins(installation, f"/labs/curie/chemicals/{where}")
    assert said["density_g_per_ml"] == "the reference (60-29-7)"
    assert said["storage_class"] == "ChemTrack, after suppliers' safety data sheets (60-29-7)"
    assert not {"name", "formula", "cas_number", "flash_point_celsius"} & set(said)


def test_an_import_says_what_it_filled_in(installation: Installation) -> None:
    """Rows of one chemical share their fields: one that a row brings is not the reference's, though another row had it filled in."""
    ada = installation.as_user("ada")
    path = uploaded(
        ada,
        "Barcode,Name,CAS,Storage class,Amount\nO-1,Ethanol O,64-17-5,3A,1 L\nO-2,Ethanol O,64-17-5,,1 L\nO-3,Methanol O,67-56-1,,1 L\n",
    )
    read(ada, path)
    commit(ada, path, with_questions=True)
    found = {
        row["name"]: ada.get(f"/labs/curie/chemicals/{row['id']}").json()
        for row in ada.get("/labs/curie/chemicals", params={"limit": 200}).json()["items"]
    }
    assert (found["Ethanol O"]["storage_class"], found["Ethanol O"]["origins"]) == ("3A", {})
    assert list(found["Methanol O"]["origins"]) == ["storage_class"]
    assert "(67-56-1)" in found["Methanol O"]["origins"]["storage_class"]
    for file in ("chemicals", "containers"):
        lines = csv.DictReader(io.StringIO(ada.get(f"/labs/curie/{file}.csv").content.decode("utf-8-sig"), newline=""))
        [cell] = [line["From the reference"] for line in lines if line["Name"] == "Methanol O"]
        assert cell.startswith("Storage class: ChemTrack"), cell
