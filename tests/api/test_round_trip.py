"""A lab can import its own exports: an empty lab gets everything as it was, and in the same lab nothing is doubled."""

import csv
import io
import zipfile
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from api.chemistry.properties import PROPERTIES, Figure
from tests.api.test_imports import loaded, read, uploaded
from tests.installation import Client, Installation
from tests.sql.shelf import Shelf, shelf

CHEMICALS: list[dict[str, Any]] = [
    {"name": "+)-Camphor", "cas_number": "464-49-3", "pictograms": ["GHS02", "GHS06"], "signal_word": "Danger", "h_statements": ["H228", "H300+H310"], "p_statements": ["P210", "P301+P310", "P403+P233", "P304+P233"]},
    {"name": "-20 °C mix", "pictograms": [], "synonyms": ["@home", "N/A", "mix, cold"]},
    {"name": "=1+1", "cas_number": "67-63-0", "supplier": "=shop", "catalogue_number": "-7", "low_stock_amount": "250", "low_stock_unit": "mL", "formula": "C3H8O", "density_g_per_ml": "0.785", "physical_state": "liquid", "origins": {"formula": "the reference (67-63-0)", "density_g_per_ml": "the reference (67-63-0)"}, "pictograms": ["GHS02", "GHS07"], "signal_word": "Danger", "h_statements": ["H225", "H319", "H336"], "hazards_from": "ChemTrack, after suppliers' safety data sheets"},
    {"name": "@x", "cas_number": "67-56-1", "pictograms": [], "h_statements": ["EUH019"], "p_statements": ["P210"]},
    {"name": "'-quoted", "smiles": "CCO", "inchikey": "LFQSCWFLJHTTHZ-UHFFFAOYSA-N", "sds_url": "https://example.org/a?b=1"},
    {"name": "n/a", "storage_class": "10-13", "molar_mass_g_per_mol": "40.5", "notes": "@first\nand second line"},
    {"name": "Cold brine", **{one.name: str(one.least + 3) for one in PROPERTIES if isinstance(one, Figure)}},
    {"name": "4,4′-Bipyridine; “µ” \"x\"", "synonyms": ["Café, 2", "b|c", "d; \"e\"", "\"f\"; g"]},
    {"name": "Müller reagent"},
]  # fmt: skip
LOCATIONS = [
    ["Cabinet 1 / 2"],
    ["Left > top", "A|B"],
    ["C\\D", "x › y"],
    ['"Box"', "none", "Shelf 2"],
    ["Acids / bases", "-"],
    ["Room 1", "=2"],
]
CONTAINERS: list[dict[str, Any]] = [
    {"lot": "-12", "supplier": "+shop", "purity": "=99 %", "notes": "@see, first\nand second line", "expires_on": "2031-01-01"},
    {"lot": "N/A", "catalogue_number": "=A1", "price": "12.50", "currency": "EUR", "received_on": "2024-01-01", "opened_on": "2024-02-29"},
    {"pack_size": "500", "pack_unit": "mL", "notes": "none", "expires_on": "2030-12-31"},
]  # fmt: skip
OF_ITS_OWN_LAB = [
    "lab_id",
    "id",
    "made_at",
    "made_by",
    "changed_at",
    "changed_by",
    "chemical_id",
    "location_id",
    "delivery_id",
    "import_key",
    "hazards_at",
    "hazards_by",
    "hazards_import_id",
]
"""Columns that differ in another lab: ids, and who did what when."""
CONTENTS = f"""
SELECT c.barcode, to_jsonb(c) - ARRAY{OF_ITS_OWN_LAB} AS container, to_jsonb(h) - ARRAY{OF_ITS_OWN_LAB} AS chemical,
       (SELECT array_agg(a.name ORDER BY length(a.path)) FROM inventory.locations l JOIN inventory.locations a ON a.lab_id = l.lab_id AND starts_with(l.path, a.path)
         WHERE l.lab_id = c.lab_id AND l.id = c.location_id) AS levels
  FROM inventory.containers c JOIN inventory.chemicals h ON h.lab_id = c.lab_id AND h.id = c.chemical_id ORDER BY c.barcode"""


