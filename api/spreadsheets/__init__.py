"""Reads spreadsheets, understands their columns and turns their rows into records. This package knows no database.

    with open_spreadsheet(content) as file:
        looked = describe(file)                      # the columns, each with the field that it seems to hold
        preview = Preview(file, mapping, choices)
        for record in preview:                       # one for each row, as the file is read
            store(record.as_json())
        print(preview.summary.as_json())

Each row is ready, a question (it can be loaded, but somebody should decide something first), joined to the row above it, or refused.

The names below are those with which the API describes a file and its choices. The modules that read files (`preview`, `reading`) are
imported only by the process that reads them.
"""

from .choices import Choices, Mapping
from .encodings import ENCODINGS
from .errors import LARGEST_FILE, SpreadsheetError
from .heads import FIELDS, JOINED
from .problems import KINDS, Kind, Problem
from .records import ROWS_OF_A_TABLE
from .units import fold_unit

__all__ = [
    "ENCODINGS",
    "FIELDS",
    "JOINED",
    "KINDS",
    "LARGEST_FILE",
    "ROWS_OF_A_TABLE",
    "Choices",
    "Kind",
    "Mapping",
    "Problem",
    "SpreadsheetError",
    "fold_unit",
]
