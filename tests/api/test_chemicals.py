"""Search, look at, add and edit chemicals."""

from typing import Any

import pytest

from tests.installation import Installation


def add(installation: Installation, name: str, user: str = "ada", lab: str = "curie", **fields: object) -> int:
    answer = installation.as_user(user).post(f"/labs/{lab}/chemicals", json={"name": name, **fields})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def names(installation: Installation, user: str = "ada", lab: str = "curie", **search: Any) -> list[str]:
    answer = installation.as_user(user).get(f"/labs/{lab}/chemicals", params=search)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


@pytest.fixture(scope="module", autouse=True)
def shelf(installation: Installation) -> None:
    add(
        installation,
        "Tetrahydrofuran",
        synonyms=["THF", "Oxolane"],
        cas_number="109-99-9",
        formula="C4H8O",
        physical_state="liquid",
        pictograms=["GHS02", "GHS07", "GHS08"],
        signal_word="Danger",
        h_statements=["H225"],
        supplier="Sigma-Aldrich",
        catalogue_number="401757",
    )
    add(installation, "2-Propanol", cas_number="67-63-0", formula="C3H8O", pictograms=["GHS02", "GHS07"])
    add(installation, "α-Pinene", cas_number="80-56-8", formula="C10H16")
    add(installation, "Aluminium oxide", formula="Al2O3", pictograms=[])
    add(installation, "Lysozyme", user="eve", lab="hodgkin", cas_number="12650-88-3")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tetra", ["Tetrahydrofuran"]),
        ("THF", ["Tetrahydrofuran"]),
        ("oxol", ["Tetrahydrofuran"]),
        ("109-99-9", ["Tetrahydrofuran"]),
        ("109999", ["Tetrahydrofuran"]),
        ("c4h8o", ["Tetrahydrofuran"]),
        ("C₄H₈O", ["Tetrahydrofuran"]),
        ("sigma", ["Tetrahydrofuran"]),
        ("401757", ["Tetrahydrofuran"]),
        ("sigma thf", ["Tetrahydrofuran"]),
        ("propanol", ["2-Propanol"]),
        ("2-prop", ["2-Propanol"]),
        ("alpha-pin", ["α-Pinene"]),
        ("α-pinene", ["α-Pinene"]),
        ("hydrofur", ["Tetrahydrofuran"]),  # found inside a word
        ("lysozyme", []),
        ("100%", []),
    ],
)
def test_words_and_their_beginnings_find_a_chemical(installation: Installation, query: str, found: list[str]) -> None:
    assert names(installation, q=query) == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"hazard": ["GHS02"]}, ["2-Propanol", "Tetrahydrofuran"]),
        ({"hazard": ["GHS02", "GHS08"]}, ["Tetrahydrofuran"]),
        ({"hazard": ["unknown"]}, ["α-Pinene"]),
        ({"hazard": ["none"]}, ["Aluminium oxide"]),
        ({"h_code": "H225"}, ["Tetrahydrofuran"]),
        ({"h_code": "h 225"}, ["Tetrahydrofuran"]),
        ({"h_code": "H225 H360"}, []),
        ({"state": ["liquid"]}, ["Tetrahydrofuran"]),
        ({"molar_mass_from": "70", "molar_mass_to": "110"}, ["Aluminium oxide", "Tetrahydrofuran"]),
        (
            {"sort": "-molar_mass", "molar_mass_to": "1000"},
            ["α-Pinene", "Aluminium oxide", "Tetrahydrofuran", "2-Propanol"],
        ),
        ({"cas_number": "67-63-0"}, ["2-Propanol"]),
    ],
)
def test_characteristics_narrow_the_list(installation: Installation, search: dict[str, Any], found: list[str]) -> None:
    assert names(installation, **search) == found


def test_an_unknown_molar_mass_is_within_no_bounds(installation: Installation) -> None:
    eve = installation.as_user("eve")
    for bounds in ({"molar_mass_from": "1"}, {"molar_mass_to": "100000"}):
        assert eve.get("/labs/hodgkin/chemicals", params=bounds).json()["items"] == [], bounds


