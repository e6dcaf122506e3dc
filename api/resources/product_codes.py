"""What a manufacturer's code means in the lab: the product that it was received as, and the containers that may carry it."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import ConfigDict, Field

from api.core.database import Data, Found, Statement, Statements
from api.core.fields import Id, Model
from api.core.problems import Problem, not_found
from api.core.product_codes import (
    FIND_BY_CODE,
    FIND_PRODUCT,
    NO_PRODUCT,
    ReadProduct,
    read_product_code,
    scanned_parameters,
    scanned_product,
)
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.search_words import FOUND_BY_WORDS
from api.core.views import CONTAINER, Container, with_units
from api.core.visit import InLab

router = resource("/labs/{lab}/product-codes", "product codes")

MOST = 50
"""Containers to which a code is attached at once, and of those that are offered."""
Code = Annotated[str, Field(min_length=1, max_length=200, examples=["]d201040123456789011727022810L7\x1d21S1"])]

FIND_CARRIERS = f"{CONTAINER} JOIN inventory.product_codes p ON p.container_id = s.id WHERE p.gtin = %(gtin)s ORDER BY s.id DESC LIMIT {MOST}"
FIND_BY_WORDS = f"""{CONTAINER} WHERE s.disposed_at IS NULL AND s.chemical_id IN ({FOUND_BY_WORDS})
 ORDER BY s.chemical_name_sort, s.barcode, s.id LIMIT {MOST}"""
# The scanned container comes first, because there may be more than MOST of its chemical.
FIND_ALIKE = f"""{CONTAINER}
  JOIN (SELECT c.id, c.chemical_id FROM inventory.containers c
         WHERE c.id = inventory.find_scanned(%(code)s, %(gtin)s, %(lot)s, %(serial_number)s)) AS f ON f.chemical_id = s.chemical_id
 WHERE s.disposed_at IS NULL ORDER BY s.id = f.id DESC, s.barcode, s.id LIMIT {MOST}"""
# Containers are locked in the order of their ids, as everywhere, so that no two requests each wait for the other.
LOCK = """
SELECT c.id FROM inventory.containers c WHERE c.id = ANY (%(ids)s::bigint[]) ORDER BY c.id FOR UPDATE OF c"""
LOOK = """
SELECT c.id, c.barcode, c.lot, c.disposed_at, p.gtin, n.number - 1 AS number
  FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS n (id, number)
  JOIN inventory.containers c ON c.id = n.id
  LEFT JOIN inventory.product_codes p ON p.container_id = c.id ORDER BY n.number"""
FIND_SAME_PACK = """
SELECT c.barcode FROM inventory.product_codes p JOIN inventory.containers c ON c.id = p.container_id
 WHERE p.gtin = %(gtin)s AND p.serial_number = %(serial_number)s AND c.disposed_at IS NULL AND c.id <> ALL (%(ids)s::bigint[]) LIMIT 1"""
ATTACH = """
INSERT INTO inventory.product_codes (container_id, gtin, serial_number)
SELECT DISTINCT c.id, %(gtin)s, %(serial_number)s FROM inventory.containers c
 WHERE c.id = ANY (%(ids)s::bigint[]) AND NOT EXISTS (SELECT FROM inventory.product_codes p WHERE p.container_id = c.id)
RETURNING container_id"""
DETACH = "DELETE FROM inventory.product_codes WHERE container_id = %(container)s RETURNING gtin"


class AttachForm(Model):
    """The contents of the form that attaches a manufacturer's code to containers."""

    code: ReadProduct | None = Field(description="null: the text is no manufacturer's code")
    carriers: list[Container] = Field(description="containers that carry this GTIN already, disposed of or not")
    found: int | None = Field(description="the container whose barcode is q")
    items: list[Container] = Field(description="in stock: of the chemical of that container, else those that q finds")


