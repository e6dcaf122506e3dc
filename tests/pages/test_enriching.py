"""The page that fills empty fields of listed chemicals from the reference."""

import pytest

from tests.installation import Installation, fields_of, words

ENRICH = "/chemicals/curie/enrich"


@pytest.fixture(scope="module")
def ids(installation: Installation) -> dict[str, int]:
    ada = installation.as_user("ada")
    made = {
        "ether": {"name": "Ethoxyethane", "cas_number": "60-29-7"},
        "wrong": {"name": "Benzene", "cas_number": "67-66-3", "belong_together": True},
        "salt": {"name": "Brown powder <b>"},
    }
    return {key: ada.post("/labs/curie/chemicals", json=fields).json()["id"] for key, fields in made.items()}


def test_a_list_is_looked_at_filled_in_and_undone(installation: Installation, ids: dict[str, int]) -> None:
    client, ada = installation.page("chemicals", "ada"), installation.as_user("ada")
    assert client.soup("/chemicals/curie").select_one(f'#exports a[href="{ENRICH}"]')
    page = client.soup(ENRICH)
    said = words(page.select_one("main"))
    assert "The lab lists 3 chemicals. The reference knows 2 of them and would fill in fields of 1:" in said
    assert "1 chemical left as it is" in said
    assert "its name is that of another substance" in said
    assert "formula C4H10O, molar mass 74.12 g/mol, physical state liquid, storage class 3, density 0.713 g/mL" in said
    form = page.select_one("main form")
    assert form is not None
    done = client.post(ENRICH, data=fields_of(form))
    assert (done.status_code, done.headers["Location"]) == (303, "/chemicals/curie")
    assert ada.get(f"/labs/curie/chemicals/{ids['ether']}").json()["formula"] == "C4H10O"
    toast = client.soup("/chemicals/curie").select_one("#ct-toasts form")
    assert toast is not None
    assert "1 chemical filled in" in words(toast.parent)
    undone = client.post(str(toast["action"]), data=fields_of(toast))
    assert undone.status_code == 303
    assert "Undone:" in words(client.soup("/chemicals/curie").select_one("#ct-toasts"))
    assert ada.get(f"/labs/curie/chemicals/{ids['ether']}").json()["formula"] is None


def test_a_search_without_anything_to_fill_in_says_so(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ada")
    page = client.soup(f"{ENRICH}?q=brown")
    assert "The search finds 1 chemical." in words(page.select_one("main"))
    assert "there is nothing to fill in" in words(page.select_one("main"))
    assert not page.select("main form")
    token = client.soup("/chemicals/curie/new").select_one("[name=csrf_token]")
    assert token is not None
    sent = client.post(f"{ENRICH}?q=brown", data={"csrf_token": token["value"]})
    assert sent.status_code == 409
    assert "There is nothing to fill in." in sent.text


def test_a_viewer_is_not_offered_and_may_not(installation: Installation, ids: dict[str, int]) -> None:
    cleo = installation.page("chemicals", "cleo")
    assert not cleo.soup("/chemicals/curie").select(f'a[href="{ENRICH}"]')
    assert cleo.get(ENRICH).status_code == 403
