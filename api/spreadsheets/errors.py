"""The error that this package raises, the sizes that no file may pass, and the mark of a cell whose formula has no result."""

LARGEST_FILE = 20 * 1024 * 1024
MOST_COLUMNS = 200
LONGEST_CELL = 10_000
NO_RESULT = "#NO RESULT! "
"""Stands before a formula without a result in the file: a program wrote the formula, and no spreadsheet has computed it yet."""


class SpreadsheetError(ValueError):
    """The file cannot be read, or cannot be read in the way that was asked for; the message is one sentence for the person who chose it."""
