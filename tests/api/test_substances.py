"""What the reference knows of a substance, for filling in forms."""

from typing import Any

import pytest

from tests.installation import Installation


def substance(installation: Installation, cas_number: str, who: str = "ada", lab: str = "curie") -> dict[str, Any]:
    answer = installation.as_user(who).get(f"/labs/{lab}/substances/{cas_number}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_cas_number_fills_in_identity_and_hazards(installation: Installation) -> None:
    ether = substance(installation, "60-29-7")
    assert ether["known"] is True
    assert (ether["name"], ether["formula"], ether["molar_mass_g_per_mol"]) == ("Diethyl ether", "C4H10O", "74.12")
    assert (ether["physical_state"], ether["density_g_per_ml"]) == ("liquid", "0.713")
    assert "ethoxyethane" in ether["synonyms"]
    assert "GHS02" in ether["pictograms"]
    texts = {said["code"]: said["text"] for said in ether["h_statements"] + ether["p_statements"]}
    assert texts["H224"] == "Extremely flammable liquid and vapour."
    assert all(texts.values()), texts
    assert ether["source"]
    assert ether["listed"] == []


def test_figures_come_with_their_sources(installation: Installation) -> None:
    installation.psql(
        """UPDATE reference.substances SET flash_point_celsius = -45, twa_ppm = 400, iarc_group = '3', iarc_agent = 'Ethers',
           sources = '{"flash_point_celsius": "IEC", "twa_ppm": "ONTARIO", "iarc_group": "IARC"}' WHERE cas_number = '60-29-7'"""
    )
    ether = substance(installation, "60-29-7")
    assert (ether["flash_point_celsius"], ether["twa_ppm"], ether["iarc_group"]) == ("-45", "400", "3")
    assert ether["sources"]["flash_point_celsius"].startswith("IEC 60079-20-1")
    assert set(ether["sources"]) == {"flash_point_celsius", "twa_ppm", "iarc_group"}
    assert (ether["stel_ppm"], ether["absorbed_by_skin"], ether["melting_point_celsius"]) == (None, None, None)
    assert substance(installation, "9999999-99-5")["sources"] == {}


def test_substances_that_are_drawn_alike_name_each_other(installation: Installation) -> None:
    assert substance(installation, "60-29-7")["same_structure"] == []
    installation.psql(
        "UPDATE reference.substances SET inchikey = 'RTZKZFJDLAIYFH-UHFFFAOYSA-N' WHERE cas_number = '67-64-1'"
    )
    assert substance(installation, "60-29-7")["same_structure"] == ["67-64-1"]


def test_a_new_chemical_of_a_delivery_takes_what_a_chemical_has_and_no_more(installation: Installation) -> None:
    """The reference knows more columns than a chemical has: exposure limits, sources."""
    [[filled]] = installation.psql('SELECT inventory.fill_in(\'{"cas_number": "60-29-7"}\')')
    assert {"name", "flash_point_celsius", "synonyms", "pictograms"} <= set(filled)
    assert not {"twa_ppm", "sources", "rank", "iarc_group", "source"} & set(filled), filled


def test_somebody_who_checked_and_found_no_hazard_is_told_from_nobody(installation: Installation) -> None:
    assert substance(installation, "56-40-6")["pictograms"] == []  # glycine
    assert substance(installation, "9999999-99-5")["pictograms"] is None


@pytest.mark.parametrize("written", ["60297", "CAS 60-29-7", "60–29–7"])
def test_a_cas_number_is_read_as_people_write_it(installation: Installation, written: str) -> None:
    assert substance(installation, written)["cas_number"] == "60-29-7"


def test_an_unknown_substance_is_no_error(installation: Installation) -> None:
    nothing = substance(installation, "9999999-99-5")
    assert nothing["known"] is False
    assert nothing["pictograms"] is None
    assert nothing["name"] is None


def test_chemicals_of_the_lab_with_that_number_are_named_and_no_others(installation: Installation) -> None:
    ada = installation.as_user("ada")
    made = ada.post("/labs/curie/chemicals", json={"name": "Acetone, technical", "cas_number": "67-64-1"}).json()["id"]
    assert substance(installation, "67-64-1")["listed"] == [{"id": made, "name": "Acetone, technical"}]
    assert substance(installation, "67-64-1", "eve", "hodgkin")["listed"] == []


@pytest.mark.parametrize(
    ("written", "sentence"),
    [("109-99-8", "The check digit of 109-99 is 9. Did you mean 109-99-9?"), ("ether", None), ("%00", None)],
)
def test_what_is_no_cas_number_is_refused(installation: Installation, written: str, sentence: str | None) -> None:
    answer = installation.as_user("ada").get(f"/labs/curie/substances/{written}")
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["pointer"] == "/cas_number"
    assert sentence in (None, error["detail"])


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("diethyl eth", "Diethyl ether"),
        ("ethoxye", "Diethyl ether"),
        ("60-29", "Diethyl ether"),
        ("ACETON", "Acetone"),
        ("dcm", "Dichloromethane"),
        ("wevyahxrmpxwck-uhfffaoysa-n ", "Acetonitrile"),
        ("CC#N", "Acetonitrile"),
    ],
)
def test_a_name_or_its_beginning_finds_substances(installation: Installation, q: str, first: str) -> None:
    answer = installation.as_user("cleo").get("/labs/curie/substances", params={"q": q})
    assert answer.json()["items"][0]["name"] == first


@pytest.mark.parametrize("q", ["x", "", "x" * 201, "ab\x00"])
def test_a_senseless_question_is_refused(installation: Installation, q: str) -> None:
    assert installation.as_user("ada").get("/labs/curie/substances", params={"q": q}).status_code == 422


def test_nothing_is_found_for_what_is_nowhere(installation: Installation) -> None:
    assert installation.as_user("ada").get("/labs/curie/substances", params={"q": "%_%"}).json() == {"items": []}


@pytest.mark.parametrize("path", ["60-29-7", "?q=ether"])
def test_who_belongs_to_no_lab_learns_nothing(installation: Installation, path: str) -> None:
    for who in ("eve", "root"):
        assert installation.as_user(who).get(f"/labs/curie/substances/{path}").status_code in (404, 307)


def test_the_molar_mass_of_a_formula_is_computed(installation: Installation) -> None:
    ada = installation.as_user("ada")
    found = ada.get("/labs/curie/molar-mass", params={"formula": "CuSO4·5H2O"})
    assert found.json()["molar_mass_g_per_mol"].startswith("249.68")
    assert ada.get("/labs/curie/molar-mass", params={"formula": "Xx2"}).json()["errors"][0]["pointer"] == "/formula"
    for formula in ("", "C" * 201, "\x00", "((((((((("):
        assert ada.get("/labs/curie/molar-mass", params={"formula": formula}).status_code == 422
    assert installation.as_user("eve").get("/labs/curie/molar-mass", params={"formula": "C"}).status_code == 404
