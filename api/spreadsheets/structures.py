"""The data of an SD file (SDF): a record for each structure, with named fields behind it, becomes a row.

Read as CTFile Formats (BIOVIA, 2020, chapter 8) has it: a field begins with a line `> <NAME>`, and its lines, which may begin with > too,
end at an empty one. The structures themselves stay in the file.
"""

import re
from collections.abc import Iterator
from typing import TextIO

from .errors import LONGEST_CELL, MOST_COLUMNS, SpreadsheetError

TITLE = "Title"
"""The head of the column that has the first line of each structure, which programs use for the name."""
_HEAD = re.compile(r">.*?<([^<>]+)>|>.*?\b(DT[0-9]+)\b")
_LONGEST_LINE = 100_000


def is_sd_file(sample: str) -> bool:
    """Whether a text begins with a structure as MDL's programs write it."""
    lines = sample.replace("\r\n", "\n").split("\n")
    return len(lines) > 4 and (re.search(r"V[23]000\s*$", lines[3]) is not None or "M  END" in lines)


def read_structures(text: TextIO) -> Iterator[tuple[int, list[str]]]:
    """The heads of all fields as row 1, then a row for each record. Raises SpreadsheetError."""
    heads: dict[str, None] = {}
    has_titles = False
    text.seek(0)
    for title, fields in _records(text):
        has_titles = has_titles or bool(title)
        heads |= dict.fromkeys(fields)
        if len(heads) > MOST_COLUMNS - 1:
            raise SpreadsheetError(f"The structures have more than {MOST_COLUMNS - 1} fields, which cannot be read.")
    yield 1, [TITLE] * has_titles + list(heads)
    text.seek(0)
    for number, (title, fields) in enumerate(_records(text), 2):
        yield number, [title] * has_titles + [fields.get(head, "") for head in heads]


def _records(text: TextIO) -> Iterator[tuple[str, dict[str, str]]]:
    """The title and the fields of each record."""
    title, name, place = "", "", 0
    fields: dict[str, str] = {}
    while line := text.readline(_LONGEST_LINE):
        line = line.rstrip("\r\n")
        if line.startswith("$$$$"):
            yield title, fields
            title, fields, name, place = "", {}, "", 0
            continue
        if place == 0:
            title = line.strip()
        place += 1
        if name and line.strip():
            value = f"{fields[name]}\n{line.strip()}" if fields[name] else line.strip()
            fields[name] = value[: LONGEST_CELL + 1]
        elif not name and (head := _HEAD.match(line)) and place > 4:
            name = (head[1] or head[2]).strip()
            fields.setdefault(name, "")
        else:
            name = ""
    if fields:
        yield title, fields
