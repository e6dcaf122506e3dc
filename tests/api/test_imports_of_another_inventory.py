"""A list of containers as another inventory exports it: imported, imported again as it is, and again with what has changed since."""

import csv
import io

import pytest

from tests.api.test_imports import (
    commit,
    empty_labs,  # noqa: F401 (a fixture)
    kinds_of,
    loaded,
    read,
    uploaded,
)
from tests.installation import Client, Installation

HEADS = (
    "Container ID,Chemical Name,CAS Registry Number,Mol. Formula,Physical State,Container Size,Units,Amount Remaining,Building,Room,"
    "Storage Unit,Shelf,Manufacturer,Catalog #,Lot #,Grade,Date Received,Date Opened,Expiration Date,Unit Price (USD),GHS H Codes,Comments"
)
ROWS = """
A1001,Acetone,67-64-1,C3H6O,Liquid,2.5,L,1.8 L,North,101,Cabinet F,1,Solvex,S-2040,AC881,HPLC,2025-03-14,2025-04-02,2028-03-31,42.50,H225 H319 H336,
A1002,Acetone,67-64-1,C3H6O,Liquid,2.5,L,2.5 L,North,101,Cabinet F,1,Solvex,S-2040,AC882,HPLC,2025-03-14,,2028-03-31,42.50,H225 H319 H336,
A1003,Ethanol absolute,64-17-5,C2H6O,Liquid,1,L,0.4 L,North,101,Cabinet F,2,Solvex,S-1010,ET12,99.8 %,2025-01-20,2025-02-01,2027-12-31,18.00,H225 H319,for PCR only
A1004,Methanol,67-56-1,CH4O,Liquid,4,L,4 L,North,101,Cabinet F,2,Solvex,S-3030,ME77,ACS,2025-05-06,,2029-05-31,51.20,H225 H301 H311 H331 H370,
A1005,Sodium chloride,7647-14-5,NaCl,Solid,1,kg,650 g,North,102,Shelving B,3,Saltworks,NC-1,N4410,,2024-11-04,2024-11-20,,9.90,,
A1006,Sodium hydroxide pellets,1310-73-2,NaOH,Solid,500,g,500 g,North,102,Cabinet C,1,Saltworks,NH-5,H2021,ACS,2024-11-04,,2029-11-30,14.00,H290 H314,
A1007,Agarose,9012-36-6,,Solid,100,g,35 g,North,102,Shelving B,2,Gelco,AG-100,G-9,,2025-02-17,2025-02-18,2030-02-28,88.00,,
A1008,Glycine,56-40-6,C2H5NO2,Solid,500,g,480 g,North,102,Shelving B,2,Gelco,GL-500,GY3,99 %,2025-02-17,2025-06-01,,26.40,,
A1009,Trypsin solution,,,Liquid,100,mL,60 mL,South,12,Freezer 3,2,Cellmate,TR-025,T551,,2025-06-30,2025-07-02,2026-12-31,31.00,,thaw once
A1010,"N,N-Dimethylformamide",68-12-2,C3H7NO,Liquid,1,L,750 mL,South,12,Cabinet F,1,Solvex,S-5050,DM1,anhydrous,2025-06-30,2025-07-15,2027-06-30,64.10,H226 H312 H332 H319 H360D,
A1011,Buffer tablets pH 7,,,Solid,50,each,38 each,South,12,Bench 2,,Gelco,BT-7,B70,,2025-07-08,2025-07-08,2028-07-31,22.00,,
A1012,"tert-Butanol, 99 %",75-65-0,C4H10O,Liquid,500,mL,500 mL,South,12,Cabinet F,1,Solvex,S-6060,TB4,99 %,2025-08-19,,2029-08-31,29.30,H225 H319 H332 H335,"half frozen in winter; ""warm it"" first"
"""


@pytest.fixture
def ada(installation: Installation, empty_labs: None) -> Client:  # noqa: F811 (the fixture)
    return installation.as_user("ada")


def cells(numbered: bool) -> list[list[str]]:
    table = list(csv.reader((HEADS + ROWS).splitlines()))
    return table if numbered else [row[1:] for row in table]


def written(table: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue()


def shelves(installation: Installation) -> dict[str, tuple[str, str]]:
    """Lot → amount and location of its container."""
    rows = installation.psql("SELECT lot, amount, unit, location FROM inventory.stock", lab="curie")
    return {str(lot): (f"{amount.normalize():f} {unit}", str(location)) for lot, amount, unit, location in rows}


@pytest.mark.parametrize("numbered", [True, False])
def test_the_list_of_another_inventory_comes_in_once_and_later_by_its_changes(
    installation: Installation, ada: Client, numbered: bool
) -> None:
    table = cells(numbered)
    path = uploaded(ada, written(table))
    proposed = {of["head"]: of["field"] for of in ada.get(f"{path}/columns").json()["columns"]}
    assert [head for head, field in proposed.items() if field is None] == []
    outcome = loaded(ada, written(table))
    assert (outcome["loaded"], outcome["containers"], outcome["chemicals"]) == (12, 12, 11)
    stood = shelves(installation)
    assert stood["AC881"] == ("1.8 L", "North › 101 › Cabinet F › 1")
    assert stood["N4410"] == ("650 g", "North › 102 › Shelving B › 3")

    summary = read(ada, uploaded(ada, written(table)))["summary"]
    asked = {kind for kind, (severity, _) in kinds_of(summary).items() if severity == "question"}
    assert (summary["present"], summary["ready"], summary["changes"], asked) == (12, 0, 0, set())
    reordered = [list(reversed(row)) for row in table]
    assert read(ada, uploaded(ada, written(reordered)))["summary"]["present"] == 12

    lots = table[0].index("Lot #")
    later = {row[lots]: row for row in (list(row) for row in table)}
    amount, room = table[0].index("Amount Remaining"), table[0].index("Room")
    later["ET12"][amount] = "0.1 L"
    later["H2021"][room] = "101"
    later["NEW"] = list(later["GY3"])
    later["NEW"][lots] = "NEW"
    if numbered:
        later["NEW"][0] = "A1013"
    del later["B70"]
    path = uploaded(ada, written(list(later.values())))
    if numbered:
        summary = read(ada, path, repairs={"amount_changed": True, "location_changed": True})["summary"]
        assert (summary["present"], summary["ready"], summary["changes"]) == (11, 1, 2)
        assert commit(ada, path, with_questions=True)[-1]["outcome"]["containers"] == 1
        now = shelves(installation)
        assert now == stood | {
            "ET12": ("0.1 L", stood["ET12"][1]),
            "H2021": ("500 g", "North › 101 › Cabinet C › 1"),
            "NEW": ("480 g", stood["GY3"][1]),
        }
    else:  # a row whose cells have changed is a row of its own
        assert read(ada, path)["summary"]["present"] == 9
