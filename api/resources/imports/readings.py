"""Readings: a manager sends the mapping of the columns and the choices; every row is then previewed and stored with its problems."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from api.core.database import Data, Run, Statements
from api.core.problems import Problem
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.visit import InLab
from api.resources.imports.lists import read_lists
from api.resources.imports.locking import lock_open_import
from api.resources.imports.models import FIND_IMPORT, ChoicesIn, Import, ImportId, ReadingIn, with_words
from api.resources.imports.routes import find_content
from api.spreadsheets import FIELDS, Choices, Mapping, SpreadsheetError, fold_unit
from api.spreadsheets.apart import Asked, Files, read_lines

router = resource("/labs/{lab}/imports", "imports")

ROWS_A_STATEMENT = 1000

# What the reference knows by CAS number: hazards, and the names and the formula of each substance. With 76,000 substances this is 12 MB,
# so the database writes the JSON, on one line, and the API only hands it on to the process that reads the file.
FIND_REFERENCE = """
SELECT convert_to(json_build_object('hazards', (
         SELECT coalesce(json_object_agg(h.cas_number, json_build_object(
                  'pictograms', h.pictograms, 'signal_word', h.signal_word, 'h_statements', h.h_statements, 'p_statements', h.p_statements,
                  'storage_class', h.storage_class, 'hazards_from', h.source)), '{}')
           FROM reference.hazard_classifications h), 'substances', (
         SELECT coalesce(json_object_agg(s.cas_number, json_build_array(
                  array_prepend(s.name, ARRAY(SELECT n.name FROM reference.substance_names n WHERE n.cas_number = s.cas_number)), s.formula)), '{}')
           FROM reference.substances s))::text, 'UTF8') AS json"""
# The meanings of words beside amounts in this lab, as its managers chose them in imports; the latest choice counts.
FIND_UNIT_WORDS = """
SELECT w.key AS word, w.value AS means
  FROM inventory.imports i CROSS JOIN LATERAL jsonb_each_text(i.reading -> 'choices' -> 'unit_words') AS w
 WHERE i.committed_at IS NOT NULL AND jsonb_typeof(i.reading -> 'choices' -> 'unit_words') = 'object' ORDER BY i.id, w.value <> ''"""
FORGET_ROWS = "DELETE FROM inventory.import_rows WHERE import_id = %(import)s"
# Which container of the lab is the row's already? Same import key, a fingerprint: the container was made from an identical row. Same
# barcode (as key or only on the container): treat it as the same container if name or CAS RN agrees, else refuse the row, for two
# groups may both number their bottles 1, 2, 3. What was disposed of gives up key and barcode when the row is loaded.
ADD_ROWS = """
INSERT INTO inventory.import_rows (import_id, row_number, key, state, record, problems, container_id)
SELECT %(import)s, t.row_number, t.key,
       CASE WHEN (c.id IS NULL OR c.disposed_at IS NOT NULL) AND NOT n.listed_alone THEN t.state WHEN n.listed_alone OR s.same THEN 'present' ELSE 'refused' END,
       CASE WHEN a.changed AND a.answer THEN t.record || jsonb_build_object('recount', jsonb_build_object('amount', c.amount, 'unit', c.unit)) ELSE t.record END,
       CASE WHEN a.changed THEN jsonb_build_array(jsonb_build_object(
         'kind', 'amount_changed', 'severity', CASE WHEN %(amounts)s::boolean IS NULL THEN 'question' ELSE 'repaired' END,
         'says', a.written, 'becomes', CASE WHEN a.answer THEN a.written ELSE '' END, 'proof', 'here: ' || coalesce(trim_scale(c.amount) || ' ' || c.unit, 'not known')))
       ELSE '[]' END ||
       t.problems || CASE WHEN c.id IS NULL OR s.same THEN '[]'
                          WHEN c.disposed_at IS NOT NULL THEN CASE WHEN c.import_key IS DISTINCT FROM t.key OR t.record -> 'container' ? 'barcode' THEN
         jsonb_build_array(jsonb_build_object('kind', 'barcode_of_disposed', 'severity', 'repaired', 'says', c.barcode, 'becomes', c.barcode,
                                              'proof', 'was on a container of ' || h.name)) ELSE '[]' END
                          ELSE jsonb_build_array(jsonb_build_object(
         'kind', 'barcode_taken', 'severity', 'refused', 'says', c.barcode, 'proof', 'on a container of ' || h.name)) END,
       CASE WHEN s.same THEN c.id END
  FROM jsonb_to_recordset(%(rows)s) AS t (row_number int, key text, state text, record jsonb, problems jsonb)
 CROSS JOIN LATERAL (
    SELECT lower(inventory.composed(t.record -> 'chemical' ->> 'name')) AS name_folded, t.record -> 'chemical' ->> 'cas_number' AS cas_number,
           t.state IN ('ready', 'question') AS wanted) AS r
 CROSS JOIN LATERAL (
    SELECT r.wanted AND t.record -> 'container' = 'null' AND CASE WHEN t.record ? 'location'
             THEN inventory.find_location(ARRAY(SELECT jsonb_array_elements_text(t.record -> 'location_path'))) IS NOT NULL
             ELSE EXISTS (
               SELECT FROM inventory.chemicals h
                WHERE h.name_folded = r.name_folded AND h.cas_number IS NOT DISTINCT FROM r.cas_number AND h.retired_at IS NULL) END AS listed_alone) AS n
  LEFT JOIN inventory.containers c ON r.wanted
        AND c.id = coalesce((SELECT k.id FROM inventory.containers k WHERE k.import_key = t.key),
                            inventory.find_barcode(t.record -> 'container' ->> 'barcode'))
  LEFT JOIN inventory.chemicals h ON h.id = c.chemical_id
 CROSS JOIN LATERAL (
    SELECT c.disposed_at IS NULL AND coalesce(c.import_key = t.key AND NOT coalesce(t.record -> 'container' ? 'barcode', false)
                    OR h.name_folded = r.name_folded OR h.cas_number = r.cas_number, false) AS same) AS s
  LEFT JOIN inventory.movements m ON m.container_id = c.id AND m.line = 1
 CROSS JOIN LATERAL (
    SELECT s.same AND d.written IS NOT NULL
           AND inventory.amounts_differ(d.amount, d.unit, c.amount, c.unit, h.density_g_per_ml)
           AND inventory.amounts_differ(d.amount, d.unit, m.typed_amount, m.typed_unit, h.density_g_per_ml) AS changed,
           coalesce(%(amounts)s::boolean, false) <> (t.row_number = ANY (%(amounts_of)s::int[])) AS answer, d.written
      FROM (SELECT f.amount, f.unit, trim_scale(f.amount) || ' ' || f.unit AS written
              FROM (SELECT (t.record -> 'container' ->> 'amount')::numeric AS amount, t.record -> 'container' ->> 'unit' AS unit) AS f
             WHERE (t.record ->> 'count')::int = 1
            UNION ALL SELECT NULL, NULL, NULL LIMIT 1) AS d) AS a"""
ASK_ABOUT_SAME_ROWS = """
SELECT inventory.ask_about_same_rows(%(import)s, %(others)s::boolean, %(others_of)s::int[]) AS absent"""
SHARE_FIELDS = "SELECT inventory.share_fields(%(import)s)"
ASK_ABOUT_CHANGES = "SELECT inventory.ask_about_changes(%(import)s, %(titles)s, %(changes)s)"
SETTLE_JOINED = "SELECT inventory.settle_joined_rows(%(import)s)"
COUNT_STATES = "SELECT state, count(*) AS rows FROM inventory.import_rows WHERE import_id = %(import)s GROUP BY state"
# A row whose container exists already asks no question but those about what the file says otherwise.
COUNT_KINDS = """
SELECT p ->> 'kind' AS kind, count(DISTINCT r.row_number) AS rows
  FROM inventory.import_rows r CROSS JOIN LATERAL jsonb_array_elements(r.problems) AS p
 WHERE r.import_id = %(import)s AND (r.state <> 'present' OR p ->> 'kind' = ANY (%(asked)s)) GROUP BY p ->> 'kind'"""
COUNT_FINE = """
SELECT count(*) AS rows FROM inventory.import_rows WHERE import_id = %(import)s AND state <> 'present' AND problems = '[]'"""
COUNT_MADE = """
SELECT coalesce(sum((r.record ->> 'count')::int), 0) AS containers,
       count(DISTINCT (n.name_folded, r.record -> 'chemical' ->> 'cas_number')) FILTER (WHERE n.name_folded IS NOT NULL AND NOT EXISTS (
         SELECT FROM inventory.chemicals h
          WHERE h.name_folded = n.name_folded AND h.cas_number IS NOT DISTINCT FROM (r.record -> 'chemical' ->> 'cas_number') AND h.retired_at IS NULL)) AS chemicals,
       (SELECT count(*) FROM (SELECT DISTINCT x.record -> 'location_path' AS path FROM inventory.import_rows x
                               WHERE x.import_id = %(import)s AND x.state IN ('ready', 'question')) AS p
         WHERE p.path <> '[]' AND inventory.find_location(ARRAY(SELECT jsonb_array_elements_text(p.path))) IS NULL) AS locations
  FROM inventory.import_rows r CROSS JOIN LATERAL (SELECT lower(inventory.composed(r.record -> 'chemical' ->> 'name')) AS name_folded) AS n
 WHERE r.import_id = %(import)s AND r.state IN ('ready', 'question')"""
COUNT_CHANGES = """
SELECT count(*) AS rows FROM inventory.import_rows WHERE import_id = %(import)s AND record ?| ARRAY['recount', 'changes']"""
COUNT_UNIT_WORDS = """
SELECT p ->> 'says' AS word, max(p ->> 'becomes') AS means, count(*) AS rows
  FROM inventory.import_rows r CROSS JOIN LATERAL jsonb_array_elements(r.problems) AS p
 WHERE r.import_id = %(import)s AND p ->> 'kind' IN ('unit_unknown', 'unit_word') GROUP BY p ->> 'says' ORDER BY count(*) DESC, p ->> 'says' LIMIT 30"""
STORE_READING = "UPDATE inventory.imports SET reading = %(reading)s WHERE id = %(import)s"


P_STATEMENTS = {"p_statements": "P statements"}
"""The field of a chemical that has no column of its own: P statements stand beside H statements."""
CHANGED = ("location_changed", "container_changed", "chemical_changed", "count_changed", "pack_of_other_kind")
ASKED_OF_PRESENT = ["amount_changed", "same_row_again", *CHANGED]
"""The questions about rows whose containers are here already."""


def check_reading(reading: ReadingIn) -> tuple[Row, Row]:
    """The mapping and the choices as the reader takes them; raises a Problem at the field that is impossible."""
    mapping = reading.model_dump(include={"head_row", "columns", "inward", "all_containers", "all_locations"})
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
    """The records as rows of inventory.import_rows; the last item is the reader's summary of the whole file."""
    for record in read_lines(lines, "/sheet"):
        if "key" not in record:
            yield record
            continue
        parts = {name: record[name] for name in ("chemical", "container", "count", "location_path", "cells")}
        parts |= {name: record[name] for name in ("joined_to", "location", "derived", "part") if record.get(name)}
        kept = {name: record[name] for name in ("row_number", "key", "state", "problems")}
        yield kept | {"record": parts}


