"""The one error of this package."""


class SpreadsheetError(ValueError):
    """The file cannot be read, or the way to read it is no way; the text is one sentence for whoever chose it."""
