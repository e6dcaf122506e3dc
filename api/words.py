"""A query's words: each must begin a word of the chemical (`inventory.chemical_words`)."""

import re

from api.access import Row

MOST_WORDS = 6

BEGINS_A_WORD = """{column} IN (SELECT w.chemical_id FROM inventory.chemical_words w
  WHERE w.word >= inventory.fold(%({name})s) AND w.word < inventory.fold(%({name})s) || chr(1114111))"""
IS_A_WORD = "{column} IN (SELECT w.chemical_id FROM inventory.chemical_words w WHERE w.word = %({name})s)"


def words_of(query: str) -> list[str]:
    """The first words of what somebody typed; hyphens stay inside a word, as in 2-propanol."""
    return re.findall(r"[^\W_][^\W_-]*(?:-[^\W_]+)*", query)[:MOST_WORDS]


def conditions(fragment: str, column: str, values: list[str], name: str = "word") -> tuple[list[str], Row]:
    """One fixed fragment for each value, about the chemical's id in `column`, and their parameters."""
    names = {f"{name}_{number}": value for number, value in enumerate(values)}
    return [fragment.format(column=column, name=name) for name in names], dict(names)