ALONE: list[dict[str, Any]] = [
    {
        "name": "Listed alone",
        "cas_number": "7732-18-5",
        "notes": "=note",
        "h_statements": ["H319"],
        "pictograms": ["GHS07"],
        "low_stock_amount": "2",
        "low_stock_unit": "kg",
    }
]
EMPTY: list[tuple[list[str], str, int | None]] = [
    (["Cabinet 1 / 2", "Never used"], "shelf", 30),
    (["Annex"], "building", None),
    (["Left > top"], "storage", 365),
]
OF_THE_LAB = f"""
SELECT (SELECT jsonb_agg(to_jsonb(h) - ARRAY{OF_ITS_OWN_LAB} ORDER BY h.name, h.cas_number) FROM inventory.chemicals h WHERE h.retired_at IS NULL),
       (SELECT jsonb_agg(to_jsonb(l) - ARRAY{[*OF_ITS_OWN_LAB, "parent_id", "path"]} ORDER BY l.full_name) FROM inventory.locations l WHERE l.archived_at IS NULL)"""


def contents(installation: Installation, lab: str) -> list[tuple[Any, ...]]:
    return installation.psql(CONTENTS, lab=lab)


@pytest.fixture(scope="module", autouse=True)
def curie(installation: Installation) -> Shelf:
    with shelf(installation) as on:
        for number, chemical in enumerate(CHEMICALS):
            [[made]] = on.run("SELECT inventory.insert_row('inventory.chemicals', %s)", Jsonb(chemical))
            for again, container in enumerate(CONTAINERS):
                [[location]] = on.run(
                    "SELECT inventory.ensure_location(%s::text[])", LOCATIONS[(number + again) % len(LOCATIONS)]
                )
                amount = [("0.125", "g"), (None, "L"), (None, None)][(number + again) % 3]
                line = {
                    "chemical_id": made,
                    "count": 1,
                    "barcodes": [f"K{number}-{again}"],
                    "amount": amount[0],
                    "unit": amount[1],
                }
                fields = {
                    name: value
                    for name, value in {"unit": amount[1], "location_id": location, **container}.items()
                    if value is not None
                }
                on.run("SELECT container_id FROM inventory.receive('{}', %s)", Jsonb([line | {"container": fields}]))
        for chemical in ALONE:
            on.run("SELECT inventory.insert_row('inventory.chemicals', %s)", Jsonb(chemical))
        for path, kind, days in EMPTY:
            [[location]] = on.run("SELECT inventory.ensure_location(%s::text[])", path)
            on.run(
                "UPDATE inventory.locations SET kind = %s, count_period_days = %s WHERE id = %s", kind, days, location
            )
        return on


def exported(installation: Installation, file: str) -> bytes:
    answer = installation.as_user("ada").get(f"/labs/curie/{file}")
    assert answer.status_code == 200, answer.text
    return answer.content


def test_an_empty_lab_gets_everything_as_it_was(installation: Installation) -> None:
    before = contents(installation, "curie")
    assert len(before) == len(CHEMICALS) * len(CONTAINERS)
    path = uploaded(eve := installation.as_user("eve"), exported(installation, "containers.csv"), "hodgkin")
    summary = read(eve, path)["summary"]
    assert (summary["question"], summary["refused"]) == (0, 0), summary
    assert loaded(eve, exported(installation, "containers.csv"), "hodgkin")["loaded"] == len(before)
    after = contents(installation, "hodgkin")
    for one, other in zip(before, after, strict=True):
        assert other[1] == one[1]
        assert other == one


