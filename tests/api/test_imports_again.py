"""The same list again: what is here, what changed since, what is new, and what somebody takes over from the list."""

import pytest

from tests.api.test_imports import (
    commit,
    contents,
    empty_labs,  # noqa: F401 (a fixture)
    here,
    kinds_of,
    loaded,
    read,
    uploaded,
)
from tests.installation import Client, Installation, words
from tests.sql.shelf import shelf


@pytest.fixture
def ada(installation: Installation, empty_labs: None) -> Client:  # noqa: F811 (the fixture)
    return installation.as_user("ada")


LIST = "No,Name,CAS,Room,Amount,Unit\n1,Acetone,67-64-1,Room 1,500,mL\n2,Ethanol,64-17-5,Room 1,1000,mL\n3,Toluene,108-88-3,Room 2,250,mL\n"
LATER = """Seen in May,CAS,No,Name,Room,Amount,Unit
yes,67-64-1,1,Acetone,Room 1,500.0,mL
yes,64-17-5,2,Ethanol,Room 1,350,mL
yes,108-88-3,3,Toluene,Room 2,250,mL
yes,67-56-1,4,Methanol,Room 1,2500,mL
"""


def amounts(installation: Installation) -> dict[str, str]:
    return {str(row[1]): f"{row[2].normalize():f} {row[3]}" for row in here(installation)}


def test_a_later_list_adds_what_is_new_and_asks_about_what_has_changed(installation: Installation, ada: Client) -> None:
    loaded(ada, LIST)
    path = uploaded(ada, LATER)
    summary = read(ada, path)["summary"]
    assert (summary["present"], summary["ready"], summary["changes"]) == (3, 1, 0)
    assert kinds_of(summary)["amount_changed"] == ("question", 1)
    [changed] = ada.get(f"{path}/rows?kind=amount_changed").json()["items"]
    assert {name: changed["problems"][0][name] for name in ("says", "proof")} == {
        "says": "350 mL",
        "proof": "here: 1000 mL",
    }
    assert commit(ada, path)[-1]["outcome"]["containers"] == 1
    # Unless told otherwise, the amounts of ChemTrack stay.
    assert amounts(installation) == {
        "Acetone": "500 mL",
        "Ethanol": "1000 mL",
        "Toluene": "250 mL",
        "Methanol": "2500 mL",
    }

    path = uploaded(ada, LATER)
    assert read(ada, path, repairs={"amount_changed": True})["summary"]["changes"] == 1
    assert "containers" in commit(ada, path)[-1]["outcome"]
    assert amounts(installation)["Ethanol"] == "350 mL"
    assert kinds_of(read(ada, uploaded(ada, LATER))["summary"]) == {}


def test_amounts_that_chemtrack_changed_are_no_change_of_the_list(installation: Installation, ada: Client) -> None:
    loaded(ada, LIST)
    [[used]] = installation.psql("SELECT id FROM inventory.stock WHERE chemical_name = 'Ethanol'", lab="curie")
    with shelf(installation) as on:
        on.post(used, "check_out", "100", "mL")
    summary = read(ada, uploaded(ada, LIST))["summary"]
    assert (summary["present"], kinds_of(summary)) == (3, {})
    exported = ada.get("/labs/curie/containers.csv").text
    assert kinds_of(read(ada, uploaded(ada, exported))["summary"]) == {}
    changed = read(ada, uploaded(ada, exported.replace(",900,", ",850,")))["summary"]
    assert kinds_of(changed)["amount_changed"] == ("question", 1)