def answers_of(choices: ChoicesIn) -> Row:
    """The answers to the questions that only the database can ask, as parameters of its statements."""
    kinds = {"amounts": "amount_changed", "others": "same_row_again"}
    answers: Row = {name: choices.repairs.get(kind) for name, kind in kinds.items()}
    answers |= {f"{name}_of": choices.exceptions.get(kind, []) for name, kind in kinds.items()}
    changes = {
        kind: {"answer": choices.repairs.get(kind), "but_not": choices.exceptions.get(kind, [])} for kind in CHANGED
    }
    return answers | {"changes": Jsonb(changes), "titles": Jsonb(dict(FIELDS) | P_STATEMENTS)}


BE_PATIENT = "SELECT set_config('statement_timeout', '50s', true)"
"""For the comparison of 50,000 rows on a busy machine; the visitor waits a minute at most."""


async def store_rows(run: Run, import_id: int, lines: IO[bytes], answers: Row) -> Row:
    """Replaces the rows of an earlier reading; returns the reader's summary of the whole file, and how many containers of an earlier
    import are not in the file (`absent`)."""
    file_summary: Row = {}
    rows = rows_of(lines)
    await run(BE_PATIENT, ())
    await run(FORGET_ROWS, {"import": import_id})
    while batch := list(islice(rows, ROWS_A_STATEMENT)):
        file_summary = batch[-1]
        added = Jsonb([row for row in batch if "key" in row])
        await run(ADD_ROWS, answers | {"import": import_id, "rows": added})
    await run(SHARE_FIELDS, {"import": import_id})
    [asked] = await run(ASK_ABOUT_SAME_ROWS, answers | {"import": import_id})
    await run(ASK_ABOUT_CHANGES, answers | {"import": import_id})
    await run(SETTLE_JOINED, {"import": import_id})
    return file_summary | asked


