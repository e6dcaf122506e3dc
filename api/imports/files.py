"""Files come in: upload, what came, what its columns seem to be, cancel."""

import hashlib
import re
import unicodedata
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.datastructures import UploadFile

from api.access import InLab, Row, Visit
from api.database import Data, Database
from api.fields import decode_cursor, encode_cursor
from api.imports.models import FIND_IMPORT, IMPORT, Description, Import, ImportId, ImportList, with_words
from api.imports.reader import Files
from api.problems import MEANINGS, Problem, not_found
from api.routes import resource
from api.spreadsheets import LARGEST_FILE

router = resource("/labs/{lab}/imports", "imports")

MOST_OPEN = 20
"""Imports of a lab that are neither committed nor cancelled: each keeps its file."""
FILE_FIELD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "CSV or XLSX, up to 20 MB"}
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
ADD_IMPORT = "INSERT INTO inventory.imports (file_name, content) VALUES (%(name)s, %(content)s) RETURNING id AS import"
COUNT_OPEN = "SELECT count(*) AS open FROM inventory.imports WHERE committed_at IS NULL AND cancelled_at IS NULL"
FIND_NEW = IMPORT + " WHERE i.id = (SELECT max(n.id) FROM inventory.imports n WHERE n.made_by = control.user_id())"
LATEST_FIRST = IMPORT + " WHERE i.id < %(last)s::bigint ORDER BY i.id DESC LIMIT %(limit)s"
LATEST_LAST = IMPORT + " WHERE i.id > %(last)s::bigint ORDER BY i.id LIMIT %(limit)s"
FIND_CONTENT = "SELECT i.content FROM inventory.imports i WHERE i.id = %(import)s"
CANCEL = """
UPDATE inventory.imports SET content = NULL, cancelled_at = control.clock()
 WHERE id = %(import)s AND committed_at IS NULL AND cancelled_at IS NULL RETURNING id"""
FORGET_ROWS = """
DELETE FROM inventory.import_rows r USING inventory.imports i
 WHERE r.import_id = %(import)s AND i.id = r.import_id AND i.cancelled_at IS NOT NULL"""


def tidy_name(name: str) -> str:
    """The file's name without folders and what a line cannot show; at most 200 characters, its ending kept."""
    text = re.split(r"[/\\]", name)[-1]
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs", "Cf", "Zl", "Zp")).strip()
    return text if len(text) <= 200 else f"{text[:150]}…{text[-40:]}"


