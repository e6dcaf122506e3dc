"""Marks for deletion, and their confirmation by a manager."""
