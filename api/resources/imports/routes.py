"""Uploads of files: upload one, list and look at imports, guess what the columns hold, cancel."""

import hashlib
from typing import Annotated, Any

from fastapi import Query, Request
from psycopg.types.json import Jsonb
from starlette.responses import StreamingResponse

from api.core.database import Data, Database, Found, Statements
from api.core.exports import Downloads
from api.core.paging import Order, Window
from api.core.problems import Problem
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.visit import InLab, Visit
from api.resources.imports.lists import ListsQuery, chosen_lists, find_lists, read_lists
from api.resources.imports.models import (
    FIND_IMPORT,
    IMPORT_OF,
    LEFT_OUT_HEADS,
    Description,
    Encoding,
    Import,
    ImportId,
    ImportList,
    with_words,
)
from api.spreadsheets.apart import Files, digest_of, tidy_name, uploaded_file
from api.spreadsheets.endings import kept_name
from api.spreadsheets.heads import column_letter
from api.spreadsheets.tables import MOST_TABLES

router = resource("/labs/{lab}/imports", "imports")

MOST_OPEN = 20
"""How many imports of a lab may be neither committed nor cancelled: each keeps its file in the database."""
FILE_FIELD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "CSV, XLSX, XLS, ODS, SDF or a ZIP of CSV files, up to 20 MB",
                        }
                    },
                },
                "examples": {"a file": {"value": {"file": "stockroom-2025.xlsx"}}},
            }
        },
    }
}

FORGET_OLD_FILES = """
UPDATE inventory.imports SET content = NULL, cancelled_at = now()
 WHERE committed_at IS NULL AND cancelled_at IS NULL AND made_at < now() - interval '30 days'"""
ADD_IMPORT = """
WITH added AS (
  INSERT INTO inventory.imports (file_name, content) VALUES (%(name)s, %(content)s)
  RETURNING id, xmin, file_name, content, reading, made_at, made_by, committed_at, committed_by, cancelled_at)""" + IMPORT_OF.format(
    imports="added"
)
COUNT_OPEN = "SELECT count(*) AS imports FROM inventory.imports WHERE committed_at IS NULL AND cancelled_at IS NULL"
FIND_PAGE = IMPORT_OF + " WHERE {beyond} ORDER BY {order} LIMIT %(limit)s"
LATEST_FIRST = Order(("id",), ("bigint",), descending=True)
FIND_MAPPING = """
SELECT i.file_name, i.reading -> 'columns' AS columns FROM inventory.imports i
 WHERE i.committed_at IS NOT NULL AND i.reading -> 'heads' = %(heads)s ORDER BY i.id DESC LIMIT 1"""
FIND_FILE = "SELECT i.file_name, i.content FROM inventory.imports i WHERE i.id = %(import)s"
CANCEL = """
UPDATE inventory.imports SET content = NULL, cancelled_at = control.clock()
 WHERE id = %(import)s AND committed_at IS NULL AND cancelled_at IS NULL RETURNING id"""
TAKE_BACK = "SELECT inventory.take_back_import(%(import)s)"
FORGET_ROWS = """
DELETE FROM inventory.import_rows r USING inventory.imports i
 WHERE r.import_id = %(import)s AND i.id = r.import_id AND i.cancelled_at IS NOT NULL"""


async def find_content(data: Database, visit: Visit, import_id: int) -> tuple[Row, bytes]:
    """The import and its file; 404 where there is no such import, 409 where the import is over."""
    given = {"import": import_id}
    statements: Statements = {"import": (FIND_IMPORT, given), "file": (FIND_FILE, given)}
    found = await data.read_all(visit, statements, needed="manager")
    import_, file = one(found["import"]), one(found["file"])
    if file["content"] is None or import_["state"] not in ("new", "read"):
        raise Problem(409, "This import is over. Choose the file again.")
    return import_, bytes(file["content"])


@router.post("", status_code=201, response_model=Import, openapi_extra=FILE_FIELD)
async def upload(request: Request, visit: InLab, data: Data, files: Files) -> Any:
    """Stores an uploaded file (in the form field `file`) if it can be read, is called as its contents are, and carries no programs. Nothing
    is loaded yet."""
    await data.require(visit, "manager")
    file = await uploaded_file(request)
    # Hash the file, not the whole form, because a form's boundary differs each time it is sent.
    visit.fingerprint = hashlib.sha256(visit.fingerprint + await digest_of(file)).digest()
    name = tidy_name(file.filename or "")

    async def content() -> bytes:
        await file.seek(0)
        return await file.read()

    described = await files.describe(content, "/file", name=name)
    name = tidy_name(kept_name(name, described["kind"]))

    def answer(found: Found) -> Row:
        if one(found["open"])["imports"] > MOST_OPEN:
            raise Problem(409, f"{MOST_OPEN} imports are open already. Load or cancel one of them first.")
        return one(found["added"])

    statements: Statements = {
        "forgotten": (FORGET_OLD_FILES, ()),
        "added": (ADD_IMPORT, {"name": name, "content": await content()}),
        "open": (COUNT_OPEN, ()),
    }
    return await data.write(visit, statements, needed="manager", answer=answer)


