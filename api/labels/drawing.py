"""Draws labels with reportlab."""

import io
from collections.abc import Sequence

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from api.labels import Label, Sheet

from .pictograms import draw_pictogram
from .text import BOLD, REGULAR, draw, fit_line, width, wrap

LONGEST_NAME = 300
NARROWEST_BAR = 0.19 * mm
"""Of a Code 128: what a 300 dpi printer prints cleanly and a common scanner reads."""
WIDEST_BAR = 0.33 * mm


def draw_pages(labels: Sequence[Label], paper: Sheet, skip: int) -> bytes:
    """The labels as a PDF, the first `skip` places left free."""
    places = paper.columns * paper.rows
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(paper.page[0] * mm, paper.page[1] * mm), invariant=1, pageCompression=1)
    canvas.setTitle("Labels")
    canvas.setAuthor("ChemTrack")
    margin_x = (paper.page[0] - paper.columns * paper.label[0]) / 2
    margin_y = (paper.page[1] - paper.rows * paper.label[1]) / 2
    for number, label in enumerate(labels, start=skip):
        place = number % places
        if place == 0 and number > skip:
            canvas.showPage()
        row, column = divmod(place, paper.columns)
        left = margin_x + column * paper.label[0] + paper.padding
        bottom = paper.page[1] - margin_y - (row + 1) * paper.label[1] + min(paper.padding, 2.5)
        canvas.saveState()
        canvas.translate(left * mm, bottom * mm)
        _draw(
            canvas,
            label,
            (paper.label[0] - 2 * paper.padding) * mm,
            (paper.label[1] - 2 * min(paper.padding, 2.5)) * mm,
        )
        canvas.restoreState()
    canvas.save()
    return file.getvalue()


def _draw(canvas: Canvas, label: Label, room: float, height: float) -> None:
    """One label into the rectangle of `room` by `height` points at the origin."""
    qr_size = 13 * mm
    strip = 9.5 * mm  # barcode and pictograms at the foot
    _draw_qr(canvas, label.code, room - qr_size, height - qr_size, qr_size)
    beside_qr = room - qr_size - 1.5 * mm
    lines = _facts(label)
    y = _draw_name(canvas, label.name, height, beside_qr, height - strip - len(lines) * 2.6 * mm)
    for line in lines:
        y -= 2.6 * mm
        beside = beside_qr if y > height - qr_size - 1 * mm else room
        draw(canvas, 0, y, fit_line(line, REGULAR, 6, beside), REGULAR, 6)
    bars = _draw_code(canvas, label.code, room * 0.62)
    _draw_hazards(canvas, label, bars + 2 * mm, room)


def _facts(label: Label) -> list[str]:
    """The lines between name and barcode, without empty ones."""
    expires = f"Expires {label.expires_on.day} {label.expires_on:%b %Y}" if label.expires_on else ""
    rows = (
        (f"CAS {label.cas_number}" if label.cas_number else "", label.amount or ""),
        (f"Lot {label.lot}" if label.lot else "", expires),
        (label.lab, label.location or ""),
    )
    return [line for row in rows if (line := " · ".join(part for part in row if part))]


def _draw_name(canvas: Canvas, name: str, top: float, room: float, space: float) -> float:
    """The name as large as its place lets it be, and the base line of its last line."""
    name = " ".join(name.split())[:LONGEST_NAME]
    for size in (12, 10, 8.5, 7.5, 6.5, 5.5):
        lines = wrap(name, BOLD, size, room)
        most = max(1, int(space // (size * 1.15)))
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], fit_line(" ".join(lines[most - 1 :]), BOLD, size, room)]
    y = top - size * 0.8
    for line in lines:
        draw(canvas, 0, y, line, BOLD, size)
        y -= size * 1.15
    return y + size * 1.15


def _draw_qr(canvas: Canvas, code: str, x: float, y: float, size: float) -> None:
    widget = QrCodeWidget(code, barLevel="M", barBorder=1, barWidth=size, barHeight=size)
    drawing = Drawing(size, size)
    drawing.add(widget)
    renderPDF.draw(drawing, canvas, x, y)


def _draw_code(canvas: Canvas, code: str, room: float) -> float:
    """Code 128 and the code in words at the foot; returns its right edge. Too long a code is in the QR code alone."""
    size = 6.5 if width(code, REGULAR, 6.5) <= room else 5
    draw(canvas, 0, 0.3 * mm, fit_line(code, REGULAR, size, room), REGULAR, size)
    if not code.isascii() or not code.isprintable():
        return room
    modules = Code128(code, barWidth=1, quiet=0).width
    bar = min(WIDEST_BAR, room / modules)
    if bar >= NARROWEST_BAR:
        Code128(code, barWidth=bar, barHeight=6 * mm, quiet=0).drawOn(canvas, 0, 2.8 * mm)
    return room


def _draw_hazards(canvas: Canvas, label: Label, left: float, right: float) -> None:
    """Signal word and pictograms, or that they are not known, at the foot beside the barcode."""
    room = right - left
    if not label.pictograms:
        sentence = "Hazards not known. Treat it as hazardous." if label.pictograms is None else "No GHS pictogram"
        for place, line in enumerate(wrap(sentence, REGULAR, 5.5, room)[:3]):
            draw(canvas, left, (6 - place * 2.2) * mm, line, REGULAR, 5.5)
    if label.pictograms is None:
        return
    draw(canvas, left, 0.3 * mm, fit_line(label.signal_word or "", BOLD, 6.5, room), BOLD, 6.5)
    count = len(label.pictograms)
    size = min(7 * mm, room / max(count, 1)) if count <= 4 else room / ((count + 1) // 2)
    size = min(size, 7 * mm if count <= 4 else 3.6 * mm)
    for place, name in enumerate(label.pictograms):
        row, column = (0, place) if count <= 4 else divmod(place, (count + 1) // 2)
        draw_pictogram(canvas, name, left + column * size, (9.7 * mm - size) - row * size, size)