PARTICULARS = """No,Name,CAS,Room,Lot,Expiry,Supplier,Formula,Amount
1,Acetone,67-64-1,Room 1,A1,2027-01-31,Firm A,C3H6O,500 mL
2,Ethanol,64-17-5,Room 1,B1,,Firm A,C2H6O,1 L
3,Agar,9002-18-0,Room 2,,,,,250 g
"""
CHANGED = {
    "location_changed": (",Room 1,A1,", ",Room 9,A1,", "Location: Room 9", "here: Room 1"),
    "container_changed": (",A1,2027-01-31,", ",A2,2028-02-29,", "Expires: 2028-02-29; Lot: A2", "here: 2027-01-31; A1"),
    "chemical_changed": (",C3H6O,", ",CH3COCH3,", "Formula: CH3COCH3", "here: C3H6O"),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_whatever_a_later_list_says_otherwise_is_asked_and_taken_over_on_a_word(
    installation: Installation, ada: Client, kind: str
) -> None:
    before, after, says, here = CHANGED[kind]
    loaded(ada, PARTICULARS)
    assert kinds_of(read(ada, uploaded(ada, PARTICULARS))["summary"]) == {}
    path = uploaded(ada, PARTICULARS.replace(before, after))
    summary = read(ada, path)["summary"]
    assert (summary["present"], summary["ready"], summary["changes"]) == (3, 0, 0)
    assert kinds_of(summary) == {kind: ("question", 1)}
    [row] = ada.get(f"{path}/rows?kind={kind}").json()["items"]
    assert (row["problems"][0]["says"], row["problems"][0]["proof"]) == (says, here)
    stood = contents(installation, "curie")
    commit(ada, path)
    assert contents(installation, "curie") == stood

    path = uploaded(ada, PARTICULARS.replace(before, after))
    assert read(ada, path, repairs={kind: True}, exceptions={kind: [2]})["summary"]["changes"] == 0
    assert read(ada, path, repairs={kind: True})["summary"]["changes"] == 1
    commit(ada, path)
    now = contents(installation, "curie")
    assert now != stood
    assert [row[2:] for row in now[1:]] == [row[2:] for row in stood[1:]]
    # The list as it was taken over asks nothing more, and what ChemTrack changes from now on is newer.
    assert kinds_of(read(ada, uploaded(ada, PARTICULARS.replace(before, after)))["summary"]) == {}
    installation.psql("UPDATE inventory.containers SET lot = 'Z'", lab="curie")
    assert kinds_of(read(ada, uploaded(ada, PARTICULARS.replace(before, after)))["summary"]) == {}


PACKS = """No,Name,Room,Pack size,Amount
1,Acetone,Room 1,1 L,500 mL
2,Ethanol,Room 1,500 mL,
"""


def test_no_list_gives_a_container_a_pack_size_in_a_unit_that_its_amount_cannot_have(
    installation: Installation, ada: Client
) -> None:
    loaded(ada, PACKS)
    stood = contents(installation, "curie")
    impossible = PACKS.replace("1 L,500 mL", "10 each,")
    path = uploaded(ada, impossible)
    summary = read(ada, path, repairs={"container_changed": True})["summary"]
    assert (summary["changes"], kinds_of(summary)) == (0, {"pack_of_other_kind": ("question", 1)})
    [row] = ada.get(f"{path}/rows?kind=pack_of_other_kind").json()["items"]
    assert row["problems"][0]["proof"] == "here: 1; L"
    commit(ada, path)
    assert contents(installation, "curie") == stood


def test_a_pack_size_is_not_taken_over_where_the_unit_came_since(installation: Installation, ada: Client) -> None:
    loaded(ada, PACKS)
    path = uploaded(ada, PACKS.replace("500 mL,", "10 each,"))
    assert read(ada, path, repairs={"container_changed": True})["summary"]["changes"] == 1
    [[ethanol]] = installation.psql("SELECT id FROM inventory.stock WHERE chemical_name = 'Ethanol'", lab="curie")
    with shelf(installation) as on:
        on.post(ethanol, "count", "300", "mL")
    outcome = commit(ada, path)[-1]["outcome"]
    assert [field.split(": ")[1] for field in outcome["newer_fields"]] == ["pack size", "pack unit"]
    assert installation.psql(
        f"SELECT trim_scale(pack_size)::text, pack_unit FROM inventory.containers WHERE id = {ethanol}", lab="curie"
    ) == [("500", "mL")]


def test_what_chemtrack_changed_after_the_answer_is_left_and_named(installation: Installation, ada: Client) -> None:
    loaded(ada, PARTICULARS)
    text = PARTICULARS
    for before, after, _, _ in CHANGED.values():
        text = text.replace(before, after, 1)
    text = text.replace(",CH3COCH3,500 mL", ",CH3COCH3,400 mL")
    path = uploaded(ada, text)
    summary = read(ada, path, repairs=dict.fromkeys([*CHANGED, "amount_changed"], True))["summary"]
    assert {kind: found[1] for kind, found in kinds_of(summary).items()} == dict.fromkeys(
        [*CHANGED, "amount_changed"], 1
    )
    [[acetone]] = installation.psql("SELECT barcode FROM inventory.stock WHERE chemical_name = 'Acetone'", lab="curie")
    with shelf(installation) as on:
        [[used]] = on.run("SELECT id FROM inventory.stock WHERE barcode = %s", acetone)
        on.run(
            "UPDATE inventory.containers SET lot = 'Z', location_id = (SELECT id FROM inventory.locations WHERE name = 'Room 2') WHERE id = %s",
            used,
        )
        on.run("UPDATE inventory.chemicals SET formula = 'OC(CH3)2' WHERE name = 'Acetone'")
        on.post(used, "check_out", "50", "mL")
    outcome = commit(ada, path)[-1]["outcome"]
    left = [f"{acetone}: amount", f"{acetone}: location", f"{acetone}: lot", "Acetone: formula"]
    assert (outcome["newer"], outcome["newer_fields"]) == (4, sorted(left))
    found = installation.psql(
        "SELECT l.full_name, c.lot, c.expires_on::text, h.formula, c.amount FROM inventory.containers c JOIN inventory.chemicals h ON h.id = c.chemical_id"
        f" JOIN inventory.locations l ON l.id = c.location_id WHERE c.barcode = '{acetone}'",
        lab="curie",
    )
    assert found == [("Room 2", "Z", "2028-02-29", "OC(CH3)2", 450)]
    page = words(installation.page("imports", "ada").soup(f"/imports/curie/{path.rsplit('/')[-1]}"))
    assert f"{acetone}: lot" in page


def test_another_number_of_containers_in_a_later_list_is_asked(ada: Client) -> None:
    text = "No,Name,Bottles\n1,Agar,2\n2,Urea,1\n"
    loaded(ada, text)
    assert kinds_of(read(ada, uploaded(ada, text))["summary"]) == {}
    path = uploaded(ada, text.replace("Agar,2", "Agar,4"))
    assert kinds_of(read(ada, path)["summary"]) == {"count_changed": ("question", 1)}


def test_a_new_container_does_not_change_its_chemical_unasked(installation: Installation, ada: Client) -> None:
    loaded(ada, "Name,CAS,Formula,Room\nAgar,9002-18-0,C14H24O9,1\n")
    path = uploaded(ada, "Name,CAS,Formula,Room,Melting point\nAgar,9002-18-0,C12H18O9,2,85\n")
    summary = read(ada, path)["summary"]
    assert (summary["ready"], kinds_of(summary)) == (1, {"chemical_changed": ("question", 1)})
    [row] = ada.get(f"{path}/rows?kind=chemical_changed").json()["items"]
    assert row["problems"][0]["says"] == "Formula: C12H18O9; Melting point (°C): 85"
    read(ada, path, repairs={"chemical_changed": True})
    commit(ada, path)
    chemical = "SELECT formula, melting_point_celsius FROM inventory.chemicals"
    assert installation.psql(chemical, lab="curie") == [("C12H18O9", 85)]


def test_rows_of_one_chemical_share_what_any_of_them_says(installation: Installation, ada: Client) -> None:
    loaded(ada, "Name,CAS,Formula,Room,SMILES\nAgar,9002-18-0,,1,\nagar,9002-18-0,C14H24O9,2,\nAgar,9002-18-0,,3,CCO\n")
    assert installation.psql("SELECT name, formula, smiles FROM inventory.chemicals", lab="curie") == [
        ("Agar", "C14H24O9", "CCO")
    ]


HAZARD_ROWS = {
    # The cells of two rows (pictograms, H and P codes, signal word) → the chemical's hazards, and which row is said to be otherwise.
    "H statements after other pictograms": ("GHS07,,", ",H300,", ("GHS06", "H300", "Danger", ""), [2]),
    "H statements before other pictograms": (",H300,", "GHS07,,", ("GHS06", "H300", "Danger", ""), [3]),
    "the same pictograms": (",H300,", "GHS06,,", ("GHS06", "H300", "Danger", ""), []),
    "two lists of H statements": (",H302 P264,", ",H300 P301,", ("GHS07", "H302", "Warning", "P264"), [3]),
    "the order of H statements": (",H302 H315,", ",H315 H302,", ("GHS07", "H302 H315", "Warning", ""), []),
    "two signal words": (",H302,Danger", ",H302,Warning", ("GHS07", "H302", "Danger", ""), [3]),
    "a signal word that the H statements do not bring": (
        ",H302,",
        ",H302,Danger",
        ("GHS07", "H302", "Warning", ""),
        [3],
    ),
    "a signal word alone": (",,Warning", ",H300,", ("GHS06", "H300", "Danger", ""), []),
    "P statements alone": (",P264,", "GHS07,,", ("GHS07", "", None, ""), [2]),
    "P statements and nothing else": (",P264,", ",,", (None, "", None, "P264"), []),
    "pictograms and nothing": (",,", "GHS07,,", ("GHS07", "", None, ""), []),
}


@pytest.mark.parametrize("name", HAZARD_ROWS)
def test_the_hazards_of_a_chemical_are_those_of_one_row(installation: Installation, ada: Client, name: str) -> None:
    first, second, expected, otherwise = HAZARD_ROWS[name]
    path = uploaded(ada, f"Name,Room,Pictograms,H codes,Signal word\nWondrous,1,{first}\nwondrous,2,{second}\n")
    read(ada, path)
    differing = ada.get(f"{path}/rows?kind=chemical_differs").json()["items"]
    assert [row["row_number"] for row in differing] == otherwise
    commit(ada, path, with_questions=True)
    assert installation.psql(HAZARDS, lab="curie") == [(*expected, None)]
    notes = installation.psql("SELECT count(*) FROM inventory.containers WHERE notes LIKE '%Hazards%'", lab="curie")
    assert notes == [(len(otherwise),)]


HAZARDS = """SELECT array_to_string(pictograms, ' '), array_to_string(h_statements, ' '), signal_word, array_to_string(p_statements, ' '), hazards_from
  FROM inventory.chemicals"""


@pytest.mark.parametrize("rows", [("", "H300"), ("H300", "")])
def test_what_the_file_says_of_hazards_wins_over_the_reference(
    installation: Installation, ada: Client, rows: tuple[str, str]
) -> None:
    head = "Name,CAS,Room,H codes"
    loaded(ada, "\n".join([head, *(f"Ethanol,64-17-5,{number},{codes}" for number, codes in enumerate(rows)), ""]))
    assert installation.psql(HAZARDS, lab="curie") == [("GHS06", "H300", "Danger", "", None)]


def test_pictograms_and_signal_word_are_taken_over_with_their_h_statements(
    installation: Installation, ada: Client
) -> None:
    text = "No,Name,Room,H codes\n1,Wondrous,1,H302\n"
    loaded(ada, text)
    path = uploaded(ada, text.replace("H302", "H300"))
    read(ada, path, repairs={"chemical_changed": True})
    commit(ada, path)
    assert installation.psql(HAZARDS, lab="curie") == [("GHS06", "H300", "Danger", "", None)]


def test_what_is_here_and_not_in_a_later_list_is_named(installation: Installation, ada: Client) -> None:
    loaded(ada, PARTICULARS)
    path = uploaded(ada, PARTICULARS.replace("2,Ethanol,64-17-5,Room 1,B1,,Firm A,C2H6O,1 L\n", ""))
    assert read(ada, path)["summary"]["absent"] == 1
    absent = ada.get(f"{path}/absent").json()
    assert [(item["chemical_name"], item["location"], item["amount"]) for item in absent["items"]] == [
        ("Ethanol", "Room 1", "1")
    ]
    assert absent["next"] is None
    commit(ada, path)
    assert ada.get(f"{path}/absent").json()["items"] == absent["items"]


def test_a_row_of_another_delivery_is_never_taken_for_here_unasked(installation: Installation, ada: Client) -> None:
    head = "Name,CAS,Pack size,Room\nAcetone,67-64-1,2.5 L,Room 1\n"
    loaded(ada, head + "Methanol,67-56-1,2.5 L,Room 1\n")
    path = uploaded(ada, head + "Ethanol,64-17-5,1 L,Room 1\n")
    summary = read(ada, path)["summary"]
    assert (summary["ready"], summary["present"], summary["absent"]) == (1, 1, 1)
    assert kinds_of(summary)["same_row_again"] == ("question", 1)
    again = read(ada, path, repairs={"same_row_again": True})["summary"]
    assert (again["ready"], again["present"]) == (2, 0)
    assert commit(ada, path)[-1]["outcome"]["containers"] == 2
    assert [row[1] for row in here(installation)] == ["Acetone", "Methanol", "Acetone", "Ethanol"]


def test_another_container_keeps_its_own_questions(ada: Client) -> None:
    loaded(ada, "Name,Room,Amount\nAgar,1,5\nUrea,1,6\n")
    path = uploaded(ada, "Name,Room,Amount\nAgar,1,5\n")
    summary = read(ada, path, repairs={"same_row_again": True})["summary"]
    assert (summary["ready"], summary["question"], summary["present"]) == (0, 1, 0)


def test_one_row_is_another_container_and_the_others_are_here(installation: Installation, ada: Client) -> None:
    loaded(ada, "Name,Room\nAgar,1\nUrea,1\nSalt,1\n")
    path = uploaded(ada, "Name,Room\nAgar,1\nUrea,1\n")
    assert kinds_of(read(ada, path)["summary"])["same_row_again"] == ("question", 2)
    summary = read(ada, path, repairs={"same_row_again": False}, exceptions={"same_row_again": [3]})["summary"]
    assert (summary["ready"], summary["present"], kinds_of(summary)["same_row_again"]) == (1, 1, ("question", 2))


PAIRS = {
    # A list, a later one, and what the lab changes: between the lists, and after the question.
    "price || ' ' || currency": ("Price,Currency", "10,EUR", "12,EUR", "price = 8, currency = 'USD'", "currency = 'CHF'"),
    "trim_scale(pack_size) || ' ' || pack_unit": ("Pack size,Pack unit", "500,g", "250,g", "pack_size = 5, pack_unit = 'L'", "pack_unit = 'mL'"),
}  # fmt: skip
LATER_PAIRS = {"price": ("12 EUR", "8 CHF"), "trim_scale": ("250 g", "5 mL")}


@pytest.mark.parametrize("since", [False, True])
@pytest.mark.parametrize("pair", PAIRS)
def test_a_figure_is_taken_over_with_its_unit_or_both_stay(
    installation: Installation, ada: Client, pair: str, since: bool
) -> None:
    head, before, after, between, later = PAIRS[pair]
    text = f"No,Name,Room,{head}\n1,Agar,1,{{}}\n"
    loaded(ada, text.format(before))
    installation.psql(f"UPDATE inventory.containers SET {between}", lab="curie")
    path = uploaded(ada, text.format(after))
    assert read(ada, path, repairs={"container_changed": True})["summary"]["changes"] == 1
    if since:
        installation.psql(f"UPDATE inventory.containers SET {later}", lab="curie")
    commit(ada, path)
    expected = next(values for name, values in LATER_PAIRS.items() if pair.startswith(name))
    assert installation.psql(f"SELECT {pair} FROM inventory.containers", lab="curie") == [(expected[since],)]


def test_nothing_is_taken_over_from_a_row_that_is_not_loaded(installation: Installation, ada: Client) -> None:
    loaded(ada, "No,Name,Formula,Room\n1,Agar,C14H24O9,1\n")
    path = uploaded(ada, "No,Name,Formula,Room,Amount\n2,Agar,C12H18O9,2,5\n3,Urea,CH4N2O,2,1 g\n")
    summary = read(ada, path, repairs={"chemical_changed": True})["summary"]
    assert (summary["question"], summary["changes"]) == (1, 1)
    commit(ada, path)
    formula = "SELECT formula FROM inventory.chemicals WHERE name = 'Agar'"
    assert installation.psql(formula, lab="curie") == [("C14H24O9",)]


def test_a_row_with_a_barcode_is_no_other_delivery(ada: Client) -> None:
    loaded(ada, "Barcode,Name,Room\nK-1,Agar,1\nK-2,Urea,1\n")
    summary = read(ada, uploaded(ada, "Barcode,Name,Room\nK-1,Agar,1\n"))["summary"]
    assert (summary["present"], summary["absent"], kinds_of(summary)) == (1, 1, {})
