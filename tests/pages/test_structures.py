"""The address of a drawn structure: what a browser may do with it, and for how long."""

from bs4 import BeautifulSoup

from tests.installation import Installation, fields_of, words


def test_a_drawing_can_do_nothing_and_is_asked_for_each_time(installation: Installation) -> None:
    made = installation.as_user("ada").post("/labs/curie/chemicals", json={"name": "Ethanol", "smiles": "CCO"}).json()
    address = f"/chemicals/curie/{made['id']}/structure.svg"
    client = installation.page("chemicals", "cleo")
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.data.rstrip().endswith(b"</svg>")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    # Whoever has the drawing sees it no longer once they are signed out, and no other lab does.
    have = {"If-None-Match": answer.headers["ETag"]}
    assert installation.page("chemicals").get(address, headers=have).status_code == 302
    assert (
        installation.page("chemicals", "eve").get(address.replace("curie", "hodgkin"), headers=have).status_code == 404
    )


def test_a_smiles_with_a_slip_is_told_beside_its_field_and_stays_there(installation: Installation) -> None:
    client = installation.page("chemicals", "ada")
    [empty] = client.soup("/chemicals/curie/new").select("form#chemical")
    answer = client.post("/chemicals/curie/new", data=fields_of(empty) | {"name": "Slipped", "smiles": "CC(C"})
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.text, "html.parser")
    field = soup.select_one("[name=smiles]")
    assert field
    assert field["value"] == "CC(C"
    assert field["aria-invalid"] == "true"
    said = " ".join(words(soup.select_one(f"#{name}")) for name in str(field["aria-describedby"]).split())
    assert "This SMILES cannot be read at character 3, “(”: this bracket is never closed." in said


def test_a_chemical_shows_its_structure_if_it_has_one(installation: Installation) -> None:
    ada = installation.as_user("ada")
    drawn, other = (
        ada.post("/labs/curie/chemicals", json={"name": "Quartz <b>"} | more).json()["id"]
        for more in ({"smiles": "O=[Si]=O", "formula": "SiO2"}, {})
    )
    client = installation.page("chemicals", "ben")
    picture = client.soup(f"/chemicals/curie/{drawn}").select_one(".ct-structure img")
    assert picture
    assert picture["alt"] == "Structure of Quartz <b>, SiO2"
    assert picture["src"] == f"/chemicals/curie/{drawn}/structure.svg"
    assert not client.soup(f"/chemicals/curie/{other}").select(".ct-structure")
