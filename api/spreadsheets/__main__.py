"""Reads a file in a process of its own, with little memory, little time and no secrets: it may be made to do harm.

    python -m api.spreadsheets <request-and-file >lines

Standard input is one line of JSON and then the file's bytes; standard output is lines of JSON, the last one an object with
`error` (one sentence) where the file cannot be read. Two requests:

    {"act": "describe", "sheet": null, "head_row": null, "values_of": null}     one line: the description
    {"act": "preview", "sheet": null, "mapping": {}, "choices": {}, "today": "2025-11-20", "hazards": {}}
                                                       a line a record, then {"heads": [], "rows": 5683, "left_aside": 0}
"""

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from . import FIELDS, JOINED, Choices, Mapping, SpreadsheetError
from .preview import Preview, count_values, describe
from .reading import Spreadsheet, open_spreadsheet

MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 50
"""Of the processor. Whoever sent the file waits; a load balancer gives up after a minute."""
TOO_MUCH = "This file takes more memory than there is to read it. Save the sheet as CSV, or split it."
LONGEST_HEAD = 100


def answer(request: dict[str, Any], spreadsheet: Spreadsheet) -> Iterator[dict[str, Any]]:
    """The lines that answer a request. Raises SpreadsheetError."""
    if request["act"] == "describe":
        yield _description(request, spreadsheet)
        return
    mapping = Mapping.from_json(request["mapping"])
    choices = Choices.from_json(request["choices"], date.fromisoformat(request["today"]))
    preview = Preview(spreadsheet, mapping, choices, request["hazards"])
    for record in preview:
        yield record.as_json()
    if not preview.summary.rows:
        raise SpreadsheetError("None of the rows is among those chosen.")
    yield {
        "heads": [head[:LONGEST_HEAD] for head in preview.heads],
        "rows": preview.summary.rows,
        "left_aside": preview.summary.left_aside,
    }


def _description(request: dict[str, Any], spreadsheet: Spreadsheet) -> dict[str, Any]:
    """What the file is, and the values of one column: the one asked for, else the owner's."""
    looked = describe(spreadsheet, request["head_row"])
    values_of = request["values_of"]
    if values_of is None:
        values_of = next((column.index for column in looked.columns if column.field == "owner"), None)
    values = count_values(spreadsheet, looked.head_row, values_of) if values_of is not None else []
    return asdict(looked) | {
        "columns": [asdict(column) | {"head": column.head[:LONGEST_HEAD]} for column in looked.columns],
        "first_rows": [[number, [cell[:LONGEST_HEAD] for cell in cells]] for number, cells in looked.first_rows],
        "values_of": values_of,
        "values": [{"value": value, "rows": rows} for value, rows in values],
        "fields": [{"field": name, "title": title, "joined": name in JOINED} for name, title in FIELDS.items()],
    }


def main() -> None:
    """Answer the request on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    with suppress(OSError):  # where the machine's own memory is short, Linux ends this process and not the API
        Path("/proc/self/oom_score_adj").write_text("1000")
    try:
        request = json.loads(sys.stdin.buffer.readline())
        with open_spreadsheet(sys.stdin.buffer.read(), request["sheet"]) as spreadsheet:
            for line in answer(request, spreadsheet):
                sys.stdout.write(json.dumps(line) + "\n")
    except SpreadsheetError as error:
        sys.stdout.write(json.dumps({"error": str(error)}) + "\n")
    except MemoryError:
        sys.stdout.write(json.dumps({"error": TOO_MUCH}) + "\n")


if __name__ == "__main__":
    main()
