"""How a file is read: the mapping and the choices are put, every row is previewed and stored with its problems."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from api.access import InLab, Row, Visit
from api.database import Data, Database, Run
from api.imports.files import find_content
from api.imports.models import FIND_IMPORT, Import, ImportId, ReadingIn, with_words
from api.imports.reader import Files, read_lines
from api.problems import MEANINGS, Problem
from api.routes import resource
from api.spreadsheets import Choices, Mapping, SpreadsheetError

router = resource("/labs/{lab}/imports", "imports")

ROWS_A_STATEMENT = 1000

FIND_HAZARDS = """
SELECT h.cas_number, h.pictograms, h.signal_word, h.h_statements, h.p_statements, h.storage_class FROM reference.hazard_classifications h"""
LOCK_IMPORT = "SELECT i.committed_at, i.cancelled_at FROM inventory.imports i WHERE i.id = %(import)s FOR UPDATE"
FORGET_ROWS = "DELETE FROM inventory.import_rows WHERE import_id = %(import)s"
# A container of this key came from such a row. One that only has the barcode is the same where its chemical is.
ADD_ROWS = """
INSERT INTO inventory.import_rows (import_id, row_number, key, state, record, problems, container_id)
SELECT %(import)s, t.row_number, t.key,
       CASE WHEN c.id IS NULL AND NOT n.listed_alone THEN t.state WHEN n.listed_alone OR s.same THEN 'present' ELSE 'refused' END,
       t.record,
       t.problems || CASE WHEN c.id IS NULL OR s.same THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
         'kind', 'barcode_taken', 'severity', 'refused', 'says', c.barcode, 'proof', 'on a container of ' || h.name)) END,
       CASE WHEN s.same THEN c.id END
  FROM jsonb_to_recordset(%(rows)s) AS t (row_number int, key text, state text, record jsonb, problems jsonb)
 CROSS JOIN LATERAL (
    SELECT lower(t.record -> 'chemical' ->> 'name') AS name_folded, t.record -> 'chemical' ->> 'cas_number' AS cas_number,
           t.state IN ('ready', 'question') AS wanted) AS r
 CROSS JOIN LATERAL (
    SELECT r.wanted AND t.record -> 'container' = 'null' AND EXISTS (
             SELECT FROM inventory.chemicals h
              WHERE h.name_folded = r.name_folded AND h.cas_number IS NOT DISTINCT FROM r.cas_number AND h.retired_at IS NULL) AS listed_alone) AS n
  LEFT JOIN inventory.containers c ON r.wanted
        AND c.id = coalesce((SELECT k.id FROM inventory.containers k WHERE k.import_key = t.key),
                            (SELECT k.id FROM inventory.containers k WHERE k.barcode = t.record -> 'container' ->> 'barcode'))
  LEFT JOIN inventory.chemicals h ON h.id = c.chemical_id
 CROSS JOIN LATERAL (
    SELECT coalesce(c.import_key = t.key OR h.name_folded = r.name_folded OR h.cas_number = r.cas_number, false) AS same) AS s"""
SETTLE_JOINED = "SELECT inventory.settle_joined_rows(%(import)s)"
COUNT_STATES = "SELECT state, count(*) AS rows FROM inventory.import_rows WHERE import_id = %(import)s GROUP BY state"
# What is there already needs no word.
COUNT_KINDS = """
SELECT p ->> 'kind' AS kind, count(DISTINCT r.row_number) AS rows
  FROM inventory.import_rows r CROSS JOIN LATERAL jsonb_array_elements(r.problems) AS p
 WHERE r.import_id = %(import)s AND r.state <> 'present' GROUP BY p ->> 'kind'"""
COUNT_FINE = """
SELECT count(*) AS rows FROM inventory.import_rows WHERE import_id = %(import)s AND state <> 'present' AND problems = '[]'"""
STORE_READING = "UPDATE inventory.imports SET reading = %(reading)s WHERE id = %(import)s"


def check_reading(reading: ReadingIn) -> tuple[Row, Row]:
    """The mapping and the choices as the reader takes them; a Problem beside what cannot be."""
    mapping = {"head_row": reading.head_row, "columns": reading.columns}
    choices = reading.choices.model_dump() | {"only": reading.only.model_dump() if reading.only else None}
    try:
        Mapping.from_json(mapping)
    except SpreadsheetError as error:
        raise Problem(422, str(error), {"/columns": str(error)}) from error
    try:
        Choices.from_json(choices)
    except SpreadsheetError as error:
        raise Problem(422, str(error), {"/choices": str(error)}) from error
    return mapping, choices


def rows_of(lines: IO[bytes]) -> Iterator[Row]:
    """The records as import_rows holds them, and at last what was said of all of them."""
    for record in read_lines(lines, "/sheet"):
        if "key" not in record:
            yield record
            continue
        parts = {name: record[name] for name in ("chemical", "container", "count", "location_path", "cells")}
        parts |= {"joined_to": record["joined_to"]} if record["joined_to"] else {}
        kept = {name: record[name] for name in ("row_number", "key", "state", "problems")}
        yield kept | {"record": parts}


async def store_rows(run: Run, import_id: int, lines: IO[bytes]) -> Row:
    """Puts the rows in the place of those of an earlier reading; returns what was said of all of them."""
    said: Row = {}
    rows = rows_of(lines)
    await run(FORGET_ROWS, {"import": import_id})
    while batch := list(islice(rows, ROWS_A_STATEMENT)):
        said = batch[-1]
        await run(ADD_ROWS, {"import": import_id, "rows": Jsonb([row for row in batch if "key" in row])})
    await run(SETTLE_JOINED, {"import": import_id})
    return said


async def count_rows(run: Run, import_id: int) -> Row:
    """The rows by state and by kind of problem."""
    given = {"import": import_id}
    states = {row["state"]: row["rows"] for row in await run(COUNT_STATES, given)}
    kinds = {row["kind"]: row["rows"] for row in await run(COUNT_KINDS, given)}
    [fine] = await run(COUNT_FINE, given)
    counted = {state: states.get(state, 0) for state in ("ready", "question", "joined", "refused", "present")}
    return counted | {"rows": sum(states.values()), "fine": fine["rows"], "kinds": kinds}


async def _hazards(data: Database, visit: Visit) -> Row:
    rows = await data.read(visit, FIND_HAZARDS)
    return {row.pop("cas_number"): row for row in rows}


@router.put("/{import_id}/reading", response_model=Import)
async def put_reading(import_id: ImportId, reading: ReadingIn, visit: InLab, data: Data, files: Files) -> Any:
    """Reads the file so, and previews every row. May be put as often as wanted until the import is committed."""
    mapping, choices = check_reading(reading)
    _, content = await find_content(data, visit, import_id)
    hazards = await _hazards(data, visit)
    today = datetime.now(ZoneInfo(visit.member["time_zone"])).date().isoformat()
    lines = await files.preview(
        content, sheet=reading.sheet, mapping=mapping, choices=choices, today=today, hazards=hazards
    )
    given = {"import": import_id}
    with lines:
        async with data.transaction(visit, "manager") as run:
            [locked] = await run(LOCK_IMPORT, given)
            if locked["committed_at"] or locked["cancelled_at"]:
                raise Problem(409, MEANINGS["import_is_open"].sentence)
            said = await store_rows(run, import_id, lines)
            summary = await count_rows(run, import_id) | {"left_aside": said["left_aside"]}
            kept = reading.model_dump() | {"heads": said["heads"], "summary": summary}
            await run(STORE_READING, {"import": import_id, "reading": Jsonb(kept)})
            [found] = await run(FIND_IMPORT, given)
    return with_words(found)
