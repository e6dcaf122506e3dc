"""Text of any script on a PDF: measured, broken into lines, shaped and written.

Letters of Arabic, Hebrew, Devanagari and Thai change with their neighbours: HarfBuzz chooses and places their glyphs. python-bidi
brings text that is read from the right into the order of drawing. reportlab writes characters, not glyphs, so each glyph of FiraGO
gets a character for private use: U+E000 plus the number of the glyph.
"""

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, zip_longest

import uharfbuzz
from bidi import get_display
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from .fonts import BOLD, REGULAR, content, face
from .letters import font_and_text

__all__ = ["BOLD", "REGULAR", "Run", "draw", "fit_line", "runs", "width", "wrap"]

FIRST_GLYPH = 0xE000
SHAPED = (
    (0x0590, 0x05FF), (0x0600, 0x08FF), (0x0900, 0x097F), (0x0E00, 0x0E7F), (0xFB1D, 0xFB4F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFE),
)  # fmt: skip
"""First and last character of each script whose letters have to be shaped."""


@dataclass(frozen=True)
class Run:
    """A piece of a line in one font; lengths in units of the font size."""

    font: str
    text: str
    width: float
    places: tuple[tuple[float, float], ...] = ()
    """Where each character stands, measured from the run's beginning; empty if each simply follows the one before."""


@cache
def _pdf_font(name: str) -> TTFont:
    """The font, registered with reportlab."""
    font = TTFont(name, io.BytesIO(content(name)))
    pdfmetrics.registerFont(font)
    return font


@cache
def _shaper(name: str) -> uharfbuzz.Font:
    return uharfbuzz.Font(face(name))


def _script(char: str) -> int:
    """The index in SHAPED of the character's script; -1: it needs no shaping. Digits are read from the left in every script."""
    if ord(char) < SHAPED[0][0] or unicodedata.bidirectional(char) in ("AN", "EN"):
        return -1
    return next((place for place, (first, last) in enumerate(SHAPED) if first <= ord(char) <= last), -1)


def _from_the_right(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


_MIRRORED = dict(zip("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤", strict=True))
_FOLLOWER = "\u034f"
"""An invisible character that takes the direction of the character before it."""


def _as_seen(text: str) -> str:
    """The characters in the order from left to right in which they are drawn, with brackets turned where text is read from the right.

    python-bidi orders characters but turns no bracket. So a _FOLLOWER is put behind each bracket: where text is read from the right,
    it comes out on the left of its bracket.
    """
    followed = "".join(char + _FOLLOWER if char in _MIRRORED else char for char in text.replace(_FOLLOWER, ""))
    seen = get_display(followed)
    turned = [
        _MIRRORED.get(char, char) if before == _FOLLOWER else char
        for before, char in zip(" " + seen, seen, strict=False)
    ]
    return "".join(turned).replace(_FOLLOWER, "")


@lru_cache(maxsize=4096)
def runs(text: str, font: str) -> tuple[Run, ...]:
    """The text in pieces of one font each, from left to right. Characters that no font has are left out."""
    text = unicodedata.normalize("NFC", text)
    if not text.isascii() and _from_the_right(text):
        text = _as_seen(text)
    pieces: list[tuple[str, int, str]] = []
    for char in text:
        name, written = font_and_text(char, font) or (font, "")
        for one in written:
            joins = one in "\u200c\u200d" and pieces
            pieces.append((name, pieces[-1][1] if joins else _script(one), one))
    found = []
    for (name, script), group in groupby(pieces, key=lambda piece: piece[:2]):
        part = "".join(char for _, _, char in group)
        if script == -1 or name not in (REGULAR, BOLD):
            part = part.translate(_INVISIBLE)
            found.append(Run(name, part, _pdf_font(name).stringWidth(part, 1)))
        else:
            found.append(_shape(part, name))
    return tuple(found)


_INVISIBLE = dict.fromkeys((0x200C, 0x200D))


def _shape(text: str, font: str) -> Run:
    """The Run of letters of one script, which are given in the order of the line."""
    buffer = uharfbuzz.Buffer()
    if from_the_right := _from_the_right(text):
        text = text[::-1]
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if from_the_right else "ltr"
    shaper = _shaper(font)
    uharfbuzz.shape(shaper, buffer)
    pdf_face, em = _pdf_font(font).face, face(font).upem
    written, places, x = "", [], 0.0
    for glyph, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        character = FIRST_GLYPH + glyph.codepoint
        pdf_face.charToGlyph[character] = glyph.codepoint
        pdf_face.charWidths[character] = shaper.get_glyph_h_advance(glyph.codepoint) * 1000 / em
        written += chr(character)
        places.append((x + position.x_offset / em, position.y_offset / em))
        x += position.x_advance / em
    return Run(font, written, x, tuple(places))


@lru_cache(maxsize=16384)
def _ems(text: str, font: str) -> float:
    """The width of a text in units of the font size."""
    return sum(run.width for run in runs(text, font))


def width(text: str, font: str, size: float) -> float:
    """The width of the text in points."""
    return _ems(text, font) * size


def draw(canvas: Canvas, x: float, y: float, text: str, font: str, size: float) -> None:
    """Write one line with its base line at y."""
    for run in runs(text, font):
        canvas.setFont(run.font, size)
        if run.places:
            for char, (right, up) in zip(run.text, run.places, strict=True):
                canvas.drawString(x + right * size, y + up * size, char)
        elif run.text:
            canvas.drawString(x, y, run.text)
        x += run.width * size


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
    """The text in lines of at most `room` points, broken at spaces, hyphens and brackets, and inside a word that is too long."""
    lines, left = [""], room
    for word in _words(text):
        if width(word.rstrip(), font, size) <= left:
            lines[-1] += word
            left -= width(word, font, size)
            continue
        if lines[-1]:
            lines.append("")
            left = room
        pieces = [word] if width(word.rstrip(), font, size) <= room else list(_clusters(word))
        for piece in pieces:
            if lines[-1] and piece != " " and width(lines[-1] + piece.rstrip(), font, size) > room:
                lines.append("")
            lines[-1] += piece
        left = room - width(lines[-1], font, size)
    return [line.strip() for line in lines if line.strip()]


def _clusters(word: str) -> Iterator[str]:
    """The letters of the text, each with the marks that stand on it."""
    piece = ""
    for char in word:
        if piece and unicodedata.category(char)[0] != "M" and char not in "\u200c\u200d":
            yield piece
            piece = ""
        piece += char
    yield piece


def _words(text: str) -> Iterator[str]:
    """Pieces between which a line may end: "2-(4-nitrophenyl) phenol" → "2-(4-", "nitrophenyl) ", "phenol"."""
    piece = ""
    for char, following in zip_longest(text, text[1:], fillvalue=" "):
        piece += char
        behind_sign = char in "-‐/)]}" and len(piece) > 3 and (following.isalnum() or following in "([{")
        before_bracket = following in "([{" and len(piece) > 3 and char.isalnum()
        if char == " " or behind_sign or before_bracket or (_stands_alone(char) and following not in "、。，．）"):
            yield piece
            piece = ""
    yield piece


def _stands_alone(char: str) -> bool:
    """Whether a line may end behind this character, as behind any of Chinese, Japanese and Korean."""
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3"
