"""Containers of a lab: find them by scanning or by words, look at one, edit its label, print labels."""
