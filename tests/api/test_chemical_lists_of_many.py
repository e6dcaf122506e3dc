"""The list of a lab with very many chemicals is read by walking an index, and gives the same answers as fetching chemicals one by one."""

from itertools import pairwise
from typing import Any

import pytest

from api.resources.chemicals.queries import FEW
from tests.installation import Installation
from tests.sql.shelf import shelf

MANY = FEW + 200
# Every third is a solid, every fourth retired, all are "Reagent" and every tenth also "rare".
ADD = """
INSERT INTO inventory.chemicals (name, synonyms, physical_state, molar_mass_g_per_mol, pictograms)
SELECT 'Reagent ' || translate(md5(n::text), '0123456789abcdef', 'bcdfghjklmnpqrst'), CASE WHEN n %% 10 = 0 THEN '{rare}' ELSE '{}' END::text[], CASE WHEN n %% 3 = 0 THEN 'solid' ELSE 'liquid' END,
       100 + n %% 300, CASE WHEN n %% 2 = 0 THEN '{GHS02}' END::text[]
  FROM generate_series(1, %s) AS n"""


RETIRE = """
WITH ada AS MATERIALIZED (SELECT set_config('app.user_id', (SELECT id::text FROM control.users WHERE username = 'ada'), true))
UPDATE inventory.chemicals SET retired_at = now() FROM ada WHERE id % 4 = 0"""


@pytest.fixture(scope="module", autouse=True)
def chemicals(installation: Installation) -> None:
    with shelf(installation) as on:
        on.run(ADD, MANY * 4 // 3)
    installation.psql(RETIRE, lab="curie")


def page(installation: Installation, **search: Any) -> dict[str, Any]:
    answer = installation.as_user("ada").get("/labs/curie/chemicals", params={"limit": 100} | search)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def walk(installation: Installation, **search: Any) -> list[dict[str, Any]]:
    """The lines of all pages, read forwards."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        body = page(installation, cursor=cursor, **search)
        found += body["items"]
        cursor = body["next"]
    return found


@pytest.mark.parametrize("sort", ["name", "-name", "molar_mass", "-molar_mass"])
@pytest.mark.parametrize(
    "search",
    [
        {},
        {"q": "reagent"},
        {"q": "rare"},
        {"q": "reag rare"},
        {"q": "eagen"},
        {"hazard": "GHS02"},
        {"hazard": "unknown", "state": "solid"},
    ],
)
def test_every_way_gives_every_chemical_that_fits_once_and_in_order(
    installation: Installation, search: dict[str, Any], sort: str
) -> None:
    everything = walk(installation)
    rare = {item["id"] for item in walk(installation, q="rare")}
    fits = {
        item["id"]
        for item in everything
        if ("rare" not in str(search.get("q", "")) or item["id"] in rare)
        and ("hazard" not in search or item["pictograms"] == {"GHS02": ["GHS02"], "unknown": None}[search["hazard"]])
        and ("state" not in search or item["physical_state"] == search["state"])
    }
    found = walk(installation, **search, sort=sort)
    assert len(found) == len({item["id"] for item in found}) == page(installation, **search)["total"]
    assert {item["id"] for item in found} == fits
    keys = [
        (float(item["molar_mass_g_per_mol"]), item["id"]) if "mass" in sort else (item["name"].lower(), item["id"])
        for item in found
    ]
    assert all((one > other) if sort.startswith("-") else (one < other) for one, other in pairwise(keys))


def test_the_lab_has_searches_on_both_sides_of_the_limit(installation: Installation) -> None:
    assert page(installation, q="reagent")["total"] > FEW > page(installation, q="rare")["total"] > 0
    assert page(installation)["total"] == page(installation, q="reagent")["total"]