def test_pages_of_the_list_join_without_gap_or_overlap_in_both_directions(installation: Installation) -> None:
    ada = installation.as_user("ada")
    for sort in ("name", "-name", "cas_number", "-molar_mass"):
        everything = names(installation, sort=sort)
        forwards: list[str] = []
        backwards: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = ada.get("/labs/curie/chemicals", params={"sort": sort, "limit": "1", "cursor": cursor}).json()
            forwards += [item["name"] for item in page["items"]]
            cursor = page["next"]
        cursor = page["previous"]
        while cursor is not None:
            page = ada.get("/labs/curie/chemicals", params={"sort": sort, "limit": "1", "cursor": cursor}).json()
            backwards += [item["name"] for item in page["items"]]
            cursor = page["previous"]
        assert forwards == everything
        assert backwards == everything[-2::-1]


def test_molar_mass_comes_from_the_formula(installation: Installation) -> None:
    chemical = add(installation, "Copper sulfate pentahydrate", formula="CuSO4·5H2O")
    found = installation.as_user("ada").get(f"/labs/curie/chemicals/{chemical}").json()
    assert abs(float(found["molar_mass_g_per_mol"]) - 249.68) < 0.01


def test_a_second_chemical_of_a_cas_number_is_listed_with_a_warning(installation: Installation) -> None:
    answer = installation.as_user("ada").post(
        "/labs/curie/chemicals", json={"name": "Tetrahydrofuran, anhydrous", "cas_number": "109-99-9"}
    )
    assert answer.status_code == 201
    assert answer.json()["warning"] == "Tetrahydrofuran has this CAS number too."
    twin = installation.as_user("ada").get(f"/labs/curie/chemicals/{answer.json()['id']}").json()["twins"]
    assert [other["name"] for other in twin] == ["Tetrahydrofuran"]


def test_an_edit_changes_what_is_found(installation: Installation) -> None:
    ada = installation.as_user("ada")
    chemical = add(installation, "Mystery solid")
    assert ada.patch(f"/labs/curie/chemicals/{chemical}", json={"name": "Solved solid"}).status_code == 200
    assert names(installation, q="mystery") == []
    assert names(installation, q="solved") == ["Solved solid"]


