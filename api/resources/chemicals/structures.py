"""The structure of a chemical: its drawing, and the check of what somebody writes as its SMILES."""

import hashlib
from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import Response

from api.core.database import Data, Database
from api.core.fields import Id
from api.core.problems import Problem
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.visit import InLab, Visit
from api.structures import MEDIA_TYPE
from api.structures.apart import Chemist, Structures, release

router = resource("/labs/{lab}/chemicals", "chemicals")

FIND_SMILES = "SELECT h.smiles FROM inventory.chemicals h WHERE h.id = %s"
NO_STRUCTURE = "This chemical has no SMILES, so that there is no structure to draw."


@router.get("/{chemical}/structure", response_class=Response, responses={200: {"content": {MEDIA_TYPE: {}}}})
async def draw_structure(
    chemical: Id,
    visit: InLab,
    data: Data,
    structures: Structures,
    if_none_match: Annotated[str, Header(max_length=200, description="The ETag of the drawing that one has.")] = "",
) -> Any:
    """The structure of a chemical as an SVG without a background, drawn from its SMILES."""
    smiles = one(await data.read(visit, FIND_SMILES, (chemical,)))["smiles"]
    if smiles is None:
        raise Problem(404, NO_STRUCTURE)
    tag = f'"{hashlib.sha256(f"{release()} {smiles}".encode()).hexdigest()[:32]}"'
    headers = {**visit.response.headers, "ETag": tag}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    return Response(await structures.draw(visit.member["user_id"], smiles), media_type=MEDIA_TYPE, headers=headers)


async def check_smiles(row: Row, chemical: int, visit: Visit, data: Database, chemist: Chemist) -> None:
    """Refuses a SMILES that cannot be read; `chemical` is 0 for a new one. What the chemical has already is not looked at: somebody changes
    another field of it."""
    if not row.get("smiles"):
        return
    before = await data.read(visit, FIND_SMILES, (chemical,), needed="member")
    if {"smiles": row["smiles"]} not in before:
        await chemist.check(visit.member["user_id"], row["smiles"])