class AttachIn(Model):
    """A manufacturer's code, and the containers in stock of which it says which product they are."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"code": "4006381333931", "container_ids": [12, 13]}]}
    )

    code: Code
    container_ids: Annotated[list[Id], Field(min_length=1, max_length=MOST)]


class Attached(Model):
    """The GTIN of the codes, and the number of containers to which they were attached."""

    gtin: str
    attached: int


@router.get("/scanned", response_model=ReadProduct | None)
async def read(code: Annotated[str, Query(min_length=1, max_length=200)], visit: InLab, data: Data) -> Any:
    """Reads a scanned code: GS1 DataMatrix, GS1-128, EAN or UPC; null where it is none of a manufacturer."""
    scanned = scanned_product(code)
    found = await data.read(visit, FIND_PRODUCT, scanned or NO_PRODUCT)
    return scanned and scanned | {"product": found[0] if found else None}


@router.get("/new", response_model=AttachForm)
async def show_form(
    code: Annotated[str, Query(min_length=1, max_length=200)],
    visit: InLab,
    data: Data,
    q: Annotated[str, Query(max_length=200, description="a barcode, or words of the chemical")] = "",
) -> Any:
    """Shows the form: what the code says, who carries it, and the containers that `q` finds."""
    scanned = scanned_product(code)
    statements: dict[str, Statement] = {
        "product": (FIND_PRODUCT, scanned or NO_PRODUCT),
        "carriers": (FIND_CARRIERS, scanned or NO_PRODUCT),
    }
    if q.strip():
        statements |= {
            "found": (FIND_BY_CODE, scanned_parameters(q)),
            "alike": (FIND_ALIKE, scanned_parameters(q)),
            "by_words": (FIND_BY_WORDS, {"q": q.strip()}),
        }
    found = await data.read_all(visit, statements)
    rows = found.get("alike") or found.get("by_words") or []
    return {
        "code": scanned and scanned | {"product": next(iter(found["product"]), None)},
        "carriers": [with_units(row) for row in found["carriers"]],
        "found": next((row["id"] for row in found.get("found", [])), None),
        "items": [with_units(row) for row in rows],
    }


@router.post("", status_code=201, response_model=Attached)
async def attach(asked: AttachIn, visit: InLab, data: Data) -> Any:
    """Says that containers are the product of this code, which then finds them; its serial number is kept with a single one."""
    try:
        code = read_product_code(asked.code)
    except ValueError as error:
        raise Problem(422, str(error), {"/code": str(error)}) from error
    if code is None:
        sentence = "This is no manufacturer's code: no GTIN is in it."
        raise Problem(422, sentence, {"/code": sentence})
    is_single = len(set(asked.container_ids)) == 1
    given = {
        "ids": asked.container_ids,
        "gtin": code.gtin,
        "serial_number": code.serial_number if is_single else None,
    }

    def answer(found: Found) -> Row:
        if not set(asked.container_ids) <= {row["id"] for row in found["looked"]}:
            raise not_found()
        errors: dict[str, str] = {}
        for row in found["looked"]:
            sentence = _why_not(row, code.gtin, code.lot if is_single else None)
            if sentence:
                errors[f"/container_ids/{row['number']}"] = sentence
        for same in found["same_pack"]:
            errors["/container_ids"] = f"The pack with serial number {code.serial_number} is {same['barcode']}."
        if errors:
            raise Problem(409, next(iter(errors.values())), errors)
        return {"gtin": code.gtin, "attached": len(found["attached"])}

    statements: Statements = {
        "locked": (LOCK, given),
        "looked": (LOOK, given),
        "same_pack": (FIND_SAME_PACK, given),
        "attached": (ATTACH, given),
    }
    return await data.write(visit, statements, answer=answer)


@router.delete("/{container}", response_model=Attached)
async def detach(container: Id, visit: InLab, data: Data) -> Any:
    """Takes a manufacturer's code off a container, to which it was attached by mistake."""

    def answer(found: Found) -> Row:
        return {"gtin": one(found["detached"])["gtin"], "attached": 0}

    return await data.write(visit, {"detached": (DETACH, {"container": container})}, answer=answer)


def _why_not(row: Row, gtin: str, lot: str | None) -> str | None:
    """Why a container cannot be the pack of this code; None where it can."""
    if row["disposed_at"]:
        return f"{row['barcode']} was disposed of."
    if row["gtin"] == gtin:
        return f"{row['barcode']} carries this GTIN already."
    if row["gtin"]:
        return f"{row['barcode']} carries another GTIN, {row['gtin']}. Take that off first."
    if lot and row["lot"] and lot.lower() != row["lot"].lower():
        return f"{row['barcode']} is of lot {row['lot']}, and the code says lot {lot}. Choose another, or correct its label."
    return None
