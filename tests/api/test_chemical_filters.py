"""Each filter of the list of chemicals has a chemical that it finds, one that it leaves out, and one of which nothing is known.

The filters are those of the API's own description: a new one without a case fails here.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from api.core.narrowing import OF_CONTAINERS
from api.resources.chemicals import filters as filters_of_api
from pages.chemicals import filters as shown_filters
from pages.common import narrowing
from tests.installation import Installation, PageClient
from tests.sql.shelf import Shelf, shelf

NO_FILTERS = {"sort", "cursor", "limit", "facets", "match", "similarity"}
"""Parameters that leave nothing out by themselves; match and similarity say how `structure` is looked for."""
UNKNOWN = "Unknown"
"""A chemical with a name and a container of which nothing else is known: no filter for something that is known finds it."""
RETIRE = """
WITH ada AS MATERIALIZED (SELECT set_config('app.user_id', (SELECT id::text FROM control.users WHERE username = 'ada'), true))
UPDATE inventory.chemicals SET retired_at = now() FROM ada WHERE name = 'Retired'"""
LONG_HERE = """
ALTER TABLE inventory.chemicals DISABLE TRIGGER note_change;
UPDATE inventory.chemicals SET made_at = now() - interval '2 days', changed_at = now() - interval '2 days' WHERE name = 'Long here';
ALTER TABLE inventory.chemicals ENABLE TRIGGER note_change"""
DAY = "(SELECT control.today() {:+d})"


class Case(NamedTuple):
    """A filter with a value, names that it finds and names that it leaves out."""

    filter: str
    value: Any
    found: str
    left_out: str
    unknown_is_found: bool = False


CASES = [
    Case("q", "firstname", "Firstname", "Secondname"),
    Case("q", "LOT-IN", "Lot in", "Lot out"),
    Case("q", "CAT-IN", "Lot in", "Lot out"),
    Case("q", "goes first", "Lot in", "Lot out"),
    Case("q", "Merckel", "Lot in", "Lot out"),
    Case("q", "CATALOGUED-1", "Catalogued", "Lot out"),
    Case("q", "Fisherman", "Catalogued", "Lot out"),
    Case("location", "Room in", "Lot in", "Lot out"),
    Case("state", "solid", "Solid", "Liquid"),
    Case("state", "liquid", "Liquid", "Gas"),
    Case("state", "gas", "Gas", "Solid"),
    *(Case("hazard", f"GHS0{n}", f"Hazard {n}", f"Hazard {n % 9 + 1}") for n in range(1, 10)),
    Case("hazard", "unknown", "Solid", "Not hazardous", unknown_is_found=True),
    Case("hazard", "none", "Not hazardous", "Hazard 1"),
    Case("h_code", "H225", "Hazard 2", "Hazard 3"),
    Case("h_code_any", "H225 H271", "Hazard 2", "Hazard 4"),
    Case("h_code_any", "H225 H271", "Hazard 3", "Not hazardous"),
    Case("h_code_none", "H225 H271", "Hazard 4", "Hazard 2"),
    Case("h_code_none", "H225 H271", "Not hazardous", "Ticked only"),
    Case("signal_word", "Danger", "Danger", "Warning"),
    Case("signal_word", "Warning", "Warning", "Danger"),
    Case("formula", "C2H5OH", "Alcohol", "Bromide"),
    Case("formula", "CuSO4·5H2O", "Vitriol", "Anhydrous"),
    Case("elements", "C,H,Br", "Bromide", "Alcohol"),
    Case("elements", "Br>=1", "Bromide", "Alcohol"),
    Case("elements", "Br >= 2; C", "Dibromide", "Bromide"),
    Case("elements", "Br<2 C", "Bromide", "Dibromide"),
    Case("elements", "Br=0", "Alcohol", "Bromide"),
    Case("elements", "O>8 O<=9", "Vitriol", "Anhydrous"),
    Case("elements", "Na=0", "Alcohol", "Acetate"),
    Case("unknown", "formula", "Acetate", "Alcohol", unknown_is_found=True),
    Case("storage_class", "8a", "Hot", "Cold"),
    Case("un_number", "UN 1203", "Hot", "Cold"),
    Case("un_number", "1993", "Cold", "Hot"),
    Case("storage_temperature", "room temperature", "Roomtemperature", "Cold"),
    Case("storage_temperature", "cool", "Cool", "Hot"),
    Case("storage_temperature", "refrigerator", "Hot", "Cold"),
    Case("storage_temperature", "freezer", "Cold", "Deepfrozen"),
    Case("storage_temperature", "deep freezer", "Deepfrozen", "Cold"),
    Case("storage_temperature", "liquid nitrogen", "Liquidnitrogen", "Cold"),
    Case("packing_group", "I", "Cool", "Hot"),
    Case("packing_group", "II", "Hot", "Cold"),
    Case("packing_group", "III", "Cold", "Cool"),
    Case("melting_point_from", "-20", "Hot", "Cold"),
    Case("melting_point_to", "-20", "Cold", "Hot"),
    Case("boiling_point_from", "100", "Hot", "Cold"),
    Case("boiling_point_to", "100", "Cold", "Hot"),
    Case("flash_point_from", "0", "Hot", "Cold"),
    Case("flash_point_to", "0", "Cold", "Hot"),
    Case("density_from", "1", "Hot", "Cold"),
    Case("density_to", "1", "Cold", "Hot"),
    *(
        Case("unknown", part, "Ticked only", known, unknown_is_found=True)
        for part, known in (
            ("h_codes", "Not hazardous"),
            ("signal_word", "Not hazardous"),
            ("state", "Solid"),
            ("molar_mass", "Light"),
            ("density", "Hot"),
            ("melting_point", "Hot"),
            ("boiling_point", "Hot"),
            ("flash_point", "Hot"),
            ("storage_class", "Hot"),
            ("storage_temperature", "Hot"),
            ("un_number", "Hot"),
            ("packing_group", "Hot"),
        )
    ),
    Case("unknown", "hazards", "Hot", "Ticked only", unknown_is_found=True),
    Case("unknown", "amount", UNKNOWN, "Lot in", unknown_is_found=True),
    Case("unknown", "expiry", "Held", "Expires late", unknown_is_found=True),
    Case("structure", "c1ccccc1", "Aromatic", "Alcohol"),
    Case("structure", "[OX2H]", "Alcohol", "Aromatic"),
    Case("unknown", "structure", "Solid", "Alcohol", unknown_is_found=True),
    Case("amount_from", "0.05 kg", "Lot in", "Little"),
    Case("amount_from", "1 mL", "Little", "Lot in"),
    Case("supplier", "MERCK", "Lot in", "Lot out"),
    Case("lot_number", "t-in", "Lot in", "Lot out"),
    Case("catalogue_number", "cat-in", "Lot in", "Lot out"),
    Case("order_number", "4711", "Ordered", "Lot out"),
    Case("held_by", "ada", "Held", "Expires late"),
    Case("checked_out", "never", "Lot in", "Taken from", unknown_is_found=True),
    Case("open_longer_than", "30", "Long open", "Just open"),
    Case("expires_within", "30", "Expires soon", "Expires late"),
    Case("expires_within", "30", "Expires soon", "Expired"),
    Case("added_since", 0, "Solid", "Long here", unknown_is_found=True),
    Case("changed_since", 0, "Solid", "Long here", unknown_is_found=True),
    Case("molar_mass_from", "100", "Heavy", "Light"),
    Case("molar_mass_to", "100", "Light", "Heavy"),
    Case("expires_before", 0, "Expired", "Expires soon"),
    Case("cas_number", "67-64-1", "Light", "Heavy"),
    Case("retired", "true", "Retired", "Solid"),
    Case("chemical", "Heavy", "Heavy", "Light"),
    Case("flag", "low", "Low", "Not low"),
    Case("flag", "marked", "Marked", "Not low"),
    Case("flag", "expired", "Expired", "Expires soon"),
    Case("flag", "expiring", "Expires soon", "Expires late"),
    Case("flag", "held", "Held", "Expires late"),
    Case("flag", "missing", "Missing", "Held"),
    Case("flag", "peroxides", "To be tested", "Held"),
]


@pytest.fixture(scope="module", autouse=True)
def chemicals(installation: Installation) -> None:
    """Makes the chemicals, containers and locations that the cases name."""
    with shelf(installation) as on:
        make(on)
    installation.psql(RETIRE, lab="curie")
    installation.psql(LONG_HERE, lab="curie")


def make(on: Shelf) -> None:
    for name in ("Room in", "Room out"):
        on.run("INSERT INTO inventory.locations (kind, name) VALUES ('room', %s)", name)
    containers: dict[str, dict[str, str]] = {
        UNKNOWN: {},
        "Firstname": {},
        "Secondname": {},
        "Lot in": {
            "lot": "LOT-IN",
            "catalogue_number": "CAT-IN",
            "notes": "goes first",
            "supplier": "Merckel",
            "location_id": "(SELECT id FROM inventory.locations WHERE name = 'Room in')",
        },
        "Lot out": {
            "lot": "LOT-OUT",
            "catalogue_number": "CAT-OUT",
            "notes": "goes last",
            "supplier": "Sigmund",
            "location_id": "(SELECT id FROM inventory.locations WHERE name = 'Room out')",
        },
        "Expired": {"expires_on": DAY.format(-1)},
        "Expires soon": {"expires_on": DAY.format(30)},
        "Expires late": {"expires_on": DAY.format(31)},
        "Long open": {"opened_on": DAY.format(-31)},
        "Just open": {"opened_on": DAY.format(-30)},
        "Little": {},
        "Ordered": {},
        "Taken from": {},
        "Held": {"holder_id": "control.user_id()"},
        "Missing": {},
        "To be tested": {},
        "Low": {},
        "Not low": {},
        "Marked": {},
    }
    fields: dict[str, dict[str, Any]] = {
        "Catalogued": {"catalogue_number": "CATALOGUED-1", "supplier": "Fisherman"},
        **{state.capitalize(): {"physical_state": state} for state in ("solid", "liquid", "gas")},
        **{f"Hazard {n}": {"pictograms": [f"GHS0{n}"], "h_statements": [f"H{n}23"]} for n in (1, 4, 5, 6, 7, 8, 9)},
        "Hazard 2": {"pictograms": ["GHS02"], "h_statements": ["H225"]},
        "Hazard 3": {"pictograms": ["GHS03"], "h_statements": ["H271"]},
        "Not hazardous": {"pictograms": []},
        "Ticked only": {"pictograms": ["GHS02"]},
        "Danger": {"pictograms": ["GHS02"], "h_statements": ["H225"], "signal_word": "Danger"},
        "Warning": {"pictograms": ["GHS02"], "h_statements": ["H226"], "signal_word": "Warning"},
        "Cool": {"storage_temperature": "cool", "packing_group": "I"},
        "Roomtemperature": {"storage_temperature": "room temperature"},
        "Deepfrozen": {"storage_temperature": "deep freezer"},
        "Liquidnitrogen": {"storage_temperature": "liquid nitrogen"},
        "Hot": {
            "storage_class": "8A",
            "storage_temperature": "refrigerator",
            "un_number": "1203",
            "packing_group": "II",
            "melting_point_celsius": 10,
            "boiling_point_celsius": 200,
            "flash_point_celsius": 60,
            "density_g_per_ml": 1.5,
        },
        "Cold": {
            "storage_class": "3",
            "storage_temperature": "freezer",
            "un_number": "UN1993",
            "packing_group": "III",
            "melting_point_celsius": -30,
            "boiling_point_celsius": 40,
            "flash_point_celsius": -15,
            "density_g_per_ml": 0.7,
        },
        "Alcohol": {"formula": "C2H6O", "smiles": "CCO"},
        "Aromatic": {"smiles": "Cc1ccccc1"},
        "Bromide": {"formula": "CH3(CH2)2Br"},
        "Dibromide": {"formula": "C₂H₄Br₂"},
        "Vitriol": {"formula": "CuSO4·5H2O"},
        "Anhydrous": {"formula": "CuSO4"},
        "Acetate": {"formula": "NaOAc"},
        "Long here": {},
        "Light": {"molar_mass_g_per_mol": 58.08, "cas_number": "67-64-1"},
        "Heavy": {"molar_mass_g_per_mol": 146.14, "cas_number": "56-85-9"},
        "Low": {"low_stock_amount": 200, "low_stock_unit": "g"},
        "Not low": {"low_stock_amount": 50, "low_stock_unit": "g"},
        "Retired": {},
        "To be tested": {"peroxide_class": "A"},
    }
    for name, said in containers.items():
        amount, unit = {UNKNOWN: (None, None), "Little": ("1", "mL")}.get(name, ("100", "g"))
        container = on.add_container(amount, unit, name)
        for column, value in said.items():
            is_sql = value.startswith("(") or value.endswith("()")
            set_to = value if is_sql else f"'{value}'"
            on.run(f"UPDATE inventory.containers SET {column} = {set_to} WHERE id = %s", container)
    for name, said in fields.items():
        if name not in containers:
            on.run("INSERT INTO inventory.chemicals (name) VALUES (%s)", name)
        columns = ", ".join(f"{column} = %s" for column in said) or "name = name"
        on.run(f"UPDATE inventory.chemicals SET {columns} WHERE name = %s", *said.values(), name)
    on.run(
        "INSERT INTO inventory.disposals (chemical_id, reason) SELECT id, 'old' FROM inventory.chemicals WHERE name = 'Marked'"
    )
    on.run(
        """WITH delivery AS (INSERT INTO inventory.deliveries (order_number, received_on) VALUES ('AB4711', '2026-01-01') RETURNING id)
           INSERT INTO inventory.containers (chemical_id, delivery_id, unit)
           SELECT h.id, delivery.id, 'g' FROM delivery, inventory.chemicals h WHERE h.name = 'Ordered'"""
    )
    [[taken]] = on.run("SELECT c.id FROM inventory.stock c WHERE c.chemical_name = 'Taken from'")
    on.post(taken, "check_out", "1")
    [[stocktake]] = on.run("INSERT INTO inventory.stocktakes DEFAULT VALUES RETURNING id")
    on.run(
        """INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found)
           SELECT %s, c.id, false FROM inventory.containers c JOIN inventory.chemicals h ON h.id = c.chemical_id WHERE h.name = 'Missing'""",
        stocktake,
    )
    on.run("SELECT * FROM inventory.post_stocktake(%s)", stocktake)


def value_of(on: Shelf, case: Case) -> Any:
    """A case's value as it is sent: a name becomes an id, a number of days from today becomes a date."""
    if case.filter in ("location", "chemical"):
        [[value]] = on.run(f"SELECT id FROM inventory.{case.filter}s WHERE name = %s", case.value)
        return value
    if case.filter in ("expires_before", "added_since", "changed_since"):
        [[value]] = on.run(f"SELECT {DAY.format(case.value)}::text")
        return value
    return case.value


