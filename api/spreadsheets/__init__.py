"""Spreadsheets on their way in, without a database: read, understood, and turned into records.

    with open_spreadsheet(content) as file:
        looked = describe(file)                      # columns with the field that each seems to be
        preview = Preview(file, mapping, choices)
        for record in preview:                       # one a row, streaming
            store(record.as_json())
        print(preview.summary.as_json())

Each row is ready, a question (loadable as it is, but something waits for a word), joined to the row above it, or refused.

Here is what one says about a file; what reads it, preview and reading, only the process that does so imports.
"""

from .choices import Choices, Mapping
from .errors import LARGEST_FILE, SpreadsheetError
from .heads import FIELDS, JOINED
from .problems import KINDS, Kind, Problem

__all__ = ["FIELDS", "JOINED", "KINDS", "LARGEST_FILE", "Choices", "Kind", "Mapping", "Problem", "SpreadsheetError"]
