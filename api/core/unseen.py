"""Signs that nobody sees. They come with texts that are copied from web pages and files, and make two texts differ that look alike."""

import re
import unicodedata

_DROPPED = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Soft hyphens, spaces of no width, directions, byte order marks. Joiners stay: in Persian, Hindi and emoji they decide what is seen."""
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")

_CONTROL = "".join(map(chr, range(33))) + "\x7f"


def as_seen(text: str) -> str:
    """The text without signs that nobody sees, and with plain spaces for those of other widths."""
    return text if text.isascii() else _SPACES.sub(" ", _DROPPED.sub("", text))


def printed_code(scanned: str) -> str:
    """The code that was printed, of what a scanner sent: without control characters around it, the name of the symbology (]C1), and the
    stars of Code 39; as inventory.scanned_code in sql/functions/scanning.sql, which also finds codes with control characters in them."""
    text = unicodedata.normalize("NFKC", as_seen(scanned)).strip(_CONTROL)
    code = re.sub(r"^\][A-Za-z][0-9A-Za-z]", "", text)
    return code[1:-1] if re.fullmatch(r"\*.+\*", code) else code