def filters(installation: Installation) -> Iterator[tuple[str, str]]:
    """Each filter of the API as (name, value), such as ('flag', 'held'); a filter with many possible values occurs once."""
    described = installation.service.get("/openapi.json").json()["paths"]["/labs/{lab}/chemicals"]["get"]["parameters"]
    for parameter in described:
        if parameter["in"] != "query" or parameter["name"] in NO_FILTERS:
            continue
        items = parameter["schema"].get("items", {})
        choices = [value for one in items.get("anyOf", [items]) for value in one.get("enum", [])]
        yield from ((parameter["name"], value) for value in choices or [""])


def test_each_filter_of_the_api_has_a_case(installation: Installation) -> None:
    tried = {(case.filter, case.value) for case in CASES} | {(case.filter, "") for case in CASES}
    assert [one for one in filters(installation) if one not in tried] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.filter}={case.value}")
def test_a_filter_finds_what_fits_and_leaves_out_what_does_not_or_is_unknown(
    installation: Installation, case: Case
) -> None:
    with shelf(installation) as on:
        value = value_of(on, case)
    answer = installation.as_user("ada").get(
        "/labs/curie/chemicals", params={case.filter: value, "limit": 200, "facets": True}
    )
    assert answer.status_code == 200, answer.text
    found = {line["name"] for line in answer.json()["items"]}
    assert case.found in found
    assert case.left_out not in found
    assert (UNKNOWN in found) is case.unknown_is_found
    assert len(found) == answer.json()["total"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.filter}={case.value}")