@router.get("", response_model=ImportList)
async def list_imports(
    visit: InLab,
    data: Data,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """A page of imports, the latest first."""
    window = Window(LATEST_FIRST, cursor, limit)
    statement = FIND_PAGE.format(imports="inventory.imports", beyond=window.condition("i"), order=window.order_by("i"))
    return window.answer([with_words(row) for row in await data.read(visit, statement, window.parameters)])


@router.get("/{import_id}", response_model=Import)
async def find_import(import_id: ImportId, visit: InLab, data: Data) -> Any:
    """An import: how its file is read, the problems that were found, and what became of it."""
    return with_words(one(await data.read(visit, FIND_IMPORT, {"import": import_id})))


@router.get(
    "/{import_id}/file",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def download_file(import_id: ImportId, visit: InLab, data: Data, downloads: Downloads) -> StreamingResponse:
    """Downloads the file as it was uploaded."""

    async def read() -> tuple[str, bytes]:
        file = one(await data.read(visit, FIND_FILE, {"import": import_id}, needed="manager"))
        if file["content"] is None:
            raise Problem(409, "The file of this import is no longer kept.")
        return file["file_name"], bytes(file["content"])

    return await downloads.original(visit, data, f"import-{import_id}", read)


@router.get("/{import_id}/columns", response_model=Description)
async def describe_columns(
    import_id: ImportId,
    visit: InLab,
    data: Data,
    files: Files,
    sheet: Annotated[str | None, Query(max_length=100, pattern=r"^[^\x00]*$")] = None,
    encoding: Annotated[Encoding | None, Query(max_length=20)] = None,
    head_row: Annotated[int | None, Query(ge=0, le=1000)] = None,
    values_of: Annotated[int | None, Query(ge=0, le=999)] = None,
    table: Annotated[
        list[str] | None, Query(max_length=MOST_TABLES, description="the further tables; none given: as proposed")
    ] = None,
    list_: Annotated[ListsQuery, Query(alias="list")] = None,
) -> Any:
    """The columns of a file with their first values and the field that each seems to hold, for the sheet, encoding and head that were chosen."""
    found = one(await data.read(visit, FIND_IMPORT, {"import": import_id}, needed="manager"))

    async def content() -> bytes:
        return (await find_content(data, visit, import_id))[1]

    if found["reading"] and sheet is None and head_row is None:
        sheet, head_row = found["reading"]["sheet"], found["reading"]["head_row"]
        table = found["reading"].get("tables") if table is None else table
    if found["reading"] and encoding is None:
        encoding = found["reading"].get("encoding")
    if found["reading"] and found["reading"]["only"] and values_of is None:
        values_of = found["reading"]["only"]["column"]
    before: dict[str, int] = (found["reading"] or {}).get("lists") or {}
    lists = before if list_ is None else chosen_lists(list_)
    description = await files.describe(
        content,
        "/sheet",
        sheet=sheet,
        encoding=encoding,
        head_row=head_row,
        values_of=values_of,
        tables=None if table is None else [name for name in table if name],
        lists=await read_lists(data, visit, lists),
    )
    heads = [column["head"] for column in description["columns"]]
    description["lists"] = await find_lists(data, visit, heads, lists)
    remembered = None if found["reading"] else await _remember(data, visit, description)
    return description | {"import_": with_words(found), "remembered": remembered}


async def _remember(data: Database, visit: Visit, description: Row) -> str | None:
    """Chooses the columns as in the last file with the same heads that the lab loaded. Also recognises a file of rows that were left out of
    that import. Returns the name of the earlier file."""
    heads = [column["head"] for column in description["columns"]]
    while heads and heads[-1] == f"Column {column_letter(len(heads) - 1)}":
        heads.pop()  # columns without a head, behind the last one
    before = len(LEFT_OUT_HEADS) if heads[: len(LEFT_OUT_HEADS)] == LEFT_OUT_HEADS else 0
    if not description["head_row"] or len(heads) == before:
        return None
    found = await data.read(visit, FIND_MAPPING, {"heads": Jsonb(heads[before:])})
    if not found:
        return None
    for column in description["columns"]:
        column["field"] = found[0]["columns"].get(str(column["index"] - before))
        column["by_cells"] = False
    return str(found[0]["file_name"])


@router.post("/{import_id}/cancel", response_model=Import)
async def cancel(import_id: ImportId, visit: InLab, data: Data) -> Any:
    """Deletes the file and its rows. A committed import cannot be cancelled, because its rows were loaded."""

    def answer(found: Found) -> Row:
        import_ = one(found["import"])
        if import_["committed_at"]:
            raise Problem(409, "This import was loaded already. It can be taken back instead.")
        return with_words(import_)

    given = {"import": import_id}
    statements: Statements = {
        "cancelled": (CANCEL, given),
        "forgotten": (FORGET_ROWS, given),
        "import": (FIND_IMPORT, given),
    }
    return await data.write(visit, statements, needed="manager", answer=answer)


@router.post("/{import_id}/take-back", response_model=Import)
async def take_back(import_id: ImportId, visit: InLab, data: Data) -> Any:
    """Takes back an import that was loaded: its containers are disposed of, with chemicals and locations that are empty then.

    Containers that something has happened to since (used, moved, counted, held, missing) stay. The same file can be loaded again.
    Doing it twice changes nothing.
    """
    given = {"import": import_id}
    statements: Statements = {"done": (TAKE_BACK, given), "import": (FIND_IMPORT, given)}
    return await data.write(visit, statements, needed="manager", answer=lambda found: with_words(one(found["import"])))