async def count_rows(run: Run, import_id: int) -> Row:
    """The rows by state and by kind of problem."""
    given = {"import": import_id, "asked": ASKED_OF_PRESENT}
    states = {row["state"]: row["rows"] for row in await run(COUNT_STATES, given)}
    kinds = {row["kind"]: row["rows"] for row in await run(COUNT_KINDS, given)}
    [fine] = await run(COUNT_FINE, given)
    [changes] = await run(COUNT_CHANGES, given)
    [made] = await run(COUNT_MADE, given)
    words = await run(COUNT_UNIT_WORDS, given) if {"unit_unknown", "unit_word"} & kinds.keys() else []
    counted = {state: states.get(state, 0) for state in ("ready", "question", "joined", "refused", "present")}
    return counted | {
        "rows": sum(states.values()),
        "fine": fine["rows"],
        "changes": changes["rows"],
        "makes": made,
        "unit_words": words,
        "kinds": kinds,
    }


def folded(words: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each word means. For two spellings of a word (Tabs, tabs) of which a meaning is known for one, that meaning holds."""
    said = sorted(words, key=lambda word: word[1] != "")
    return {fold_unit(word): means for word, means in said}


@router.put("/{import_id}/reading", response_model=Import)
async def put_reading(import_id: ImportId, reading: ReadingIn, visit: InLab, data: Data, files: Files) -> Any:
    """Reads the file as the request says, and previews every row. May be repeated until the import is committed."""
    mapping, choices = check_reading(reading)
    # Whoever may not import here must not wait in this lab's queue either.
    await data.require(visit, "manager")

    async def asked() -> Asked:
        _, content = await find_content(data, visit, import_id)
        statements: Statements = {"reference": (FIND_REFERENCE, ()), "words": (FIND_UNIT_WORDS, ())}
        found = await data.read_all(visit, statements)
        unit_words = {fold_unit(row["word"]): row["means"] for row in found["words"]}
        request = {
            "act": "preview",
            "sheet": reading.sheet,
            "encoding": reading.encoding,
            "tables": reading.tables,
            "lists": await read_lists(data, visit, reading.lists),
            "mapping": mapping,
            "choices": choices | {"unit_words": unit_words | folded(reading.choices.unit_words.items())},
            "today": datetime.now(ZoneInfo(visit.member["time_zone"])).date().isoformat(),
        }
        return Asked(request, one(found["reference"])["json"], content)

    lines = await files.lines(asked, "/sheet")
    given = {"import": import_id}
    with lines:
        async with data.transaction(visit, "manager") as run:
            await lock_open_import(run, import_id, reading.version)
            file_summary = await store_rows(run, import_id, lines, answers_of(reading.choices))
            summary = await count_rows(run, import_id) | {name: file_summary[name] for name in ("left_aside", "absent")}
            kept = reading.model_dump(exclude={"version"}) | {"heads": file_summary["heads"], "summary": summary}
            await run(STORE_READING, {"import": import_id, "reading": Jsonb(kept)})
            [found] = await run(FIND_IMPORT, given)
    return with_words(found)
