"""The rows of a preview: listed by state or problem, and those that are left out as a file to mend and send again."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import StreamingResponse

from api.access import InLab, Row, Visit
from api.csv_export import Page, csv_download
from api.database import Data, Database
from api.fields import decode_cursor, encode_cursor
from api.imports.models import FIND_IMPORT, Import, ImportId, ImportRows, RowState, with_words
from api.problems import not_found
from api.routes import resource
from api.spreadsheets import KINDS

router = resource("/labs/{lab}/imports", "imports")

ROWS_OF_A_FILE = 500

FIND_ROWS = """
SELECT r.row_number, r.state, r.record, r.problems, coalesce(r.chemical_id, c.chemical_id) AS chemical_id, r.container_id, c.barcode
  FROM inventory.import_rows r LEFT JOIN inventory.containers c ON c.id = r.container_id
 WHERE r.import_id = %(import)s AND {where} ORDER BY r.row_number {direction} LIMIT %(limit)s"""
BY_STATE = "r.state = ANY (%(state)s)"
BY_KIND = "r.state <> 'present' AND r.problems @> jsonb_build_array(jsonb_build_object('kind', %(kind)s::text))"
FINE = "r.state <> 'present' AND r.problems = '[]'"
LEFT_OUT = "r.state IN ('refused', 'question', 'joined')"
REFUSED = "r.state = 'refused'"


def as_row(row: Row) -> Row:
    """A row as it is shown."""
    record = row.pop("record")
    place = " › ".join(record["location_path"])
    return row | {name: record[name] for name in ("chemical", "container", "count")} | {"location": place}


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
    given: Row = {"import": import_id, "state": state, "kind": kind, "limit": limit + 1}
    conditions = [text for text, wanted in ((BY_STATE, state), (BY_KIND, kind), (FINE, fine)) if wanted] or ["true"]
    backwards = False
    if cursor:
        towards, given["last"] = decode_cursor(cursor, (str, int))
        backwards = towards == "previous"
        conditions.append(f"r.row_number {'<' if backwards else '>'} %(last)s::bigint")
    statement = FIND_ROWS.format(where=" AND ".join(conditions), direction="DESC" if backwards else "ASC")
    found, rows = await data.read_all(visit, (FIND_IMPORT, given), (statement, given))
    if not found:
        raise not_found()
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()
    return {
        "import_": with_words(found[0]),
        "items": [as_row(row) for row in rows],
        "next": encode_cursor("next", rows[-1]["row_number"]) if rows and (more or backwards) else None,
        "previous": encode_cursor("previous", rows[0]["row_number"])
        if rows and (more if backwards else cursor)
        else None,
    }


@router.get("/{import_id}/refused.csv", response_class=StreamingResponse)
async def download_refused(import_id: ImportId, visit: InLab, data: Data) -> StreamingResponse:
    """The rows that are left out as the file has them, each with its number and the reason: to be mended and imported."""
    found = await data.read(visit, FIND_IMPORT, {"import": import_id})
    if not found:
        raise not_found()
    heads = (found[0]["reading"] or {}).get("heads", [])
    pages = left_out(data, visit, Import(**found[0]), len(heads))
    return await csv_download(visit, f"left-out-{import_id}", ["Row", "Why it was left out", *heads], pages)


async def left_out(data: Database, visit: Visit, of: Import, width: int) -> AsyncIterator[Page]:
    """Pages of lines. Before the import is committed, rows with a question are not left out yet."""
    where = LEFT_OUT if of.state == "committed" else REFUSED
    statement = FIND_ROWS.format(where=f"{where} AND r.row_number > %(last)s", direction="ASC")
    last = 0
    while True:
        rows = await data.read(visit, statement, {"import": of.id, "last": last, "limit": ROWS_OF_A_FILE})
        yield [[row["row_number"], reason(row), *fitted(row["record"].get("cells", []), width)] for row in rows]
        if len(rows) < ROWS_OF_A_FILE:
            return
        last = rows[-1]["row_number"]


def reason(row: Row) -> str:
    """Why a row was left out, in words."""
    severity = "refused" if row["state"] == "refused" else "question"
    kinds = dict.fromkeys(
        problem["kind"] for problem in row["problems"] if problem["severity"] == severity or row["state"] == "joined"
    )
    return "; ".join(KINDS[kind].title if kind in KINDS else kind for kind in kinds)


def fitted(cells: list[str], width: int) -> list[str]:
    """The cells, as many as there are heads, or all where there are more."""
    return cells + [""] * (width - len(cells))
