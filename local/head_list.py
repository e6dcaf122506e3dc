"""Writes docs/heads.md, the heads of columns that an import understands: python -m local.head_list

Run it after the heads in api/spreadsheets or a figure changed. tests/api/test_head_list.py fails while the file is older.
"""

import re
from pathlib import Path

from api.spreadsheets.head_words import words
from api.spreadsheets.heads import FIELDS, PATTERNS

FILE = Path(__file__).parents[1] / "docs/heads.md"
BEGINNING = """# Heads that an import understands

Written by `python -m local.head_list` from the tables by which an import reads: do not edit.

A column is known by its head. Case, spaces, accents, marks and words in brackets do not matter: `Cat. No.` is catno. In the English
heads, `[s]` may be missing, `{a / b}` is one of the two, and `…` is anything. The first field that fits a head, from top to bottom,
has it. [How lists come in](imports.md) says what becomes of the cells.

| field | English heads | heads in other languages |
|---|---|---|
"""


def readable(pattern: str) -> str:
    """A regular expression of folded heads in the notation that the list explains."""
    text = pattern.replace(".*", "…").replace("\\", "")
    text = re.sub(r"([a-z0-9…])\?", r"[\1]", text)
    while "(" in text:
        text = re.sub(r"\(([^()]*)\)\?", lambda found: "[" + found[1].replace("|", " / ") + "]", text, count=1)
        text = re.sub(r"\(([^()]*)\)(?!\?)", lambda found: "{" + found[1].replace("|", " / ") + "}", text, count=1)
    return ", ".join(f"`{one}`" for one in text.split("|"))


def page() -> str:
    """The page."""
    english = dict.fromkeys(field for field, _ in PATTERNS)
    others: dict[str, list[str]] = {}
    for field, word in words():
        others.setdefault(field, []).append(word)
    lines = [
        f"| {FIELDS[field]} | {', '.join(readable(pattern.pattern) for of, pattern in PATTERNS if of == field)} | {', '.join(others.get(field, []))} |"
        for field in [*english, *(field for field in others if field not in english)]
    ]
    return BEGINNING + "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
