"""Lists of hazard classifications (CLP annex VI, HCIS …): an administrator uploads a version, looks at what was understood, and keeps it
for all labs or discards it."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Request
from psycopg.types.json import Jsonb
from pydantic import Field, TypeAdapter, ValidationError

from api.core.database import Data, Statements
from api.core.fields import Id, Line, Model
from api.core.problems import Problem, not_found
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.visit import SignedIn
from api.spreadsheets.apart import Asked, Files, read_lines, tidy_name, uploaded_file

router = resource("/classifications", "administration")

MEANINGS = {
    "classification_lists_version_is_kept_once": Meaning(
        409, "This version of the list is kept already. Upload the file with another version."
    ),
    "classification_lists_name_is_one_line": Meaning(422, "Write a name of at most 80 characters.", "name"),
    "classification_lists_version_is_one_line": Meaning(422, "Write a version of at most 80 characters.", "version"),
}
MOST_SHOWN = 100
MOST_REFUSED = 200
"""How many of the rows that were not understood are kept with their reasons; all are counted."""
Named = Annotated[Line, Field(min_length=1, max_length=80)]
NAMED: TypeAdapter[str] = TypeAdapter(Named)

FILE_AND_NAME = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "name", "version"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "CSV, XLSX, XLS or ODS, up to 20 MB"},
                        "name": {"type": "string", "maxLength": 80},
                        "version": {"type": "string", "maxLength": 80},
                    },
                },
                "examples": {"a list": {"value": {"file": "hcis.csv", "name": "HCIS", "version": "May 2022"}}},
            }
        },
    }
}  # fmt: skip


class Refused(Model):
    """A row of the file that was not understood, so that its hazards stay not known."""

    row: int
    reason: str


class ClassificationList(Model):
    """A version of a list of classifications."""

    id: int
    name: str = Field(examples=["HCIS"])
    version: str = Field(examples=["May 2022"])
    file_name: str
    made_at: datetime
    made_by_name: str
    kept_at: datetime | None = Field(description="null: no lab sees it yet")
    is_latest: bool = Field(description="whether labs are offered this version: the one of its name that was kept last")
    classifications: int
    substances: int = Field(description="how many CAS RNs")
    with_several: int = Field(description="how many CAS RNs have several entries that differ")
    refused_rows: int = Field(description="rows that were not understood")


class ClassificationLists(Model):
    """All lists, the latest first."""

    items: list[ClassificationList]


class Classification(Model):
    """What the list says of a CAS RN."""

    cas_number: str
    name: str
    notes: str
    pictograms: list[str]
    signal_word: str | None
    h_statements: list[str]


class LoadedList(ClassificationList):
    """A list with its first entries, and the first rows that were not understood."""

    items: list[Classification]
    refused: list[Refused]


LIST = """
SELECT l.id, l.name, l.version, l.file_name, l.made_at, l.made_by_name, l.kept_at, l.refused_rows,
       l.kept_at IS NOT NULL AND NOT EXISTS (
         SELECT FROM reference.classification_lists n WHERE lower(n.name) = lower(l.name) AND n.kept_at > l.kept_at) AS is_latest,
       c.classifications, c.substances, c.with_several
  FROM reference.classification_lists l
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(s.entries), 0)::int AS classifications, count(*) AS substances, count(*) FILTER (WHERE s.different > 1) AS with_several
         FROM (SELECT count(*) AS entries, count(DISTINCT (c.pictograms, c.signal_word, c.h_statements)) AS different
                 FROM reference.classifications c WHERE c.list_id = l.id GROUP BY c.cas_number) AS s) AS c"""
FIND_LISTS = LIST + " ORDER BY l.id DESC"
FIND_LIST = LIST + " WHERE l.id = %s"
FIND_ENTRIES = """
SELECT c.cas_number, c.name, c.notes, c.pictograms, c.signal_word, c.h_statements
  FROM reference.classifications c WHERE c.list_id = %s ORDER BY c.place LIMIT %s"""
FIND_REFUSED = "SELECT r.row, r.reason FROM reference.classification_lists l CROSS JOIN jsonb_to_recordset(l.refused) AS r (row int, reason text) WHERE l.id = %s"
ADD = """
INSERT INTO reference.classification_lists (name, version, file_name, refused, refused_rows)
VALUES (%(name)s, %(version)s, %(file_name)s, %(refused)s, %(refused_rows)s) RETURNING id"""
# Into the list that this transaction added: somebody else may add one at the same moment.
FILL = """
INSERT INTO reference.classifications (list_id, place, cas_number, name, notes, pictograms, signal_word, h_statements)
SELECT (SELECT l.id FROM reference.classification_lists l WHERE l.xmin = pg_current_xact_id()::xid), e.place, e.cas_number, e.name, e.notes,
       ARRAY(SELECT jsonb_array_elements_text(e.pictograms)), e.signal_word, ARRAY(SELECT jsonb_array_elements_text(e.h_statements))
  FROM jsonb_to_recordset(%s) AS e (place int, cas_number text, name text, notes text, pictograms jsonb, signal_word text, h_statements jsonb)"""
KEEP = "UPDATE reference.classification_lists SET kept_at = now() WHERE id = %s AND kept_at IS NULL RETURNING id"
DISCARD = "DELETE FROM reference.classification_lists WHERE id = %s AND kept_at IS NULL RETURNING id"
OVER = "This version is kept already. To replace it, upload another version of the same name."


@router.get("", response_model=ClassificationLists)
async def list_classification_lists(visit: SignedIn, data: Data) -> Any:
    """All versions of all lists, for administrators."""
    return {"items": (await data.administer(visit, {"lists": (FIND_LISTS, ())}))["lists"]}


@router.post("", status_code=201, response_model=LoadedList, openapi_extra=FILE_AND_NAME)
async def upload_classifications(request: Request, visit: SignedIn, data: Data, files: Files) -> Any:
    """Reads a list (in the form field `file`), finding its columns by their heads. Labs see it when it is kept."""
    await data.administer(visit)
    file = await uploaded_file(request)
    form = await request.form()
    named = {field: _named(form.get(field), field) for field in ("name", "version")}

    async def given() -> Asked:
        await file.seek(0)
        return Asked({"act": "classify", "sheet": None, "encoding": None}, b"{}", await file.read())

    entries: list[Row] = []
    refused: list[Row] = []
    refused_rows = 0
    with await files.lines(given, "/file") as lines:
        for line in read_lines(lines, "/file"):
            if "refused" in line:
                refused_rows += 1
                refused += [{"row": line["row"], "reason": line["refused"]}] if len(refused) < MOST_REFUSED else []
            else:
                entries.append(line | {"place": len(entries) + 1})
    if not entries:
        sentence = f"No row of this file is understood. {refused[0]['reason'] if refused else ''}".strip()
        raise Problem(422, sentence, {"/file": sentence})
    added = {
        **named,
        "file_name": tidy_name(file.filename or ""),
        "refused": Jsonb(refused),
        "refused_rows": refused_rows,
    }
    made = await data.administer(visit, {"list": (ADD, added), "entries": (FILL, (Jsonb(entries),))})
    return await find(one(made["list"])["id"], visit, data)


def _named(value: object, field: str) -> str:
    """A field of the form beside the file."""
    try:
        return NAMED.validate_python(value if isinstance(value, str) else "")
    except ValidationError as error:
        sentence = "Write 1 to 80 characters on one line."
        raise Problem(422, sentence, {f"/{field}": sentence}) from error


@router.get("/{number}", response_model=LoadedList)
async def find_classification_list(number: Id, visit: SignedIn, data: Data) -> Any:
    """A list with its first entries, and the rows that were not understood."""
    return await find(number, visit, data)


async def find(number: int, visit: SignedIn, data: Data) -> Row:
    """The list; 404 where there is none of this number."""
    asked: Statements = {
        "list": (FIND_LIST, (number,)),
        "items": (FIND_ENTRIES, (number, MOST_SHOWN)),
        "refused": (FIND_REFUSED, (number,)),
    }
    found = await data.administer(visit, asked)
    if not found["list"]:
        raise not_found()
    return found["list"][0] | {"items": found["items"], "refused": found["refused"]}


@router.post("/{number}/keep", response_model=LoadedList)
async def keep_classifications(number: Id, visit: SignedIn, data: Data) -> Any:
    """Lets all labs see the list. It is then changed by nobody: labs adopt hazards from it."""
    done = await data.administer(visit, {"password": data.require_password(visit), "kept": (KEEP, (number,))})
    found = await find(number, visit, data)
    if not done["kept"]:
        raise Problem(409, OVER)
    return found


@router.delete("/{number}", status_code=204)
async def discard_classifications(number: Id, visit: SignedIn, data: Data) -> None:
    """Discards a list that was not kept."""
    done = await data.administer(visit, {"password": data.require_password(visit), "discarded": (DISCARD, (number,))})
    if not done["discarded"]:
        await find(number, visit, data)
        raise Problem(409, OVER)