async def uploaded_file(request: Request) -> UploadFile:
    """The file of a form. Problems stand beside the field `file`."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > LARGEST_FILE + 1024 * 1024:
        raise too_large(int(length))
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Problem(422, "Choose a file.", {"/file": "Choose a file."})
    form = await request.form(max_files=1, max_fields=10)
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise Problem(422, "Choose a file.", {"/file": "Choose a file."})
    if (file.size or 0) > LARGEST_FILE:
        raise too_large(file.size or 0)
    return file


def too_large(size: int) -> Problem:
    """413 for a file of `size` bytes."""
    sentence = f"The file has {size / 1024**2:.1f} MB; at most 20 MB can be read. Split it."
    return Problem(413, sentence, {"/file": sentence})


def check_manager(visit: Visit) -> None:
    """Reading a file is work that only a manager may ask for. Call it when the database has said who asks."""
    if visit.member["role"] != "manager":
        raise Problem(403, MEANINGS["role_is_enough"].sentence)


async def find_content(data: Database, visit: Visit, import_id: int) -> tuple[Row, bytes]:
    """The import and its file; 404 where there is none, 409 where the file is gone."""
    given = {"import": import_id}
    found, contents = await data.read_all(visit, (FIND_IMPORT, given), (FIND_CONTENT, given))
    check_manager(visit)
    if not found:
        raise not_found()
    if contents[0]["content"] is None:
        raise Problem(409, "This import is over: its file is not kept. Choose the file again.")
    return found[0], bytes(contents[0]["content"])


@router.post("", status_code=201, response_model=Import, openapi_extra=FILE_FIELD)
async def upload(request: Request, visit: InLab, data: Data, files: Files) -> Any:
    """Takes a file in, if it can be read: the form field `file`, CSV or XLSX. Nothing is loaded yet."""
    await data.read(visit, "SELECT 1 AS here")
    check_manager(visit)
    file = await uploaded_file(request)
    content = await file.read()
    # Of the file, not of the form: its boundary is another one each time it is sent.
    visit.fingerprint = hashlib.sha256(visit.fingerprint + content).digest()
    await files.describe(content, "/file")
    name = tidy_name(file.filename or "")

    def answer(results: list[list[Row]]) -> Row:
        _, _, [open_now], [made] = results
        if open_now["open"] > MOST_OPEN:
            raise Problem(409, f"{MOST_OPEN} imports are open already. Load or cancel one of them first.")
        return made

    return await data.write(
        visit,
        (FORGET_OLD_FILES, ()),
        (ADD_IMPORT, {"name": name or "file", "content": content}),
        (COUNT_OPEN, ()),
        (FIND_NEW, ()),
        needed="manager",
        answer=answer,
    )


@router.get("", response_model=ImportList)
async def list_imports(
    visit: InLab,
    data: Data,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """A page of imports, the latest first."""
    backwards, last = False, 2**63 - 1
    if cursor:
        towards, last = decode_cursor(cursor, (str, int))
        backwards = towards == "previous"
    statement = LATEST_LAST if backwards else LATEST_FIRST
    rows = await data.read(visit, statement, {"limit": limit + 1, "last": last})
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()
    return {
        "items": [with_words(row) for row in rows],
        "next": encode_cursor("next", rows[-1]["id"]) if rows and (more or backwards) else None,
        "previous": encode_cursor("previous", rows[0]["id"]) if rows and (more if backwards else cursor) else None,
    }


@router.get("/{import_id}", response_model=Import)
async def find_import(import_id: ImportId, visit: InLab, data: Data) -> Any:
    """An import: how it is read, what was found, what became of it."""
    found = await data.read(visit, FIND_IMPORT, {"import": import_id})
    if not found:
        raise not_found()
    return with_words(found[0])


@router.get("/{import_id}/columns", response_model=Description)
async def describe_columns(
    import_id: ImportId,
    visit: InLab,
    data: Data,
    files: Files,
    sheet: Annotated[str | None, Query(max_length=100, pattern=r"^[^\x00]*$")] = None,
    head_row: Annotated[int | None, Query(ge=0, le=1000)] = None,
    values_of: Annotated[int | None, Query(ge=0, le=999)] = None,
) -> Any:
    """The columns of a file with their first values and the field that each seems to be; sheet and head as they were put."""
    found, content = await find_content(data, visit, import_id)
    if found["reading"] and sheet is None and head_row is None:
        sheet, head_row = found["reading"]["sheet"], found["reading"]["head_row"]
    if found["reading"] and found["reading"]["only"] and values_of is None:
        values_of = found["reading"]["only"]["column"]
    description = await files.describe(content, "/sheet", sheet=sheet, head_row=head_row, values_of=values_of)
    return description | {"import_": with_words(found)}


@router.post("/{import_id}/cancel", response_model=Import)
async def cancel(import_id: ImportId, visit: InLab, data: Data) -> Any:
    """Forgets the file and its rows. What was loaded stays: a committed import cannot be cancelled."""

    def answer(results: list[list[Row]]) -> Row:
        found = results[-1]
        if not found:
            raise not_found()
        if found[0]["committed_at"]:
            raise Problem(409, MEANINGS["import_is_committed"].sentence)
        return with_words(found[0])

    given = {"import": import_id}
    return await data.write(
        visit, (CANCEL, given), (FORGET_ROWS, given), (FIND_IMPORT, given), needed="manager", answer=answer
    )