def test_the_page_narrows_alike_and_its_field_shows_by_what(installation: Installation, case: Case) -> None:
    with shelf(installation) as on:
        value = str(value_of(on, case))
    client: PageClient = installation.page("chemicals", "cleo")
    page = client.soup(f"/chemicals/curie?{case.filter}={value}")
    found = {str(link.text) for link in page.select("#results tbody a.name")}
    assert case.found in found
    assert case.left_out not in found
    assert (UNKNOWN in found) is case.unknown_is_found
    fields = page.select(f'[form="find"][name="{case.filter}"], #find [name="{case.filter}"]')
    shown = [field for field in fields if field.get("value") == value]
    assert shown, f"no field of the page holds {case.filter}={value}"
    assert all(field.get("type") not in ("checkbox", "radio") or field.has_attr("checked") for field in shown)


def test_the_pages_show_the_filters_of_the_api() -> None:
    assert shown_filters.UNKNOWN.keys() == filters_of_api.UNKNOWN.keys()
    ways_of_their_own = {"location", "cas_number", "chemical"}
    declared = {name: one.part for name, one in filters_of_api.FILTERS.items() if name not in ways_of_their_own}
    shown = {name: part for name, part in shown_filters.PARTS.items() if name not in ("hazard", "h_code")}
    assert shown == declared
    assert set(narrowing.WITH_A_VALUE) == OF_CONTAINERS.keys()


