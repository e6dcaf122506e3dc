"""QR codes and Code 128 for a PDF, each as one path. zxing-cpp makes the symbols."""

from typing import Any

import zxingcpp

CODE_128_QUIET = 10
"""Modules that stay white on each side of a Code 128: ISO/IEC 15417."""


def qr_rows(text: str) -> list[list[bool]]:
    """The modules of a QR code, dark ones true, with error correction M: a sixth of it may be worn off."""
    return _dark(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M"))


def bars_of(text: str) -> list[bool]:
    """The modules of a Code 128, dark ones true, without its quiet zones. Empty where it cannot hold the text."""
    if not text.isascii() or not text.isprintable():
        return []
    [row] = _dark(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128), rows=1)
    return row[row.index(True) : len(row) - row[::-1].index(True)]


def _dark(barcode: zxingcpp.Barcode, rows: int | None = None) -> list[list[bool]]:
    pixels: Any = barcode.to_image(scale=1, add_quiet_zones=False)
    image = memoryview(pixels)
    height, width = pixels.shape
    shades = bytes(image)
    return [[shade == 0 for shade in shades[row * width : (row + 1) * width]] for row in range(rows or height)]


def path_of(rows: list[list[bool]], x: float, y: float, wide: float, high: float) -> str:
    """PDF operators that fill the dark modules; x, y is the lower left corner, a module is `wide` by `high` points."""
    drawn = [f"q 0 g {wide:.4f} 0 0 {high:.4f} {x:.4f} {y:.4f} cm"]
    for height, row in enumerate(reversed(rows)):
        begin = None
        for place, dark in enumerate([*row, False]):
            if dark and begin is None:
                begin = place
            elif not dark and begin is not None:
                drawn.append(f"{begin} {height} {place - begin} 1 re")
                begin = None
    return " ".join([*drawn, "f Q"])
