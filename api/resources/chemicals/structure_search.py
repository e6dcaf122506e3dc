"""Search by structure: which chemicals of the lab a structure fits, as exact, as substructure or as similar.

The database leaves out, by fingerprints under the lab's policy, what cannot fit; RDKit looks at the rest in a process of its own. That makes the
fingerprints which are missing, too, so that they need no upkeep: a row that is missing, or that was made of another SMILES or by another
release of RDKit, costs time and never a hit.
"""

from dataclasses import replace
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from api.core.database import Database
from api.core.rows import Row
from api.core.visit import Visit
from api.resources.chemicals.queries import Search
from api.structures.apart import Chemist, release

# Whether RDKit has to look at the chemical: always where nothing is known of its structure, else if the structure may fit.
MAY_FIT: dict[str, LiteralString] = {
    "substructure": "(s.pattern & %(pattern)s::bit(2048)) = %(pattern)s::bit(2048)",
    "exact": "s.canonical = %(canonical)s",
    "similar": """100 * bit_count(s.morgan & %(morgan)s::bit(2048))
       >= %(similarity)s * nullif(bit_count(s.morgan | %(morgan)s::bit(2048)), 0)""",
}
FIND_CANDIDATES = """
SELECT h.id, h.smiles, s.chemical_id IS NOT NULL AS is_known, s.chemical_id IS NOT NULL AND s.canonical IS NULL AS is_unread
  FROM inventory.chemicals h
  LEFT JOIN inventory.structures s ON s.lab_id = h.lab_id AND s.chemical_id = h.id AND s.smiles = h.smiles AND s.release = %(release)s
 WHERE h.smiles IS NOT NULL AND (s.chemical_id IS NULL OR s.canonical IS NULL OR {may_fit})
 ORDER BY h.id"""
KEEP = """
INSERT INTO inventory.structures (chemical_id, smiles, release, canonical, pattern, morgan)
SELECT r.chemical_id, r.smiles, %(release)s, r.canonical, r.pattern, r.morgan
  FROM jsonb_to_recordset(%(made)s)
    AS r (chemical_id bigint, smiles text, canonical text, pattern bit(2048), morgan bit(2048))
 ORDER BY r.chemical_id
ON CONFLICT (lab_id, chemical_id) DO UPDATE
   SET smiles = excluded.smiles, release = excluded.release, canonical = excluded.canonical, pattern = excluded.pattern, morgan = excluded.morgan
RETURNING chemical_id"""


async def find_structures(search: Search, visit: Visit, data: Database, chemist: Chemist) -> None:
    """Gives the search the ids of the chemicals that its structure fits, and of those whose SMILES cannot be read. Called before each
    statement of a search; does nothing for one without a structure."""
    structure = search.given.get("structure")
    if structure is None and "structure" not in search.unknown:
        return
    await data.require(visit)  # nobody outside the lab has anything looked for
    unread: list[int] = []
    certain: list[int] = []

    async def candidates(query: Row) -> list[Any]:
        may_fit: LiteralString = MAY_FIT[search.match] if query else "false"
        given = query | {"similarity": search.similarity, "release": release()}
        rows = await data.read(visit, FIND_CANDIDATES.format(may_fit=may_fit), given)
        unread.extend(row["id"] for row in rows if row["is_unread"])
        known = [row for row in rows if row["is_known"] and not row["is_unread"]]
        if search.match != "substructure":  # the database knows already
            certain.extend(row["id"] for row in known)
            known = []
        return [
            [row["id"], row["smiles"], row["is_known"]]
            for row in (*known, *(row for row in rows if not row["is_known"]))
        ]

    asked = {"structure": structure, "match": search.match, "similarity": search.similarity}
    answer = await chemist.search(visit.member["user_id"], asked, candidates)
    if answer["made"] and visit.member["role"] != "viewer":
        kept = {"release": release(), "made": Jsonb(answer["made"])}
        # Without the request's key, which is for what the request itself writes.
        await data.write(replace(visit, key=None), {"kept": (KEEP, kept)})
    search.fit_structure(certain + answer["found"], unread + answer["unread"])