@pytest.mark.parametrize(
    "asked",
    [
        {"flash_point_to": "23"},
        {"flash_point_from": "0", "flash_point_to": "23", "q": "hot"},
        {"h_code_none": "H225"},
        {"h_code": "H225"},
        {"elements": "Br>=1"},
        {"hazard": "GHS02", "state": "liquid"},
        {"signal_word": "Danger", "flag": "held"},
        {"amount_from": "5 g"},
        {"expires_within": "30", "retired": "true"},
    ],
    ids=str,
)
def test_the_page_says_of_how_many_it_is_not_known_and_leads_to_just_those(
    installation: Installation, asked: dict[str, str]
) -> None:
    page: PageClient = installation.page("chemicals", "cleo")
    counts = installation.as_user("ada").get("/labs/curie/chemicals", params=asked | {"facets": True}).json()["unknown"]
    links = page.soup(f"/chemicals/curie?{urlencode(asked)}").select("#results p a[href*='unknown=']")
    assert len(links) == len([count for count in counts.values() if count])
    assert counts
    for link, count in zip(links, [count for count in counts.values() if count], strict=True):
        assert link.text.startswith(f"{count} chemical")
        status = page.soup(str(link["href"])).select_one("#results [role=status]")
        assert status is not None
        assert status.text.strip().startswith(f"{count} chemical")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("h_code_any", "H225 H999", "“H999” is not an H statement of the GHS. Write codes such as H225."),
        ("h_code_none", "nonsense", "“nonsense” is not an H statement of the GHS. Write codes such as H225."),
        ("amount_from", "5", "Write the unit beside the amount, such as g or mL."),
        ("open_longer_than", "-1", None),
        ("expires_within", "soon", None),
        ("flash_point_to", "low", None),
        ("added_since", "1.2.2026", "Write a date as 2026-03-31."),
        ("unknown", "colour", None),
        ("un_number", "gasoline", "Write the four digits of the UN number, such as UN 1203."),
        ("formula", "C2H6Q", "“Q” is not an element. Write a formula such as C2H6O."),
        ("elements", "C, Xx", "“Xx” is not understood. Write elements such as C, H, Br>=1 or F=0."),
        ("elements", "Br>=", "“Br>=” is not understood. Write elements such as C, H, Br>=1 or F=0."),
        ("elements", "C\0", None),
        ("lot_number", "a\0b", None),
        ("supplier", 101 * "x", None),
    ],
)
def test_a_value_that_cannot_be_is_refused_beside_its_filter(
    installation: Installation, name: str, value: str, sentence: str | None
) -> None:
    answer = installation.as_user("ada").get("/labs/curie/chemicals", params={name: value})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["pointer"].split("/")[1] == name
    assert sentence in (None, error["detail"])


def test_a_retired_chemical_is_found_by_its_words_on_request(installation: Installation) -> None:
    client: PageClient = installation.page("chemicals", "cleo")
    page = client.soup("/chemicals/curie?q=retired")
    assert [str(link.text) for link in page.select("#results tbody a.name")] == []
    [offered] = [link for link in page.select(".ct-empty a") if "no longer available" in link.text]
    page = client.soup(str(offered["href"]))
    assert [str(link.text) for link in page.select("#results tbody a.name")] == ["Retired"]
    assert [
        link
        for link in client.soup("/chemicals/curie?q=nowhere&retired=true").select(".ct-empty a")
        if "longer" in link.text
    ] == []
