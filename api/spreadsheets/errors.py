"""The one error of this package."""

LARGEST_FILE = 20 * 1024 * 1024


class SpreadsheetError(ValueError):
    """The file cannot be read, or the way to read it is no way; the text is one sentence for whoever chose it."""
