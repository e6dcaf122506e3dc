"""Chemicals: find, look, add, edit, labels."""
