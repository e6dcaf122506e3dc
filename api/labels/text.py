"""Text of any script on a PDF, with the fonts that reportlab brings.

Vera is embedded and has the Latin letters; Symbol, which every viewer has, the Greek ones; the letters of East Asia and
Cyrillic come from fonts that viewers keep or replace. What none of them has loses its accent, or becomes a question
mark: a label with a question mark is better than none.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

REGULAR, BOLD = "Vera", "VeraBd"
_GREEK = frozenset("ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖαβχδεφγηικλμνοπθρστυωξψζςϑϒϕϖ→←↑↓′″≅⊗⊕")
_HAN, _KANA, _HANGUL = "STSong-Light", "HeiseiKakuGo-W5", "HYGothic-Medium"


@cache
def _letters() -> dict[str, frozenset[int]]:
    """Register the fonts once a process; the code points that each embedded one has."""
    folder = Path(reportlab.__file__).parent / "fonts"
    letters = {}
    for name in (REGULAR, BOLD):
        font = TTFont(name, str(folder / f"{name}.ttf"))
        pdfmetrics.registerFont(font)
        letters[name] = frozenset(font.face.charToGlyph)
    for name in (_HAN, _KANA, _HANGUL):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    return letters


@lru_cache(maxsize=4096)
def _font_and_text(char: str, font: str) -> tuple[str, str]:
    """The font that has this character, and what to write in it."""
    if ord(char) in _letters()[font]:
        return font, char
    if char in _GREEK:
        return "Symbol", char
    if "\uac00" <= char <= "\ud7a3" or "\u1100" <= char <= "\u11ff" or "\u3130" <= char <= "\u318f":
        return _HANGUL, char
    if "\u3040" <= char <= "\u30ff" or "\u0400" <= char <= "\u0451" or "\uff66" <= char <= "\uff9d":
        return _KANA, char
    if "\u4e00" <= char <= "\u9fff" or "\u3001" <= char <= "\u303f":
        return _HAN, char
    plain = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    if plain and plain != char:
        if all(ord(part) in _letters()[font] for part in plain):
            return font, plain
        if len(plain) == 1:
            return _font_and_text(plain, font)
    if char in "‐‑⁃":
        return font, "-"
    return font, "" if unicodedata.category(char) in ("Cc", "Cf", "Mn", "Me", "Cs") else "?"


def runs(text: str, font: str) -> Iterator[tuple[str, str]]:
    """The text in pieces of one font each."""
    text = unicodedata.normalize("NFC", text)
    pieces = (_font_and_text(char, font) for char in text)
    for name, group in groupby(pieces, key=lambda piece: piece[0]):
        yield name, "".join(written for _, written in group)


def width(text: str, font: str, size: float) -> float:
    """The width of the text in points."""
    return sum(pdfmetrics.stringWidth(piece, name, size) for name, piece in runs(text, font))


def draw(canvas: Canvas, x: float, y: float, text: str, font: str, size: float) -> None:
    """Write one line with its base line at y."""
    for name, piece in runs(text, font):
        canvas.setFont(name, size)
        canvas.drawString(x, y, piece)
        x += pdfmetrics.stringWidth(piece, name, size)


def fit_line(text: str, font: str, size: float, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than `room` points."""
    if width(text, font, size) <= room:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + "…", font, size) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def wrap(text: str, font: str, size: float, room: float) -> list[str]:
    """The text in lines of at most `room` points, broken at spaces, behind hyphens, and where it must be."""
    lines = [""]
    for word in _words(text):
        if width((lines[-1] + word).rstrip(), font, size) <= room:
            lines[-1] += word
            continue
        if lines[-1]:
            lines.append("")
        for char in word:
            if lines[-1] and width(lines[-1] + char, font, size) > room and char != " ":
                lines.append("")
            lines[-1] += char
    return [line.strip() for line in lines if line.strip()]


def _words(text: str) -> Iterator[str]:
    """Pieces between which a line may end: "2,4-dinitro phenol" → "2,4-", "dinitro ", "phenol"."""
    piece = ""
    for char in text:
        piece += char
        if (char in " -‐/" and len(piece) > 3) or char == " ":
            yield piece
            piece = ""
    yield piece
