"""Empty fields of many chemicals are filled in from the reference, as one act that can be undone; contradictions are left alone."""

from typing import Any

import pytest

from tests.installation import Installation

CHEMICALS: dict[str, dict[str, Any]] = {
    "by number": {"name": "Ethoxyethane", "cas_number": "60-29-7", "notes": "Old bottle"},
    "by name": {"name": "DCM"},
    "by structure": {"name": "Solvent of Ada", "inchikey": "WEVYAHXRMPXWCK-UHFFFAOYSA-N"},
    "own": {"name": "Acetone", "cas_number": "67-64-1", "density_g_per_ml": "0.8", "pictograms": []},
    "name": {"name": "Benzene", "cas_number": "67-66-3", "belong_together": True},
    "hydrate": {"name": "Chloroform", "cas_number": "67-66-3", "molar_mass_g_per_mol": "137.395"},
    "mass": {"name": "Methanol", "cas_number": "67-56-1", "formula": "C2H6O", "belong_together": True},
    "inchikey": {"name": "Aniline", "cas_number": "62-53-3", "inchikey": "WEVYAHXRMPXWCK-UHFFFAOYSA-N"},
    "nowhere": {"name": "Brown powder"},
}
LEFT = ("name", "hydrate", "mass", "inchikey")


@pytest.fixture(scope="module")
def ids(installation: Installation) -> dict[str, int]:
    ada, eve = installation.as_user("ada"), installation.as_user("eve")
    made = {key: ada.post("/labs/curie/chemicals", json=fields).json()["id"] for key, fields in CHEMICALS.items()}
    made["other lab"] = eve.post("/labs/hodgkin/chemicals", json=CHEMICALS["by number"]).json()["id"]
    return made


def chemical(installation: Installation, number: int, who: str = "ada", lab: str = "curie") -> dict[str, Any]:
    return dict(installation.as_user(who).get(f"/labs/{lab}/chemicals/{number}").json())


def test_a_preview_says_what_would_be_filled_and_what_contradicts(
    installation: Installation, ids: dict[str, int]
) -> None:
    found = installation.as_user("ben").get("/labs/curie/enrichments/new").json()
    assert (found["chemicals"], found["matched"], found["filled"]) == (9, 8, 4)
    filled = {one["chemical_id"]: one for one in found["fillable"]}
    assert set(filled) == {ids[key] for key in ("by number", "by name", "by structure", "own")}
    matched = [filled[ids[key]]["matched_by"] for key in ("by number", "by name", "by structure")]
    assert matched == ["cas_number", "name", "inchikey"]
    assert filled[ids["by name"]]["fields"]["cas_number"] == "75-09-2"
    assert not {"density_g_per_ml", "pictograms", "h_statements", "name"} & set(filled[ids["own"]]["fields"])
    said = {one["chemical_id"]: one["contradictions"] for one in found["contradictions"]}
    assert said == {ids[key]: [key] for key in LEFT}
    narrowed = installation.as_user("ben").get("/labs/curie/enrichments/new", params={"q": "dcm"}).json()
    assert (narrowed["chemicals"], narrowed["filled"]) == (1, 1)


def test_a_viewer_and_another_lab_enrich_nothing(installation: Installation, ids: dict[str, int]) -> None:
    cleo, eve = installation.as_user("cleo"), installation.as_user("eve")
    assert cleo.get("/labs/curie/enrichments/new").status_code == 200
    assert eve.get("/labs/curie/enrichments/new").status_code == 404
    assert cleo.post("/labs/curie/enrichments", json={}).status_code == 403
    assert eve.post("/labs/curie/enrichments", json={}).status_code == 404
    assert cleo.post("/labs/curie/enrichments", json={"nonsense": 1}).status_code == 422


def test_a_list_is_enriched_and_that_is_undone(installation: Installation, ids: dict[str, int]) -> None:
    ada, ben = installation.as_user("ada"), installation.as_user("ben")
    before = {key: chemical(installation, ids[key]) for key in CHEMICALS}
    answer = ada.send_once("/labs/curie/enrichments", {}, key="the-same-act")
    assert answer.status_code == 201, answer.text
    again = ada.send_once("/labs/curie/enrichments", {}, key="the-same-act")
    assert (again.status_code, again.json()) == (201, answer.json()), "sent twice, it is one act"
    done = answer.json()
    assert done["chemicals"] == 4
    ether = chemical(installation, ids["by number"])
    assert (ether["name"], ether["notes"], ether["formula"]) == ("Ethoxyethane", "Old bottle", "C4H10O")
    assert ether["origins"]["density_g_per_ml"] == "the reference (60-29-7)"
    assert ether["hazards_from"].startswith("ChemTrack")
    dichloromethane = chemical(installation, ids["by name"])
    assert (dichloromethane["name"], dichloromethane["cas_number"]) == ("DCM", "75-09-2")
    assert dichloromethane["origins"]["cas_number"] == "the reference (75-09-2)"
    own = chemical(installation, ids["own"])
    assert (own["density_g_per_ml"], own["pictograms"], own["hazards_from"]) == ("0.8", [], None)
    assert "density_g_per_ml" not in own["origins"]
    for key in (*LEFT, "nowhere"):
        assert chemical(installation, ids[key])["version"] == before[key]["version"], key
    other = chemical(installation, ids["other lab"], "eve", "hodgkin")
    assert (other["formula"], other["origins"]) == (None, {})
    assert ada.post("/labs/curie/enrichments", json={}).status_code == 409

    assert ada.patch(
        f"/labs/curie/chemicals/{ids['by number']}", json={"h_statements": ["H225"], "density_g_per_ml": "0.7"}
    ).ok
    where = f"/labs/curie/enrichments/{done['id']}/undo"
    assert ben.post(where).status_code == 403
    assert installation.as_user("eve").post(where.replace("curie", "hodgkin")).status_code == 404
    undone = ada.post(where).json()
    ether = chemical(installation, ids["by number"])
    assert (ether["density_g_per_ml"], [said["code"] for said in ether["h_statements"]]) == ("0.7", ["H225"])
    assert (ether["formula"], ether["synonyms"], ether["origins"]) == (None, [], {})
    assert undone["emptied"] + undone["kept"] == done["fields"]
    assert undone["kept"] >= 2
    unlike = ("version", "changed_at", "changed_by_name")
    for key in ("by name", "by structure", "own"):
        now = chemical(installation, ids[key])
        assert {name: now[name] for name in now if name not in unlike} == {
            name: before[key][name] for name in now if name not in unlike
        }, key
    assert ada.post(where).status_code == 409
    kinds = [line["kind"] for line in ada.get("/labs/curie/events").json()["items"]]
    assert kinds[:2] == ["enrichment_undone", "list_enriched"]
