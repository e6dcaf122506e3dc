"""Imports: a lab's spreadsheet, read, previewed row by row, and loaded in one transaction. Managers import."""