@pytest.mark.parametrize(
    ("fields", "pointer", "sentence"),
    [
        ({"name": ""}, "/name", "This is needed."),
        ({"name": "x" * 301}, "/name", "At most 300 characters."),
        ({"name": "a\x00b"}, "/name", "This is not in the form that it should have."),
        (
            {"name": "x", "cas_number": "109-99-8"},
            "/cas_number",
            "The check digit of 109-99 is 9. Did you mean 109-99-9?",
        ),
        ({"name": "x", "formula": "Xx2"}, "/formula", None),
        (
            {"name": "x", "low_stock_amount": "1,5", "low_stock_unit": "g"},
            "/low_stock_amount",
            "Write the decimal point as a point: 1.5",
        ),
        ({"name": "x", "low_stock_amount": "5"}, "/low_stock_unit", "Write the limit with its unit, such as 500 mL."),
        ({"name": "x", "pictograms": ["GHS10"]}, "/pictograms/0", None),
        ({"name": "x", "density_g_per_ml": "-1"}, "/density_g_per_ml", "Write a number above 0."),
        ({"name": "x", "density_g_per_ml": "NaN"}, "/density_g_per_ml", None),
        ({"name": "x", "flash_point_celsius": "-300"}, "/flash_point_celsius", "Write -273.15 or more."),
        ({"name": "x", "flash_point_celsius": "−14,5"}, "/flash_point_celsius", "Write a number, such as 2.5."),
        (
            {"name": "x", "h_statements": ["P210"], "pictograms": []},
            "/h_statements/0",
            "“P210” is not an H statement of the GHS. Write codes such as H225.",
        ),
        (
            {"name": "x", "h_statements": ["H302", "H999"]},
            "/h_statements/1",
            "“H999” is not an H statement of the GHS. Write codes such as H225.",
        ),
        (
            {"name": "x", "h_statements": ["h360fd"]},
            "/h_statements/0",
            "“h360fd” may be H360FD or H360Fd. Write it with its capitals.",
        ),
        ({"name": "x", "p_statements": ["nonsense"]}, "/p_statements/0", None),
        (
            {"name": "x", "signal_word": "Danger"},
            "/pictograms",
            "Say which pictograms apply, or that there are none.",
        ),
        ({"name": "x", "inchikey": "WYURN"}, "/inchikey", None),
        ({"name": "x", "physical_state": "plasma"}, "/physical_state", None),
        ({"name": "x", "notes": "a\x00b"}, "/notes", None),
        ({"name": "x", "synonyms": ["y"] * 51}, "/synonyms", None),
        ({"name": "x", "low_stock_amount": "0", "low_stock_unit": "g"}, "/low_stock_amount", "Write a number above 0."),
        ({"name": "x", "sds_url": "javascript:alert(1)"}, "/sds_url", "Write a web address that begins with https://."),
        ({"name": "x", "nonsense": 1}, "/nonsense", "There is no such field."),
        ({"name": "x", "lab_id": 2}, "/lab_id", "There is no such field."),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    installation: Installation, fields: dict[str, object], pointer: str, sentence: str | None
) -> None:
    before = names(installation)
    answer = installation.as_user("ada").post("/labs/curie/chemicals", json=fields)
    assert answer.status_code == 422, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert sentence in (None, error["detail"])
    assert names(installation) == before


def test_the_same_key_again_adds_nothing_and_answers_the_same(installation: Installation) -> None:
    ada, chemical = installation.as_user("ada"), {"name": "Twice-sent salt"}
    first = ada.send_once("/labs/curie/chemicals", chemical, key="the-same-key")
    second = ada.send_once("/labs/curie/chemicals", chemical, key="the-same-key")
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert second.headers["Idempotent-Replayed"] == "true"
    assert names(installation, q="twice-sent") == ["Twice-sent salt"]
    other = ada.send_once("/labs/curie/chemicals", {"name": "Other"}, key="the-same-key")
    assert other.status_code == 422


def test_a_viewer_reads_and_does_not_write(installation: Installation) -> None:
    cleo = installation.as_user("cleo")
    assert cleo.get("/labs/curie/chemicals").status_code == 200
    assert cleo.post("/labs/curie/chemicals", json={"name": "Cleo's"}).status_code == 403


@pytest.mark.parametrize(("who", "status"), [("eve", 404), ("root", 404)])
def test_a_stranger_does_not_learn_that_the_lab_exists(installation: Installation, who: str, status: int) -> None:
    client = installation.as_user(who)
    answer, nowhere = client.get("/labs/curie/chemicals"), client.get("/labs/nowhere/chemicals")
    assert answer.status_code == nowhere.status_code == status
    assert answer.json() == nowhere.json()


def test_eve_does_not_find_curies_chemical_by_its_id(installation: Installation) -> None:
    chemical = add(installation, "Curie's own")
    eve = installation.as_user("eve")
    assert eve.get(f"/labs/hodgkin/chemicals/{chemical}").status_code == 404
    assert eve.patch(f"/labs/hodgkin/chemicals/{chemical}", json={"name": "Eve's now"}).status_code == 404


@pytest.mark.parametrize("cursor", ["x", "bm9uc2Vuc2U", "WyJuZXh0IiwgMSwgMl0", "W1tbW1tbW1tb"])
def test_a_broken_cursor_is_refused(installation: Installation, cursor: str) -> None:
    assert installation.as_user("ada").get("/labs/curie/chemicals", params={"cursor": cursor}).status_code == 422


def test_an_empty_change_is_refused(installation: Installation) -> None:
    chemical = add(installation, "Unchanged")
    assert installation.as_user("ada").patch(f"/labs/curie/chemicals/{chemical}", json={}).status_code == 422


def test_h_codes_find_their_variants_and_combinations_and_all_must_apply(installation: Installation) -> None:
    h_codes = {
        "One": ["H360D", "H225"],
        "Two": ["H360FD"],
        "Three": ["H360Df", "H300+H310"],
        "Four": ["H361d", "H310", "H300"],
        "Five": ["H300"],
    }
    for name, codes in h_codes.items():
        add(installation, f"Coded {name}", h_statements=codes)
    add(installation, "Coded Not known", pictograms=None)
    add(installation, "Coded None", pictograms=[])
    # A word that only looks like a hazard code is searched as a word, because a name may begin like that.
    add(installation, "Coded like", catalogue_number="H3600", pictograms=[])

    def found(codes: str) -> set[str]:
        return {name.removeprefix("Coded ") for name in names(installation, h_code=codes, q="coded")}

    assert found("H360") == {"One", "Two", "Three"}
    assert found("h360fd") == {"Two"}
    assert found("H361") == {"Four"}
    assert found("H300+H310") == {"Three", "Four"}
    assert found("H310") == {"Three", "Four"}
    assert found("H300") == {"Three", "Four", "Five"}
    assert found("H225, H360") == {"One"}
    assert found("H413") == set()
    refused = installation.as_user("ada").get("/labs/curie/chemicals", params={"h_code": "H225 H999"}).json()
    assert refused["errors"] == [
        {"pointer": "/h_code", "detail": "“H999” is not an H statement of the GHS. Write codes such as H225."}
    ]


def test_a_formula_is_kept_without_a_mass_where_none_is_known(installation: Installation) -> None:
    ada = installation.as_user("ada")
    chemical = add(installation, "Calcium chloride, wet", formula="CaCl2·xH2O")
    found = ada.get(f"/labs/curie/chemicals/{chemical}").json()
    assert (found["formula"], found["molar_mass_g_per_mol"]) == ("CaCl2·xH2O", None)
    said = ada.get("/labs/curie/molar-mass", params={"formula": "CaCl2·xH2O"}).json()
    assert said["errors"][0]["detail"] == "How many H2O are in it is not said, so its molar mass is not known."
    heavy = ada.post("/labs/curie/chemicals", json={"name": "x", "formula": "((((C9999)9999)9999)9999)9999"})
    assert (heavy.status_code, heavy.json()["errors"][0]["pointer"]) == (422, "/formula")


def test_pictograms_and_signal_word_that_are_left_empty_follow_from_the_h_statements(
    installation: Installation,
) -> None:
    ada = installation.as_user("ada")

    def hazards(chemical: int) -> tuple[list[str], str | None]:
        found = ada.get(f"/labs/curie/chemicals/{chemical}").json()
        return found["pictograms"], found["signal_word"]

    acrylamide = add(installation, "Acrylamide", h_statements=["H301", "H312", "h 315", "H340"])
    assert hazards(acrylamide) == (["GHS06", "GHS08"], "Danger")
    emptied = add(installation, "Emptied", pictograms=[], signal_word="", h_statements=["H302"])
    assert hazards(emptied) == (["GHS07"], "Warning")
    typed = add(installation, "Typed", pictograms=["GHS09"], signal_word="Danger", h_statements=["H302"])
    assert hazards(typed) == (["GHS09"], "Danger")
    ada.patch(f"/labs/curie/chemicals/{typed}", json={"h_statements": ["H225"]}).raise_for_status()
    assert hazards(typed) == (["GHS02"], "Danger")


def test_blank_fields_say_nothing_and_codes_are_tidied(installation: Installation) -> None:
    blank = dict.fromkeys(
        ("cas_number", "formula", "smiles", "inchikey", "physical_state", "signal_word", "notes", "supplier"), ""
    )
    numbers = dict.fromkeys(
        ("molar_mass_g_per_mol", "density_g_per_ml", "flash_point_celsius", "low_stock_amount", "low_stock_unit"), " "
    )
    empty = add(installation, "Nearly nothing", **blank, **numbers)
    full = add(
        installation, "Tidied", flash_point_celsius="−14", pictograms=["GHS02", "GHS02"], h_statements=["h225", "euh019", "H300 + H310"],
        p_statements=["P301+P330+P331"], low_stock_amount="1", low_stock_unit="lb",
    )  # fmt: skip
    ada = installation.as_user("ada")
    found = ada.get(f"/labs/curie/chemicals/{empty}").json()
    assert all(found[name] is None for name in (*blank, *numbers))
    found = ada.get(f"/labs/curie/chemicals/{full}").json()
    assert (found["flash_point_celsius"], found["pictograms"]) == ("-14", ["GHS02"])
    assert [said["code"] for said in found["h_statements"]] == ["H225", "EUH019", "H300+H310"]
    assert all(said["text"] for said in found["h_statements"] + found["p_statements"])
    assert (found["low_stock_amount"], found["low_stock_unit"], found["low"]) == ("453.59237", "g", True)


def test_name_formula_and_cas_number_of_two_substances_are_asked_about(installation: Installation) -> None:
    ada = installation.as_user("ada")
    mixed = {"name": "Acetone", "cas_number": "26628-22-8"}
    asked = ada.post("/labs/curie/chemicals", json=mixed)
    assert asked.status_code == 409
    assert asked.json()["errors"][0]["pointer"] == "/belong_together"
    assert "26628-22-8 is Sodium azide; Acetone has 67-64-1." in asked.json()["detail"]
    formula = ada.post(
        "/labs/curie/chemicals", json={"name": "My azide", "cas_number": "26628-22-8", "formula": "C3H6O"}
    )
    assert "is NaN3, not C3H6O" in formula.json()["detail"]
    by_name = ada.post("/labs/curie/chemicals", json={"name": "acetone", "formula": "NaN3"})
    assert by_name.status_code == 409
    for right in (
        {"name": "My azide", "cas_number": "26628-22-8", "formula": "N3Na"},
        {"name": "A mixture nobody knows", "cas_number": "67-64-1"},
        mixed | {"belong_together": True},
    ):
        made = ada.post("/labs/curie/chemicals", json=right)
        assert made.status_code == 201, made.text
    confirmed = f"/labs/curie/chemicals/{made.json()['id']}"
    assert ada.patch(confirmed, json=mixed | {"notes": "Answered before"}).status_code == 200
    assert ada.patch(confirmed, json=mixed | {"formula": "CH4"}).status_code == 409
    assert ada.patch(confirmed, json={"belong_together": True}).status_code == 422


def test_a_chemicals_stock_is_given_week_by_week(installation: Installation) -> None:
    ada = installation.as_user("ada")
    line = {"chemical": {"name": "Over time"}, "count": 2, "amount": "500", "unit": "mL"}
    [first, _] = ada.send_once("/labs/curie/deliveries", {"lines": [line | {"amount": "0.5", "unit": "L"}]}).json()[
        "containers"
    ]
    taken = {"purpose": "", "lines": [{"container_id": first["id"], "amount": "200", "unit": "mL"}]}
    assert ada.send_once("/labs/curie/check-outs", taken).status_code == 201
    [[chemical]] = installation.psql(
        "SELECT chemical_id FROM inventory.containers WHERE id = %s", first["id"], lab="curie"
    )
    weeks = ada.get(f"/labs/curie/chemicals/{chemical}").json()["weeks"]
    assert [(week["amount"], week["unit"]) for week in weeks] == [("800", "mL")]
    nothing = ada.post("/labs/curie/chemicals", json={"name": "Never received"}).json()["id"]
    assert ada.get(f"/labs/curie/chemicals/{nothing}").json()["weeks"] == []


def test_a_limit_that_no_container_can_be_compared_with_is_refused(installation: Installation) -> None:
    ada = installation.as_user("ada")
    line = {"chemical": {"name": "Limited"}, "amount": "5", "unit": "mL"}
    [bottle] = ada.post("/labs/curie/deliveries", json={"lines": [line]}).json()["containers"]
    chemical = ada.get(f"/labs/curie/containers/{bottle['id']}").json()["chemical_id"]
    path = f"/labs/curie/chemicals/{chemical}"
    refused = ada.patch(path, json={"low_stock_amount": "5", "low_stock_unit": "bar"})
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {"pointer": "/low_stock_unit", "detail": "The containers are kept in mL: write the limit in a unit like mL."}
    ]
    assert ada.patch(path, json={"low_stock_amount": "5", "low_stock_unit": "g"}).status_code == 200
