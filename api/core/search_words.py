"""SQL that finds chemicals by a search text: words of a name, a lot, a catalogue number or a note. The database folds the search text
and the stored words alike (sql/functions/folding.sql)."""

FOUND_BY_WORDS = "SELECT f.id FROM inventory.chemicals_found(%(q)s) AS f (id)"
"""The ids of the lab's chemicals that `q` finds, retired ones too; none where `q` has no word."""

IS_MEANT = """SELECT s.id FROM inventory.stock s
 WHERE s.disposed_at IS NULL AND s.chemical_id IN (SELECT m.id FROM inventory.chemicals_meant(%(q)s) AS m (id)) LIMIT 1"""
"""Gives a row if what `q` finds was surely meant: each of its words begins a word of the container. A match inside a word or with a
mistyped letter may be chance. Only where there is a row may a form add, unasked, the only container that was found."""

HAVING_A_WORD = "SELECT DISTINCT w.chemical_id FROM inventory.chemical_words w WHERE w.word = ANY (%({name})s)"
"""The ids of chemicals that have one of the words in the parameter {name}, a list such as ghs02, h225."""


def has_a_word(query: str) -> bool:
    """Whether the text holds a letter or a digit. Signs alone find nothing."""
    return any(sign.isalnum() for sign in query)
