"""The pages that adopt hazards from published lists."""

import pytest

from tests.installation import Installation, fields_of, words

ADOPT = "/chemicals/curie/adopt"
LIST = b"""CAS,Name,H codes,Pictograms,Signal word
109-66-0,pentane,H225 H304,GHS02 GHS08,Danger
7440-66-6,zinc (pyrophoric),H250 H260,GHS02,Danger
7440-66-6,zinc (stabilised) <b>,H410,GHS09,Warning
"""


@pytest.fixture(scope="module")
def ids(installation: Installation) -> dict[str, int]:
    root, ada = installation.as_user("root"), installation.as_user("ada")
    list_ = root.post("/classifications", data={"name": "HCIS", "version": "May 2022"}, files={"file": ("l.csv", LIST)})
    assert root.post(f"/classifications/{list_.json()['id']}/keep").status_code == 200
    made = {
        "pentane": {"name": "Fraction 5", "cas_number": "109-66-0", "belong_together": True},
        "zinc": {"name": "Zinc dust", "cas_number": "7440-66-6"},
        "salt": {"name": "Brown powder"},
    }
    return {key: ada.post("/labs/curie/chemicals", json=fields).json()["id"] for key, fields in made.items()}


def test_a_list_is_looked_at_adopted_and_undone(installation: Installation, ids: dict[str, int]) -> None:
    client = installation.page("chemicals", "ada")
    assert client.soup("/chemicals/curie").select_one(f'#exports a[href="{ADOPT}"]')
    page = client.soup(ADOPT)
    said = words(page.select_one("main"))
    assert "The hazards of 1 are not known here, and the lists agree on them." in said
    assert "1 chemical to choose for" in said
    form = page.select_one("main form")
    assert form is not None
    assert client.post(ADOPT, data=fields_of(form)).status_code == 303
    shown = words(client.soup(f"/chemicals/curie/{ids['pentane']}").select_one("main"))
    assert "From HCIS, May 2022. Taken over by" in shown
    toast = client.soup("/chemicals/curie").select_one("#ct-toasts form")
    assert toast is None or "1 chemical" in words(toast.parent)
    again = client.post(ADOPT, data={"csrf_token": fields_of(form)["csrf_token"]})
    assert again.status_code == 409
    assert "There is nothing to adopt." in again.text


def test_one_chooses_for_a_chemical_and_has_to(installation: Installation, ids: dict[str, int]) -> None:
    client, where = installation.page("chemicals", "ada"), f"/chemicals/curie/{ids['zinc']}/adopt"
    link = client.soup(f"/chemicals/curie/{ids['zinc']}").select_one(f'a[href="{where}"]')
    assert link is not None
    assert "Classification available: 2 entries" in words(link)
    page = client.soup(where)
    entries = page.select("input[name=entry]")
    assert len(entries) == 2
    assert "zinc (stabilised) <b>" in words(page)
    assert client.submit(where, "main form").status_code == 422
    form = page.select_one("main form")
    assert form is not None
    assert client.post(where, data=fields_of(form) | {"entry": "9-²"}).status_code == 422
    assert client.post(where, data=fields_of(form) | {"entry": str(entries[1]["value"])}).status_code == 303
    shown = words(client.soup(f"/chemicals/curie/{ids['zinc']}").select_one("main"))
    assert "From HCIS, May 2022." in shown
    assert "as now" in words(client.soup(where))


def test_a_chemical_of_which_no_list_says_anything_is_not_called_harmless(
    installation: Installation, ids: dict[str, int]
) -> None:
    client = installation.page("chemicals", "ada")
    assert "Classification available" not in client.get(f"/chemicals/curie/{ids['salt']}").text
    assert "That does not mean that it is harmless." in client.get(f"/chemicals/curie/{ids['salt']}/adopt").text


def test_a_viewer_is_not_offered_and_may_not(installation: Installation, ids: dict[str, int]) -> None:
    cleo = installation.page("chemicals", "cleo")
    assert not cleo.soup("/chemicals/curie").select(f'a[href="{ADOPT}"]')
    assert cleo.get(ADOPT).status_code == 403
    assert cleo.get(f"/chemicals/curie/{ids['zinc']}/adopt").status_code == 403