def inventory_of(installation: Installation, kind: str) -> bytes:
    """All that a lab has, as a file that an import takes: the workbook, or the first CSV of the archive."""
    content = exported(installation, f"everything.{kind}")
    return content if kind == "xlsx" else zipfile.ZipFile(io.BytesIO(content)).read("inventory.csv")


def empty_lab(installation: Installation, slug: str) -> Client:
    """A lab without anything, of which Eve is a manager."""
    root, eve = installation.as_user("root"), installation.as_user("eve")
    lab = {"slug": slug, "name": f"Empty {slug}", "time_zone": "Europe/London"}
    assert (made := root.post("/labs", json=lab)).status_code == 201, made.text
    member = {"usernames": ["eve"], "role": "manager"}
    assert (added := root.post(f"/labs/{slug}/members", json=member)).status_code < 300, added.text
    return eve


@pytest.mark.parametrize("kind", ["xlsx", "zip"])
def test_an_empty_lab_becomes_the_same_by_one_file(installation: Installation, kind: str) -> None:
    eve, slug = empty_lab(installation, f"copy-{kind}"), f"copy-{kind}"
    before = (contents(installation, "curie"), installation.psql(OF_THE_LAB, lab="curie"))
    outcome = loaded(eve, inventory_of(installation, kind), slug)
    assert set(outcome) & {"refused", "question", "joined", "present"} == set(), outcome
    assert contents(installation, slug) == before[0]
    [[chemicals, locations]], [[chemicals_before, locations_before]] = (
        installation.psql(OF_THE_LAB, lab=slug),
        before[1],
    )
    for one, other in zip(chemicals_before + locations_before, chemicals + locations, strict=True):
        assert other == one
    summary = read(eve, uploaded(eve, inventory_of(installation, kind), slug))["summary"]
    assert summary["present"] == summary["rows"] > len(CHEMICALS) * len(CONTAINERS)


@pytest.mark.parametrize("kind", ["xlsx", "zip"])
def test_the_whole_lab_in_again_changes_nothing(installation: Installation, kind: str) -> None:
    before = (contents(installation, "curie"), installation.psql(OF_THE_LAB, lab="curie"))
    ada = installation.as_user("ada")
    summary = read(ada, uploaded(ada, inventory_of(installation, kind)))["summary"]
    assert (summary["present"], summary["changes"]) == (summary["rows"], 0), summary
    loaded(ada, inventory_of(installation, kind))
    assert (contents(installation, "curie"), installation.psql(OF_THE_LAB, lab="curie")) == before


@pytest.mark.parametrize("file", ["containers.csv", "chemicals.csv"])
def test_a_file_imported_into_its_own_lab_adds_nothing(installation: Installation, file: str) -> None:
    before = contents(installation, "curie")
    outcome = loaded(installation.as_user("ada"), exported(installation, file))
    assert set(outcome) & {"loaded", "refused", "question"} == set(), outcome
    assert contents(installation, "curie") == before


def test_who_holds_it_and_what_is_marked_is_kept_as_a_note(installation: Installation) -> None:
    text = "Barcode,Name,Amount,Unit,Pack size,Holder,Marked for deletion,Missing since\r\nH-1,Held oil,1,g,,Ben Okoro,yes,2026-01-02 10:00:00\r\nH-2,Free oil,1,g,,,no,\r\n"
    loaded(installation.as_user("eve"), text, "hodgkin")
    notes = dict(
        installation.psql("SELECT barcode, notes FROM inventory.containers WHERE barcode LIKE 'H-%'", lab="hodgkin")
    )
    assert notes == {
        "H-1": "Holder in the file: Ben Okoro\nMarked for deletion in the file: yes\nMissing since in the file: 2026-01-02 10:00:00",
        "H-2": None,
    }


