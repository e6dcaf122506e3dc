"""Chemicals of a lab: search, look, add, edit; the list as a file."""
