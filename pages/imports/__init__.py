"""Imports: a lab's spreadsheet becomes its stock."""
