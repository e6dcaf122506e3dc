"""The fonts that labels are printed with, and which characters they have.

FiraGO (from the package pymupdf-fonts) has Latin, Greek, Cyrillic, Georgian, Arabic, Hebrew, Devanagari and Thai letters,
regular and bold. WenQuanYi Micro Hei (from paperang-p2-fonts-cjk, the same file as Debian's fonts-wqy-microhei) has
Chinese, Japanese and Korean ones. A PDF embeds the characters that it shows, so that every printer shows the same.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import paperang_p2_fonts_cjk
import pymupdf_fonts

if TYPE_CHECKING:
    import uharfbuzz

REGULAR, BOLD, EAST_ASIAN = "FiraGO", "FiraGO-Bold", "MicroHei"
EAST_ASIAN_FILE = Path(paperang_p2_fonts_cjk.__file__).parent / "fonts" / "wqy-microhei.ttc"


@cache
def content(font: str) -> bytes:
    """The bytes of the font's file."""
    if font == EAST_ASIAN:
        return EAST_ASIAN_FILE.read_bytes()
    found: bytes = pymupdf_fonts.fontbuffers[{REGULAR: "figo", BOLD: "figbo"}[font]]()
    return found


@cache
def face(font: str) -> "uharfbuzz.Face":
    """The font for HarfBuzz, which shapes text."""
    import uharfbuzz  # imported here, because the API needs it only where labels are printed

    return uharfbuzz.Face(uharfbuzz.Blob(content(font)), 0)


@cache
def code_points(font: str) -> frozenset[int]:
    """The characters that the font has, without those for private use, which belong to no script."""
    return frozenset(point for point in face(font).unicodes if not 0xE000 <= point <= 0xF8FF)