def test_a_barcode_of_an_earlier_import_is_no_proof_of_being_here_already(installation: Installation) -> None:
    head = "Barcode,Name,CAS,Amount,Unit\n"
    eve = installation.as_user("eve")
    assert loaded(eve, head + "Z1-1,Acetone,67-64-1,500,mL\n", "hodgkin")["loaded"] == 1
    outcome = loaded(eve, head + "Z1-1,Sodium cyanide,143-33-9,25,g\n", "hodgkin")
    assert outcome.get("refused") == 1
    assert "present" not in outcome
    assert loaded(eve, head + "Z1-1,Propanone,67-64-1,500,mL\n", "hodgkin")["present"] == 1
    assert loaded(eve, head + "Z1-1,acetone,,500,mL\n", "hodgkin")["present"] == 1


def test_two_files_that_were_read_together_do_not_hide_a_bottle(installation: Installation) -> None:
    head = "Barcode,Name,CAS,Amount,Unit\n"
    eve = installation.as_user("eve")
    one = uploaded(eve, head + "Z2-1,Acetone,67-64-1,500,mL\n", "hodgkin")
    other = uploaded(eve, head + "Z2-1,Sodium cyanide,143-33-9,25,g\n", "hodgkin")
    for path in (one, other):
        read(eve, path)
    assert eve.post(f"{one}/commit", json={"with_questions": True}).status_code == 200
    assert "present" not in eve.post(f"{other}/commit", json={"with_questions": True}).text.replace('"present": 0', "")


def test_a_location_that_is_here_keeps_its_kind_also_where_the_file_was_read_before_it_was_made(
    installation: Installation,
) -> None:
    eve = installation.as_user("eve")
    path = uploaded(
        eve,
        "Barcode,Name,Location,Kind of location,Days between counts\n,,Attic > Chest,storage,9\n,,Attic,building,7000\n",
        "hodgkin",
    )
    summary = read(eve, path)["summary"]
    assert (summary["ready"], summary["makes"]["containers"], summary["makes"]["chemicals"]) == (2, 0, 0)
    attic = eve.post("/labs/hodgkin/locations", json={"name": "Attic", "kind": "room", "count_period_days": 5}).json()[
        "id"
    ]
    assert eve.post(f"{path}/commit", json={"with_questions": True}).status_code == 200
    states = {row["location"]: row["state"] for row in eve.get(f"{path}/rows").json()["items"]}
    assert states == {"Attic › Chest": "loaded", "Attic": "present"}
    found = {one["full_name"]: one for one in eve.get("/labs/hodgkin/locations").json()["items"]}
    assert (found["Attic"]["id"], found["Attic"]["kind"], found["Attic"]["count_period_days"]) == (attic, "room", 5)
    assert (found["Attic › Chest"]["kind"], found["Attic › Chest"]["count_period_days"]) == ("storage", 9)
    back = eve.post(f"{path}/take-back").json()["taken_back"]
    assert (back["locations"], back["containers"]) == (1, 0)


def test_everything_has_what_was_disposed_of_and_the_history(installation: Installation) -> None:
    with shelf(installation) as on:
        [[container]] = on.run("SELECT id FROM inventory.containers WHERE barcode = 'K0-0'")
        on.run(
            "INSERT INTO inventory.movements (container_id, kind, reason) VALUES (%s, 'dispose', 'Empty')", container
        )
    archive = zipfile.ZipFile(io.BytesIO(exported(installation, "everything.zip")))
    tables = {
        name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
        for name in archive.namelist()
    }
    assert list(tables) == [
        "inventory.csv",
        "chemicals.csv",
        "no-longer-available.csv",
        "disposed-of.csv",
        "history.csv",
    ]
    assert [row["Barcode"] for row in tables["disposed-of.csv"]] == ["K0-0"]
    assert "K0-0" not in {row["Barcode"] for row in tables["inventory.csv"]}
    assert [row["Kind"] for row in tables["history.csv"] if row["Barcode"] == "K0-0"] == ["dispose", "receive"]
    assert installation.as_user("cleo").get("/labs/curie/everything.xlsx").status_code == 200
    assert installation.as_user("eve").get("/labs/curie/everything.xlsx").status_code == 404
