"""Which font prints a character, and which characters no font can print. Needs no PDF library: a preview asks before anything is printed."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from .fonts import BOLD, EAST_ASIAN, REGULAR, code_points

WITHOUT_A_NAME = "(no printable name)"
_JOINERS = "\u200c\u200d"
"""Invisible characters that decide how their neighbours are shaped, in Persian and in Hindi."""


@lru_cache(maxsize=8192)
def font_and_text(char: str, font: str = REGULAR) -> tuple[str, str] | None:
    """The font for this character, and the text to write in that font ("" for an invisible character). None: no font has it."""
    for name in (font, EAST_ASIAN):
        if ord(char) in code_points(name) and (char.isprintable() or char in _JOINERS):
            return name, char
    if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") or 0xFE00 <= ord(char) <= 0xFE0F:
        return font, ""
    if unicodedata.category(char) == "Zs":
        return font, " "
    plain = unicodedata.normalize("NFKD", char)
    kept = "".join(part for part in plain if not unicodedata.combining(part))
    if kept != char and kept:
        parts = [font_and_text(part, font) for part in kept]
        if all(part and part[0] == font for part in parts):
            return font, "".join(part[1] for part in parts if part)
        if len(parts) == 1:
            return parts[0]
    return (font, "") if unicodedata.combining(char) else None


def unprintable(text: str) -> str:
    """The characters of the text that no font has, each once: "🔥"."""
    composed = unicodedata.normalize("NFC", text)
    return "" if text.isascii() else "".join(dict.fromkeys(c for c in composed if font_and_text(c, BOLD) is None))


def printable_name(name: str, synonyms: Sequence[str], cas_number: str | None) -> str:
    """The text that a label prints as the name.

    Signs that no font has are left out. A name with letters that no font has is replaced by the first synonym that can be
    printed, else by the CAS RN: half a word could be read as another substance.
    """

    def misses_letters(text: str) -> bool:
        return any(unicodedata.category(char)[0] in "LMNC" for char in unprintable(text))

    def without_signs(text: str) -> str:
        missing = unprintable(text)
        return " ".join("".join(char for char in unicodedata.normalize("NFC", text) if char not in missing).split())

    for text in (name, *synonyms):
        if not misses_letters(text) and (kept := without_signs(text)):
            return kept
    return f"CAS {cas_number}" if cas_number else WITHOUT_A_NAME
