"""Which fields of a chemical are as the reference said: kept with its source until somebody changes the field."""

import csv
import io
from typing import Any

from tests.api.test_imports import commit, read, uploaded
from tests.installation import Installation

ACETONE = {"cas_number": "67-64-1", "formula": "C3H6O", "density_g_per_ml": "0.791", "smiles": "CC(C)=O"}
SOURCE = "the reference (67-64-1)"
ORIGINS = {name: SOURCE for name in ACETONE if name != "cas_number"}
HAZARDS = {
    "pictograms": ["GHS02", "GHS07"],
    "signal_word": "Danger",
    "h_statements": ["H225", "H319", "H336", "EUH066"],
}
TITLE = "ChemTrack, after suppliers' safety data sheets"


def made(installation: Installation, **fields: Any) -> str:
    answer = installation.as_user("ben").post("/labs/curie/chemicals", json={"name": "Acetone of Ben", **fields})
    assert answer.status_code == 201, answer.text
    return f"/labs/curie/chemicals/{answer.json()['id']}"


def origins(installation: Installation, path: str) -> dict[str, str]:
    return dict(installation.as_user("ben").get(path).json()["origins"])


def test_a_field_keeps_its_origin_until_it_is_changed(installation: Installation) -> None:
    ben = installation.as_user("ben")
    path = made(installation, **ACETONE, origins=ORIGINS | {"melting_point_celsius": SOURCE})
    assert origins(installation, path) == ORIGINS, "an empty field has no origin"
    same = {"notes": "Opened", "density_g_per_ml": "0.7910"}
    assert ben.patch(path, json=same).status_code == 200
    assert origins(installation, path) == ORIGINS
    assert ben.patch(path, json={"density_g_per_ml": "0.8"}).status_code == 200
    assert set(origins(installation, path)) == {"formula", "smiles"}
    assert ben.patch(path, json={"smiles": None, "origins": ORIGINS}).status_code == 200
    assert origins(installation, path) == {"formula": SOURCE}
    # What a newer reference says otherwise does not make the lab's field less what the reference of that day said.
    installation.psql("UPDATE reference.substances SET formula = 'C6H12O2' WHERE cas_number = '67-64-1'")
    try:
        assert ben.patch(path, json={"notes": "Kept"}).status_code == 200
        assert origins(installation, path) == {"formula": SOURCE}
    finally:
        installation.psql("UPDATE reference.substances SET formula = 'C3H6O' WHERE cas_number = '67-64-1'")
    assert ben.patch(path, json={"cas_number": "64-17-5"}).status_code == 200
    assert origins(installation, path) == {}, "the reference has another formula for this CAS RN"


def test_nobody_is_believed_who_says_that_a_value_is_from_the_reference(installation: Installation) -> None:
    ben = installation.as_user("ben")
    claims = {"name": SOURCE, "formula": "javascript:alert(1)", "density_g_per_ml": SOURCE, "cas_number": SOURCE}
    typed = ACETONE | {"density_g_per_ml": "0.8", "hazards_from": TITLE, "pictograms": ["GHS02"]}
    path = made(installation, **typed, origins=claims)
    assert origins(installation, path) == {"formula": SOURCE}, "only the formula is the reference's, and in its words"
    assert ben.get(path).json()["hazards_from"] is None
    without = made(
        installation, formula="C3H6O", density_g_per_ml="0.791", origins=ORIGINS, hazards_from="x", **HAZARDS
    )
    assert origins(installation, without) == {}, "no CAS RN, no reference"
    assert ben.get(without).json()["hazards_from"] is None
    assert ben.patch(path, json=HAZARDS | {"hazards_from": "Annex VI"}).status_code == 200
    assert ben.get(path).json()["hazards_from"] == TITLE
    assert ben.patch(path, json={"cas_number": "64-17-5"}).status_code == 200
    assert ben.get(path).json()["hazards_from"] is None, "these are the hazards of another substance"


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
