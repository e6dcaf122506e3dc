"""A query's words: each must begin a word of the chemical (`inventory.chemical_words`)."""

import re

from api.access import Row

MOST_WORDS = 6

HAVING_A_BEGINNING = """SELECT DISTINCT w.chemical_id FROM inventory.chemical_words w
  WHERE w.word >= inventory.fold(%({name})s) AND w.word < inventory.fold(%({name})s) || chr(1114111)"""
HAVING_A_WORD = "SELECT w.chemical_id FROM inventory.chemical_words w WHERE w.word = %({name})s"
BEGINS_A_WORD = "{column} IN (" + HAVING_A_BEGINNING + ")"


def words_of(query: str) -> list[str]:
    """The first words of what somebody typed; hyphens stay inside a word, as in 2-propanol."""
    return re.findall(r"[^\W_][^\W_-]*(?:-[^\W_]+)*", query)[:MOST_WORDS]


def fragments(fragment: str, values: list[str], name: str = "word") -> tuple[list[str], Row]:
    """One fixed fragment for each value, and their parameters."""
    names = {f"{name}_{number}": value for number, value in enumerate(values)}
    return [fragment.format(name=name) for name in names], dict(names)


def conditions(column: str, values: list[str]) -> tuple[list[str], Row]:
    """That the chemical whose id is in `column` has a word beginning with each of the values."""
    return fragments(BEGINS_A_WORD.replace("{column}", column), values)
