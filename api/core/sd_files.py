"""A table as an SD file (BIOVIA's CTfile formats, V2000): a record for each row, its cells as data items.

The records have no atoms, because nothing here works out coordinates: the structure is the item SMILES, from which any program for structures draws
it. An import reads the file.
"""

import re
import textwrap
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from api.core.tables import Page, cell_text

_NO_ATOMS = "\n  ChemTrck\n\n  0  0  0  0  0  0  0  0  0  0999 V2000\nM  END\n"
LONGEST_LINE = 200
"""The format allows no longer lines of a data item. A word that is longer, such as a SMILES, stays whole nevertheless."""


class SdFile:
    """One table as an SD file; the first column is the name of each record."""

    ending = "sdf"
    media_type = "chemical/x-mdl-sdfile"

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._heads: list[str] = []

    def begin(self, title: str, heads: Sequence[str]) -> bytes:
        """Nothing: each record names its items."""
        self._heads = [re.sub(r"[<>\r\n]", " ", head) for head in heads]
        return b""

    def rows(self, page: Page) -> bytes:
        """A record for each row, with an item for each cell that is not empty."""
        return "".join(self._record(row) for row in page).encode()

    def end(self) -> bytes:
        """Nothing: the last record has an end of its own."""
        return b""

    def _record(self, row: Sequence[object]) -> str:
        texts = [" ".join(cell_text(value, self._zone).split()) for value in row]
        items = "".join(
            f"> <{head}>\n{_lines(text)}\n\n" for head, text in zip(self._heads, texts, strict=True) if text
        )
        return f"{texts[0][:80]}{_NO_ATOMS}{items}$$$$\n"


def _lines(text: str) -> str:
    """The text in lines that are short enough. No line begins as the end of a record or the head of an item does."""
    lines = textwrap.wrap(text, LONGEST_LINE, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f" {line}" if line.startswith(("$$$$", ">")) else line for line in lines)
