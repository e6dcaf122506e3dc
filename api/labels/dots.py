"""The pages of a PDF as dots: ZPL II for Zebra printers, and a picture to be looked at.

ZPL has codes and fonts of its own, but not FiraGO, no shaping of Arabic or Devanagari and no pictograms. So a label is sent as a
graphic field (^GF), in which every dot is ours; its codes were drawn in whole dots.
"""

import io
from base64 import b64encode
from binascii import crc_hqx
from collections.abc import Iterator
from zlib import compress

import pypdfium2
from PIL.Image import Image

DARK = 128
"""A dot becomes black if its shade, from 0 (black) to 255 (white), is below this."""


def as_zpl(pdf: bytes, dots_per_inch: int) -> bytes:
    """One ^XA … ^XZ for each page, black on white."""
    return b"".join(_label(page) for page in _pages(pdf, dots_per_inch))


def as_png(pdf: bytes, dots_per_inch: int) -> bytes:
    """The first page."""
    file = io.BytesIO()
    next(_pages(pdf, dots_per_inch)).save(file, "PNG")
    return file.getvalue()


def _pages(pdf: bytes, dots_per_inch: int) -> Iterator[Image]:
    for page in pypdfium2.PdfDocument(pdf):
        yield page.render(scale=dots_per_inch / 72).to_pil()


def _label(page: Image) -> bytes:
    """A page as ZPL: width, length, and the graphic compressed as Z64 (ZPL II Programming Guide, ^GF and "Alternative Data Compression")."""
    width, height = page.size
    black = page.convert("L").point(lambda shade: 255 * (shade < DARK)).convert("1").tobytes()
    data = b64encode(compress(black))
    size, row = len(black), (width + 7) // 8
    field = b"^GFA,%d,%d,%d,:Z64:%s:%04X" % (size, size, row, data, crc_hqx(data, 0))
    return b"^XA^PW%d^LL%d^LH0,0^FO0,0%s^FS^XZ\n" % (width, height, field)
