"""Other lists of the lab that say which chemical or location a number in a file is: earlier imports that have a column of the same head."""

import re
from typing import Annotated, Any

from fastapi import Query
from psycopg.types.json import Jsonb

from api.core.database import Data
from api.core.problems import Problem
from api.core.rows import Row
from api.core.visit import Visit

MOST_LISTS = 10
NUMBERS = re.compile(r"(id|no|nr|number|num|key|code|ref)\W*$", re.IGNORECASE)
"""The end of the head of a column that may hold the numbers of another list."""
GONE = "A list whose numbers this file has is not here any more. Look at the columns again."

# The latest import, of those with other heads, in which nearly each number of that column stands once.
FIND_LISTS = """
SELECT DISTINCT ON (f.head) i.id, i.file_name, f.head
  FROM inventory.imports i CROSS JOIN LATERAL jsonb_array_elements_text(i.reading -> 'heads') WITH ORDINALITY AS f (head, place)
 WHERE i.committed_at IS NOT NULL AND NOT i.reading ? 'taken_back' AND i.reading -> 'heads' <> %(all)s AND f.head = ANY (%(heads)s)
   AND (SELECT count(*) > 0 AND count(DISTINCT n.number) >= 0.9 * count(*)
          FROM inventory.import_rows r CROSS JOIN LATERAL (SELECT r.record -> 'cells' ->> (f.place - 1)::int AS number) AS n
         WHERE r.import_id = i.id AND n.number <> '')
 ORDER BY f.head, i.id DESC"""
FIND_NUMBERS = """
SELECT r.record -> 'cells' ->> f.place AS number, coalesce(h.name, r.record -> 'chemical' ->> 'name') AS name,
       CASE WHEN h.id IS NULL THEN r.record -> 'chemical' ->> 'cas_number' ELSE h.cas_number END AS cas_number, nullif(r.record -> 'location_path', '[]') AS location
  FROM inventory.imports i
 CROSS JOIN LATERAL (SELECT place::int - 1 AS place FROM jsonb_array_elements_text(i.reading -> 'heads') WITH ORDINALITY AS x (head, place)
                      WHERE x.head = %(head)s LIMIT 1) AS f
  JOIN inventory.import_rows r ON r.import_id = i.id AND r.state IN ('loaded', 'present')
  LEFT JOIN inventory.chemicals h ON h.id = r.chemical_id
 WHERE i.id = %(list)s AND i.committed_at IS NOT NULL AND NOT i.reading ? 'taken_back' AND (r.record -> 'chemical' ? 'name' OR r.record ? 'location')"""

ListsQuery = Annotated[
    list[Annotated[str, Query(max_length=130, pattern=r"^([0-9]{1,18} [^\x00]{1,100})?$")]] | None,
    Query(
        max_length=MOST_LISTS,
        description="other lists by whose numbers columns are added: the import and the head of the column with its numbers, such as "
        "`12 chem_id`; none given: as it was read",
    ),
]


def chosen_lists(query: list[str]) -> dict[str, int]:
    """Head of a column → the import whose numbers it has, of `12 chem_id`."""
    return {head: int(number) for number, _, head in (one.partition(" ") for one in query if one)}


async def find_lists(data: Data, visit: Visit, heads: list[str], chosen: dict[str, int]) -> list[Row]:
    """The lists that may be chosen for a file with these heads, those that are chosen first."""
    asked = {"all": Jsonb(heads), "heads": [head for head in heads if NUMBERS.search(head)]}
    found = await data.read(visit, FIND_LISTS, asked) if asked["heads"] else []
    return [one | {"chosen": chosen.get(one["head"]) == one["id"]} for one in found]


async def read_lists(data: Data, visit: Visit, chosen: dict[str, int]) -> dict[str, Any]:
    """What the lists say of each number, as the process that reads files takes it. Raises Problem 422 for a list that is not here."""
    lists: dict[str, Any] = {}
    for head, import_id in chosen.items():
        rows = await data.read(visit, FIND_NUMBERS, {"head": head, "list": import_id})
        if not rows:
            raise Problem(422, GONE, {"/lists": GONE})
        lists[head] = meanings(rows)
    return lists


def meanings(rows: list[Row]) -> dict[str, Row]:
    """Number → what the list has of it. A number that the list gives to two chemicals or locations means nothing."""
    found: dict[str, Row] = {}
    for row in rows:
        said = {name: row[name] for name in ("name", "cas_number", "location") if row[name]}
        if row["number"] and found.setdefault(row["number"], said) != said:
            found[row["number"]] = {}
    return found
