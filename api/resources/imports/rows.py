"""The rows of a preview, listed by state or problem; and the rows that are left out, as a file to be mended and imported again."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import StreamingResponse

from api.core.database import Data, Database
from api.core.exports import Downloads
from api.core.paging import Order, Window
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.tables import Page
from api.core.visit import InLab, Visit
from api.resources.imports.models import (
    FIND_IMPORT,
    LEFT_OUT_HEADS,
    AbsentList,
    Import,
    ImportId,
    ImportRows,
    RowState,
    with_words,
)
from api.spreadsheets import KINDS, ROWS_OF_A_TABLE

router = resource("/labs/{lab}/imports", "imports")

ROWS_OF_A_FILE = 500

FIND_ROWS = """
SELECT r.row_number, r.state, r.record, r.problems, coalesce(r.chemical_id, c.chemical_id) AS chemical_id, r.container_id, c.barcode
  FROM inventory.import_rows r LEFT JOIN inventory.containers c ON c.id = r.container_id
 WHERE r.import_id = %(import)s AND {where} ORDER BY {order} LIMIT %(limit)s"""
BY_ROW = Order(("row_number",), ("bigint",))
BY_STATE = "r.state = ANY (%(state)s)"
BY_KIND = "r.problems @> jsonb_build_array(jsonb_build_object('kind', %(kind)s::text))"
FINE = "r.state <> 'present' AND r.problems = '[]'"
LEFT_OUT = "r.state IN ('refused', 'question', 'joined')"
REFUSED = "r.state = 'refused'"


FIND_ABSENT = """
SELECT s.container_id, s.barcode, s.chemical_id, s.chemical_name, s.location, s.amount, s.unit
  FROM (SELECT c.id AS container_id, c.barcode, h.id AS chemical_id, h.name AS chemical_name, l.full_name AS location, c.amount, c.unit
          FROM (SELECT DISTINCT n.container_id FROM inventory.not_in_list(%(import)s) AS n) AS n
          JOIN inventory.containers c ON c.id = n.container_id
          JOIN inventory.chemicals h ON h.id = c.chemical_id
          LEFT JOIN inventory.locations l ON l.id = c.location_id) AS s
 WHERE {beyond} ORDER BY {order} LIMIT %(limit)s"""
BY_CONTAINER = Order(("container_id",), ("bigint",))


def as_row(row: Row) -> Row:
    """A row as the preview shows it."""
    record = row.pop("record")
    location = " › ".join(record["location_path"])
    place = {"number": row["row_number"] % ROWS_OF_A_TABLE, "part": record.get("part", "")}
    return row | place | {name: record[name] for name in ("chemical", "container", "count")} | {"location": location}


@router.get("/{import_id}/rows", response_model=ImportRows)
async def list_rows(
    import_id: ImportId,
    visit: InLab,
    data: Data,
    state: Annotated[list[RowState] | None, Query(description="with one of these states")] = None,
    kind: Annotated[str, Query(max_length=40, pattern=r"^[^\x00]*$", description="with a problem of this kind")] = "",
    fine: Annotated[bool, Query(description="without any problem")] = False,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """A page of rows in the order of the file."""
    window = Window(BY_ROW, cursor, limit)
    given = window.parameters | {"import": import_id, "state": state, "kind": kind}
    conditions = [text for text, wanted in ((BY_STATE, state), (BY_KIND, kind), (FINE, fine)) if wanted]
    conditions.append(window.condition("r"))
    statement = FIND_ROWS.format(where=" AND ".join(conditions), order=window.order_by("r"))
    found = await data.read_all(visit, {"import": (FIND_IMPORT, given), "page": (statement, given)})
    page = window.answer(found["page"])
    return page | {"import_": with_words(one(found["import"])), "items": [as_row(row) for row in page["items"]]}


@router.get("/{import_id}/absent", response_model=AbsentList)
async def list_absent(
    import_id: ImportId,
    visit: InLab,
    data: Data,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """A page of the containers of earlier imports of this list that the file does not have. They stay as they are."""
    window = Window(BY_CONTAINER, cursor, limit)
    statement = FIND_ABSENT.format(beyond=window.condition("s"), order=window.order_by("s"))
    given = window.parameters | {"import": import_id}
    found = await data.read_all(visit, {"import": (FIND_IMPORT, given), "page": (statement, given)})
    one(found["import"])
    return window.answer(found["page"])


@router.get(
    "/{import_id}/refused.csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}}
)
async def download_refused(import_id: ImportId, visit: InLab, data: Data, downloads: Downloads) -> StreamingResponse:
    """Downloads the rows that are left out, with their cells as in the file, their numbers and the reasons, to be mended and imported."""
    found = one(await data.read(visit, FIND_IMPORT, {"import": import_id}))
    heads = (found["reading"] or {}).get("heads", [])
    pages = left_out(data, visit, Import(**found), len(heads))
    return await downloads.csv(visit, data, f"left-out-{import_id}", [*LEFT_OUT_HEADS, *heads], pages)


async def left_out(data: Database, visit: Visit, of: Import, width: int) -> AsyncIterator[Page]:
    """The lines of the file of rows that are left out, page by page. Before the commit, rows with a question do not count as left out."""
    where, cursor = LEFT_OUT if of.state == "committed" else REFUSED, ""
    while True:
        window = Window(BY_ROW, cursor, ROWS_OF_A_FILE)
        statement = FIND_ROWS.format(where=f"{where} AND {window.condition('r')}", order=window.order_by("r"))
        page = window.answer(await data.read(visit, statement, window.parameters | {"import": of.id}))
        yield [[in_words(row), reason(row), *fitted(row["record"].get("cells", []), width)] for row in page["items"]]
        if page["next"] is None:
            return
        cursor = page["next"]


def in_words(row: Row) -> str | int:
    """The number of a row in its table: 17, or Acids 17."""
    number = row["row_number"] % ROWS_OF_A_TABLE
    return f"{part} {number}" if (part := row["record"].get("part")) else int(number)


def reason(row: Row) -> str:
    """The sentences that say why a row was left out."""
    severity = "refused" if row["state"] == "refused" else "question"
    kinds = dict.fromkeys(
        problem["kind"] for problem in row["problems"] if problem["severity"] == severity or row["state"] == "joined"
    )
    return "; ".join(KINDS[kind].title if kind in KINDS else kind for kind in kinds)


def fitted(cells: list[str], width: int) -> list[str]:
    """The cells, filled up to the number of heads; a longer row keeps all its cells."""
    return cells + [""] * (width - len(cells))
