"""Reads a file in a process of its own, with little memory, little time and no secrets, because a file may be made to do harm.

    python -m api.spreadsheets <request-and-file >lines

Standard input is two lines of JSON, the request and what the reference knows, and then the file's bytes; standard output is lines of
JSON, the last one an object with `error` (one sentence) where the file cannot be read. The requests, each with its reference:

    {"act": "describe", "name": null, "sheet": null, "encoding": null, "head_row": null, "values_of": null, "tables": null,
     "lists": {}}
    {}
                                                       one line: the description
    {"act": "preview", "sheet": null, "encoding": null, "mapping": {}, "choices": {}, "today": "2025-11-20", "tables": [],
     "lists": {"chem_id": {"17": {"name": "Agar", "cas_number": "9002-18-0"}}}}
    {"hazards": {}, "substances": {}}
                                                       a line a record, then {"heads": [], "rows": 5683, "left_aside": 0}
    {"act": "classify", "sheet": null, "encoding": null}
    {}
                                                       a line a classification, or a row that is not understood
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from api.core.confinement import confine

from . import ENCODINGS, FIELDS, JOINED, Choices, Mapping, SpreadsheetError
from .classifications import read_classifications
from .endings import check_ending
from .numbered import ByNumber, WithNumbers
from .preview import AnyRows, Preview, count_values, describe
from .reading import Spreadsheet, open_spreadsheet
from .records import ROWS_OF_A_TABLE
from .survey import location_columns
from .tables import MOST_TABLES, Table, Tables, all_tables, read_together

MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 50
"""How much processor time a file may take. The visitor waits for the answer, and a load balancer gives up after a minute."""
TOO_MUCH = "This file takes more memory than there is to read it. Save the sheet as CSV, or split it."
SECONDS_FOR_SHEETS = 8
"""After this processor time no further sheet is searched for tables, because the visitor waits, perhaps with others on half a processor."""
LONGEST_HEAD = 100


def answer(request: dict[str, Any], content: bytes | Path) -> Iterator[dict[str, Any]]:
    """The lines that answer a request. Raises SpreadsheetError."""
    with ExitStack() as opened:
        main = opened.enter_context(open_spreadsheet(content, request["sheet"], request["encoding"]))
        if request["act"] == "describe":
            if request["name"] is not None:
                check_ending(request["name"], "ZIP" if main.kind == "CSV" and main.sheets else main.kind)
            tables, not_looked_at = all_tables(content, main, request["head_row"], SECONDS_FOR_SHEETS)
            names = request["tables"]
            if names is None:
                names = _proposed(main, tables)
            head = tables[0].head_row
            together = _with_numbers(read_together(opened, content, main, head, names), head, request["lists"])
            yield _description(request, together, tables, names) | {"sheets_not_looked_at": not_looked_at}
        elif request["act"] == "classify":
            yield from read_classifications(main)
        else:
            head_row = request["mapping"]["head_row"]
            together = read_together(opened, content, main, head_row, request["tables"])
            yield from _preview(request, _with_numbers(together, head_row, request["lists"]))


def _with_numbers(together: Spreadsheet | Tables, head_row: int, lists: dict[str, ByNumber]) -> AnyRows:
    """The file with the columns that other lists give for its numbers, if any is chosen."""
    return WithNumbers(together, head_row, lists) if lists else together


def _proposed(main: Spreadsheet, tables: list[Table]) -> list[str]:
    """The tables that are read with the first one where nobody has chosen any: the first of its sheet; none if they are too wide together."""
    mine = [table for table in tables if table.sheet == main.sheet][: MOST_TABLES + 1]
    try:
        Tables(main, [(main, table) for table in mine])
    except SpreadsheetError:
        return []
    return [table.name for table in mine[1:]]


def _preview(request: dict[str, Any], spreadsheet: AnyRows) -> Iterator[dict[str, Any]]:
    """The records of the file, and what there is to say of it as a whole."""
    mapping = Mapping.from_json(request["mapping"])
    choices = Choices.from_json(request["choices"], date.fromisoformat(request["today"]))
    preview = Preview(spreadsheet, mapping, choices, request["hazards"], request["substances"])
    read = spreadsheet.main if isinstance(spreadsheet, WithNumbers) else spreadsheet
    titles = read.titles if isinstance(read, Tables) and len(read.titles) > 1 else []
    for record in preview:
        part = {"part": titles[record.row_number // ROWS_OF_A_TABLE]} if titles else {}
        yield record.as_json() | part
    if not preview.summary.rows:
        raise SpreadsheetError("None of the rows is among those chosen.")
    yield {
        "heads": [head[:LONGEST_HEAD] for head in preview.heads],
        "rows": preview.summary.rows,
        "left_aside": preview.summary.left_aside,
    }


def _description(
    request: dict[str, Any], spreadsheet: AnyRows, tables: list[Table], chosen: list[str]
) -> dict[str, Any]:
    """The description of the file, with the values of one column: the one that was asked for, else the column of the owner."""
    looked = describe(spreadsheet, tables[0].head_row)
    values_of = request["values_of"]
    if values_of is None:
        values_of = next((column.index for column in looked.columns if column.field == "owner"), None)
    values = count_values(spreadsheet, looked.head_row, values_of) if values_of is not None else []
    return asdict(looked) | {
        "columns": [asdict(column) | {"head": column.head[:LONGEST_HEAD]} for column in looked.columns],
        "first_rows": [[number, [cell[:LONGEST_HEAD] for cell in cells]] for number, cells in looked.first_rows],
        "encodings": [
            {"encoding": name, "title": ENCODINGS[name], "samples": samples} for name, samples in looked.encodings
        ],
        "tables": [
            {
                "table": table.name,
                "heads": [head[:LONGEST_HEAD] for head in table.heads if head][:8],
                "rows": table.rows,
                "chosen": table.name in chosen,
            }
            for table in tables[1:]
        ],
        "inward": location_columns(
            [column.head for column in looked.columns],
            Mapping(looked.head_row, {column.index: column.field for column in looked.columns if column.field}),
        ),
        "values_of": values_of,
        "values": [{"value": value, "rows": rows} for value, rows in values],
        "fields": [{"field": name, "title": title, "joined": name in JOINED} for name, title in FIELDS.items()],
    }


def main() -> None:
    """Answers the request on standard input."""
    confine(MOST_MEMORY, MOST_SECONDS)
    try:
        request = json.loads(sys.stdin.buffer.readline()) | json.loads(sys.stdin.buffer.readline())
        with tempfile.NamedTemporaryFile() as file:  # read from the disk: the memory does not grow with the file
            shutil.copyfileobj(sys.stdin.buffer, file)
            file.flush()
            for line in answer(request, Path(file.name)):
                sys.stdout.write(json.dumps(line) + "\n")
    except SpreadsheetError as error:
        sys.stdout.write(json.dumps({"error": str(error)}) + "\n")
    except MemoryError:
        sys.stdout.write(json.dumps({"error": TOO_MUCH}) + "\n")


if __name__ == "__main__":
    main()
