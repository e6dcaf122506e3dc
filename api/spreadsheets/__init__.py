"""Spreadsheets on their way in, without a database: read, understood, and turned into records.

    with open_spreadsheet(content) as file:
        looked = describe(file)                      # columns with the field that each seems to be
        preview = Preview(file, mapping, choices)
        for record in preview:                       # one a row, streaming
            store(record.as_json())
        print(preview.summary.as_json())

Each row is ready, a question (loadable as it is, but something waits for a word), joined to the row above it, or refused.
"""

from .choices import Choices, Mapping
from .columns import Column
from .errors import SpreadsheetError
from .heads import FIELDS, JOINED
from .preview import Description, Preview, Summary, count_values, describe
from .problems import KINDS, Kind, Problem
from .reading import LARGEST_FILE, Spreadsheet, open_spreadsheet
from .records import Record

__all__ = [
    "FIELDS",
    "JOINED",
    "KINDS",
    "LARGEST_FILE",
    "Choices",
    "Column",
    "Description",
    "Kind",
    "Mapping",
    "Preview",
    "Problem",
    "Record",
    "Spreadsheet",
    "SpreadsheetError",
    "Summary",
    "count_values",
    "describe",
    "open_spreadsheet",
]
